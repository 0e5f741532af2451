//! What a detector is.

use crate::matrix::Matrix;

/// Learns a matrix, gives each row a score and each column its share of the blame.
///
/// The same matrix, rows and seed give the same bits, natively and in WebAssembly.
/// A masked cell, and one that is not a finite number, counts as the median of its column and gets no blame.
///
/// ```
/// use oddtrail::{Detector, IsolationForest, Matrix};
///
/// // Sixty sessions at about the same hour; the last one from far away.
/// let mut matrix = Matrix::new(60, vec!["hour", "distance"]);
/// for row in 0..60 {
///     matrix.values[[row, 0]] = (row % 7) as f64;
/// }
/// matrix.values[[59, 1]] = 900.0;
///
/// let mut forest = IsolationForest::default();
/// forest.fit(&matrix, &(0..60).collect::<Vec<_>>(), 1);
/// let scores = forest.score(&matrix);
/// assert!(scores[..59].iter().all(|score| *score < scores[59]));
/// assert!(forest.blame(matrix.row(59), &[false, false])[1] > 0.9);
/// ```
pub trait Detector: Send + Sync {
    /// Its name in [`DETECTORS`](crate::DETECTORS).
    fn name(&self) -> &'static str;

    /// Learns from the given rows of `matrix`, forgetting what it learned before. No rows are fine: every score is then 0.
    fn fit(&mut self, matrix: &Matrix, rows: &[usize], seed: u64);

    /// A score per row of `matrix`, 0 to 1, higher is stranger. `matrix` has the columns that were fitted.
    fn score(&self, matrix: &Matrix) -> Vec<f64>;

    /// How much of one row's score each column brought: not negative, and they sum to 1, or to 0 where nothing is odd.
    fn blame(&self, row: &[f64], masked: &[bool]) -> Vec<f64>;
}

/// A row of the table of detectors.
pub struct DetectorEntry {
    /// What [`Detector::name`] says.
    pub name: &'static str,
    /// What it measures, in one line.
    pub job: &'static str,
    /// Makes one with its default options, not yet fitted.
    pub new: fn() -> Box<dyn Detector>,
}

/// Makes the credits of columns into shares: masked and negative ones to 0, the rest to a sum of 1 if there is any.
pub(super) fn shares(mut credits: Vec<f64>, masked: &[bool]) -> Vec<f64> {
    for (credit, &masked) in credits.iter_mut().zip(masked) {
        if masked || !credit.is_finite() || *credit < 0.0 {
            *credit = 0.0;
        }
    }
    let total = crate::num::sum(credits.iter().copied());
    // Less than a rounding error's worth of credit says nothing about the row.
    if total > 1e-12 && total.is_finite() {
        credits.iter_mut().for_each(|credit| *credit /= total);
    } else {
        credits.fill(0.0);
    }
    credits
}

/// Maps a ratio, 0 to infinity, to a score, 0 to 1, so that a ratio of 1 (as far as usual) becomes one half.
pub(super) fn from_ratio(ratio: f64) -> f64 {
    if ratio.is_finite() {
        ratio / (1.0 + ratio)
    } else {
        1.0
    }
}
