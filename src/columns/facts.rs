//! A session's facts: what it shows of place, client, time, proof and deeds, before anything is known of what is usual.

use super::handed::{Handed, hands};
use crate::client::{CLOUD_SHELL, Client};
use crate::event::{EventTable, Kind, Tri};
use crate::geo::{AddressKind, Geo, NetworkKind};
use crate::identity::{Class, Identities, is_instance};
use crate::session::Session;

/// Where an address is, as far as the table of networks knows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Site {
    /// Public, private, a service's name, or no address.
    pub kind: AddressKind,
    /// Two letters; zero where unknown.
    pub country: [u8; 2],
    /// Autonomous system number, the lowest of its owner's; 0 where unknown.
    pub network: u32,
    /// Kind of network.
    pub network_kind: NetworkKind,
    /// The /24 or /48, or a number of its own for anything that is no address.
    pub prefix: u64,
    /// Latitude, longitude and radius of uncertainty (km), where known.
    pub point: Option<(f64, f64, f64)>,
}

impl Site {
    /// What the table says of an address; `number` tells non-addresses apart.
    pub(crate) fn of(geo: &Geo, address: &str, number: u32) -> Site {
        let place = geo.look_up(address);
        let prefix = address.parse().map_or(u64::from(number) | 1 << 63, |ip| geo.prefix(ip));
        let public = place.kind == AddressKind::Public && !matches!(place.network_kind, NetworkKind::Cloud | NetworkKind::Relay);
        let network = if AMAZON.contains(&place.asn) { place.asn } else { geo.first_of_owner(place.asn) };
        let point = if public { address.parse().ok().and_then(|ip| geo.location(ip)) } else { None };
        Site { kind: place.kind, country: place.country, network, network_kind: place.network_kind, prefix, point }
    }
    /// A number that tells countries apart: services and private addresses count as places of their own.
    pub(crate) fn country_value(&self) -> u64 {
        match self.kind {
            // A cloud's addresses say where its machines are registered, not where anybody is.
            AddressKind::Public if self.network_kind == NetworkKind::Cloud => 1 << 48 | self.network_value(),
            AddressKind::Public => u64::from(self.country[0]) << 8 | u64::from(self.country[1]),
            kind => 1 << 40 | kind as u64,
        }
    }
    /// The same for networks. Amazon's count by country: that is the region a workload runs in.
    pub(crate) fn network_value(&self) -> u64 {
        let country = u64::from(self.country[0]) << 40 | u64::from(self.country[1]) << 32;
        match self.kind {
            AddressKind::Public if self.network == 0 => self.prefix | 1 << 63,
            AddressKind::Public if AMAZON.contains(&self.network) => country | u64::from(self.network),
            AddressKind::Public => u64::from(self.network),
            kind => 1 << 62 | kind as u64,
        }
    }
}

/// Amazon's own networks.
pub(crate) const AMAZON: [u32; 4] = [16509, 14618, 8987, 7224];

/// How a session began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[allow(missing_docs)]
pub(crate) enum Method {
    Password,
    FailedLogin,
    Sso,
    Saml,
    WebIdentity,
    AccessKey,
    SessionToken,
    FederationToken,
    Role,
    Console,
    Service,
    #[default]
    Other,
}

impl Method {
    /// In words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Method::Password => "password",
            Method::FailedLogin => "failed login",
            Method::Sso => "SSO",
            Method::Saml => "SAML",
            Method::WebIdentity => "web identity",
            Method::AccessKey => "access key",
            Method::SessionToken => "session token",
            Method::FederationToken => "federation token",
            Method::Role => "role",
            Method::Console => "console",
            Method::Service => "service",
            Method::Other => "other",
        }
    }
}

/// One call as a session made it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Calls {
    /// In the table's texts.
    pub call: u32,
    /// How often.
    pub count: u32,
    /// Of them, with an error.
    pub errors: u32,
    /// All of them changed only how the user themselves signs in.
    pub own: bool,
}

/// What one session shows.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// Who, as in [`Session`].
    pub identity: u32,
    /// The class of the identity, as a number.
    pub peer: u32,
    /// Sessions are compared with those of the same pool: people together, each class of machine by itself.
    pub pool: u32,
    /// Where from.
    pub site: Site,
    /// How it began.
    pub method: Method,
    /// Multi-factor, judged within the class of identity; `Unsaid` where the file cannot tell.
    pub mfa: Tri,
    /// Distinct calls, by name's number.
    pub calls: Vec<Calls>,
    /// Distinct regions (not of sign-in events: they are not the person's place).
    pub regions: Vec<u32>,
    /// Distinct roles acted under (texts of the ARN), and roles asked for.
    pub roles: Vec<u32>,
    /// Roles asked for by AssumeRole and its like, SwitchRole's target.
    pub targets: Vec<u32>,
    /// Distinct targets (buckets, secrets, instances) touched.
    pub touched: u32,
    /// They themselves, in the table's texts.
    pub things: Vec<u32>,
    /// Events.
    pub events: u32,
    /// Of them, with an error.
    pub errors: u32,
    /// Distinct calls refused.
    pub denied: u32,
    /// Failed logins.
    pub failed_logins: u32,
    /// Logins that succeeded.
    pub logins: u32,
    /// It proved itself: a login, credentials issued, a change of role.
    pub proved: bool,
    /// Bytes sent out.
    pub bytes_out: u64,
    /// Writes (calls not read-only).
    pub writes: u32,
    /// Access key IDs used, in the table's texts.
    pub keys: Vec<u32>,
    /// Those issued or made here.
    pub issued: Vec<u32>,
    /// Lists of accounts to which it opened something, in the table's texts.
    pub opened: Vec<u32>,
    /// Other users to whom it handed a way in or more rights, each once.
    pub handed: Vec<Handed>,
    /// EC2 instances that act, each as the ARN of its session.
    pub instances: Vec<u32>,
    /// The MFA device named, in the table's texts; 0 where none is.
    pub mfa_device: u32,
    /// The address lies in a range the settings name: usual for everybody.
    pub known_place: bool,
}

impl Facts {
    /// Nothing but logins that failed: it says nothing of whom they name.
    pub(super) fn only_failed(&self) -> bool {
        self.failed_logins > 0 && self.logins == 0 && self.events <= self.failed_logins
    }
}

/// Collects a session's facts.
#[inline(never)]
pub(crate) fn facts_of(table: &EventTable, identities: &Identities, session: &Session, site: Site, client: &Client) -> Facts {
    let class = identities.all[session.identity as usize].class;
    // Where CloudShell calls from is no place of anybody's.
    let in_shell = client.tool == CLOUD_SHELL && AMAZON.contains(&site.network);
    let site = if in_shell { Site { kind: AddressKind::Service, country: [0, 0], point: None, ..site } } else { site };
    let mut facts = Facts {
        identity: session.identity,
        peer: class as u32,
        pool: if class.human() && class != Class::Unknown { Class::IamUser as u32 } else { class as u32 },
        site,
        method: Method::Other,
        mfa: Tri::Unsaid,
        calls: Vec::new(),
        regions: Vec::new(),
        roles: Vec::new(),
        targets: Vec::new(),
        touched: 0,
        things: Vec::new(),
        events: session.events.len() as u32,
        errors: 0,
        denied: 0,
        failed_logins: 0,
        logins: 0,
        proved: false,
        bytes_out: 0,
        writes: 0,
        keys: Vec::new(),
        issued: Vec::new(),
        opened: Vec::new(),
        handed: Vec::new(),
        instances: Vec::new(),
        mfa_device: 0,
        known_place: false,
    };
    let mut calls: Vec<(u32, bool)> = Vec::with_capacity(session.events.len());
    let (mut regions, mut roles, mut targets) = (Distinct::default(), Distinct::default(), Distinct::default());
    let (mut touched, mut denied, mut keys) = (Distinct::default(), Distinct::default(), Distinct::default());
    let mut instances = Distinct::default();
    let mut method = None;
    let mut calling = None;
    for &number in &session.events {
        let event = &table.events[number as usize];
        let actor = &table.actors[event.actor as usize];
        let detail = table.detail(event);
        calls.push((event.call, event.error != 0));
        if event.error != 0 {
            facts.errors += 1;
            let error = table.texts.get(event.error);
            if error.contains("Denied") || error.contains("Unauthorized") || error.contains("Forbidden") {
                denied.insert(event.call);
            }
        }
        match event.kind {
            Kind::Login => facts.logins += 1,
            Kind::LoginFailed => facts.failed_logins += 1,
            _ => {}
        }
        if matches!(event.kind, Kind::Api | Kind::Issue) {
            regions.insert(event.region);
        }
        if event.target != 0 {
            touched.insert(event.target);
        }
        facts.bytes_out += u64::from(event.bytes_out);
        facts.writes += u32::from(!event.read_only && event.kind == Kind::Api);
        facts.proved |= matches!(event.kind, Kind::Login | Kind::Issue | Kind::Switch);
        // Of calls in a row by the same actor, the next says nothing more of who and how.
        if event.kind == Kind::Api && event.detail == 0 && calling.replace(event.actor) == Some(event.actor) {
            continue;
        }
        let here = method_of(table, event, actor, detail, client);
        let known = method.get_or_insert(here);
        if *known > here || *known == Method::FailedLogin {
            // The strongest proof seen names the session; a later success names it rather than a failure.
            if here != Method::FailedLogin {
                *known = here;
            }
        }
        let kind = table.texts.get(actor.kind);
        // For logins by SSO and SAML CloudTrail says "MFAUsed: No" whatever the identity provider asked for.
        let said = match (event.kind, kind) {
            (Kind::Login, "IAMUser" | "Root") => detail.mfa,
            (Kind::Login, "Unknown" | "IdentityCenterUser") if detail.credential_type != 0 => {
                if detail.mfa == Tri::Yes { Tri::Yes } else { Tri::No }
            }
            // The login to the console told it.
            (Kind::Api | Kind::Issue, _) if in_shell => Tri::Unsaid,
            (Kind::Api | Kind::Issue, "IAMUser" | "Root") if actor.created != 0 => actor.mfa,
            _ => Tri::Unsaid,
        };
        facts.mfa = facts.mfa.max(said);
        if detail.mfa_identifier != 0 && facts.mfa_device == 0 {
            facts.mfa_device = detail.mfa_identifier;
        }
        if actor.issuer != 0 {
            roles.insert(actor.issuer);
        }
        if detail.role != 0 {
            targets.insert(detail.role);
        }
        if class == Class::Ec2Role && table.arns.get(actor.arn).rsplit('/').next().is_some_and(is_instance) {
            instances.insert(actor.arn);
        }
        if actor.key != 0 {
            keys.insert(actor.key);
        }
        if event.error == 0 {
            facts.issued.extend([detail.issued_key, detail.new_key].iter().filter(|key| **key != 0));
            facts.opened.extend(Some(detail.opened).filter(|list| *list != 0));
            let handed = Handed { user: detail.user, call: event.call };
            if detail.user != 0 && detail.user != actor.name && hands(table.texts.get(event.call)) && !facts.handed.contains(&handed) {
                facts.handed.push(handed);
            }
        }
    }
    facts.method = method.unwrap_or_default();
    calls.sort_unstable();
    facts.calls = calls
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| Calls {
            call: same[0].0,
            count: same.len() as u32,
            errors: same.iter().filter(|(_, error)| *error).count() as u32,
            own: is_own(table, session, same[0].0),
        })
        .collect();
    facts.regions = regions.ascending();
    facts.roles = roles.ascending();
    facts.targets = targets.ascending();
    facts.keys = keys.ascending();
    facts.instances = instances.ascending();
    facts.things = touched.ascending();
    facts.touched = facts.things.len() as u32;
    facts.denied = denied.ascending().len() as u32;
    facts
}

/// Whether a call changes how users sign in, and a session made it as an IAM user about that user only: where no user is named,
/// AWS means the caller (<https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html>). Or it is about MFA, made by a
/// user of Identity Center, who has to do only with their own devices; an administrator acts under a role.
fn is_own(table: &EventTable, session: &Session, call: u32) -> bool {
    let (kind, by_all_means) = match table.texts.get(call) {
        "iam:CreateAccessKey" | "iam:UpdateAccessKey" | "iam:DeleteAccessKey" | "iam:ChangePassword" | "iam:CreateVirtualMFADevice"
        | "iam:EnableMFADevice" | "iam:DeactivateMFADevice" | "iam:DeleteVirtualMFADevice" | "iam:ResyncMFADevice" | "iam:UploadSSHPublicKey" => ("IAMUser", false),
        directory if directory.starts_with("sso-directory:") && directory.contains("MfaDevice") => ("IdentityCenterUser", true),
        _ => return false,
    };
    let about_oneself = |event: &crate::event::Event| {
        let (actor, user) = (&table.actors[event.actor as usize], table.detail(event).user);
        event.kind == Kind::Api && table.texts.get(actor.kind) == kind && (by_all_means || user == 0 || user == actor.name)
    };
    session.events.iter().map(|number| &table.events[*number as usize]).filter(|event| event.call == call).all(about_oneself)
}

/// Numbers, each once. A session has few, and many in a row are the same.
#[derive(Default)]
struct Distinct(Vec<u32>);

impl Distinct {
    fn insert(&mut self, number: u32) {
        if self.0.last() != Some(&number) {
            self.0.push(number);
        }
    }
    fn ascending(mut self) -> Vec<u32> {
        self.0.sort_unstable();
        self.0.dedup();
        self.0
    }
}

fn method_of(
    table: &EventTable,
    event: &crate::event::Event,
    actor: &crate::event::Actor,
    detail: &crate::event::Detail,
    client: &Client,
) -> Method {
    let kind = table.texts.get(actor.kind);
    let name = table.texts.get(event.call);
    match event.kind {
        Kind::LoginFailed => return Method::FailedLogin,
        Kind::Login if matches!(kind, "Unknown" | "IdentityCenterUser") => return Method::Sso,
        Kind::Login if kind == "AssumedRole" => {
            let sso = table.arns.get(actor.arn).contains(":assumed-role/AWSReservedSSO_");
            return if sso { Method::Sso } else { Method::Saml };
        }
        Kind::Login if kind == "FederatedUser" => return Method::FederationToken,
        Kind::Login => return Method::Password,
        Kind::Issue if name.ends_with("WithSAML") || detail.saml != 0 => return Method::Saml,
        Kind::Issue if name.ends_with("WithWebIdentity") => return Method::WebIdentity,
        _ => {}
    }
    let key = table.texts.get(actor.key);
    match kind {
        "AWSService" => Method::Service,
        "IdentityCenterUser" => Method::Sso,
        _ if actor.invoked_by != 0 || client.service => Method::Service,
        "FederatedUser" => Method::FederationToken,
        _ if key.starts_with("AKIA") => Method::AccessKey,
        "IAMUser" | "Root" if client.browser || client.tool == CLOUD_SHELL => Method::Console,
        "IAMUser" | "Root" if key.starts_with("ASIA") => Method::SessionToken,
        "AssumedRole" => Method::Role,
        _ => Method::Other,
    }
}

/// How much a call matters to a defender, 0 to 3: changes of who may do what, of the record itself, secrets, exposure.
///
/// After MITRE ATT&CK's cloud matrix (persistence, privilege escalation, defence evasion, credential access, exfiltration,
/// impact); what each call does is in AWS's API references.
pub(crate) fn weight_of_call(call: &str) -> f64 {
    let Some((service, name)) = call.split_once(':') else { return 0.0 };
    let starts = |prefixes: &[&str]| prefixes.iter().any(|p| name.starts_with(p));
    match service {
        // AWS makes these by itself when a service is first used.
        "iam" if name == "CreateServiceLinkedRole" => 0.5,
        "iam" | "organizations" | "sso" | "sso-directory" | "identitystore" | "rolesanywhere" => {
            if starts(&[
                "Create", "Attach", "Put", "Add", "Update", "Delete", "Enable", "Disable", "Deactivate", "Detach", "Set", "Upload", "Resync", "Leave",
                "Invite", "Accept", "Move", "Remove", "Register", "Deregister", "Close", "Provision",
            ]) {
                3.0
            } else {
                0.5
            }
        }
        "cloudtrail" | "guardduty" | "config" | "securityhub" | "access-analyzer" | "macie2" | "detective" | "inspector2" => {
            if starts(&["Stop", "Delete", "Update", "Put", "Disable", "Create", "Disassociate", "Archive", "BatchDisable"]) { 3.0 } else { 0.5 }
        }
        "logs" if starts(&["Delete", "PutRetention"]) => 2.0,
        "monitoring" | "events" if starts(&["DeleteAlarms", "DisableAlarm", "DeleteRule", "DisableRule", "RemoveTargets"]) => 1.5,
        "ec2"
            if starts(&[
                "DeleteFlowLogs", "ModifySnapshotAttribute", "ModifyImageAttribute", "GetPasswordData", "GetConsole", "DisableSnapshotBlockPublic",
                "DisableImageBlockPublic", "DisableEbsEncryption",
            ]) =>
        {
            3.0
        }
        "ec2"
            if starts(&[
                "AuthorizeSecurityGroupIngress", "RunInstances", "CreateKeyPair", "ImportKeyPair", "CreateSnapshot", "SendSerial", "EnableSerial",
                "AssociateIamInstanceProfile", "ReplaceIamInstanceProfile", "ModifyInstanceAttribute", "ExportImage", "CreateInstanceExport",
                "CreateStoreImage", "CreateTrafficMirror", "AcceptVpcPeering", "RequestSpot",
            ]) =>
        {
            1.5
        }
        "route53resolver" | "network-firewall" if starts(&["Delete", "Disassociate"]) => 3.0,
        "wafv2" | "waf" | "waf-regional" | "shield" if starts(&["DeleteWebACL", "DisassociateWebACL", "DeleteLogging", "DeleteProtection"]) => 1.5,
        "secretsmanager" if starts(&["GetSecretValue", "BatchGetSecretValue", "PutResourcePolicy", "ListSecrets"]) => 1.5,
        "ssm" if starts(&["SendCommand", "StartSession", "ResumeSession", "StartAutomation", "ModifyDocumentPermission", "GetParameter"]) => 1.5,
        "ecs" | "eks" if starts(&["ExecuteCommand", "CreateAccessEntry", "AssociateAccessPolicy"]) => 1.5,
        "ec2-instance-connect" | "ec2messages" => 1.5,
        "kms" if starts(&["ScheduleKeyDeletion", "PutKeyPolicy", "DisableKey", "DeleteImportedKey"]) => 2.0,
        "kms" if starts(&["CreateGrant", "Decrypt"]) => 1.0,
        "s3"
            if starts(&[
                "PutBucketPolicy", "PutBucketAcl", "DeleteBucket", "PutBucketPublic", "PutObjectAcl", "DeleteObject", "PutBucketReplication",
                "PutAccountPublic", "DeletePublicAccess", "DeleteAccountPublic", "PutAccessPointPolicy", "PutBucketLogging", "PutBucketVersioning", "PutBucketLifecycle",
            ]) =>
        {
            1.5
        }
        "ram" if starts(&["CreateResourceShare", "AssociateResourceShare"]) => 2.0,
        "backup" if starts(&["DeleteRecoveryPoint", "DeleteBackupVault", "PutBackupVaultAccess"]) => 2.0,
        "ecr" if starts(&["SetRepositoryPolicy", "PutRegistryPolicy"]) => 1.5,
        "lambda" if starts(&["UpdateFunction", "CreateFunction", "AddPermission", "AddLayerVersion"]) => 1.5,
        "rds" if starts(&["ModifyDBSnapshotAttribute", "ModifyDBClusterSnapshotAttribute", "CreateDBSnapshot", "CreateDBClusterSnapshot", "StartExportTask"]) => 2.0,
        "sts" if starts(&["GetFederationToken", "GetSessionToken", "AssumeRoot"]) => 2.0,
        "signin" if starts(&["GetSigninToken", "PasswordRecovery", "PasswordUpdated", "EmailUpdated"]) => 2.0,
        "bedrock" if starts(&["DeleteModelInvocationLogging", "PutModelInvocationLogging", "DeleteGuardrail"]) => 3.0,
        "bedrock" if starts(&["Invoke", "Converse", "PutFoundation", "CreateFoundation", "PutUseCase"]) => 1.5,
        "sagemaker" if starts(&["CreatePresigned"]) => 1.5,
        "glue" if starts(&["CreateDevEndpoint", "UpdateDevEndpoint"]) => 1.5,
        "lightsail" if starts(&["CreateInstances", "DownloadDefaultKeyPair", "GetInstanceAccess"]) => 1.5,
        "transfer" if starts(&["CreateUser", "ImportSshPublicKey"]) => 1.5,
        "redshift" if starts(&["AuthorizeSnapshotAccess"]) => 2.0,
        "sns" if starts(&["SetSMSAttributes"]) => 1.0,
        "cognito-identity" if starts(&["SetIdentityPoolRoles"]) => 2.0,
        "route53domains" if starts(&["TransferDomain", "DisableDomainTransferLock"]) => 2.0,
        "ses" | "email" if starts(&["Verify", "Send", "PutAccount", "UpdateAccount", "CreateEmailIdentity", "Get", "List"]) => 1.0,
        "servicequotas" if starts(&["Request"]) => 1.5,
        "account" if starts(&["Enable", "Put", "Disable"]) => 1.5,
        _ => 0.0,
    }
}

/// Calls with which somebody new looks round: who am I, who else is there, what is there to take.
///
/// After the discovery techniques of MITRE ATT&CK's cloud matrix (T1087.004, T1580, T1526, T1069.003).
pub(crate) fn is_reconnaissance(call: &str) -> bool {
    matches!(
        call,
        "sts:GetCallerIdentity" | "iam:ListUsers" | "iam:ListRoles" | "iam:ListAccessKeys" | "iam:GetAccountSummary"
            | "iam:GetAccountAuthorizationDetails" | "iam:ListAttachedUserPolicies" | "iam:ListAttachedRolePolicies"
            | "iam:GetUser" | "s3:ListBuckets" | "ses:GetSendQuota" | "secretsmanager:ListSecrets"
            | "ssm:DescribeParameters" | "cloudtrail:DescribeTrails" | "organizations:DescribeOrganization"
    )
}

#[cfg(test)]
mod tests {
    use super::weight_of_call;

    #[test]
    fn calls_of_a_kind_weigh_alike() {
        for call in [
            "iam:UpdateLoginProfile", "iam:RemoveUserFromGroup", "organizations:RemoveAccountFromOrganization", "organizations:DisablePolicyType",
            "sso:ProvisionPermissionSet", "cloudtrail:PutEventSelectors", "guardduty:ArchiveFindings", "securityhub:BatchDisableStandards",
            "bedrock:DeleteModelInvocationLoggingConfiguration", "ec2:DisableSnapshotBlockPublicAccess",
        ] {
            assert_eq!(weight_of_call(call), 3.0, "{call}");
        }
        for call in ["rds:ModifyDBClusterSnapshotAttribute", "kms:ScheduleKeyDeletion", "ram:CreateResourceShare", "sts:GetFederationToken"] {
            assert_eq!(weight_of_call(call), 2.0, "{call}");
        }
        for call in ["events:DisableRule", "ec2:AssociateIamInstanceProfile", "ssm:StartAutomationExecution", "s3:DeletePublicAccessBlock", "bedrock:InvokeModel"] {
            assert_eq!(weight_of_call(call), 1.5, "{call}");
        }
        for call in ["iam:CreateServiceLinkedRole", "iam:ListRoles", "ec2:DescribeInstances", "s3:GetObject", "none"] {
            assert!(weight_of_call(call) < 1.0, "{call}");
        }
    }
}
