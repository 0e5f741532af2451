//! The charts as SVG, over small made-up columns: what is drawn, not which pixels.

use oddtrail::{
    AlertMark, CHARTS, ChartData, CountryPlace, IdentitySummary, Journey, JourneyMark, PlaceMark, RankedLine, ReasonBar, Report, SessionBar,
    SessionSummary, Severity, Span, Style, Zone, as_table, chart_data, chart_says, dark_style, share_at_score, svg,
};

const HOUR: i64 = 3_600_000;
/// 2024-03-08 00:00 UTC, a Friday.
const START: i64 = 1_709_856_000_000;

fn draw(name: &str, data: &ChartData, style: Style) -> String {
    svg(name, data, &style).expect("it draws")
}

/// The texts of a drawing, in order.
fn texts(svg: &str) -> Vec<String> {
    svg.split("<text ").skip(1).filter_map(|part| Some(part.split_once('>')?.1.split_once("</text>")?.0.trim().to_owned())).collect()
}

/// How many shapes of a kind have a colour.
fn count(svg: &str, tag: &str, colour: &str) -> usize {
    svg.split(&format!("<{tag} ")).skip(1).filter(|part| part.split_once('>').is_some_and(|(head, _)| head.contains(colour))).count()
}

fn says(svg: &str, wanted: &[&str]) {
    let texts = texts(svg);
    for text in wanted {
        assert!(texts.iter().any(|found| found == text), "\"{text}\" is not among {texts:?}");
    }
}

fn berlin() -> Zone {
    Zone { name: "Europe/Berlin".into(), offsets: vec![(0, 60)] }
}

fn timeline() -> ChartData {
    ChartData {
        start: START,
        width: HOUR,
        series: ["AWS services", "machines", "people"].map(String::from).into(),
        counts: vec![vec![10; 48], vec![5; 48], (0..48).map(|hour| if hour % 24 == 9 { 80 } else { 0 }).collect()],
        alerts: vec![
            AlertMark { rank: 0, time: START + 9 * HOUR, severity: Severity::High, who: "ana".into() },
            AlertMark { rank: 3, time: START + 30 * HOUR, severity: Severity::Low, who: "ben".into() },
        ],
        ..ChartData::default()
    }
}

#[test]
fn timeline_has_its_classes_days_and_alerts() {
    let drawn = draw("timeline", &timeline(), Style::default());
    says(&drawn, &["people", "machines", "AWS services", "8 Mar", "9 Mar", "50"]);
    // The high alert is a square, the low one a dot.
    assert_eq!(count(&drawn, "rect", "#B3201A"), 1);
    assert_eq!(count(&drawn, "circle", "#766100"), 1);
    // 48 bars of services and of machines; people in two hours, and one swatch each.
    assert_eq!(count(&drawn, "rect", "#B5CDEB"), 49);
    assert_eq!(count(&drawn, "rect", "#1D4F91"), 3);
    assert_eq!(as_table("timeline", &timeline(), &Zone::default())[10], ["2024-03-08 09:00", "10", "5", "80", "1"]);
    assert_eq!(chart_says("timeline", &timeline()), "880 events, 2 alerts.");
}

#[test]
fn timeline_follows_the_readers_clock_and_span() {
    let style = Style { zone: berlin(), ..Style::default() };
    let drawn = draw("timeline", &timeline(), style);
    // The first hour is one o'clock in Berlin: no tick stands at the left edge.
    says(&drawn, &["9 Mar"]);
    assert!(!texts(&drawn).contains(&"8 Mar".to_owned()));
    let table = as_table("timeline", &timeline(), &berlin());
    assert_eq!((table[0][0].as_str(), table[1][0].as_str()), ("From (Europe/Berlin)", "2024-03-08 01:00"));
    // A chosen span of 24 hours leaves the other 24 pale.
    let brush = Some((START as f64, (START + 24 * HOUR) as f64));
    let drawn = draw("timeline", &timeline(), Style { brush, ..Style::default() });
    assert_eq!(count(&drawn, "rect", "opacity=\"0.3\" fill=\"#B5CDEB\""), 24);
}

#[test]
fn scores_say_the_budget_and_what_another_would_change() {
    let scores = (0..100).map(|n| n as f32 / 100.0).collect();
    let data = ChartData { scores, threshold: 0.9, budget: 0.003, ..ChartData::default() };
    // 0.90 to 0.99 are ten sessions, in five bins of two.
    let drawn = draw("scores", &data, Style::default());
    says(&drawn, &["budget 0.3 %", "10 alerts", "0.25", "0.75"]);
    assert_eq!(count(&drawn, "rect", "opacity=\"0.85\" fill=\"#B3201A\""), 5);
    let drawn = draw("scores", &data, Style { threshold: Some(0.5), ..Style::default() });
    // A score of one half is ten bits: one in 1,024, 0.0977 %.
    says(&drawn, &["budget 0.0977 %", "50 alerts, now 10"]);
    assert!((share_at_score(0.5) - 1.0 / 1024.0).abs() < 1e-12);
    assert!(share_at_score(0.0) == 1.0 && share_at_score(1.0) >= 0.0 && share_at_score(-3.0) == 1.0);
    assert_eq!(chart_says("scores", &data), "100 sessions, 10 alerts at or above 0.900, budget 0.3 %.");
}

#[test]
fn map_rings_what_stands_alone_and_turns_to_density() {
    let plane = |n: usize| ChartData {
        x: (0..n).map(|i| (i % 100) as f32).collect(),
        y: (0..n).map(|i| (i / 100) as f32).collect(),
        persona: (0..n).map(|i| (i % 2) as u8).collect(),
        noise: (0..n).map(|i| i < 3).collect(),
        personas: vec!["role, cloud".into(), "SSO, ISP".into()],
        alerts: vec![AlertMark { rank: 1, time: START, severity: Severity::Medium, who: "ana".into() }],
        ..ChartData::default()
    };
    let drawn = draw("map", &plane(300), Style { height: 300, ..Style::default() });
    says(&drawn, &["role, cloud", "SSO, ISP"]);
    // 150 sessions and the legend's dot for each persona; three rings, and one more around the alert.
    assert_eq!(count(&drawn, "circle", "#0072B2"), 151);
    assert_eq!(count(&drawn, "circle", "#009E73"), 151);
    assert_eq!(count(&drawn, "circle", "stroke=\"#555B63\""), 3);
    assert_eq!(count(&drawn, "polygon", "#A84A00"), 1);
    let dense = draw("map", &plane(6_000), Style { height: 300, ..Style::default() });
    assert_eq!(count(&dense, "circle", "#0072B2"), 0);
    assert!(texts(&dense).iter().any(|text| text.ends_with("sessions in a cell")), "{:?}", texts(&dense));
    assert_eq!(as_table("map", &plane(300), &Zone::default())[1], ["role, cloud", "150", "2", "0"]);
}

fn hours() -> ChartData {
    let mut hours = vec![0; 168];
    hours[9] = 4; // Monday 09:00
    hours[167] = 1; // Sunday 23:00
    let mut peer_hours = vec![0.0; 168];
    peer_hours[10] = 0.5;
    let bars = vec![SessionBar { rank: 7, from: START + 3 * HOUR, to: START + 4 * HOUR, row: 0, severity: Severity::High }];
    ChartData { who: "ana".into(), peers: "IAM user".into(), hours, peer_hours, weeks: 4, start: START, width: 48 * HOUR, bars, ..ChartData::default() }
}

#[test]
fn hours_show_identity_peers_and_alerts() {
    let drawn = draw("hours", &hours(), Style { height: 200, ..Style::default() });
    says(&drawn, &["Mon", "Sun", "00:00", "18:00"]);
    assert_eq!(count(&drawn, "rect", "#153A75"), 1); // four of at most four weeks
    assert_eq!(count(&drawn, "rect", "#8DB2DE"), 1); // one of four: the second of five steps
    assert_eq!(count(&drawn, "circle", "#555B63"), 1);
    assert_eq!(count(&drawn, "rect", "#B3201A"), 4); // four sides of a frame
    let table = as_table("hours", &hours(), &Zone::default());
    assert_eq!(table[1..], [["Mon 09:00", "4", "4", "0.0"], ["Mon 10:00", "0", "4", "50.0"], ["Sun 23:00", "1", "4", "0.0"]]);
    // An hour later in Berlin: Sunday's last hour is Monday's first. Half an hour more in India.
    assert_eq!(as_table("hours", &hours(), &berlin())[1][0], "Mon 00:00");
    let india = Zone { name: "Asia/Kolkata".into(), offsets: vec![(0, 330)] };
    assert_eq!(as_table("hours", &hours(), &india)[2][0], "Mon 14:30");
}

#[test]
fn strip_has_a_row_for_each_network() {
    let bar = |rank: u32, hour: i64, row: u32, severity: Severity| SessionBar { rank, from: START + hour * HOUR, to: START + hour * HOUR, row, severity };
    let data = ChartData {
        who: "ana".into(),
        rows: vec!["Deutsche Telekom".into(), "MTN Nigeria".into()],
        bars: vec![bar(5, 0, 0, Severity::None), bar(6, 24, 0, Severity::None), bar(0, 47, 1, Severity::High)],
        start: START,
        width: 48 * HOUR,
        ..ChartData::default()
    };
    for width in [380, 1200] {
        let drawn = draw("strip", &data, Style { width, height: 100, ..Style::default() });
        says(&drawn, &["Deutsche Telekom", "MTN Nigeria", "2", "1", "8 Mar", "9 Mar"]);
        assert_eq!((count(&drawn, "rect", "#4A80C4"), count(&drawn, "rect", "#B3201A")), (2, 1));
    }
    assert_eq!(as_table("strip", &data, &Zone::default())[3], ["2024-03-09 23:00:00", "2024-03-09 23:00:00", "MTN Nigeria", "high", "1"]);
}

#[test]
fn reasons_add_up() {
    let reason = |group: &str, bits: f64, seen: &str| ReasonBar { group: group.into(), bits, seen: seen.into(), sentence: format!("{group} is odd.") };
    let data = ChartData { reasons: vec![reason("place", 7.0, "Nigeria"), reason("proof", 3.0, "")], ..ChartData::default() };
    let drawn = draw("reasons", &data, Style::default());
    // 2 to the power of 10 is 1,024.
    says(&drawn, &["place: Nigeria", "proof", "7.0", "3.0", "together", "10.0", "bits: usual about one time in 1 thousand"]);
    assert_eq!(count(&drawn, "rect", "#4A80C4"), 2);
    assert_eq!(as_table("reasons", &data, &Zone::default())[2], ["proof", "3.0", "10.0", "proof is odd."]);
}

#[test]
fn world_has_circles_names_and_one_way_for_many_journeys() {
    let place = |name: &str, latitude: f64, longitude: f64, sessions: u64, alerts: u64| PlaceMark {
        name: name.into(), latitude, longitude, sessions, alerts, rank: 0,
        severity: if alerts > 0 { Severity::High } else { Severity::None },
    };
    let journey = |rank: u32, from: u32, to: u32| JourneyMark { from, to, rank, severity: Severity::High, text: "ana: Germany to Nigeria".into() };
    let data = ChartData {
        places: vec![place("Germany", 51.0, 10.0, 400, 0), place("Nigeria", 9.0, 8.0, 2, 2), place("Iceland", 65.0, -18.0, 0, 0)],
        journeys: vec![journey(0, 0, 1), journey(1, 0, 1)],
        ..ChartData::default()
    };
    let drawn = draw("world", &data, Style { height: 400, ..Style::default() });
    says(&drawn, &["Germany 400", "Nigeria 2 · 2 alerts"]);
    assert!(!texts(&drawn).iter().any(|text| text.contains("Iceland")), "nobody came from there");
    assert_eq!(count(&drawn, "polyline", "#B3201A"), 1);
    assert_eq!(count(&drawn, "circle", "stroke=\"#4A80C4\""), 2);
    assert!(count(&drawn, "polyline", "#B4BAC2") > 50, "coasts and borders");
    assert_eq!(chart_says("world", &data), "Sessions from 2 countries, alerts from 1 of them, 2 journeys.");
}

#[test]
fn detectors_rank_side_by_side() {
    let line = |rank: u32, places: &[u32]| RankedLine { rank, who: "ana".into(), severity: Severity::High, places: places.into() };
    let data = ChartData {
        detectors: ["likelihood", "forest", "the whole score"].map(String::from).into(),
        ranked: vec![line(0, &[1, 40, 1]), line(1, &[2, 3, 2])],
        sessions: 1000,
        ..ChartData::default()
    };
    let drawn = draw("detectors", &data, Style { selected: Some(0), ..Style::default() });
    says(&drawn, &["likelihood", "forest", "the whole score", "1", "10", "100", "1k", "40"]);
    assert_eq!((count(&drawn, "polyline", "#17191D"), count(&drawn, "polyline", "#B3201A")), (1, 1));
    assert_eq!(as_table("detectors", &data, &Zone::default())[1], ["ana", "high", "1", "40", "1"]);
}

/// Two people on two networks; the second's only session is the strangest, and comes from elsewhere.
fn report() -> Report {
    let session = |identity: u32, hour: i64, network: &str, country: &str, score: f64| SessionSummary {
        identity,
        span: Span { from: START + hour * HOUR, to: START + hour * HOUR },
        network: network.into(),
        country: country.into(),
        score,
        alert: score > 0.9,
        severity: if score > 0.9 { Severity::Medium } else { Severity::None },
        detectors: vec![score, 1.0 - score],
        ..SessionSummary::default()
    };
    let person = |name: &str, hour: usize| {
        let mut hours = vec![0; 168];
        hours[hour] = 2;
        let seen = Span { from: START, to: START + 8 * 24 * HOUR };
        IdentitySummary { name: name.into(), class: "IAM user".into(), seen, hours, ..IdentitySummary::default() }
    };
    let detector = |name: &str| oddtrail::DetectorSummary { name: name.into(), ..Default::default() };
    let place = |code: &str, name: &str| CountryPlace { code: code.into(), name: name.into(), latitude: 1.0, longitude: 2.0 };
    Report {
        identities: vec![person("ana", 9), person("ben", 10)],
        sessions: vec![session(1, 5, "MTN", "NG", 0.95), session(0, 4, "", "DE", 0.5), session(0, 1, "Telekom", "DE", 0.4), session(1, 2, "Telekom", "DE", 0.3)],
        detectors: vec![detector("likelihood"), detector("forest")],
        places: vec![place("DE", "Germany"), place("NG", "Nigeria")],
        journeys: vec![Journey { from: 3, to: 0, km: 4700.4, hours: 0.5 }, Journey { from: 2, to: 1, km: 1.0, hours: 1.0 }],
        ..Report::default()
    }
}

#[test]
fn columns_are_made_from_a_report() {
    let whole = ChartData::from_report(&report());
    assert_eq!((whole.scores.len(), whole.ranked.len(), whole.sessions), (4, 1, 4));
    // A chart is handed no more than it needs.
    let world = chart_data("world", &report(), None).expect("the chart is known");
    assert!(world.scores.is_empty() && world.places == whole.places && world.journeys == whole.journeys);
    assert_eq!(whole.alerts, [AlertMark { rank: 0, time: START + 5 * HOUR, severity: Severity::Medium, who: "ben".into() }]);
    let places: Vec<_> = whole.places.iter().map(|p| (p.name.as_str(), p.sessions, p.alerts, p.rank)).collect();
    assert_eq!(places, [("Germany", 3, 0, 1), ("Nigeria", 1, 1, 0)]);
    // The second journey belongs to no alert.
    assert_eq!(whole.journeys.len(), 1);
    assert_eq!(whole.journeys[0].text, "ben: Germany to Nigeria, 4700 km in 30 minutes");

    let ana = chart_data("strip", &report(), Some(0)).expect("the chart is known");
    assert_eq!((ana.who.as_str(), ana.rows.as_slice()), ("ana", ["Telekom", "not known"].map(String::from).as_slice()));
    let bars: Vec<_> = ana.bars.iter().map(|bar| (bar.rank, bar.row)).collect();
    assert_eq!(bars, [(2, 0), (1, 1)], "in order of time");
    // Nine days are two weeks; ben is her only peer, active in two of his two weeks.
    assert_eq!((ana.weeks, ana.hours[9], ana.peer_hours[10], ana.peer_hours[9]), (2, 2, 1.0, 0.0));

    let third = chart_data("detectors", &report(), Some(2)).expect("the chart is known");
    assert_eq!(third.ranked.iter().map(|line| line.rank).collect::<Vec<_>>(), [2, 0], "the selected session first");
    // By likelihood third of four, by the forest second; third on the whole.
    assert_eq!(third.ranked[0].places, [3, 2, 3]);

    for (name, of) in [("strip", Some(99)), ("strip", None), ("reasons", Some(99))] {
        let empty = chart_data(name, &report(), of).expect("the chart is known");
        assert!(as_table(name, &empty, &Zone::default()).len() == 1, "{name} of {of:?}");
    }
    assert!(chart_data("pie", &report(), None).is_err());
}

#[test]
fn text_from_a_log_stays_text() {
    let evil = "<script>\u{202e}\u{0}\"&";
    let data = ChartData { rows: vec![evil.into()], bars: vec![SessionBar::default()], who: evil.into(), width: HOUR, ..ChartData::default() };
    let drawn = draw("strip", &data, Style { height: 100, ..Style::default() });
    assert!(!drawn.contains("<script") && !drawn.contains('\u{202e}') && !drawn.contains('\u{0}'));
    assert!(drawn.contains("&lt;script&gt;"));
}

#[test]
fn a_picture_handed_on_says_what_it_is() {
    for chart in CHARTS {
        let drawn = draw(chart.name, &timeline(), Style { width: 1000, height: 300, caption: true, zone: berlin(), ..Style::default() });
        let texts = texts(&drawn);
        assert_eq!(texts[0], chart.title);
        assert!(texts[1].starts_with(&chart.how[..30]), "{texts:?}");
        assert_eq!(chart.how(&berlin()).ends_with("Times: Europe/Berlin."), chart.timed);
        assert!(chart.how.ends_with('.') && !chart.how.contains("Drag"));
    }
    // Every colour of the light charts has a rule for dark screens.
    let style = dark_style();
    let drawn = draw("timeline", &timeline(), Style::default());
    for colour in drawn.split("fill=\"").skip(1).filter_map(|part| part.split('"').next()).filter(|colour| colour.starts_with('#')) {
        assert!(style.contains(&format!("[fill=\"{colour}\"]")), "{colour}");
    }
}
