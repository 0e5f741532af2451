//! The CRC of a gzip (RFC 1952) in WebAssembly, which has no carry-less multiplication: what tables say of 16 bytes takes
//! twice as long as this.
//!
//! The polynomial of CRC-32 divides x³⁰⁰ + x¹⁵⁵ + x¹¹⁷ + x⁸⁹ + 1. So a bit may be taken away where four others are turned,
//! 145, 183, 211 and 300 places behind it, and the remainder stays (Russell, "Chorba: A novel CRC32 implementation", 2024).
//! It divides the 64th power of that too, which has the same places in words of 64 bits: so all there is moves into the last
//! 300 words without a shift, many words at a time. They are moved into the last few with shifts; whose remainder is asked of
//! the library.

/// The places that are turned behind one that is taken away.
const PLACES: [usize; 4] = [145, 183, 211, 300];
/// The farthest of them.
const FAR: usize = 300;
/// So many words at a time, none of which another turns.
const BLOCK: usize = 128;
/// Fewer bytes than this are not worth moving so far.
const LEAST_FAR: usize = 16 << 10;
/// And more are done one after the other, so that what they become stays in the processor's cache.
const MOST_FAR: usize = 128 << 10;
/// So many words behind a word are turned by it, where its bits are moved one by one.
const REACH: usize = 5;
/// Fewer bytes than this are left to the library.
const LEAST: usize = 256;

/// [`flate2::Crc`] by folding: the checksum of what came so far, and how many bytes that was, by 32 bits.
pub(super) struct Crc {
    /// The register, not inverted at the end.
    register: u32,
    amount: u32,
    /// Room for what words become, those before them first.
    words: Vec<u64>,
}

impl Crc {
    pub(super) fn new() -> Crc {
        Crc { register: u32::MAX, amount: 0, words: Vec::new() }
    }

    pub(super) fn sum(&self) -> u32 {
        !self.register
    }

    pub(super) fn amount(&self) -> u32 {
        self.amount
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.amount = self.amount.wrapping_add(bytes.len() as u32);
        bytes.chunks(MOST_FAR).for_each(|bytes| self.take(bytes));
    }

    fn take(&mut self, bytes: &[u8]) {
        if bytes.len() < LEAST_FAR {
            return self.fold(bytes);
        }
        let moved = (bytes.len() / 8 - FAR) / BLOCK * BLOCK;
        let (words, rest) = bytes.split_at(moved * 8);
        let (next, rest) = rest.split_at(FAR * 8);
        let mut turned = [0; FAR * 8];
        turned.copy_from_slice(next);
        self.move_far(words, &mut turned);
        self.fold(&turned);
        self.fold(rest);
    }

    /// Moves all that the register and whole blocks of words hold into the words behind them. The register is empty then.
    #[inline(never)]
    fn move_far(&mut self, bytes: &[u8], behind: &mut [u8; FAR * 8]) {
        let blocks = bytes.as_chunks::<8>().0.as_chunks::<BLOCK>().0;
        let count = blocks.len() * BLOCK;
        // Before the first there is nothing.
        self.words.resize(FAR + count, 0);
        self.words[..FAR].fill(0);
        for (at, block) in blocks.iter().enumerate() {
            let (before, now) = self.words.split_at_mut(FAR + at * BLOCK);
            let [first, second, third, fourth] = PLACES.map(|place| before[before.len() - place..].first_chunk::<BLOCK>().expect("a block is shorter"));
            let now = now.first_chunk_mut::<BLOCK>().expect("there is room for all");
            for n in 0..BLOCK {
                now[n] = u64::from_le_bytes(block[n]) ^ first[n] ^ second[n] ^ third[n] ^ fourth[n];
            }
            if at == 0 {
                now[0] ^= u64::from(std::mem::take(&mut self.register));
            }
        }
        for place in PLACES {
            for (word, turns) in behind.as_chunks_mut::<8>().0.iter_mut().zip(&self.words[FAR + count - place..]) {
                *word = (u64::from_le_bytes(*word) ^ turns).to_le_bytes();
            }
        }
    }

    /// The register behind some bytes.
    fn fold(&mut self, bytes: &[u8]) {
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
        let bytes: Vec<u8> = (0..150_000).map(|_| byte()).collect();
        for text in [&bytes[..], &[0; 150_000], &[255; 150_000]] {
            for pieces in [vec![5000], vec![0, 1, 2, 3, 300, 7], vec![255, 256, 257, 271, 272, 1000], vec![4, 4096], vec![65_536, 16_384, 16_383, 16_385, 20_001], vec![100, 149_003]] {
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
