//! Labels against scores: how well a report did where the truth is known.
//!
//! A session here is the labels' own: one principal at one address with one client, closed by a pause of 30 minutes.
//! Its score is the highest of its events', it is malicious if one of its events is, and alerted if one of them is.
//! It does not matter how Oddtrail cuts sessions or who it takes somebody for: every detector is measured alike.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Read;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Skipped};
use crate::time::parse_time;

/// The columns a file of labels must have; `kind` and others may be there too.
const NEEDED: [&str; 8] = ["eventID", "label", "scenario", "incident", "principal", "time", "ip", "ua"];
/// A pause after which a session is closed, in milliseconds: that of the sessions scored.
const PAUSE: i64 = 30 * 60 * 1000;
/// Labels larger than this when inflated are refused: some ten million events.
const LARGEST: u64 = 2 << 30;
/// Bad lines that are kept with their reason; all are counted.
const KEPT: usize = 20;
/// 97.5 % of a normal distribution lie below: for intervals of 95 %.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// What is known of one event.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The event's ID.
    pub event: Box<str>,
    /// Whether an attacker did it.
    pub malicious: bool,
    /// What it belongs to: `benign`, or the attack's name, with a variant after a colon.
    pub scenario: Arc<str>,
    /// The incident it belongs to, or empty.
    pub incident: Arc<str>,
    /// Who did it, as the labels' author calls them.
    pub principal: Arc<str>,
    /// Milliseconds since 1970 UTC.
    pub time: i64,
    /// The address.
    pub ip: Arc<str>,
    /// The client: its text or anything that stands for it.
    pub ua: Arc<str>,
}

/// A file of labels as read.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    /// One per usable line, in the file's order.
    pub events: Vec<Label>,
    /// Lines left out.
    pub bad: u64,
    /// The first of them: which line, what was expected, what was found.
    pub first_bad: Vec<Skipped>,
}

/// Figures of one report against labels. What cannot be said (no attack, no benign session) is none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Sessions of the labels.
    pub sessions: u64,
    /// Of them, with a malicious event.
    pub malicious: u64,
    /// Labelled events that have no score: they count as score 0, not alerted.
    pub missing: u64,
    /// Scored events that have no label: they count for nothing.
    pub unlabelled: u64,
    /// Events scored more than once: the last counts.
    pub duplicated: u64,
    /// The chance that a malicious session scores higher than a benign one.
    pub auc: Option<f64>,
    /// The mean precision over malicious sessions, ties taken together.
    pub average_precision: Option<f64>,
    /// The share of malicious sessions found where 0.3 % of benign sessions are false alarms.
    pub recall_at_003: Option<f64>,
    /// The same where 0.1 % are.
    pub recall_at_001: Option<f64>,
    /// Sessions alerted.
    pub alerts: u64,
    /// The share of sessions that are alerted and malicious, or neither.
    pub accuracy: f64,
    /// The share of benign sessions alerted.
    pub false_positive_rate: Option<f64>,
    /// Its standard error, clustered by principal.
    pub standard_error: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// The share of alerted sessions that are malicious.
    pub precision: f64,
    /// The share of malicious sessions alerted.
    pub recall: Option<f64>,
    /// Incidents in the labels.
    pub incidents: u64,
    /// Incidents of which a malicious session is alerted.
    pub caught: u64,
    /// The share of an incident's malicious sessions alerted, averaged over incidents.
    pub recall_by_incident: Option<f64>,
    /// Over caught incidents: from the first malicious event to the last event of the first alerted session; the median, in milliseconds.
    pub median_delay: Option<i64>,
    /// The longest of these.
    pub longest_delay: Option<i64>,
    /// By scenario: attacks first, then benign life, each by name.
    pub scenarios: Vec<ScenarioFigures>,
}

/// Figures of one scenario. A malicious session belongs to its first malicious event's, named up to the colon; a benign one to its
/// first event's, named whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ScenarioFigures {
    /// The scenario's name.
    pub name: String,
    /// An attack, or benign life.
    pub malicious: bool,
    /// Its sessions.
    pub sessions: u64,
    /// Of them, alerted.
    pub alerts: u64,
    /// Of them, above the score that 0.3 % of all benign sessions reach.
    pub at_003: u64,
    /// Its incidents.
    pub incidents: u64,
    /// Of them, caught.
    pub caught: u64,
    /// The median delay of the incidents caught, in milliseconds.
    pub median_delay: Option<i64>,
}

/// Reads labels: CSV with a header, plain or gzip. Errors: not text, no header with the columns needed, or no usable line.
///
/// ```
/// let text = "eventID,label,scenario,incident,principal,time,ip,ua\n\
///             e1,0,benign,,ana,2025-03-03T08:00:00Z,203.0.113.7,c1\n\
///             e2,maybe,benign,,ana,2025-03-03T08:01:00Z,203.0.113.7,c1\n";
/// let labels = oddtrail::read_labels("labels.csv", text.as_bytes()).expect("one line is fine");
/// assert_eq!(labels.events.len(), 1);
/// assert_eq!(labels.first_bad[0].reason, "label is not 0 or 1: \"maybe\"");
/// ```
pub fn read_labels(name: &str, bytes: &[u8]) -> Result<Labels, Error> {
    read_labels_within(name, bytes, LARGEST)
}

/// Reads another detector's scores, for [`evaluate`]: CSV with `eventID`, `score` and perhaps `alert` (1, true or yes).
/// An empty score is 0. Errors: a column is missing, or a line has no number as its score; the line is named.
pub fn read_scores(name: &str, bytes: &[u8]) -> Result<Vec<(String, f64, bool)>, Error> {
    let mut reader = csv::Reader::from_reader(bytes);
    let failed = |e: csv::Error| Error(format!("{name}: {e}"));
    let header = reader.headers().map_err(failed)?.clone();
    let place = |column: &str| header.iter().position(|name| name.trim() == column);
    let (Some(event), Some(score)) = (place("eventID"), place("score")) else {
        return Err(Error(format!("{name}: expected columns eventID and score, found {}", found(&header.iter().collect::<Vec<_>>().join(",")))));
    };
    let alert = place("alert");
    let mut scores = Vec::new();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let (cell, line) = (record[score].trim(), record.position().map_or(0, csv::Position::line));
        let value = if cell.is_empty() { Some(0.0) } else { cell.parse::<f64>().ok().filter(|value| !value.is_nan()) };
        let value = value.ok_or_else(|| Error(format!("{name} line {line}: score is not a number: {}", found(cell))))?;
        let alert = alert.is_some_and(|place| matches!(record[place].to_ascii_lowercase().as_str(), "1" | "true" | "yes"));
        scores.push((record[event].to_owned(), value, alert));
    }
    Ok(scores)
}

fn read_labels_within(name: &str, bytes: &[u8], largest: u64) -> Result<Labels, Error> {
    let mut inflated = Vec::new();
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        let inflating = flate2::read::MultiGzDecoder::new(bytes).take(largest + 1).read_to_end(&mut inflated);
        inflating.map_err(|e| Error(format!("{name}: the gzip is broken: {e}")))?;
        &inflated[..]
    } else {
        bytes
    };
    if bytes.len() as u64 > largest {
        return Err(Error(format!("{name}: more than {} MB of labels", largest >> 20)));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let failed = |e: csv::Error| Error(format!("{name}: {e}"));
    if !reader.read_byte_record(&mut record).map_err(failed)? {
        return Err(Error(format!("{name}: it is empty; expected a header with {}", NEEDED.join(", "))));
    }
    let header: Vec<String> = record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
    let place = |column: &str| header.iter().position(|name| name == column);
    let missing: Vec<&str> = NEEDED.into_iter().filter(|column| place(column).is_none()).collect();
    if !missing.is_empty() {
        return Err(Error(format!("{name}: no column {}; found {}", missing.join(", "), found(&header.join(",")))));
    }
    let places: Vec<usize> = NEEDED.iter().filter_map(|column| place(column)).collect();
    let mut labels = Labels::default();
    let mut pool: HashSet<Arc<str>> = HashSet::new();
    while reader.read_byte_record(&mut record).map_err(failed)? {
        match read_line(&record, &places, header.len(), &mut pool) {
            Ok(label) => labels.events.push(label),
            Err(reason) => {
                labels.bad += 1;
                if labels.first_bad.len() < KEPT {
                    let at = record.position();
                    let (offset, line) = (at.map_or(0, csv::Position::byte), at.map_or(0, csv::Position::line));
                    labels.first_bad.push(Skipped { file: name.to_owned(), offset, line, reason });
                }
            }
        }
    }
    match (labels.events.is_empty(), labels.first_bad.first()) {
        (true, Some(bad)) => Err(Error(format!("{name}: no line can be used; line {}: {}", bad.line, bad.reason))),
        (true, None) => Err(Error(format!("{name}: there is a header and no line"))),
        _ => Ok(labels),
    }
}

fn read_line(record: &csv::ByteRecord, places: &[usize], width: usize, pool: &mut HashSet<Arc<str>>) -> Result<Label, String> {
    if record.len() < width {
        return Err(format!("expected {width} cells, found {}", record.len()));
    }
    let mut cells = [""; NEEDED.len()];
    for ((cell, place), column) in cells.iter_mut().zip(places).zip(NEEDED) {
        *cell = std::str::from_utf8(&record[*place]).map_err(|_| format!("{column} is not UTF-8 text"))?;
    }
    let [event, label, scenario, incident, principal, time, ip, ua] = cells;
    let malicious = match label.trim() {
        "0" => false,
        "1" => true,
        _ => return Err(format!("label is not 0 or 1: {}", found(label))),
    };
    if event.is_empty() {
        return Err("eventID is empty".into());
    }
    let millis = parse_time(time).ok_or_else(|| format!("time is not a date: {}", found(time)))?;
    let mut share = |text: &str| match pool.get(text) {
        Some(known) => known.clone(),
        None => {
            let fresh: Arc<str> = text.into();
            pool.insert(fresh.clone());
            fresh
        }
    };
    Ok(Label {
        event: event.into(),
        malicious,
        scenario: share(scenario),
        incident: share(incident),
        principal: share(principal),
        time: millis,
        ip: share(ip),
        ua: share(ua),
    })
}

/// What was found, cut to 80 characters.
fn found(text: &str) -> String {
    format!("{:?}", text.chars().take(80).collect::<String>())
}

/// One session of the labels.
#[derive(Debug, Default)]
struct Labelled<'a> {
    score: f64,
    alert: bool,
    malicious: bool,
    principal: usize,
    scenario: &'a str,
    incidents: BTreeSet<&'a str>,
    last: i64,
}

/// Measures scores against labels. `scored` is each event's ID, score and whether it is in an alert, as [`crate::Analyzer::scored_events`]
/// gives them. The 95 % interval of the false positive rate takes a principal's sessions together, since they err together: the
/// variance is that of a ratio of sums over clusters (the sandwich: Liang and Zeger, 1986; Cochran, 1977, section 6), and the interval
/// is Wilson's at the number of independent sessions with that variance (Korn and Graubard, 1998).
pub fn evaluate(labels: &Labels, scored: impl IntoIterator<Item = (String, f64, bool)>) -> Evaluation {
    let mut of_event: HashMap<String, (f64, bool)> = HashMap::new();
    let mut figures = Evaluation::default();
    for (event, score, alert) in scored {
        figures.duplicated += u64::from(of_event.insert(event, (score, alert)).is_some());
    }
    let mut sessions = sessions(labels, &of_event, &mut figures.missing);
    let known: HashSet<&str> = labels.events.iter().map(|label| &*label.event).collect();
    figures.unlabelled = of_event.keys().filter(|event| !known.contains(event.as_str())).count() as u64;
    sessions.sort_by(|a, b| b.score.total_cmp(&a.score));
    figures.sessions = sessions.len() as u64;
    figures.malicious = sessions.iter().filter(|s| s.malicious).count() as u64;
    let blocks = blocks(&sessions);
    figures.auc = auc(&blocks);
    figures.average_precision = average_precision(&blocks);
    let at_003 = recall_at(&blocks, 0.003);
    figures.recall_at_003 = at_003.map(|(recall, _)| recall);
    figures.recall_at_001 = recall_at(&blocks, 0.001).map(|(recall, _)| recall);
    measure_alerts(&mut figures, &sessions);
    let delays = measure_incidents(&mut figures, labels, &sessions);
    let above = at_003.map_or(0, |(_, above)| above);
    figures.scenarios = by_scenario(&sessions, above, &delays);
    figures
}

/// The labels' sessions, in the order in which the labels first name who, where and with what.
fn sessions<'a>(labels: &'a Labels, of_event: &HashMap<String, (f64, bool)>, missing: &mut u64) -> Vec<Labelled<'a>> {
    let mut groups: Vec<Vec<&Label>> = Vec::new();
    let mut group_of: HashMap<(&str, &str, &str), usize> = HashMap::new();
    let mut principals: HashMap<&str, usize> = HashMap::new();
    for label in &labels.events {
        let group = *group_of.entry((&label.principal, &label.ip, &label.ua)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(label);
    }
    let mut sessions: Vec<Labelled> = Vec::new();
    for mut group in groups {
        group.sort_by(|a, b| {
            let key = |l: &Label| (l.time, l.malicious);
            key(a).0.cmp(&key(b).0).then_with(|| a.event.cmp(&b.event)).then_with(|| key(a).1.cmp(&key(b).1))
        });
        let mut before = None;
        for label in group {
            if before.is_none_or(|before| label.time - before > PAUSE) {
                let count = principals.len();
                let principal = *principals.entry(&label.principal).or_insert(count);
                sessions.push(Labelled { principal, scenario: &label.scenario, ..Labelled::default() });
            }
            before = Some(label.time);
            let session = sessions.last_mut().expect("the first label opened one");
            let score = of_event.get(&*label.event);
            *missing += u64::from(score.is_none());
            let (score, alert) = score.copied().unwrap_or_default();
            session.score = session.score.max(score);
            session.alert |= alert;
            session.last = label.time;
            if label.malicious {
                if !session.malicious {
                    session.scenario = label.scenario.split(':').next().unwrap_or_default();
                }
                session.malicious = true;
                if !label.incident.is_empty() {
                    session.incidents.insert(&label.incident);
                }
            }
        }
    }
    sessions
}

/// Sessions of one score: how many are malicious, and how many there are.
struct Block {
    malicious: u64,
    all: u64,
}

/// Blocks of equal scores, highest first.
fn blocks(sorted: &[Labelled]) -> Vec<Block> {
    sorted
        .chunk_by(|a, b| a.score == b.score)
        .map(|block| Block { malicious: block.iter().filter(|s| s.malicious).count() as u64, all: block.len() as u64 })
        .collect()
}

/// Malicious and benign sessions; none where there are none of either.
fn both(blocks: &[Block]) -> Option<(f64, f64)> {
    let malicious: u64 = blocks.iter().map(|b| b.malicious).sum();
    let all: u64 = blocks.iter().map(|b| b.all).sum();
    (malicious > 0 && all > malicious).then_some((malicious as f64, (all - malicious) as f64))
}

fn auc(blocks: &[Block]) -> Option<f64> {
    let (malicious, benign) = both(blocks)?;
    let (mut total, mut above) = (0.0, 0.0);
    for block in blocks {
        let (p, n) = (block.malicious as f64, (block.all - block.malicious) as f64);
        total += p * (benign - above - n / 2.0);
        above += n;
    }
    Some(total / (malicious * benign))
}

fn average_precision(blocks: &[Block]) -> Option<f64> {
    let malicious = blocks.iter().map(|b| b.malicious).sum::<u64>() as f64;
    if malicious == 0.0 {
        return None;
    }
    let (mut total, mut found, mut seen) = (0.0, 0.0, 0.0);
    for block in blocks {
        found += block.malicious as f64;
        seen += block.all as f64;
        total += block.malicious as f64 / malicious * found / seen;
    }
    Some(total)
}

/// The recall before the share of benign sessions passes `share`, and how many sessions come before that.
fn recall_at(blocks: &[Block], share: f64) -> Option<(f64, usize)> {
    let malicious = blocks.iter().map(|b| b.malicious).sum::<u64>() as f64;
    let benign = blocks.iter().map(|b| b.all - b.malicious).sum::<u64>() as f64;
    if malicious == 0.0 {
        return None;
    }
    let (mut found, mut wrong, mut recall, mut seen) = (0.0, 0.0, 0.0, 0);
    for block in blocks {
        found += block.malicious as f64;
        wrong += (block.all - block.malicious) as f64;
        if wrong > share * benign {
            break;
        }
        recall = found / malicious;
        seen += block.all as usize;
    }
    Some((recall, seen))
}

fn measure_alerts(figures: &mut Evaluation, sessions: &[Labelled]) {
    let (malicious, benign) = (figures.malicious, figures.sessions - figures.malicious);
    let right = sessions.iter().filter(|s| s.alert && s.malicious).count() as u64;
    let wrong = sessions.iter().filter(|s| s.alert && !s.malicious).count() as u64;
    figures.alerts = right + wrong;
    figures.accuracy = (right + benign - wrong) as f64 / figures.sessions.max(1) as f64;
    figures.precision = right as f64 / (right + wrong).max(1) as f64;
    figures.recall = (malicious > 0).then(|| right as f64 / malicious as f64);
    if benign == 0 {
        return;
    }
    let rate = wrong as f64 / benign as f64;
    // Of each principal: benign sessions, and those of them alerted.
    let mut clusters: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for session in sessions.iter().filter(|s| !s.malicious) {
        let cluster = clusters.entry(session.principal).or_default();
        cluster.0 += 1.0;
        cluster.1 += f64::from(u8::from(session.alert));
    }
    let count = clusters.len() as f64;
    let squares = crate::num::sum(clusters.values().map(|(all, wrong)| (wrong - rate * all) * (wrong - rate * all)));
    let variance = squares * count / (count - 1.0).max(1.0) / (benign as f64 * benign as f64);
    figures.false_positive_rate = Some(rate);
    figures.standard_error = Some(variance.sqrt());
    // As many independent sessions as have this variance, and never more than there are.
    let independent = if variance > 0.0 { (rate * (1.0 - rate) / variance).min(benign as f64) } else { benign as f64 };
    figures.interval = Some(wilson(rate, independent.max(1.0)));
}

/// Wilson's 95 % interval of a share seen in `count` trials.
fn wilson(share: f64, count: f64) -> (f64, f64) {
    let square = NORMAL_975 * NORMAL_975;
    let middle = (share + square / (2.0 * count)) / (1.0 + square / count);
    let half = NORMAL_975 / (1.0 + square / count) * (share * (1.0 - share) / count + square / (4.0 * count * count)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

/// Fills what concerns incidents; returns each incident's delay, none where it was missed.
fn measure_incidents<'a>(figures: &mut Evaluation, labels: &'a Labels, sessions: &[Labelled<'a>]) -> BTreeMap<&'a str, Option<i64>> {
    let mut first: BTreeMap<&str, i64> = BTreeMap::new();
    for label in labels.events.iter().filter(|l| l.malicious && !l.incident.is_empty()) {
        let start = first.entry(&label.incident).or_insert(label.time);
        *start = label.time.min(*start);
    }
    // Of each incident: sessions, those alerted, the end of the first of them.
    let mut seen: BTreeMap<&str, (f64, f64, Option<i64>)> = BTreeMap::new();
    for session in sessions {
        for incident in &session.incidents {
            let entry = seen.entry(incident).or_default();
            entry.0 += 1.0;
            if session.alert {
                entry.1 += 1.0;
                entry.2 = Some(entry.2.map_or(session.last, |end| end.min(session.last)));
            }
        }
    }
    let delays: BTreeMap<&str, Option<i64>> =
        seen.iter().map(|(incident, (_, _, end))| (*incident, end.map(|end| end - first.get(incident).copied().unwrap_or(end)))).collect();
    figures.incidents = seen.len() as u64;
    figures.caught = seen.values().filter(|(_, alerted, _)| *alerted > 0.0).count() as u64;
    if !seen.is_empty() {
        figures.recall_by_incident = Some(crate::num::sum(seen.values().map(|(all, alerted, _)| alerted / all)) / seen.len() as f64);
    }
    let caught: Vec<i64> = delays.values().flatten().copied().collect();
    figures.longest_delay = caught.iter().max().copied();
    figures.median_delay = median(caught);
    delays
}

/// The middle; of an even number, the lower of the two.
fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied()
}

/// `above` is how many of the sorted sessions come before the score that 0.3 % of benign sessions reach.
fn by_scenario(sorted: &[Labelled], above: usize, delays: &BTreeMap<&str, Option<i64>>) -> Vec<ScenarioFigures> {
    let mut all: BTreeMap<(bool, &str), (ScenarioFigures, BTreeSet<&str>)> = BTreeMap::new();
    for (rank, session) in sorted.iter().enumerate() {
        let (figures, incidents) = all.entry((!session.malicious, session.scenario)).or_default();
        figures.sessions += 1;
        figures.alerts += u64::from(session.alert);
        figures.at_003 += u64::from(rank < above);
        incidents.extend(&session.incidents);
    }
    let fill = |((benign, name), (figures, incidents)): ((bool, &str), (ScenarioFigures, BTreeSet<&str>))| {
        let caught: Vec<i64> = incidents.iter().filter_map(|incident| delays.get(incident).copied().flatten()).collect();
        ScenarioFigures {
            name: name.to_owned(),
            malicious: !benign,
            incidents: incidents.len() as u64,
            caught: caught.len() as u64,
            median_delay: median(caught),
            ..figures
        }
    };
    all.into_iter().map(fill).collect()
}

/// Evaluations side by side as text for a terminal: one column for each, named. Figures have the digits of the usual scripts:
/// four for areas and shares of sessions, three for recalls.
pub fn evaluation_text(columns: &[(&str, &Evaluation)]) -> String {
    type Row = (&'static str, fn(&Evaluation) -> String);
    let rows: [Row; 18] = [
        ("sessions", |e| e.sessions.to_string()),
        ("malicious sessions", |e| e.malicious.to_string()),
        ("labelled events without a score", |e| e.missing.to_string()),
        ("scored events without a label", |e| e.unlabelled.to_string()),
        ("ROC-AUC", |e| digits(e.auc, 4)),
        ("average precision", |e| digits(e.average_precision, 4)),
        ("recall at 0.3 % false alarms", |e| digits(e.recall_at_003, 3)),
        ("recall at 0.1 % false alarms", |e| digits(e.recall_at_001, 3)),
        ("alerts", |e| e.alerts.to_string()),
        ("accuracy", |e| digits(Some(e.accuracy), 4)),
        ("false positive rate", |e| digits(e.false_positive_rate, 4)),
        ("  95 % interval, by principal", |e| e.interval.map_or("-".into(), |(low, high)| format!("{low:.4}-{high:.4}"))),
        ("precision", |e| digits(Some(e.precision), 3)),
        ("recall", |e| digits(e.recall, 3)),
        ("incidents caught", |e| format!("{}/{}", e.caught, e.incidents)),
        ("recall averaged over incidents", |e| digits(e.recall_by_incident, 3)),
        ("first malicious event to alert, median", |e| span(e.median_delay)),
        ("  longest", |e| span(e.longest_delay)),
    ];
    let mut text = line("", columns.iter().map(|(name, _)| (*name).to_owned()));
    for (name, value) in rows {
        text.push_str(&line(name, columns.iter().map(|(_, e)| value(e))));
    }
    let names: BTreeSet<(bool, &str)> =
        columns.iter().flat_map(|(_, e)| e.scenarios.iter().map(|s| (!s.malicious, s.name.as_str()))).collect();
    let mut part = None;
    for (benign, name) in names {
        if part.replace(benign) != Some(benign) {
            let what = if benign { "alerted of benign sessions" } else { "alerted of malicious sessions; incidents; time to alert" };
            text.push_str(&format!("\n{what}\n"));
        }
        let value = |e: &Evaluation| {
            let found = e.scenarios.iter().find(|s| s.malicious != benign && s.name == name);
            found.map_or("-".into(), |s| {
                let mut words = format!("{}/{}", s.alerts, s.sessions);
                if s.incidents > 0 {
                    words.push_str(&format!("  {}/{}  {}", s.caught, s.incidents, span(s.median_delay)));
                }
                words
            })
        };
        let name = if name.is_empty() { "(no name)" } else { name };
        let shown: String = name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(40).collect();
        text.push_str(&line(&shown, columns.iter().map(|(_, e)| value(e))));
    }
    text
}

fn line(name: &str, cells: impl Iterator<Item = String>) -> String {
    let mut line = format!("{name:<42}");
    cells.for_each(|cell| line.push_str(&format!("{cell:>24}")));
    format!("{}\n", line.trim_end())
}

fn digits(value: Option<f64>, count: usize) -> String {
    value.map_or("-".into(), |value| format!("{value:.count$}"))
}

fn span(millis: Option<i64>) -> String {
    match millis.map(|m| m as f64 / 60_000.0) {
        None => "-".into(),
        Some(minutes) if minutes < 90.0 => format!("{minutes:.0} min"),
        Some(minutes) if minutes < 2_880.0 => format!("{:.1} h", minutes / 60.0),
        Some(minutes) => format!("{:.1} d", minutes / 1_440.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_inflate_without_end_are_refused() {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&vec![b'a'; 5000]).expect("to memory");
        let packed = packed.finish().expect("to memory");
        let refused = read_labels_within("labels.csv.gz", &packed, 4096).expect_err("too much");
        assert!(refused.0.contains("more than"), "{refused}");
    }

    #[test]
    fn wilson_is_that_of_the_textbook() {
        // 0 of 100: 3.8415 / 103.8415 at the top. 50 of 100: 0.4038 to 0.5962.
        let (low, high) = wilson(0.0, 100.0);
        assert!(low.abs() < 1e-12 && (high - 0.036_994).abs() < 1e-6, "{high}");
        let (low, high) = wilson(0.5, 100.0);
        assert!((low - 0.403_832).abs() < 1e-6 && (high - 0.596_168).abs() < 1e-6);
    }
}
