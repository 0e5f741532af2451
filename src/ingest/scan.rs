//! A reader of plain JSON, quick and strict: it takes what nearly every record is made of, and gives up on the rest.
//!
//! It never says that something is wrong. Where it gives up (`Odd`), the object is read again by serde_json, which knows
//! every case and says what is wrong and where. So it may refuse what serde_json accepts, and must never accept what
//! serde_json refuses, or understand it otherwise: tests compare the two.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use wide::u8x16;

use super::object::IDENTITY;
use super::recall::Recall;
use crate::record::Record;

/// Objects and arrays inside each other that are visited. serde_json allows 127, with those that are stepped over.
const VISITED: u32 = 32;
/// Those inside each other that are stepped over.
const STEPPED_OVER: u32 = 64;

/// The bytes from which one value is read.
pub(super) struct Scan<'a, 'm> {
    bytes: &'a [u8],
    /// The same as text, where that is known.
    text: Option<&'a str>,
    at: usize,
    depth: u32,
    recall: Option<&'m mut Recall>,
    identity: Met,
}

/// What was met of identities in the value.
enum Met {
    Nothing,
    /// One that stands there and is remembered under a number.
    Known(usize, usize),
    /// One that was read.
    Read(Range<usize>),
    /// More than one.
    Several,
}

/// Something that is not plain. serde_json must look.
#[derive(Debug)]
pub(super) struct Odd;

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not plain")
    }
}

impl std::error::Error for Odd {}

impl Error for Odd {
    fn custom<T: fmt::Display>(_: T) -> Odd {
        Odd
    }
}

/// Sets a bit for each byte that ends a run of plain text: quote, backslash, control character.
#[inline]
fn special(bytes: [u8; 16]) -> u32 {
    let bytes = u8x16::from(bytes);
    let control = bytes.min(u8x16::splat(0x1F)).simd_eq(bytes);
    (bytes.simd_eq(u8x16::splat(b'"')) | bytes.simd_eq(u8x16::splat(b'\\')) | control).to_bitmask()
}

impl<'a, 'm> Scan<'a, 'm> {
    /// `text`: the same, where the bytes are known to be text.
    pub(super) fn new(bytes: &'a [u8], text: Option<&'a str>) -> Scan<'a, 'm> {
        Scan { bytes, text, at: 0, depth: 0, recall: None, identity: Met::Nothing }
    }

    /// The same, with what is remembered of identities: the record that is read is not whole before [`Scan::complete`].
    pub(super) fn recalling(bytes: &'a [u8], text: Option<&'a str>, recall: &'m mut Recall) -> Scan<'a, 'm> {
        Scan { recall: text.is_some().then_some(recall), ..Scan::new(bytes, text) }
    }

    /// Puts what is remembered of its identity into the record that was read, or remembers what was read of it.
    pub(super) fn complete(&mut self, record: &mut Record<'a>) {
        let (Some(recall), Some(text)) = (&mut self.recall, self.text) else { return };
        match &self.identity {
            Met::Known(number, from) => recall.put(*number, &text[*from..], record),
            Met::Read(at) => recall.learn(&text[at.clone()], record),
            Met::Nothing | Met::Several => {}
        }
    }

    /// Steps over an identity that is remembered. `at` is where it would begin.
    fn known_identity(&mut self) -> bool {
        let (Some(recall), Some(rest)) = (&self.recall, self.text.and_then(|text| text.get(self.at..))) else { return false };
        let Some((number, length)) = recall.find(rest) else { return false };
        self.identity = Met::Known(number, self.at);
        self.at += length;
        true
    }

    /// A piece of it as text.
    #[inline]
    fn text(&self, from: usize, to: usize) -> Result<&'a str, Odd> {
        match self.text {
            Some(text) => text.get(from..to).ok_or(Odd),
            None => std::str::from_utf8(&self.bytes[from..to]).map_err(|_| Odd),
        }
    }

    /// How far it has read.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    #[inline]
    fn peek(&self) -> Result<u8, Odd> {
        self.bytes.get(self.at).copied().ok_or(Odd)
    }

    /// The next byte that is no white space, not consumed.
    #[inline]
    fn significant(&mut self) -> Result<u8, Odd> {
        loop {
            match self.peek()? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Ok(byte),
            }
        }
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Odd> {
        if self.significant()? != byte {
            return Err(Odd);
        }
        self.at += 1;
        Ok(())
    }

    /// The index of the next quote, backslash or control character.
    #[inline]
    fn next_special(&self, mut from: usize) -> Result<usize, Odd> {
        // Most texts end within so many bytes.
        while let Some(piece) = self.bytes.get(from..).and_then(|rest| rest.first_chunk::<32>()) {
            let [first, second] = piece.as_chunks::<16>().0 else { return Err(Odd) };
            let found = special(*first) | special(*second) << 16;
            if found != 0 {
                return Ok(from + found.trailing_zeros() as usize);
            }
            from += 32;
        }
        let rest = self.bytes.get(from..).ok_or(Odd)?;
        rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).map(|n| from + n).ok_or(Odd)
    }

    /// Steps over a string; `at` is at its opening quote. Answers whether it has escapes.
    #[inline]
    fn step_over_string(&mut self) -> Result<bool, Odd> {
        let mut at = self.next_special(self.at + 1)?;
        let mut escaped = false;
        while self.bytes[at] != b'"' {
            if self.bytes[at] != b'\\' {
                return Err(Odd);
            }
            escaped = true;
            at += match self.bytes.get(at + 1).ok_or(Odd)? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
                b'u' if self.bytes.get(at + 2..at + 6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) => 6,
                _ => return Err(Odd),
            };
            at = self.next_special(at)?;
        }
        self.at = at + 1;
        Ok(escaped)
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Odd> {
        if !self.bytes[self.at..].starts_with(word) {
            return Err(Odd);
        }
        self.at += word.len();
        Ok(())
    }

    /// Steps over digits, at least one.
    fn digits(&mut self) -> Result<(), Odd> {
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += count;
        // At the end of the window the number may go on.
        if count == 0 || count == rest.len() { Err(Odd) } else { Ok(()) }
    }

    fn step_over_number(&mut self) -> Result<(), Odd> {
        if self.peek()? == b'-' {
            self.at += 1;
        }
        if self.peek()? == b'0' {
            self.at += 1;
            if self.peek()?.is_ascii_digit() {
                return Err(Odd);
            }
        } else {
            self.digits()?;
        }
        if self.peek()? == b'.' {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek()?, b'e' | b'E') {
            self.at += 1;
            if matches!(self.peek()?, b'+' | b'-') {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Steps over a whole value, checking that it is JSON, without building it.
    fn step_over(&mut self) -> Result<(), Odd> {
        // Which of the open brackets are braces, the innermost in the lowest bit.
        let (mut braces, mut open) = (0u64, 0u32);
        loop {
            match self.significant()? {
                b'"' => _ = self.step_over_string()?,
                bracket @ (b'{' | b'[') => {
                    if open == STEPPED_OVER {
                        return Err(Odd);
                    }
                    let brace = bracket == b'{';
                    self.at += 1;
                    let next = self.significant()?;
                    if next == bracket + 2 {
                        self.at += 1;
                    } else {
                        open += 1;
                        braces = braces << 1 | u64::from(brace);
                        if brace {
                            self.key()?;
                        }
                        continue;
                    }
                }
                b't' => self.literal(b"true")?,
                b'f' => self.literal(b"false")?,
                b'n' => self.literal(b"null")?,
                b'-' | b'0'..=b'9' => self.step_over_number()?,
                _ => return Err(Odd),
            }
            loop {
                if open == 0 {
                    return Ok(());
                }
                let brace = braces & 1 == 1;
                match self.significant()? {
                    b',' => {
                        self.at += 1;
                        if brace {
                            self.significant()?;
                            self.key()?;
                        }
                        break;
                    }
                    b'}' if brace => self.at += 1,
                    b']' if !brace => self.at += 1,
                    _ => return Err(Odd),
                }
                braces >>= 1;
                open -= 1;
            }
        }
    }

    /// Steps over a key and its colon.
    #[inline]
    fn key(&mut self) -> Result<(), Odd> {
        if self.peek()? != b'"' {
            return Err(Odd);
        }
        self.step_over_string()?;
        self.expect(b':')
    }
}

impl<'de> Deserializer<'de> for &mut Scan<'de, '_> {
    type Error = Odd;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        match self.significant()? {
            b'"' => self.deserialize_str(visitor),
            b'{' => {
                if self.depth == VISITED {
                    return Err(Odd);
                }
                self.at += 1;
                self.depth += 1;
                let mut map = Map { scan: self, first: true, ended: false };
                let value = visitor.visit_map(&mut map)?;
                if !map.ended {
                    return Err(Odd);
                }
                self.depth -= 1;
                Ok(value)
            }
            b'[' => {
                if self.depth == VISITED {
                    return Err(Odd);
                }
                self.at += 1;
                self.depth += 1;
                let mut seq = Seq { scan: self, first: true, ended: false };
                let value = visitor.visit_seq(&mut seq)?;
                if !seq.ended {
                    return Err(Odd);
                }
                self.depth -= 1;
                Ok(value)
            }
            b't' => self.literal(b"true").and_then(|()| visitor.visit_bool(true)),
            b'f' => self.literal(b"false").and_then(|()| visitor.visit_bool(false)),
            b'n' => self.literal(b"null").and_then(|()| visitor.visit_unit()),
            b'0'..=b'9' => {
                let from = self.at;
                self.step_over_number()?;
                let digits = &self.bytes[from..self.at];
                if digits.len() > 18 {
                    return Err(Odd);
                }
                let value = digits.iter().try_fold(0u64, |value, b| b.is_ascii_digit().then(|| value * 10 + u64::from(b - b'0')));
                visitor.visit_u64(value.ok_or(Odd)?)
            }
            _ => Err(Odd),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        if self.significant()? != b'"' {
            return Err(Odd);
        }
        let from = self.at;
        if self.step_over_string()? {
            let text: String = serde_json::from_slice(&self.bytes[from..self.at]).map_err(|_| Odd)?;
            return visitor.visit_str(&text);
        }
        visitor.visit_borrowed_str(self.text(from + 1, self.at - 1)?)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Odd> {
        if name != IDENTITY || self.recall.is_none() {
            return visitor.visit_newtype_struct(self);
        }
        self.significant()?;
        let from = self.at;
        let first = matches!(self.identity, Met::Nothing);
        if first && self.known_identity() {
            return visitor.visit_unit();
        }
        // A second one adds to the first.
        if matches!(self.identity, Met::Known(..)) {
            return Err(Odd);
        }
        let value = visitor.visit_newtype_struct(&mut *self)?;
        self.identity = if first { Met::Read(from..self.at) } else { Met::Several };
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        self.step_over()?;
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char string byte_buf option unit unit_struct seq
        tuple tuple_struct map struct enum identifier bytes
    }
}

struct Map<'s, 'a, 'm> {
    scan: &'s mut Scan<'a, 'm>,
    first: bool,
    ended: bool,
}

impl<'de> MapAccess<'de> for &mut Map<'_, 'de, '_> {
    type Error = Odd;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Odd> {
        match self.scan.significant()? {
            b'}' => {
                self.scan.at += 1;
                self.ended = true;
                return Ok(None);
            }
            b',' if !self.first => {
                self.scan.at += 1;
                if self.scan.significant()? != b'"' {
                    return Err(Odd);
                }
            }
            b'"' if self.first => {}
            _ => return Err(Odd),
        }
        self.first = false;
        seed.deserialize(&mut *self.scan).map(Some)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Odd> {
        self.scan.expect(b':')?;
        seed.deserialize(&mut *self.scan)
    }
}

struct Seq<'s, 'a, 'm> {
    scan: &'s mut Scan<'a, 'm>,
    first: bool,
    ended: bool,
}

impl<'de> SeqAccess<'de> for &mut Seq<'_, 'de, '_> {
    type Error = Odd;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Odd> {
        match self.scan.significant()? {
            b']' => {
                self.scan.at += 1;
                self.ended = true;
                return Ok(None);
            }
            b',' if !self.first => self.scan.at += 1,
            _ if self.first => {}
            _ => return Err(Odd),
        }
        self.first = false;
        seed.deserialize(&mut *self.scan).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::super::object::Seen;
    use super::*;
    use serde::Deserialize;

    const RECORD: &str = r#"{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::123456789012:assumed-role/a/b",
        "sessionContext":{"attributes":{"mfaAuthenticated":"false"}}},"eventTime":"2025-03-01T10:00:00Z","eventName":"AssumeRole",
        "eventSource":"sts.amazonaws.com","userAgent":"a\"\u00e9 ü","requestParameters":{"durationSeconds":3600,"x":[1,-2.5e+3,0,{"y":[]},
        true,false,null,"\\\/\u12aF"],"bucketName":"b"},"responseElements":null,"readOnly":false,"eventID":"1"} tail"#;

    /// Reads a record, and whether its identity was known.
    fn learn(text: &str, recall: &mut Recall) -> bool {
        let mut scan = Scan::recalling(text.as_bytes(), Some(text), recall);
        let mut seen = Seen::deserialize(&mut scan).expect("plain");
        let known = matches!(scan.identity, Met::Known(..));
        scan.complete(&mut seen.record);
        known
    }

    /// Where the quick reader takes something, serde_json takes the same, as far, and understands it alike.
    fn agrees(bytes: &[u8]) -> bool {
        let text = std::str::from_utf8(bytes).ok();
        let mut scan = Scan::new(bytes, text);
        let quick = Seen::deserialize(&mut scan);
        let mut doubting = Scan::new(bytes, None);
        assert_eq!(format!("{:?}", Seen::deserialize(&mut doubting)), format!("{quick:?}"));
        // What knows the record's identity beforehand reads the same.
        let mut recall = Recall::default();
        learn(RECORD, &mut recall);
        let mut knowing = Scan::recalling(bytes, text, &mut recall);
        let known = Seen::deserialize(&mut knowing).ok().map(|mut seen| {
            knowing.complete(&mut seen.record);
            (format!("{seen:?}"), knowing.offset())
        });
        let Ok(quick) = quick else {
            assert_eq!(known, None);
            return false;
        };
        assert!(known.is_none_or(|known| known == (format!("{quick:?}"), scan.offset())));
        let mut objects = serde_json::Deserializer::from_slice(bytes).into_iter::<Seen<'_>>();
        let slow = objects.next().expect("something is there").expect("serde_json accepts what the quick reader does");
        assert_eq!((format!("{quick:?}"), scan.offset()), (format!("{slow:?}"), objects.byte_offset()));
        true
    }

    #[test]
    fn it_never_takes_what_serde_json_refuses_or_reads_otherwise() {
        assert!(agrees(RECORD.as_bytes()), "a plain record is taken");
        let mut taken = 0;
        for at in 0..RECORD.len() {
            agrees(&RECORD.as_bytes()[..at]);
            for byte in [b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', b'0', b'-', b'.', b'e', b'u', b'\n', b' ', 0, 0x80, 0xff] {
                let mut changed = RECORD.as_bytes().to_vec();
                changed[at] = byte;
                taken += u32::from(agrees(&changed));
                changed.insert(at, byte);
                taken += u32::from(agrees(&changed));
                changed.remove(at);
                changed.remove(at);
                taken += u32::from(agrees(&changed));
            }
        }
        assert!(taken > 5_000, "{taken}");
    }

    #[test]
    fn an_identity_is_read_once_and_two_in_one_object_are_left_to_serde_json() {
        let mut recall = Recall::default();
        assert!(!learn(RECORD, &mut recall));
        assert!(learn(RECORD, &mut recall));
        assert!(learn(&RECORD.replace("\"readOnly\":false", "\"readOnly\":true"), &mut recall));
        assert!(!learn(&RECORD.replace("role/a/b", "role/a/c"), &mut recall));
        assert!(learn(RECORD, &mut recall), "of a principal the last two are known");
        let identity = RECORD.split_once("\"userIdentity\":").and_then(|(_, rest)| rest.split_once(",\"eventTime\"")).expect("it is there").0;
        let twice = RECORD.replacen("\"eventName\"", &format!("\"userIdentity\":{identity},\"eventName\""), 1);
        let mut scan = Scan::recalling(twice.as_bytes(), Some(&twice), &mut recall);
        assert!(Seen::deserialize(&mut scan).is_err());
    }

    #[test]
    fn what_is_deep_is_left_to_serde_json() {
        let deep = |n: usize| format!("{{\"x\":{}{}}}", "[".repeat(n), "]".repeat(n));
        assert!(agrees(deep(20).as_bytes()));
        assert!(!agrees(deep(200).as_bytes()));
    }
}
