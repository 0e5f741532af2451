//! Makes `data/geo`: fetches the public tables from npm and writes them as one small file.
//!
//! The format is described where it is read, in `src/geo/table.rs`; what was fetched, under which licence, in
//! `data/geo/PROVENANCE.md`, which is written here as well.

mod countries;
mod kinds;
mod outlines;

use countries::COUNTRIES;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use oddtrail::NetworkKind;
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is fetched: package, version, and npm's checksum of it.
const PACKAGES: [(&str, &str, &str); 3] = [
    ("@ip-location-db/geo-whois-asn-country", "2.3.2026061719", "sha512-9MQ3r2q+GDLwW+Mye5duWnHe3n1qB1ZcNUcM9P58CpdW86Gt44AgfIrem6Pcy/tbCHhQ70RJCLngQQyYnaEjbw=="),
    ("@ip-location-db/asn", "2.3.2026061719", "sha512-PpqYi7wyEyWwunXBtl+y3Vi403SvNywotWwvmiYCOUtE0SVol/Sf492Ee+eErEznmGapxEQB2SAfrpXuZ9a+vQ=="),
    ("world-atlas", "2.0.2", "sha512-IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ=="),
];

/// How many bytes of names are kept, before compression: it halves them.
const NAME_BYTES: usize = 900_000;
/// A name is cut at this many letters.
const NAME_LETTERS: usize = 40;

/// Fetches, packs and writes everything in `data/geo` that is not written by hand.
pub fn run() -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("oddtrail-geo-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let made = make(&folder);
    let removed = fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()));
    made.and(removed)
}

fn make(folder: &Path) -> Result<(), String> {
    let mut packages = Vec::new();
    for (name, version, checksum) in PACKAGES {
        packages.push(fetch(folder, name, version, checksum)?);
    }
    let [country, asn, atlas] = [&packages[0], &packages[1], &packages[2]];
    let outlines = outlines::centroids(&read(&atlas.join("countries-50m.json"))?)?;
    let world = outlines::world(&read(&atlas.join("countries-110m.json"))?)?;

    let mut names = BTreeMap::new();
    let code = |row: &[String]| -> Result<String, String> { Ok(row[2].clone()) };
    let countries4 = load(&country.join("geo-whois-asn-country-ipv4-num.csv"), 32, code)?;
    let countries6 = load(&country.join("geo-whois-asn-country-ipv6-num.csv"), 128, code)?;
    let mut number = |row: &[String]| -> Result<u32, String> {
        let asn = row[2].parse().map_err(|_| format!("not an ASN: {}", row[2]))?;
        names.entry(asn).or_insert_with(|| row.get(3).cloned().unwrap_or_default());
        Ok(asn)
    };
    let networks4 = load(&asn.join("asn-ipv4-num.csv"), 32, &mut number)?;
    let networks6 = load(&asn.join("asn-ipv6-num.csv"), 128, &mut number)?;

    let order = network_order(&networks4, &networks6);
    let kept = kept_names(&networks4, &networks6, &names);
    let mut columns = Vec::new();
    put_countries(&mut columns, &outlines);
    put_networks(&mut columns, &order, &names, &kept);
    let country_number: BTreeMap<String, u32> =
        sorted_countries().iter().zip(1..).map(|((code, ..), number)| ((*code).to_owned(), number)).collect();
    let network_number: BTreeMap<u32, u32> = order.iter().copied().zip(1..).collect();
    put_ranges(&mut columns, &countries4, 1 << 32, &country_number)?;
    put_ranges(&mut columns, &networks4, 1 << 32, &network_number)?;
    put_ranges(&mut columns, &countries6, 1 << 48, &country_number)?;
    put_ranges(&mut columns, &networks6, 1 << 48, &network_number)?;

    let mut table = b"ODDGEO1\n".to_vec();
    let mut deflate = ZlibEncoder::new(&mut table, Compression::best());
    deflate.write_all(&columns).and_then(|()| deflate.finish().map(drop)).map_err(|error| error.to_string())?;
    oddtrail::Geo::from_bytes(&table)?;

    let out = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../data/geo");
    write(&out.join("geo.bin"), &table)?;
    write(&out.join("world.bin"), &world)?;
    let facts = Facts { names: kept.len(), networks: order.len(), inflated: columns.len() };
    write(&out.join("PROVENANCE.md"), provenance(&table, &world, &facts).as_bytes())
}

/// Fetches a package with npm, checks it, and unpacks it. The folder it is in.
fn fetch(folder: &Path, name: &str, version: &str, checksum: &str) -> Result<PathBuf, String> {
    let output = command(Command::new("npm").args(["pack", "--json", &format!("{name}@{version}")]).current_dir(folder))?;
    let answer: serde_json::Value = serde_json::from_slice(&output).map_err(|error| format!("npm pack {name}: {error}"))?;
    let text = |key: &str| answer[0][key].as_str().ok_or_else(|| format!("npm pack {name}: no {key}"));
    if text("integrity")? != checksum {
        return Err(format!("{name}@{version}: checksum {} is not the expected {checksum}", text("integrity")?));
    }
    let archive = text("filename")?;
    let target = folder.join(format!("{archive}.d"));
    fs::create_dir_all(&target).map_err(|error| error.to_string())?;
    command(Command::new("tar").arg("xzf").arg(folder.join(archive)).arg("-C").arg(&target))?;
    Ok(target.join("package"))
}

fn command(command: &mut Command) -> Result<Vec<u8>, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(output.stdout)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::create_dir_all(path.parent().ok_or("no folder")?).map_err(|error| error.to_string())?;
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// A range without holes: how many addresses (IPv6: /48 networks), and what is there.
type Run<V> = (u64, Option<V>);

/// Reads `first,last,value…` lines; in IPv6 a /48 gets what most of it has.
fn load<V: Clone + Eq>(
    path: &Path,
    bits: u32,
    mut value: impl FnMut(&[String]) -> Result<V, String>,
) -> Result<Vec<Run<V>>, String> {
    let mut rows: Vec<(u128, u128, V)> = Vec::new();
    for (line, text) in read(path)?.lines().enumerate() {
        let row = split(text);
        let wrong = || format!("{}: line {}: not a range: {text}", path.display(), line + 1);
        let [first, last] = [row.first(), row.get(1)].map(|field| field.and_then(|field| field.parse().ok()));
        let (Some(first), Some(last), true) = (first, last, row.len() > 2) else { return Err(wrong()) };
        if first > last || (bits < 128 && last >> bits != 0) {
            return Err(wrong());
        }
        rows.push((first, last, value(&row)?));
    }
    let flat = flatten(&rows);
    let cut = if bits == 128 { cut_to_48(&flat) } else { flat };
    let mut runs: Vec<Run<V>> = Vec::new();
    let mut next = 0;
    for (first, last, row) in cut {
        if first > next {
            runs.push(((first - next) as u64, None));
        }
        let length = (last - first + 1) as u64;
        let value = Some(rows[row].2.clone());
        match runs.last_mut() {
            Some(run) if run.1 == value => run.0 += length,
            _ => runs.push((length, value)),
        }
        next = last + 1;
    }
    runs.push((((1u128 << if bits == 128 { 48 } else { bits }) - next) as u64, None));
    runs.retain(|run| run.0 > 0);
    Ok(runs)
}

/// The fields of a line of CSV.
fn split(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                fields.last_mut().expect("one field at least").push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().expect("one field at least").push(letter),
        }
    }
    fields
}

/// Where ranges overlap, the narrowest holds. Ascending, each with the index of its row.
fn flatten<V>(rows: &[(u128, u128, V)]) -> Vec<(u128, u128, usize)> {
    let mut edges: Vec<(u128, bool, usize)> = Vec::new();
    for (index, (first, last, _)) in rows.iter().enumerate() {
        edges.push((*first, true, index));
        edges.push((last + 1, false, index));
    }
    edges.sort();
    let mut open = BTreeSet::new();
    let mut flat = Vec::new();
    for (at, &(edge, opens, index)) in edges.iter().enumerate() {
        let key = (rows[index].1 - rows[index].0, Reverse(index), index);
        if opens {
            open.insert(key);
        } else {
            open.remove(&key);
        }
        let Some(next) = edges.get(at + 1).map(|edge| edge.0) else { break };
        if let (Some(&(_, _, row)), true) = (open.first(), next > edge) {
            flat.push((edge, next - 1, row));
        }
    }
    flat
}

/// IPv6 ranges in units of /48.
fn cut_to_48(flat: &[(u128, u128, usize)]) -> Vec<(u128, u128, usize)> {
    let mut whole = Vec::new();
    // For a /48 that is cut up: the widest part of it.
    let mut parts: BTreeMap<u128, (u128, usize)> = BTreeMap::new();
    let mut part = |unit: u128, width: u128, row: usize| {
        let widest = parts.entry(unit).or_insert((0, row));
        if width > widest.0 {
            *widest = (width, row);
        }
    };
    for &(first, last, row) in flat {
        let (mut from, mut to) = (first >> 80, last >> 80);
        let (head, tail) = (first & ((1 << 80) - 1), last & ((1 << 80) - 1));
        if from == to && (head, tail) != (0, (1 << 80) - 1) {
            part(from, tail - head, row);
            continue;
        }
        if head != 0 {
            part(from, (1 << 80) - head, row);
            from += 1;
        }
        if tail != (1 << 80) - 1 {
            part(to, tail, row);
            to -= 1;
        }
        if from <= to {
            whole.push((from, to, row));
        }
    }
    whole.extend(parts.into_iter().map(|(unit, (_, row))| (unit, unit, row)));
    whole.sort();
    whole
}

/// Networks with many ranges first, so that small numbers are frequent; among about equals by ASN, for small steps.
fn network_order(four: &[Run<u32>], six: &[Run<u32>]) -> Vec<u32> {
    let mut ranges: BTreeMap<u32, u32> = BTreeMap::new();
    for (_, asn) in four.iter().chain(six) {
        if let Some(asn) = asn {
            *ranges.entry(*asn).or_default() += 1;
        }
    }
    let mut order: Vec<u32> = ranges.keys().copied().collect();
    order.sort_by_key(|asn| (Reverse(ranges[asn].ilog2()), *asn));
    order
}

/// The networks whose names are kept: those a login is likely to come from oddly, then the largest.
fn kept_names(four: &[Run<u32>], six: &[Run<u32>], names: &BTreeMap<u32, String>) -> BTreeSet<u32> {
    let mut size: BTreeMap<u32, u64> = BTreeMap::new();
    for (length, asn) in four {
        *size.entry(asn.unwrap_or(0)).or_default() += length;
    }
    // A /48 counts as 16 addresses: an IPv6 provider's usual /32 then weighs as much as an IPv4 /12.
    for (length, asn) in six {
        *size.entry(asn.unwrap_or(0)).or_default() += length.min(&65_536) * 16;
    }
    let mut order: Vec<u32> = names.keys().copied().collect();
    order.sort_by_key(|asn| {
        let telling = match kinds::kind(*asn, &names[asn]) {
            NetworkKind::Cloud | NetworkKind::Vpn | NetworkKind::Tor | NetworkKind::Relay => 0,
            NetworkKind::Hosting | NetworkKind::Mobile if size.get(asn).is_some_and(|size| *size >= 2048) => 0,
            _ => 1,
        };
        (telling, Reverse(size.get(asn).copied().unwrap_or(0)), *asn)
    });
    let mut bytes = 0;
    let mut kept = BTreeSet::new();
    for asn in order {
        bytes += short(&names[&asn]).len();
        if bytes > NAME_BYTES {
            break;
        }
        kept.insert(asn);
    }
    kept
}

/// A name without quotes and spaces around it, cut to `NAME_LETTERS`.
fn short(name: &str) -> String {
    let name = name.replace('"', "");
    let cut: String = name.trim().chars().take(NAME_LETTERS).collect();
    cut.trim_end().to_owned()
}

fn sorted_countries() -> Vec<(&'static str, u16, &'static str)> {
    let mut countries = COUNTRIES.to_vec();
    countries.sort();
    countries
}

fn put_countries(columns: &mut Vec<u8>, outlines: &BTreeMap<&str, outlines::Disc>) {
    let countries = sorted_countries();
    put_number(columns, countries.len() as u64);
    for (code, _, name) in countries {
        columns.extend_from_slice(code.as_bytes());
        put_name(columns, name);
        let Some(disc) = outlines.get(code) else {
            columns.push(0);
            continue;
        };
        columns.push(1);
        columns.extend_from_slice(&((disc.latitude * 100.0).round() as i16).to_le_bytes());
        columns.extend_from_slice(&((disc.longitude * 100.0).round() as i16).to_le_bytes());
        columns.extend_from_slice(&(disc.radius_km.round() as u16).to_le_bytes());
    }
}

fn put_networks(columns: &mut Vec<u8>, order: &[u32], names: &BTreeMap<u32, String>, kept: &BTreeSet<u32>) {
    put_number(columns, order.len() as u64);
    let mut last = 0;
    for asn in order {
        let step = i64::from(*asn) - last;
        put_number(columns, ((step << 1) ^ (step >> 63)) as u64);
        last = i64::from(*asn);
    }
    for asn in order {
        columns.push(kinds::kind(*asn, &names[asn]) as u8);
    }
    for asn in order {
        put_name(columns, &if kept.contains(asn) { short(&names[asn]) } else { String::new() });
    }
}

fn put_ranges<V: Ord>(
    columns: &mut Vec<u8>,
    runs: &[Run<V>],
    addresses: u64,
    numbers: &BTreeMap<V, u32>,
) -> Result<(), String> {
    if runs.iter().map(|run| run.0).sum::<u64>() != addresses {
        return Err("the ranges do not cover all addresses".to_owned());
    }
    put_number(columns, runs.len() as u64);
    let mut odd_parts = Vec::new();
    for (length, _) in runs {
        let shift = length.trailing_zeros();
        if length.is_power_of_two() {
            columns.push(shift as u8);
        } else {
            columns.push(64 + shift as u8);
            odd_parts.push(length >> shift);
        }
    }
    for odd in odd_parts {
        put_number(columns, odd);
    }
    for plane in 0..3 {
        for (_, value) in runs {
            let number = match value {
                None => 0,
                Some(value) => *numbers.get(value).ok_or("a range of a country that is not listed")?,
            };
            columns.push((number >> (8 * plane)) as u8);
        }
    }
    Ok(())
}

/// Seven bits a byte, lowest first.
fn put_number(columns: &mut Vec<u8>, mut number: u64) {
    while number > 127 {
        columns.push(number as u8 | 128);
        number >>= 7;
    }
    columns.push(number as u8);
}

fn put_name(columns: &mut Vec<u8>, name: &str) {
    put_number(columns, name.len() as u64);
    columns.extend_from_slice(name.as_bytes());
}

struct Facts {
    names: usize,
    networks: usize,
    inflated: usize,
}

fn provenance(table: &[u8], world: &[u8], facts: &Facts) -> String {
    let sha256 = |bytes: &[u8]| -> String { Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect() };
    let mut text = String::from(
        "# Where the tables come from\n\nWritten by `cargo xtask geo`; do not edit.\n\n\
         | npm package | version | gives | licence |\n|---|---|---|---|\n",
    );
    let roles = [
        ("countries of addresses", "CC0-1.0 (package.json); built on data of the Number Resource Organization (NRO), CC BY 4.0"),
        ("networks of addresses, and their names", "CC BY 4.0: DB-IP, RouteViews, NRO"),
        ("outlines of countries: centroids and the world map", "ISC; from Natural Earth, public domain"),
    ];
    for ((name, version, _), (gives, licence)) in PACKAGES.iter().zip(roles) {
        text += &format!("| `{name}` | {version} | {gives} | {licence} |\n");
    }
    text += "\nThe address tables are as of 17 June 2026. npm's checksums:\n\n";
    for (name, version, checksum) in PACKAGES {
        text += &format!("- `{name}@{version}`: `{checksum}`\n");
    }
    text += &format!(
        "\n| file | bytes | SHA-256 |\n|---|---|---|\n| `geo.bin` | {} | `{}` |\n| `world.bin` | {} | `{}` |\n\n\
         `geo.bin` has {} networks, {} of them with a name, and inflates to {} bytes.\n\n",
        table.len(), sha256(table), world.len(), sha256(world), facts.networks, facts.names, facts.inflated,
    );
    text += "## Attribution\n\n\
        Wherever results from the table are shown, this link is shown with them:\n\n\
        ```html\n<a href='https://db-ip.com'>IP Geolocation by DB-IP</a>\n```\n\n\
        Further: IP to AS number data by Route Views (routeviews.org); statistics of the internet registries by the\n\
        Number Resource Organization (nro.net). Both and DB-IP's: CC BY 4.0,\n\
        <https://creativecommons.org/licenses/by/4.0/>. Changed here: ranges joined, IPv6 cut to /48, names shortened\n\
        and partly left out, a kind of network added.\n\n\
        ## world-atlas\n\n\
        Copyright 2013-2019 Michael Bostock\n\n\
        Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby\n\
        granted, provided that the above copyright notice and this permission notice appear in all copies.\n\n\
        THE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING\n\
        ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL,\n\
        DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS,\n\
        WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE\n\
        USE OR PERFORMANCE OF THIS SOFTWARE.\n";
    text
}
