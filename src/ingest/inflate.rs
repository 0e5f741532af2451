//! Gzip, quicker than as one stream: a small file whole, natively a large one in a thread beside what parses it.
//! The same bytes and the same errors come out.

use std::io::{self, Read};
#[cfg(not(target_arch = "wasm32"))]
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

/// A file up to this size is inflated at once.
#[cfg(not(target_arch = "wasm32"))]
pub(super) const WHOLE: u64 = 8 << 20;
#[cfg(target_arch = "wasm32")]
pub(super) const WHOLE: u64 = 256 << 10;

/// No more than this is inflated at once. A page's memory is never given back.
#[cfg(not(target_arch = "wasm32"))]
const MOST: usize = 128 << 20;
#[cfg(target_arch = "wasm32")]
const MOST: usize = 1 << 20;

/// Memory to inflate into is kept for the next file up to this size.
const KEPT: usize = 16 << 20;

/// A piece of the stream that goes from one thread to the other.
#[cfg(not(target_arch = "wasm32"))]
const PIECE: usize = 512 << 10;

/// How many pieces wait at most.
#[cfg(not(target_arch = "wasm32"))]
const WAITING: usize = 8;

/// What files are inflated with and into, one after the other.
#[derive(Default)]
pub(super) struct Room {
    bytes: Vec<u8>,
    held: Vec<u8>,
    inflater: Option<Inflater>,
}

#[cfg(not(target_arch = "wasm32"))]
type Inflater = libdeflater::Decompressor;
#[cfg(target_arch = "wasm32")]
type Inflater = flate2::Decompress;

impl Room {
    /// Inflates a small gzip of one member, natively by libdeflate, three times as fast as a stream. Answers how many bytes
    /// of [`Room::bytes`] that took. Whatever is not plain (several members, damaged, cut off, large) is left to the stream,
    /// which says what is wrong and gives what comes before: then the error is what was read of it, and why reading it ended.
    pub(super) fn inflate(&mut self, from: &mut dyn Read) -> Result<usize, (Vec<u8>, Option<io::Error>)> {
        self.held.clear();
        if let Err(e) = from.take(WHOLE + 1).read_to_end(&mut self.held) {
            return Err((std::mem::take(&mut self.held), Some(e)));
        }
        self.inflated().ok_or_else(|| (std::mem::take(&mut self.held), None))
    }

    /// What was inflated last, and what may stand behind it.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// To be kept for the next file: gives back what is too much to keep.
    pub(super) fn trimmed(mut self) -> Room {
        if self.bytes.len() > KEPT {
            self.bytes = Vec::new();
        }
        self
    }

    fn inflated(&mut self) -> Option<usize> {
        let held = &self.held[..];
        if held.len() as u64 > WHOLE {
            return None;
        }
        // The last four bytes are the member's length, if there is one member and nothing behind it.
        let length = u32::from_le_bytes(*held.last_chunk::<4>()?) as usize;
        if length > MOST || memchr::memmem::find(held.get(4..)?, &[0x1f, 0x8b, 8]).is_some() {
            return None;
        }
        if self.bytes.len() < length {
            self.bytes.resize(length, 0);
        }
        let into = &mut self.bytes[..length];
        (at_once(&mut self.inflater, held, into)? == length).then_some(length)
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn at_once(inflater: &mut Option<Inflater>, held: &[u8], into: &mut [u8]) -> Option<usize> {
    inflater.get_or_insert_with(Inflater::new).gzip_decompress(held, into).ok()
}

#[cfg(target_arch = "wasm32")]
use by_zlib as at_once;

#[cfg(any(test, target_arch = "wasm32"))]
fn by_zlib(inflater: &mut Option<flate2::Decompress>, held: &[u8], into: &mut [u8]) -> Option<usize> {
    // RFC 1952: ten bytes, perhaps a name that ends with a zero; deflate; the CRC of what comes out, its length.
    let (head, rest) = held.split_at_checked(10)?;
    let (rest, ends) = rest.split_last_chunk::<8>()?;
    let named = match (head[2], head[3]) {
        (8, 0) => 0,
        (8, 8) => memchr::memchr(0, rest)? + 1,
        _ => return None,
    };
    // One that is reset keeps its memory, if it is of deflate alone.
    let inflater = inflater.get_or_insert_with(|| flate2::Decompress::new(false));
    inflater.reset(false);
    let ended = matches!(inflater.decompress(&rest[named..], into, flate2::FlushDecompress::Finish), Ok(flate2::Status::StreamEnd));
    let length = inflater.total_out() as usize;
    let mut crc = super::crc::Crc::new();
    crc.update(&into[..length]);
    let whole = ended && inflater.total_in() == (rest.len() - named) as u64 && crc.sum().to_le_bytes() == ends[..4];
    whole.then_some(length)
}

/// Lets `then` read what `inflating` gives, while a thread of its own inflates on.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn beside<T>(mut inflating: impl Read + Send, then: impl FnOnce(&mut dyn Read) -> T) -> T {
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

/// The same where there are no threads.
#[cfg(target_arch = "wasm32")]
pub(super) fn beside<T>(mut inflating: impl Read, then: impl FnOnce(&mut dyn Read) -> T) -> T {
    then(&mut inflating)
}

/// What the other thread inflated.
#[cfg(not(target_arch = "wasm32"))]
struct Beside {
    pieces: Receiver<io::Result<Vec<u8>>>,
    back: Sender<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
}

#[cfg(not(target_arch = "wasm32"))]
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_is_whole_is_inflated_at_once_and_what_is_not_is_left_to_the_stream() {
        let text: Vec<u8> = (0..3000u32).flat_map(|n| format!("{{\"n\":{}}}", n * n % 977).into_bytes()).collect();
        let (mut zlib, mut libdeflate) = (None, None);
        for named in [false, true] {
            let builder = if named { flate2::GzBuilder::new().filename("log.json") } else { flate2::GzBuilder::new() };
            let mut encoder = builder.write(Vec::new(), flate2::Compression::default());
            encoder.write_all(&text).expect("memory");
            let packed = encoder.finish().expect("memory");
            let mut room = vec![0; text.len()];
            assert_eq!((by_zlib(&mut zlib, &packed, &mut room), &room), (Some(text.len()), &text));
            assert_eq!((at_once(&mut libdeflate, &packed, &mut room), &room), (Some(text.len()), &text));
            for at in 0..packed.len() {
                assert_eq!(by_zlib(&mut zlib, &packed[..at], &mut room), None, "cut at {at}");
                let mut harmed = packed.clone();
                harmed[at] ^= 0x10;
                // What the header says of its time, its system and its name is no matter of the content.
                let found = by_zlib(&mut zlib, &harmed, &mut room);
                assert!(found.is_none() || room == text && found == Some(text.len()), "harmed at {at}");
                assert!(found.is_none() || at < 19 || at >= packed.len() - 4, "harmed at {at}");
            }
            let longer = [&packed[..], &[0; 4]].concat();
            assert_eq!(by_zlib(&mut zlib, &longer, &mut room), None);
        }
    }
}
