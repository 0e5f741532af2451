//! What sort of address a `sourceIPAddress` is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What sort of address it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum AddressKind {
    /// Not an address anybody can come from: garbage, multicast, reserved, empty.
    #[default]
    Invalid = 0,
    /// An address on the internet.
    Public = 1,
    /// An address inside some network: private, shared (100.64/10), loopback, link-local, unique local.
    Private = 2,
    /// AWS itself: `ec2.amazonaws.com`, `AWS Internal`.
    Service = 3,
}

/// The first address in the text, or the kind of a text that holds none.
pub(super) fn parse(text: &str) -> Result<IpAddr, AddressKind> {
    let text = text.trim();
    if text.get(..12).is_some_and(|start| start.eq_ignore_ascii_case("aws internal")) {
        return Err(AddressKind::Service);
    }
    let mut service = false;
    // A forwarded request may list several addresses, the client's first.
    for part in text.split([',', ';', ' ', '\t']) {
        let part = part.trim_matches(['"', '\'']);
        if let Some(ip) = parse_one(part) {
            return Ok(ip);
        }
        service |= is_name(part);
    }
    Err(if service { AddressKind::Service } else { AddressKind::Invalid })
}

/// `203.0.113.7`, `203.0.113.7:443`, `2001:db8::1`, `[2001:db8::1]:443`, `fe80::1%eth0`.
fn parse_one(text: &str) -> Option<IpAddr> {
    if let Ok(ip) = text.parse() {
        return Some(ip);
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (inside, after) = rest.split_once(']')?;
        if !(after.is_empty() || after.strip_prefix(':').is_some_and(is_port)) {
            return None;
        }
        return without_zone(inside).parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    }
    if text.contains('%') {
        return without_zone(text).parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    }
    let (host, port) = text.split_once(':')?;
    if !is_port(port) {
        return None;
    }
    host.parse::<Ipv4Addr>().ok().map(IpAddr::V4)
}

fn without_zone(text: &str) -> &str {
    text.split('%').next().unwrap_or(text)
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

/// Whether the text is a DNS name with at least two labels, the last one of letters.
fn is_name(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let Some((_, last)) = text.rsplit_once('.') else { return false };
    let label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !label.is_empty() && label.len() <= 63 && label.bytes().all(inner)
    };
    text.len() <= 253 && last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic()) && text.split('.').all(label)
}

/// The IPv4 address inside an IPv6 one (mapped, or translated under 64:ff9b::/96); any other address unchanged.
pub(super) fn plain(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = ip else { return ip };
    let bits = six.to_bits();
    let translated = bits >> 32 == 0x0064_ff9b_0000_0000_0000_0000;
    match six.to_ipv4_mapped() {
        Some(four) => IpAddr::V4(four),
        None if translated => IpAddr::V4(Ipv4Addr::from_bits(bits as u32)),
        None => ip,
    }
}

/// Public, private or invalid. Addresses set aside for documentation count as public: nothing is known of them.
pub(super) fn kind(ip: IpAddr) -> AddressKind {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            let shared = a == 100 && (64..128).contains(&b);
            let test_bench = a == 198 && (b == 18 || b == 19);
            if ip.is_private() || ip.is_loopback() || ip.is_link_local() || shared || test_bench {
                AddressKind::Private
            } else if a == 0 || a >= 224 {
                AddressKind::Invalid
            } else {
                AddressKind::Public
            }
        }
        IpAddr::V6(ip) => {
            if ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() {
                AddressKind::Private
            } else if ip.segments()[0] >> 13 == 1 {
                AddressKind::Public // 2000::/3, all that is handed out
            } else {
                AddressKind::Invalid
            }
        }
    }
}
