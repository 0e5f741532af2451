//! Principal components (Shyu and others, 2003): rows far out along the directions all vary in, or off them, are odd.

use super::detector::{Detector, from_ratio, shares};
use super::scale::{Scale, masks};
use crate::matrix::Matrix;
use crate::num;

/// Scores by the distance along the major and along the minor components, whichever is more unusual.
#[derive(Debug, Clone)]
pub struct Pca {
    /// The share of the variance that the major components explain (Shyu: about 50 %). All others are minor:
    /// Shyu leaves some in the middle out, which would leave directions that nobody watches.
    pub major_share: f64,
    /// The least eigenvalue, as a share of their mean. Below, a rounding error would look like a distance.
    pub floor: f64,
    scale: Scale,
    means: Vec<f64>,
    eigenvalues: Vec<f64>,
    components: Vec<Vec<f64>>,
    /// How many components are major.
    majors: usize,
}

impl Default for Pca {
    fn default() -> Pca {
        Pca {
            major_share: 0.5,
            floor: 0.001,
            scale: Scale::default(),
            means: Vec::new(),
            eigenvalues: Vec::new(),
            components: Vec::new(),
            majors: 0,
        }
    }
}

impl Detector for Pca {
    fn name(&self) -> &'static str {
        "pca"
    }

    #[inline(never)]
    fn fit(&mut self, matrix: &Matrix, rows: &[usize], _seed: u64) {
        self.scale = Scale::fit(matrix, rows);
        let width = matrix.columns();
        // Scaled anew each time: to fill the memory that a scaled copy takes costs more.
        let scaled = |row: usize, out: &mut [f64]| self.scale.apply_row(matrix.row(row), masks(matrix, row), out);
        let (means, covariance) = covariance(rows, width, &scaled);
        (self.eigenvalues, self.components) = eigen(covariance);
        self.means = means;
        let total = num::sum(self.eigenvalues.iter().copied());
        let mut explained = 0.0;
        self.majors = 0;
        for value in &self.eigenvalues {
            if explained >= self.major_share * total {
                break;
            }
            explained += value;
            self.majors += 1;
        }
    }

    #[inline(never)]
    fn score(&self, matrix: &Matrix) -> Vec<f64> {
        let width = matrix.columns();
        let (mut centred, mut coordinates) = (vec![0.0; width], vec![0.0; width]);
        // Column by column, so that some coordinates of a row grow side by side, each in the order of a dot product. Those
        // that are none, at the end, are left out.
        let loading = |column: usize, place: usize| self.components.get(place).map_or(0.0, |component| component[column]);
        let some = |from: usize| (0..width).map(move |column| std::array::from_fn(|lane| loading(column, from + lane))).collect();
        let loadings: Vec<Vec<[f64; SIDE_BY_SIDE]>> = (0..width).step_by(SIDE_BY_SIDE).map(some).collect();
        (0..matrix.rows())
            .map(|row| {
                self.centre(matrix.row(row), masks(matrix, row), &mut centred);
                for (coordinates, loadings) in coordinates.chunks_mut(SIDE_BY_SIDE).zip(&loadings) {
                    let mut sums = [0.0; SIDE_BY_SIDE];
                    for (value, loadings) in centred.iter().zip(loadings) {
                        sums.iter_mut().zip(loadings).for_each(|(sum, loading)| *sum += loading * value);
                    }
                    coordinates.copy_from_slice(&sums[..coordinates.len()]);
                }
                from_ratio(self.worse(&coordinates).1)
            })
            .collect()
    }

    /// The distance of the worse group is a sum over columns, value × pull towards it; its terms are the credits.
    fn blame(&self, row: &[f64], masked: &[bool]) -> Vec<f64> {
        let mut centred = vec![0.0; row.len()];
        self.centre(row, masked, &mut centred);
        let coordinates = self.coordinates(&centred);
        let (group, _) = self.worse(&coordinates);
        let mut credits = vec![0.0; row.len()];
        let floor = self.least();
        for place in group.filter(|_| floor > 0.0) {
            let pull = coordinates[place] / self.eigenvalues[place].max(floor);
            for ((credit, value), loading) in credits
                .iter_mut()
                .zip(&centred)
                .zip(&self.components[place])
            {
                *credit += value * pull * loading;
            }
        }
        shares(credits, masked)
    }
}

impl Pca {
    /// Where a row stands on the map: its first two coordinates, in scaled units. (0, 0) is the middle of what was fitted.
    #[inline(never)]
    pub fn project(&self, row: &[f64], masked: &[bool]) -> (f64, f64) {
        let mut centred = vec![0.0; row.len()];
        self.centre(row, masked, &mut centred);
        let at = |place: usize| {
            self.components
                .get(place)
                .map_or(0.0, |component| num::dot(component, &centred))
        };
        (at(0), at(1))
    }

    /// The variance along each component, descending.
    pub fn eigenvalues(&self) -> &[f64] {
        &self.eigenvalues
    }

    /// The components: unit vectors over the scaled columns. The largest loading of each is positive.
    pub fn components(&self) -> &[Vec<f64>] {
        &self.components
    }

    fn centre(&self, row: &[f64], masked: &[bool], out: &mut [f64]) {
        self.scale.apply_row(row, masked, out);
        out.iter_mut()
            .zip(&self.means)
            .for_each(|(value, mean)| *value -= mean);
    }

    fn coordinates(&self, centred: &[f64]) -> Vec<f64> {
        self.components
            .iter()
            .map(|component| num::dot(component, centred))
            .collect()
    }

    /// The group of components, major or minor, along which a row is farther out, and how far: 1 is usual.
    fn worse(&self, coordinates: &[f64]) -> (std::ops::Range<usize>, f64) {
        let floor = self.least();
        let distance = |group: std::ops::Range<usize>| {
            if group.is_empty() || floor <= 0.0 {
                return 0.0;
            }
            let count = group.len() as f64;
            num::sum(group.map(|place| {
                coordinates[place] * coordinates[place] / self.eigenvalues[place].max(floor)
            })) / count
        };
        let (major, minor) = (0..self.majors, self.majors..self.eigenvalues.len());
        let (along, off) = (distance(major.clone()), distance(minor.clone()));
        if along >= off {
            (major, along)
        } else {
            (minor, off)
        }
    }

    /// The least eigenvalue to divide by; 0 if nothing varies.
    fn least(&self) -> f64 {
        self.floor * num::sum(self.eigenvalues.iter().copied())
            / self.eigenvalues.len().max(1) as f64
    }
}

/// So many rows, and so many of their products, are looked at together.
const TOGETHER: usize = 64;
const SIDE_BY_SIDE: usize = 8;

/// The mean of each column, and their covariance (divided by rows − 1), row-major. `values`: gives those of a row.
#[inline(never)]
fn covariance(rows: &[usize], width: usize, values: &dyn Fn(usize, &mut [f64])) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut means = vec![0.0; width];
    let mut products = vec![vec![0.0; width]; width];
    if width == 0 || rows.is_empty() {
        return (means, products);
    }
    let mut held = vec![0.0; TOGETHER * width];
    for &row in rows {
        values(row, &mut held[..width]);
        means.iter_mut().zip(&held).for_each(|(mean, value)| *mean += value);
    }
    means.iter_mut().for_each(|mean| *mean /= rows.len() as f64);
    // Some rows at once, and of their products a few side by side: each sum is taken in the order of the rows, and stays in
    // the processor while it grows.
    for rows in rows.chunks(TOGETHER) {
        let centred = &mut held[..rows.len() * width];
        for (row, out) in rows.iter().zip(centred.chunks_exact_mut(width)) {
            values(*row, out);
            out.iter_mut().zip(&means).for_each(|(value, mean)| *value -= mean);
        }
        for (place, line) in products.iter_mut().enumerate() {
            let mut at = place - place % SIDE_BY_SIDE;
            let (some, rest) = line[at..].as_chunks_mut::<SIDE_BY_SIDE>();
            for sums in some {
                let mut grown = *sums;
                for row in centred.chunks_exact(width) {
                    let Some(others) = row[at..].first_chunk::<SIDE_BY_SIDE>() else { continue };
                    grown.iter_mut().zip(others).for_each(|(sum, b)| *sum += row[place] * b);
                }
                *sums = grown;
                at += SIDE_BY_SIDE;
            }
            for row in centred.chunks_exact(width) {
                rest.iter_mut().zip(&row[at..]).for_each(|(sum, b)| *sum += row[place] * b);
            }
        }
    }
    let rows = rows.len();
    let divisor = rows.saturating_sub(1).max(1) as f64;
    products
        .iter_mut()
        .flatten()
        .for_each(|sum| *sum /= divisor);
    // The lower half mirrors the upper.
    for place in 1..width {
        let (above, below) = products.split_at_mut(place);
        below[0]
            .iter_mut()
            .zip(above)
            .for_each(|(cell, line)| *cell = line[place]);
    }
    (means, products)
}

/// The eigenvalues of a symmetric matrix, descending, and their vectors, by Jacobi's rotations: slow for large matrices,
/// exact and the same everywhere for our two dozen columns.
#[inline(never)]
fn eigen(mut matrix: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = matrix.len();
    // Row i of `vectors` is the i-th eigenvector.
    let mut vectors: Vec<Vec<f64>> = (0..size)
        .map(|row| {
            (0..size)
                .map(|column| f64::from(u8::from(row == column)))
                .collect()
        })
        .collect();
    // Each sweep squares what is left beside the diagonal: ten would do.
    for _ in 0..60 {
        let mut turned = false;
        for p in 0..size {
            for q in p + 1..size {
                let beside = matrix[p][q];
                if beside.abs() <= f64::EPSILON * 1e-3 * (matrix[p][p] * matrix[q][q]).abs().sqrt()
                    || beside == 0.0
                {
                    continue;
                }
                turned = true;
                let slope = (matrix[q][q] - matrix[p][p]) / (2.0 * beside);
                let tangent = slope.signum() / (slope.abs() + (slope * slope + 1.0).sqrt());
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                rotate(&mut matrix, &mut vectors, p, q, cosine, tangent * cosine);
            }
        }
        if !turned {
            break;
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    // A covariance has no negative eigenvalues; rounding may make tiny ones.
    let values: Vec<f64> = (0..size)
        .map(|place| matrix[place][place].max(0.0))
        .collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    let components = order
        .iter()
        .map(|&place| with_sign(vectors[place].clone()))
        .collect();
    (
        order.iter().map(|&place| values[place]).collect(),
        components,
    )
}

/// Turns axes p and q so that cell (p, q) vanishes.
fn rotate(
    matrix: &mut [Vec<f64>],
    vectors: &mut [Vec<f64>],
    p: usize,
    q: usize,
    cosine: f64,
    sine: f64,
) {
    for line in matrix.iter_mut() {
        let (a, b) = (line[p], line[q]);
        line[p] = cosine * a - sine * b;
        line[q] = sine * a + cosine * b;
    }
    for lines in [matrix, vectors] {
        let (above, below) = lines.split_at_mut(q);
        for (a, b) in above[p].iter_mut().zip(below[0].iter_mut()) {
            (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
        }
    }
}

/// A vector and its opposite are the same component: the one whose largest loading (the first, if several) is positive.
fn with_sign(mut vector: Vec<f64>) -> Vec<f64> {
    let mut largest = 0.0f64;
    for &loading in &vector {
        // A hair more, so that two loadings equal but for rounding do not swap places.
        if loading.abs() > largest.abs() * (1.0 + 1e-9) {
            largest = loading;
        }
    }
    if largest < 0.0 {
        vector.iter_mut().for_each(|loading| *loading = -*loading);
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::eigen;

    #[test]
    fn eigen_of_two_by_two() {
        // |2−λ 1; 1 2−λ| = 0: λ = 3 along (1, 1), λ = 1 along (1, −1)
        let (values, vectors) = eigen(vec![vec![2.0, 1.0], vec![1.0, 2.0]]);
        let half = 0.5f64.sqrt();
        assert!((values[0] - 3.0).abs() < 1e-14 && (values[1] - 1.0).abs() < 1e-14);
        assert!((vectors[0][0] - half).abs() < 1e-14 && (vectors[0][1] - half).abs() < 1e-14);
        assert!((vectors[1][0] - half).abs() < 1e-14 && (vectors[1][1] + half).abs() < 1e-14);
    }
}
