//! Fills the matrix, in hindsight or then.

use std::collections::{BTreeMap, HashMap};

use super::facts::{Facts, weight_of_call};
use super::{COLUMNS, Method};
use crate::client::Client;
use crate::event::{EventTable, Tri};
use crate::geo::{AddressKind, distance_km};
use crate::identity::{Class, Identities};
use crate::matrix::Matrix;
use crate::num::log2;
use crate::profile::{Level, Profile};
use crate::session::Session;

/// From what it is learned what is usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// From the whole file but this session and those of its address within 24 hours.
    #[default]
    Hindsight,
    /// From earlier sessions only.
    Then,
}

const DAY: i64 = 24 * 3600 * 1000;
const HOUR: i64 = 3600 * 1000;
/// Sessions of one address left out beside the one that is scored. More than this at one address is an office.
const LEFT_OUT: usize = 200;
/// No column says more than this.
const MOST_BITS: f64 = 20.0;

/// The single-valued facts, each with a profile of its own.
#[derive(Clone, Copy)]
enum One {
    Country,
    Network,
    Prefix,
    NetworkKind,
    Tool,
    Version,
    HourEarly,
    HourLate,
    Method,
    Mfa,
}
const ONES: usize = 10;
/// The many-valued facts.
#[derive(Clone, Copy)]
enum Many {
    Call,
    Region,
    Role,
}
const MANIES: usize = 3;
/// Quantities whose usual level is learned.
const LEVELS: usize = 4;

struct Row {
    ones: [u32; ONES],
    manies: [Vec<u32>; MANIES],
    levels: [f64; LEVELS],
}

/// Everything that is counted.
struct Usual {
    ones: [Profile; ONES],
    manies: [Profile; MANIES],
    levels: [Level; LEVELS],
}

impl Usual {
    fn add(&mut self, facts: &Facts, row: &Row) {
        for (profile, &slot) in self.ones.iter_mut().zip(&row.ones) {
            if slot != u32::MAX {
                profile.add(slot);
            }
        }
        for (profile, slots) in self.manies.iter_mut().zip(&row.manies) {
            slots.iter().for_each(|&slot| profile.add(slot));
        }
        for (level, &value) in self.levels.iter_mut().zip(&row.levels) {
            level.add(facts.identity, facts.peer, value, 1.0);
        }
    }
    fn remove(&mut self, facts: &Facts, row: &Row) {
        for (profile, &slot) in self.ones.iter_mut().zip(&row.ones) {
            if slot != u32::MAX {
                profile.remove(slot);
            }
        }
        for (profile, slots) in self.manies.iter_mut().zip(&row.manies) {
            slots.iter().for_each(|&slot| profile.remove(slot));
        }
        for (level, &value) in self.levels.iter_mut().zip(&row.levels) {
            level.add(facts.identity, facts.peer, value, -1.0);
        }
    }
}

/// For each session, the sessions of its own address whose start lies within a day of its own (itself not among them).
pub(crate) fn neighbours(sessions: &[Session], facts: &[Facts]) -> Vec<Vec<u32>> {
    let mut at: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (number, session) in sessions.iter().enumerate() {
        if matches!(facts[number].site.kind, AddressKind::Public) {
            at.entry(session.address).or_default().push(number as u32);
        }
    }
    let mut near = vec![Vec::new(); sessions.len()];
    for numbers in at.values() {
        for (place, &number) in numbers.iter().enumerate() {
            let from = sessions[number as usize].from;
            let mine = &mut near[number as usize];
            let (mut low, mut high) = (place, place + 1);
            while mine.len() < LEFT_OUT {
                let before = (low > 0 && from - sessions[numbers[low - 1] as usize].from <= DAY).then(|| numbers[low - 1]);
                let after = numbers.get(high).copied().filter(|&n| sessions[n as usize].from - from <= DAY);
                if before.is_none() && after.is_none() {
                    break;
                }
                if let Some(n) = before {
                    mine.push(n);
                    low -= 1;
                }
                if let Some(n) = after {
                    mine.push(n);
                    high += 1;
                }
            }
        }
    }
    near
}

/// The matrix: one row a session, one column a row of [`COLUMNS`]. Sessions are in order of their start.
pub(crate) fn measure(
    table: &EventTable,
    identities: &Identities,
    clients: &[Client],
    sessions: &[Session],
    facts: &[Facts],
    near: &[Vec<u32>],
    mode: Mode,
) -> Matrix {
    let mut matrix = Matrix::new(sessions.len(), COLUMNS.iter().map(|c| c.name).collect());
    let people = identities.all.len();
    let peers = Class::Unknown as usize + 1;
    let profile = |unseen: f64| Profile::new(people, peers, unseen);
    let mut usual = Usual {
        ones: [
            profile(40.0), profile(60.0), profile(200.0), profile(6.0), profile(12.0), profile(40.0), profile(2.0),
            profile(2.0), profile(6.0), profile(1.0),
        ],
        manies: [profile(200.0), profile(10.0), profile(20.0)],
        levels: std::array::from_fn(|_| Level::new(people, peers)),
    };
    let rows: Vec<Row> = sessions.iter().zip(facts).map(|(s, f)| row_of(&mut usual, table, clients, s, f)).collect();
    let weights: Vec<f64> = (0..table.texts.len() as u32).map(|id| weight_of_call(table.texts.get(id))).collect();
    let tried = failures(sessions, facts, table);
    if mode == Mode::Hindsight {
        facts.iter().zip(&rows).for_each(|(f, r)| usual.add(f, r));
    }
    // In hindsight nearly everybody has a history, and half of the expected surprise keeps newcomers visible;
    // then, the first days would flood without all of it.
    let expected = if mode == Mode::Hindsight { 0.5 } else { 1.0 };
    let order = by_identity(sessions);
    let mut newest: HashMap<(u32, &str, &str), f64> = HashMap::new();
    let mut last_seen: Vec<i64> = vec![i64::MIN; people];
    for number in 0..sessions.len() {
        if mode == Mode::Hindsight {
            usual.remove(&facts[number], &rows[number]);
            near[number].iter().for_each(|&n| usual.remove(&facts[n as usize], &rows[n as usize]));
        }
        let (session, fact, row) = (&sessions[number], &facts[number], &rows[number]);
        let class = identities.all[session.identity as usize].class;
        let client = &clients[session.client as usize];
        let mut cells = [0.0; COLUMNS.len()];
        let mut masked = [false; COLUMNS.len()];
        let one = |which: One| row.ones[which as usize];
        let bits = |which: One| usual.ones[which as usize].excess(one(which), expected);
        let ratio = |which: One| {
            let profile = &usual.ones[which as usize];
            (profile.bits(one(which)) - profile.bits_for_all(one(which))).max(0.0)
        };
        let public = fact.site.kind == AddressKind::Public;
        cells[0] = bits(One::Country);
        masked[0] = public && fact.site.country == [0, 0];
        cells[1] = bits(One::Network);
        cells[2] = ratio(One::Prefix);
        cells[3] = bits(One::NetworkKind);
        masked[3] = public && fact.site.network == 0;
        let (speed, overlap) = travel(sessions, facts, &order, number, class, mode);
        cells[4] = speed;
        cells[5] = overlap;
        if fact.known_place {
            cells[..6].fill(0.0); // place and travel
        }
        let no_client = client.tool.is_empty();
        cells[6] = bits(One::Tool);
        cells[7] = ratio(One::Version);
        masked[6] = no_client;
        masked[7] = no_client;
        if let Some(version) = client.version_number() {
            let known = newest.entry((session.identity, client.tool.as_str(), client.system.as_str())).or_insert(version);
            cells[8] = f64::from(version < *known);
            *known = known.max(version);
        }
        cells[9] = bits(One::HourEarly).min(bits(One::HourLate));
        let seen = &mut last_seen[session.identity as usize];
        if *seen != i64::MIN {
            let days = (session.from - *seen) as f64 / DAY as f64;
            cells[10] = if days > 7.0 { log2(days / 7.0) } else { 0.0 };
        }
        *seen = (*seen).max(session.to);
        cells[11] = bits(One::Method);
        if one(One::Mfa) != u32::MAX {
            cells[12] = bits(One::Mfa);
        }
        masked[12] = fact.mfa == Tri::Unsaid;
        let (failed, users) = tried[number];
        cells[13] = log2(1.0 + f64::from(failed));
        cells[14] = if users > 1 { log2(f64::from(users)) } else { 0.0 };
        let calls = &usual.manies[Many::Call as usize];
        let mut rare: Vec<f64> = Vec::new();
        let (mut new, mut sensitive) = (0.0, 0.0f64);
        for (call, &slot) in fact.calls.iter().zip(&row.manies[Many::Call as usize]) {
            let surprise = calls.bits(slot);
            rare.push(surprise);
            new += f64::from(calls.days(slot).0 == 0);
            sensitive += weights[call.call as usize] * (surprise - 6.0).max(0.0) / 3.0;
        }
        rare.sort_by(|a, b| b.total_cmp(a));
        let top = rare.len().min(3);
        cells[15] = if top > 0 { crate::num::sum(rare[..top].iter().copied()) / 3.0 } else { 0.0 };
        cells[16] = log2(1.0 + new);
        cells[17] = 3.0 * log2(1.0 + sensitive / 3.0);
        for (place, floor) in [(0, 0.5), (1, 1.0), (2, 1.0), (3, 2.0)] {
            cells[18 + place] = usual.levels[place].excess(session.identity, fact.peer, row.levels[place], floor).min(10.0);
        }
        let most = |which: Many| {
            row.manies[which as usize].iter().map(|&slot| usual.manies[which as usize].bits(slot)).fold(0.0, f64::max)
        };
        cells[22] = most(Many::Region);
        cells[23] = most(Many::Role);
        for (column, (cell, mask)) in cells.into_iter().zip(masked).enumerate() {
            matrix.masked[[number, column]] = mask;
            matrix.values[[number, column]] = if mask { 0.0 } else { cell.clamp(0.0, MOST_BITS) };
        }
        match mode {
            Mode::Hindsight => {
                near[number].iter().for_each(|&n| usual.add(&facts[n as usize], &rows[n as usize]));
                usual.add(&facts[number], &rows[number]);
            }
            Mode::Then => usual.add(&facts[number], &rows[number]),
        }
    }
    matrix
}

fn row_of(usual: &mut Usual, table: &EventTable, clients: &[Client], session: &Session, facts: &Facts) -> Row {
    let day = session.from.div_euclid(DAY) as u32;
    let hour = session.from.div_euclid(HOUR).rem_euclid(24) as u32;
    // 1970-01-01 was a Thursday.
    let weekend = u32::from((session.from.div_euclid(DAY) + 3).rem_euclid(7) >= 5);
    let client = &clients[session.client as usize];
    let _ = table;
    let text = |parts: &[&str]| {
        // FNV-1a over the parts: the same number for the same words, on every platform.
        let mut hash = 0x811c_9dc5u32;
        for byte in parts.iter().flat_map(|p| p.bytes().chain([0])) {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
        hash
    };
    let values: [Option<u32>; ONES] = [
        Some(facts.site.country_value()),
        Some(facts.site.network_value()),
        Some((facts.site.prefix ^ facts.site.prefix >> 32) as u32),
        Some(facts.site.network_kind as u32 | (facts.site.kind as u32) << 8),
        Some(text(&[&client.tool, &client.system])),
        Some(text(&[&client.tool, &client.version, &client.system])),
        Some((weekend << 8) | (hour / 4)),
        Some((weekend << 8) | ((hour + 2) % 24 / 4)),
        Some(if facts.method == Method::FailedLogin { Method::Password as u32 } else { facts.method as u32 }),
        (facts.mfa != Tri::Unsaid).then_some(facts.mfa as u32),
    ];
    let (identity, peer) = (facts.identity, facts.peer);
    let ones = std::array::from_fn(|i| values[i].map_or(u32::MAX, |v| usual.ones[i].slot(identity, peer, v, day)));
    let mut many = |which: Many, values: &mut dyn Iterator<Item = u32>| -> Vec<u32> {
        values.map(|v| usual.manies[which as usize].slot(identity, peer, v, day)).collect()
    };
    let manies = [
        many(Many::Call, &mut facts.calls.iter().map(|c| c.call)),
        many(Many::Region, &mut facts.regions.iter().copied()),
        many(Many::Role, &mut facts.roles.iter().copied().chain(facts.targets.iter().map(|t| t | 1 << 31))),
    ];
    let levels = [
        log2(1.0 + f64::from(facts.denied)),
        log2(1.0 + session.events.len() as f64),
        log2(1.0 + f64::from(facts.touched)),
        log2(1.0 + facts.bytes_out as f64 / 1000.0),
    ];
    Row { ones, manies, levels }
}

/// Sessions of each identity, in order of their start.
fn by_identity(sessions: &[Session]) -> HashMap<u32, Vec<u32>> {
    let mut order: HashMap<u32, Vec<u32>> = HashMap::new();
    for (number, session) in sessions.iter().enumerate() {
        order.entry(session.identity).or_default().push(number as u32);
    }
    order
}

/// Failed logins in the session and at its address within the hour before its end, and how many identities failed
/// at the address within a day on either side.
fn failures(sessions: &[Session], facts: &[Facts], table: &EventTable) -> Vec<(u32, u32)> {
    let mut at: HashMap<u32, Vec<(i64, u32, u32)>> = HashMap::new(); // address → (time, session, who)
    for (number, (session, fact)) in sessions.iter().zip(facts).enumerate() {
        if fact.failed_logins > 0 {
            for &event in &session.events {
                let event = &table.events[event as usize];
                if event.kind == crate::event::Kind::LoginFailed {
                    at.entry(session.address).or_default().push((event.time, number as u32, session.identity));
                }
            }
        }
    }
    at.values_mut().for_each(|list| list.sort_unstable());
    sessions
        .iter()
        .map(|session| {
            let Some(list) = at.get(&session.address) else { return (0, 0) };
            let from = list.partition_point(|f| f.0 < session.from - DAY);
            let to = list.partition_point(|f| f.0 <= session.to + DAY);
            let mut who: Vec<u32> = list[from..to].iter().map(|f| f.2).collect();
            who.sort_unstable();
            who.dedup();
            let hour = list.partition_point(|f| f.0 < session.from - HOUR);
            let end = list.partition_point(|f| f.0 <= session.to);
            ((end - hour) as u32, who.len() as u32)
        })
        .collect()
}

/// The greatest speed between this session and its neighbours in time at another place (log2 of km/h over 900, at
/// least 0), and whether another network was in use at the same time.
fn travel(
    sessions: &[Session],
    facts: &[Facts],
    order: &HashMap<u32, Vec<u32>>,
    number: usize,
    class: Class,
    mode: Mode,
) -> (f64, f64) {
    if !class.human() || class == Class::Unknown || facts[number].site.kind != AddressKind::Public || facts[number].known_place {
        return (0.0, 0.0);
    }
    let session = &sessions[number];
    let list = &order[&session.identity];
    let here = list.partition_point(|&n| (n as usize) < number);
    let (mut speed, mut overlap) = (0.0f64, 0.0f64);
    let mut look = |other: u32| {
        let (there, site) = (&sessions[other as usize], &facts[other as usize].site);
        if site.kind != AddressKind::Public || there.address == session.address || facts[other as usize].known_place {
            return;
        }
        let apart = (session.from - there.to).max(there.from - session.to).max(0) as f64 / HOUR as f64;
        if site.network_value() != facts[number].site.network_value() && apart == 0.0 {
            overlap = 1.0;
        }
        if let (Some(a), Some(b)) = (facts[number].site.point, site.point)
            && site.country != facts[number].site.country
        {
            let km = (distance_km((a.0, a.1), (b.0, b.1)) - a.2 - b.2).max(0.0);
            let kmh = km / apart.max(0.05);
            if kmh > 900.0 {
                speed = speed.max(log2(kmh / 900.0).min(6.0) + 1.0);
            }
        }
    };
    for &other in list[..here].iter().rev().take(12) {
        look(other);
    }
    if mode == Mode::Hindsight {
        for &other in list[here + 1..].iter().take(12) {
            look(other);
        }
    }
    (speed, overlap)
}
