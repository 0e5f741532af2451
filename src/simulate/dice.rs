//! Draws. Each purpose has a stream of its own, so that one person's day never shifts another's.

use rand_chacha::rand_core::Rng;

use crate::bytes::fnv1a;
use crate::num::{self, Generator};

/// A seeded source of draws.
pub(super) struct Dice(Generator);

impl Dice {
    /// Draws for one purpose, named by numbers.
    pub(super) fn new(seed: u64, purpose: &[u64]) -> Dice {
        let stream = purpose.iter().fold(0x51_7c_c1_b7_27_22_0a_95, |hash, &part| mix(hash ^ mix(part.wrapping_add(1))));
        Dice(num::generator(seed, stream))
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// In [0, 1).
    pub(super) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Below `limit`; 0 if there is nothing below it.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.bits()) * limit as u128) >> 64) as usize
    }

    /// From `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    pub(super) fn real(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub(super) fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub(super) fn word(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }

    /// An index, as often as its weight says.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.unit() * num::sum(weights.iter().copied());
        for (index, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }

    /// About normal (the sum of four uniform draws), mean 0, standard deviation 1.
    pub(super) fn normal(&mut self) -> f64 {
        let sum = self.unit() + self.unit() + self.unit() + self.unit();
        (sum - 2.0) * 1.732_050_807_568_877_2
    }

    /// A waiting time with the given mean, bounded to 8 times the mean.
    pub(super) fn wait(&mut self, mean: f64) -> f64 {
        let share = 1.0 - self.unit();
        (-num::log2(share) * std::f64::consts::LN_2).min(8.0) * mean
    }
}

/// Stirs 64 bits (the finaliser of SplitMix64; Steele, Lea and Flood, 2014).
pub(super) fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// A number for a text (FNV-1a).
pub(super) fn key(text: &str) -> u64 {
    fnv1a(text.bytes())
}

/// Letters and digits as AWS's ids have them.
pub(super) fn letters(mut from: u64, count: usize, out: &mut String) {
    const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for place in 0..count {
        if place % 12 == 0 {
            from = mix(from);
        }
        out.push(BASE32[(from >> (5 * (place % 12)) & 31) as usize] as char);
    }
}

/// An id such as `AROA` and 17 letters.
pub(super) fn id(prefix: &str, from: u64) -> String {
    let mut text = String::with_capacity(21);
    text.push_str(prefix);
    letters(from, 21 - prefix.len().min(21), &mut text);
    text
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(mut from: u64, count: usize, out: &mut String) {
    for place in 0..count {
        if place % 16 == 0 {
            from = mix(from);
        }
        out.push(char::from(b"0123456789abcdef"[(from >> (4 * (place % 16)) & 15) as usize]));
    }
}

/// A random UUID's text.
pub(super) fn uuid(from: u64, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let (mut high, mut low) = (mix(from), mix(from ^ 0x6a09_e667_f3bc_c908));
    high = high & !0xf000 | 0x4000;
    low = low & !(0b11 << 62) | (0b10 << 62);
    let bits = (u128::from(high) << 64) | u128::from(low);
    let mut text = [0u8; 36];
    let mut shift = 128;
    for (place, byte) in text.iter_mut().enumerate() {
        if matches!(place, 8 | 13 | 18 | 23) {
            *byte = b'-';
        } else {
            shift -= 4;
            *byte = DIGITS[(bits >> shift & 15) as usize];
        }
    }
    out.push_str(std::str::from_utf8(&text).expect("hexadecimal digits"));
}
