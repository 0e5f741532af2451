//! What is usual: on which days which identity showed which value, and who else did.
//!
//! The unit is a day on which an identity showed a value: a busy day counts once. Of a session's own day nothing counts,
//! so a session never excuses itself, nor does what came with it. Days before count whole; days after, which only
//! hindsight has, count half, since an attacker who stays is seen there too.
//!
//! Counts are sets of days per identity and value: merging and erasing are exact.

use std::collections::BTreeMap;

use hashbrown::HashMap;

/// Days after the one that is judged, as a share of days before.
const AFTERWARDS: f64 = 0.5;
/// From so many days on somebody shows a value for good.
const FOR_GOOD: usize = 3;
/// Somebody who showed a value on fewer days counts so much among everybody.
const NOW_AND_THEN: f64 = 0.35;
/// And so much where it is a call that matters to a defender.
const ONCE: f64 = 0.02;
/// From so many identities on, at addresses of their own, it is what people here do and not one intruder's doing.
const CUSTOM: u32 = 6;
/// No address in particular.
const MANY: u32 = u32::MAX;

/// One fact's days.
#[derive(Debug, Clone, Default)]
pub(crate) struct Habits {
    pairs: Vec<Pair>,
    values: Vec<Value>,
    pair_of: HashMap<(u32, u64), u32>,
    value_of: HashMap<u64, u32>,
    of_identity: Vec<Shown>,
    /// Identities that showed a value at one address only: by value and address, for good and now and then.
    at_one: HashMap<(u32, u32), (u32, u32)>,
}

/// An identity and a value.
#[derive(Debug, Clone)]
struct Pair {
    days: Vec<u32>,
    /// Where it was shown, or [`MANY`].
    address: u32,
}

/// What an identity showed.
#[derive(Debug, Clone, Default)]
struct Shown {
    /// How many values.
    values: u32,
    /// Of them, those shown within three days: by the first day, how many last on it, on the next, on the one after.
    brief: BTreeMap<u32, [u32; 3]>,
}

#[derive(Debug, Clone, Default)]
struct Value {
    days: Vec<u32>,
    for_good: u32,
    now_and_then: u32,
}

/// Adds a day to an ascending list without doubles. Days mostly come in order.
fn insert(days: &mut Vec<u32>, day: u32) -> bool {
    match days.last() {
        Some(&last) if last < day => days.push(day),
        None => days.push(day),
        _ => match days.binary_search(&day) {
            Ok(_) => return false,
            Err(at) => days.insert(at, day),
        },
    }
    true
}

/// The first day and the last, where there are any.
fn span(days: &[u32]) -> Option<(u32, u32)> {
    Some((*days.first()?, *days.last()?))
}

impl Shown {
    /// A value that was shown from one day to another is now shown on more.
    fn lasts(&mut self, before: Option<(u32, u32)>, now: Option<(u32, u32)>) {
        if before == now {
            return;
        }
        if let Some((first, last)) = before.filter(|(first, last)| last - first <= 2)
            && let Some(counts) = self.brief.get_mut(&first)
        {
            counts[(last - first) as usize] -= 1;
        }
        if let Some((first, last)) = now.filter(|(first, last)| last - first <= 2) {
            self.brief.entry(first).or_default()[(last - first) as usize] += 1;
        }
    }
    /// How many values were shown on this day or beside it and on no other.
    fn beside(&self, day: u32) -> u32 {
        let days = self.brief.range(day.saturating_sub(1)..=day.saturating_add(1));
        days.map(|(first, counts)| counts.iter().zip(*first..).filter(|(_, last)| *last <= day.saturating_add(1)).map(|(count, _)| count).sum::<u32>()).sum()
    }
}

impl Habits {
    /// Nothing known yet of so many identities.
    pub(crate) fn new(identities: usize) -> Habits {
        Habits { of_identity: vec![Shown::default(); identities], ..Habits::default() }
    }

    /// The identity showed the value on that day at that address.
    pub(crate) fn add(&mut self, identity: u32, value: u64, day: u32, address: u32) {
        let next = self.values.len() as u32;
        let value_number = *self.value_of.entry(value).or_insert(next);
        if value_number == next {
            self.values.push(Value::default());
        }
        let next = self.pairs.len() as u32;
        let number = *self.pair_of.entry((identity, value)).or_insert(next);
        let value = &mut self.values[value_number as usize];
        if number == next {
            self.pairs.push(Pair { days: Vec::new(), address });
            self.of_identity[identity as usize].values += 1;
            value.now_and_then += 1;
            self.at_one.entry((value_number, address)).or_default().1 += 1;
        }
        insert(&mut value.days, day);
        let pair = &mut self.pairs[number as usize];
        let was = pair.days.len();
        let before = span(&pair.days);
        let added = insert(&mut pair.days, day);
        if added {
            self.of_identity[identity as usize].lasts(before, span(&pair.days));
        }
        if !added && (pair.address == address || pair.address == MANY) {
            return;
        }
        let for_good = |days: usize| days >= FOR_GOOD;
        if for_good(was) != for_good(pair.days.len()) {
            value.now_and_then -= 1;
            value.for_good += 1;
        }
        // Move the pair between the counts of its one address.
        if pair.address != MANY {
            let at = self.at_one.entry((value_number, pair.address)).or_default();
            let count = if for_good(was) { &mut at.0 } else { &mut at.1 };
            *count -= 1;
            if pair.address == address {
                let count = if for_good(pair.days.len()) { &mut at.0 } else { &mut at.1 };
                *count += 1;
            } else {
                pair.address = MANY;
            }
        }
    }

    fn pair(&self, identity: u32, value: u64) -> Option<&Pair> {
        self.pair_of.get(&(identity, value)).map(|n| &self.pairs[*n as usize])
    }

    /// On how many days but this one the identity showed the value: those before and `after` times those after.
    fn weighed(days: &[u32], day: u32, after: f64) -> f64 {
        let before = days.partition_point(|d| *d < day);
        let later = days.len() - days.partition_point(|d| *d <= day);
        before as f64 + after * later as f64
    }

    /// The days on which the identity showed the value, less `discount`; at least 0. The day itself does not count.
    pub(crate) fn days(&self, identity: u32, value: u64, day: u32, discount: f64) -> f64 {
        self.pair(identity, value).map_or(0.0, |pair| (Self::weighed(&pair.days, day, AFTERWARDS) - discount).max(0.0))
    }

    /// Whether the identity ever showed the value on another day.
    pub(crate) fn shown(&self, identity: u32, value: u64, day: u32) -> bool {
        self.pair(identity, value).is_some_and(|pair| Self::weighed(&pair.days, day, 1.0) > 0.0)
    }

    /// On how many other days the identity showed anything: with days after weighed down, and all of them.
    pub(crate) fn active(&self, identity: u32, day: u32) -> (f64, f64) {
        self.pair(identity, 0).map_or((0.0, 0.0), |pair| (Self::weighed(&pair.days, day, AFTERWARDS), Self::weighed(&pair.days, day, 1.0)))
    }

    /// How many values the identity showed on days that are not this one nor beside it.
    pub(crate) fn distinct(&self, identity: u32, day: u32) -> u32 {
        let shown = &self.of_identity[identity as usize];
        shown.values - shown.beside(day)
    }

    /// How many others show the value, those who did it now and then counting `lone` each. Somebody who showed it only
    /// at `address` does not count: one intruder may act as many.
    pub(crate) fn others(&self, identity: u32, value: u64, address: Option<u32>) -> f64 {
        let (good, lone) = self.counts(identity, value, address);
        if good + lone >= CUSTOM { f64::from(good + lone) } else { f64::from(good) + NOW_AND_THEN * f64::from(lone) }
    }

    /// The same where one intruder may have done it as many: what somebody did now and then counts next to nothing,
    /// however many did it.
    pub(crate) fn others_for_good(&self, identity: u32, value: u64, address: Option<u32>) -> f64 {
        let (good, lone) = self.counts(identity, value, address);
        f64::from(good) + ONCE * f64::from(lone)
    }

    /// How many others show the value, and not more than on how many days that are not this one nor beside it.
    pub(crate) fn others_elsewhen(&self, identity: u32, value: u64, day: u32, lone: f64) -> f64 {
        let Some(number) = self.value_of.get(&value) else { return 0.0 };
        let (good, few) = self.counts(identity, value, None);
        let days = &self.values[*number as usize].days;
        let far = days.partition_point(|d| d + 1 < day) + days.len() - days.partition_point(|d| *d <= day + 1);
        (f64::from(good) + lone * f64::from(few)).min(far as f64)
    }

    fn counts(&self, identity: u32, value: u64, address: Option<u32>) -> (u32, u32) {
        let Some(number) = self.value_of.get(&value) else { return (0, 0) };
        let value_counts = &self.values[*number as usize];
        let (mut good, mut lone) = (value_counts.for_good, value_counts.now_and_then);
        let here = address.and_then(|a| self.at_one.get(&(*number, a)).copied()).unwrap_or((0, 0));
        good -= here.0;
        lone -= here.1;
        if let Some(pair) = self.pair(identity, value) {
            // Its own, unless it went with the address already.
            if address.is_none_or(|a| pair.address != a) {
                if pair.days.len() >= FOR_GOOD { good -= 1 } else { lone -= 1 }
            }
        }
        (good, lone)
    }

    /// How likely the identity's next value is one it never showed: many values on few days make it likely; 1 where
    /// nothing is known of it (`active`: its days, as [`Habits::active`] weighs them).
    pub(crate) fn new_mass(&self, identity: u32, day: u32, active: f64) -> f64 {
        let distinct = 0.5 * f64::from(self.distinct(identity, day));
        ((1.0 + distinct) / (active + 1.0 + distinct)).min(1.0)
    }
}

/// Mean and spread of a quantity for an identity, shrunk to its peers; each value can be taken back.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    own: Vec<Moments>,
    peers: Vec<Moments>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

/// Values are kept in steps of 1/1024, so that taking one back is exact.
const STEP: f64 = 1024.0;
/// How many sessions of one's own weigh as much as the peers.
const SHRINK: f64 = 4.0;
/// Peers with fewer sessions say nothing of how much is much.
const ENOUGH: f64 = 50.0;

impl Level {
    /// Nothing known yet.
    pub(crate) fn new(identities: usize, peers: usize) -> Level {
        Level { own: vec![Moments::default(); identities], peers: vec![Moments::default(); peers] }
    }
    /// Counts a value, or with `sign` −1 takes it back.
    pub(crate) fn add(&mut self, identity: u32, peer: u32, value: f64, sign: f64) {
        let value = (value * STEP) as i64 as f64;
        for moments in [&mut self.own[identity as usize], &mut self.peers[peer as usize]] {
            moments.count += sign;
            moments.sum += sign * value;
            moments.squares += sign * value * value;
        }
    }
    /// How far a value lies above what is usual, in standard deviations; at least 0. The spread is never below `floor`.
    pub(crate) fn excess(&self, identity: u32, peer: u32, value: f64, floor: f64) -> f64 {
        let peers = &self.peers[peer as usize];
        let own = &self.own[identity as usize];
        if peers.count < ENOUGH {
            return 0.0;
        }
        let (peer_mean, peer_square) = (peers.sum / peers.count / STEP, peers.squares / peers.count / STEP / STEP);
        let n = own.count + SHRINK;
        let mean = (own.sum / STEP + SHRINK * peer_mean) / n;
        let square = (own.squares / STEP / STEP + SHRINK * peer_square) / n;
        let spread = (square - mean * mean).max(0.0).sqrt().max(floor);
        ((value - mean) / spread).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Habits;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn values_of_other_days_are_counted_as_they_come() {
        let mut habits = Habits::new(2);
        let mut plain: BTreeMap<(u32, u64), BTreeSet<u32>> = BTreeMap::new();
        let mut state = 7u64;
        for _ in 0..3000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (identity, value, day) = ((state >> 60) as u32 & 1, state >> 40 & 127, (state >> 33) as u32 & 15);
            habits.add(identity, value, day, 1);
            plain.entry((identity, value)).or_default().insert(day);
            let far = |days: &BTreeSet<u32>| days.iter().any(|d| d.abs_diff(day) > 1);
            let expected = plain.iter().filter(|((who, _), days)| *who == identity && far(days)).count();
            assert_eq!(habits.distinct(identity, day) as usize, expected);
        }
    }
}
