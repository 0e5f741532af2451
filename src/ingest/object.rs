//! One JSON object, read once: the fields of a record, and marks of what else it may be. Borrows where it can.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::opened::{self, closes, names_all, opens};
use crate::record::{Record, Text};

/// Keys that tell what an object is; see `Seen::has`.
pub(super) mod mark {
    pub(in crate::ingest) const VERSION: u32 = 1;
    pub(in crate::ingest) const TIME: u32 = 2;
    pub(in crate::ingest) const SOURCE: u32 = 4;
    pub(in crate::ingest) const NAME: u32 = 8;
    pub(in crate::ingest) const ID: u32 = 16;
    pub(in crate::ingest) const IDENTITY: u32 = 32;
    pub(in crate::ingest) const DETAIL: u32 = 64;
    pub(in crate::ingest) const INNER: u32 = 128;
    pub(in crate::ingest) const INSIGHT: u32 = 256;
    pub(in crate::ingest) const DIGEST: u32 = 512;
    pub(in crate::ingest) const ELASTIC: u32 = 1024;
    pub(in crate::ingest) const OCSF: u32 = 2048;
    pub(in crate::ingest) const WATCH: u32 = 4096;
    pub(in crate::ingest) const SPLUNK: u32 = 8192;
    pub(in crate::ingest) const LAKE: u32 = 16384;
    pub(in crate::ingest) const FINDING: u32 = 32768;
    /// A text under `message` or `Message`.
    pub(in crate::ingest) const MESSAGE: u32 = 1 << 16;
    /// CloudTrail's fields under other writings of their names: `eventname`, `userIdentity.type`.
    pub(in crate::ingest) const NAMED: u32 = 1 << 17;
    pub(in crate::ingest) const SIGNED: u32 = 1 << 18;
    pub(in crate::ingest) const PAYLOAD: u32 = 1 << 19;
    pub(in crate::ingest) const LAST: u32 = 1 << 20;
    pub(in crate::ingest) const SENTINEL: u32 = 1 << 21;
    /// Keys only a CloudTrail record has; two of them make one.
    pub(in crate::ingest) const RECORD: u32 = VERSION | TIME | SOURCE | NAME | ID | IDENTITY;
}

/// Keys a CloudTrail record, or an envelope of one, begins with, in whatever order it was written.
pub(super) const FIRST_KEYS: &[&str] = &[
    "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent",
    "errorCode", "errorMessage", "requestParameters", "responseElements", "additionalEventData", "requestID", "eventID",
    "readOnly", "eventType", "apiVersion", "managementEvent", "recipientAccountId", "sharedEventID", "vpcEndpointId",
    "vpcEndpointAccountId", "eventCategory", "addendum", "sessionCredentialFromConsole", "edgeDeviceDetails", "tlsDetails",
    "serviceEventDetails", "EventId", "CloudTrailEvent",
];

/// What was seen in one object.
#[derive(Debug, Default)]
pub(super) struct Seen<'a> {
    pub(super) record: Record<'a>,
    /// `mark`s of the keys met.
    pub(super) has: u32,
    /// CloudTrailEvent: a whole record as text.
    pub(super) inner: Text<'a>,
    /// detail-type of an EventBridge envelope.
    pub(super) detail_type: Text<'a>,
    /// @timestamp, where Logstash took eventTime away.
    pub(super) logstash_time: Text<'a>,
    /// Rank of the key that req_target was taken from, 1 the best.
    target_rank: u8,
}

impl<'de> Deserialize<'de> for Seen<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut seen = Seen::default();
        seen.fill(d)?;
        Ok(seen)
    }
}

impl<'a> Seen<'a> {
    /// Reads an object where this stands, which is empty: to move so many fields takes as long as to read some.
    pub(super) fn fill<D: Deserializer<'a>>(&mut self, d: D) -> Result<(), D::Error> {
        In(Top(self)).deserialize(d)?;
        if self.record.event_time.is_empty() && self.has & mark::TIME == 0 {
            self.record.event_time = std::mem::take(&mut self.logstash_time);
        }
        Ok(())
    }
}

/// A part of a record: what is done with each of its keys. The value must be taken.
trait Part<'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// Reads an object into a part. Anything else is as if it were absent, but JSON inside a string is opened.
struct In<P>(P);

impl<'de, P: Part<'de>> DeserializeSeed<'de> for In<P> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de, P: Part<'de>> Visitor<'de> for In<P> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            self.0.field(&key, &mut map)?;
        }
        Ok(())
    }
    fn visit_newtype_struct<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        self.deserialize(d)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
    fn visit_str<E>(self, v: &str) -> Result<(), E> {
        if v.starts_with('{') {
            // A reader lends nothing, so what is read is owned. A string that is no JSON after all counts as absent.
            let _ = self.deserialize(&mut serde_json::Deserializer::from_reader(v.as_bytes()));
        }
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The first three keys of an object in the file's order, cut to 40 characters, and how many there are.
#[derive(Default)]
pub(super) struct Keys(pub(super) Vec<String>, pub(super) usize);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut keys = Keys::default();
        In(&mut keys).deserialize(d)?;
        Ok(keys)
    }
}

impl<'a> Part<'a> for &mut Keys {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        self.1 += 1;
        if self.0.len() < 3 {
            self.0.push(key.chars().take(40).collect());
        }
        skip(map)
    }
}

/// A key, borrowed unless it has escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
        d.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }
    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(v))
    }
    fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(v.to_owned()))
    }
}

/// Text of a field. With a name, a map or an array is an error that says so; without, it counts as absent.
struct Put<'s, 'a>(&'s mut Text<'a>, Option<&'static str>);

impl<'de> DeserializeSeed<'de> for Put<'_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Put<'_, 'de> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }
    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<(), E> {
        *self.0 = Cow::Borrowed(v);
        Ok(())
    }
    fn visit_str<E>(self, v: &str) -> Result<(), E> {
        *self.0 = Cow::Owned(v.to_owned());
        Ok(())
    }
    fn visit_bool<E>(self, v: bool) -> Result<(), E> {
        *self.0 = Cow::Borrowed(if v { "true" } else { "false" });
        Ok(())
    }
    fn visit_i64<E>(self, v: i64) -> Result<(), E> {
        *self.0 = Cow::Owned(v.to_string());
        Ok(())
    }
    fn visit_u64<E>(self, v: u64) -> Result<(), E> {
        *self.0 = Cow::Owned(v.to_string());
        Ok(())
    }
    fn visit_f64<E>(self, v: f64) -> Result<(), E> {
        *self.0 = Cow::Owned(v.to_string());
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if let Some(name) = self.1 {
            return Err(A::Error::custom(format_args!("{name}: expected text, found a map")));
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if let Some(name) = self.1 {
            return Err(A::Error::custom(format_args!("{name}: expected text, found an array")));
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// Reads the value as text.
fn put<'a, A: MapAccess<'a>>(map: &mut A, to: &mut Text<'a>) -> Result<(), A::Error> {
    map.next_value_seed(Put(to, None))
}

/// Reads the value as text and insists on it.
fn must<'a, A: MapAccess<'a>>(map: &mut A, to: &mut Text<'a>, name: &'static str) -> Result<(), A::Error> {
    map.next_value_seed(Put(to, Some(name)))
}

fn skip<'a, A: MapAccess<'a>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(|_| ())
}

struct Top<'s, 'a>(&'s mut Seen<'a>);

impl<'a> Part<'a> for Top<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let seen = &mut *self.0;
        let r = &mut seen.record;
        match key {
            "eventVersion" => {
                seen.has |= mark::VERSION;
                put(map, &mut r.event_version)
            }
            "eventTime" => {
                seen.has |= mark::TIME;
                must(map, &mut r.event_time, "eventTime")
            }
            "@timestamp" => put(map, &mut seen.logstash_time),
            "eventSource" => {
                seen.has |= mark::SOURCE;
                must(map, &mut r.event_source, "eventSource")
            }
            "eventName" => {
                seen.has |= mark::NAME;
                must(map, &mut r.event_name, "eventName")
            }
            "awsRegion" => must(map, &mut r.aws_region, "awsRegion"),
            "sourceIPAddress" => must(map, &mut r.source_ip, "sourceIPAddress"),
            "userAgent" => put(map, &mut r.user_agent),
            "errorCode" => put(map, &mut r.error_code),
            "errorMessage" => put(map, &mut r.error_message),
            "eventID" => {
                seen.has |= mark::ID;
                must(map, &mut r.event_id, "eventID")
            }
            "eventType" => put(map, &mut r.event_type),
            "eventCategory" => put(map, &mut r.event_category),
            "sharedEventID" => put(map, &mut r.shared_event_id),
            "recipientAccountId" => put(map, &mut r.recipient_account),
            "readOnly" => put(map, &mut r.read_only),
            "vpcEndpointId" => put(map, &mut r.vpc_endpoint),
            "sessionCredentialFromConsole" => put(map, &mut r.from_console),
            "userIdentity" => {
                seen.has |= mark::IDENTITY;
                map.next_value_seed(Who(In(Identity(r))))
            }
            "requestParameters" => map.next_value_seed(In(Request(r, &mut seen.target_rank))),
            "responseElements" => map.next_value_seed(In(Response(r))),
            "additionalEventData" => map.next_value_seed(In(Additional(r))),
            "serviceEventDetails" => map.next_value_seed(In(Service(r))),
            "tlsDetails" => map.next_value_seed(In(Tls(r))),
            "detail" => {
                seen.has |= mark::DETAIL;
                map.next_value_seed(In(Top(seen)))
            }
            "CloudTrailEvent" => {
                seen.has |= mark::INNER;
                put(map, &mut seen.inner)
            }
            "message" | "Message" if seen.inner.is_empty() => {
                seen.has |= mark::MESSAGE;
                put(map, &mut seen.inner)
            }
            "detail-type" => put(map, &mut seen.detail_type),
            _ => {
                seen.has |= other_mark(key);
                skip(map)
            }
        }
    }
}

/// What a key says of an object that is no record.
fn other_mark(key: &str) -> u32 {
    match key {
        "insightDetails" => mark::INSIGHT,
        "digestStartTime" | "digestS3Bucket" | "logFiles" => mark::DIGEST,
        "_source" | "aws" | "event.original" => mark::ELASTIC,
        "class_uid" => mark::OCSF,
        "logEvents" | "ingestionTime" | "logStreamName" => mark::WATCH,
        "_raw" | "result" | "preview" => mark::SPLUNK,
        "lastrow" => mark::LAST,
        "QueryResultRows" => mark::LAKE,
        "schemaVersion" | "SchemaVersion" => mark::FINDING,
        "eventname" | "eventtime" | "eventjson" | "userIdentity.type" | "userIdentity.arn" | "useridentity" => mark::NAMED,
        "AwsEventId" | "UserIdentityType" => mark::SENTINEL,
        "hashSignature" => mark::SIGNED,
        "awslogs" => mark::PAYLOAD,
        _ => 0,
    }
}

struct Identity<'s, 'a>(&'s mut Record<'a>);

impl<'a> Part<'a> for Identity<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let r = &mut *self.0;
        match key {
            "type" => must(map, &mut r.identity_type, "userIdentity.type"),
            "principalId" => must(map, &mut r.principal_id, "userIdentity.principalId"),
            "arn" => must(map, &mut r.arn, "userIdentity.arn"),
            "accountId" => must(map, &mut r.account_id, "userIdentity.accountId"),
            "accessKeyId" => must(map, &mut r.access_key_id, "userIdentity.accessKeyId"),
            "userName" => must(map, &mut r.user_name, "userIdentity.userName"),
            "invokedBy" => put(map, &mut r.invoked_by),
            "identityProvider" => put(map, &mut r.identity_provider),
            "credentialId" => put(map, &mut r.credential_id),
            "onBehalfOf" => map.next_value_seed(In(Behalf(r))),
            "sessionContext" => map.next_value_seed(In(Context(r))),
            _ => skip(map),
        }
    }
}

/// What a reader is told where an identity begins, so that it can step over one that it remembers.
pub(super) const IDENTITY: &str = "userIdentity";

/// An identity, which may be remembered.
struct Who<P>(In<P>);

impl<'de, P: Part<'de>> DeserializeSeed<'de> for Who<P> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_newtype_struct(IDENTITY, self.0)
    }
}

struct Behalf<'s, 'a>(&'s mut Record<'a>);

impl<'a> Part<'a> for Behalf<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if key == "userId" { put(map, &mut self.0.on_behalf_of) } else { skip(map) }
    }
}

struct Context<'s, 'a>(&'s mut Record<'a>);

impl<'a> Part<'a> for Context<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let r = &mut *self.0;
        match key {
            "attributes" => map.next_value_seed(In(Attributes(r))),
            "sessionIssuer" => map.next_value_seed(In(Issuer(r))),
            "sourceIdentity" => put(map, &mut r.source_identity),
            "ec2RoleDelivery" => put(map, &mut r.role_delivery),
            "webIdFederationData" => map.next_value_seed(In(Federation(r))),
            _ => skip(map),
        }
    }
}

struct Attributes<'s, 'a>(&'s mut Record<'a>);

impl<'a> Part<'a> for Attributes<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "creationDate" => put(map, &mut self.0.creation_date),
            "mfaAuthenticated" => put(map, &mut self.0.mfa_authenticated),
            _ => skip(map),
        }
    }
}

struct Issuer<'s, 'a>(&'s mut Record<'a>);

impl<'a> Part<'a> for Issuer<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let r = &mut *self.0;
        match key {
            "type" => put(map, &mut r.issuer_type),
            "arn" => put(map, &mut r.issuer_arn),
            "accountId" => put(map, &mut r.issuer_account),
            "userName" => put(map, &mut r.issuer_name),
            _ => skip(map),
        }
    }
}

struct Federation<'s, 'a>(&'s mut Record<'a>);

impl<'a> Part<'a> for Federation<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if key == "federatedProvider" { put(map, &mut self.0.federated_provider) } else { skip(map) }
    }
}

struct Request<'s, 'a>(&'s mut Record<'a>, &'s mut u8);

impl<'a> Part<'a> for Request<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let r = &mut *self.0;
        let rank = match key {
            "roleArn" => return put(map, &mut r.req_role_arn),
            "roleSessionName" => return put(map, &mut r.req_session_name),
            "sourceIdentity" => return put(map, &mut r.req_source_identity),
            "durationSeconds" => return put(map, &mut r.req_duration),
            "serialNumber" => return put(map, &mut r.req_serial),
            "userName" => return put(map, &mut r.req_user_name),
            "policyArn" => return put(map, &mut r.req_policy_arn),
            "bucketName" => 1,
            "secretId" => 2,
            "instanceId" => 3,
            "functionName" => 4,
            "trailName" => 5,
            "name" => 6,
            "roleName" => 7,
            "keyId" => 8,
            "modelId" => 9,
            "groupId" => 10,
            // Policies for a session of one's own open nothing.
            _ if opens(key) && !matches!(&*r.event_name, "AssumeRole" | "GetFederationToken") => {
                return map.next_value_seed(Opened(&mut r.req_opened, names_all(key)));
            }
            _ => return skip(map),
        };
        let mut target = Text::default();
        put(map, &mut target)?;
        if !target.is_empty() && (*self.1 == 0 || rank < *self.1) {
            *self.1 = rank;
            r.req_target = target;
        }
        Ok(())
    }
}

/// Whom a value of any form names, and whether `*` in it means everybody.
struct Opened<'s, 'a>(&'s mut Text<'a>, bool);

impl<'de> DeserializeSeed<'de> for Opened<'_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Opened<'_, 'de> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("accounts")
    }
    fn visit_str<E>(self, v: &str) -> Result<(), E> {
        opened::add(self.0, v, self.1);
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, v: u64) -> Result<(), E> {
        opened::add(self.0, &v.to_string(), false);
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            if closes(&key) {
                skip(&mut map)?;
            } else {
                map.next_value_seed(Opened(self.0, self.1))?;
            }
        }
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Opened(self.0, self.1))?.is_some() {}
        Ok(())
    }
}

struct Response<'s, 'a>(&'s mut Record<'a>);

impl<'a> Part<'a> for Response<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let r = &mut *self.0;
        match key {
            "ConsoleLogin" => put(map, &mut r.res_console_login),
            "SwitchRole" | "GetSigninToken" | "ExitRole" | "RenewRole" => put(map, &mut r.res_switch_role),
            "credentials" => map.next_value_seed(In(IssuedKey(&mut r.res_access_key))),
            "accessKey" => map.next_value_seed(In(IssuedKey(&mut r.res_new_key))),
            "assumedRoleUser" | "federatedUser" => map.next_value_seed(In(Principal(r))),
            "subject" | "subjectFromWebIdentityToken" => put(map, &mut r.res_subject),
            _ => skip(map),
        }
    }
}

struct IssuedKey<'s, 'a>(&'s mut Text<'a>);

impl<'a> Part<'a> for IssuedKey<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if key == "accessKeyId" { put(map, self.0) } else { skip(map) }
    }
}

struct Principal<'s, 'a>(&'s mut Record<'a>);

impl<'a> Part<'a> for Principal<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        if key == "arn" { put(map, &mut self.0.res_principal_arn) } else { skip(map) }
    }
}

struct Additional<'s, 'a>(&'s mut Record<'a>);

impl<'a> Part<'a> for Additional<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let r = &mut *self.0;
        match key {
            "LoginTo" => put(map, &mut r.add_login_to),
            "MFAUsed" => put(map, &mut r.add_mfa_used),
            "MFAIdentifier" => put(map, &mut r.add_mfa_identifier),
            "SamlProviderArn" => put(map, &mut r.add_saml_provider),
            "SwitchFrom" => put(map, &mut r.add_switch_from),
            "UserName" => put(map, &mut r.add_user_name),
            "CredentialType" => put(map, &mut r.add_credential_type),
            "AuthWorkflowID" => put(map, &mut r.add_workflow),
            "bytesTransferredOut" => put(map, &mut r.add_bytes_out),
            _ => skip(map),
        }
    }
}

struct Service<'s, 'a>(&'s mut Record<'a>);

impl<'a> Part<'a> for Service<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let r = &mut *self.0;
        match key {
            "CredentialVerification" | "UserAuthentication" | "CredentialChallenge" => put(map, &mut r.svc_result),
            "account_id" => put(map, &mut r.svc_account),
            "role_name" => put(map, &mut r.svc_role),
            _ => skip(map),
        }
    }
}

struct Tls<'s, 'a>(&'s mut Record<'a>);

impl<'a> Part<'a> for Tls<'_, 'a> {
    fn field<A: MapAccess<'a>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "tlsVersion" => put(map, &mut self.0.tls_version),
            "cipherSuite" => put(map, &mut self.0.tls_cipher),
            _ => skip(map),
        }
    }
}

/// The same text with broken UTF-8 and halves of surrogate pairs replaced, where there are any. CloudTrail cuts long
/// texts anywhere; an address behind a cut emoji must not be lost.
#[inline(never)]
pub(super) fn mend(bytes: &[u8]) -> Option<Vec<u8>> {
    if memchr::memmem::find(bytes, b"\\u").is_none() && std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let text = String::from_utf8_lossy(bytes);
    let mut changed = matches!(text, Cow::Owned(_));
    let text = text.as_bytes();
    let half = |at: usize| -> Option<u32> {
        if text.get(at..at + 2)? != b"\\u" {
            return None;
        }
        u32::from_str_radix(std::str::from_utf8(text.get(at + 2..at + 6)?).ok()?, 16).ok()
    };
    let mut out = Vec::with_capacity(text.len());
    let mut i = 0;
    while i < text.len() {
        if text[i] != b'\\' {
            out.push(text[i]);
            i += 1;
            continue;
        }
        match half(i) {
            Some(0xD800..=0xDBFF) if matches!(half(i + 6), Some(0xDC00..=0xDFFF)) => {
                out.extend_from_slice(&text[i..i + 12]);
                i += 12;
            }
            Some(0xD800..=0xDFFF) => {
                out.extend_from_slice(b"\\uFFFD");
                changed = true;
                i += 6;
            }
            _ => {
                let end = (i + 2).min(text.len());
                out.extend_from_slice(&text[i..end]);
                i = end;
            }
        }
    }
    changed.then_some(out)
}
