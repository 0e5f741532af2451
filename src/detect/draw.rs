//! Draws from the seeded generator, written out here so that no other version of a library changes a score.

use std::collections::BTreeSet;

use rand_chacha::rand_core::Rng;

use crate::num::Generator;

/// A number in [0, 1), from the upper 53 bits of a draw.
pub(super) fn unit(generator: &mut Generator) -> f64 {
    (generator.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// A whole number below `limit`, which is at least 1.
pub(super) fn below(generator: &mut Generator, limit: usize) -> usize {
    ((u128::from(generator.next_u64()) * limit as u128) >> 64) as usize
}

/// `count` of `rows` without repetition, in their order; all of them if there are no more (Floyd's algorithm).
pub(super) fn sample(generator: &mut Generator, rows: &[usize], count: usize) -> Vec<usize> {
    if rows.len() <= count {
        return rows.to_vec();
    }
    let mut chosen = BTreeSet::new();
    for last in rows.len() - count..rows.len() {
        let place = below(generator, last + 1);
        if !chosen.insert(place) {
            chosen.insert(last);
        }
    }
    chosen.into_iter().map(|place| rows[place]).collect()
}
