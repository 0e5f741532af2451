//! Who acted, as it was written before. A session repeats its `userIdentity` byte by byte in every record, and it is a third
//! of the record: where the same bytes come again, they need not be read again.
//!
//! It changes nothing that is read: the same bytes mean the same. It depends on the order of records, so nothing but speed
//! may depend on it.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::bytes::same;
use crate::record::{Recalled, Record};

/// So many principals are remembered, each with its last two identities.
const PRINCIPALS: usize = 512;
const EACH: usize = 2;
/// Longer ones are not remembered.
const LONGEST: usize = 4096;
/// The quotes up to the end of the second value: of `type` and `principalId`, as CloudTrail writes them.
const QUOTES: usize = 8;
/// How far they are looked for.
const LOOK: usize = 256;

/// Identities that were read.
#[derive(Default)]
pub(super) struct Recall {
    known: Vec<Known>,
}

/// One of them.
#[derive(Default, Clone)]
struct Known {
    /// All of the object; empty where nothing is remembered.
    text: Box<str>,
    /// Where in it each field of [`Record::of_identity`] stands; empty where it is absent.
    fields: [(u16, u16); Record::IDENTITY],
    number: u64,
}

/// Numbers are given once in a process, so that they mean the same wherever they are met.
static NUMBERS: AtomicU64 = AtomicU64::new(1);

impl Recall {
    /// Where an identity that begins here is remembered, or would be.
    fn row(text: &str) -> Option<usize> {
        let bytes = &text.as_bytes()[..text.len().min(LOOK)];
        let end = memchr::memchr_iter(b'"', bytes).nth(QUOTES - 1)?;
        let last = bytes[..end].last_chunk::<8>()?;
        let mixed = (u64::from_le_bytes(*last) ^ end as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Some((mixed >> 32) as usize % PRINCIPALS * EACH)
    }

    /// The identity that stands at the beginning of a text, if it is known: its number here, and its length.
    pub(super) fn find(&self, text: &str) -> Option<(usize, usize)> {
        let row = Recall::row(text)?;
        let at = (row..row + EACH).find(|at| {
            self.known.get(*at).is_some_and(|known| !known.text.is_empty() && text.as_bytes().get(..known.text.len()).is_some_and(|start| same(start, known.text.as_bytes())))
        })?;
        Some((at, self.known[at].text.len()))
    }

    /// Puts what is known at `at` into a record. `text`: where it was found.
    pub(super) fn put<'a>(&self, at: usize, text: &'a str, record: &mut Record<'a>) {
        let known = &self.known[at];
        for (field, (from, length)) in record.of_identity().into_iter().zip(known.fields) {
            *field = Cow::Borrowed(text.get(from as usize..(from + length) as usize).unwrap_or_default());
        }
        record.recalled = Recalled(known.number);
    }

    /// Remembers what a record has of its identity. `text`: all of the object that it was read from.
    pub(super) fn learn<'a>(&mut self, text: &'a str, record: &mut Record<'a>) {
        let Some(row) = Recall::row(text).filter(|_| text.len() <= LONGEST) else { return };
        let mut fields = [(0, 0); Record::IDENTITY];
        for (field, at) in record.of_identity().into_iter().zip(&mut fields) {
            if field.is_empty() {
                continue;
            }
            // What was rewritten on the way does not stand there.
            let from = (field.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
            if !matches!(field, Cow::Borrowed(_)) || text.get(from..from.saturating_add(field.len())) != Some(&**field) {
                return;
            }
            *at = (from as u16, field.len() as u16);
        }
        if self.known.is_empty() {
            self.known = vec![Known::default(); PRINCIPALS * EACH];
        }
        self.known.swap(row, row + 1);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        self.known[row] = Known { text: text.into(), fields, number };
        record.recalled = Recalled(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_give_the_same_fields_and_others_none() {
        let said = r#"{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::1:user/a","accountId":"1"}"#;
        let read = || Record {
            identity_type: Cow::Borrowed(&said[9..16]),
            principal_id: Cow::Borrowed(&said[33..44]),
            arn: Cow::Borrowed(&said[53..74]),
            account_id: Cow::Borrowed(&said[89..90]),
            ..Record::default()
        };
        assert_eq!(read().arn, "arn:aws:iam::1:user/a");
        let mut recall = Recall::default();
        assert!(recall.find(said).is_none());
        let mut first = read();
        recall.learn(said, &mut first);
        let again = format!("{said},\"eventTime\":\"x\"");
        let (at, length) = recall.find(&again).expect("it is known");
        assert_eq!(length, said.len());
        let mut second = Record::default();
        recall.put(at, &again, &mut second);
        assert_eq!(second, read());
        assert!(first.recalled.0 != 0 && first.recalled.0 == second.recalled.0);
        assert!(recall.find(&said.replace("user/a", "user/b")).is_none());
        assert!(recall.find(&said[..said.len() - 1]).is_none(), "cut short");
        // What does not stand there as it is cannot be found there.
        let mut owned = Record { arn: Cow::Owned(read().arn.into_owned()), ..read() };
        let mut recall = Recall::default();
        recall.learn(said, &mut owned);
        assert!(recall.find(said).is_none() && owned.recalled.0 == 0);
    }
}
