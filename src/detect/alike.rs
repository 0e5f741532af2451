//! Points that are alike to the last bit, as half of all sessions are, or more.

use hashbrown::HashMap;

use crate::matrix::Bits;

/// Points, of which many may be alike: what is asked of one by itself is asked once.
pub(super) struct Points<'p> {
    /// All that differ, in order.
    pub(super) few: Vec<&'p [f64]>,
    /// Which of them each point is.
    pub(super) which: Vec<u32>,
}

impl<'p> Points<'p> {
    pub(super) fn of(points: &[&'p [f64]]) -> Points<'p> {
        let mut known = HashMap::new();
        let mut few = Vec::new();
        let number = |point: &&'p [f64]| {
            *known.entry(Bits(point)).or_insert_with(|| {
                few.push(*point);
                few.len() as u32 - 1
            })
        };
        let which = points.iter().map(number).collect();
        Points { few, which }
    }

    pub(super) fn len(&self) -> usize {
        self.which.len()
    }

    /// The point with this number.
    pub(super) fn at(&self, place: usize) -> &'p [f64] {
        self.few[self.which[place] as usize]
    }

    /// What is known of each point, by what is known of those that differ.
    pub(super) fn each<T: Copy>(&self, of_few: &[T]) -> impl Iterator<Item = T> {
        self.which.iter().map(|number| of_few[*number as usize])
    }
}
