//! Files inside files: gzip, zip and tar, by content, to any depth that is allowed, within one budget.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};

use flate2::bufread::GzDecoder;

use super::limits::Limits;

/// How many first bytes of a member are looked at.
pub(super) const HEAD: usize = 1024;

/// What takes the members that are no containers: name, first bytes, all bytes. False: no further members.
pub(super) type Leaf<'l> = dyn FnMut(&str, &[u8], &mut dyn Read) -> bool + 'l;

/// What every layer shares.
pub(super) struct Budget<'b> {
    pub(super) limits: &'b Limits,
    /// Bytes of the file itself.
    pub(super) size: u64,
    /// Inflated bytes so far, all layers.
    pub(super) spent: Cell<u64>,
    /// A limit of the whole file is passed: nothing more is opened.
    pub(super) over: Cell<bool>,
    /// Containers met, for the report.
    pub(super) kinds: Cell<u8>,
}

pub(super) const GZIP: u8 = 1;
pub(super) const ZIP: u8 = 2;
pub(super) const TAR: u8 = 4;

/// What could not be opened, beside what could.
pub(super) type Trouble<'t> = dyn FnMut(&str, String) + 't;

/// Counts inflated bytes and refuses to go over the budget.
struct Metered<'b, R>(R, &'b Budget<'b>);

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(into)?;
        let b = self.1;
        let spent = b.spent.get() + n as u64;
        b.spent.set(spent);
        if spent > b.limits.inflated_per_file {
            b.over.set(true);
            return Err(io::Error::other(format!("inflates to more than {} bytes, the limit: stopped", b.limits.inflated_per_file)));
        }
        if spent > 64 << 20 && spent / b.limits.ratio.max(1) > b.size {
            b.over.set(true);
            return Err(io::Error::other(format!("inflates to more than {} times its size, the limit: stopped", b.limits.ratio)));
        }
        Ok(n)
    }
}

/// Gzip with any number of members, and whatever padding follows them.
struct Gunzip<R: BufRead> {
    decoder: Option<GzDecoder<R>>,
    after: bool,
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
            let Some(mut inner) = self.decoder.take().map(GzDecoder::into_inner) else { break };
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
            self.decoder = Some(GzDecoder::new(inner));
        }
        Ok(0)
    }
}

/// Opens a file that can be sought in.
pub(super) fn open_file<R: Read + Seek>(name: &str, mut file: R, budget: &Budget<'_>, leaf: &mut Leaf<'_>, trouble: &mut Trouble<'_>) -> bool {
    let head = match head_of(&mut file).and_then(|h| file.rewind().map(|()| h)) {
        Ok(head) => head,
        Err(e) => {
            trouble(name, format!("cannot be read: {e}"));
            return false;
        }
    };
    if is_zip(&head) { unzip("", file, 1, budget, leaf, trouble) } else { open(name, "", &mut file, 0, budget, leaf, trouble) }
}

fn head_of(from: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    from.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

fn is_zip(head: &[u8]) -> bool {
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
    let container = head.starts_with(&[0x1f, 0x8b]) || is_zip(&head) || is_tar(&head);
    if container && depth >= budget.limits.nesting {
        trouble(label, format!("more than {} containers inside each other", budget.limits.nesting));
        return true;
    }
    let mut from = Cursor::new(&head).chain(Failing(failed)).chain(from);
    if head.starts_with(&[0x1f, 0x8b]) {
        budget.kinds.set(budget.kinds.get() | GZIP);
        let gunzip = Gunzip { decoder: Some(GzDecoder::new(BufReader::with_capacity(32 << 10, from))), after: false };
        open(label, path, &mut Metered(gunzip, budget), depth + 1, budget, leaf, trouble)
    } else if is_zip(&head) {
        let mut held = Vec::new();
        match from.take(budget.limits.nested_zip + 1).read_to_end(&mut held) {
            Err(e) => trouble(label, e.to_string()),
            Ok(n) if n as u64 > budget.limits.nested_zip => {
                trouble(label, format!("a zip inside another container, larger than {} bytes, the limit", budget.limits.nested_zip));
            }
            Ok(_) => return unzip(path, Cursor::new(held), depth + 1, budget, leaf, trouble),
        }
        true
    } else if is_tar(&head) {
        untar(path, &mut from, depth + 1, budget, leaf, trouble)
    } else {
        leaf(path, &head, &mut from)
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
fn label(outer: &str, name: &str) -> String {
    let name: String = name.chars().take(1024).collect();
    if outer.is_empty() { name } else { format!("{outer}!{name}") }
}

fn unzip<R: Read + Seek>(outer: &str, file: R, depth: u32, budget: &Budget<'_>, leaf: &mut Leaf<'_>, trouble: &mut Trouble<'_>) -> bool {
    budget.kinds.set(budget.kinds.get() | ZIP);
    let mut zip = match zip::ZipArchive::new(BufReader::with_capacity(32 << 10, file)) {
        Ok(zip) => zip,
        Err(e) => {
            trouble(outer, format!("zip is damaged or ends early ({e})"));
            return true;
        }
    };
    for i in 0..zip.len() {
        if budget.over.get() {
            return false;
        }
        let name = zip.name_for_index(i).map_or_else(String::new, |n| label(outer, n));
        let member = match zip.by_index(i) {
            Ok(member) => member,
            Err(e) => {
                trouble(&name, format!("cannot be taken out of the zip: {e}"));
                continue;
            }
        };
        if member.is_dir() {
            continue;
        }
        if !open(&name, &name, &mut Metered(member, budget), depth, budget, leaf, trouble) {
            return false;
        }
    }
    true
}

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
