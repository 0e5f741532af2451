//! Bytes → records, over pairs of files in `tests/data/ingest`: an input, and what its report says.
//!
//! A new case: the input there, then `ODDTRAIL_WRITE=1 cargo test --test ingest cases`, and read what it wrote.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use oddtrail::{Analyzer, FileReport, Geo, Limits, Loader, Options, Place, Record, read_file, read_file_watched, read_original};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/ingest");

/// Refuses months past 12, as what reads times does.
fn sink(record: &Record<'_>) -> Result<(), String> {
    match record.event_time.get(5..7) {
        Some("13") => Err(format!("eventTime is not a date: \"{}\"", record.event_time)),
        _ => Ok(()),
    }
}

/// What is said in a record: every field that has a value.
fn fields(r: &Record<'_>) -> Value {
    let all = [
        ("version", &r.event_version), ("time", &r.event_time), ("source", &r.event_source), ("name", &r.event_name), ("region", &r.aws_region), ("ip", &r.source_ip),
        ("agent", &r.user_agent), ("error", &r.error_code), ("error message", &r.error_message), ("id", &r.event_id), ("type", &r.event_type), ("category", &r.event_category),
        ("shared id", &r.shared_event_id), ("account", &r.recipient_account), ("read only", &r.read_only), ("endpoint", &r.vpc_endpoint), ("from console", &r.from_console),
        ("identity type", &r.identity_type), ("principal", &r.principal_id), ("arn", &r.arn), ("identity account", &r.account_id), ("key", &r.access_key_id),
        ("user name", &r.user_name), ("invoked by", &r.invoked_by), ("provider", &r.identity_provider), ("credential", &r.credential_id), ("on behalf of", &r.on_behalf_of),
        ("created", &r.creation_date), ("mfa", &r.mfa_authenticated), ("issuer type", &r.issuer_type), ("issuer", &r.issuer_arn), ("issuer account", &r.issuer_account),
        ("issuer name", &r.issuer_name), ("source identity", &r.source_identity), ("role delivery", &r.role_delivery), ("federated by", &r.federated_provider),
        ("role", &r.req_role_arn), ("session name", &r.req_session_name), ("asked source identity", &r.req_source_identity), ("duration", &r.req_duration), ("serial", &r.req_serial),
        ("asked user", &r.req_user_name), ("policy", &r.req_policy_arn), ("target", &r.req_target), ("opened to", &r.req_opened),
        ("login", &r.res_console_login), ("switch role", &r.res_switch_role), ("issued key", &r.res_access_key), ("new key", &r.res_new_key), ("issued to", &r.res_principal_arn),
        ("subject", &r.res_subject), ("login to", &r.add_login_to), ("mfa used", &r.add_mfa_used), ("mfa device", &r.add_mfa_identifier), ("saml provider", &r.add_saml_provider),
        ("switch from", &r.add_switch_from), ("login name", &r.add_user_name), ("credential type", &r.add_credential_type), ("workflow", &r.add_workflow),
        ("bytes out", &r.add_bytes_out), ("service result", &r.svc_result), ("service account", &r.svc_account), ("service role", &r.svc_role),
        ("tls", &r.tls_version), ("cipher", &r.tls_cipher),
    ];
    all.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| ((*k).to_owned(), Value::String(v.to_string()))).collect::<serde_json::Map<_, _>>().into()
}

/// Each record as its ID and place, and the report.
fn all(bytes: &[u8], limits: &Limits) -> (Vec<(String, Place)>, FileReport) {
    let mut records = Vec::new();
    let report = each(bytes, limits, &mut |r, place| records.push((r.event_id.to_string(), place)));
    (records, report)
}

/// Hands on each record that the sink takes.
fn each(bytes: &[u8], limits: &Limits, then: &mut dyn FnMut(&Record<'_>, Place)) -> FileReport {
    read_file("case", 7, Cursor::new(bytes), limits, &mut |r, place| {
        sink(r)?;
        then(r, place);
        Ok(())
    })
}

fn said(report: &FileReport) -> Value {
    let bad: Vec<String> = report.first_bad.iter().map(|b| format!("line {}: {}", b.line, b.reason)).collect();
    let found: Vec<String> = report.findings.iter().map(|f| [&f.source, &f.kind, &f.severity, &f.time, &f.account, &f.user, &f.key, &f.address].map(|t| t.as_str()).join(" | ")).collect();
    json!({
        "insight_kinds": report.insight_kinds, "findings": found, "missing": report.missing,
        "format": report.format, "records": report.records, "bad_records": report.bad_records, "insights": report.insights,
        "digests": report.digests, "foreign": report.foreign, "skipped": report.skipped, "first_bad": bad,
        "members": report.members, "error": report.error,
    })
}

/// Of how many records a case's file beside it says what is read.
const READ: usize = 40;

/// The report and the records are as the file beside it says; each record's place gives the bytes it was read from; any
/// window does.
fn check(path: &Path) {
    let bytes = std::fs::read(path).expect("the case exists");
    let look = |limits: &Limits| {
        let (mut records, mut read) = (Vec::new(), Vec::new());
        let report = each(&bytes, limits, &mut |r, place| {
            records.push((r.event_id.to_string(), place));
            if read.len() < READ {
                read.push(fields(r));
            }
        });
        let mut said = said(&report);
        said["read"] = json!(read);
        (records, said)
    };
    let (records, found) = look(&Limits::default());
    let beside = PathBuf::from(format!("{}.expected.json", path.display()));
    if std::env::var_os("ODDTRAIL_WRITE").is_some() {
        let text = serde_json::to_string_pretty(&found).expect("plain data");
        std::fs::write(&beside, text + "\n").expect("the folder can be written");
    }
    let expected: Value = serde_json::from_slice(&std::fs::read(&beside).expect("what is expected stands beside")).expect("JSON");
    assert_eq!(found, expected, "{}", path.display());
    for (id, place) in &records {
        let original = read_original(Cursor::new(&bytes), *place, &Limits::default()).expect("it was read a moment ago");
        let original = String::from_utf8_lossy(&original).into_owned();
        // A payload stands in its base64: the original is the message that carried it.
        assert!((original.contains(id) || original.contains("\"awslogs\"")) && place.file == 7, "{}", path.display());
    }
    for window in [16, 17, 61, 256, 1000] {
        let again = look(&Limits { window, ..Limits::default() });
        assert_eq!(again, (records.clone(), expected.clone()), "{} through {window} bytes", path.display());
    }
}

#[test]
fn cases() {
    let mut files = Vec::new();
    list(Path::new(FOLDER), &mut files);
    files.sort();
    files.retain(|f| !f.to_string_lossy().ends_with(".expected.json"));
    assert!(files.len() > 40, "{}", files.len());
    files.iter().for_each(|f| check(f));
}

/// A log file of `n` records on one line.
fn log(n: usize) -> Vec<u8> {
    let records: Vec<String> = (0..n).map(|i| line(i, "")).collect();
    format!("{{\"Records\":[{}]}}", records.join(",")).into_bytes()
}

/// A record; its user agent is padded with what would mislead a scanner.
fn line(i: usize, agent: &str) -> String {
    let agent = serde_json::to_string(&format!("a{{\"]\\ {agent}")).expect("text");
    format!(
        "{{\"eventVersion\":\"1.11\",\"userIdentity\":{{\"type\":\"Root\"}},\"eventTime\":\"2025-03-01T10:00:00Z\",\"eventSource\":\"signin.amazonaws.com\",\
         \"eventName\":\"ConsoleLogin\",\"sourceIPAddress\":\"203.0.113.7\",\"userAgent\":{agent},\"eventID\":\"id-{i:06}\"}}"
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.add_directory("AWSLogs/", options).expect("memory");
    for (name, bytes) in members {
        zip.start_file(*name, options).expect("memory");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, *bytes).expect("memory");
    }
    tar.into_inner().expect("memory")
}

#[test]
fn gzip_of_two_members_and_padding() {
    let mut bytes = gzip(&log(2));
    bytes.extend(gzip(&log(3)));
    bytes.extend([0; 700]);
    let (records, report) = all(&bytes, &Limits::default());
    assert_eq!((records.len(), report.error, report.format.as_str()), (5, None, "gzip: CloudTrail log file"));
    bytes.extend(b"tail");
    let (records, report) = all(&bytes, &Limits::default());
    assert_eq!((records.len(), report.error.as_deref()), (5, Some("something that is not gzip follows the gzip: stopped after 5 records")));
}

#[test]
fn gzip_cut_anywhere_keeps_what_was_read() {
    let whole = gzip(&(0..300).map(|i| line(i, &(i * 7919).to_string()) + "\n").collect::<String>().into_bytes());
    let mut last = 0;
    for cut in (0..whole.len()).step_by(97) {
        let (records, report) = all(&whole[..cut], &Limits::default());
        assert!(records.len() >= last, "more bytes, no fewer records");
        last = records.len();
        assert!(cut < 2 || report.error.as_deref().is_some_and(|e| e.starts_with("gzip ends early after ")), "{cut}: {:?}", report.error);
    }
    assert!(last > 200, "{last}");
}

#[test]
fn zip_of_gzips_plain_files_and_others() {
    let name = "AWSLogs/123456789012/CloudTrail/eu-west-1/2025/03/01/a.json.gz";
    let inner = zip(&[("deep.json", &log(4))]);
    let tarred = gzip(&tar(&[("x/y.json", &log(5)), (&"long/".repeat(60), &log(6))]));
    let cut = gzip(&log(50));
    let cut = &cut[..cut.len() / 2];
    let bytes = zip(&[
        (name, &gzip(&log(2))),
        ("../../etc/passwd", &log(3)),
        ("notes.pdf", b"%PDF-1.7"),
        ("inner.zip", &inner),
        ("all.tar.gz", &tarred),
        ("empty.json", b""),
        ("cut.json.gz", cut),
        ("last.json", &log(1)),
    ]);
    let (records, report) = all(&bytes, &Limits::default());
    assert_eq!(report.members[..4], [name, "../../etc/passwd", "notes.pdf", "inner.zip!deep.json"]);
    assert_eq!(report.members[4], "all.tar.gz!x/y.json");
    assert!(report.members[5].starts_with("all.tar.gz!long/long/"), "{:?}", report.members);
    assert_eq!(report.skipped.keys().map(String::as_str).collect::<Vec<_>>(), ["a PDF", "empty"]);
    assert!(report.error.as_deref().is_some_and(|e| e.starts_with("cut.json.gz: gzip ends early after ")), "{:?}", report.error);
    assert!(records.len() as u64 > 2 + 3 + 4 + 5 + 6 && report.records == records.len() as u64);
    assert!(report.format.starts_with("zip, tar, gzip: "), "{}", report.format);
    for (id, place) in &records {
        let original = read_original(Cursor::new(&bytes), *place, &Limits::default()).expect("it is there");
        assert!(String::from_utf8_lossy(&original).ends_with(&format!("\"eventID\":\"{id}\"}}")));
    }
}

#[test]
fn containers_too_deep_are_named() {
    let mut bytes = log(1);
    for _ in 0..4 {
        bytes = gzip(&bytes);
    }
    assert_eq!(all(&bytes, &Limits::default()).0.len(), 1);
    let (records, report) = all(&gzip(&bytes), &Limits::default());
    assert_eq!((records.len(), report.error.as_deref()), (0, Some("more than 4 containers inside each other")));
}

#[test]
fn damaged_zip_is_named() {
    let bytes = zip(&[("a.json", &log(1))]);
    let (_, report) = all(&bytes[..bytes.len() - 30], &Limits::default());
    assert!(report.error.as_deref().is_some_and(|e| e.starts_with("zip is damaged or ends early")), "{:?}", report.error);
}

/// Where in a zip each entry of the list at its end stands.
fn listed(zip: &[u8]) -> Vec<std::ops::Range<usize>> {
    let number = |at: usize, bytes: usize| zip[at..at + bytes].iter().rev().fold(0usize, |number, byte| number << 8 | *byte as usize);
    let end = zip.len() - 22;
    let mut at = number(end + 16, 4);
    let mut entries = Vec::new();
    while at < end {
        let next = at + 46 + number(at + 28, 2) + number(at + 30, 2) + number(at + 32, 2);
        entries.push(at..next);
        at = next;
    }
    entries
}

#[test]
fn members_come_in_the_order_of_the_file_whatever_order_the_list_has() {
    let bytes = zip(&[("a.json", &log(1)), ("b.json", &log(2)), ("c.json", &log(3)), ("d.json", &log(4))]);
    let entries = listed(&bytes);
    assert_eq!(entries.len(), 5, "a folder too");
    let list: Vec<u8> = entries.iter().rev().flat_map(|entry| bytes[entry.clone()].to_vec()).collect();
    let mut turned = bytes.clone();
    turned[entries[0].start..][..list.len()].copy_from_slice(&list);
    let (records, report) = all(&turned, &Limits::default());
    assert_eq!((records.len(), &report.members, &report.error), (10, &["a.json", "b.json", "c.json", "d.json"].map(str::to_owned).to_vec(), &None));
    assert_eq!(report, all(&bytes, &Limits::default()).1);
    for of in 2..6 {
        assert_eq!(in_parts(&turned, of), in_parts(&bytes, 1), "in {of} parts");
    }
    for (id, place) in &records {
        let original = read_original(Cursor::new(&turned), *place, &Limits::default()).expect("it is there");
        assert!(String::from_utf8_lossy(&original).ends_with(&format!("\"eventID\":\"{id}\"}}")));
    }
}

#[test]
fn what_a_zip_lists_before_the_list_is_damaged_is_read() {
    let mut bytes = zip(&[("a.json", &log(1)), ("b.json", &log(2)), ("c.json", &log(3))]);
    let third = listed(&bytes)[3].start;
    bytes[third] ^= 1;
    let (records, report) = all(&bytes, &Limits::default());
    assert_eq!((records.len(), report.members.len()), (3, 2));
    assert!(report.error.as_deref().is_some_and(|e| e.starts_with("zip is damaged or ends early (")), "{:?}", report.error);
}

/// A zip as it is written to a pipe: what a member's length is stands behind it.
fn piped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new_stream(Vec::new());
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("memory");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

#[test]
fn a_zip_cut_anywhere_gives_what_is_before() {
    let (a, b, c) = (log(20), gzip(&log(30)), log(40));
    let members: [(&str, &[u8]); 3] = [("a.json", &a), ("b.json.gz", &b), ("c.json", &c)];
    for whole in [zip(&members), piped(&members)] {
        assert_eq!(all(&whole, &Limits::default()).0.len(), 90);
        let mut counts = std::collections::BTreeSet::new();
        for cut in (4..whole.len()).step_by(11) {
            let cut = &whole[..cut];
            let (records, report) = all(cut, &Limits::default());
            assert!(report.error.as_deref().is_some_and(|e| e.starts_with("zip is damaged or ends early (")), "{:?}", report.error);
            counts.insert(records.len());
            let (id, place) = match records.last() {
                Some(last) => last,
                None => continue,
            };
            let original = read_original(Cursor::new(cut), *place, &Limits::default()).expect("it is there");
            assert!(String::from_utf8_lossy(&original).ends_with(&format!("\"eventID\":\"{id}\"}}")));
            assert_eq!(in_parts(cut, 7), in_parts(cut, 1));
        }
        assert!([20, 50, 90].iter().all(|count| counts.contains(count)), "{counts:?}");
        assert!(counts.last() <= Some(&90));
    }
}

#[test]
fn a_member_with_another_checksum_is_read_and_named() {
    let mut bytes = zip(&[("a.json", &log(2)), ("b.json", &log(3))]);
    let entry = listed(&bytes)[1].start;
    bytes[entry + 16] ^= 1;
    let (records, report) = all(&bytes, &Limits::default());
    let said = "a.json: it is damaged: its checksum or its length is not the one that the zip says after 2 records";
    assert_eq!((records.len(), report.error.as_deref()), (5, Some(said)));
}

#[test]
fn members_that_cannot_be_unpacked_are_named() {
    let mut bytes = zip(&[("a.json", &log(2)), ("b.json", &log(3)), ("c.json", &log(4))]);
    let entries = listed(&bytes);
    bytes[entries[1].start + 10] = 99;
    bytes[entries[2].start + 8] |= 1;
    let (records, report) = all(&bytes, &Limits::default());
    let said = "a.json: cannot be taken out of the zip: it is packed by a method that is not read (AES) (and 1 more members with troubles)";
    assert_eq!((records.len(), report.error.as_deref()), (4, Some(said)));
}

#[test]
fn bombs_stop_at_the_limit() {
    // 200 MiB of spaces in about 200 KB: over 300 to 1 soon after the first 64 MiB.
    let bomb = gzip(&vec![b' '; 200 << 20]);
    let (_, report) = all(&bomb, &Limits::default());
    assert_eq!(report.error.as_deref(), Some("inflates to more than 300 times its size, the limit: stopped after 0 records"));
    assert!(report.inflated < 70 << 20, "{}", report.inflated);
    let limits = Limits { inflated_per_file: 100_000, ..Limits::default() };
    let bytes = zip(&[("a.json", &log(300)), ("b.json", &log(300)), ("c.json", &log(300))]);
    let (records, report) = all(&bytes, &limits);
    assert!(records.len() > 300 && records.len() < 600, "{}", records.len());
    assert!(report.error.as_deref().is_some_and(|e| e.starts_with("b.json: inflates to more than 100,000 bytes")), "{:?}", report.error);
}

#[test]
fn records_past_the_limit_are_left_out_and_said() {
    let limits = Limits { records: 4, ..Limits::default() };
    let bytes = zip(&[("a.json", &log(3)), ("b.json", &log(3)), ("c.json", &log(3))]);
    let (records, report) = all(&bytes, &limits);
    assert_eq!((records.len(), report.error.as_deref()), (4, Some("b.json: more than 4 records, the limit: stopped after 1 records")));
    let csv: String = (0..9).map(|i| format!("2025-03-01T10:00:0{i}Z,ConsoleLogin,id-{i}\n")).collect();
    let (records, report) = all(format!("eventTime,eventName,eventID\n{csv}").as_bytes(), &limits);
    assert_eq!((records.len(), report.error.as_deref()), (4, Some("more than 4 records, the limit: stopped after 4 records")));
}

/// What a loader with these limits says of files of three records each.
fn troubles(limits: Limits, agents: usize) -> Vec<String> {
    let distinct = limits.distinct;
    let mut loader = Loader::new(limits);
    for file in 0..3 {
        let lines: Vec<String> = (0..3).map(|i| line(file * 3 + i, &format!("agent {}", (file * 3 + i) % agents)).replace("id-", "")).collect();
        loader.add_file(&format!("{file}.json"), Cursor::new(lines.join("\n")));
    }
    let mut analyzer = Analyzer::new(Geo::empty(), "");
    analyzer.limit_distinct(distinct);
    analyzer.take(loader);
    let report = analyzer.report(&Options::default()).expect("some are read");
    report.import.problems.iter().map(|p| format!("{}: {}", p.file, p.reason)).collect()
}

#[test]
fn limits_of_a_loader_hold_for_all_its_files() {
    assert_eq!(troubles(Limits::default(), 9), [""; 0]);
    let said = troubles(Limits { records: 4, ..Limits::default() }, 9);
    assert_eq!(said, ["1.json: with those of other files more than 4 records, the limit: stopped after 1 records", "2.json: not read: 4 events of other files were read already, the limit"]);
    let said = troubles(Limits { inflated_in_all: 1000, ..Limits::default() }, 9);
    assert_eq!(said, ["2.json: not read: 1,000 bytes of other files were read already, the limit"]);
    // The empty text and four agents are five.
    let said = troubles(Limits { distinct: 5, ..Limits::default() }, 9);
    assert_eq!(said, ["all files: more than 5 different user agents, the limit: 5 are not told apart"]);
    let said = troubles(Limits { text_bytes: 50, ..Limits::default() }, 9);
    assert_eq!(said[1..], ["2.json: more than 50 bytes of different user agents, the limit: 3 are not told apart"], "{said:?}");
    assert_eq!(troubles(Limits { distinct: 5, ..Limits::default() }, 4), [""; 0]);
}

/// A file that somebody goes on writing to.
struct Growing(Cursor<Vec<u8>>, u32);

impl Read for Growing {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(into)
    }
}

impl Seek for Growing {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        if matches!(to, SeekFrom::End(_)) {
            self.1 += 1;
            if self.1 > 1 {
                self.0.get_mut().extend_from_slice(b"more");
            }
        }
        self.0.seek(to)
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_named() {
    let bytes = log(2);
    let (was, is) = (bytes.len(), bytes.len() + 4);
    let report = read_file("case", 0, Growing(Cursor::new(bytes), 0), &Limits::default(), &mut |_, _| Ok(()));
    assert_eq!(report.records, 2);
    assert_eq!(report.error, Some(format!("the file changed while it was read: {was} bytes at first, {is} at the end")));
}

/// Text again and again, so many bytes long, without holding them.
struct Endless(&'static [u8], u64, u64);

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = (self.1 - self.2).min(into.len() as u64) as usize;
        for (i, b) in into[..n].iter_mut().enumerate() {
            *b = self.0[(self.2 as usize + i) % self.0.len()];
        }
        self.2 += n as u64;
        Ok(n)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.2 = match to {
            SeekFrom::Start(n) => n,
            SeekFrom::End(n) => self.1.saturating_add_signed(n),
            SeekFrom::Current(n) => self.2.saturating_add_signed(n),
        };
        Ok(self.2)
    }
}

/// None of these takes long or much memory; each would, did work on one broken record reach over the others.
#[test]
fn endless_nonsense_ends() {
    for text in [
        &b"["[..], b"{", b"]", b"}", b"\"", b"\\", b"x", b" ", b",", b":", b"\n{", b"{\"", b"[{", b"{\"a\":", b"{\"a\":[x", b"{\"Records\":[", b"{\"Records\":{x",
        b"{\"eventVersion\":", b"{\"eventVersion\":{", b"{\"eventVersion\":x", b"{\"eventVersion\":[x", b"{}", b"[]", b"{\"a\":1}", b"\"{\\\"", b"[\"{\\\"a",
        b"{\"detail\":", b"{\"eventName\":\"a", b"1", b"{\"a\" ", b"{\"a\":\"\n", b"{\"Events\":[]x", b"{\"Records\":[\"",
        br#"{"eventVersion":"1","userIdentity":{},"x":"#, br#"{"eventVersion":"1","userIdentity":{},"x":["#, br#"{"eventVersion":"1","userIdentity":{"#,
        br#"{"Records":[],"x":{"#, br#"{"Records":[],"x":{"y":{"eventVersion":"1","userIdentity":{"#, br#"{"a":1},{"a":["#, br#"[{"a":[{"a":1},"#, br#"[{"a":[{"a":1}]"#, b"{\"a\":\n",
    ] {
        let start = std::time::Instant::now();
        let limits = Limits { record_bytes: 1 << 20, ..Limits::default() };
        let report = read_file("endless", 0, Endless(text, 8 << 20, 0), &limits, &mut |_, _| Ok(()));
        let seconds = start.elapsed().as_secs_f64();
        assert!(report.records == 0 && report.first_bad.len() <= 10 && report.skipped.len() <= 21);
        assert!(seconds < 60.0, "{} took {seconds} s", String::from_utf8_lossy(text));
    }
}

#[test]
fn a_record_too_large_costs_itself() {
    let limits = Limits { record_bytes: 10_000, window: 500, ..Limits::default() };
    let text = [line(1, ""), line(2, &"x\\\"{[".repeat(5_000)), line(3, ""), line(4, &"y".repeat(9_000))].join("\n");
    let (records, report) = all(text.as_bytes(), &limits);
    assert_eq!(records.iter().map(|r| r.0.as_str()).collect::<Vec<_>>(), ["id-000001", "id-000003", "id-000004"]);
    assert_eq!(said(&report)["first_bad"], json!(["line 2: larger than 10,000 bytes, the limit for one record"]));
}

#[test]
fn reading_can_be_stopped() {
    let bytes = zip(&[("a.json", &log(3)), ("b.json", &log(3))]);
    let mut asked = 0;
    let report = read_file_watched("case", 0, Cursor::new(bytes), &Limits::default(), &mut |_, _| Ok(()), &mut |_| {
        asked += 1;
        asked <= 1
    });
    assert_eq!((report.records, report.error.as_deref()), (3, Some("stopped after 3 records")));
}

#[test]
fn a_number_cut_by_the_window_is_whole_all_the_same() {
    let record = |n: usize| format!(r#"{{"eventName":"A{n}","eventTime":"2025-03-01T10:00:00Z","x":1740823200.25,"requestParameters":{{"a":1.5,"b":-2e+10,"c":-0.25E-3,"d":[-1,0.0,12e5,true,null]}}}}"#);
    let text = (0..8).map(record).collect::<Vec<_>>().join("\n");
    for window in 16..400 {
        let (records, report) = all(text.as_bytes(), &Limits { window, ..Limits::default() });
        assert_eq!((records.len(), report.bad_records, &report.first_bad[..]), (8, 0, &[][..]), "{window}");
    }
}

#[test]
fn fields_are_where_they_belong() {
    let text = r#"{"userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:ada","onBehalfOf":{"userId":"u-1"},"sessionContext":{
        "sessionIssuer":{"type":"Role","arn":"arn:aws:iam::123456789012:role/ops","accountId":"123456789012","userName":"ops"},
        "attributes":{"creationDate":"2025-03-01T09:00:00Z","mfaAuthenticated":"false"},"sourceIdentity":"ada","ec2RoleDelivery":"2.0",
        "webIdFederationData":{"federatedProvider":"example.com"}}},"eventTime":"2025-03-01T10:00:00Z","eventName":"AssumeRole",
        "requestParameters":"{\"name\":\"n\",\"bucketName\":\"b\",\"roleName\":\"r\",\"durationSeconds\":3600,\"tags\":[{}]}",
        "responseElements":{"credentials":{"accessKeyId":"ASIAEXAMPLE"},"assumedRoleUser":{"arn":"arn:x"},"accessKey":{"accessKeyId":"AKIAEXAMPLE"}},
        "additionalEventData":{"MFAUsed":"No","bytesTransferredOut":544},"serviceEventDetails":{"UserAuthentication":"Success"},
        "tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"c"},"readOnly":true}"#;
    let mut seen = 0;
    let report = read_file("case", 0, Cursor::new(text), &Limits::default(), &mut |r, _| {
        seen += 1;
        let got = [&r.identity_type, &r.principal_id, &r.on_behalf_of, &r.issuer_name, &r.creation_date, &r.mfa_authenticated, &r.source_identity];
        assert_eq!(got, ["AssumedRole", "AROAEXAMPLE:ada", "u-1", "ops", "2025-03-01T09:00:00Z", "false", "ada"]);
        let got = [&r.role_delivery, &r.federated_provider, &r.req_target, &r.req_duration, &r.res_access_key, &r.res_new_key, &r.res_principal_arn];
        assert_eq!(got, ["2.0", "example.com", "b", "3600", "ASIAEXAMPLE", "AKIAEXAMPLE", "arn:x"]);
        let got = [&r.add_mfa_used, &r.add_bytes_out, &r.svc_result, &r.tls_version, &r.tls_cipher, &r.read_only, &r.error_code];
        assert_eq!(got, ["No", "544", "Success", "TLSv1.3", "c", "true", ""]);
        Ok(())
    });
    assert_eq!((seen, report.records), (1, 1));
}

/// The accounts that a request names, however its shape writes them.
fn opened_by(text: &str) -> Vec<String> {
    let mut opened = Vec::new();
    each(text.as_bytes(), &Limits::default(), &mut |r, _| opened.push(r.req_opened.to_string()));
    opened
}

#[test]
fn to_whom_something_is_opened_is_read_in_every_shape() {
    let share = json!({"snapshotId": "snap-1", "createVolumePermission": {"add": {"items": [{"userId": "111122223333"}, {"group": "all"}]}, "remove": {"items": [{"userId": "444455556666"}]}}});
    let policy = json!({"Statement": [{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:role/r"]}, "Action": "*", "Resource": "*"}]});
    let record = |name: &str, request: Value| json!({"eventTime": "2025-03-01T10:00:00Z", "eventSource": "ec2.amazonaws.com", "eventName": name, "requestParameters": request});
    let cases = [
        (record("ModifySnapshotAttribute", share.clone()), "111122223333 everybody"),
        (record("ModifySnapshotAttribute", json!(share.to_string())), "111122223333 everybody"),
        (record("UpdateAssumeRolePolicy", json!({"policyDocument": policy.to_string()})), "111122223333 444455556666"),
        (record("PutBucketPolicy", json!({"bucketName": "b", "bucketPolicy": policy})), "111122223333 444455556666"),
        (record("AddPermission20150331v2", json!({"principal": "*"})), "everybody"),
        (record("ModifyDBSnapshotAttribute", json!({"valuesToAdd": ["111122223333"], "valuesToRemove": ["444455556666"]})), "111122223333"),
        (record("UpdateFunctionConfiguration20150331v2", json!({"layers": ["arn:aws:lambda:eu-west-1:111122223333:layer:l:1"]})), "111122223333"),
        // A session's own policy opens nothing to others.
        (record("AssumeRole", json!({"roleArn": "arn:aws:iam::111122223333:role/r", "policy": policy.to_string()})), ""),
        (record("RunInstances", json!({"ownerId": "111122223333"})), ""),
    ];
    for (record, expected) in &cases {
        assert_eq!(opened_by(&record.to_string()), [*expected], "{record}");
    }
    let ecs = json!({"@timestamp": "2025-03-01T10:00:00Z", "event": {"action": "ModifySnapshotAttribute", "provider": "ec2.amazonaws.com"}, "aws": {"cloudtrail": {"flattened": {"request_parameters": share}}}});
    assert_eq!(opened_by(&ecs.to_string()), ["111122223333 everybody"]);
    let csv = format!("eventtime,eventsource,eventname,requestparameters\n2025-03-01T10:00:00Z,ec2.amazonaws.com,ModifySnapshotAttribute,\"{}\"\n", share.to_string().replace('"', "\"\""));
    assert_eq!(opened_by(&csv), ["111122223333 everybody"]);
}

/// The same five records in each arrangement that is whole, and where each ends.
fn arranged(how: usize) -> (Vec<u8>, Vec<usize>) {
    let (open, between, close) = [("{\"Records\":[", ",", "]}"), ("[\n", ",\n", "\n]"), ("", "\n", "\n"), ("", "", "")][how % 4];
    let mut text = open.to_owned();
    let mut ends = Vec::new();
    for i in 0..5 {
        if i > 0 {
            text.push_str(between);
        }
        text.push_str(&line(i, &"é".repeat(i * 3)));
        ends.push(text.len());
    }
    text.push_str(close);
    (text.into_bytes(), ends)
}

/// How good ones are put together, and what each of them is: some of every arrangement that others write.
const TOGETHER: &[(&str, &str, &str, Kind)] = &[
    ("{\"Records\":[", ",", "]}", Kind::Record),
    ("{\"Records\":[\n", ",\n", "\n]}\n", Kind::Record),
    ("[", ",", "]", Kind::Record),
    ("", "\n", "\n", Kind::Record),
    ("", "\r\n", "", Kind::Record),
    ("", "", "", Kind::Record),
    ("", "", "", Kind::LogFile),
    ("", "\n", "", Kind::LogFile),
    ("[", ",", "]", Kind::LogFile),
    ("{\"Events\":[", ", ", "],\"NextToken\":\"x\"}", Kind::LookedUp),
    ("", "\n", "\n", Kind::LookedUp),
    ("{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[", ",", "]}", Kind::Message),
    ("{\"events\":[", ",", "],\"nextToken\":\"x\"}", Kind::Message),
    ("", "\n", "", Kind::Bridged),
    ("", "", "", Kind::Bridged),
    ("[", ",", "]", Kind::Bridged),
];

#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Record,
    LogFile,
    LookedUp,
    Message,
    Bridged,
}

/// A record with lists and objects in it, and another in a text of it; or what holds it.
fn one(kind: Kind, i: usize) -> String {
    let record = line(i, &line(666, "\\")).replacen("\"userAgent\"", "\"requestParameters\":{\"filters\":[{\"a\":1},{\"a\":[2]}],\"tags\":{\"é\":\"{}\"}},\"resources\":[{\"ARN\":\"a\"},{\"ARN\":\"b\"}],\"userAgent\"", 1);
    let text = serde_json::to_string(&record).expect("text");
    match kind {
        Kind::Record => record,
        Kind::LogFile => format!("{{\"Records\":[{record}]}}"),
        Kind::LookedUp => format!("{{\"EventId\":\"id-{i:06}\",\"EventName\":\"ConsoleLogin\",\"Resources\":[{{\"ResourceName\":\"a\"}},{{}}],\"CloudTrailEvent\":{text}}}"),
        Kind::Message => format!("{{\"logStreamName\":\"s\",\"timestamp\":1740823200000,\"message\":{text},\"id\":\"{i}\"}}"),
        Kind::Bridged => format!("{{\"version\":\"0\",\"id\":\"{i}\",\"detail-type\":\"AWS API Call via CloudTrail\",\"source\":\"aws.signin\",\"detail\":{record}}}"),
    }
}

/// Four good ones with what begins as one and breaks off among them, with or without what separates them: where it stands.
fn broken_off(how: usize, place: usize, cut: usize, apart: bool) -> (Vec<u8>, usize, usize) {
    let (open, between, close, kind) = TOGETHER[how];
    let broken = one(kind, 9);
    let end = 1 + cut % (broken.len() - 1);
    let broken = &broken[..(0..=end).rev().find(|at| broken.is_char_boundary(*at)).unwrap_or(0)];
    let mut text = open.to_owned();
    let mut at = 0;
    for i in 0..5 {
        if i == place {
            at = text.len();
            text.push_str(broken);
        } else {
            text.push_str(&one(kind, i));
        }
        if i < 4 && (apart || i != place) {
            text.push_str(between);
        }
    }
    text.push_str(close);
    (text.into_bytes(), at, broken.len())
}

/// Each place where one may break off, in each arrangement: what is whole is read, once, and the report says where.
#[test]
fn what_breaks_off_costs_itself() {
    let mut lost = Vec::new();
    for (how, &(_, between, _, kind)) in TOGETHER.iter().enumerate() {
        for cut in 0..one(kind, 9).len() - 1 {
            for place in [0, 2, 4] {
                let apart = kind != Kind::Record || cut % 3 == 0 || place == 4;
                let (bytes, at, length) = broken_off(how, place, cut, apart);
                let window = [16, 100, 4096][(cut + place) % 3];
                let (records, report) = all(&bytes, &Limits { window, ..Limits::default() });
                // In EventBridge's, what begins behind a colon or a bracket may be a part of it.
                if kind == Kind::Bridged && between.is_empty() && matches!(bytes[at + length - 1], b':' | b'[') {
                    continue;
                }
                // What broke off between two records, or ends as a record may: there is nothing to tell.
                let whole = records.iter().any(|r| r.0.is_empty() || r.0 == "id-000009") || bytes[at..at + length].ends_with(b"\"Records\":[") || report.foreign > 0;
                let read: Vec<&str> = records.iter().map(|r| r.0.as_str()).filter(|id| !id.is_empty() && *id != "id-000009").collect();
                let expected: Vec<String> = (0..5).filter(|i| *i != place).map(|i| format!("id-{i:06}")).collect();
                let told = report.first_bad.iter().any(|bad| (at as u64..=(at + length) as u64).contains(&bad.offset));
                if read != expected || !(told || whole) || report.bad_records > 2 {
                    lost.push((how, cut, place, apart, window, read.len(), report.bad_records));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{} of arrangement, cut, place, apart, window, read, bad: {:?}", lost.len(), &lost[..lost.len().min(60)]);
}

/// Brackets of an envelope that are never closed cost no record; what is wrong is told, where there is something.
#[test]
fn envelopes_never_closed_cost_no_record() {
    let r = |i| one(Kind::Record, i);
    let many = (0..500).map(r).collect::<Vec<_>>().join(",");
    for (text, count, told) in [
        (format!("{{\"meta\":{{\"x\":1,\"Records\":[{},{}]}}", r(0), r(1)), 2, true),
        (format!("{{\"meta\":{{\"x\":[1,\n\"Records\": [ {} , {} ] }}", r(0), r(1)), 2, true),
        (format!("{{\"meta\":[1,2,\"Records\":[{},{}]}}", r(0), r(1)), 2, true),
        (format!("{{\"meta\":{{\"x\":1,\"Records\":[{many}]}}"), 500, true),
        (format!("{{\"meta\":\"{}\",\"x\":{{\"Records\":[{many}]}}", "a".repeat(300_000)), 500, true),
        (format!("{{\"Records\":[{}],\"meta\":{{\"x\":{{}}\n{{\"Records\":[{}]}}\n{{\"Records\":[{}]}}", r(0), r(1), r(2)), 3, true),
        (format!("{{\"Records\":[{}],\"meta\":{{\"x\":[1,{{}}}}{{\"Records\":[{},{}]}}", r(0), r(1), r(2)), 3, true),
        (format!("{{\"Records\":[{}],\"meta\":{{\"x\":{{}}\n{{\"Records\":[{many}]}}", r(0)), 501, true),
        (format!("{{\"Records\":[{},{}{{\"Records\":[{}]}}", r(0), r(1), r(2)), 3, false),
        (format!("{{\"Records\":[{},\n{{\"Records\":[{}]}}\n{{\"Records\":[{}", r(0), r(1), r(2)), 3, false),
        (format!("{{\"Records\":[{{\"Records\":[{many}]}}"), 500, false),
        // A list of its own was never closed; that of the envelope closes it.
        (format!("{{\"Records\":[{{\"eventVersion\":\"1.11\",\"resources\":[{{}},{},{}]}}", r(0), r(1)), 2, true),
        (format!("{{\"Records\":[{{\"eventVersion\":\"1.11\",\"resources\":[{{}},{}]}}{{\"Records\":[{}]}}", r(0), r(1)), 2, true),
    ] {
        for limits in [Limits::default(), Limits { window: 16, ..Limits::default() }, Limits { record_bytes: 100_000, window: 5000, ..Limits::default() }] {
            let (records, report) = all(text.as_bytes(), &limits);
            let head = &text[..60];
            assert_eq!(records.len(), count, "{head} {:?}", report.first_bad);
            assert_eq!(report.bad_records, u64::from(told), "{head} {:?}", report.first_bad);
            assert!(records.iter().all(|r| r.0 != "id-000666"), "{head}");
        }
    }
}

/// The same cases at every run. More, and others: `ODDTRAIL_CASES=100000 ODDTRAIL_SEED=7 cargo test --test ingest`.
fn cases_of(default: u32) -> ProptestConfig {
    let number = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<u64>().ok());
    ProptestConfig {
        cases: number("ODDTRAIL_CASES").map_or(default, |n| n as u32),
        rng_seed: RngSeed::Fixed(number("ODDTRAIL_SEED").unwrap_or(1)),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Every byte of every arrangement, changed to what means something to a reader (with ODDTRAIL_CASES to every other byte),
/// through a small window and a large one.
#[test]
fn each_byte_changed_to_each_telling_byte() {
    let mut telling = b"#{}[]\",:\\ \n\t0aeu-\x00\x1e\x1f\x80\xef\xff".to_vec();
    if std::env::var_os("ODDTRAIL_CASES").is_some() {
        telling = (0..=255).collect();
    }
    let mut lost = Vec::new();
    for how in 0..4 {
        let (whole, _) = arranged(how);
        for at in 0..whole.len() {
            for &byte in &telling {
                let mut bytes = whole.clone();
                bytes[at] = byte;
                // Every other byte through the large one, unless all are asked for.
                let windows: &[usize] = if telling.len() == 256 { &[16, 4096] } else { &[[16, 4096][at % 2]] };
                for &window in windows {
                    let (records, _) = all(&bytes, &Limits { window, ..Limits::default() });
                    if records.len() < 3 {
                        lost.push((how, at, char::from(byte), window, records.len()));
                    }
                }
            }
        }
    }
    assert!(lost.is_empty(), "arrangement, byte, changed to, window, records: {lost:?}");
}

/// Hands over so many bytes at a time.
struct Pieces(Cursor<Vec<u8>>, usize);

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = into.len().min(self.1);
        self.0.read(&mut into[..n])
    }
}

impl Seek for Pieces {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

fn analyzed(loaders: Vec<Loader>) -> (Analyzer, oddtrail::Report) {
    let mut analyzer = Analyzer::new(Geo::empty(), "");
    loaders.into_iter().for_each(|l| analyzer.take(l));
    let report = analyzer.report(&Options::default()).expect("there are events");
    (analyzer, report)
}

fn reported(loaders: Vec<Loader>) -> String {
    oddtrail::report_json(&analyzed(loaders).1)
}

fn scored(loader: Loader) -> String {
    let (analyzer, _) = analyzed(vec![loader]);
    oddtrail::events_csv(analyzer.scored_events())
}

proptest! {
    #![proptest_config(cases_of(400))]

    #[test]
    fn cut_anywhere_gives_all_complete_records(how in 0usize..4, cut in 0usize..3000, window in 16usize..400) {
        let (bytes, ends) = arranged(how);
        let cut = cut.min(bytes.len());
        let (records, report) = all(&bytes[..cut], &Limits { window, ..Limits::default() });
        prop_assert_eq!(records.len(), ends.iter().filter(|e| **e <= cut).count());
        prop_assert!(report.bad_records <= 1);
    }

    #[test]
    fn any_byte_changed_loses_two_records_at_most(how in 0usize..4, at in 0usize..3000, byte: u8, window in 16usize..400) {
        let (mut bytes, _) = arranged(how);
        let at = at % bytes.len();
        bytes[at] = byte;
        let (records, _) = all(&bytes, &Limits { window, ..Limits::default() });
        prop_assert!(records.len() >= 3, "{} records with byte {} as {}", records.len(), at, byte);
    }

    /// Two members of a gzip, cut at any byte, handed over in pieces of any size: nothing of it shows.
    #[test]
    fn a_stream_in_any_pieces_gives_the_same(how in 0usize..4, cut in 0usize..3000, piece in 1usize..200, window in 16usize..400) {
        let (whole, _) = arranged(how);
        let (first, second) = whole.split_at(cut.min(whole.len()));
        let bytes = [gzip(first), gzip(second)].concat();
        let limits = Limits { window, ..Limits::default() };
        let mut records = Vec::new();
        let report = read_file("case", 7, Pieces(Cursor::new(bytes.clone()), piece), &limits, &mut |r, place| {
            records.push((r.event_id.to_string(), place));
            Ok(())
        });
        let plain = all(&gzip(&whole), &Limits::default());
        prop_assert_eq!(&records, &plain.0);
        prop_assert_eq!(said(&report), said(&plain.1));
    }

    /// The same report from any order of files, dealt to any number of workers, and from a file cut between records.
    #[test]
    fn order_workers_and_cuts_between_records_do_not_show(order in Just((0usize..6).collect::<Vec<_>>()).prop_shuffle(), workers in 1usize..6, deal in proptest::collection::vec(0usize..6, 6)) {
        let files: Vec<(String, Vec<u8>)> = (0..6).map(|f| {
            let lines: Vec<String> = (0..4).map(|i| line(f * 4 + i, &format!("agent {}", i * f))).collect();
            (format!("{f}.json"), lines.join("\n").into_bytes())
        }).collect();
        let mut loaders: Vec<Loader> = (0..workers).map(|_| Loader::new(Limits::default())).collect();
        for (&f, to) in order.iter().zip(&deal) {
            loaders[to % workers].add_file(&files[f].0, Cursor::new(files[f].1.clone()));
        }
        let mut one = Loader::new(Limits::default());
        files.iter().for_each(|(name, bytes)| one.add_file(name, Cursor::new(bytes.clone())));
        prop_assert_eq!(reported(loaders), reported(vec![one]));
        // All in one file: the same but for where it was read.
        let mut whole = Loader::new(Limits::default());
        whole.add_file("whole.json", Cursor::new(files.iter().map(|(_, b)| b.as_slice()).collect::<Vec<_>>().join(&b'\n')));
        let mut cut = Loader::new(Limits::default());
        files.iter().for_each(|(name, bytes)| cut.add_file(name, Cursor::new(bytes.clone())));
        prop_assert_eq!(scored(whole), scored(cut));
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(proptest::sample::select(&b"{}[]\",:\\ \n\x00\xFFaRecordsEvents1\x1f\x8bPK\x03\x04"[..]), 0..300)) {
        all(&bytes, &Limits { window: 16, ..Limits::default() });
    }
}

/// Text of pieces that mean something to whoever reads tables.
fn piece_text(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(pieces), 0..8).prop_map(|p| p.concat())
}

/// What may stand in a cell.
const CELL: &[&str] = &["\"", "\"\"", ",", ";", "\t", "|", "\n", "\r\n", "\r", " ", "a", "é", "ｗ", "{", "}", "[", "=", "\\", "-", "null", "1"];

/// What may stand in a value of a struct: a comma, a space, a word and `=` would begin the next, and a brace may end it.
const BARE: &[&str] = &["\"", "\"\"", ",", ";", "=", "\n", "\r\n", ":", "/", "a", "é", "ｗ", "\\", "-", "1"];

/// How a table is written: delimiter, whether each cell is quoted, ends of lines.
type Written = (u8, bool, bool);

fn written() -> impl Strategy<Value = Written> {
    (proptest::sample::select(&b",;\t"[..]), any::<bool>(), any::<bool>())
}

fn table((by, quoted, crlf): Written, rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let quotes = if quoted { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
    let ends = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer = csv::WriterBuilder::new().delimiter(by).quote_style(quotes).terminator(ends).from_writer(Vec::new());
    rows.into_iter().for_each(|row| writer.write_record(row).expect("memory"));
    writer.into_inner().expect("memory")
}

/// A cell as a record has it: no space around it, and nothing where it says so.
fn as_read(cell: &str) -> String {
    let cell = cell.trim();
    if matches!(cell, "-" | "null" | "{}" | "[]") { String::new() } else { cell.to_owned() }
}

fn owned<const N: usize>(row: [&str; N]) -> Vec<String> {
    row.map(str::to_owned).to_vec()
}

/// What a table gives: of each record the fields named, and what is wrong with it.
fn told(bytes: &[u8], window: usize, pick: fn(&Record<'_>) -> Vec<String>) -> (Vec<Vec<String>>, FileReport) {
    let mut read = Vec::new();
    let report = each(bytes, &Limits { window, ..Limits::default() }, &mut |r, _| read.push(pick(r)));
    (read, report)
}

proptest! {
    #![proptest_config(cases_of(400))]

    /// Quotes, delimiters and ends of lines within cells, through any window.
    #[test]
    fn event_history_with_anything_in_its_cells(
        cells in proptest::collection::vec([piece_text(CELL), piece_text(CELL), piece_text(CELL)], 1..6),
        how in written(), window in 16usize..600, marked: bool,
    ) {
        let names = owned(["User name", "AWS access key", "Event time", "Event source", "Event name", "Source IP address", "User agent", "Error code", "Event ID", "Recipient Account Id"]);
        let rows = cells.iter().enumerate().map(|(i, [user, agent, error])| {
            owned([user, "", &format!("2025-03-01T10:00:0{i}Z"), "s3.amazonaws.com", "GetObject", "203.0.113.7", agent, error, &format!("id-{i}"), "123456789012"])
        });
        let mut bytes = if marked { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
        bytes.extend(table(how, std::iter::once(names).chain(rows)));
        let (read, report) = told(&bytes, window, |r| [&r.event_id, &r.user_name, &r.user_agent, &r.error_code].map(|t| t.to_string()).to_vec());
        let expected: Vec<Vec<String>> = cells.iter().enumerate().map(|(i, [user, agent, error])| vec![format!("id-{i}"), as_read(user), as_read(agent), as_read(error)]).collect();
        prop_assert_eq!(&report.first_bad[..], &[][..]);
        prop_assert_eq!(read, expected);
    }

    /// Structs whose values hold what separates others.
    #[test]
    fn athena_with_structs_of_anything(
        cells in proptest::collection::vec([piece_text(BARE), piece_text(BARE), piece_text(CELL)], 1..6),
        how in written(), window in 16usize..600,
    ) {
        let names = owned(["eventversion", "useridentity", "eventtime", "eventsource", "eventname", "useragent", "requestparameters", "eventid"]);
        let rows = cells.iter().enumerate().map(|(i, [user, bucket, agent])| {
            let identity = format!("{{type=AssumedRole, principalid=AROAEXAMPLE:u{user}, arn=null, accountid=123456789012, sessioncontext={{attributes={{mfaauthenticated=true, creationdate=2025-03-01T09:00:00Z}}, sessionissuer={{type=Role, username=u{user}}}}}}}");
            let asked = json!({ "bucketName": format!("b{bucket}") }).to_string();
            owned(["1.08", &identity, &format!("2025-03-01T10:00:0{i}Z"), "s3.amazonaws.com", "GetObject", agent, &asked, &format!("id-{i}")])
        });
        let bytes = table(how, std::iter::once(names).chain(rows));
        let (read, report) = told(&bytes, window, |r| [&r.event_id, &r.principal_id, &r.issuer_name, &r.mfa_authenticated, &r.account_id, &r.req_target, &r.user_agent].map(|t| t.to_string()).to_vec());
        let expected: Vec<Vec<String>> = cells.iter().enumerate().map(|(i, [user, bucket, agent])| {
            vec![format!("id-{i}"), as_read(&format!("AROAEXAMPLE:u{user}")), as_read(&format!("u{user}")), "true".into(), "123456789012".into(), as_read(&format!("b{bucket}")), as_read(agent)]
        }).collect();
        prop_assert_eq!(&report.first_bad[..], &[][..]);
        prop_assert_eq!(read, expected);
    }

    /// Bytes put into a log in place of others: what stands before is read from where it was.
    #[test]
    fn bytes_spliced_in_leave_what_stands_before(how in 0usize..4, at in 0usize..3000, gone in 0usize..400, put in spliced(), window in 16usize..400) {
        let (whole, ends) = arranged(how);
        let at = at % (whole.len() + 1);
        let after = (at + gone).min(whole.len());
        let bytes = [&whole[..at], &put[..], &whole[after..]].concat();
        let (records, _) = all(&bytes, &Limits { window, ..Limits::default() });
        let before = ends.iter().filter(|e| **e <= at).count();
        prop_assert!(records.len() >= before, "{} of {}", records.len(), before);
        prop_assert_eq!(&records[..before], &all(&whole, &Limits::default()).0[..before]);
        // Behind it two records are lost at most, unless it is in the first bytes, which say what a file is.
        let behind = ends.iter().filter(|e| at >= 6 && **e > after).count();
        prop_assert!(records.len() + 2 >= before + behind, "{} of {} and {}", records.len(), before, behind);
    }
}

fn spliced() -> impl Strategy<Value = Vec<u8>> {
    let telling = proptest::sample::select(&b"{}[]\",:\\ \n\x00\xFF\xEFaRecords1"[..]);
    prop_oneof![proptest::collection::vec(any::<u8>(), 0..60), proptest::collection::vec(telling, 0..60)]
}

/// A member of an archive that is made up.
#[derive(Debug, Clone)]
struct Made {
    name: String,
    /// 0 plain, 1 gzip, 2 zip, 3 gzip of tar, 4 lines, 5 something else.
    kind: usize,
    records: usize,
    stored: bool,
    /// Where it is cut off, or which byte is changed to what; in thousandths of its length.
    harm: Harm,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Harm {
    None,
    /// Before it went into the archive.
    Cut(usize),
    /// In the archive's own bytes.
    Flip(usize, u8),
}

fn made() -> impl Strategy<Value = Made> {
    let name = proptest::collection::vec(proptest::sample::select(&["a", "../", "/", "é", ".gz", ".json", " ", "\\", "\n", "!", "%", "🙂", "PK\x03\x04"][..]), 0..5).prop_map(|p| p.concat());
    let harm = prop_oneof![3 => Just(Harm::None), 1 => (0usize..1000).prop_map(Harm::Cut), 1 => (0usize..1000, 1u8..).prop_map(|(at, by)| Harm::Flip(at, by))];
    (name, 0usize..6, 0usize..5, any::<bool>(), harm).prop_map(|(name, kind, records, stored, harm)| Made { name, kind, records, stored, harm })
}

/// The archive, and the IDs of records that nothing happened to.
fn archive(members: &[Made]) -> (Vec<u8>, Vec<String>) {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut good = Vec::new();
    for (m, made) in members.iter().enumerate() {
        let lines: Vec<String> = (0..made.records).map(|i| line(m * 10 + i, &format!("{m}"))).collect();
        let log = format!("{{\"Records\":[{}]}}", lines.join(",")).into_bytes();
        let mut bytes = match made.kind {
            0 => log,
            1 => gzip(&log),
            2 => zip(&[("inner.json", &log)]),
            3 => gzip(&tar(&[("inner.json", &log)])),
            4 => lines.join("\n").into_bytes(),
            _ => b"<html>not found</html>".to_vec(),
        };
        if let Harm::Cut(at) = made.harm {
            bytes.truncate(bytes.len() * at / 1000);
        }
        let method = if made.stored { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        writer.start_file(format!("{m}{}", made.name), zip::write::SimpleFileOptions::default().compression_method(method)).expect("memory");
        writer.write_all(&bytes).expect("memory");
        if made.harm == Harm::None && made.kind < 5 {
            good.extend((0..made.records).map(|i| format!("id-{:06}", m * 10 + i)));
        }
    }
    let mut bytes = writer.finish().expect("memory").into_inner();
    let mut again = zip::ZipArchive::new(Cursor::new(bytes.clone())).expect("it was written a moment ago");
    for (m, made) in members.iter().enumerate() {
        if let Harm::Flip(at, by) = made.harm {
            let member = again.by_index_raw(m).expect("it was written a moment ago");
            let (start, length) = (member.data_start().expect("read") as usize, member.compressed_size() as usize);
            if length > 0 {
                bytes[start + length * at / 1000] ^= by;
            }
        }
    }
    (bytes, good)
}

/// The report and the events of an archive read in so many parts by two workers; or why there is none.
fn in_parts(bytes: &[u8], of: u32) -> Result<(String, String), String> {
    let mut loaders = [Loader::new(Limits::default()), Loader::new(Limits::default())];
    for part in (0..of).rev() {
        loaders[part as usize % 2].add_part("case.zip", (part, of), Cursor::new(bytes));
    }
    let mut analyzer = Analyzer::new(Geo::empty(), "");
    loaders.into_iter().for_each(|l| analyzer.take(l));
    let report = analyzer.report(&Options::default()).map_err(|e| e.to_string())?;
    Ok((oddtrail::report_json(&report), oddtrail::events_csv(analyzer.scored_events())))
}

proptest! {
    #![proptest_config(cases_of(150))]

    /// Members that are whole are read, whatever happened to others; in parts as in one.
    #[test]
    fn archives_with_harm_to_some_members(members in proptest::collection::vec(made(), 0..12), of in 2u32..9) {
        let (bytes, good) = archive(&members);
        let (records, _) = all(&bytes, &Limits::default());
        let read: std::collections::BTreeSet<&str> = records.iter().map(|r| r.0.as_str()).collect();
        let missing: Vec<&String> = good.iter().filter(|id| !read.contains(id.as_str())).collect();
        prop_assert!(missing.is_empty(), "{:?} of {:?}", missing, members);
        prop_assert_eq!(in_parts(&bytes, of), in_parts(&bytes, 1));
    }

    /// Any bytes of an archive changed, those of its lists too: in parts as in one, and no panic.
    #[test]
    fn archives_changed_anywhere(members in proptest::collection::vec(made(), 1..6), flips in proptest::collection::vec((0usize..100_000, any::<u8>()), 1..6), cut in prop_oneof![3 => Just(1000usize), 1 => 0usize..1000], of in 2u32..6) {
        let (mut bytes, _) = archive(&members);
        for (at, to) in flips {
            let at = at % bytes.len();
            bytes[at] = to;
        }
        bytes.truncate(bytes.len() * cut / 1000);
        prop_assert_eq!(in_parts(&bytes, of), in_parts(&bytes, 1));
    }
}

/// Prints what each file of a folder gives: `ODDTRAIL_DATA=folder cargo test --release survey -- --ignored --nocapture`.
#[test]
#[ignore = "a look at other files, and the speed"]
#[allow(clippy::print_stdout)]
fn survey() {
    let Some(folder) = std::env::var_os("ODDTRAIL_DATA") else { return };
    let mut files = Vec::new();
    list(Path::new(&folder), &mut files);
    files.sort();
    for path in files {
        let start = std::time::Instant::now();
        let report = read(&path);
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{}: {} | {} records, {} bad, {} insights, {} digests, {} foreign | {:.3} s, {:.0} MB/s, {:.0} records/s",
            path.display(),
            report.format,
            report.records,
            report.bad_records,
            report.insights,
            report.digests,
            report.foreign,
            seconds,
            report.inflated as f64 / 1e6 / seconds,
            report.records as f64 / seconds
        );
        for bad in &report.first_bad {
            println!("    line {} (byte {}): {}", bad.line, bad.offset, bad.reason);
        }
        for (reason, n) in &report.skipped {
            println!("    {n} × {reason}");
        }
        if let Some(error) = &report.error {
            println!("    error: {error}");
        }
    }
}

fn list(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        return files.push(path.to_owned());
    }
    for entry in path.read_dir().expect("the folder exists") {
        list(&entry.expect("an entry").path(), files);
    }
}

fn read(path: &Path) -> FileReport {
    let file = File::open(path).expect("the file exists");
    read_file(&path.to_string_lossy(), 0, file, &Limits::default(), &mut |_, _| Ok(()))
}
