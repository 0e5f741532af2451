//! How a session's reasons add up: a bar a reason, each beginning where the one above ends.

use plotters::style::Color;

use super::sheet::{Hold, Sheet, counted, label_width, shorten};
use super::{ChartData, ReasonBar, Style};
use crate::num;
use crate::time::Zone;

const ROW: f64 = 26.0;

pub(crate) fn height(data: &ChartData, _: u32) -> u32 {
    (data.reasons.len().max(1) as f64 * ROW + 52.0) as u32
}

pub(crate) fn draw(data: &ChartData, style: &Style, sheet: &mut Sheet) {
    let colours = style.palette();
    let label = |reason: &ReasonBar| {
        if reason.seen.is_empty() { reason.group.clone() } else { format!("{}: {}", reason.group, reason.seen) }
    };
    let most = if sheet.width < 520.0 { 18 } else { 38 };
    let labels: Vec<String> = data.reasons.iter().map(|reason| shorten(&label(reason), most)).collect();
    let left = 16.0 + labels.iter().map(|label| label_width(label)).fold(50.0, f64::max);
    let (right, top) = (sheet.width - 60.0, 4.0);
    if right - left < 20.0 || sheet.height < 40.0 {
        return;
    }
    if data.reasons.is_empty() {
        sheet.text(sheet.width / 2.0, sheet.height / 2.0, Hold::Middle, "nothing about this session is unusual enough to say", colours.muted);
        return;
    }
    let total = total(data).max(1.0);
    let x_of = |bits: f64| left + (bits / total).clamp(0.0, 1.0) * (right - left);
    let mut before = 0.0;
    for (number, (reason, label)) in data.reasons.iter().zip(&labels).enumerate() {
        let y = top + number as f64 * ROW;
        let (from, to) = (x_of(before), x_of(before + reason.bits.max(0.0)));
        sheet.text(left - 10.0, y + ROW / 2.0, Hold::Right, label, colours.ink);
        if number > 0 {
            sheet.rect(from, y - ROW / 2.0 + 6.0, 1.0, ROW - 6.0, colours.hairline);
        }
        sheet.rect(from, y + 6.0, (to - from).max(1.0), ROW - 12.0, colours.accent);
        sheet.text(to + 6.0, y + ROW / 2.0, Hold::Left, format!("{:.1}", reason.bits), colours.muted);
        sheet.hit(0.0, y, sheet.width, ROW, None, format!("{:.1} bits, {}: {}", reason.bits, reason.group, reason.sentence));
        before += reason.bits.max(0.0);
    }
    let y = top + data.reasons.len() as f64 * ROW;
    sheet.rect(left, y + 2.0, right - left, 1.0, colours.hairline);
    sheet.rect(left, y + 8.0, x_of(before) - left, ROW - 12.0, colours.ink.mix(0.8));
    sheet.text(left - 10.0, y + ROW / 2.0 + 2.0, Hold::Right, "together", colours.ink);
    sheet.text(x_of(before) + 6.0, y + ROW / 2.0 + 2.0, Hold::Left, format!("{before:.1}"), colours.ink);
    sheet.text(8.0, y + ROW + 12.0, Hold::Left, format!("bits: usual {}", how_often(before)), colours.muted);
    sheet.hit(0.0, y, sheet.width, ROW, None, says(data));
}

fn total(data: &ChartData) -> f64 {
    num::sum(data.reasons.iter().map(|reason| reason.bits.max(0.0)))
}

/// One time in two to the power of so many bits, in words.
fn how_often(bits: f64) -> String {
    let times = num::pow(2.0, bits.clamp(0.0, 200.0));
    for (unit, name) in [(1e12, "million million"), (1e9, "thousand million"), (1e6, "million"), (1e3, "thousand")] {
        if times >= unit {
            let many = times / unit;
            return if many >= 1000.0 { "as good as never".into() } else { format!("about one time in {many:.0} {name}") };
        }
    }
    format!("about one time in {times:.0}")
}

/// The reasons, strongest first.
pub(crate) fn table(data: &ChartData, _: &Zone) -> Vec<Vec<String>> {
    let mut rows = vec![["Group", "Bits", "Together", "Why"].map(String::from).to_vec()];
    let mut before = 0.0;
    for reason in &data.reasons {
        before += reason.bits.max(0.0);
        rows.push(vec![reason.group.clone(), format!("{:.1}", reason.bits), format!("{before:.1}"), reason.sentence.clone()]);
    }
    rows
}

/// The chart in a sentence.
pub(crate) fn says(data: &ChartData) -> String {
    format!("{}, together {:.1} bits.", counted(data.reasons.len() as u64, "reason"), total(data))
}
