//! Isolation forest (Liu, Ting and Zhou, 2008): rows that random cuts set apart quickly are odd.
//!
//! A tree is a complete binary tree of eight levels in flat arrays, so every row takes exactly eight steps and no branch.

use super::detector::{Detector, shares};
use super::draw;
use super::scale::{masks, medians};
use crate::matrix::Matrix;
use crate::num::{self, Generator};

/// Levels of cuts: log2 of the largest sample.
const LEVELS: u32 = 8;
/// Leaves of a complete tree; its cuts are numbered 1 to LEAVES - 1, the children of n are 2n and 2n + 1.
const LEAVES: usize = 1 << LEVELS;
/// Rows that walk down a tree together.
const LANES: usize = 8;
/// Rows scored together: small enough that they and a tree stay in the nearest cache.
const BLOCK: usize = 64;
/// The first generator stream of the trees; tree t uses the t-th from here, so trees could grow in any order.
const PURPOSE: u64 = 0x0100_0000;

/// Scores by how few random cuts set a row apart: 2^(−mean path ÷ usual path).
#[derive(Debug, Clone)]
pub struct IsolationForest {
    /// How many trees are grown. Past 100 the score hardly moves (Liu, Ting and Zhou, 2008).
    pub trees: usize,
    /// How many rows each tree sees, at most 256. More hides outliers behind one another (same paper).
    pub subsample: usize,
    medians: Vec<f64>,
    /// The usual path length for a sample of the size used.
    usual: f64,
    grown: Vec<Tree>,
}

impl Default for IsolationForest {
    fn default() -> IsolationForest {
        IsolationForest {
            trees: 100,
            subsample: LEAVES,
            medians: Vec::new(),
            usual: 0.0,
            grown: Vec::new(),
        }
    }
}

impl Detector for IsolationForest {
    fn name(&self) -> &'static str {
        "isolation forest"
    }

    #[inline(never)]
    fn fit(&mut self, matrix: &Matrix, rows: &[usize], seed: u64) {
        self.medians = medians(matrix, rows);
        self.grown.clear();
        let size = self.subsample.min(LEAVES).min(rows.len());
        self.usual = usual_path(size);
        if size < 2 || matrix.columns() == 0 {
            return;
        }
        for tree in 0..self.trees {
            let mut generator = num::generator(seed, PURPOSE + tree as u64);
            let chosen = draw::sample(&mut generator, rows, size);
            self.grown.push(Tree::grow(
                &self.gather(matrix, &chosen),
                matrix.columns(),
                size,
                &mut generator,
            ));
        }
    }

    #[inline(never)]
    fn score(&self, matrix: &Matrix) -> Vec<f64> {
        if self.grown.is_empty() {
            return vec![0.0; matrix.rows()];
        }
        let width = matrix.columns();
        let mut scores = Vec::with_capacity(matrix.rows());
        let mut block = vec![0.0; BLOCK * width];
        for first in (0..matrix.rows()).step_by(BLOCK) {
            let count = BLOCK.min(matrix.rows() - first);
            for (row, filled) in (first..first + count).zip(block.chunks_exact_mut(width)) {
                self.fill(matrix.row(row), masks(matrix, row), filled);
            }
            // Rows past the end of the last block are left over from the one before: walked, and not read.
            let paths = self.paths(&block, width);
            scores.extend(paths[..count].iter().map(|path| self.score_of(*path)));
        }
        scores
    }

    /// What would the score be with this column at its median? The fall is the column's credit.
    fn blame(&self, row: &[f64], masked: &[bool]) -> Vec<f64> {
        if self.grown.is_empty() {
            return vec![0.0; row.len()];
        }
        let mut filled = vec![0.0; row.len()];
        self.fill(row, masked, &mut filled);
        let score = self.score_of(self.path(&filled));
        let credits = (0..row.len()).map(|column| {
            let value = std::mem::replace(&mut filled[column], self.medians[column]);
            // The same number gives the same path: no need to walk.
            let without = if value == self.medians[column] {
                score
            } else {
                self.score_of(self.path(&filled))
            };
            filled[column] = value;
            score - without
        });
        shares(credits.collect(), masked)
    }
}

impl IsolationForest {
    /// Copies a row, with medians where the file does not say.
    fn fill(&self, row: &[f64], masked: &[bool], out: &mut [f64]) {
        for (((out, &value), &masked), &median) in
            out.iter_mut().zip(row).zip(masked).zip(&self.medians)
        {
            *out = if masked || !value.is_finite() {
                median
            } else {
                value
            };
        }
    }

    /// The chosen rows, one after the other.
    fn gather(&self, matrix: &Matrix, chosen: &[usize]) -> Vec<f64> {
        let mut values = vec![0.0; chosen.len() * matrix.columns()];
        for (&row, filled) in chosen.iter().zip(values.chunks_exact_mut(matrix.columns())) {
            self.fill(matrix.row(row), masks(matrix, row), filled);
        }
        values
    }

    /// The summed path lengths of a block of rows, tree after tree.
    #[inline(never)]
    fn paths(&self, block: &[f64], width: usize) -> [f64; BLOCK] {
        let mut paths = [0.0; BLOCK];
        for tree in &self.grown {
            for (lanes, paths) in block
                .chunks_exact(LANES * width)
                .zip(paths.chunks_exact_mut(LANES))
            {
                let mut nodes = [1; LANES];
                for _ in 0..LEVELS {
                    for (lane, node) in nodes.iter_mut().enumerate() {
                        let cut = &tree.cuts[*node % LEAVES];
                        let right = lanes[lane * width + cut.column as usize] >= cut.at;
                        *node = 2 * *node + usize::from(right);
                    }
                }
                for (path, node) in paths.iter_mut().zip(nodes) {
                    *path += tree.leaves[node % LEAVES];
                }
            }
        }
        paths
    }

    /// The summed path length of one row; the same bits as in a block.
    fn path(&self, row: &[f64]) -> f64 {
        num::sum(self.grown.iter().map(|tree| {
            let mut node = 1;
            for _ in 0..LEVELS {
                let cut = &tree.cuts[node % LEAVES];
                node = 2 * node + usize::from(row[cut.column as usize] >= cut.at);
            }
            tree.leaves[node % LEAVES]
        }))
    }

    fn score_of(&self, path: f64) -> f64 {
        num::exp(-std::f64::consts::LN_2 * path / (self.grown.len() as f64 * self.usual))
    }
}

/// Where a node cuts: rows with a lower value go left.
#[derive(Debug, Clone, Copy)]
struct Cut {
    at: f64,
    column: u32,
}

/// One isolation tree.
#[derive(Debug, Clone)]
struct Tree {
    /// Cut n at place n; place 0 is not used. Below an early leaf, cuts at infinity send every row left.
    cuts: Box<[Cut; LEAVES]>,
    /// The path length at leaf LEAVES + place: cuts made, plus what the rows left there would still need.
    leaves: Box<[f64; LEAVES]>,
}

impl Tree {
    /// Grows a tree over `size` rows of `width` values.
    #[inline(never)]
    fn grow(values: &[f64], width: usize, size: usize, generator: &mut Generator) -> Tree {
        let mut tree = Tree {
            cuts: Box::new(
                [Cut {
                    at: f64::INFINITY,
                    column: 0,
                }; LEAVES],
            ),
            leaves: Box::new([0.0; LEAVES]),
        };
        // ceil(log2 size): the depth at which a balanced tree has every row alone.
        let deepest = size.next_power_of_two().trailing_zeros();
        let mut rows: Vec<&[f64]> = values.chunks_exact(width).collect();
        let mut columns: Vec<usize> = (0..width).collect();
        tree.split(1, 0, deepest, &mut rows, &mut columns, generator);
        tree
    }

    /// Cuts the rows that reached `node` at `depth`, and theirs in turn.
    fn split(
        &mut self,
        node: usize,
        depth: u32,
        deepest: u32,
        rows: &mut [&[f64]],
        columns: &mut [usize],
        generator: &mut Generator,
    ) {
        let cut = if depth < deepest && rows.len() > 1 {
            choose_cut(rows, columns, generator)
        } else {
            None
        };
        let Some(cut) = cut else {
            let leaf = (node << (LEVELS - depth)) % LEAVES;
            self.leaves[leaf] = f64::from(depth) + usual_path(rows.len());
            return;
        };
        self.cuts[node] = cut;
        // Unstable order is fine: what follows looks at minima, maxima and counts only.
        let mut middle = 0;
        for place in 0..rows.len() {
            if rows[place][cut.column as usize] < cut.at {
                rows.swap(place, middle);
                middle += 1;
            }
        }
        let (left, right) = rows.split_at_mut(middle);
        self.split(2 * node, depth + 1, deepest, left, columns, generator);
        self.split(2 * node + 1, depth + 1, deepest, right, columns, generator);
    }
}

/// A random place in a random column, among the columns that differ within these rows. None if none does.
fn choose_cut(rows: &[&[f64]], columns: &mut [usize], generator: &mut Generator) -> Option<Cut> {
    for left in (1..=columns.len()).rev() {
        let place = draw::below(generator, left);
        let column = columns[place];
        columns.swap(place, left - 1);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for row in rows {
            low = low.min(row[column]);
            high = high.max(row[column]);
        }
        if low < high {
            let at = low + draw::unit(generator) * (high - low);
            // Never at the lowest value itself: nothing would go left.
            let at = if at > low { at } else { high };
            return Some(Cut {
                at,
                column: column as u32,
            });
        }
    }
    None
}

/// c(n): the mean path of an unsuccessful search in a binary tree of n rows, 2 H(n−1) − 2 (n−1) / n.
fn usual_path(rows: usize) -> f64 {
    match rows {
        0 | 1 => 0.0,
        rows => {
            let harmonic = num::sum((1..rows).map(|n| 1.0 / n as f64));
            2.0 * harmonic - 2.0 * (rows - 1) as f64 / rows as f64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::usual_path;

    #[test]
    fn usual_path_is_that_of_the_paper() {
        // 2 × 1 − 2 × 1 / 2
        assert_eq!(usual_path(2), 1.0);
        // 2 × (1 + 1/2) − 2 × 2 / 3
        assert!((usual_path(3) - 5.0 / 3.0).abs() < 1e-15);
        // 2 × 6.1204386 (H(255) ≈ ln 255 + 0.5772157 + 1 / 510) − 2 × 255 / 256
        assert!((usual_path(256) - 10.248_69).abs() < 1e-5);
    }
}
