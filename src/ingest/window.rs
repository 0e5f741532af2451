//! A bounded piece of a stream that slides along it, and the bracket scanner that finds where a value ends.
//! Knows nothing of records.

use std::cell::Cell;
use std::io::{self, Read};

/// How much is read at once, at first and at most: little enough to stay in the processor's cache, and for a small file
/// no more than it needs is made ready.
const STEPS: [usize; 2] = [8 << 10, 64 << 10];

/// What of a stream is read. Two halves are read apart from each other, so that two cores may: the first ends, and the second
/// begins, with the first object behind a place that begins as the stream's first object does. Only the one who reads the
/// first can tell whether an object ends there; if not, it reads on to the end.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Half {
    /// All of it.
    #[default]
    Whole,
    /// What is before the cut, about at this offset.
    First(u64),
    /// What is behind it.
    Second(u64),
    /// From its first object on, what is dealt of it: pieces of whole objects.
    Dealt,
}

/// A piece of a stream that is dealt to several who read it.
pub(super) struct Dealt {
    /// Where it begins in the stream.
    pub(super) base: u64,
    pub(super) bytes: Vec<u8>,
    /// The stream ends with it.
    pub(super) last: bool,
}

/// Deals the next piece: told how the stream's first object begins and where, and given the last one's memory.
pub(super) type Deal = dyn FnMut(&[u8], u64, Vec<u8>) -> Option<Dealt> + Send;

/// The bytes held now. What is consumed is counted in bytes and lines, then forgotten.
#[derive(Default)]
pub(super) struct Window {
    pub(super) half: Half,
    /// How the stream's first object begins.
    mark: Vec<u8>,
    /// Before this offset the mark is not looked for again.
    searched: u64,
    /// Read, but behind the cut.
    beyond: Option<Vec<u8>>,
    /// Where pieces come from, if the stream is dealt.
    pub(super) deal: Option<Box<Deal>>,
    /// It ends with a piece, behind which others come.
    within: bool,
    /// An object may go on behind a piece's end: what is read then is not what is there.
    pub(super) torn: bool,
    /// How much was passed over unread.
    passed: u64,
    buf: Buf,
    start: usize,
    end: usize,
    /// Offset of `buf[0]` in the stream.
    base: u64,
    /// Newlines before this index of `buf`, in the whole stream. Moves on as lines are asked for.
    lines: Cell<(usize, u64)>,
    /// There is no newline in `buf`: none need be counted for each object.
    unbroken: bool,
    ended: bool,
    /// Why the stream stopped before its end.
    pub(super) failed: Option<io::Error>,
    size: usize,
    most: usize,
    /// How much is to be held now.
    room: usize,
    /// The first bytes of a character that were read and whose last were not: they stand behind `buf`.
    broken: Vec<u8>,
}

/// Bytes, known to be text where they are: then it need not be looked at again for every string in them.
enum Buf {
    Text(String),
    Bytes(Vec<u8>),
}

impl Default for Buf {
    fn default() -> Buf {
        Buf::Text(String::new())
    }
}

impl Buf {
    fn bytes(&self) -> &[u8] {
        match self {
            Buf::Text(text) => text.as_bytes(),
            Buf::Bytes(bytes) => bytes,
        }
    }
    /// Its memory.
    fn take(&mut self) -> Vec<u8> {
        match std::mem::take(self) {
            Buf::Text(text) => text.into_bytes(),
            Buf::Bytes(bytes) => bytes,
        }
    }
    /// What is behind an index, where a character begins.
    fn split_off(&mut self, at: usize) -> Vec<u8> {
        match self {
            Buf::Text(text) => text.split_off(at).into_bytes(),
            Buf::Bytes(bytes) => bytes.split_off(at),
        }
    }
    /// Text where it is; a character that is cut off goes to `cut`.
    fn of(bytes: Vec<u8>, cut: &mut Vec<u8>) -> Buf {
        match String::from_utf8(bytes) {
            Ok(text) => Buf::Text(text),
            Err(e) if e.utf8_error().error_len().is_none() => {
                let valid = e.utf8_error().valid_up_to();
                let mut bytes = e.into_bytes();
                cut.extend(bytes.drain(valid..));
                Buf::of(bytes, cut)
            }
            Err(e) => Buf::Bytes(e.into_bytes()),
        }
    }
}

impl Window {
    /// Starts on another stream with the memory of the last.
    pub(super) fn reset(&mut self, size: usize, most: usize) {
        let size = size.max(16);
        let most = most.max(size);
        let mut buf = self.buf.take();
        buf.clear();
        buf.shrink_to(size);
        *self = Window { buf: Buf::Bytes(buf), size, most, room: size, ..Window::default() };
    }

    /// What is held and not consumed.
    pub(super) fn rest(&self) -> &[u8] {
        &self.buf.bytes()[self.start..self.end]
    }

    /// The same as text, where what is held is text throughout.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.buf {
            Buf::Text(text) => text.get(self.start..self.end),
            Buf::Bytes(_) => None,
        }
    }

    /// Offset in the stream of the first byte of `rest`.
    pub(super) fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// The line, from 1, of the first byte of `rest`.
    pub(super) fn line(&self) -> u64 {
        // Only what is bad is told by its line, and nothing that is dealt is.
        if self.half == Half::Dealt {
            return 1;
        }
        let (from, before) = self.lines.get();
        if self.unbroken {
            return before + 1;
        }
        let lines = before + newlines(&self.buf.bytes()[from..self.start]);
        self.lines.set((self.start, lines));
        lines + 1
    }

    pub(super) fn consume(&mut self, n: usize) {
        self.start = (self.start + n).min(self.end);
    }

    /// How much of the stream before `rest` was read here.
    pub(super) fn read(&self) -> u64 {
        self.offset() - self.passed
    }

    /// The window stands at the stream's first object, which begins so: a half has its cut from now on. The second one goes
    /// there, and one that is dealt to its first piece. False: the stream has no cut.
    #[inline(never)]
    pub(super) fn begin(&mut self, mark: Vec<u8>, from: &mut dyn Read) -> bool {
        if self.half == Half::Dealt {
            (self.mark, self.searched, self.passed) = (mark, self.offset(), self.offset());
            return self.leap();
        }
        let (Half::First(cut) | Half::Second(cut)) = self.half else { return true };
        self.mark = mark;
        self.searched = cut.max(self.offset() + 1);
        if let Half::First(_) = self.half {
            self.hold_back();
            return true;
        }
        let found = self.pass(from);
        self.passed = self.offset();
        self.half = Half::Whole;
        found
    }

    /// Everything before the cut is consumed.
    pub(super) fn at_cut(&self) -> bool {
        (self.beyond.is_some() || self.within) && self.rest().is_empty()
    }

    /// Goes on with the next piece that is dealt; what is held is forgotten. False: there is none.
    #[inline(never)]
    pub(super) fn leap(&mut self) -> bool {
        let read = self.read();
        let Some(deal) = &mut self.deal else { return false };
        let dealt = deal(&self.mark, self.searched, self.buf.take());
        (self.base, self.start, self.end, self.within) = (self.offset(), 0, 0, false);
        let Some(Dealt { base, bytes, last }) = dealt else { return false };
        // Before the first object nobody else reads.
        let read = if base == self.searched { base } else { read };
        (self.base, self.within) = (base, !last);
        self.passed = base - read;
        self.hold(bytes);
        // A character goes on behind the piece's end.
        self.torn |= !self.broken.is_empty();
        true
    }

    /// The index in `buf` of the cut, if it shows.
    fn cut(&mut self) -> Option<usize> {
        let from = usize::try_from(self.searched.saturating_sub(self.base)).unwrap_or(usize::MAX);
        let searched = self.buf.bytes().get(from..).filter(|_| !self.mark.is_empty())?;
        let found = memchr::memmem::find(searched, &self.mark);
        self.searched += searched.len().saturating_sub(self.mark.len() - 1) as u64;
        found.map(|at| from + at)
    }

    /// What is behind the cut is held back.
    fn hold_back(&mut self) {
        if let Some(at) = self.cut() {
            let mut beyond = self.buf.split_off(at);
            beyond.append(&mut self.broken);
            self.beyond = Some(beyond);
            self.end = at;
        }
    }

    /// Consumes everything before the cut. False: there is none.
    fn pass(&mut self, from: &mut dyn Read) -> bool {
        loop {
            if let Some(at) = self.cut() {
                self.consume(at - self.start);
                return true;
            }
            let to = usize::try_from(self.searched - self.base).unwrap_or(usize::MAX);
            self.consume(to.saturating_sub(self.start));
            if self.rest().is_empty() {
                self.pour(from);
            }
            if !self.more(from) {
                self.consume(self.end);
                return false;
            }
        }
    }

    /// Passes over what comes before the cut may come, without asking whether it is text. All that is held is consumed.
    fn pour(&mut self, from: &mut dyn Read) {
        let mut lines = self.line() - 1;
        self.base += (self.start + self.broken.len()) as u64;
        self.broken.clear();
        let mut buf = self.buf.take();
        buf.resize(STEPS[1], 0);
        while !self.ended && self.base < self.searched {
            let most = usize::try_from(self.searched - self.base).unwrap_or(usize::MAX).min(buf.len());
            match from.read(&mut buf[..most]) {
                Ok(0) => self.ended = true,
                Ok(n) => {
                    lines += newlines(&buf[..n]);
                    self.base += n as u64;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.ended = true;
                    self.failed = Some(e);
                }
            }
        }
        buf.clear();
        self.buf = Buf::Bytes(buf);
        (self.start, self.end) = (0, 0);
        self.lines.set((0, lines));
    }

    /// Reads on behind `rest`, at least doubling it. False at the end of the stream, or when as much is held as may be.
    #[inline(never)]
    pub(super) fn more(&mut self, from: &mut dyn Read) -> bool {
        if let Some(beyond) = self.beyond.take() {
            // No object ends at the cut: there is none, then.
            self.half = Half::Whole;
            let mut buf = self.buf.take();
            buf.extend(beyond);
            self.hold(buf);
            return true;
        }
        if self.half == Half::Dealt && !self.mark.is_empty() {
            self.torn |= self.within;
            return false;
        }
        if self.ended || self.full() {
            return false;
        }
        let held = self.end - self.start;
        let lines = self.line() - 1;
        self.lines.set((0, lines));
        self.base += self.start as u64;
        let mut buf = self.buf.take();
        buf.copy_within(self.start..self.end, 0);
        buf.truncate(held);
        buf.append(&mut self.broken);
        (self.start, self.end) = (0, buf.len());
        if held * 2 > self.room {
            self.room = (held * 2).clamp(self.size, self.most).max(self.room);
        }
        while self.end < self.room {
            if self.end == buf.len() {
                let step = self.end.clamp(STEPS[0], STEPS[1]);
                buf.resize((self.end + step).min(self.room), 0);
            }
            match from.read(&mut buf[self.end..]) {
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
        buf.truncate(self.end);
        self.hold(buf);
        let more = self.end > held;
        if let Half::First(_) = self.half
            && !self.mark.is_empty()
        {
            if self.searched < self.base {
                // The mark may have begun in what was consumed: where it is found next is not where the other half finds it.
                self.half = Half::Whole;
            } else {
                self.hold_back();
            }
        }
        more
    }

    fn hold(&mut self, bytes: Vec<u8>) {
        self.buf = Buf::of(bytes, &mut self.broken);
        if self.ended && !self.broken.is_empty() {
            // Nothing will come that makes it whole.
            let mut bytes = self.buf.take();
            bytes.append(&mut self.broken);
            self.buf = Buf::Bytes(bytes);
        }
        self.end = self.buf.bytes().len();
        self.unbroken = memchr::memchr(b'\n', self.buf.bytes()).is_none();
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, as a slow stream does.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(out.len()).min(self.0.len());
            out[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[test]
    fn nothing_is_lost_where_characters_are_cut_or_are_none() {
        let text = "aé€😀\n".repeat(40).into_bytes();
        let mut damaged = text.clone();
        damaged[100] = 0xff;
        let cut = text[..text.len() - 3].to_vec();
        for (bytes, is_text) in [(&text, true), (&damaged, false), (&cut, false)] {
            for size in 16..40 {
                for step in [1, 7, 64] {
                    let (mut window, mut slow, mut all) = (Window::default(), Slow(bytes, step), Vec::<u8>::new());
                    let mut texts = true;
                    window.reset(size, size * 2);
                    while window.more(&mut slow) {
                        // About half of it stays for the next time; values end where characters do.
                        let rest = window.rest();
                        let half = (rest.len().div_ceil(2)..rest.len()).find(|at| rest[*at] & 0xC0 != 0x80).unwrap_or(rest.len());
                        texts &= window.text().is_some();
                        all.extend(&rest[..half]);
                        window.consume(half);
                    }
                    all.extend(window.rest());
                    assert_eq!(&all, bytes, "{size} {step}");
                    assert!(texts || !is_text);
                }
            }
        }
    }
}
