//! An identity's sessions on a strip of time, a row for each network.

use plotters::style::Color;

use super::sheet::{Hold, Sheet, counted, day, grouped, label_width, severity_name, shorten, time_ticks};
use super::{ChartData, SessionBar, Style};
use crate::report::Severity;
use crate::time::{Zone, format_clock};

/// Rows with their name above are higher than those with it at the left.
const ROW: f64 = 22.0;
const ROW_WITH_NAME: f64 = 34.0;
const NARROW: u32 = 560;

pub(crate) fn height(data: &ChartData, width: u32) -> u32 {
    let row = if width < NARROW { ROW_WITH_NAME } else { ROW };
    (data.rows.len().max(1) as f64 * row + 38.0) as u32
}

pub(crate) fn draw(data: &ChartData, style: &Style, sheet: &mut Sheet) {
    let colours = style.palette();
    let narrow = sheet.width < f64::from(NARROW);
    let names = data.rows.iter().map(|name| label_width(&shorten(name, 30))).fold(0.0, f64::max);
    let (left, right) = (if narrow { 8.0 } else { 16.0 + names }, sheet.width - 56.0);
    let (top, bottom) = (8.0, sheet.height - 24.0);
    if right - left < 20.0 || bottom - top < 10.0 {
        return;
    }
    sheet.rect(left, bottom, right - left, 1.0, colours.hairline);
    if data.bars.is_empty() || data.rows.is_empty() {
        sheet.text((left + right) / 2.0, (top + bottom) / 2.0, Hold::Middle, "no sessions", colours.muted);
        return;
    }
    let start = data.bars.iter().map(|bar| bar.from).min().unwrap_or(0).min(data.start);
    let end = data.bars.iter().map(|bar| bar.to).max().unwrap_or(0).max(data.start.saturating_add(data.width));
    let span = end.saturating_sub(start).max(60_000) as f64;
    let x_of = |time: i64| left + (time.saturating_sub(start) as f64 / span).clamp(0.0, 1.0) * (right - left);
    let row = (bottom - top) / data.rows.len() as f64;
    let y_of = |bar: &SessionBar| top + (f64::from(bar.row) + if narrow { 0.7 } else { 0.5 }) * row;

    let mut counts = vec![0u64; data.rows.len()];
    for bar in &data.bars {
        if let Some(count) = counts.get_mut(bar.row as usize) {
            *count += 1;
        }
    }
    for (number, name) in data.rows.iter().enumerate() {
        let middle = top + (number as f64 + 0.5) * row;
        if narrow {
            sheet.text(left, top + number as f64 * row + 8.0, Hold::Left, shorten(name, 40), colours.muted);
        } else {
            sheet.text(left - 10.0, middle, Hold::Right, shorten(name, 30), colours.muted);
        }
        let y = if narrow { top + (number as f64 + 0.7) * row } else { middle };
        sheet.rect(left, y, right - left, 1.0, colours.hairline);
        sheet.text(right + 8.0, y, Hold::Left, grouped(counts[number]), colours.muted);
    }

    // What matters is hit first and drawn last.
    let mut order: Vec<&SessionBar> = data.bars.iter().filter(|bar| (bar.row as usize) < data.rows.len()).collect();
    order.sort_by_key(|bar| (Some(bar.rank) == style.selected, bar.severity, std::cmp::Reverse(bar.rank)));
    for bar in order.iter().rev().filter(|bar| bar.severity != Severity::None || Some(bar.rank) == style.selected) {
        sheet.hit(x_of(bar.from) - 6.0, y_of(bar) - 8.0, 12.0, 16.0, Some(bar.rank), says_bar(data, bar, &style.zone));
    }
    let tall = (row * 0.5).min(11.0);
    let mut last = (u32::MAX, f64::NEG_INFINITY);
    for bar in &data.bars {
        if bar.row as usize >= data.rows.len() || bar.severity != Severity::None {
            continue;
        }
        let x = x_of(bar.from);
        let wide = (x_of(bar.to) - x).max(2.0);
        // Bars that would lie on each other within half a pixel are one.
        if last.0 == bar.row && x - last.1 < 0.5 {
            continue;
        }
        last = (bar.row, x);
        sheet.rect(x - 1.0, y_of(bar) - tall / 2.0, wide, tall, colours.accent.mix(0.7));
        sheet.hit(x - 1.0, y_of(bar) - tall / 2.0, wide, tall, Some(bar.rank), says_bar(data, bar, &style.zone));
    }
    for bar in order {
        let selected = Some(bar.rank) == style.selected;
        let (x, y) = (x_of(bar.from), y_of(bar));
        if bar.severity != Severity::None {
            sheet.dot(x, y, 6.5, colours.panel);
            sheet.mark(x, y, 4.5, bar.severity, colours.severity(bar.severity));
        }
        if selected {
            sheet.ring(x, y, 8.0, colours.ink);
            sheet.ring(x, y, 9.0, colours.ink);
        }
    }
    let (first, to) = (style.zone.local(start), style.zone.local(end));
    for (time, label) in time_ticks(first, to, ((right - left) / 80.0) as i64) {
        let x = x_of(time.saturating_sub(first.saturating_sub(start)));
        sheet.rect(x, bottom, 1.0, 4.0, colours.hairline);
        let hold = if x - left < 16.0 { Hold::Left } else { Hold::Middle };
        sheet.text(x, bottom + 14.0, hold, label, colours.muted);
    }
}

fn says_bar(data: &ChartData, bar: &SessionBar, zone: &Zone) -> String {
    let (from, to) = (zone.local(bar.from), zone.local(bar.to));
    let network = data.rows.get(bar.row as usize).map_or("", String::as_str);
    format!("{} {} to {}, {network}: {}", day(from), format_clock(from), format_clock(to), severity_name(bar.severity))
}

/// The sessions in order of time.
pub(crate) fn table(data: &ChartData, zone: &Zone) -> Vec<Vec<String>> {
    let mut rows = vec![vec![format!("From ({})", zone.label()), "to".into(), "Network".into(), "Alert".into(), "Rank".into()]];
    rows.extend(data.bars.iter().map(|bar| {
        let network = data.rows.get(bar.row as usize).cloned().unwrap_or_default();
        vec![zone.time(bar.from), zone.time(bar.to), network, severity_name(bar.severity).into(), (u64::from(bar.rank) + 1).to_string()]
    }));
    rows
}

/// The chart in a sentence.
pub(crate) fn says(data: &ChartData) -> String {
    let alerts = data.bars.iter().filter(|bar| bar.severity != Severity::None).count() as u64;
    let (sessions, networks) = (counted(data.bars.len() as u64, "session"), counted(data.rows.len() as u64, "network"));
    format!("{}: {sessions} on {networks}, {} with a severity.", data.who, grouped(alerts))
}
