//! Bytes → records: what the files hold, whatever they are wrapped in. Knows shapes; knows nothing of what a record means.
//!
//! # Adding a format
//!
//! 1. A row in `FORMATS`: its name, the sign it is known by, what is done with it. A row above wins.
//! 2. If the sign is a JSON key not marked yet: a bit in `object::mark` and its key in `object::other_mark`.
//! 3. If an envelope holds a list under a new key: the key in `json::LISTS`.
//! 4. If fields have names of their own: those in `fields`.
//! 5. A case in `tests/data/ingest`: the file, and `<file>.expected.json` beside it.

mod archive;
mod clock;
mod container;
#[cfg(any(test, target_arch = "wasm32"))]
mod crc;
mod csv;
#[cfg(not(target_arch = "wasm32"))]
mod deal;
mod digest;
mod fields;
mod format;
mod inflate;
mod json;
mod limits;
mod object;
mod opened;
mod parts;
mod rebuild;
mod recall;
mod scan;
mod structs;
mod window;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Skipped};
use crate::num::grouped;
use crate::record::{Finding, Place, Record};
#[cfg(target_arch = "wasm32")]
use crc::Crc;
use csv::{Columns, Row};
#[cfg(not(target_arch = "wasm32"))]
use flate2::Crc;
use fields::Builder;
use format::{Format, Sign, Then};
use json::{Item, Spot};
pub(crate) use digest::{DigestFile, last_part};
pub use digest::{Hashed, hash_part};
pub use limits::Limits;
use object::{Seen, mark};
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use deal::{Hand, deal};
pub use parts::{Part, parts_of};
pub(crate) use parts::join;
use parts::{Raw, half_of};
use recall::Recall;
use rebuild::{Built, Shape, rebuild};
use window::{Deal, Half, Window};

/// Every shape that is known, read or not.
const FORMATS: &[Format] = &[
    head("empty", |h| h.is_empty(), "empty"),
    head("bzip2", |h| h.starts_with(b"BZh"), "compressed with bzip2, not read: decompress it first"),
    head("xz", |h| h.starts_with(b"\xFD7zXZ\0"), "compressed with xz, not read: decompress it first"),
    head("7z", |h| h.starts_with(b"7z\xBC\xAF\x27\x1C"), "a 7z archive, not read: unpack it first"),
    head("RAR", |h| h.starts_with(b"Rar!\x1A\x07"), "a RAR archive, not read: unpack it first"),
    head("PDF", |h| h.starts_with(b"%PDF"), "a PDF"),
    head("PNG", |h| h.starts_with(b"\x89PNG"), "a PNG picture"),
    head("JPEG", |h| h.starts_with(&[0xFF, 0xD8, 0xFF]), "a JPEG picture"),
    head("GIF", |h| h.starts_with(b"GIF8"), "a GIF picture"),
    head("WebP", |h| h.starts_with(b"RIFF") && h.get(8..12) == Some(b"WEBP"), "a WebP picture"),
    head("old Excel", |h| h.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]), "an Excel or Word file, not read: save it as CSV"),
    head("Parquet", |h| h.starts_with(b"PAR1"), "Parquet, not read yet: export as JSON"),
    head("ORC", |h| h.starts_with(b"ORC"), "ORC, not read: export as JSON"),
    head("Avro", |h| h.starts_with(b"Obj\x01"), "Avro, not read: export as JSON"),
    head("SQLite", |h| h.starts_with(b"SQLite format 3"), "a SQLite database, not read"),
    head("Git LFS", |h| h.starts_with(b"version https://git-lfs"), "a Git LFS pointer: the file itself is elsewhere (git lfs pull)"),
    head("HTML", |h| text_starts(h, &["<!doctype", "<html", "<head", "<body"]), "an HTML page"),
    head("XML", |h| text_starts(h, &["<?xml"]), "XML"),
    head("AWS error", |h| text_starts(h, &["<error>"]), "an error that AWS answered instead of the file"),
    head("VPC flow log", |h| text_starts(h, &["version account-id interface-id"]) || is_flow_log(h), "a VPC flow log, not CloudTrail"),
    Format { name: "CSV", sign: Sign::Head(is_table), then: Then::Table },
    head("binary", is_binary, "binary data of an unknown kind"),
    columns("CloudTrail Lake CSV", |c| c.has("eventjson"), Then::Text("eventjson")),
    columns("Splunk CSV", |c| c.has("raw"), Then::Text("raw")),
    columns("Kibana CSV", |c| c.has("eventoriginal"), Then::Text("eventoriginal")),
    columns("lookup-events CSV", |c| c.has("cloudtrailevent"), Then::Text("cloudtrailevent")),
    columns("CloudWatch Logs Insights CSV", |c| c.has("message") && !c.has("eventname"), Then::Text("message")),
    columns("Event history CSV", |c| c.has("awsaccesskey") || c.has("username") && c.has("eventtime") && !c.has("useridentity"), Then::Rows),
    columns("Sentinel AWSCloudTrail CSV", |c| c.has("awseventid") || c.has("timegenerated") && c.has("eventname"), Then::Rows),
    columns("flaws.cloud CSV", |c| c.has("useridentitytype") && c.has("requestparametersinstancetype"), Then::Rows),
    columns("Athena or Lake CSV", |c| c.has("useridentity") && (c.has("eventname") || c.has("eventtime")), Then::Rows),
    columns("Kibana CSV", |c| c.has("eventaction") && (c.has("timestamp") || c.has("eventprovider")), Then::Rows),
    columns("CSV of CloudTrail fields", |c| c.has("eventname") && (c.has("eventtime") || c.has("timestamp")), Then::Rows),
    columns("CSV", |_| true, Then::Foreign("CSV without the columns of CloudTrail")),
    object("insight event", |s| s.has & mark::INSIGHT != 0 || s.record.event_type == "AwsCloudTrailInsight", Then::Insight),
    object("CloudTrail digest file", |s| s.has & mark::DIGEST != 0 && s.has & mark::RECORD == 0, Then::Digest),
    object("CloudTrail Lake sign file", |s| s.has & mark::SIGNED != 0 && s.has & mark::RECORD == 0, Then::Foreign("the sign file of a CloudTrail Lake query")),
    object("aws cloudtrail lookup-events", |s| s.has & mark::INNER != 0, Then::Inner("CloudTrailEvent")),
    object("EventBridge event", |s| s.has & mark::DETAIL != 0 && recordish(s), Then::Record),
    object("GuardDuty finding", |s| s.detail_type.starts_with("GuardDuty"), Then::Finding),
    object("Security Hub finding", |s| s.detail_type.starts_with("Security Hub"), Then::Finding),
    object("EventBridge event of another kind", |s| s.has & mark::DETAIL != 0 && !s.detail_type.is_empty(), Then::Foreign("EventBridge event of another kind, not a CloudTrail record")),
    object(RECORD, recordish, Then::Record),
    object("OCSF", |s| s.has & mark::OCSF != 0, Then::Rebuild(Shape::Ocsf)),
    object("Elastic", |s| s.has & mark::ELASTIC != 0, Then::Rebuild(Shape::Elastic)),
    object("CloudWatch Logs", |s| s.has & mark::WATCH != 0 && s.has & mark::MESSAGE != 0, Then::Inner("message")),
    object("CloudWatch Logs", |s| s.has & mark::WATCH != 0, Then::Foreign("CloudWatch Logs without messages")),
    object("CloudWatch Logs subscription", |s| s.has & mark::PAYLOAD != 0, Then::Rebuild(Shape::Payload)),
    object("Splunk", |s| s.has & mark::SPLUNK != 0 || s.has == mark::LAST, Then::Rebuild(Shape::Splunk)),
    object("CloudTrail Lake", |s| s.has & mark::LAKE != 0, Then::Foreign("CloudTrail Lake query result without rows")),
    object("Sentinel AWSCloudTrail", |s| s.has & mark::SENTINEL != 0, Then::Rebuild(Shape::Named)),
    object("table of CloudTrail fields", |s| s.has & mark::NAMED != 0, Then::Rebuild(Shape::Named)),
    object("finding", |s| s.has & mark::FINDING != 0, Then::Finding),
    object("text in a log", |s| s.has & mark::MESSAGE != 0 && s.inner.trim_start().starts_with('{'), Then::Inner("message")),
    object("text in a log", |s| s.has == mark::MESSAGE, Then::Foreign(NO_RECORD)),
];

const RECORD: &str = "CloudTrail record";
const NO_RECORD: &str = "text in a log that is no CloudTrail record";

const fn head(name: &'static str, is: fn(&[u8]) -> bool, reason: &'static str) -> Format {
    Format { name, sign: Sign::Head(is), then: Then::Foreign(reason) }
}

const fn columns(name: &'static str, is: fn(&Columns) -> bool, then: Then) -> Format {
    Format { name, sign: Sign::Columns(is), then }
}

const fn object(name: &'static str, is: fn(&Seen<'_>) -> bool, then: Then) -> Format {
    Format { name, sign: Sign::Object(is), then }
}

/// Two keys that only CloudTrail has.
fn recordish(seen: &Seen<'_>) -> bool {
    (seen.has & mark::RECORD).count_ones() >= 2
}

/// What one file gave, and what was left out and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileReport {
    /// The file as the caller named it.
    pub name: String,
    /// What it is, for people: "zip, gzip: CloudTrail record (Records)".
    pub format: String,
    /// Bytes of the file itself.
    pub bytes: u64,
    /// Bytes of its members once inflated.
    pub inflated: u64,
    /// Records handed on and accepted.
    pub records: u64,
    /// Records that could not be read, or were refused by the sink.
    #[serde(skip_serializing_if = "is_nothing")]
    pub bad_records: u64,
    /// Insight events, which are about rates of calls and not about logins.
    #[serde(skip_serializing_if = "is_nothing")]
    pub insights: u64,
    /// Digest files.
    #[serde(skip_serializing_if = "is_nothing")]
    pub digests: u64,
    /// What they say.
    #[serde(skip_serializing_if = "is_nothing")]
    pub(crate) digest_files: Vec<DigestFile>,
    /// Members and objects that are something else.
    #[serde(skip_serializing_if = "is_nothing")]
    pub foreign: u64,
    /// What was left out, bad records aside: reason and how often.
    #[serde(skip_serializing_if = "is_nothing")]
    pub skipped: BTreeMap<String, u64>,
    /// The first bad records: 3 of a member, 10 of a file.
    #[serde(skip_serializing_if = "is_nothing")]
    pub first_bad: Vec<Skipped>,
    /// Insight events by what they are about: `ApiCallRateInsight s3.amazonaws.com GetObject`. Each counts once, at its start.
    #[serde(skip_serializing_if = "is_nothing")]
    pub insight_kinds: BTreeMap<String, u64>,
    /// Findings of GuardDuty or Security Hub; at most 1,000, all are counted in `findings_met`.
    #[serde(skip_serializing_if = "is_nothing")]
    pub findings: Vec<Finding>,
    /// How many findings there were.
    #[serde(skip_serializing_if = "is_nothing")]
    pub findings_met: u64,
    /// Fields that this file's shape has no place for, as `missing_fields` names them.
    #[serde(skip_serializing_if = "is_nothing")]
    pub missing: Vec<String>,
    /// Names of an archive's members as `Place::member` numbers them; empty where there is no archive.
    #[serde(skip_serializing_if = "is_nothing")]
    pub members: Vec<String>,
    /// Why the file was not read, or not to its end.
    #[serde(skip_serializing_if = "is_nothing")]
    pub error: Option<String>,
    /// For a part of a file: what is needed to put the parts together.
    #[serde(skip_serializing_if = "is_nothing")]
    pub part: Option<Part>,
}

/// A report is handed from one worker to another as JSON, without what a plain file has nothing of.
fn is_nothing<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// How many bad records of a file and of one of its members, and how many findings of a file are told.
const FIRST_BAD: usize = 10;
const FIRST_BAD_OF_MEMBER: usize = 3;
const FINDINGS: usize = 1000;
/// How many digests of a file are kept, and how many log files that they name. Two years of twenty regions are 350,000.
const DIGESTS: usize = 500_000;
const NAMED_LOGS: usize = 2_000_000;

impl FileReport {
    /// What is known of a file, or its part, while it is read.
    pub(crate) fn unfinished(name: &str, (number, of): (u32, u32)) -> FileReport {
        let part = (of > 1).then(|| Part::unread(number, of));
        FileReport { name: name.to_owned(), part, ..FileReport::default() }
    }

    /// Of a file nothing of which was read, and why.
    pub(crate) fn unread(name: &str, why: String) -> FileReport {
        FileReport { name: name.to_owned(), error: Some(why), ..FileReport::default() }
    }

    /// Whether it is the first half of a file and read to the file's end.
    pub(crate) fn is_whole(&self) -> bool {
        self.part.as_ref().is_some_and(|part| part.whole)
    }

    /// Which part of its file it is; 0 for a whole one.
    pub(crate) fn part_number(&self) -> u32 {
        self.part.as_ref().map_or(0, |part| part.number)
    }
}

/// Fields that a shape may have no place for, and which question cannot be answered then.
pub fn missing_fields() -> impl Iterator<Item = (&'static str, &'static str)> {
    fields::QUESTIONS.iter().map(|(_, field, hides)| (*field, *hides))
}
/// A file to read: where there are threads, another may take it over.
#[cfg(not(target_arch = "wasm32"))]
pub trait Source: Read + Seek + Send {}
#[cfg(not(target_arch = "wasm32"))]
impl<R: Read + Seek + Send> Source for R {}

/// A file to read.
#[cfg(target_arch = "wasm32")]
pub trait Source: Read + Seek {}
#[cfg(target_arch = "wasm32")]
impl<R: Read + Seek> Source for R {}

/// Reads all records of a file. `sink` gets each with its place; its error says what is wrong with a record.
///
/// Never fails: what cannot be read stands in the report.
pub fn read_file<R: Source>(
    name: &str,
    file: u32,
    reader: R,
    limits: &Limits,
    sink: &mut dyn FnMut(&Record<'_>, Place) -> Result<(), String>,
) -> FileReport {
    read_file_watched(name, file, reader, limits, sink, &mut |_| true)
}

/// The same, with `watch` told now and then how many bytes of the file are done. Its false ends the reading.
pub fn read_file_watched<R: Source>(
    name: &str,
    file: u32,
    reader: R,
    limits: &Limits,
    sink: &mut dyn FnMut(&Record<'_>, Place) -> Result<(), String>,
    watch: &mut dyn FnMut(u64) -> bool,
) -> FileReport {
    read_part(name, file, (0, 1), reader, (limits, &mut Memory::default()), sink, watch)
}

/// What reading a file leaves behind, and the next is read more quickly with.
#[derive(Default)]
pub(crate) struct Memory {
    /// Records of files before, which count towards the limit too.
    pub(crate) records: u64,
    open: Open,
    /// What files are inflated with.
    room: Cell<inflate::Room>,
}

/// What a member is read with.
#[derive(Default)]
struct Open {
    window: Window,
    /// Where pieces of it come from, if it is dealt.
    deal: Option<Box<Deal>>,
    recall: Recall,
}

/// The same of a part: which, from 0, and of how many. Of what cannot be parted, the first part is everything.
pub(crate) fn read_part<R: Source>(
    name: &str,
    file: u32,
    part: (u32, u32),
    mut reader: R,
    with: (&Limits, &mut Memory),
    sink: &mut dyn FnMut(&Record<'_>, Place) -> Result<(), String>,
    watch: &mut dyn FnMut(u64) -> bool,
) -> FileReport {
    match half_of(&mut reader, part) {
        Ok(half) => read_half(name, file, (part, half), reader, with, sink, watch),
        Err(e) => FileReport::unread(name, format!("cannot be read: {e}")),
    }
}

#[inline(never)]
fn read_half<R: Source>(
    name: &str,
    file: u32,
    ((part, of), half): ((u32, u32), Half),
    mut reader: R,
    (limits, Memory { records: before, open, room }): (&Limits, &mut Memory),
    sink: &mut dyn FnMut(&Record<'_>, Place) -> Result<(), String>,
    watch: &mut dyn FnMut(u64) -> bool,
) -> FileReport {
    let mut report = FileReport { name: name.to_owned(), ..FileReport::default() };
    report.bytes = match size_of(&mut reader) {
        Ok(size) => size,
        Err(e) => return FileReport::unread(name, format!("cannot be read: {e}")),
    };
    // What is read in halves is no archive, of which there were parts.
    let parts = if half == Half::Whole { (part, of) } else { (0, 1) };
    let budget = container::Budget { limits, size: report.bytes, part: parts, half: matches!(half, Half::First(_)), spent: 0.into(), over: false.into(), kinds: 0.into(), room };
    let before_it = parts::before(half, report.bytes);
    let watch = &mut |done: u64| watch(done.saturating_sub(before_it));
    let (mut cut, mut stopped_by) = (false, None);
    let done = AtomicU64::new(0);
    let troubles = std::cell::RefCell::new(Troubles::default());
    let mut shapes = BTreeSet::new();
    let mut members = 0usize;
    let mut named_logs = 0usize;
    let mut cancelled = false;
    let mut lacks = 0u32;
    let counted = Counted { inner: &mut reader, done: &done };
    let mut leaf = |path: &str, head: &[u8], from: &mut dyn Read| {
        if members >= limits.members {
            troubles.borrow_mut().add(path, format!("more than {} members, the limit", grouped(limits.members as u64)));
            return false;
        }
        let number = members as u32;
        members += 1;
        if !path.is_empty() {
            report.members.resize(number as usize, String::new());
            report.members.push(path.to_owned());
        }
        let watched = &mut Watched { inner: from, done: &done, watch, cancelled: &mut cancelled };
        let mut member = Member { report: &mut report, shapes: &mut shapes, sink, limits, file, number, path, before: *before, bad: 0, fed: 0, rebuilt: 0, unzoned: false, full: false, cut: false, named_logs: &mut named_logs };
        let before = member.report.records;
        let end = member.read(head, watched, open, if path.is_empty() { half } else { Half::Whole });
        lacks |= member.lacks();
        let full = member.full;
        cut |= member.cut;
        if let Err(why) = end {
            let kept = member.report.records - before;
            troubles.borrow_mut().add(path, stopped(&why, kept));
            stopped_by = Some(why).filter(|_| matches!(half, Half::Second(_)));
        }
        if full {
            budget.over.set(true);
        }
        !cancelled && !budget.over.get()
    };
    container::open_file(name, counted, &budget, &mut leaf, &mut |path, why| troubles.borrow_mut().add(if path == name { "" } else { path }, why));
    if let Ok(size) = size_of(&mut reader)
        && size != report.bytes
    {
        let (was, is) = (grouped(report.bytes), grouped(size));
        troubles.borrow_mut().add("", format!("the file changed while it was read: {was} bytes at first, {is} at the end"));
    }
    let Troubles { first, others } = troubles.into_inner();
    let shapes = shapes.into_iter().map(str::to_owned).collect();
    let raw = Raw { shapes, kinds: budget.kinds.get(), lacks, trouble: first, more_troubles: others };
    if of > 1 {
        report.part = Some(Part::of((part, of), (half, cut), members, stopped_by, &raw));
    }
    raw.finish(&mut report);
    if cancelled {
        report.error = Some(format!("stopped after {} records", grouped(report.records)));
    }
    report
}

/// Reads what is dealt of a gzip: this reader's number, from 0, and of how many. `None`: it is not plain records throughout.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn read_dealt(
    name: &str,
    part: (u32, u32),
    hand: Hand,
    (limits, Memory { open, .. }): (&Limits, &mut Memory),
    sink: &mut dyn FnMut(&Record<'_>, Place) -> Result<(), String>,
) -> Option<FileReport> {
    let mut report = FileReport { name: name.to_owned(), bytes: hand.size, ..FileReport::default() };
    let mut shapes = BTreeSet::new();
    open.deal = Some(hand.deal);
    let mut member = Member { report: &mut report, shapes: &mut shapes, sink, limits, file: 0, number: 0, path: "", before: 0, bad: 0, fed: 0, rebuilt: 0, unzoned: false, full: false, cut: false, named_logs: &mut 0 };
    let end = member.read(&hand.head, &mut &hand.head[..], open, Half::Dealt);
    let plain = end.is_ok() && member.rebuilt == 0 && !open.window.torn;
    // Whoever deals waits no more.
    open.window = Window::default();
    let others = report.bad_records + report.insights + report.digests + report.foreign + report.findings_met;
    if !plain || others > 0 || !report.skipped.is_empty() {
        return None;
    }
    let raw = Raw { shapes: shapes.into_iter().map(str::to_owned).collect(), kinds: container::GZIP, ..Raw::default() };
    report.part = Some(Part::of(part, (Half::Dealt, true), 1, None, &raw));
    raw.finish(&mut report);
    Some(report)
}

fn stopped(why: &str, records: u64) -> String {
    format!("{why} after {} records", grouped(records))
}

/// What went wrong with members: the first is told, the others counted.
#[derive(Default)]
struct Troubles {
    first: Option<String>,
    others: u64,
}

impl Troubles {
    fn add(&mut self, path: &str, why: String) {
        match self.first {
            None => self.first = Some(if path.is_empty() { why } else { format!("{path}: {why}") }),
            Some(_) => self.others += 1,
        }
    }
}

fn size_of<R: Seek>(reader: &mut R) -> std::io::Result<u64> {
    let size = reader.seek(SeekFrom::End(0))?;
    reader.rewind()?;
    Ok(size)
}

/// Counts the file's own bytes as they are read.
struct Counted<'c, R> {
    inner: R,
    done: &'c AtomicU64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(into)?;
        self.done.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

impl<R: Seek> Seek for Counted<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Tells how far the file is, at every read of a member's bytes.
struct Watched<'w> {
    inner: &'w mut dyn Read,
    done: &'w AtomicU64,
    watch: &'w mut dyn FnMut(u64) -> bool,
    cancelled: &'w mut bool,
}

impl Read for Watched<'_> {
    #[inline(never)]
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if *self.cancelled || !(self.watch)(self.done.load(Ordering::Relaxed)) {
            *self.cancelled = true;
            return Ok(0);
        }
        self.inner.read(into)
    }
}

/// One member being read.
struct Member<'m> {
    report: &'m mut FileReport,
    shapes: &'m mut BTreeSet<&'static str>,
    sink: &'m mut dyn FnMut(&Record<'_>, Place) -> Result<(), String>,
    limits: &'m Limits,
    file: u32,
    number: u32,
    path: &'m str,
    /// Records of other files.
    before: u64,
    bad: u32,
    /// Questions that the shapes records were put together from have a place for.
    fed: u32,
    /// Records put together.
    rebuilt: u64,
    /// A time had no zone.
    unzoned: bool,
    /// There were as many records as may be.
    full: bool,
    /// It is a first half, and the second can be read by itself.
    cut: bool,
    /// Log files that the file's digests named so far.
    named_logs: &'m mut usize,
}

impl Member<'_> {
    /// Reads it to its end. The error says why it ended early.
    #[inline(never)]
    fn read(&mut self, head: &[u8], from: &mut dyn Read, Open { window, deal, recall }: &mut Open, half: Half) -> Result<(), String> {
        // What begins as JSON does is nothing else.
        for format in FORMATS.iter().filter(|_| !json_starts(head)) {
            let Sign::Head(is) = &format.sign else { continue };
            if !is(head) {
                continue;
            }
            if format.then == Then::Table {
                return self.table(head, from, window);
            }
            if let Then::Foreign(reason) = format.then {
                if head.is_empty() {
                    // Where the stream broke before a byte came, that is the reason.
                    from.read(&mut [0]).map_err(|e| e.to_string())?;
                }
                self.shapes.insert(format.name);
                self.skip(reason);
                return Ok(());
            }
        }
        window.reset(self.limits.window, self.limits.record_bytes.saturating_add(self.limits.window));
        (window.half, window.deal) = (half, deal.take());
        let mut objects = u64::from(matches!(half, Half::Second(_)));
        let mut strays: Vec<(String, Spot)> = Vec::new();
        let mut stray_count = 0u64;
        let end = json::walk(window, from, self.limits.json_depth, self.limits.record_bytes, recall, &mut |item, spot| {
            match item {
                Item::Object(seen, bytes) => {
                    objects += 1;
                    self.object(seen, bytes, spot);
                }
                Item::Text(bytes) => {
                    objects += 1;
                    self.shapes.insert("texts of CloudTrail records");
                    match serde_json::from_slice::<String>(bytes) {
                        Ok(text) => self.inner(&text, "the text", spot),
                        Err(e) => self.bad(spot, || format!("not valid JSON: {e}")),
                    }
                }
                Item::Row(bytes) => {
                    objects += 1;
                    self.shapes.insert("CloudTrail Lake query result");
                    self.rebuild(Shape::Named, bytes, spot);
                }
                Item::Bad(reason) => {
                    objects += 1;
                    self.bad(spot, reason);
                }
                Item::Stray(found) => {
                    stray_count += 1;
                    if strays.len() < 3 {
                        strays.push((found, spot));
                    }
                }
                Item::List(list) => {
                    objects += 1;
                    self.shapes.insert(match list {
                        "Records" | "records" => "CloudTrail log file",
                        "logEvents" => "CloudWatch Logs",
                        _ => "Events list",
                    });
                }
                // Of plain records alone it is sure that two halves make up the whole, whatever the other one holds.
                Item::Cut => {
                    self.cut = !self.full && self.report.skipped.is_empty() && self.rebuilt == 0 && stray_count == 0;
                    return self.cut;
                }
            }
            !self.full
        });
        if objects == 0 && end.is_ok() {
            let start = if json_starts(head) { "JSON" } else if stray_count == 0 { "white space" } else { "text" };
            self.shapes.insert(start);
            let found = strays.first().map(|(found, _)| format!(": it starts with {found}")).unwrap_or_default();
            self.skip(&format!("{start}, but no CloudTrail records{found}"));
        } else {
            for (found, spot) in strays {
                stray_count -= 1;
                self.bad(spot, || format!("expected a record, found {found}"));
            }
            self.report.bad_records += stray_count;
        }
        self.report.inflated += window.read();
        end.and_then(|()| self.too_many())?;
        // Where it was cut, what came behind is the other half's.
        window.failed.take().filter(|_| !self.cut).map_or(Ok(()), |e| Err(e.to_string()))
    }

    #[inline(never)]
    fn object(&mut self, seen: &Seen<'_>, bytes: &[u8], spot: Spot) {
        // A record that is nothing else besides: so is nearly every object.
        let plain = seen.has & !mark::RECORD == 0 && recordish(seen) && seen.detail_type.is_empty() && seen.record.event_type != "AwsCloudTrailInsight";
        if plain && self.shapes.contains(RECORD) {
            return self.record(&seen.record, spot);
        }
        let known = FORMATS.iter().find(|f| matches!(f.sign, Sign::Object(is) if is(seen)));
        let Some(format) = known else {
            self.shapes.insert("JSON");
            self.skip(&format!("JSON, but no CloudTrail records: {}", keys(bytes)));
            return;
        };
        self.shapes.insert(format.name);
        match format.then {
            Then::Record => self.record(&seen.record, spot),
            Then::Inner(of) => self.inner(&seen.inner, of, spot),
            Then::Rebuild(shape) => self.rebuild(shape, bytes, spot),
            Then::Finding => self.finding(bytes, spot),
            Then::Insight => self.insight(bytes),
            Then::Digest => {
                self.digest(bytes);
                *self.report.skipped.entry("CloudTrail digest file".into()).or_default() += 1;
            }
            Then::Foreign(reason) => self.skip(reason),
            Then::Table | Then::Text(_) | Then::Rows => {}
        }
    }

    fn too_many(&self) -> Result<(), String> {
        let others = if self.before > 0 { "with those of other files " } else { "" };
        if self.full { Err(format!("{others}more than {} records, the limit: stopped", grouped(self.limits.records))) } else { Ok(()) }
    }

    fn place(&self, spot: Spot) -> Place {
        Place { file: self.file, member: self.number, offset: spot.offset, length: spot.length }
    }

    fn insight(&mut self, bytes: &[u8]) {
        self.report.insights += 1;
        *self.report.skipped.entry("insight event".into()).or_default() += 1;
        let value: serde_json::Value = serde_json::from_slice(bytes).unwrap_or_default();
        let event = value.get("detail").unwrap_or(&value);
        let said = |key: &str| event.get("insightDetails").and_then(|d| d.get(key)).and_then(|v| v.as_str()).unwrap_or_default();
        if said("state") == "End" || self.report.insight_kinds.len() >= 1000 {
            return;
        }
        let kind: String = [said("insightType"), said("eventSource"), said("eventName")].join(" ").trim().chars().filter(|c| !c.is_control()).take(200).collect();
        *self.report.insight_kinds.entry(kind).or_default() += 1;
    }

    #[inline(never)]
    fn digest(&mut self, bytes: &[u8]) {
        self.report.digests += 1;
        let kept = &mut self.report.digest_files;
        if kept.len() < DIGESTS && let Some(digest) = digest::read(bytes, NAMED_LOGS.saturating_sub(*self.named_logs)) {
            *self.named_logs += digest.logs.len();
            kept.push(digest);
        }
    }

    fn finding(&mut self, bytes: &[u8], spot: Spot) {
        self.report.findings_met += 1;
        *self.report.skipped.entry("finding of GuardDuty or Security Hub, noted apart".into()).or_default() += 1;
        if self.report.findings.len() < FINDINGS {
            let value = serde_json::from_slice(bytes).unwrap_or_default();
            self.report.findings.push(rebuild::finding(&value, self.place(spot)));
        }
    }

    /// An object or a row of cells in somebody else's shape.
    #[inline(never)]
    fn rebuild(&mut self, shape: Shape, bytes: &[u8], spot: Spot) {
        let value: serde_json::Value = match serde_json::from_slice(bytes) {
            Ok(value) => value,
            Err(e) => match object::mend(bytes).and_then(|b| serde_json::from_slice(&b).ok()) {
                Some(value) => value,
                None => return self.bad(spot, || format!("not valid JSON: {e}")),
            },
        };
        match rebuild(shape, &value) {
            Built::Record(builder) => self.built(*builder, spot),
            Built::Text(data, "awslogs.data") => self.payload(&data, spot),
            Built::Text(text, of) => self.inner(&text, of, spot),
            Built::Skip(reason) => self.skip(reason),
            Built::Nothing => {}
        }
    }

    fn built(&mut self, builder: Builder<'_>, spot: Spot) {
        let (record, fed, unzoned) = builder.finish();
        self.rebuilt += 1;
        self.fed |= fed;
        self.unzoned |= unzoned;
        self.record(&record, spot);
    }

    /// What the shapes that records were put together from cannot say.
    fn lacks(&self) -> u32 {
        if self.rebuilt == 0 {
            return 0;
        }
        let all = fields::QUESTIONS.iter().fold(0, |all, q| all | q.0) & !fields::ZONE;
        (all & !self.fed) | if self.unzoned { fields::ZONE } else { 0 }
    }

    /// What CloudWatch Logs hands to a subscriber: base64 of gzip of a list of messages.
    fn payload(&mut self, data: &str, spot: Spot) {
        match container::unpack_payload(data.as_bytes(), self.limits.record_bytes) {
            Err(why) => self.bad(spot, || format!("awslogs.data: {why}")),
            Ok(bytes) => {
                let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
                let Some(events) = value.get("logEvents").and_then(|l| l.as_array()) else {
                    return self.bad(spot, || "awslogs.data holds no logEvents".into());
                };
                for event in events {
                    self.inner(event.get("message").and_then(|m| m.as_str()).unwrap_or_default(), "message", spot);
                }
            }
        }
    }

    /// A CSV, or a table with another delimiter.
    #[inline(never)]
    fn table(&mut self, head: &[u8], from: &mut dyn Read, window: &mut Window) -> Result<(), String> {
        window.reset(self.limits.window, self.limits.record_bytes.saturating_add(self.limits.window));
        while window.rest().len() < SNIFFED && window.more(from) {}
        let by = csv::delimiter(head);
        let sniffed = &window.rest()[..window.rest().len().min(SNIFFED)];
        let day_first = csv::day_first(sniffed, by);
        let mut known: Option<(&'static Format, Columns)> = None;
        csv::walk(window, from, by, self.limits.record_bytes, &mut |row, spot| {
            match row {
                Row::Header(columns) => {
                    let format = FORMATS.iter().find(|f| matches!(f.sign, Sign::Columns(is) if is(&columns))).expect("the last row takes any");
                    self.shapes.insert(format.name);
                    if let Then::Foreign(reason) = format.then {
                        let names: Vec<String> = columns.said.iter().take(4).map(|n| n.chars().filter(|c| !c.is_control()).take(40).collect()).collect();
                        self.skip(&format!("{reason}: {}{}", names.join(", "), if columns.said.len() > 4 { ", …" } else { "" }));
                        return false;
                    }
                    if let Some(day_first) = day_first {
                        self.shapes.insert(if day_first { "dates read day first" } else { "dates read month first" });
                    }
                    known = Some((format, columns));
                }
                Row::Bad(reason) => self.bad(spot, || reason),
                Row::Cells(cells) => {
                    if let Some((format, columns)) = &known {
                        self.row(format, columns, cells, day_first == Some(true), spot);
                    }
                }
            }
            !self.full
        });
        self.report.inflated += window.offset();
        self.too_many()?;
        window.failed.take().map_or(Ok(()), |e| Err(e.to_string()))
    }

    fn row(&mut self, format: &Format, columns: &Columns, cells: &[String], day_first: bool, spot: Spot) {
        if let Then::Text(column) = format.then {
            let text = columns.find(column).and_then(|c| cells.get(c)).map_or("", |t| t.trim());
            if !text.is_empty() || !(columns.has("eventname") || columns.has("eventaction")) {
                return self.inner(text, column, spot);
            }
        }
        let mut builder = Builder::new(columns.scheme(), day_first);
        for (column, cell) in cells.iter().enumerate() {
            builder.put(columns.name(column), cell.as_str().into());
        }
        self.built(builder, spot);
    }

    #[inline(never)]
    fn record(&mut self, record: &Record<'_>, spot: Spot) {
        let missing = [("eventTime", &record.event_time), ("eventName", &record.event_name)].into_iter().find(|(_, v)| v.is_empty());
        if let Some((key, _)) = missing {
            return self.bad(spot, || format!("{key} is missing"));
        }
        if self.before + self.report.records >= self.limits.records {
            self.full = true;
            return;
        }
        let place = self.place(spot);
        match (self.sink)(record, place) {
            Ok(()) => self.report.records += 1,
            Err(reason) => self.bad(spot, || reason),
        }
    }

    /// A whole record as text, perhaps behind a time or a host's name.
    #[inline(never)]
    fn inner(&mut self, text: &str, of: &str, spot: Spot) {
        let Some(start) = memchr::memchr(b'{', text.as_bytes()) else {
            if text.trim().is_empty() || of == "CloudTrailEvent" {
                return self.bad(spot, || format!("{of} holds no CloudTrail record"));
            }
            return self.skip(NO_RECORD);
        };
        let text = &text[start..];
        let mended;
        let mut seen = serde_json::from_str::<Seen<'_>>(text);
        if seen.is_err()
            && let Some(m) = object::mend(text.as_bytes())
        {
            mended = m;
            seen = serde_json::from_slice(&mended);
        }
        match seen {
            Err(e) => self.bad(spot, || format!("{of} is not valid JSON: {e}")),
            Ok(seen) if seen.has & mark::INSIGHT != 0 || seen.record.event_type == "AwsCloudTrailInsight" => self.insight(text.as_bytes()),
            Ok(seen) if recordish(&seen) => self.record(&seen.record, spot),
            Ok(_) if of == "CloudTrailEvent" => self.bad(spot, || "CloudTrailEvent holds no CloudTrail record".into()),
            Ok(_) => self.skip(NO_RECORD),
        }
    }

    fn skip(&mut self, reason: &str) {
        self.report.foreign += 1;
        let known = self.report.skipped.contains_key(reason);
        let reason = if known || self.report.skipped.len() < 20 { reason } else { "JSON, but no CloudTrail records: other keys" };
        *self.report.skipped.entry(reason.to_owned()).or_default() += 1;
    }

    fn bad(&mut self, spot: Spot, reason: impl FnOnce() -> String) {
        self.report.bad_records += 1;
        self.bad += 1;
        if self.bad > FIRST_BAD_OF_MEMBER as u32 || self.report.first_bad.len() >= FIRST_BAD {
            return;
        }
        let file = if self.path.is_empty() { self.report.name.clone() } else { format!("{}!{}", self.report.name, self.path) };
        self.report.first_bad.push(Skipped { file, offset: spot.offset, line: spot.line, reason: reason() });
    }
}

/// The first keys of an object, for people.
fn keys(bytes: &[u8]) -> String {
    let object::Keys(names, count) = serde_json::from_slice(bytes).unwrap_or_default();
    let more = if count > names.len() { ", …" } else { "" };
    if names.is_empty() { "no keys".into() } else { format!("keys {}{more}", names.join(", ")) }
}

fn trimmed(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start()
}

fn json_starts(head: &[u8]) -> bool {
    matches!(trimmed(head).first(), Some(b'{' | b'['))
}

fn text_starts(head: &[u8], with: &[&str]) -> bool {
    let head = trimmed(head);
    with.iter().any(|w| head.get(..w.len()).is_some_and(|h| h.eq_ignore_ascii_case(w.as_bytes())))
}

/// More than one zero byte in 64: a single one in a text is damage.
fn is_binary(head: &[u8]) -> bool {
    !json_starts(head) && memchr::memchr_iter(0, head).count() * 64 > head.len()
}

fn is_flow_log(head: &[u8]) -> bool {
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let words: Vec<&[u8]> = line.split(|b| *b == b' ').collect();
    words.len() >= 14 && words[2].starts_with(b"eni-")
}

/// How much of a table is looked at for the order of day and month.
const SNIFFED: usize = 64 << 10;

/// A header line of at least three words between delimiters, without braces; or fewer, one of which is known.
#[inline(never)]
fn is_table(head: &[u8]) -> bool {
    let start = trimmed(head);
    if matches!(start.first(), None | Some(b'{' | b'[')) {
        return false;
    }
    let columns = csv::header_of(head);
    let known = |name: &str| columns.has(name);
    if known("eventjson") || known("raw") || known("cloudtrailevent") || known("eventoriginal") || known("message") && known("timestamp") {
        return true;
    }
    let fit = |name: &String| {
        name.len() <= 100 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b" _-.@()/".contains(&b) || b >= 0x80)
    };
    // An index without a name, as pandas writes it, may stand first.
    columns.said.len() >= 3 && columns.said.iter().all(fit) && columns.said[1..].iter().all(|n| !n.is_empty())
}

/// The original JSON of one record again, as it stands in the file.
///
/// # Errors
/// When the file is not as it was: the member is missing, or ends before the record does.
pub fn read_original<R: Source>(mut reader: R, place: Place, limits: &Limits) -> Result<Vec<u8>, Error> {
    let size = size_of(&mut reader).map_err(|e| Error(format!("cannot be read: {e}")))?;
    let budget = container::Budget { limits, size, part: (0, 1), half: false, spent: 0.into(), over: false.into(), kinds: 0.into(), room: &Cell::default() };
    let mut members = 0u32;
    let mut found: Option<Vec<u8>> = None;
    let mut leaf = |_: &str, _: &[u8], from: &mut dyn Read| {
        let number = members;
        members += 1;
        if number < place.member {
            return true;
        }
        let skipped = std::io::copy(&mut from.take(place.offset), &mut std::io::sink()).unwrap_or(0);
        let mut bytes = Vec::new();
        let most = u64::from(place.length).min(limits.record_bytes as u64);
        let _ = from.take(most).read_to_end(&mut bytes);
        if skipped == place.offset && bytes.len() as u64 == u64::from(place.length) {
            found = Some(bytes);
        }
        false
    };
    container::open_file("", reader, &budget, &mut leaf, &mut |_, _| {});
    found.ok_or_else(|| Error(format!("no record of {} bytes at byte {} of member {}", place.length, place.offset, place.member)))
}

/// The same as `read_file` over bytes in memory.
pub fn read_bytes(name: &str, bytes: &[u8], limits: &Limits, sink: &mut dyn FnMut(&Record<'_>, Place) -> Result<(), String>) -> FileReport {
    read_file(name, 0, Cursor::new(bytes), limits, sink)
}
