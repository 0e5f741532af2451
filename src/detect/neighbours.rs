//! Finds the points near a point: a k-d tree whose nodes know the box their points fill.
//!
//! A box as a whole is often near enough or too far, so few distances are computed. All answers are exact: the distance
//! to a box is summed in the same order as the distance to a point, so rounding cannot put a point outside its own box.

use super::scale::{squared_distance, squared_within};

/// Nodes with this many points or fewer are not divided.
const LEAF: usize = 16;

/// Points, arranged for finding neighbours.
#[derive(Debug, Clone, Default)]
pub(super) struct Neighbours {
    width: usize,
    /// The columns in the order in which distances are summed: those that vary most come first, so that far points are soon told.
    columns: Vec<usize>,
    /// The points in the order of the tree.
    points: Vec<f64>,
    /// The number of each, as handed in.
    order: Vec<usize>,
    nodes: Vec<Node>,
    /// Two corners for each node: its lowest values, then its highest.
    boxes: Vec<f64>,
}

#[derive(Debug, Clone)]
struct Node {
    /// Its points, in the order of the tree.
    start: usize,
    end: usize,
    /// The second child; the first follows its parent. 0 for a leaf.
    second: usize,
    /// The squared diagonal of its box.
    diagonal: f64,
}

/// Which points have been taken already, counted by node so that whole boxes are skipped.
pub(super) struct Untaken {
    left: Vec<usize>,
    taken: Vec<bool>,
}

impl Neighbours {
    /// Arranges points of `width` values each.
    #[inline(never)]
    pub(super) fn new(values: &[f64], width: usize) -> Neighbours {
        let count = values.len().checked_div(width).unwrap_or(0);
        let mut tree = Neighbours {
            width,
            order: (0..count).collect(),
            ..Neighbours::default()
        };
        if count > 0 {
            let spread = variances(values, width, &tree.order);
            tree.columns = (0..width).collect();
            tree.columns.sort_by(|&a, &b| spread[b].total_cmp(&spread[a]).then(a.cmp(&b)));
            let values: Vec<f64> = values.chunks_exact(width).flat_map(|point| tree.arranged(point)).collect();
            let mut order = std::mem::take(&mut tree.order);
            tree.divide(&values, &mut order, 0);
            tree.points = order
                .iter()
                .flat_map(|&point| &values[point * width..(point + 1) * width])
                .copied()
                .collect();
            tree.order = order;
        }
        tree
    }

    /// A point with its columns in the order of the tree.
    fn arranged(&self, point: &[f64]) -> Vec<f64> {
        self.columns.iter().map(|&column| point[column]).collect()
    }

    /// How many points.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// Nothing taken yet.
    pub(super) fn untaken(&self) -> Untaken {
        let left = self
            .nodes
            .iter()
            .map(|node| node.end - node.start)
            .collect();
        Untaken {
            left,
            taken: vec![false; self.len()],
        }
    }

    /// Whether at least `enough` points are within a squared distance of `limit` (inclusive).
    #[inline(never)]
    pub(super) fn has_within(&self, point: &[f64], limit: f64, enough: usize) -> bool {
        let point = &self.arranged(point)[..];
        let mut found = 0;
        let mut waiting = Vec::with_capacity(64);
        if !self.nodes.is_empty() {
            waiting.push((0, 0.0));
        }
        while let Some((place, nearest)) = waiting.pop() {
            if found >= enough {
                break;
            }
            if nearest > limit {
                continue;
            }
            let node = &self.nodes[place];
            // A box whose diagonal is longer than twice the radius cannot lie within it: no need to look at its far corner.
            if node.diagonal <= 4.1 * limit && self.farthest_corner(place, point, limit).is_some() {
                found += node.end - node.start;
            } else if node.second == 0 {
                let near = (node.start..node.end)
                    .filter(|&at| squared_within(self.at(at), point, limit).is_some());
                found += near.count();
            } else {
                self.push_children(place, point, limit, &mut waiting);
            }
        }
        found >= enough
    }

    /// Takes the points within a squared distance of `limit` (inclusive) that are not taken yet, and appends their numbers to `out`.
    pub(super) fn take_within(
        &self,
        point: &[f64],
        limit: f64,
        untaken: &mut Untaken,
        out: &mut Vec<usize>,
    ) {
        if !self.nodes.is_empty() {
            self.take_below(0, &self.arranged(point), limit, untaken, out);
        }
    }

    /// The number of the nearest point and its squared distance. Of several, the one the tree meets first: always the same.
    pub(super) fn nearest(&self, point: &[f64]) -> Option<(usize, f64)> {
        let best = self.nearest_few(point, 1);
        best.first().map(|&(distance, number)| (number, distance))
    }

    /// The squared distance to the `count`-th nearest point; to the farthest if there are fewer.
    pub(super) fn distance_to(&self, point: &[f64], count: usize) -> Option<f64> {
        self.nearest_few(point, count.max(1))
            .last()
            .map(|&(distance, _)| distance)
    }

    /// The point with this number in the order of the tree.
    fn at(&self, place: usize) -> &[f64] {
        &self.points[place * self.width..(place + 1) * self.width]
    }

    /// Up to `count` nearest points as (squared distance, number), ascending.
    #[inline(never)]
    fn nearest_few(&self, point: &[f64], count: usize) -> Vec<(f64, usize)> {
        let point = &self.arranged(point)[..];
        let mut best: Vec<(f64, usize)> = Vec::with_capacity(count + 1);
        let mut waiting = Vec::with_capacity(64);
        if !self.nodes.is_empty() {
            waiting.push((0, 0.0));
        }
        while let Some((place, nearest)) = waiting.pop() {
            let mut limit = if best.len() < count {
                f64::INFINITY
            } else {
                best[count - 1].0
            };
            if nearest >= limit {
                continue;
            }
            let node = &self.nodes[place];
            if node.second > 0 {
                self.push_children(place, point, limit, &mut waiting);
                continue;
            }
            for at in node.start..node.end {
                let within = squared_within(self.at(at), point, limit);
                if let Some(distance) = within.filter(|distance| *distance < limit) {
                    let place = best.partition_point(|other| other.0 <= distance);
                    best.insert(place, (distance, self.order[at]));
                    best.truncate(count);
                    if best.len() == count {
                        limit = best[count - 1].0;
                    }
                }
            }
        }
        best
    }

    /// Puts those children on the stack whose box is within `limit`, the nearer one on top.
    fn push_children(&self, place: usize, point: &[f64], limit: f64, waiting: &mut Vec<(usize, f64)>) {
        let (first, second) = (place + 1, self.nodes[place].second);
        let first = self.nearest_corner(first, point, limit).map(|squared| (first, squared));
        let second = self.nearest_corner(second, point, limit).map(|squared| (second, squared));
        match (first, second) {
            (Some(first), Some(second)) if first.1 <= second.1 => waiting.extend([second, first]),
            (first, second) => waiting.extend(first.into_iter().chain(second)),
        }
    }

    /// `take_within` below one node; gives back how many were taken.
    fn take_below(
        &self,
        place: usize,
        point: &[f64],
        limit: f64,
        untaken: &mut Untaken,
        out: &mut Vec<usize>,
    ) -> usize {
        if untaken.left[place] == 0 || self.nearest_corner(place, point, limit).is_none() {
            return 0;
        }
        let node = &self.nodes[place];
        let mut count = 0;
        if node.second == 0 {
            for at in node.start..node.end {
                if !untaken.taken[at] && squared_within(self.at(at), point, limit).is_some() {
                    untaken.taken[at] = true;
                    out.push(self.order[at]);
                    count += 1;
                }
            }
        } else {
            count += self.take_below(place + 1, point, limit, untaken, out);
            count += self.take_below(node.second, point, limit, untaken, out);
        }
        untaken.left[place] -= count;
        count
    }

    /// The squared distance from a point to the nearest place of a node's box, if it is at most `limit`.
    fn nearest_corner(&self, place: usize, point: &[f64], limit: f64) -> Option<f64> {
        let (low, high) = self.corners(place);
        box_distance(point, low, high, limit, |value, low, high| (low - value).max(value - high).max(0.0))
    }

    /// The squared distance from a point to the farthest corner of a node's box, if it is at most `limit`.
    fn farthest_corner(&self, place: usize, point: &[f64], limit: f64) -> Option<f64> {
        let (low, high) = self.corners(place);
        box_distance(point, low, high, limit, |value, low, high| (value - low).max(high - value))
    }

    fn corners(&self, place: usize) -> (&[f64], &[f64]) {
        self.boxes[place * 2 * self.width..(place + 1) * 2 * self.width].split_at(self.width)
    }

    /// Makes a node of these points, which stand at `start` in the order of the tree, and its descendants.
    #[inline(never)]
    fn divide(&mut self, values: &[f64], order: &mut [usize], start: usize) {
        let width = self.width;
        let place = self.nodes.len();
        self.nodes.push(Node {
            start,
            end: start + order.len(),
            second: 0,
            diagonal: 0.0,
        });
        let mut low = vec![f64::INFINITY; width];
        let mut high = vec![f64::NEG_INFINITY; width];
        for &point in order.iter() {
            let row = &values[point * width..(point + 1) * width];
            low.iter_mut()
                .zip(row)
                .for_each(|(low, value)| *low = low.min(*value));
            high.iter_mut()
                .zip(row)
                .for_each(|(high, value)| *high = high.max(*value));
        }
        self.nodes[place].diagonal = squared_distance(&low, &high);
        let varies = low.iter().zip(&high).any(|(low, high)| low < high);
        self.boxes.extend(low);
        self.boxes.extend(high);
        if order.len() <= LEAF || !varies {
            return;
        }
        // Where they vary most: the widest column may be one that almost all points have 0 in.
        let spread = variances(values, width, order);
        let widest = (0..width).fold(0, |best, column| if spread[column] > spread[best] { column } else { best });
        let half = order.len() / 2;
        let key = |point: usize| values[point * width + widest];
        order.select_nth_unstable_by(half, |&a, &b| key(a).total_cmp(&key(b)).then(a.cmp(&b)));
        let (first, second) = order.split_at_mut(half);
        // In their own order, so that the tree does not depend on how the library selects.
        first.sort_unstable();
        second.sort_unstable();
        self.divide(values, first, start);
        self.nodes[place].second = self.nodes.len();
        self.divide(values, second, start + half);
    }
}

/// How much each column varies over the points with these numbers.
fn variances(values: &[f64], width: usize, order: &[usize]) -> Vec<f64> {
    let (mut sums, mut squares) = (vec![0.0; width], vec![0.0; width]);
    let rows = || order.iter().map(|&point| &values[point * width..(point + 1) * width]);
    for row in rows() {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    sums.iter_mut().for_each(|sum| *sum /= order.len() as f64);
    for row in rows() {
        for ((square, value), mean) in squares.iter_mut().zip(row).zip(&sums) {
            *square += (value - mean) * (value - mean);
        }
    }
    squares
}

/// Sums the squared gaps between a point and a box in the order of [`squared_within`], as long as they are within `limit`.
fn box_distance(point: &[f64], low: &[f64], high: &[f64], limit: f64, gap: impl Fn(f64, f64, f64) -> f64) -> Option<f64> {
    let (points, point_rest) = point.as_chunks::<8>();
    let (lows, low_rest) = low.as_chunks::<8>();
    let (highs, high_rest) = high.as_chunks::<8>();
    let mut sums = [0.0; 4];
    for ((point, low), high) in points.iter().zip(lows).zip(highs) {
        for half in [0, 4] {
            for lane in 0..4 {
                let gap = gap(point[half + lane], low[half + lane], high[half + lane]);
                sums[lane] += gap * gap;
            }
        }
        if (sums[0] + sums[1]) + (sums[2] + sums[3]) > limit {
            return None;
        }
    }
    for (place, ((&point, &low), &high)) in point_rest.iter().zip(low_rest).zip(high_rest).enumerate() {
        let gap = gap(point, low, high);
        sums[place % 4] += gap * gap;
    }
    Some((sums[0] + sums[1]) + (sums[2] + sums[3])).filter(|squared| *squared <= limit)
}
