//! How much of an untrusted file is read before it is refused.

/// Bounds on what files may cost. Each holds for one file as the caller names it, archives included, but for those of a
/// [`Loader`](crate::Loader), which say so. What is past a bound is left out and said; the rest is read.
///
/// How long a text may be has no bound of its own: `record_bytes` holds while it is read, and of what is kept of a record
/// no text is longer than 1,024 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Inflated bytes of one file, all its members and all layers of compression together. 64 GiB: two years of a
    /// large organisation; what grows past it is a bomb or wants splitting.
    pub inflated_per_file: u64,
    /// Inflated bytes for each byte of the file, counted once 64 MiB are inflated. CloudTrail's gzip gives 10 to 25;
    /// deflate cannot give more than 1,032.
    pub ratio: u64,
    /// Containers inside each other: a zip of tars of gzips is three.
    pub nesting: u32,
    /// The largest single record in bytes. CloudTrail's own are at most 256 KB (1 MB since 2025).
    pub record_bytes: usize,
    /// Brackets around a record.
    pub json_depth: usize,
    /// Members of one file's archives, the nested ones included.
    pub members: usize,
    /// A zip inside another container is held in memory to be read: at most so many bytes.
    pub nested_zip: u64,
    /// Bytes of standard input, which is held in memory since an archive's list of members is at its end.
    pub standard_input: u64,
    /// Inflated bytes of all files of a loader. 1 TiB: past that, filter first.
    pub inflated_in_all: u64,
    /// Events of all files of a loader. Each costs about 100 bytes of memory: these 3 GB.
    pub records: u64,
    /// Different texts of one kind (user agents, ARNs, addresses, names, all others) that a report tells apart, the first in
    /// order of time; more share one placeholder. A large organisation has some 100,000 user agents.
    pub distinct: usize,
    /// Bytes of different texts of one kind that a loader keeps; more share the placeholder.
    pub text_bytes: usize,
    /// Bytes of inflated text held at once; grows to `record_bytes` for a large record.
    pub window: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            inflated_per_file: 64 << 30,
            ratio: 300,
            nesting: 4,
            record_bytes: 16 << 20,
            json_depth: 64,
            members: 2_000_000,
            nested_zip: 256 << 20,
            standard_input: 2 << 30,
            inflated_in_all: 1 << 40,
            records: 30_000_000,
            distinct: 1_000_000,
            text_bytes: 512 << 20,
            window: 1 << 20,
        }
    }
}

/// What sets a limit, and what it holds.
type Limit = (&'static str, fn(&mut Limits, u64));

/// The limits by name, for arguments.
const LIMITS: &[Limit] = &[
    ("inflated_per_file", |limits, value| limits.inflated_per_file = value),
    ("ratio", |limits, value| limits.ratio = value),
    ("nesting", |limits, value| limits.nesting = u32::try_from(value).unwrap_or(u32::MAX)),
    ("record_bytes", |limits, value| limits.record_bytes = whole(value)),
    ("json_depth", |limits, value| limits.json_depth = whole(value)),
    ("members", |limits, value| limits.members = whole(value)),
    ("nested_zip", |limits, value| limits.nested_zip = value),
    ("standard_input", |limits, value| limits.standard_input = value),
    ("inflated_in_all", |limits, value| limits.inflated_in_all = value),
    ("records", |limits, value| limits.records = value),
    ("distinct", |limits, value| limits.distinct = whole(value)),
    ("text_bytes", |limits, value| limits.text_bytes = whole(value)),
];

fn whole(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

impl Limits {
    /// Sets one limit from `NAME=NUMBER`; the number may end in K, M, G or T, for 1,024 and its powers. Errors: there is
    /// no such limit, or that is no number.
    pub fn set(&mut self, assignment: &str) -> Result<(), String> {
        let names = || LIMITS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let (name, value) = assignment.split_once('=').ok_or_else(|| format!("expected NAME=NUMBER, found {assignment}; the limits are {}", names()))?;
        let (_, set) = LIMITS.iter().find(|(known, _)| *known == name).ok_or_else(|| format!("there is no limit {name}; the limits are {}", names()))?;
        let (digits, shift) = match value.char_indices().last() {
            Some((at, 'K')) => (&value[..at], 10),
            Some((at, 'M')) => (&value[..at], 20),
            Some((at, 'G')) => (&value[..at], 30),
            Some((at, 'T')) => (&value[..at], 40),
            _ => (value, 0),
        };
        let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
        set(self, number.ok_or_else(|| format!("{name}: expected a whole number, perhaps with K, M, G or T behind it, found {value}"))?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn a_limit_is_set_by_its_name_and_mistakes_are_named() {
        let mut limits = Limits::default();
        limits.set("distinct=7").expect("a limit and a number");
        limits.set("record_bytes=2M").expect("a limit and a number");
        assert_eq!(limits, Limits { distinct: 7, record_bytes: 2 << 20, ..Limits::default() });
        for (wrong, says) in [("ratio", "NAME=NUMBER"), ("size=3", "no limit size"), ("ratio=x", "found x"), ("ratio=", "found "), ("records=99999999T", "found")] {
            let why = limits.set(wrong).expect_err(wrong);
            assert!(why.contains(says), "{why}");
        }
    }
}
