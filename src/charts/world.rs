//! Where sessions came from, and journeys between.

use std::collections::BTreeMap;

use plotters::style::Color;

use super::sheet::{Hold, Sheet, counted, grouped, label_width, shorten};
use super::{ChartData, PlaceMark, Style};
use crate::report::Severity;
use crate::time::Zone;

/// Coasts and borders: `ODDMAP1\n`, then lines as zigzag steps of tenths of a degree (`data/geo/README.md`).
static OUTLINES: &[u8] = include_bytes!("../../data/geo/world.bin");
/// Land ends here; the rest is ice.
const NORTH: f64 = 80.0;
const SOUTH: f64 = -58.0;
/// A way on the map that answers to the pointer: the session, what to say, the points.
type Way = (u32, String, Vec<(f64, f64)>);

/// Degrees around the places that are shown.
const AROUND: f64 = 22.0;
/// Names beside circles, at most.
const NAMES: usize = 12;

/// What part of the world is shown: degrees at the left and at the top, CSS pixels to a degree, and the frame.
struct View {
    west: f64,
    north: f64,
    left: f64,
    top: f64,
    scale: f64,
    right: f64,
    bottom: f64,
}

impl View {
    /// All places with room around them, widened to the shape of the sheet.
    fn new(places: &[&PlaceMark], left: f64, top: f64, right: f64, bottom: f64) -> View {
        let bounds = |of: fn(&PlaceMark) -> f64| {
            let low = places.iter().map(|p| of(p)).fold(f64::INFINITY, f64::min);
            let high = places.iter().map(|p| of(p)).fold(f64::NEG_INFINITY, f64::max);
            if low <= high { (low, high) } else { (-100.0, 100.0) }
        };
        let ((west, east), (south, north)) = (bounds(|p| p.longitude), bounds(|p| p.latitude));
        let shape = (right - left) / (bottom - top);
        let mut tall = (north - south + 2.0 * AROUND).max((east - west + 2.0 * AROUND) / shape).max(60.0);
        tall = tall.min(NORTH - SOUTH).min(360.0 / shape);
        let wide = tall * shape;
        let middle = |low: f64, high: f64, size: f64, least: f64, most: f64| {
            ((low + high) / 2.0).clamp(least + size / 2.0, (most - size / 2.0).max(least + size / 2.0))
        };
        let (x, y) = (middle(west, east, wide, -180.0, 180.0), middle(south, north, tall, SOUTH, NORTH));
        View { west: x - wide / 2.0, north: y + tall / 2.0, left, top, scale: (right - left) / wide, right, bottom }
    }
    fn place(&self, longitude: f64, latitude: f64) -> (f64, f64) {
        (self.left + (longitude - self.west) * self.scale, self.top + (self.north - latitude) * self.scale)
    }
    /// Draws those parts of a line that lie within.
    fn line(&self, sheet: &mut Sheet, points: &[(f64, f64)], thick: f64, colour: plotters::style::RGBAColor) {
        let mut run: Vec<(f64, f64)> = Vec::new();
        for pair in points.windows(2) {
            match self.clip(pair[0], pair[1]) {
                Some((a, b)) => {
                    if run.last().is_none_or(|last| *last != a) {
                        sheet.line(std::mem::take(&mut run), thick, colour);
                        run.push(a);
                    }
                    run.push(b);
                }
                None => sheet.line(std::mem::take(&mut run), thick, colour),
            }
        }
        sheet.line(run, thick, colour);
    }
    /// The part of a step inside the frame (Liang and Barsky, 1984).
    fn clip(&self, a: (f64, f64), b: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let (mut enter, mut leave) = (0.0f64, 1.0f64);
        for (p, q) in [(-dx, a.0 - self.left), (dx, self.right - a.0), (-dy, a.1 - self.top), (dy, self.bottom - a.1)] {
            if p == 0.0 {
                if q < 0.0 {
                    return None;
                }
            } else if p < 0.0 {
                enter = enter.max(q / p);
            } else {
                leave = leave.min(q / p);
            }
        }
        let at = |t: f64| if t <= 0.0 { a } else if t >= 1.0 { b } else { (a.0 + t * dx, a.1 + t * dy) };
        (enter <= leave).then(|| (at(enter), at(leave)))
    }
}

pub(crate) fn draw(data: &ChartData, style: &Style, sheet: &mut Sheet) {
    let colours = style.palette();
    let (left, right, top, bottom) = (0.0, sheet.width, 0.0, sheet.height);
    if right < 60.0 || bottom < 40.0 {
        return;
    }
    let seen: Vec<&PlaceMark> = data.places.iter().filter(|place| place.sessions > 0).collect();
    let view = View::new(&seen, left, top, right, bottom);
    for line in outlines(OUTLINES) {
        // Where a line goes on at the other side of the world it is broken; so is the edge of the ice.
        let far = |a: &(f64, f64), b: &(f64, f64)| (a.0 - b.0).abs() > 180.0 || a.1.min(b.1) < -85.0;
        for part in line.chunk_by(|a, b| !far(a, b)) {
            let points: Vec<(f64, f64)> = part.iter().map(|(x, y)| view.place(*x, *y)).collect();
            view.line(sheet, &points, 1.0, colours.land.mix(0.8));
        }
    }
    if seen.is_empty() {
        let text = "no country is known of any address";
        sheet.rect(right / 2.0 - 120.0, bottom / 2.0 - 12.0, 240.0, 24.0, colours.panel);
        sheet.text(right / 2.0, bottom / 2.0, Hold::Middle, text, colours.muted);
        return;
    }

    let mut journeys: Vec<_> = data.journeys.iter().collect();
    journeys.sort_by_key(|j| (Some(j.rank) != style.selected, std::cmp::Reverse(j.severity), j.rank));
    // One way for all journeys between the same two countries: the selected one's, or the worst one's.
    let mut ways: BTreeMap<(u32, u32), (usize, u32)> = BTreeMap::new();
    for (number, journey) in journeys.iter().enumerate() {
        ways.entry((journey.from, journey.to)).or_insert((number, 0)).1 += 1;
    }
    let mut ways: Vec<(usize, u32)> = ways.into_values().collect();
    ways.sort_unstable_by(|a, b| b.cmp(a));
    let mut along: Vec<Way> = Vec::new();
    for (number, count) in ways {
        let journey = journeys[number];
        let text = if count > 1 { format!("{} ({} such journeys)", journey.text, count) } else { journey.text.clone() };
        let ends = (data.places.get(journey.from as usize), data.places.get(journey.to as usize));
        let (Some(from), Some(to)) = ends else { continue };
        let selected = Some(journey.rank) == style.selected;
        let colour = if selected { colours.ink } else { colours.severity(journey.severity).mix(0.55) };
        // The shorter way round, drawn from both ends where it leaves the map.
        let turn = if to.longitude - from.longitude > 180.0 { -360.0 } else if to.longitude - from.longitude < -180.0 { 360.0 } else { 0.0 };
        for shift in if turn == 0.0 { vec![0.0] } else { vec![0.0, -turn] } {
            let a = view.place(from.longitude + shift, from.latitude);
            let b = view.place(to.longitude + turn + shift, to.latitude);
            let points = arc(a, b);
            view.line(sheet, &points, if selected { 3.0 } else { 1.0 + f64::from(count).sqrt().min(4.0) * 0.5 }, colour);
            along.push((journey.rank, text.clone(), points));
        }
    }

    let most = seen.iter().map(|place| place.sessions).max().unwrap_or(1) as f64;
    let radius = |place: &PlaceMark| 3.0 + 13.0 * (place.sessions as f64 / most).sqrt();
    let mut order = seen.clone();
    order.sort_by(|a, b| b.sessions.cmp(&a.sessions).then(a.name.cmp(&b.name)));
    for place in &order {
        let (x, y) = view.place(place.longitude, place.latitude);
        sheet.dot(x, y, radius(place), colours.accent.mix(0.45));
        sheet.ring(x, y, radius(place), colours.accent);
        if place.alerts > 0 {
            sheet.mark(x, y, 4.0, place.severity, colours.severity(place.severity));
        }
    }
    // Alerts first, then the largest: a name stands where it hides no other.
    order.sort_by(|a, b| b.severity.cmp(&a.severity).then(b.sessions.cmp(&a.sessions)).then(a.name.cmp(&b.name)));
    let mut taken: Vec<(f64, f64, f64, f64)> = Vec::new();
    for place in order.iter().take(NAMES * 2) {
        let (x, y) = view.place(place.longitude, place.latitude);
        let label = if place.alerts > 0 {
            format!("{} {} · {}", shorten(&place.name, 18), grouped(place.sessions), counted(place.alerts, "alert"))
        } else {
            format!("{} {}", shorten(&place.name, 18), grouped(place.sessions))
        };
        let (wide, gap) = (label_width(&label), radius(place) + 4.0);
        let spots = [(x + gap, y - 7.0), (x - gap - wide, y - 7.0), (x - wide / 2.0, y - gap - 14.0), (x - wide / 2.0, y + gap)];
        let free = spots.into_iter().map(|(x, y)| (x, y, x + wide, y + 14.0)).find(|r| {
            r.0 >= left && r.2 <= right && r.1 >= top && r.3 <= bottom && taken.iter().all(|t| r.2 < t.0 || r.0 > t.2 || r.3 < t.1 || r.1 > t.3)
        });
        if let Some(free) = free.filter(|_| taken.len() < NAMES) {
            taken.push(free);
            sheet.rect(free.0 - 2.0, free.1, wide + 4.0, 14.0, colours.panel.mix(0.7));
            sheet.text(free.0, free.1 + 7.0, Hold::Left, label, if place.alerts > 0 { colours.ink } else { colours.muted });
        }
    }
    order.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.sessions.cmp(&b.sessions)).then(a.name.cmp(&b.name)));
    for place in order {
        let (x, y) = view.place(place.longitude, place.latitude);
        let (r, rank) = (radius(place).max(6.0), (place.rank != u32::MAX).then_some(place.rank));
        sheet.hit(x - r, y - r, 2.0 * r, 2.0 * r, rank, says_place(place));
    }
    for (rank, text, points) in along.into_iter().rev() {
        for point in points.iter().skip(2).step_by(2) {
            sheet.hit(point.0 - 5.0, point.1 - 5.0, 10.0, 10.0, Some(rank), text.clone());
        }
    }
}

fn says_place(place: &PlaceMark) -> String {
    format!("{}: {}, {}", place.name, counted(place.sessions, "session"), counted(place.alerts, "alert"))
}

/// A line that bends upwards, so that two ways between two places can be told apart from borders.
fn arc(a: (f64, f64), b: (f64, f64)) -> Vec<(f64, f64)> {
    const STEPS: u32 = 24;
    let far = ((b.0 - a.0) * (b.0 - a.0) + (b.1 - a.1) * (b.1 - a.1)).sqrt();
    let bend = ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0 - far * 0.22);
    (0..=STEPS)
        .map(|step| {
            let t = f64::from(step) / f64::from(STEPS);
            let (p, q, r) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            (p * a.0 + q * bend.0 + r * b.0, p * a.1 + q * bend.1 + r * b.1)
        })
        .collect()
}

/// The lines of the map, longitude and latitude. What is cut off ends the map there.
fn outlines(bytes: &[u8]) -> Vec<Vec<(f64, f64)>> {
    let mut rest = bytes.strip_prefix(b"ODDMAP1\n").unwrap_or(&[]).iter();
    let mut number = || {
        let (mut value, mut shift) = (0u64, 0u32);
        loop {
            let byte = *rest.next()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
            shift += 7;
        }
    };
    let mut lines = Vec::new();
    let count = number().unwrap_or(0);
    for _ in 0..count {
        let Some(points) = number() else { break };
        let (mut x, mut y) = (0i64, 0i64);
        let mut line = Vec::new();
        for _ in 0..points {
            let (Some(dx), Some(dy)) = (number(), number()) else { break };
            let step = |n: u64| (n >> 1) as i64 ^ -((n & 1) as i64);
            (x, y) = (x.wrapping_add(step(dx)), y.wrapping_add(step(dy)));
            line.push((x as f64 / 10.0, y as f64 / 10.0));
        }
        lines.push(line);
    }
    lines
}

/// Countries, most sessions first.
pub(crate) fn table(data: &ChartData, _: &Zone) -> Vec<Vec<String>> {
    let mut rows = vec![["Country", "Sessions", "Alerts"].map(String::from).to_vec()];
    let mut order: Vec<&PlaceMark> = data.places.iter().filter(|place| place.sessions > 0).collect();
    order.sort_by(|a, b| b.sessions.cmp(&a.sessions).then(a.name.cmp(&b.name)));
    rows.extend(order.into_iter().map(|place| vec![place.name.clone(), grouped(place.sessions), grouped(place.alerts)]));
    rows.extend(data.journeys.iter().map(|journey| vec![journey.text.clone(), String::new(), "1".into()]));
    rows
}

/// The chart in a sentence.
pub(crate) fn says(data: &ChartData) -> String {
    let countries = data.places.iter().filter(|place| place.sessions > 0).count();
    let odd = data.places.iter().filter(|place| place.severity != Severity::None).count();
    format!("Sessions from {countries} countries, alerts from {odd} of them, {}.", counted(data.journeys.len() as u64, "journey"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outlines_are_a_world() {
        let lines = outlines(OUTLINES);
        assert!(lines.len() > 100, "{}", lines.len());
        assert!(lines.iter().flatten().all(|(x, y)| (-180.1..=180.1).contains(x) && (-90.1..=90.1).contains(y)));
        assert!(outlines(&OUTLINES[..1000]).len() < lines.len());
        assert!(outlines(b"").is_empty() && outlines(b"ODDMAP1\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff").is_empty());
    }

    #[test]
    fn lines_are_cut_at_the_frame() {
        let view = View::new(&[], 0.0, 0.0, 100.0, 50.0);
        assert_eq!(view.clip((-10.0, 25.0), (110.0, 25.0)), Some(((0.0, 25.0), (100.0, 25.0))));
        assert_eq!(view.clip((-10.0, -5.0), (110.0, -5.0)), None);
        assert_eq!(view.clip((10.0, 10.0), (20.0, 20.0)), Some(((10.0, 10.0), (20.0, 20.0))));
        let (west, south) = (view.west, view.north - 50.0 / view.scale);
        assert!(south >= SOUTH - 1e-9 && view.north <= NORTH + 1e-9 && west >= -180.1 && west + 100.0 / view.scale <= 180.1);
    }
}
