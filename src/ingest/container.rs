//! Files inside files: gzip, zstd, zip and tar, base64 of gzip, UTF-16, by content, to any depth that is allowed, within
//! one budget.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};

use flate2::bufread::GzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{Crc, Source};
use super::archive::unzip;
use super::inflate::{Room, WHOLE, beside};
use super::limits::Limits;
use crate::num::grouped;

/// How many first bytes of a member are looked at.
pub(super) const HEAD: usize = 1024;

/// What takes the members that are no containers: name, first bytes, all bytes. False: no further members.
pub(super) type Leaf<'l> = dyn FnMut(&str, &[u8], &mut dyn Read) -> bool + 'l;

/// What every layer shares.
pub(super) struct Budget<'b> {
    pub(super) limits: &'b Limits,
    /// Bytes of the file itself.
    pub(super) size: u64,
    /// Which part of the file is read, and of how many.
    pub(super) part: (u32, u32),
    /// The first half of a file is read.
    pub(super) half: bool,
    /// Inflated bytes so far, all layers.
    pub(super) spent: Cell<u64>,
    /// A limit of the whole file is passed: nothing more is opened.
    pub(super) over: Cell<bool>,
    /// Containers met, for the report.
    pub(super) kinds: Cell<u8>,
    /// What files before were inflated with.
    pub(super) room: &'b Cell<Room>,
}

pub(super) const GZIP: u8 = 1;
pub(super) const ZIP: u8 = 2;
pub(super) const TAR: u8 = 4;
pub(super) const ZSTD: u8 = 8;
pub(super) const BASE64: u8 = 16;
pub(super) const UTF16: u8 = 32;

/// What could not be opened, beside what could.
pub(super) type Trouble<'t> = dyn FnMut(&str, String) + 't;

/// Counts inflated bytes and refuses to go over the budget. What comes before the limit is handed on, however much is read at once.
pub(super) struct Metered<'b, R>(pub(super) R, pub(super) &'b Budget<'b>);

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let budget = self.1;
        let by_size = budget.limits.ratio.saturating_mul(budget.size).max(64 << 20);
        let limit = budget.limits.inflated_per_file.min(by_size);
        let spent = budget.spent.get();
        let n = if spent > limit { 1 } else { self.0.read(into)? as u64 };
        budget.spent.set(spent + n);
        if spent + n <= limit {
            return Ok(n as usize);
        }
        if spent < limit {
            return Ok((limit - spent) as usize);
        }
        budget.over.set(true);
        Err(io::Error::other(if limit < by_size {
            format!("inflates to more than {} bytes, the limit: stopped", grouped(limit))
        } else {
            format!("inflates to more than {} times its size, the limit: stopped", budget.limits.ratio)
        }))
    }
}

/// One member of a gzip. Of what is damaged all is given that comes before the damage, however much is read at once: so the same
/// in pieces of any size.
struct GzMember<R> {
    from: R,
    inflating: Decompress,
    crc: Crc,
    /// Its checksum is looked at.
    checked: bool,
    state: State,
}

enum State {
    /// It does not begin as one does.
    Failed(Option<io::Error>),
    Inflating,
    Broken,
    Inflated,
    Ended,
}

impl<R: BufRead> GzMember<R> {
    fn new(from: R, checked: bool) -> GzMember<R> {
        // What it begins with is read here; what follows is deflate alone.
        let mut gzip = GzDecoder::new(from);
        let state = if gzip.header().is_some() { State::Inflating } else { State::Failed(gzip.read(&mut [0]).err()) };
        GzMember { from: gzip.into_inner(), inflating: Decompress::new(false), crc: Crc::new(), checked, state }
    }

    fn inflate(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let held = self.from.fill_buf()?;
            let last = held.is_empty();
            let (was_in, was_out) = (self.inflating.total_in(), self.inflating.total_out());
            let status = self.inflating.decompress(held, into, if last { FlushDecompress::Finish } else { FlushDecompress::None });
            self.from.consume((self.inflating.total_in() - was_in) as usize);
            let n = (self.inflating.total_out() - was_out) as usize;
            if self.checked {
                self.crc.update(&into[..n]);
            }
            match status {
                Ok(Status::StreamEnd) => self.state = State::Inflated,
                Ok(_) if n == 0 && last => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) if n == 0 => continue,
                Ok(_) => {}
                Err(_) => self.state = State::Broken,
            }
            return Ok(n);
        }
    }
}

impl<R: BufRead> Read for GzMember<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        if let State::Inflating = self.state {
            let n = self.inflate(into)?;
            if n > 0 {
                return Ok(n);
            }
        }
        let damaged = |why: &str| io::Error::new(io::ErrorKind::InvalidInput, why);
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Failed(error) => error.map_or(Ok(0), Err),
            State::Broken => Err(damaged("corrupt deflate stream")),
            State::Inflated => {
                // RFC 1952: its CRC and its length.
                let mut ends = [0; 8];
                self.from.read_exact(&mut ends)?;
                let found = [self.crc.sum().to_le_bytes(), self.crc.amount().to_le_bytes()].concat();
                if self.checked && found != ends { Err(damaged("corrupt gzip stream does not have a matching checksum")) } else { Ok(0) }
            }
            State::Inflating | State::Ended => Ok(0),
        }
    }
}

/// Gzip with any number of members, and whatever padding follows them.
pub(super) struct Gunzip<R: BufRead> {
    decoder: Option<GzMember<R>>,
    after: bool,
}

impl<R: BufRead> Gunzip<R> {
    pub(super) fn new(from: R) -> Gunzip<R> {
        Gunzip { decoder: Some(GzMember::new(from, true)), after: false }
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let n = match decoder.read(into) {
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Err(io::Error::new(e.kind(), "gzip ends early")),
                Err(e) if e.kind() == io::ErrorKind::Other => return Err(e),
                Err(e) => return Err(io::Error::new(e.kind(), format!("gzip is damaged ({e})"))),
            };
            if n > 0 || into.is_empty() {
                return Ok(n);
            }
            let Some(mut inner) = self.decoder.take().map(|member| member.from) else { break };
            loop {
                let held = inner.fill_buf()?;
                let zeros = held.iter().take_while(|b| **b == 0).count();
                if held.is_empty() {
                    return Ok(0);
                }
                if zeros < held.len() {
                    self.after = held[zeros] != 0x1f;
                    inner.consume(zeros);
                    break;
                }
                inner.consume(zeros);
            }
            if self.after {
                return Err(io::Error::other("something that is not gzip follows the gzip: stopped"));
            }
            self.decoder = Some(GzMember::new(inner, true));
        }
        Ok(0)
    }
}

/// How much of a file is read at once where it is a gzip.
pub(super) const AT_ONCE: usize = 256 << 10;

/// The first half of a gzip. Who reads the second inflates all of it and checks what it was: so nothing is checked here, which in
/// a page takes as long as to inflate. Where a member ends before the half does, or there is anything wrong, it is read once more
/// from its beginning with everything checked, and what was given already is passed over.
enum FirstHalf<R: Read> {
    Unchecked(GzMember<BufReader<R>>, u64),
    Checked(Gunzip<BufReader<R>>),
    Lost,
}

impl<R: Read + Seek> FirstHalf<R> {
    fn new(file: R) -> FirstHalf<R> {
        FirstHalf::Unchecked(GzMember::new(BufReader::with_capacity(AT_ONCE, file), false), 0)
    }
}

impl<R: Read + Seek> Read for FirstHalf<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if let FirstHalf::Unchecked(member, given) = self {
            match member.read(into) {
                Ok(n) if n > 0 || into.is_empty() => {
                    *given += n as u64;
                    return Ok(n);
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => return Err(e),
                _ => {}
            }
            if let FirstHalf::Unchecked(member, given) = std::mem::replace(self, FirstHalf::Lost) {
                let mut file = member.from.into_inner();
                file.rewind()?;
                let mut gunzip = Gunzip::new(BufReader::with_capacity(AT_ONCE, file));
                io::copy(&mut (&mut gunzip).take(given), &mut io::sink())?;
                *self = FirstHalf::Checked(gunzip);
            }
        }
        match self {
            FirstHalf::Checked(gunzip) => gunzip.read(into),
            _ => Ok(0),
        }
    }
}

/// What a zstd frame begins with.
const MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// Zstandard of any number of frames.
struct Unzstd<R> {
    decoder: FrameDecoder,
    source: R,
    open: bool,
}

impl<R: BufRead> Read for Unzstd<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let damaged = |e: FrameDecoderError| match e {
            FrameDecoderError::WindowSizeTooBig { .. } => io::Error::other("zstd wants a window larger than 100 MiB, the limit"),
            e if e.to_string().contains("UnexpectedEof") || e.to_string().contains("fill whole buffer") => io::Error::other("zstd ends early"),
            e => io::Error::other(format!("zstd is damaged ({e})")),
        };
        loop {
            if !self.open {
                if self.source.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                match self.decoder.reset(&mut self.source) {
                    Ok(()) => self.open = true,
                    Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                        io::copy(&mut (&mut self.source).take(u64::from(length)), &mut io::sink())?;
                        continue;
                    }
                    Err(e) => return Err(damaged(e)),
                }
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                self.decoder.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1)).map_err(damaged)?;
            }
            let n = self.decoder.read(into)?;
            if n > 0 || into.is_empty() {
                return Ok(n);
            }
            self.open = false;
        }
    }
}

/// UTF-16 as UTF-8. `Some(true)`: the high byte first.
fn utf16(head: &[u8]) -> Option<bool> {
    match head {
        [0xFF, 0xFE, ..] => Some(false),
        [0xFE, 0xFF, ..] => Some(true),
        // Without a mark: ASCII with zeros between.
        [a, 0, b, 0, c, 0, ..] if *a != 0 && *b != 0 && *c != 0 => Some(false),
        [0, a, 0, b, 0, c, ..] if *a != 0 && *b != 0 && *c != 0 => Some(true),
        _ => None,
    }
}

struct Narrow<R> {
    source: R,
    big: bool,
    high: Option<u16>,
    out: Vec<u8>,
    at: usize,
}

impl<R: BufRead> Read for Narrow<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.out.len() {
            self.out.clear();
            self.at = 0;
            let mut units: Vec<u16> = self.high.take().into_iter().collect();
            let mut bytes = Vec::with_capacity(8192);
            (&mut self.source).take(8192).read_to_end(&mut bytes)?;
            let last = bytes.len() < 8192;
            let unit = |pair: &[u8]| if self.big { u16::from_be_bytes([pair[0], pair[1]]) } else { u16::from_le_bytes([pair[0], pair[1]]) };
            units.extend(bytes.chunks_exact(2).map(unit));
            if !last && units.last().is_some_and(|u| (0xD800..0xDC00).contains(u)) {
                self.high = units.pop(); // its other half comes with the next bytes
            }
            let text = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>();
            self.out.extend_from_slice(text.as_bytes());
            if self.out.is_empty() && last {
                return Ok(0);
            }
        }
        let n = (self.out.len() - self.at).min(into.len());
        into[..n].copy_from_slice(&self.out[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// The beginning of a gzip in base64, as CloudWatch Logs hands it to subscribers.
fn is_base64(head: &[u8]) -> bool {
    head.starts_with(b"H4sI") && head.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=-_\r\n \t".contains(b))
}

/// Base64, in lines or one after the other, as what it stands for.
struct Plain<R> {
    source: R,
    out: Vec<u8>,
    at: usize,
    bits: u32,
    held: u32,
}

/// Six bits of a letter of base64, in both alphabets.
fn sextet(b: u8) -> Option<u32> {
    Some(u32::from(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

impl<R: BufRead> Read for Plain<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.out.len() {
            self.out.clear();
            self.at = 0;
            let bytes = self.source.fill_buf()?;
            if bytes.is_empty() {
                return Ok(0);
            }
            for &b in bytes {
                match sextet(b) {
                    Some(six) => {
                        self.bits = (self.bits << 6) | six;
                        self.held += 6;
                        if self.held >= 8 {
                            self.held -= 8;
                            self.out.push((self.bits >> self.held) as u8);
                            self.bits &= (1 << self.held) - 1;
                        }
                    }
                    // The end of a piece: what is left over is padding.
                    None if b == b'=' || b.is_ascii_whitespace() => {
                        if b == b'=' {
                            (self.bits, self.held) = (0, 0);
                        }
                    }
                    None => return Err(io::Error::other(format!("expected base64, found {:?}", char::from(b)))),
                }
            }
            let n = bytes.len();
            self.source.consume(n);
        }
        let n = (self.out.len() - self.at).min(into.len());
        into[..n].copy_from_slice(&self.out[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// The first bytes of what a gzip holds, of its first bytes. None: it is none.
pub(super) fn inflated_head(held: &[u8]) -> Option<Vec<u8>> {
    let mut head = vec![0; 64];
    let n = GzDecoder::new(held).read(&mut head).ok()?;
    head.truncate(n);
    Some(head)
}

/// Base64 of gzip, at most so many bytes of it.
pub(super) fn unpack_payload(data: &[u8], most: usize) -> Result<Vec<u8>, String> {
    let plain = Plain { source: data, out: Vec::new(), at: 0, bits: 0, held: 0 };
    let gunzip = Gunzip::new(BufReader::new(plain));
    let mut bytes = Vec::new();
    gunzip.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    if bytes.len() > most { Err(format!("larger than {} bytes, the limit", grouped(most as u64))) } else { Ok(bytes) }
}

/// Opens a file that can be sought in.
#[inline(never)]
pub(super) fn open_file<R: Source>(name: &str, mut file: R, budget: &Budget<'_>, leaf: &mut Leaf<'_>, trouble: &mut Trouble<'_>) -> bool {
    let head = match head_of(&mut file).and_then(|h| file.rewind().map(|()| h)) {
        Ok(head) => head,
        Err(e) => {
            trouble(name, format!("cannot be read: {e}"));
            return false;
        }
    };
    if is_zip(&head) {
        return unzip("", file, 1, budget.part, budget, leaf, trouble);
    }
    if budget.part.0 > 0 {
        return true;
    }
    if head.starts_with(&[0x1f, 0x8b]) && budget.limits.nesting > 0 {
        let mut stream = |inflated: &mut dyn Read| {
            budget.kinds.set(budget.kinds.get() | GZIP);
            open(name, "", &mut Metered(inflated, budget), 1, budget, leaf, trouble)
        };
        if budget.half {
            return beside(FirstHalf::new(file), |inflated| stream(inflated));
        }
        if budget.size > WHOLE {
            return beside(Gunzip::new(BufReader::with_capacity(AT_ONCE, file)), |inflated| stream(inflated));
        }
    }
    open(name, "", &mut file, 0, budget, leaf, trouble)
}

fn head_of(from: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    from.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.get(..512) else { return false };
    let Ok(text) = std::str::from_utf8(&block[148..156]) else { return false };
    let Ok(sum) = u64::from_str_radix(text.trim_matches(|c: char| c == ' ' || c == '\0'), 8) else { return false };
    let real: u64 = block.iter().enumerate().map(|(i, b)| if (148..156).contains(&i) { 32 } else { u64::from(*b) }).sum();
    sum == real
}

/// Opens a stream. `label` is what troubles are called by, `path` the member's name, empty for the file itself.
#[inline(never)]
fn open(label: &str, path: &str, from: &mut dyn Read, depth: u32, budget: &Budget<'_>, leaf: &mut Leaf<'_>, trouble: &mut Trouble<'_>) -> bool {
    // A stream that fails within its head still has the bytes before.
    let mut head = vec![0; HEAD];
    let mut held = 0;
    let mut failed = None;
    while held < HEAD {
        match from.read(&mut head[held..]) {
            Ok(0) => break,
            Ok(n) => held += n,
            Err(e) => {
                failed = Some(e);
                break;
            }
        }
    }
    head.truncate(held);
    let (wide, coded) = (utf16(&head), is_base64(&head));
    let container = head.starts_with(&[0x1f, 0x8b]) || head.starts_with(&MAGIC) || is_zip(&head) || is_tar(&head) || wide.is_some() || coded;
    if container && depth >= budget.limits.nesting {
        trouble(label, format!("more than {} containers inside each other", budget.limits.nesting));
        return true;
    }
    let mut from = Cursor::new(&head).chain(Failing(failed)).chain(from);
    let inside = Inside { label, path, depth: depth + 1, budget, leaf, trouble };
    if head.starts_with(&[0x1f, 0x8b]) {
        inside.gzip(&mut from)
    } else if head.starts_with(&MAGIC) {
        inside.zstd(&mut from)
    } else if let Some(big) = wide {
        inside.utf16(&mut from, big)
    } else if coded {
        inside.base64(&mut from)
    } else if is_zip(&head) {
        inside.zip(&mut from)
    } else if is_tar(&head) {
        untar(path, &mut from, depth + 1, budget, inside.leaf, inside.trouble)
    } else {
        (inside.leaf)(path, &head, &mut from)
    }
}

/// How much is read at once of what is unpacked.
const HELD: usize = 32 << 10;

/// A stream that is a container, and whom what is in it is handed to: by a function for each kind. What is rare is kept
/// out of the way of what is not.
struct Inside<'i, 'l, 't> {
    label: &'i str,
    path: &'i str,
    depth: u32,
    budget: &'i Budget<'i>,
    leaf: &'i mut Leaf<'l>,
    trouble: &'i mut Trouble<'t>,
}

impl Inside<'_, '_, '_> {
    #[inline(never)]
    fn gzip(self, mut from: &mut dyn Read) -> bool {
        let budget = self.budget;
        budget.kinds.set(budget.kinds.get() | GZIP);
        let mut room = budget.room.take();
        let inflated = room.inflate(&mut from);
        let held = match inflated {
            Ok(length) => {
                let go_on = self.open(&mut Metered(Cursor::new(&room.bytes()[..length]), budget));
                budget.room.set(room.trimmed());
                return go_on;
            }
            Err((held, failed)) => Cursor::new(held).chain(Failing(failed)),
        };
        budget.room.set(room.trimmed());
        self.stream(&mut held.chain(from))
    }

    #[inline(never)]
    fn stream(self, from: &mut dyn Read) -> bool {
        let gunzip = Gunzip::new(BufReader::with_capacity(HELD, from));
        let budget = self.budget;
        self.open(&mut Metered(gunzip, budget))
    }

    #[inline(never)]
    fn zstd(self, from: &mut dyn Read) -> bool {
        let budget = self.budget;
        budget.kinds.set(budget.kinds.get() | ZSTD);
        let unzstd = Unzstd { decoder: FrameDecoder::new(), source: BufReader::with_capacity(HELD, from), open: false };
        self.open(&mut Metered(unzstd, budget))
    }

    #[inline(never)]
    fn utf16(self, from: &mut dyn Read, big: bool) -> bool {
        self.budget.kinds.set(self.budget.kinds.get() | UTF16);
        self.open(&mut Narrow { source: BufReader::with_capacity(HELD, from), big, high: None, out: Vec::new(), at: 0 })
    }

    #[inline(never)]
    fn base64(self, from: &mut dyn Read) -> bool {
        self.budget.kinds.set(self.budget.kinds.get() | BASE64);
        self.open(&mut Plain { source: BufReader::with_capacity(HELD, from), out: Vec::new(), at: 0, bits: 0, held: 0 })
    }

    #[inline(never)]
    fn zip(self, from: &mut dyn Read) -> bool {
        let Inside { label, path, depth, budget, leaf, trouble } = self;
        let mut held = Vec::new();
        match from.take(budget.limits.nested_zip + 1).read_to_end(&mut held) {
            Err(e) => trouble(label, e.to_string()),
            Ok(n) if n as u64 > budget.limits.nested_zip => {
                trouble(label, format!("a zip inside another container, larger than {} bytes, the limit", grouped(budget.limits.nested_zip)));
            }
            Ok(_) => return unzip(path, Cursor::new(held), depth, (0, 1), budget, leaf, trouble),
        }
        true
    }

    fn open(self, from: &mut dyn Read) -> bool {
        open(self.label, self.path, from, self.depth, self.budget, self.leaf, self.trouble)
    }
}

/// A reader that gives an error once, then ends.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// A member's name is only a label.
pub(super) fn label(outer: &str, name: &str) -> String {
    let name: String = name.chars().take(1024).collect();
    if outer.is_empty() { name } else { format!("{outer}!{name}") }
}

/// Opens a member of an archive.
pub(super) fn member(name: &str, from: &mut dyn Read, depth: u32, budget: &Budget<'_>, leaf: &mut Leaf<'_>, trouble: &mut Trouble<'_>) -> bool {
    open(name, name, &mut Metered(from, budget), depth, budget, leaf, trouble)
}

#[inline(never)]
fn untar(outer: &str, from: &mut dyn Read, depth: u32, budget: &Budget<'_>, leaf: &mut Leaf<'_>, trouble: &mut Trouble<'_>) -> bool {
    budget.kinds.set(budget.kinds.get() | TAR);
    let mut tar = tar::Archive::new(from);
    // Raw: the crate would read long names into memory, however long.
    let entries = match tar.entries() {
        Ok(entries) => entries.raw(true),
        Err(e) => {
            trouble(outer, format!("tar is damaged ({e})"));
            return true;
        }
    };
    let mut long_name: Option<String> = None;
    for entry in entries {
        if budget.over.get() {
            return false;
        }
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(e) => {
                trouble(outer, format!("tar is damaged or ends early ({e})"));
                return true;
            }
        };
        let kind = entry.header().entry_type();
        if kind.is_gnu_longname() || kind.is_pax_local_extensions() {
            let mut text = Vec::new();
            if (&mut entry).take(64 << 10).read_to_end(&mut text).is_ok() {
                let text = String::from_utf8_lossy(&text);
                long_name = if kind.is_gnu_longname() {
                    Some(text.trim_end_matches('\0').to_owned())
                } else {
                    text.lines().find_map(|l| l.split_once(" path=").map(|(_, p)| p.to_owned())).or(long_name)
                };
            }
            continue;
        }
        if !kind.is_file() && !kind.is_contiguous() {
            continue;
        }
        let plain = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = label(outer, &long_name.take().unwrap_or(plain));
        if !open(&name, &name, &mut entry, depth, budget, leaf, trouble) {
            return false;
        }
    }
    true
}
