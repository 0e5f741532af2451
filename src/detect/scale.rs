//! Brings columns to one scale that outliers cannot stretch.

use std::borrow::Cow;

use ndarray::Array2;

use crate::matrix::Matrix;

/// Makes the median absolute deviation of normal numbers equal to their standard deviation: 1 / Φ⁻¹(3/4).
const MAD_TO_DEVIATION: f64 = 1.482_602_218_505_602;

/// Scaled values end here, ten spreads from the median: one wild cell weighs no more than that.
const CLIP: f64 = 10.0;

/// Medians are taken over at most this many rows, evenly spaced. The median of more would differ by a hundredth of a spread.
const ENOUGH: usize = 30_000;

/// The middle and the spread of each column.
#[derive(Debug, Clone, Default)]
pub struct Scale {
    /// The median of each column; 0 where everything is masked.
    pub medians: Vec<f64>,
    /// The spread of each column: 1.4826 × the median absolute deviation; the standard deviation where
    /// more than half of the column is one value; 1 where all of it is.
    pub spreads: Vec<f64>,
}

impl Scale {
    /// Learns the given rows of `matrix`.
    #[inline(never)]
    pub fn fit(matrix: &Matrix, rows: &[usize]) -> Scale {
        let mut scale = Scale::default();
        // Those that need all rows: what most rows lack, few spaced rows might miss.
        let mut sparse = Vec::new();
        for (column, mut values) in seen(matrix, &evenly_spaced(rows)).into_iter().enumerate() {
            let middle = median(&mut values);
            values.iter_mut().for_each(|value| *value = (*value - middle).abs());
            let mad = median(&mut values) * MAD_TO_DEVIATION;
            if !usable(mad) {
                sparse.push(column);
            }
            scale.medians.push(middle);
            scale.spreads.push(mad);
        }
        for (column, deviation) in sparse.iter().zip(deviations(matrix, rows, &sparse)) {
            scale.spreads[*column] = if usable(deviation) { deviation } else { 1.0 };
        }
        scale
    }

    /// The given rows of `matrix`, scaled: shape (rows, columns).
    #[inline(never)]
    pub fn apply(&self, matrix: &Matrix, rows: &[usize]) -> Array2<f64> {
        let mut scaled = Array2::zeros((rows.len(), self.medians.len()));
        for (&row, mut out) in rows.iter().zip(scaled.rows_mut()) {
            let out = out.as_slice_mut().expect("made in standard order");
            self.apply_row(matrix.row(row), masks(matrix, row), out);
        }
        scaled
    }

    /// One row scaled: (value − median) ÷ spread, within ±10; 0 where masked.
    pub fn apply_row(&self, row: &[f64], masked: &[bool], out: &mut [f64]) {
        let columns = self.medians.iter().zip(&self.spreads);
        for ((out, value), (median, spread)) in out.iter_mut().zip(row).zip(columns) {
            *out = ((value - median) / spread).clamp(-CLIP, CLIP);
        }
        // Apart, so that several columns are scaled at once.
        let finite = row.iter().fold(true, |all, value| all & value.is_finite());
        if !finite | masked.iter().fold(false, |any, masked| any | masked) {
            let silent = |(value, masked): (&f64, &bool)| *masked || !value.is_finite();
            out.iter_mut().zip(row.iter().zip(masked).map(silent)).filter(|(_, silent)| *silent).for_each(|(out, _)| *out = 0.0);
        }
    }

    /// [`Scale::apply_row`] into a new vector.
    pub(super) fn row(&self, row: &[f64], masked: &[bool]) -> Vec<f64> {
        let mut out = vec![0.0; self.medians.len()];
        self.apply_row(row, masked, &mut out);
        out
    }
}

/// The median of each column over the given rows, 0 where everything is masked.
pub(super) fn medians(matrix: &Matrix, rows: &[usize]) -> Vec<f64> {
    seen(matrix, &evenly_spaced(rows)).iter_mut().map(|values| median(values)).collect()
}

/// The rows, or [`ENOUGH`] of them at even distances.
fn evenly_spaced(rows: &[usize]) -> Cow<'_, [usize]> {
    if rows.len() <= ENOUGH {
        return Cow::Borrowed(rows);
    }
    let place = |at: usize| (at as u128 * rows.len() as u128 / ENOUGH as u128) as usize;
    Cow::Owned((0..ENOUGH).map(|at| rows[place(at)]).collect())
}

/// The masks of one row.
pub(super) fn masks(matrix: &Matrix, row: usize) -> &[bool] {
    let width = matrix.columns();
    &matrix.masked.as_slice().expect("made in standard order")[row * width..(row + 1) * width]
}

/// All row numbers of a matrix.
pub(super) fn all_rows(matrix: &Matrix) -> Vec<usize> {
    (0..matrix.rows()).collect()
}

/// The squared distance between two points. Four sums side by side, always in this order: quick, and the same bits everywhere.
pub(super) fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    let (a_fours, a_rest) = a.as_chunks::<4>();
    let (b_fours, b_rest) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in a_fours.iter().zip(b_fours) {
        for lane in 0..4 {
            let difference = a[lane] - b[lane];
            sums[lane] += difference * difference;
        }
    }
    for (lane, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
        sums[lane] += (a - b) * (a - b);
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// [`squared_distance`], to the same bit, if it is at most `limit`. Points far apart are soon told.
pub(super) fn squared_within(a: &[f64], b: &[f64], limit: f64) -> Option<f64> {
    let (a_eights, a_rest) = a.as_chunks::<8>();
    let (b_eights, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0; 4];
    for (a, b) in a_eights.iter().zip(b_eights) {
        for half in [0, 4] {
            for lane in 0..4 {
                let difference = a[half + lane] - b[half + lane];
                sums[lane] += difference * difference;
            }
        }
        // Each of the four sums can only grow, rounded or not.
        if (sums[0] + sums[1]) + (sums[2] + sums[3]) > limit {
            return None;
        }
    }
    for (place, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
        sums[place % 4] += (a - b) * (a - b);
    }
    Some((sums[0] + sums[1]) + (sums[2] + sums[3])).filter(|squared| *squared <= limit)
}

/// The cells of each column that say something.
fn seen(matrix: &Matrix, rows: &[usize]) -> Vec<Vec<f64>> {
    let mut columns: Vec<Vec<f64>> = (0..matrix.columns()).map(|_| Vec::with_capacity(rows.len())).collect();
    for &row in rows {
        for ((value, masked), column) in matrix.row(row).iter().zip(masks(matrix, row)).zip(&mut columns) {
            if !masked & value.is_finite() {
                column.push(*value);
            }
        }
    }
    columns
}

/// The standard deviation of each of these columns, over the cells that say something.
fn deviations(matrix: &Matrix, rows: &[usize], columns: &[usize]) -> Vec<f64> {
    let means = means(matrix, rows, columns, |_, value| value);
    self::means(matrix, rows, columns, |place, value| (value - means[place]) * (value - means[place])).into_iter().map(f64::sqrt).collect()
}

/// The mean of what `of` makes of the cells of each of these columns that say something. It is told which of the columns.
fn means(matrix: &Matrix, rows: &[usize], columns: &[usize], of: impl Fn(usize, f64) -> f64) -> Vec<f64> {
    let mut sums = vec![(0.0, 0usize); columns.len()];
    for &row in rows.iter().filter(|_| !columns.is_empty()) {
        let (values, masked) = (matrix.row(row), masks(matrix, row));
        for (place, (&column, (sum, count))) in columns.iter().zip(&mut sums).enumerate() {
            let value = values[column];
            if !masked[column] && value.is_finite() {
                *sum += of(place, value);
                *count += 1;
            }
        }
    }
    sums.into_iter().map(|(sum, count)| sum / count.max(1) as f64).collect()
}

/// The middle value, or the mean of the two middle ones; 0 of none.
fn median(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    if values.is_empty() {
        return 0.0;
    }
    let even = values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    if !even {
        return upper;
    }
    let lower = below
        .iter()
        .copied()
        .max_by(f64::total_cmp)
        .unwrap_or(upper);
    // Halved first: two huge values must not overflow.
    lower * 0.5 + upper * 0.5
}

/// Whether dividing by this makes sense. Below 1e-12 it would blow rounding errors up into outliers.
fn usable(spread: f64) -> bool {
    spread.is_finite() && spread > 1e-12
}
