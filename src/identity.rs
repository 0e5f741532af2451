//! Who is behind an event: the same human or machine across single sign-on, IAM, SAML, role chains, SwitchRole
//! and both forms of Identity Center (before and after 2025-07-14).
//!
//! People are joined by what stands before the `@` of their session or user name. A credential is joined to whoever
//! asked for it (AssumeRole's issued key). Machines are roles.

use hashbrown::HashMap;

use crate::event::{Actor, Event, EventTable, Kind, Tri};
use crate::parallel::in_pieces;

/// The class of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[allow(missing_docs)]
pub(crate) enum Class {
    Root,
    IamUser,
    HumanSso,
    HumanSaml,
    CiRole,
    PodRole,
    Ec2Role,
    LambdaRole,
    ServiceRole,
    #[default]
    Role,
    CrossAccount,
    Service,
    Unknown,
}

impl Class {
    /// In words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Class::Root => "root",
            Class::IamUser => "IAM user",
            Class::HumanSso => "human by SSO",
            Class::HumanSaml => "human by SAML",
            Class::CiRole => "CI by web identity",
            Class::PodRole => "pod by web identity",
            Class::Ec2Role => "EC2 role",
            Class::LambdaRole => "Lambda role",
            Class::ServiceRole => "service-linked role",
            Class::Role => "role",
            Class::CrossAccount => "cross-account caller",
            Class::Service => "AWS service",
            Class::Unknown => "unknown user",
        }
    }
    /// A person, as far as the file shows.
    pub(crate) fn human(self) -> bool {
        matches!(self, Class::Root | Class::IamUser | Class::HumanSso | Class::HumanSaml | Class::Unknown)
    }
}

/// Who.
#[derive(Debug, Clone, Default)]
pub(crate) struct Identity {
    /// As people say it.
    pub name: String,
    /// Its class.
    pub class: Class,
    /// The account, where it belongs to one.
    pub account: String,
}

/// All identities, and the identity of each event.
#[derive(Debug, Clone, Default)]
pub(crate) struct Identities {
    /// Sorted by key, so that numbers do not depend on the order of files.
    pub all: Vec<Identity>,
    /// The identity of each event of the table.
    pub of_event: Vec<u32>,
}

struct Names<'a> {
    users: HashMap<&'a str, Vec<&'a str>>, // local name of an IAM user → accounts
    mails: HashMap<String, Class>,         // local name of somebody by SSO or SAML
    behalf: HashMap<u32, String>,          // onBehalfOf.userId → local name
    credentials: HashMap<u32, String>,     // credentialId → local name
    lambdas: HashMap<&'a str, ()>,         // roles whose clients say Lambda
    principals: HashMap<u32, (&'a str, &'a str)>, // principal ID of an IAM user → name, account
    subjects: HashMap<u32, String>,        // a SAML subject without a person's name → local name of its session
}

/// What stands before the `@`, in lower case.
fn local(name: &str) -> String {
    name.split('@').next().unwrap_or(name).to_lowercase()
}

/// Role and session name of `arn:aws:sts::1:assumed-role/ROLE/SESSION`.
fn role_and_session(arn: &str) -> Option<(&str, &str)> {
    arn.splitn(6, ':').nth(5)?.strip_prefix("assumed-role/")?.split_once('/')
}

/// The name of a role from `arn:aws:iam::1:role/path/NAME`.
fn role_name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// The account of an ARN.
fn arn_account(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or("")
}

/// People who succeeded at an address.
#[derive(Clone, Copy)]
enum At {
    Nobody,
    One(u32),
    Several,
}

/// Gives each event its identity. The table is sorted.
#[inline(never)]
pub(crate) fn identify(table: &EventTable) -> Identities {
    let (alike, first_alike) = alike(&table.actors);
    let telling = Telling::of(table, &alike, &first_alike);
    let names = collect_names(table, &telling, &first_alike);
    // Key of each actor as it stands, then credentials joined to whoever asked for them.
    let direct: Vec<(String, Identity)> = in_pieces(first_alike.len(), |piece| piece.map(|n| resolve(table, &names, &table.actors[first_alike[n] as usize])).collect());
    let mut issued: HashMap<u32, u32> = HashMap::new(); // key → actor that asked for it
    for event in &telling.detailed {
        if event.kind == Kind::Issue && event.error == 0 {
            let key = table.detail(event).issued_key;
            if key != 0 {
                issued.entry(key).or_insert(event.actor);
            }
        }
    }
    let mut final_of: Vec<u32> = Vec::with_capacity(table.actors.len()); // in direct
    for (number, actor) in table.actors.iter().enumerate() {
        // Follow at most eight links back to the first who asked.
        let mut who = number;
        let mut key = actor.key;
        for _ in 0..8 {
            match issued.get(&key) {
                Some(&asker) if key != 0 && asker as usize != who => {
                    who = asker as usize;
                    key = table.actors[who].key;
                }
                _ => break,
            }
        }
        // A human behind a role is the human; a machine behind a role is the role.
        let (own, asker) = (alike[number], alike[who]);
        let class = direct[asker as usize].1.class;
        final_of.push(if who != number && class.human() && class != Class::Unknown { asker } else { own });
    }
    let mut seen = vec![false; direct.len()];
    let used: Vec<&(String, Identity)> =
        final_of.iter().filter(|n| !std::mem::replace(&mut seen[**n as usize], true)).map(|n| &direct[*n as usize]).collect();
    let mut known: HashMap<&str, &Identity> = HashMap::new();
    for (key, identity) in used.iter().copied() {
        let known = known.entry(key).or_insert(identity);
        if (identity.class, &identity.account) < (known.class, &known.account) && !known.class.human() {
            *known = identity;
        }
    }
    // SSO and SAML say more of a person than the IAM user of the same name.
    for (key, identity) in used.iter().copied() {
        if matches!(identity.class, Class::HumanSso | Class::HumanSaml)
            && let Some(known) = known.get_mut(key.as_str())
            && known.class == Class::IamUser
        {
            *known = identity;
        }
    }
    let mut order: Vec<(&str, &Identity)> = known.into_iter().collect();
    order.sort_unstable_by_key(|(key, _)| *key);
    // Web identity calls belong to the role they ask for; hidden names to the only person at that address.
    let numbers: HashMap<&str, u32> = (0u32..).zip(&order).map(|(i, (key, _))| (*key, i)).collect();
    // Those that no actor is in the end have no number.
    let number_of: Vec<u32> = direct.iter().map(|(key, _)| numbers.get(key.as_str()).copied().unwrap_or(0)).collect();
    let of_actor: Vec<u32> = final_of.iter().map(|n| number_of[*n as usize]).collect();
    let mut all: Vec<Identity> = order.into_iter().map(|(_, identity)| identity.clone()).collect();
    let roles: HashMap<(String, String), u32> = all
        .iter()
        .enumerate()
        .filter(|(_, i)| !i.class.human() && i.class != Class::Service)
        .map(|(n, i)| ((i.name.clone(), i.account.clone()), n as u32))
        .collect();
    // Of each actor: whether it is a person by name, and whether its events may be another's.
    let named = |who: &u32| all[*who as usize].class.human() && all[*who as usize].class != Class::Unknown;
    let named: Vec<bool> = of_actor.iter().map(named).collect();
    let web: Vec<bool> = table.actors.iter().map(|actor| table.texts.get(actor.kind) == "WebIdentityUser").collect();
    let another = |(who, web): (&u32, &bool)| *web || all[*who as usize].class == Class::Unknown;
    let another: Vec<bool> = of_actor.iter().zip(&web).map(another).collect();
    let mut of_event: Vec<u32> = Vec::with_capacity(table.events.len());
    let mut at_address = vec![At::Nobody; table.addresses.len()];
    let mut others: Vec<usize> = Vec::new();
    for (number, event) in table.events.iter().enumerate() {
        let who = of_actor[event.actor as usize];
        of_event.push(who);
        if another[event.actor as usize] {
            others.push(number);
        }
        if named[event.actor as usize] && event.error == 0 {
            let at = &mut at_address[event.address as usize];
            *at = match *at {
                At::Nobody => At::One(who),
                At::One(known) if known == who => At::One(who),
                _ => At::Several,
            };
        }
    }
    for number in others {
        let (event, who) = (&table.events[number], &mut of_event[number]);
        if web[event.actor as usize] {
            let role = table.arns.get(table.detail(event).role);
            if let Some(&n) = roles.get(&(role_name(role).to_owned(), arn_account(role).to_owned())) {
                *who = n;
            }
        } else if let At::One(n) = at_address[event.address as usize] {
            *who = n;
        }
    }
    // Identities that lost all their events stay out of the list's counts, not out of the list: numbers are stable.
    all.iter_mut().for_each(|i| i.name.truncate(i.name.char_indices().nth(120).map_or(i.name.len(), |(at, _)| at)));
    Identities { all, of_event }
}

/// Actors who differ in their credentials only are resolved alike: for each which kind it is of, and the first of each kind.
#[inline(never)]
fn alike(actors: &[Actor]) -> (Vec<u32>, Vec<u32>) {
    let mut kinds: HashMap<Actor, u32> = HashMap::new();
    let mut first_alike = Vec::new();
    let kind_of = |(number, actor): (u32, &Actor)| {
        *kinds.entry(Actor { key: 0, created: 0, mfa: Tri::Unsaid, ..*actor }).or_insert_with(|| {
            first_alike.push(number);
            first_alike.len() as u32 - 1
        })
    };
    ((0..).zip(actors).map(kind_of).collect(), first_alike)
}

/// Events that say more than who called what: few, so that all are looked at once only.
struct Telling<'a> {
    detailed: Vec<&'a Event>,
    /// Those of somebody who signs in by name.
    signing_in: Vec<&'a Event>,
    /// Actors whose clients say Lambda.
    lambdas: Vec<u32>,
}

impl<'a> Telling<'a> {
    #[inline(never)]
    fn of(table: &'a EventTable, alike: &[u32], first_alike: &[u32]) -> Telling<'a> {
        let by_name = |n: &u32| matches!(table.texts.get(table.actors[*n as usize].kind), "Unknown" | "IdentityCenterUser");
        let by_name: Vec<bool> = first_alike.iter().map(by_name).collect();
        let by_name: Vec<bool> = alike.iter().map(|kind| by_name[*kind as usize]).collect();
        let of_lambda: Vec<bool> = (0..table.agents.len() as u32).map(|id| table.agents.get(id).contains("AWS_Lambda")).collect();
        let mut asked = vec![false; table.actors.len()];
        let mut telling = Telling { detailed: Vec::new(), signing_in: Vec::new(), lambdas: Vec::new() };
        for event in &table.events {
            if event.detail != 0 {
                telling.detailed.push(event);
            }
            if by_name[event.actor as usize] {
                telling.signing_in.push(event);
            }
            if of_lambda[event.agent as usize] && !std::mem::replace(&mut asked[event.actor as usize], true) {
                telling.lambdas.push(event.actor);
            }
        }
        telling
    }
}

/// `first_alike`: actors who stand for all others, see [`alike`].
#[inline(never)]
fn collect_names<'a>(table: &'a EventTable, telling: &Telling<'_>, first_alike: &[u32]) -> Names<'a> {
    let mut names = Names {
        users: HashMap::new(),
        mails: HashMap::new(),
        behalf: HashMap::new(),
        credentials: HashMap::new(),
        lambdas: HashMap::new(),
        principals: HashMap::new(),
        subjects: HashMap::new(),
    };
    for actor in first_alike.iter().map(|n| &table.actors[*n as usize]) {
        let (kind, arn) = (table.texts.get(actor.kind), table.arns.get(actor.arn));
        match kind {
            "IAMUser" if !arn.is_empty() => {
                let accounts = names.users.entry(table.names.get(actor.name)).or_default();
                let account = table.texts.get(actor.account);
                if !accounts.contains(&account) {
                    accounts.push(account);
                }
                if actor.principal != 0 && actor.name != 0 {
                    names.principals.entry(actor.principal).or_insert((table.names.get(actor.name), account));
                }
            }
            "AssumedRole" => {
                if let Some((role, session)) = role_and_session(arn) {
                    let sso = role.starts_with("AWSReservedSSO_");
                    if sso || session.contains('@') {
                        let class = if sso { Class::HumanSso } else { Class::HumanSaml };
                        let known = names.mails.entry(local(session)).or_insert(class);
                        *known = (*known).min(class);
                        if actor.on_behalf_of != 0 {
                            names.behalf.insert(actor.on_behalf_of, local(session));
                        }
                    }
                }
            }
            "Unknown" | "IdentityCenterUser" if actor.name != 0 => {
                let name = local(table.names.get(actor.name));
                if !name.starts_with("hidden_due_to") {
                    names.mails.insert(name, Class::HumanSso);
                }
            }
            "SAMLUser" if actor.name != 0 => {
                names.mails.entry(local(table.names.get(actor.name))).or_insert(Class::HumanSaml);
            }
            _ => {}
        }
    }
    let lambdas = telling.lambdas.iter().filter_map(|actor| role_and_session(table.arns.get(table.actors[*actor as usize].arn)));
    names.lambdas.extend(lambdas.map(|(role, _)| (role, ())));
    let mut workflows: HashMap<u32, String> = HashMap::new();
    for event in &telling.signing_in {
        let actor = &table.actors[event.actor as usize];
        let detail = table.detail(event);
        let said = if detail.said_name != 0 { detail.said_name } else { actor.name };
        if said != 0 {
            let name = local(table.names.get(said));
            if name.starts_with("hidden_due_to") {
                continue;
            }
            if actor.on_behalf_of != 0 {
                names.behalf.entry(actor.on_behalf_of).or_insert_with(|| name.clone());
            }
            if actor.credential != 0 {
                names.credentials.entry(actor.credential).or_insert_with(|| name.clone());
            }
            if detail.workflow != 0 {
                workflows.entry(detail.workflow).or_insert(name);
            }
        }
    }
    for event in &telling.detailed {
        let actor = &table.actors[event.actor as usize];
        if actor.on_behalf_of != 0
            && let Some(name) = workflows.get(&table.detail(event).workflow)
        {
            names.behalf.entry(actor.on_behalf_of).or_insert_with(|| name.clone());
        }
        let session = table.texts.get(table.detail(event).session_name);
        if !session.is_empty() && table.texts.get(actor.kind) == "SAMLUser" && nameless(table.names.get(actor.name), session) {
            names.mails.entry(local(session)).or_insert(Class::HumanSaml);
            names.subjects.entry(actor.name).or_insert_with(|| local(session));
        }
    }
    names
}

/// Whether a SAML subject is no name of a person, as that of their session is: identity providers may send another number with every login.
/// `NameID` and `RoleSessionName`: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html>.
fn nameless(subject: &str, session: &str) -> bool {
    let number = |c: char| c.is_ascii_hexdigit() || matches!(c, '_' | '-');
    !subject.contains('@') && (session.contains('@') || subject.len() >= 16 && subject.chars().all(number))
}

fn human(name: String, class: Class, account: &str) -> (String, Identity) {
    (format!("human {name}"), Identity { name, class, account: account.to_owned() })
}

#[inline(never)]
fn resolve(table: &EventTable, names: &Names<'_>, actor: &Actor) -> (String, Identity) {
    let kind = table.texts.get(actor.kind);
    let arn = table.arns.get(actor.arn);
    let name = table.names.get(actor.name);
    let account = if actor.account == 0 { arn_account(arn) } else { table.texts.get(actor.account) };
    let identity = |name: &str, class: Class| Identity { name: name.to_owned(), class, account: account.to_owned() };
    match kind {
        "Root" => (format!("root {account}"), identity("root", Class::Root)),
        "IAMUser" if name.starts_with("HIDDEN_DUE_TO") || (name.is_empty() && arn.is_empty()) => {
            (format!("unknown {account}"), identity("unknown user", Class::Unknown))
        }
        "IAMUser" => {
            let name = if name.is_empty() { role_name(arn) } else { name };
            user(names, name, account)
        }
        "AssumedRole" | "Role" => role(table, names, actor, arn, account),
        "FederatedUser" => {
            let issuer = table.arns.get(actor.issuer);
            match issuer.rsplit_once(":user/") {
                Some((_, name)) => user(names, role_name(name), account),
                None => user(names, role_name(arn), account),
            }
        }
        "SAMLUser" => human(names.subjects.get(&actor.name).cloned().unwrap_or_else(|| local(name)), Class::HumanSaml, ""),
        "Unknown" | "IdentityCenterUser" => {
            let known = names.behalf.get(&actor.on_behalf_of).or_else(|| names.credentials.get(&actor.credential));
            if let Some(name) = known.filter(|_| actor.on_behalf_of != 0 || actor.credential != 0) {
                return human(name.clone(), Class::HumanSso, "");
            }
            if actor.on_behalf_of != 0 {
                return human(table.texts.get(actor.on_behalf_of).to_owned(), Class::HumanSso, "");
            }
            if name.is_empty() || name.starts_with("HIDDEN_DUE_TO") {
                return (format!("unknown {account}"), identity("unknown user", Class::Unknown));
            }
            human(local(name), Class::HumanSso, "")
        }
        "WebIdentityUser" => (format!("web {name}"), identity(name, Class::CiRole)),
        "AWSService" | "" if actor.invoked_by != 0 || actor.arn == 0 => {
            let service = table.texts.get(actor.invoked_by);
            let service = if service.is_empty() { "AWS" } else { service };
            (format!("service {service}"), Identity { name: service.to_owned(), class: Class::Service, account: String::new() })
        }
        "AWSAccount" => {
            // Another account sees of a user the principal ID only.
            if let Some((name, account)) = names.principals.get(&actor.principal).filter(|_| actor.principal != 0) {
                return user(names, name, account);
            }
            // `AROA…:SESSION` is a role's session in the caller's own account: a person's where the name is known.
            let (principal, session) = table.names.get(actor.principal).split_once(':').unwrap_or((table.names.get(actor.principal), ""));
            let short = local(session);
            if let Some(&class) = names.mails.get(&short) {
                return human(short, class, "");
            }
            if let Some(accounts) = names.users.get(session) {
                return user(names, session, accounts.first().copied().unwrap_or(""));
            }
            let name = if principal.is_empty() || principal == account { format!("account {account}") } else { format!("{principal} of {account}") };
            (format!("foreign {account} {principal}"), identity(&name, Class::CrossAccount))
        }
        _ => {
            let name = if !arn.is_empty() { arn } else if !name.is_empty() { name } else { table.names.get(actor.principal) };
            (format!("other {name} {account}"), identity(name, Class::Role))
        }
    }
}

/// An IAM user is the person of that name where somebody signs in by SSO or SAML under it, else a user of its account.
fn user(names: &Names<'_>, name: &str, account: &str) -> (String, Identity) {
    let short = local(name);
    if names.mails.contains_key(&short) {
        return human(short, Class::IamUser, account);
    }
    let identity = Identity { name: name.to_owned(), class: Class::IamUser, account: account.to_owned() };
    (format!("user {account} {name}"), identity)
}

/// Whether a session's name is an EC2 instance's ID.
pub(crate) fn is_instance(name: &str) -> bool {
    name.len() >= 10 && name.strip_prefix("i-").is_some_and(|id| id.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn role(table: &EventTable, names: &Names<'_>, actor: &Actor, arn: &str, account: &str) -> (String, Identity) {
    let (role, session) = role_and_session(arn).unwrap_or((role_name(arn), ""));
    let source = table.texts.get(actor.source_identity);
    let person = if source.is_empty() { session } else { source };
    let short = local(person);
    let machine = |class: Class| {
        let identity = Identity { name: role.to_owned(), class, account: account.to_owned() };
        (format!("role {account} {role}"), identity)
    };
    if role.starts_with("AWSReservedSSO_") {
        return human(short, Class::HumanSso, "");
    }
    let issuer = table.arns.get(actor.issuer);
    if role.starts_with("AWSServiceRoleFor") || issuer.contains(":role/aws-service-role/") {
        return machine(Class::ServiceRole);
    }
    let provider = table.texts.get(actor.provider);
    if provider.contains("oidc.eks") {
        return machine(Class::PodRole);
    }
    if provider.contains(":oidc-provider/") {
        return machine(Class::CiRole);
    }
    if actor.delivered != 0 || is_instance(session) {
        return machine(Class::Ec2Role);
    }
    if let Some(&class) = names.mails.get(&short) {
        return human(short, class, "");
    }
    if let Some(accounts) = names.users.get(person) {
        return user(names, person, accounts.first().copied().unwrap_or(""));
    }
    if names.lambdas.contains_key(role) {
        return machine(Class::LambdaRole);
    }
    machine(Class::Role)
}
