//! Every transcendental function, ordered sums and the seeded generator: the same bits natively and in WebAssembly.
//! And whole numbers as people read them.
//!
//! The platform's `exp`, `ln`, `sin` differ in the last bits from machine to machine; the `libm` crate's do not.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// The one random generator: ChaCha with 8 rounds, the same sequence on every platform.
pub(crate) type Generator = ChaCha8Rng;

/// A generator for one purpose, so that one purpose's draws never shift another's.
pub(crate) fn generator(seed: u64, purpose: u64) -> Generator {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(purpose);
    generator
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// e to the `x`.
pub(crate) fn exp(x: f64) -> f64 {
    libm::exp(x)
}
/// The natural logarithm.
pub(crate) fn ln(x: f64) -> f64 {
    libm::log(x)
}
/// The logarithm to base 2: bits.
pub(crate) fn log2(x: f64) -> f64 {
    libm::log2(x)
}
/// The logarithm to base 10.
pub(crate) fn log10(x: f64) -> f64 {
    libm::log10(x)
}
/// `x` to the `y`.
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}
/// Sine of `x` radians.
pub(crate) fn sin(x: f64) -> f64 {
    libm::sin(x)
}
/// Cosine of `x` radians.
pub(crate) fn cos(x: f64) -> f64 {
    libm::cos(x)
}
/// Arc sine, radians.
pub(crate) fn asin(x: f64) -> f64 {
    libm::asin(x)
}

/// The sum in the order given. Never re-ordered, so never different.
pub(crate) fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut total = 0.0;
    for value in values {
        total += value;
    }
    total
}

/// The dot product in index order.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut total = 0.0;
    for (x, y) in a.iter().zip(b) {
        total += x * y;
    }
    total
}

/// The value below which a share `q` (0 to 1) of `sorted` lies, linearly interpolated. `sorted` ascends and is not empty.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = q.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let below = at as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * (at - below as f64)
}
/// One of so many places, a power of two, for what is kept at hand by a number: numbers near each other lie far apart (Fibonacci
/// hashing, Knuth, volume 3, 6.4).
#[inline]
pub(crate) fn slot(number: u64, slots: usize) -> usize {
    (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - slots.ilog2())) as usize
}

