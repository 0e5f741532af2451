//! Gzip natively, quicker than as one stream: a small file whole, a large one in a thread beside what parses it.
//! The same bytes and the same errors come out.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

/// A file up to this size is inflated at once.
pub(super) const WHOLE: u64 = 8 << 20;

/// No more than this is inflated at once.
const MOST: usize = 128 << 20;

/// A piece of the stream that goes from one thread to the other.
const PIECE: usize = 512 << 10;

/// How many pieces wait at most.
const WAITING: usize = 8;

/// Inflates a small gzip of one member by libdeflate, three times as fast as a stream, into `room`, which grows where it
/// must. Answers how many bytes of it that took. Whatever is not plain (several members, damaged, cut off, large) is left
/// to the stream, which says what is wrong and gives what comes before: then the error is what was read of it, and why
/// reading it ended.
pub(super) fn whole(from: &mut dyn Read, room: &mut Vec<u8>) -> Result<usize, (Vec<u8>, Option<io::Error>)> {
    let mut held = Vec::new();
    if let Err(e) = from.take(WHOLE + 1).read_to_end(&mut held) {
        return Err((held, Some(e)));
    }
    inflated(&held, room).ok_or((held, None))
}

fn inflated(held: &[u8], room: &mut Vec<u8>) -> Option<usize> {
    if held.len() as u64 > WHOLE {
        return None;
    }
    // The last four bytes are the member's length, if there is one member and nothing behind it.
    let length = u32::from_le_bytes(*held.last_chunk::<4>()?) as usize;
    if length > MOST || memchr::memmem::find(held.get(4..)?, &[0x1f, 0x8b, 8]).is_some() {
        return None;
    }
    if room.len() < length {
        room.resize(length, 0);
    }
    let count = libdeflater::Decompressor::new().gzip_decompress(held, &mut room[..length]).ok()?;
    (count == length).then_some(length)
}

/// Lets `then` read what `inflating` gives, while a thread of its own inflates on.
pub(super) fn beside<T>(mut inflating: impl Read + Send, then: impl FnOnce(&mut Beside) -> T) -> T {
    std::thread::scope(|scope| {
        let (full, pieces) = sync_channel::<io::Result<Vec<u8>>>(WAITING);
        let (back, empty) = channel::<Vec<u8>>();
        scope.spawn(move || {
            loop {
                let mut piece = empty.try_recv().unwrap_or_default();
                piece.resize(PIECE, 0);
                let mut held = 0;
                let mut end = Ok(());
                while held < PIECE {
                    match inflating.read(&mut piece[held..]) {
                        Ok(0) => break,
                        Ok(n) => held += n,
                        Err(e) => {
                            end = Err(e);
                            break;
                        }
                    }
                }
                let last = held < PIECE;
                piece.truncate(held);
                // Nobody waits for more where sending fails.
                if full.send(Ok(piece)).is_err() || end.is_err_and(|e| full.send(Err(e)).is_err()) || last {
                    return;
                }
            }
        });
        then(&mut Beside { pieces, back, piece: Vec::new(), at: 0 })
    })
}

/// What the other thread inflated.
pub(super) struct Beside {
    pieces: Receiver<io::Result<Vec<u8>>>,
    back: Sender<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Beside {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            // What is not taken back is only made anew.
            let _ = self.back.send(std::mem::take(&mut self.piece));
            self.at = 0;
            match self.pieces.recv() {
                Ok(piece) => self.piece = piece?,
                Err(_) => return Ok(0),
            }
        }
        let n = (self.piece.len() - self.at).min(into.len());
        into[..n].copy_from_slice(&self.piece[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}
