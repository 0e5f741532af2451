//! Log files set against digest files: what is said of them, and what it does not depend on.

use std::io::Cursor;

use oddtrail::{Analyzer, Geo, Hashed, Integrity, Limits, Loader, Options, hash_part};
use sha2::{Digest, Sha256};

/// Names and bytes.
type Files = Vec<(String, Vec<u8>)>;

fn record(number: usize) -> Vec<u8> {
    format!(
        "{{\"Records\":[{{\"eventVersion\":\"1.08\",\"userIdentity\":{{\"type\":\"Root\",\"accountId\":\"123456789012\"}},\"eventTime\":\"2025-03-01T10:00:00Z\",\
         \"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"ListBuckets\",\"sourceIPAddress\":\"203.0.113.7\",\"eventID\":\"id-{number}\"}}]}}"
    )
    .into_bytes()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A log file's name: account, region, and the hour and minute of the day.
fn log(account: &str, region: &str, clock: &str) -> String {
    format!("{account}_CloudTrail_{region}_20250301T{clock}Z_example.json.gz")
}

/// A digest of an account and region, from hour to hour; `logs`: keys and hashes.
fn digest(account: &str, region: &str, (from, to): (u32, u32), logs: &[(String, String)]) -> serde_json::Value {
    let logs: Vec<serde_json::Value> = logs.iter().map(|(key, hash)| serde_json::json!({ "s3Object": key, "hashValue": hash, "hashAlgorithm": "SHA-256" })).collect();
    serde_json::json!({
        "digestS3Bucket": "example", "digestStartTime": format!("2025-03-01T{from:02}:00:00Z"), "digestEndTime": format!("2025-03-01T{to:02}:00:00Z"),
        "digestS3Object": format!("AWSLogs/{account}/CloudTrail-Digest/{region}/2025/03/01/{account}_CloudTrail-Digest_{region}_a_trail_eu-west-1_20250301T{to:02}0000Z.json.gz"),
        "logFiles": logs,
    })
}

/// What is said of files, read in their order by so many loaders. `hash`: a second look is taken.
fn said(files: &Files, loaders: usize, hash: bool) -> Option<Integrity> {
    let mut analyzer = Analyzer::new(Geo::empty(), "");
    for at in 0..loaders {
        let mut loader = Loader::new(Limits::default());
        files.iter().skip(at).step_by(loaders).for_each(|(name, bytes)| loader.add_file(name, Cursor::new(bytes.clone())));
        if at % 2 == 0 {
            analyzer.take(loader);
        } else {
            analyzer.merge(&loader.pack()).expect("it was just packed");
        }
    }
    if hash {
        let (holding, wanted) = analyzer.to_check();
        let mut hashed: Vec<Hashed> = Vec::new();
        for (name, bytes) in files.iter().filter(|(name, _)| holding.contains(name)) {
            hashed.extend(hash_part(name, (0, 1), Cursor::new(bytes.clone()), &Limits::default(), &wanted));
        }
        analyzer.set_hashed(hashed);
    }
    analyzer.report(&Options::default()).expect("there are events").import.integrity
}

/// Two digests; log files intact, altered, gone; one that none names.
fn usual() -> Files {
    let name = |minute: usize| log("123456789012", "eu-west-1", &format!("10{minute:02}"));
    let named = |minute: usize| (format!("AWSLogs/{}", name(minute)), sha256(&record(minute)));
    let mut files: Files = (0..20).map(|minute| (format!("logs/{}", name(minute)), record(minute))).collect();
    files[3].1 = record(99);
    files.push(("logs/first.json".into(), digest("123456789012", "eu-west-1", (10, 11), &(0..10).map(named).collect::<Vec<_>>()).to_string().into_bytes()));
    files.push(("logs/second.json".into(), digest("123456789012", "eu-west-1", (11, 12), &(10..21).filter(|n| *n != 19).map(named).collect::<Vec<_>>()).to_string().into_bytes()));
    files
}

#[test]
fn neither_the_order_of_files_nor_the_number_of_loaders_shows() {
    let mut files = usual();
    let once = said(&files, 1, true).expect("there are digests");
    // 10:03 was altered, 10:20 is gone, 10:19 is named by none; the other 18 of 20 are as they were.
    assert_eq!((once.digests, once.named, once.intact, once.altered, once.missing, once.incomparable, once.unnamed), (2, 20, 18, 1, 1, 0, 1), "{once:?}");
    for loaders in [2, 3, 7] {
        files.rotate_left(5);
        files.swap(0, 9);
        assert_eq!(said(&files, loaders, true).as_ref(), Some(&once), "{loaders} loaders");
    }
    // The same folder once more, as the page names its files: what is altered is named twice, all else is as it was.
    let copies: Files = files.iter().map(|(name, bytes)| (format!("{name} (2)"), bytes.clone())).collect();
    let twice = said(&[files.clone(), copies].concat(), 2, true).expect("there are digests");
    assert_eq!((twice.digests, twice.named, twice.intact, twice.altered, twice.missing, twice.unnamed), (2, 20, 18, 1, 1, 2), "{twice:?}");
    assert_eq!(twice.altered_files.len(), 2);
    // Not hashed: what is missing, and no more.
    let unhashed = said(&files, 2, false).expect("there are digests");
    assert_eq!((unhashed.compared, unhashed.intact, unhashed.altered, unhashed.missing, unhashed.incomparable), (false, 0, 0, 1, 19));
}

#[test]
fn a_log_file_is_named_by_no_digest_only_where_digests_cover_its_account_region_and_time() {
    let covered = |files: &[&str]| {
        let mut all: Files = files.iter().enumerate().map(|(n, name)| ((*name).to_owned(), record(n))).collect();
        // From 10 to 12 without a break, and from 14 to 15.
        for (n, hours) in [(10, 11), (11, 12), (14, 15)].into_iter().enumerate() {
            all.push((format!("{n}.json"), digest("123456789012", "eu-west-1", hours, &[]).to_string().into_bytes()));
        }
        said(&all, 1, true).expect("there are digests").unnamed_files
    };
    let of = |clock: &str| log("123456789012", "eu-west-1", clock);
    // Within; across the edge of two; in the last minutes, so that a later digest may name it; in the gap; before and after; another day.
    let named: Vec<String> = ["1000", "1058", "1145", "1146", "1159", "1230", "0959", "1400", "1505", "2359"].map(of).to_vec();
    let names: Vec<&str> = named.iter().map(String::as_str).collect();
    assert_eq!(covered(&names), [of("1000"), of("1058"), of("1145"), of("1400")]);
    let (other_account, other_region) = (log("210987654321", "eu-west-1", "1030"), log("123456789012", "us-east-1", "1030"));
    let odd = ["x_CloudTrail_", "123456789012_CloudTrail_eu-west-1_20250301T103Z_a.json", "123456789012_CloudTrail_eu-west-1_２０２５Z_a.json", "export.json"];
    assert_eq!(covered(&[&other_account, &other_region, odd[0], odd[1], odd[2], odd[3]]), [""; 0]);
}

#[test]
fn digests_without_keys_that_name_nothing_are_counted_and_no_more() {
    let mut files: Files = vec![(log("123456789012", "eu-west-1", "1030"), record(0))];
    for hour in 0..18 {
        let mut bare = digest("123456789012", "eu-west-1", (hour, hour + 1), &[]);
        bare.as_object_mut().expect("an object").remove("digestS3Object");
        // Hours that are far apart are no gap where no trail is known.
        if hour % 3 != 0 {
            files.push((format!("{hour}.json"), bare.to_string().into_bytes()));
        }
    }
    let found = said(&files, 1, true).expect("there are digests");
    assert_eq!(found.sentence, "12 digest files name no log files.");
    assert_eq!(found, Integrity { digests: 12, compared: true, sentence: found.sentence.clone(), ..Integrity::default() });
    files.truncate(2);
    assert_eq!(said(&files, 1, true).expect("there is one").sentence, "1 digest file names no log files.");
}

#[test]
fn what_cannot_be_opened_once_more_is_not_compared_and_what_breaks_off_was_altered() {
    let mut files = usual();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, &record(5)).expect("memory");
    let mut cut = gzip.finish().expect("memory");
    cut.truncate(cut.len() - 9);
    files[5].1 = cut;
    let found = said(&files, 1, true).expect("there are digests");
    assert_eq!((found.intact, found.altered, found.altered_files.len(), found.incomparable), (17, 2, 2, 0), "{found:?}");
    let mut analyzer = Analyzer::new(Geo::empty(), "");
    let mut loader = Loader::new(Limits::default());
    files.iter().for_each(|(name, bytes)| loader.add_file(name, Cursor::new(bytes.clone())));
    assert!(loader.digests());
    analyzer.take(loader);
    analyzer.set_hashed(Vec::new());
    let found = analyzer.report(&Options::default()).expect("there are events").import.integrity.expect("there are digests");
    assert_eq!((found.intact, found.altered, found.missing, found.incomparable), (0, 0, 1, 19), "{found:?}");
}
