//! What is handed on: tables, tickets, pages. Whatever a log holds, it stays text.

use oddtrail::{
    Count, EventLine, Figure, IdentitySummary, Incident, KnownEntry, Reason, Report, RuleLabel, SessionSummary, Severity, Span, Summary, Zone,
    alert_markdown, alerts_csv, alerts_markdown, report_html, report_json, report_page,
};

/// 2025-03-22 03:12:09 UTC.
const TIME: i64 = 1_742_613_129_000;

fn berlin() -> Zone {
    Zone { name: "Europe/Berlin".into(), offsets: vec![(0, 60)] }
}

/// One alert and one ordinary session; `text` stands wherever a log's text may stand.
fn report(text: &str) -> Report {
    let t = || text.to_owned();
    let alert = SessionSummary {
        id: 0xaa,
        span: Span { from: TIME, to: TIME + 60_000 },
        score: 0.998,
        alert: true,
        severity: Severity::High,
        address: text.into(), country: text.into(), network: text.into(), network_kind: text.into(), client: text.into(), method: text.into(), mfa: text.into(), sentence: t(),
        events: 41,
        errors: 12,
        reasons: vec![Reason { group: t(), bits: 11.2, sentence: t(), seen: t(), usual: t() }],
        labels: vec![RuleLabel { rule: t(), technique: t(), severity: Severity::High, sentence: t() }],
        listed: vec![EventLine { time: TIME, call: t(), error: t(), target: t(), id: t(), region: t(), place: [0; 4] }; 20],
        came_of: vec![t()],
        nearest: Some(1),
        incident: Some(0),
        ..SessionSummary::default()
    };
    let ordinary = SessionSummary { address: text.into(), client: text.into(), known: Some(0), excused: true, sentence: t(), ..SessionSummary::default() };
    Report {
        summary: Summary { events: 1234, sessions: 2, identities: 1, alerts: 1, high: 1, excused: 1, span: Span { from: TIME, to: TIME }, ..Summary::default() },
        identities: vec![IdentitySummary { name: t(), class: t(), account: "123456789012".into(), usual: vec![Count { name: t(), count: 1 }], ..IdentitySummary::default() }],
        sessions: vec![alert, ordinary],
        incidents: vec![Incident { name: t(), severity: Severity::High, sessions: vec![0, 1], story: vec![t()], ..Incident::default() }],
        known: vec![KnownEntry { list: "scanners".into(), what: t(), note: t(), sessions: 1, excused: 1, ..KnownEntry::default() }],
        ..Report::default()
    }
}

/// Cells of a CSV with quotes and line ends inside (RFC 4180).
fn rows(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(!quoted && cell.is_empty() && row.is_empty(), "the last row ends");
    rows
}

#[test]
fn no_cell_of_the_alerts_is_a_formula() {
    for start in ["=", "+", "-", "@", "\t", "\r"] {
        let csv = alerts_csv(&report(&format!("{start}cmd|'/C calc'!A0,\"x\"\ny")), &Zone::default());
        let rows = rows(&csv);
        assert_eq!(rows.len(), 2, "a head and one alert");
        assert!(rows.iter().all(|row| row.len() == rows[0].len()));
        for cell in &rows[1] {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
        }
        assert!(rows[1].iter().any(|cell| cell.starts_with(&format!("'{start}cmd"))));
    }
}

#[test]
fn every_export_says_by_which_clock_its_times_are() {
    let report = report("ana");
    let csv = rows(&alerts_csv(&report, &berlin()));
    let from = csv[0].iter().position(|head| head == "from (Europe/Berlin)").expect("the clock stands in the head");
    assert_eq!(csv[1][from], "2025-03-22 04:12:09");
    assert!(alerts_csv(&report, &Zone::default()).starts_with("rank,session,score,severity,who,class,account,from (UTC),to (UTC),"));
    for (zone, time, clock) in [(Zone::default(), "2025-03-22 03:12:09", "UTC"), (berlin(), "2025-03-22 04:12:09", "Europe/Berlin")] {
        for text in [alert_markdown(&report, 0, &zone), alerts_markdown(&report, &zone), report_html(&report, &[], "", &zone)] {
            assert!(text.contains(time) && text.contains(clock), "{text}");
        }
    }
    assert!(alerts_markdown(&report, &berlin()).contains("hours named in sentences: UTC"));
    assert!(report_html(&report, &[], "", &berlin()).contains("hours named in sentences are UTC"));
}

#[test]
fn a_ticket_has_no_links_pictures_or_markup() {
    let text = alerts_markdown(&report("![x](https://evil.example/a) <img src=x> `code` *bold* @team www.evil.example\u{202e}\n# head"), &Zone::default());
    for wrong in ["![x]", "](", "<img", "`code`", "*bold*", "@team", "https://", "www.", "\u{202e}", "\n# head"] {
        assert!(!text.contains(wrong), "{wrong} is in {text}");
    }
    assert!(text.starts_with("# Odd logins in CloudTrail\n"));
    assert_eq!(text.matches("\n## High: ").count(), 1, "one alert");
    assert!(text.contains("41, 12 refused or failed") && text.contains("11.2 bits"));
    assert_eq!(alert_markdown(&report("ana"), 9, &Zone::default()), "");
}

#[test]
fn the_page_has_no_script_and_asks_for_nothing() {
    let evil = "</style><script>alert(1)</script><img src=x onerror=alert(1)>\" onload='x' &\u{202e}";
    let figure = Figure { title: evil.into(), how: evil.into(), says: evil.into(), svg: "<svg width=\"1\"></svg>".into(), narrow: true };
    for html in [report_html(&report(evil), &[figure.clone(), figure], "", &Zone::default()), report_page(&report(evil), &berlin()).expect("it draws")] {
        for wrong in ["<script", "<img", "\" onload", "\u{202e}", "<link", "<iframe", "src=\"", "url(", "@import"] {
            assert!(!html.contains(wrong), "{wrong}");
        }
        assert!(html.contains("default-src 'none'"));
        // The only address it names is the attribution's.
        let links: Vec<&str> = html.split("href=\"").skip(1).filter_map(|part| part.split('"').next()).filter(|link| !link.starts_with('#')).collect();
        assert_eq!(links, ["https://db-ip.com"]);
        for tag in ["section", "table", "figure", "details", "svg", "ol", "ul"] {
            assert_eq!(html.matches(&format!("<{tag}")).count(), html.matches(&format!("</{tag}>")).count(), "{tag}");
        }
    }
}

#[test]
fn the_page_shows_alerts_charts_and_what_was_excused() {
    let html = report_page(&report("ana"), &Zone::default()).expect("it draws");
    for wanted in ["Events over time", "Where sessions came from", "Detectors side by side", "Each alert", "Known to be good", "excused by ana", "Events 13 to 20"] {
        assert!(html.contains(wanted), "{wanted}");
    }
    assert_eq!(html.matches("<svg role=\"img\" aria-label=\"").count(), 5, "a picture that is read out for each chart");
    let nothing = report_page(&Report::default(), &Zone::default()).expect("it draws");
    assert!(nothing.contains("No session is above the threshold.") && !nothing.contains("Known to be good"));
}

#[test]
fn json_keeps_everything() {
    let report = report("ana");
    let back: Report = serde_json::from_str(&report_json(&report)).expect("its own form");
    assert_eq!(report_json(&back), report_json(&report));
    assert_eq!((back.sessions[1].known, back.sessions[1].excused, back.known[0].excused), (Some(0), true, 1));
}
