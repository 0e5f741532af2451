//! What is usual: on which days which identity showed which value, and who else did.
//!
//! The unit is a day on which an identity showed a value: a busy day counts once. Of a session's own day nothing counts,
//! so a session never excuses itself, nor does what came with it. Days before count whole; days after, which only
//! hindsight has, count half, since an attacker who stays is seen there too.
//!
//! Counts are sets of days per identity and value: merging and erasing are exact.

use hashbrown::HashMap;

use crate::num::slot;

/// Days after the one that is judged, as a share of days before.
const AFTERWARDS: f64 = 0.5;
/// Days no further apart may be of one stay; on the same day of the next week it is a habit.
const WEEK: u32 = 6;
/// Nor are days in a row, up to so many before and after.
const MONTH: u32 = 30;
/// From so many days on somebody shows a value for good.
const FOR_GOOD: u32 = 3;
/// Somebody who showed a value on fewer days counts so much among everybody.
const NOW_AND_THEN: f64 = 0.35;
/// And so much where it is a call that matters to a defender.
const ONCE: f64 = 0.02;
/// From so many identities on, at addresses of their own, it is what people here do and not one intruder's doing.
const CUSTOM: u32 = 6;
/// No place in particular.
const MANY: u32 = u32::MAX;

/// The numbers of one fact's values, given before days are counted: counting then looks nothing up, and may be done again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbers {
    value_of: HashMap<u64, u32>,
    /// By identity and the value's number, and by the value's number and address: two halves of one key.
    pair_of: HashMap<u64, u32>,
    place_of: HashMap<u64, u32>,
    /// How often each value and each pair was marked: they never have more days.
    of_value: Vec<u32>,
    of_pair: Vec<u32>,
    places: u32,
    /// What was marked lately, by who, what and where: it mostly comes again.
    lately: Vec<Option<(u32, u64, u32, Mark)>>,
}

/// So many of them. A power of two.
const LATELY: usize = 4096;

/// What an identity showed at an address, by number: the value, the identity with the value, the value with the address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    value: u32,
    pair: u32,
    place: u32,
}

impl Numbers {
    /// Numbers of a value that the identity showed at the address.
    pub(crate) fn mark(&mut self, identity: u32, value: u64, address: u32) -> Mark {
        fn numbered(known: &mut HashMap<u64, u32>, key: u64) -> u32 {
            let next = known.len() as u32;
            *known.entry(key).or_insert(next)
        }
        fn count(counts: &mut Vec<u32>, number: u32) {
            if number as usize == counts.len() {
                counts.push(0);
            }
            counts[number as usize] += 1;
        }
        if self.lately.is_empty() {
            self.lately.resize(LATELY, None);
        }
        let lately = &mut self.lately[slot(value ^ halves(identity, address).rotate_left(17), LATELY)];
        if let Some((.., mark)) = lately.filter(|(who, what, at, _)| (*who, *what, *at) == (identity, value, address)) {
            self.of_value[mark.value as usize] += 1;
            self.of_pair[mark.pair as usize] += 1;
            return mark;
        }
        let (said, value) = (value, numbered(&mut self.value_of, value));
        let pair = numbered(&mut self.pair_of, halves(identity, value));
        let place = numbered(&mut self.place_of, halves(value, address));
        count(&mut self.of_value, value);
        count(&mut self.of_pair, pair);
        self.places = self.places.max(place + 1);
        let mark = Mark { value, pair, place };
        *lately = Some((identity, said, address, mark));
        mark
    }

    /// Nothing counted yet of what has a number, for so many identities. `days`: the first that will be counted, and the last.
    pub(crate) fn habits(&self, identities: usize, days: (u32, u32)) -> Habits {
        Habits {
            place_of_pair: vec![MANY; self.of_pair.len()],
            values: vec![Value::default(); self.of_value.len()],
            days_of_pair: Days::of(&self.of_pair, days),
            days_of_value: Days::of(&self.of_value, days),
            at_one: vec![(0, 0); self.places as usize],
            of_identity: vec![Shown::default(); identities],
        }
    }

    /// The number of an identity with a value, if it was marked.
    pub(crate) fn pair(&self, identity: u32, value: u64) -> Option<u32> {
        self.pair_of.get(&halves(identity, *self.value_of.get(&value)?)).copied()
    }

    /// Marks no more: lets go of what numbers are found by. `but_pairs`: those of pairs are still asked for.
    pub(crate) fn close(&mut self, but_pairs: bool) {
        (self.place_of, self.lately) = (HashMap::new(), Vec::new());
        if !but_pairs {
            (self.value_of, self.pair_of) = (HashMap::new(), HashMap::new());
        }
    }
}

fn halves(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// One fact's days.
#[derive(Debug, Clone)]
pub(crate) struct Habits {
    /// Where an identity showed a value: by value and address, or [`MANY`].
    place_of_pair: Vec<u32>,
    values: Vec<Value>,
    days_of_pair: Days,
    days_of_value: Days,
    /// Identities that showed a value at one address only: by value and address, for good and now and then.
    at_one: Vec<(u32, u32)>,
    of_identity: Vec<Shown>,
}

/// What an identity showed.
#[derive(Debug, Clone, Default)]
struct Shown {
    /// How many values.
    values: u32,
    /// Of them, those shown within three days: by the first day, how many last on it, on the next, on the one after. Ascending.
    brief: Vec<(u32, [u32; 3])>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Value {
    for_good: u32,
    now_and_then: u32,
}

/// Sets of days, by number.
#[derive(Debug, Clone)]
enum Days {
    /// Where all days lie within 64: the first of all, and a bit a day from it on.
    Few(u32, Vec<u64>),
    /// Ascending lists one after the other in one piece of memory; where each begins, and how many days it has.
    Many(Vec<u32>, Vec<(u32, u32)>),
}

impl Days {
    /// Empty sets that have room for so many days each, from the first to the last.
    fn of(most: &[u32], (first, last): (u32, u32)) -> Days {
        if last.saturating_sub(first) < u64::BITS {
            return Days::Few(first, vec![0; most.len()]);
        }
        let mut lists = Vec::with_capacity(most.len());
        let mut start = 0;
        for most in most {
            lists.push((start, 0));
            start += most;
        }
        Days::Many(vec![0; start as usize], lists)
    }
    /// Adds a day; false where it is there already. Days mostly come in order.
    fn insert(&mut self, number: u32, day: u32) -> bool {
        match self {
            Days::Few(first, sets) => {
                let (set, bit) = (&mut sets[number as usize], 1 << (day - *first));
                let new = *set & bit == 0;
                *set |= bit;
                new
            }
            Days::Many(days, lists) => {
                let (start, length) = &mut lists[number as usize];
                let (start, end) = (*start as usize, (*start + *length) as usize);
                let at = match days[start..end].last() {
                    Some(&last) if last >= day => match days[start..end].binary_search(&day) {
                        Ok(_) => return false,
                        Err(at) => start + at,
                    },
                    _ => end,
                };
                days.copy_within(at..end, at + 1);
                days[at] = day;
                *length += 1;
                true
            }
        }
    }
    /// How many days, and the first and the last where there are any.
    fn span(&self, number: u32) -> (u32, Option<(u32, u32)>) {
        match self {
            Days::Few(first, sets) => {
                let set = sets[number as usize];
                (set.count_ones(), (set != 0).then(|| (first + set.trailing_zeros(), first + set.ilog2())))
            }
            Days::Many(days, lists) => {
                let list = list(days, lists, number);
                (list.len() as u32, list.first().zip(list.last()).map(|(first, last)| (*first, *last)))
            }
        }
    }
    /// How many days.
    fn count(&self, number: u32) -> u32 {
        match self {
            Days::Few(_, sets) => sets[number as usize].count_ones(),
            Days::Many(_, lists) => lists[number as usize].1,
        }
    }
    /// How many days are not among those of another set; of the same file, so both are of one kind.
    fn without(&self, number: u32, other: (&Days, u32)) -> u32 {
        match (self, other) {
            (Days::Few(_, sets), (Days::Few(_, others), other)) => (sets[number as usize] & !others[other as usize]).count_ones(),
            (Days::Many(days, lists), (Days::Many(others, their_lists), other)) => {
                let others = list(others, their_lists, other);
                list(days, lists, number).iter().filter(|day| others.binary_search(day).is_err()).count() as u32
            }
            _ => 0,
        }
    }
    /// The days in a row about one, whether it is one of them or not, with at most one free day between two: the first, and the last or
    /// the free day after it.
    fn in_a_row(&self, number: u32, day: u32) -> (u32, u32) {
        match self {
            Days::Few(first, sets) => {
                let Some(at) = day.checked_sub(*first).filter(|at| *at < 64) else { return (day, day) };
                let set = sets[number as usize] | 1 << at;
                // Each day with the one after it: bits in a row.
                let row = set | set << 1;
                let (before, after) = ((row << (63 - at)).leading_ones() - 1, (row >> at).trailing_ones() - 1);
                (day - before.min(MONTH), day + after.min(MONTH))
            }
            Days::Many(days, lists) => {
                let list = list(days, lists, number);
                let (before, after) = (list.partition_point(|d| *d < day), list.partition_point(|d| *d <= day));
                let walk = |days: &mut dyn Iterator<Item = &u32>| {
                    let mut last = day;
                    for d in days.take_while(|d| d.abs_diff(day) <= MONTH) {
                        if d.abs_diff(last) > 2 {
                            break;
                        }
                        last = *d;
                    }
                    last
                };
                (walk(&mut list[..before].iter().rev()), walk(&mut list[after..].iter()))
            }
        }
    }
    /// How many days lie before one, and how many after another, which is not before it.
    fn around(&self, number: u32, (from, to): (u32, u32)) -> (u32, u32) {
        match self {
            Days::Few(first, sets) => {
                let set = sets[number as usize];
                let before = set & 1u64.checked_shl(from.saturating_sub(*first)).map_or(u64::MAX, |bit| bit - 1);
                let after = if to < *first { set } else { set.checked_shr(to - *first).unwrap_or(0) >> 1 };
                (before.count_ones(), after.count_ones())
            }
            Days::Many(days, lists) => {
                let list = list(days, lists, number);
                let (before, until) = (list.partition_point(|day| *day < from), list.partition_point(|day| *day <= to));
                (before as u32, (list.len() - until) as u32)
            }
        }
    }
}

fn list<'d>(days: &'d [u32], lists: &[(u32, u32)], number: u32) -> &'d [u32] {
    let (start, length) = lists[number as usize];
    &days[start as usize..(start + length) as usize]
}

impl Shown {
    /// A value that was shown from one day to another is now shown on more.
    fn lasts(&mut self, before: Option<(u32, u32)>, now: Option<(u32, u32)>) {
        if before == now {
            return;
        }
        if let Some((first, last)) = before.filter(|(first, last)| last - first <= 2)
            && let Ok(at) = self.brief.binary_search_by_key(&first, |of| of.0)
        {
            self.brief[at].1[(last - first) as usize] -= 1;
        }
        if let Some((first, last)) = now.filter(|(first, last)| last - first <= 2) {
            let at = self.brief.binary_search_by_key(&first, |of| of.0).unwrap_or_else(|at| {
                self.brief.insert(at, (first, [0; 3]));
                at
            });
            self.brief[at].1[(last - first) as usize] += 1;
        }
    }
    /// How many values were shown on this day or beside it and on no other.
    fn beside(&self, day: u32) -> u32 {
        let (from, to) = (day.saturating_sub(1), day.saturating_add(1));
        let days = self.brief[self.brief.partition_point(|of| of.0 < from)..].iter().take_while(|of| of.0 <= to);
        days.map(|(first, counts)| counts.iter().zip(*first..).filter(|(_, last)| *last <= to).map(|(count, _)| count).sum::<u32>()).sum()
    }
}

impl Habits {
    /// The identity showed the value on that day at that address.
    pub(crate) fn add(&mut self, identity: u32, mark: Mark, day: u32) {
        let place = &mut self.place_of_pair[mark.pair as usize];
        let value = &mut self.values[mark.value as usize];
        let (was, before) = self.days_of_pair.span(mark.pair);
        if was == 0 {
            *place = mark.place;
            self.of_identity[identity as usize].values += 1;
            value.now_and_then += 1;
            self.at_one[mark.place as usize].1 += 1;
        }
        self.days_of_value.insert(mark.value, day);
        let added = self.days_of_pair.insert(mark.pair, day);
        let (is, now) = self.days_of_pair.span(mark.pair);
        if added {
            self.of_identity[identity as usize].lasts(before, now);
        }
        if !added && (*place == mark.place || *place == MANY) {
            return;
        }
        let for_good = |days: u32| days >= FOR_GOOD;
        let (was, is) = (for_good(was), for_good(is));
        if was != is {
            value.now_and_then -= 1;
            value.for_good += 1;
        }
        // Move the pair between the counts of its one address.
        if *place != MANY {
            let at = &mut self.at_one[*place as usize];
            *(if was { &mut at.0 } else { &mut at.1 }) -= 1;
            if *place == mark.place {
                *(if is { &mut at.0 } else { &mut at.1 }) += 1;
            } else {
                *place = MANY;
            }
        }
    }

    /// On how many days but these, from the first to the last, the identity showed the value: those before and `after` times those after.
    fn weighed(&self, pair: u32, days: (u32, u32), after: f64) -> f64 {
        let (before, later) = self.days_of_pair.around(pair, days);
        f64::from(before) + after * f64::from(later)
    }

    /// The days on which the identity showed the value, less `discount`; at least 0. With `weeks` only those within a week of this one or in
    /// a row with it, which may be a stay, are discounted. The day itself does not count.
    pub(crate) fn days(&self, mark: Mark, day: u32, discount: f64, weeks: bool) -> f64 {
        let all = self.weighed(mark.pair, (day, day), AFTERWARDS);
        if discount == 0.0 || all == 0.0 {
            return all;
        }
        if !weeks {
            return (all - discount).max(0.0);
        }
        let (first, last) = self.days_of_pair.in_a_row(mark.pair, day);
        let stay = (first.min(day.saturating_sub(WEEK)), last.max(day.saturating_add(WEEK)));
        (all - discount).max(self.weighed(mark.pair, stay, AFTERWARDS))
    }

    /// Whether the identity ever showed the value on another day; `pair`: of [`Numbers::pair`].
    pub(crate) fn shown(&self, pair: u32, day: u32) -> bool {
        self.weighed(pair, (day, day), 1.0) > 0.0
    }

    /// The same by a mark.
    pub(crate) fn shown_before(&self, mark: Mark, day: u32) -> bool {
        self.shown(mark.pair, day)
    }

    /// On how many other days the identity showed the value: with days after weighed down, and all of them.
    pub(crate) fn active(&self, mark: Mark, day: u32) -> (f64, f64) {
        (self.weighed(mark.pair, (day, day), AFTERWARDS), self.weighed(mark.pair, (day, day), 1.0))
    }

    /// Whether all days on which the identity showed the value lie within so many.
    pub(crate) fn within(&self, mark: Mark, days: u32) -> bool {
        self.days_of_pair.span(mark.pair).1.is_some_and(|(first, last)| last - first < days)
    }

    /// On how many days the identity showed the value and not another one, of another fact.
    pub(crate) fn days_without(&self, mark: Mark, other: (&Habits, Mark)) -> u32 {
        self.days_of_pair.without(mark.pair, (&other.0.days_of_pair, other.1.pair))
    }

    /// How many values the identity showed on days that are not this one nor beside it.
    pub(crate) fn distinct(&self, identity: u32, day: u32) -> u32 {
        let shown = &self.of_identity[identity as usize];
        shown.values - shown.beside(day)
    }

    /// How many show the value in all.
    pub(crate) fn everybody(&self, mark: Mark) -> f64 {
        let value = &self.values[mark.value as usize];
        Self::custom(value.for_good, value.now_and_then)
    }

    /// How many others show the value. Where it is asked `here`, those who showed it only at the mark's address do not
    /// count: one intruder may act as many.
    pub(crate) fn others(&self, mark: Mark, here: bool) -> f64 {
        let (good, lone) = self.counts(mark, here);
        Self::custom(good, lone)
    }

    /// Those who did it now and then count less, unless it is what people here do.
    fn custom(good: u32, lone: u32) -> f64 {
        if good + lone >= CUSTOM { f64::from(good + lone) } else { f64::from(good) + NOW_AND_THEN * f64::from(lone) }
    }

    /// The same where one intruder may have done it as many: what somebody did now and then counts next to nothing, unless enough
    /// did it that it is what people here do. Where the identity is `at_home`, others there count too.
    pub(crate) fn others_for_good(&self, mark: Mark, at_home: bool) -> f64 {
        let (good, lone) = self.counts(mark, !at_home);
        if good + lone >= CUSTOM { f64::from(good + lone) } else { f64::from(good) + ONCE * f64::from(lone) }
    }

    /// How many others show the value, and not more than on how many days that are not this one nor beside it; those who
    /// did it now and then count `lone` each.
    pub(crate) fn others_elsewhen(&self, mark: Mark, day: u32, lone: f64) -> f64 {
        let (good, few) = self.counts(mark, false);
        let (before, after) = self.days_of_value.around(mark.value, (day.saturating_sub(1), day.saturating_add(1)));
        (f64::from(good) + lone * f64::from(few)).min(f64::from(before + after))
    }

    fn counts(&self, mark: Mark, here: bool) -> (u32, u32) {
        let Value { for_good: mut good, now_and_then: mut lone } = self.values[mark.value as usize];
        if here {
            let at = self.at_one[mark.place as usize];
            good -= at.0;
            lone -= at.1;
        }
        let days = self.days_of_pair.count(mark.pair);
        // Its own, unless it went with the address already.
        if days > 0 && !(here && self.place_of_pair[mark.pair as usize] == mark.place) {
            if days >= FOR_GOOD { good -= 1 } else { lone -= 1 }
        }
        (good, lone)
    }

    /// How likely the identity's next value is one it never showed: many values on few days make it likely; 1 where
    /// nothing is known of it (`active`: its days, as [`Habits::active`] weighs them; `distinct`: [`Habits::distinct`]).
    pub(crate) fn new_mass(distinct: u32, active: f64) -> f64 {
        let distinct = 0.5 * f64::from(distinct);
        ((1.0 + distinct) / (active + 1.0 + distinct)).min(1.0)
    }
}

/// Mean and spread of a quantity for an identity, shrunk to its peers; each value can be taken back.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    own: Vec<Moments>,
    peers: Vec<Moments>,
}

/// How many values, their sum and that of their squares.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    /// With a value more, or with `sign` −1 one less.
    fn with(self, value: f64, sign: f64) -> Moments {
        let value = steps(value) as f64;
        Moments { count: self.count + sign, sum: self.sum + sign * value, squares: self.squares + sign * value * value }
    }
    /// Of sums of [`steps`].
    pub(crate) fn of(sums: [i64; 3]) -> Moments {
        let [count, sum, squares] = sums.map(|n| n as f64);
        Moments { count, sum, squares }
    }
    /// How far a value lies above what is usual by one's own values, shrunk to those of peers, in standard deviations; negative
    /// where it lies below. The spread is never below `floor`. 0 where peers are too few to say.
    pub(crate) fn above(own: Moments, peers: Moments, value: f64, floor: f64) -> f64 {
        if peers.count < ENOUGH {
            return 0.0;
        }
        let (peer_mean, peer_square) = (peers.sum / peers.count / STEP, peers.squares / peers.count / STEP / STEP);
        let n = own.count + SHRINK;
        let mean = (own.sum / STEP + SHRINK * peer_mean) / n;
        let square = (own.squares / STEP / STEP + SHRINK * peer_square) / n;
        let spread = (square - mean * mean).max(0.0).sqrt().max(floor);
        (value - mean) / spread
    }
}

/// A value in whole steps, in which it is kept.
pub(crate) fn steps(value: f64) -> i64 {
    (value * STEP) as i64
}

/// Values are kept in steps of 1/1024, so that taking one back is exact.
const STEP: f64 = 1024.0;
/// How many values of one's own weigh as much as the peers.
const SHRINK: f64 = 4.0;
/// Peers with fewer values say nothing of how much is much.
const ENOUGH: f64 = 50.0;

impl Level {
    /// Nothing known yet.
    pub(crate) fn new(identities: usize, peers: usize) -> Level {
        Level { own: vec![Moments::default(); identities], peers: vec![Moments::default(); peers] }
    }
    /// Counts a value.
    pub(crate) fn add(&mut self, identity: u32, peer: u32, value: f64) {
        for moments in [&mut self.own[identity as usize], &mut self.peers[peer as usize]] {
            *moments = moments.with(value, 1.0);
        }
    }
    /// How far a value lies above what is usual, in standard deviations; at least 0. The spread is never below `floor`.
    /// `without`: as if the value had not been counted, which it was.
    pub(crate) fn excess(&self, identity: u32, peer: u32, value: f64, floor: f64, without: bool) -> f64 {
        let less = |moments: &Moments| if without { moments.with(value, -1.0) } else { *moments };
        Moments::above(less(&self.own[identity as usize]), less(&self.peers[peer as usize]), value, floor).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Days, Numbers};
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn a_stay_is_discounted_and_what_comes_back_another_week_is_not() {
        let days_of = |days: &[u32], day: u32, discount: f64| {
            let mut numbers = Numbers::default();
            let mark = numbers.mark(0, 7, 1);
            days.iter().skip(1).for_each(|_| _ = numbers.mark(0, 7, 1));
            let mut habits = numbers.habits(1, (10, 40));
            days.iter().for_each(|day| habits.add(0, mark, *day));
            habits.days(mark, day, discount, true)
        };
        assert_eq!([0.0, 2.0, 9.0].map(|discount| days_of(&[10, 11, 12, 13], 13, discount)), [3.0, 1.0, 0.0]);
        // Every week, on the same day; those after count half.
        assert_eq!([0.0, 2.0, 9.0].map(|discount| days_of(&[10, 17, 24, 31], 31, discount)), [3.0; 3]);
        assert_eq!(days_of(&[10, 17, 24, 31], 10, 9.0), 1.5);
        // Six days later it may still be the same stay.
        assert_eq!(days_of(&[10, 16, 24], 10, 9.0), 0.5);
        // And longer than a week, where it is day after day; not after two free days.
        assert_eq!([10, 18].map(|day| days_of(&[10, 11, 13, 14, 15, 16, 18], day, 9.0)), [0.0; 2]);
        assert_eq!([10, 19].map(|day| days_of(&[10, 11, 13, 14, 15, 16, 19], day, 9.0)), [0.5, 2.0]);
    }

    #[test]
    fn what_many_do_at_one_address_counts_only_with_who_is_at_home_there() {
        let mut numbers = Numbers::default();
        let marks: Vec<_> = (0..8).map(|who| numbers.mark(who, 7, 1)).collect();
        let visitor = numbers.mark(8, 7, 1);
        let mut habits = numbers.habits(9, (10, 20));
        marks.iter().enumerate().for_each(|(who, mark)| habits.add(who as u32, *mark, 10));
        assert_eq!((habits.others(visitor, true), habits.others(visitor, false)), (0.0, 8.0));
        assert_eq!((habits.others_for_good(visitor, false), habits.others_for_good(visitor, true)), (0.0, 8.0));
        // Themselves not among them.
        assert_eq!((habits.others_for_good(marks[3], false), habits.others_for_good(marks[3], true)), (0.0, 7.0));
    }

    #[test]
    fn values_of_other_days_are_counted_as_they_come() {
        // A month's file, and one of years.
        for last in [115, 10_000] {
            let mut numbers = Numbers::default();
            let mut days = Vec::new();
            let mut state = 7u64;
            for _ in 0..3000 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let (identity, value, day) = ((state >> 60) as u32 & 1, state >> 40 & 127, 100 + ((state >> 33) as u32 & 15));
                days.push((identity, value, numbers.mark(identity, value, 1), day));
            }
            let mut habits = numbers.habits(2, (100, last));
            assert_eq!(matches!(habits.days_of_pair, Days::Few(..)), last == 115);
            let mut plain: BTreeMap<(u32, u64), BTreeSet<u32>> = BTreeMap::new();
            let mut another = ((0, days[0].1), days[0].2);
            for (identity, value, mark, day) in days {
                habits.add(identity, mark, day);
                plain.entry((identity, value)).or_default().insert(day);
                let without = plain.get(&another.0).map_or(plain[&(identity, value)].len(), |others| plain[&(identity, value)].difference(others).count());
                assert_eq!(habits.days_without(mark, (&habits, another.1)) as usize, without);
                another = ((identity, value), mark);
                let far = |days: &BTreeSet<u32>| days.iter().any(|d| d.abs_diff(day) > 1);
                let expected = plain.iter().filter(|((who, _), days)| *who == identity && far(days)).count();
                assert_eq!(habits.distinct(identity, day) as usize, expected);
                let shown = &plain[&(identity, value)];
                let count = |days: &BTreeSet<u32>, of: &dyn Fn(u32) -> bool| days.iter().filter(|d| of(**d)).count() as u32;
                assert_eq!(habits.days_of_pair.span(mark.pair), (shown.len() as u32, shown.first().copied().zip(shown.last().copied())));
                assert_eq!(habits.days_of_pair.count(mark.pair), shown.len() as u32);
                let near = |days: &mut dyn Iterator<Item = &u32>| days.fold(day, |last, d| if d.abs_diff(last) <= 2 { *d } else { last });
                let (first, last) = (near(&mut shown.range(..day).rev()), near(&mut shown.range(day + 1..)));
                let found = habits.days_of_pair.in_a_row(mark.pair, day);
                assert!(found == (first, last) || found == (first, last + 1), "{found:?} {first} {last}");
                let of_all: BTreeSet<u32> = plain.iter().filter(|((_, shown), _)| *shown == value).flat_map(|(_, days)| days.clone()).collect();
                for (from, to) in [(day, day), (day - 1, day + 1), (0, 0), (99, 101), (last, last), (last + 1, last + 100)] {
                    let expected = (count(&of_all, &|d| d < from), count(&of_all, &|d| d > to));
                    assert_eq!(habits.days_of_value.around(mark.value, (from, to)), expected, "{from} {to}");
                }
            }
        }
        // All of 64 days.
        let mut days = Days::of(&[64], (7, 70));
        (7..=70).for_each(|day| assert!(days.insert(0, day) && !days.insert(0, day)));
        assert_eq!((days.span(0), days.around(0, (7, 7)), days.around(0, (70, 70))), ((64, Some((7, 70))), (0, 63), (63, 0)));
    }
}
