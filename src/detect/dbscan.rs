//! DBSCAN (Ester and others, 1996): points in dense company form clusters, the rest is noise.

use ndarray::ArrayView2;

use super::alike::Points;
use super::detector::{Detector, from_ratio, shares};
use super::draw;
use super::neighbours::Neighbours;
use super::scale::{Scale, masks};
use crate::matrix::Matrix;
use crate::{num, parallel};

/// The generator streams of this detector.
const PURPOSE_ROWS: u64 = 0x0300_0000;
const PURPOSE_KNEE: u64 = 0x0300_0001;

/// How many points the knee is looked for in. The curve has its shape long before.
const KNEE_POINTS: usize = 1_000;

/// The cluster of each point, −1 for noise: the very labels scikit-learn gives.
///
/// A point with at least `min_samples` points within `eps` (inclusive, itself counted) is a core. Clusters are numbered
/// by their first core; a point near cores of several clusters goes to the lowest. Shape of `points`: (rows, columns).
///
/// ```
/// let points = ndarray::arr2(&[[0.0], [0.5], [9.0], [1.0], [20.0], [9.5], [8.5]]);
/// assert_eq!(oddtrail::labels(points.view(), 1.0, 3), [0, 0, 1, 0, -1, 1, 1]);
/// ```
pub fn labels(points: ArrayView2<f64>, eps: f64, min_samples: usize) -> Vec<i32> {
    let width = points.ncols();
    if width == 0 {
        // Points without columns all stand in the same place.
        return vec![if points.nrows() >= min_samples { 0 } else { -1 }; points.nrows()];
    }
    let values: Vec<f64> = points.iter().copied().collect();
    let tree = Neighbours::new(&values, width);
    let points: Vec<&[f64]> = values.chunks_exact(width).collect();
    let is_core = cores(&tree, &points, eps, min_samples);
    cluster(&tree, &values, width, eps, &is_core)
}

/// Scores by the distance to the nearest core, in units of eps: from one half on, a row is noise.
#[derive(Debug, Clone)]
pub struct Dbscan {
    /// The radius within which rows are neighbours, in scaled units (see [`Scale`]). None: the knee of the curve of
    /// distances to the `min_samples`-th neighbour, as Ester and others propose.
    pub eps: Option<f64>,
    /// How many rows within `eps`, itself counted, make a row a core. Ten: fewer than ten sessions are no habit yet.
    /// At most half of the rows, so that a handful of rows can be a cluster too.
    pub min_samples: usize,
    /// At most this many rows are fitted, drawn by the seed.
    pub most: usize,
    /// At most about this many pairs of a row and a core are compared in scoring: of a matrix with more than
    /// `pairs` ÷ `most` rows, fewer are fitted, but not fewer than a thousand. Half a second's worth as
    /// sessions go, and three seconds' if columns have nothing to do with each other.
    pub pairs: usize,
    scale: Scale,
    radius: f64,
    /// The cores, of those that are the same one.
    cores: Neighbours,
    core_values: Vec<f64>,
}

impl Default for Dbscan {
    fn default() -> Dbscan {
        Dbscan {
            eps: None,
            min_samples: 10,
            most: 10_000,
            pairs: 200_000_000,
            scale: Scale::default(),
            radius: 1.0,
            cores: Neighbours::default(),
            core_values: Vec::new(),
        }
    }
}

impl Detector for Dbscan {
    fn name(&self) -> &'static str {
        "dbscan"
    }

    #[inline(never)]
    fn fit(&mut self, matrix: &Matrix, rows: &[usize], seed: u64) {
        let width = matrix.columns();
        let most = self
            .most
            .min((self.pairs / matrix.rows().max(1)).max(1_000));
        let rows = draw::sample(&mut num::generator(seed, PURPOSE_ROWS), rows, most);
        self.scale = Scale::fit(matrix, &rows);
        let scaled = self.scale.apply(matrix, &rows);
        let values = scaled.as_slice().expect("made in standard order");
        let tree = Neighbours::new(values, width);
        let min_samples = self.min_samples.min(rows.len().div_ceil(2));
        self.radius = self
            .eps
            .unwrap_or_else(|| knee(&tree, values, width, min_samples, seed));
        let points: Vec<&[f64]> = values.chunks_exact(width.max(1)).collect();
        let points = Points::of(&points).few;
        let is_core = cores(&tree, &points, self.radius, min_samples);
        self.core_values.clear();
        for (point, _) in points.iter().zip(is_core).filter(|(_, core)| *core) {
            self.core_values.extend(*point);
        }
        self.cores = Neighbours::new(&self.core_values, width);
    }

    fn score(&self, matrix: &Matrix) -> Vec<f64> {
        self.noise_and_scores(matrix).1
    }

    /// What the columns add to the squared distance to the nearest core.
    fn blame(&self, row: &[f64], masked: &[bool]) -> Vec<f64> {
        let point = self.scale.row(row, masked);
        let Some((core, _)) = self.cores.nearest(&point) else {
            return vec![0.0; row.len()];
        };
        let core = &self.core_values[core * row.len()..(core + 1) * row.len()];
        shares(
            point
                .iter()
                .zip(core)
                .map(|(a, b)| (a - b) * (a - b))
                .collect(),
            masked,
        )
    }
}

impl Dbscan {
    /// The cluster of each row, fitted or not: that of the nearest core, −1 for noise if none is within eps.
    pub fn labels(&self, matrix: &Matrix) -> Vec<i32> {
        let limit = self.radius * self.radius;
        let all = vec![true; self.cores.len()];
        let of_core = cluster(&self.cores, &self.core_values, matrix.columns(), self.radius, &all);
        let label = |found: Option<(usize, f64)>| found.filter(|(_, squared)| *squared <= limit).map_or(-1, |(core, _)| of_core[core]);
        self.nearest_cores(matrix).into_iter().map(label).collect()
    }

    /// Whether each row is noise, and its score: for both, its nearest core is looked for, once.
    #[inline(never)]
    pub fn noise_and_scores(&self, matrix: &Matrix) -> (Vec<bool>, Vec<f64>) {
        let limit = self.radius * self.radius;
        let of_core = |(_, squared): (usize, f64)| (squared > limit, from_ratio(squared.sqrt() / self.radius));
        let found = self.nearest_cores(matrix).into_iter();
        found.map(|found| found.map_or((true, 0.0), of_core)).unzip()
    }

    /// The radius in use, in scaled units.
    pub fn eps(&self) -> f64 {
        self.radius
    }

    /// The nearest core of each row, and the squared distance to it.
    #[inline(never)]
    fn nearest_cores(&self, matrix: &Matrix) -> Vec<Option<(usize, f64)>> {
        parallel::in_pieces(matrix.rows(), |rows| {
            let mut point = vec![0.0; matrix.columns()];
            let nearest = |row: usize| {
                self.scale.apply_row(matrix.row(row), masks(matrix, row), &mut point);
                self.cores.nearest(&point)
            };
            rows.map(nearest).collect()
        })
    }
}

/// Whether each point is a core: so many, itself among them, are within eps.
#[inline(never)]
fn cores(tree: &Neighbours, points: &[&[f64]], eps: f64, min_samples: usize) -> Vec<bool> {
    let limit = eps * eps;
    parallel::in_pieces(points.len(), |piece| points[piece].iter().map(|point| tree.has_within(point, limit, min_samples)).collect())
}

/// The cluster of each point; −1 for noise.
#[inline(never)]
fn cluster(tree: &Neighbours, values: &[f64], width: usize, eps: f64, is_core: &[bool]) -> Vec<i32> {
    let limit = eps * eps;
    let points: Vec<&[f64]> = values.chunks_exact(width.max(1)).collect();
    let mut labels = vec![-1; points.len()];
    let mut untaken = tree.untaken();
    let mut waiting = Vec::new();
    let mut next = 0;
    for first in 0..points.len() {
        if labels[first] >= 0 || !is_core[first] {
            continue;
        }
        // A cluster is finished before the next begins: so a point between two goes to the lower.
        tree.take_within(points[first], limit, &mut untaken, &mut waiting);
        while let Some(point) = waiting.pop() {
            labels[point] = next;
            if is_core[point] && point != first {
                tree.take_within(points[point], limit, &mut untaken, &mut waiting);
            }
        }
        next += 1;
    }
    labels
}

/// Where the ascending curve of distances to the `count`-th neighbour bends: its point farthest below the straight line
/// from its first point to its last.
#[inline(never)]
fn knee(tree: &Neighbours, values: &[f64], width: usize, count: usize, seed: u64) -> f64 {
    let all: Vec<usize> = (0..tree.len()).collect();
    let chosen = draw::sample(&mut num::generator(seed, PURPOSE_KNEE), &all, KNEE_POINTS);
    let chosen: Vec<&[f64]> = chosen.into_iter().map(|point| &values[point * width..(point + 1) * width]).collect();
    let chosen = Points::of(&chosen);
    let of = |point: &&[f64]| tree.distance_to(point, count).map(f64::sqrt);
    let far = parallel::in_pieces(chosen.few.len(), |piece| chosen.few[piece].iter().map(of).collect());
    let mut far: Vec<f64> = chosen.alike.each(&far).flatten().collect();
    far.sort_unstable_by(f64::total_cmp);
    let (Some(&first), Some(&last)) = (far.first(), far.last()) else {
        return 1.0;
    };
    let mut bend = (last, 0.0);
    for (place, &distance) in far.iter().enumerate() {
        let line = first + (last - first) * place as f64 / (far.len() - 1).max(1) as f64;
        if line - distance > bend.1 {
            bend = (distance, line - distance);
        }
    }
    // Rows repeated to the last digit have neighbours at no distance: then the least distance there is, or one spread.
    if bend.0 > 0.0 {
        bend.0
    } else {
        far.into_iter()
            .find(|&distance| distance > 0.0)
            .unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::labels;
    use crate::detect::{draw, scale::squared_distance};
    use crate::num;
    use ndarray::Array2;

    /// The algorithm as the textbook has it, with scikit-learn's order.
    fn plain(points: &Array2<f64>, eps: f64, min_samples: usize) -> Vec<i32> {
        let rows: Vec<&[f64]> = points
            .as_slice()
            .expect("standard order")
            .chunks_exact(points.ncols())
            .collect();
        let near = |a: usize| -> Vec<usize> {
            (0..rows.len())
                .filter(|&b| squared_distance(rows[a], rows[b]) <= eps * eps)
                .collect()
        };
        let near: Vec<Vec<usize>> = (0..rows.len()).map(near).collect();
        let mut labels = vec![-1; rows.len()];
        let mut next = 0;
        for first in 0..rows.len() {
            if labels[first] != -1 || near[first].len() < min_samples {
                continue;
            }
            let mut stack = vec![first];
            while let Some(point) = stack.pop() {
                if labels[point] == -1 {
                    labels[point] = next;
                    if near[point].len() >= min_samples {
                        stack.extend(near[point].iter().filter(|&&other| labels[other] == -1));
                    }
                }
            }
            next += 1;
        }
        labels
    }

    #[test]
    fn the_tree_changes_nothing() {
        for (width, grid) in [(1, 4.0), (2, 8.0), (3, 3.0), (6, 2.0), (24, 1.0)] {
            let mut generator = num::generator(7, width as u64);
            // Whole numbers: many equal points, many distances of exactly eps.
            let points = Array2::from_shape_fn((400, width), |_| {
                (draw::unit(&mut generator) * grid * 3.0).floor()
            });
            for eps in [0.0, 1.0, 2.0, 3.0] {
                for min_samples in [1, 3, 8] {
                    assert_eq!(
                        labels(points.view(), eps, min_samples),
                        plain(&points, eps, min_samples)
                    );
                }
            }
        }
    }
}
