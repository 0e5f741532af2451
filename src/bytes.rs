//! Bytes compared and hashed, alike wherever the code runs. WebAssembly has no instruction to compare them, and its
//! `memcmp` goes byte by byte.

/// The same number for the same bytes, on every platform (FNV-1a, 64 bits).
pub(crate) fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    fnv1a_on(FNV1A, bytes)
}

/// The number of no bytes.
const FNV1A: u64 = 0xcbf2_9ce4_8422_2325;

/// The number of what has this number and of what follows.
pub(crate) fn fnv1a_on(hash: u64, bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether both hold the same.
#[inline]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let ((wholes, rest), (others, last)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    wholes.iter().zip(others).all(|(a, b)| u128::from_le_bytes(*a) == u128::from_le_bytes(*b)) && short(rest, last)
}

/// The same of less than sixteen bytes, as many of both.
#[inline]
fn short(a: &[u8], b: &[u8]) -> bool {
    let eight = |bytes: &[u8]| bytes.first_chunk::<8>().zip(bytes.last_chunk::<8>()).map(|(from, to)| (u64::from_le_bytes(*from), u64::from_le_bytes(*to)));
    match (eight(a), eight(b)) {
        // The two overlap in the middle.
        (Some(a), Some(b)) => a == b,
        _ => a.iter().zip(b).all(|(a, b)| a == b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_makes_the_difference_wherever_it_is() {
        for length in 0..70 {
            let bytes: Vec<u8> = (0..length).map(|n: u8| n.wrapping_mul(7)).collect();
            assert!(same(&bytes, &bytes.clone()));
            assert!(!same(&bytes, &[&bytes[..], &[0]].concat()));
            for at in 0..bytes.len() {
                let mut other = bytes.clone();
                other[at] ^= 1;
                assert!(!same(&bytes, &other), "{at} of {length}");
            }
        }
    }
}
