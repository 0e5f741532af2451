//! Machines: functions, servers, pods, pipelines, vendors, AWS's own services; what each does on a day.
//!
//! To add a sort of machine: a row of SORTS and its arm in `day`.

use std::sync::Arc;

use super::agents;
use super::dice::{self, Dice};
use super::networks::{self, Address, Net};
use super::organisation::World;
use super::places::{self, COUNTRIES};
use super::signin::{self, Pen};
use super::trail::{Caller, Cause, Detail, Event, Outcome, clock};

/// What sort of machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Lambda,
    Server,
    Task,
    Pod,
    Pipeline,
    Terraform,
    Backup,
    Vendor,
    Scanner,
    Config,
    Service,
    Partner,
    Batch,
    Broker,
}

/// Sort, how often, word before its name, what it calls again and again.
const SORTS: &[(Sort, f64, &str, &str)] = &[
    (Sort::Lambda, 6.0, "lambda", "logs:CreateLogStream dynamodb:GetItem dynamodb:PutItem dynamodb:Query s3:GetObject s3:PutObject kms:Decrypt secretsmanager:GetSecretValue sqs:ReceiveMessage ssm:GetParameter ssm:GetParameters sns:Publish ses:SendEmail bedrock:InvokeModel"),
    (Sort::Server, 4.0, "ec2", "ssm:UpdateInstanceInformation ssm:ListInstanceAssociations s3:GetObject s3:ListObjects ecr:GetAuthorizationToken kms:Decrypt secretsmanager:GetSecretValue ec2:DescribeTags monitoring:ListMetrics"),
    (Sort::Task, 2.0, "ecs", "ecr:GetAuthorizationToken ecr:BatchGetImage secretsmanager:GetSecretValue logs:CreateLogStream s3:GetObject s3:PutObject dynamodb:Query sqs:ReceiveMessage ses:SendEmail bedrock:Converse"),
    (Sort::Pod, 3.5, "pod", "s3:GetObject s3:PutObject secretsmanager:GetSecretValue route53:ListHostedZones route53:ListResourceRecordSets autoscaling:DescribeAutoScalingGroups ec2:DescribeVolumes dynamodb:Query ec2:DescribeInstanceTypes elasticloadbalancing:DescribeLoadBalancers sqs:ReceiveMessage"),
    (Sort::Pipeline, 2.5, "ci", "ecr:GetAuthorizationToken ecr:InitiateLayerUpload ecr:PutImage lambda:GetFunction20150331v2 lambda:UpdateFunctionCode20150331v2 ecs:DescribeServices ecs:UpdateService ecs:RegisterTaskDefinition cloudformation:DescribeStacks s3:PutObject"),
    (Sort::Terraform, 1.6, "terraform", "ec2:DescribeVpcs ec2:DescribeSubnets ec2:DescribeSecurityGroups iam:GetRole iam:ListRolePolicies iam:ListAttachedRolePolicies iam:GetPolicy iam:GetPolicyVersion s3:GetBucketPolicy s3:GetBucketAcl s3:GetBucketVersioning s3:GetBucketEncryption rds:DescribeDBInstances lambda:GetFunction20150331v2 kms:DescribeKey route53:ListResourceRecordSets logs:DescribeLogGroups ec2:DescribeInstances"),
    (Sort::Backup, 1.0, "backup", "s3:ListObjects s3:PutObject s3:PutObject s3:HeadObject ec2:CreateSnapshot ec2:DescribeSnapshots rds:CreateDBSnapshot"),
    (Sort::Vendor, 1.2, "vendor", "monitoring:GetMetricData monitoring:ListMetrics ec2:DescribeInstances tagging:GetResources rds:DescribeDBInstances elasticloadbalancing:DescribeLoadBalancers lambda:ListFunctions20150331 autoscaling:DescribeAutoScalingGroups"),
    (Sort::Scanner, 0.9, "scanner", "iam:GetAccountAuthorizationDetails iam:ListUsers iam:ListAccessKeys iam:GetAccountPasswordPolicy iam:GetCredentialReport s3:GetBucketAcl s3:GetBucketPolicy s3:GetBucketPublicAccessBlock s3:GetBucketEncryption ec2:DescribeSecurityGroups ec2:DescribeSnapshots kms:GetKeyRotationStatus organizations:DescribeOrganization organizations:ListAccounts ec2:DescribeRegions cloudtrail:DescribeTrails cloudtrail:GetTrailStatus cloudtrail:GetEventSelectors config:DescribeConfigRules guardduty:ListDetectors lambda:GetPolicy20150331v2 iam:ListAttachedUserPolicies sts:GetCallerIdentity secretsmanager:ListSecrets"),
    (Sort::Config, 1.3, "config", "rds:DescribeDBClusters ec2:DescribeSecurityGroups ec2:DescribeVolumes s3:GetBucketPolicy s3:GetBucketVersioning iam:ListRoles iam:GetRole lambda:ListFunctions20150331 kms:ListKeys ec2:DescribeAddresses config:PutEvaluations"),
    (Sort::Service, 1.6, "service", "sts:AssumeRole kms:Decrypt kms:GenerateDataKey ec2:RunInstances ec2:TerminateInstances ec2:CreateSnapshot elasticloadbalancing:RegisterTargets autoscaling:CompleteLifecycleAction logs:CreateLogStream"),
    (Sort::Partner, 0.5, "partner", "kms:Decrypt s3:GetObject s3:ListObjects"),
    (Sort::Batch, 1.2, "batch", "s3:ListObjects s3:GetObject s3:GetObject s3:PutObject glue:GetTable glue:GetPartitions athena:StartQueryExecution athena:GetQueryResults dynamodb:Scan sts:GetCallerIdentity s3:ListBuckets"),
    (Sort::Broker, 0.5, "broker", "s3:PutObject s3:GetObject s3:ListObjects"),
];

const POD_NAMES: [&str; 8] = ["external-dns", "cluster-autoscaler", "ebs-csi", "external-secrets", "lb-controller", "orders", "billing-api", "mailer"];
const SERVICES: [&str; 6] =
    ["autoscaling.amazonaws.com", "backup.amazonaws.com", "lambda.amazonaws.com", "ec2.amazonaws.com", "elasticloadbalancing.amazonaws.com", "codebuild.amazonaws.com"];
const VENDORS: [(&str, &str); 4] = [("Datadog", "DatadogAWSIntegrationRole"), ("NewRelic", "NewRelicInfrastructure-Integrations"), ("Dynatrace", "Dynatrace_monitoring_role"), ("", "GrafanaCloudRole")];

/// A machine.
#[derive(Debug)]
pub(super) struct Machine {
    pub index: usize,
    pub sort: Sort,
    pub principal: Arc<str>,
    pub account: usize,
    pub region: &'static str,
    pub role: String,
    pub agent: String,
    /// Calls again and again, with weights.
    calls: Vec<u16>,
    weights: Vec<f64>,
    /// Events of a day before scaling.
    pub daily: f64,
    /// Follows people's hours.
    pub office_hours: bool,
    addresses: Vec<Address>,
    /// Shuffles addresses and instances daily.
    churns: bool,
    /// The account's endpoint inside the network, if it calls through one.
    endpoint: Option<String>,
    pub from: i64,
    key: String,
    word: &'static str,
}

/// The machines of a world.
pub(super) fn build(world: &World, count: usize) -> Vec<Machine> {
    let mut leaning = Dice::new(world.seed, &[40]);
    let weights: Vec<f64> = SORTS.iter().map(|row| row.1 * leaning.real(0.2, 2.0)).collect();
    (0..count)
        .map(|index| {
            let mut dice = Dice::new(world.seed, &[41, index as u64]);
            // Each organisation has the common sorts.
            let row = match index {
                0 => &SORTS[0],
                1 => &SORTS[1],
                2 => &SORTS[4],
                3 => &SORTS[9],
                4 => &SORTS[3],
                _ => &SORTS[dice.weighted(&weights)],
            };
            machine(world, index, row, &mut dice)
        })
        .collect()
}

fn machine(world: &World, index: usize, row: &'static (Sort, f64, &'static str, &'static str), dice: &mut Dice) -> Machine {
    let &(sort, _, prefix, deck) = row;
    let make = &world.make;
    let account = if world.accounts.len() == 1 { 0 } else { dice.between(1, world.accounts.len() as i64 - 1) as usize };
    let region = if dice.chance(0.85) { make.region } else { make.second_region };
    let all = world.catalogue.deck(deck);
    // Each machine has some of its sort's calls, one or two of them most of the time.
    let mut calls: Vec<u16> = all.iter().copied().filter(|_| dice.chance(0.6)).collect();
    if calls.is_empty() || matches!(sort, Sort::Scanner | Sort::Terraform) {
        calls = all;
    }
    let weights = calls.iter().map(|_| dice.real(0.05, 1.0).powi(3)).collect();
    let stem = dice.pick(&world.accounts[account].has.functions).clone();
    let mut endpoint = None;
    let installed = world.start - dice.wait(make.tool_age) as i64;
    let home = COUNTRIES[make.countries[0].0].code;
    let mut role = format!("{stem}-{prefix}-role");
    let mut churns = false;
    let (mut word, mut office_hours) = ("", false);
    let cloud = |count: i64, dice: &mut Dice| (0..count).map(|_| networks::aws(region, dice)).collect::<Vec<_>>();
    let (name, agent, daily, addresses) = match sort {
        Sort::Lambda => {
            churns = true;
            let place = ["exec-env/AWS_Lambda_python3.12", "exec-env/AWS_Lambda_python3.11"][dice.below(2)];
            let agent = if dice.chance(0.7) { agents::boto(installed, "5.10.240", place, dice) } else { "aws-sdk-nodejs/2.1692.0 linux/v20.19.5 exec-env/AWS_Lambda_nodejs20.x promise".to_owned() };
            (format!("lambda/{stem}-{index}"), agent, dice.real(30.0, 220.0), cloud(3, dice))
        }
        Sort::Server | Sort::Task => {
            churns = dice.chance(0.4);
            if dice.chance(0.3) {
                let mut text = "vpce-0".to_owned();
                dice::hex(dice.bits(), 16, &mut text);
                endpoint = Some(text);
            }
            let agent = match dice.below(3) {
                0 => agents::go("ec2", dice),
                1 => agents::boto(installed, "6.1.140", if sort == Sort::Task { "exec-env/AWS_ECS_FARGATE" } else { "" }, dice),
                _ => agents::cli(agents::System::Linux, installed, make.commands, dice),
            };
            let count = dice.between(1, 4);
            (format!("{prefix}/{stem}-{index}"), agent, dice.real(40.0, 140.0), cloud(count, dice))
        }
        Sort::Pod => {
            let name = POD_NAMES[dice.below(POD_NAMES.len())];
            role = format!("irsa-{name}-{index}");
            let agent = if dice.chance(0.5) { agents::go("s3", dice) } else { agents::boto(installed, "6.1.155", "exec-env/EKS", dice) };
            churns = dice.chance(0.3);
            let count = dice.between(1, 3);
            (format!("pod/{name}-{index}"), agent, dice.real(30.0, 140.0), cloud(count, dice))
        }
        Sort::Pipeline => {
            word = if dice.chance(0.7) { "github" } else { "gitlab" };
            office_hours = true;
            role = format!("{word}-deploy-{stem}");
            let agent = if dice.chance(0.5) { agents::cli(agents::System::Linux, installed, make.commands, dice) } else { agents::configure(word).to_owned() };
            (format!("ci/{stem}-{index}"), agent, dice.real(10.0, 60.0), Vec::new())
        }
        Sort::Terraform => {
            office_hours = true;
            role = format!("terraform-{stem}");
            let own = dice.chance(0.6);
            word = if own { "" } else { "github" };
            (format!("terraform/{stem}-{index}"), agents::terraform(installed, dice), dice.real(60.0, 200.0), if own { cloud(1, dice) } else { Vec::new() })
        }
        Sort::Backup => {
            let prefix = networks::prefix(home, Net::Isp, dice);
            role = format!("svc-backup-{index}");
            let agent = if dice.chance(0.5) { agents::boto(installed - 300, "4.18.0-553.el8", "", dice) } else { agents::cli(agents::System::Linux, installed, make.commands, dice) };
            (format!("backup/{stem}-{index}"), agent, dice.real(20.0, 90.0), vec![prefix.address(dice)])
        }
        Sort::Vendor => {
            let &(agent, name) = dice.pick(&VENDORS);
            role = name.to_owned();
            let agent = if agent.is_empty() { agents::go("monitoring", dice) } else { agent.to_owned() };
            let count = dice.between(2, 6);
            let addresses = (0..count).map(|_| networks::aws("us-east-1", dice)).collect();
            (format!("vendor/{}/{}", name.to_lowercase(), world.accounts[account].name), agent, dice.real(60.0, 260.0), addresses)
        }
        Sort::Scanner => {
            role = ["SecurityScanner", "WizAccess-Role", "prowler-scan"][dice.below(3)].to_owned();
            let agent = match dice.below(3) {
                0 => format!("{} prowler/4.2.4", agents::boto(installed, "6.1.140", "", dice)),
                1 => agents::boto(installed, "6.1.140", "", dice),
                _ => agents::go("iam", dice),
            };
            (format!("scanner/{}/{}", role.to_lowercase(), world.accounts[account].name), agent, dice.real(60.0, 220.0), cloud(2, dice))
        }
        Sort::Config => {
            role = "AWSServiceRoleForConfig".to_owned();
            (format!("config/{}", world.accounts[account].name), "config.amazonaws.com".to_owned(), dice.real(40.0, 160.0), Vec::new())
        }
        Sort::Service => {
            let name = *dice.pick(&SERVICES);
            (name.to_owned(), name.to_owned(), dice.real(10.0, 60.0), Vec::new())
        }
        Sort::Partner => (format!("partner/{stem}-{index}"), agents::boto(installed, "6.1.155", "", dice), dice.real(8.0, 40.0), cloud(2, dice)),
        Sort::Batch => {
            role = format!("etl-{stem}");
            (format!("batch/{stem}-{index}"), agents::boto(installed, "5.10.240", "", dice), dice.real(40.0, 260.0), cloud(8, dice))
        }
        Sort::Broker => {
            role = format!("svc-broker-{index}");
            let agent = if dice.chance(0.5) { agents::boto(installed, "6.1.140", "", dice) } else { agents::go("sts", dice) };
            (format!("broker/{stem}-{index}"), agent, dice.real(10.0, 50.0), cloud(2, dice))
        }
    };
    let from = match world.calendar.new_service {
        Some(day) if index > 5 && dice.chance(0.15) => day,
        _ => 0,
    };
    Machine {
        index,
        sort,
        principal: name.as_str().into(),
        account,
        region,
        role,
        agent,
        calls,
        weights,
        daily,
        office_hours,
        addresses,
        churns,
        endpoint,
        from,
        key: dice::id("AKIA", dice.bits())[..20].to_owned(),
        word,
    }
}

impl Machine {
    /// The instance behind a session on a day: `i-0123456789abcdef0`.
    fn instance(&self, world: &World, day: i64, at: usize) -> String {
        let mut text = "i-0".to_owned();
        let epoch = if self.churns { day } else { day.div_euclid(40) };
        dice::hex(world.seed ^ dice::mix(self.index as u64 * 64 + at as u64) ^ dice::mix(epoch as u64), 16, &mut text);
        text
    }

    /// Where one of its parts calls from on a day.
    pub(super) fn address(&self, world: &World, day: i64, at: usize, dice: &mut Dice) -> String {
        if self.endpoint.is_some() {
            return format!("10.{}.{}.{}", self.index % 200, at, 10 + dice::mix(day as u64 ^ self.index as u64) % 200);
        }
        if !self.word.is_empty() {
            return networks::runner(self.word, dice).text();
        }
        if self.addresses.is_empty() {
            return self.agent.clone();
        }
        if self.churns && self.sort != Sort::Lambda {
            return networks::aws(self.region, &mut Dice::new(world.seed, &[44, self.index as u64, day as u64, at as u64])).text();
        }
        self.addresses[at % self.addresses.len()].text()
    }

    /// The credential of one part from a time on. Events that make it are written.
    pub(super) fn credential(&self, pen: &mut Pen, dice: &mut Dice, day: i64, time: i64, at: usize, cause: &Arc<Cause>) -> Arc<Caller> {
        let world = pen.world;
        let number = &world.accounts[self.account].id;
        let address = self.address(world, day, at, dice);
        let mut caller = Caller {
            principal: self.principal.clone(),
            human: false,
            identity: String::new(),
            arn: String::new(),
            address,
            agent: self.agent.clone(),
            console: false,
            service: false,
            endpoint: self.endpoint.clone(),
            account: self.account,
            region: self.region,
            cause: cause.clone(),
        };
        let key = {
            // An hour's or a day's credential: the same within it.
            let hours = if matches!(self.sort, Sort::Server) { 6 } else { 1 };
            let epoch = time.div_euclid(hours * 3600) as u64;
            dice::id("ASIA", world.seed ^ dice::mix(self.index as u64 * 131 + at as u64) ^ dice::mix(epoch))[..20].to_owned()
        };
        match self.sort {
            Sort::Lambda | Sort::Batch | Sort::Task => {
                let session = if self.sort == Sort::Lambda { self.principal.split('/').next_back().unwrap_or_default().to_owned() } else { hex_of(world.seed ^ time as u64) };
                (caller.identity, caller.arn) = signin::role_identity(world, self.account, &self.role, &session, &key, time - time.rem_euclid(3600), "");
            }
            Sort::Server => {
                let instance = self.instance(world, day, at);
                let created = time - time.rem_euclid(21_600);
                (caller.identity, caller.arn) = signin::role_identity(world, self.account, &self.role, &instance, &key, created, ",\"ec2RoleDelivery\":\"2.0\"");
            }
            Sort::Pod | Sort::Pipeline | Sort::Terraform => self.assume_by_web(pen, &mut caller, time),
            Sort::Vendor | Sort::Scanner => {
                let outside = outside_account(world, self.index);
                let session = if self.sort == Sort::Vendor { "integration".to_owned() } else { format!("scan-{}", hex_of(time as u64)) };
                let key = pen.asia();
                let identity = format!("{{\"type\":\"AWSAccount\",\"principalId\":\"{}:{session}\",\"accountId\":\"{outside}\"}}", dice::id("AROA", self.index as u64 ^ world.seed));
                let asking = Arc::new(Caller { identity, ..caller.clone() });
                let id = world.role_id(self.account, &self.role);
                let role = &self.role;
                let shared = pen.next_seed();
                pen.detailed(time, &asking, "sts:AssumeRole", Detail {
                    request: format!("{{\"roleArn\":\"arn:aws:iam::{number}:role/{role}\",\"roleSessionName\":\"{session}\",\"externalId\":\"{}\",\"durationSeconds\":3600}}", hex_of(world.seed ^ 9)),
                    response: format!("{{\"credentials\":{{\"accessKeyId\":\"{key}\",\"sessionToken\":\"HIDDEN_DUE_TO_SECURITY_REASONS\",\"expiration\":\"{}\"}},\"assumedRoleUser\":{{\"assumedRoleId\":\"{id}:{session}\",\"arn\":\"arn:aws:sts::{number}:assumed-role/{role}/{session}\"}}}}", clock(time + 3600)),
                    shared,
                    ..Detail::default()
                });
                (caller.identity, caller.arn) = signin::role_identity(world, self.account, role, &session, &key, time, "");
            }
            Sort::Backup => (caller.identity, caller.arn) = signin::user_identity(world, self.account, &self.role, &self.key, None),
            // Gives its clients tokens that may do one thing.
            Sort::Broker => {
                (caller.identity, caller.arn) = signin::user_identity(world, self.account, &self.role, &self.key, None);
                let name = format!("client-{}", dice::mix(time as u64) % 12);
                caller = signin::federation_token(pen, &Arc::new(caller), self.account, &self.role, time, &name, 3600);
            }
            Sort::Config => {
                caller.service = true;
                let (identity, arn) = signin::role_identity(world, self.account, &self.role, "AWSConfig-Describe", &key, time - time.rem_euclid(3600), "");
                caller.identity = format!("{},\"invokedBy\":\"config.amazonaws.com\"}}", &identity[..identity.len() - 1]);
                caller.arn = arn;
            }
            Sort::Service => {
                caller.service = true;
                caller.identity = format!("{{\"type\":\"AWSService\",\"invokedBy\":\"{}\"}}", self.agent);
            }
            Sort::Partner => {
                caller.identity = format!("{{\"type\":\"AWSAccount\",\"principalId\":\"{}\",\"accountId\":\"{}\"}}", dice::id("AIDA", self.index as u64 ^ world.seed), outside_account(world, self.index));
            }
        }
        Arc::new(caller)
    }

    fn assume_by_web(&self, pen: &mut Pen, caller: &mut Caller, time: i64) {
        let world = pen.world;
        let number = &world.accounts[self.account].id;
        let (provider, subject, audience) = match self.word {
            "github" => ("token.actions.githubusercontent.com".to_owned(), format!("repo:{}/{}:ref:refs/heads/main", world.make.company, self.role.trim_start_matches("github-deploy-")), "sts.amazonaws.com"),
            "gitlab" => ("gitlab.com".to_owned(), format!("project_path:{}/{}:ref_type:branch:ref:main", world.make.company, self.role.trim_start_matches("gitlab-deploy-")), "https://gitlab.com"),
            _ if self.sort == Sort::Terraform => {
                let session = format!("terraform-{}", time);
                let key = pen.asia();
                (caller.identity, caller.arn) = signin::role_identity(world, self.account, &self.role, &session, &key, time, "");
                return;
            }
            _ => {
                let mut id = String::new();
                dice::letters(dice::key(number), 32, &mut id);
                (format!("oidc.eks.{}.amazonaws.com/id/{id}", self.region), format!("system:serviceaccount:apps:{}", self.role.trim_start_matches("irsa-")), "sts.amazonaws.com")
            }
        };
        let arn = format!("arn:aws:iam::{number}:oidc-provider/{provider}");
        let session = match self.word {
            "github" => "GitHubActions".to_owned(),
            "gitlab" => format!("GitLabRunner-{}", time),
            _ => format!("{}", 1_000_000_000 * time + (dice::mix(time as u64) % 1_000_000_000) as i64),
        };
        let identity = format!("{{\"type\":\"WebIdentityUser\",\"principalId\":\"{arn}:{audience}:{subject}\",\"userName\":\"{subject}\",\"identityProvider\":\"{arn}\"}}");
        let asking = Arc::new(Caller { identity, ..caller.clone() });
        let (key, role, id) = (pen.asia(), &self.role, world.role_id(self.account, &self.role));
        pen.detailed(time, &asking, "sts:AssumeRoleWithWebIdentity", Detail {
            request: format!("{{\"roleArn\":\"arn:aws:iam::{number}:role/{role}\",\"roleSessionName\":\"{session}\",\"durationSeconds\":3600}}"),
            response: format!(
                "{{\"credentials\":{{\"accessKeyId\":\"{key}\",\"sessionToken\":\"HIDDEN_DUE_TO_SECURITY_REASONS\",\"expiration\":\"{}\"}},\"subjectFromWebIdentityToken\":\"{subject}\",\"assumedRoleUser\":{{\"assumedRoleId\":\"{id}:{session}\",\"arn\":\"arn:aws:sts::{number}:assumed-role/{role}/{session}\"}},\"provider\":\"{arn}\",\"audience\":\"{audience}\"}}",
                clock(time + 3600)
            ),
            ..Detail::default()
        });
        let extra = format!(",\"webIdFederationData\":{{\"federatedProvider\":\"{arn}\",\"attributes\":{{}}}}");
        (caller.identity, caller.arn) = signin::role_identity(world, self.account, role, &session, &key, time, &extra);
    }

    /// One of its usual calls.
    pub(super) fn usual(&self, dice: &mut Dice) -> u16 {
        self.calls[dice.weighted(&self.weights)]
    }
}

/// A service takes a role of the account's for something of it.
fn assumes_for(pen: &mut Pen, dice: &mut Dice, machine: &Machine, caller: &Arc<Caller>, time: i64) {
    let world = pen.world;
    let number = &world.accounts[machine.account].id;
    let role = dice.pick(&world.accounts[machine.account].has.roles).clone();
    let session = if machine.agent.starts_with("ec2") { dice.pick(&world.accounts[machine.account].has.instances).clone() } else { hex_of(dice.bits()) };
    let (key, shared, id) = (pen.asia(), pen.next_seed(), world.role_id(machine.account, &role));
    pen.detailed(time, caller, "sts:AssumeRole", Detail {
        request: format!("{{\"roleArn\":\"arn:aws:iam::{number}:role/{role}\",\"roleSessionName\":\"{session}\"}}"),
        response: format!("{{\"credentials\":{{\"accessKeyId\":\"{key}\",\"sessionToken\":\"HIDDEN_DUE_TO_SECURITY_REASONS\",\"expiration\":\"{}\"}},\"assumedRoleUser\":{{\"assumedRoleId\":\"{id}:{session}\",\"arn\":\"arn:aws:sts::{number}:assumed-role/{role}/{session}\"}}}}", clock(time + 3600)),
        shared,
        ..Detail::default()
    });
}

fn hex_of(from: u64) -> String {
    let mut text = String::new();
    dice::hex(from, 16, &mut text);
    text
}

fn outside_account(world: &World, index: usize) -> String {
    format!("{}", 100_000_000_000 + dice::mix(world.seed ^ index as u64 ^ 0x0a0a) % 899_999_999_999)
}

/// What one machine does on one day; `scale` multiplies how much.
pub(super) fn day(world: &World, machine: &Machine, day: i64, scale: f64) -> Vec<Event> {
    let mut pen = Pen::new(world, &[42, machine.index as u64, day as u64]);
    let mut dice = Dice::new(world.seed, &[43, machine.index as u64, day as u64]);
    if day < machine.from {
        return pen.events;
    }
    let fresh = machine.from > 0 && day < machine.from + 5;
    let mass = machine.office_hours && world.calendar.mass_deployment.contains(&day);
    let scenario = if mass { "benign:mass-deployment" } else if fresh { "benign:new-service" } else { "" };
    let cause = Arc::new(Cause { attack: false, scenario: scenario.into(), incident: String::new() });
    let country = &COUNTRIES[world.make.countries[0].0];
    let works = country.works(day);
    let mut wanted = machine.daily * scale * dice.real(0.7, 1.3);
    if machine.office_hours {
        wanted *= if works { 1.2 } else { 0.15 } * if mass { 4.0 } else { 1.0 };
    }
    if matches!(machine.sort, Sort::Batch) && places::weekday(day) == 6 {
        wanted *= 2.5; // the weekly run
    }
    let midnight = day * 86_400 - country.clock(day) * 60;
    let assume_role = world.catalogue.call("sts:AssumeRole");
    // Runs: a part wakes, takes a credential, calls some times.
    let per_run = match machine.sort {
        Sort::Terraform | Sort::Scanner => dice.real(25.0, 60.0),
        Sort::Pipeline => dice.real(5.0, 14.0),
        Sort::Backup | Sort::Batch => dice.real(12.0, 40.0),
        Sort::Vendor => 14.0,
        Sort::Pod => 9.0,
        Sort::Server | Sort::Task => 8.0,
        Sort::Broker => 3.0,
        Sort::Lambda => 8.0,
        _ => 5.0,
    } * scale.max(1.0).sqrt();
    let runs = ((wanted / per_run) as usize + usize::from(dice.chance((wanted / per_run).fract()))).max(usize::from(wanted >= 1.0));
    let hour = dice::mix(machine.index as u64 ^ world.seed) % 6;
    for run in 0..runs {
        let start = match machine.sort {
            Sort::Backup => midnight + (hour as i64 * 3600) + dice.between(0, 600) + run as i64 * 900,
            Sort::Scanner | Sort::Batch if run < 2 => midnight + hour as i64 * 3600 + dice.between(0, 240) + run as i64 * 43_200,
            _ if machine.office_hours => midnight + ((world.make.start_hour + dice.real(0.0, world.make.hours)) * 3600.0) as i64,
            _ => day * 86_400 + (86_400.0 * (run as f64 + dice.unit()) / runs as f64) as i64,
        };
        let at = dice.below(if machine.sort == Sort::Lambda { 3 } else { machine.addresses.len().max(1) });
        let mut time = start;
        let mut caller = machine.credential(&mut pen, &mut dice, day, time, at, &cause);
        time += 1;
        if machine.sort == Sort::Pipeline && machine.index.is_multiple_of(3) && world.accounts.len() > 2 {
            // The pipeline's own role only opens the door to the account it deploys to.
            let target = 1 + (machine.account % (world.accounts.len() - 1));
            caller = signin::assume(&mut pen, &caller, machine.account, time, target, "deploy", &format!("deploy-{}", machine.index));
            time += 1;
        }
        let count = (per_run * dice.real(0.4, 1.6)) as usize + 1;
        let writes = machine.sort == Sort::Terraform && (mass || dice.chance(0.3));
        for _ in 0..count {
            let call = machine.usual(&mut dice);
            let outcome = match dice.unit() {
                share if share < 0.004 => Outcome::Throttled,
                share if share < 0.008 => Outcome::Missing,
                share if share < 0.012 && machine.index.is_multiple_of(3) => Outcome::Denied,
                _ => Outcome::Done,
            };
            if call == assume_role {
                assumes_for(&mut pen, &mut dice, machine, &caller, time);
            } else {
                pen.call(time, &caller, call, outcome);
            }
            time += if dice.chance(0.5) { 0 } else { dice.between(1, if per_run > 20.0 { 2 } else { 30 }) };
        }
        if writes {
            let apply = world.catalogue.deck("iam:CreateRole iam:AttachRolePolicy iam:PutRolePolicy iam:DeleteRole iam:DetachRolePolicy iam:UpdateAssumeRolePolicy ec2:AuthorizeSecurityGroupIngress ec2:RevokeSecurityGroupIngress ec2:CreateSecurityGroup ec2:DeleteSecurityGroup ec2:RunInstances ec2:TerminateInstances s3:PutBucketPolicy s3:CreateBucket s3:DeleteBucket lambda:UpdateFunctionConfiguration20150331v2 iam:CreatePolicyVersion ec2:CreateTags ec2:DeleteFlowLogs cloudtrail:UpdateTrail lambda:PublishLayerVersion20181031 rds:ModifyDBInstance route53:ChangeResourceRecordSets logs:CreateLogGroup logs:DeleteLogGroup");
            for _ in 0..dice.between(2, 12) * if mass { 4 } else { 1 } {
                pen.call(time, &caller, *dice.pick(&apply), Outcome::Done);
                time += dice.between(0, 3);
            }
        }
    }
    pen.events
}
