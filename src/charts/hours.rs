//! An identity's hours of the week, beside those of its peers.

use plotters::style::Color;

use super::sheet::{Hold, Sheet};
use super::{ChartData, Style};
use crate::report::Severity;
use crate::time::Zone;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const HOUR: i64 = 3_600_000;

pub(crate) fn draw(data: &ChartData, style: &Style, sheet: &mut Sheet) {
    let colours = style.palette();
    let (left, top) = (34.0, 6.0);
    let (wide, tall) = ((sheet.width - left - 8.0) / 24.0, (sheet.height - top - 22.0) / 7.0);
    if wide < 3.0 || tall < 3.0 {
        return;
    }
    if data.hours.len() != 168 {
        sheet.text(sheet.width / 2.0, sheet.height / 2.0, Hold::Middle, "no sessions", colours.muted);
        return;
    }
    let (shift, minutes) = shift(data, &style.zone);
    let most = f64::from(data.hours.iter().copied().max().unwrap_or(0).max(1));
    let most_peers = data.peer_hours.iter().copied().filter(|share| share.is_finite()).fold(0.0f32, f32::max);
    let gap = if wide > 8.0 { 2.0 } else { 1.0 };
    let at = |cell: usize| (left + (cell % 24) as f64 * wide, top + (cell / 24) as f64 * tall);
    for local in 0..168usize {
        let utc = (local as i64 - shift).rem_euclid(168) as usize;
        let (weeks, peers) = (data.hours[utc], data.peer_hours.get(utc).copied().unwrap_or(0.0));
        let (x, y) = at(local);
        let (w, h) = (wide - gap, tall - gap);
        if weeks == 0 {
            sheet.rect(x, y, w, h, colours.density[0].mix(0.45));
        } else {
            let step = ((f64::from(weeks) / most * 5.0).ceil() as usize).clamp(1, 5);
            sheet.rect(x, y, w, h, colours.density[step]);
        }
        if peers > 0.0 && most_peers > 0.0 {
            let radius = (f64::from(peers / most_peers)).sqrt() * (w.min(h) * 0.28).min(4.5);
            if radius >= 0.75 {
                sheet.dot(x + w / 2.0, y + h / 2.0, radius, if weeks == 0 { colours.muted.mix(0.75) } else { colours.panel.mix(0.9) });
            }
        }
    }
    // The selected session, and alerts: the hour in which they began.
    let mut framed: Vec<(usize, Severity, bool)> = data
        .bars
        .iter()
        .filter(|bar| bar.severity != Severity::None || Some(bar.rank) == style.selected)
        .map(|bar| (cell_of(bar.from, &style.zone, minutes), bar.severity, Some(bar.rank) == style.selected))
        .collect();
    framed.sort_by_key(|(cell, severity, selected)| (*selected, *severity, *cell));
    for (cell, severity, selected) in framed {
        let (x, y) = at(cell);
        let colour = if severity == Severity::None { colours.ink } else { colours.severity(severity) };
        let thick = if selected { 3.0 } else { 2.0 };
        sheet.frame(x - 1.0, y - 1.0, wide - gap + 2.0, tall - gap + 2.0, thick, colour);
    }
    let mut strangest: [Option<u32>; 168] = [None; 168];
    for bar in &data.bars {
        let cell = &mut strangest[cell_of(bar.from, &style.zone, minutes)];
        *cell = Some(cell.map_or(bar.rank, |rank| rank.min(bar.rank)));
    }
    for (local, rank) in strangest.into_iter().enumerate() {
        let (x, y) = at(local);
        sheet.hit(x, y, wide, tall, rank, says_cell(data, local, shift, minutes));
    }
    for (row, name) in DAYS.iter().enumerate() {
        sheet.text(left - 6.0, top + (row as f64 + 0.5) * tall - gap / 2.0, Hold::Right, name, colours.muted);
    }
    for hour in [0, 6, 12, 18] {
        let label = format!("{hour:02}:{minutes:02}");
        sheet.text(left + f64::from(hour) * wide, sheet.height - 12.0, Hold::Left, label, colours.muted);
    }
}

/// What a cell shows: `Tue 14:00: active in 3 of 5 weeks; IAM users in 40 % of theirs`.
fn says_cell(data: &ChartData, local: usize, shift: i64, minutes: i64) -> String {
    let utc = (local as i64 - shift).rem_euclid(168) as usize;
    let weeks = data.hours.get(utc).copied().unwrap_or(0);
    let peers = f64::from(data.peer_hours.get(utc).copied().unwrap_or(0.0)) * 100.0;
    let peers = if data.peers.is_empty() { String::new() } else { format!("; peers ({}) in {peers:.0} % of theirs", data.peers) };
    format!("{} {:02}:{minutes:02}: active in {weeks} of {} weeks{peers}", DAYS[local / 24], local % 24, data.weeks.max(weeks))
}

/// How far the zone's hours are from UTC's, at the end of what is shown: whole hours, and the minutes beyond.
fn shift(data: &ChartData, zone: &Zone) -> (i64, i64) {
    let end = data.start.saturating_add(data.width);
    let minutes = zone.local(end).saturating_sub(end) / 60_000;
    (minutes.div_euclid(60), minutes.rem_euclid(60))
}

/// The cell in which a time lies: hours begin `minutes` past the clock's.
fn cell_of(time: i64, zone: &Zone, minutes: i64) -> usize {
    // 1970-01-01 was a Thursday: Monday is three days before.
    (zone.local(time).saturating_sub(minutes * 60_000).div_euclid(HOUR) + 72).rem_euclid(168) as usize
}

/// The hours in which the identity or its peers are active.
pub(crate) fn table(data: &ChartData, zone: &Zone) -> Vec<Vec<String>> {
    let (shift, minutes) = shift(data, zone);
    let mut rows = vec![vec![format!("Hour ({})", zone.label()), "Weeks active".into(), "Of weeks".into(), "Peers, % of their weeks".into()]];
    for local in 0..168usize {
        let utc = (local as i64 - shift).rem_euclid(168) as usize;
        let weeks = data.hours.get(utc).copied().unwrap_or(0);
        let peers = data.peer_hours.get(utc).copied().unwrap_or(0.0);
        if weeks > 0 || peers > 0.0 {
            let hour = format!("{} {:02}:{minutes:02}", DAYS[local / 24], local % 24);
            rows.push(vec![hour, weeks.to_string(), data.weeks.max(weeks).to_string(), format!("{:.1}", f64::from(peers) * 100.0)]);
        }
    }
    rows
}

/// The chart in a sentence.
pub(crate) fn says(data: &ChartData) -> String {
    let active = data.hours.iter().filter(|weeks| **weeks > 0).count();
    format!("{}: active in {active} of 168 hours of the week, within {} weeks.", data.who, data.weeks)
}
