//! Where an address is: country, network (ASN) and kind of network.
//!
//! The table is handed in as bytes (`data/geo/geo.bin`, made by `cargo xtask geo`); a user's own `.mmdb` may replace
//! its countries or its networks. A look-up is a binary search and allocates nothing. Knows nothing of logins.

mod address;
mod mmdb;
mod table;

pub use address::AddressKind;

use crate::bytes::fnv1a;
use crate::num;
use std::net::IpAddr;

/// What is known of addresses.
///
/// ```
/// use oddtrail::{AddressKind, Geo};
///
/// let geo = Geo::empty();
/// assert_eq!(geo.look_up("10.0.0.7").kind, AddressKind::Private);
/// assert_eq!(geo.look_up("ec2.amazonaws.com").kind, AddressKind::Service);
/// assert_eq!(geo.look_up("8.8.8.8").asn, 0); // an empty table knows no network
/// ```
#[derive(Debug, Default)]
pub struct Geo {
    /// Address to index in `spots`, plus one.
    places: Ranges,
    spots: Vec<Spot>,
    /// Address to index in `networks`, plus one.
    routes: Ranges,
    networks: Vec<Network>,
    /// Indices of `networks`, ascending by ASN.
    by_asn: Vec<u32>,
    /// Of each of `networks`, the lowest ASN of those whose owner has the same name.
    owners: Vec<u32>,
    /// All names of networks, one after the other.
    names: String,
    /// Ascending by code.
    nations: Vec<Nation>,
}

/// A country's ISO 3166 code in capitals; two zeros where it is unknown.
pub(crate) type Country = [u8; 2];

/// What is known of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// What sort of address it is; the other fields are known for public addresses only.
    pub kind: AddressKind,
    /// The country the address is registered or announced in; zeros where unknown.
    pub country: Country,
    /// The number of the network that announces the address; 0 where unknown.
    pub asn: u32,
    /// What the network is mostly used for: a heuristic.
    pub network_kind: NetworkKind,
}

/// What a network is mostly used for, guessed from its number and name (see `data/geo/README.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum NetworkKind {
    /// Nothing in number or name tells.
    #[default]
    Unknown = 0,
    /// Connects homes and offices.
    Isp = 1,
    /// Connects phones.
    Mobile = 2,
    /// Rents out servers.
    Hosting = 3,
    /// One of the big clouds.
    Cloud = 4,
    /// Sells VPN access.
    Vpn = 5,
    /// Runs Tor exits.
    Tor = 6,
    /// Satellite or privacy relay: the country says little about where the user is.
    Relay = 7,
    /// School, university or research.
    Education = 8,
    /// An organisation's own network.
    Business = 9,
}

impl NetworkKind {
    /// Every kind, at the index that is its number in the table.
    pub const ALL: [NetworkKind; 10] = [
        NetworkKind::Unknown,
        NetworkKind::Isp,
        NetworkKind::Mobile,
        NetworkKind::Hosting,
        NetworkKind::Cloud,
        NetworkKind::Vpn,
        NetworkKind::Tor,
        NetworkKind::Relay,
        NetworkKind::Education,
        NetworkKind::Business,
    ];

    /// In words; empty where unknown.
    pub fn words(self) -> &'static str {
        match self {
            NetworkKind::Unknown => "",
            NetworkKind::Isp => "ISP",
            NetworkKind::Mobile => "mobile",
            NetworkKind::Hosting => "hosting",
            NetworkKind::Cloud => "cloud",
            NetworkKind::Vpn => "VPN",
            NetworkKind::Tor => "Tor",
            NetworkKind::Relay => "relay",
            NetworkKind::Education => "education",
            NetworkKind::Business => "business",
        }
    }
}

impl Geo {
    /// A table that knows no address. Kinds of address are still told apart.
    pub fn empty() -> Geo {
        Geo::default()
    }

    /// Reads the table `cargo xtask geo` writes. The error says what is wrong with the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Geo, String> {
        table::read(bytes)
    }

    /// Takes countries or networks, whichever the MaxMind DB holds, from `bytes`, and the rest from `base`.
    ///
    /// IPv6 networks narrower than /64 count as their first /64. Locations with a radius, where the file has them,
    /// are what [`Geo::location`] gives.
    pub fn from_mmdb(bytes: Vec<u8>, base: Option<Geo>) -> Result<Geo, String> {
        mmdb::read(bytes, base.unwrap_or_default())
    }

    /// What is known of a `sourceIPAddress`: an address, perhaps with a port or in a list, or a service's name.
    pub fn look_up(&self, address: &str) -> Place {
        match address::parse(address) {
            Ok(ip) => self.look_up_ip(ip),
            Err(kind) => Place { kind, ..Place::default() },
        }
    }

    /// What is known of an address.
    pub fn look_up_ip(&self, ip: IpAddr) -> Place {
        let ip = address::plain(ip);
        let kind = address::kind(ip);
        if kind != AddressKind::Public {
            return Place { kind, ..Place::default() };
        }
        let country = self.spot(ip).map_or([0, 0], |spot| spot.country);
        let network = value(&self.networks, self.routes.find(ip));
        Place {
            kind,
            country,
            asn: network.map_or(0, |network| network.asn),
            network_kind: network.map_or(NetworkKind::Unknown, |network| network.kind),
        }
    }

    /// Latitude, longitude (degrees) and radius (km) of an address: its own where a user's table has one, else its
    /// country's.
    pub fn location(&self, ip: IpAddr) -> Option<(f64, f64, f64)> {
        let ip = address::plain(ip);
        let spot = self.spot(ip)?;
        match spot.location {
            Some([latitude, longitude, radius]) => Some((latitude.into(), longitude.into(), radius.into())),
            None => self.centroid(spot.country),
        }
    }

    /// The name of a network's owner, where the table has it.
    pub fn network_name(&self, asn: u32) -> Option<&str> {
        Some(self.name_of(self.network(asn)?)).filter(|name| !name.is_empty())
    }

    /// The lowest number of the networks whose owner has the same name: large ones have several, and move addresses from one to the other.
    pub(crate) fn first_of_owner(&self, asn: u32) -> u32 {
        self.place_of(asn).map_or(asn, |at| self.owners[at])
    }

    /// What a network is mostly used for; `Unknown` for networks that are not in the table.
    pub fn network_kind(&self, asn: u32) -> NetworkKind {
        self.network(asn).map_or(NetworkKind::Unknown, |network| network.kind)
    }

    /// A country's English name; "unknown country" where the table does not know the code.
    pub fn country_name(&self, country: Country) -> &str {
        self.nation(country).map_or("unknown country", |nation| &nation.name)
    }

    /// Latitude and longitude (degrees) of the middle of a country's mainland, and the radius (km) of a disc as spread
    /// out as that land is. Somebody in the country is usually, not always, within the radius.
    pub fn centroid(&self, country: Country) -> Option<(f64, f64, f64)> {
        self.nation(country)?.centroid
    }

    /// A key for the neighbourhood of an address: its /24 in IPv4, its /48 in IPv6. The highest byte is 4 or 6.
    pub fn prefix(&self, ip: IpAddr) -> u64 {
        match address::plain(ip) {
            IpAddr::V4(ip) => (4 << 56) | u64::from(ip.to_bits() >> 8),
            IpAddr::V6(ip) => (6 << 56) | (ip.to_bits() >> 80) as u64,
        }
    }

    fn spot(&self, ip: IpAddr) -> Option<&Spot> {
        value(&self.spots, self.places.find(ip))
    }

    fn network(&self, asn: u32) -> Option<&Network> {
        self.place_of(asn).map(|at| &self.networks[at])
    }

    /// A network's place in `networks`.
    fn place_of(&self, asn: u32) -> Option<usize> {
        let at = self.by_asn.binary_search_by_key(&asn, |&index| self.networks[index as usize].asn).ok()?;
        Some(self.by_asn[at] as usize)
    }

    /// The name of a network's owner; may be empty.
    fn name_of(&self, network: &Network) -> &str {
        self.names.get(network.name.0 as usize..network.name.1 as usize).unwrap_or_default()
    }

    fn nation(&self, country: Country) -> Option<&Nation> {
        let at = self.nations.binary_search_by_key(&country, |nation| nation.code).ok()?;
        self.nations.get(at)
    }

    /// Puts `by_asn` in order and finds owners; called whenever `networks` has changed.
    fn index_networks(&mut self) {
        self.by_asn = (0..self.networks.len() as u32).collect();
        self.by_asn.sort_by_key(|&index| (self.networks[index as usize].asn, index));
        self.by_asn.dedup_by_key(|index| self.networks[*index as usize].asn);
        self.owners = self.lowest_of_owners();
    }

    /// Of each of `networks`, the lowest ASN of those of its name. Names are told apart by a hash of 64 bits: a table of them would be the most memory
    /// that a page needs before its first file.
    fn lowest_of_owners(&self) -> Vec<u32> {
        let mut owners: Vec<u32> = self.networks.iter().map(|network| network.asn).collect();
        let named = |(at, network): (usize, &Network)| Some(self.name_of(network)).filter(|name| !name.is_empty()).map(|name| (fnv1a(name.bytes()), network.asn, at as u32));
        let mut by_name: Vec<(u64, u32, u32)> = self.networks.iter().enumerate().filter_map(named).collect();
        by_name.sort_unstable();
        for same in by_name.chunk_by(|a, b| a.0 == b.0) {
            same.iter().for_each(|(.., at)| owners[*at as usize] = same[0].1);
        }
        owners
    }
}

/// The address in a log's text, IPv4 inside IPv6 taken out; nothing where there is none.
pub(crate) fn address_of(text: &str) -> Option<IpAddr> {
    address::parse(text).ok().map(address::plain)
}

/// The distance in km between two points given as latitude and longitude in degrees, on a sphere (haversine).
///
/// ```
/// let berlin_to_lagos = oddtrail::distance_km((52.52, 13.405), (6.45, 3.39));
/// assert!((berlin_to_lagos - 5_200.0).abs() < 50.0);
/// ```
pub fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    /// Mean radius of the earth (IUGG), km.
    const EARTH_KM: f64 = 6371.0088;
    let half_height = num::sin((b.0 - a.0).to_radians() / 2.0);
    let half_width = num::sin((b.1 - a.1).to_radians() / 2.0);
    let cosines = num::cos(a.0.to_radians()) * num::cos(b.0.to_radians());
    let chord = half_height * half_height + cosines * half_width * half_width;
    2.0 * EARTH_KM * num::asin(chord.clamp(0.0, 1.0).sqrt())
}

/// A place a range of addresses is in.
#[derive(Debug, Clone, Copy)]
struct Spot {
    country: Country,
    /// Latitude, longitude, radius in km; only from a user's table.
    location: Option<[f32; 3]>,
}

#[derive(Debug, Clone, Copy)]
struct Network {
    asn: u32,
    kind: NetworkKind,
    /// From and to in `names`; the same where there is no name.
    name: (u32, u32),
}

#[derive(Debug)]
struct Nation {
    code: Country,
    name: String,
    centroid: Option<(f64, f64, f64)>,
}

/// Addresses to numbers: each start holds until the next one. 0 means nothing is known.
#[derive(Debug, Default)]
struct Ranges {
    starts4: Vec<u32>,
    values4: Vec<u32>,
    /// The upper half of the address.
    starts6: Vec<u64>,
    values6: Vec<u32>,
}

impl Ranges {
    fn find(&self, ip: IpAddr) -> u32 {
        match ip {
            IpAddr::V4(ip) => find(&self.starts4, &self.values4, ip.to_bits()),
            IpAddr::V6(ip) => find(&self.starts6, &self.values6, (ip.to_bits() >> 64) as u64),
        }
    }
}

fn find<K: Ord + Copy>(starts: &[K], values: &[u32], key: K) -> u32 {
    match starts.partition_point(|&start| start <= key) {
        0 => 0,
        after => values[after - 1],
    }
}

fn value<T>(values: &[T], number: u32) -> Option<&T> {
    values.get((number as usize).checked_sub(1)?)
}
