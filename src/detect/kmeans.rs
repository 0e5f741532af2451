//! K-means: a few common ways to behave, the personas; rows far from all of them are odd.

use super::alike::Points;
use super::detector::{Detector, from_ratio, shares};
use super::draw;
use super::scale::{Scale, all_rows, masks, squared_distance};
use crate::matrix::Matrix;
use crate::num::{self, Generator};

/// The generator streams of this detector.
const PURPOSE_ROWS: u64 = 0x0200_0000;
const PURPOSE_CHOICE: u64 = 0x0200_0001;
const PURPOSE_START: u64 = 0x0200_1000;

/// Rows that the number of personas is chosen on. Silhouettes take every pair of them.
const CHOICE_ROWS: usize = 500;
/// The numbers of personas to choose from. More than eight are more than a reader tells apart.
const CHOICES: std::ops::RangeInclusive<usize> = 2..=8;
/// Rounds after which a start ends, settled or not; most settle within 30.
const ROUNDS: usize = 100;

/// Scores by the distance to the nearest common persona, in units of that persona's spread: at one half a row is as far as usual.
#[derive(Debug, Clone)]
pub struct KMeans {
    /// How many personas. None: the number from 2 to 8 with the greatest mean silhouette (Rousseeuw, 1987) on 500 rows.
    pub clusters: Option<usize>,
    /// The share of rows, the farthest from the medians, that have no say: an outlier must not become a persona of its own.
    pub trim: f64,
    /// The least share of rows that makes a persona common. A row in a smaller one is measured from the nearest common
    /// one (the idea of CBLOF: He, Xu and Deng, 2003).
    pub common: f64,
    /// How many starts; the one with the least inertia stays. Ten, as scikit-learn long had it.
    pub starts: u64,
    /// At most this many rows are fitted, drawn by the seed: more would not move a centre.
    pub most: usize,
    scale: Scale,
    fitted: Fit,
    /// The root mean square distance of each cluster's rows to its centre.
    spreads: Vec<f64>,
    /// Whether each cluster is common.
    is_common: Vec<bool>,
}

impl Default for KMeans {
    fn default() -> KMeans {
        KMeans {
            clusters: None,
            trim: 0.05,
            common: 0.02,
            starts: 10,
            most: 20_000,
            scale: Scale::default(),
            fitted: Fit::default(),
            spreads: Vec::new(),
            is_common: Vec::new(),
        }
    }
}

impl Detector for KMeans {
    fn name(&self) -> &'static str {
        "k-means"
    }

    #[inline(never)]
    fn fit(&mut self, matrix: &Matrix, rows: &[usize], seed: u64) {
        (self.fitted, self.spreads, self.is_common) = (Fit::default(), Vec::new(), Vec::new());
        let rows = draw::sample(&mut num::generator(seed, PURPOSE_ROWS), rows, self.most);
        self.scale = Scale::fit(matrix, &rows);
        let scaled = self.scale.apply(matrix, &rows);
        let values = scaled.as_slice().expect("made in standard order");
        if values.is_empty() {
            return;
        }
        let points = trimmed(values.chunks_exact(matrix.columns()).collect(), self.trim);
        let clusters = self.clusters.unwrap_or_else(|| choose(&points, seed));
        let points = Points::of(&points);
        self.fitted = best_fit(&points, clusters, self.starts, seed);
        self.measure(&points);
    }

    #[inline(never)]
    fn score(&self, matrix: &Matrix) -> Vec<f64> {
        let mut point = vec![0.0; matrix.columns()];
        (0..matrix.rows())
            .map(|row| {
                self.scale
                    .apply_row(matrix.row(row), masks(matrix, row), &mut point);
                let home = self.home(&point);
                home.map_or(0.0, |(cluster, squared)| {
                    from_ratio(squared.sqrt() / self.spreads[cluster])
                })
            })
            .collect()
    }

    /// What the columns add to the squared distance to the persona the row is measured from.
    fn blame(&self, row: &[f64], masked: &[bool]) -> Vec<f64> {
        let point = self.scale.row(row, masked);
        let Some((cluster, _)) = self.home(&point) else {
            return vec![0.0; row.len()];
        };
        shares(
            point
                .iter()
                .zip(&self.fitted.centres[cluster])
                .map(|(a, b)| (a - b) * (a - b))
                .collect(),
            masked,
        )
    }
}

impl KMeans {
    /// The persona of each row, fitted or not: 0 is the most common. Empty before a fit, and after one on no rows.
    #[inline(never)]
    pub fn personas(&self, matrix: &Matrix) -> Vec<usize> {
        if self.fitted.centres.is_empty() {
            return Vec::new();
        }
        let scaled = self.scale.apply(matrix, &all_rows(matrix));
        scaled
            .rows()
            .into_iter()
            .map(|row| nearest(&self.fitted.centres, row.as_slice().expect("a row")).0)
            .collect()
    }

    /// The middle of each persona, in scaled units: how many spreads above the median of each column it is.
    pub fn centres(&self) -> &[Vec<f64>] {
        &self.fitted.centres
    }

    /// The sum of squared distances of the rows that had a say to their centres, in scaled units.
    pub fn inertia(&self) -> f64 {
        self.fitted.inertia
    }

    /// The nearest common persona and the squared distance to it.
    fn home(&self, point: &[f64]) -> Option<(usize, f64)> {
        let mut home: Option<(usize, f64)> = None;
        for (cluster, centre) in self
            .fitted
            .centres
            .iter()
            .enumerate()
            .filter(|(place, _)| self.is_common[*place])
        {
            let squared = squared_distance(centre, point);
            if home.is_none_or(|(_, least)| squared < least) {
                home = Some((cluster, squared));
            }
        }
        home
    }

    /// Numbers the clusters from the largest to the smallest; measures how wide and how common each is.
    fn measure(&mut self, points: &Points<'_>) {
        let assigned = assign(points, &self.fitted.centres);
        let mut counts = vec![0usize; self.fitted.centres.len()];
        let mut squares = vec![0.0; counts.len()];
        for (cluster, squared) in points.alike.each(&assigned) {
            counts[cluster] += 1;
            squares[cluster] += squared;
        }
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_by_key(|&cluster| (std::cmp::Reverse(counts[cluster]), cluster));
        let overall = (num::sum(squares.iter().copied()) / points.len() as f64).sqrt();
        // A persona of few equal rows is narrow by chance: at least half as wide as the average; one scaled unit if none has a width.
        let least = if overall > 1e-9 { 0.5 * overall } else { 1.0 };
        for &cluster in &order {
            let count = counts[cluster] as f64;
            self.spreads
                .push((squares[cluster] / count.max(1.0)).sqrt().max(least));
            self.is_common
                .push(count >= self.common * points.len() as f64);
        }
        if let Some(largest) = self.is_common.first_mut() {
            *largest = true;
        }
        self.fitted.centres = order
            .iter()
            .map(|&cluster| self.fitted.centres[cluster].clone())
            .collect();
    }
}

/// The outcome of a start.
#[derive(Debug, Clone, Default)]
struct Fit {
    centres: Vec<Vec<f64>>,
    inertia: f64,
}

/// Without the share of points farthest from the origin, which is where the medians are. In their order.
fn trimmed(points: Vec<&[f64]>, share: f64) -> Vec<&[f64]> {
    let far: Vec<f64> = points
        .iter()
        .map(|point| num::sum(point.iter().map(|value| value * value)))
        .collect();
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by(|&a, &b| far[a].total_cmp(&far[b]).then(a.cmp(&b)));
    let out = (share.clamp(0.0, 1.0) * points.len() as f64) as usize;
    let mut kept = order[..(points.len() - out).max(1)].to_vec();
    kept.sort_unstable();
    kept.into_iter().map(|place| points[place]).collect()
}

/// The number of clusters with the greatest mean silhouette; the lowest of equals; 1 for fewer than three points.
#[inline(never)]
fn choose(points: &[&[f64]], seed: u64) -> usize {
    let all: Vec<usize> = (0..points.len()).collect();
    let chosen = draw::sample(&mut num::generator(seed, PURPOSE_CHOICE), &all, CHOICE_ROWS);
    let points: Vec<&[f64]> = chosen.into_iter().map(|place| points[place]).collect();
    let mut distances = Vec::with_capacity(points.len() * points.len());
    for a in &points {
        distances.extend(points.iter().map(|b| squared_distance(a, b).sqrt()));
    }
    let points = Points::of(&points);
    let mut best = (1, 0.0);
    for clusters in CHOICES.filter(|&clusters| clusters < points.len()) {
        let fit = best_fit(&points, clusters, 3, seed);
        let labels: Vec<usize> = points.alike.each(&assign(&points, &fit.centres)).map(|(cluster, _)| cluster).collect();
        let quality = silhouette(&distances, &labels, fit.centres.len());
        if quality > best.1 {
            best = (clusters, quality);
        }
    }
    best.0
}

/// The mean over points of (b − a) / max(a, b): a is the mean distance to its own cluster, b to the nearest other one.
#[inline(never)]
fn silhouette(distances: &[f64], labels: &[usize], clusters: usize) -> f64 {
    let mut counts = vec![0usize; clusters];
    labels.iter().for_each(|&label| counts[label] += 1);
    let mut total = 0.0;
    let mut sums = vec![0.0; clusters];
    for (point, &own) in labels.iter().enumerate() {
        sums.fill(0.0);
        for (&label, distance) in labels.iter().zip(&distances[point * labels.len()..]) {
            sums[label] += distance;
        }
        if counts[own] < 2 {
            continue;
        }
        let inside = sums[own] / (counts[own] - 1) as f64;
        let mut outside = f64::INFINITY;
        for cluster in (0..clusters).filter(|&cluster| cluster != own && counts[cluster] > 0) {
            outside = outside.min(sums[cluster] / counts[cluster] as f64);
        }
        let wider = inside.max(outside);
        if outside.is_finite() && wider > 0.0 {
            total += (outside - inside) / wider;
        }
    }
    total / labels.len().max(1) as f64
}

/// The start with the least inertia; the first of equals.
#[inline(never)]
fn best_fit(points: &Points<'_>, clusters: usize, starts: u64, seed: u64) -> Fit {
    let mut best: Option<Fit> = None;
    for start in 0..starts.max(1) {
        let centres = spread_out(
            points,
            clusters,
            &mut num::generator(seed, PURPOSE_START + start),
        );
        let fit = settle(points, centres);
        if best.as_ref().is_none_or(|best| fit.inertia < best.inertia) {
            best = Some(fit);
        }
    }
    best.unwrap_or_default()
}

/// First centres by k-means++ (Arthur and Vassilvitskii, 2007): each point's chance is its squared distance to the centres
/// so far. Fewer than asked for if there are fewer different points.
#[inline(never)]
fn spread_out(points: &Points<'_>, clusters: usize, generator: &mut Generator) -> Vec<Vec<f64>> {
    let first = points.at(draw::below(generator, points.len()));
    let mut centres = vec![first.to_vec()];
    let mut far: Vec<f64> = points.few.iter().map(|point| squared_distance(point, first)).collect();
    while centres.len() < clusters {
        let total = num::sum(points.alike.each(&far));
        if total <= 0.0 {
            break;
        }
        let mut left = draw::unit(generator) * total;
        let mut chosen = None;
        for (place, chance) in points.alike.each(&far).enumerate().filter(|(_, chance)| *chance > 0.0) {
            chosen = Some(place);
            left -= chance;
            if left < 0.0 {
                break;
            }
        }
        let Some(next) = chosen.map(|place| points.at(place)) else { break };
        centres.push(next.to_vec());
        for (far, point) in far.iter_mut().zip(&points.few) {
            *far = far.min(squared_distance(point, next));
        }
    }
    centres
}

/// Lloyd's rounds: points to the nearest centre, centres to the mean of their points, until no point moves.
#[inline(never)]
fn settle(points: &Points<'_>, mut centres: Vec<Vec<f64>>) -> Fit {
    let mut assigned = assign(points, &centres);
    for _ in 0..ROUNDS {
        let mut counts = vec![0usize; centres.len()];
        let mut sums = vec![vec![0.0; points.few[0].len()]; centres.len()];
        for number in points.alike.which.iter().map(|number| *number as usize) {
            let (cluster, _) = assigned[number];
            counts[cluster] += 1;
            sums[cluster]
                .iter_mut()
                .zip(points.few[number])
                .for_each(|(sum, value)| *sum += value);
        }
        for ((centre, mut sum), count) in centres.iter_mut().zip(sums).zip(counts) {
            // A centre without points stays where it is.
            if count > 0 {
                sum.iter_mut().for_each(|value| *value /= count as f64);
                *centre = sum;
            }
        }
        let next = assign(points, &centres);
        let moved = next.iter().zip(&assigned).any(|(a, b)| a.0 != b.0);
        assigned = next;
        if !moved {
            break;
        }
    }
    Fit {
        centres,
        inertia: num::sum(points.alike.each(&assigned).map(|(_, squared)| squared)),
    }
}

/// The nearest centre of each point that differs, and the squared distance to it.
fn assign(points: &Points<'_>, centres: &[Vec<f64>]) -> Vec<(usize, f64)> {
    points.few.iter().map(|point| nearest(centres, point)).collect()
}

/// The nearest centre, the first of equals, and the squared distance to it. There is at least one centre.
fn nearest(centres: &[Vec<f64>], point: &[f64]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (place, centre) in centres.iter().enumerate() {
        let squared = squared_distance(centre, point);
        if squared < best.1 {
            best = (place, squared);
        }
    }
    best
}
