//! Every test there is, counted: the last line is `N passed, N failed`.
//!
//! | step | counts as |
//! |---|---|
//! | `cargo test` for the core and for this program | each test |
//! | `cargo clippy` with warnings denied | one |
//! | `tsc` over the page's JSDoc types | one |
//! | `tests/web/*.test.mjs`: the module in node, the page in Chromium and Firefox | each test |
//!
//! The page is served under a path of some depth while it is tested, so a URL that is not relative fails.

use crate::serve::Site;
use crate::{dist, needs, places, process};
use std::fs;
use std::net::TcpListener;
use std::ops::AddAssign;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Count {
    passed: u64,
    failed: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// One kind of test; the error is a sentence, and counts as one failure.
type Step = fn() -> Result<Count, String>;

/// Runs all of them, the cheap ones first, and goes on after a failure.
pub fn run() -> Result<(), String> {
    let steps: [(&str, Step); 5] = [
        ("the core, natively", || cargo_test(&["test", "--locked", "--no-fail-fast"])),
        ("this program", || cargo_test(&["test", "--locked", "--no-fail-fast", "--package", "xtask", "--profile", "xtask"])),
        ("lints", lints),
        ("types of the page", types),
        ("the page", page),
    ];
    let mut all = Count::default();
    for (name, step) in steps {
        println!("\n== {name}");
        all += step().unwrap_or_else(|sentence| {
            println!("{sentence}");
            Count { passed: 0, failed: 1 }
        });
    }
    println!("\n{} passed, {} failed", all.passed, all.failed);
    if all.failed == 0 { Ok(()) } else { Err(String::new()) }
}

/// `cargo test`, with the counts of each of its programs.
fn cargo_test(arguments: &[&str]) -> Result<Count, String> {
    let mut count = Count::default();
    let mut cargo = process::cargo();
    cargo.args(arguments).current_dir(places::root());
    let well = process::lines(&mut cargo, "run cargo test", |line| {
        println!("{line}");
        if let Some(found) = test_result(line) {
            count += found;
        }
    })?;
    Ok(at_least_one_failed(count, well))
}

fn lints() -> Result<Count, String> {
    let mut cargo = process::cargo();
    cargo.args(["clippy", "--locked", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]).current_dir(places::root());
    process::run(&mut cargo, "pass the lints")?;
    Ok(one("no lint has anything to say"))
}

fn types() -> Result<Count, String> {
    let root = places::root();
    if !root.join("www").exists() {
        println!("there is no page yet");
        return Ok(Count::default());
    }
    needs::page_tools()?;
    crate::module::build()?;
    let mut tsc = Command::new("node");
    tsc.arg(root.join("node_modules/typescript/bin/tsc")).args(["--project", "tsconfig.json"]).current_dir(&root);
    process::run(&mut tsc, "check the types of the page")?;
    Ok(one("the types of the page agree"))
}

/// The finished page, and the report in both doors.
fn page() -> Result<Count, String> {
    let root = places::root();
    let files = test_files()?;
    if files.is_empty() {
        println!("there is no test of the page yet");
        return Ok(Count::default());
    }
    needs::browsers()?;
    dist::folder()?;
    dist::offline()?;
    dist::one_file()?;
    let mut cargo = process::cargo();
    // As the core's own tests made it: reports are the same however it is built.
    cargo.args(["build", "--locked", "--quiet", "--bin", "oddtrail"]).current_dir(&root);
    process::run(&mut cargo, "build the program for the terminal")?;

    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| format!("Could not serve the page to its tests: {error}."))?;
    let address = listener.local_addr().map_err(|error| format!("The server has no address: {error}."))?;
    let site = Site { folder: places::dist(), mount: "/some/path/".into() };
    let url = format!("http://{address}{}", site.mount);
    thread::spawn(move || site.serve(listener));

    let summary = places::target().join("web-tests.tap");
    let mut node = Command::new("node");
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=tap"])
        .arg(format!("--test-reporter-destination={}", summary.display()))
        .args(files)
        .current_dir(&root)
        .env("ODDTRAIL_DIST", places::dist())
        .env("ODDTRAIL_BIN", places::target().join("debug/oddtrail"))
        .env("ODDTRAIL_URL", url);
    let well = node.status().map_err(|error| format!("Could not run node: {error}."))?.success();
    let tap = fs::read_to_string(&summary).map_err(|error| format!("node left no summary: {error}."))?;
    Ok(at_least_one_failed(tap_result(&tap), well))
}

/// `tests/web/*.test.mjs`, in the order of their names.
fn test_files() -> Result<Vec<PathBuf>, String> {
    let folder = places::root().join("tests/web");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(|error| format!("Could not list tests/web: {error}."))?;
    let mut files: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(".test.mjs")).collect();
    files.sort();
    Ok(files)
}

/// The counts in a line such as `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
fn test_result(line: &str) -> Option<Count> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    Some(Count { passed: before(counts, " passed")?, failed: before(counts, " failed")? })
}

/// The counts at the end of what node's TAP reporter writes.
fn tap_result(tap: &str) -> Count {
    let last = |name: &str| tap.lines().rev().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok()).unwrap_or(0);
    Count { passed: last("# pass "), failed: last("# fail ") + last("# cancelled ") }
}

/// The number that stands before a word.
fn before(text: &str, word: &str) -> Option<u64> {
    text.split("; ").find_map(|part| part.trim().strip_suffix(word)?.parse().ok())
}

/// A program that ends badly without counting a failure, one that does not compile say, has failed all the same.
fn at_least_one_failed(mut count: Count, well: bool) -> Count {
    if !well && count.failed == 0 {
        count.failed = 1;
    }
    count
}

fn one(sentence: &str) -> Count {
    println!("{sentence}");
    Count { passed: 1, failed: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_cargo_test_is_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(test_result(line), Some(Count { passed: 12, failed: 3 }));
        assert_eq!(test_result("test result_of_a_test ... ok"), None);
    }

    #[test]
    fn a_summary_of_node_is_counted() {
        let tap = "ok 1 - a\n# tests 7\n# suites 0\n# pass 4\n# fail 1\n# cancelled 1\n# skipped 1\n# todo 0\n# duration_ms 1.5\n";
        assert_eq!(tap_result(tap), Count { passed: 4, failed: 2 });
    }

    #[test]
    fn ending_badly_is_a_failure() {
        assert_eq!(at_least_one_failed(Count::default(), false), Count { passed: 0, failed: 1 });
    }
}
