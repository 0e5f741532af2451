//! Events over time, stacked by class of identity, with the alerts above.

use plotters::style::Color;

use super::sheet::{Hold, Sheet, counted, day, grouped, label_width, short, time_ticks};
use super::{AlertMark, ChartData, Style, alert_text};
use crate::time::{Zone, format_clock, format_date};

const DAY: i64 = 24 * 3_600_000;
/// Bars narrower than this many CSS pixels are joined.
const NARROWEST: f64 = 3.0;

pub(crate) fn draw(data: &ChartData, style: &Style, sheet: &mut Sheet) {
    let colours = style.palette();
    let (left, right) = (44.0, sheet.width - 8.0);
    let (alerts_at, top, bottom) = (30.0, 42.0, sheet.height - 22.0);
    if right - left < 20.0 || bottom - top < 10.0 {
        return;
    }
    sheet.rect(left, bottom, right - left, 1.0, colours.hairline);
    let bins = data.counts.iter().map(Vec::len).max().unwrap_or(0);
    if bins == 0 || data.width <= 0 {
        sheet.text((left + right) / 2.0, (top + bottom) / 2.0, Hold::Middle, "no events", colours.muted);
        return;
    }

    // Join bins until bars are wide enough, by numbers that divide a day.
    let fits = |by: usize| (right - left) / (bins.div_ceil(by) as f64) >= NARROWEST;
    let by = [1, 2, 3, 4, 6, 8, 12].into_iter().chain((1..).map(|days| days * 24)).find(|&by| fits(by)).unwrap_or(bins);
    let bars = bins.div_ceil(by);
    let groups = groups(data);
    let mut heights = vec![vec![0u64; groups.len()]; bars];
    for (g, (_, members, _)) in groups.iter().enumerate() {
        for &series in members {
            for (bin, &count) in data.counts[series].iter().enumerate() {
                heights[bin / by][g] += u64::from(count);
            }
        }
    }

    let most = heights.iter().map(|bar| bar.iter().sum::<u64>()).max().unwrap_or(0).max(1);
    let step = nice_step(most);
    let scale = (bottom - top) / most as f64;
    for tick in 1..=most / step {
        let y = bottom - (tick * step) as f64 * scale;
        sheet.text(left - 8.0, y, Hold::Right, short(tick * step), colours.muted);
        sheet.rect(left - 4.0, y, 4.0, 1.0, colours.hairline);
    }

    let end = data.start.saturating_add(data.width.saturating_mul(bins as i64));
    let span = end.saturating_sub(data.start).max(1) as f64;
    sheet.axis(left, right, data.start as f64, end as f64);
    let x_of = |time: i64| left + (time.saturating_sub(data.start) as f64 / span).clamp(0.0, 1.0) * (right - left);

    let chosen = data.alerts.iter().find(|alert| Some(alert.rank) == style.selected);
    if let Some(alert) = chosen {
        sheet.rect(x_of(alert.time) - 0.5, alerts_at, 1.0, bottom - alerts_at, colours.severity(alert.severity));
    }
    // Alerts come first among the hits and last among the shapes: they lie on top.
    for alert in &data.alerts {
        sheet.hit(x_of(alert.time) - 7.0, alerts_at - 9.0, 14.0, 18.0, Some(alert.rank), alert_text(alert, &style.zone));
    }
    let bar_start = |bar: usize| data.start.saturating_add(data.width.saturating_mul((bar * by) as i64));
    let outside = |bar: usize| {
        style.brush.is_some_and(|(from, to)| bar_start(bar + 1) as f64 <= from.min(to) || bar_start(bar) as f64 >= from.max(to))
    };
    for (bar, heights) in heights.iter().enumerate() {
        let (from, to) = (x_of(bar_start(bar)).round(), x_of(bar_start(bar + 1).min(end)).round());
        let total: u64 = heights.iter().sum();
        if total == 0 {
            continue;
        }
        let gap = if to - from >= 3.0 { 1.0 } else { 0.0 };
        let mut below = 0u64;
        for (g, &count) in heights.iter().enumerate().filter(|(_, count)| **count > 0) {
            let (y0, y1) = (bottom - (below + count) as f64 * scale, bottom - below as f64 * scale);
            let colour = colours.series[groups[g].2];
            sheet.rect(from, y0, to - from - gap, y1 - y0, if outside(bar) { colour.mix(0.3) } else { colour });
            below += count;
        }
        let when = style.zone.local(bar_start(bar));
        let clock = if data.width < DAY { format!(" {}", format_clock(when)) } else { String::new() };
        let parts = heights.iter().zip(&groups).filter(|(count, _)| **count > 0 && groups.len() > 1);
        let parts: Vec<String> = parts.map(|(count, (name, ..))| format!("{} {}", grouped(*count), name)).collect();
        let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
        sheet.hit(from, top, to - from, bottom - top, None, format!("{}{clock}: {}{parts}", day(when), counted(total, "event")));
    }
    let (first, last) = (style.zone.local(data.start), style.zone.local(end));
    for (time, label) in time_ticks(first, last, ((right - left) / 80.0) as i64) {
        // Where a clock is put forward or back the offset at the start of the span still serves for a label.
        let x = x_of(time.saturating_sub(first.saturating_sub(data.start)));
        sheet.rect(x, bottom, 1.0, 4.0, colours.hairline);
        let hold = if x - left < 16.0 {
            Hold::Left
        } else if right - x < 16.0 {
            Hold::Right
        } else {
            Hold::Middle
        };
        sheet.text(x, bottom + 13.0, hold, label, colours.muted);
    }

    let mut x = left;
    for (name, _, colour) in &groups {
        let next = x + 14.0 + label_width(name) + 16.0;
        if next > right {
            break;
        }
        sheet.rect(x, 5.0, 9.0, 9.0, colours.series[*colour]);
        sheet.text(x + 14.0, 10.0, Hold::Left, name.clone(), colours.muted);
        x = next;
    }

    // The worst last, so that it is never hidden.
    let mut alerts: Vec<&AlertMark> = data.alerts.iter().collect();
    alerts.sort_by_key(|alert| (alert.severity, std::cmp::Reverse(alert.rank)));
    for alert in alerts.into_iter().chain(chosen) {
        let chosen = Some(alert.rank) == style.selected;
        let colour = colours.severity(alert.severity);
        sheet.mark(x_of(alert.time), alerts_at, if chosen { 6.5 } else { 4.5 }, alert.severity, colour);
        if chosen {
            sheet.ring(x_of(alert.time), alerts_at, 10.0, colours.ink);
        }
    }
}

/// Events by bin and series, then the alerts that began in the bin.
pub(crate) fn table(data: &ChartData, zone: &Zone) -> Vec<Vec<String>> {
    let mut head = vec![format!("From ({})", zone.label())];
    head.extend((0..data.counts.len()).map(|i| series_name(data, i)));
    head.push("Alerts".to_string());
    let bins = data.counts.iter().map(Vec::len).max().unwrap_or(0);
    let mut alerts = vec![0u32; bins];
    for alert in &data.alerts {
        let bin = alert.time.saturating_sub(data.start).checked_div_euclid(data.width).and_then(|bin| usize::try_from(bin).ok());
        if let Some(count) = bin.and_then(|bin| alerts.get_mut(bin)) {
            *count += 1;
        }
    }
    let mut rows = vec![head];
    for (bin, alerts) in alerts.iter().enumerate() {
        if *alerts == 0 && data.counts.iter().all(|counts| counts.get(bin).is_none_or(|count| *count == 0)) {
            continue;
        }
        let when = zone.local(data.start.saturating_add(data.width.saturating_mul(bin as i64)));
        let mut row = vec![format!("{} {}", format_date(when), format_clock(when))];
        row.extend(data.counts.iter().map(|counts| counts.get(bin).copied().unwrap_or(0).to_string()));
        row.push(alerts.to_string());
        rows.push(row);
    }
    rows
}

fn series_name(data: &ChartData, series: usize) -> String {
    data.series.get(series).cloned().unwrap_or_else(|| format!("series {}", series + 1))
}

/// The chart in a sentence.
pub(crate) fn says(data: &ChartData) -> String {
    let total: u64 = data.counts.iter().flatten().map(|count| u64::from(*count)).sum();
    format!("{}, {}.", counted(total, "event"), counted(data.alerts.len() as u64, "alert"))
}

/// The series from the bottom up, with their columns and their colour: people lowest, since they are looked for; those
/// beyond the colours are joined as `other`.
fn groups(data: &ChartData) -> Vec<(String, Vec<usize>, usize)> {
    let total = |series: usize| data.counts[series].iter().map(|&count| u64::from(count)).sum::<u64>();
    let usual = |series: usize| ["people", "machines", "AWS services"].iter().position(|name| *name == series_name(data, series));
    let mut order: Vec<usize> = (0..data.counts.len()).filter(|&series| total(series) > 0).collect();
    order.sort_by_key(|&series| (usual(series).unwrap_or(usize::MAX), std::cmp::Reverse(total(series)), series));
    let most = 5;
    let own = if order.len() > most { most - 1 } else { order.len() };
    let free = (0..5).filter(|colour| !order.iter().any(|series| usual(*series) == Some(*colour)));
    let mut free = free.collect::<Vec<_>>().into_iter();
    let mut colour = |series: usize| usual(series).or_else(|| free.next()).unwrap_or(4);
    let mut groups: Vec<_> = order[..own].iter().map(|&series| (series_name(data, series), vec![series], colour(series))).collect();
    if own < order.len() {
        groups.push(("other".to_string(), order[own..].to_vec(), 4));
    }
    groups
}

/// A step of 1, 2 or 5 times a power of ten that leaves two to four ticks.
fn nice_step(most: u64) -> u64 {
    let mut power = 1u64;
    loop {
        for digit in [1, 2, 5] {
            let step = power.saturating_mul(digit);
            if most / step < 4 {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}
