//! How much an identity takes out: objects, secrets, tables, code; in a session, and on days in a row.
//!
//! Who takes a little more every evening makes it usual by himself. So a day is set against what the identity took in other
//! weeks, and against its peers; and days about it that are as unusual add to it.

use super::facts::Facts;
use crate::num::log2;
use crate::profile::{Moments, steps};
use crate::session::Session;

/// Days so near are no measure of each other.
const WEEK: u32 = 6;
/// The spread is never below, in log2 of what was taken.
const LEAST_SPREAD: f64 = 1.0;
/// So many standard deviations above usual are ordinary.
const ORDINARY: f64 = 1.0;
/// How much the days about it count.
const ABOUT: f64 = 0.5;

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

/// How far each session's day is beyond what is usual for its identity, and the days about it, in standard deviations; as
/// far as the session has part in what was taken on the day. `taken`: by session. As seen from then, only what was before.
#[inline(never)]
pub(super) fn gathered(sessions: &[Session], facts: &[Facts], taken: &[f64], days: &[u32], hindsight: bool) -> Vec<f64> {
    let key = |n: usize| (sessions[n].identity, days[n]);
    let mut order: Vec<usize> = (0..sessions.len()).collect();
    order.sort_by_key(|n| key(*n));
    let of_day = |same: &[usize]| crate::num::sum(same.iter().map(|n| taken[*n]));
    let same_day = || order.chunk_by(|a, b| key(*a) == key(*b));
    let values: Vec<((u32, u32), f64)> = same_day().map(|same| (key(same[0]), log2(1.0 + of_day(same)))).collect();
    let pools: Vec<u32> = same_day().map(|same| facts[same[0]].pool).collect();
    let mut of_peers: Vec<((u32, u32), f64)> = values.iter().zip(&pools).map(|((key, value), pool)| ((*pool, key.1), *value)).collect();
    of_peers.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let usual = Usual { own: Days::new(&values), peers: Days::new(&of_peers), hindsight };
    let beyond: Vec<f64> = values.iter().zip(&pools).map(|((key, value), pool)| if *value > 0.0 { usual.beyond(*key, *pool, *value) } else { 0.0 }).collect();
    let mut found = vec![0.0; sessions.len()];
    for (place, same) in same_day().enumerate().filter(|(_, same)| same.iter().any(|n| taken[*n] > 0.0)) {
        let (identity, day) = key(same[0]);
        let until = if hindsight { day.saturating_add(WEEK + 1) } else { day };
        let about = usual.own.places(identity, day.saturating_sub(WEEK), until);
        let about = crate::num::sum(about.filter(|other| *other != place).map(|other| beyond[other]));
        let whole = of_day(same);
        let mut before = 0.0;
        for &n in same.iter().filter(|n| taken[**n] > 0.0) {
            before += taken[n];
            let so_far = if hindsight { whole } else { before };
            let here = if hindsight { beyond[place] } else { usual.beyond((identity, day), pools[place], log2(1.0 + so_far)) };
            if here > 0.0 {
                found[n] = (here + ABOUT * about) * taken[n] / so_far;
            }
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
