//! Detectors side by side: where each ranks the selected session and the alerts.

use plotters::style::Color;

use super::sheet::{Hold, Sheet, counted, grouped, label_width, severity_name, short, shorten};
use super::{ChartData, RankedLine, Style};
use crate::num;
use crate::time::Zone;

pub(crate) fn draw(data: &ChartData, style: &Style, sheet: &mut Sheet) {
    let colours = style.palette();
    let columns = data.detectors.len();
    let margin = if sheet.width < 520.0 { 42.0 } else { 58.0 };
    let (left, right) = (margin, sheet.width - margin);
    let (top, bottom) = (44.0, sheet.height - 10.0);
    if right - left < 60.0 || bottom - top < 30.0 {
        return;
    }
    if data.ranked.is_empty() || columns < 2 {
        sheet.text(sheet.width / 2.0, sheet.height / 2.0, Hold::Middle, "no alerts, and no session selected", colours.muted);
        return;
    }
    let most = f64::from(data.sessions.max(data.ranked.iter().flat_map(|line| line.places.iter().copied()).max().unwrap_or(1)).max(10));
    let x_of = |column: usize| left + column as f64 / (columns - 1) as f64 * (right - left);
    let y_of = |place: u32| top + num::log10(f64::from(place.max(1))) / num::log10(most) * (bottom - top);

    let mut tick = 1u32;
    while f64::from(tick) <= most {
        let y = y_of(tick);
        sheet.rect(left, y, right - left, 1.0, colours.hairline.mix(0.6));
        sheet.text(left - 8.0, y, Hold::Right, short(tick.into()), colours.muted);
        match tick.checked_mul(10) {
            Some(next) => tick = next,
            None => break,
        }
    }
    let room = (right - left) / (columns - 1) as f64;
    for (column, name) in data.detectors.iter().enumerate() {
        let (x, last) = (x_of(column), column + 1 == columns);
        sheet.rect(x, top, 1.0, bottom - top, colours.hairline);
        // Names that would run into each other stand in two lines.
        let fits = data.detectors.iter().all(|name| label_width(name) < room);
        let words: Vec<&str> = name.split(' ').collect();
        let (first, second) = words.split_at(words.len().div_ceil(2));
        let colour = if last { colours.ink } else { colours.muted };
        if fits || words.len() < 2 {
            // Narrow columns: every other name a line lower.
            let y = if fits { 20.0 } else if column % 2 == 0 { 10.0 } else { 25.0 };
            sheet.text(x, y, Hold::Middle, shorten(name, (room / 6.5) as usize + 3), colour);
        } else {
            sheet.text(x, 10.0, Hold::Middle, first.join(" "), colour);
            sheet.text(x, 25.0, Hold::Middle, second.join(" "), colour);
        }
    }

    let chosen = |line: &RankedLine| Some(line.rank) == style.selected;
    for line in data.ranked.iter().filter(|line| chosen(line)).chain(data.ranked.iter().filter(|line| !chosen(line))) {
        for (column, place) in line.places.iter().enumerate().take(columns) {
            let name = &data.detectors[column];
            let text = format!("{} ({}): {} of {} by {name}", line.who, severity_name(line.severity), grouped(u64::from(*place)), grouped(data.sessions.into()));
            sheet.hit(x_of(column) - 7.0, y_of(*place) - 7.0, 14.0, 14.0, Some(line.rank), text);
        }
    }
    // The worst later, the selected one last, so that they are never hidden.
    let mut lines: Vec<&RankedLine> = data.ranked.iter().collect();
    lines.sort_by_key(|line| (chosen(line), line.severity, std::cmp::Reverse(line.rank)));
    let any = lines.iter().any(|line| chosen(line));
    for line in lines {
        let points: Vec<(f64, f64)> = line.places.iter().enumerate().take(columns).map(|(c, place)| (x_of(c), y_of(*place))).collect();
        let own = colours.severity(line.severity);
        let (colour, thick, dot) = match (chosen(line), any) {
            (true, _) => (colours.ink, 3.0, 4.5),
            (false, true) => (own.mix(0.35), 1.0, 2.5),
            (false, false) => (own.mix(0.7), 1.5, 3.0),
        };
        sheet.line(points.clone(), thick, colour);
        for (x, y) in &points {
            sheet.dot(*x, *y, dot, colour);
        }
        if chosen(line) {
            for ((x, y), place) in points.iter().zip(&line.places) {
                let label = grouped(u64::from(*place));
                let at = if *x > right - 1.0 { (x - 8.0, Hold::Right) } else { (x + 8.0, Hold::Left) };
                let from = if *x > right - 1.0 { x - 10.0 - label_width(&label) } else { x + 5.0 };
                // Above the point, but below it where names stand.
                let middle = if *y < top + 20.0 { y + 10.0 } else { y - 9.0 };
                sheet.rect(from, middle - 7.0, label_width(&label) + 4.0, 14.0, colours.panel.mix(0.8));
                sheet.text(at.0, middle, at.1, label, colours.ink);
            }
        }
    }
}

/// The places, a row a session.
pub(crate) fn table(data: &ChartData, _: &Zone) -> Vec<Vec<String>> {
    let mut head = vec!["Session of".to_owned(), "Severity".to_owned()];
    head.extend(data.detectors.iter().cloned());
    let rows = data.ranked.iter().map(|line| {
        let mut row = vec![line.who.clone(), severity_name(line.severity).to_owned()];
        row.extend((0..data.detectors.len()).map(|c| line.places.get(c).map_or_else(String::new, |place| grouped(u64::from(*place)))));
        row
    });
    std::iter::once(head).chain(rows).collect()
}

/// The chart in a sentence.
pub(crate) fn says(data: &ChartData) -> String {
    let sessions = counted(data.ranked.len() as u64, "session");
    format!("{sessions} among {}, as {} rank them.", grouped(data.sessions.into()), data.detectors.join(", "))
}
