//! What every defender of AWS knows: facts to label, ATT&CK technique, floor of severity.
//!
//! Rules are labels and floors, not scores: shown whatever the statistics say, and counted apart.
//! **To add a rule**: write its check below and add its row to [`RULES`].

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use crate::client::Client;
use crate::columns::{AMAZON, Aside, Facts, Method};
use crate::event::{EventTable, Kind, Tri};
use crate::geo::AddressKind;
use crate::identity::{Class, Identities};
use crate::matrix::Matrix;
use crate::report::{Label, Severity};
use crate::session::Session;

/// What a rule may look at.
pub(crate) struct Scene<'a> {
    /// Events and strings.
    pub table: &'a EventTable,
    /// Who.
    pub identities: &'a Identities,
    /// Parsed clients.
    pub clients: &'a [Client],
    /// All sessions, in order of their start.
    pub sessions: &'a [Session],
    /// Their facts.
    pub facts: &'a [Facts],
    /// Their columns.
    pub matrix: &'a Matrix,
    /// What is known of them beside.
    pub aside: &'a Aside,
    /// Public networks on which each key was used, of keys that were on several.
    pub moved_keys: &'a MovedKeys,
}

/// By key, in the table's texts: networks.
pub(crate) type MovedKeys = HashMap<u32, BTreeSet<u32>>;

/// The keys that were used on several public networks. There are so many `texts`.
pub(crate) fn moved_keys(facts: &[Facts], texts: usize) -> MovedKeys {
    let mut first = vec![0; texts];
    let mut moved = MovedKeys::new();
    for fact in facts.iter().filter(|fact| fact.site.kind == AddressKind::Public && fact.site.network != 0) {
        for key in &fact.keys {
            let first = &mut first[*key as usize];
            if *first == 0 {
                *first = fact.site.network;
            } else if *first != fact.site.network {
                moved.entry(*key).or_insert_with(|| BTreeSet::from([*first])).insert(fact.site.network);
            }
        }
    }
    moved
}

impl<'a> Scene<'a> {
    /// A column of a session by name; 0 where there is none.
    pub(crate) fn column(&self, session: usize, name: &str) -> f64 {
        self.matrix.names.iter().position(|n| *n == name).map_or(0.0, |c| self.matrix.values[[session, c]])
    }
    /// Calls of a session that succeeded and satisfy a test, by name.
    fn calls(&self, session: usize, test: impl Fn(&str) -> bool) -> Vec<&str> {
        let calls = self.facts[session].calls.iter().filter(|c| c.count > c.errors);
        calls.map(|c| self.table.texts.get(c.call)).filter(|name| test(name)).collect()
    }
    fn class(&self, session: usize) -> Class {
        self.identities.all[self.sessions[session].identity as usize].class
    }
}

/// One rule.
pub(crate) struct Rule {
    /// Its name.
    pub name: &'static str,
    /// MITRE ATT&CK technique.
    pub technique: &'static str,
    /// The floor of severity.
    pub severity: Severity,
    /// Whether it is an alert whatever the statistics say: rules that named no ordinary session in any organisation
    /// with labels (docs/evaluation.md).
    pub sure: bool,
    /// What was seen, if it matches.
    check: fn(&Scene<'_>, usize) -> Option<String>,
}

/// The rule about the client itself: what the settings name as a scanner is none.
pub(crate) const ATTACK_TOOL: &str = "attack tool";

/// The rules, worst first.
pub(crate) const RULES: [Rule; 14] = [
    Rule { name: "root without MFA", technique: "T1078.004", severity: Severity::High, sure: true, check: root_without_mfa },
    Rule { name: "workload key outside its cloud", technique: "T1552.005", severity: Severity::High, sure: true, check: workload_outside },
    Rule { name: "failures, then success", technique: "T1110.001", severity: Severity::High, sure: false, check: failures_then_success },
    Rule { name: "logging switched off", technique: "T1562.008", severity: Severity::High, sure: false, check: logging_off },
    Rule { name: ATTACK_TOOL, technique: "T1588.002", severity: Severity::High, sure: false, check: attack_tool },
    Rule { name: "root password recovery", technique: "T1098", severity: Severity::Medium, sure: true, check: root_recovery },
    Rule { name: "impossible travel", technique: "T1078.004", severity: Severity::Medium, sure: false, check: impossible_travel },
    Rule { name: "password spray", technique: "T1110.003", severity: Severity::Medium, sure: true, check: spray },
    Rule { name: "session key on two networks", technique: "T1550.001", severity: Severity::Medium, sure: false, check: key_on_two_networks },
    Rule { name: "new way in", technique: "T1098.001", severity: Severity::Medium, sure: false, check: new_way_in },
    Rule { name: "federation token", technique: "T1550.001", severity: Severity::Medium, sure: true, check: federation_token },
    Rule { name: "data shared outside", technique: "T1537", severity: Severity::Medium, sure: false, check: shared_outside },
    Rule { name: "MFA left out", technique: "T1556.006", severity: Severity::Low, sure: false, check: mfa_left_out },
    Rule { name: "root used", technique: "T1078.004", severity: Severity::Low, sure: false, check: root_used },
];

/// What the rules say of a session.
pub(crate) fn labels_of(scene: &Scene<'_>, session: usize) -> Vec<Label> {
    RULES
        .iter()
        .filter_map(|rule| {
            let sentence = (rule.check)(scene, session)?;
            Some(Label { rule: rule.name.into(), technique: rule.technique.into(), severity: rule.severity, sentence })
        })
        .collect()
}

/// Whether one of these labels is an alert whatever the statistics say.
pub(crate) fn sure(labels: &[Label]) -> bool {
    RULES.iter().any(|rule| rule.sure && labels.iter().any(|label| label.rule == rule.name))
}

/// A network below this surprise (bits) is the identity's own.
const UNUSUAL: f64 = 5.0;
/// Calls below this surprise (bits) are the identity's or everybody's daily work.
const RARE: f64 = 2.5;

fn root_without_mfa(scene: &Scene<'_>, session: usize) -> Option<String> {
    let fact = &scene.facts[session];
    (scene.class(session) == Class::Root && fact.logins > 0 && fact.mfa == Tri::No)
        .then(|| "The root user signed in without MFA.".into())
}

fn root_used(scene: &Scene<'_>, session: usize) -> Option<String> {
    let fact = &scene.facts[session];
    (scene.class(session) == Class::Root && fact.method != Method::Service && (fact.logins > 0 || !fact.calls.is_empty()))
        .then(|| "The root user was used.".into())
}

fn workload_outside(scene: &Scene<'_>, session: usize) -> Option<String> {
    let (class, site) = (scene.class(session), &scene.facts[session].site);
    let workload = matches!(class, Class::Ec2Role | Class::LambdaRole | Class::PodRole);
    let inside = AMAZON.contains(&site.network) || site.network == 0;
    (workload && site.kind == AddressKind::Public && !inside && scene.column(session, "network") > UNUSUAL)
        .then(|| format!("Credentials of {} were used outside AWS.", class.words()))
}

fn failures_then_success(scene: &Scene<'_>, session: usize) -> Option<String> {
    let fact = &scene.facts[session];
    if fact.failed_logins < 4 || fact.logins == 0 || !scene.class(session).human() {
        return None;
    }
    Some(format!("{} logins failed, then one succeeded.", fact.failed_logins))
}

fn spray(scene: &Scene<'_>, session: usize) -> Option<String> {
    let users = scene.aside.failing_here[session];
    (users >= 4 && scene.column(session, "spray") > 1.0 && scene.facts[session].failed_logins > 0)
        .then(|| format!("Logins of {users} users failed at this address within a day."))
}

fn impossible_travel(scene: &Scene<'_>, session: usize) -> Option<String> {
    let speed = scene.column(session, "speed");
    (speed > 0.0).then(|| {
        let kmh = crate::num::grouped((900.0 * crate::num::pow(2.0, speed - 1.0)).round() as u64);
        format!("To be here and at the place of the session beside it, one would travel at {kmh} km/h or more.")
    })
}

fn key_on_two_networks(scene: &Scene<'_>, session: usize) -> Option<String> {
    let fact = &scene.facts[session];
    if fact.site.kind != AddressKind::Public || scene.column(session, "key_moved") < 1.0 {
        return None;
    }
    fact.keys.iter().find_map(|key| {
        let text = scene.table.texts.get(*key);
        let networks = scene.moved_keys.get(key)?.len();
        text.starts_with("ASIA").then(|| format!("The session's key was used on {networks} networks."))
    })
}

fn logging_off(scene: &Scene<'_>, session: usize) -> Option<String> {
    const OFF: [&str; 12] = [
        "cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:PutEventSelectors", "cloudtrail:UpdateTrail",
        "guardduty:DeleteDetector", "guardduty:UpdateDetector", "guardduty:DisassociateMembers",
        "config:StopConfigurationRecorder", "config:DeleteConfigurationRecorder", "ec2:DeleteFlowLogs",
        "logs:DeleteLogGroup", "route53resolver:DeleteResolverQueryLogConfig",
    ];
    unusual_calls(scene, session, &OFF).map(|calls| format!("Logging or watching was changed: {calls}."))
}

fn new_way_in(scene: &Scene<'_>, session: usize) -> Option<String> {
    const WAYS: [&str; 9] = [
        "iam:CreateUser", "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile",
        "iam:UpdateAssumeRolePolicy", "iam:CreateSAMLProvider", "iam:CreateOpenIDConnectProvider",
        "rolesanywhere:CreateTrustAnchor", "iam:CreateVirtualMFADevice",
    ];
    unusual_calls(scene, session, &WAYS).map(|calls| format!("A new way in was made: {calls}."))
}

fn shared_outside(scene: &Scene<'_>, session: usize) -> Option<String> {
    const SHARES: [&str; 6] = [
        "ec2:ModifySnapshotAttribute", "ec2:ModifyImageAttribute", "rds:ModifyDBSnapshotAttribute",
        "s3:PutBucketPolicy", "s3:PutBucketAcl", "s3:PutBucketPublicAccessBlock",
    ];
    let to_strangers = scene.aside.strangers.of(session).and_then(|opened| opened.sentence());
    to_strangers.or_else(|| unusual_calls(scene, session, &SHARES).map(|calls| format!("Data may have been opened to others: {calls}.")))
}

fn federation_token(scene: &Scene<'_>, session: usize) -> Option<String> {
    unusual_calls(scene, session, &["sts:GetFederationToken"])
        .map(|_| "A federation token was asked for; it lives on when the key is taken away.".into())
}

fn root_recovery(scene: &Scene<'_>, session: usize) -> Option<String> {
    let calls = scene.calls(session, |name| name.starts_with("signin:PasswordRecovery"));
    (!calls.is_empty() && scene.class(session) == Class::Root).then(|| "The root user's password was recovered.".into())
}

fn attack_tool(scene: &Scene<'_>, session: usize) -> Option<String> {
    let client = &scene.clients[scene.sessions[session].client as usize];
    let tool = matches!(&*client.tool, "Pacu" | "TruffleHog" | "stratus-red-team" | "ScoutSuite");
    let system = matches!(&*client.system, "Kali" | "Parrot" | "Pentoo");
    (tool || system).then(|| format!("The client says it is {}.", client.words()))
}

fn mfa_left_out(scene: &Scene<'_>, session: usize) -> Option<String> {
    let fact = &scene.facts[session];
    (fact.logins > 0 && fact.mfa == Tri::No && scene.column(session, "mfa") > 3.0)
        .then(|| "A login without MFA, where this identity or its peers use it.".into())
}

/// Those of `wanted` that the session made with success and that are not usual for it, as words.
fn unusual_calls(scene: &Scene<'_>, session: usize, wanted: &[&str]) -> Option<String> {
    if scene.column(session, "rare_calls") < RARE && scene.column(session, "new_calls") == 0.0 {
        return None;
    }
    let calls = scene.calls(session, |name| wanted.contains(&name));
    (!calls.is_empty()).then(|| calls.join(", "))
}

/// What came of a session: keys issued, roles assumed, users created, secrets read.
#[inline(never)]
pub(crate) fn came_of(scene: &Scene<'_>, session: usize) -> Vec<String> {
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    let table = scene.table;
    for &number in &scene.sessions[session].events {
        let event = &table.events[number as usize];
        if event.error != 0 {
            continue;
        }
        let detail = table.detail(event);
        let name = table.texts.get(event.call);
        let what = match name {
            _ if event.kind == Kind::Issue && detail.role != 0 => format!("role assumed: {}", table.arns.get(detail.role)),
            _ if event.kind == Kind::Issue && detail.issued_key != 0 => {
                format!("credentials issued: {}", table.texts.get(detail.issued_key))
            }
            "iam:CreateAccessKey" if detail.new_key != 0 => format!("access key created: {}", table.texts.get(detail.new_key)),
            "iam:CreateUser" => format!("user created: {}", table.names.get(detail.user)),
            "iam:CreateLoginProfile" | "iam:UpdateLoginProfile" => format!("console password set: {}", table.names.get(detail.user)),
            "iam:AttachUserPolicy" | "iam:AttachRolePolicy" => format!("policy attached: {}", table.texts.get(detail.policy)),
            "secretsmanager:GetSecretValue" => format!("secret read: {}", table.texts.get(event.target)),
            _ => continue,
        };
        *found.entry(what).or_default() += 1;
    }
    let mut list: Vec<(u32, String)> = found.into_iter().map(|(what, count)| (count, what)).collect();
    list.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    list.into_iter().take(20).map(|(count, what)| if count > 1 { format!("{what} ({count} times)") } else { what }).collect()
}
