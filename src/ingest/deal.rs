//! A large gzip inflated once and dealt to several threads, piece by piece, each of whole records. Only where it is nothing but
//! plain records in a list, all in order: else it is read as any other file, which says what is wrong. So a report is that of the
//! whole file, however it was dealt.

use std::io::{self, BufReader, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};

use super::container::{AT_ONCE, Gunzip};
use super::window::{Deal, Dealt};
use super::{Limits, Source, json_starts, size_of};

/// How many pieces wait at most.
const WAITING: usize = 16;
/// A piece without another record's beginning is no larger than this.
const MOST: usize = 64 << 20;
/// How much of the stream every reader sees, to learn how its records stand.
const GLANCE: usize = 64 << 10;

/// What a reader of a dealt file is given: the file's size, the stream's first bytes, and where its pieces come from.
pub(crate) struct Hand {
    pub(super) size: u64,
    pub(super) head: Arc<[u8]>,
    pub(super) deal: Box<Deal>,
}

/// How the stream's first record begins, and where.
type Start = (Vec<u8>, u64);

/// A file that one thread reads, and is looked at again when it has.
struct Shared<R>(Arc<Mutex<R>>);

impl<R: Read> Read for Shared<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.lock().map_err(|_| io::Error::other("another thread gave way"))?.read(into)
    }
}

/// Deals a gzip to so many readers; what each made of it. `None`: it must be read in another way.
pub(crate) fn deal<R: Source, T: Send>(mut file: R, limits: &Limits, readers: usize, read: impl Fn(u32, Hand) -> Option<T> + Sync) -> Option<Vec<T>> {
    // Neither opens a gzip at all.
    if limits.nesting == 0 || limits.members == 0 {
        return None;
    }
    let size = size_of(&mut file).ok()?;
    let most = limits.inflated_per_file.min(limits.inflated_in_all).min(limits.ratio.saturating_mul(size).max(64 << 20));
    let file = Arc::new(Mutex::new(file));
    let mut gunzip = Gunzip::new(BufReader::with_capacity(AT_ONCE, Shared(Arc::clone(&file))));
    let mut head = Vec::new();
    (&mut gunzip).take(GLANCE as u64).read_to_end(&mut head).ok()?;
    if !json_starts(&head) {
        return None;
    }
    let head: Arc<[u8]> = head.into();
    let failed = Arc::new(AtomicBool::new(false));
    std::thread::scope(|scope| {
        let (start, started) = channel::<Start>();
        let (full, pieces) = sync_channel::<Dealt>(WAITING);
        let (back, empty) = channel::<Vec<u8>>();
        let (start, pieces) = (Arc::new(Mutex::new(Some(start))), Arc::new(Mutex::new(pieces)));
        let hand = || {
            let (start, pieces, back, failed) = (Arc::clone(&start), Arc::clone(&pieces), back.clone(), Arc::clone(&failed));
            let deal = move |mark: &[u8], at: u64, memory: Vec<u8>| next(&start, &pieces, &failed, (mark, at), &back, memory);
            Hand { size, head: Arc::clone(&head), deal: Box::new(deal) }
        };
        let hands: Vec<Hand> = (0..readers).map(|_| hand()).collect();
        // Who waits for a piece, or for a place to put one, waits no more once all the others are gone.
        drop((start, pieces, back));
        let cutter = Cutter { full, empty, size: limits.window.max(16), most };
        let head = &head;
        let cutting = scope.spawn(move || started.recv().ok().and_then(|start| cutter.cut(gunzip, head, start)));
        let (read, failed) = (&read, &failed);
        let reading = |(number, hand): (u32, Hand)| {
            let made = read(number, hand);
            failed.fetch_or(made.is_none(), Ordering::Relaxed);
            made
        };
        let threads: Vec<_> = (0u32..).zip(hands).map(|hand| scope.spawn(move || reading(hand))).collect();
        let made: Option<Vec<T>> = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect();
        let whole = cutting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // One that has changed meanwhile is said to have.
        let same = size_of(&mut *file.lock().ok()?).is_ok_and(|now| now == size);
        made.filter(|_| whole.is_some() && same)
    })
}

/// The next piece. Who asks first says how records begin, and where the first does.
fn next(start: &Mutex<Option<Sender<Start>>>, pieces: &Mutex<Receiver<Dealt>>, failed: &AtomicBool, (mark, at): (&[u8], u64), back: &Sender<Vec<u8>>, memory: Vec<u8>) -> Option<Dealt> {
    if failed.load(Ordering::Relaxed) {
        return None;
    }
    if let Some(start) = start.lock().ok()?.take() {
        start.send((mark.to_vec(), at)).ok()?;
    }
    // What is not taken back is only made anew.
    let _ = back.send(memory);
    pieces.lock().ok()?.recv().ok()
}

/// Inflates, and cuts where records begin.
struct Cutter {
    full: SyncSender<Dealt>,
    empty: Receiver<Vec<u8>>,
    /// About how large a piece is.
    size: usize,
    /// More than this is not inflated.
    most: u64,
}

impl Cutter {
    /// `None`: it was not dealt to its end.
    fn cut(self, mut from: impl Read, head: &[u8], (mark, at): Start) -> Option<()> {
        let mut base = at;
        let mut piece = self.memory(self.size);
        let first = head.get(usize::try_from(at).ok()?..).filter(|_| !mark.is_empty())?;
        piece.resize(piece.len().max(first.len()), 0);
        piece[..first.len()].copy_from_slice(first);
        let mut held = first.len();
        loop {
            let mut ended = false;
            while held < piece.len() && !ended {
                let n = from.read(&mut piece[held..]).ok()?;
                held += n;
                ended = n == 0;
            }
            if base + held as u64 > self.most {
                return None;
            }
            if ended {
                piece.truncate(held);
                return self.full.send(Dealt { base, bytes: piece, last: true }).ok();
            }
            let Some(cut) = memchr::memmem::rfind(&piece[1..held], &mark).map(|at| at + 1) else {
                let larger = piece.len() * 2;
                piece.resize(Some(larger).filter(|size| *size <= MOST)?, 0);
                continue;
            };
            let mut next = self.memory(self.size.max(2 * (held - cut)));
            next[..held - cut].copy_from_slice(&piece[cut..held]);
            piece.truncate(cut);
            self.full.send(Dealt { base, bytes: std::mem::replace(&mut piece, next), last: false }).ok()?;
            base += cut as u64;
            held -= cut;
        }
    }

    /// So many bytes to inflate into.
    fn memory(&self, size: usize) -> Vec<u8> {
        let mut memory = self.empty.try_recv().unwrap_or_default();
        memory.resize(size, 0);
        memory
    }
}
