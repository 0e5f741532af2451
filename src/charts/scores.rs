//! How many sessions have which score, and where the threshold lies.

use plotters::style::Color;

use super::sheet::{Hold, Sheet, counted, grouped, label_width, short};
use super::{ChartData, Style};
use crate::num;
use crate::report::{Severity, share_at_score};
use crate::time::Zone;

const BINS: usize = 50;

pub(crate) fn draw(data: &ChartData, style: &Style, sheet: &mut Sheet) {
    let colours = style.palette();
    let (left, right) = (40.0, sheet.width - 12.0);
    let (top, bottom) = (40.0, sheet.height - 22.0);
    if right - left < 20.0 || bottom - top < 10.0 {
        return;
    }
    sheet.rect(left, bottom, right - left, 1.0, colours.hairline);
    sheet.axis(left, right, 0.0, 1.0);
    let x_of = |score: f64| left + score.clamp(0.0, 1.0) * (right - left);
    for (score, label) in [(0.0, "0"), (0.25, "0.25"), (0.5, "0.5"), (0.75, "0.75"), (1.0, "1")] {
        sheet.rect(x_of(score), bottom, 1.0, 4.0, colours.hairline);
        sheet.text(x_of(score), bottom + 13.0, Hold::Middle, label, colours.muted);
    }
    let counts = histogram(data);
    let most = counts.iter().copied().max().unwrap_or(0);
    if most == 0 {
        sheet.text((left + right) / 2.0, (top + bottom) / 2.0, Hold::Middle, "no sessions", colours.muted);
        return;
    }

    // One more than the count, so that a single session can be seen.
    let height = |count: u64| num::log10(1.0 + count as f64);
    let scale = (bottom - top) / height(most.max(9));
    let mut tick = 1u64;
    while tick <= most {
        let y = bottom - height(tick) * scale;
        sheet.text(left - 8.0, y, Hold::Right, short(tick), colours.muted);
        sheet.rect(left - 4.0, y, 4.0, 1.0, colours.hairline);
        tick = tick.saturating_mul(10);
    }
    let threshold = style.threshold.filter(|t| t.is_finite()).unwrap_or(data.threshold);
    for (bin, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let (low, high) = edges(bin);
        let (from, to) = (x_of(low).round(), x_of(high).round());
        let y = bottom - height(count) * scale;
        let gap = if to - from >= 3.0 { 1.0 } else { 0.0 };
        let colour = if threshold.is_finite() && low + 1e-9 >= threshold { colours.severity(Severity::High) } else { colours.accent };
        sheet.rect(from, y, to - from - gap, bottom - y, colour.mix(0.85));
        sheet.hit(from, top, to - from, bottom - top, None, format!("score {low:.2} to {high:.2}: {}", counted(count, "session")));
    }

    if threshold.is_finite() {
        let x = x_of(threshold);
        let tried = (threshold - data.threshold).abs() > 1e-9;
        if tried && data.threshold.is_finite() {
            dashes(sheet, x_of(data.threshold), top, bottom, colours.muted);
        }
        dashes(sheet, x, 30.0, bottom, colours.severity(Severity::High));
        let share = if tried { share_at_score(threshold) } else { data.budget };
        let alerts = counted(alerts_at(data, threshold), "alert");
        let lines = if tried {
            [budget(share), format!("{alerts}, now {}", grouped(alerts_at(data, data.threshold)))]
        } else {
            [budget(share), alerts]
        };
        let wide = lines.iter().map(|line| label_width(line)).fold(0.0, f64::max);
        let (at, hold) = if x - 6.0 - wide > 0.0 { (x - 6.0, Hold::Right) } else { (x + 6.0, Hold::Left) };
        sheet.text(at, 9.0, hold, &lines[0], colours.muted);
        sheet.text(at, 25.0, hold, &lines[1], colours.ink);
        sheet.rect(x - 3.0, 26.0, 6.0, 6.0, colours.severity(Severity::High));
    }
    let chosen = style.selected.and_then(|rank| data.scores.get(rank as usize)).filter(|score| score.is_finite());
    if let Some(&score) = chosen {
        let x = x_of(f64::from(score));
        sheet.rect(x - 1.0, top, 2.0, bottom - top, colours.ink.mix(0.25));
        sheet.polygon(vec![(x - 5.0, bottom + 7.0), (x + 5.0, bottom + 7.0), (x, bottom)], colours.ink);
    }
}

fn dashes(sheet: &mut Sheet, x: f64, top: f64, bottom: f64, colour: plotters::style::RGBAColor) {
    let mut y = top;
    while y < bottom {
        sheet.rect(x - 0.5, y, 1.0, 4.0_f64.min(bottom - y), colour);
        y += 7.0;
    }
}

/// Sessions at or above a score; what a report calls alerts where nothing is excused.
fn alerts_at(data: &ChartData, threshold: f64) -> u64 {
    // Scores are kept with fewer digits than thresholds.
    data.scores.iter().filter(|score| f64::from(**score) >= threshold - 5e-8).count() as u64
}

/// Sessions by score, highest first.
pub(crate) fn table(data: &ChartData, _: &Zone) -> Vec<Vec<String>> {
    let mut rows = vec![["Score from", "to", "Sessions"].map(String::from).to_vec()];
    for (bin, count) in histogram(data).into_iter().enumerate().rev().filter(|(_, count)| *count > 0) {
        let (low, high) = edges(bin);
        rows.push(vec![format!("{low:.2}"), format!("{high:.2}"), grouped(count)]);
    }
    rows
}

/// The chart in a sentence.
pub(crate) fn says(data: &ChartData) -> String {
    let sessions = counted(data.scores.len() as u64, "session");
    if !data.threshold.is_finite() {
        return format!("{sessions}, no threshold.");
    }
    format!("{sessions}, {} at or above {:.3}, {}.", counted(alerts_at(data, data.threshold), "alert"), data.threshold, budget(data.budget))
}

fn edges(bin: usize) -> (f64, f64) {
    (bin as f64 / BINS as f64, (bin + 1) as f64 / BINS as f64)
}

fn histogram(data: &ChartData) -> Vec<u64> {
    let mut counts = vec![0u64; BINS];
    for &score in data.scores.iter().filter(|score| score.is_finite()) {
        let bin = (f64::from(score) * BINS as f64).clamp(0.0, (BINS - 1) as f64);
        counts[bin as usize] += 1;
    }
    counts
}

/// `budget 0.3 %`.
fn budget(share: f64) -> String {
    if !share.is_finite() {
        return "threshold".to_string();
    }
    let percent = share * 100.0;
    let text = if percent >= 0.1 { format!("{percent:.2}") } else { format!("{percent:.4}") };
    format!("budget {} %", text.trim_end_matches('0').trim_end_matches('.'))
}
