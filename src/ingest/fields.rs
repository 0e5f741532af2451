//! Rebuilding a record from named pieces: columns of a CSV, keys of somebody else's JSON, parts of a struct written as text.
//!
//! Names are compared in lower case without anything but letters and digits, joined along the path: `User name`,
//! `userIdentity.userName`, `useridentity_username` and `aws.cloudtrail.user_identity.user_name` all end in one place.
//! A new name for a field: an alias in `known_as`, `ecs` or `ocsf`.

use std::borrow::Cow;

use super::{clock, opened, structs};
use crate::record::{Record, Text};

/// What a shape may leave unsaid, and what that hides. The bit is set once a file has a place for it.
pub(super) const QUESTIONS: &[(u32, &str, &str)] = &[
    (TYPE, "userIdentity.type", "Who is root, an IAM user or a role is guessed from the name and the key."),
    (WHO, "userIdentity.arn", "Identities are told apart by user name or access key alone: the same name in two accounts is one."),
    (MFA, "MFAUsed, mfaAuthenticated", "Whether somebody used a second factor cannot be answered."),
    (RESULT, "responseElements", "Failed console logins cannot be told from others, nor issued keys be followed to who asked for them."),
    (REQUEST, "requestParameters", "Which role was asked for and what a call was aimed at is not known."),
    (SESSION, "sessionContext", "When a session's credentials were issued, and by which role, is not known."),
    (AGENT, "userAgent", "No client is known: a stolen credential used with another tool does not show."),
    (ADDRESS, "sourceIPAddress", "No address is known: place and travel do not show."),
    (ERROR, "errorCode", "Calls that were refused look like those that were granted."),
    (ZONE, "time zone", "Times without a zone are taken as UTC: hours and gaps may be off."),
];

const TYPE: u32 = 1;
const WHO: u32 = 2;
const MFA: u32 = 4;
const RESULT: u32 = 8;
const REQUEST: u32 = 16;
const SESSION: u32 = 32;
const AGENT: u32 = 64;
const ADDRESS: u32 = 128;
const ERROR: u32 = 256;
/// Set where a time had none: told at once, not when it is absent everywhere.
pub(super) const ZONE: u32 = 512;

/// A name as it is compared.
pub(super) fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    push_plain(&mut out, name);
    out
}

/// The same, added to a path.
pub(super) fn push_plain(path: &mut String, name: &str) {
    path.extend(name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
}

/// Which names a shape uses.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Names {
    /// CloudTrail's own, in whatever writing, and those of tables made from them.
    Own,
    /// Elastic Common Schema, with CloudTrail's under `aws.cloudtrail`.
    Ecs,
    /// Open Cybersecurity Schema Framework.
    Ocsf,
}

/// A record being put together.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    pub(super) record: Record<'a>,
    /// Questions that this shape has a place for.
    pub(super) fed: u32,
    /// A time had no zone.
    pub(super) unzoned: bool,
    names: Names,
    day_first: bool,
    target_rank: u8,
    outcome: Text<'a>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(names: Names, day_first: bool) -> Builder<'a> {
        Builder { record: Record::default(), fed: 0, unzoned: false, names, day_first, target_rank: 0, outcome: Text::default() }
    }

    /// Puts a value where its name says. A name that says nothing is left aside.
    pub(super) fn put(&mut self, path: &str, value: Cow<'a, str>) {
        let (path, overrides) = match self.names {
            // The field's own name wins over what may mean something else.
            Names::Own => (known_as(path), known_as(path) == path),
            Names::Ecs => match path.strip_prefix("awscloudtrail") {
                Some(own) => (known_as(own.strip_prefix("flattened").unwrap_or(own)), true),
                None => (ecs(path), false),
            },
            Names::Ocsf => match path.strip_prefix("unmapped") {
                Some(own) => (Cow::Borrowed(own), false),
                None => (ocsf(path), true),
            },
        };
        if self.names == Names::Ecs && path == "recipientaccountid" && !overrides {
            // The account that the event is from, and mostly the caller's.
            self.set("useridentityaccountid", value.clone(), false, 0);
        }
        if !path.is_empty() {
            self.set(&path, value, overrides, 0);
        }
    }

    fn set(&mut self, path: &str, value: Cow<'a, str>, overrides: bool, depth: u32) {
        self.fed |= question(path);
        let value = trimmed(value);
        if says_nothing(&value) {
            return;
        }
        if matches!(path, "useridentity" | "requestparameters" | "responseelements" | "additionaleventdata" | "serviceeventdetails" | "tlsdetails" | "useridentitysessioncontext" | "useridentitysessioncontextsessionissuer" | "useridentitysessioncontextattributes" | "resources") {
            if depth < 2 {
                self.structure(path, value, overrides, depth);
            }
            return;
        }
        if let Some(rank) = target_rank(path) {
            if self.target_rank == 0 || rank < self.target_rank {
                self.target_rank = rank;
                self.record.req_target = value;
            }
            return;
        }
        if let Some(part) = path.strip_prefix("requestparameters").filter(|part| opened::opens_at(part)) {
            opened::add(&mut self.record.req_opened, &value, opened::names_all(part));
            return;
        }
        let value = match path {
            "eventtime" | "useridentitysessioncontextattributescreationdate" => {
                let Some((time, zoned)) = clock::iso(&value, self.day_first).map(|(t, z)| (t.into_owned(), z)) else {
                    // What is no time is told by whoever reads it.
                    if path == "eventtime" && self.record.event_time.is_empty() {
                        self.record.event_time = value;
                    }
                    return;
                };
                self.unzoned |= !zoned && path == "eventtime";
                Cow::Owned(time)
            }
            "errorcode" if value == "NoError" => return,
            "useridentitytype" if value == "AWSCloudTrail" => return, // Sentinel's name of the table
            "useridentityarn" if self.names == Names::Ocsf && !value.starts_with("arn:") => {
                if self.record.principal_id.is_empty() {
                    self.record.principal_id = value;
                }
                return;
            }
            "outcome" => {
                self.outcome = value;
                return;
            }
            _ => value,
        };
        if let Some(field) = field(&mut self.record, path)
            && (overrides || field.is_empty())
        {
            *field = value;
        }
    }

    /// JSON, or `{key=value, …}`, in a cell.
    fn structure(&mut self, path: &str, value: Cow<'a, str>, overrides: bool, depth: u32) {
        let mut parts: Vec<(String, String)> = Vec::new();
        match serde_json::from_str::<serde_json::Value>(&value) {
            Ok(json) => flatten(&json, &mut path.to_owned(), 0, &mut |path, value| parts.push((path.to_owned(), value.into_owned()))),
            Err(_) => structs::read(&value, path, &mut |path, value| parts.push((path.to_owned(), value.to_owned()))),
        }
        for (path, value) in parts {
            self.set(&known_as(&path), Cow::Owned(value), overrides, depth + 1);
        }
    }

    /// The shape leaves out what has no value: what is absent may still have had its place.
    pub(super) fn sparse(mut self) -> Builder<'a> {
        self.fed |= if self.names == Names::Own { ERROR } else { !ZONE };
        self
    }

    /// The record, with what only the whole of it tells.
    pub(super) fn finish(mut self) -> (Record<'a>, u32, bool) {
        let r = &mut self.record;
        if !self.outcome.is_empty() && r.event_name == "ConsoleLogin" && r.res_console_login.is_empty() {
            r.res_console_login = Cow::Borrowed(if self.outcome.eq_ignore_ascii_case("failure") { "Failure" } else { "Success" });
        }
        (self.record, self.fed, self.unzoned)
    }
}

fn trimmed(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// What exports write where there is no value.
fn says_nothing(value: &str) -> bool {
    matches!(value, "" | "null" | "NULL" | "None" | "nan" | "NaN" | "-" | "N/A" | "(null)" | "{}" | "[]")
}

/// Every leaf of a value with its path; arrays of one count as their element, and of accounts as each.
pub(super) fn flatten<'v>(value: &'v serde_json::Value, path: &mut String, depth: u32, each: &mut dyn FnMut(&str, Cow<'v, str>)) {
    use serde_json::Value;
    match value {
        Value::Null => each(path, Cow::Borrowed("")),
        Value::Bool(b) => each(path, Cow::Borrowed(if *b { "true" } else { "false" })),
        Value::Number(n) => each(path, Cow::Owned(n.to_string())),
        Value::String(s) => each(path, Cow::Borrowed(s)),
        Value::Array(list) => {
            if let [one] = list.as_slice() {
                flatten(one, path, depth + 1, each);
            } else if path.split_once("requestparameters").is_some_and(|(_, part)| opened::opens_at(part)) {
                list.iter().take(opened::MOST).for_each(|one| flatten(one, path, depth + 1, each));
            }
        }
        Value::Object(map) if depth < 24 => {
            for (key, value) in map {
                let length = path.len();
                push_plain(path, key);
                flatten(value, path, depth + 1, each);
                path.truncate(length);
            }
        }
        Value::Object(_) => {}
    }
}

/// The question that a place answers.
fn question(path: &str) -> u32 {
    match path {
        "eventtime" => 0,
        "useridentity" => TYPE | WHO | MFA | SESSION,
        "useridentitytype" => TYPE,
        "useridentityarn" | "useridentityprincipalid" => WHO,
        "useragent" => AGENT,
        "sourceipaddress" => ADDRESS,
        "errorcode" => ERROR,
        "outcome" => RESULT,
        "additionaleventdata" => MFA,
        _ if path.ends_with("mfaauthenticated") || path.ends_with("mfaused") => MFA | SESSION,
        _ if path.starts_with("useridentitysessioncontext") => SESSION,
        // The one of them that the larger flaws.cloud table has a column for: it says neither.
        "requestparametersinstancetype" => 0,
        _ if path.starts_with("requestparameters") => REQUEST,
        _ if path.starts_with("responseelements") => RESULT,
        _ => 0,
    }
}

/// `requestParameters` and resources that say what a call was aimed at, the best first.
fn target_rank(path: &str) -> Option<u8> {
    Some(match path.strip_prefix("requestparameters") {
        Some("bucketname") => 1,
        Some("secretid") => 2,
        Some("instanceid") => 3,
        Some("functionname") => 4,
        Some("trailname") => 5,
        Some("name") => 6,
        Some("rolename") => 7,
        Some("keyid") => 8,
        Some("modelid") => 9,
        Some("groupid") => 10,
        Some(_) => return None,
        None => match path {
            "resourcesresourcename" => 11,
            "resourcesarn" | "resourcename" => 12,
            _ => return None,
        },
    })
}

/// The field that a path names.
fn field<'r, 'a>(r: &'r mut Record<'a>, path: &str) -> Option<&'r mut Text<'a>> {
    Some(match path {
        "eventversion" => &mut r.event_version,
        "eventtime" => &mut r.event_time,
        "eventsource" => &mut r.event_source,
        "eventname" => &mut r.event_name,
        "awsregion" => &mut r.aws_region,
        "sourceipaddress" => &mut r.source_ip,
        "useragent" => &mut r.user_agent,
        "errorcode" => &mut r.error_code,
        "errormessage" => &mut r.error_message,
        "eventid" => &mut r.event_id,
        "eventtype" => &mut r.event_type,
        "eventcategory" => &mut r.event_category,
        "sharedeventid" => &mut r.shared_event_id,
        "recipientaccountid" => &mut r.recipient_account,
        "readonly" => &mut r.read_only,
        "vpcendpointid" => &mut r.vpc_endpoint,
        "sessioncredentialfromconsole" => &mut r.from_console,
        "tlsdetailstlsversion" => &mut r.tls_version,
        "tlsdetailsciphersuite" => &mut r.tls_cipher,
        "serviceeventdetailscredentialverification" | "serviceeventdetailsuserauthentication" | "serviceeventdetailscredentialchallenge" => &mut r.svc_result,
        "serviceeventdetailsaccountid" => &mut r.svc_account,
        "serviceeventdetailsrolename" => &mut r.svc_role,
        _ => {
            if let Some(part) = path.strip_prefix("useridentity") {
                return identity(r, part);
            }
            if let Some(part) = path.strip_prefix("requestparameters") {
                return Some(match part {
                    "rolearn" => &mut r.req_role_arn,
                    "rolesessionname" => &mut r.req_session_name,
                    "sourceidentity" => &mut r.req_source_identity,
                    "durationseconds" => &mut r.req_duration,
                    "serialnumber" => &mut r.req_serial,
                    "username" => &mut r.req_user_name,
                    "policyarn" => &mut r.req_policy_arn,
                    _ => return None,
                });
            }
            if let Some(part) = path.strip_prefix("responseelements") {
                return Some(match part {
                    "consolelogin" => &mut r.res_console_login,
                    "switchrole" | "getsignintoken" | "exitrole" | "renewrole" => &mut r.res_switch_role,
                    "credentialsaccesskeyid" => &mut r.res_access_key,
                    "accesskeyaccesskeyid" => &mut r.res_new_key,
                    "assumedroleuserarn" | "federateduserarn" => &mut r.res_principal_arn,
                    "subject" | "subjectfromwebidentitytoken" => &mut r.res_subject,
                    _ => return None,
                });
            }
            let part = path.strip_prefix("additionaleventdata")?;
            match part {
                "loginto" => &mut r.add_login_to,
                "mfaused" => &mut r.add_mfa_used,
                "mfaidentifier" => &mut r.add_mfa_identifier,
                "samlproviderarn" => &mut r.add_saml_provider,
                "switchfrom" => &mut r.add_switch_from,
                "username" => &mut r.add_user_name,
                "credentialtype" => &mut r.add_credential_type,
                "authworkflowid" => &mut r.add_workflow,
                "bytestransferredout" => &mut r.add_bytes_out,
                _ => return None,
            }
        }
    })
}

fn identity<'r, 'a>(r: &'r mut Record<'a>, part: &str) -> Option<&'r mut Text<'a>> {
    Some(match part {
        "type" => &mut r.identity_type,
        "principalid" => &mut r.principal_id,
        "arn" => &mut r.arn,
        "accountid" => &mut r.account_id,
        "accesskeyid" => &mut r.access_key_id,
        "username" => &mut r.user_name,
        "invokedby" => &mut r.invoked_by,
        "identityprovider" => &mut r.identity_provider,
        "credentialid" => &mut r.credential_id,
        "onbehalfofuserid" => &mut r.on_behalf_of,
        _ => match part.strip_prefix("sessioncontext")? {
            "attributescreationdate" => &mut r.creation_date,
            "attributesmfaauthenticated" => &mut r.mfa_authenticated,
            "sessionissuertype" => &mut r.issuer_type,
            "sessionissuerarn" => &mut r.issuer_arn,
            "sessionissueraccountid" => &mut r.issuer_account,
            "sessionissuerusername" => &mut r.issuer_name,
            "sourceidentity" => &mut r.source_identity,
            "ec2roledelivery" => &mut r.role_delivery,
            "webidfederationdatafederatedprovider" => &mut r.federated_provider,
            _ => return None,
        },
    })
}

/// Other names of CloudTrail's own fields: Event history, Sentinel, queries that pick parts, short-cuts of Elastic.
fn known_as(path: &str) -> Cow<'_, str> {
    Cow::Borrowed(match path {
        "time" | "timegenerated" | "eventdate" | "timestamp" | "eventtimeutc" => "eventtime",
        "awseventid" => "eventid",
        "eventtypename" => "eventtype",
        "username" => "useridentityusername",
        "awsaccesskey" | "accesskeyid" | "awsaccesskeyid" | "accesskey" => "useridentityaccesskeyid",
        "sourceip" | "ipaddress" => "sourceipaddress",
        "region" => "awsregion",
        "type" | "identitytype" => "useridentitytype",
        "arn" | "userarn" => "useridentityarn",
        "principalid" => "useridentityprincipalid",
        "accountid" | "useridentityaccountid" => "useridentityaccountid",
        "invokedby" => "useridentityinvokedby",
        "category" => "eventcategory",
        "useridentityaccesskey" => "useridentityaccesskeyid",
        "sessionmfaauthenticated" | "mfaauthenticated" | "useridentitysessioncontextmfaauthenticated" => "useridentitysessioncontextattributesmfaauthenticated",
        "sessioncreationdate" | "useridentitysessioncontextcreationdate" => "useridentitysessioncontextattributescreationdate",
        "sessionissuertype" => "useridentitysessioncontextsessionissuertype",
        "sessionissuerarn" => "useridentitysessioncontextsessionissuerarn",
        "sessionissueraccountid" => "useridentitysessioncontextsessionissueraccountid",
        "sessionissuerusername" => "useridentitysessioncontextsessionissuerusername",
        "ec2roledelivery" => "useridentitysessioncontextec2roledelivery",
        "mfaused" | "consoleloginadditionaleventdatamfaused" => "additionaleventdatamfaused",
        "loginto" | "consoleloginadditionaleventdataloginto" => "additionaleventdataloginto",
        "tlsversion" => "tlsdetailstlsversion",
        "ciphersuite" => "tlsdetailsciphersuite",
        "rolearn" => "requestparametersrolearn",
        "rolesessionname" => "requestparametersrolesessionname",
        "bucketname" => "requestparametersbucketname",
        _ => path,
    })
}

/// Elastic Common Schema to CloudTrail's names. Source: Elastic's AWS integration, CloudTrail data stream.
fn ecs(path: &str) -> Cow<'_, str> {
    Cow::Borrowed(match path {
        "timestamp" => "eventtime",
        "eventaction" => "eventname",
        "eventprovider" => "eventsource",
        "eventid" => "eventid",
        "eventoutcome" => "outcome",
        "sourceip" | "sourceaddress" => "sourceipaddress",
        "useragentoriginal" => "useragent",
        "cloudregion" => "awsregion",
        "cloudaccountid" => "recipientaccountid",
        "username" => "useridentityusername",
        "userid" => "useridentityprincipalid",
        "tlsversion" => "tlsdetailstlsversion",
        "tlscipher" => "tlsdetailsciphersuite",
        _ => "",
    })
}

/// OCSF to CloudTrail's names. Source: ocsf/examples, mappings of AWS CloudTrail, v1.0 and v1.1.
fn ocsf(path: &str) -> Cow<'_, str> {
    for (from, to) in [("apirequestdata", "requestparameters"), ("apiresponsedata", "responseelements")] {
        if let Some(rest) = path.strip_prefix(from) {
            return Cow::Owned(format!("{to}{rest}"));
        }
    }
    Cow::Borrowed(match path {
        "time" | "timedt" => "eventtime",
        "metadatauid" => "eventid",
        "metadataproductversion" => "eventversion",
        "metadataeventcode" | "metadatalogname" => "eventtype",
        "metadataproductfeaturename" => "eventcategory",
        "apioperation" => "eventname",
        "apiservicename" => "eventsource",
        "apiresponseerror" => "errorcode",
        "apiresponsemessage" | "apiresponseerrormessage" => "errormessage",
        "srcendpointip" | "srcendpointdomain" => "sourceipaddress",
        "httprequestuseragent" => "useragent",
        "cloudregion" => "awsregion",
        "cloudaccountuid" => "recipientaccountid",
        "actorusertype" => "useridentitytype",
        "actoruseruid" | "actoruseruuid" => "useridentityarn",
        "actoruseruidalt" => "useridentityprincipalid",
        "actorusername" => "useridentityusername",
        "actorusercredentialuid" => "useridentityaccesskeyid",
        "actoruseraccountuid" => "useridentityaccountid",
        "actorsessioncreatedtime" | "actorsessioncreatedtimedt" => "useridentitysessioncontextattributescreationdate",
        "actorsessionismfa" | "actorsessionmfa" => "useridentitysessioncontextattributesmfaauthenticated",
        "actorsessionissuer" => "useridentitysessioncontextsessionissuerarn",
        "actorinvokedby" => "useridentityinvokedby",
        "actoridpname" => "useridentityidentityprovider",
        "ismfa" => "additionaleventdatamfaused",
        "dstendpointsvcname" => "additionaleventdataloginto",
        "status" => "outcome",
        _ => "",
    })
}
