//! The charts: timeline, scores, map. The page draws them on a canvas, the exports as SVG, readers of tables get tables.
//!
//! To add a chart:
//! 1. Write `src/charts/<name>.rs` with `draw(&ChartData, &Style, &mut Sheet)` and `table(&ChartData)`. Draw in CSS
//!    pixels; the [`Sheet`] scales. Push a hit for whatever answers to the pointer, the most important first.
//! 2. If it needs another column, add it to [`ChartData`] and fill it in [`ChartData::from_report`]: numbers only.
//! 3. Add its line to [`CHARTS`]. Tests, exports and the page go through that table.

mod map;
mod palette;
mod scores;
mod timeline;

use plotters::prelude::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBAColor, ShapeStyle, TextStyle};
use serde::{Deserialize, Serialize};

use crate::report::{Report, Severity};
use palette::Palette;

/// Every chart, in the order of the page.
pub static CHARTS: &[Chart] = &[
    Chart {
        name: "timeline",
        title: "Events over time",
        how: "Bars are events by class of identity; triangles above are alerts, coloured by severity.",
        draw: timeline::draw,
        table: timeline::table,
    },
    Chart {
        name: "scores",
        title: "Scores",
        how: "Sessions by score, counted on a logarithmic scale; those right of the dashed line are alerts.",
        draw: scores::draw,
        table: scores::table,
    },
    Chart {
        name: "map",
        title: "Map of sessions",
        how: "Alike sessions lie close together; colours are personas, rings are alone, large dots are alerts.",
        draw: map::draw,
        table: map::table,
    },
];

/// One chart.
pub struct Chart {
    /// What [`draw()`] calls it.
    pub name: &'static str,
    /// What stands above it.
    pub title: &'static str,
    /// How to read it, as a sentence.
    pub how: &'static str,
    draw: fn(&ChartData, &Style, &mut Sheet),
    table: fn(&ChartData) -> Vec<Vec<String>>,
}

/// What the charts show: small columns, cheap to hand from a worker to the page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)] // a chart needs only its own columns
pub struct ChartData {
    /// The start of the timeline's first bin, milliseconds since 1970 UTC.
    pub start: i64,
    /// The width of a bin in milliseconds.
    pub width: i64,
    /// Names of the timeline's series.
    pub series: Vec<String>,
    /// Counts, one row a series, one column a bin.
    pub counts: Vec<Vec<u32>>,
    /// The alerts, strangest first.
    pub alerts: Vec<AlertMark>,
    /// Every session's score, by rank.
    pub scores: Vec<f32>,
    /// Sessions at or above it are alerts.
    pub threshold: f64,
    /// The share of ordinary sessions that may lie above it.
    pub budget: f64,
    /// Every session's place on the map, by rank.
    pub x: Vec<f32>,
    /// Every session's place on the map, by rank.
    pub y: Vec<f32>,
    /// Every session's persona, by rank: a place in `personas`.
    pub persona: Vec<u8>,
    /// Whether the session has no neighbours, by rank.
    pub noise: Vec<bool>,
    /// Names of the personas.
    pub personas: Vec<String>,
}

/// An alert on a chart.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertMark {
    /// The session's place in the report.
    pub rank: u32,
    /// When it began, milliseconds since 1970 UTC.
    pub time: i64,
    /// How bad.
    pub severity: Severity,
    /// Whose session.
    pub who: String,
}

impl ChartData {
    /// The columns of a report.
    pub fn from_report(report: &Report) -> ChartData {
        let sessions = &report.sessions;
        let who = |identity: u32| report.identities.get(identity as usize).map(|i| i.name.clone()).unwrap_or_default();
        ChartData {
            start: report.timeline.start,
            width: report.timeline.width,
            series: report.timeline.series.clone(),
            counts: report.timeline.counts.clone(),
            alerts: (0u32..)
                .zip(sessions)
                .filter(|(_, s)| s.alert)
                .map(|(rank, s)| AlertMark { rank, time: s.span.from, severity: s.severity, who: who(s.identity) })
                .collect(),
            scores: sessions.iter().map(|s| s.score as f32).collect(),
            threshold: report.calibration.threshold,
            budget: report.calibration.budget,
            x: sessions.iter().map(|s| s.x as f32).collect(),
            y: sessions.iter().map(|s| s.y as f32).collect(),
            persona: sessions.iter().map(|s| s.persona.min(255) as u8).collect(),
            noise: sessions.iter().map(|s| s.noise).collect(),
            personas: report.personas.iter().map(|p| p.name.clone()).collect(),
        }
    }

    /// A session's place on the map, where it has one.
    fn point(&self, rank: usize) -> Option<(f64, f64)> {
        let (x, y) = (*self.x.get(rank)?, *self.y.get(rank)?);
        (x.is_finite() && y.is_finite()).then_some((f64::from(x), f64::from(y)))
    }
}

/// How large and in which colours.
#[derive(Debug, Clone)]
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
}

impl Default for Style {
    fn default() -> Style {
        Style { width: 800, height: 240, ratio: 1.0, dark: false, selected: None }
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
    /// What to say of it.
    pub text: String,
}

/// Draws a chart of [`CHARTS`] on a backend of `width × ratio` by `height × ratio` pixels.
pub fn draw<B: DrawingBackend>(name: &str, data: &ChartData, backend: B, style: &Style) -> Result<Vec<Hit>, String> {
    let mut sheet = Sheet::new(style);
    (find(name)?.draw)(data, style, &mut sheet);
    sheet.play(backend, style, 1.0)
}

/// A chart of [`CHARTS`] as an SVG document.
pub fn svg(name: &str, data: &ChartData, style: &Style) -> Result<String, String> {
    let mut text = String::new();
    let ratio = ratio(style);
    let size = (f64::from(style.width) * ratio, f64::from(style.height) * ratio);
    let backend = SVGBackend::with_string(&mut text, (size.0.round() as u32, size.1.round() as u32));
    let mut sheet = Sheet::new(style);
    (find(name)?.draw)(data, style, &mut sheet);
    sheet.play(backend, style, SVG_FONT)?;
    Ok(text)
}

/// What a chart of [`CHARTS`] shows, as rows; the first holds the headings. Empty for an unknown name.
pub fn as_table(name: &str, data: &ChartData) -> Vec<Vec<String>> {
    find(name).map(|chart| (chart.table)(data)).unwrap_or_default()
}

fn find(name: &str) -> Result<&'static Chart, String> {
    CHARTS.iter().find(|chart| chart.name == name).ok_or_else(|| format!("there is no chart named {name}"))
}

fn ratio(style: &Style) -> f64 {
    if style.ratio.is_finite() { style.ratio.clamp(0.25, 16.0) } else { 1.0 }
}

/// The SVG backend writes font sizes divided by this; a canvas takes them as they are.
const SVG_FONT: f64 = 1.24;

/// Size of labels in CSS pixels.
const LABEL: f64 = 12.0;

/// About how wide a label is. A guess serves: fonts differ, and measuring would tie the charts to a document.
fn label_width(text: &str) -> f64 {
    text.chars().count() as f64 * 7.3
}

/// At most `most` characters, with an ellipsis where something was cut.
fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// `1234567` as `1,234,567`.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 session`, `2 sessions`.
fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// `8 Mar` for a time.
fn day(millis: i64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = crate::time::format_date(millis);
    let mut parts = date.rsplit('-');
    let (Some(d), Some(m)) = (parts.next(), parts.next()) else { return date };
    match (d.parse::<u32>(), m.parse::<usize>().ok().and_then(|m| MONTHS.get(m.wrapping_sub(1)))) {
        (Ok(d), Some(month)) => format!("{d} {month}"),
        _ => date,
    }
}

/// An alert in a few words.
fn alert_text(alert: &AlertMark) -> String {
    let severity = severity_name(alert.severity);
    let clock = crate::time::format_clock(alert.time);
    format!("{severity}: {}, {} {clock}", alert.who, day(alert.time))
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low | Severity::None => "low",
    }
}

/// Where a label is held.
#[derive(Clone, Copy)]
enum Hold {
    Left,
    Middle,
    Right,
}

enum Shape {
    Rect(f64, f64, f64, f64, RGBAColor),
    Dot(f64, f64, f64, RGBAColor),
    Ring(f64, f64, f64, RGBAColor),
    Polygon(Vec<(f64, f64)>, RGBAColor),
    Text(f64, f64, Hold, String, RGBAColor),
}

/// What a chart draws on: shapes in CSS pixels and places that answer to the pointer.
pub(crate) struct Sheet {
    shapes: Vec<Shape>,
    hits: Vec<Hit>,
    width: f64,
    height: f64,
}

impl Sheet {
    fn new(style: &Style) -> Sheet {
        let (width, height) = (f64::from(style.width), f64::from(style.height));
        Sheet { shapes: vec![Shape::Rect(0.0, 0.0, width, height, style.palette().panel)], hits: Vec::new(), width, height }
    }

    fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, colour: RGBAColor) {
        self.shapes.push(Shape::Rect(x, y, w, h, colour));
    }

    /// A dot with a centre and a radius.
    fn dot(&mut self, x: f64, y: f64, radius: f64, colour: RGBAColor) {
        self.shapes.push(Shape::Dot(x, y, radius, colour));
    }

    fn ring(&mut self, x: f64, y: f64, radius: f64, colour: RGBAColor) {
        self.shapes.push(Shape::Ring(x, y, radius, colour));
    }

    fn polygon(&mut self, corners: Vec<(f64, f64)>, colour: RGBAColor) {
        self.shapes.push(Shape::Polygon(corners, colour));
    }

    /// A label, vertically centred on `y`.
    fn text(&mut self, x: f64, y: f64, hold: Hold, text: impl Into<String>, colour: RGBAColor) {
        self.shapes.push(Shape::Text(x, y, hold, text.into(), colour));
    }

    /// A place that answers to the pointer, cut to the sheet.
    fn hit(&mut self, x: f64, y: f64, w: f64, h: f64, rank: Option<u32>, text: String) {
        let (x0, y0) = (x.clamp(0.0, self.width), y.clamp(0.0, self.height));
        let (x1, y1) = ((x + w).clamp(0.0, self.width), (y + h).clamp(0.0, self.height));
        self.hits.push(Hit { x: x0, y: y0, w: x1 - x0, h: y1 - y0, rank, text });
    }

    fn play<B: DrawingBackend>(self, mut backend: B, style: &Style, font_scale: f64) -> Result<Vec<Hit>, String> {
        let ratio = ratio(style);
        let at = |value: f64| (value * ratio).round() as i32;
        let stroke = |colour: RGBAColor, width: f64| {
            ShapeStyle { color: colour, filled: false, stroke_width: (width * ratio).round().max(1.0) as u32 }
        };
        backend.ensure_prepared().map_err(|e| e.to_string())?;
        for shape in self.shapes {
            match shape {
                Shape::Rect(x, y, w, h, colour) => {
                    let (x0, y0) = (at(x), at(y));
                    backend.draw_rect((x0, y0), (at(x + w).max(x0 + 1), at(y + h).max(y0 + 1)), &colour.filled(), true)
                }
                Shape::Dot(x, y, r, colour) => {
                    backend.draw_circle((at(x), at(y)), at(r).max(1) as u32, &colour.filled(), true)
                }
                Shape::Ring(x, y, r, colour) => {
                    backend.draw_circle((at(x), at(y)), at(r).max(1) as u32, &stroke(colour, 1.0), false)
                }
                Shape::Polygon(corners, colour) => {
                    backend.fill_polygon(corners.iter().map(|&(x, y)| (at(x), at(y))), &colour.filled())
                }
                Shape::Text(x, y, hold, text, colour) => {
                    let h = match hold {
                        Hold::Left => HPos::Left,
                        Hold::Middle => HPos::Center,
                        Hold::Right => HPos::Right,
                    };
                    let font = TextStyle::from(("sans-serif", LABEL * ratio * font_scale)).color(&colour);
                    backend.draw_text(&text, &font.pos(Pos::new(h, VPos::Center)), (at(x), at(y)))
                }
            }
            .map_err(|e| e.to_string())?;
        }
        backend.present().map_err(|e| e.to_string())?;
        Ok(self.hits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Calibration, IdentitySummary, Persona, SessionSummary, Span, Timeline};

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
            SessionSummary {
                span: Span { from: START + (i as i64 * 37 % 360) * HOUR, to: START },
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
        let row = |base: u32, peak: u32| {
            (0..360u32).map(|i| base + i * 7 % 13 + if (8..18).contains(&(i % 24)) && i / 24 % 7 < 5 { peak } else { 0 }).collect()
        };
        Report {
            identities: vec![IdentitySummary { name: "ana.khan".into(), ..IdentitySummary::default() }],
            calibration: Calibration { threshold: 0.88, budget: 0.003, ..Calibration::default() },
            personas: names.iter().map(|name| Persona { name: (*name).into(), sessions: 1 }).collect(),
            timeline: Timeline {
                start: START,
                width: HOUR,
                series: vec!["AWS service".into(), "human by SSO".into(), "IAM user".into()],
                counts: vec![row(100, 0), row(2, 220), row(4, 40)],
            },
            sessions: sessions.collect(),
            ..Report::default()
        }
    }

    fn styles() -> [Style; 3] {
        [
            Style { selected: Some(2), ..Style::default() },
            Style { width: 380, height: 300, ratio: 2.0, dark: true, selected: Some(9) },
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
        let mut ragged = ChartData::from_report(&report(50));
        ragged.counts[1].truncate(7);
        ragged.persona.clear();
        ragged.noise.clear();
        ragged.width = 0;
        let mut all: Vec<_> = [0, 1, 50, 20_000].map(|n| ChartData::from_report(&report(n))).into();
        all.extend([ChartData::default(), odd, ragged]);
        for data in &all {
            for chart in CHARTS {
                for style in styles() {
                    let text = svg(chart.name, data, &style).expect("it draws");
                    assert!(!text.contains("NaN") && !text.contains("inf"), "{}", chart.name);
                    assert_eq!(text, svg(chart.name, data, &style).expect("it draws"));
                }
                let table = as_table(chart.name, data);
                assert!(table.iter().all(|row| row.len() == table[0].len()), "{}", chart.name);
            }
        }
    }

    #[test]
    fn hits_lie_within_the_chart() {
        for n in [0, 1, 500, 20_000] {
            let data = ChartData::from_report(&report(n));
            for chart in CHARTS {
                for style in styles() {
                    let mut text = String::new();
                    let hits = draw(chart.name, &data, SVGBackend::with_string(&mut text, (10, 10)), &style).expect("it draws");
                    for hit in &hits {
                        assert!(hit.x >= 0.0 && hit.y >= 0.0 && hit.w >= 0.0 && hit.h >= 0.0, "{hit:?}");
                        assert!(hit.x + hit.w <= f64::from(style.width) + 1e-9, "{hit:?}");
                        assert!(hit.y + hit.h <= f64::from(style.height) + 1e-9, "{hit:?}");
                        assert!(hit.rank.is_none_or(|rank| (rank as usize) < n), "{hit:?}");
                        assert!(!hit.text.is_empty());
                    }
                }
            }
        }
    }

    #[test]
    fn alerts_can_be_hit_on_timeline_and_map() {
        let data = ChartData::from_report(&report(500));
        for name in ["timeline", "map"] {
            let mut text = String::new();
            let hits = draw(name, &data, SVGBackend::with_string(&mut text, (800, 240)), &Style::default()).expect("it draws");
            for alert in &data.alerts {
                assert!(hits.iter().any(|hit| hit.rank == Some(alert.rank)), "{name} {}", alert.rank);
            }
        }
    }

    #[test]
    fn sums_agree_with_the_data() {
        let data = ChartData::from_report(&report(500));
        let total: u64 = as_table("scores", &data)[1..].iter().map(|row| row[2].parse::<u64>().expect("a number")).sum();
        assert_eq!(total, 500);
        let total: u64 = as_table("map", &data)[1..].iter().map(|row| row[1].parse::<u64>().expect("a number")).sum();
        assert_eq!(total, 500);
        assert_eq!(as_table("timeline", &data).len(), 361);
    }

    #[test]
    fn labels_have_their_size() {
        let text = svg("scores", &ChartData::default(), &Style::default()).expect("it draws");
        let size = text.split("font-size=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a label");
        assert!((size.parse::<f64>().expect("a number") - LABEL).abs() < 1e-6, "{size}");
    }

    #[test]
    fn an_unknown_name_is_an_error() {
        assert!(svg("pie", &ChartData::default(), &Style::default()).is_err());
        assert!(as_table("pie", &ChartData::default()).is_empty());
    }

    #[test]
    fn labels_read_well() {
        assert_eq!(day(START), "8 Mar");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(counted(1, "session"), "1 session");
        assert_eq!(shorten("developers in office", 12), "developers…");
    }

    /// Writes the charts to the folder named by `CHARTS_OUT`, to look at.
    #[test]
    fn write_samples() {
        let Ok(folder) = std::env::var("CHARTS_OUT") else { return };
        for (n, dark) in [(900, false), (900, true), (20_000, false), (20_000, true)] {
            let data = ChartData::from_report(&report(n));
            for chart in CHARTS {
                let wide = chart.name == "timeline";
                let (width, height) = if wide { (1180, 180) } else { (380, 260) };
                let text = svg(chart.name, &data, &Style { width, height, ratio: 1.0, dark, selected: Some(2) }).expect("it draws");
                let path = format!("{folder}/{}-{n}-{}.svg", chart.name, if dark { "dark" } else { "light" });
                std::fs::write(path, text).expect("the folder can be written");
            }
        }
    }
}
