//! Addresses looked up in the table that ships, and tables that are broken.

use oddtrail::{AddressKind, Geo, NetworkKind, distance_km};
use std::net::IpAddr;

fn shipped() -> Geo {
    let bytes = std::fs::read("data/geo/geo.bin").expect("the table is committed");
    Geo::from_bytes(&bytes).expect("the committed table can be read")
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("the test's own address")
}

#[test]
fn well_known_addresses_are_where_they_are() {
    let geo = shipped();
    for (address, country, asn, kind) in [
        ("8.8.8.8", "US", 15169, NetworkKind::Cloud),
        ("1.1.1.1", "AU", 13335, NetworkKind::Relay),
        ("80.128.0.1", "DE", 3320, NetworkKind::Isp),
        ("88.198.0.1", "DE", 24940, NetworkKind::Hosting),
        ("51.68.0.1", "FR", 16276, NetworkKind::Hosting),
        ("34.240.0.1", "IE", 16509, NetworkKind::Cloud),
        ("197.210.0.1", "NG", 29465, NetworkKind::Mobile),
        ("2001:4860:4860::8888", "US", 15169, NetworkKind::Cloud),
        ("2a01:4f8::1", "DE", 24940, NetworkKind::Hosting),
        ("::ffff:8.8.8.8", "US", 15169, NetworkKind::Cloud),
    ] {
        let place = geo.look_up(address);
        let found = (String::from_utf8_lossy(&place.country).into_owned(), place.asn, place.network_kind);
        assert_eq!(found, (country.to_owned(), asn, kind), "{address}");
    }
    assert_eq!(geo.network_name(24940), Some("Hetzner Online GmbH"));
    assert_eq!(geo.country_name(*b"DE"), "Germany");
    assert_eq!(geo.country_name([0, 0]), "unknown country");
}

#[test]
fn addresses_are_told_apart() {
    let geo = Geo::empty();
    for (text, kind) in [
        ("203.0.113.7", AddressKind::Public),
        (" 203.0.113.7 ", AddressKind::Public),
        ("203.0.113.7:443", AddressKind::Public),
        ("203.0.113.7, 10.0.0.1", AddressKind::Public),
        ("[2001:db8::1]:443", AddressKind::Public),
        ("2001:db8::1", AddressKind::Public),
        ("10.1.2.3", AddressKind::Private),
        ("192.168.0.1", AddressKind::Private),
        ("172.31.255.255", AddressKind::Private),
        ("172.32.0.0", AddressKind::Public),
        ("100.64.0.1", AddressKind::Private),
        ("127.0.0.1", AddressKind::Private),
        ("169.254.169.254", AddressKind::Private),
        ("fd00::1", AddressKind::Private),
        ("fe80::1%eth0", AddressKind::Private),
        ("::1", AddressKind::Private),
        ("::ffff:10.0.0.1", AddressKind::Private),
        ("ec2.amazonaws.com", AddressKind::Service),
        ("AWS Internal", AddressKind::Service),
        ("AWS Internal/3", AddressKind::Service),
        ("225.01.00.16", AddressKind::Invalid),
        ("224.0.0.1", AddressKind::Invalid),
        ("255.255.255.255", AddressKind::Invalid),
        ("0.0.0.0", AddressKind::Invalid),
        ("ff02::1", AddressKind::Invalid),
        ("::", AddressKind::Invalid),
        ("", AddressKind::Invalid),
        ("999.1.1.1", AddressKind::Invalid),
        ("[2001:db8::1", AddressKind::Invalid),
        ("[]:", AddressKind::Invalid),
        ("ä.é:ß,%", AddressKind::Invalid),
        ("aws internäl", AddressKind::Invalid),
    ] {
        assert_eq!(geo.look_up(text).kind, kind, "{text:?}");
    }
}

#[test]
fn centroids_are_on_the_mainland() {
    let geo = shipped();
    // Kansas; Allier; Thuringia; central Siberia; Singapore; French Guiana from the table by hand.
    for (country, near, within) in [
        (b"US", (39.5, -98.4), 150.0),
        (b"FR", (46.5, 2.5), 150.0),
        (b"DE", (51.1, 10.4), 60.0),
        (b"RU", (61.5, 96.5), 500.0),
        (b"SG", (1.35, 103.8), 30.0),
        (b"NZ", (-41.8, 172.5), 200.0),
        (b"FJ", (-17.6, 178.2), 150.0),
        (b"GF", (4.0, -53.1), 5.0),
    ] {
        let (latitude, longitude, radius) = geo.centroid(*country).expect("a country with a centroid");
        let away = distance_km((latitude, longitude), near);
        assert!(away < within, "{country:?}: {latitude} {longitude}, {away} km off");
        assert!(radius >= 5.0);
    }
    assert_eq!(geo.location(ip("88.198.0.1")), geo.centroid(*b"DE"));
}

#[test]
fn neighbours_share_a_prefix() {
    let geo = Geo::empty();
    assert_eq!(geo.prefix(ip("203.0.113.7")), geo.prefix(ip("203.0.113.200")));
    assert_eq!(geo.prefix(ip("203.0.113.7")), geo.prefix(ip("::ffff:203.0.113.7")));
    assert_ne!(geo.prefix(ip("203.0.113.7")), geo.prefix(ip("203.0.114.7")));
    assert_eq!(geo.prefix(ip("2001:db8:1::1")), geo.prefix(ip("2001:db8:1:ffff::")));
    assert_ne!(geo.prefix(ip("2001:db8:1::1")), geo.prefix(ip("2001:db8:2::1")));
}

/// The columns of a table with one country, one network and the whole of IPv4 and IPv6 in them.
fn small_columns() -> Vec<u8> {
    let mut columns = vec![1, b'X', b'Y', 3, b'X', b'y', b'z', 1, 0xe8, 3, 0xd0, 7, 50, 0];
    columns.extend([1, 14, 3, 2, b'N', b'7']); // AS7 as zigzag 14, hosting, "N7"
    for bits in [32, 32, 48, 48] {
        columns.extend([1, bits, 1, 0, 0]);
    }
    columns
}

fn packed(columns: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = flate2::write::ZlibEncoder::new(b"ODDGEO1\n".to_vec(), flate2::Compression::fast());
    writer.write_all(columns).expect("memory takes it");
    writer.finish().expect("memory takes it")
}

#[test]
fn a_small_table_is_read() {
    let geo = Geo::from_bytes(&packed(&small_columns())).expect("a table as described");
    let place = geo.look_up("203.0.113.7");
    assert_eq!((place.country, place.asn, place.network_kind), (*b"XY", 7, NetworkKind::Hosting));
    assert_eq!(geo.look_up("2001:db8::1").asn, 7);
    assert_eq!(geo.network_name(7), Some("N7"));
    // 0x03e8 is 1000 hundredths, 0x07d0 is 2000.
    assert_eq!(geo.centroid(*b"XY"), Some((10.0, 20.0, 50.0)));
}

#[test]
fn a_table_cut_off_anywhere_is_an_error() {
    let columns = small_columns();
    for length in 0..columns.len() {
        assert!(Geo::from_bytes(&packed(&columns[..length])).is_err(), "columns cut to {length}");
    }
    let whole = packed(&columns);
    for length in 0..whole.len() {
        assert!(Geo::from_bytes(&whole[..length]).is_err(), "file cut to {length}");
    }
    let shipped = std::fs::read("data/geo/geo.bin").expect("the table is committed");
    for length in (0..shipped.len()).step_by(shipped.len() / 7) {
        assert!(Geo::from_bytes(&shipped[..length]).is_err(), "shipped file cut to {length}");
    }
}

#[test]
fn a_table_with_any_byte_changed_never_panics() {
    let columns = small_columns();
    for at in 0..columns.len() {
        for byte in 0..=255 {
            let mut changed = columns.clone();
            changed[at] = byte;
            if let Ok(geo) = Geo::from_bytes(&packed(&changed)) {
                geo.look_up("203.0.113.7");
                geo.look_up("2001:db8::1");
                geo.network_name(7);
            }
        }
    }
}

/// A MaxMind DB with one node: the lower half of IPv4 has the record, the upper half nothing.
fn small_mmdb(record: &[u8]) -> Vec<u8> {
    // One node of 24-bit records: left points to the data (1 node + 16 zeros = 17), right says nothing (1).
    let mut bytes = vec![0, 0, 17, 0, 0, 1];
    bytes.extend([0; 16]);
    bytes.extend(record);
    bytes.extend(b"\xab\xcd\xefMaxMind.com");
    bytes.extend(b"\xe3\x4anode_count\xc1\x01\x4brecord_size\xa1\x18\x4aip_version\xa1\x04");
    bytes
}

fn mmdb_of_a_network() -> Vec<u8> {
    small_mmdb(b"\xe2\x58autonomous_system_number\xc2\x01\x00\x5d\x01autonomous_system_organization\x43Own")
}

fn mmdb_of_a_country() -> Vec<u8> {
    small_mmdb(b"\xe1\x47country\xe1\x48iso_code\x42CH")
}

#[test]
fn an_mmdb_replaces_its_part_and_keeps_the_rest() {
    let base = || Some(Geo::from_bytes(&packed(&small_columns())).expect("a table as described"));
    let geo = Geo::from_mmdb(mmdb_of_a_country(), base()).expect("a database of countries");
    let place = geo.look_up("8.8.8.8");
    assert_eq!((place.country, place.asn), (*b"CH", 7));
    assert_eq!(geo.look_up("203.0.113.7").country, [0, 0]);

    let geo = Geo::from_mmdb(mmdb_of_a_network(), base()).expect("a database of networks");
    let place = geo.look_up("8.8.8.8");
    assert_eq!((place.country, place.asn), (*b"XY", 256));
    assert_eq!(geo.network_name(256), Some("Own"));
}

#[test]
fn a_broken_mmdb_is_an_error_and_never_a_panic() {
    for whole in [mmdb_of_a_country(), mmdb_of_a_network()] {
        for length in 0..whole.len() - 1 {
            assert!(Geo::from_mmdb(whole[..length].to_vec(), None).is_err(), "cut to {length}");
        }
        for at in 0..whole.len() {
            for byte in [0, 1, 2, 16, 17, 18, 127, 128, 255] {
                let mut changed = whole.clone();
                changed[at] = byte;
                let _ = Geo::from_mmdb(changed, None);
            }
        }
    }
}
