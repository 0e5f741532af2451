//! Colours of the charts, once for light and once for dark pages. They agree with `www/style/tokens.css`.

use plotters::style::RGBAColor;

use crate::report::Severity;

/// The colours of one appearance.
pub(crate) struct Palette {
    /// Behind the chart.
    pub(crate) panel: RGBAColor,
    /// Selections and what must be read first.
    pub(crate) ink: RGBAColor,
    /// Labels.
    pub(crate) muted: RGBAColor,
    /// Axes.
    pub(crate) hairline: RGBAColor,
    /// Bars.
    pub(crate) accent: RGBAColor,
    /// People, machines, AWS services, and what else there may be.
    pub(crate) series: [RGBAColor; 5],
    /// Personas, in order; they repeat.
    pub(crate) personas: [RGBAColor; 8],
    /// From few to many.
    pub(crate) density: [RGBAColor; 6],
    /// Land of the world map.
    pub(crate) land: RGBAColor,
    high: RGBAColor,
    medium: RGBAColor,
    low: RGBAColor,
}

impl Palette {
    /// The palette for a dark or a light page.
    pub(crate) fn of(dark: bool) -> &'static Palette {
        if dark { &DARK } else { &LIGHT }
    }

    /// The colour of an alert.
    pub(crate) fn severity(&self, severity: Severity) -> RGBAColor {
        match severity {
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low | Severity::None => self.low,
        }
    }

    fn all(&self) -> Vec<RGBAColor> {
        let mut all = vec![self.panel, self.ink, self.muted, self.hairline, self.accent, self.land, self.high, self.medium, self.low];
        all.extend(self.series);
        all.extend(self.personas);
        all.extend(self.density);
        all
    }

    /// Each light colour as SVG writes it, and the dark one in its place.
    pub(crate) fn pairs() -> Vec<(String, String)> {
        let text = |c: RGBAColor| format!("#{:02X}{:02X}{:02X}", c.0, c.1, c.2);
        let mut pairs: Vec<(String, String)> = LIGHT.all().into_iter().map(text).zip(DARK.all().into_iter().map(text)).collect();
        pairs.sort();
        pairs.dedup();
        pairs
    }
}

const fn hex(colour: u32) -> RGBAColor {
    RGBAColor((colour >> 16) as u8, (colour >> 8) as u8, colour as u8, 1.0)
}

// The order of the Okabe–Ito colours keeps vermilion last: it lies nearest to the severities.
const LIGHT: Palette = Palette {
    panel: hex(0xffffff),
    ink: hex(0x17191d),
    muted: hex(0x555b63),
    hairline: hex(0xcfd2d6),
    accent: hex(0x4a80c4),
    series: [hex(0x1d4f91), hex(0x6f9fd8), hex(0xb5cdeb), hex(0x8794a6), hex(0xc3c9d2)],
    personas: [
        hex(0x0072b2),
        hex(0x009e73),
        hex(0xcc79a7),
        hex(0x56b4e9),
        hex(0xe69f00),
        hex(0x7a7a7a),
        hex(0xb8ab1e),
        hex(0xd55e00),
    ],
    density: [hex(0xdbe6f5), hex(0xb9d0ec), hex(0x8db2de), hex(0x5a8bca), hex(0x2256a8), hex(0x153a75)],
    land: hex(0xb4bac2),
    high: hex(0xb3201a),
    medium: hex(0xa84a00),
    low: hex(0x766100),
};

const DARK: Palette = Palette {
    panel: hex(0x1a1d21),
    ink: hex(0xeceef0),
    muted: hex(0xa9b0b8),
    hairline: hex(0x3a3f46),
    accent: hex(0x5b93dc),
    series: [hex(0xb4d0f5), hex(0x6499de), hex(0x35557f), hex(0x7d8999), hex(0x4c5563)],
    personas: [
        hex(0x4aa3dc),
        hex(0x2bbd93),
        hex(0xdd94bd),
        hex(0x8fd0f5),
        hex(0xeeb13a),
        hex(0xa3a3a3),
        hex(0xe0d65a),
        hex(0xea8340),
    ],
    density: [hex(0x22304a), hex(0x28466c), hex(0x346096), hex(0x4a80c4), hex(0x7fb0ee), hex(0xc4dcfb)],
    land: hex(0x565d66),
    high: hex(0xff8a80),
    medium: hex(0xffb074),
    low: hex(0xe6c84f),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_light_colour_has_one_dark_one() {
        let pairs = Palette::pairs();
        assert!(pairs.windows(2).all(|pair| pair[0].0 != pair[1].0), "{pairs:?}");
    }

    /// Relative luminance and contrast as WCAG 2.2 defines them; the gamma's power taken as 2.2.
    #[test]
    fn labels_and_severities_stand_out() {
        for palette in [&LIGHT, &DARK] {
            let channel = |value: u8| crate::num::pow(f64::from(value) / 255.0, 2.2);
            let luminance = |c: RGBAColor| 0.2126 * channel(c.0) + 0.7152 * channel(c.1) + 0.0722 * channel(c.2);
            let contrast = |c: RGBAColor| {
                let (a, b) = (luminance(c) + 0.05, luminance(palette.panel) + 0.05);
                (a / b).max(b / a)
            };
            assert!(contrast(palette.ink) >= 7.0 && contrast(palette.muted) >= 4.5);
            for severity in [Severity::High, Severity::Medium, Severity::Low] {
                assert!(contrast(palette.severity(severity)) >= 4.5);
            }
        }
    }
}
