//! Colours of the charts, once for light and once for dark pages.

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
    /// Series of the timeline, the largest first.
    pub(crate) series: [RGBAColor; 5],
    /// Personas, in order; they repeat.
    pub(crate) personas: [RGBAColor; 8],
    /// From few to many.
    pub(crate) density: [RGBAColor; 6],
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
}

const fn hex(colour: u32) -> RGBAColor {
    RGBAColor((colour >> 16) as u8, (colour >> 8) as u8, colour as u8, 1.0)
}

// The order of the Okabe–Ito colours keeps vermilion last: it lies nearest to the severities.
const LIGHT: Palette = Palette {
    panel: hex(0xffffff),
    ink: hex(0x16191f),
    muted: hex(0x5b6472),
    hairline: hex(0xd5d8dc),
    accent: hex(0x4a80c4),
    series: [hex(0x9dbbe3), hex(0x4a80c4), hex(0x1d4f91), hex(0x7f8ea3), hex(0xc3c9d2)],
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
    high: hex(0xb3261e),
    medium: hex(0xc75b0a),
    low: hex(0x8a6d00),
};

const DARK: Palette = Palette {
    panel: hex(0x181b20),
    ink: hex(0xe8eaee),
    muted: hex(0x9aa4b2),
    hairline: hex(0x363c45),
    accent: hex(0x5b93dc),
    series: [hex(0x3a5f95), hex(0x6ea3e8), hex(0xb4d0f5), hex(0x76839a), hex(0x4c5563)],
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
    density: [hex(0x1f2d42), hex(0x284468), hex(0x345f96), hex(0x4a80c4), hex(0x7fb0ee), hex(0xc4dcfb)],
    high: hex(0xff6b5e),
    medium: hex(0xf59a4a),
    low: hex(0xc9ab3a),
};
