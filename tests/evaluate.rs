//! Labels against scores: the figures of an independent script, hostile labels, and clusters.
//!
//! `tests/data/evaluate` holds made-up labels and results, and what the script said of them: ties, pauses of 1800 and 1801
//! seconds, events without a score, events scored twice, cells in quotes, incidents without a name.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use oddtrail::{Analyzer, Evaluation, Geo, Labels, Limits, Loader, Options, evaluate, evaluation_text, events_csv, read_labels, read_scores};

const LABELS: &str = include_str!("data/evaluate/labels.csv");
const RESULTS: &str = include_str!("data/evaluate/results.csv");
const HEADER: &str = "eventID,label,scenario,incident,principal,time,ip,ua";

fn labels(text: &str) -> Labels {
    read_labels("labels.csv", text.as_bytes()).expect("labels")
}

fn results(text: &str) -> Vec<(String, f64, bool)> {
    read_scores("results.csv", text.as_bytes()).expect("scores")
}

/// The script's first three lines, from our figures.
fn lines(e: &Evaluation) -> String {
    let some = |value: Option<f64>| value.expect("there are attacks");
    format!(
        "sessions {} attack {} missing-events {} duplicated {}\nauc {:.4} ap {:.4} recall@0.3%fpr {:.3} recall@0.1%fpr {:.3}\n\
         accuracy {:.4} fpr {:.4} precision {:.3} recall {:.3} incidents {}/{}\n",
        e.sessions,
        e.malicious,
        e.missing,
        e.duplicated,
        some(e.auc),
        some(e.average_precision),
        some(e.recall_at_003),
        some(e.recall_at_001),
        e.accuracy,
        some(e.false_positive_rate),
        e.precision,
        some(e.recall),
        e.caught,
        e.incidents
    )
}

fn first_three(printed: &str) -> String {
    printed.lines().take(3).map(|line| format!("{line}\n")).collect()
}

#[test]
fn figures_are_those_of_the_script() {
    let figures = evaluate(&labels(LABELS), results(RESULTS));
    assert_eq!(lines(&figures), first_three(include_str!("data/evaluate/expected.txt")));
    assert_eq!(figures.unlabelled, 0);
    let malicious: u64 = figures.scenarios.iter().filter(|s| s.malicious).map(|s| s.sessions).sum();
    let all: u64 = figures.scenarios.iter().map(|s| s.sessions).sum();
    assert_eq!((malicious, all), (figures.malicious, figures.sessions));
    let caught: u64 = figures.scenarios.iter().map(|s| s.alerts).sum();
    assert_eq!(caught, figures.alerts);
}

/// Runs where the labelled organisation and the script are at hand.
#[test]
fn figures_are_those_of_the_script_on_an_organisation() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let (archive, truth) = (shared.join("data/org/org-a.zip"), shared.join("data/org/org-a.labels.csv.gz"));
    let (Ok(archive), Ok(truth)) = (File::open(archive), std::fs::read(truth)) else { return };
    let mut loader = Loader::new(Limits::default());
    loader.add_file("org-a.zip", archive);
    let mut analyzer = Analyzer::new(Geo::from_bytes(include_bytes!("../data/geo/geo.bin")).expect("the built-in table"), "");
    analyzer.take(loader);
    analyzer.report(&Options::default()).expect("there are events");
    let known = read_labels("org-a.labels.csv.gz", &truth).expect("labels");
    let figures = evaluate(&known, analyzer.scored_events());
    assert_eq!((figures.missing, figures.duplicated, known.bad), (0, 0, 0));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (plain, scored) = (folder.join("org-a.labels.csv"), folder.join("org-a.results.csv"));
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&truth[..]), &mut text).expect("gzip");
    std::fs::write(&plain, text).expect("a folder of ours");
    std::fs::write(&scored, events_csv(analyzer.scored_events())).expect("a folder of ours");
    let Ok(said) = Command::new("python3").arg(shared.join("score.py")).args([&plain, &scored]).output() else { return };
    assert_eq!(lines(&figures), first_three(&String::from_utf8_lossy(&said.stdout)));
}

#[test]
fn a_bad_line_costs_itself() {
    let text = format!(
        "{HEADER}\n\
         e1,0,benign,,ana,2025-03-03T08:00:00Z,203.0.113.7,c\n\
         e2,1,key\n\
         e3,yes,key,i,ana,2025-03-03T08:00:00Z,203.0.113.7,c\n\
         e4,1,key,i,ana,yesterday,203.0.113.7,c\n\
         ,1,key,i,ana,2025-03-03T08:00:00Z,203.0.113.7,c\n\
         e6,1,\"key, \"\"old\"\"\",i,ana,2025-03-03T09:00:00Z,203.0.113.7,c\n"
    );
    let read = labels(&text);
    let events: Vec<&str> = read.events.iter().map(|l| &*l.event).collect();
    assert_eq!(events, ["e1", "e6"]);
    assert_eq!(&*read.events[1].scenario, "key, \"old\"");
    let bad: Vec<(u64, &str)> = read.first_bad.iter().map(|bad| (bad.line, bad.reason.as_str())).collect();
    assert_eq!(
        bad,
        [
            (3, "expected 8 cells, found 3"),
            (4, "label is not 0 or 1: \"yes\""),
            (5, "time is not a date: \"yesterday\""),
            (6, "eventID is empty"),
        ]
    );
    assert_eq!(read.bad, 4);
}

#[test]
fn what_is_no_file_of_labels_is_told_so() {
    let refused = |bytes: &[u8]| read_labels("labels.csv", bytes).expect_err("no labels").0;
    assert!(refused(b"").starts_with("labels.csv: it is empty; expected a header with eventID, label"));
    assert_eq!(refused(HEADER.as_bytes()), "labels.csv: there is a header and no line");
    assert_eq!(refused(b"eventID,label,time\n"), "labels.csv: no column scenario, incident, principal, ip, ua; found \"eventID,label,time\"");
    assert!(refused(&[0xff, 0xfe, 0, 1, 2, b'\n', 7]).contains("no column eventID"));
    let one = refused(format!("{HEADER}\ne,2,s,i,p,2025-03-03T08:00:00Z,a,c\n").as_bytes());
    assert_eq!(one, "labels.csv: no line can be used; line 2: label is not 0 or 1: \"2\"");
    assert!(refused(&[0x1f, 0x8b, 8, 0, 0]).contains("the gzip is broken"));
    // Columns in another order, others between, a byte order mark, CR LF: all fine.
    let text = "\u{feff}ua,ip,time,note,principal,incident,scenario,label,eventID\r\nc,a,2025-03-03T08:00:00Z,n,p,i,s,1,e\r\n";
    assert_eq!(&*labels(text).events[0].event, "e");
}

#[test]
fn nothing_to_find_has_no_recall() {
    let text = format!("{HEADER}\ne1,0,benign,,ana,2025-03-03T08:00:00Z,a,c\ne2,0,benign,,ben,2025-03-03T08:00:00Z,b,c\n");
    let figures = evaluate(&labels(&text), [("e1".to_owned(), 0.7, true), ("x".to_owned(), 0.1, false)]);
    assert_eq!((figures.auc, figures.average_precision, figures.recall, figures.recall_by_incident), (None, None, None, None));
    assert_eq!((figures.false_positive_rate, figures.missing, figures.unlabelled), (Some(0.5), 1, 1));
    assert!(evaluation_text(&[("then", &figures)]).contains("incidents caught"));
}

#[test]
fn delay_is_from_the_first_malicious_event_to_the_end_of_the_first_alerted_session() {
    // Malicious from 08:00; the session that is alerted lasts from 10:00 to 10:20: 140 minutes. Half of the incident's sessions.
    let text = format!(
        "{HEADER}\n\
         e1,1,key:slow,i,ana,2025-03-03T08:00:00Z,a,c\n\
         e2,1,key:slow,i,ana,2025-03-03T10:00:00Z,a,c\n\
         e3,0,benign,,ana,2025-03-03T10:20:00Z,a,c\n"
    );
    let figures = evaluate(&labels(&text), [("e1".into(), 0.1, false), ("e2".into(), 0.9, true), ("e3".into(), 0.9, true)]);
    assert_eq!(figures.median_delay, Some(140 * 60_000));
    assert_eq!((figures.recall_by_incident, figures.caught), (Some(0.5), 1));
    assert_eq!((figures.scenarios[0].name.as_str(), figures.scenarios[0].sessions), ("key", 2));
}

#[test]
fn the_interval_is_wider_where_false_alarms_come_from_one_principal() {
    // 20 principals with 50 sessions each, 10 false alarms: of one principal, or of ten.
    let mut text = format!("{HEADER}\n");
    let mut event = 0;
    for principal in 0..20 {
        for session in 0..50 {
            event += 1;
            text.push_str(&format!("e{event},0,benign,,p{principal},2025-03-{:02}T{:02}:00:00Z,a,c\n", 1 + session / 24, session % 24));
        }
    }
    let read = labels(&text);
    let width = |alerted: &dyn Fn(usize) -> bool| {
        let figures = evaluate(&read, (0..1000).map(|n| (format!("e{}", n + 1), 0.0, alerted(n))));
        assert_eq!(figures.false_positive_rate, Some(0.01));
        let (low, high) = figures.interval.expect("benign sessions");
        assert!(low < 0.01 && 0.01 < high);
        (high - low, figures.standard_error.expect("benign sessions"))
    };
    let (together, error) = width(&|n| n < 10);
    let (apart, _) = width(&|n| n % 100 == 0);
    assert!(together > 2.0 * apart);
    // One cluster has 10 − 0.5 too many, 19 have 0.5 too few: √((9.5² + 19 × 0.5²) × 20/19) ÷ 1000.
    assert!((error - ((90.25f64 + 4.75) * 20.0 / 19.0).sqrt() / 1000.0).abs() < 1e-12);
}

#[test]
fn scores_that_are_none_are_told_so() {
    let refused = |text: &str| read_scores("s.csv", text.as_bytes()).expect_err("no scores").0;
    assert_eq!(refused("id,score\na,1\n"), "s.csv: expected columns eventID and score, found \"id,score\"");
    assert_eq!(refused("eventID,score\na,0.5\nb,NaN\n"), "s.csv line 3: score is not a number: \"NaN\"");
    assert!(refused("eventID,score\na\n").starts_with("s.csv: "));
    let read = read_scores("s.csv", b"alert,score,eventID\nTrue,,a\n0,2,b\n").expect("scores");
    assert_eq!(read, [("a".to_owned(), 0.0, true), ("b".to_owned(), 2.0, false)]);
}
