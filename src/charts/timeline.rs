//! Events over time, stacked by class of identity, with the alerts above.

use super::{AlertMark, ChartData, Hold, Sheet, Style, alert_text, counted, day, grouped, label_width};
use crate::time::{format_clock, format_date};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
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
    for (g, (_, members)) in groups.iter().enumerate() {
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
    let x_of = |time: i64| left + (time.saturating_sub(data.start) as f64 / span).clamp(0.0, 1.0) * (right - left);

    let chosen = data.alerts.iter().find(|alert| Some(alert.rank) == style.selected);
    if let Some(alert) = chosen {
        sheet.rect(x_of(alert.time) - 0.5, alerts_at, 1.0, bottom - alerts_at, colours.severity(alert.severity));
    }
    // Alerts come first among the hits and last among the shapes: they lie on top.
    for alert in &data.alerts {
        sheet.hit(x_of(alert.time) - 7.0, alerts_at - 9.0, 14.0, 18.0, Some(alert.rank), alert_text(alert));
    }
    let bar_start = |bar: usize| data.start.saturating_add(data.width.saturating_mul((bar * by) as i64));
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
            sheet.rect(from, y0, to - from - gap, y1 - y0, colours.series[g]);
            below += count;
        }
        let when = bar_start(bar);
        let clock = if data.width < DAY { format!(" {}", format_clock(when)) } else { String::new() };
        sheet.hit(from, top, to - from, bottom - top, None, format!("{}{clock}: {}", day(when), counted(total, "event")));
    }
    for (time, label) in ticks(data.start, end, ((right - left) / 80.0) as i64) {
        let x = x_of(time);
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
    for (g, (name, _)) in groups.iter().enumerate() {
        let next = x + 14.0 + label_width(name) + 16.0;
        if next > right {
            break;
        }
        sheet.rect(x, 5.0, 9.0, 9.0, colours.series[g]);
        sheet.text(x + 14.0, 10.0, Hold::Left, name.clone(), colours.muted);
        x = next;
    }

    // The worst last, so that it is never hidden.
    let mut alerts: Vec<&AlertMark> = data.alerts.iter().collect();
    alerts.sort_by_key(|alert| (alert.severity, std::cmp::Reverse(alert.rank)));
    for alert in alerts.into_iter().chain(chosen) {
        let (x, big) = (x_of(alert.time), if Some(alert.rank) == style.selected { 2.0 } else { 0.0 });
        let (w, y) = (5.0 + big, alerts_at - 4.0 - big);
        let corners = vec![(x - w, y), (x + w, y), (x, alerts_at + 4.0 + big)];
        sheet.polygon(corners, colours.severity(alert.severity));
    }
}

/// Events by bin and series, then the alerts that began in the bin.
pub(crate) fn table(data: &ChartData) -> Vec<Vec<String>> {
    let mut head = vec!["From (UTC)".to_string()];
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
        let when = data.start.saturating_add(data.width.saturating_mul(bin as i64));
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

/// The series by size, the largest first; those beyond the colours are joined as `other`.
fn groups(data: &ChartData) -> Vec<(String, Vec<usize>)> {
    let total = |series: usize| data.counts[series].iter().map(|&count| u64::from(count)).sum::<u64>();
    let mut order: Vec<usize> = (0..data.counts.len()).filter(|&series| total(series) > 0).collect();
    order.sort_by_key(|&series| (std::cmp::Reverse(total(series)), series));
    let most = 5;
    let own = if order.len() > most { most - 1 } else { order.len() };
    let mut groups: Vec<_> = order[..own].iter().map(|&series| (series_name(data, series), vec![series])).collect();
    if own < order.len() {
        groups.push(("other".to_string(), order[own..].to_vec()));
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

/// `1500` as `1.5k`.
pub(super) fn short(count: u64) -> String {
    for (unit, name) in [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")] {
        if count >= unit {
            let tenths = count / (unit / 10);
            let rest = if tenths.is_multiple_of(10) { String::new() } else { format!(".{}", tenths % 10) };
            return format!("{}{rest}{name}", grouped(tenths / 10));
        }
    }
    count.to_string()
}

/// Times to label: whole days, or hours when there are few days; about seven, never more than fit.
fn ticks(start: i64, end: i64, fit: i64) -> Vec<(i64, String)> {
    let span = end.saturating_sub(start);
    let most = fit.clamp(1, 9);
    let hours = [1, 2, 3, 6, 12].map(|hours| hours * HOUR);
    let days = [1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 56, 91, 182, 365].map(|days| days * DAY);
    let step = hours.into_iter().chain(days).find(|step| span / step < most).unwrap_or((span / most / DAY + 1).saturating_mul(DAY));
    let mut ticks = Vec::new();
    // Steps of several days count from the first day shown.
    let first_day = start.div_euclid(DAY) * DAY + if start.rem_euclid(DAY) == 0 { 0 } else { DAY };
    let mut time = if step < DAY { start.div_euclid(step) * step } else { first_day };
    while time <= end && ticks.len() < 20 {
        if time >= start {
            ticks.push((time, if time.rem_euclid(DAY) == 0 { day(time) } else { format_clock(time) }));
        }
        time = time.saturating_add(step);
    }
    ticks
}
