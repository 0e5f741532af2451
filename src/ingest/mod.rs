//! Bytes → records: what the files hold, whatever they are wrapped in. Knows shapes; knows nothing of what a record means.
//!
//! # Adding a format
//!
//! 1. A row in `FORMATS`: its name, the sign it is known by, what is done with it. A row above wins.
//! 2. If the sign is a JSON key not marked yet: a bit in `object::mark` and its key in `object::other_mark`.
//! 3. If an envelope holds a list under a new key: the key in `json::LISTS`.
//! 4. A case in `tests/data/ingest`: the file, and `<file>.expected.json` beside it.

mod container;
mod format;
mod json;
mod limits;
mod object;
mod window;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Skipped};
use crate::record::{Place, Record};
use format::{Format, Sign, Then};
use json::{Item, Spot};
pub use limits::Limits;
use object::{Seen, mark};
use window::Window;

/// Every shape that is known, read or not.
const FORMATS: &[Format] = &[
    head("empty", |h| h.is_empty(), "empty"),
    head("zstd", |h| h.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]), "compressed with zstd, not read: decompress it first"),
    head("bzip2", |h| h.starts_with(b"BZh"), "compressed with bzip2, not read: decompress it first"),
    head("xz", |h| h.starts_with(b"\xFD7zXZ\0"), "compressed with xz, not read: decompress it first"),
    head("7z", |h| h.starts_with(b"7z\xBC\xAF\x27\x1C"), "a 7z archive, not read: unpack it first"),
    head("PDF", |h| h.starts_with(b"%PDF"), "a PDF"),
    head("PNG", |h| h.starts_with(b"\x89PNG"), "a PNG picture"),
    head("JPEG", |h| h.starts_with(&[0xFF, 0xD8, 0xFF]), "a JPEG picture"),
    head("Parquet", |h| h.starts_with(b"PAR1"), "Parquet, not read yet: export as JSON"),
    head("SQLite", |h| h.starts_with(b"SQLite format 3"), "a SQLite database, not read"),
    head("Git LFS", |h| h.starts_with(b"version https://git-lfs"), "a Git LFS pointer: the file itself is elsewhere (git lfs pull)"),
    head("HTML", |h| text_starts(h, &["<!doctype", "<html"]), "an HTML page"),
    head("XML", |h| text_starts(h, &["<?xml"]), "XML"),
    head("UTF-16", |h| h.starts_with(&[0xFF, 0xFE]) || h.starts_with(&[0xFE, 0xFF]), "UTF-16 text, not read: save it as UTF-8"),
    head("VPC flow log", |h| text_starts(h, &["version account-id interface-id"]) || is_flow_log(h), "a VPC flow log, not CloudTrail"),
    head("CSV", is_csv, "CSV, not read yet"),
    head("binary", is_binary, "binary data of an unknown kind"),
    object("insight event", |s| s.has & mark::INSIGHT != 0 || s.record.event_type == "AwsCloudTrailInsight", Then::Insight),
    object("CloudTrail digest file", |s| s.has & mark::DIGEST != 0 && s.has & mark::RECORD == 0, Then::Digest),
    object("aws cloudtrail lookup-events", |s| s.has & mark::INNER != 0, Then::Inner),
    object("EventBridge event", |s| s.has & mark::DETAIL != 0 && recordish(s), Then::Record),
    object("GuardDuty finding", |s| s.detail_type.starts_with("GuardDuty"), Then::Foreign("GuardDuty finding, not a CloudTrail record")),
    object("Security Hub finding", |s| s.detail_type.starts_with("Security Hub"), Then::Foreign("Security Hub finding, not a CloudTrail record")),
    object("EventBridge event of another kind", |s| s.has & mark::DETAIL != 0 && !s.detail_type.is_empty(), Then::Foreign("EventBridge event of another kind, not a CloudTrail record")),
    object("CloudTrail record", recordish, Then::Record),
    object("OCSF", |s| s.has & mark::OCSF != 0, Then::Foreign("OCSF (Security Lake), not read yet")),
    object("Elastic", |s| s.has & mark::ELASTIC != 0, Then::Foreign("Elastic or OpenSearch document, not read yet")),
    object("CloudWatch Logs", |s| s.has & mark::WATCH != 0, Then::Foreign("CloudWatch Logs, not read yet")),
    object("Splunk", |s| s.has & mark::SPLUNK != 0, Then::Foreign("Splunk export, not read yet")),
    object("CloudTrail Lake", |s| s.has & mark::LAKE != 0, Then::Foreign("CloudTrail Lake query result, not read yet")),
    object("finding", |s| s.has & mark::FINDING != 0, Then::Foreign("a GuardDuty or Security Hub finding, not a CloudTrail record")),
];

const fn head(name: &'static str, is: fn(&[u8]) -> bool, reason: &'static str) -> Format {
    Format { name, sign: Sign::Head(is), then: Then::Foreign(reason) }
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
    pub bad_records: u64,
    /// Insight events, which are about rates of calls and not about logins.
    pub insights: u64,
    /// Digest files.
    pub digests: u64,
    /// Members and objects that are something else.
    pub foreign: u64,
    /// What was left out, bad records aside: reason and how often.
    pub skipped: BTreeMap<String, u64>,
    /// The first bad records: 3 of a member, 10 of a file.
    pub first_bad: Vec<Skipped>,
    /// Names of an archive's members as `Place::member` numbers them; empty where there is no archive.
    pub members: Vec<String>,
    /// Why the file was not read, or not to its end.
    pub error: Option<String>,
}

/// Reads all records of a file. `sink` gets each with its place; its error says what is wrong with a record.
///
/// Never fails: what cannot be read stands in the report.
pub fn read_file<R: Read + Seek>(
    name: &str,
    file: u32,
    reader: R,
    limits: &Limits,
    sink: &mut dyn FnMut(&Record<'_>, Place) -> Result<(), String>,
) -> FileReport {
    read_file_watched(name, file, reader, limits, sink, &mut |_| true)
}

/// The same, with `watch` told now and then how many bytes of the file are done. Its false ends the reading.
pub fn read_file_watched<R: Read + Seek>(
    name: &str,
    file: u32,
    mut reader: R,
    limits: &Limits,
    sink: &mut dyn FnMut(&Record<'_>, Place) -> Result<(), String>,
    watch: &mut dyn FnMut(u64) -> bool,
) -> FileReport {
    let mut report = FileReport { name: name.to_owned(), ..FileReport::default() };
    report.bytes = match size_of(&mut reader) {
        Ok(size) => size,
        Err(e) => {
            report.error = Some(format!("cannot be read: {e}"));
            return report;
        }
    };
    let budget = container::Budget { limits, size: report.bytes, spent: 0.into(), over: false.into(), kinds: 0.into() };
    let done = std::cell::Cell::new(0u64);
    let troubles = std::cell::RefCell::new(Troubles::default());
    let mut window = Window::default();
    let mut shapes = BTreeSet::new();
    let mut members = 0usize;
    let mut cancelled = false;
    let counted = Counted { inner: reader, done: &done };
    let mut leaf = |path: &str, head: &[u8], from: &mut dyn Read| {
        if members >= limits.members {
            troubles.borrow_mut().add(path, format!("more than {} members, the limit", limits.members));
            return false;
        }
        let number = members as u32;
        members += 1;
        if !path.is_empty() {
            report.members.resize(number as usize, String::new());
            report.members.push(path.to_owned());
        }
        let watched = &mut Watched { inner: from, done: &done, watch, cancelled: &mut cancelled };
        let mut member = Member { report: &mut report, shapes: &mut shapes, sink, limits, file, number, path, bad: 0 };
        let before = member.report.records;
        if let Err(why) = member.read(head, watched, &mut window) {
            let kept = member.report.records - before;
            troubles.borrow_mut().add(path, format!("{why} after {} records", json::commas(kept)));
        }
        !cancelled && !budget.over.get()
    };
    container::open_file(name, counted, &budget, &mut leaf, &mut |path, why| troubles.borrow_mut().add(if path == name { "" } else { path }, why));
    let kinds = budget.kinds.get();
    let mut wrapped: Vec<&str> = Vec::new();
    for (bit, kind) in [(container::ZIP, "zip"), (container::TAR, "tar"), (container::GZIP, "gzip")] {
        if kinds & bit != 0 {
            wrapped.push(kind);
        }
    }
    let wrapped = wrapped.join(", ");
    // The list says what is in it; what is broken has no better name.
    for (list, within) in [("CloudTrail log file", "CloudTrail record"), ("aws cloudtrail lookup-events", "Events list"), ("insight event", "Events list")] {
        if shapes.contains(list) {
            shapes.remove(within);
        }
    }
    if shapes.is_empty() && report.bad_records > 0 {
        shapes.insert("JSON");
    }
    let shapes = shapes.into_iter().collect::<Vec<_>>().join(", ");
    report.format = if wrapped.is_empty() || shapes.is_empty() { wrapped + &shapes } else { format!("{wrapped}: {shapes}") };
    report.error = troubles.into_inner().said();
    if cancelled {
        report.error = Some(format!("stopped after {} records", json::commas(report.records)));
    }
    report
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

    fn said(self) -> Option<String> {
        let first = self.first?;
        Some(if self.others == 0 { first } else { format!("{first} (and {} more members with troubles)", self.others) })
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
    done: &'c std::cell::Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(into)?;
        self.done.set(self.done.get() + n as u64);
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
    done: &'w std::cell::Cell<u64>,
    watch: &'w mut dyn FnMut(u64) -> bool,
    cancelled: &'w mut bool,
}

impl Read for Watched<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if *self.cancelled || !(self.watch)(self.done.get()) {
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
    bad: u32,
}

impl Member<'_> {
    /// Reads it to its end. The error says why it ended early.
    fn read(&mut self, head: &[u8], from: &mut dyn Read, window: &mut Window) -> Result<(), String> {
        for format in FORMATS {
            if let (Sign::Head(is), Then::Foreign(reason)) = (&format.sign, format.then)
                && is(head)
            {
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
        let mut objects = 0u64;
        let mut strays: Vec<(String, Spot)> = Vec::new();
        let mut stray_count = 0u64;
        let end = json::walk(window, from, self.limits.json_depth, self.limits.record_bytes, &mut |item, spot| {
            match item {
                Item::Object(seen, bytes) => {
                    objects += 1;
                    self.object(seen, bytes, spot);
                }
                Item::Text(bytes) => {
                    objects += 1;
                    self.shapes.insert("texts of CloudTrail records");
                    match serde_json::from_slice::<String>(bytes) {
                        Ok(text) => self.inner(&text, spot),
                        Err(e) => self.bad(spot, || format!("not valid JSON: {e}")),
                    }
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
                    self.shapes.insert(if list.eq_ignore_ascii_case("Records") { "CloudTrail log file" } else { "Events list" });
                }
            }
            true
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
        self.report.inflated += window.offset();
        end?;
        window.failed.take().map_or(Ok(()), |e| Err(e.to_string()))
    }

    fn object(&mut self, seen: &Seen<'_>, bytes: &[u8], spot: Spot) {
        let known = FORMATS.iter().find(|f| matches!(f.sign, Sign::Object(is) if is(seen)));
        let Some(format) = known else {
            self.shapes.insert("JSON");
            self.skip(&format!("JSON, but no CloudTrail records: {}", keys(bytes)));
            return;
        };
        self.shapes.insert(format.name);
        match format.then {
            Then::Record => self.record(&seen.record, spot),
            Then::Inner => self.inner(&seen.inner, spot),
            Then::Insight => {
                self.report.insights += 1;
                *self.report.skipped.entry("insight event".into()).or_default() += 1;
            }
            Then::Digest => {
                self.report.digests += 1;
                *self.report.skipped.entry("CloudTrail digest file".into()).or_default() += 1;
            }
            Then::Foreign(reason) => self.skip(reason),
        }
    }

    fn record(&mut self, record: &Record<'_>, spot: Spot) {
        let missing = [("eventTime", &record.event_time), ("eventName", &record.event_name)].into_iter().find(|(_, v)| v.is_empty());
        if let Some((key, _)) = missing {
            return self.bad(spot, || format!("{key} is missing"));
        }
        let place = Place { file: self.file, member: self.number, offset: spot.offset, length: spot.length };
        match (self.sink)(record, place) {
            Ok(()) => self.report.records += 1,
            Err(reason) => self.bad(spot, || reason),
        }
    }

    /// A whole record as text.
    fn inner(&mut self, text: &str, spot: Spot) {
        let mended;
        let mut seen = serde_json::from_str::<Seen<'_>>(text);
        if seen.is_err()
            && let Some(m) = object::mend(text.as_bytes())
        {
            mended = m;
            seen = serde_json::from_slice(&mended);
        }
        match seen {
            Err(e) => self.bad(spot, || format!("CloudTrailEvent is not valid JSON: {e}")),
            Ok(seen) if seen.has & mark::INSIGHT != 0 || seen.record.event_type == "AwsCloudTrailInsight" => {
                self.report.insights += 1;
                *self.report.skipped.entry("insight event".into()).or_default() += 1;
            }
            Ok(seen) if recordish(&seen) => self.record(&seen.record, spot),
            Ok(_) => self.bad(spot, || "CloudTrailEvent holds no CloudTrail record".into()),
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
        if self.bad > 3 || self.report.first_bad.len() >= 10 {
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

/// A header line of at least three words between commas, without braces.
fn is_csv(head: &[u8]) -> bool {
    let line = trimmed(head).split(|b| *b == b'\n').next().unwrap_or_default();
    let cells = line.split(|b| *b == b',').count();
    let plain = line.iter().all(|b| b.is_ascii_alphanumeric() || b" \"_-.,@()/:\r".contains(b) || *b >= 0x80);
    cells >= 3 && plain && !line.contains(&b':')
}

/// The original JSON of one record again, as it stands in the file.
///
/// # Errors
/// When the file is not as it was: the member is missing, or ends before the record does.
pub fn read_original<R: Read + Seek>(mut reader: R, place: Place, limits: &Limits) -> Result<Vec<u8>, Error> {
    let size = size_of(&mut reader).map_err(|e| Error(format!("cannot be read: {e}")))?;
    let budget = container::Budget { limits, size, spent: 0.into(), over: false.into(), kinds: 0.into() };
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
