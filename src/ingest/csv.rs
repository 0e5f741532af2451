//! Rows of a CSV, one at a time, through the same bounded window as everything else. Knows rows, not records.
//!
//! A quote that is never closed would swallow all that follows: a row over several lines with too many or too few cells
//! is given up at its first line, and up to where it reached, rows are read line by line.

use std::io::Read;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::clock;
use super::fields::{Names, plain};
use super::json::{Spot, quoted};
use super::window::Window;
use crate::num::grouped;

/// The names of a table's columns.
pub(super) struct Columns {
    /// As they are compared.
    names: Vec<String>,
    /// As they stand there.
    pub(super) said: Vec<String>,
}

impl Columns {
    fn new(said: Vec<String>) -> Columns {
        Columns { names: said.iter().map(|n| plain(n)).collect(), said }
    }

    /// Whether there is a column of this name, in lower case without anything but letters and digits.
    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }

    pub(super) fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", |n| n)
    }

    /// How the columns are named.
    pub(super) fn scheme(&self) -> Names {
        if self.has("eventaction") && !self.has("eventname") { Names::Ecs } else { Names::Own }
    }
}

/// What a table gives.
pub(super) enum Row<'r> {
    /// The first row.
    Header(Columns),
    /// A row of as many cells as there are columns.
    Cells(&'r [String]),
    /// A row that cannot be used: why.
    Bad(String),
}

/// The commonest of comma, semicolon, tab and bar in the first line, outside of quotes.
pub(super) fn delimiter(head: &[u8]) -> u8 {
    let mut counts = [(b',', 0u32), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut in_quotes = false;
    for &b in first_line(head) {
        in_quotes ^= b == b'"';
        if !in_quotes && let Some(known) = counts.iter_mut().find(|(d, _)| *d == b) {
            known.1 += 1;
        }
    }
    // The first of those that are equally common.
    counts.iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |(d, _)| *d)
}

/// Whether the day comes first in dates such as 03/04/2025, where there are any: as the first that tells says, else as
/// those who write semicolons do.
pub(super) fn day_first(bytes: &[u8], by: u8) -> Option<bool> {
    let mut met = false;
    for cell in bytes.split(|b| *b == by || matches!(b, b'\n' | b'\r')) {
        let Ok(cell) = std::str::from_utf8(cell) else { continue };
        let cell = cell.trim().trim_matches('"');
        let mut parts = cell.split(' ').next().unwrap_or_default().split(['/', '-']);
        let number = |p: Option<&str>, most: usize| p.is_some_and(|p| !p.is_empty() && p.len() <= most && p.bytes().all(|b| b.is_ascii_digit()));
        let dated = number(parts.next(), 2) && number(parts.next(), 2) && number(parts.next(), 4) && parts.next().is_none();
        if dated {
            met = true;
            if let Some(order) = clock::order(cell) {
                return Some(order);
            }
        }
    }
    met.then_some(by == b';')
}

/// The names in the first line, as far as it is there.
pub(super) fn header_of(head: &[u8]) -> Columns {
    let by = delimiter(head);
    let line = String::from_utf8_lossy(first_line(head)).into_owned();
    Columns::new(line.split(char::from(by)).map(|cell| cell.trim().trim_matches('"').to_owned()).collect())
}

/// The first line with text, without a byte order mark, and without the `sep=;` that Excel wants.
fn first_line(head: &[u8]) -> &[u8] {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let mut lines = head.split(|b| matches!(b, b'\n' | b'\r')).filter(|l| !l.trim_ascii().is_empty());
    let first = lines.next().unwrap_or_default();
    if is_sep(first) { lines.next().unwrap_or_default() } else { first }
}

fn is_sep(line: &[u8]) -> bool {
    line.get(..4).is_some_and(|l| l.eq_ignore_ascii_case(b"sep=")) && line.len() <= 6
}

/// Walks the rows to the end, or until `each` answers false.
#[inline(never)]
pub(super) fn walk(win: &mut Window, from: &mut dyn Read, by: u8, row_bytes: usize, each: &mut dyn FnMut(Row<'_>, Spot) -> bool) {
    let mut table = Table { reader: ReaderBuilder::new().delimiter(by).build(), text: vec![0; 4096], ends: vec![0; 64], cells: Vec::new() };
    let mut columns = 0usize;
    let mut distrusted = 0u64; // rows that begin before are read line by line
    while skip_blank(win, from) {
        let alone = win.offset() < distrusted;
        let found = table.row(win, from, row_bytes, alone);
        let rest = win.rest();
        let length = match found {
            Some(n) => rest[..n.min(rest.len())].trim_ascii_end().len(),
            None => 0,
        };
        let spot = Spot { offset: win.offset(), line: win.line(), length: u32::try_from(length).unwrap_or(u32::MAX) };
        let go_on = match found {
            None => {
                let go_on = each(Row::Bad(format!("a row larger than {} bytes, the limit: a quote that is never closed?", grouped(row_bytes as u64))), spot);
                skip_line(win, from);
                go_on
            }
            Some(n) if columns == 0 => {
                if is_sep(&win.rest()[..length]) {
                    win.consume(n);
                    continue;
                }
                columns = table.cells.len();
                let header = Columns::new(std::mem::take(&mut table.cells));
                win.consume(n);
                each(Row::Header(header), spot)
            }
            Some(n) if table.fits(columns) => {
                let go_on = each(Row::Cells(&table.cells), spot);
                win.consume(n);
                go_on
            }
            Some(n) => {
                let raw = &rest[..length];
                let line = memchr::memchr(b'\n', raw);
                let go_on = each(Row::Bad(format!("expected {columns} cells, found {}: {}", table.cells.len(), quoted(&raw[..line.unwrap_or(raw.len())]))), spot);
                if line.is_some() {
                    distrusted = win.offset() + n as u64;
                }
                win.consume(line.map_or(n, |l| l + 1));
                go_on
            }
        };
        if !go_on {
            return;
        }
    }
}

/// Steps over empty lines and byte order marks; false at the end. A mark is all three of its bytes: letters of many
/// scripts begin with some of them.
fn skip_blank(win: &mut Window, from: &mut dyn Read) -> bool {
    loop {
        while win.rest().first() == Some(&0xEF) && win.rest().len() < 3 && win.more(from) {}
        let rest = win.rest();
        let blank = match rest {
            [0xEF, 0xBB, 0xBF, ..] => 3,
            _ => rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count(),
        };
        if blank == 0 && !rest.is_empty() {
            return true;
        }
        win.consume(blank);
        if win.rest().is_empty() && !win.more(from) {
            return false;
        }
    }
}

fn skip_line(win: &mut Window, from: &mut dyn Read) {
    loop {
        let rest = win.rest();
        let n = rest.len();
        if let Some(end) = memchr::memchr(b'\n', rest) {
            win.consume(end + 1);
            return;
        }
        win.consume(n);
        if !win.more(from) {
            return;
        }
    }
}

/// The row being read.
struct Table {
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    cells: Vec<String>,
}

impl Table {
    /// Reads the row the window begins with (its first line alone) into `cells`; its length. None: longer than may be.
    #[inline(never)]
    fn row(&mut self, win: &mut Window, from: &mut dyn Read, row_bytes: usize, alone: bool) -> Option<usize> {
        self.reader.reset();
        let (mut read, mut written, mut ended) = (0, 0, 0);
        let mut searched = 0;
        let mut line_end = None;
        loop {
            while alone && line_end.is_none() {
                let rest = win.rest();
                line_end = memchr::memchr(b'\n', &rest[searched..]).map(|i| searched + i + 1);
                searched = rest.len();
                if line_end.is_none() && (searched > row_bytes || !win.more(from)) {
                    line_end = Some(win.rest().len());
                }
            }
            let rest = win.rest();
            let until = line_end.unwrap_or(rest.len());
            let (result, nin, nout, nends) = self.reader.read_record(&rest[read..until], &mut self.text[written..], &mut self.ends[ended..]);
            read += nin;
            written += nout;
            ended += nends;
            if read > row_bytes {
                return None;
            }
            match result {
                ReadRecordResult::InputEmpty if !alone && win.more(from) => {}
                ReadRecordResult::InputEmpty if win.full() && !alone => return None,
                ReadRecordResult::InputEmpty => {
                    // The end of the file, or of the line: what is there is the row.
                    let (result, _, nout, nends) = self.reader.read_record(&[], &mut self.text[written..], &mut self.ends[ended..]);
                    written += nout;
                    ended += nends;
                    match result {
                        ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                        ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                        _ => break,
                    }
                }
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        self.cells.clear();
        let mut start = 0;
        for &end in &self.ends[..ended] {
            self.cells.push(String::from_utf8_lossy(&self.text[start..end]).into_owned());
            start = end;
        }
        Some(read.max(1))
    }

    /// As many cells as columns; more only where they are empty.
    fn fits(&self, columns: usize) -> bool {
        self.cells.len() >= columns && self.cells[columns..].iter().all(String::is_empty)
    }
}
