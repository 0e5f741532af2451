//! JSON of any arrangement (one object, an array, lines, objects end to end, envelopes) → objects, one at a time, with
//! their places. What is broken costs itself and no more; memory is one window.

use std::io::Read;

use serde_json::error::Category;

use super::object::{FIRST_KEYS, Seen, mark, mend};
use super::recall::Recall;
use super::scan::Scan;
use super::window::{Balance, Half, Window, newlines};
use crate::num::grouped;

/// Keys whose array holds what a file is about, at the top of an envelope. Adding a shape: one row here.
const LISTS: &[&str] =
    &["Records", "records", "Events", "events", "logEvents", "results", "hits", "Findings", "findings", ROWS];

/// How often an envelope may be in an envelope.
const NESTED: u32 = 2;

/// A list whose elements are lists of cells.
const ROWS: &str = "QueryResultRows";

/// Keys under which an envelope is in an envelope.
const NESTS: &[&[u8]] = &[b"hits"];

/// How far into an object the list of an envelope is looked for.
const LOOK: usize = 256 << 10;

/// A fault so near the window's end may only be that the window ends.
const EDGE: usize = 4;

/// How far behind a bracket the key is looked for that tells a record.
const SHOWN: usize = 500;

/// How much of a doubtful object is looked at first.
const DOUBTED: usize = 512;

/// What stands in a stream, handed on as it is met.
pub(super) enum Item<'s, 'a> {
    /// An object, and its bytes.
    Object(&'s Seen<'a>, &'s [u8]),
    /// A text holding JSON, as in an array of texts.
    Text(&'s [u8]),
    /// Looked like a record and cannot be read: why, made up only where it is shown.
    Bad(&'s dyn Fn() -> String),
    /// No object at all: the text found.
    Stray(String),
    /// A list of cells, as a query's result has rows.
    Row(&'s [u8]),
    /// The list of an envelope begins.
    List(&'static str),
    /// All before the cut of a stream that is read in halves is read, and an object begins there. True: that is the end.
    Cut,
}

/// Where an item stands.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub(super) offset: u64,
    pub(super) line: u64,
    pub(super) length: u32,
}

/// What is open around the current place.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Open {
    Array,
    Envelope,
}

/// Walks a stream to its end, or until `each` answers false. An error ends the walk before the end: why.
#[inline(never)]
pub(super) fn walk(
    win: &mut Window,
    from: &mut dyn Read,
    depth: usize,
    record_bytes: usize,
    recall: &mut Recall,
    each: &mut dyn FnMut(Item<'_, '_>, Spot) -> bool,
) -> Result<(), String> {
    let mut open: Vec<Open> = Vec::new();
    let mut list_next: Option<&'static str> = None;
    let mut nest_next = false;
    let mut rows = false;
    let mut after_key = false;
    // Behind a key and its colon: a colon alone is damage.
    let mut after_colon = false;
    // What stands between an object and the next thing: a tab on the same line, as in `--output text`, is no fault.
    let mut apart = Apart::Nothing;
    // Up to here was looked through for a list in vain; looking again could be made to take for ever.
    let mut looked_to = 0u64;
    // The same for a value's end.
    let mut kept_to = 0u64;
    // Up to here an object may have swallowed others: it was never closed, or broke off.
    let mut doubt = 0u64;
    // Where the first object stands. A half may end where another stands in the same way.
    let mut first = None;
    loop {
        let Some(byte) = significant(win, from, &mut apart) else {
            if !win.at_cut() {
                return Ok(());
            }
            let sure = doubt.max(looked_to).max(kept_to) <= win.offset() && !after_key && !after_colon;
            if sure && first == Some((open.clone(), list_next, nest_next, rows)) && each(Item::Cut, spot(win, 0)) {
                if win.leap() {
                    continue;
                }
                return Ok(());
            }
            if win.more(from) {
                continue;
            }
            return Ok(());
        };
        let in_envelope = open.last() == Some(&Open::Envelope);
        match byte {
            b'{' if in_envelope && after_colon && nest_next => {
                if open.len() >= depth {
                    return Err(too_deep(win, depth));
                }
                open.push(Open::Envelope);
                win.consume(1);
            }
            b'{' if in_envelope && after_colon => {
                if !leave_out(win, from, &mut kept_to, each) {
                    return Ok(());
                }
            }
            b'{' => {
                if in_envelope {
                    open.clear(); // the envelope was never closed and another begins
                }
                let inside = open.contains(&Open::Envelope);
                if !inside && win.offset() >= looked_to && look(win, from, &mut looked_to) {
                    if open.len() >= depth {
                        return Err(too_deep(win, depth));
                    }
                    open.push(Open::Envelope);
                    win.consume(1);
                } else if win.half != Half::Whole && first.is_none() {
                    first = Some((open.clone(), list_next, nest_next, rows));
                    // Elsewhere what an object is shows behind it.
                    if win.half == Half::Dealt && !(inside && open.last() == Some(&Open::Array)) {
                        win.torn = true;
                        return Ok(());
                    }
                    let mark = mark(win, from);
                    if !win.begin(mark, from) {
                        return Ok(());
                    }
                    continue;
                } else {
                    match object(win, from, record_bytes, recall, !open.is_empty(), &mut doubt, each) {
                        Flow::On => {}
                        Flow::Stop => return Ok(()),
                        Flow::Envelope => {
                            open.clear(); // the list before was never closed
                            open.push(Open::Envelope);
                            win.consume(1);
                        }
                    }
                }
                apart = Apart::Nothing;
            }
            // Behind no key it is damage, and what is in it may be records.
            b'[' if in_envelope && after_colon && list_next.is_none() && !array_of_records(win, from) => {
                if !leave_out(win, from, &mut kept_to, each) {
                    return Ok(());
                }
            }
            b'[' if rows && open.last() == Some(&Open::Array) => {
                match string_end(win, from, record_bytes) {
                    Some(n) => {
                        if !each(Item::Row(&win.rest()[..n]), spot(win, n)) {
                            return Ok(());
                        }
                        win.consume(n);
                    }
                    None => _ = skip_value(win, from),
                }
            }
            b'[' => {
                if open.len() >= depth {
                    return Err(too_deep(win, depth));
                }
                rows = in_envelope && list_next == Some(ROWS);
                if let Some(list) = list_next.filter(|_| in_envelope)
                    && !each(Item::List(list), spot(win, 0))
                {
                    return Ok(());
                }
                open.push(Open::Array);
                win.consume(1);
            }
            b']' | b'}' => {
                rows = false;
                if byte == b'}' && open.contains(&Open::Envelope) {
                    while open.pop() != Some(Open::Envelope) {} // an array left open ends with its envelope
                } else if !in_envelope {
                    open.pop();
                }
                win.consume(1);
            }
            b'"' if in_envelope => {
                list_next = None;
                nest_next = false;
                if let Some(n) = string_end(win, from, record_bytes) {
                    let key = &win.rest()[1..n - 1];
                    list_next = LISTS.iter().copied().find(|l| l.as_bytes() == key);
                    nest_next = NESTS.contains(&key);
                    win.consume(n);
                } else {
                    skip_value(win, from);
                }
            }
            b'"' if open.last() == Some(&Open::Array) || opens_text(win, from) => {
                if !text(win, from, record_bytes, each) {
                    return Ok(());
                }
            }
            b',' | b':' => win.consume(1),
            _ if in_envelope => win.consume(1), // numbers, true, null
            _ => {
                if !stray(win, from, apart == Apart::Tab, each) {
                    return Ok(());
                }
            }
        }
        (after_colon, after_key) = (byte == b':' && after_key, byte == b'"');
        if !matches!(byte, b':' | b'"') {
            list_next = None;
        }
    }
}

fn too_deep(win: &Window, depth: usize) -> String {
    format!("more than {depth} brackets are open at line {}: stopped", win.line())
}

fn spot(win: &Window, length: usize) -> Spot {
    Spot { offset: win.offset(), line: win.line(), length: u32::try_from(length).unwrap_or(u32::MAX) }
}

/// What was stepped over since the last object.
#[derive(Clone, Copy, PartialEq)]
enum Apart {
    Nothing,
    Tab,
    Line,
}

/// Steps over white space and byte order marks; the next byte, not consumed.
fn significant(win: &mut Window, from: &mut dyn Read, apart: &mut Apart) -> Option<u8> {
    loop {
        let rest = win.rest();
        let blank = rest.iter().take_while(|b| matches!(b, b' ' | b'\n' | b'\r' | b'\t' | 0xEF | 0xBB | 0xBF | 0 | 0x1E)).count();
        let next = rest.get(blank).copied();
        for b in &rest[..blank] {
            match b {
                b'\n' => *apart = Apart::Line,
                b'\t' if *apart == Apart::Nothing => *apart = Apart::Tab,
                _ => {}
            }
        }
        win.consume(blank);
        if next.is_some() {
            return next;
        }
        if win.at_cut() || !win.more(from) {
            return None;
        }
    }
}

/// Consumes a value of an envelope that is no list. One that is never closed ends where a record begins. False: enough.
#[inline(never)]
fn leave_out(win: &mut Window, from: &mut dyn Read, kept_to: &mut u64, each: &mut dyn FnMut(Item<'_, '_>, Spot) -> bool) -> bool {
    while win.offset() >= *kept_to {
        if let Some(end) = Balance::default().feed(win.rest()) {
            win.consume(end);
            return true;
        }
        if win.rest().len() >= LOOK || !win.more(from) {
            *kept_to = win.offset() + LOOK as u64;
        }
    }
    let here = spot(win, 0);
    if skip_value(win, from) { each(Item::Bad(&|| "the value of a key of the envelope is never closed".into()), here) } else { true }
}

/// Consumes one value (string, object, array) however long it is, or up to where a record begins: then true.
#[inline(never)]
fn skip_value(win: &mut Window, from: &mut dyn Read) -> bool {
    let mut balance = Balance::default();
    let mut first = 1;
    loop {
        while win.rest().len() < 2 * SHOWN && win.more(from) {}
        let rest = win.rest();
        // A start near the edge may not show its key yet.
        let sure = if rest.len() < 2 * SHOWN { rest.len() } else { rest.len() - SHOWN };
        let start = starts(rest, first.min(sure), sure, Some(b""));
        if let Some(end) = balance.feed(&rest[..start.unwrap_or(sure)]) {
            win.consume(end);
            return false;
        }
        win.consume(start.unwrap_or(sure));
        if start.is_some() || win.rest().is_empty() {
            return start.is_some();
        }
        first = 0;
    }
}

/// Length of the string the window begins with, its quotes included.
fn string_end(win: &mut Window, from: &mut dyn Read, most: usize) -> Option<usize> {
    loop {
        if let Some(end) = Balance::default().feed(win.rest()) {
            return Some(end);
        }
        if win.rest().len() >= most || !win.more(from) {
            return None;
        }
    }
}

/// Whether the string the window begins with holds an object.
fn opens_text(win: &mut Window, from: &mut dyn Read) -> bool {
    while win.rest().len() < 3 && win.more(from) {}
    win.rest().starts_with(b"\"{\\")
}

/// Whether the object the window begins with is an envelope with a list in it.
fn look(win: &mut Window, from: &mut dyn Read, looked_to: &mut u64) -> bool {
    loop {
        match peek(win.rest()) {
            Peek::List => return true,
            Peek::Not => return false,
            Peek::Cut if win.rest().len() < LOOK && win.more(from) => {}
            Peek::Cut => {
                *looked_to = win.offset() + LOOK as u64;
                return false;
            }
        }
    }
}

enum Peek {
    List,
    Not,
    Cut,
}

#[inline(never)]
fn peek(bytes: &[u8]) -> Peek {
    let bytes = &bytes[..bytes.len().min(LOOK)];
    let mut i = 1;
    let mut first = true;
    let mut nested = 0;
    loop {
        i = past_blank(bytes, i);
        match bytes.get(i) {
            None => return Peek::Cut,
            Some(b'"') => {}
            Some(b',') => {
                i += 1;
                continue;
            }
            Some(_) => return Peek::Not,
        }
        let Some(n) = Balance::default().feed(&bytes[i..]) else { return Peek::Cut };
        let key = &bytes[i + 1..i + n - 1];
        if first && FIRST_KEYS.iter().any(|k| k.as_bytes() == key) {
            return Peek::Not;
        }
        first = false;
        i = past_blank(bytes, i + n);
        match bytes.get(i) {
            None => return Peek::Cut,
            Some(b':') => i = past_blank(bytes, i + 1),
            Some(_) => return Peek::Not,
        }
        match bytes.get(i) {
            None => return Peek::Cut,
            Some(b'[') if LISTS.iter().any(|k| k.as_bytes() == key) => return Peek::List,
            Some(b'[') if holds_records(&bytes[i..]) => return Peek::List,
            Some(b'{') if NESTS.contains(&key) && nested < NESTED => {
                nested += 1;
                first = true;
                i += 1;
            }
            Some(b'{' | b'[' | b'"') => match Balance::default().feed(&bytes[i..]) {
                Some(n) => i += n,
                None => return Peek::Cut,
            },
            Some(_) => match bytes[i..].iter().position(|b| matches!(b, b',' | b'}' | b']')) {
                Some(n) => i += n,
                None => return Peek::Cut,
            },
        }
    }
}

/// Whether the object these bytes begin with begins with a list.
fn opens_list(bytes: &[u8]) -> bool {
    first_key(bytes).is_some_and(|key| {
        let tail = key.len() + bytes.iter().position(|b| *b == b'"').unwrap_or(0) + 2;
        let value = bytes[tail..].trim_ascii_start().strip_prefix(b":").map(<[u8]>::trim_ascii_start);
        LISTS.iter().any(|list| list.as_bytes() == key) && value.is_some_and(|v| v.first() == Some(&b'['))
    })
}

/// Whether the array the window begins with holds records, whatever its key is called.
fn array_of_records(win: &mut Window, from: &mut dyn Read) -> bool {
    while win.rest().len() < SHOWN && win.more(from) {}
    holds_records(win.rest())
}

/// Whether these bytes are an array that begins with an object that begins as records do.
fn holds_records(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(SHOWN)];
    let i = past_blank(bytes, 1);
    bytes.get(i) == Some(&b'{') && record_key(bytes, i, FIRST_KEYS)
}

/// Whether the object at `i` begins with one of the keys.
fn record_key(bytes: &[u8], i: usize, keys: &[&str]) -> bool {
    let tail = &bytes[i + 1..bytes.len().min(i + SHOWN)];
    let Some(key) = tail[past_blank(tail, 0).min(tail.len())..].strip_prefix(b"\"") else { return false };
    keys.iter().any(|k| key.strip_prefix(k.as_bytes()).is_some_and(|t| t.first() == Some(&b'"')))
}

fn past_blank(bytes: &[u8], from: usize) -> usize {
    from + bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_whitespace()).count()
}

/// What follows an object.
#[derive(Clone, Copy, PartialEq)]
enum Flow {
    On,
    /// It was enough.
    Stop,
    /// Nothing was consumed: it is an envelope, where a record was expected.
    Envelope,
}

impl Flow {
    fn of(go_on: bool) -> Flow {
        if go_on { Flow::On } else { Flow::Stop }
    }
}

/// Reads the object the window begins with and hands it on. `listed`: it is in a list. `doubt`: see [`doubtful`].
#[inline(never)]
fn object(
    win: &mut Window,
    from: &mut dyn Read,
    record_bytes: usize,
    recall: &mut Recall,
    listed: bool,
    doubt: &mut u64,
    each: &mut dyn FnMut(Item<'_, '_>, Spot) -> bool,
) -> Flow {
    if win.offset() < *doubt {
        return doubtful(win, from, record_bytes, doubt, each);
    }
    loop {
        let rest = win.rest();
        let mut seen = Seen::default();
        let mut plain = Scan::recalling(rest, win.text(), recall);
        let end = if seen.fill(&mut plain).is_ok() && plain.offset() <= record_bytes {
            plain.complete(&mut seen.record);
            plain.offset()
        } else {
            drop(seen);
            let mut objects = serde_json::Deserializer::from_slice(rest).into_iter::<Seen<'_>>();
            let found = objects.next();
            let end = objects.byte_offset();
            match found {
                Some(Ok(_)) if end > record_bytes => break,
                Some(Ok(found)) => {
                    seen = found;
                    end
                }
                Some(Err(e)) if e.classify() == Category::Eof => {
                    if rest.len() >= record_bytes {
                        break;
                    }
                    if win.more(from) {
                        continue;
                    }
                    *doubt = win.offset() + win.rest().len() as u64;
                    return doubtful(win, from, record_bytes, doubt, each);
                }
                Some(Err(e)) => {
                    let at = position(rest, e.line(), e.column());
                    // A number that the window cuts behind its point is no whole one, and serde_json calls that a fault.
                    if at + EDGE >= rest.len() && win.more(from) {
                        continue;
                    }
                    return recover(win, from, record_bytes, at, &e, doubt, each);
                }
                None => {
                    win.consume(1);
                    return Flow::On;
                }
            }
        };
        // A record that is followed as those in a list are needs no second look.
        if listed && !matches!(rest.get(end), Some(b',' | b']')) || seen.has & mark::RECORD == 0 {
            match fits(rest, end, &seen, listed) {
                Fits::Well => {}
                Fits::Envelope => return Flow::Envelope,
                more => {
                    if more == Fits::More && win.more(from) {
                        continue;
                    }
                    *doubt = win.offset() + end as u64;
                    return doubtful(win, from, record_bytes, doubt, each);
                }
            }
        }
        let go_on = each(Item::Object(&seen, &rest[..end]), spot(win, end));
        win.consume(end);
        return Flow::of(go_on);
    }
    *doubt = win.offset() + record_bytes as u64;
    doubtful(win, from, record_bytes, doubt, each)
}

/// How a whole object fits where it stands.
#[derive(PartialEq)]
enum Fits {
    Well,
    /// That shows behind the window's end.
    More,
    /// It is an envelope in a list that was never closed.
    Envelope,
    /// It may hold others: it broke off within a list of its own, and the list that it was in closed that.
    Others,
}

#[inline(never)]
fn fits(rest: &[u8], end: usize, seen: &Seen<'_>, listed: bool) -> Fits {
    if !listed {
        return Fits::Well;
    }
    let list = seen.has & mark::RECORD == 0 && (record_key(rest, 0, LISTS) || seen.has & (mark::WATCH | mark::MESSAGE) == mark::WATCH);
    if list && matches!(peek(rest), Peek::List) {
        return Fits::Envelope;
    }
    match rest.get(past_blank(rest, end)) {
        Some(b',' | b']') => Fits::Well,
        next => match (starts(rest, 1, end, first_key(rest)), next) {
            (None, _) => Fits::Well,
            (Some(_), None) => Fits::More,
            (Some(_), Some(_)) => Fits::Others,
        },
    }
}

/// Reads an object of which it is not sure where it ends: before another begins. Looks ever further, so that the work
/// follows what is read or given up, however often it is in vain.
#[inline(never)]
fn doubtful(win: &mut Window, from: &mut dyn Read, record_bytes: usize, doubt: &mut u64, each: &mut dyn FnMut(Item<'_, '_>, Spot) -> bool) -> Flow {
    let mut reach = DOUBTED;
    loop {
        while win.rest().len() < reach + SHOWN && win.more(from) {}
        let rest = win.rest();
        if opens_list(rest) {
            return Flow::Envelope;
        }
        let piece = &rest[..reach.min(record_bytes).min(rest.len())];
        let start = starts(rest, 1, piece.len(), first_key(rest));
        let piece = &piece[..start.unwrap_or(piece.len())];
        let mut objects = serde_json::Deserializer::from_slice(piece).into_iter::<Seen<'_>>();
        let found = objects.next();
        let end = objects.byte_offset();
        match found {
            Some(Ok(seen)) => {
                let go_on = each(Item::Object(&seen, &rest[..end]), spot(win, end));
                win.consume(end);
                return Flow::of(go_on);
            }
            None => {
                win.consume(1);
                return Flow::On;
            }
            Some(Err(_)) if let Some(start) = start => {
                let go_on = each(Item::Bad(&|| "it breaks off, and another begins".into()), spot(win, start));
                win.consume(start);
                return Flow::of(go_on);
            }
            Some(Err(e)) if e.classify() == Category::Eof || position(piece, e.line(), e.column()) + EDGE >= piece.len() => {
                if piece.len() >= record_bytes {
                    break;
                }
                if piece.len() == rest.len() && e.classify() == Category::Eof {
                    let length = rest.len();
                    let go_on = each(Item::Bad(&|| "the file ends inside this record".into()), spot(win, length));
                    win.consume(length);
                    return Flow::of(go_on);
                }
                if piece.len() == rest.len() {
                    let at = position(piece, e.line(), e.column());
                    return recover(win, from, record_bytes, at, &e, doubt, each);
                }
                reach *= 4;
            }
            Some(Err(e)) => {
                let at = position(piece, e.line(), e.column());
                return recover(win, from, record_bytes, at, &e, doubt, each);
            }
        }
    }
    let here = spot(win, 0);
    let go_on = each(Item::Bad(&|| format!("larger than {} bytes, the limit for one record", grouped(record_bytes as u64))), here);
    skip_value(win, from);
    Flow::of(go_on)
}

/// Where an error stands, as an index.
fn position(bytes: &[u8], line: usize, column: usize) -> usize {
    let start = if line <= 1 { 0 } else { memchr::memchr_iter(b'\n', bytes).nth(line - 2).map_or(bytes.len(), |i| i + 1) };
    (start + column.saturating_sub(1)).min(bytes.len())
}

/// The object at the window's beginning is broken at `at`: finds where it ends, or where the next record begins if that
/// comes first, tries to mend it, and reports it. Looks ever further, so that the work follows what is given up.
#[inline(never)]
fn recover(
    win: &mut Window,
    from: &mut dyn Read,
    record_bytes: usize,
    at: usize,
    error: &serde_json::Error,
    doubt: &mut u64,
    each: &mut dyn FnMut(Item<'_, '_>, Spot) -> bool,
) -> Flow {
    let mut reach = at + 4096;
    let length = loop {
        while win.rest().len() < reach + SHOWN && win.more(from) {}
        let rest = win.rest();
        let piece = &rest[..reach.min(rest.len())];
        // Before it broke it may have taken others for parts of itself.
        let start = starts(rest, 1, piece.len(), first_key(rest));
        let start = next_start(rest, opened(rest, at).max(1), start.unwrap_or(piece.len())).or(start);
        let end = Balance::default().feed(&piece[..start.unwrap_or(piece.len())]);
        if let Some(end) = end.or(start) {
            break end;
        }
        if piece.len() == rest.len() {
            break rest.len();
        }
        reach *= 2;
    };
    let here = spot(win, length);
    let bytes = &win.rest()[..length];
    let mended = mend(bytes).filter(|_| length <= record_bytes);
    let go_on = match mended.as_deref().map(serde_json::from_slice::<Seen<'_>>) {
        Some(Ok(seen)) => each(Item::Object(&seen, bytes), here),
        _ => each(Item::Bad(&|| reason(error, win.rest(), at, here.line)), here),
    };
    win.consume(length);
    if length < at {
        *doubt = (*doubt).max(win.offset() + (at - length) as u64);
    }
    Flow::of(go_on)
}

/// What is wrong, for people.
fn reason(error: &serde_json::Error, bytes: &[u8], at: usize, line: u64) -> String {
    let text = error.to_string();
    let text = text.rfind(" at line ").map_or(text.as_str(), |i| &text[..i]);
    let text = if text.starts_with("control character") { "a text goes over the end of its line or has a control character" } else { text };
    if error.classify() == Category::Data {
        return text.to_owned();
    }
    let at = at.min(bytes.len());
    let here = line + newlines(&bytes[..at]);
    let tail = &bytes[at..];
    let tail = &tail[..memchr::memchr(b'\n', tail).unwrap_or(tail.len())];
    let found = if tail.trim_ascii().is_empty() { "the end of the line".into() } else { quoted(tail) };
    format!("not valid JSON at line {here}: {text}, found {found}")
}

/// Up to 40 characters of what was found, between backticks.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let text = text.trim();
    let mut short: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("`{short}`")
}

/// The first `{` in `from..to` that can hardly be but the beginning of a record, or of an envelope, even inside of what is
/// not closed: at the start of a line; before the keys that CloudTrail begins each record with; before the key of a list;
/// and before `own`, the first key of what it stands in (before any, where that broke off in it), but for a value's
/// beginning. None of them is within a text: a quote is escaped there, and a line does not end.
fn starts(bytes: &[u8], from: usize, to: usize, own: Option<&[u8]>) -> Option<usize> {
    let sure = |i: &usize| {
        let before = bytes[i.saturating_sub(64)..*i].trim_ascii_end().last().copied();
        if *i > 0 && bytes[i - 1] == b'\n' {
            return true;
        }
        // As the value of a key a record stands in somebody's envelope: no other begins there, but in a record.
        let value = before == Some(b':');
        if versioned(bytes, *i) {
            return !value || own == Some(b"eventVersion");
        }
        !value && before != Some(b'[') && (record_key(bytes, *i, LISTS) || first_key(&bytes[*i..]).is_some_and(|key| own.is_none_or(|own| own == key)))
    };
    let from = from.min(to);
    memchr::memchr_iter(b'{', &bytes[from..to]).map(|i| from + i).find(sure)
}

/// Where the object begins whose first key is at `at`; else, just before `at`. A text that broke off ends at that key's quote.
fn opened(bytes: &[u8], at: usize) -> usize {
    let before = bytes[..at].strip_suffix(b"\"").map(<[u8]>::trim_ascii_end).filter(|b| b.ends_with(b"{"));
    before.map_or(at, <[u8]>::len).saturating_sub(1)
}

/// Whether at `i` stands `{"eventVersion":"1.11","userIdentity":{`.
fn versioned(bytes: &[u8], i: usize) -> bool {
    let mut tail = &bytes[i..bytes.len().min(i + SHOWN)];
    for word in [&b"{"[..], b"\"eventVersion\"", b":", b"\""] {
        let Some(rest) = tail.trim_ascii_start().strip_prefix(word) else { return false };
        tail = rest;
    }
    tail = &tail[tail.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count()..];
    for word in [&b"\""[..], b",", b"\"userIdentity\"", b":", b"{"] {
        let Some(rest) = tail.trim_ascii_start().strip_prefix(word) else { return false };
        tail = rest;
    }
    true
}

/// How the object the window begins with begins: up to the end of its first key. Empty where it has none.
fn mark(win: &mut Window, from: &mut dyn Read) -> Vec<u8> {
    while win.rest().len() < SHOWN && win.more(from) {}
    let rest = win.rest();
    first_key(rest).map(|key| rest[..past_blank(rest, 1) + key.len() + 2].to_vec()).unwrap_or_default()
}

/// The first key of the object these bytes begin with, where it and its colon show.
fn first_key(bytes: &[u8]) -> Option<&[u8]> {
    let tail = &bytes[1.min(bytes.len())..bytes.len().min(SHOWN)];
    let key = tail.trim_ascii_start().strip_prefix(b"\"")?;
    let end = memchr::memchr(b'"', key)?;
    (key[end + 1..].trim_ascii_start().first() == Some(&b':')).then(|| &key[..end])
}

/// The first `{` in `from..to` where a record seems to begin: at the start of a line, or before a key records begin with.
fn next_start(bytes: &[u8], from: usize, to: usize) -> Option<usize> {
    let from = from.min(to);
    memchr::memchr_iter(b'{', &bytes[from..to]).map(|i| from + i).find(|&i| begins(bytes, i))
}

fn begins(bytes: &[u8], i: usize) -> bool {
    if i > 0 && bytes[i - 1] == b'\n' {
        return true;
    }
    record_key(bytes, i, FIRST_KEYS) || record_key(bytes, i, LISTS)
}

/// A string where a record is expected.
fn text(win: &mut Window, from: &mut dyn Read, record_bytes: usize, each: &mut dyn FnMut(Item<'_, '_>, Spot) -> bool) -> bool {
    match string_end(win, from, record_bytes) {
        Some(n) if win.rest().starts_with(b"\"{") => {
            let spot = spot(win, n);
            let go_on = each(Item::Text(&win.rest()[..n]), spot);
            win.consume(n);
            go_on
        }
        _ => stray(win, from, false, each),
    }
}

/// Text that is no JSON: goes on where a record seems to begin. A prefix on a record's own line, as a time written before
/// it, is no fault, nor is what follows a record behind a tab.
#[inline(never)]
fn stray(win: &mut Window, from: &mut dyn Read, tabbed: bool, each: &mut dyn FnMut(Item<'_, '_>, Spot) -> bool) -> bool {
    while win.rest().len() < 200 && win.more(from) {}
    let line = &win.rest()[..memchr::memchr(b'\n', win.rest()).unwrap_or(win.rest().len())];
    let (found, here) = (quoted(line), spot(win, line.len()));
    let mut skip = 1;
    let at_record =
    loop {
        let rest = win.rest();
        // A start near the edge may not show its key yet.
        let sure = rest.len().saturating_sub(SHOWN).max(skip.min(rest.len()));
        if let Some(i) = next_start(rest, skip, sure) {
            win.consume(i);
            break true;
        }
        win.consume(sure.saturating_sub(1)); // the newline before a start is kept
        skip = 1;
        if !win.more(from) {
            let rest = win.rest();
            let start = next_start(rest, 1, rest.len());
            win.consume(start.unwrap_or(rest.len()));
            break start.is_some();
        }
    };
    if tabbed || at_record && win.line() == here.line { true } else { each(Item::Stray(found), here) }
}
