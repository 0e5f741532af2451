//! Record to event. The only file that knows what CloudTrail's fields mean.
//!
//! Source: AWS CloudTrail user guide, "CloudTrail record contents", "AWS Management Console sign-in events";
//! IAM Identity Center user guide, "Understanding sign-in events".

use crate::event::{Actor, Detail, Event, EventTable, Kind, Recent, Tri, parse_uuid};
use crate::record::{Place, Record};
use crate::time::parse_time;

/// Adds a record to the table. Errors: what is wrong with it, in one sentence; the table is unchanged then.
#[inline(never)]
pub(crate) fn add_record(table: &mut EventTable, record: &Record<'_>, place: Place) -> Result<(), String> {
    if record.event_name.is_empty() {
        return Err("eventName is missing".into());
    }
    if record.event_time.is_empty() {
        return Err("eventTime is missing".into());
    }
    let time = parse_time(&record.event_time)
        .ok_or_else(|| format!("eventTime is not a date: \"{}\"", cut(&record.event_time, 40)))?;
    let service = service_of(&record.event_source);
    let kind = kind_of(record, service);
    let id = parse_uuid(&record.event_id).unwrap_or_default();
    // What the same identity showed last: it mostly shows it again.
    let (actor, last) = actor_of(table, record);
    let detail = detail_of(table, record, kind);
    let failed_login = kind == Kind::LoginFailed && record.error_code.is_empty();
    let event = Event {
        time,
        id,
        id_text: if id == [0, 0] { table.texts.intern(cut(&record.event_id, 128)) } else { 0 },
        call: table.texts.intern_joined(&[cut(service, 128), ":", cut(&record.event_name, 128)], last.call),
        actor,
        address: table.addresses.intern_near(cut(record.source_ip.trim(), 256), last.address),
        agent: table.agents.intern_near(cut(record.user_agent.trim_start_matches('[').trim_end_matches(']'), 1024), last.agent),
        region: table.texts.intern_near(cut(&record.aws_region, 64), last.region),
        error: table.texts.intern(if failed_login { "Failure" } else { cut(&record.error_code, 128) }),
        target: table.texts.intern(cut(&record.req_target, 256)),
        detail,
        bytes_out: record.add_bytes_out.parse::<f64>().map_or(0, |b| b as u32),
        account: table.texts.intern_near(cut(&record.recipient_account, 32), last.account),
        kind,
        read_only: record.read_only.eq_ignore_ascii_case("true"),
        place,
    };
    table.remember(record.recalled.0, &event);
    table.events.push(event);
    Ok(())
}

/// What stands before `.amazonaws.com`, however often that is said.
fn service_of(mut source: &str) -> &str {
    while let Some(service) = source.strip_suffix(".amazonaws.com") {
        source = service;
    }
    source
}

/// At most `limit` bytes of a text, cut at a character.
fn cut(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn kind_of(record: &Record<'_>, service: &str) -> Kind {
    let outcome = |said: &str| match said {
        "Failure" => Kind::LoginFailed,
        "Success" => Kind::Login,
        _ if record.error_code.is_empty() && record.error_message.is_empty() => Kind::Login,
        _ => Kind::LoginFailed,
    };
    match &*record.event_name {
        "ConsoleLogin" => outcome(&record.res_console_login),
        // WorkSpaces and Transfer sign-ins use the same events: they are no logins to AWS.
        "UserAuthentication" if !foreign_login(record) => outcome(&record.svc_result),
        "CredentialVerification" if !foreign_login(record) => match &*record.svc_result {
            "Failure" => Kind::LoginFailed,
            _ => Kind::LoginStep,
        },
        "CredentialChallenge" | "CheckMfa" | "Authenticate" | "UserAuthentication" | "CredentialVerification" => Kind::LoginStep,
        "Federate" => Kind::Login,
        "GetRoleCredentials" if matches!(service, "sso" | "signin") => Kind::Login,
        "SwitchRole" | "ExitRole" | "RenewRole" => Kind::Switch,
        "AssumeRole" | "AssumeRoleWithSAML" | "AssumeRoleWithWebIdentity" | "GetSessionToken" | "GetFederationToken"
        | "AssumeRoot" | "GetSigninToken" | "CreateToken"
            if matches!(service, "sts" | "signin" | "sso" | "sso-oauth" | "sso-oidc") =>
        {
            Kind::Issue
        }
        _ => Kind::Api,
    }
}

fn foreign_login(record: &Record<'_>) -> bool {
    record.add_login_to.contains("clients.amazonaws.com/workspaces") || record.add_login_to.contains("transfer.")
}

fn tri_of(said: &str) -> Tri {
    if said.eq_ignore_ascii_case("yes") || said.eq_ignore_ascii_case("true") {
        Tri::Yes
    } else if said.eq_ignore_ascii_case("no") || said.eq_ignore_ascii_case("false") {
        Tri::No
    } else {
        Tri::Unsaid
    }
}

/// The actor, and the last event of the same identity where it is at hand.
fn actor_of(table: &mut EventTable, record: &Record<'_>) -> (u32, Recent) {
    let recent = table.recent(record.recalled.0);
    // Without a type, the rest of the record tells too.
    if let Some(recent) = recent.filter(|_| !record.identity_type.is_empty()) {
        return (recent.actor, recent);
    }
    let provider =
        if record.identity_provider.is_empty() { &record.federated_provider } else { &record.identity_provider };
    let implied = implied_type(record);
    let actor = Actor {
        kind: table.texts.intern(cut(if record.identity_type.is_empty() { implied } else { &record.identity_type }, 32)),
        arn: table.arns.intern(cut(&record.arn, 512)),
        principal: table.names.intern(cut(&record.principal_id, 256)),
        name: table.names.intern(cut(if implied == "IAMUser" && record.user_name.is_empty() && record.arn.is_empty() { &record.access_key_id } else { &record.user_name }, 256)),
        account: table.texts.intern(cut(&record.account_id, 32)),
        key: table.texts.intern(cut(&record.access_key_id, 128)),
        invoked_by: table.texts.intern(cut(&record.invoked_by, 128)),
        provider: table.texts.intern(cut(provider, 256)),
        source_identity: table.texts.intern(cut(&record.source_identity, 128)),
        on_behalf_of: table.texts.intern(cut(&record.on_behalf_of, 128)),
        credential: table.texts.intern(cut(&record.credential_id, 256)),
        issuer: table.arns.intern(cut(&record.issuer_arn, 512)),
        delivered: table.texts.intern(cut(&record.role_delivery, 8)),
        created: parse_time(&record.creation_date).unwrap_or(0),
        mfa: tri_of(&record.mfa_authenticated),
    };
    (table.intern_actor(actor), recent.unwrap_or_default())
}

/// What the rest says of who it is, where a file has no identity type: Event history as CSV, queries that pick columns.
/// Empty where there is one, or nothing tells.
fn implied_type(record: &Record<'_>) -> &'static str {
    let (arn, name, key) = (&*record.arn, &*record.user_name, &*record.access_key_id);
    if !record.identity_type.is_empty() || !record.invoked_by.is_empty() {
        return "";
    }
    for (part, kind) in [(":root", "Root"), (":user/", "IAMUser"), (":assumed-role/", "AssumedRole"), (":federated-user/", "FederatedUser"), (":role/", "Role")] {
        if arn.contains(part) {
            return kind;
        }
    }
    if name == "root" {
        return "Root";
    }
    // An address behind the name of a temporary session: somebody's, through an identity provider.
    if name.contains('@') && !key.starts_with("AKIA") {
        return "IdentityCenterUser";
    }
    if name.ends_with(".amazonaws.com") {
        return "";
    }
    // Names that programs give to the sessions of roles; their role is not known.
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    if key.starts_with("ASIA") && (digits >= 6 || name.starts_with("i-") && name.len() >= 10) {
        return "Session";
    }
    if !name.is_empty() || !key.is_empty() {
        return "IAMUser";
    }
    // Nobody is named: a service, or somebody from outside.
    if record.source_ip.parse::<std::net::IpAddr>().is_ok() { "Unknown" } else { "" }
}

fn detail_of(table: &mut EventTable, record: &Record<'_>, kind: Kind) -> u32 {
    let iam = record.event_source.starts_with("iam.");
    if kind == Kind::Api && !iam && record.req_opened.is_empty() {
        return 0;
    }
    let said_mfa = match tri_of(&record.add_mfa_used) {
        // Identity Center names the factors instead.
        Tri::Unsaid if record.add_credential_type.contains("TOTP") || record.add_credential_type.contains("WEBAUTHN") => Tri::Yes,
        Tri::Unsaid if !record.req_serial.is_empty() => Tri::Yes,
        said => said,
    };
    let detail = Detail {
        role: table.arns.intern(cut(&record.req_role_arn, 512)),
        session_name: table.texts.intern(cut(&record.req_session_name, 128)),
        source_identity: table.texts.intern(cut(&record.req_source_identity, 128)),
        user: table.names.intern(cut(&record.req_user_name, 256)),
        policy: table.texts.intern(cut(&record.req_policy_arn, 256)),
        issued_key: table.texts.intern(cut(&record.res_access_key, 128)),
        new_key: table.texts.intern(cut(&record.res_new_key, 128)),
        principal: table.arns.intern(cut(&record.res_principal_arn, 512)),
        login_to: table.texts.intern(cut(&record.add_login_to, 256)),
        mfa_identifier: table.texts.intern(cut(&record.add_mfa_identifier, 256)),
        saml: table.texts.intern(cut(&record.add_saml_provider, 256)),
        switch_from: table.arns.intern(cut(&record.add_switch_from, 512)),
        said_name: table.names.intern(cut(&record.add_user_name, 256)),
        credential_type: table.texts.intern(cut(&record.add_credential_type, 64)),
        workflow: table.texts.intern(cut(&record.add_workflow, 64)),
        service_role: table.texts.intern(cut(&record.svc_role, 128)),
        message: table.texts.intern(if kind == Kind::LoginFailed { cut(&record.error_message, 160) } else { "" }),
        opened: table.texts.intern(cut(&record.req_opened, 256)),
        duration: record.req_duration.parse().unwrap_or(0),
        mfa: said_mfa,
    };
    if detail == Detail::default() {
        return 0;
    }
    table.details.push(detail);
    table.details.len() as u32 - 1
}
