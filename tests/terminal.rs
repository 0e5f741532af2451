//! The terminal on folders as they are: many files, links, what is gone or refused.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of its own, emptied.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

fn record(number: usize) -> String {
    format!(
        "{{\"Records\":[{{\"eventVersion\":\"1.08\",\"userIdentity\":{{\"type\":\"Root\",\"accountId\":\"123456789012\"}},\"eventTime\":\"2025-03-01T10:00:00Z\",\
         \"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"ListBuckets\",\"sourceIPAddress\":\"203.0.113.7\",\"eventID\":\"id-{number}\"}}]}}"
    )
}

/// Exit code, the report and what was said.
fn analyze(paths: &[&Path]) -> (Option<i32>, serde_json::Value, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oddtrail"));
    command.args(["analyze", "--json", "-"]).args(paths);
    let output = command.output().expect("the program runs");
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_folder_of_twenty_thousand_files_is_read_whole() {
    let folder = folder("many");
    for number in 0..20_000 {
        std::fs::write(folder.join(format!("{number}.json")), record(number)).expect("a file");
    }
    let (code, report, said) = analyze(&[&folder]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!((&report["import"]["files_read"], &report["import"]["events"]), (&20_000.into(), &20_000.into()));
    std::fs::remove_dir_all(&folder).expect("it was made above");
}

#[test]
fn what_is_gone_is_said_and_the_rest_is_read() {
    let folder = folder("gone");
    std::fs::write(folder.join("here.json"), record(1)).expect("a file");
    let (code, report, _) = analyze(&[&folder.join("here.json"), &folder.join("gone.json")]);
    let problem = &report["import"]["problems"][0];
    assert_eq!((code, &report["import"]["events"], &problem["file"]), (Some(0), &1.into(), &"gone.json".into()));
    assert!(problem["reason"].as_str().is_some_and(|r| r.contains("No such file")), "{problem}");
    let (code, _, said) = analyze(&[&folder.join("gone.json")]);
    assert!(code == Some(1) && said.contains("gone.json"), "{code:?} {said}");
}

/// A digest of the hour, which names log files of the day: key and hash of each.
fn digest(hour: u32, logs: &[(&str, &str)], previous: Option<&str>) -> String {
    let key = |hour: u32| format!("AWSLogs/123456789012/CloudTrail-Digest/eu-west-1/2025/03/01/123456789012_CloudTrail-Digest_eu-west-1_example_eu-west-1_20250301T{hour:02}0000Z.json.gz");
    let logs: Vec<serde_json::Value> = logs.iter().map(|(key, hash)| serde_json::json!({ "s3Bucket": "example", "s3Object": key, "hashValue": hash, "hashAlgorithm": "SHA-256" })).collect();
    serde_json::json!({
        "awsAccountId": "123456789012", "digestStartTime": format!("2025-03-01T{:02}:00:00Z", hour - 1), "digestEndTime": format!("2025-03-01T{hour:02}:00:00Z"),
        "digestS3Bucket": "example", "digestS3Object": key(hour), "previousDigestS3Object": previous.map(|_| key(hour - 1)), "previousDigestHashValue": previous,
        "previousDigestHashAlgorithm": "SHA-256", "logFiles": logs,
    })
    .to_string()
}

/// SHA-256 by another's hand.
fn sha256(path: &Path) -> String {
    let output = Command::new("sha256sum").arg(path).output().expect("coreutils are there");
    String::from_utf8_lossy(&output.stdout).chars().take(64).collect()
}

#[test]
fn log_files_are_set_against_digests() {
    let folder = folder("digests");
    let log = |letter: char| format!("123456789012_CloudTrail_eu-west-1_20250301T1000Z_{letter}.json.gz");
    let key = |letter: char| format!("AWSLogs/123456789012/CloudTrail/eu-west-1/2025/03/01/{}", log(letter));
    // a: as it was, and compressed as delivered; b: unpacked by somebody; c: changed; d: gone; e: in an archive; f: no digest names it.
    let mut hashes = std::collections::BTreeMap::new();
    for (number, letter) in ('a'..='f').enumerate() {
        let plain = folder.join("plain");
        std::fs::write(&plain, record(number)).expect("a file");
        hashes.insert(letter, sha256(&plain));
        std::fs::remove_file(&plain).expect("it was made above");
        let text = if letter == 'c' { record(99) } else { record(number) };
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut gzip, text.as_bytes()).expect("memory");
        let bytes = gzip.finish().expect("memory");
        match letter {
            'b' => std::fs::write(folder.join(log('b').trim_end_matches(".gz")), text).expect("a file"),
            'd' => {}
            'e' => {
                let mut zip = zip::ZipWriter::new(std::fs::File::create(folder.join("some.zip")).expect("a file"));
                zip.start_file(key('e'), zip::write::SimpleFileOptions::default()).expect("a member");
                std::io::Write::write_all(&mut zip, &bytes).expect("a member");
                zip.finish().expect("an archive");
            }
            _ => std::fs::write(folder.join(log(letter)), bytes).expect("a file"),
        }
    }
    let keys: Vec<String> = ('a'..='e').map(key).collect();
    let named: Vec<(&str, &str)> = keys.iter().zip(hashes.values()).map(|(key, hash)| (key.as_str(), hash.as_str())).collect();
    let upper = hashes[&'b'].to_uppercase();
    std::fs::write(folder.join("first.json"), digest(11, &[named[0], (named[1].0, &upper), named[2]], None)).expect("a file");
    let first = sha256(&folder.join("first.json"));
    std::fs::write(folder.join("second.json"), digest(12, &[named[3], named[4], (&key('a'), "no hash"), ("../../etc/passwd", "")], Some(&first))).expect("a file");
    std::fs::write(folder.join("later.json"), digest(15, &[], None)).expect("a file");
    let (code, report, said) = analyze(&[&folder]);
    let found = &report["import"]["integrity"];
    assert_eq!(code, Some(0), "{said}");
    let counts: Vec<u64> = ["digests", "named", "intact", "altered", "missing", "incomparable", "unnamed"].map(|name| found[name].as_u64().unwrap_or(99)).to_vec();
    // a, b and e are intact; c is altered; d and the odd key are missing; a is named once more without a hash.
    assert_eq!(counts, [3, 7, 3, 1, 2, 1, 1], "{found}");
    assert_eq!(found["altered_files"], serde_json::json!([format!("digests/{}", log('c'))]));
    assert_eq!(found["missing_files"], serde_json::json!(["../../etc/passwd", key('d')]));
    assert_eq!(found["unnamed_files"], serde_json::json!([format!("digests/{}", log('f'))]));
    assert_eq!(found["altered_digests"], serde_json::json!([]));
    assert_eq!(found["gaps"][0]["chain"], "123456789012_CloudTrail-Digest_eu-west-1_example_eu-west-1");
    assert_eq!((found["gaps"][0]["span"]["from"].as_i64(), found["gaps"][0]["span"]["to"].as_i64()), (Some(1_740_830_400_000), Some(1_740_837_600_000)));
    assert!(said.contains("3 digests name 7 log files: 3 are here as they were delivered, 1 was altered, 2 are missing, 1 is not compared. 1 log file is here"), "{said}");
    assert!(said.contains("signatures of the digests are not checked"), "{said}");
    // The first digest changed: the second says so.
    std::fs::write(folder.join("first.json"), digest(11, &[named[0]], None)).expect("a file");
    let (_, report, said) = analyze(&[&folder]);
    assert_eq!(report["import"]["integrity"]["altered_digests"].as_array().map(Vec::len), Some(1), "{said}");
    // Without digests nothing is said.
    let (_, report, said) = analyze(&[&folder.join(log('a'))]);
    assert!(report["import"]["integrity"].is_null() && !said.contains("digest"), "{said}");
}

#[cfg(unix)]
#[test]
fn links_and_refusals_are_said_and_the_rest_is_read() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("refused");
    std::fs::write(folder.join("here.json"), record(1)).expect("a file");
    std::fs::write(folder.join("secret.json"), record(2)).expect("a file");
    std::fs::set_permissions(folder.join("secret.json"), std::fs::Permissions::from_mode(0o000)).expect("it is ours");
    symlink(&folder, folder.join("round")).expect("a link");
    let (code, report, said) = analyze(&[&folder]);
    assert_eq!(code, Some(0), "{said}");
    let problems: Vec<String> = report["import"]["problems"].as_array().expect("a list").iter().map(|p| format!("{}: {}", p["file"], p["reason"])).collect();
    assert!(problems.iter().any(|p| p.contains("refused/round") && p.contains("a link inside a folder")), "{problems:?}");
    // Whoever may read everything is refused nothing.
    let refused = std::fs::File::open(folder.join("secret.json")).is_err();
    assert_eq!(problems.iter().any(|p| p.contains("secret.json") && p.contains("ermission denied")), refused, "{problems:?}");
    assert_eq!(report["import"]["events"], if refused { 1 } else { 2 });
}

#[test]
fn limits_are_arguments() {
    let folder = folder("limits");
    std::fs::write(folder.join("a.json"), record(1)).expect("a file");
    let path = folder.to_string_lossy().into_owned();
    let run = |limit: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_oddtrail")).args(["analyze", &path, "--limit", limit]).output().expect("the program runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(run("records=1").0, Some(0));
    let (code, said) = run("record_bytes=20");
    assert!(code == Some(1) && said.contains("larger than 20 bytes"), "{said}");
    let (code, said) = run("record_byte=20");
    assert!(code == Some(2) && said.contains("there is no limit record_byte"), "{said}");
}

#[test]
fn standard_input_is_read_up_to_its_limit_and_what_is_beyond_is_said() {
    use std::io::Write;
    use std::process::Stdio;
    let all: String = (0..3).map(|number| record(number) + "\n").collect();
    let run = |limit: usize| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oddtrail"));
        command.args(["analyze", "-", "--quiet", "--json", "-", "--limit", &format!("standard_input={limit}")]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program runs");
        child.stdin.take().expect("it is piped").write_all(all.as_bytes()).expect("it is read");
        let output = child.wait_with_output().expect("it ends");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("a report")["import"].clone()
    };
    let whole = run(all.len());
    assert_eq!((&whole["events"], &whole["problems"]), (&3.into(), &serde_json::json!([])));
    let cut = run(record(0).len() * 2 + 2);
    let reason = cut["problems"][0]["reason"].as_str().unwrap_or_default();
    assert!(cut["events"] == 2 && reason.contains("the limit: the rest is not read"), "{cut}");
}
