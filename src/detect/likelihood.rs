//! The login likelihood ratio: bits that add up.
//!
//! Freeman, Jain, Dürmuth, Biggio and Giacinto, "Who are you? A statistical approach to measuring user authenticity"
//! (NDSS 2016): the log of p(x)/p(x|u) is a sum over the features of a login. The columns already hold these bits; here
//! they are added by fact group, so that a fact shown by several columns counts once.
//!
//! What a model calls rare may be everyday here. So each group's bits are set against how often its pool of sessions
//! reaches them (after Li and others, "ECOD", 2022), and what counts is the geometric mean of both: neither a model that
//! exaggerates nor a tail that saturates decides alone. Where a group asks for it, the pool is divided by the size of
//! sessions: what a long one reaches, a short one may not.

use super::scale::masks;
use crate::matrix::Matrix;
use crate::num::{exp, log2};
use crate::parallel::{in_pieces, one_by_one};

/// How the columns add up.
#[derive(Debug, Clone)]
pub(crate) struct Likelihood {
    /// What one unit of each column is worth, in bits.
    bits: Vec<f64>,
    /// The fact group of each column, as a number from 0.
    group: Vec<usize>,
    /// The groups' weights, and whether their pools are divided by size.
    groups: Vec<(f64, bool)>,
    /// The values of each group, by pool and in all: ascending.
    tails: Vec<Tails>,
}

/// Bits of all rows by group, before they are set against tails.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    /// Row by row.
    bits: Vec<f64>,
    /// Of each group, the bits of those rows that have any, ascending, and the rows.
    ascending: Vec<Vec<(f64, u32)>>,
}

/// The pools of rows, numbers below `count`, and how many of each teach.
struct Pools {
    of: Vec<usize>,
    count: usize,
    teach: Vec<usize>,
    teach_in_all: usize,
}

impl Pools {
    fn new(peers: &[Peers], teaches: &[bool], by_size: bool) -> Pools {
        let of: Vec<usize> = peers.iter().map(|peers| peers.number(by_size)).collect();
        let mut pools = Pools { count: of.iter().max().map_or(0, |most| most + 1), of, teach: Vec::new(), teach_in_all: 0 };
        for &pool in pools.of.iter().zip(teaches).filter(|(_, teaches)| **teaches).map(|(pool, _)| pool) {
            if pool >= pools.teach.len() {
                pools.teach.resize(pool + 1, 0);
            }
            pools.teach[pool] += 1;
            pools.teach_in_all += 1;
        }
        pools
    }
}

/// So many rows are one piece of work.
const ROWS: usize = 64;

/// What a session is compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peers {
    /// People together, each class of machine by itself.
    pub pool: u32,
    /// How many events.
    pub size: usize,
}

impl Peers {
    /// The number of a pool, or of its part with sessions of about this size.
    fn number(self, by_size: bool) -> usize {
        let part = if by_size { SIZES.iter().filter(|from| self.size >= **from).count() } else { 0 };
        self.pool as usize * (SIZES.len() + 1) + part
    }
}

#[derive(Debug, Clone, Default)]
struct Tails {
    all: Tail,
    pools: Vec<Tail>,
}

/// How often values are reached.
#[derive(Debug, Clone, Default)]
struct Tail {
    /// How many are 0. Most sessions show nothing of most groups.
    none: usize,
    /// The others, ascending.
    sorted: Vec<f64>,
    /// From here on the tail is continued as an exponential, since what lies there may be the attack itself.
    cut: f64,
    /// The exponential's scale.
    scale: f64,
}

/// The tail is taken as it is up to this quantile.
const CUT: f64 = 0.98;
/// The exponential is not steeper than this, in bits of the model.
const STEEPEST: f64 = 0.35;
/// Sessions a pool needs before its own tail weighs as much as everybody's.
const SHRINK: f64 = 300.0;
/// A pool with fewer sessions has no tail of its own.
const FEWEST: usize = 20;
/// Events from which a session is of middling size, and from which it is long.
const SIZES: [usize; 2] = [8, 30];
/// The share of a group's further columns that counts beside its strongest.
const FURTHER: f64 = 0.25;

impl Tail {
    /// Of so many zeros and ascending values above.
    fn of(none: usize, values: Vec<f64>) -> Tail {
        if none + values.len() == 0 {
            return Tail::default();
        }
        let last = (none + values.len() - 1) as f64;
        let at = |q: f64| ((q * last) as usize).checked_sub(none).map_or(0.0, |above| values[above]);
        let cut = at(CUT);
        let scale = ((cut - at(0.5)) / crate::num::ln(0.5 / (1.0 - CUT))).max(STEEPEST);
        Tail { none, sorted: values, cut, scale }
    }
    fn len(&self) -> usize {
        self.none + self.sorted.len()
    }
    /// The share of sessions that reach `value`, which is above 0. Beyond the cut: the geometric mean of what the exponential says and of
    /// what is there, since either may be far out.
    fn reached(&self, value: f64) -> f64 {
        self.reached_beyond(self.none + self.sorted.partition_point(|v| *v < value), value)
    }
    /// The same where it is known how many values are below.
    fn reached_beyond(&self, below: usize, value: f64) -> f64 {
        let seen = ((self.len() - below) as f64 + 0.5) / (self.len() as f64 + 1.0);
        if value <= self.cut {
            return seen;
        }
        let expected = ((1.0 - CUT) * exp((self.cut - value) / self.scale)).max(1e-12);
        (expected * seen.max(expected)).sqrt()
    }
}

impl Likelihood {
    /// A ratio over columns with these worths and groups. `groups`: weight, and whether its pools are divided by size.
    pub(crate) fn new(bits: Vec<f64>, group: Vec<usize>, groups: Vec<(f64, bool)>) -> Likelihood {
        Likelihood { bits, group, groups, tails: Vec::new() }
    }
    /// What each column adds, in bits of the model.
    pub(crate) fn parts(&self, matrix: &Matrix, row: usize) -> Vec<f64> {
        self.parts_of(matrix, row).collect()
    }
    fn parts_of<'a>(&'a self, matrix: &'a Matrix, row: usize) -> impl Iterator<Item = f64> + 'a {
        let cells = matrix.row(row).iter().zip(masks(matrix, row));
        cells.zip(&self.bits).map(|((value, masked), bits)| if *masked { 0.0 } else { bits * value })
    }
    /// Bits by group as the model has them: the strongest column of each, and a share of the rest.
    #[inline(never)]
    pub(crate) fn raw(&self, matrix: &Matrix) -> Raw {
        let count = self.groups.len();
        let of_row = |row: usize, (total, most): &mut (Vec<f64>, Vec<f64>), out: &mut Vec<f64>| {
            total.fill(0.0);
            most.fill(0.0);
            for (part, group) in self.parts_of(matrix, row).zip(&self.group) {
                total[*group] += part;
                most[*group] = most[*group].max(part);
            }
            out.extend(total.iter().zip(most.iter()).map(|(t, m)| m + FURTHER * (t - m)));
        };
        let rows: Vec<Vec<f64>> = in_pieces(matrix.rows().div_ceil(ROWS), |piece| {
            let some = |piece: usize| {
                let (mut sums, mut out) = ((vec![0.0; count], vec![0.0; count]), Vec::with_capacity(ROWS * count));
                (piece * ROWS..matrix.rows().min((piece + 1) * ROWS)).for_each(|row| of_row(row, &mut sums, &mut out));
                out
            };
            piece.map(some).collect()
        });
        let bits = rows.concat();
        let ascending = one_by_one(count, |group| {
            let rows = (0..matrix.rows() as u32).map(|row| (bits[row as usize * count + group], row));
            let mut some: Vec<(f64, u32)> = rows.filter(|(bits, _)| *bits > 0.0).collect();
            some.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            some
        });
        Raw { bits, ascending }
    }
    /// Learns how often each pool of sessions reaches how many bits in each group. `peers`, `teaches`: of each row, with
    /// whom it is compared, and whether it is learned from. Returns the bits of each row in all, the sum of its [`groups`](Likelihood::groups).
    #[inline(never)]
    pub(crate) fn fit(&mut self, raw: &Raw, peers: &[Peers], teaches: &[bool]) -> Vec<f64> {
        let pools = [false, true].map(|by_size| Pools::new(peers, teaches, by_size));
        let tails_of = |rows: &[(f64, u32)], pools: &Pools| {
            let mut all = Vec::with_capacity(rows.len());
            let mut of_pool = vec![Vec::new(); pools.teach.len()];
            for &(bits, row) in rows.iter().filter(|(_, row)| teaches[*row as usize]) {
                of_pool[pools.of[row as usize]].push(bits);
                all.push(bits);
            }
            let of_pool = of_pool.into_iter().zip(&pools.teach).map(|(some, teach)| Tail::of(teach - some.len(), some));
            Tails { pools: of_pool.collect(), all: Tail::of(pools.teach_in_all - all.len(), all) }
        };
        let made = one_by_one(self.groups.len(), |group| {
            let (weight, by_size) = self.groups[group];
            let (rows, pools) = (&raw.ascending[group], &pools[usize::from(by_size)]);
            let tails = tails_of(rows, pools);
            let bits = swept(rows, weight, pools, teaches, &tails);
            (tails, bits)
        });
        let mut total = vec![0.0; peers.len()];
        made.iter().flat_map(|(_, bits)| bits).for_each(|(row, bits)| total[*row as usize] += bits);
        self.tails = made.into_iter().map(|(tails, _)| tails).collect();
        total
    }
    /// Bits of a row by group: the geometric mean of the model's and the tail's, times the group's weight.
    pub(crate) fn groups<'a>(&'a self, raw: &'a Raw, row: usize, peers: Peers) -> impl Iterator<Item = f64> + 'a {
        let count = self.groups.len();
        raw.bits[row * count..(row + 1) * count].iter().zip(&self.groups).zip(&self.tails).map(move |((bits, (weight, by_size)), tails)| {
            let bits = *bits;
            if bits <= 0.0 {
                return 0.0;
            }
            let own = tails.pools.get(peers.number(*by_size)).map(|tail| (tail, tail.reached(bits)));
            weight * set_against(bits, tails.all.reached(bits), own)
        })
    }
}

/// Bits in one group of all rows that have any. Rows are taken by their bits, so that how many are below need not be looked up.
fn swept(rows: &[(f64, u32)], weight: f64, pools: &Pools, teaches: &[bool], tails: &Tails) -> Vec<(u32, f64)> {
    let mut below = tails.all.none;
    let mut below_in: Vec<usize> = tails.pools.iter().map(|tail| tail.none).collect();
    let mut found = Vec::with_capacity(rows.len());
    // Of each pool, what was found last and for which bits.
    let mut known = vec![(0.0, 0.0); pools.count];
    for same in rows.chunk_by(|a, b| a.0 == b.0) {
        let bits = same[0].0;
        let everybody = tails.all.reached_beyond(below, bits);
        found.extend(same.iter().map(|(_, row)| {
            let pool = pools.of[*row as usize];
            if known[pool].0 != bits {
                let own = tails.pools.get(pool).map(|tail| (tail, tail.reached_beyond(below_in[pool], bits)));
                known[pool] = (bits, weight * set_against(bits, everybody, own));
            }
            (*row, known[pool].1)
        }));
        for row in same.iter().map(|(_, row)| *row as usize).filter(|row| teaches[*row]) {
            below += 1;
            below_in[pools.of[row]] += 1;
        }
    }
    found
}

/// The geometric mean of the model's bits and of how rarely they are reached: by everybody, and by the row's own pool.
fn set_against(bits: f64, everybody: f64, own: Option<(&Tail, f64)>) -> f64 {
    let reached = match own {
        Some((tail, own)) => {
            let n = tail.len() as f64;
            let own = if tail.len() < FEWEST { 1.0 } else { own };
            (n * own + SHRINK * everybody) / (n + SHRINK)
        }
        None => everybody,
    };
    // What every second session reaches says nothing.
    (bits * (-log2(reached) - 1.0).max(0.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_in_all_are_those_of_the_groups() {
        let mut matrix = Matrix::new(900, vec!["a", "b", "c"]);
        matrix.values.iter_mut().enumerate().for_each(|(n, value)| *value = [0.0, 0.0, 1.5, (n * 7919 % 53) as f64][n * 31 % 4]);
        let peers: Vec<Peers> = (0..900).map(|n| Peers { pool: (n % 5 / 2) as u32 * (n % 3) as u32, size: n % 40 }).collect();
        let teaches: Vec<bool> = (0..900).map(|n| n % 11 != 0 && peers[n].pool != 2).collect();
        let mut likelihood = Likelihood::new(vec![1.0, 0.5, 2.0], vec![0, 0, 1], vec![(1.0, true), (0.7, false)]);
        let raw = likelihood.raw(&matrix);
        let total = likelihood.fit(&raw, &peers, &teaches);
        let apart: Vec<f64> = (0..900).map(|row| crate::num::sum(likelihood.groups(&raw, row, peers[row]))).collect();
        assert_eq!(total, apart);
        assert!(total.iter().any(|bits| *bits > 5.0) && total.contains(&0.0));
    }
}
