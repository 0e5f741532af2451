//! Detectors' scores to one score, one threshold and one promise.
//!
//! One continuous score ranks. Classes of identity are made comparable by location and scale, shrunk to all; the null
//! is one pooled tail, fitted on the bulk with its top left out, since the file may hold the attack itself.

use crate::num::{exp, log2, pow, quantile};

/// The share of sessions left out at the top when the null is fitted.
pub(crate) const LEFT_OUT: f64 = 0.05;
/// The tail is fitted from here up to where the top is left out.
const TAIL_FROM: f64 = 0.80;
/// Sessions a class needs before its own location and scale weigh as much as everybody's.
const SHRINK: f64 = 30.0;
/// With fewer sessions than this many times 1/budget no promise is made.
const ENOUGH: f64 = 3.0;

/// Makes classes comparable: subtracts each class's median and divides by its spread, both shrunk to all.
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

/// The null: a generalised Pareto tail above a quantile of the bulk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Null {
    start: f64,
    scale: f64,
    sessions: usize,
}

/// The tail's heaviness. Fixed: the bulk's own estimate swings between 0 and 0.6 from file to file, and a wrong one
/// costs more than a middling one (measured on two labelled organisations: 0.08 to 0.22 give 0.3 to 0.9 %).
const SHAPE: f64 = 0.15;

impl Null {
    /// Fits the tail by the quantiles at 80 and 95 %: nothing above the left-out share is looked at.
    pub(crate) fn fit(values: &[f64]) -> Null {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        if sorted.len() < 10 {
            return Null { start: 0.0, scale: 1.0, sessions: sorted.len() };
        }
        let (start, end) = (quantile(&sorted, TAIL_FROM), quantile(&sorted, 1.0 - LEFT_OUT));
        // The scale that puts the left-out quantile where it is: its tail is a quarter of the start's.
        let scale = (end - start).max(1e-9) * SHAPE / (pow(4.0, SHAPE) - 1.0);
        Null { start, scale, sessions: sorted.len() }
    }
    /// The share of ordinary sessions expected at or above `value`.
    pub(crate) fn tail(&self, value: f64) -> f64 {
        if value >= self.start {
            (1.0 - TAIL_FROM) * pow(1.0 + SHAPE * (value - self.start) / self.scale, -1.0 / SHAPE)
        } else {
            // Below the tail only the order matters: from 1 down to 0.2.
            1.0 - TAIL_FROM * exp((value - self.start) / self.scale.max(1.0))
        }
    }
    /// The value that a share `budget` of ordinary sessions reaches.
    pub(crate) fn threshold(&self, budget: f64) -> f64 {
        let ratio = (1.0 - TAIL_FROM) / budget.clamp(1e-9, 1.0 - TAIL_FROM);
        self.start + self.scale * (pow(ratio, SHAPE) - 1.0) / SHAPE
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
