//! The CRC of a gzip (RFC 1952) in WebAssembly, which has no carry-less multiplication: what tables say of 16 bytes takes
//! twice as long as this.
//!
//! The polynomial of CRC-32 divides x³⁰⁰ + x¹⁵⁵ + x¹¹⁷ + x⁸⁹ + 1. So a bit may be taken away where four others are turned,
//! 145, 183, 211 and 300 places behind it, and the remainder stays. Word by word that moves all there is into the last
//! few words, with shifts only; their remainder is asked of the library (Russell, "Chorba: A novel CRC32 implementation", 2024).

/// So many words behind a word are turned by it.
const REACH: usize = 5;
/// Fewer bytes than this are left to the library.
const LEAST: usize = 256;

/// [`flate2::Crc`] by folding: the checksum of what came so far, and how many bytes that was, by 32 bits.
pub(super) struct Crc {
    /// The register, not inverted at the end.
    register: u32,
    amount: u32,
}

impl Crc {
    pub(super) fn new() -> Crc {
        Crc { register: u32::MAX, amount: 0 }
    }

    pub(super) fn sum(&self) -> u32 {
        !self.register
    }

    pub(super) fn amount(&self) -> u32 {
        self.amount
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.amount = self.amount.wrapping_add(bytes.len() as u32);
        if bytes.len() < 4 {
            // The register reaches beyond them.
            let bits = bytes.iter().flat_map(|byte| (0..8).map(move |bit| u32::from(byte >> bit & 1)));
            self.register = bits.fold(self.register, |register, bit| register >> 1 ^ if register & 1 != bit { 0xedb8_8320 } else { 0 });
            return;
        }
        let whole = if bytes.len() < LEAST { 0 } else { bytes.len() / 16 * 2 - 2 * REACH.div_ceil(2) };
        let (folded, rest) = bytes.split_at(whole * 8);
        let turned = fold(self.register, folded);
        let mut first = [0; 8 * REACH];
        let (head, rest) = rest.split_at(rest.len().min(first.len()));
        // The library begins with a register of ones.
        let ones = [u64::from(u32::MAX), 0, 0, 0, 0];
        for ((into, turned), ones) in first.as_chunks_mut::<8>().0.iter_mut().zip(turned).zip(ones) {
            *into = (turned ^ ones).to_le_bytes();
        }
        first.iter_mut().zip(head).for_each(|(into, byte)| *into ^= byte);
        let mut crc = flate2::Crc::new();
        crc.update(&first[..head.len()]);
        crc.update(rest);
        self.register = !crc.sum();
    }
}

/// Moves all that a register and an even number of words hold into the words behind them: how those are turned.
#[inline(never)]
fn fold(register: u32, bytes: &[u8]) -> [u64; REACH] {
    let mut turned = [u64::from(register), 0, 0, 0, 0];
    for [one, two] in bytes.as_chunks::<8>().0.as_chunks::<2>().0 {
        let one = u64::from_le_bytes(*one) ^ turned[0];
        let two = u64::from_le_bytes(*two) ^ turned[1];
        // 145 is two words and 17 places, 183 two and 55, 211 three and 19, 300 four and 44.
        let [second, third, fourth, fifth] = behind(one);
        let [next_second, next_third, next_fourth, next_fifth] = behind(two);
        turned = [turned[2] ^ second, turned[3] ^ third ^ next_second, turned[4] ^ fourth ^ next_third, fifth ^ next_fourth, next_fifth];
    }
    turned
}

/// How a word turns the second to the fifth behind it.
#[inline]
fn behind(word: u64) -> [u64; 4] {
    [word << 17 ^ word << 55, word >> 47 ^ word >> 9 ^ word << 19, word >> 45 ^ word << 44, word >> 20]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_the_library_says_however_the_bytes_come() {
        let mut state = 1u64;
        let mut byte = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        };
        let bytes: Vec<u8> = (0..5000).map(|_| byte()).collect();
        for text in [&bytes[..], &[0; 5000], &[255; 5000]] {
            for pieces in [vec![5000], vec![0, 1, 2, 3, 300, 7], vec![255, 256, 257, 271, 272, 1000], vec![4, 4096]] {
                let (mut ours, mut theirs, mut at) = (Crc::new(), flate2::Crc::new(), 0);
                for length in pieces {
                    let piece = &text[at..at + length];
                    ours.update(piece);
                    theirs.update(piece);
                    assert_eq!((ours.sum(), ours.amount()), (theirs.sum(), theirs.amount()), "at {at}, {length} bytes");
                    at += length;
                }
            }
        }
        for length in 0..600 {
            let (mut ours, mut theirs) = (Crc::new(), flate2::Crc::new());
            ours.update(&bytes[..length]);
            theirs.update(&bytes[..length]);
            assert_eq!(ours.sum(), theirs.sum(), "{length} bytes");
        }
    }
}
