//! Detectors' scores to one score, one threshold and one promise.
//!
//! One continuous score ranks. Classes of identity are made comparable by location and scale, shrunk to all; the null
//! is one pooled tail, fitted on the bulk with its top left out, since the file may hold the attack itself.

use crate::num::{exp, log2, pow, quantile};

/// The share of sessions left out at the top when the null is fitted, beside those that stand out.
const LEFT_OUT: f64 = 0.05;
/// Sessions a class needs before its own location and scale weigh as much as everybody's.
const SHRINK: f64 = 30.0;
/// With fewer sessions than this many times 1/budget no promise is made.
const ENOUGH: f64 = 3.0;

/// Makes classes comparable: subtracts each class's median and divides by its spread, both shrunk to all.
#[inline(never)]
pub(crate) fn standardise(raw: &[f64], classes: &[u32]) -> Vec<f64> {
    let spread = |sorted: &[f64]| (quantile(sorted, 0.9) - quantile(sorted, 0.5)).max(0.0);
    let mut all: Vec<f64> = raw.to_vec();
    all.sort_by(f64::total_cmp);
    if all.is_empty() {
        return all;
    }
    let (middle, width) = (quantile(&all, 0.5), spread(&all).max(1e-6));
    let most = classes.iter().max().map_or(0, |m| *m as usize + 1);
    let mut of_class = vec![Vec::new(); most];
    raw.iter().zip(classes).for_each(|(r, c)| of_class[*c as usize].push(*r));
    let centres: Vec<(f64, f64)> = of_class
        .iter_mut()
        .map(|values| {
            if values.is_empty() {
                return (middle, width);
            }
            values.sort_by(f64::total_cmp);
            let n = values.len() as f64;
            let centre = (n * quantile(values, 0.5) + SHRINK * middle) / (n + SHRINK);
            let own = (n * spread(values) + SHRINK * width) / (n + SHRINK);
            (centre, own.max(width))
        })
        .collect();
    raw.iter().zip(classes).map(|(r, c)| (r - centres[*c as usize].0) / centres[*c as usize].1).collect()
}

/// The null: how many bits ordinary sessions reach by chance, an exponential tail.
///
/// Bits mean about the same in every file, since they are set against how often sessions of this file reach them. So the
/// tail's scale is half known beforehand: it goes with the square root of the bulk's, and only half of what a file
/// seems to say of itself is believed. Nothing above the left-out share is looked at. Constants: measured on 26
/// organisations with labels, of which two are of other makes (docs/evaluation.md).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Null {
    /// What the left-out share reaches.
    end: f64,
    /// Values are times this in bits.
    unit: f64,
    shape: Shape,
    sessions: usize,
}

/// What is known beforehand of a null.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// What the left-out share reaches in most files, in bits.
    pub end: f64,
    /// Where the tail begins, in roots of the file's own `end`.
    pub start: f64,
    /// How much it takes to halve the tail, in the same.
    pub halving: f64,
}

/// Sessions that weigh as much as what is known beforehand of where the bulk ends.
const BEFOREHAND: f64 = 300.0;
/// The bulk does not end below, in bits: a file without any surprise promises nothing about the next.
const LEAST_END: f64 = 2.0;

impl Null {
    /// Fits the tail to the bulk. `in_bits`: the values are bits, and not spreads of one kind or another. `hidden`: the share
    /// of the bulk that is probably no ordinary session, beside what is left out anyway.
    #[inline(never)]
    pub(crate) fn fit(bulk: &[f64], shape: Shape, in_bits: bool, hidden: f64) -> Null {
        let mut sorted = bulk.to_vec();
        sorted.sort_by(f64::total_cmp);
        let found = if sorted.is_empty() { shape.end } else { quantile(&sorted, 1.0 - LEFT_OUT - hidden) };
        let unit = if in_bits { 1.0 } else { shape.end / found.max(1e-6) };
        let n = sorted.len() as f64;
        let end = ((n * found * unit + BEFOREHAND * shape.end) / (n + BEFOREHAND)).max(LEAST_END);
        Null { end, unit, shape, sessions: sorted.len() }
    }
    fn beyond(&self, bits: f64) -> f64 {
        pow(2.0, (self.shape.start - bits / self.end.sqrt()) / self.shape.halving).min(1.0)
    }
    /// The share of ordinary sessions expected at or above `value`.
    pub(crate) fn tail(&self, value: f64) -> f64 {
        let bits = value * self.unit;
        if bits >= self.end {
            return self.beyond(bits);
        }
        // In the bulk only the order matters.
        1.0 - (1.0 - self.beyond(self.end)) * exp((bits - self.end) / self.end)
    }
    /// The value that a share `budget` of ordinary sessions reaches.
    pub(crate) fn threshold(&self, budget: f64) -> f64 {
        let bits = self.end.sqrt() * (self.shape.start - self.shape.halving * log2(budget.clamp(1e-300, 1.0)));
        bits.max(self.end) / self.unit
    }
    /// Enough sessions to promise a budget.
    pub(crate) fn promises(&self, budget: f64) -> bool {
        self.sessions as f64 * budget >= ENOUGH
    }
}

/// A score from 0 to 1 out of a tail probability: ten bits are one half, and no two tails give the same score.
pub(crate) fn score_of_tail(p: f64) -> f64 {
    let bits = -log2(p.max(1e-300));
    bits / (bits + 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape { end: 5.0, start: -1.5, halving: 0.94 };

    #[test]
    fn threshold_and_tail_are_each_others_inverse_and_order_is_kept() {
        let bulk: Vec<f64> = (0..5000).map(|n| f64::from(n) / 1000.0).collect();
        let null = Null::fit(&bulk, SHAPE, true, 0.0);
        for budget in [0.01, 0.003, 0.001] {
            assert!((null.tail(null.threshold(budget)) / budget - 1.0).abs() < 1e-9);
        }
        let tails: Vec<f64> = (0..400).map(|n| null.tail(f64::from(n) / 10.0)).collect();
        assert!(tails.windows(2).all(|pair| pair[0] > pair[1]), "stranger is rarer, in the bulk and far beyond it");
        assert!(tails.iter().all(|p| (0.0..=1.0).contains(p)));
    }

    #[test]
    fn few_sessions_change_little_and_half_of_what_many_say_is_believed() {
        let usual = Null::fit(&[], SHAPE, true, 0.0).threshold(0.003);
        let few = Null::fit(&[40.0; 5], SHAPE, true, 0.0).threshold(0.003);
        assert!(few > usual && few < 1.1 * usual, "{few} beside {usual}");
        let many = Null::fit(&[20.0; 100_000], SHAPE, true, 0.0).threshold(0.003);
        assert!((many / usual - 2.0).abs() < 0.02, "four times the bits, twice the threshold: {many} beside {usual}");
    }

    #[test]
    fn what_hides_in_the_bulk_does_not_move_the_threshold() {
        let ordinary: Vec<f64> = (0..9600).map(|n| f64::from(n) / 2000.0).collect();
        let with_some = [ordinary.clone(), vec![12.0; 400]].concat();
        let threshold = |bulk: &[f64], hidden: f64| Null::fit(bulk, SHAPE, true, hidden).threshold(0.003);
        let clean = threshold(&ordinary, 0.0);
        assert!((threshold(&with_some, 0.04) / clean - 1.0).abs() < 0.01);
        assert!(threshold(&with_some, 0.0) > 1.01 * clean);
    }

    #[test]
    fn spreads_are_brought_to_bits() {
        let bulk: Vec<f64> = (0..5000).map(|n| f64::from(n) / 5000.0).collect();
        let null = Null::fit(&bulk, SHAPE, false, 0.0);
        assert!((null.tail(0.95) - Null::fit(&[5.0; 5000], SHAPE, true, 0.0).tail(5.0)).abs() < 0.01);
        assert!((null.tail(null.threshold(0.003)) / 0.003 - 1.0).abs() < 1e-9);
    }
}
