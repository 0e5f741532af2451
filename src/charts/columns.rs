//! What the charts show: small columns, cheap to hand from a worker to the page, made from a report and nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::report::{Reason, Report, SessionSummary, Severity, Timeline};

/// Sessions of one identity on the strip: the page stays quick, and more could not be told apart.
const MOST_BARS: usize = 5_000;
/// Networks with a row of their own on the strip.
const MOST_ROWS: usize = 7;
/// Alerts with a line of their own beside the selected session's.
const MOST_LINES: usize = 24;

/// What the charts show. A chart needs only its own columns.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
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
    /// Whose habits and sessions these are.
    pub who: String,
    /// The class of identity they are compared with.
    pub peers: String,
    /// In how many weeks the identity was active in each hour of the week, Monday 00:00 UTC first.
    pub hours: Vec<u32>,
    /// Weeks from first to last seen.
    pub weeks: u32,
    /// The share of their weeks in which the identity's peers were active in each hour.
    pub peer_hours: Vec<f32>,
    /// The identity's sessions in order of time.
    pub bars: Vec<SessionBar>,
    /// Names of the strip's rows: networks, most sessions first.
    pub rows: Vec<String>,
    /// Why the session is odd, strongest first.
    pub reasons: Vec<ReasonBar>,
    /// Countries that sessions came from.
    pub places: Vec<PlaceMark>,
    /// Journeys between them that end or begin in an alert.
    pub journeys: Vec<JourneyMark>,
    /// The detectors, and the whole score last.
    pub detectors: Vec<String>,
    /// Where each of them ranks the selected session (first, where there is one) and the alerts.
    pub ranked: Vec<RankedLine>,
    /// How many sessions there are in all.
    pub sessions: u32,
}

/// An alert on a chart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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

/// A session of one identity.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionBar {
    /// Its place in the report.
    pub rank: u32,
    /// Its first event, milliseconds since 1970 UTC.
    pub from: i64,
    /// Its last event.
    pub to: i64,
    /// Its row: a place in [`ChartData::rows`].
    pub row: u32,
    /// How bad.
    pub severity: Severity,
}

/// A reason of one session.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReasonBar {
    /// The fact group.
    pub group: String,
    /// What it adds.
    pub bits: f64,
    /// What was seen.
    pub seen: String,
    /// The reason as a sentence.
    pub sentence: String,
}

/// A country that sessions came from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceMark {
    /// Its name.
    pub name: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Sessions.
    pub sessions: u64,
    /// Of them, alerts.
    pub alerts: u64,
    /// The worst of them.
    pub severity: Severity,
    /// The strangest session from there.
    pub rank: u32,
}

/// A journey of one identity.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JourneyMark {
    /// Where it began: a place in [`ChartData::places`].
    pub from: u32,
    /// Where it ended.
    pub to: u32,
    /// The alert that it belongs to.
    pub rank: u32,
    /// How bad that is.
    pub severity: Severity,
    /// Who travelled how far in how long.
    pub text: String,
}

/// Where each detector ranks a session.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RankedLine {
    /// The session's place in the report.
    pub rank: u32,
    /// Whose session.
    pub who: String,
    /// How bad.
    pub severity: Severity,
    /// Its place by each of [`ChartData::detectors`], from 1.
    pub places: Vec<u32>,
}

impl ChartData {
    /// The columns of all charts that show a whole report.
    pub fn from_report(report: &Report) -> ChartData {
        let (time, scores, map, world) = (timeline(report, None), scores(report, None), map(report, None), world(report, None));
        ChartData {
            scores: scores.scores,
            threshold: scores.threshold,
            budget: scores.budget,
            x: map.x,
            y: map.y,
            persona: map.persona,
            noise: map.noise,
            personas: map.personas,
            places: world.places,
            journeys: world.journeys,
            ..ChartData { start: time.start, width: time.width, series: time.series, counts: time.counts, alerts: time.alerts, ..ranks(report, None) }
        }
    }

    /// The columns of the charts that show one identity. Empty where there is none of that number.
    pub fn of_identity(report: &Report, identity: u32) -> ChartData {
        let Some(who) = report.identities.get(identity as usize) else { return ChartData::default() };
        let weeks = |i: &crate::report::IdentitySummary| {
            let spanned = i.seen.to.saturating_sub(i.seen.from).max(0) / (7 * 24 * 3_600_000) + 1;
            u32::try_from(spanned).unwrap_or(u32::MAX).max(i.hours.iter().copied().max().unwrap_or(0))
        };
        let mut peer_hours = vec![0u64; 168];
        let mut peer_weeks = 0u64;
        for (_, peer) in (0u32..).zip(&report.identities).filter(|(n, peer)| *n != identity && peer.class == who.class && peer.hours.len() == 168) {
            peer_weeks += u64::from(weeks(peer));
            peer_hours.iter_mut().zip(&peer.hours).for_each(|(sum, hour)| *sum += u64::from(*hour));
        }
        let share = |sum: u64| if peer_weeks == 0 { 0.0 } else { (sum as f64 / peer_weeks as f64) as f32 };
        let mut own: Vec<(u32, &SessionSummary)> = (0u32..).zip(&report.sessions).filter(|(_, s)| s.identity == identity).collect();
        let mut networks: BTreeMap<&str, u64> = BTreeMap::new();
        own.iter().for_each(|(_, s)| *networks.entry(network(s)).or_default() += 1);
        let mut order: Vec<(&str, u64)> = networks.into_iter().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let own_rows = if order.len() > MOST_ROWS { MOST_ROWS - 1 } else { order.len() };
        let mut rows: Vec<String> = order[..own_rows].iter().map(|(name, _)| (*name).to_owned()).collect();
        if own_rows < order.len() {
            rows.push(format!("{} others", order.len() - own_rows));
        }
        // The strangest are kept where there are too many.
        own.truncate(MOST_BARS);
        own.sort_by_key(|(rank, s)| (s.span.from, *rank));
        let row = |s: &SessionSummary| order[..own_rows].iter().position(|(name, _)| *name == network(s)).unwrap_or(own_rows) as u32;
        ChartData {
            who: who.name.clone(),
            peers: who.class.clone(),
            hours: who.hours.clone(),
            weeks: weeks(who),
            peer_hours: peer_hours.into_iter().map(share).collect(),
            bars: own
                .iter()
                .map(|(rank, s)| SessionBar { rank: *rank, from: s.span.from, to: s.span.to, row: row(s), severity: s.severity })
                .collect(),
            rows,
            start: who.seen.from,
            width: who.seen.to.saturating_sub(who.seen.from),
            ..ChartData::default()
        }
    }

    /// Countries and journeys.
    fn add_places(&mut self, report: &Report) {
        let place_of: BTreeMap<&str, usize> = report.places.iter().enumerate().map(|(n, p)| (p.code.as_str(), n)).collect();
        self.places = report
            .places
            .iter()
            .map(|p| PlaceMark { name: p.name.clone(), latitude: p.latitude, longitude: p.longitude, rank: u32::MAX, ..PlaceMark::default() })
            .collect();
        for (rank, session) in (0u32..).zip(&report.sessions) {
            // A cloud's addresses say where its machines are registered, not where anybody is.
            if let Some(&place) = place_of.get(&*session.country).filter(|_| &*session.network_kind != "cloud") {
                let mark = &mut self.places[place];
                mark.sessions += 1;
                mark.alerts += u64::from(session.alert);
                mark.rank = mark.rank.min(rank);
                if session.alert {
                    mark.severity = mark.severity.max(session.severity);
                }
            }
        }
        for journey in &report.journeys {
            let ends = (report.sessions.get(journey.from as usize), report.sessions.get(journey.to as usize));
            let (Some(from), Some(to)) = ends else { continue };
            let (Some(&a), Some(&b)) = (place_of.get(&*from.country), place_of.get(&*to.country)) else { continue };
            let (rank, alert) = if to.alert || !from.alert { (journey.to, to) } else { (journey.from, from) };
            if !alert.alert {
                continue;
            }
            self.journeys.push(JourneyMark {
                from: a as u32,
                to: b as u32,
                rank,
                severity: alert.severity,
                text: format!(
                    "{}: {} to {}, {} km in {}",
                    name(report, to), self.places[a].name, self.places[b].name, journey.km.round(), lasting(journey.hours)
                ),
            });
        }
    }

    /// Where each detector ranks a session and the alerts.
    fn add_ranks(&mut self, report: &Report, selected: Option<u32>) {
        let sessions = &report.sessions;
        let alerts = (0u32..).zip(sessions).filter(|(_, s)| s.alert).map(|(rank, _)| rank);
        let alerts = alerts.filter(|rank| Some(*rank) != selected).take(MOST_LINES);
        let wanted: Vec<u32> = selected.filter(|rank| (*rank as usize) < sessions.len()).into_iter().chain(alerts).collect();
        self.detectors = report.detectors.iter().map(|d| d.name.clone()).collect();
        self.detectors.push("score".into());
        self.ranked = wanted
            .iter()
            .map(|&rank| {
                let session = &sessions[rank as usize];
                RankedLine { rank, who: name(report, session), severity: session.severity, places: Vec::new() }
            })
            .collect();
        for detector in 0..report.detectors.len() {
            let score = |s: &SessionSummary| s.detectors.get(detector).copied().unwrap_or(0.0);
            let mut sorted: Vec<f64> = sessions.iter().map(score).collect();
            sorted.sort_by(|a, b| b.total_cmp(a));
            for line in &mut self.ranked {
                let own = score(&sessions[line.rank as usize]);
                line.places.push(sorted.partition_point(|other| *other > own) as u32 + 1);
            }
        }
        self.ranked.iter_mut().for_each(|line| line.places.push(line.rank + 1));
    }

    /// A session's place on the map, where it has one.
    pub(super) fn point(&self, rank: usize) -> Option<(f64, f64)> {
        let (x, y) = (*self.x.get(rank)?, *self.y.get(rank)?);
        (x.is_finite() && y.is_finite()).then_some((f64::from(x), f64::from(y)))
    }
}

/// Events over time, and the alerts.
pub(super) fn timeline(report: &Report, _: Option<u32>) -> ChartData {
    let Timeline { start, width, series, counts } = report.timeline.clone();
    ChartData { start, width, series, counts, alerts: alerts(report), ..ChartData::default() }
}

/// Every session's score.
pub(super) fn scores(report: &Report, _: Option<u32>) -> ChartData {
    ChartData {
        scores: report.sessions.iter().map(|s| s.score as f32).collect(),
        threshold: report.calibration.threshold,
        budget: report.calibration.budget,
        ..ChartData::default()
    }
}

/// Every session's place on the plane.
pub(super) fn map(report: &Report, _: Option<u32>) -> ChartData {
    let sessions = &report.sessions;
    ChartData {
        x: sessions.iter().map(|s| s.x as f32).collect(),
        y: sessions.iter().map(|s| s.y as f32).collect(),
        persona: sessions.iter().map(|s| s.persona.min(255) as u8).collect(),
        noise: sessions.iter().map(|s| s.noise).collect(),
        personas: report.personas.iter().map(|p| p.name.clone()).collect(),
        alerts: alerts(report),
        ..ChartData::default()
    }
}

/// Countries and journeys.
pub(super) fn world(report: &Report, _: Option<u32>) -> ChartData {
    let mut data = ChartData::default();
    data.add_places(report);
    data
}

/// Where each detector ranks the session of that rank and the alerts.
pub(super) fn ranks(report: &Report, rank: Option<u32>) -> ChartData {
    let mut data = ChartData { sessions: report.sessions.len() as u32, ..ChartData::default() };
    data.add_ranks(report, rank);
    data
}

/// Why the session of that rank is odd.
pub(super) fn reasons(report: &Report, rank: Option<u32>) -> ChartData {
    let Some(session) = rank.and_then(|rank| report.sessions.get(rank as usize)) else { return ChartData::default() };
    let bar = |r: &Reason| ReasonBar { group: r.group.clone(), bits: r.bits, seen: r.seen.clone(), sentence: r.sentence.clone() };
    ChartData { who: name(report, session), reasons: session.reasons.iter().map(bar).collect(), ..ChartData::default() }
}

/// An identity's hours and sessions.
pub(super) fn habits(report: &Report, identity: Option<u32>) -> ChartData {
    identity.map_or_else(ChartData::default, |identity| ChartData::of_identity(report, identity))
}

fn alerts(report: &Report) -> Vec<AlertMark> {
    let alerts = (0u32..).zip(&report.sessions).filter(|(_, s)| s.alert);
    alerts.map(|(rank, s)| AlertMark { rank, time: s.span.from, severity: s.severity, who: name(report, s) }).collect()
}

fn name(report: &Report, session: &SessionSummary) -> String {
    report.identities.get(session.identity as usize).map(|i| i.name.clone()).unwrap_or_default()
}

fn network(session: &SessionSummary) -> &str {
    if session.network.is_empty() { "not known" } else { &session.network }
}

/// `38 minutes`, `5.2 hours`.
fn lasting(hours: f64) -> String {
    if hours < 1.0 { format!("{} minutes", (hours * 60.0).round()) } else { format!("{:.1} hours", hours) }
}
