//! What charts draw on: shapes in CSS pixels, places that answer to the pointer, and the words on them.

use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBAColor, ShapeStyle, TextStyle};

use super::{Axis, Drawn, Hit, Style};
pub(super) use crate::num::grouped;
use crate::report::Severity;

/// Size of labels in CSS pixels.
pub(super) const LABEL: f64 = 12.0;
/// Height of title and explanation above a chart that is handed on alone.
const CAPTION: f64 = 46.0;

/// Where a label is held.
#[derive(Clone, Copy)]
pub(super) enum Hold {
    Left,
    Middle,
    Right,
}

enum Shape {
    Rect(f64, f64, f64, f64, RGBAColor),
    Dot(f64, f64, f64, RGBAColor),
    Ring(f64, f64, f64, RGBAColor),
    Polygon(Vec<(f64, f64)>, RGBAColor),
    Line(Vec<(f64, f64)>, f64, RGBAColor),
    Text(f64, f64, Hold, f64, String, RGBAColor),
}

/// What a chart draws on. Its top left corner is 0, 0; a caption stands above it.
pub(crate) struct Sheet {
    shapes: Vec<Shape>,
    hits: Vec<Hit>,
    axis: Option<Axis>,
    above: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Sheet {
    /// A sheet of the style's size; with a title and the line below it where the style asks for them.
    pub(super) fn new(style: &Style, title: &str, how: &str) -> Sheet {
        let (width, height) = (f64::from(style.width), f64::from(style.height));
        let above = if style.caption { CAPTION.min(height / 2.0) } else { 0.0 };
        let mut sheet = Sheet { shapes: Vec::new(), hits: Vec::new(), axis: None, above: 0.0, width, height };
        let colours = style.palette();
        sheet.rect(0.0, 0.0, width, height, colours.panel);
        if style.caption {
            sheet.text_of_size(8.0, 14.0, Hold::Left, 14.0, title, colours.ink);
            let most = (width / 6.2) as usize;
            sheet.text(8.0, 33.0, Hold::Left, shorten(how, most), colours.muted);
        }
        sheet.above = above;
        sheet.height = height - above;
        sheet
    }

    pub(super) fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, colour: RGBAColor) {
        self.shapes.push(Shape::Rect(x, y + self.above, w, h, colour));
    }

    /// The four sides of a rectangle.
    pub(super) fn frame(&mut self, x: f64, y: f64, w: f64, h: f64, thick: f64, colour: RGBAColor) {
        self.rect(x, y, w, thick, colour);
        self.rect(x, y + h - thick, w, thick, colour);
        self.rect(x, y + thick, thick, h - 2.0 * thick, colour);
        self.rect(x + w - thick, y + thick, thick, h - 2.0 * thick, colour);
    }

    /// A dot with a centre and a radius.
    pub(super) fn dot(&mut self, x: f64, y: f64, radius: f64, colour: RGBAColor) {
        self.shapes.push(Shape::Dot(x, y + self.above, radius, colour));
    }

    pub(super) fn ring(&mut self, x: f64, y: f64, radius: f64, colour: RGBAColor) {
        self.shapes.push(Shape::Ring(x, y + self.above, radius, colour));
    }

    pub(super) fn polygon(&mut self, mut corners: Vec<(f64, f64)>, colour: RGBAColor) {
        corners.iter_mut().for_each(|corner| corner.1 += self.above);
        self.shapes.push(Shape::Polygon(corners, colour));
    }

    pub(super) fn line(&mut self, mut points: Vec<(f64, f64)>, thick: f64, colour: RGBAColor) {
        points.iter_mut().for_each(|point| point.1 += self.above);
        if points.len() > 1 {
            self.shapes.push(Shape::Line(points, thick, colour));
        }
    }

    /// The mark of an alert: shape and colour say the severity.
    pub(super) fn mark(&mut self, x: f64, y: f64, radius: f64, severity: Severity, colour: RGBAColor) {
        let r = radius;
        match severity {
            Severity::High => self.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8, colour),
            Severity::Medium => self.polygon(vec![(x - r * 1.1, y + r * 0.85), (x + r * 1.1, y + r * 0.85), (x, y - r)], colour),
            Severity::Low | Severity::None => self.dot(x, y, r, colour),
        }
    }

    /// A label, vertically centred on `y`.
    pub(super) fn text(&mut self, x: f64, y: f64, hold: Hold, text: impl AsRef<str>, colour: RGBAColor) {
        self.text_of_size(x, y, hold, LABEL, text, colour);
    }

    fn text_of_size(&mut self, x: f64, y: f64, hold: Hold, size: f64, text: impl AsRef<str>, colour: RGBAColor) {
        self.shapes.push(Shape::Text(x, y + self.above, hold, size, plain(text.as_ref()), colour));
    }

    /// A place that answers to the pointer, cut to the sheet.
    pub(super) fn hit(&mut self, x: f64, y: f64, w: f64, h: f64, rank: Option<u32>, text: String) {
        let (x0, y0) = (x.clamp(0.0, self.width), y.clamp(0.0, self.height));
        let (x1, y1) = ((x + w).clamp(0.0, self.width), (y + h).clamp(0.0, self.height));
        self.hits.push(Hit { x: x0, y: y0 + self.above, w: x1 - x0, h: y1 - y0, rank, identity: None, text: plain(&text) });
    }

    /// What the horizontal axis measures, for those who drag along it.
    pub(super) fn axis(&mut self, left: f64, right: f64, from: f64, to: f64) {
        let (top, bottom) = (self.above, self.above + self.height);
        self.axis = Some(Axis { left, right, top, bottom, from, to });
    }

    /// Draws the shapes. The SVG backend writes font sizes divided by `font_scale`; a canvas takes them as they are.
    pub(super) fn play<B: DrawingBackend>(self, mut backend: B, ratio: f64, font_scale: f64) -> Result<Drawn, String> {
        let at = |value: f64| (value * ratio).round() as i32;
        let stroke = |colour: RGBAColor, width: f64| {
            ShapeStyle { color: colour, filled: false, stroke_width: (width * ratio).round().max(1.0) as u32 }
        };
        backend.ensure_prepared().map_err(|e| e.to_string())?;
        for shape in self.shapes {
            match shape {
                Shape::Rect(x, y, w, h, colour) => {
                    let (x0, y0) = (at(x), at(y));
                    backend.draw_rect((x0, y0), (at(x + w).max(x0 + 1), at(y + h).max(y0 + 1)), &colour.filled(), true)
                }
                Shape::Dot(x, y, r, colour) => {
                    backend.draw_circle((at(x), at(y)), at(r).max(1) as u32, &colour.filled(), true)
                }
                Shape::Ring(x, y, r, colour) => {
                    backend.draw_circle((at(x), at(y)), at(r).max(1) as u32, &stroke(colour, 1.0), false)
                }
                Shape::Polygon(corners, colour) => {
                    backend.fill_polygon(corners.iter().map(|&(x, y)| (at(x), at(y))), &colour.filled())
                }
                Shape::Line(points, thick, colour) => {
                    backend.draw_path(points.iter().map(|&(x, y)| (at(x), at(y))), &stroke(colour, thick))
                }
                Shape::Text(x, y, hold, size, text, colour) => {
                    let h = match hold {
                        Hold::Left => HPos::Left,
                        Hold::Middle => HPos::Center,
                        Hold::Right => HPos::Right,
                    };
                    let font = TextStyle::from(("sans-serif", size * ratio * font_scale)).color(&colour);
                    backend.draw_text(&text, &font.pos(Pos::new(h, VPos::Center)), (at(x), at(y)))
                }
            }
            .map_err(|e| e.to_string())?;
        }
        backend.present().map_err(|e| e.to_string())?;
        Ok(Drawn { hits: self.hits, axis: self.axis })
    }
}

/// Text from a log without what could disguise it, and without what no XML may hold.
fn plain(text: &str) -> String {
    let shown = |c: char| match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c if c.is_control() => ' ',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// About how wide a label is. A guess serves: fonts differ, and measuring would tie the charts to a document.
pub(super) fn label_width(text: &str) -> f64 {
    text.chars().count() as f64 * 6.8
}

/// At most `most` characters, with an ellipsis where something was cut.
pub(super) fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// `1 session`, `2 sessions`.
pub(super) fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
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

/// `8 Mar` for a time as a clock shows it.
pub(super) fn day(millis: i64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = crate::time::format_date(millis);
    let mut parts = date.rsplit('-');
    let (Some(d), Some(m)) = (parts.next(), parts.next()) else { return date };
    match (d.parse::<u32>(), m.parse::<usize>().ok().and_then(|m| MONTHS.get(m.wrapping_sub(1)))) {
        (Ok(d), Some(month)) => format!("{d} {month}"),
        _ => date,
    }
}

/// In a word.
pub(super) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low => "low",
        Severity::None => "no alert",
    }
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Times to label from `start` to `end` (as a clock shows them): whole days, or hours when there are few days; about
/// seven, never more than `fit`.
pub(super) fn time_ticks(start: i64, end: i64, fit: i64) -> Vec<(i64, String)> {
    let span = end.saturating_sub(start);
    let most = fit.clamp(1, 9);
    let minutes = [1, 5, 10, 30].map(|minutes| minutes * 60_000);
    let hours = [1, 2, 3, 6, 12].map(|hours| hours * HOUR);
    let days = [1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 56, 91, 182, 365].map(|days| days * DAY);
    let steps = minutes.into_iter().chain(hours).chain(days);
    let step = steps.into_iter().find(|step| span / step < most).unwrap_or((span / most / DAY + 1).saturating_mul(DAY));
    let mut ticks = Vec::new();
    // Steps of several days count from the first day shown.
    let first_day = start.div_euclid(DAY).saturating_add(i64::from(start.rem_euclid(DAY) != 0)).saturating_mul(DAY);
    let mut time = if step < DAY { start.div_euclid(step).saturating_mul(step) } else { first_day };
    while time <= end && ticks.len() < 20 {
        if time >= start {
            ticks.push((time, if time.rem_euclid(DAY) == 0 { day(time) } else { crate::time::format_clock(time) }));
        }
        time = time.saturating_add(step);
    }
    ticks
}
