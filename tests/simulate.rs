//! Made-up organisations: the same every time, labelled whole, readable without a bad record.

use std::collections::{BTreeMap, BTreeSet};

use oddtrail::{AWS_NETWORKS, Analyzer, Geo, Limits, Loader, NETWORKS, Net, NetworkKind, Options, RUNNER_NETWORKS, Recipe, SCENARIOS, simulate};

const GEO: &[u8] = include_bytes!("../data/geo/geo.bin");

/// One line of labels.csv.
struct Label {
    id: String,
    attack: bool,
    scenario: String,
    incident: String,
    kind: String,
}

struct Made {
    files: BTreeMap<String, Vec<u8>>,
    labels: String,
}

fn make(recipe: &Recipe) -> Made {
    let (mut files, mut labels) = (BTreeMap::new(), String::new());
    for day in simulate(recipe).expect("a sound recipe") {
        for file in day.files {
            assert!(files.insert(file.name.clone(), file.bytes).is_none(), "{} came twice", file.name);
        }
        labels.push_str(&day.labels);
    }
    Made { files, labels }
}

fn labels(made: &Made) -> Vec<Label> {
    let one = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), 9, "{line}");
        Label { id: cells[0].into(), attack: cells[1] == "1", scenario: cells[2].into(), incident: cells[3].into(), kind: cells[5].into() }
    };
    made.labels.lines().map(one).collect()
}

fn records(made: &Made) -> Vec<serde_json::Value> {
    let mut all = Vec::new();
    for (name, bytes) in &made.files {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut text).expect("gzip of text");
        let file: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        all.extend(file["Records"].as_array().expect("an array of records").iter().cloned());
    }
    all
}

fn small(seed: u64) -> Recipe {
    Recipe { seed, people: 14, machines: 10, days: 6, ..Recipe::default() }
}

#[test]
fn the_same_recipe_gives_the_same_bytes_and_another_seed_others() {
    let (one, two, other) = (make(&small(7)), make(&small(7)), make(&small(8)));
    assert!(one.files == two.files && one.labels == two.labels);
    assert!(one.labels != other.labels);
}

#[test]
fn every_event_has_one_label_and_every_label_an_event() {
    for seed in [3, 4] {
        let made = make(&small(seed));
        let labels = labels(&made);
        let named: BTreeSet<&str> = labels.iter().map(|label| label.id.as_str()).collect();
        assert_eq!(named.len(), labels.len(), "an id is labelled twice");
        let records = records(&made);
        let found: BTreeSet<&str> = records.iter().map(|record| record["eventID"].as_str().expect("an id")).collect();
        assert_eq!(found.len(), records.len(), "an id is in the files twice");
        assert!(named == found);
        for label in &labels {
            assert_eq!(label.attack, !label.incident.is_empty());
            assert!(label.attack != (label.scenario.is_empty() || label.scenario.starts_with("benign:")));
            assert!(label.kind == "human" || label.kind == "machine");
        }
    }
}

#[test]
fn records_are_read_without_a_bad_one() {
    let made = make(&small(5));
    let mut loader = Loader::new(Limits::default());
    for (name, bytes) in &made.files {
        loader.add_file(name, std::io::Cursor::new(bytes.clone()));
    }
    let mut analyzer = Analyzer::new(Geo::from_bytes(GEO).expect("the table"), "built in");
    analyzer.take(loader);
    let report = analyzer.report(&Options::default()).expect("a report");
    assert_eq!(report.import.bad_records, 0);
    assert!(report.import.problems.is_empty() && report.import.skipped.is_empty());
    assert_eq!(report.summary.events, labels(&made).len() as u64);
}

#[test]
fn files_lie_where_cloudtrail_puts_them() {
    let made = make(&small(6));
    for name in made.files.keys() {
        let parts: Vec<&str> = name.split('/').collect();
        let ["AWSLogs", account, "CloudTrail", region, year, month, day, file] = parts[..] else { panic!("{name}") };
        assert!(account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()), "{name}");
        let start = format!("{account}_CloudTrail_{region}_{year}{month}{day}T");
        let rest = file.strip_prefix(&start).unwrap_or_else(|| panic!("{name}")).strip_suffix(".json.gz").expect("the ending");
        let (time, draw) = rest.split_once("Z_").expect("a time");
        assert!(time.len() == 4 && draw.len() == 16 && draw.bytes().all(|b| b.is_ascii_alphanumeric()), "{name}");
    }
}

#[test]
fn every_scenario_happens_loud_and_subtle() {
    for how in ["loud", "subtle"] {
        let names: Vec<String> = SCENARIOS.iter().map(|scenario| format!("{}:{how}", scenario.name)).collect();
        let mut missing: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        // Not every organisation has somebody for each; some have.
        for seed in 1..6 {
            let recipe = Recipe { seed, people: 30, machines: 12, days: 12, scenarios: names.join(","), ..Recipe::default() };
            let mut of_incident: BTreeMap<String, String> = BTreeMap::new();
            for label in labels(&make(&recipe)).into_iter().filter(|label| label.attack) {
                let first = of_incident.entry(label.incident).or_insert_with(|| label.scenario.clone());
                assert_eq!(*first, label.scenario, "an incident of two scenarios");
            }
            of_incident.values().for_each(|name| {
                missing.remove(name.as_str());
            });
            if missing.is_empty() {
                break;
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }
    for scenario in SCENARIOS {
        assert!(!scenario.techniques.is_empty() && scenario.techniques.iter().all(|id| id.starts_with('T')) && scenario.story.ends_with('.'));
    }
}

#[test]
fn all_may_be_loud_or_subtle() {
    for how in ["loud", "subtle"] {
        let made = make(&Recipe { scenarios: format!("all:{how}"), ..small(2) });
        let attacks: Vec<Label> = labels(&made).into_iter().filter(|label| label.attack).collect();
        assert!(!attacks.is_empty() && attacks.iter().all(|label| label.scenario.ends_with(how)));
    }
}

#[test]
fn ordinary_life_has_its_hard_cases_and_organisations_differ() {
    let (mut cases, mut makes) = (BTreeSet::new(), BTreeSet::new());
    for seed in 1..9 {
        let recipe = Recipe { seed, people: 40, machines: 8, days: 30, scenarios: "none".into(), ..Recipe::default() };
        let (mut people, mut kinds) = (BTreeSet::new(), BTreeSet::new());
        for day in simulate(&recipe).expect("a sound recipe") {
            for line in day.labels.lines() {
                let cells: Vec<&str> = line.split(',').collect();
                assert_eq!(cells[1], "0");
                if let Some(case) = cells[2].strip_prefix("benign:") {
                    cases.insert(case.to_owned());
                }
                if cells[5] == "human" {
                    people.insert(cells[4].to_owned());
                } else {
                    kinds.insert(cells[4].split('/').next().expect("a word").to_owned());
                }
            }
        }
        assert!(people.len() >= 30, "{} people of 40 show", people.len());
        makes.insert((people.first().cloned(), kinds));
    }
    let known = [
        "acquisition", "audit", "break-glass", "elsewhere", "hackathon", "hotels", "incident-night", "joiner", "mass-deployment", "mfa-trouble", "mistyped", "mobile", "moving-house",
        "new-browser", "new-laptop", "new-service", "night-duty", "office-move", "pentest", "returns", "role-change", "travel", "vacation", "vpn",
    ];
    let missing: Vec<&str> = known.into_iter().filter(|case| !cases.contains(*case)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(makes.len(), 8);
}

#[test]
fn the_terminal_writes_a_folder_once() {
    let out = std::env::temp_dir().join(format!("oddtrail-simulate-{}", std::process::id()));
    let run = |more: &[&str]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_oddtrail"));
        program.args(["simulate", "--people", "4", "--machines", "3", "--days", "2", "--start", "2025-07-13", "--out"]).arg(&out).args(more);
        program.output().expect("the program runs")
    };
    let first = run(&[]);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let recipe = Recipe { people: 4, machines: 3, days: 2, start: Some(20_282), ..Recipe::default() };
    let made = make(&recipe);
    let written = std::fs::read_to_string(out.join("labels.csv")).expect("labels");
    assert_eq!(written, format!("{}{}", oddtrail::LABELS_HEADER, made.labels));
    for (name, bytes) in &made.files {
        assert!(std::fs::read(out.join(name)).is_ok_and(|there| there == *bytes), "{name}");
    }
    let again = run(&[]);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("expected a new or empty folder"));
    assert_eq!(run(&["--scenario", "no-such"]).status.code(), Some(1));
    for wrong in [["--start", "2025-02-30"], ["--days", "-1"], ["--seed", "x"]] {
        assert_eq!(run(&wrong).status.code(), Some(2), "{wrong:?}");
    }
    std::fs::remove_dir_all(&out).expect("the folder goes");
}

#[test]
fn no_record_tells_what_it_is() {
    let made = make(&Recipe { people: 30, machines: 12, days: 14, ..Recipe::default() });
    for record in records(&made) {
        let text = record.to_string();
        for word in ["incident-", "benign:", ":loud", ":subtle", "password-spray", "stuffing", "backdoor-user"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }
}

#[test]
fn networks_are_what_the_table_says() {
    let geo = Geo::from_bytes(GEO).expect("the table");
    let mut asked = 0;
    let mut ask = |prefix: &str, country: Option<&str>, kinds: &[NetworkKind]| {
        let (base, bits) = prefix.split_once('/').expect("a length");
        let bits: u32 = bits.parse().expect("a number");
        for step in 1..8u32 {
            let ip = match base.parse().expect("an address") {
                std::net::IpAddr::V4(ip) => std::net::IpAddr::V4((ip.to_bits() + step * ((1 << (32 - bits)) / 8)).into()),
                std::net::IpAddr::V6(ip) => std::net::IpAddr::V6((ip.to_bits() | u128::from(step * 9973) << 64 | 1).into()),
            };
            let place = geo.look_up_ip(ip);
            assert!(country.is_none_or(|country| place.country == country.as_bytes()), "{ip} of {prefix} is in {:?}", place.country);
            assert!(kinds.contains(&place.network_kind), "{ip} of {prefix} is {:?}", place.network_kind);
            asked += 1;
        }
    };
    for &(country, net, prefixes) in NETWORKS {
        let kind = match net {
            Net::Isp | Net::Isp6 => NetworkKind::Isp,
            Net::Mobile | Net::Mobile6 => NetworkKind::Mobile,
            Net::Hosting => NetworkKind::Hosting,
            Net::Vpn => NetworkKind::Vpn,
            Net::Tor => NetworkKind::Tor,
        };
        prefixes.split(' ').for_each(|prefix| ask(prefix, Some(country), &[kind]));
    }
    for &(_, prefixes) in AWS_NETWORKS.iter().chain(RUNNER_NETWORKS) {
        prefixes.split(' ').for_each(|prefix| ask(prefix, None, &[NetworkKind::Cloud]));
    }
    assert!(asked > 2000);
}

#[test]
fn events_scale_to_about_what_is_asked_for() {
    for wanted in [6_000u64, 60_000] {
        let recipe = Recipe { events: Some(wanted), ..small(9) };
        let got: u64 = simulate(&recipe).expect("a sound recipe").map(|day| day.events).sum();
        assert!(got > wanted * 7 / 10 && got < wanted * 13 / 10, "{got} for {wanted}");
    }
}

#[test]
fn wrong_recipes_are_refused_with_what_was_expected() {
    let refused = |recipe: Recipe, word: &str| {
        let said = simulate(&recipe).err().unwrap_or_else(|| panic!("{word} was taken")).to_string();
        assert!(said.contains(word) && said.contains("expected"), "{said}");
    };
    refused(Recipe { people: 0, ..small(1) }, "people");
    refused(Recipe { people: u32::MAX, ..small(1) }, "people");
    refused(Recipe { machines: 5001, ..small(1) }, "machines");
    refused(Recipe { days: 0, ..small(1) }, "days");
    refused(Recipe { events: Some(u64::MAX), ..small(1) }, "events");
    refused(Recipe { start: Some(i64::MAX), ..small(1) }, "start");
    refused(Recipe { scenarios: "no-such".into(), ..small(1) }, "no-such");
    refused(Recipe { scenarios: "insider:quiet".into(), ..small(1) }, "quiet");
    refused(Recipe { scenarios: " , ,".into(), ..small(1) }, "scenario");
    refused(Recipe { scenarios: "all,insider".into(), ..small(1) }, "all");
    refused(Recipe { scenarios: "insider\u{0}\u{1b}[2J".into(), ..small(1) }, "scenario");
    // The smallest there is.
    let least = Recipe { people: 1, machines: 0, days: 1, scenarios: "all".into(), events: Some(0), ..small(u64::MAX) };
    assert!(simulate(&least).expect("a sound recipe").count() == 1);
}
