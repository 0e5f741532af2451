//! Points that are alike to the last bit.

use crate::matrix::{Alike, Bits};

/// Points, of which many may be alike.
pub(super) struct Points<'p> {
    /// All that differ, in order.
    pub(super) few: Vec<&'p [f64]>,
    /// Which of them each point is.
    pub(super) alike: Alike,
}

impl<'p> Points<'p> {
    pub(super) fn of(points: &[&'p [f64]]) -> Points<'p> {
        let alike = Alike::of(points.iter().map(|point| Bits(point)));
        Points { few: alike.firsts.iter().map(|place| points[*place]).collect(), alike }
    }

    pub(super) fn len(&self) -> usize {
        self.alike.which.len()
    }

    /// The point with this number.
    pub(super) fn at(&self, place: usize) -> &'p [f64] {
        self.few[self.alike.which[place] as usize]
    }
}
