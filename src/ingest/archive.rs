//! Zip archives, in parts: a part has the members that begin in its stretch of the file, in the order in which they stand there,
//! whatever order the list at the end has. So parts can be fetched ahead, and are read from front to back.

use std::cell::RefCell;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::DeflateDecoder;
use rawzip::{CompressionMethod, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipLocator, ZipReader, ZipVerification};

use super::Crc;
use super::container::{Budget, Leaf, Metered, Trouble, ZIP, label, member};

/// What of a member is read at once.
const HELD: usize = 32 << 10;

/// A buffered reader that keeps what it holds where it is sent on to something in it: an archive's members mostly follow
/// one another, and many are small.
struct Near<R> {
    inner: BufReader<R>,
    at: u64,
}

impl<R: Read + Seek> Near<R> {
    /// `inner` is at its beginning.
    fn new(inner: R) -> Near<R> {
        Near { inner: BufReader::with_capacity(HELD, inner), at: 0 }
    }

    fn go(&mut self, to: u64) -> io::Result<()> {
        match i64::try_from(i128::from(to) - i128::from(self.at)) {
            Ok(by) => self.inner.seek_relative(by)?,
            Err(_) => _ = self.inner.seek(SeekFrom::Start(to))?,
        }
        self.at = to;
        Ok(())
    }
}

/// The same, for who names a place each time.
struct At<R>(RefCell<Near<R>>);

impl<R: Read + Seek> ReaderAt for At<R> {
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut near = self.0.borrow_mut();
        near.go(offset)?;
        let n = near.inner.read(into)?;
        near.at += n as u64;
        Ok(n)
    }
}

/// A member as the list has it.
struct Listed {
    name: String,
    way: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    encrypted: bool,
}

/// How much of a file lies before a part, in units of which it has `before(of, of)`. Each part is smaller than the one before
/// it, the last the smallest: whoever takes it ends about when the others do. (`www/share.js` reckons the same.)
fn before(part: u32, of: u32) -> u64 {
    let (part, of) = (u64::from(part), u64::from(of));
    part * (2 * of + 1 - part) / 2
}

/// Where in a file of this size the members of a part begin.
fn stretch((part, of): (u32, u32), size: u64) -> std::ops::Range<u64> {
    let start = |part| (u128::from(size) * u128::from(before(part, of)) / u128::from(before(of, of))) as u64;
    start(part)..if part + 1 < of { start(part + 1) } else { u64::MAX }
}

/// Where the list of members is; or the file, and why there is none.
#[inline(never)]
fn locate<R: Read + Seek>(mut file: R, buffer: &mut [u8]) -> Result<ZipArchive<At<R>>, (R, String)> {
    let end = match file.seek(SeekFrom::End(0)).and_then(|end| file.rewind().map(|()| end)) {
        Ok(end) => end,
        Err(e) => return Err((file, e.to_string())),
    };
    let located = ZipLocator::new().locate_in_reader(At(RefCell::new(Near::new(file))), buffer, end);
    located.map_err(|(At(near), e)| (near.into_inner().inner.into_inner(), e.to_string()))
}

/// The members of a part, in the order of their places, at most so many; and why the list ended early.
#[inline(never)]
fn list<R: Read + Seek>(outer: &str, zip: &ZipArchive<At<R>>, buffer: &mut [u8], stretch: std::ops::Range<u64>, most: usize) -> (Vec<Listed>, Option<String>) {
    let mut listed: Vec<(u64, Listed)> = Vec::new();
    let mut entries = zip.entries(buffer);
    let end = loop {
        let entry = match entries.next_entry() {
            Ok(Some(entry)) if listed.len() < most => entry,
            Ok(_) => break None,
            Err(e) => break Some(e.to_string()),
        };
        let at = entry.local_header_offset();
        // What is named as a folder and holds something is a file.
        if !stretch.contains(&at) || entry.is_dir() && entry.uncompressed_size_hint() == 0 {
            continue;
        }
        let name = label(outer, &String::from_utf8_lossy(entry.file_path().as_bytes()));
        listed.push((at, Listed { name, way: entry.wayfinder(), method: entry.compression_method(), encrypted: entry.flags().is_encrypted() }));
    };
    listed.sort_by_key(|(at, _)| *at);
    (listed.into_iter().map(|(_, member)| member).collect(), end)
}

/// What members are inflated with, one after the other.
type Inflater<'z, R> = Option<DeflateDecoder<BufReader<ZipReader<&'z At<R>>>>>;

/// A member's bytes, set against what the list says of them once they end.
struct Checked<R> {
    bytes: R,
    said: ZipVerification,
    crc: Crc,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.bytes.read(into)?;
        self.crc.update(&into[..n]);
        if n == 0 && !into.is_empty() {
            let (crc, size) = (self.crc.sum(), u64::from(self.crc.amount()));
            if crc != self.said.crc || size != self.said.uncompressed_size & u64::from(u32::MAX) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "it is damaged: its checksum or its length is not the one that the zip says"));
            }
        }
        Ok(n)
    }
}

/// Opens a member. The caller hands it on as a stream.
fn bytes_of<'i, 'z, R: Read + Seek>(reader: ZipReader<&'z At<R>>, listed: &Listed, inflater: &'i mut Inflater<'z, R>) -> Result<Checked<Box<dyn Read + 'i>>, String>
where
    'z: 'i,
{
    if listed.encrypted {
        return Err("it is encrypted".into());
    }
    let said = reader.claim_verifier();
    let bytes: Box<dyn Read + 'i> = match listed.method {
        CompressionMethod::STORE => Box::new(reader),
        CompressionMethod::DEFLATE => {
            let packed = BufReader::with_capacity(HELD, reader);
            Box::new(match inflater {
                Some(inflater) => {
                    inflater.reset(packed);
                    inflater
                }
                none => none.insert(DeflateDecoder::new(packed)),
            })
        }
        other => return Err(format!("it is packed by a method that is not read ({})", other.name().unwrap_or("unknown"))),
    };
    Ok(Checked { bytes, said, crc: Crc::new() })
}

/// Takes the members of a part of a zip, one after the other.
#[inline(never)]
pub(super) fn unzip<R: Read + Seek>(outer: &str, file: R, depth: u32, part: (u32, u32), budget: &Budget<'_>, leaf: &mut Leaf<'_>, trouble: &mut Trouble<'_>) -> bool {
    budget.kinds.set(budget.kinds.get() | ZIP);
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let damaged = |e: String| format!("zip is damaged or ends early ({e})");
    let zip = match locate(file, &mut buffer) {
        Ok(zip) => zip,
        // One part reads what there is.
        Err(_) if part.0 > 0 => return true,
        Err((file, e)) => {
            trouble(outer, format!("{}; its members are read as far as they go", damaged(e)));
            return salvage(outer, file, depth, budget, leaf, trouble);
        }
    };
    let (listed, end) = list(outer, &zip, &mut buffer, stretch(part, budget.size), budget.limits.members.saturating_add(1));
    let mut inflater = None;
    for listed in &listed {
        if budget.over.get() {
            return false;
        }
        let taken = zip.get_entry(listed.way).map_err(|e| e.to_string());
        let mut bytes = match taken.and_then(|entry| bytes_of(entry.reader(), listed, &mut inflater)) {
            Ok(bytes) => bytes,
            Err(e) => {
                trouble(&listed.name, format!("cannot be taken out of the zip: {e}"));
                continue;
            }
        };
        if !member(&listed.name, &mut bytes, depth, budget, leaf, trouble) {
            return false;
        }
    }
    // All parts read the whole list; one of them says it.
    if let Some(e) = end.filter(|_| part.0 + 1 == part.1) {
        trouble(outer, damaged(e));
    }
    true
}

/// What stands before each member, as far as it is wanted (APPNOTE 4.3.7).
struct Header {
    encrypted: bool,
    /// How long the member is, and its checksum, stands behind it.
    said_behind: bool,
    method: CompressionMethod,
    packed: u64,
    wide: bool,
    name: String,
}

/// Reads what stands before a member. None: no member begins here, or it ends early.
fn header(from: &mut dyn Read) -> Option<Header> {
    let mut fixed = [0; 30];
    from.read_exact(&mut fixed).ok().filter(|()| fixed.starts_with(b"PK\x03\x04"))?;
    let number = |at: usize| u16::from_le_bytes([fixed[at], fixed[at + 1]]);
    let (flags, method) = (number(6), CompressionMethod::new(number(8)));
    let mut name = vec![0; number(26).into()];
    let mut extra = vec![0; number(28).into()];
    from.read_exact(&mut name).and_then(|()| from.read_exact(&mut extra)).ok()?;
    // Lengths of more than 32 bits stand in a field of their own: that of the content, then that of what is packed.
    let mut fields = &extra[..];
    let mut wide = None;
    while let Some((&[a, b, c, d], rest)) = fields.split_first_chunk::<4>() {
        let (field, rest) = rest.split_at_checked(u16::from_le_bytes([c, d]).into())?;
        if [a, b] == [1, 0] {
            wide = Some(field);
        }
        fields = rest;
    }
    let short = u32::from(number(18)) | u32::from(number(20)) << 16;
    let packed = if short == u32::MAX { u64::from_le_bytes(*wide?.get(8..)?.first_chunk()?) } else { short.into() };
    Some(Header { encrypted: flags & 1 != 0, said_behind: flags & 8 != 0, method, packed, wide: wide.is_some(), name: String::from_utf8_lossy(&name).into_owned() })
}

/// Steps over what stands behind a member whose length was not known before it (APPNOTE 4.3.9).
fn step_over_said(from: &mut dyn BufRead, wide: bool) -> io::Result<()> {
    let marked = from.fill_buf()?.starts_with(b"PK");
    let length = if wide { 20 } else { 12 } + if marked { 4 } else { 0 };
    io::copy(&mut from.take(length), &mut io::sink()).map(drop)
}

/// Takes the members of a zip whose list is missing, from its beginning as far as they go. Checksums are not looked at.
#[inline(never)]
fn salvage<R: Read + Seek>(outer: &str, mut file: R, depth: u32, budget: &Budget<'_>, leaf: &mut Leaf<'_>, trouble: &mut Trouble<'_>) -> bool {
    if file.rewind().is_err() {
        return true;
    }
    let mut from = BufReader::with_capacity(HELD, file);
    while let Some(header) = header(&mut from) {
        let name = label(outer, &header.name);
        let mut packed = (&mut from).take(if header.said_behind { u64::MAX } else { header.packed });
        let (mut go_on, mut ends) = (true, !header.said_behind);
        match header.method {
            _ if header.name.ends_with('/') && header.packed == 0 && ends => {}
            CompressionMethod::STORE if ends && !header.encrypted => go_on = member(&name, &mut packed, depth, budget, leaf, trouble),
            CompressionMethod::DEFLATE if !header.encrypted => {
                let mut inflated = DeflateDecoder::new(&mut packed);
                go_on = member(&name, &mut inflated, depth, budget, leaf, trouble);
                // Where it ends, only inflating it tells.
                ends = ends || go_on && io::copy(&mut Metered(inflated, budget), &mut io::sink()).is_ok();
            }
            _ => trouble(&name, "cannot be taken out of a zip whose list is missing".into()),
        }
        if !go_on || budget.over.get() {
            return false;
        }
        let next = if header.said_behind { step_over_said(&mut from, header.wide) } else { io::copy(&mut packed, &mut io::sink()).map(drop) };
        if !ends || next.is_err() {
            break;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn what_is_near_is_read_as_what_is_far() {
        let bytes: Vec<u8> = (0..200_000u32).map(|n| ((n * 7919) >> 3) as u8).collect();
        let near = At(RefCell::new(Near::new(Cursor::new(&bytes))));
        let mut state = 7u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        let mut place = 0;
        for _ in 0..4000 {
            place = if random(4) == 0 { random(210_000) } else { (place + random(20_000)).saturating_sub(10_000) };
            let mut into = vec![0; 1 + random(3000) as usize];
            let n = near.read_at(&mut into, place).expect("in memory");
            let there = bytes.get(place as usize..).unwrap_or_default();
            assert_eq!(into[..n], there[..n]);
            assert!(n > 0 || there.is_empty());
        }
    }

    #[test]
    fn parts_are_a_file_without_gaps() {
        for of in [1, 2, 7, 64] {
            let stretches: Vec<_> = (0..of).map(|part| stretch((part, of), 1_000_003)).collect();
            assert_eq!((stretches[0].start, stretches[stretches.len() - 1].end), (0, u64::MAX));
            assert!(stretches.windows(2).all(|two| two[0].end == two[1].start && two[0].start < two[0].end));
        }
    }
}
