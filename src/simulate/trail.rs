//! Events written as CloudTrail records, and records as the gzip files CloudTrail delivers.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

use flate2::{Compression, write::GzEncoder};

use super::calls::{CALLS, Call, Sort};
use super::dice;
use super::organisation::World;

/// Why something happened: ordinary life, a named hard case of it, or an attack.
#[derive(Debug, Default)]
pub(super) struct Cause {
    pub attack: bool,
    /// `password-spray:loud`, `benign:travel`, or empty.
    pub scenario: String,
    /// `incident-07`; empty where it is no attack.
    pub incident: String,
}

/// Who calls, with which credential, from where and with what.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// The person or machine, as labels name it.
    pub principal: Arc<str>,
    pub human: bool,
    /// `userIdentity`, written out.
    pub identity: String,
    /// For messages of refused calls.
    pub arn: String,
    pub address: String,
    /// `$command` stands for the command of each call.
    pub agent: String,
    /// Whether the credential is a console session's.
    pub console: bool,
    /// Whether an AWS service calls: no TLS details then.
    pub service: bool,
    /// The endpoint inside the network, where the call comes by one.
    pub endpoint: Option<String>,
    /// The account called.
    pub account: usize,
    pub region: &'static str,
    pub cause: Arc<Cause>,
}

/// What a record says beyond what its call's row in CALLS says. JSON texts; empty is null or absent.
#[derive(Debug, Default)]
pub(super) struct Detail {
    pub request: String,
    pub response: String,
    pub additional: String,
    pub service_details: String,
    pub error: String,
    pub message: String,
    /// Non-zero where another account has the same event.
    pub shared: u64,
    /// `AwsApiCall` where empty.
    pub event_type: &'static str,
    /// The region, where it is not the caller's.
    pub region: &'static str,
    /// The agent, where it is not the caller's.
    pub agent: &'static str,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Denied,
    Missing,
    Throttled,
}

/// One record to be.
#[derive(Debug, Clone)]
pub(super) struct Event {
    /// Seconds since 1970.
    pub time: i64,
    pub call: u16,
    pub outcome: Outcome,
    /// Of the ids and names in the record.
    pub seed: u64,
    pub caller: Arc<Caller>,
    pub detail: Option<Arc<Detail>>,
}

/// A file as CloudTrail delivers it.
pub struct TrailFile {
    /// `AWSLogs/111122223333/CloudTrail/eu-west-1/2025/03/03/111122223333_CloudTrail_eu-west-1_20250303T0115Z_….json.gz`.
    pub name: String,
    /// gzip.
    pub bytes: Vec<u8>,
}

/// `2025-03-03T01:15:04Z`.
pub(super) fn clock(seconds: i64) -> String {
    let mut text = String::with_capacity(20);
    write_clock(seconds, &mut text);
    text
}

fn two(value: i64, out: &mut String) {
    out.push(char::from(b'0' + (value / 10 % 10) as u8));
    out.push(char::from(b'0' + (value % 10) as u8));
}

fn write_date(seconds: i64, out: &mut String) {
    let (year, month, day) = crate::time::civil_from_days(seconds.div_euclid(86_400));
    two(year / 100, out);
    two(year, out);
    out.push('-');
    two(month, out);
    out.push('-');
    two(day, out);
}

fn write_clock(seconds: i64, out: &mut String) {
    write_date(seconds, out);
    let second = seconds.rem_euclid(86_400);
    out.push('T');
    two(second / 3600, out);
    out.push(':');
    two(second / 60 % 60, out);
    out.push(':');
    two(second % 60, out);
    out.push('Z');
}

/// Text as a JSON string, quotes included.
pub(super) fn quoted(text: &str, out: &mut String) {
    out.push('"');
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push_str(text);
        out.push('"');
        return;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A stable hash of an agent, eight hexadecimal digits.
fn agent_hash(agent: &str) -> String {
    let mut text = String::with_capacity(8);
    dice::hex(dice::key(agent), 8, &mut text);
    text
}

/// `GetFunction20150331v2` as the command line says it: `get-function20150331v2`.
fn command(call: &Call, out: &mut String) {
    let service = if call.service == "monitoring" { "cloudwatch" } else { call.service };
    out.push_str(service);
    out.push('.');
    for (at, c) in call.name.chars().enumerate() {
        if c.is_ascii_uppercase() {
            if at > 0 {
                out.push('-');
            }
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
    }
}

impl Event {
    /// The agent as the record has it.
    fn agent<'a>(&'a self, room: &'a mut String) -> &'a str {
        let agent = match &self.detail {
            Some(detail) if !detail.agent.is_empty() => detail.agent,
            _ => self.caller.agent.as_str(),
        };
        match agent.split_once("$command") {
            None => agent,
            Some((before, after)) => {
                room.clear();
                room.push_str(before);
                command(&CALLS[self.call as usize], room);
                room.push_str(after);
                room
            }
        }
    }

    fn region(&self) -> &'static str {
        match &self.detail {
            Some(detail) if !detail.region.is_empty() => detail.region,
            _ if CALLS[self.call as usize].service == "iam" || CALLS[self.call as usize].service == "organizations" => "us-east-1",
            _ => self.caller.region,
        }
    }

    fn event_id(&self, out: &mut String) {
        dice::uuid(self.seed ^ 0x00e7_e117, out);
    }

    /// A line of labels.csv.
    pub(super) fn label(&self, out: &mut String) {
        let mut room = String::new();
        self.event_id(out);
        let cause = &self.caller.cause;
        out.push_str(if cause.attack { ",1," } else { ",0," });
        out.push_str(&cause.scenario);
        out.push(',');
        out.push_str(&cause.incident);
        out.push(',');
        out.push_str(&self.caller.principal);
        out.push_str(if self.caller.human { ",human," } else { ",machine," });
        write_clock(self.time, out);
        out.push(',');
        out.push_str(&self.caller.address);
        out.push(',');
        out.push_str(&agent_hash(self.agent(&mut room)));
        out.push('\n');
    }

    /// The record.
    fn write(&self, world: &World, out: &mut String) {
        let call = &CALLS[self.call as usize];
        let caller = &*self.caller;
        let empty = Detail::default();
        let detail = self.detail.as_deref().unwrap_or(&empty);
        let region = self.region();
        let account = &world.accounts[caller.account];
        let mut room = String::new();
        out.push_str("{\"eventVersion\":\"");
        out.push_str(world.make.version(call.service));
        out.push_str("\",\"userIdentity\":");
        out.push_str(&caller.identity);
        out.push_str(",\"eventTime\":\"");
        write_clock(self.time, out);
        out.push_str("\",\"eventSource\":\"");
        out.push_str(call.service);
        out.push_str(".amazonaws.com\",\"eventName\":\"");
        out.push_str(call.name);
        out.push_str("\",\"awsRegion\":\"");
        out.push_str(region);
        out.push_str("\",\"sourceIPAddress\":");
        quoted(&caller.address, out);
        out.push_str(",\"userAgent\":");
        quoted(self.agent(&mut room), out);
        let refused = self.outcome != Outcome::Done || !detail.error.is_empty();
        if refused || !detail.message.is_empty() {
            self.write_error(call, detail, out);
        }
        let field = |key: &str, given: &str, template: &str, out: &mut String| {
            out.push_str(key);
            if !given.is_empty() {
                out.push_str(given);
            } else if template.is_empty() {
                out.push_str("null");
            } else {
                self.fill(template, world, region, out);
            }
        };
        field(",\"requestParameters\":", &detail.request, call.request, out);
        let response = if refused { "" } else { call.response };
        field(",\"responseElements\":", &detail.response, response, out);
        if !detail.additional.is_empty() {
            out.push_str(",\"additionalEventData\":");
            out.push_str(&detail.additional);
        } else if call.service == "s3" {
            self.write_s3(call, out);
        } else if call.request.contains("$kms") && world.make.newer && self.outcome == Outcome::Done {
            // The same material for a key until it is rotated.
            let mut key = String::new();
            self.fill("$kms", world, region, &mut key);
            out.push_str(",\"additionalEventData\":{\"keyMaterialId\":\"");
            dice::hex(dice::key(&key), 64, out);
            out.push_str("\"}");
        }
        out.push_str(",\"requestID\":\"");
        dice::uuid(self.seed ^ 0x4e41, out);
        out.push_str("\",\"eventID\":\"");
        self.event_id(out);
        let reads = matches!(call.sort, Sort::Read | Sort::DataRead);
        let data = matches!(call.sort, Sort::DataRead | Sort::DataWrite);
        out.push_str(if reads { "\",\"readOnly\":true" } else { "\",\"readOnly\":false" });
        self.write_resources(call, &account.id, world, region, out);
        out.push_str(",\"eventType\":\"");
        out.push_str(if detail.event_type.is_empty() { "AwsApiCall" } else { detail.event_type });
        out.push_str(if data { "\",\"managementEvent\":false" } else { "\",\"managementEvent\":true" });
        out.push_str(",\"recipientAccountId\":\"");
        out.push_str(&account.id);
        out.push('"');
        if !detail.service_details.is_empty() {
            out.push_str(",\"serviceEventDetails\":");
            out.push_str(&detail.service_details);
        }
        // The other account has a record of its own.
        let across = caller.identity.starts_with("{\"type\":\"AWSAccount\"");
        if detail.shared != 0 || across {
            out.push_str(",\"sharedEventID\":\"");
            dice::uuid(if detail.shared != 0 { detail.shared } else { self.seed ^ 0x0005_4a4e }, out);
            out.push('"');
        }
        if let Some(endpoint) = &caller.endpoint {
            out.push_str(",\"vpcEndpointId\":\"");
            out.push_str(endpoint);
            out.push_str("\",\"vpcEndpointAccountId\":\"");
            out.push_str(&account.id);
            out.push('"');
        }
        out.push_str(if data { ",\"eventCategory\":\"Data\"" } else { ",\"eventCategory\":\"Management\"" });
        if !caller.service && detail.event_type != "AwsServiceEvent" {
            let browser = caller.agent.starts_with("Mozilla/");
            out.push_str(",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":\"");
            out.push_str(if browser || caller.agent.contains("lang/go") { "TLS_AES_128_GCM_SHA256" } else { "TLS_AES_256_GCM_SHA384" });
            out.push_str("\",\"clientProvidedHostHeader\":\"");
            match call.service {
                "iam" => out.push_str("iam.amazonaws.com"),
                "signin" => {
                    let _ = write!(out, "{region}.signin.aws.amazon.com");
                }
                service => {
                    let _ = write!(out, "{service}.{region}.amazonaws.com");
                }
            }
            out.push_str("\"}");
        }
        if caller.console && call.service != "signin" {
            out.push_str(",\"sessionCredentialFromConsole\":\"true\"");
        }
        out.push('}');
    }

    fn write_error(&self, call: &Call, detail: &Detail, out: &mut String) {
        if !detail.message.is_empty() || !detail.error.is_empty() {
            if !detail.error.is_empty() {
                out.push_str(",\"errorCode\":");
                quoted(&detail.error, out);
            }
            out.push_str(",\"errorMessage\":");
            quoted(&detail.message, out);
            return;
        }
        let action = call.name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches("20150331v").trim_end_matches("20181031v");
        match (self.outcome, call.service) {
            (Outcome::Denied, "ec2") => out.push_str(
                ",\"errorCode\":\"Client.UnauthorizedOperation\",\"errorMessage\":\"You are not authorized to perform this operation.\"",
            ),
            (Outcome::Denied, service) => {
                let _ = write!(
                    out,
                    ",\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User: {} is not authorized to perform: {service}:{action} because no identity-based policy allows the {service}:{action} action\"",
                    self.caller.arn
                );
            }
            (Outcome::Throttled, _) => out.push_str(",\"errorCode\":\"ThrottlingException\",\"errorMessage\":\"Rate exceeded\""),
            (_, "s3") => out.push_str(",\"errorCode\":\"NoSuchKey\",\"errorMessage\":\"The specified key does not exist.\""),
            (_, "iam") => out.push_str(",\"errorCode\":\"NoSuchEntityException\",\"errorMessage\":\"The requested entity cannot be found.\""),
            _ => out.push_str(",\"errorCode\":\"ResourceNotFoundException\",\"errorMessage\":\"The requested resource was not found.\""),
        }
    }

    fn write_s3(&self, call: &Call, out: &mut String) {
        let bytes = if call.sort == Sort::DataRead { 200 + dice::mix(self.seed ^ 5) % 900_000 } else { 0 };
        let sent = if call.sort == Sort::DataWrite { 200 + dice::mix(self.seed ^ 6) % 400_000 } else { 0 };
        let _ = write!(
            out,
            ",\"additionalEventData\":{{\"SignatureVersion\":\"SigV4\",\"CipherSuite\":\"TLS_AES_128_GCM_SHA256\",\"bytesTransferredIn\":{sent},\"AuthenticationMethod\":\"AuthHeader\",\"x-amz-id-2\":\""
        );
        dice::letters(self.seed ^ 7, 44, out);
        let _ = write!(out, "=\",\"bytesTransferredOut\":{bytes}}}");
    }

    fn write_resources(&self, call: &Call, account: &str, world: &World, region: &str, out: &mut String) {
        let (kind, arn) = match (call.service, call.sort) {
            ("s3", Sort::DataRead | Sort::DataWrite) if call.name != "ListObjects" => ("AWS::S3::Object", "arn:aws:s3:::$bucket/$key"),
            ("s3", _) if call.name != "ListBuckets" => ("AWS::S3::Bucket", "arn:aws:s3:::$bucket"),
            ("kms", _) if call.request.contains("$kms") => ("AWS::KMS::Key", "arn:aws:kms:$region:$acct:key/$kms"),
            ("dynamodb", Sort::DataRead | Sort::DataWrite) => ("AWS::DynamoDB::Table", "arn:aws:dynamodb:$region:$acct:table/$table"),
            _ => return,
        };
        let _ = write!(out, ",\"resources\":[{{\"accountId\":\"{account}\",\"type\":\"{kind}\",\"ARN\":\"");
        self.fill(arn, world, region, out);
        out.push_str("\"}]");
    }

    /// With whom something is shared: an intruder has an account for it, others share with accounts of their own, now and then with a supplier's.
    fn peer(&self, world: &World, draw: u64, out: &mut String) {
        let cause = &self.caller.cause;
        let stranger = match (cause.attack, draw % 12) {
            (true, _) => dice::key(&cause.incident),
            (false, 0) if cause.scenario != "benign:pentest" => draw >> 32 & 1,
            (false, _) => return out.push_str(&world.accounts[((draw >> 8) % world.accounts.len() as u64) as usize].id),
        };
        let _ = write!(out, "{}", 100_000_000_000 + dice::mix(stranger ^ dice::key(&world.accounts[0].id)) % 900_000_000_000);
    }

    /// Copies a template, putting something the account has for each `$word`; unknown words stay as they are.
    fn fill(&self, template: &str, world: &World, region: &str, out: &mut String) {
        let account = &world.accounts[self.caller.account];
        let has = &account.has;
        let mut rest = template;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let end = rest.bytes().position(|b| !b.is_ascii_lowercase() && b != b'0').unwrap_or(rest.len());
            let word = &rest[..end];
            // Two draws with a bias to the first: some things are used far more than others.
            let draw = dice::mix(self.seed ^ dice::key(word));
            let one = |things: &[String], out: &mut String| {
                let low = (draw & 0xffff) * (draw >> 16 & 0xffff);
                out.push_str(&things[((low * things.len() as u64) >> 32) as usize]);
            };
            match word {
                "bucket" => one(&has.buckets, out),
                "key" => {
                    out.push_str(["raw", "exports", "tmp", "reports", "images", "part"][(draw % 6) as usize]);
                    out.push('/');
                    write_date(self.time, out);
                    out.push('/');
                    dice::hex(draw, 6, out);
                    out.push_str([".parquet", ".json", ".csv", ".gz", ".png"][((draw >> 8) % 5) as usize]);
                }
                "func" => one(&has.functions, out),
                "table" => one(&has.tables, out),
                "db" => one(&has.databases, out),
                "inst" => one(&has.instances, out),
                "role" => one(&has.roles, out),
                "user" => one(&has.users, out),
                "policy" => one(&has.policies, out),
                "secret" => one(&has.secrets, out),
                "param" => one(&has.parameters, out),
                "stack" => one(&has.stacks, out),
                "queue" => one(&has.queues, out),
                "topic" => one(&has.queues, out),
                "cluster" => one(&has.clusters, out),
                "repo" => one(&has.functions, out),
                "log" => {
                    out.push_str("/aws/lambda/");
                    one(&has.functions, out);
                }
                "kms" => one(&has.keys, out),
                "group" => out.push_str(["developers", "admins", "readers"][(draw % 3) as usize]),
                "sg" | "vpc" | "subnet" | "snap" | "vol" | "ami" => {
                    out.push_str(word);
                    out.push_str("-0");
                    dice::hex((draw % 24) ^ dice::key(&account.id), 16, out);
                }
                "hex" => dice::hex(draw, 16, out),
                "upper" => dice::letters(draw, 17, out),
                "akia" => out.push_str(&dice::id("AKIA", draw)[..20]),
                "uuid" => dice::uuid(draw, out),
                "acct" => out.push_str(&account.id),
                "peer" => self.peer(world, draw, out),
                "region" => out.push_str(region),
                "now" => write_clock(self.time, out),
                "day0" => write_clock(self.time - 10_800, out),
                "date" => write_date(self.time, out),
                "small" => {
                    let _ = write!(out, "{}", 1 + draw % 60);
                }
                "big" => {
                    let _ = write!(out, "{}", 10_000 + draw % 9_000_000);
                }
                "port" => out.push_str(["22", "443", "5432", "8080", "3389"][(draw % 5) as usize]),
                unknown => {
                    out.push('$');
                    out.push_str(unknown);
                }
            }
            rest = &rest[end..];
        }
        out.push_str(rest);
    }
}

/// The files of events that are in order of time; each file holds one account's and region's events of `minutes` minutes.
pub(super) fn files(world: &World, events: &[Event], minutes: i64) -> Vec<TrailFile> {
    let mut order: Vec<(usize, &'static str, i64, usize)> = events
        .iter()
        .enumerate()
        .map(|(at, event)| (event.caller.account, event.region(), event.time.div_euclid(minutes * 60), at))
        .collect();
    order.sort_unstable();
    let groups: Vec<&[(usize, &'static str, i64, usize)]> = order.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)).collect();
    let one = |group: &[(usize, &'static str, i64, usize)], room: &mut String| file(world, events, minutes, group, room);
    // Each file is written from its own events alone, so that the number of threads does not show.
    #[cfg(not(target_arch = "wasm32"))]
    {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8).min(groups.len().max(1));
        let share = |from: usize| {
            let mut room = String::new();
            groups.iter().skip(from).step_by(threads).map(|group| one(group, &mut room)).collect::<Vec<_>>()
        };
        let mut parts: Vec<std::vec::IntoIter<TrailFile>> = std::thread::scope(|scope| {
            let share = &share;
            let running: Vec<_> = (0..threads).map(|from| scope.spawn(move || share(from))).collect();
            running.into_iter().map(|thread| thread.join().expect("writing does not panic").into_iter()).collect()
        });
        (0..groups.len()).map(|at| parts[at % threads].next().expect("as many files as groups")).collect()
    }
    #[cfg(target_arch = "wasm32")]
    {
        let mut room = String::new();
        groups.iter().map(|group| one(group, &mut room)).collect()
    }
}

fn file(world: &World, events: &[Event], minutes: i64, group: &[(usize, &'static str, i64, usize)], room: &mut String) -> TrailFile {
    let (account, region, slot, _) = group[0];
    let account = &world.accounts[account].id;
    room.clear();
    room.push_str("{\"Records\":[");
    for (place, entry) in group.iter().enumerate() {
        if place > 0 {
            room.push(',');
        }
        events[entry.3].write(world, room);
    }
    room.push_str("]}");
    // Delivered within some minutes of the last event.
    let delivered = clock((slot + 1) * minutes * 60 + 300);
    let (date, time) = (&delivered[..10], &delivered[11..16]);
    let mut name = format!("AWSLogs/{account}/CloudTrail/{region}/{}/", date.replace('-', "/"));
    let _ = write!(name, "{account}_CloudTrail_{region}_{}T{}Z_", date.replace('-', ""), time.replace(':', ""));
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut draw = dice::mix(dice::key(&name) ^ world.seed);
    for _ in 0..16 {
        draw = dice::mix(draw);
        name.push(LETTERS[(draw % 62) as usize] as char);
    }
    name.push_str(".json.gz");
    let mut packer = GzEncoder::new(Vec::with_capacity(room.len() / 8 + 64), Compression::new(1));
    packer.write_all(room.as_bytes()).expect("memory takes all bytes");
    TrailFile { name, bytes: packer.finish().expect("memory takes all bytes") }
}
