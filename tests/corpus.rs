//! Replays what the fuzzer kept: `fuzz/corpus`, a folder for each family of `fuzz/checks.rs`.

#[path = "../fuzz/checks.rs"]
#[allow(unreachable_pub)] // the fuzzer reaches it from outside
mod checks;

fn replay(family: &str, check: fn(&[u8])) {
    let folder = format!("{}/fuzz/corpus/{family}", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(&folder).expect("the corpus is there").map(|e| e.expect("an entry").path()).collect();
    files.sort();
    assert!(files.len() > 5, "{folder}");
    for file in files {
        let bytes = std::fs::read(&file).expect("a file");
        // What fails is named by the panic's message and by this.
        let done = std::panic::catch_unwind(|| check(&bytes));
        assert!(done.is_ok(), "{}", file.display());
    }
}

#[test]
fn containers() {
    replay("containers", checks::containers);
}

#[test]
fn json() {
    replay("json", checks::json);
}

#[test]
fn csv() {
    replay("csv", checks::csv);
}

#[test]
fn identity() {
    replay("identity", checks::identity);
}

#[test]
fn report() {
    replay("report", checks::report);
}
