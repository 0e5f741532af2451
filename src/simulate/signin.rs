//! How somebody gets in: records of sign-in and the credential that comes of it.

use std::fmt::Write as _;
use std::sync::Arc;

use super::dice::{self, Dice};
use super::organisation::World;
use super::people::{Person, SignIn};
use super::trail::{Caller, Cause, Detail, Event, Outcome, clock, quoted};

/// Where a session is held, with what, and why.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    pub address: String,
    pub agent: String,
    pub cause: Arc<Cause>,
}

/// Collects one actor's events; ids come from a seed of its own.
pub(super) struct Pen<'a> {
    pub world: &'a World,
    pub events: Vec<Event>,
    seed: u64,
}

impl<'a> Pen<'a> {
    pub(super) fn new(world: &'a World, purpose: &[u64]) -> Pen<'a> {
        let seed = purpose.iter().fold(dice::mix(world.seed ^ 0xbeef), |hash, &part| dice::mix(hash ^ dice::mix(part.wrapping_add(77))));
        Pen { world, events: Vec::new(), seed }
    }

    pub(super) fn next_seed(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        dice::mix(self.seed)
    }

    pub(super) fn call(&mut self, time: i64, caller: &Arc<Caller>, call: u16, outcome: Outcome) {
        let seed = self.next_seed();
        self.events.push(Event { time, call, outcome, seed, caller: caller.clone(), detail: None });
    }

    pub(super) fn detailed(&mut self, time: i64, caller: &Arc<Caller>, call: &str, detail: Detail) {
        let seed = self.next_seed();
        let call = self.world.catalogue.call(call);
        self.events.push(Event { time, call, outcome: Outcome::Done, seed, caller: caller.clone(), detail: Some(Arc::new(detail)) });
    }

    /// A temporary key's id.
    pub(super) fn asia(&mut self) -> String {
        dice::id("ASIA", self.next_seed())[..20].to_owned()
    }
}

/// A role's session as `userIdentity`.
pub(super) fn role_identity(world: &World, account: usize, role: &str, session: &str, key: &str, created: i64, extra: &str) -> (String, String) {
    let id = world.role_id(account, role);
    let number = &world.accounts[account].id;
    let path = if role.starts_with("AWSReservedSSO_") { "aws-reserved/sso.amazonaws.com/" } else { "" };
    let arn = format!("arn:aws:sts::{number}:assumed-role/{role}/{session}");
    let key = if key.is_empty() { String::new() } else { format!("\"accessKeyId\":\"{key}\",") };
    let text = format!(
        "{{\"type\":\"AssumedRole\",\"principalId\":\"{id}:{session}\",\"arn\":\"{arn}\",\"accountId\":\"{number}\",{key}\"sessionContext\":{{\"sessionIssuer\":{{\"type\":\"Role\",\"principalId\":\"{id}\",\"arn\":\"arn:aws:iam::{number}:role/{path}{role}\",\"accountId\":\"{number}\",\"userName\":\"{role}\"}},\"attributes\":{{\"creationDate\":\"{}\",\"mfaAuthenticated\":\"false\"}}{extra}}}}}",
        clock(created)
    );
    (text, arn)
}

/// An IAM user as `userIdentity`: with a long-term key, or in a session (created, with MFA).
pub(super) fn user_identity(world: &World, account: usize, user: &str, key: &str, session: Option<(i64, bool)>) -> (String, String) {
    let number = &world.accounts[account].id;
    let arn = format!("arn:aws:iam::{number}:user/{user}");
    let key = if key.is_empty() { String::new() } else { format!(",\"accessKeyId\":\"{key}\"") };
    let mut text = format!(
        "{{\"type\":\"IAMUser\",\"principalId\":\"{}\",\"arn\":\"{arn}\",\"accountId\":\"{number}\"{key},\"userName\":\"{user}\"",
        world.user_id(account, user)
    );
    if let Some((created, mfa)) = session {
        let _ = write!(text, ",\"sessionContext\":{{\"attributes\":{{\"creationDate\":\"{}\",\"mfaAuthenticated\":\"{mfa}\"}}}}", clock(created));
    }
    text.push('}');
    (text, arn)
}

/// Root as `userIdentity`.
pub(super) fn root_identity(world: &World, account: usize, session: Option<(&str, i64, bool)>) -> (String, String) {
    let number = &world.accounts[account].id;
    let arn = format!("arn:aws:iam::{number}:root");
    let rest = session.map_or_else(String::new, |(key, created, mfa)| {
        format!(
            ",\"accessKeyId\":\"{key}\",\"sessionContext\":{{\"sessionIssuer\":{{}},\"webIdFederationData\":{{}},\"attributes\":{{\"creationDate\":\"{}\",\"mfaAuthenticated\":\"{mfa}\"}}}}",
            clock(created)
        )
    });
    let rest = if rest.is_empty() { ",\"accessKeyId\":\"\"".to_owned() } else { rest };
    (format!("{{\"type\":\"Root\",\"principalId\":\"{number}\",\"arn\":\"{arn}\",\"accountId\":\"{number}\"{rest}}}"), arn)
}

/// Somebody of Identity Center, in the form of the day.
fn center_identity(world: &World, person: &Person, time: i64) -> String {
    let number = &world.accounts[0].id;
    if world.new_center(time.div_euclid(86_400)) {
        let mut credential = String::new();
        dice::uuid(dice::key(&person.user_id) ^ time.div_euclid(28_800) as u64, &mut credential);
        format!(
            "{{\"type\":\"IdentityCenterUser\",\"accountId\":\"{number}\",\"onBehalfOf\":{{\"userId\":\"{}\",\"identityStoreArn\":\"arn:aws:identitystore::{number}:identitystore/{}\"}},\"credentialId\":\"{credential}\"}}",
            person.user_id, world.make.store
        )
    } else {
        format!("{{\"type\":\"Unknown\",\"principalId\":\"{number}\",\"arn\":\"\",\"accountId\":\"{number}\",\"accessKeyId\":\"\",\"userName\":\"{}\"}}", person.session_name())
    }
}

/// A caller of a person, from a seat.
pub(super) fn caller(world: &World, person: &Person, seat: &Seat, account: usize, identity: (String, String)) -> Caller {
    Caller {
        principal: person.principal.clone(),
        human: true,
        identity: identity.0,
        arn: identity.1,
        address: seat.address.clone(),
        agent: seat.agent.clone(),
        console: false,
        service: false,
        endpoint: None,
        account,
        region: world.make.region,
        cause: seat.cause.clone(),
    }
}

/// How a sign-in goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Login {
    /// Wrong passwords before the right one.
    pub failures: usize,
    /// Whether the right one comes at last.
    pub succeeds: bool,
    /// Prompts for the second factor that are not answered.
    pub unanswered: usize,
}

/// A sign-in that works at once.
pub(super) const AT_ONCE: Login = Login { failures: 0, succeeds: true, unanswered: 0 };

/// Signs in at the console. Gives the time after it and the credential, if there is one.
pub(super) fn console(pen: &mut Pen, dice: &mut Dice, person: &Person, seat: &Seat, time: i64, account: usize, login: Login) -> (i64, Option<Arc<Caller>>) {
    match person.sign_in {
        SignIn::Sso => by_center(pen, dice, person, seat, time, account, login),
        SignIn::Saml => by_saml(pen, dice, person, seat, time, account, login),
        SignIn::IamMfa | SignIn::Iam => by_password(pen, dice, person, seat, time, login),
    }
}

fn by_password(pen: &mut Pen, dice: &mut Dice, person: &Person, seat: &Seat, time: i64, login: Login) -> (i64, Option<Arc<Caller>>) {
    let world = pen.world;
    let mut time = time;
    let region = person.signin_region;
    let number = &world.accounts[person.account].id;
    let to = "https://console.aws.amazon.com/console/home?hashArgs=%23&isauthcode=true&state=hashArgsFromTB";
    let nobody = format!("{{\"type\":\"IAMUser\",\"accountId\":\"{number}\",\"accessKeyId\":\"\",\"userName\":\"{}\"}}", person.name);
    let failed = Arc::new(caller(world, person, seat, person.account, (nobody, String::new())));
    for at in 0..login.failures {
        let prompt = at >= login.failures - login.unanswered.min(login.failures);
        let message = "Failed authentication".to_owned();
        pen.detailed(time, &failed, "signin:ConsoleLogin", Detail {
            response: "{\"ConsoleLogin\":\"Failure\"}".into(),
            additional: format!("{{\"LoginTo\":\"{to}\",\"MobileVersion\":\"No\",\"MFAUsed\":\"{}\"}}", if prompt { "Yes" } else { "No" }),
            message,
            event_type: "AwsConsoleSignIn",
            region,
            ..Detail::default()
        });
        time += dice.between(6, 40);
    }
    if !login.succeeds {
        return (time, None);
    }
    let mfa = person.sign_in == SignIn::IamMfa;
    let known = Arc::new(caller(world, person, seat, person.account, user_identity(world, person.account, &person.name, "", None)));
    if mfa {
        pen.detailed(time, &known, "signin:CheckMfa", Detail {
            response: "{\"CheckMfa\":\"Success\"}".into(),
            additional: format!("{{\"MfaType\":\"{}\"}}", if person.hardware { "U2F MFA" } else { "Virtual MFA" }),
            event_type: "AwsConsoleSignIn",
            region: "us-east-1",
            ..Detail::default()
        });
        time += dice.between(5, 25);
    }
    let identifier = if mfa {
        let kind = if person.hardware { "u2f/user" } else { "mfa" };
        format!(",\"MFAIdentifier\":\"arn:aws:iam::{number}:{kind}/{}\"", person.name)
    } else {
        String::new()
    };
    let phone = seat.agent.contains("Mobile");
    pen.detailed(time, &known, "signin:ConsoleLogin", Detail {
        response: "{\"ConsoleLogin\":\"Success\"}".into(),
        additional: format!(
            "{{\"LoginTo\":\"{to}\",\"MobileVersion\":\"{}\",\"MFAUsed\":\"{}\"{identifier}}}",
            if phone { "Yes" } else { "No" },
            if mfa { "Yes" } else { "No" }
        ),
        event_type: "AwsConsoleSignIn",
        region,
        ..Detail::default()
    });
    let key = pen.asia();
    let identity = user_identity(world, person.account, &person.name, &key, Some((time, mfa)));
    let mut session = caller(world, person, seat, person.account, identity);
    session.console = true;
    (time + dice.between(2, 6), Some(Arc::new(session)))
}

fn by_center(pen: &mut Pen, dice: &mut Dice, person: &Person, seat: &Seat, time: i64, account: usize, login: Login) -> (i64, Option<Arc<Caller>>) {
    let Some(mut time) = at_portal(pen, dice, person, seat, time, login) else { return (time + 60, None) };
    let (next, caller) = federate(pen, dice, person, seat, time, account);
    time = next;
    (time, Some(caller))
}

/// Signs in at the access portal. None if it does not work.
pub(super) fn at_portal(pen: &mut Pen, dice: &mut Dice, person: &Person, seat: &Seat, time: i64, login: Login) -> Option<i64> {
    let world = pen.world;
    let mut time = time;
    let center = Arc::new(caller(world, person, seat, 0, (center_identity(world, person, time), String::new())));
    let mut workflow = String::new();
    dice::uuid(pen.next_seed(), &mut workflow);
    let step = |pen: &mut Pen, name: &str, time: i64, kind: &str, result: &str| {
        let (_, short) = name.split_once(':').expect("a service and a name");
        let mut additional = format!("{{\"AuthWorkflowID\":\"{workflow}\",\"LoginTo\":");
        quoted(&world.make.portal, &mut additional);
        let _ = write!(additional, ",\"CredentialType\":\"{kind}\",\"UserName\":\"{}\"}}", person.session_name());
        pen.detailed(time, &center, name, Detail {
            additional,
            service_details: if result.is_empty() { String::new() } else { format!("{{\"{short}\":\"{result}\"}}") },
            event_type: "AwsServiceEvent",
            ..Detail::default()
        });
    };
    if world.make.outside_idp {
        if !login.succeeds || login.failures > 0 {
            // The provider keeps its failures to itself.
            if !login.succeeds {
                return None;
            }
        }
        step(pen, "signin:UserAuthentication", time, "EXTERNAL_IDP", "Success");
    } else {
        let second = if person.hardware { "WEBAUTHN" } else { "TOTP" };
        step(pen, "signin:CredentialChallenge", time, "PASSWORD", "");
        for at in 0..login.failures {
            time += dice.between(5, 30);
            let prompt = at >= login.failures - login.unanswered.min(login.failures);
            step(pen, "signin:CredentialVerification", time, if prompt { second } else { "PASSWORD" }, "Failure");
        }
        if !login.succeeds {
            return None;
        }
        time += dice.between(3, 14);
        step(pen, "signin:CredentialVerification", time, "PASSWORD", "Success");
        step(pen, "signin:CredentialChallenge", time + 1, second, "");
        time += dice.between(4, 20);
        step(pen, "signin:CredentialVerification", time, second, "Success");
        step(pen, "signin:UserAuthentication", time, &format!("PASSWORD,{second}"), "Success");
    }
    time += dice.between(1, 4);
    pen.detailed(time, &center, "sso:Authenticate", Detail { event_type: "AwsServiceEvent", ..Detail::default() });
    Some(time + dice.between(2, 9))
}

/// From the portal into an account's console.
pub(super) fn federate(pen: &mut Pen, dice: &mut Dice, person: &Person, seat: &Seat, time: i64, account: usize) -> (i64, Arc<Caller>) {
    let world = pen.world;
    let center = Arc::new(caller(world, person, seat, 0, (center_identity(world, person, time), String::new())));
    let role = person.role(world, account);
    pen.detailed(time, &center, "sso:Federate", Detail {
        service_details: format!("{{\"role_name\":\"{}\",\"account_id\":\"{}\"}}", person.permission_set, world.accounts[account].id),
        event_type: "AwsServiceEvent",
        ..Detail::default()
    });
    let key = pen.asia();
    let created = time + 1;
    let mut session = caller(world, person, seat, account, role_identity(world, account, &role, &person.session_name(), &key, created, ""));
    let bare = role_identity(world, account, &role, &person.session_name(), "", created, "");
    let arriving = Arc::new(Caller { identity: bare.0, arn: bare.1, ..session.clone() });
    pen.detailed(time + 2, &arriving, "signin:ConsoleLogin", Detail {
        response: "{\"ConsoleLogin\":\"Success\"}".into(),
        additional: "{\"LoginTo\":\"https://console.aws.amazon.com/console/home\",\"MobileVersion\":\"No\",\"MFAUsed\":\"No\"}".into(),
        event_type: "AwsConsoleSignIn",
        region: "us-east-1",
        ..Detail::default()
    });
    session.console = true;
    (time + dice.between(4, 9), Arc::new(session))
}

fn by_saml(pen: &mut Pen, dice: &mut Dice, person: &Person, seat: &Seat, time: i64, account: usize, login: Login) -> (i64, Option<Arc<Caller>>) {
    if !login.succeeds {
        return (time, None); // the provider keeps its failures to itself
    }
    let world = pen.world;
    let (key, created) = assume_with_saml(pen, person, seat, time, account);
    let role = person.role(world, account);
    let mut session = caller(world, person, seat, account, role_identity(world, account, &role, &person.session_name(), &key, created, ""));
    let bare = role_identity(world, account, &role, &person.session_name(), "", created, "");
    let arriving = Arc::new(Caller { identity: bare.0, arn: bare.1, ..session.clone() });
    pen.detailed(time + 1, &arriving, "signin:ConsoleLogin", Detail {
        response: "{\"ConsoleLogin\":\"Success\"}".into(),
        additional: format!(
            "{{\"LoginTo\":\"https://console.aws.amazon.com/console/home\",\"MobileVersion\":\"No\",\"MFAUsed\":\"No\",\"SamlProviderArn\":\"arn:aws:iam::{}:saml-provider/{}\"}}",
            world.accounts[account].id, world.make.saml
        ),
        event_type: "AwsConsoleSignIn",
        region: "us-east-1",
        ..Detail::default()
    });
    session.console = true;
    (time + dice.between(3, 8), Some(Arc::new(session)))
}

/// AssumeRoleWithSAML; gives the key and the time it was made.
pub(super) fn assume_with_saml(pen: &mut Pen, person: &Person, seat: &Seat, time: i64, account: usize) -> (String, i64) {
    let world = pen.world;
    let role = person.role(world, account);
    let number = &world.accounts[account].id;
    let session = person.session_name();
    let mut qualifier = String::new();
    dice::letters(dice::key(number), 17, &mut qualifier);
    let identity = format!("{{\"type\":\"SAMLUser\",\"principalId\":\"{qualifier}:{session}\",\"userName\":\"{session}\",\"identityProvider\":\"{qualifier}\"}}");
    let asking = Arc::new(caller(world, person, seat, account, (identity, String::new())));
    let key = pen.asia();
    let mut assertion = String::new();
    dice::hex(pen.next_seed(), 32, &mut assertion);
    let id = world.role_id(account, &role);
    let hours = 8;
    pen.detailed(time, &asking, "sts:AssumeRoleWithSAML", Detail {
        request: format!(
            "{{\"sAMLAssertionID\":\"_{assertion}\",\"roleSessionName\":\"{session}\",\"durationSeconds\":{},\"roleArn\":\"arn:aws:iam::{number}:role/{role}\",\"principalArn\":\"arn:aws:iam::{number}:saml-provider/{}\"}}",
            hours * 3600, world.make.saml
        ),
        response: format!(
            "{{\"subjectType\":\"persistent\",\"issuer\":\"http://www.okta.com/{assertion}\",\"credentials\":{{\"accessKeyId\":\"{key}\",\"expiration\":\"{}\",\"sessionToken\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"}},\"nameQualifier\":\"{qualifier}\",\"assumedRoleUser\":{{\"assumedRoleId\":\"{id}:{session}\",\"arn\":\"arn:aws:sts::{number}:assumed-role/{role}/{session}\"}},\"subject\":\"{session}\",\"audience\":\"https://signin.aws.amazon.com/saml\"}}",
            clock(time + hours * 3600)
        ),
        ..Detail::default()
    });
    (key, time)
}

/// A credential for the command line, by the person's way to sign in; None for people who have no way there.
pub(super) fn command_line(pen: &mut Pen, dice: &mut Dice, person: &Person, seat: &Seat, time: i64, account: usize) -> (i64, Option<Arc<Caller>>) {
    let world = pen.world;
    match person.sign_in {
        SignIn::Sso => {
            let center = Arc::new(caller(world, person, seat, 0, (center_identity(world, person, time), String::new())));
            let number = &world.accounts[account].id;
            pen.detailed(time, &center, "sso:GetRoleCredentials", Detail {
                request: format!("{{\"role_name\":\"{}\",\"account_id\":\"{number}\"}}", person.permission_set),
                service_details: format!("{{\"role_name\":\"{}\",\"account_id\":\"{number}\"}}", person.permission_set),
                event_type: "AwsServiceEvent",
                ..Detail::default()
            });
            let key = pen.asia();
            let role = person.role(world, account);
            let identity = role_identity(world, account, &role, &person.session_name(), &key, time, "");
            (time + dice.between(1, 3), Some(Arc::new(caller(world, person, seat, account, identity))))
        }
        SignIn::Saml => {
            let (key, created) = assume_with_saml(pen, person, seat, time, account);
            let role = person.role(world, account);
            let identity = role_identity(world, account, &role, &person.session_name(), &key, created, "");
            (time + dice.between(1, 3), Some(Arc::new(caller(world, person, seat, account, identity))))
        }
        SignIn::IamMfa | SignIn::Iam => match &person.key {
            None => (time, None),
            Some(key) => {
                let long = Arc::new(caller(world, person, seat, person.account, user_identity(world, person.account, &person.name, key, None)));
                if person.sign_in == SignIn::IamMfa && person.hardware {
                    let token = pen.asia();
                    pen.detailed(time, &long, "sts:GetSessionToken", Detail {
                        request: format!("{{\"durationSeconds\":43200,\"serialNumber\":\"arn:aws:iam::{}:mfa/{}\"}}", world.accounts[person.account].id, person.name),
                        response: format!("{{\"credentials\":{{\"accessKeyId\":\"{token}\",\"expiration\":\"{}\",\"sessionToken\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"}}}}", clock(time + 43_200)),
                        ..Detail::default()
                    });
                    let identity = user_identity(world, person.account, &person.name, &token, Some((time, true)));
                    return (time + dice.between(1, 3), Some(Arc::new(caller(world, person, seat, person.account, identity))));
                }
                (time, Some(long))
            }
        },
    }
}

/// Assumes a role in another account (or the same): both accounts' records, and the credential.
pub(super) fn assume(pen: &mut Pen, from: &Arc<Caller>, source: usize, time: i64, account: usize, role: &str, session: &str) -> Arc<Caller> {
    let seconds = 3600; // a chained role's longest
    let world = pen.world;
    let (number, id) = (&world.accounts[account].id, world.role_id(account, role));
    let key = pen.asia();
    let request = format!("{{\"roleArn\":\"arn:aws:iam::{number}:role/{role}\",\"roleSessionName\":\"{session}\",\"durationSeconds\":{seconds}}}");
    let response = format!(
        "{{\"credentials\":{{\"accessKeyId\":\"{key}\",\"sessionToken\":\"HIDDEN_DUE_TO_SECURITY_REASONS\",\"expiration\":\"{}\"}},\"assumedRoleUser\":{{\"assumedRoleId\":\"{id}:{session}\",\"arn\":\"arn:aws:sts::{number}:assumed-role/{role}/{session}\"}}}}",
        clock(time + seconds)
    );
    let shared = if source == account { 0 } else { pen.next_seed() };
    pen.detailed(time, from, "sts:AssumeRole", Detail { request: request.clone(), response: response.clone(), shared, ..Detail::default() });
    if source != account {
        let principal = from.identity.split("\"principalId\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let identity = format!("{{\"type\":\"AWSAccount\",\"principalId\":\"{principal}\",\"accountId\":\"{}\"}}", world.accounts[source].id);
        let seen = Arc::new(Caller { identity, account, console: false, ..(**from).clone() });
        pen.detailed(time, &seen, "sts:AssumeRole", Detail { request, response, shared, ..Detail::default() });
    }
    let (identity, arn) = role_identity(world, account, role, session, &key, time, "");
    Arc::new(Caller { identity, arn, account, ..(**from).clone() })
}

/// Switches role in the console.
pub(super) fn switch(pen: &mut Pen, from: &Arc<Caller>, source: usize, time: i64, account: usize, role: &str, session: &str) -> Arc<Caller> {
    let switched = assume(pen, from, source, time, account, role, session);
    let arriving = Arc::new(Caller { identity: without_key(&switched.identity), ..(*switched).clone() });
    pen.detailed(time + 1, &arriving, "signin:SwitchRole", Detail {
        response: "{\"SwitchRole\":\"Success\"}".into(),
        additional: format!("{{\"SwitchFrom\":\"{}\",\"RedirectTo\":\"https://console.aws.amazon.com/console/home\"}}", from.arn),
        event_type: "AwsConsoleSignIn",
        region: "us-east-1",
        ..Detail::default()
    });
    switched
}

/// A federated user as `userIdentity`.
fn federated_identity(world: &World, account: usize, user: &str, name: &str, key: &str, created: i64) -> (String, String) {
    let number = &world.accounts[account].id;
    let arn = format!("arn:aws:sts::{number}:federated-user/{name}");
    let key = if key.is_empty() { String::new() } else { format!("\"accessKeyId\":\"{key}\",") };
    let text = format!(
        "{{\"type\":\"FederatedUser\",\"principalId\":\"{number}:{name}\",\"arn\":\"{arn}\",\"accountId\":\"{number}\",{key}\"sessionContext\":{{\"sessionIssuer\":{{\"type\":\"IAMUser\",\"principalId\":\"{}\",\"arn\":\"arn:aws:iam::{number}:user/{user}\",\"accountId\":\"{number}\",\"userName\":\"{user}\"}},\"attributes\":{{\"creationDate\":\"{}\",\"mfaAuthenticated\":\"false\"}}}}}}",
        world.user_id(account, user),
        clock(created)
    );
    (text, arn)
}

/// GetFederationToken by a user's key; gives the federated user.
pub(super) fn federation_token(pen: &mut Pen, from: &Arc<Caller>, account: usize, user: &str, time: i64, name: &str, seconds: i64) -> Caller {
    let world = pen.world;
    let number = &world.accounts[account].id;
    let key = pen.asia();
    pen.detailed(time, from, "sts:GetFederationToken", Detail {
        request: format!("{{\"name\":\"{name}\",\"durationSeconds\":{seconds}}}"),
        response: format!(
            "{{\"credentials\":{{\"accessKeyId\":\"{key}\",\"sessionToken\":\"HIDDEN_DUE_TO_SECURITY_REASONS\",\"expiration\":\"{}\"}},\"federatedUser\":{{\"federatedUserId\":\"{number}:{name}\",\"arn\":\"arn:aws:sts::{number}:federated-user/{name}\"}},\"packedPolicySize\":6}}",
            clock(time + seconds)
        ),
        ..Detail::default()
    });
    let (identity, arn) = federated_identity(world, account, user, name, &key, time);
    Caller { identity, arn, ..(**from).clone() }
}

/// A `userIdentity` as records of sign-in have it, which name no key.
fn without_key(identity: &str) -> String {
    match identity.split_once("\"accessKeyId\":\"").and_then(|(before, rest)| Some((before, rest.split_once("\",")?.1))) {
        Some((before, after)) => format!("{before}{after}"),
        None => identity.to_owned(),
    }
}

/// GetSigninToken with temporary keys, then the console with it, in a browser.
pub(super) fn console_of(pen: &mut Pen, tool: &Arc<Caller>, browser: String, time: i64) -> Arc<Caller> {
    pen.detailed(time, tool, "signin:GetSigninToken", Detail {
        response: "{\"GetSigninToken\":\"Success\"}".into(),
        event_type: "AwsConsoleSignIn",
        region: "us-east-1",
        agent: "Go-http-client/1.1",
        ..Detail::default()
    });
    let arriving = Arc::new(Caller { agent: browser, identity: without_key(&tool.identity), ..(**tool).clone() });
    pen.detailed(time + 6, &arriving, "signin:ConsoleLogin", Detail {
        response: "{\"ConsoleLogin\":\"Success\"}".into(),
        additional: "{\"LoginTo\":\"https://console.aws.amazon.com/\",\"MobileVersion\":\"No\",\"MFAUsed\":\"No\"}".into(),
        event_type: "AwsConsoleSignIn",
        region: "us-east-1",
        ..Detail::default()
    });
    Arc::new(Caller { identity: tool.identity.clone(), console: true, ..(*arriving).clone() })
}

/// Root signs in. Gives the time and the credential.
pub(super) fn root(pen: &mut Pen, seat: &Seat, time: i64, account: usize, mfa: bool) -> (i64, Arc<Caller>) {
    let world = pen.world;
    let number = &world.accounts[account].id;
    let mut session = Caller {
        principal: format!("root/{}", world.accounts[account].name).into(),
        human: true,
        identity: String::new(),
        arn: String::new(),
        address: seat.address.clone(),
        agent: seat.agent.clone(),
        console: false,
        service: false,
        endpoint: None,
        account,
        region: "us-east-1",
        cause: seat.cause.clone(),
    };
    (session.identity, session.arn) = root_identity(world, account, None);
    let bare = Arc::new(session.clone());
    let identifier = if mfa { format!(",\"MFAIdentifier\":\"arn:aws:iam::{number}:mfa/root-account-mfa-device\"") } else { String::new() };
    pen.detailed(time, &bare, "signin:ConsoleLogin", Detail {
        response: "{\"ConsoleLogin\":\"Success\"}".into(),
        additional: format!("{{\"LoginTo\":\"https://console.aws.amazon.com/console/home?state=hashArgs%23&isauthcode=true\",\"MobileVersion\":\"No\",\"MFAUsed\":\"{}\"{identifier}}}", if mfa { "Yes" } else { "No" }),
        event_type: "AwsConsoleSignIn",
        region: "us-east-1",
        ..Detail::default()
    });
    let key = pen.asia();
    (session.identity, session.arn) = root_identity(world, account, Some((&key, time, mfa)));
    session.console = true;
    (time + 4, Arc::new(session))
}
