//! Fills the matrix, in hindsight or then.
//!
//! Most columns compare two probabilities, in bits: that somebody other than the identity shows this value, and that the
//! identity shows it: log₂ p(value | another) − log₂ p(value | identity), at least 0 (Freeman and others, 2016). The
//! second is what the identity showed on other days, and for the rest what people here show, as far as it is the kind of
//! identity that shows new values at all.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::facts::{Facts, Site, is_reconnaissance, weight_of_call};
use super::handed::{Handed, NOBODY, handed};
use super::strangers::{Strangers, strangers};
use super::taken::{gathered, takes_data};
use super::together::together;
use super::whereabouts::{Shown as ShownAt, beside_own_client, journeys, own_instances};
use super::{COLUMNS, Method};
use crate::bytes::fnv1a;
use crate::client::{CONSOLE, Client};
use crate::event::{EventTable, Kind, Tri};
use crate::geo::{AddressKind, NetworkKind, distance_km};
use crate::identity::{Class, Identities};
use crate::matrix::Matrix;
use crate::num::{exp, log2, slot};
use crate::parallel::{both, fill, in_pieces, one_by_one};
use crate::profile::{Habits, Level, Mark, Numbers};
use crate::session::Session;

/// From what it is learned what is usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// From the whole file but the session's own day.
    #[default]
    Hindsight,
    /// From earlier sessions only.
    Then,
}

const DAY: i64 = 24 * 3600 * 1000;
const HOUR: i64 = 3600 * 1000;
/// No column says more than this.
const MOST_BITS: f64 = 20.0;
/// As quick as an aeroplane, in km/h.
const FLIGHT: f64 = 900.0;
/// A little more than a degree along a great circle is.
const KM_A_DEGREE: f64 = 111.3;
/// Sessions before and after that are looked at for travel.
const BESIDE: usize = 12;
/// Who is first seen so many days after the first is new.
const WEEK: u32 = 7;
/// And who is there on so many days is no visitor of a day, in hindsight.
const SETTLED: u32 = 3;
/// A call of this weight is not made usual by many who made it once.
const HEAVY: f64 = 1.5;
/// And it counts so many times as much where the identity made no such call of that service on another day: an
/// administrator's next new call is less of a surprise than anybody else's first.
const FIRST_OF_ITS_KIND: f64 = 1.5;
/// Looking round weighs so much,
const LOOKING: f64 = 0.7;
/// and where somebody who is known for so many days never did, it is so many bits at least, however many others do.
const KNOWN: f64 = 5.0;
const LOOKS_ROUND: f64 = 3.0;
/// In hindsight, what somebody who is known for so many days did within so many days only is no habit.
const LONG_KNOWN: f64 = 8.0;
const SPELL: u32 = 7;
/// A call with which a user at home changes their own key, password or device matters so much of it.
const OWN: f64 = 0.2;
/// Who is so many standard deviations beyond the usual in what they take, days about it included, does not teach: who comes
/// every evening makes evenings, and what is taken then, usual by himself.
const GATHERS: f64 = 1.5;
/// The same as seen from then, where only the days before are known.
const GATHERS_THEN: f64 = 0.75;
/// So many bits the column of guessing counts.
const GUESS: f64 = COLUMNS[column("guess")].bits;
/// Logins that failed at one other address say little: who mistypes on the way to work comes in at work. Of [`log2`] of one more.
const ONE_ADDRESS: f64 = 0.68;
/// Who shows something for so large a share of the days on which they are seen, and not in another week, may be an intruder who stays;
/// and where many stand out, for less, whatever the week.
const STAY: f64 = 0.3;
const STAY_OF_MANY: f64 = 0.25;
/// Nor is an address, or a network, one's own for so many days that one stays there; as seen from then, or where many stand out, for two.
const LONG_STAY: [f64; 2] = [6.0, 4.0];
const FEW_DAYS: f64 = 2.0;
/// At home, with a client of less surprise in bits, a login that fails or is without MFA says so much of what it says elsewhere,
const OWN_CLIENT: f64 = 1.0;
const AT_HOME: f64 = 0.5;
/// and a person's calls, or another client of theirs, so much: few but they come from there.
const THEIRS: f64 = 0.7;
/// An instance that was nowhere else is where it was started: its place says so much of it.
const OWN_INSTANCE: f64 = 0.3;
/// A journey is one oddity, and lasts: its places say so much of it.
const JOURNEY: f64 = 0.5;
/// An hour of so many bits is unusual; where others are there at unusual hours too, it says so much of it.
const ODD_HOUR: f64 = 2.0;
const TOGETHER: f64 = 0.2;
/// A network of less surprise in bits, with an address that is none, is their own.
const OWN_NETWORK: f64 = 0.5;
/// Who uses keys on two networks on so many other days does so: at home and by a phone.
const MOVES: usize = 3;
/// A key used on another network of the same country, where people may be: a laptop is carried about.
const CARRIED: f64 = 0.6;
/// No amount counts as further beyond the usual, in standard deviations.
const MOST_EXCESS: f64 = 10.0;
/// One large file is beyond so many: what is beyond counts this share.
const ONE_FILE: f64 = 3.0;
const BEYOND: f64 = 0.3;
/// Of who is there on no more than so many other days little is known.
const FEW_KNOWN: f64 = 4.0;
/// What is known of so many others at an address is no newcomer's own.
const COMPANY: f64 = 3.0;
/// So many things touched are looked at in a session.
const THINGS: usize = 64;

/// What is counted of values; each has its habits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fact {
    Network,
    Country,
    Prefix,
    Tool,
    Version,
    Method,
    Mfa,
    Call,
    Region,
    Role,
    Thing,
    /// Services of heavy calls.
    Power,
    /// That there was a session at all.
    Active,
    /// Of a person or of a machine.
    Kind,
}
const FACTS: [Fact; 14] = [
    Fact::Network,
    Fact::Country,
    Fact::Prefix,
    Fact::Tool,
    Fact::Version,
    Fact::Method,
    Fact::Mfa,
    Fact::Call,
    Fact::Region,
    Fact::Role,
    Fact::Thing,
    Fact::Power,
    Fact::Active,
    Fact::Kind,
];
/// Quantities whose usual level is learned.
const LEVELS: usize = 5;

struct Row {
    day: u32,
    /// A number of the identity with the day.
    identity_day: u32,
    hour: usize,
    network: u64,
    country: u64,
    prefix: u64,
    tool: u64,
    version: u64,
    levels: [f64; LEVELS],
}

/// What a session shows beside its row in the matrix; rules and exports use it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aside {
    /// Identities whose logins failed at its address within a day.
    pub failing_here: Vec<u32>,
    /// To whom it opened something.
    pub strangers: Strangers,
    /// Of each session whose identity is guessed at: the strange addresses at which its logins failed.
    pub guessed: HashMap<u32, u32>,
    /// Of each session that did: to whom it handed something who is seen nowhere else.
    pub handed: HashMap<u32, Handed>,
}

/// How likely an intruder comes by a kind of network, how likely an honest newcomer does, and over how many networks of
/// the kind people roughly spread. After the places of intrusions that incident reports name: rented servers, VPN and
/// Tor first, homes (proxies) next.
fn kinds(kind: NetworkKind) -> (f64, f64) {
    let (intruder, newcomer, networks) = match kind {
        NetworkKind::Tor => (0.12, 0.002, 4.0),
        NetworkKind::Vpn => (0.2, 0.05, 20.0),
        NetworkKind::Hosting => (0.3, 0.06, 30.0),
        NetworkKind::Cloud => (0.1, 0.04, 10.0),
        NetworkKind::Isp => (0.2, 0.6, 60.0),
        NetworkKind::Mobile => (0.05, 0.25, 30.0),
        NetworkKind::Relay => (0.05, 0.03, 5.0),
        NetworkKind::Unknown | NetworkKind::Education | NetworkKind::Business => (0.1, 0.06, 30.0),
    };
    (intruder / networks, newcomer / networks)
}

/// How likely an intruder comes with one client in particular. A console is seldom broken into on a phone.
fn of_an_intruder(client: &Client) -> f64 {
    if matches!(client.system.as_str(), "iPhone" | "iPad" | "Android") { 0.03 } else { 0.1 }
}

/// Hours of two kinds of day (weekdays, weekends): how near one is to another.
struct Clock {
    near: Vec<f64>,
    all: Vec<f64>,
}

const HOURS: usize = 48;

impl Clock {
    #[inline(never)]
    fn new() -> Clock {
        let mut near = vec![0.0; HOURS * HOURS];
        let mut all = vec![0.0; HOURS];
        for a in 0..HOURS {
            for (b, all) in all.iter_mut().enumerate() {
                let apart = (a % 24).abs_diff(b % 24);
                let apart = apart.min(24 - apart) as f64;
                // A standard deviation of an hour and a half; the other kind of day says a quarter as much.
                let value = exp(-apart * apart / 4.5) * if (a < 24) == (b < 24) { 1.0 } else { 0.25 };
                near[a * HOURS + b] = value;
                *all += value;
            }
        }
        Clock { near, all }
    }
    /// How many of these sessions lie about this hour, as a density over hours.
    fn about(&self, counts: &Hours, hour: usize) -> f64 {
        crate::num::sum(counts.iter().enumerate().map(|(h, n)| f64::from(*n) * self.near[h * HOURS + hour])) / self.all[hour]
    }
}

/// What sessions show of one fact: their marks one after the other, and where each session's end.
struct Shown {
    marks: Vec<Mark>,
    ends: Vec<u32>,
    numbers: Numbers,
}

impl Shown {
    #[inline(never)]
    fn new(fact: Fact, sessions: &[Session], facts: &[Facts], rows: &[Row], powers: &[Option<u64>], humans: &[bool]) -> Shown {
        let mut shown = Shown { marks: Vec::new(), ends: Vec::with_capacity(sessions.len()), numbers: Numbers::default() };
        for ((session, facts), row) in sessions.iter().zip(facts).zip(rows) {
            let mut mark = |value: u64| shown.marks.push(shown.numbers.mark(session.identity, value, session.address));
            let kind = u64::from(humans[session.identity as usize]);
            match fact {
                Fact::Network => mark(row.network),
                Fact::Country => mark(row.country),
                Fact::Prefix => mark(row.prefix),
                Fact::Tool if row.tool != 0 => mark(row.tool),
                Fact::Version if row.tool != 0 => mark(row.version),
                Fact::Tool | Fact::Version => {}
                Fact::Method => mark(method(facts)),
                Fact::Mfa if facts.mfa != Tri::Unsaid => mark(facts.mfa as u64 | method(facts) << 8),
                Fact::Mfa => {}
                // What machines do all day is no custom of people's, nor the other way round.
                Fact::Call => facts.calls.iter().for_each(|call| mark(kind << 32 | u64::from(call.call))),
                Fact::Region => facts.regions.iter().for_each(|region| mark(u64::from(*region))),
                Fact::Role => roles(facts).for_each(mark),
                Fact::Thing => facts.things.iter().take(THINGS).for_each(|thing| mark(u64::from(*thing))),
                Fact::Power => facts.calls.iter().filter_map(|call| powers[call.call as usize]).for_each(mark),
                Fact::Active => mark(0),
                Fact::Kind => mark(kind),
            }
            shown.ends.push(shown.marks.len() as u32);
        }
        // Whether an identity is at home at an address is asked of others' addresses too.
        shown.numbers.close(fact == Fact::Prefix);
        shown
    }
    fn of(&self, session: usize) -> &[Mark] {
        let start = session.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.marks[start as usize..self.ends[session] as usize]
    }
}

/// What is counted of hours: how many sessions began in each.
type Hours = [u32; HOURS];

/// Everything that is counted.
struct Usual {
    habits: Vec<Habits>,
    rest: Rest,
    /// How likely people begin in each hour. Only where no more is learned.
    hours: Option<Vec<f64>>,
}

impl Usual {
    /// How likely people begin in an hour.
    fn people_in(&self, clock: &Clock, hour: usize) -> f64 {
        let counts = &self.rest.hours_of_people;
        let known = self.hours.as_ref().map(|hours| hours[hour]);
        known.unwrap_or_else(|| (clock.about(counts, hour) + 1.0) / (f64::from(counts.iter().sum::<u32>()) + HOURS as f64))
    }
}

/// What is counted beside habits.
struct Rest {
    levels: [Level; LEVELS],
    hours: Vec<Hours>,
    /// By identity and day.
    hours_of_day: Vec<Hours>,
    hours_of_people: Hours,
    /// By address and identity, the first day, and whether there was another.
    at_address: HashMap<(u32, u32), (u32, bool)>,
    /// By address, how many identities were there on more than one day.
    stayed: HashMap<u32, u32>,
}

impl Rest {
    fn add(&mut self, session: &Session, facts: &Facts, row: &Row, human: bool) {
        let (identity, day, address) = (session.identity, row.day, session.address);
        // Only people keep hours.
        if human {
            self.hours[identity as usize][row.hour] += 1;
            self.hours_of_day[row.identity_day as usize][row.hour] += 1;
            self.hours_of_people[row.hour] += 1;
        }
        for (level, &value) in self.levels.iter_mut().zip(&row.levels) {
            level.add(facts.identity, facts.pool, value);
        }
        let seen = self.at_address.entry((address, identity)).or_insert((day, false));
        if seen.0 != day && !seen.1 {
            seen.1 = true;
            *self.stayed.entry(address).or_default() += 1;
        }
    }
    /// An address that several identities use for good: an office, a VPN of the house.
    fn shared(&self, address: u32) -> bool {
        self.stayed.get(&address).is_some_and(|identities| *identities >= 3)
    }
}

fn method(facts: &Facts) -> u64 {
    if facts.method == Method::FailedLogin { Method::Password as u64 } else { facts.method as u64 }
}

/// Roles acted under, and roles asked for.
fn roles(facts: &Facts) -> impl Iterator<Item = u64> + '_ {
    facts.roles.iter().map(|r| u64::from(*r)).chain(facts.targets.iter().map(|t| u64::from(*t) | 1 << 32))
}

/// What is asked again and again while sessions are measured: of identities on the days they were asked about last, and
/// logarithms.
struct Again {
    /// Each identity in its place; others may have the same.
    days: Vec<Today>,
    /// Whose turn it is.
    at: usize,
    /// Each number in its place, with its logarithm.
    logarithms: Vec<(f64, f64)>,
}

/// What is asked of an identity on one day, once it was.
#[derive(Clone)]
struct Today {
    /// A number of the identity with the day.
    identity_day: u32,
    /// How many values it showed on other days, by fact.
    distinct: [Option<u32>; FACTS.len()],
    /// Its sessions on other days, by hour.
    hours: Option<Hours>,
}

/// So many identities' days and so many logarithms are at hand. Powers of two.
const PEOPLE: usize = 512;
const LOGARITHMS: usize = 1024;

impl Today {
    fn new(identity_day: u32) -> Today {
        Today { identity_day, distinct: [None; FACTS.len()], hours: None }
    }
}

impl Again {
    fn new() -> Again {
        Again { days: vec![Today::new(u32::MAX); PEOPLE], at: 0, logarithms: vec![(1.0, 0.0); LOGARITHMS] }
    }
    /// It is about that identity now. Numbers of identities with days are below `u32::MAX`, which stands for none.
    fn turn_to(&mut self, identity: u32, identity_day: u32) {
        self.at = identity as usize % PEOPLE;
        if self.days[self.at].identity_day != identity_day {
            self.days[self.at] = Today::new(identity_day);
        }
    }
    fn today(&mut self) -> &mut Today {
        &mut self.days[self.at]
    }
    /// [`bits`] of what is often the same.
    fn bits(&mut self, ratio: f64) -> f64 {
        let known = &mut self.logarithms[slot(ratio.to_bits(), LOGARITHMS)];
        if known.0 != ratio {
            *known = (ratio, bits(ratio));
        }
        known.1
    }
}

/// log₂ of a ratio; 0 where it is below 1, as for most of what is asked.
fn bits(ratio: f64) -> f64 {
    if ratio > 1.0 { log2(ratio) } else { 0.0 }
}

/// One identity on one day, and how the past is weighed for it.
struct Judge<'u> {
    habits: &'u [Habits],
    again: &'u mut Again,
    identity: u32,
    day: u32,
    /// Days on which the identity was seen, those after weighed down.
    active: f64,
    /// So many days of showing a value within a week say nothing yet: somebody who stays a few days is no habit.
    discount: f64,
    /// So many stand out that the days of all weeks are discounted.
    crowded: bool,
    everybody: f64,
    /// Of them, people if it is one, else machines.
    of_kind: f64,
    /// The session is at an address of the identity's own: others there are no intruder who acts as many.
    at_home: bool,
    /// The prefix of its address.
    home: Mark,
    /// It is on a network of the identity's own, where its own client is in use too.
    at_desk: bool,
}

/// What somebody who is at home shows is a habit soon.
const HALF_A_DAY: f64 = 0.5;

impl Judge<'_> {
    fn own(&self, fact: Fact, mark: Mark, discount: f64) -> f64 {
        self.habits[fact as usize].days(mark, self.day, discount.min(self.discount), !self.crowded) / (self.active + 1.0)
    }
    /// How many values the identity showed on other days.
    fn distinct(&mut self, fact: Fact) -> u32 {
        *self.again.today().distinct[fact as usize].get_or_insert_with(|| self.habits[fact as usize].distinct(self.identity, self.day))
    }
    fn new_mass(&mut self, fact: Fact) -> f64 {
        Habits::new_mass(self.distinct(fact), self.active)
    }
    fn shown(&self, fact: Fact, mark: Mark) -> bool {
        self.habits[fact as usize].shown_before(mark, self.day)
    }
    /// The share of others who show the value on other days.
    fn elsewhen(&self, fact: Fact, mark: Mark, lone: f64) -> f64 {
        self.habits[fact as usize].others_elsewhen(mark, self.day, lone) / (self.everybody + 2.0)
    }
    /// How many others show the value, if from elsewhere or where the identity is at home.
    fn elsewhere(&self, fact: Fact, mark: Mark) -> f64 {
        self.habits[fact as usize].others(mark, !self.at_home)
    }
    /// log₂ of p(value | another) over p(value | identity), for a fact that others share on other days.
    fn bits(&mut self, fact: Fact, mark: Mark, another: f64, base: f64) -> f64 {
        let new = 0.5 * self.elsewhen(fact, mark, 0.35) + 0.5 * base;
        let discount = if self.at_home_without(fact, mark) { HALF_A_DAY } else { f64::MAX };
        bits(another / (self.own(fact, mark, discount) + self.new_mass(fact) * new))
    }
    /// The same for a value that is shown only `within` another: each is part of the other's days. Where the identity seldom shows the other,
    /// it counts what others show within it.
    fn bits_within(&self, fact: Fact, mark: Mark, (outer, within): (Fact, Mark), another: f64) -> f64 {
        let day = 1.0 / (self.active + 1.0);
        let nobody = 1.0 / (self.everybody + 2.0);
        let others = (self.elsewhen(fact, mark, 0.35) + 0.5 * nobody) / (self.elsewhen(outer, within, 0.35) + nobody);
        let own = (self.own(fact, mark, 1.0) + day * others.min(1.0)) / (self.own(outer, within, 0.0) + day);
        bits(another / own)
    }
    /// Whether the identity is there with its own client too, or is at home at the address on other days without the value: an intruder brings both.
    fn at_home_without(&self, fact: Fact, mark: Mark) -> bool {
        self.at_desk || self.at_home && self.habits[Fact::Prefix as usize].days_without(self.home, (&self.habits[fact as usize], mark)) >= 2
    }
    /// The same for deeds: others may show it on the same day.
    fn bits_of_deed(&self, fact: Fact, mark: Mark, new_mass: f64, another: f64, base: f64) -> f64 {
        let new = 0.5 * self.elsewhere(fact, mark) / (self.everybody + 2.0) + 0.5 * base;
        bits(another / (self.own(fact, mark, 1.0) + new_mass * new))
    }
    /// How rare it is among others that somebody works in this region, in bits; where every fourth does, it is not.
    fn rare_region(&self, region: Mark) -> f64 {
        bits((self.everybody + 1.0) / (self.elsewhere(Fact::Region, region) + 0.5) / 4.0)
    }
    /// How rare it is among others of its kind that somebody makes this call at all, in bits. `heavy`: it matters to a defender.
    fn rare(&mut self, call: Mark, heavy: bool) -> f64 {
        let habits = &self.habits[Fact::Call as usize];
        let others = if heavy { habits.others_for_good(call, self.at_home) } else { self.elsewhere(Fact::Call, call) };
        self.again.bits((self.of_kind + 1.0) / (others + 0.5))
    }
}

/// Sessions, ready to be measured: what does not change with who teaches. Sessions are in order of their start.
pub(crate) struct Measures<'a> {
    clients: &'a [Client],
    sessions: &'a [Session],
    facts: &'a [Facts],
    identities: &'a Identities,
    hindsight: bool,
    rows: Vec<Row>,
    shown: Vec<Shown>,
    /// By text, how much a call of that name matters.
    weights: Vec<f64>,
    prefix_of: HashMap<u32, u64>,
    order: Vec<Vec<u32>>,
    tried: Vec<Tried>,
    logins: HashMap<(u32, u32), Vec<i64>>,
    clock: Clock,
    befores: Vec<Before>,
    /// Of each session, whether it is of somebody new who keeps to a place: whoever stands out there from the first day on is
    /// like that, and nobody else who acts as they.
    settled: Vec<bool>,
    /// Whether a session beside it is too far away, or at the same time elsewhere, if every address counts.
    apart: Vec<bool>,
    /// Of each identity, the days on which its keys were used on another network first.
    key_days: HashMap<u32, Vec<u32>>,
    /// Of each session, what it read beyond the usual with the days about it.
    gathered: Vec<f64>,
    /// Of each session, whether the identity's own client is in use beside it, whether it is of instances that were nowhere else, and
    /// whether it is of a journey.
    beside_own: Vec<bool>,
    own_instances: Vec<bool>,
    journeys: Vec<bool>,
    strangers: Strangers,
    handed: HashMap<u32, Handed>,
    identity_days: usize,
    first: u32,
}

/// What an identity showed before a session, whoever teaches.
#[derive(Clone, Copy, Default)]
struct Before {
    /// It used a newer version of the client.
    newer: bool,
    /// When it was last seen.
    seen: Option<i64>,
    /// The day on which it was first seen, this one at the latest.
    since: u32,
    /// A key of the session was used on another network first: 1, or [`CARRIED`] where that says less; else 0.
    key_moved: f64,
}

/// One row of the matrix, to be filled: its cells, and which are masked. All is 0 and false before.
type Line<'m> = (&'m mut [f64; COLUMNS.len()], &'m mut [bool; COLUMNS.len()]);

impl<'a> Measures<'a> {
    /// Prepares sessions and their facts.
    #[inline(never)]
    pub(crate) fn new(table: &'a EventTable, identities: &'a Identities, clients: &'a [Client], sessions: &'a [Session], facts: &'a [Facts], mode: Mode) -> Measures<'a> {
        let mut made = vec![false; table.texts.len()];
        facts.iter().flat_map(|fact| &fact.calls).for_each(|call| made[call.call as usize] = true);
        let service = |id: usize| table.texts.get(id as u32).split(':').next().unwrap_or_default();
        let takes = |id: &usize| made[*id] && takes_data(table.texts.get(*id as u32));
        let kinds: BTreeSet<&str> = (0..made.len()).filter(takes).map(service).collect();
        // Of each call, the number of the kind of thing it hands out.
        let kind_of: Vec<Option<usize>> = (0..made.len()).map(|id| if takes(&id) { kinds.iter().position(|kind| *kind == service(id)) } else { None }).collect();
        let mut taken = vec![0.0; sessions.len()];
        let mut of_kinds: Vec<Vec<(usize, f64)>> = vec![Vec::new(); kinds.len()];
        for (session, fact) in facts.iter().enumerate() {
            for call in &fact.calls {
                if let Some(kind) = kind_of[call.call as usize] {
                    let times = f64::from(call.count - call.errors);
                    taken[session] += times;
                    of_kinds[kind].push((session, times));
                }
            }
        }
        let mut day_numbers: HashMap<(u32, u32), u32> = HashMap::new();
        let clients_values: Vec<[u64; 2]> = clients.iter().map(client_values).collect();
        let row = |n: usize| row_of(clients_values[sessions[n].client as usize], &sessions[n], &facts[n], taken[n]);
        let mut rows: Vec<Row> = in_pieces(sessions.len(), |piece| piece.map(row).collect());
        for (row, session) in rows.iter_mut().zip(sessions) {
            let next = day_numbers.len() as u32;
            row.identity_day = *day_numbers.entry((session.identity, row.day)).or_insert(next);
        }
        let weight = |id: usize| {
            let call = table.texts.get(id as u32);
            weight_of_call(call).max(if is_reconnaissance(call) { LOOKING } else { 0.0 })
        };
        let weights: Vec<f64> = (0..made.len()).map(|id| if made[id] { weight(id) } else { 0.0 }).collect();
        let power = |id: usize| (weights[id] >= HEAVY).then(|| fnv1a(service(id).bytes()));
        let powers: Vec<Option<u64>> = (0..made.len()).map(power).collect();
        let days: Vec<(u32, u32)> = sessions.iter().zip(&rows).map(|(session, row)| (session.identity, row.day)).collect();
        let humans: Vec<bool> = identities.all.iter().map(|identity| identity.class.human()).collect();
        let (shown, (tried, logins)) = both(
            || one_by_one(FACTS.len(), |fact| Shown::new(FACTS[fact], sessions, facts, &rows, &powers, &humans)),
            || (tried_around(table, identities, sessions, facts, mode), logins_at(sessions, facts)),
        );
        let order = by_identity(sessions);
        let hindsight = mode == Mode::Hindsight;
        let apart = |n: usize| {
            let human = identities.all[sessions[n].identity as usize].class.human();
            human && facts[n].site.kind == AddressKind::Public && travel(sessions, facts, &order, n, hindsight, &|_| false) != (0.0, 0.0)
        };
        let place_of = |(session, (fact, row)): (&Session, (&Facts, &Row))| (session.identity, row.day, (fact.site.kind == AddressKind::Public).then_some(row.network));
        let lives: Vec<_> = sessions.iter().zip(facts.iter().zip(&rows)).map(place_of).collect();
        let at = |(session, row): (&Session, &Row)| ShownAt { person: humans[session.identity as usize].then_some(session.identity), day: row.day, prefix: row.prefix, tool: row.tool };
        let shown_at: Vec<ShownAt> = sessions.iter().zip(&rows).map(at).collect();
        let befores = befores(table, identities, clients, sessions, facts, &rows);
        let mut key_days: HashMap<u32, Vec<u32>> = HashMap::new();
        for (n, session) in sessions.iter().enumerate().filter(|(n, _)| befores[*n].key_moved > 0.0) {
            let days = key_days.entry(session.identity).or_default();
            if days.last() != Some(&rows[n].day) {
                days.push(rows[n].day);
            }
        }
        Measures {
            apart: in_pieces(sessions.len(), |piece| piece.map(apart).collect()),
            prefix_of: sessions.iter().zip(&rows).map(|(session, row)| (session.address, row.prefix)).collect(),
            beside_own: beside_own_client(&shown_at, hindsight),
            own_instances: own_instances(facts, hindsight),
            journeys: if hindsight { journeys(sessions, facts, &order) } else { vec![false; sessions.len()] },
            strangers: strangers(table, sessions, facts, hindsight),
            handed: handed(table, sessions, facts, hindsight),
            gathered: gathered(&days, facts, &taken, &of_kinds, hindsight),
            settled: settled(identities.all.len(), &lives, hindsight),
            first: rows.first().map_or(0, |r| r.day),
            weights,
            order,
            clock: Clock::new(),
            identity_days: day_numbers.len(),
            hindsight,
            clients, sessions, facts, identities, rows, shown, tried, logins, befores, key_days,
        }
    }

    /// The matrix: one row a session, one column a row of [`COLUMNS`]. Sessions of which `teaches` is false are measured,
    /// but say nothing of what is usual. `crowded`: so many stand out that what comes back another week may be another intruder.
    #[inline(never)]
    pub(crate) fn over(&self, teaches: &[bool], crowded: bool) -> (Matrix, Aside) {
        let count = self.sessions.len();
        let gathers = |n: usize| self.gathered[n] >= if self.hindsight { GATHERS } else { GATHERS_THEN };
        let teaches: Vec<bool> = (0..count).map(|n| (teaches[n] && !gathers(n) || self.settled[n]) && !self.facts[n].only_failed()).collect();
        let mut matrix = Matrix::new(count, COLUMNS.iter().map(|c| c.name).collect());
        let mut guessed: HashMap<u32, u32> = HashMap::new();
        let (values, masked) = (matrix.values.as_slice_mut().expect("made in standard order"), matrix.masked.as_slice_mut().expect("made in standard order"));
        let (cells, masked) = (values.as_chunks_mut().0, masked.as_chunks_mut().0);
        if self.hindsight {
            let usual = self.learned(&teaches);
            let counted = (0..count).map(|n| (n as u32, self.guessed_at(n, &usual)));
            guessed.extend(counted.filter(|(_, addresses)| *addresses > 0));
            fill(cells, masked, |piece, cells, masked| {
                let mut again = Again::new();
                for (n, line) in piece.zip(cells.iter_mut().zip(masked)) {
                    self.row(n, &usual, (teaches[n], crowded), guessed.get(&(n as u32)).copied().unwrap_or(0), &mut again, line);
                }
            });
        } else {
            let mut usual = self.learned(&[]);
            let mut again = Again::new();
            // Who has stood out from the first session on is like that: it is no intruder beside somebody else's usual doing.
            let mut ordinary = vec![false; self.identities.all.len()];
            for ((n, teaches), line) in teaches.iter().enumerate().zip(cells.iter_mut().zip(masked)) {
                let ordinary = &mut ordinary[self.sessions[n].identity as usize];
                *ordinary |= *teaches;
                let teaches = *teaches || !*ordinary && !self.facts[n].only_failed();
                let addresses = self.guessed_at(n, &usual);
                if addresses > 0 {
                    guessed.insert(n as u32, addresses);
                }
                // What the last one showed is usual now.
                again.today().identity_day = u32::MAX;
                self.row(n, &usual, (false, crowded), addresses, &mut again, line);
                if teaches {
                    let identity = self.sessions[n].identity;
                    for (habits, shown) in usual.habits.iter_mut().zip(&self.shown) {
                        shown.of(n).iter().for_each(|mark| habits.add(identity, *mark, self.rows[n].day));
                    }
                    usual.rest.add(&self.sessions[n], &self.facts[n], &self.rows[n], self.class(n).human());
                }
            }
        }
        let hour = const { column("hour") };
        let odd = |n: &usize| matrix.values[[*n, hour]] >= ODD_HOUR && !self.facts[*n].only_failed();
        let odd: Vec<usize> = (0..count).filter(odd).collect();
        let at_home = |n: usize| matrix.values[[n, const { column("prefix") }]] == 0.0 && matrix.values[[n, const { column("network") }]] < OWN_NETWORK;
        together(self.sessions, &odd, &at_home, self.hindsight).into_iter().for_each(|n| matrix.values[[n, hour]] *= TOGETHER);
        let failing_here = self.tried.iter().map(|tried| tried.failing).collect();
        (matrix, Aside { failing_here, strangers: self.strangers.clone(), guessed, handed: self.handed.clone() })
    }

    fn class(&self, session: usize) -> Class {
        self.identities.all[self.sessions[session].identity as usize].class
    }

    /// At how many strange addresses logins of a session's identity failed about it: where somebody is on other days, they mistype.
    fn guessed_at(&self, session: usize, usual: &Usual) -> u32 {
        let at_home = |address: &u32| {
            let prefix = self.prefix_of.get(address);
            let pair = prefix.and_then(|prefix| self.shown[Fact::Prefix as usize].numbers.pair(self.sessions[session].identity, *prefix));
            pair.is_some_and(|pair| usual.habits[Fact::Prefix as usize].shown(pair, self.rows[session].day))
        };
        self.tried[session].elsewhere.iter().filter(|address| !at_home(address)).count() as u32
    }

    /// What is usual by those sessions of which `teaches` is true; nothing yet where it is empty.
    #[inline(never)]
    fn learned(&self, teaches: &[bool]) -> Usual {
        let people = self.identities.all.len();
        let teachers = || (0..teaches.len()).filter(|n| teaches[*n]);
        let days = self.rows.iter().fold((u32::MAX, 0), |(first, last), row| (first.min(row.day), last.max(row.day)));
        let habits_of = |fact: usize| {
            let shown = &self.shown[fact];
            let mut habits = shown.numbers.habits(people, days);
            for n in teachers() {
                shown.of(n).iter().for_each(|mark| habits.add(self.sessions[n].identity, *mark, self.rows[n].day));
            }
            habits
        };
        let rest = || {
            let mut rest = Rest {
                levels: std::array::from_fn(|_| Level::new(people, Class::Unknown as usize + 1)),
                hours: vec![[0; HOURS]; people],
                hours_of_day: vec![[0; HOURS]; self.identity_days],
                hours_of_people: [0; HOURS],
                at_address: HashMap::new(),
                stayed: HashMap::new(),
            };
            teachers().for_each(|n| rest.add(&self.sessions[n], &self.facts[n], &self.rows[n], self.class(n).human()));
            rest
        };
        let (habits, rest) = both(|| one_by_one(FACTS.len(), habits_of), rest);
        let mut usual = Usual { habits, rest, hours: None };
        if self.hindsight {
            usual.hours = Some((0..HOURS).map(|hour| usual.people_in(&self.clock, hour)).collect());
        }
        usual
    }

    /// Measures one session against what is usual. `counted`: it is part of what is usual; `crowded`: as for [`Measures::over`]; `guessed`: of
    /// [`Measures::guessed_at`].
    #[inline(never)]
    fn row(&self, number: usize, usual: &Usual, (counted, crowded): (bool, bool), guessed: u32, again: &mut Again, (cells, masked): Line<'_>) {
        let Measures { sessions, facts, hindsight, .. } = *self;
        let (session, fact, row, before) = (&sessions[number], &facts[number], &self.rows[number], &self.befores[number]);
        let class = self.class(number);
        let (human, unknown) = (class.human(), class == Class::Unknown);
        let client = &self.clients[session.client as usize];
        let identity = session.identity;
        let marks = |fact: Fact| self.shown[fact as usize].of(number);
        let mark = |fact: Fact| marks(fact)[0];
        macro_rules! put {
            ($name:literal, $value:expr) => {
                cells[const { column($name) }] = $value
            };
        }
        // As seen from then, nothing is known of somebody new but what they did earlier on their first day: it counts. On the
        // file's first day everybody is new.
        let newcomer = !hindsight && before.since == row.day && row.day > self.first;
        let day = if newcomer { row.day + 1 } else { row.day };
        let (active, days) = usual.habits[Fact::Active as usize].active(mark(Fact::Active), day);
        let everybody = usual.habits[Fact::Active as usize].everybody(mark(Fact::Active)).max(1.0);
        let of_kind = usual.habits[Fact::Kind as usize].everybody(mark(Fact::Kind)).max(1.0);
        let known = days;
        // Where many stand out, all days are discounted, those of another week too: by less.
        let long = hindsight && !crowded;
        again.turn_to(identity, row.identity_day);
        let mut judge = Judge {
            habits: &usual.habits,
            again,
            identity,
            day,
            active,
            // Somebody who stays so large a share of the days is no habit yet in hindsight; nor two days, as seen from then.
            discount: if long { STAY * days } else if hindsight { STAY_OF_MANY * days } else { (STAY_OF_MANY * days).min(FEW_DAYS) },
            crowded,
            everybody,
            of_kind,
            at_home: false,
            at_desk: false,
            home: mark(Fact::Prefix),
        };
        let public = fact.site.kind == AddressKind::Public;
        let mut usual_place = false; // the network is one of the identity's, on days enough
        let mut usual_address = false;
        if public && !fact.known_place {
            let (mut another, newcomer) = kinds(fact.site.network_kind);
            if !human {
                another = if fact.site.network_kind == NetworkKind::Cloud { 0.009 } else { 0.03 };
            }
            let shown = 0.5 * judge.elsewhen(Fact::Network, mark(Fact::Network), 0.2);
            if unknown {
                // A mistyped name comes from where somebody known comes from.
                let known = usual.habits[Fact::Prefix as usize].others(mark(Fact::Prefix), false) >= 1.0;
                put!("network", bits(another / if known { 0.5 } else { shown + 0.5 * newcomer }));
            } else {
                let at_home = judge.own(Fact::Country, mark(Fact::Country), 2.0) > 0.0;
                // A relay stands anywhere.
                let relay = fact.site.network_kind == NetworkKind::Relay;
                let country = if at_home || relay { 1.0 } else { judge.new_mass(Fact::Country) };
                // A machine that begins its days on a rented server or a VPN does not make it its home by coming again.
                let rented = matches!(fact.site.network_kind, NetworkKind::Hosting | NetworkKind::Vpn | NetworkKind::Tor);
                let nobodys = !human && rented && before.since >= self.first + WEEK && row.day <= before.since + WEEK && days <= FEW_KNOWN;
                let p = if nobodys { 0.0 } else { judge.own(Fact::Network, mark(Fact::Network), f64::MAX) }
                    + judge.new_mass(Fact::Network) * (shown + 0.5 * newcomer * country);
                put!("network", bits(another / p));
                if !relay {
                    put!("country", judge.bits(Fact::Country, mark(Fact::Country), 1.0 / 30.0, 1.0 / 30.0));
                }
                let [address, network] = if long { LONG_STAY } else { [FEW_DAYS; 2] };
                usual_address = judge.own(Fact::Prefix, mark(Fact::Prefix), address) > 0.0;
                usual_place = usual_address || judge.own(Fact::Network, mark(Fact::Network), network) > 0.0;
                if !usual_address {
                    put!("prefix", (-log2(judge.new_mass(Fact::Prefix)) - 0.5).max(0.0));
                }
                // Where many stand out, several intruders may look like one who travels.
                let journey = human && !crowded && self.journeys[number];
                let share = if self.own_instances[number] { OWN_INSTANCE } else if journey { JOURNEY } else { 1.0 };
                const PLACE: [usize; 3] = [column("network"), column("country"), column("prefix")];
                PLACE.iter().for_each(|column| cells[*column] *= share);
            }
        } else if matches!(fact.site.kind, AddressKind::Private | AddressKind::Invalid) && !unknown {
            put!("network", judge.bits(Fact::Network, mark(Fact::Network), 0.01, 0.01));
        }
        judge.at_home = usual_address;
        judge.at_desk = human && usual_place && self.beside_own[number];
        let shared = public && (fact.known_place || usual.rest.shared(session.address));
        if row.tool != 0 && !unknown {
            let another = of_an_intruder(client);
            put!("tool", judge.bits(Fact::Tool, mark(Fact::Tool), another, 1.0 / 15.0));
            if !judge.shown(Fact::Version, mark(Fact::Version)) {
                let others = usual.habits[Fact::Version as usize].others_elsewhen(mark(Fact::Version), day, 0.35);
                put!("version", bits(another * (everybody + 1.0) / (others + 0.5)) * active / (active + 3.0));
            }
            put!("older", f64::from(before.newer));
        }
        if human {
            let rest = &usual.rest;
            let counts = judge.again.today().hours.get_or_insert_with(|| {
                let mut counts = rest.hours[identity as usize];
                counts.iter_mut().zip(&rest.hours_of_day[row.identity_day as usize]).for_each(|(all, today)| *all -= today);
                counts
            });
            let total = f64::from(counts.iter().sum::<u32>());
            let peers = usual.people_in(&self.clock, row.hour);
            let p = (self.clock.about(counts, row.hour) + 4.0 * peers) / (total + 4.0);
            put!("hour", bits(1.0 / HOURS as f64 / p));
        }
        if let Some(seen) = before.seen {
            let days = (session.from - seen) as f64 / DAY as f64;
            put!("asleep", if days > 7.0 { log2(days / 7.0) } else { 0.0 });
        }
        if !unknown {
            put!("method", judge.bits(Fact::Method, mark(Fact::Method), 0.125, 0.125));
        }
        if fact.mfa == Tri::No {
            put!("mfa", judge.bits_within(Fact::Mfa, mark(Fact::Mfa), (Fact::Method, mark(Fact::Method)), 0.5));
        }
        let tried = &self.tried[number];
        put!("failures", log2(1.0 + f64::from(tried.own)));
        if tried.failing > 2 {
            put!("spray", bits((f64::from(tried.failing) + 0.5) / (0.5 + 0.5 * f64::from(tried.succeeding))));
        }
        if !unknown && !usual_address && (fact.failed_logins > 0 || !usual_place) && fact.failed_logins + fact.logins > 0 {
            let guess = (log2(1.0 + f64::from(guessed)) - ONE_ADDRESS).max(0.0);
            // Where many are guessed at, it says little of one that comes in.
            let surprise = if fact.failed_logins > 0 { f64::MAX } else { bits((of_kind + 1.0) / (f64::from(tried.others) + 0.5)) / GUESS };
            put!("guess", guess.min(surprise));
        }
        if !unknown {
            // Days after the session are known in hindsight, so less has to be seen before what is new says something.
            let (unsure, least) = if hindsight { (1.0, 0.5) } else { (2.0, 0.3) };
            let sure = active / (active + unsure);
            let mut rarest = [0.0; 3];
            let (mut new, mut sensitive) = (0.0, 0.0);
            let calls = &usual.habits[Fact::Call as usize];
            let powers = &usual.habits[Fact::Power as usize];
            let mut of_heavy = marks(Fact::Power).iter();
            for (call, &value) in fact.calls.iter().zip(marks(Fact::Call)) {
                let mut weight = self.weights[call.call as usize];
                let days = calls.days(value, day, 0.0, false);
                let heavy = if weight >= HEAVY { of_heavy.next() } else { None };
                if heavy.is_some_and(|power| !powers.shown_before(*power, day)) {
                    weight *= FIRST_OF_ITS_KIND;
                }
                // Who is at home keeps their own keys and devices.
                let own = call.own && judge.at_home;
                if own {
                    weight *= OWN;
                }
                let mut bits = judge.rare(value, heavy.is_some() && !own);
                if days == 0.0 {
                    new += 1.0;
                    if weight == LOOKING && active >= KNOWN {
                        bits = bits.max(LOOKS_ROUND);
                    }
                    bits *= sure.max(least);
                } else {
                    let usual = (judge.again.bits((active + 1.0) / days) - 3.0).clamp(0.0, bits) * 0.5;
                    // An intruder who comes for some days does it on each: by then it is as new as on the first.
                    let spell = hindsight && heavy.is_some() && known >= LONG_KNOWN && calls.within(value, SPELL);
                    bits = if spell { usual.max(bits * sure) } else { usual };
                }
                keep_highest(&mut rarest, bits);
                sensitive += weight * (bits - 1.0).max(0.0) / 3.0;
            }
            put!("rare_calls", crate::num::sum(rarest.into_iter()) / 3.0);
            put!("new_calls", log2(1.0 + new) * sure);
            put!("sensitive", 3.0 * log2(1.0 + sensitive / 2.0));
            let things = &usual.habits[Fact::Thing as usize];
            let new = marks(Fact::Thing).iter().filter(|t| !things.shown_before(**t, day)).count() as f64;
            let expected = f64::from(judge.distinct(Fact::Thing)) / days.max(1.0) * 0.5;
            put!("targets", bits((1.0 + new) / (1.0 + expected)) * sure);
            let new_mass = judge.new_mass(Fact::Region);
            let region = |mark: &Mark| judge.bits_of_deed(Fact::Region, *mark, new_mass, 1.0 / 12.0, 1.0 / 30.0).min(judge.rare_region(*mark));
            put!("region", marks(Fact::Region).iter().map(region).fold(0.0, f64::max));
            let new_mass = judge.new_mass(Fact::Role);
            let role = |mark: &Mark| judge.bits_of_deed(Fact::Role, *mark, new_mass, 1.0 / 12.0, 1.0 / 24.0);
            put!("role", marks(Fact::Role).iter().map(role).fold(0.0, f64::max));
        }
        if self.apart[number] && !unknown && !shared {
            let (speed, overlap) = travel(sessions, facts, &self.order, number, hindsight, &|other| usual.rest.shared(other));
            // The session at the usual place is not the one to wonder about.
            let share = if usual_place { 0.35 } else { 1.0 };
            put!("speed", speed * share);
            put!("overlap", overlap * share);
        }
        if human && public {
            let other_days = || self.key_days.get(&identity).map_or(0, |days| days.iter().filter(|day| if hindsight { **day != row.day } else { **day < row.day }).count());
            if before.key_moved > 0.0 && !shared && !usual_place && other_days() < MOVES {
                put!("key_moved", before.key_moved);
            }
            if client.browser && fact.failed_logins == 0 && !unknown && !shared && !usual_address {
                let recent = self.logins.get(&(identity, session.address)).is_some_and(|times| {
                    let until = times.partition_point(|t| *t <= session.to);
                    until > 0 && times[until - 1] >= session.from - 12 * HOUR
                });
                put!("no_login", f64::from(!recent));
            }
        }
        if !unknown && before.since >= self.first + WEEK && row.day <= before.since + 3 && days <= FEW_KNOWN {
            // Who stays, or comes where others are at home, is less of a wonder than who is there for a day.
            let company = public && usual.habits[Fact::Prefix as usize].others(mark(Fact::Prefix), false) >= COMPANY;
            put!("fresh", if hindsight && self.settled[number] || company { 0.5 } else { 1.0 });
        }
        const AMOUNTS: [(usize, usize, f64, f64); LEVELS] = [
            (0, column("denied"), 0.5, MOST_EXCESS),
            (1, column("volume"), 1.0, MOST_EXCESS),
            (2, column("breadth"), 1.0, MOST_EXCESS),
            (3, column("bytes"), 2.0, ONE_FILE),
            (4, column("taken"), 1.0, MOST_EXCESS),
        ];
        for (level, place, floor, knee) in AMOUNTS {
            let excess = usual.rest.levels[level].excess(identity, fact.pool, row.levels[level], floor, counted).min(MOST_EXCESS);
            cells[place] = excess.min(knee) + BEYOND * (excess - knee).max(0.0);
        }
        put!("opened", self.strangers.of(number).map_or(0.0, |opened| opened.bits));
        put!("handed", if self.handed.contains_key(&(number as u32)) { NOBODY } else { 0.0 });
        put!("gathered", self.gathered[number]);
        let own_client = cells[const { column("tool") }] < OWN_CLIENT;
        let mut less = |columns: &[usize], share: f64| columns.iter().for_each(|column| cells[*column] *= share);
        // Who has a new telephone logs in without the old one's MFA, on a network of their own if not at their address of yesterday.
        if own_client && (human && usual_place || usual_address) {
            less(const { &[column("mfa")] }, AT_HOME);
        }
        if usual_address || judge.at_desk {
            if human {
                less(const { &[column("tool"), column("version"), column("method")] }, THEIRS);
            }
            // Who is at home with a client of their own mistypes.
            if own_client {
                less(const { &[column("failures")] }, AT_HOME);
            }
            if human && own_client {
                less(const { &[column("rare_calls"), column("sensitive"), column("targets")] }, THEIRS);
            }
        }
        masked[const { column("country") }] = public && fact.site.country == [0, 0];
        masked[const { column("network") }] = public && fact.site.network == 0 && fact.site.country == [0, 0];
        masked[const { column("tool") }] = row.tool == 0;
        masked[const { column("version") }] = row.tool == 0;
        masked[const { column("mfa") }] = fact.mfa == Tri::Unsaid;
        for (cell, mask) in cells.iter_mut().zip(masked.iter()) {
            *cell = if *mask { 0.0 } else { cell.clamp(0.0, MOST_BITS) };
        }
    }
}

/// Puts a value among the highest, which descend, if it is one of them.
fn keep_highest(highest: &mut [f64; 3], value: f64) {
    if let Some(at) = highest.iter().position(|kept| value > *kept) {
        highest[at..].rotate_right(1);
        highest[at] = value;
    }
}

/// What each session's identity showed before it.
#[inline(never)]
fn befores<'a>(table: &EventTable, identities: &Identities, clients: &[Client], sessions: &[Session], facts: &'a [Facts], rows: &[Row]) -> Vec<Before> {
    let mut newest: HashMap<(u32, &str, &str), f64> = HashMap::new();
    let mut seen: Vec<(Option<i64>, u32)> = vec![(None, u32::MAX); identities.all.len()];
    let mut key_at: HashMap<u32, &'a Site> = HashMap::new();
    let one = |((session, fact), row): ((&Session, &'a Facts), &Row)| {
        let class = identities.all[session.identity as usize].class;
        let client = &clients[session.client as usize];
        let (last, since) = &mut seen[session.identity as usize];
        *since = (*since).min(row.day);
        let mut before = Before { seen: *last, since: *since, ..Before::default() };
        *last = Some(last.map_or(session.to, |last| last.max(session.to)));
        if let Some(version) = client.version_number().filter(|_| row.tool != 0 && class != Class::Unknown) {
            let known = newest.entry((session.identity, client.tool.as_str(), client.system.as_str())).or_insert(version);
            before.newer = version < *known;
            *known = known.max(version);
        }
        if class.human() && fact.site.kind == AddressKind::Public {
            for &key in fact.keys.iter().filter(|key| table.texts.get(**key).starts_with("ASIA")) {
                let first = *key_at.entry(key).or_insert(&fact.site);
                if first.network_value() != row.network && fact.site.network_kind != NetworkKind::Mobile {
                    let carried = first.country == fact.site.country && !matches!(fact.site.network_kind, NetworkKind::Hosting | NetworkKind::Cloud | NetworkKind::Vpn | NetworkKind::Tor | NetworkKind::Relay);
                    before.key_moved = f64::max(before.key_moved, if carried { CARRIED } else { 1.0 });
                }
            }
        }
        before
    };
    sessions.iter().zip(facts).zip(rows).map(one).collect()
}

/// An identity so far.
#[derive(Clone, Copy)]
struct Life {
    since: u32,
    last: u32,
    days: u32,
    network: Option<u64>,
    another: Option<u64>,
    more: bool,
}

/// Of each session, whether it is of somebody who is new in these files and keeps to a place: so far on one network only; in
/// hindsight always on one or two, on days enough. `shown`: identity, day and public network of each, in order; there are so many `identities`.
#[inline(never)]
fn settled(identities: usize, shown: &[(u32, u32, Option<u64>)], hindsight: bool) -> Vec<bool> {
    let known = shown.first().map_or(0, |(_, day, _)| day + WEEK);
    let settled = |life: &Life| life.since >= known && life.network.is_some() && !life.more && (hindsight || life.another.is_none());
    let mut lives = vec![Life { since: u32::MAX, last: u32::MAX, days: 0, network: None, another: None, more: false }; identities];
    let so_far = |&(identity, day, network): &(u32, u32, Option<u64>)| {
        let life = &mut lives[identity as usize];
        life.since = life.since.min(day);
        life.days += u32::from(life.last != day);
        life.last = day;
        if let Some(network) = network
            && *life.network.get_or_insert(network) != network
        {
            life.more |= *life.another.get_or_insert(network) != network;
        }
        settled(life)
    };
    let so_far: Vec<bool> = shown.iter().map(so_far).collect();
    if !hindsight {
        return so_far;
    }
    let always = |life: &Life| settled(life) && life.days >= SETTLED;
    shown.iter().map(|(identity, ..)| always(&lives[*identity as usize])).collect()
}

/// A column's place in [`COLUMNS`]; found when the program is built.
const fn column(name: &str) -> usize {
    let mut place = 0;
    while place < COLUMNS.len() {
        if same(COLUMNS[place].name, name) {
            return place;
        }
        place += 1;
    }
    panic!("a row of COLUMNS")
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// A client's tool, and its tool and version, as values.
fn client_values(client: &Client) -> [u64; 2] {
    let text = |parts: &[&str]| fnv1a(parts.iter().flat_map(|p| p.bytes().chain([0])));
    [if client.tool.is_empty() || client.tool == CONSOLE { 0 } else { text(&[&client.tool, &client.system]) }, text(&[&client.tool, &client.version, &client.system])]
}

#[inline(never)]
fn row_of([tool, version]: [u64; 2], session: &Session, facts: &Facts, taken: f64) -> Row {
    let hour = session.from.div_euclid(HOUR).rem_euclid(24) as usize;
    let Site { prefix, .. } = facts.site;
    Row {
        day: session.day() as u32,
        identity_day: 0,
        hour: hour + if session.weekend() { 24 } else { 0 },
        network: facts.site.network_value(),
        country: facts.site.country_value(),
        prefix,
        tool,
        version,
        levels: [
            bits(1.0 + f64::from(facts.denied)),
            bits(1.0 + session.events.len() as f64),
            bits(1.0 + f64::from(facts.touched)),
            bits(1.0 + facts.bytes_out as f64 / 1000.0),
            bits(1.0 + taken),
        ],
    }
}

/// Sessions of each identity, in order of their start.
#[inline(never)]
fn by_identity(sessions: &[Session]) -> Vec<Vec<u32>> {
    let most = sessions.iter().map(|s| s.identity as usize + 1).max().unwrap_or(0);
    let mut order: Vec<Vec<u32>> = vec![Vec::new(); most];
    sessions.iter().enumerate().for_each(|(number, s)| order[s.identity as usize].push(number as u32));
    order
}

/// Times at which an identity proved itself at an address.
#[inline(never)]
fn logins_at(sessions: &[Session], facts: &[Facts]) -> HashMap<(u32, u32), Vec<i64>> {
    let mut logins: HashMap<(u32, u32), Vec<i64>> = HashMap::new();
    for (session, fact) in sessions.iter().zip(facts) {
        if fact.proved {
            logins.entry((session.identity, session.address)).or_default().push(session.from);
        }
    }
    logins.values_mut().for_each(|times| times.sort_unstable());
    logins
}

/// Failed logins, by address and by identity.
struct Failures {
    at: HashMap<u32, Vec<(i64, u32)>>,
    of: HashMap<u32, Vec<(i64, u32)>>,
    succeeded_at: HashMap<u32, Vec<(i64, u32)>>,
    unknown: Vec<bool>,
    /// By day, when the logins of each identity first failed.
    on: HashMap<i64, Vec<i64>>,
}

/// What was tried around a session.
struct Tried {
    /// Its identity's failures at its address, from an hour before it to its end.
    own: u32,
    /// Identities that failed at its address within a day; all unknown names count as one.
    failing: u32,
    /// Identities that came in at its address within a week before.
    succeeding: u32,
    /// Addresses but its own at which its identity failed within a day.
    elsewhere: Vec<u32>,
    /// Other identities whose logins failed somewhere on the worst of these days; only where its own did.
    others: u32,
}

/// What was tried around each session, whoever teaches.
fn tried_around(table: &EventTable, identities: &Identities, sessions: &[Session], facts: &[Facts], mode: Mode) -> Vec<Tried> {
    let failures = Failures::new(table, identities, sessions, facts);
    in_pieces(sessions.len(), |piece| {
        let mut met = Met::new(identities.all.len().max(table.addresses.len()));
        piece.map(|n| failures.around(&sessions[n], mode == Mode::Hindsight, &mut met)).collect()
    })
}

/// Numbers that were met since it was asked anew.
struct Met {
    when: Vec<u32>,
    now: u32,
}

impl Met {
    /// For numbers below this.
    fn new(numbers: usize) -> Met {
        Met { when: vec![0; numbers], now: 0 }
    }
    /// Each once.
    fn each_once(&mut self, numbers: impl Iterator<Item = u32>) -> Vec<u32> {
        self.now += 1;
        numbers.filter(|number| std::mem::replace(&mut self.when[*number as usize], self.now) != self.now).collect()
    }
}

impl Failures {
    #[inline(never)]
    fn new(table: &EventTable, identities: &Identities, sessions: &[Session], facts: &[Facts]) -> Failures {
        let mut all = Failures {
            at: HashMap::new(),
            of: HashMap::new(),
            succeeded_at: HashMap::new(),
            unknown: identities.all.iter().map(|i| i.class == Class::Unknown).collect(),
            on: HashMap::new(),
        };
        for (session, fact) in sessions.iter().zip(facts) {
            if fact.failed_logins > 0 {
                for event in session.events.iter().map(|e| &table.events[*e as usize]).filter(|e| e.kind == Kind::LoginFailed) {
                    all.at.entry(session.address).or_default().push((event.time, session.identity));
                    all.of.entry(session.identity).or_default().push((event.time, session.address));
                }
            }
            if fact.failed_logins == 0 || fact.logins > 0 {
                all.succeeded_at.entry(session.address).or_default().push((session.from, session.identity));
            }
        }
        for list in all.at.values_mut().chain(all.of.values_mut()).chain(all.succeeded_at.values_mut()) {
            list.sort_unstable();
        }
        for list in all.of.iter().filter(|(who, _)| !all.unknown[**who as usize]).map(|(_, list)| list) {
            for day in list.chunk_by(|a, b| a.0.div_euclid(DAY) == b.0.div_euclid(DAY)) {
                all.on.entry(day[0].0.div_euclid(DAY)).or_default().push(day[0].0);
            }
        }
        all.on.values_mut().for_each(|times| times.sort_unstable());
        all
    }

    #[inline(never)]
    fn around(&self, session: &Session, hindsight: bool, met: &mut Met) -> Tried {
        let until = session.to + if hindsight { DAY } else { 0 };
        fn span(list: Option<&Vec<(i64, u32)>>, from: i64, to: i64) -> impl Iterator<Item = u32> + '_ {
            let list = list.map_or(&[][..], |list| &list[list.partition_point(|f| f.0 < from)..list.partition_point(|f| f.0 <= to)]);
            list.iter().map(|f| f.1)
        }
        let at = self.at.get(&session.address);
        let own = span(at, session.from - HOUR, session.to).filter(|who| *who == session.identity).count() as u32;
        if at.is_none() && !self.of.contains_key(&session.identity) {
            return Tried { own, failing: 0, succeeding: 0, elsewhere: Vec::new(), others: 0 };
        }
        let who = met.each_once(span(at, session.from - DAY, until));
        let named = who.iter().filter(|w| !self.unknown[**w as usize]).count() as u32;
        let failing = named + u32::from(named >= 2 && (named as usize) < who.len());
        let succeeding = if failing > 2 { met.each_once(span(self.succeeded_at.get(&session.address), session.from - 7 * DAY, until)).len() as u32 } else { 0 };
        let mut elsewhere = met.each_once(span(self.of.get(&session.identity), session.from - DAY, until));
        elsewhere.retain(|address| *address != session.address);
        let day = session.day();
        let on = |day: i64| self.on.get(&day).map_or(0, |times| times.partition_point(|time| *time <= until) as u32);
        let others = if elsewhere.is_empty() { 0 } else { on(day - 1).max(on(day)).max(if hindsight { on(day + 1) } else { 0 }).saturating_sub(1) };
        Tried { own, failing, succeeding, elsewhere, others }
    }
}

/// The greatest speed between this session and its neighbours in time at another place (log2 of km/h over 900, at
/// least 0), and whether another network was in use at the same time.
#[inline(never)]
fn travel(
    sessions: &[Session],
    facts: &[Facts],
    order: &[Vec<u32>],
    number: usize,
    hindsight: bool,
    shared: &dyn Fn(u32) -> bool,
) -> (f64, f64) {
    let session = &sessions[number];
    let list = &order[session.identity as usize];
    let here = list.partition_point(|&n| (n as usize) < number);
    let (mut speed, mut overlap) = (0.0f64, 0.0f64);
    let mut look = |other: u32| {
        let (there, fact) = (&sessions[other as usize], &facts[other as usize]);
        let site = &fact.site;
        if site.kind != AddressKind::Public || there.address == session.address || fact.known_place || shared(there.address) {
            return;
        }
        let apart = (session.from - there.to).max(there.from - session.to).max(0) as f64 / HOUR as f64;
        let mobile = |kind: NetworkKind| kind == NetworkKind::Mobile;
        let phones = mobile(site.network_kind) || mobile(facts[number].site.network_kind);
        if site.network_value() != facts[number].site.network_value() && apart == 0.0 && !phones {
            overlap = 1.0;
        }
        if let (Some(a), Some(b)) = (facts[number].site.point, site.point)
            && site.country != facts[number].site.country
        {
            let apart = apart.max(0.05);
            // No way is longer than along a meridian and the equator: mostly that is slow enough, and no angle is asked for.
            let east = (a.1 - b.1).abs();
            let most = KM_A_DEGREE * ((a.0 - b.0).abs() + east.min(360.0 - east)) - a.2 - b.2;
            if most > FLIGHT * apart {
                let kmh = (distance_km((a.0, a.1), (b.0, b.1)) - a.2 - b.2).max(0.0) / apart;
                if kmh > FLIGHT {
                    speed = speed.max(log2(kmh / FLIGHT).min(6.0) + 1.0);
                }
            }
        }
    };
    list[..here].iter().rev().take(BESIDE).for_each(|n| look(*n));
    if hindsight {
        list[here + 1..].iter().take(BESIDE).for_each(|n| look(*n));
    }
    (speed, overlap)
}

#[cfg(test)]
mod tests {
    use super::settled;

    #[test]
    fn who_is_new_and_keeps_to_a_place_is_settled() {
        // Somebody who was always there; four who come after a week: to stay, to move, to wander, for two days only.
        let (known, stays, moves, wanders, visits) = (0, 1, 2, 3, 4);
        let shown = [
            (known, 10, Some(5)), (stays, 17, Some(7)), (moves, 17, Some(8)), (wanders, 17, Some(8)), (known, 18, Some(5)), (stays, 18, None), (moves, 18, Some(9)),
            (wanders, 18, Some(9)), (visits, 18, Some(7)), (stays, 19, Some(7)), (moves, 19, Some(8)), (wanders, 19, Some(7)), (visits, 19, Some(7)),
        ];
        let of = |hindsight: bool, who: u32| -> Vec<bool> {
            let settled = settled(5, &shown, hindsight);
            shown.iter().zip(settled).filter(|(shown, _)| shown.0 == who).map(|(_, settled)| settled).collect()
        };
        let moved = [true, false, false];
        for (who, so_far, always) in [(known, [false; 3], false), (stays, [true; 3], true), (moves, moved, true), (wanders, moved, false), (visits, [true; 3], false)] {
            let count = of(true, who).len();
            assert_eq!(of(false, who), so_far[..count], "{who}");
            assert_eq!(of(true, who), vec![always; count], "{who}");
        }
        // From the day before on nobody is new.
        assert!(settled(2, &[(0, 10, Some(5)), (1, 16, Some(7)), (1, 17, Some(7)), (1, 18, Some(7))], true).iter().all(|settled| !settled));
    }
}
