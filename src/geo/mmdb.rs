//! A user's own MaxMind DB, turned into the same ranges as the built-in table.
//!
//! Everything is read once, so that a damaged file is an error now and not a surprise at some later look-up. The
//! maxminddb crate trusts the tree's size and pointers, so they are checked here first, and the crate is handed a
//! description of the file written here from the three numbers that were checked.

use super::{Geo, Network, Ranges, Spot};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Stands before the file's description of itself.
const MARKER: &[u8] = b"\xab\xcd\xefMaxMind.com";
/// The most ranges taken; the largest city tables have about 6 million.
const MOST_RANGES: usize = 16 << 20;
/// The most bytes of names kept.
const MOST_NAMES: usize = 64 << 20;

/// The fields looked at, in MaxMind's shape.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, default)]
    country: Option<RecordCountry<'a>>,
    #[serde(borrow, default)]
    registered_country: Option<RecordCountry<'a>>,
    #[serde(default)]
    location: Option<Location>,
    #[serde(default)]
    autonomous_system_number: Option<u32>,
    #[serde(borrow, default)]
    autonomous_system_organization: Option<&'a str>,
}

#[derive(Deserialize)]
struct RecordCountry<'a> {
    #[serde(borrow, default)]
    iso_code: Option<&'a str>,
}

#[derive(Deserialize)]
struct Location {
    #[serde(default)]
    latitude: Option<f64>,
    #[serde(default)]
    longitude: Option<f64>,
    #[serde(default)]
    accuracy_radius: Option<u16>,
}

pub(super) fn read(bytes: Vec<u8>, mut base: Geo) -> Result<Geo, String> {
    let tree = Tree::check(&bytes)?;
    let leaves = tree.leaves(&bytes)?;
    let described = tree.describe(bytes);
    let reader = maxminddb::Reader::from_source(described).map_err(|error| format!("mmdb: {error}"))?;

    let mut spots = Vec::new();
    let mut networks: Vec<Network> = Vec::new();
    let mut names = String::new();
    let mut network_of = BTreeMap::new();
    // What each record of the data section became: its place and its network, plus one.
    let mut seen: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    let mut places = Painter::default();
    let mut routes = Painter::default();
    for leaf in leaves {
        let (spot, network) = match seen.get(&leaf.pointer) {
            _ if leaf.pointer == 0 => (0, 0),
            Some(&both) => both,
            None => {
                let found = reader.lookup(leaf.address).map_err(|error| format!("mmdb: {}: {error}", leaf.address))?;
                let record: Option<Record<'_>> =
                    found.decode().map_err(|error| format!("mmdb: {}: {error}", leaf.address))?;
                let record = record.ok_or_else(|| format!("mmdb: {}: no record", leaf.address))?;
                let mut both = (0, 0);
                if let Some(spot) = spot_of(&record) {
                    spots.push(spot);
                    both.0 = spots.len() as u32;
                }
                if let Some(asn) = record.autonomous_system_number {
                    both.1 = *network_of.entry(asn).or_insert_with(|| {
                        let name = record.autonomous_system_organization.unwrap_or("");
                        let start = names.len() as u32;
                        if names.len() + name.len() <= MOST_NAMES {
                            names.push_str(name);
                        }
                        networks.push(Network { asn, kind: base.network_kind(asn), name: (start, names.len() as u32) });
                        networks.len() as u32
                    });
                }
                seen.insert(leaf.pointer, both);
                both
            }
        };
        places.add(leaf.address, spot);
        routes.add(leaf.address, network);
    }
    if spots.is_empty() && networks.is_empty() {
        return Err("mmdb: holds neither country.iso_code nor autonomous_system_number".to_owned());
    }
    if !spots.is_empty() {
        base.spots = spots;
        base.places = places.ranges;
    }
    if !networks.is_empty() {
        base.networks = networks;
        base.names = names;
        base.routes = routes.ranges;
        base.index_networks();
    }
    Ok(base)
}

fn spot_of(record: &Record<'_>) -> Option<Spot> {
    let code = |country: &Option<RecordCountry<'_>>| country.as_ref().and_then(|country| country.iso_code).and_then(code);
    let country = code(&record.country).or_else(|| code(&record.registered_country));
    let location = record.location.as_ref().and_then(|location| {
        let (latitude, longitude) = (location.latitude?, location.longitude?);
        let on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        // Without a radius, 100 km: the width of a metropolis and its surroundings.
        let radius = location.accuracy_radius.unwrap_or(100);
        on_earth.then_some([latitude as f32, longitude as f32, f32::from(radius)])
    });
    if country.is_none() && location.is_none() {
        return None;
    }
    Some(Spot { country: country.unwrap_or([0, 0]), location })
}

fn code(text: &str) -> Option<[u8; 2]> {
    let code: [u8; 2] = text.as_bytes().try_into().ok()?;
    code.iter().all(u8::is_ascii_uppercase).then_some(code)
}

/// Puts ranges behind each other, leaving out starts that change nothing.
#[derive(Default)]
struct Painter {
    ranges: Ranges,
}

impl Painter {
    fn add(&mut self, address: IpAddr, value: u32) {
        let ranges = &mut self.ranges;
        match address {
            IpAddr::V4(ip) => push(&mut ranges.starts4, &mut ranges.values4, ip.to_bits(), value),
            IpAddr::V6(ip) => push(&mut ranges.starts6, &mut ranges.values6, (ip.to_bits() >> 64) as u64, value),
        }
    }
}

fn push<K: Ord>(starts: &mut Vec<K>, values: &mut Vec<u32>, start: K, value: u32) {
    let in_order = starts.last().is_none_or(|last| *last < start);
    if in_order && values.last() != Some(&value) {
        starts.push(start);
        values.push(value);
    }
}

/// One network of the file; `pointer` is 0 where the file says nothing.
struct Leaf {
    address: IpAddr,
    pointer: u32,
}

/// The search tree: its size, checked against the file.
struct Tree {
    nodes: u32,
    record_bits: u32,
    six: bool,
    /// Where the description of the file begins: tree and data lie before it.
    end: usize,
}

impl Tree {
    fn check(bytes: &[u8]) -> Result<Tree, String> {
        // The description is the last 128 KiB at most, by the format.
        let from = bytes.len().saturating_sub(128 << 10);
        let tail = &bytes[from..];
        let at = memchr::memmem::rfind(tail, MARKER).ok_or("mmdb: not a MaxMind DB: the marker is missing")?;
        let description = &tail[at + MARKER.len()..];
        let nodes = number(description, "node_count")?;
        let record_bits = number(description, "record_size")?;
        let version = number(description, "ip_version")?;
        if !matches!(record_bits, 24 | 28 | 32) {
            return Err(format!("mmdb: record_size is not 24, 28 or 32: {record_bits}"));
        }
        if !matches!(version, 4 | 6) {
            return Err(format!("mmdb: ip_version is not 4 or 6: {version}"));
        }
        let tree = Tree { nodes, record_bits, six: version == 6, end: from + at };
        if nodes == 0 || tree.data_start() > tree.end as u64 {
            return Err(format!("mmdb: cut off: {nodes} nodes do not fit into {} bytes", tree.end));
        }
        Ok(tree)
    }

    /// Where the data section begins: after the tree and 16 zeros.
    fn data_start(&self) -> u64 {
        u64::from(self.nodes) * u64::from(self.record_bits) / 4 + 16
    }

    /// Where a node's left (0) or right (1) side leads.
    fn child(&self, bytes: &[u8], node: u32, side: usize) -> u32 {
        let at = node as usize * self.record_bits as usize / 4;
        let node = &bytes[at..at + self.record_bits as usize / 4];
        match self.record_bits {
            24 => {
                let record = &node[side * 3..];
                u32::from_be_bytes([0, record[0], record[1], record[2]])
            }
            28 => {
                let high = if side == 0 { node[3] >> 4 } else { node[3] & 15 };
                let record = &node[side * 4..];
                u32::from_be_bytes([high, record[0], record[1], record[2]])
            }
            _ => {
                let record = &node[side * 4..];
                u32::from_be_bytes([record[0], record[1], record[2], record[3]])
            }
        }
    }

    /// All networks in ascending order.
    fn leaves(&self, bytes: &[u8]) -> Result<Vec<Leaf>, String> {
        let bits = if self.six { 128 } else { 32 };
        let data_length = self.end as u64 - self.data_start();
        let four = self.start_of_four(bytes);
        let mut leaves = Vec::new();
        let mut visited = 0usize;
        let mut open = vec![(0u32, 0u128, 0u32)];
        while let Some((node, prefix, depth)) = open.pop() {
            // Other ways into the IPv4 part (6to4 and the like) repeat it; IPv4 comes from 0::/96.
            if self.six && depth > 0 && four == Some(node) && prefix != 0 {
                continue;
            }
            visited += 1;
            // Each node is left by two ways and, aliases aside, reached by one.
            if visited > 2 * self.nodes as usize + 1024 {
                return Err("mmdb: the tree runs in circles".to_owned());
            }
            if node < self.nodes {
                if depth == bits {
                    return Err("mmdb: the tree is deeper than an address is long".to_owned());
                }
                let right = prefix | 1 << (bits - 1 - depth);
                open.push((self.child(bytes, node, 1), right, depth + 1));
                open.push((self.child(bytes, node, 0), prefix, depth + 1));
                continue;
            }
            let pointer = if node == self.nodes { 0 } else { node };
            let offset = u64::from(node - self.nodes);
            if pointer != 0 && (offset < 16 || offset - 16 >= data_length) {
                return Err(format!("mmdb: a network points outside the data: {node}"));
            }
            let address = if !self.six || (depth >= 96 && prefix >> 32 == 0) {
                IpAddr::V4(Ipv4Addr::from_bits(prefix as u32))
            } else {
                IpAddr::V6(Ipv6Addr::from_bits(prefix))
            };
            if leaves.len() == MOST_RANGES {
                return Err(format!("mmdb: more than {MOST_RANGES} networks"));
            }
            leaves.push(Leaf { address, pointer });
        }
        Ok(leaves)
    }

    /// The node under which IPv4 lies in a tree for IPv6: 96 times left.
    fn start_of_four(&self, bytes: &[u8]) -> Option<u32> {
        let mut node = 0;
        for _ in 0..96 {
            if node >= self.nodes {
                return None;
            }
            node = self.child(bytes, node, 0);
        }
        (node < self.nodes).then_some(node)
    }

    /// The tree and data with a new description that holds the checked numbers only.
    fn describe(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.truncate(self.end);
        bytes.extend_from_slice(MARKER);
        bytes.push(0xe9); // a map of nine
        let mut entry = |key: &str, value: &[u8]| {
            bytes.push(0x40 | key.len() as u8);
            bytes.extend_from_slice(key.as_bytes());
            bytes.extend_from_slice(value);
        };
        let [a, b, c, d] = self.nodes.to_be_bytes();
        entry("binary_format_major_version", &[0xa1, 2]);
        entry("binary_format_minor_version", &[0xa1, 0]);
        entry("build_epoch", &[0x01, 2, 0]);
        entry("database_type", &[0x41, b'x']);
        entry("description", &[0xe0]);
        entry("ip_version", &[0xa1, if self.six { 6 } else { 4 }]);
        entry("languages", &[0x00, 4]);
        entry("node_count", &[0xc4, a, b, c, d]);
        entry("record_size", &[0xa1, self.record_bits as u8]);
        bytes
    }
}

/// The unsigned number that stands after a key.
fn number(description: &[u8], key: &str) -> Result<u32, String> {
    let missing = || format!("mmdb: the description has no {key}");
    let at = memchr::memmem::find(description, key.as_bytes()).ok_or_else(missing)?;
    let value = &description[at + key.len()..];
    let (&control, digits) = value.split_first().ok_or_else(missing)?;
    // Type 5 is u16, type 6 is u32; the low bits are the length.
    let length = usize::from(control & 31);
    if !matches!(control >> 5, 5 | 6) || length > 4 || digits.len() < length {
        return Err(format!("mmdb: {key} is not a number"));
    }
    Ok(digits[..length].iter().fold(0, |number, &digit| number << 8 | u32::from(digit)))
}
