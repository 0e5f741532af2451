//! CloudTrail's digest files: which log files they name, with their SHA-256. What they say is text and never a path.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::Read;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Limits, Source, container, size_of};

/// One digest file, as far as it is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct DigestFile {
    /// Its own key, and that of the one before.
    pub(crate) key: String,
    pub(crate) previous: String,
    /// SHA-256 of itself, inflated, and what it says of the one before.
    pub(crate) hash: String,
    pub(crate) previous_hash: String,
    pub(crate) start: String,
    pub(crate) end: String,
    pub(crate) logs: Vec<NamedLog>,
    /// Log files named beyond the limit.
    pub(crate) unkept: u64,
}

/// A log file that a digest names.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct NamedLog {
    pub(crate) key: String,
    /// SHA-256 of the inflated file, in lower case; empty where the digest says none that can be compared.
    pub(crate) hash: String,
}

/// How long a key may be; S3's own limit.
const KEY: usize = 1024;

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Said {
    #[serde(rename = "digestS3Object")]
    key: Option<String>,
    #[serde(rename = "previousDigestS3Object")]
    previous: Option<String>,
    #[serde(rename = "previousDigestHashValue")]
    previous_hash: Option<String>,
    #[serde(rename = "digestStartTime")]
    start: Option<String>,
    #[serde(rename = "digestEndTime")]
    end: Option<String>,
    #[serde(rename = "logFiles")]
    logs: Option<Vec<SaidLog>>,
}

#[derive(Deserialize)]
struct SaidLog {
    #[serde(rename = "s3Object", default)]
    key: Option<String>,
    #[serde(rename = "hashValue", default)]
    hash: Option<String>,
    #[serde(rename = "hashAlgorithm", default)]
    algorithm: Option<String>,
}

/// Reads a digest file; of the log files it names at most so many. None: it is none after all.
pub(super) fn read(bytes: &[u8], most: usize) -> Option<DigestFile> {
    let said: Said = serde_json::from_slice(bytes).ok()?;
    let short = |text: Option<String>| text.unwrap_or_default().chars().take(KEY).collect::<String>();
    let logs = said.logs.unwrap_or_default();
    let unkept = logs.len().saturating_sub(most) as u64;
    let logs = logs.into_iter().take(most).map(|log| {
        let known = log.algorithm.as_deref().is_none_or(|name| name.eq_ignore_ascii_case("SHA-256"));
        NamedLog { key: short(log.key), hash: if known { hash_said(log.hash) } else { String::new() } }
    });
    Some(DigestFile {
        key: short(said.key),
        previous: short(said.previous),
        hash: hex(&Sha256::digest(bytes)),
        previous_hash: hash_said(said.previous_hash),
        start: short(said.start),
        end: short(said.end),
        logs: logs.collect(),
        unkept,
    })
}

/// A hash as it is compared, where it is one.
fn hash_said(text: Option<String>) -> String {
    text.filter(|t| t.len() == 64 && t.bytes().all(|b| b.is_ascii_hexdigit())).map(|t| t.to_ascii_lowercase()).unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|half| char::from_digit(half.into(), 16).unwrap_or('0')).collect()
}

/// The last part of a name, without what says that it is compressed: by this a file and a digest's key are held together,
/// since folders are cut off in many ways, and AWS gives no name twice. A number with which the page, or a browser that
/// saves a file again, tells copies apart (`… (2)`) is no part of it.
pub(crate) fn last_part(name: &str) -> &str {
    let last = name.rsplit(['/', '\\', '!']).next().unwrap_or(name);
    let number = |rest: &&str| rest.strip_suffix(')').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    let last = last.rsplit_once(" (").filter(|(_, rest)| number(rest)).map_or(last, |(name, _)| name);
    last.strip_suffix(".gz").unwrap_or(last)
}

/// A file that was read once more, or a member of an archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hashed {
    /// Its name; in an archive the archive's, an exclamation mark, and its own.
    pub name: String,
    /// SHA-256 of what it holds once inflated, in hexadecimal; empty where it could not be read to its end.
    pub hash: String,
}

/// Reads a part of a file once more (which, from 0, and of how many), and hashes what has one of the names (their last parts,
/// as [`last_part`] gives them). What cannot even be opened is not there.
pub fn hash_part<R: Source>(name: &str, part: (u32, u32), mut reader: R, limits: &Limits, wanted: &BTreeSet<String>) -> Vec<Hashed> {
    let Ok(size) = size_of(&mut reader) else { return Vec::new() };
    let room = Cell::default();
    let budget = container::Budget { limits, size, part, half: false, spent: 0.into(), over: false.into(), kinds: 0.into(), room: &room };
    let mut found: Vec<Hashed> = Vec::new();
    let mut members = 0;
    let mut leaf = |path: &str, _: &[u8], from: &mut dyn Read| {
        members += 1;
        let full = if path.is_empty() { name.to_owned() } else { format!("{name}!{path}") };
        if wanted.contains(last_part(&full)) {
            let hash = hash_of(from).unwrap_or_default();
            found.push(Hashed { name: full, hash });
        }
        members < limits.members && !budget.over.get()
    };
    container::open_file(name, reader, &budget, &mut leaf, &mut |_, _| {});
    found
}

fn hash_of(from: &mut dyn Read) -> Option<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Some(hex(&hasher.finalize())),
            Ok(n) => hasher.update(&buffer[..n]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}
