//! A bounded piece of a stream that slides along it, and the bracket scanner that finds where a value ends.
//! Knows nothing of records.

use std::cell::Cell;
use std::io::{self, Read};

/// The bytes held now. What is consumed is counted in bytes and lines, then forgotten.
#[derive(Default)]
pub(super) struct Window {
    buf: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset of `buf[0]` in the stream.
    base: u64,
    /// Newlines before this index of `buf`, in the whole stream. Moves on as lines are asked for.
    lines: Cell<(usize, u64)>,
    ended: bool,
    /// Why the stream stopped before its end.
    pub(super) failed: Option<io::Error>,
    size: usize,
    most: usize,
}

impl Window {
    /// Starts on another stream with the memory of the last.
    pub(super) fn reset(&mut self, size: usize, most: usize) {
        let size = size.max(16);
        let most = most.max(size);
        if self.buf.len() != size {
            self.buf = vec![0; size];
        }
        *self = Window { buf: std::mem::take(&mut self.buf), size, most, ..Window::default() };
    }

    /// What is held and not consumed.
    pub(super) fn rest(&self) -> &[u8] {
        &self.buf[self.start..self.end]
    }

    /// Offset in the stream of the first byte of `rest`.
    pub(super) fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// The line, from 1, of the first byte of `rest`.
    pub(super) fn line(&self) -> u64 {
        let (from, before) = self.lines.get();
        let lines = before + newlines(&self.buf[from..self.start]);
        self.lines.set((self.start, lines));
        lines + 1
    }

    pub(super) fn consume(&mut self, n: usize) {
        self.start = (self.start + n).min(self.end);
    }

    /// Reads on behind `rest`, at least doubling it. False at the end of the stream, or when as much is held as may be.
    pub(super) fn more(&mut self, from: &mut dyn Read) -> bool {
        if self.ended || self.full() {
            return false;
        }
        let held = self.end - self.start;
        let lines = self.line() - 1;
        self.lines.set((0, lines));
        self.base += self.start as u64;
        self.buf.copy_within(self.start..self.end, 0);
        self.start = 0;
        self.end = held;
        if held * 2 > self.buf.len() {
            let wanted = (held * 2).clamp(self.size, self.most);
            self.buf.resize(wanted.max(self.buf.len()), 0);
        }
        while self.end < self.buf.len() {
            match from.read(&mut self.buf[self.end..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(n) => self.end += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.ended = true;
                    self.failed = Some(e);
                    break;
                }
            }
        }
        self.end > held
    }

    /// As much is held as may be.
    pub(super) fn full(&self) -> bool {
        self.end - self.start >= self.most
    }
}

pub(super) fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Follows brackets and strings over pieces of a stream until the value that was opened is closed.
#[derive(Default)]
pub(super) struct Balance {
    depth: u64,
    in_string: bool,
    escaped: bool,
}

impl Balance {
    /// The index just behind the value's end, where it ends in this piece.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut i = 0;
        while i < bytes.len() {
            if self.escaped {
                self.escaped = false;
                i += 1;
                continue;
            }
            if self.in_string {
                i += memchr::memchr2(b'"', b'\\', &bytes[i..])?;
                if bytes[i] == b'\\' { self.escaped = true } else { self.in_string = false }
                i += 1;
                if !self.in_string && self.depth == 0 {
                    return Some(i);
                }
                continue;
            }
            match bytes[i] {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(i + 1);
                    }
                }
                _ => {}
            }
            i += 1;
        }
        None
    }
}
