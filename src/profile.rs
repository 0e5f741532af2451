//! What is usual: integer counts per identity, value and day, with back-off to peers and to all.
//!
//! The unit is a day on which an identity showed a value: a busy day counts once. Peers and all count identities.
//! The predictive probability is interpolated Kneser–Ney, that is a hierarchical Pitman–Yor process in its usual
//! approximation (Teh, 2006): somebody who shows many values is expected to show new ones.
//!
//! Counts are integers and each can be taken back exactly: leaving a session out, merging and erasing leave no trace.

use std::collections::HashMap;

use crate::num::log2;

/// How much of each seen value is set aside for unseen ones (Pitman–Yor discount). 0.5 is the usual choice for heavy tails.
const DISCOUNT: f64 = 0.5;
/// How many imagined observations stand for the back-off (Pitman–Yor strength).
const STRENGTH: f64 = 1.0;

/// One fact's counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Profile {
    entries: Vec<Entry>,
    slots: Vec<Slot>,
    entry_of: HashMap<(u32, u32), u32>,
    slot_of: HashMap<(u32, u32), u32>,
    own: Vec<Total>,
    peers: Vec<Total>,
    peer_value: HashMap<(u32, u32), u32>,
    peer_counts: Vec<u32>,
    all: Total,
    all_value: HashMap<u32, u32>,
    all_counts: Vec<u32>,
    /// Values that never occur but might.
    unseen: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Total {
    count: u32,
    distinct: u32,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    identity: u32,
    peer: u32,
    peer_value: u32,
    all_value: u32,
    days: u32,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    entry: u32,
    sessions: u32,
}

impl Profile {
    /// An empty profile. `unseen`: how many further values are possible, roughly.
    pub(crate) fn new(identities: usize, peers: usize, unseen: f64) -> Profile {
        Profile { own: vec![Total::default(); identities], peers: vec![Total::default(); peers], unseen, ..Profile::default() }
    }

    /// The place where this identity's showing this value on this day is counted.
    pub(crate) fn slot(&mut self, identity: u32, peer: u32, value: u32, day: u32) -> u32 {
        let entry = match self.entry_of.get(&(identity, value)) {
            Some(&entry) => entry,
            None => {
                let peers = self.peer_counts.len() as u32;
                let peer_value = *self.peer_value.entry((peer, value)).or_insert(peers);
                if peer_value == peers {
                    self.peer_counts.push(0);
                }
                let values = self.all_counts.len() as u32;
                let all_value = *self.all_value.entry(value).or_insert(values);
                if all_value == values {
                    self.all_counts.push(0);
                }
                self.entries.push(Entry { identity, peer, peer_value, all_value, days: 0 });
                let entry = self.entries.len() as u32 - 1;
                self.entry_of.insert((identity, value), entry);
                entry
            }
        };
        let next = self.slots.len() as u32;
        let slot = *self.slot_of.entry((entry, day)).or_insert(next);
        if slot == next {
            self.slots.push(Slot { entry, sessions: 0 });
        }
        slot
    }

    /// Counts one session.
    pub(crate) fn add(&mut self, slot: u32) {
        let slot = &mut self.slots[slot as usize];
        slot.sessions += 1;
        if slot.sessions > 1 {
            return;
        }
        let entry = &mut self.entries[slot.entry as usize];
        entry.days += 1;
        let own = &mut self.own[entry.identity as usize];
        own.count += 1;
        if entry.days > 1 {
            return;
        }
        own.distinct += 1;
        let peer = &mut self.peers[entry.peer as usize];
        peer.count += 1;
        self.all.count += 1;
        let shown = &mut self.peer_counts[entry.peer_value as usize];
        *shown += 1;
        peer.distinct += u32::from(*shown == 1);
        let shown = &mut self.all_counts[entry.all_value as usize];
        *shown += 1;
        self.all.distinct += u32::from(*shown == 1);
    }

    /// Takes one session back.
    pub(crate) fn remove(&mut self, slot: u32) {
        let slot = &mut self.slots[slot as usize];
        slot.sessions -= 1;
        if slot.sessions > 0 {
            return;
        }
        let entry = &mut self.entries[slot.entry as usize];
        entry.days -= 1;
        let own = &mut self.own[entry.identity as usize];
        own.count -= 1;
        if entry.days > 0 {
            return;
        }
        own.distinct -= 1;
        let peer = &mut self.peers[entry.peer as usize];
        peer.count -= 1;
        self.all.count -= 1;
        let shown = &mut self.peer_counts[entry.peer_value as usize];
        *shown -= 1;
        peer.distinct -= u32::from(*shown == 0);
        let shown = &mut self.all_counts[entry.all_value as usize];
        *shown -= 1;
        self.all.distinct -= u32::from(*shown == 0);
    }

    /// How surprising it is that this identity shows this value, in bits: −log₂ p.
    pub(crate) fn bits(&self, slot: u32) -> f64 {
        -log2(self.probability(slot))
    }

    /// The surprise beyond what this identity's next value is expected to bring, in bits; at least 0.
    ///
    /// Somebody of whom nothing is known yet is expected to show something new: there it is 0. `share` of the expected
    /// surprise is taken off, 0 to 1.
    pub(crate) fn excess(&self, slot: u32, share: f64) -> f64 {
        let entry = &self.entries[self.slots[slot as usize].entry as usize];
        let own = self.own[entry.identity as usize];
        let new = (STRENGTH + DISCOUNT * f64::from(own.distinct)) / (f64::from(own.count) + STRENGTH);
        let expected = new * (log2(f64::from(self.all.distinct) + self.unseen) - log2(new));
        (self.bits(slot) - share * expected).max(0.0)
    }

    /// p(value | identity), backed off to peers, to all, to a value nobody has shown.
    pub(crate) fn probability(&self, slot: u32) -> f64 {
        let entry = &self.entries[self.slots[slot as usize].entry as usize];
        let base = 1.0 / (f64::from(self.all.distinct) + self.unseen);
        let all = predict(self.all_counts[entry.all_value as usize], self.all, base);
        let peer = predict(self.peer_counts[entry.peer_value as usize], self.peers[entry.peer as usize], all);
        predict(entry.days, self.own[entry.identity as usize], peer)
    }

    /// How surprising the value is for everybody together, in bits.
    pub(crate) fn bits_for_all(&self, slot: u32) -> f64 {
        let entry = &self.entries[self.slots[slot as usize].entry as usize];
        let base = 1.0 / (f64::from(self.all.distinct) + self.unseen);
        -log2(predict(self.all_counts[entry.all_value as usize], self.all, base))
    }

    /// On how many days this identity showed this value, and on how many it showed any (counted by value).
    pub(crate) fn days(&self, slot: u32) -> (u32, u32) {
        let entry = &self.entries[self.slots[slot as usize].entry as usize];
        (entry.days, self.own[entry.identity as usize].count)
    }
}

fn predict(count: u32, total: Total, base: f64) -> f64 {
    let n = f64::from(total.count) + STRENGTH;
    let seen = (f64::from(count) - DISCOUNT).max(0.0) / n;
    seen + (STRENGTH + DISCOUNT * f64::from(total.distinct)) / n * base
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
        let peer_mean = if peers.count > 0.0 { peers.sum / peers.count / STEP } else { 0.0 };
        let peer_square = if peers.count > 0.0 { peers.squares / peers.count / STEP / STEP } else { 1.0 };
        let n = own.count + SHRINK;
        let mean = (own.sum / STEP + SHRINK * peer_mean) / n;
        let square = (own.squares / STEP / STEP + SHRINK * peer_square) / n;
        let spread = (square - mean * mean).max(0.0).sqrt().max(floor);
        ((value - mean) / spread).max(0.0)
    }
}
