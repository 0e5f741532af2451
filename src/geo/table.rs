//! The built-in table's file: `ODDGEO1\n`, then a zlib stream of columns.
//!
//! | column | holds |
//! |---|---|
//! | countries | count; then for each: code, name, 1 and latitude, longitude (hundredths of a degree, i16), radius (km, u16), or 0 |
//! | networks | count; then all ASNs (each as zigzag of the step from the last), all kinds (a byte), all names |
//! | ranges | four times (countries IPv4, networks IPv4, countries IPv6, networks IPv6): see `ranges` |
//!
//! Numbers are varints (seven bits a byte, lowest first); a name is its length and its bytes; little-endian elsewhere.

use super::{Geo, Nation, Network, NetworkKind, Ranges, Spot};
use std::io::Read;

/// What the file begins with; the digit is the format's version.
const MAGIC: &[u8] = b"ODDGEO1\n";
/// The most the columns may inflate to. The shipped table takes about 6 MB.
const MOST_BYTES: u64 = 64 << 20;

#[inline(never)]
pub(super) fn read(bytes: &[u8]) -> Result<Geo, String> {
    let stream = bytes.strip_prefix(MAGIC).ok_or("geo table: does not begin with ODDGEO1")?;
    let mut columns = Vec::new();
    // Reading past the end checks the stream's checksum.
    flate2::read::ZlibDecoder::new(stream)
        .take(MOST_BYTES + 1)
        .read_to_end(&mut columns)
        .map_err(|error| format!("geo table: damaged or cut off: {error}"))?;
    if columns.len() as u64 > MOST_BYTES {
        return Err(format!("geo table: inflates to more than {MOST_BYTES} bytes"));
    }
    let mut columns = Columns { bytes: &columns, at: 0 };
    let mut geo = Geo::default();
    countries(&mut columns, &mut geo)?;
    networks(&mut columns, &mut geo)?;
    let countries = geo.spots.len() as u64;
    let networks = geo.networks.len() as u64;
    let narrow = |start: u64| start as u32; // ranges() ends below 2^32
    let wide = |start: u64| start << 16; // from /48 to the upper half of the address
    let (starts4, values4) = ranges(&mut columns, 32, countries, narrow)?;
    let (route_starts4, route_values4) = ranges(&mut columns, 32, networks, narrow)?;
    let (starts6, values6) = ranges(&mut columns, 48, countries, wide)?;
    let (route_starts6, route_values6) = ranges(&mut columns, 48, networks, wide)?;
    geo.places = Ranges { starts4, values4, starts6, values6 };
    geo.routes =
        Ranges { starts4: route_starts4, values4: route_values4, starts6: route_starts6, values6: route_values6 };
    if columns.at != columns.bytes.len() {
        return Err(columns.wrong("bytes left over"));
    }
    Ok(geo)
}

fn countries(columns: &mut Columns<'_>, geo: &mut Geo) -> Result<(), String> {
    let count = columns.count()?;
    for _ in 0..count {
        let code = [columns.byte()?, columns.byte()?];
        let name = columns.name()?.to_owned();
        let centroid = match columns.byte()? {
            0 => None,
            1 => {
                let latitude = f64::from(columns.short()? as i16) / 100.0;
                let longitude = f64::from(columns.short()? as i16) / 100.0;
                Some((latitude, longitude, f64::from(columns.short()?)))
            }
            _ => return Err(columns.wrong("a centroid that is neither there nor missing")),
        };
        if geo.nations.last().is_some_and(|last| last.code >= code) {
            return Err(columns.wrong("countries out of order"));
        }
        geo.spots.push(Spot { country: code, location: None });
        geo.nations.push(Nation { code, name, centroid });
    }
    Ok(())
}

fn networks(columns: &mut Columns<'_>, geo: &mut Geo) -> Result<(), String> {
    let count = columns.count()?;
    let mut asn = 0i64;
    for _ in 0..count {
        let step = columns.varint()?;
        asn = asn.wrapping_add((step >> 1) as i64 ^ -((step & 1) as i64));
        let asn = u32::try_from(asn).map_err(|_| columns.wrong("a network's number that has no 32 bits"))?;
        geo.networks.push(Network { asn, kind: NetworkKind::Unknown, name: (0, 0) });
    }
    for network in &mut geo.networks {
        let kind = columns.byte()?;
        let unknown = || columns.wrong("a kind of network nobody knows");
        network.kind = *NetworkKind::ALL.get(usize::from(kind)).ok_or_else(unknown)?;
    }
    for network in &mut geo.networks {
        let start = geo.names.len() as u32;
        geo.names.push_str(columns.name()?);
        network.name = (start, geo.names.len() as u32);
    }
    geo.index_networks();
    Ok(())
}

/// Ranges that cover the addresses from 0 on without a gap: count; classes of length (a byte each); the lengths' odd
/// parts; the values, in three planes (lowest bytes first). A class below 64 is the length's logarithm; from 64 on,
/// the length is an odd part shifted by the class less 64. Values are at most `most`; 0 stands for nothing known.
fn ranges<K>(
    columns: &mut Columns<'_>,
    bits: u32,
    most: u64,
    key: impl Fn(u64) -> K,
) -> Result<(Vec<K>, Vec<u32>), String> {
    let count = columns.count()?;
    let classes = columns.slice(count)?;
    let mut starts = Vec::with_capacity(count);
    let mut start = 0u64;
    for &class in classes {
        if start >> bits != 0 {
            return Err(columns.wrong("ranges past the last address"));
        }
        starts.push(key(start));
        let (odd, shift) = if class < 64 { (1, class) } else { (columns.varint()?, class - 64) };
        let length = odd.checked_shl(shift.into()).filter(|length| length.checked_shr(shift.into()) == Some(odd));
        let end = length.filter(|&length| length > 0).and_then(|length| start.checked_add(length));
        start = end.ok_or_else(|| columns.wrong("a range without a length"))?;
    }
    if start > 1 << bits {
        return Err(columns.wrong("ranges past the last address"));
    }
    let planes = [columns.slice(count)?, columns.slice(count)?, columns.slice(count)?];
    let mut values = Vec::with_capacity(count);
    for ((&low, &middle), &high) in planes[0].iter().zip(planes[1]).zip(planes[2]) {
        let value = u32::from_le_bytes([low, middle, high, 0]);
        if u64::from(value) > most {
            return Err(columns.wrong("a range of nothing that is listed"));
        }
        values.push(value);
    }
    Ok((starts, values))
}

/// Bytes read from front to back; every step checks that they are there.
struct Columns<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Columns<'a> {
    fn slice(&mut self, length: usize) -> Result<&'a [u8], String> {
        let end = self.at.checked_add(length).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or_else(|| self.wrong("the end came too early"))?;
        let slice = &self.bytes[self.at..end];
        self.at = end;
        Ok(slice)
    }

    fn byte(&mut self) -> Result<u8, String> {
        Ok(self.slice(1)?[0])
    }

    fn short(&mut self) -> Result<u16, String> {
        Ok(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn varint(&mut self) -> Result<u64, String> {
        let mut number = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Ok(number);
            }
        }
        Err(self.wrong("a number that does not end"))
    }

    /// A count of things that take a byte each at least, so never more than there are bytes.
    fn count(&mut self) -> Result<usize, String> {
        let count = self.varint()?;
        let left = (self.bytes.len() - self.at) as u64;
        if count > left { Err(self.wrong("more rows than bytes")) } else { Ok(count as usize) }
    }

    fn name(&mut self) -> Result<&'a str, String> {
        let length = self.count()?;
        let bytes = self.slice(length)?;
        std::str::from_utf8(bytes).map_err(|_| self.wrong("a name that is not UTF-8"))
    }

    fn wrong(&self, what: &str) -> String {
        format!("geo table: byte {} of the columns: {what}", self.at)
    }
}
