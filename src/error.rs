//! What can go wrong: nothing could be read (`Error`), or a record or file was left out (`Skipped`).

use serde::{Deserialize, Serialize};

/// Nothing could be read. The text is for people: what was expected, what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(pub String);

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// A record, an archive's member or a file that was left out: where and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Skipped {
    /// The file as the caller named it, with the member's name after `!` inside an archive.
    pub file: String,
    /// Where in the inflated file: byte offset.
    pub offset: u64,
    /// Where in the inflated file: line, from 1.
    pub line: u64,
    /// What was expected and what was found, with the found text cut to 80 characters.
    pub reason: String,
}
