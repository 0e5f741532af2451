//! Work shared among the machine's cores where there are threads, done in order where there are none. Who works on what
//! never shows: results stand in the order of their numbers.

use std::ops::Range;
#[cfg(not(target_arch = "wasm32"))]
use std::sync::Mutex;

/// Pieces are not smaller than this: a thread for less costs more than it saves.
#[cfg(not(target_arch = "wasm32"))]
const LEAST: usize = 256;

/// How many threads work at most.
#[cfg(not(target_arch = "wasm32"))]
const MOST: usize = 8;

/// The results of all numbers below `count`, in order. `of` gives those of a piece.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn in_pieces<T: Send>(count: usize, of: impl Fn(Range<usize>) -> Vec<T> + Sync) -> Vec<T> {
    let workers = cores();
    if workers == 1 || count < 2 * LEAST {
        return of(0..count);
    }
    let size = size_of_piece(count, workers);
    let pieces = run(workers, count.div_ceil(size), &|piece| of(piece * size..count.min((piece + 1) * size)));
    let mut all = Vec::with_capacity(count);
    pieces.into_iter().for_each(|piece| all.extend(piece));
    all
}

/// The same, with nothing to share the work with.
#[cfg(target_arch = "wasm32")]
pub(crate) fn in_pieces<T: Send>(count: usize, of: impl Fn(Range<usize>) -> Vec<T> + Sync) -> Vec<T> {
    of(0..count)
}

/// Fills two lists of the same length. `of` is given numbers and their places in both.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn fill<A: Send, B: Send>(first: &mut [A], second: &mut [B], of: impl Fn(Range<usize>, &mut [A], &mut [B]) + Sync) {
    let (workers, count) = (cores(), first.len());
    if workers == 1 || count < 2 * LEAST {
        return of(0..count, first, second);
    }
    let size = size_of_piece(count, workers);
    let places: Vec<_> = first.chunks_mut(size).zip(second.chunks_mut(size)).map(|places| Mutex::new(Some(places))).collect();
    run(workers, places.len(), &|piece| {
        // Each piece is taken once.
        if let Some((first, second)) = places[piece].lock().ok().and_then(|mut places| places.take()) {
            of(piece * size..piece * size + first.len(), first, second);
        }
    });
}

/// The same, with nothing to share the work with.
#[cfg(target_arch = "wasm32")]
pub(crate) fn fill<A: Send, B: Send>(first: &mut [A], second: &mut [B], of: impl Fn(Range<usize>, &mut [A], &mut [B]) + Sync) {
    of(0..first.len(), first, second);
}

/// The results of all numbers below `count`, in order: few and dear ones.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn one_by_one<T: Send>(count: usize, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
    match cores() {
        1 => (0..count).map(of).collect(),
        workers => run(workers, count, &of),
    }
}

/// The same, one after the other.
#[cfg(target_arch = "wasm32")]
pub(crate) fn one_by_one<T: Send>(count: usize, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
    (0..count).map(of).collect()
}

/// Both results.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn both<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    if cores() == 1 {
        return (first(), second());
    }
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), second)
    })
}

/// Both results, one after the other.
#[cfg(target_arch = "wasm32")]
pub(crate) fn both<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    (first(), second())
}

/// More pieces than workers: some are harder than others.
#[cfg(not(target_arch = "wasm32"))]
fn size_of_piece(count: usize, workers: usize) -> usize {
    count.div_ceil(8 * workers).max(LEAST)
}

#[cfg(not(target_arch = "wasm32"))]
fn cores() -> usize {
    use std::sync::OnceLock;
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from).min(MOST))
}

/// Each worker takes the next piece until there is none.
#[cfg(not(target_arch = "wasm32"))]
fn run<T: Send>(workers: usize, pieces: usize, of: &(impl Fn(usize) -> T + Sync)) -> Vec<T> {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return done;
            }
            done.push((piece, of(piece)));
        }
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers.min(pieces)).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(piece, _)| *piece);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::{both, fill, in_pieces, one_by_one};

    #[test]
    fn results_stand_in_order() {
        for count in [0, 1, 255, 512, 100_003] {
            let squares = in_pieces(count, |range| range.map(|n| n * n).collect());
            assert_eq!(one_by_one(count.min(600), |n| n * n), squares[..count.min(600)]);
            assert_eq!(squares, (0..count).map(|n| n * n).collect::<Vec<_>>());
        }
        assert_eq!(both(|| 1, || 2), (1, 2));
        for count in [0, 1, 511, 512, 10_007] {
            let (mut numbers, mut odd) = (vec![0; count], vec![false; count]);
            fill(&mut numbers, &mut odd, |range, numbers, odd| range.zip(numbers.iter_mut().zip(odd)).for_each(|(n, places)| (*places.0, *places.1) = (n, n % 2 == 1)));
            assert!(numbers.iter().zip(odd).enumerate().all(|(n, (number, odd))| *number == n && odd == (n % 2 == 1)));
        }
    }
}
