//! What is known to be good: what it changes, what it cannot change, and that the report says so.

use std::io::Cursor;

use oddtrail::{Analyzer, Geo, Known, Limits, Loader, Options, Report, Severity};
use serde_json::{Value, json};

const DAY: i64 = 86_400;
/// 2025-03-03 08:00:00 UTC, a Monday.
const START: i64 = 1_740_988_800;
const CLI: &str = "aws-cli/2.15.39 Python/3.11.6 Linux/6.5.0 exe/x86_64";

fn record(number: usize, seconds: i64, who: &str, source: &str, name: &str, address: &str, agent: &str) -> Value {
    let time = oddtrail::format_time((START + seconds) * 1000).replacen(' ', "T", 1).replace(" UTC", "Z");
    json!({
        "eventVersion": "1.08", "eventTime": time, "eventSource": source, "eventName": name, "awsRegion": "eu-west-1",
        "sourceIPAddress": address, "userAgent": agent, "readOnly": true, "eventType": "AwsApiCall", "recipientAccountId": "123456789012",
        "eventID": format!("00000000-0000-4000-8000-{number:012x}"),
        "userIdentity": {"type": "IAMUser", "userName": who, "accountId": "123456789012", "principalId": format!("AIDA{who}"),
                         "arn": format!("arn:aws:iam::123456789012:user/{who}"), "accessKeyId": format!("AKIA{who}")}
    })
}

/// Six people for forty days; on the last day ben is at another address, and a tool lists a lot as ana.
fn records() -> Vec<Value> {
    let mut records = Vec::new();
    for day in 0..40 {
        for (person, name) in ["ana", "ben", "cho", "dee", "eli", "fay"].iter().enumerate() {
            for (step, call) in ["ListBuckets", "GetBucketLocation", "ListObjects", "GetBucketAcl"].iter().enumerate() {
                let at = day * DAY + person as i64 * 700 + step as i64 * 60;
                let moved = day == 39 && *name == "ben";
                let address = if moved { "198.51.100.40".to_owned() } else { format!("203.0.113.{}", person + 7) };
                records.push(record(records.len(), at, name, "s3.amazonaws.com", call, &address, CLI));
            }
        }
    }
    for step in 0..30 {
        let call = ["DescribeInstances", "DescribeImages", "DescribeVolumes", "DescribeSubnets", "DescribeVpcs"][step % 5];
        let at = 39 * DAY + 50_000 + step as i64 * 3;
        records.push(record(records.len(), at, "ana", "ec2.amazonaws.com", call, "192.0.2.9", "Prowler/3.1 Boto3/1.26.50 Python/3.11.2 Linux/6.1"));
    }
    records
}

fn report_of(records: &[Value], known: Option<Value>) -> Report {
    let mut loader = Loader::new(Limits::default());
    loader.add_file("a.json", Cursor::new(json!({ "Records": records }).to_string().into_bytes()));
    let mut analyzer = Analyzer::new(Geo::empty(), "");
    if let Some(known) = known {
        analyzer.set_known(Known::parse(&known.to_string()).expect("it is right"));
    }
    analyzer.take(loader);
    analyzer.report(&Options::default()).expect("there are events")
}

fn known(list: &str, entry: Value) -> Option<Value> {
    Some(json!({"version": "oddtrail-known/1", list: [entry]}))
}

fn scan(report: &Report) -> &oddtrail::SessionSummary {
    report.sessions.iter().find(|s| &*s.address == "192.0.2.9").expect("the tool's session")
}

#[test]
fn a_scanner_is_scored_and_shown_but_no_alert() {
    let plain = report_of(&records(), None);
    assert!(scan(&plain).alert, "without settings it is an alert");
    assert!(plain.known.is_empty() && plain.summary.excused == 0 && scan(&plain).known.is_none());
    for entry in [
        json!({"address": "192.0.2.9", "note": "audit"}),
        json!({"address": "192.0.2.0/28"}),
        json!({"agent": "PROWLER"}),
        json!({"address": "192.0.2.9", "agent": "prowler/3"}),
        json!({"address": "192.0.2.9", "expires": "2025-04-11"}), // the day itself: 3 March and 39 days
    ] {
        let report = report_of(&records(), known("scanners", entry.clone()));
        let session = scan(&report);
        assert_eq!((session.alert, session.severity, session.known, session.excused), (false, Severity::None, Some(0), true), "{entry}");
        assert_eq!(session.score, scan(&plain).score, "scored as ever");
        assert!(!session.reasons.is_empty() && !session.sentence.is_empty(), "explained as ever");
        assert_eq!((report.known[0].sessions, report.known[0].excused), (1, 1));
        assert_eq!(report.summary.excused, 1);
        assert_eq!(report.summary.alerts + 1, plain.summary.alerts);
        assert!(report.calibration.sentence.contains("1 of them is known to be good"), "{}", report.calibration.sentence);
        assert!(report.incidents.iter().all(|i| i.sessions.iter().all(|rank| report.sessions[*rank as usize].alert)));
    }
}

#[test]
fn what_does_not_match_or_has_expired_excuses_nothing() {
    for entry in [
        json!({"address": "192.0.2.8"}),
        json!({"address": "192.0.2.9", "agent": "scoutsuite"}),
        json!({"address": "192.0.2.9", "expires": "2025-04-10"}),
    ] {
        let report = report_of(&records(), known("scanners", entry.clone()));
        assert!(scan(&report).alert && scan(&report).known.is_none(), "{entry}");
        assert_eq!((report.known[0].sessions, report.summary.excused), (0, 0), "{entry}");
    }
}

#[test]
fn a_known_range_is_a_usual_place_and_excuses_no_deed() {
    let moved = |report: &Report| report.sessions.iter().find(|s| &*s.address == "198.51.100.40").expect("ben's").clone();
    let place = |session: &oddtrail::SessionSummary| session.reasons.iter().any(|reason| reason.group == "place");
    let (plain, with) = (report_of(&records(), None), report_of(&records(), known("ranges", json!({"range": "198.51.100.0/24", "note": "office"}))));
    assert!(place(&moved(&plain)), "a new place is a reason");
    assert!(!place(&moved(&with)), "a known one is none");
    assert!(moved(&with).score < moved(&plain).score);
    assert_eq!((moved(&with).known, moved(&with).excused), (Some(0), false));
    assert_eq!((with.known[0].sessions, with.known[0].excused), (1, 0));
    // The tool's session is an alert from a known range as well.
    let inside = report_of(&records(), known("ranges", json!({"range": "192.0.2.0/24"})));
    assert!(scan(&inside).alert && scan(&inside).known == Some(0));
}

#[test]
fn a_rule_is_not_excused() {
    let mut records = records();
    // A break-glass user that is tried out now and then; on the last day it makes a way in for somebody.
    for day in (0..39).step_by(3) {
        records.push(record(records.len(), day * DAY + 20_000, "emergency", "s3.amazonaws.com", "ListBuckets", "203.0.113.99", CLI));
    }
    for (step, call) in ["GetCallerIdentity", "CreateUser", "CreateAccessKey", "AttachUserPolicy"].iter().enumerate() {
        let source = if step == 0 { "sts.amazonaws.com" } else { "iam.amazonaws.com" };
        records.push(record(records.len(), 39 * DAY + 60_000 + step as i64 * 20, "emergency", source, call, "192.0.2.77", CLI));
    }
    let settings = known("break_glass", json!({"name": "Emergency", "account": "123456789012"}));
    let report = report_of(&records, settings);
    let session = report.sessions.iter().find(|s| &*s.address == "192.0.2.77").expect("the emergency");
    assert!(session.labels.iter().any(|label| label.severity >= Severity::Medium), "{:?}", session.labels);
    assert_eq!((session.known, session.excused), (Some(0), false));
    assert_eq!((report.known[0].sessions, report.known[0].excused), (14, 0));
    assert!(session.severity >= Severity::Medium);
    let other = report_of(&records, known("break_glass", json!({"name": "emergency", "account": "999999999999"})));
    assert_eq!(other.known[0].sessions, 0, "another account's user");
}

#[test]
fn identities_say_what_is_usual() {
    let report = report_of(&records(), None);
    let ben = report.identities.iter().find(|i| i.name == "ben").expect("ben");
    // 40 days with the same client; no table of networks, so neither countries nor networks.
    assert_eq!((ben.clients.len(), ben.clients[0].count), (1, 40));
    assert_eq!(ben.distinct_calls, 4);
    assert!(ben.calls.iter().all(|call| call.days == 40 && call.count == 40 && call.usual == "frequent"));
    // 40 days from a Monday at 08:11: six Mondays to Fridays, five Saturdays and Sundays.
    assert_eq!(ben.hours.len(), 168);
    assert_eq!((0..7).map(|day| ben.hours[day * 24 + 8]).collect::<Vec<_>>(), [6, 6, 6, 6, 6, 5, 5]);
    assert_eq!(ben.hours.iter().sum::<u32>(), 40);
    let ana = report.identities.iter().find(|i| i.name == "ana").expect("ana");
    assert_eq!(ana.distinct_calls, 9);
    assert!(ana.calls.iter().any(|call| call.usual == "rare" && call.days == 1 && call.count == 6));
}
