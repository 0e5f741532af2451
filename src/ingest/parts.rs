//! A file in parts that are read by themselves, so that several cores may, and one report of them: the same as of the file read
//! at once.

use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

use super::window::Half;
use super::{FINDINGS, FIRST_BAD, FIRST_BAD_OF_MEMBER, FileReport, container, fields, json_starts, size_of, stopped};
use crate::num::grouped;

/// Files from this size on are read in parts (`www/share.js` knows this size, and about how large parts are).
const LARGE: u64 = 8 << 20;
/// A part's size, about, and how many parts there are at most. Each part reads the archive's list of members again.
const PART: u64 = 1 << 20;
const MOST_PARTS: u64 = 64;

/// How much of a gzip its first half is, in hundredths. The second is inflated from the beginning too, and checked: its reader has
/// less to parse, and in threads begins later.
#[cfg(not(target_arch = "wasm32"))]
const FIRST_HALF: u64 = 60;
#[cfg(target_arch = "wasm32")]
const FIRST_HALF: u64 = 63;
/// How many times its size the JSON of a gzip is at least and at most, by which its last four bytes are believed, and about.
const RATIOS: [u64; 2] = [3, 50];
const RATIO: u64 = 12;
/// How much of a file is looked at before it is parted.
const GLANCE: usize = 4 << 10;

/// In how many parts a file may be read at the same time, where so many bytes are read in all. How many there are does not
/// show in the report. An archive is read in parts of members; a gzip that is more than half of everything in two halves, though
/// both are inflated from its beginning.
pub fn parts_of<R: Read + Seek>(reader: &mut R, all: u64) -> u32 {
    let size = match size_of(reader) {
        Ok(size) if size >= LARGE => size,
        _ => return 1,
    };
    let mut head = vec![0; GLANCE];
    let read = reader.read_exact(&mut head).and_then(|()| reader.rewind());
    match read {
        Ok(()) if container::is_zip(&head) => size.div_ceil(PART).next_multiple_of(2).min(MOST_PARTS) as u32,
        Ok(()) if size > all / 2 && container::inflated_head(&head).is_some_and(|head| json_starts(&head)) => 2,
        _ => 1,
    }
}

/// Which half of a gzip is read: cut at a place that depends on nothing but the file. A guess is enough, and a wrong one costs time only.
pub(super) fn half_of<R: Read + Seek>(reader: &mut R, (part, of): (u32, u32)) -> std::io::Result<Half> {
    if of != 2 {
        return Ok(Half::Whole);
    }
    let size = size_of(reader)?;
    let mut ends = [0; 4];
    reader.read_exact(&mut ends)?;
    let gzip = ends.starts_with(&[0x1f, 0x8b]);
    reader.seek(SeekFrom::End(-4))?;
    reader.read_exact(&mut ends)?;
    reader.rewind()?;
    // The last member's size, of which there may be others; and no more than 32 bits of it.
    let said = u64::from(u32::from_le_bytes(ends));
    let [least, most] = RATIOS.map(|ratio| size.saturating_mul(ratio));
    let inflated = if (least..most).contains(&said) { said } else { size.saturating_mul(RATIO) };
    let cut = inflated.saturating_mul(FIRST_HALF) / 100;
    Ok(if !gzip { Half::Whole } else if part == 0 { Half::First(cut) } else { Half::Second(cut) })
}

/// How much of a file of this size lies before a half.
pub(super) fn before(half: Half, size: u64) -> u64 {
    if let Half::Second(_) = half { size / 100 * FIRST_HALF } else { 0 }
}

/// A part of a file that was read by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which, from 0.
    pub number: u32,
    /// Of how many.
    pub of: u32,
    /// Whether it was read to its end.
    pub read: bool,
    /// Its members that are no containers: so many the next part's numbers are ahead.
    pub leaves: u32,
    /// The first half of a file that could not be cut in two: it was read to the end, and the other half does not count.
    pub whole: bool,
    /// Why the second half was not read to its end.
    stopped: Option<String>,
    /// A half of a single member.
    half: bool,
    raw: Raw,
}

impl Part {
    /// A part of which nothing is known yet.
    pub(super) fn unread(number: u32, of: u32) -> Part {
        Part { number, of, ..Part::default() }
    }

    /// A part that was read. `cut`: of a first half, that it ended where the second begins.
    pub(super) fn of((number, of): (u32, u32), (half, cut): (Half, bool), members: usize, stopped: Option<String>, raw: &Raw) -> Part {
        let whole = matches!(half, Half::First(_)) && !cut;
        let half = half != Half::Whole;
        Part { number, of, read: true, leaves: if half { 0 } else { members as u32 }, whole, stopped, half, raw: raw.clone() }
    }
}

/// What a report is made of that its words hide.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Raw {
    pub(super) shapes: BTreeSet<String>,
    pub(super) kinds: u8,
    pub(super) lacks: u32,
    pub(super) trouble: Option<String>,
    pub(super) more_troubles: u64,
}

/// One report of a file's parts, in their order. Numbers of members in it go on from part to part; of parts that are
/// missing it says nothing.
#[inline(never)]
pub(crate) fn join(mut parts: Vec<FileReport>) -> FileReport {
    if parts.first().is_some_and(FileReport::is_whole) {
        parts.truncate(1);
    }
    let mut all = FileReport::default();
    let mut most_bad = FIRST_BAD;
    let mut raw = Raw::default();
    let mut leaves = 0;
    for mut report in parts {
        let part = report.part.take().unwrap_or_else(|| Part { raw: Raw { trouble: report.error.take(), ..Raw::default() }, ..Part::default() });
        (all.name, all.bytes) = (report.name, all.bytes.max(report.bytes));
        all.inflated += report.inflated;
        all.records += report.records;
        all.bad_records += report.bad_records;
        all.insights += report.insights;
        all.digests += report.digests;
        all.digest_files.append(&mut report.digest_files);
        all.foreign += report.foreign;
        all.findings_met += report.findings_met;
        report.skipped.into_iter().for_each(|(reason, count)| *all.skipped.entry(reason).or_default() += count);
        report.insight_kinds.into_iter().for_each(|(kind, count)| *all.insight_kinds.entry(kind).or_default() += count);
        all.first_bad.extend(report.first_bad);
        report.findings.iter_mut().for_each(|finding| finding.place[1] += u64::from(leaves));
        all.findings.extend(report.findings);
        if !report.members.is_empty() {
            all.members.resize(leaves as usize, String::new());
            all.members.extend(report.members);
        }
        leaves += part.leaves;
        raw.add(part.raw);
        if part.half {
            most_bad = FIRST_BAD_OF_MEMBER;
        }
        if let Some(why) = part.stopped {
            raw.trouble = Some(stopped(&why, all.records));
        }
    }
    all.first_bad.truncate(most_bad);
    all.findings.truncate(FINDINGS);
    raw.finish(&mut all);
    all
}

impl Raw {
    fn add(&mut self, other: Raw) {
        self.shapes.extend(other.shapes);
        self.kinds |= other.kinds;
        self.lacks |= other.lacks;
        self.more_troubles += other.more_troubles;
        match (&self.trouble, other.trouble) {
            (None, trouble) => self.trouble = trouble,
            // What is wrong with the whole file, every part says.
            (Some(first), Some(trouble)) => self.more_troubles += u64::from(*first != trouble),
            (Some(_), None) => {}
        }
    }

    /// Says it in words.
    #[inline(never)]
    pub(super) fn finish(self, report: &mut FileReport) {
        let mut wrapped: Vec<&str> = Vec::new();
        for (bit, kind) in [(container::ZIP, "zip"), (container::TAR, "tar"), (container::GZIP, "gzip"), (container::ZSTD, "zstd"), (container::BASE64, "base64"), (container::UTF16, "UTF-16")] {
            if self.kinds & bit != 0 {
                wrapped.push(kind);
            }
        }
        let wrapped = wrapped.join(", ");
        report.missing = fields::QUESTIONS.iter().filter(|q| self.lacks & q.0 != 0).map(|q| q.1.to_owned()).collect();
        let mut shapes: BTreeSet<&str> = self.shapes.iter().map(String::as_str).collect();
        // The list says what is in it; what is broken has no better name.
        if shapes.contains("CloudTrail log file") {
            shapes.remove("CloudTrail record");
        }
        if shapes.contains("CloudWatch Logs") {
            shapes.remove("text in a log");
        }
        if shapes.iter().any(|s| !matches!(*s, "Events list" | "CloudTrail record" | "JSON")) {
            shapes.remove("Events list");
        }
        if shapes.is_empty() && report.bad_records > 0 {
            shapes.insert("JSON");
        }
        let shapes = shapes.into_iter().collect::<Vec<_>>().join(", ");
        report.format = if wrapped.is_empty() || shapes.is_empty() { wrapped + &shapes } else { format!("{wrapped}: {shapes}") };
        report.error = self.trouble.map(|first| match self.more_troubles {
            0 => first,
            others => format!("{first} (and {} more members with troubles)", grouped(others)),
        });
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::{Hand, Limits, Memory, deal, read_dealt, read_half};
    use super::*;

    /// A report, and each record with its place.
    type Read = (FileReport, Vec<(String, u64, u32)>);

    /// A file that cannot be read from a place on.
    struct Torn<'b>(Cursor<&'b [u8]>, u64);

    impl std::io::Read for Torn<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let left = self.1.saturating_sub(self.0.position()).min(into.len() as u64) as usize;
            let ended = self.0.position() >= self.0.get_ref().len() as u64;
            if left == 0 && !into.is_empty() && !ended { Err(std::io::Error::other("torn")) } else { self.0.read(&mut into[..left]) }
        }
    }

    impl Seek for Torn<'_> {
        fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
            self.0.seek(to)
        }
    }

    fn read(bytes: &[u8], part: (u32, u32), half: Half, limits: &Limits, torn: u64) -> Read {
        let mut records = Vec::new();
        let mut sink = |record: &crate::record::Record<'_>, place: crate::record::Place| {
            records.push((record.event_name.to_string(), place.offset, place.length));
            Ok(())
        };
        let report = read_half("a.json", 0, (part, half), Torn(Cursor::new(bytes), torn), (limits, &mut Memory::default()), &mut sink, &mut |_| true);
        (report, records)
    }

    fn in_halves(bytes: &[u8], cut: u64, limits: &Limits, torn: u64) -> (Read, bool) {
        let (first, mut records) = read(bytes, (0, 2), Half::First(cut), limits, torn);
        let (second, others) = read(bytes, (1, 2), Half::Second(cut), limits, torn);
        let whole = first.is_whole();
        if !whole {
            records.extend(others);
        }
        ((join(vec![first, second]), records), whole)
    }

    /// Numbers below what is asked for, the same for a seed.
    fn dice(mut state: u64) -> impl FnMut(usize) -> usize {
        move |below| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % below
        }
    }

    fn record(number: usize, filling: &str) -> String {
        format!(r#"{{"eventVersion":"1.08","eventTime":"2025-03-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"N{number}","requestParameters":{{"a":"{filling}"}}}}"#)
    }

    /// Files of every kind: plain ones, and such that no half of them can be told from the whole.
    fn files() -> Vec<(&'static str, Vec<u8>)> {
        let some = |from: usize| (from..from + 6).map(|n| record(n, "é€😀 \\\"x\\\"")).collect::<Vec<_>>();
        let plain = format!(r#"{{"Records":[{}]}}"#, some(0).join(","));
        let nested = format!(r#"{{"Records":[{},{{"eventVersion":"1.08","eventTime":"2025-03-01T10:00:00Z","eventName":"Nest","requestParameters":{{"of":[{}]}}}},{}]}}"#, record(0, "a"), some(1).join(","), record(9, "z"));
        let damaged = format!(r#"{{"Records":[{},{{"eventVersion":"1.08","eventName":,{},{{"eventVersion":5}},{},{},{}]}}"#, record(0, "a"), record(1, "b"), record(2, "c"), record(3, "d").replace("N3", "N3\u{1}"), record(4, "e"));
        let mixed = format!("{}\nnothing\n{}\n{{\"some\":\"thing\"}}\n{}\n\t{}", some(0).join("\n"), record(7, "x"), record(8, "y"), some(10).join("\n"));
        let insight = r#"{"eventVersion":"1.08","eventTime":"2025-03-01T10:00:00Z","eventType":"AwsCloudTrailInsight","eventName":"I","insightDetails":{"state":"Start"}}"#;
        let messages = (0..8).map(|n| format!(r#"{{"id":"{n}","timestamp":1740823200000,"message":{}}}"#, serde_json::Value::from(record(n, "m")))).collect::<Vec<_>>();
        let mut broken = plain.clone().into_bytes();
        let middle = broken.len() / 2;
        broken[middle] = 0xff;
        vec![
            ("plain", plain.clone().into_bytes()),
            ("printed", serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&plain).expect("JSON")).expect("JSON").into_bytes()),
            ("array", format!("[{}]", some(0).join(", ")).into_bytes()),
            ("lines", some(0).join("\n").into_bytes()),
            ("one behind the other", format!("{plain}{plain}\n{plain}").into_bytes()),
            ("of two kinds", format!("{plain}[{}]", some(20).join(",")).into_bytes()),
            ("in records", nested.into_bytes()),
            ("damaged", damaged.into_bytes()),
            ("mixed", mixed.into_bytes()),
            ("an insight", format!("{}\n{insight}\n{}", some(0).join("\n"), some(10).join("\n")).into_bytes()),
            ("cut off", plain.as_bytes()[..plain.len() - 40].to_vec()),
            ("no text", broken),
            ("a subscription", format!(r#"{{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{}]}}"#, messages.join(",")).into_bytes()),
            ("events", format!(r#"{{"Events":[{}]}}"#, (0..6).map(|n| format!(r#"{{"EventId":"{n}","CloudTrailEvent":{}}}"#, serde_json::Value::from(record(n, "v")))).collect::<Vec<_>>().join(",")).into_bytes()),
            ("hits", format!(r#"{{"took":1,"hits":{{"total":3,"hits":[{}]}}}}"#, (0..4).map(|n| format!(r#"{{"_index":"i","_source":{}}}"#, record(n, "h"))).collect::<Vec<_>>().join(",")).into_bytes()),
            ("nothing in it", br#"{"Records":[]}"#.to_vec()),
            ("no records", b"[1, 2, [3]]".to_vec()),
            ("empty objects", b"{}{}{}{}".to_vec()),
        ]
    }

    #[test]
    fn two_halves_are_the_whole_wherever_it_is_cut() {
        for window in [64, 300, 1 << 20] {
            let limits = Limits { window, record_bytes: 4000, ..Limits::default() };
            for (name, bytes) in files() {
                let whole = read(&bytes, (0, 1), Half::Whole, &limits, u64::MAX);
                let mut cuts = 0;
                for cut in 0..bytes.len() as u64 + 3 {
                    let (halves, uncut) = in_halves(&bytes, cut, &limits, u64::MAX);
                    cuts += usize::from(!uncut);
                    assert_eq!(halves, whole, "{name}, window {window}, cut at {cut}");
                }
                let plain = ["plain", "printed", "array", "lines", "one behind the other"].contains(&name);
                assert!(!plain || cuts * 2 > bytes.len(), "{name}, window {window}: cut at {cuts} places only");
            }
        }
    }

    #[test]
    fn two_halves_are_the_whole_of_what_is_harmed() {
        let limits = Limits { window: 128, record_bytes: 2000, ..Limits::default() };
        let mut draw = dice(12345);
        for (name, bytes) in files() {
            for time in 0..1000 {
                let mut harmed = bytes.clone();
                for _ in 0..=draw(3) {
                    let at = draw(harmed.len());
                    harmed[at] = b"{}[]\",:\\x\n\xff\t"[draw(12)];
                }
                let cut = draw(harmed.len()) as u64;
                let torn = if draw(3) == 0 { draw(harmed.len()) as u64 } else { u64::MAX };
                let whole = read(&harmed, (0, 1), Half::Whole, &limits, torn);
                assert_eq!(in_halves(&harmed, cut, &limits, torn).0, whole, "{name}, {time}, cut at {cut}, torn at {torn}: {}", String::from_utf8_lossy(&harmed));
            }
        }
    }

    fn gzip(bytes: &[u8], how: flate2::Compression) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), how);
        std::io::Write::write_all(&mut encoder, bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn two_halves_of_a_gzip_are_the_whole_however_many_members_it_has_and_whatever_is_wrong_with_it() {
        let pack = |bytes: &[u8]| gzip(bytes, flate2::Compression::fast());
        let records: Vec<String> = (0..200).map(|n| record(n, &"xyz".repeat(n % 7))).collect();
        let text = format!(r#"{{"Records":[{}]}}"#, records.join(","));
        let (start, end) = text.as_bytes().split_at(text.len() / 3);
        let (one, three) = (pack(text.as_bytes()), [pack(start), pack(&end[..9]), pack(&end[9..])].concat());
        let wrong = |bytes: &[u8], from_end: usize| {
            let mut wrong = bytes.to_vec();
            let at = wrong.len() - from_end;
            wrong[at] ^= 1;
            wrong
        };
        let mut files = vec![("one", one.clone()), ("three", three.clone()), ("cut off", one[..one.len() * 2 / 3].to_vec()), ("no head", vec![0x1f, 0x8b, 9])];
        // Of the checksum, of the length, of what is inflated; and of the first of three members.
        files.extend([("checksum", wrong(&one, 8)), ("length", wrong(&one, 3)), ("damaged", wrong(&one, one.len() / 2))]);
        files.push(("the first's checksum", [wrong(&pack(start), 8), pack(end)].concat()));
        files.push(("followed", [&one[..], b"no gzip"].concat()));
        let limits = Limits { window: 1 << 12, ..Limits::default() };
        for (name, bytes) in files {
            let whole = read(&bytes, (0, 1), Half::Whole, &limits, u64::MAX);
            assert_eq!(whole.0.error.is_some(), !["one", "three"].contains(&name), "{name}");
            for hundredth in 0..=101 {
                let cut = text.len() as u64 * hundredth / 100;
                assert_eq!(in_halves(&bytes, cut, &limits, u64::MAX).0, whole, "{name}, cut at {hundredth} %");
            }
        }
        // Wherever it is harmed.
        for (name, bytes) in [("one", one), ("three", three)] {
            for from_end in 1..=bytes.len() {
                let harmed = wrong(&bytes, from_end);
                let whole = read(&harmed, (0, 1), Half::Whole, &limits, u64::MAX);
                for hundredth in [20, 50, 80] {
                    let cut = text.len() as u64 * hundredth / 100;
                    assert_eq!(in_halves(&harmed, cut, &limits, u64::MAX).0, whole, "{name}, harmed at -{from_end}, cut at {hundredth} %");
                }
            }
        }
    }

    /// A file that is longer by so many bytes each time its end is looked for, after the first.
    struct Growing(Cursor<Vec<u8>>, u64, u64);

    impl std::io::Read for Growing {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            self.0.read(into)
        }
    }

    impl Seek for Growing {
        fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
            let place = self.0.seek(to)?;
            let SeekFrom::End(_) = to else { return Ok(place) };
            self.1 += self.2;
            Ok(place + self.1 - self.2)
        }
    }

    /// A gzip that is dealt to some readers; nothing where it must be read in another way.
    fn dealt(bytes: &[u8], readers: usize, limits: &Limits) -> Option<Read> {
        let some = |number: u32, hand: Hand| {
            let mut records = Vec::new();
            let mut sink = |record: &crate::record::Record<'_>, place: crate::record::Place| {
                records.push((record.event_name.to_string(), place.offset, place.length));
                Ok(())
            };
            let report = read_dealt("a.json", (number, readers as u32), hand, (limits, &mut Memory::default()), &mut sink)?;
            Some((report, records))
        };
        let (reports, records): (Vec<_>, Vec<_>) = deal(Cursor::new(bytes.to_vec()), limits, readers, some)?.into_iter().unzip();
        let mut records: Vec<_> = records.into_iter().flatten().collect();
        records.sort_by_key(|(_, offset, _)| *offset);
        let mut report = join(reports);
        // Of one part nothing is said of parts.
        report.part = None;
        Some((report, records))
    }

    #[test]
    fn what_is_dealt_is_the_whole_or_is_read_in_another_way() {
        let mut draw = dice(54321);
        for window in [64, 300, 1 << 20] {
            let limits = Limits { window, record_bytes: 4000, ..Limits::default() };
            for (name, bytes) in files() {
                let compress = |bytes: &[u8]| gzip(bytes, flate2::Compression::fast());
                let packed = compress(&bytes);
                for readers in 1..4 {
                    let found = dealt(&packed, readers, &limits);
                    assert!(found.is_some() || !["plain", "printed"].contains(&name), "{name} is dealt to {readers}");
                    assert!(found.is_none() || !["array", "lines", "damaged", "mixed"].contains(&name), "{name} is not dealt to {readers}");
                    assert!(found.is_none_or(|found| found == read(&packed, (0, 1), Half::Whole, &limits, u64::MAX)), "{name}, window {window}, {readers} readers");
                }
                for time in 0..60 {
                    let mut harmed = bytes.clone();
                    let at = draw(harmed.len());
                    harmed[at] = b"{}[]\",:\\x\n\xff\t"[draw(12)];
                    let mut harmed = compress(&harmed);
                    if draw(4) == 0 {
                        let at = draw(harmed.len());
                        harmed[at] ^= 4;
                    }
                    let found = dealt(&harmed, 2, &limits);
                    assert!(found.is_none_or(|found| found == read(&harmed, (0, 1), Half::Whole, &limits, u64::MAX)), "{name}, {time}, window {window}, harmed");
                }
            }
        }
        // Several members, and none that is more than may be.
        let text = format!(r#"{{"Records":[{}]}}"#, (0..400).map(|n| record(n, "abc")).collect::<Vec<_>>().join(","));
        let (start, end) = text.as_bytes().split_at(text.len() / 3);
        let members = [gzip(start, flate2::Compression::fast()), gzip(end, flate2::Compression::fast())].concat();
        let limits = Limits { window: 1000, ..Limits::default() };
        let whole = read(&members, (0, 1), Half::Whole, &limits, u64::MAX);
        assert_eq!(whole.1.len(), 400);
        assert!(dealt(&members, 3, &limits).is_some_and(|found| found == whole));
        for cut in [1, 9, members.len() / 2] {
            assert!(dealt(&members[..members.len() - cut], 2, &limits).is_none(), "cut off by {cut}");
        }
        assert!(dealt(&members, 2, &Limits { inflated_per_file: text.len() as u64 - 1, ..limits.clone() }).is_none());
        assert!(dealt(&members, 2, &Limits { records: 10, ..limits.clone() }).is_none());
        assert!(dealt(&members, 2, &Limits { nesting: 0, ..limits.clone() }).is_none() && dealt(&members, 2, &Limits { members: 0, ..limits.clone() }).is_none());
        let made = |file| deal(file, &limits, 2, |number, hand| read_dealt("a.json", (number, 2), hand, (&limits, &mut Memory::default()), &mut |_, _| Ok(())));
        assert!(made(Growing(Cursor::new(members.clone()), 0, 0)).is_some());
        assert!(made(Growing(Cursor::new(members), 0, 1)).is_none(), "it has grown when it is read");
    }

    #[test]
    fn only_a_gzip_of_json_that_is_most_of_all_is_halved() {
        let gzip = |text: &[u8]| gzip(text, flate2::Compression::none());
        let json = gzip(&[&b"\xEF\xBB\xBF {\"Records\":["[..], &vec![b' '; LARGE as usize]].concat());
        let text = gzip(&[&b"a,b,c\n"[..], &vec![b' '; LARGE as usize]].concat());
        let size = json.len() as u64;
        let parts = |bytes: &[u8], all| parts_of(&mut Cursor::new(bytes), all);
        assert_eq!([parts(&json, size), parts(&json, 2 * size - 2), parts(&json, 2 * size + 2), parts(&json, u64::MAX)], [2, 2, 1, 1]);
        assert_eq!([parts(&text, size), parts(&json[..LARGE as usize - 1], 0)], [1, 1]);
        let half = |part| half_of(&mut Cursor::new(&json), part).expect("memory");
        let cut = size * RATIO * FIRST_HALF / 100;
        assert_eq!([half((0, 2)), half((1, 2)), half((0, 1)), half((0, 4))], [Half::First(cut), Half::Second(cut), Half::Whole, Half::Whole]);
    }
}
