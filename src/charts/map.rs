//! The sessions on the PCA plane: what is alike lies close together.

use plotters::style::Color;

use super::sheet::{Hold, Sheet, counted, grouped, label_width, shorten};
use super::{ChartData, Style, alert_text};
use crate::num;
use crate::time::Zone;

/// Above this many sessions cells show how dense they lie.
const MOST_DOTS: usize = 5_000;
/// The side of such a cell in CSS pixels.
const CELL: f64 = 5.0;
const EDGE: f64 = 10.0;

pub(crate) fn draw(data: &ChartData, style: &Style, sheet: &mut Sheet) {
    let colours = style.palette();
    let points: Vec<(usize, f64, f64)> =
        (0..data.x.len()).filter_map(|rank| data.point(rank).map(|(x, y)| (rank, x, y))).collect();
    let dense = points.len() > MOST_DOTS;
    let names: Vec<String> = if dense { Vec::new() } else { data.personas.iter().map(|name| shorten(name, 28)).collect() };
    let (rows, places) = legend(&names, sheet.width);
    // The map itself keeps most of the sheet.
    let rows = rows.min((sheet.height / 80.0) as usize);
    let (left, right) = (8.0, sheet.width - 8.0);
    let (top, bottom) = (8.0, sheet.height - 10.0 - 18.0 * rows.max(usize::from(dense)) as f64);
    if right - left < 30.0 || bottom - top < 30.0 {
        return;
    }
    sheet.rect(left, bottom, right - left, 1.0, colours.hairline);
    sheet.rect(left, top, 1.0, bottom - top, colours.hairline);
    if points.is_empty() {
        sheet.text((left + right) / 2.0, (top + bottom) / 2.0, Hold::Middle, "no sessions", colours.muted);
        return;
    }

    let alerts: Vec<(f64, f64)> = data.alerts.iter().filter_map(|alert| data.point(alert.rank as usize)).collect();
    let across = range(points.iter().map(|p| p.1).collect(), alerts.iter().map(|p| p.0));
    let up = range(points.iter().map(|p| p.2).collect(), alerts.iter().map(|p| p.1));
    let place = |x: f64, y: f64| {
        let h = ((x - across.0) / (across.1 - across.0)).clamp(0.0, 1.0);
        let v = ((y - up.0) / (up.1 - up.0)).clamp(0.0, 1.0);
        (left + EDGE + h * (right - left - 2.0 * EDGE), bottom - EDGE - v * (bottom - top - 2.0 * EDGE))
    };

    for alert in &data.alerts {
        if let Some((x, y)) = data.point(alert.rank as usize) {
            let (x, y) = place(x, y);
            sheet.hit(x - 8.0, y - 8.0, 16.0, 16.0, Some(alert.rank), alert_text(alert, &style.zone));
        }
    }
    if dense {
        let wide = ((right - left) / CELL) as usize + 1;
        let mut cells = vec![0u64; wide * (((bottom - top) / CELL) as usize + 1)];
        for &(_, x, y) in &points {
            let (x, y) = place(x, y);
            cells[((y - top) / CELL) as usize * wide + ((x - left) / CELL) as usize] += 1;
        }
        let most = cells.iter().copied().max().unwrap_or(1);
        let steps = colours.density.len();
        for (cell, &count) in cells.iter().enumerate().filter(|(_, count)| **count > 0) {
            let share = num::log10(count as f64) / num::log10(most.max(2) as f64);
            let step = ((share * steps as f64) as usize).min(steps - 1);
            let (x, y) = (left + (cell % wide) as f64 * CELL, top + (cell / wide) as f64 * CELL);
            sheet.rect(x, y, CELL, CELL, colours.density[step]);
            sheet.hit(x, y, CELL, CELL, None, counted(count, "session"));
        }
        let y = bottom + 16.0;
        sheet.text(left, y, Hold::Left, "1", colours.muted);
        for (step, colour) in colours.density.iter().enumerate() {
            sheet.rect(left + 14.0 + step as f64 * 14.0, y - 5.0, 14.0, 9.0, *colour);
        }
        let after = left + 14.0 + steps as f64 * 14.0 + 6.0;
        sheet.text(after, y, Hold::Left, format!("{} in a cell", counted(most, "session")), colours.muted);
    } else {
        let noisy = |rank: usize| data.noise.get(rank).copied().unwrap_or(false);
        for &(rank, x, y) in &points {
            let (x, y) = place(x, y);
            let persona = data.persona.get(rank).copied().map_or(0, usize::from);
            let colour = colours.personas[persona % colours.personas.len()];
            if noisy(rank) {
                sheet.ring(x, y, 4.0, colours.muted.mix(0.8));
            }
            sheet.dot(x, y, 2.0, colour.mix(0.6));
            let name = data.personas.get(persona).map_or("session", String::as_str);
            let alone = if noisy(rank) { ", alone" } else { "" };
            sheet.hit(x - 3.0, y - 3.0, 6.0, 6.0, Some(rank as u32), format!("{name}{alone}"));
        }
        if rows > 0 {
            for (persona, (name, (row, x))) in names.iter().zip(places).enumerate().filter(|(_, (_, (row, _)))| *row < rows) {
                let y = bottom + 16.0 + 18.0 * row as f64;
                sheet.dot(x + 4.0, y, 4.0, colours.personas[persona % colours.personas.len()]);
                sheet.text(x + 13.0, y, Hold::Left, name.clone(), colours.muted);
            }
        }
    }

    // The worst last, so that it is never hidden.
    let mut alerts: Vec<_> = data.alerts.iter().collect();
    alerts.sort_by_key(|alert| (alert.severity, std::cmp::Reverse(alert.rank)));
    for alert in alerts {
        if let Some((x, y)) = data.point(alert.rank as usize) {
            let (x, y) = place(x, y);
            let colour = colours.severity(alert.severity);
            sheet.dot(x, y, 7.0, colours.panel);
            sheet.ring(x, y, 7.0, colour);
            sheet.mark(x, y, 4.0, alert.severity, colour);
        }
    }
    if let Some((x, y)) = style.selected.and_then(|rank| data.point(rank as usize)) {
        let (x, y) = place(x, y);
        sheet.ring(x, y, 9.0, colours.ink);
        sheet.ring(x, y, 10.0, colours.ink);
    }
}

/// The personas with their sessions.
pub(crate) fn table(data: &ChartData, _: &Zone) -> Vec<Vec<String>> {
    let mut counts = vec![[0u64; 3]; data.personas.len()];
    let mut count = |rank: usize, what: usize| {
        let persona = data.persona.get(rank).copied().map_or(0, usize::from);
        if counts.len() <= persona {
            counts.resize(persona + 1, [0; 3]);
        }
        counts[persona][what] += 1;
    };
    for rank in 0..data.x.len() {
        count(rank, 0);
        if data.noise.get(rank).copied().unwrap_or(false) {
            count(rank, 1);
        }
    }
    for alert in &data.alerts {
        count(alert.rank as usize, 2);
    }
    let mut rows = vec![["Persona", "Sessions", "Of them alone", "Alerts"].map(String::from).to_vec()];
    for (persona, counts) in counts.into_iter().enumerate() {
        let mut row = vec![data.personas.get(persona).cloned().unwrap_or_else(|| format!("persona {}", persona + 1))];
        row.extend(counts.map(grouped));
        rows.push(row);
    }
    rows
}

/// The chart in a sentence.
pub(crate) fn says(data: &ChartData) -> String {
    let alone = data.noise.iter().filter(|alone| **alone).count() as u64;
    let (sessions, personas) = (counted(data.x.len() as u64, "session"), counted(data.personas.len() as u64, "persona"));
    format!("{sessions} in {personas}, {} without neighbours, {}.", grouped(alone), counted(data.alerts.len() as u64, "alert"))
}

/// The range of an axis: nearly all of the points, and the alerts unless they lie so far off that the rest would
/// shrink to a spot. What lies outside is drawn at the edge.
fn range(mut values: Vec<f64>, alerts: impl Iterator<Item = f64>) -> (f64, f64) {
    // Nearly all of them: sorting a hundred thousand would take longer than drawing them.
    let mut at = |share: f64| {
        let place = ((values.len() - 1) as f64 * share).round() as usize;
        *values.select_nth_unstable_by(place, f64::total_cmp).1
    };
    let (low, high) = (at(0.005), at(0.995));
    let slack = (high - low) * 1.5;
    let (mut from, mut to) = (low, high);
    for value in alerts {
        from = from.min(value.max(low - slack));
        to = to.max(value.min(high + slack));
    }
    let middle = (from + to) / 2.0;
    let least = 1e-6 * middle.abs().max(1.0);
    if to - from < least { (middle - 1.0 - least, middle + 1.0 + least) } else { (from, to) }
}

/// Where names stand below the map: the rows taken, and each name's row and left edge.
fn legend(names: &[String], width: f64) -> (usize, Vec<(usize, f64)>) {
    let (mut row, mut x) = (0, 8.0);
    let mut places = Vec::new();
    for name in names {
        let wide = 13.0 + label_width(name) + 14.0;
        if x > 8.0 && x + wide - 14.0 > width - 8.0 {
            (row, x) = (row + 1, 8.0);
        }
        places.push((row, x));
        x += wide;
    }
    (if names.is_empty() { 0 } else { row + 1 }, places)
}
