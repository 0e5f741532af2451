//! How much an identity takes out: objects, secrets, tables, code; in a session, and on days in a row.
//!
//! Who takes a little more every evening makes it usual by himself. So a day is set against what the identity took in other
//! weeks, and against its peers; and days about it that are as unusual add to it. In hindsight each kind of thing, a service's, is set against
//! what was taken of that kind too.

use super::facts::Facts;
use crate::num::log2;
use crate::parallel::one_by_one;
use crate::profile::{Moments, steps};

/// Days so near are no measure of each other.
const WEEK: u32 = 6;
/// The spread is never below, in log2 of what was taken.
const LEAST_SPREAD: f64 = 1.0;
/// So many standard deviations above usual are ordinary.
const ORDINARY: f64 = 1.0;
/// How much the days about it count.
const ABOUT: f64 = 0.5;
/// What is beyond the usual of one kind, of objects or of secrets, counts so much of what is beyond it of all together. Who scans tables all day
/// takes an ordinary number of things when they turn to secrets.
const OF_ONE_KIND: f64 = 0.65;

/// Calls that hand out what is kept: objects, secrets, tables, code, logs.
///
/// After the collection and credential techniques of MITRE ATT&CK's cloud matrix (T1530, T1213, T1552, T1555.006).
pub(crate) fn takes_data(call: &str) -> bool {
    let Some((service, name)) = call.split_once(':') else { return false };
    match service {
        "s3" => name.starts_with("GetObject") || name == "SelectObjectContent",
        "secretsmanager" => matches!(name, "GetSecretValue" | "BatchGetSecretValue"),
        "ssm" => name.starts_with("GetParameter"),
        "dynamodb" => matches!(name, "Scan" | "Query" | "GetItem" | "BatchGetItem" | "ExecuteStatement" | "ExportTableToPointInTime"),
        "athena" => name.starts_with("GetQueryResults"),
        "logs" => matches!(name, "GetLogEvents" | "FilterLogEvents" | "GetQueryResults"),
        "rds-data" | "redshift-data" => matches!(name, "ExecuteStatement" | "BatchExecuteStatement" | "GetStatementResult"),
        "codecommit" => matches!(name, "GitPull" | "GetFile" | "GetBlob" | "GetFolder"),
        "ecr" => matches!(name, "GetDownloadUrlForLayer" | "BatchGetImage"),
        "lambda" => name.starts_with("GetFunction2"),
        "ebs" => name == "GetSnapshotBlock",
        _ => false,
    }
}

/// Values of somebody's days, summed up to each.
struct Days {
    /// Who and when, ascending, each once.
    keys: Vec<(u32, u32)>,
    /// Before each key and after the last: count, sum, squares.
    sums: Vec<[i64; 3]>,
}

impl Days {
    /// Of values that are in the order of their keys; a key may come again.
    fn new(values: &[((u32, u32), f64)]) -> Days {
        let mut days = Days { keys: Vec::new(), sums: vec![[0; 3]] };
        for (key, value) in values {
            let step = steps(*value);
            let [count, sum, squares] = days.sums[days.sums.len() - 1];
            let now = [count + 1, sum + step, squares + step * step];
            if days.keys.last() == Some(key) {
                days.sums.pop();
            } else {
                days.keys.push(*key);
            }
            days.sums.push(now);
        }
        days
    }
    /// Where the days from one to another, that one not among them, are.
    fn places(&self, who: u32, from: u32, to: u32) -> std::ops::Range<usize> {
        let place = |day: u32| self.keys.partition_point(|key| *key < (who, day));
        place(from)..place(to.max(from))
    }
    fn between(&self, who: u32, from: u32, to: u32) -> [i64; 3] {
        let places = self.places(who, from, to);
        std::array::from_fn(|n| self.sums[places.end][n] - self.sums[places.start][n])
    }
}

/// Who reads how much on which day.
struct Usual {
    own: Days,
    peers: Days,
    hindsight: bool,
}

impl Usual {
    /// By how much a day on which so much was taken is beyond the ordinary, in standard deviations.
    fn beyond(&self, (identity, day): (u32, u32), pool: u32, value: f64) -> f64 {
        let end = if self.hindsight { u32::MAX } else { day };
        let peers = self.peers.between(pool, 0, end);
        let mut own = self.own.between(identity, 0, day.saturating_sub(WEEK));
        if self.hindsight {
            let later = self.own.between(identity, day.saturating_add(WEEK + 1), end);
            own.iter_mut().zip(later).for_each(|(own, later)| *own += later);
        }
        (Moments::above(Moments::of(own), Moments::of(peers), value, LEAST_SPREAD) - ORDINARY).max(0.0)
    }
}

/// Sessions by the days of their identities, and those days by the days of their pools.
struct Calendar<'a> {
    /// Who and when of each session.
    key: &'a [(u32, u32)],
    facts: &'a [Facts],
    hindsight: bool,
    /// Sessions, in the order of their keys.
    order: Vec<usize>,
    /// Places of an identity's days among all of them, and their pools with the day, in that order.
    of_pools: Vec<((u32, u32), usize)>,
}

impl<'a> Calendar<'a> {
    fn new(key: &'a [(u32, u32)], facts: &'a [Facts], hindsight: bool) -> Calendar<'a> {
        let mut order: Vec<usize> = (0..key.len()).collect();
        order.sort_by_key(|n| key[*n]);
        let mut calendar = Calendar { key, facts, hindsight, order, of_pools: Vec::new() };
        let mut of_pools: Vec<((u32, u32), usize)> = calendar.days().enumerate().map(|(place, same)| ((facts[same[0]].pool, key[same[0]].1), place)).collect();
        of_pools.sort_unstable();
        calendar.of_pools = of_pools;
        calendar
    }

    /// The sessions of each identity on each day.
    fn days(&self) -> impl Iterator<Item = &[usize]> {
        self.order.chunk_by(|a, b| self.key[*a] == self.key[*b])
    }

    /// How far each session's day is beyond what is usual for its identity, and the days about it, in standard deviations; as
    /// far as the session has part in what was taken on the day. `taken`: by session. As seen from then, only what was before.
    #[inline(never)]
    fn beyond(&self, taken: &[f64]) -> Vec<f64> {
        let Calendar { key, facts, hindsight, .. } = *self;
        let of_day = |same: &[usize]| crate::num::sum(same.iter().map(|n| taken[*n]));
        // On most days nothing is taken.
        let logarithm = |taken: f64| if taken > 0.0 { log2(1.0 + taken) } else { 0.0 };
        let values: Vec<((u32, u32), f64)> = self.days().map(|same| (key[same[0]], logarithm(of_day(same)))).collect();
        let of_peers: Vec<((u32, u32), f64)> = self.of_pools.iter().map(|(key, place)| (*key, values[*place].1)).collect();
        let usual = Usual { own: Days::new(&values), peers: Days::new(&of_peers), hindsight };
        let pool = |same: &[usize]| facts[same[0]].pool;
        let beyond = |(same, (key, value)): (&[usize], &((u32, u32), f64))| if *value > 0.0 { usual.beyond(*key, pool(same), *value) } else { 0.0 };
        let beyond: Vec<f64> = self.days().zip(&values).map(beyond).collect();
        let mut found = vec![0.0; key.len()];
        for (place, same) in self.days().enumerate().filter(|(place, _)| values[*place].1 > 0.0) {
            let (identity, day) = key[same[0]];
            let until = if hindsight { day.saturating_add(WEEK + 1) } else { day };
            let about = usual.own.places(identity, day.saturating_sub(WEEK), until);
            let about = crate::num::sum(about.filter(|other| *other != place).map(|other| beyond[other]));
            let whole = of_day(same);
            let mut before = 0.0;
            for &n in same.iter().filter(|n| taken[**n] > 0.0) {
                before += taken[n];
                let so_far = if hindsight { whole } else { before };
                let here = if hindsight { beyond[place] } else { usual.beyond((identity, day), pool(same), log2(1.0 + so_far)) };
                if here > 0.0 {
                    found[n] = (here + ABOUT * about) * taken[n] / so_far;
                }
            }
        }
        found
    }
}

/// How far each session is beyond what is usual in what it takes, with the days about it, in standard deviations: of all together, or in
/// hindsight of one kind, if that says more. `key`: who and when; `taken`: by session, all together; `kinds`: of each, by which
/// sessions so much; a session may come again.
#[inline(never)]
pub(super) fn gathered(key: &[(u32, u32)], facts: &[Facts], taken: &[f64], kinds: &[Vec<(usize, f64)>], hindsight: bool) -> Vec<f64> {
    let calendar = Calendar::new(key, facts, hindsight);
    let mut found = calendar.beyond(taken);
    // One kind alone is all together; and as seen from then, everything is of a kind that was not taken before.
    if hindsight && kinds.len() > 1 {
        // Most sessions are beyond nothing.
        let some = |kind: usize| -> Vec<(usize, f64)> {
            let mut taken = vec![0.0; key.len()];
            kinds[kind].iter().for_each(|(session, times)| taken[*session] += times);
            calendar.beyond(&taken).into_iter().enumerate().filter(|(_, beyond)| *beyond > 0.0).collect()
        };
        for (session, beyond) in one_by_one(kinds.len(), some).into_iter().flatten() {
            found[session] = f64::max(found[session], OF_ONE_KIND * beyond);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_summed_from_one_to_another() {
        let days = Days::new(&[((1, 3), 1.0), ((1, 5), 2.0), ((1, 5), 4.0), ((2, 4), 8.0)]);
        assert_eq!(days.keys, [(1, 3), (1, 5), (2, 4)]);
        assert_eq!(days.between(1, 0, u32::MAX)[..2], [3, 7 * 1024]);
        assert_eq!(days.between(1, 4, 6)[..2], [2, 6 * 1024]);
        assert_eq!(days.between(1, 4, 5), [0; 3]);
        assert_eq!(days.between(2, 0, 4), [0; 3]);
        assert_eq!(days.between(3, 0, 9), [0; 3]);
    }
}
