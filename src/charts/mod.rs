//! The charts. The page draws them on a canvas, the exports as SVG, readers of tables get tables.
//!
//! To add a chart:
//! 1. Write `src/charts/<name>.rs` with `draw(&ChartData, &Style, &mut Sheet)`, `table(&ChartData, &Zone)` and
//!    `says(&ChartData)`. Draw in CSS pixels; the sheet scales. Push a hit for whatever answers to the pointer, the most
//!    important first: the keyboard goes through them in that order.
//! 2. Give it its columns: a function in `columns.rs` that fills [`ChartData`] from the report, small and no more than it needs.
//! 3. Add its line to [`CHARTS`]. Tests, exports and the page go through that table.

mod columns;
mod detectors;
mod hours;
mod map;
mod palette;
mod reasons;
mod scores;
mod sheet;
mod strip;
mod timeline;
mod world;

use plotters::prelude::{DrawingBackend, SVGBackend};
use serde::{Deserialize, Serialize};

use crate::report::Report;
use crate::time::Zone;
pub use columns::{AlertMark, ChartData, JourneyMark, PlaceMark, RankedLine, ReasonBar, SessionBar};
use palette::Palette;
use sheet::Sheet;

/// Every chart, in the order of the page.
pub static CHARTS: &[Chart] = &[
    Chart {
        name: "timeline",
        title: "Events over time",
        how: "Bars are events by class of identity; marks above are alerts, coloured by severity.",
        drag: "Drag to choose a span.",
        of: ChartOf::Report,
        timed: true,
        height: |_, width| if width < 600 { 180 } else { 200 },
        columns: columns::timeline,
        draw: timeline::draw,
        table: timeline::table,
        says: timeline::says,
    },
    Chart {
        name: "scores",
        title: "Scores of all sessions",
        how: "Sessions by score, counted on a logarithmic scale; those right of the line are alerts.",
        drag: "Drag the line to change the budget.",
        of: ChartOf::Report,
        timed: false,
        height: |_, _| 260,
        columns: columns::scores,
        draw: scores::draw,
        table: scores::table,
        says: scores::says,
    },
    Chart {
        name: "map",
        title: "Map of sessions",
        how: "Alike sessions lie close together (PCA). Colours are personas, rings are alone, large marks are alerts.",
        drag: "",
        of: ChartOf::Report,
        timed: false,
        height: |_, width| if width < 600 { 320 } else { 340 },
        columns: columns::map,
        draw: map::draw,
        table: map::table,
        says: map::says,
    },
    Chart {
        name: "world",
        title: "Where sessions came from",
        how: "The larger the circle, the more sessions from that country; lines are journeys of alerts within a day. Clouds are left out.",
        drag: "",
        of: ChartOf::Report,
        timed: false,
        height: |_, width| (width / 2).clamp(200, 420),
        columns: columns::world,
        draw: world::draw,
        table: world::table,
        says: world::says,
    },
    Chart {
        name: "detectors",
        title: "Detectors side by side",
        how: "A line is an alert: its place among all sessions by each detector, the strangest at the top. Lines that stay at the top are agreed on.",
        drag: "",
        of: ChartOf::Session,
        timed: false,
        height: |_, _| 300,
        columns: columns::ranks,
        draw: detectors::draw,
        table: detectors::table,
        says: detectors::says,
    },
    Chart {
        name: "reasons",
        title: "How the reasons add up",
        how: "Each bar adds its bits to those above it; each bit halves how usual the session is.",
        drag: "",
        of: ChartOf::Session,
        timed: false,
        height: reasons::height,
        columns: columns::reasons,
        draw: reasons::draw,
        table: reasons::table,
        says: reasons::says,
    },
    Chart {
        name: "hours",
        title: "Hours of the week",
        how: "The darker, the more weeks with activity in that hour; dots are the peers: the larger, the more usual for them.",
        drag: "",
        of: ChartOf::Identity,
        timed: true,
        height: |_, _| 200,
        columns: columns::habits,
        draw: hours::draw,
        table: hours::table,
        says: hours::says,
    },
    Chart {
        name: "strip",
        title: "Sessions by network",
        how: "Each mark is a session on its network, in order of time; alerts have the colour and shape of their severity.",
        drag: "",
        of: ChartOf::Identity,
        timed: true,
        height: strip::height,
        columns: columns::habits,
        draw: strip::draw,
        table: strip::table,
        says: strip::says,
    },
];

/// What a chart is about: which columns it is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartOf {
    /// All sessions.
    Report,
    /// One identity.
    Identity,
    /// One session, or the alerts where none is selected.
    Session,
}

/// One chart.
pub struct Chart {
    /// What [`draw()`] calls it.
    pub name: &'static str,
    /// What stands above it.
    pub title: &'static str,
    /// How to read it, in a sentence or two.
    pub how: &'static str,
    /// What dragging does, for those who can; empty where it does nothing.
    pub drag: &'static str,
    /// What it is about.
    pub of: ChartOf,
    /// It shows times, so whoever shows it says which clock they follow.
    pub timed: bool,
    /// The height that suits it at a width, both in CSS pixels.
    pub height: fn(&ChartData, u32) -> u32,
    columns: fn(&Report, Option<u32>) -> ChartData,
    draw: fn(&ChartData, &Style, &mut Sheet),
    table: fn(&ChartData, &Zone) -> Vec<Vec<String>>,
    says: fn(&ChartData) -> String,
}

impl Chart {
    /// How to read it, and by which clock its times are.
    pub fn how(&self, zone: &Zone) -> String {
        if self.timed { format!("{} Times: {}.", self.how, zone.label()) } else { self.how.to_owned() }
    }
}

/// How large and in which colours.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Style {
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
    /// Device pixels to a CSS pixel.
    pub ratio: f64,
    /// For a dark page.
    pub dark: bool,
    /// The rank of the session that is marked.
    pub selected: Option<u32>,
    /// The span chosen on the timeline, milliseconds since 1970 UTC: what is outside is paler.
    pub brush: Option<(f64, f64)>,
    /// A threshold that is tried, in place of the report's.
    pub threshold: Option<f64>,
    /// The clock that times follow.
    pub zone: Zone,
    /// Title and explanation stand above: for a picture that is handed on alone.
    pub caption: bool,
}

impl Default for Style {
    fn default() -> Style {
        Style {
            width: 800,
            height: 240,
            ratio: 1.0,
            dark: false,
            selected: None,
            brush: None,
            threshold: None,
            zone: Zone::default(),
            caption: false,
        }
    }
}

impl Style {
    fn palette(&self) -> &'static Palette {
        Palette::of(self.dark)
    }
}

/// A place that answers to the pointer, in CSS pixels. Where several lie over each other the first is meant.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct Hit {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
    /// The session it stands for.
    pub rank: Option<u32>,
    /// The identity it stands for.
    pub identity: Option<u32>,
    /// What to say of it.
    pub text: String,
}

/// What the horizontal axis of a chart measures: milliseconds on the timeline, the score on the scores.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, PartialEq)]
pub struct Axis {
    /// Where it begins, CSS pixels.
    pub left: f64,
    /// Where it ends.
    pub right: f64,
    /// The top of the chart.
    pub top: f64,
    /// Its bottom.
    pub bottom: f64,
    /// The value at the left.
    pub from: f64,
    /// The value at the right.
    pub to: f64,
}

/// What was drawn: the places that answer to the pointer, and the axis that can be dragged along.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
pub struct Drawn {
    /// The most important first.
    pub hits: Vec<Hit>,
    /// Only where dragging means something.
    pub axis: Option<Axis>,
}

impl Drawn {
    /// The first hit at a point, or the nearest within a few pixels, by its place in the list.
    pub fn at(&self, x: f64, y: f64) -> Option<usize> {
        const NEAR: f64 = 6.0;
        let far = |hit: &Hit| {
            let across = (hit.x - x).max(x - hit.x - hit.w).max(0.0);
            let down = (hit.y - y).max(y - hit.y - hit.h).max(0.0);
            across * across + down * down
        };
        let mut best: Option<(usize, f64)> = None;
        for (number, hit) in self.hits.iter().enumerate() {
            let far = far(hit);
            if far <= NEAR * NEAR && best.is_none_or(|(_, least)| far < least) {
                best = Some((number, far));
                if far == 0.0 {
                    break;
                }
            }
        }
        best.map(|(number, _)| number)
    }
}

/// Draws a chart of [`CHARTS`] on a backend of `width × ratio` by `height × ratio` pixels.
pub fn draw<B: DrawingBackend>(name: &str, data: &ChartData, backend: B, style: &Style) -> Result<Drawn, String> {
    sheet_of(find(name)?, data, style).play(backend, ratio(style.ratio), 1.0)
}

/// A chart of [`CHARTS`] as an SVG document, `style.width` by `style.height` in CSS pixels.
pub fn svg(name: &str, data: &ChartData, style: &Style) -> Result<String, String> {
    let mut text = String::new();
    let size = |ratio: f64| ((f64::from(style.width) * ratio).round() as u32, (f64::from(style.height) * ratio).round() as u32);
    let (fine, (width, height)) = (size(SVG_FINE), size(1.0));
    sheet_of(find(name)?, data, style).play(SVGBackend::with_string(&mut text, fine), SVG_FINE, SVG_FONT)?;
    // The backend knows whole numbers only: it draws on a finer grid, and the document says how large it is.
    Ok(text.replacen(&format!("width=\"{}\" height=\"{}\"", fine.0, fine.1), &format!("width=\"{width}\" height=\"{height}\""), 1))
}

/// What a chart of [`CHARTS`] shows, as rows; the first holds the headings. Empty for an unknown name.
pub fn as_table(name: &str, data: &ChartData, zone: &Zone) -> Vec<Vec<String>> {
    find(name).map(|chart| (chart.table)(data, zone)).unwrap_or_default()
}

/// What a chart of [`CHARTS`] shows, in a sentence. Empty for an unknown name.
pub fn chart_says(name: &str, data: &ChartData) -> String {
    find(name).map(|chart| (chart.says)(data)).unwrap_or_default()
}

/// The columns a chart of [`CHARTS`] is drawn from. `of`: the identity's number or the session's rank, where it is
/// about one.
pub fn chart_data(name: &str, report: &Report, of: Option<u32>) -> Result<ChartData, String> {
    Ok((find(name)?.columns)(report, of))
}

/// The chart of that name.
pub fn find_chart(name: &str) -> Option<&'static Chart> {
    CHARTS.iter().find(|chart| chart.name == name)
}

/// A style sheet that turns the light colours of SVG charts into the dark ones, for screens that are dark.
pub fn dark_style() -> String {
    let rules: String = Palette::pairs()
        .iter()
        .map(|(light, dark)| format!("svg [fill=\"{light}\"]{{fill:{dark}}}svg [stroke=\"{light}\"]{{stroke:{dark}}}"))
        .collect();
    format!("@media screen and (prefers-color-scheme:dark){{{rules}}}")
}

fn find(name: &str) -> Result<&'static Chart, String> {
    find_chart(name).ok_or_else(|| format!("there is no chart named {name}"))
}

fn sheet_of(chart: &Chart, data: &ChartData, style: &Style) -> Sheet {
    let mut sheet = Sheet::new(style, chart.title, &chart.how(&style.zone));
    (chart.draw)(data, style, &mut sheet);
    sheet
}

fn ratio(ratio: f64) -> f64 {
    if ratio.is_finite() { ratio.clamp(0.25, 16.0) } else { 1.0 }
}

/// The SVG backend writes font sizes divided by this; a canvas takes them as they are.
const SVG_FONT: f64 = 1.24;
/// Steps of the SVG's grid to a CSS pixel.
const SVG_FINE: f64 = 4.0;

/// An alert in a few words.
fn alert_text(alert: &AlertMark, zone: &Zone) -> String {
    let at = zone.local(alert.time);
    format!("{}: {}, {} {}", sheet::severity_name(alert.severity), alert.who, sheet::day(at), crate::time::format_clock(at))
}

#[cfg(test)]
mod tests {
    use super::sheet::{LABEL, counted, day, grouped, shorten};
    use super::*;
    use crate::report::*;

    const HOUR: i64 = 3_600_000;
    const START: i64 = 1_709_856_000_000;

    /// A report with `n` sessions in four groups, one in forty of them an alert (at most 24).
    fn report(n: usize) -> Report {
        let names = ["developers in office hours", "deployments", "nightly backup role", "support"];
        let bump = |i: usize, k: usize| ((i * k * 7919 + k * 104_729) % 1009) as f64 / 1009.0 - 0.5;
        let sessions = (0..n).map(|i| {
            let alert = i < (n / 40).clamp(1, 24);
            let group = i % 4;
            let spread: f64 = (1..=6).map(|k| bump(i, k)).sum();
            let score = if alert { 1.0 - i as f64 * 0.004 } else { (0.4 + spread * 0.1).clamp(0.0, 0.86) };
            let severity = [Severity::High, Severity::Medium, Severity::Low][(i / 3) % 3];
            let from = START + (i as i64 * 37 % 360) * HOUR;
            SessionSummary {
                span: Span { from, to: from + (i as i64 % 7) * HOUR / 2 },
                country: if alert { ["NG", "JP", "DE", "US"][i % 4] } else { ["DE", "DE", "FR", "DE"][i % 4] }.into(),
                network: if alert { "MTN Nigeria".into() } else { ["Deutsche Telekom", "Vodafone", "Orange", "Amazon.com, Inc."][i % 4].into() },
                identity: u32::from(i % 5 == 4),
                detectors: (0..5).map(|d| (score - 0.1 * bump(i, d + 20).abs() * d as f64).clamp(0.0, 1.0)).collect(),
                reasons: if alert { reasons() } else { Vec::new() },
                score,
                alert,
                severity: if alert { severity } else { Severity::None },
                persona: group as u32,
                noise: alert || i % 97 == 0,
                x: [-3.0, 0.0, 2.5, 1.0][group] + spread + if alert { bump(i, 11) * 8.0 } else { bump(i, 12) },
                y: [0.0, 2.0, -1.0, -3.0][group] + bump(i, 13) + bump(i, 14) + if alert { 3.0 } else { bump(i, 15) },
                ..SessionSummary::default()
            }
        });
        let span = Span { from: START, to: START + 360 * HOUR };
        let office = |from: usize, to: usize| (0..168).map(|h| if h / 24 < 5 && (from..to).contains(&(h % 24)) { 1 + (h % 3) as u32 } else { 0 }).collect();
        let row = |base: u32, peak: u32| {
            (0..360u32).map(|i| base + i * 7 % 13 + if (8..18).contains(&(i % 24)) && i / 24 % 7 < 5 { peak } else { 0 }).collect()
        };
        Report {
            identities: vec![
                IdentitySummary { name: "ana.khan".into(), class: "IAM user".into(), seen: span, hours: office(8, 18), ..IdentitySummary::default() },
                IdentitySummary { name: "ben.lee".into(), class: "IAM user".into(), seen: span, hours: office(9, 17), ..IdentitySummary::default() },
            ],
            detectors: ["login likelihood", "isolation forest", "PCA", "K-Means", "DBSCAN"]
                .map(|name| DetectorSummary { name: name.into(), ..DetectorSummary::default() })
                .into(),
            places: [("DE", "Germany", 51.1, 10.2), ("FR", "France", 46.6, 2.5), ("NG", "Nigeria", 9.5, 8.0), ("US", "United States", 39.4, -98.4), ("JP", "Japan", 36.8, 138.0)]
                .map(|(code, name, latitude, longitude)| CountryPlace { code: code.into(), name: name.into(), latitude, longitude })
                .into(),
            journeys: if n > 8 { vec![Journey { from: 40.min(n as u32 - 1), to: 2, km: 4870.0, hours: 0.6 }, Journey { from: 41.min(n as u32 - 1), to: 7, km: 9000.0, hours: 9.0 }] } else { Vec::new() },
            calibration: Calibration { threshold: 0.88, budget: 0.003, ..Calibration::default() },
            personas: names.iter().map(|name| Persona { name: (*name).into(), sessions: 1 }).collect(),
            timeline: Timeline {
                start: START,
                width: HOUR,
                series: vec!["AWS services".into(), "people".into(), "machines".into()],
                counts: vec![row(100, 0), row(2, 220), row(4, 40)],
            },
            sessions: sessions.collect(),
            ..Report::default()
        }
    }

    fn reasons() -> Vec<Reason> {
        let reason = |group: &str, bits: f64, seen: &str, sentence: &str| Reason {
            group: group.into(), bits, seen: seen.into(), sentence: sentence.into(), usual: String::new(),
        };
        vec![
            reason("place", 11.2, "Nigeria", "From Nigeria; usual: Germany on 57 days, France on 1 day."),
            reason("travel", 9.6, "8100 km/h", "4,870 km from the session 38 minutes before."),
            reason("proof", 6.8, "no MFA", "A login without MFA, where this identity uses it."),
            reason("deeds", 5.9, "iam:CreateAccessKey", "Never called before by this identity: iam:CreateAccessKey, secretsmanager:ListSecrets."),
            reason("time", 2.4, "03:12", "At 03:12 UTC; usual: 08 h on 30 days."),
        ]
    }

    /// The columns of a chart over a report: of the first identity, of the third session.
    fn data_of(chart: &Chart, report: &Report) -> ChartData {
        let of = match chart.of {
            ChartOf::Report => None,
            ChartOf::Identity => Some(0),
            ChartOf::Session => Some(2),
        };
        chart_data(chart.name, report, of).expect("the chart is known")
    }

    fn berlin() -> Zone {
        Zone { name: "Europe/Berlin".into(), offsets: vec![(0, 60), (1_711_846_800_000, 120)] }
    }

    fn styles() -> [Style; 4] {
        [
            Style { selected: Some(2), brush: Some((START as f64, START as f64 + 90.0 * HOUR as f64)), ..Style::default() },
            Style { width: 380, height: 300, ratio: 2.0, dark: true, selected: Some(9), threshold: Some(0.7), zone: berlin(), ..Style::default() },
            Style { width: 640, height: 300, caption: true, ..Style::default() },
            Style { width: 1, height: 1, ..Style::default() },
        ]
    }

    #[test]
    fn every_chart_takes_any_number_of_sessions() {
        let mut odd = ChartData::from_report(&report(50));
        odd.x[3] = f32::NAN;
        odd.y[0] = f32::INFINITY;
        odd.scores[5] = f32::NAN;
        odd.threshold = f64::NAN;
        odd.places[0].latitude = f64::NAN;
        odd.places[1].longitude = 1e300;
        let mut ragged = ChartData::from_report(&report(50));
        ragged.counts[1].truncate(7);
        ragged.persona.clear();
        ragged.noise.clear();
        ragged.width = 0;
        ragged.ranked[0].places.clear();
        ragged.journeys.push(JourneyMark { from: 999, to: 3, ..JourneyMark::default() });
        let mut person = ChartData::of_identity(&report(50), 0);
        person.peer_hours = vec![f32::NAN; 200];
        person.bars[0].row = 77;
        person.bars[1].from = i64::MIN;
        person.bars[2].to = i64::MAX;
        let mut all: Vec<_> = [0, 1, 50, 20_000].map(|n| ChartData::from_report(&report(n))).into();
        all.extend([0, 1, 50, 20_000].map(|n| ChartData::of_identity(&report(n), 0)));
        all.extend([0, 50].map(|n| chart_data("reasons", &report(n), Some(2)).expect("the chart is known")));
        all.extend([ChartData::default(), odd, ragged, person]);
        for data in &all {
            for chart in CHARTS {
                for style in styles() {
                    let text = svg(chart.name, data, &style).expect("it draws");
                    assert!(!text.contains("NaN") && !text.contains("inf"), "{}", chart.name);
                    assert_eq!(text, svg(chart.name, data, &style).expect("it draws"));
                    assert!(text.contains(&format!("<svg width=\"{}\" height=\"{}\"", style.width, style.height)));
                }
                let table = as_table(chart.name, data, &berlin());
                assert!(table.iter().all(|row| row.len() == table[0].len()), "{}", chart.name);
                assert!(chart_says(chart.name, data).ends_with('.'), "{}", chart.name);
                assert!((chart.height)(data, 390) >= 60 && (chart.height)(data, 1280) >= 60, "{}", chart.name);
            }
        }
    }

    #[test]
    fn hits_lie_within_the_chart() {
        for n in [0, 1, 500, 20_000] {
            let report = report(n);
            for chart in CHARTS {
                let data = data_of(chart, &report);
                for style in styles() {
                    let mut text = String::new();
                    let drawn = draw(chart.name, &data, SVGBackend::with_string(&mut text, (10, 10)), &style).expect("it draws");
                    for hit in &drawn.hits {
                        assert!(hit.x >= 0.0 && hit.y >= 0.0 && hit.w >= 0.0 && hit.h >= 0.0, "{hit:?}");
                        assert!(hit.x + hit.w <= f64::from(style.width) + 1e-9, "{hit:?}");
                        assert!(hit.y + hit.h <= f64::from(style.height) + 1e-9, "{hit:?}");
                        assert!(hit.rank.is_none_or(|rank| (rank as usize) < n), "{} {hit:?}", chart.name);
                        assert!(!hit.text.is_empty());
                    }
                }
            }
        }
    }

    #[test]
    fn every_chart_shows_something_that_answers() {
        let report = report(500);
        for chart in CHARTS {
            let data = data_of(chart, &report);
            let (width, height) = (800, (chart.height)(&data, 800));
            let mut text = String::new();
            let style = Style { width, height, selected: Some(2), ..Style::default() };
            let drawn = draw(chart.name, &data, SVGBackend::with_string(&mut text, (width, height)), &style).expect("it draws");
            assert!(!drawn.hits.is_empty(), "{}", chart.name);
            assert!(as_table(chart.name, &data, &Zone::default()).len() > 1, "{}", chart.name);
            assert_eq!(drawn.axis.is_some(), ["timeline", "scores"].contains(&chart.name));
            // The middle of the first hit is that hit.
            let first = &drawn.hits[0];
            let found = drawn.at(first.x + first.w / 2.0, first.y + first.h / 2.0);
            assert_eq!(found, Some(0), "{}", chart.name);
            assert_eq!(drawn.at(-50.0, -50.0), None);
        }
    }

    #[test]
    fn alerts_can_be_hit_on_timeline_and_map() {
        let data = ChartData::from_report(&report(500));
        for name in ["timeline", "map"] {
            let mut text = String::new();
            let Drawn { hits, .. } = draw(name, &data, SVGBackend::with_string(&mut text, (800, 240)), &Style::default()).expect("it draws");
            for alert in &data.alerts {
                assert!(hits.iter().any(|hit| hit.rank == Some(alert.rank)), "{name} {}", alert.rank);
            }
        }
    }

    #[test]
    fn sums_agree_with_the_data() {
        let data = ChartData::from_report(&report(500));
        let total: u64 = as_table("scores", &data, &Zone::default())[1..].iter().map(|row| row[2].parse::<u64>().expect("a number")).sum();
        assert_eq!(total, 500);
        let total: u64 = as_table("map", &data, &Zone::default())[1..].iter().map(|row| row[1].parse::<u64>().expect("a number")).sum();
        assert_eq!(total, 500);
        assert_eq!(as_table("timeline", &data, &Zone::default()).len(), 361);
    }

    #[test]
    fn labels_have_their_size() {
        let text = svg("scores", &ChartData::default(), &Style::default()).expect("it draws");
        let size = text.split("font-size=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a label");
        assert!((size.parse::<f64>().expect("a number") - LABEL * SVG_FINE).abs() < 1e-6, "{size}");
    }

    #[test]
    fn an_unknown_name_is_an_error() {
        assert!(svg("pie", &ChartData::default(), &Style::default()).is_err());
        assert!(as_table("pie", &ChartData::default(), &Zone::default()).is_empty());
    }

    #[test]
    fn labels_read_well() {
        assert_eq!(day(START), "8 Mar");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(counted(1, "session"), "1 session");
        assert_eq!(shorten("developers in office", 12), "developers…");
    }

    /// Writes the charts to the folder named by `CHARTS_OUT`, to look at, and their columns for 100,000 sessions.
    #[test]
    fn write_samples() {
        let Ok(folder) = std::env::var("CHARTS_OUT") else { return };
        for n in [900, 20_000] {
            let report = report(n);
            for chart in CHARTS {
                let data = data_of(chart, &report);
                for (width, dark) in [(1216, false), (1216, true), (358, false), (358, true)] {
                    let height = (chart.height)(&data, width);
                    let style = Style { width, height, dark, selected: Some(2), ..Style::default() };
                    let text = svg(chart.name, &data, &style).expect("it draws");
                    let path = format!("{folder}/{}-{n}-{width}-{}.svg", chart.name, if dark { "dark" } else { "light" });
                    std::fs::write(path, text).expect("the folder can be written");
                }
            }
        }
        let report = report(100_000);
        for chart in CHARTS {
            let json = serde_json::to_string(&data_of(chart, &report)).expect("plain data");
            std::fs::write(format!("{folder}/{}.json", chart.name), json).expect("the folder can be written");
        }
    }
}
