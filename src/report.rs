//! The report: plain data with public fields. The page, the terminal and every export read this and nothing else.
//!
//! It holds no clock, host, speed or number of workers: the same files and options give the same bytes.
//! Times are milliseconds since 1970-01-01 UTC. Scores are 0 to 1, higher is stranger.

use std::sync::Arc;

use serde::ser::{Error as _, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::to_raw_value;

use crate::error::Skipped;
use crate::known::KnownEntry;
use crate::parallel;
use crate::record::Finding;

/// The version of the JSON form. It changes when a field changes its meaning.
pub const REPORT_VERSION: &str = "oddtrail-report/1";

/// Everything found in a set of files.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Report {
    /// [`REPORT_VERSION`].
    pub version: String,
    /// The options that shaped it.
    pub options: ReportOptions,
    /// What was read and what was not.
    pub import: Import,
    /// Counts for the head of the page.
    pub summary: Summary,
    /// Where the threshold came from and what it promises.
    pub calibration: Calibration,
    /// Each detector: its job, its weight, what it found.
    pub detectors: Vec<DetectorSummary>,
    /// The groups K-Means found, largest first.
    pub personas: Vec<Persona>,
    /// Who was seen, by name.
    pub identities: Vec<IdentitySummary>,
    /// Every session, strangest first. A session's place in this list is its rank.
    #[serde(serialize_with = "by_all_cores")]
    pub sessions: Vec<SessionSummary>,
    /// Alerts that belong together, worst first.
    pub incidents: Vec<Incident>,
    /// Events per hour (or day, over 60 days) by class of identity.
    pub timeline: Timeline,
    /// What the settings say is known to be good, and how many sessions each entry matched and excused.
    pub known: Vec<KnownEntry>,
    /// Countries that sessions came from, by code.
    pub places: Vec<CountryPlace>,
    /// Journeys of people between countries within a day, fastest first, at most 500.
    pub journeys: Vec<Journey>,
}

/// Writes sessions, nearly all of a report, by all cores; some thousands at a time, so that the text is not held twice.
fn by_all_cores<S: Serializer>(sessions: &[SessionSummary], serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(sessions.len()))?;
    for some in sessions.chunks(4096) {
        for session in parallel::in_pieces(some.len(), |piece| piece.map(|n| to_raw_value(&some[n])).collect()) {
            list.serialize_element(&session.map_err(S::Error::custom)?)?;
        }
    }
    list.end()
}

/// A country on the map.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct CountryPlace {
    /// Two letters, as in [`SessionSummary::country`].
    pub code: String,
    /// Its English name.
    pub name: String,
    /// The middle of its mainland, degrees north.
    pub latitude: f64,
    /// The middle of its mainland, degrees east.
    pub longitude: f64,
}

/// Two sessions of one person, one after the other, in different countries.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct Journey {
    /// Rank of the earlier session.
    pub from: u32,
    /// Rank of the later one.
    pub to: u32,
    /// Between the countries, less their own extent: at least so far, km.
    pub km: f64,
    /// From the end of the one to the start of the other; 0 where they overlap.
    pub hours: f64,
}

/// The share of ordinary sessions expected at or above a score: ten bits are one half.
pub fn share_at_score(score: f64) -> f64 {
    let score = score.clamp(0.0, 1.0 - 1e-9);
    crate::num::pow(2.0, -10.0 * score / (1.0 - score))
}

/// The options that shaped a report.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ReportOptions {
    /// The share of ordinary sessions that may be alerts, for example 0.003.
    pub budget: f64,
    /// The seed of everything random.
    pub seed: u64,
    /// `"in hindsight"` or `"then"`.
    pub mode: String,
    /// Which table of networks was used; empty when there was none.
    pub geo: String,
}

/// What was read and what was not.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Import {
    /// Files handed in.
    pub files: u64,
    /// Files from which at least one event was read.
    pub files_read: u64,
    /// Events kept.
    pub events: u64,
    /// The same event met again (event ID, time, name and account alike): counted once.
    pub duplicates: u64,
    /// Records that could not be used.
    pub bad_records: u64,
    /// The first of them: where, what was expected, what was found.
    pub first_bad: Vec<Skipped>,
    /// What was left out on purpose (digests, insights, foreign files) by reason, most first.
    pub skipped: Vec<Count>,
    /// Files that could not be read, or only in part, and why.
    pub problems: Vec<Skipped>,
    /// Shapes met, by number of files.
    pub formats: Vec<Count>,
    /// Spans of more than six hours without any event, longest first, at most 20.
    pub gaps: Vec<Span>,
    /// What these files do not say, and which questions cannot be answered therefore.
    pub missing: Vec<Missing>,
    /// CloudTrail Insights by what they are about, most first, at most 50: rates of calls and errors, judged by AWS.
    pub insights: Vec<Count>,
    /// Findings of GuardDuty and Security Hub, by time, at most 1,000.
    pub findings: Vec<Finding>,
    /// What CloudTrail's digest files say of the log files, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrity: Option<Integrity>,
}

/// Log files set against the digest files that name them. Of each list of names at most 100 are told, the counts are of all.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct Integrity {
    /// Digest files read.
    pub digests: u64,
    /// Keys of those that are not as the digest after them says.
    pub altered_digests: Vec<String>,
    /// Log files that the digests name.
    pub named: u64,
    /// Whether the log files were hashed, by SHA-256 once inflated. Where they were not, none is intact or altered.
    pub compared: bool,
    /// Of those named, here and as they were delivered.
    pub intact: u64,
    /// Of those named, here and otherwise.
    pub altered: u64,
    /// Files here that are not what a digest says.
    pub altered_files: Vec<String>,
    /// Of those named, not here.
    pub missing: u64,
    /// Their keys.
    pub missing_files: Vec<String>,
    /// Of those named, here and not compared: they were not hashed, or the digest says no SHA-256.
    pub incomparable: u64,
    /// Files here that are named as log files are, and that no digest names.
    pub unnamed: u64,
    /// Their names.
    pub unnamed_files: Vec<String>,
    /// Spans between digests that none covers, longest first, at most 100.
    pub gaps: Vec<DigestGap>,
    /// All that, and what it proves, in words.
    pub sentence: String,
}

impl Integrity {
    /// The lists of names, each with what is wrong with those.
    pub fn lists(&self) -> [(&'static str, &[String]); 4] {
        [
            ("Altered", &self.altered_files),
            ("Missing", &self.missing_files),
            ("Altered digest", &self.altered_digests),
            ("Named by no digest", &self.unnamed_files),
        ]
    }
}

/// A span that no digest of a trail covers.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct DigestGap {
    /// Account, region and trail, as the digests' names have them.
    pub chain: String,
    /// From the end of one to the start of the next.
    pub span: Span,
}

/// A name and how often.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct Count {
    /// What is counted.
    pub name: String,
    /// How often.
    pub count: u64,
}

/// A span of time, in milliseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, PartialEq)]
pub struct Span {
    /// From, inclusive.
    pub from: i64,
    /// To, inclusive.
    pub to: i64,
}

/// A field that these files lack.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Missing {
    /// The field, for example `MFAUsed`.
    pub field: String,
    /// What that hides, as a sentence.
    pub hides: String,
}

/// Counts for the head of the page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Events kept.
    pub events: u64,
    /// From the first to the last event.
    pub span: Span,
    /// Identities seen.
    pub identities: u64,
    /// Sessions.
    pub sessions: u64,
    /// Logins that succeeded.
    pub logins: u64,
    /// Logins that failed.
    pub failed_logins: u64,
    /// Alerts.
    pub alerts: u64,
    /// Of them, high.
    pub high: u64,
    /// Of them, medium.
    pub medium: u64,
    /// Of them, low.
    pub low: u64,
    /// Sessions named by a rule but under the threshold.
    pub labelled: u64,
    /// Sessions that would be alerts, but are known to be good.
    pub excused: u64,
}

/// Where the threshold came from and what it promises.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Calibration {
    /// Sessions at or above it are alerts.
    pub threshold: f64,
    /// The threshold before it became a score: in spreads of the ordinary sessions above their median.
    pub raw: f64,
    /// The share of ordinary sessions that may lie above it.
    pub budget: f64,
    /// Ordinary sessions to expect among the alerts.
    pub expected_false: f64,
    /// Sessions the null was fitted on (the bulk, its top left out).
    pub bulk: u64,
    /// True when there are enough sessions for the promise.
    pub promised: bool,
    /// The promise, or why there is none, as a sentence.
    pub sentence: String,
}

/// One detector.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct DetectorSummary {
    /// For example `isolation forest`.
    pub name: String,
    /// What it is used for, as a sentence.
    pub job: String,
    /// Its weight in the score; 0 when it draws or groups instead.
    pub weight: f64,
}

/// A group of alike sessions.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Persona {
    /// What is typical of it, in a few words.
    pub name: String,
    /// How many sessions.
    pub sessions: u64,
}

/// One identity.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct IdentitySummary {
    /// Who, as people say it: a user's or role's name.
    pub name: String,
    /// The class, for example `IAM user`, `human by SSO`, `Lambda role`, `AWS service`.
    pub class: String,
    /// The account, 12 digits, where known.
    pub account: String,
    /// First and last seen.
    pub seen: Span,
    /// Sessions.
    pub sessions: u64,
    /// Events.
    pub events: u64,
    /// Alerts.
    pub alerts: u64,
    /// Usual countries, networks and clients, most frequent first.
    pub usual: Vec<Count>,
    /// Countries of its sessions, by days; at most 6, most days first.
    pub countries: Vec<Count>,
    /// Networks of its sessions, by days; at most 6, most days first.
    pub networks: Vec<Count>,
    /// Clients of its sessions, by days; at most 6, most days first.
    pub clients: Vec<Count>,
    /// In how many weeks it was active in each hour of the week, UTC: 168 numbers, Monday 00:00 first.
    pub hours: Vec<u32>,
    /// What it calls: at most 30, ten of each word as far as there are any, most days first.
    pub calls: Vec<UsualCall>,
    /// How many different calls it made.
    pub distinct_calls: u32,
}

/// How usual a call is for an identity.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct UsualCall {
    /// For example `s3:ListBuckets`.
    pub name: String,
    /// Days on which it was made.
    pub days: u32,
    /// How often in all.
    pub count: u64,
    /// Of them, refused or failed.
    pub errors: u64,
    /// `rare` (one day), `infrequent` (two to four) or `frequent`.
    pub usual: String,
}

/// How bad.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Not an alert.
    #[default]
    None,
    /// Odd, probably explained.
    Low,
    /// Look at it today.
    Medium,
    /// Look at it now.
    High,
}

/// One session.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SessionSummary {
    /// The same for the same session in any set of files; written as sixteen hexadecimal digits.
    #[serde(with = "hexadecimal")]
    pub id: u64,
    /// Place in [`Report::identities`].
    pub identity: u32,
    /// First and last event.
    pub span: Span,
    /// 0 to 1.
    pub score: f64,
    /// The share of ordinary sessions expected to be as odd as this.
    pub p: f64,
    /// At or above the threshold, or raised by a rule.
    pub alert: bool,
    /// How bad.
    pub severity: Severity,
    /// The source address as the file has it.
    pub address: Arc<str>,
    /// Two letters, or empty.
    pub country: Arc<str>,
    /// The network's name or `AS` number, or empty.
    pub network: Arc<str>,
    /// `ISP`, `mobile`, `hosting`, `cloud`, `VPN`, `Tor`, `relay`, `private`, `AWS service` …, or empty.
    pub network_kind: Arc<str>,
    /// The client in a few words: `Chrome 122, macOS`, `aws-cli 2.15, linux`.
    pub client: Arc<str>,
    /// How it began: `password`, `SSO`, `access key`, `role`, `failed login` …
    pub method: Arc<str>,
    /// `yes`, `no` or empty where the file does not say or it does not apply.
    pub mfa: Arc<str>,
    /// Events, of which failed.
    pub events: u32,
    /// Events with an error.
    pub errors: u32,
    /// Place in [`Report::personas`].
    pub persona: u32,
    /// DBSCAN found no neighbours.
    pub noise: bool,
    /// The PCA plane.
    pub x: f64,
    /// The PCA plane.
    pub y: f64,
    /// Each detector's score, in the order of [`Report::detectors`].
    pub detectors: Vec<f64>,
    /// What rules say of it.
    pub labels: Vec<Label>,
    /// One sentence: place, time, what was done. Only for the strangest (alerts and at least the top 200).
    pub sentence: String,
    /// Why, strongest first; each fact once. Only for the strangest.
    pub reasons: Vec<Reason>,
    /// The identity's most alike ordinary session: its rank.
    pub nearest: Option<u32>,
    /// What was called, most odd first (at most 12). Only for the strangest.
    pub calls: Vec<Call>,
    /// Its events in order (at most 500). Only for the strangest.
    pub listed: Vec<EventLine>,
    /// What came of it: keys issued, roles assumed, users created. Only for the strangest.
    pub came_of: Vec<String>,
    /// Place in [`Report::incidents`], for alerts.
    pub incident: Option<u32>,
    /// Place in [`Report::known`], where an entry of the settings matches.
    pub known: Option<u32>,
    /// At or above the threshold, and no alert because of that entry.
    pub excused: bool,
}

/// Numbers as sixteen hexadecimal digits: a reader of JSON rounds numbers of 64 bits.
mod hexadecimal {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{number:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        u64::from_str_radix(&String::deserialize(deserializer)?, 16).map_err(D::Error::custom)
    }
}

/// A rule that matched.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct Label {
    /// The rule's name, for example `root without MFA`.
    pub rule: String,
    /// MITRE ATT&CK technique, for example `T1078.004`.
    pub technique: String,
    /// The floor of severity.
    pub severity: Severity,
    /// What was seen, as a sentence.
    pub sentence: String,
}

/// Why a session is odd: one fact group.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct Reason {
    /// The fact group: `place`, `client`, `time`, `proof`, `deeds` …
    pub group: String,
    /// How much it counts, in bits: each bit halves how usual it is.
    pub bits: f64,
    /// What was seen and what is usual, as a sentence.
    pub sentence: String,
    /// What was seen here.
    pub seen: String,
    /// What is usual for this identity.
    pub usual: String,
}

/// A call made in a session.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct Call {
    /// For example `iam:CreateAccessKey`.
    pub name: String,
    /// How often.
    pub count: u32,
    /// Of them, refused or failed.
    pub errors: u32,
    /// `new` for this identity, `rare`, `infrequent` or `frequent`.
    pub usual: String,
}

/// One event of a session.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct EventLine {
    /// When.
    pub time: i64,
    /// For example `iam:CreateAccessKey`.
    pub call: String,
    /// The error code, or empty.
    pub error: String,
    /// What it was done to, or empty.
    pub target: String,
    /// The event's ID.
    pub id: String,
    /// Region.
    pub region: String,
    /// Where the original stands: file (place in the sorted list of files), member, offset, length.
    pub place: [u64; 4],
}

/// Alerts that belong together.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Incident {
    /// A short name: who and what.
    pub name: String,
    /// How bad: the worst of its alerts.
    pub severity: Severity,
    /// From its first to its last event.
    pub span: Span,
    /// Ranks of its sessions in order of time.
    pub sessions: Vec<u32>,
    /// Its story, a sentence a step.
    pub story: Vec<String>,
}

/// Events over time.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Timeline {
    /// The start of the first bin.
    pub start: i64,
    /// The width of a bin in milliseconds.
    pub width: i64,
    /// Names of the series: classes of identity.
    pub series: Vec<String>,
    /// Counts, one row a series, one column a bin.
    pub counts: Vec<Vec<u32>>,
}

/// One session looked at closely.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SessionCloseup {
    /// The session with its sentence, reasons, calls and events, whatever its rank.
    pub session: SessionSummary,
    /// Sessions joined to it by credentials, in order of time, at most 50.
    pub chained: Vec<Chained>,
}

/// A session joined to another by a credential.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct Chained {
    /// Its rank.
    pub rank: u32,
    /// True where its credential was issued in the session looked at; false where it issued that one's.
    pub after: bool,
    /// How they are joined: `used a key issued here: ASIA…`.
    pub how: String,
}
