//! Hand-made stories: who is who, what a session is, what stands out, and that nothing depends on order or workers.

use std::io::Cursor;

use oddtrail::{Analyzer, Geo, Limits, Loader, Mode, Options, Report, events_csv, report_json};
use serde_json::{Value, json};

const DAY: i64 = 86_400;
/// 2025-03-03 08:00:00 UTC, a Monday.
const START: i64 = 1_740_988_800;

fn time(seconds: i64) -> String {
    let text = oddtrail::format_time((START + seconds) * 1000);
    text.replacen(' ', "T", 1).replace(" UTC", "Z")
}

/// A record of an ordinary call; `more` replaces or adds top-level fields.
#[allow(clippy::too_many_arguments)] // so many fields of a record matter to a story
fn record(number: u32, seconds: i64, identity: Value, source: &str, name: &str, address: &str, agent: &str, more: Value) -> Value {
    let mut record = json!({
        "eventVersion": "1.08", "userIdentity": identity, "eventTime": time(seconds), "eventSource": source, "eventName": name,
        "awsRegion": "eu-west-1", "sourceIPAddress": address, "userAgent": agent, "readOnly": true,
        "eventID": format!("00000000-0000-4000-8000-{number:012x}"), "eventType": "AwsApiCall", "recipientAccountId": "123456789012"
    });
    for (key, value) in more.as_object().expect("an object") {
        record[key] = value.clone();
    }
    record
}

fn iam(name: &str) -> Value {
    json!({"type": "IAMUser", "userName": name, "accountId": "123456789012", "arn": format!("arn:aws:iam::123456789012:user/{name}"),
           "principalId": format!("AIDA{name}"), "accessKeyId": format!("AKIA{name}")})
}

fn role(role: &str, session: &str, key: &str) -> Value {
    json!({"type": "AssumedRole", "accountId": "123456789012", "arn": format!("arn:aws:sts::123456789012:assumed-role/{role}/{session}"),
           "principalId": format!("AROA:{session}"), "accessKeyId": key})
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:122.0) Gecko/20100101 Firefox/122.0";
const CLI: &str = "aws-cli/2.15.39 Python/3.11.6 Linux/6.5.0 exe/x86_64";

/// Six people at work for twenty days, and on the last day one key used from elsewhere by another client for other calls.
fn month() -> Vec<Value> {
    let mut records = Vec::new();
    let mut number = 0;
    for day in 0..20 {
        for (person, name) in ["ana", "ben", "cho", "dee", "eli", "fay"].iter().enumerate() {
            for call in 0..4 {
                number += 1;
                let at = day * DAY + person as i64 * 700 + call * 60;
                let call = ["ListBuckets", "GetBucketLocation", "ListObjects", "GetBucketAcl"][call as usize];
                records.push(record(number, at, iam(name), "s3.amazonaws.com", call, &format!("203.0.113.{}", person + 7), CLI, json!({})));
            }
        }
    }
    for (step, call) in ["GetCallerIdentity", "ListUsers", "CreateUser", "CreateAccessKey", "AttachUserPolicy"].iter().enumerate() {
        number += 1;
        let source = if step == 0 { "sts.amazonaws.com" } else { "iam.amazonaws.com" };
        records.push(record(number, 19 * DAY + 50_000 + step as i64 * 20, iam("ana"), source, call, "198.51.100.9", "Boto3/1.26.50 Python/3.11.2 Linux/6.1.0-kali9-amd64 Botocore/1.29.50", json!({})));
    }
    records
}

fn loader_of(files: &[(String, Vec<Value>)]) -> Loader {
    let mut loader = Loader::new(Limits::default());
    for (name, records) in files {
        let text = json!({ "Records": records }).to_string();
        loader.add_file(name, Cursor::new(text.into_bytes()));
    }
    loader
}

fn analyze(loaders: impl IntoIterator<Item = Loader>, options: &Options) -> (Report, String, String) {
    analyze_with(Geo::empty(), loaders, options)
}

fn analyze_with(geo: Geo, loaders: impl IntoIterator<Item = Loader>, options: &Options) -> (Report, String, String) {
    let mut analyzer = Analyzer::new(geo, "");
    for mut loader in loaders {
        analyzer.merge(&loader.pack()).expect("packed just now");
    }
    let report = analyzer.report(options).expect("there are events");
    let (json, csv) = (report_json(&report), events_csv(analyzer.scored_events()));
    (report, json, csv)
}

fn report_of(records: Vec<Value>) -> Report {
    analyze([loader_of(&[("a.json".into(), records)])], &Options::default()).0
}

fn names(report: &Report) -> Vec<(String, String)> {
    let seen = report.identities.iter().filter(|i| i.sessions > 0);
    seen.map(|i| (i.name.clone(), i.class.clone())).collect()
}

#[test]
fn a_stolen_key_comes_first_with_its_reasons() {
    let report = report_of(month());
    let first = &report.sessions[0];
    assert_eq!(report.identities[first.identity as usize].name, "ana");
    assert_eq!(&*first.address, "198.51.100.9");
    assert_eq!(first.events, 5);
    // One reason for each group of facts at most, strongest first.
    let groups: Vec<&str> = first.reasons.iter().map(|r| r.group.as_str()).collect();
    let mut once = groups.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), groups.len());
    assert!(groups.contains(&"deeds") && groups.contains(&"client"), "{groups:?}");
    assert!(first.reasons.windows(2).all(|pair| pair[0].bits >= pair[1].bits));
    let rules: Vec<&str> = first.labels.iter().map(|l| l.rule.as_str()).collect();
    assert!(rules.contains(&"attack tool") && rules.contains(&"new way in"), "{rules:?}");
    let nearest = &report.sessions[first.nearest.expect("ana has other sessions") as usize];
    assert_eq!(report.identities[nearest.identity as usize].name, "ana");
    assert_eq!(&*nearest.address, "203.0.113.7");
}

#[test]
fn a_key_issued_in_a_session_that_stands_out_is_worth_a_look() {
    // Fay's second key, used at her own desk: ordinary, unless it was made by whoever had ana's.
    let session_of = |issued: &str| {
        let mut records = month();
        let made = records.iter_mut().find(|record| record["eventName"] == "CreateAccessKey").expect("of the story");
        made["responseElements"] = json!({"accessKey": {"userName": "fay", "accessKeyId": issued}});
        let mut fay = iam("fay");
        fay["accessKeyId"] = json!("AKIAfay2");
        records.push(record(9000, 19 * DAY + 70_000, fay, "s3.amazonaws.com", "ListBuckets", "203.0.113.12", CLI, json!({})));
        let report = report_of(records);
        let number = report.identities.iter().position(|identity| identity.name == "fay").expect("fay is seen") as u32;
        report.sessions.into_iter().find(|session| session.identity == number && session.events == 1).expect("one call")
    };
    let (hers, another) = (session_of("AKIAfay2"), session_of("AKIAother"));
    assert!(hers.alert && !another.alert);
    assert_eq!(hers.reasons[0].group, "company");
    assert!(another.reasons.iter().all(|reason| reason.group != "company"));
}

#[test]
fn a_key_that_was_in_use_before_was_not_issued_there() {
    // The answer names the key that fay has had all the month: whatever it says, her work is her own.
    let mut records = month();
    let made = records.iter_mut().find(|record| record["eventName"] == "CreateAccessKey").expect("of the story");
    made["responseElements"] = json!({"accessKey": {"userName": "fay", "accessKeyId": "AKIAfay"}});
    records.push(record(9000, 19 * DAY + 70_000, iam("fay"), "s3.amazonaws.com", "ListBuckets", "203.0.113.12", CLI, json!({})));
    for mode in [Mode::Hindsight, Mode::Then] {
        let (report, ..) = analyze([loader_of(&[("a.json".into(), records.clone())])], &Options { mode, ..Options::default() });
        assert!(report.sessions[0].alert);
        assert!(report.sessions.iter().all(|session| session.reasons.iter().all(|reason| reason.group != "company")), "{mode:?}");
    }
}

#[test]
fn a_key_that_an_administrator_made_for_somebody_at_the_desk_is_no_reason() {
    // The same deeds as the theft's, but ana's own place and client: she stands out, by what she did only.
    let mut records = month();
    for made in records.iter_mut().rev().take(5) {
        (made["sourceIPAddress"], made["userAgent"]) = (json!("203.0.113.7"), json!(CLI));
        if made["eventName"] == "CreateAccessKey" {
            made["responseElements"] = json!({"accessKey": {"userName": "fay", "accessKeyId": "AKIAfay2"}});
        }
    }
    let mut fay = iam("fay");
    fay["accessKeyId"] = json!("AKIAfay2");
    records.push(record(9000, 19 * DAY + 70_000, fay, "s3.amazonaws.com", "ListBuckets", "203.0.113.12", CLI, json!({})));
    let report = report_of(records);
    let made = report.sessions.iter().find(|session| session.events == 5).expect("the deeds");
    assert!(made.alert, "{}", made.sentence);
    assert!(report.sessions.iter().all(|session| session.reasons.iter().all(|reason| reason.group != "company")));
}

#[test]
fn the_way_in_of_what_stands_out_belongs_to_it() {
    // Whoever has ana's key gets a session's key with it, from another client at the same address, and does the rest with that.
    let with_key = |used: &str| {
        let mut records = month();
        let theft = records.len() - 5;
        let mut ana = iam("ana");
        ana["accessKeyId"] = json!(used);
        records[theft..].iter_mut().for_each(|record| record["userIdentity"] = ana.clone());
        let issued = json!({"responseElements": {"credentials": {"accessKeyId": "ASIAana1"}}});
        records.push(record(9000, 19 * DAY + 49_000, iam("ana"), "sts.amazonaws.com", "GetSessionToken", "198.51.100.9", CLI, issued));
        let report = report_of(records);
        report.sessions.into_iter().find(|session| session.events == 1 && &*session.address == "198.51.100.9").expect("one call")
    };
    let belongs = |session: &oddtrail::SessionSummary| session.reasons.iter().any(|reason| reason.sentence.starts_with("A key was issued that is used"));
    assert!(belongs(&with_key("ASIAana1")) && !belongs(&with_key("ASIAana2")));
}

#[test]
fn a_key_carried_home_is_no_theft_and_one_abroad_is() {
    // Dee's key of a day at work is used once more in the evening: on another network, of the same country or not.
    let moved = |address: &str| {
        let mut records = month();
        records.truncate(records.len() - 5);
        for (n, (at, from)) in [(0, "81.2.69.142"), (600, "81.2.69.142"), (30_000, address)].iter().enumerate() {
            let dee = role("AWSReservedSSO_Dev_0123456789abcdef", "dee", "ASIAdee1");
            records.push(record(9000 + n as u32, 12 * DAY + at, dee, "s3.amazonaws.com", "ListBuckets", from, CLI, json!({})));
        }
        let mut analyzer = Analyzer::new(Geo::from_bytes(include_bytes!("../data/geo/geo.bin")).expect("the built-in table"), "");
        analyzer.merge(&loader_of(&[("a.json".into(), records)]).pack()).expect("packed just now");
        let report = analyzer.report(&Options::default()).expect("there are events");
        let session = report.sessions.iter().find(|s| &*s.address == address).expect("it is there");
        session.labels.iter().any(|label| label.rule == "session key on two networks")
    };
    assert!(!moved("86.128.1.1"), "a home in the same country");
    assert!(moved("88.198.1.1"), "a rented server abroad");
}

#[test]
fn who_takes_a_little_every_evening_does_not_make_it_usual() {
    let mut records = month();
    for (evening, call) in (12..17).flat_map(|day| (0..40).map(move |call| (day, call))) {
        let number = 9000 + (evening * 40 + call) as u32;
        records.push(record(number, evening * DAY + 40_000 + call * 20, iam("eli"), "s3.amazonaws.com", "GetObject", "203.0.113.11", CLI, json!({})));
    }
    let report = report_of(records);
    let evenings: Vec<_> = report.sessions.iter().filter(|session| session.events == 40).collect();
    assert_eq!(evenings.len(), 5);
    for session in evenings {
        let groups: Vec<&str> = session.reasons.iter().map(|reason| reason.group.as_str()).collect();
        assert!(groups.contains(&"gathering"), "{groups:?}");
        // Nor are evenings usual by it.
        assert!(groups.contains(&"time"), "{groups:?}");
    }
}

#[test]
fn who_turns_to_another_kind_of_thing_takes_more_of_it_than_usual() {
    // Everybody scans tables all day; for five days eli reads secrets as well, or scans a few more tables.
    let reasons = |source: &str, call: &str| {
        let mut records = month();
        let people = ["ana", "ben", "cho", "dee", "eli", "fay"].iter().enumerate();
        for (scan, (day, (person, name))) in people.flat_map(|who| (0..20).map(move |day| (day, who))).flat_map(|day| (0..30).map(move |scan| (scan, day))) {
            let number = 9000 + ((scan * 20 + day) * 6) as u32 + person as u32;
            let at = day * DAY + person as i64 * 700 + 240 + scan * 10;
            records.push(record(number, at, iam(name), "dynamodb.amazonaws.com", "Scan", &format!("203.0.113.{}", person + 7), CLI, json!({})));
        }
        for (day, read) in (12..17).flat_map(|day| (0..10).map(move |read| (day, read))) {
            records.push(record(20_000 + (day * 10 + read) as u32, day * DAY + 3600 + read * 10, iam("eli"), source, call, "203.0.113.11", CLI, json!({})));
        }
        let report = report_of(records);
        let number = report.identities.iter().position(|identity| identity.name == "eli").expect("eli is seen") as u32;
        let days = report.sessions.iter().filter(|session| session.identity == number && session.events > 34);
        days.map(|session| session.reasons.iter().find(|reason| reason.group == "gathering").map_or("", |reason| &*reason.sentence).to_owned()).collect::<Vec<_>>()
    };
    let secrets = reasons("secretsmanager.amazonaws.com", "GetSecretValue");
    assert_eq!(secrets, ["40 objects, secrets and tables read (dynamodb 30, secretsmanager 10), with days about it more than in other weeks."; 5]);
    assert_eq!(reasons("dynamodb.amazonaws.com", "Scan"), [""; 5]);
}

#[test]
fn a_region_is_a_reason_only_where_few_others_work() {
    let groups_of_ben = |others: &[&str]| {
        let mut records = month();
        let mut there = |number: usize, day: i64, who: &str, person: usize| {
            let mut away = record(number as u32, day * DAY + 40_000, iam(who), "s3.amazonaws.com", "ListBuckets", &format!("203.0.113.{}", person + 7), CLI, json!({}));
            away["awsRegion"] = json!("ap-southeast-4");
            records.push(away);
        };
        there(9000, 15, "ben", 1);
        for (person, who) in ["ana", "ben", "cho", "dee", "eli", "fay"].iter().enumerate().filter(|(_, who)| others.contains(who)) {
            (3..9).for_each(|day| there(9000 + person * 20 + day as usize, day, who, person));
        }
        let report = report_of(records);
        let bens = report.identities.iter().position(|identity| identity.name == "ben").expect("ben is seen") as u32;
        let session = report.sessions.iter().find(|session| session.identity == bens && session.events == 1).expect("one call");
        session.reasons.iter().map(|reason| reason.group.clone()).collect::<Vec<_>>()
    };
    assert!(groups_of_ben(&[]).iter().any(|group| group == "region"));
    assert!(groups_of_ben(&["cho", "dee", "eli", "fay"]).iter().all(|group| group != "region"));
}

#[test]
fn order_of_files_and_number_of_workers_do_not_show() {
    let files: Vec<(String, Vec<Value>)> =
        month().chunks(37).enumerate().map(|(n, part)| (format!("{n:02}.json"), part.to_vec())).collect();
    let one = analyze([loader_of(&files)], &Options::default());
    let mut backwards = files.clone();
    backwards.reverse();
    let three: Vec<Loader> = backwards.chunks(5).map(loader_of).collect();
    let other = analyze(three, &Options::default());
    assert!(one.1 == other.1, "the report differs");
    assert!(one.2 == other.2, "the events differ");
}

#[test]
fn a_table_handed_over_in_pieces_and_a_look_before_the_end_do_not_show() {
    let files: Vec<(String, Vec<Value>)> =
        month().chunks(150).enumerate().map(|(n, part)| (format!("{n:02}.json"), part.to_vec())).collect();
    let one = analyze([loader_of(&files)], &Options::default());

    let mut analyzer = Analyzer::new(Geo::empty(), "");
    assert!(analyzer.provisional(&Options::default(), 3).is_none(), "nothing is known yet");
    let mut loader = Loader::new(Limits::default());
    let mut pieces = Vec::new();
    for (name, records) in &files {
        let text = json!({ "Records": records }).to_string().into_bytes();
        let events = loader.add_file_watched(name, Cursor::new(text), &mut |_, _| true, 40, &mut |pack| pieces.push(pack));
        assert_eq!(events, records.len() as u64);
    }
    pieces.push(loader.pack());
    assert!(pieces.len() > files.len());
    analyzer.expect(1000);
    // The first piece is of a file whose reading broke off: it comes again, whole.
    let broken_off = &pieces[0];
    analyzer.merge(broken_off).expect("packed just now");
    analyzer.forget(&files[0].0, 0);
    for piece in &pieces {
        analyzer.merge(piece).expect("packed just now");
        let look = analyzer.provisional(&Options::default(), 3).expect("there are events");
        assert!(look.sessions.len() <= 3 && look.summary.events > 0);
    }
    let report = analyzer.report(&Options::default()).expect("there are events");
    let json = report_json(&report);
    let at = json.bytes().zip(one.1.bytes()).position(|(a, b)| a != b);
    assert!(json == one.1, "the report differs: {:?}", at.map(|at| (&json[at.saturating_sub(200)..at + 50], &one.1[at.saturating_sub(200)..at + 50])));
    assert!(events_csv(analyzer.scored_events()) == one.2, "the events differ");
    assert!(analyzer.merge(&pieces[0][..pieces[0].len() - 1]).is_err(), "a piece cut off is refused");
}

#[test]
fn then_is_not_changed_by_what_comes_later() {
    let options = Options { mode: Mode::Then, ..Options::default() };
    let past: Vec<Value> = month().into_iter().take(20 * 24 - 96).collect();
    let order = |report: &Report| -> Vec<(i64, Vec<(String, String)>)> {
        let mut list: Vec<_> = report
            .sessions
            .iter()
            .filter(|s| s.span.to < (START + 16 * DAY) * 1000)
            .map(|s| (s.span.from, s.reasons.iter().map(|r| (r.group.clone(), format!("{:.1}", r.bits))).collect()))
            .collect();
        list.sort();
        list
    };
    let alone = analyze([loader_of(&[("a".into(), past.clone())])], &options).0;
    let mut future = month();
    // The same future in another order, under other names.
    future[20 * 24 - 96..].reverse();
    let with = analyze([loader_of(&[("a".into(), past), ("b".into(), future[20 * 24 - 96..].to_vec())])], &options).0;
    assert_eq!(order(&alone).len(), order(&with).len());
}

#[test]
fn the_same_event_counts_once() {
    let mut twice = month();
    twice.extend(month());
    let report = report_of(twice);
    assert_eq!(report.import.duplicates, month().len() as u64);
    assert_eq!(report.summary.events, month().len() as u64);
}

#[test]
fn one_person_by_saml_by_iam_and_through_a_role_is_one_identity() {
    let saml = json!({"type": "SAMLUser", "principalId": "x:ana@example.com", "userName": "ana@example.com"});
    let records = vec![
        record(1, 0, saml, "sts.amazonaws.com", "AssumeRoleWithSAML", "203.0.113.7", FIREFOX,
            json!({"responseElements": {"credentials": {"accessKeyId": "ASIAONE"}}})),
        record(2, 60, role("Okta-Dev", "ana@example.com", "ASIAONE"), "s3.amazonaws.com", "ListBuckets", "203.0.113.7", FIREFOX, json!({})),
        record(3, 120, role("Okta-Dev", "ana@example.com", "ASIAONE"), "sts.amazonaws.com", "AssumeRole", "203.0.113.7", CLI,
            json!({"requestParameters": {"roleArn": "arn:aws:iam::210987654321:role/deploy", "roleSessionName": "x"},
                   "responseElements": {"credentials": {"accessKeyId": "ASIATWO"}}})),
        record(4, 180, role("deploy", "x", "ASIATWO"), "s3.amazonaws.com", "ListBuckets", "203.0.113.7", CLI, json!({})),
        record(5, 240, iam("ana"), "s3.amazonaws.com", "ListBuckets", "203.0.113.7", CLI, json!({})),
    ];
    assert_eq!(names(&report_of(records)), [("ana".to_owned(), "human by SAML".to_owned())]);
}

#[test]
fn a_saml_subject_that_is_another_number_with_every_login_is_the_person_of_its_session() {
    let login = |id: u32, subject: &str, session: &str| {
        let saml = json!({"type": "SAMLUser", "principalId": format!("x:{subject}"), "userName": subject});
        record(id, i64::from(id) * 60, saml, "sts.amazonaws.com", "AssumeRoleWithSAML", "203.0.113.7", FIREFOX,
            json!({"requestParameters": {"roleArn": "arn:aws:iam::123456789012:role/Dev", "roleSessionName": session},
                   "responseElements": {"credentials": {"accessKeyId": format!("ASIA{id}")}}}))
    };
    let calls = |id: u32, session: &str, key: &str| record(id, i64::from(id) * 60, role("Dev", session, key), "s3.amazonaws.com", "ListBuckets", "203.0.113.7", FIREFOX, json!({}));
    let ana = [("ana".to_owned(), "human by SAML".to_owned())];
    let subjects = ["_21a0af19fe84355ed8720bca1fc536bd", "_aa0f94cfa2aebcc7ddbc171c97b6841e"];
    for session in ["ana@example.com", "ana"] {
        let records = vec![login(1, subjects[0], session), calls(2, session, "ASIA1"), login(3, subjects[1], session), calls(4, session, "ASIA3")];
        assert_eq!(names(&report_of(records)), ana, "{session}");
    }
    // A number that is kept, for a name with a domain; and a name that is one.
    assert_eq!(names(&report_of(vec![login(1, "e12345", "ana@example.com"), calls(2, "ana@example.com", "ASIA1")])), ana);
    assert_eq!(names(&report_of(vec![login(1, "ana@example.com", "e12345"), calls(2, "e12345", "ASIA1")])), ana);
    assert_eq!(names(&report_of(vec![login(1, "ana", "console"), calls(2, "console", "ASIA1")])), ana);
}

#[test]
fn identity_center_before_and_after_july_2025_is_one_person() {
    let old = json!({"type": "Unknown", "accountId": "123456789012", "principalId": "123456789012", "userName": "ana@example.com"});
    let new = json!({"type": "IdentityCenterUser", "accountId": "123456789012", "credentialId": "c1", "onBehalfOf": {"userId": "u-1", "identityStoreArn": "arn:aws:identitystore::123456789012:identitystore/d-1"}});
    let sign_in = |id: u32, at: i64, who: Value, name: &str| {
        record(id, at, who, "signin.amazonaws.com", "UserAuthentication", "203.0.113.7", FIREFOX,
            json!({"eventType": "AwsServiceEvent", "serviceEventDetails": {"UserAuthentication": "Success"},
                   "additionalEventData": {"AuthWorkflowID": format!("w{id}"), "UserName": name, "CredentialType": "PASSWORD,TOTP", "LoginTo": "https://acme.awsapps.com/start"}}))
    };
    let records = vec![
        sign_in(1, 0, old, "ana@example.com"),
        sign_in(2, DAY, new.clone(), "ana@example.com"),
        record(3, DAY + 60, new, "sso.amazonaws.com", "Federate", "203.0.113.7", FIREFOX, json!({"serviceEventDetails": {"account_id": "123456789012", "role_name": "Admin"}})),
    ];
    let report = report_of(records);
    assert_eq!(names(&report), [("ana".to_owned(), "human by SSO".to_owned())]);
    assert_eq!(report.summary.logins, 3);
    assert!(report.sessions.iter().all(|s| &*s.mfa == "yes"));
}

#[test]
fn a_user_of_identity_center_keeps_their_own_devices() {
    let ana = json!({"type": "IdentityCenterUser", "accountId": "123456789012", "credentialId": "c1", "onBehalfOf": {"userId": "u-1", "identityStoreArn": "arn:aws:identitystore::123456789012:identitystore/d-1"}});
    let registered = |address: &str| {
        let mut records = month();
        for day in 0..20 {
            records.push(record(8000 + day as u32, day * DAY + 100, ana.clone(), "signin.amazonaws.com", "UserAuthentication", "203.0.113.30", FIREFOX,
                json!({"eventType": "AwsServiceEvent", "serviceEventDetails": {"UserAuthentication": "Success"}, "additionalEventData": {"AuthWorkflowID": format!("w{day}"), "CredentialType": "PASSWORD,TOTP"}})));
        }
        records.push(record(9000, 18 * DAY + 30_000, ana.clone(), "sso-directory.amazonaws.com", "CompleteVirtualMfaDeviceRegistration", address, FIREFOX, json!({"readOnly": false})));
        let report = report_of(records);
        (bits_of(&report, 18 * DAY + 30_000, "deeds"), bits_of(&report, 18 * DAY + 30_000, "client"))
    };
    let (home, elsewhere) = (registered("203.0.113.30"), registered("198.51.100.9"));
    assert!(home.0 < 0.75 * elsewhere.0 && home.0 > 0.0, "deeds: {home:?} {elsewhere:?}");
    // Without a login in sight they still came by SSO.
    assert_eq!(home.1, 0.0);
}

#[test]
fn another_client_and_unusual_calls_say_less_at_home() {
    // Ben's other computer, and his first new user, at his desk and elsewhere.
    let one = |address: &str, agent: &str, source: &str, call: &str, group: &str| {
        let mut records = month();
        records.push(record(9000, 18 * DAY + 30_000, iam("ben"), source, call, address, agent, json!({})));
        bits_of(&report_of(records), 18 * DAY + 30_000, group)
    };
    const OTHER: &str = "aws-cli/2.9.1 Python/3.9.11 Windows/10 exe/AMD64";
    for (agent, source, call, group) in [(OTHER, "s3.amazonaws.com", "ListBuckets", "client"), (CLI, "iam.amazonaws.com", "CreateUser", "deeds")] {
        let (home, elsewhere) = (one("203.0.113.8", agent, source, call, group), one("198.51.100.9", agent, source, call, group));
        assert!(home > 0.0 && home < 0.95 * elsewhere, "{group}: {home} {elsewhere}");
    }
}

#[test]
fn mfa_no_on_a_login_by_sso_says_nothing() {
    let records = vec![record(1, 0, role("AWSReservedSSO_Admin_1", "ana@example.com", "ASIAONE"), "signin.amazonaws.com", "ConsoleLogin", "203.0.113.7", FIREFOX,
        json!({"responseElements": {"ConsoleLogin": "Success"}, "additionalEventData": {"MFAUsed": "No"}}))];
    let report = report_of(records);
    assert_eq!(&*report.sessions[0].mfa, "");
    assert_eq!(&*report.sessions[0].method, "SSO");
}

#[test]
fn mfa_is_missed_where_this_way_in_has_it() {
    // Ana signs in with MFA all month, and once without. Ben's command line never has it, and his logins do.
    let mut records = month();
    records.truncate(records.len() - 5);
    let mut number = 9000;
    let mut login = |day: i64, who: usize, mfa: &str| {
        number += 1;
        let (name, address) = (["ana", "ben"][who], ["203.0.113.7", "203.0.113.8"][who]);
        let said = json!({"responseElements": {"ConsoleLogin": "Success"}, "additionalEventData": {"MFAUsed": mfa}});
        records.push(record(number, day * DAY + 20_000, iam(name), "signin.amazonaws.com", "ConsoleLogin", address, FIREFOX, said));
    };
    (0..19).for_each(|day| login(day, 0, if day == 15 { "No" } else { "Yes" }));
    (0..19).for_each(|day| login(day, 1, "Yes"));
    let mut token = |day: i64| {
        let mut ben = iam("ben");
        ben["accessKeyId"] = json!(format!("ASIAben{day}"));
        ben["sessionContext"] = json!({"attributes": {"creationDate": time(day * DAY + 30_000), "mfaAuthenticated": "false"}});
        records.push(record(9500 + day as u32, day * DAY + 30_000, ben, "s3.amazonaws.com", "ListBuckets", "203.0.113.8", CLI, json!({})));
    };
    (0..19).for_each(&mut token);
    let report = report_of(records);
    let proof = |seconds: i64| {
        let session = report.sessions.iter().find(|s| s.span.from == (START + seconds) * 1000).expect("it is there");
        session.reasons.iter().find(|reason| reason.group == "proof").map_or(0.0, |reason| reason.bits)
    };
    let (missed, never) = (proof(15 * DAY + 20_000), proof(15 * DAY + 30_000));
    assert!(missed > 3.0 && never < 1.0, "{missed} and {never}");
}

#[test]
fn the_shell_behind_the_console_is_no_place_and_the_consoles_own_calls_no_client() {
    let shell = "aws-cli/2.27.50 md/awscrt#0.26.1 ua/2.1 os/linux#6.1.134 md/arch#x86_64 lang/python#3.9.21 exec-env/CloudShell cfg/retry-mode#standard";
    let plain = "aws-sdk-java/1.12.750 Linux/5.10.234 OpenJDK_64-Bit_Server_VM/25.372-b08 java/1.8.0_372";
    let pages = "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.750 Linux/5.10.234 OpenJDK_64-Bit_Server_VM/25.372-b08 java/1.8.0_372]";
    // One more session of ana's, from Amazon's network or from her desk.
    let groups = |address: &str, agent: &str| {
        let mut records = month();
        records.truncate(records.len() - 5);
        records.push(record(9000, 15 * DAY + 900, iam("ana"), "s3.amazonaws.com", "ListBuckets", address, agent, json!({})));
        let geo = Geo::from_bytes(include_bytes!("../data/geo/geo.bin")).expect("the table in the repository");
        let (report, ..) = analyze_with(geo, [loader_of(&[("a.json".into(), records)])], &Options::default());
        let session = report.sessions.iter().find(|s| s.span.from == (START + 15 * DAY + 900) * 1000 && s.events == 1).expect("one call").clone();
        session.reasons.iter().map(|reason| reason.group.clone()).collect::<Vec<_>>()
    };
    let elsewhere = groups("52.60.132.174", plain);
    assert!(elsewhere.contains(&"place".into()) && elsewhere.contains(&"client".into()), "{elsewhere:?}");
    let behind = groups("52.60.132.174", shell);
    assert!(!behind.contains(&"place".into()) && !behind.contains(&"travel".into()), "{behind:?}");
    // Whoever says so from another network is believed nothing.
    assert!(groups("45.155.205.233", shell).contains(&"place".into()));
    assert!(!groups("203.0.113.7", pages).contains(&"client".into()));
    assert!(groups("203.0.113.7", plain).contains(&"client".into()));
}

#[test]
fn root_without_mfa_is_named_whatever_the_statistics_say() {
    let root = json!({"type": "Root", "accountId": "123456789012", "principalId": "123456789012", "arn": "arn:aws:iam::123456789012:root"});
    for (said, named) in [("No", true), ("YES", false)] {
        let records = vec![record(1, 0, root.clone(), "signin.amazonaws.com", "ConsoleLogin", "203.0.113.7", FIREFOX,
            json!({"responseElements": {"ConsoleLogin": "Success"}, "additionalEventData": {"MFAUsed": said}}))];
        let report = report_of(records);
        assert_eq!(report.sessions[0].labels.iter().any(|l| l.rule == "root without MFA"), named, "{said}");
        assert_eq!(report.sessions[0].alert, named, "{said}: it is an alert, or not");
        assert!(!report.calibration.promised, "one session promises nothing");
    }
}

#[test]
fn another_account_knows_a_user_by_its_principal_and_that_is_the_same_user() {
    let mut records = month();
    let visitor = json!({"type": "AWSAccount", "principalId": "AIDAana", "accountId": "123456789012"});
    records.push(record(9100, 10 * DAY + 500, visitor, "sts.amazonaws.com", "AssumeRole", "203.0.113.7", CLI, json!({"recipientAccountId": "210987654321"})));
    let stranger = json!({"type": "AWSAccount", "principalId": "AIDANOBODYKNOWS", "accountId": "555566667777"});
    records.push(record(9101, 10 * DAY + 600, stranger, "sts.amazonaws.com", "AssumeRole", "203.0.113.7", CLI, json!({"recipientAccountId": "210987654321"})));
    let report = report_of(records);
    let foreign: Vec<String> = names(&report).into_iter().filter(|(_, class)| class == "cross-account caller").map(|(name, _)| name).collect();
    assert_eq!(foreign, ["AIDANOBODYKNOWS of 555566667777"]);
}

#[test]
fn somebody_who_mistypes_at_home_is_not_guessed_at() {
    let failed = |number: u32, at: i64, address: &str| record(number, at, json!({"type": "IAMUser", "userName": "ana", "accountId": "123456789012", "principalId": "AIDAana"}),
        "signin.amazonaws.com", "ConsoleLogin", address, FIREFOX, json!({"responseElements": {"ConsoleLogin": "Failure"}, "errorMessage": "Failed authentication"}));
    let in_ = |number: u32, at: i64, address: &str| record(number, at, iam("ana"), "signin.amazonaws.com", "ConsoleLogin", address, FIREFOX,
        json!({"responseElements": {"ConsoleLogin": "Success"}}));
    let guessed = |failures: &[&str]| {
        let mut records = month();
        records.extend(failures.iter().enumerate().map(|(n, address)| failed(9200 + n as u32, 10 * DAY + 60_000 + n as i64 * 3600, address)));
        records.push(in_(9300, 10 * DAY + 75_000, "198.51.100.77"));
        let report = report_of(records);
        let session = report.sessions.iter().find(|s| &*s.address == "198.51.100.77").expect("it is there").clone();
        session.reasons.iter().find(|r| r.sentence.contains("failed at")).map_or_else(String::new, |r| r.sentence.clone())
    };
    assert_eq!(guessed(&["203.0.113.7", "203.0.113.7"]), "", "at home");
    // At her desk once, from everywhere else.
    let sentence = guessed(&["203.0.113.7", "192.0.2.1", "192.0.2.130", "198.51.100.201", "100.24.7.7"]);
    assert!(sentence.contains("failed at 4 other addresses, not usual for it"), "{sentence}");
}

/// Bits that the session beginning so many seconds after the start has of a group.
fn bits_of(report: &Report, seconds: i64, group: &str) -> f64 {
    let session = report.sessions.iter().find(|s| s.span.from == (START + seconds) * 1000).expect("it is there");
    session.reasons.iter().find(|reason| reason.group == group).map_or(0.0, |reason| reason.bits)
}

/// A month in which ana was where `place` says on each day, with `more`; with the table of networks.
fn month_at(place: &dyn Fn(i64) -> Option<String>, more: Vec<Value>) -> Report {
    let mut records = month();
    records.truncate(records.len() - 5);
    for (day, record) in records.iter_mut().enumerate().map(|(n, record)| (n as i64 / 24, record)) {
        if record["userIdentity"]["userName"] == "ana" {
            match place(day) {
                Some(address) => record["sourceIPAddress"] = json!(address),
                None => *record = json!({}),
            }
        }
    }
    records.retain(|record| record != &json!({}));
    records.extend(more);
    let geo = Geo::from_bytes(include_bytes!("../data/geo/geo.bin")).expect("the table in the repository");
    analyze_with(geo, [loader_of(&[("a.json".into(), records)])], &Options::default()).0
}

/// One more call of ana's.
fn call_of_ana(number: u32, seconds: i64, address: &str, agent: &str) -> Value {
    record(9000 + number, seconds, iam("ana"), "s3.amazonaws.com", "ListBuckets", address, agent, json!({}))
}

#[test]
fn networks_of_one_owner_are_one() {
    // Ana works through servers of a cloud, in its largest network; once in a smaller one of the same owner, or of another.
    let place = |address: &str| bits_of(&month_at(&|day| Some(format!("40.76.4.{day}")), vec![call_of_ana(1, 15 * DAY + 30_000, address, CLI)]), 15 * DAY + 30_000, "place");
    let [same, smaller, another] = ["40.76.9.1", "20.47.1.178", "34.1.1.1"].map(place);
    assert_eq!(same, smaller);
    assert!(another > same + 3.0, "{another} beside {same}");
}

#[test]
fn a_relay_has_no_country() {
    let at = 15 * DAY + 1200;
    for (address, travels) in [("104.28.124.76", false), ("91.198.174.192", true)] {
        let report = month_at(&|_| Some("87.122.1.1".into()), vec![call_of_ana(1, at, address, CLI)]);
        let session = report.sessions.iter().find(|s| s.span.from == (START + at) * 1000).expect("it is there");
        let said: Vec<&str> = session.reasons.iter().map(|reason| &*reason.sentence).collect();
        assert_eq!(said.iter().any(|sentence| sentence.contains("From ") && sentence.contains("usual: Germany")), travels, "{address}: {said:?}");
    }
}

#[test]
fn an_instance_that_was_nowhere_else_is_where_it_was_started() {
    let server = |number: u32, seconds: i64, instance: &str, address: &str| {
        let mut identity = role("game-server", instance, "ASIAserver");
        identity["sessionContext"] = json!({"ec2RoleDelivery": "2.0", "sessionIssuer": {"type": "Role", "userName": "game-server", "arn": "arn:aws:iam::123456789012:role/game-server"}});
        record(9000 + number, seconds, identity, "s3.amazonaws.com", "GetObject", address, "aws-sdk-go/1.55 (go1.22; linux; amd64)", json!({}))
    };
    // The first is in Frankfurt all month; on one day it, or another that was started that day, is in São Paulo.
    let place = |instance: &str| {
        let mut more: Vec<Value> = (0..20).map(|day| server(day as u32, day * DAY + 7000, "i-0123456789abcdef0", "18.184.10.1")).collect();
        more.push(server(100, 15 * DAY + 30_000, instance, "54.94.7.165"));
        bits_of(&month_at(&|_| Some("87.122.1.1".into()), more), 15 * DAY + 30_000, "place")
    };
    let (taken, started) = (place("i-0123456789abcdef0"), place("i-0fedcba9876543210"));
    assert!(started < 0.5 * taken, "{started} beside {taken}");
}

#[test]
fn a_machine_does_not_make_a_rented_server_its_home() {
    // A role is there for the first time on the fifteenth day and the three after it: on servers that are rented out, or on those of a cloud.
    let place = |address: &str| {
        let call = |day: i64| record(9000 + day as u32, day * DAY + 30_000, role("reports", "x", "ASIAreports"), "s3.amazonaws.com", "ListBuckets", address, CLI, json!({}));
        let report = month_at(&|_| Some("87.122.1.1".into()), (14..18).map(call).collect());
        [14, 15, 16, 17].map(|day| bits_of(&report, day * DAY + 30_000, "place"))
    };
    let (rented, cloud) = (place("149.28.9.120"), place("40.76.4.9"));
    assert!(rented.iter().all(|bits| *bits > 2.0) && cloud.iter().all(|bits| *bits < 1.0), "{rented:?} and {cloud:?}");
}

#[test]
fn another_client_says_less_where_ones_own_is_in_use_too() {
    // Ana's provider gives her another address every day. On one she has a new client, there, or at an address where nothing else of hers is.
    let at = 15 * DAY + 3000;
    let client = |address: &str| {
        let tool = "Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/linux#6.1.0 lang/python#3.13.7";
        bits_of(&month_at(&|day| Some(format!("87.122.{day}.9")), vec![call_of_ana(1, at, address, tool)]), at, "client")
    };
    let (there, elsewhere) = (client("87.122.15.9"), client("87.122.77.9"));
    assert!(elsewhere > 2.0 && there < 0.8 * elsewhere, "{there} beside {elsewhere}");
}

#[test]
fn a_new_telephone_says_less_on_a_network_of_ones_own() {
    // Ana's provider gives her another address every day, where she logs in with MFA; once she does without, there or on another network.
    let login = |number: u32, seconds: i64, address: &str, mfa: &str| {
        let said = json!({"responseElements": {"ConsoleLogin": "Success"}, "additionalEventData": {"MFAUsed": mfa}});
        record(9000 + number, seconds, iam("ana"), "signin.amazonaws.com", "ConsoleLogin", address, FIREFOX, said)
    };
    let at = 15 * DAY + 30_000;
    let proof = |address: &str| {
        let mut more: Vec<Value> = (0..19).filter(|day| *day != 15).map(|day| login(day as u32, day * DAY + 30_000, &format!("87.122.{day}.9"), "Yes")).collect();
        more.push(login(100, at, address, "No"));
        bits_of(&month_at(&|day| Some(format!("87.122.{day}.9")), more), at, "proof")
    };
    let (there, elsewhere) = (proof("87.122.77.9"), proof("80.56.93.141"));
    assert!(elsewhere > 2.0 && there < 0.7 * elsewhere, "{there} beside {elsewhere}");
}

#[test]
fn who_is_nowhere_else_for_days_is_on_a_journey() {
    // Wednesday to Friday in France, with nothing of hers at home meanwhile, or with her usual day at home too.
    let abroad = |day: i64| (9..12).contains(&day);
    let place = |at_home: bool| {
        let more: Vec<Value> = (9..12).map(|day| call_of_ana(day as u32, day * DAY + 14_000, "212.27.40.1", CLI)).collect();
        bits_of(&month_at(&|day| (at_home || !abroad(day)).then(|| "87.122.1.1".into()), more), 10 * DAY + 14_000, "place")
    };
    let (journey, intruder) = (place(false), place(true));
    assert!(intruder > 2.0 && journey < 0.7 * intruder, "{journey} beside {intruder}");
}

#[test]
fn where_all_are_guessed_at_it_says_little_of_one_who_comes_in() {
    // Logins of everybody fail at three addresses, those of the others on the day on which ana's do, or another week.
    let tries = |others: i64| {
        let failed = |number: u32, day: i64, who: &str, address: &str| {
            let identity = json!({"type": "IAMUser", "userName": who, "accountId": "123456789012", "principalId": format!("AIDA{who}")});
            record(number, day * DAY + 60_000 + i64::from(number % 7) * 600, identity, "signin.amazonaws.com", "ConsoleLogin", address, FIREFOX,
                json!({"responseElements": {"ConsoleLogin": "Failure"}, "errorMessage": "Failed authentication"}))
        };
        let mut records = month();
        records.truncate(records.len() - 5);
        for (n, who) in ["ana", "ben", "cho", "dee", "eli", "fay"].iter().enumerate() {
            let day = if n == 0 { 17 } else { others };
            records.extend(["192.0.2.1", "192.0.2.130", "198.51.100.201"].iter().enumerate().map(|(m, address)| failed(9200 + (n * 3 + m) as u32, day, who, address)));
        }
        records.push(record(9300, 17 * DAY + 75_000, iam("ana"), "signin.amazonaws.com", "ConsoleLogin", "198.51.100.77", FIREFOX, json!({"responseElements": {"ConsoleLogin": "Success"}})));
        bits_of(&report_of(records), 17 * DAY + 75_000, "tries")
    };
    let (all, one) = (tries(17), tries(5));
    assert!(one > 1.0 && all < 0.5 * one, "{all} beside {one}");
}

#[test]
fn who_mistypes_at_home_stands_out_less_than_who_comes_with_another_client() {
    let tries = |agent: &str| {
        let mut records = month();
        for (step, outcome) in ["Failure", "Failure", "Failure", "Failure", "Success"].into_iter().enumerate() {
            let at = 10 * DAY + 60_000 + step as i64 * 30;
            records.push(record(9200 + step as u32, at, iam("ana"), "signin.amazonaws.com", "ConsoleLogin", "203.0.113.7", agent, json!({"responseElements": {"ConsoleLogin": outcome}})));
        }
        bits_of(&report_of(records), 10 * DAY + 60_000, "tries")
    };
    let (own, another) = (tries(CLI), tries("Boto3/1.26.50 Python/3.11.2 Linux/6.1.0-kali9-amd64 Botocore/1.29.50"));
    assert!(another > 1.0 && own < 0.8 * another, "{own} beside {another}");
}

#[test]
fn a_night_that_five_work_says_little_of_each() {
    let night = 12 * DAY + 45_000;
    let time = |people: &[&str]| {
        let mut records = month();
        for (n, name) in people.iter().enumerate() {
            records.push(record(9500 + n as u32, night + n as i64 * 60, iam(name), "s3.amazonaws.com", "ListBuckets", &format!("203.0.113.{}", n + 7), CLI, json!({})));
        }
        bits_of(&report_of(records), night, "time")
    };
    // Each who is there makes the hour a little more usual for all; the fifth makes it a night of many.
    let [alone, four, five] = [1, 4, 5].map(|people| time(&["ana", "ben", "cho", "dee", "eli"][..people]));
    assert!(alone > 1.0 && five < 0.6 * four && four < alone, "{alone}, {four}, {five}");
}

/// Ana's month, with something more on some of its days, as seen then or in hindsight: whether each of those days' sessions gives a reason of that group.
fn strange_on(days: impl Iterator<Item = i64> + Clone, address: &str, agent: &str, mode: Mode, group: &str) -> Vec<bool> {
    let mut records = month();
    records.truncate(records.len() - 5); // without the theft
    for day in days.clone() {
        for call in 0..4 {
            let number = 9400 + (day * 10 + call) as u32;
            records.push(record(number, day * DAY + 20_000 + call * 60, iam("ana"), "s3.amazonaws.com", "ListBuckets", address, agent, json!({})));
        }
    }
    let (report, ..) = analyze([loader_of(&[("a.json".into(), records)])], &Options { mode, ..Options::default() });
    days.map(|day| {
        let at = (START + day * DAY + 20_000) * 1000;
        let session = report.sessions.iter().find(|s| s.span.from == at).expect("it is there");
        session.reasons.iter().any(|reason| reason.group == group)
    })
    .collect()
}

#[test]
fn a_new_laptop_is_strange_for_a_few_days_only() {
    let laptop = "aws-cli/2.31.12 md/awscrt#0.27.6 ua/2.1 os/macos#24.6.0 lang/python#3.13.7";
    let strange = strange_on(8..18, "203.0.113.7", laptop, Mode::Then, "client");
    assert!(strange[0], "the first day");
    assert!(strange[4..].iter().all(|s| !s), "then it is hers: {strange:?}");
}

#[test]
fn a_new_client_is_soon_usual_at_home_and_not_at_the_address_that_came_with_it() {
    let client = "Boto3/1.40.1 md/Botocore#1.40.1 ua/2.1 os/linux#6.1.0 lang/python#3.13.7";
    let strange = |address: &str| strange_on(10..14, address, client, Mode::Hindsight, "client").iter().filter(|s| **s).count();
    let (home, elsewhere) = (strange("203.0.113.7"), strange("198.51.100.9"));
    assert!(home <= 1 && elsewhere == 4, "{home} and {elsewhere} of four days");
}

#[test]
fn what_comes_back_another_week_is_a_habit_and_days_in_a_row_are_a_stay() {
    let strange = |days: &[i64]| strange_on(days.iter().copied(), "198.51.100.9", CLI, Mode::Hindsight, "place").iter().filter(|s| **s).count();
    let (weekly, in_a_row) = (strange(&[2, 9, 16]), strange(&[9, 10, 11]));
    assert_eq!(in_a_row, 3);
    assert!(weekly < in_a_row, "{weekly} of three weeks");
    // However long the row, and with a free day between two; after three free days it is another time.
    assert_eq!([&[9, 10, 11, 12, 13, 14][..], &[5, 7, 9, 11, 13]].map(strange), [6, 5]);
    assert!(strange(&[3, 5, 9, 11, 13]) < 5);
}

#[test]
fn an_intruder_who_comes_again_the_next_day_stays_strange() {
    let strange = strange_on(12..14, "198.51.100.9", CLI, Mode::Hindsight, "place");
    assert!(strange.iter().all(|s| *s), "{strange:?}");
}

#[test]
fn an_intruder_who_comes_for_days_stays_strange_then() {
    let strange = strange_on(12..16, "198.51.100.9", CLI, Mode::Then, "place");
    assert!(strange[..2].iter().all(|s| *s), "{strange:?}");
}

/// The month, and on four of its days somebody looks round from elsewhere, refused much: twice a day. Scores as seen then.
fn looks_round(who: &str) -> Vec<f64> {
    let mut records = month();
    records.truncate(records.len() - 5); // without the theft
    let mut times = Vec::new();
    for (day, hour) in (12..16).flat_map(|day| [(day, 8), (day, 11)]) {
        times.push(day * DAY + hour * 3600);
        for (n, call) in ["ListUsers", "ListRoles", "GetAccountSummary", "CreateUser", "CreateAccessKey", "AttachUserPolicy", "CreateRole", "ListAccessKeys"].iter().enumerate() {
            let number = 9000 + records.len() as u32;
            let refused = json!({"errorCode": "AccessDenied"});
            records.push(record(number, times[times.len() - 1] + n as i64 * 10, iam(who), "iam.amazonaws.com", call, "198.51.100.9", CLI, refused));
        }
    }
    let (report, ..) = analyze([loader_of(&[("a.json".into(), records)])], &Options { mode: Mode::Then, ..Options::default() });
    let score = |at: &i64| report.sessions.iter().find(|s| s.span.from == (START + at) * 1000).expect("it is there").score;
    times.iter().map(score).collect()
}

#[test]
fn somebody_new_who_is_there_openly_fades_and_a_taken_user_does_not() {
    // An announced tester: never seen before, and the same from the first session on.
    let tester = looks_round("zoe");
    assert!(tester[1] < 0.9 * tester[0], "the same again on the first day: {tester:?}");
    assert!(tester[2..].iter().all(|score| *score < 0.8 * tester[0]), "and on the days after: {tester:?}");
    // The same done with the key of somebody who is known for something else.
    let taken = looks_round("ana");
    assert!(taken[1] > 0.9 * taken[0] && taken[2] > 0.9 * taken[0], "{taken:?}");
    assert!(taken[1] > tester[1] && taken[2] > tester[2]);
}

#[test]
fn a_call_that_matters_weighs_more_with_who_never_had_to_do_with_its_service() {
    let mut records = month();
    records.truncate(records.len() - 5);
    let mut call = |at: i64, who: usize, name: &str| {
        let (user, address) = (["ana", "ben"][who], ["203.0.113.7", "203.0.113.8"][who]);
        records.push(record(9000 + records.len() as u32, at, iam(user), "iam.amazonaws.com", name, address, CLI, json!({})));
    };
    (2..10).for_each(|day| call(day * DAY + 300, 0, "CreateRole"));
    // The other of them lists as often.
    (2..10).for_each(|day| call(day * DAY + 1000, 1, "ListRoles"));
    (0..2).for_each(|who| call(15 * DAY + 300 + who as i64 * 700, who, "UpdateLoginProfile"));
    let report = report_of(records);
    let deeds = |seconds: i64| {
        let session = report.sessions.iter().find(|s| s.span.from <= (START + seconds) * 1000 && s.span.to >= (START + seconds) * 1000).expect("it is there");
        session.reasons.iter().find(|r| r.group == "deeds").map_or(0.0, |r| r.bits)
    };
    let (ana, ben) = (deeds(15 * DAY + 300), deeds(15 * DAY + 1000));
    assert!(ben > ana, "{ben} beside {ana}");
}

#[test]
fn for_whom_a_way_in_is_made_tells() {
    // Ana sets a colleague's password on most days of her month; on the last day that of `whom`, whom somebody made on the day `made`.
    let last = |whom: &str, made: Option<i64>, mode: Mode| {
        let mut records = month();
        records.truncate(records.len() - 5);
        let call = |number: u32, day: i64, who: &str, name: &str, whom: &str| {
            record(number, day * DAY + 20_000, iam(who), "iam.amazonaws.com", name, "203.0.113.7", CLI, json!({"requestParameters": {"userName": whom}, "readOnly": false}))
        };
        records.extend([1, 3, 4, 6, 8, 9, 11, 13, 15].map(|day| call(9000 + day as u32, day, "ana", "UpdateLoginProfile", ["ben", "cho"][day as usize % 2])));
        records.push(call(9100, 17, "ana", "UpdateLoginProfile", whom));
        records.extend(made.map(|day| call(9200, day, "ben", "CreateUser", whom)));
        let report = analyze([loader_of(&[("a.json".into(), records)])], &Options { mode, ..Options::default() }).0;
        let session = report.sessions.iter().find(|s| s.span.from == (START + 17 * DAY + 20_000) * 1000).expect("it is there");
        session.reasons.iter().find(|reason| reason.group == "deeds").map(|reason| (reason.bits, reason.sentence.clone()))
    };
    for (mode, nowhere) in [(Mode::Hindsight, "is seen nowhere else in these files"), (Mode::Then, "was not seen before in these files")] {
        assert_eq!(last("dee", None, mode), None, "a colleague acts");
        assert_eq!(last("old.user", Some(16), mode), None, "made the day before");
        let (bits, sentence) = last("old.user", None, mode).expect("a reason");
        assert!(bits > 2.0 && sentence == format!("iam:UpdateLoginProfile for user old.user, who {nowhere}."), "{bits} {sentence}");
    }
}

/// A request that opens something to an account: service, call and parameters.
type Form = dyn Fn(&str) -> (&'static str, &'static str, Value);

#[test]
fn whom_something_is_opened_to_tells() {
    // Ana shares snapshots on most days of her month, with an account of the house; the last with `whom`, in this `form`.
    let last = |whom: &str, form: &Form| {
        let mut records = month();
        records.truncate(records.len() - 5);
        records[0]["recipientAccountId"] = json!("210987654321");
        let share = |day: i64, whom: &str, form: &Form| {
            let (source, name, request) = form(whom);
            record(9000 + day as u32, day * DAY + 20_000, iam("ana"), source, name, "203.0.113.7", CLI, json!({"requestParameters": request}))
        };
        for day in [1, 3, 4, 6, 8, 9, 11, 13, 15] {
            let call = share(day, "210987654321", form);
            records.push(call);
        }
        records.push(share(17, whom, form));
        let report = report_of(records);
        let session = report.sessions.iter().find(|s| s.span.from == (START + 17 * DAY + 20_000) * 1000).expect("it is there").clone();
        let bits = session.reasons.iter().find(|reason| reason.group == "deeds").map_or(0.0, |reason| reason.bits);
        (bits, session.labels.iter().filter(|label| label.rule == "data shared outside").map(|label| label.sentence.clone()).collect::<Vec<_>>())
    };
    let snapshot = |whom: &str| {
        let item = if whom == "all" { json!({"group": "all"}) } else { json!({"userId": whom}) };
        ("ec2.amazonaws.com", "ModifySnapshotAttribute", json!({"snapshotId": "snap-1", "createVolumePermission": {"add": {"items": [item]}}}))
    };
    let trust = |whom: &str| {
        let policy = json!({"Statement": [{"Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{whom}:root")}, "Action": "sts:AssumeRole"}]});
        ("iam.amazonaws.com", "UpdateAssumeRolePolicy", json!({"roleName": "r", "policyDocument": policy.to_string()}))
    };
    let taken_back = |whom: &str| {
        ("ec2.amazonaws.com", "ModifySnapshotAttribute", json!({"snapshotId": "snap-1", "createVolumePermission": {"remove": {"items": [{"userId": whom}]}}}))
    };
    let forms: [&Form; 2] = [&snapshot, &trust];
    for (form, call) in forms.into_iter().zip(["ec2:ModifySnapshotAttribute", "iam:UpdateAssumeRolePolicy"]) {
        assert_eq!(last("123456789012", form), (0.0, vec![]));
        let (bits, labels) = last("999988887777", form);
        assert!(bits > 5.0, "{bits}");
        assert_eq!(labels, [format!("{call} opened something to account 999988887777, which is none of these files'.")]);
    }
    assert_eq!(last("all", &snapshot).1, ["ec2:ModifySnapshotAttribute opened something to everybody."]);
    assert_eq!(last("999988887777", &taken_back), (0.0, vec![]));
}

#[test]
fn what_somebody_known_did_on_some_days_in_a_row_stays_new_on_each() {
    // Ana shares a snapshot on three days of her month, from her own desk; or every third day of it.
    let deeds = |days: &[i64]| {
        let mut records = month();
        records.truncate(records.len() - 5);
        for day in days {
            let call = record(9000 + *day as u32, day * DAY + 20_000, iam("ana"), "ec2.amazonaws.com", "ModifySnapshotAttribute", "203.0.113.7", CLI, json!({}));
            records.push(call);
        }
        let report = report_of(records);
        let bits = |day: &i64| {
            let session = report.sessions.iter().find(|s| s.span.from == (START + day * DAY + 20_000) * 1000).expect("it is there");
            session.reasons.iter().find(|reason| reason.group == "deeds").map_or(0.0, |reason| reason.bits)
        };
        days.iter().map(bits).collect::<Vec<f64>>()
    };
    let (spell, duty) = (deeds(&[11, 12, 14]), deeds(&[1, 4, 7, 11, 14, 17]));
    assert!(spell.iter().all(|bits| *bits > 4.0), "{spell:?}");
    assert!(duty.iter().all(|bits| *bits < 2.0), "{duty:?}");
}

#[test]
fn a_spray_is_seen_from_the_user_and_from_the_address() {
    let mut records = month();
    for (n, name) in ["ana", "ben", "cho", "dee", "eli"].iter().enumerate() {
        let who = json!({"type": "IAMUser", "userName": name, "accountId": "123456789012", "principalId": name});
        records.push(record(9000 + n as u32, 10 * DAY + 60_000 + n as i64 * 30, who, "signin.amazonaws.com", "ConsoleLogin", "192.0.2.66", FIREFOX,
            json!({"responseElements": {"ConsoleLogin": "Failure"}, "errorMessage": "Failed authentication"})));
    }
    let report = report_of(records);
    let spray: Vec<_> = report.sessions.iter().filter(|s| &*s.address == "192.0.2.66").collect();
    assert_eq!(spray.len(), 5);
    for session in spray {
        assert_eq!(&*session.method, "failed login");
        assert!(session.labels.iter().any(|l| l.rule == "password spray"));
    }
}

#[test]
fn a_pause_of_thirty_minutes_closes_a_session() {
    // 30 minutes exactly keep it open, one second more opens the next.
    let at = [0, 1800, 3601];
    let records = at.iter().enumerate().map(|(n, s)| record(n as u32 + 1, *s, iam("ana"), "s3.amazonaws.com", "ListBuckets", "203.0.113.7", CLI, json!({}))).collect();
    let report = report_of(records);
    let mut sizes: Vec<u32> = report.sessions.iter().map(|s| s.events).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 2]);
}

#[test]
fn what_never_pauses_is_a_session_a_day() {
    let at = (0..3 * 96).map(|quarter| quarter * 900);
    let records = at.enumerate().map(|(n, s)| record(n as u32 + 1, s, iam("ana"), "s3.amazonaws.com", "ListBuckets", "203.0.113.7", CLI, json!({}))).collect();
    let report = report_of(records);
    assert_eq!(report.sessions.iter().map(|s| s.events).collect::<Vec<_>>(), [96, 96, 96]);
}

#[test]
fn nothing_readable_is_an_error_that_says_why() {
    let mut loader = Loader::new(Limits::default());
    loader.add_file("x.json", Cursor::new(b"{\"eventName\": \"X\", \"eventSource\": \"s3.amazonaws.com\", \"eventTime\": \"2024-13-01\"}".to_vec()));
    let mut analyzer = Analyzer::new(Geo::empty(), "");
    analyzer.take(loader);
    let error = analyzer.report(&Options::default()).expect_err("no event").to_string();
    assert!(error.contains("eventTime is not a date") && error.contains("2024-13-01"), "{error}");
}

#[test]
fn a_table_cut_off_is_refused() {
    let packed = loader_of(&[("a.json".into(), month())]).pack();
    for end in (0..packed.len()).step_by(97) {
        let mut analyzer = Analyzer::new(Geo::empty(), "");
        assert!(analyzer.merge(&packed[..end]).is_err(), "cut at {end}");
    }
}

/// A zip of members, stored.
fn zip_of(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("a name");
        zip.write_all(bytes).expect("into memory");
    }
    zip.finish().expect("into memory").into_inner()
}

#[test]
fn an_archive_read_in_parts_gives_the_report_of_the_whole() {
    let mut members: Vec<(String, Vec<u8>)> = month()
        .chunks(13)
        .enumerate()
        .map(|(n, part)| (format!("AWSLogs/{n:03}.json"), json!({ "Records": part }).to_string().into_bytes()))
        .collect();
    members[3].1.truncate(300);
    members.insert(9, ("readme.txt".into(), b"hello, nothing here".to_vec()));
    members.insert(20, ("page.html".into(), b"<!DOCTYPE html><html><body>Not found</body></html>".to_vec()));
    members.insert(22, ("more.zip".into(), zip_of(&[("inner.json".into(), json!({"Records": [{"eventVersion": "1.08"}]}).to_string().into_bytes())])));
    let archive = zip_of(&members);
    let whole = analyze([loader_with(&archive, &[(0, 1)])], &Options::default());
    for of in [2, 3, 7, 32] {
        let (mut first, mut second): (Vec<u32>, Vec<u32>) = (0..of).partition(|part| part % 3 == 1);
        first.reverse();
        second.rotate_left(1);
        let with = |parts: Vec<u32>| loader_with(&archive, &parts.into_iter().map(|part| (part, of)).collect::<Vec<_>>());
        let parts = analyze([with(second), with(first)], &Options::default());
        assert!(parts.1 == whole.1, "the report differs in {of} parts");
        assert!(parts.2 == whole.2, "the events differ in {of} parts");
    }
    assert!(whole.0.import.bad_records > 0 && !whole.0.import.skipped.is_empty(), "there was something to lose");
}

fn loader_with(archive: &[u8], parts: &[(u32, u32)]) -> Loader {
    let mut loader = Loader::new(Limits::default());
    for part in parts {
        loader.add_part("trail.zip", *part, Cursor::new(archive));
    }
    loader
}

#[test]
fn what_is_no_archive_is_read_once_whatever_the_part() {
    let text = json!({ "Records": month() }).to_string().into_bytes();
    let read = |parts: &[(u32, u32)]| {
        let mut loader = Loader::new(Limits::default());
        parts.iter().for_each(|part| loader.add_part("trail.json", *part, Cursor::new(&text[..])));
        analyze([loader], &Options::default())
    };
    assert!(read(&[(0, 3), (1, 3), (2, 3)]).1 == read(&[(0, 1)]).1);
}

#[test]
fn a_gzip_read_in_halves_gives_the_report_of_the_whole() {
    use std::io::Write;
    let gzip = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).expect("into memory");
        encoder.finish().expect("into memory")
    };
    let records = month();
    let text = json!({ "Records": records }).to_string();
    let lines: Vec<String> = records.iter().map(serde_json::Value::to_string).collect();
    let plain = gzip(&text);
    let cut_off = plain[..plain.len() - plain.len() / 8].to_vec();
    // What is skipped in the first half is counted by whoever reads everything.
    let mixed = gzip(&format!("{{\"some\":1}}\n{}", lines.join("\n")));
    let bad = gzip(&text.replacen("\"eventTime\"", "\"eventTame\"", 9));
    let members = [gzip(&lines[..9].join("\n")), gzip("\n"), gzip(&lines[9..].join("\n"))].concat();
    for (name, file) in [("plain", &plain), ("cut off", &cut_off), ("mixed", &mixed), ("bad", &bad), ("members", &members)] {
        let whole = analyze([loader_with(file, &[(0, 1)])], &Options::default());
        for (first, second) in [(0, 1), (1, 0)] {
            let halves = analyze([loader_with(file, &[(first, 2)]), loader_with(file, &[(second, 2)])], &Options::default());
            assert!(halves.1 == whole.1, "{name}: the report differs");
            assert!(halves.2 == whole.2, "{name}: the events differ");
        }
        let events = loader_with(file, &[(0, 2)]).events();
        let cut = events < whole.0.summary.events as usize;
        assert!(cut || !["plain", "bad"].contains(&name), "{name}: {events} events in the first half");
        assert!(!cut || name != "mixed", "{name}: {events} events in the first half");
    }
}
