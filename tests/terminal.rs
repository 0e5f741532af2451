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
