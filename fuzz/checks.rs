//! What must hold for any bytes, by family. The fuzzer looks for bytes that break it; `tests/corpus.rs` replays what it kept.

use std::io::Cursor;

use oddtrail::{
    Analyzer, FileReport, Geo, Limits, Loader, Options, Place, Zone, alert_markdown, alerts_csv, events_csv, hash_part, read_file, read_original, report_html, report_json,
};

/// Bounds of a fuzzed file: small, so that reaching them is quick.
fn limits(window: usize) -> Limits {
    Limits { inflated_per_file: 8 << 20, record_bytes: 256 << 10, nested_zip: 1 << 20, members: 64, window, ..Limits::default() }
}

fn read(bytes: &[u8], window: usize) -> (Vec<(String, Place)>, FileReport) {
    let mut records = Vec::new();
    let report = read_file("fuzz", 3, Cursor::new(bytes), &limits(window), &mut |record, place| {
        records.push((format!("{record:?}"), place));
        Ok(())
    });
    (records, report)
}

/// What is counted was handed on, and can be read again.
fn consistent(bytes: &[u8], records: &[(String, Place)], report: &FileReport) {
    assert_eq!(report.records, records.len() as u64);
    assert!(report.first_bad.len() as u64 <= report.bad_records && report.first_bad.len() <= 10);
    assert!(report.skipped.len() <= 32);
    for (_, place) in records.iter().take(4) {
        let original = read_original(Cursor::new(bytes), *place, &limits(1 << 16)).expect("a record that was read can be read again");
        assert_eq!(original.len(), place.length as usize);
    }
}

/// Files in files.
pub fn containers(bytes: &[u8]) {
    let (records, report) = read(bytes, 1 << 16);
    consistent(bytes, &records, &report);
}

/// Any arrangement of JSON gives the same through a small window and a large one.
pub fn json(bytes: &[u8]) {
    let (records, report) = read(bytes, 1 << 16);
    consistent(bytes, &records, &report);
    let again = read(bytes, 16);
    assert_eq!((again.0, again.1), (records, report));
}

/// First rows of tables; the first byte of the input picks one.
const HEADERS: [&str; 8] = [
    "User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,User agent,Event ID\n",
    "Event name;Event time;User name;Source IP address\n",
    "eventversion,useridentity,eventtime,eventsource,eventname,requestparameters,responseelements,eventid\n",
    "eventjson\n",
    "\"_time\",\"_raw\"\n",
    "@timestamp,event.action,event.provider,source.ip,aws.cloudtrail.user_identity.arn\n",
    "TimeGenerated,AwsEventId,EventName,UserIdentityArn,SourceIpAddress,RequestParameters\n",
    "",
];

/// Tables, through a small window and a large one.
pub fn csv(bytes: &[u8]) {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let mut table = HEADERS[usize::from(first) % HEADERS.len()].as_bytes().to_vec();
    table.extend_from_slice(rest);
    json(&table);
}

fn analyze(files: &[(&str, &[u8])]) {
    let mut loader = Loader::new(limits(1 << 16));
    files.iter().for_each(|(name, bytes)| loader.add_file(name, Cursor::new(*bytes)));
    let mut analyzer = Analyzer::new(Geo::empty(), "");
    analyzer.take(loader);
    let (holding, wanted) = analyzer.to_check();
    let of_file = |(name, bytes): &(&str, &[u8])| hash_part(name, (0, 1), Cursor::new(bytes.to_vec()), &limits(1 << 16), &wanted);
    analyzer.set_hashed(files.iter().filter(|(name, _)| holding.iter().any(|one| one == name)).flat_map(of_file).collect());
    if let Ok(report) = analyzer.report(&Options::default()) {
        assert!(report.sessions.iter().all(|s| (0.0..=1.0).contains(&s.score)));
        assert_eq!(report.sessions.iter().map(|s| u64::from(s.events)).sum::<u64>(), report.summary.events);
        let zone = Zone::default();
        report_json(&report);
        report_html(&report, &[], "", &zone);
        alerts_csv(&report, &zone);
        alert_markdown(&report, 0, &zone);
        events_csv(analyzer.scored_events());
    }
}

/// Fields of a record in the order of an input's cells.
const CELLS: [&str; 15] = [
    "type", "arn", "principalId", "userName", "accountId", "accessKeyId", "invokedBy", "credentialId", "issuer", "userId", "eventName", "eventSource",
    "sourceIPAddress", "userAgent", "role",
];

/// Who is who: each line is a record, its cells between tabs.
pub fn identity(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let records: Vec<serde_json::Value> = text
        .lines()
        .take(60)
        .enumerate()
        .map(|(number, line)| {
            let cell = |name: &str| CELLS.iter().position(|c| *c == name).and_then(|i| line.split('\t').nth(i)).unwrap_or_default();
            let or = |name: &str, usual: &str| if cell(name).is_empty() { usual.to_owned() } else { cell(name).to_owned() };
            serde_json::json!({
                "eventVersion": "1.08", "eventTime": format!("2025-03-{:02}T{:02}:00:00Z", 1 + number % 28, number % 24), "eventID": format!("id-{number}"),
                "eventName": or("eventName", "AssumeRole"), "eventSource": or("eventSource", "sts.amazonaws.com"),
                "sourceIPAddress": or("sourceIPAddress", "203.0.113.7"), "userAgent": cell("userAgent"),
                "userIdentity": {
                    "type": cell("type"), "arn": cell("arn"), "principalId": cell("principalId"), "userName": cell("userName"), "accountId": cell("accountId"),
                    "accessKeyId": cell("accessKeyId"), "invokedBy": cell("invokedBy"), "credentialId": cell("credentialId"), "onBehalfOf": {"userId": cell("userId")},
                    "sessionContext": {"sessionIssuer": {"arn": cell("issuer")}}
                },
                "requestParameters": {"roleArn": cell("role"), "roleSessionName": cell("userName")},
                "responseElements": {"credentials": {"accessKeyId": cell("accessKeyId").chars().rev().collect::<String>()}, "ConsoleLogin": cell("role")}
            })
        })
        .collect();
    analyze(&[("identity.json", serde_json::Value::from(records).to_string().as_bytes())]);
}

/// From bytes to every form of the report; a line of three dashes begins another file.
pub fn report(bytes: &[u8]) {
    let mut rest = bytes;
    let mut files = Vec::new();
    while let Some(cut) = rest.windows(5).position(|w| w == b"\n---\n").filter(|_| files.len() < 4) {
        files.push(("part", &rest[..cut]));
        rest = &rest[cut + 5..];
    }
    files.push(("last", rest));
    analyze(&files);
}
