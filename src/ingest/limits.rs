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
    /// Inflated bytes of all files of a loader. 1 TiB: past that, filter first.
    pub inflated_in_all: u64,
    /// Events of all files of a loader. Each costs about 100 bytes of memory: these 3 GB.
    pub records: u64,
    /// Different texts of one kind (user agents, ARNs, addresses, names, all others) that a loader keeps; more share one
    /// placeholder. A large organisation has some 100,000 user agents.
    pub distinct: usize,
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
            inflated_in_all: 1 << 40,
            records: 30_000_000,
            distinct: 1_000_000,
            window: 1 << 20,
        }
    }
}
