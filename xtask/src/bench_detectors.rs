//! Detectors natively and in Chromium against scikit-learn's, on the same matrix (100,000 × 24), one thread each, in the same run:
//! medians of rounds in which the three take turns, so that a busy moment of the machine hits all alike. And the whole of
//! scoring in Chromium, from events to explained alerts, on 4,000 logins a day for 30 days.

use crate::serve::Site;
use crate::{module, needs, places, process};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::process::Command;
use std::thread;

/// How often each takes its turn.
const ROUNDS: usize = 3;
/// What is compared, and at most how much of scikit-learn's time ours may take natively and in Chromium.
const COMPARED: [(&str, &str, f64, f64); 4] = [
    ("isolation forest", "isolation forest, 100 trees of 256, fit and score", 0.5, 1.0),
    ("pca", "PCA, fit and score", 1.5, f64::INFINITY),
    ("k-means", "K-Means, 5 clusters, 10 starts, fit and score", 1.5, f64::INFINITY),
    ("labels", "DBSCAN, labels of 10,000 rows", 1.0, f64::INFINITY),
];

/// Measures, prints a table, and fails where a bound is passed.
pub fn run() -> Result<(), String> {
    let python = needs::python()?;
    needs::browsers()?;
    needs::page_tools()?;
    let root = places::root();
    let folder = places::target().join("bench/detectors");
    fs::create_dir_all(&folder).map_err(|error| format!("Could not make {}: {error}.", folder.display()))?;
    let mut cargo = process::cargo();
    cargo.args(["build", "--locked", "--quiet", "--release", "--example", "detectors"]).current_dir(&root);
    process::run(&mut cargo, "build the detectors' benchmark")?;
    module::example("detectors_page", &folder)?;
    fs::write(folder.join("index.html"), "<!doctype html><title>bench</title>").map_err(|error| format!("Could not write the page: {error}."))?;

    fs::copy(root.join("data/geo/geo.bin"), folder.join("geo.bin")).map_err(|error| format!("Could not copy the table of networks: {error}."))?;
    fs::write(folder.join("logins.jsonl"), logins()).map_err(|error| format!("Could not write the logins: {error}."))?;

    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| format!("Could not serve the page: {error}."))?;
    let address = listener.local_addr().map_err(|error| format!("The server has no address: {error}."))?;
    let site = Site { folder: folder.clone(), mount: "/".into() };
    thread::spawn(move || site.serve(listener));

    // Of each way and name: seconds by round; and the other values, which are the same in every round.
    let mut seconds: BTreeMap<(&str, String), Vec<f64>> = BTreeMap::new();
    let mut values: BTreeMap<(&str, String), Value> = BTreeMap::new();
    for round in 1..=ROUNDS {
        println!("Round {round} of {ROUNDS}.");
        let mut native = Command::new(places::target().join("release/examples/detectors"));
        native.arg(&folder);
        let mut theirs = Command::new(&python);
        theirs.arg(root.join("xtask/bench_detectors.py")).arg(&folder);
        let mut page = Command::new("node");
        page.arg(root.join("xtask/bench_detectors.mjs")).arg(&folder).current_dir(&root).env("ODDTRAIL_URL", format!("http://{address}/"));
        for (way, command) in [("native", &mut native), ("scikit-learn", &mut theirs), ("Chromium", &mut page)] {
            for line in process::output(command, &format!("measure detectors ({way})"))?.lines() {
                let figures: Value = serde_json::from_str(line).map_err(|error| format!("{way} printed no figures: {error}."))?;
                let name = figures["name"].as_str().unwrap_or("").to_owned();
                if let (Some(fit), Some(score)) = (figures["fit"].as_f64(), figures["score"].as_f64()) {
                    seconds.entry((way, name.clone())).or_default().push(fit + score);
                }
                for key in ["value", "auc", "inertia", "same"] {
                    if !figures[key].is_null() {
                        values.insert((way, format!("{key} {name}")), figures[key].clone());
                    }
                }
            }
        }
    }
    let middle = |way: &'static str, name: &str| -> f64 {
        let mut runs = seconds.get(&(way, name.to_owned())).cloned().unwrap_or_default();
        runs.sort_by(f64::total_cmp);
        runs.get(runs.len() / 2).copied().unwrap_or(f64::NAN)
    };
    let value = |way: &'static str, name: &str| values.get(&(way, name.to_owned())).cloned().unwrap_or(Value::Null);
    let mut missed = Vec::new();
    println!("\n| detector | scikit-learn | native | ratio | Chromium | ratio |\n|---|---:|---:|---:|---:|---:|");
    for (name, what, native_most, page_most) in COMPARED {
        let (theirs, native, page) = (middle("scikit-learn", name), middle("native", name), middle("Chromium", name));
        println!("| {what} | {theirs:.2} s | {native:.2} s | {:.2} | {page:.2} s | {:.2} |", native / theirs, page / theirs);
        let measured = native.is_finite() && theirs.is_finite() && page.is_finite();
        if !measured || native / theirs > native_most || page / theirs > page_most {
            missed.push(format!("{name}: {:.2} natively (at most {native_most}), {:.2} in Chromium (at most {page_most})", native / theirs, page / theirs));
        }
    }
    println!("| DBSCAN as the report uses it, fit and score | | {:.2} s | | {:.2} s | |", middle("native", "dbscan"), middle("Chromium", "dbscan"));
    let sessions = value("Chromium", "value scoring");
    println!("\n{sessions} sessions (4,000 logins a day for 30 days) are scored and explained in Chromium in {:.2} s.", middle("Chromium", "scoring"));
    let (ours, theirs) = (value("scikit-learn", "value auc of isolation-forest"), value("scikit-learn", "auc isolation forest"));
    println!("AUC of the isolation forest: {ours} (scikit-learn's {theirs}).");
    let apart = ours.as_f64().zip(theirs.as_f64()).map_or(f64::INFINITY, |(ours, theirs)| (ours - theirs).abs());
    if apart > 0.01 {
        missed.push("the isolation forests' AUC differ by more than 0.01".into());
    }
    let (ours, theirs) = (value("native", "value inertia"), value("scikit-learn", "inertia k-means"));
    println!("Inertia of K-Means: {ours} (scikit-learn's {theirs}).");
    if value("scikit-learn", "value same labels") != true {
        missed.push("DBSCAN's labels are not scikit-learn's".into());
    }
    for (name, _, _, _) in &COMPARED[..3] {
        if value("Chromium", &format!("same {name}")) != true {
            missed.push(format!("{name}: the scores in Chromium are not the native ones"));
        }
    }
    if missed.is_empty() {
        println!("DBSCAN's labels are scikit-learn's. Scores in Chromium are the native ones, bit for bit.");
        Ok(())
    } else {
        Err(missed.join("\n"))
    }
}

/// 4,000 logins a day for 30 days, of 1,500 people, each followed by one to four calls: JSON lines.
fn logins() -> String {
    const AGENTS: [&str; 4] = [
        "aws-cli/2.15.39 Python/3.11.6 Linux/6.5.0 exe/x86_64",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36",
        "Boto3/1.34.50 md/Botocore#1.34.50 ua/2.0 os/linux#6.1.0 lang/python#3.11.2",
    ];
    const CALLS: [&str; 12] = [
        "ListBuckets", "GetObject", "DescribeInstances", "PutObject", "GetCallerIdentity", "ListUsers", "DescribeVolumes", "GetLogEvents",
        "StartQuery", "Decrypt", "Encrypt", "ListRoles",
    ];
    let noise = |place: u64, purpose: u64| -> u64 {
        let mut hash = place.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (purpose + 1).wrapping_mul(0xD1B5_4A32_D192_ED03);
        for _ in 0..3 {
            hash = (hash ^ (hash >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        }
        hash >> 16
    };
    let mut text = String::new();
    for login in 0..120_000u64 {
        let person = (noise(login, 0) % 1500).min(noise(login, 1) % 1500);
        let agent = AGENTS[(noise(person, 2) % 4) as usize];
        let from = person * 3 + noise(login, 3) % 3 + if noise(login, 4) % 50 == 0 { noise(login, 5) % 9000 } else { 0 };
        let address = format!("{}.{}.{}.{}", 80 + noise(from, 6) % 14, noise(from, 7) % 250, noise(from, 8) % 250, 1 + noise(from, 9) % 250);
        let start = login / 4000 * 86_400 + 6 * 3600 + noise(login, 10) % 43_200;
        for call in 0..2 + noise(login, 11) % 4 {
            let at = start + call * 30;
            let console = agent.starts_with("Mozilla") && call == 0;
            let name = if console { "ConsoleLogin" } else { CALLS[((noise(person, 12) + noise(login * 8 + call, 13) % 5) % 12) as usize] };
            let time = format!("2025-03-{:02}T{:02}:{:02}:{:02}Z", 1 + at / 86_400, at / 3600 % 24, at / 60 % 60, at % 60);
            let record = serde_json::json!({
                "eventVersion": "1.08", "eventTime": time, "eventName": name, "awsRegion": "eu-west-1", "sourceIPAddress": address,
                "eventSource": if console { "signin.amazonaws.com" } else { "s3.amazonaws.com" }, "userAgent": agent, "readOnly": true,
                "userIdentity": {"type": "IAMUser", "userName": format!("person{person}"), "accountId": "123456789012",
                    "arn": format!("arn:aws:iam::123456789012:user/person{person}"), "principalId": format!("AIDA{person}"), "accessKeyId": format!("AKIA{person}")},
                "responseElements": if console { serde_json::json!({"ConsoleLogin": "Success"}) } else { serde_json::Value::Null },
                "additionalEventData": if console { serde_json::json!({"MFAUsed": "Yes"}) } else { serde_json::Value::Null },
                "eventID": format!("00000000-0000-4000-8000-{:012x}", login * 8 + call), "recipientAccountId": "123456789012",
                "eventType": if console { "AwsConsoleSignIn" } else { "AwsApiCall" },
            });
            text.push_str(&record.to_string());
            text.push('\n');
        }
    }
    text
}
