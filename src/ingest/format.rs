//! A row of the table of formats.

use super::csv::Columns;
use super::object::Seen;
use super::rebuild::Shape;

/// A shape and what is done with it.
pub(super) struct Format {
    /// What people call it; for what is not read it stands in the reason.
    pub(super) name: &'static str,
    pub(super) sign: Sign,
    pub(super) then: Then,
}

/// What a shape is known by, never its file's name.
pub(super) enum Sign {
    /// The first bytes of a member (up to 1,024).
    Head(fn(&[u8]) -> bool),
    /// The names in the first row of a table.
    Columns(fn(&Columns) -> bool),
    /// The keys of one JSON object.
    Object(fn(&Seen<'_>) -> bool),
}

/// What is done with it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Then {
    /// It is a record, or has one under `detail`.
    Record,
    /// It has a whole record as text, under one of the keys that `object` looks at: what it is called.
    Inner(&'static str),
    /// Records are put together from it.
    Rebuild(Shape),
    /// A column has whole records as text. Where it is empty the row's other columns serve.
    Text(&'static str),
    /// Records are put together from its columns.
    Rows,
    /// A table: its first row says which.
    Table,
    /// A finding, noted beside the events.
    Finding,
    /// Counted as an insight.
    Insight,
    /// Counted as a digest file.
    Digest,
    /// Left out, with this reason.
    Foreign(&'static str),
}
