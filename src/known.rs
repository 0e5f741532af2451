//! What the reader of a report knows to be good: office and VPN ranges, scanners, break-glass names. A settings file.
//!
//! ```json
//! {
//!   "version": "oddtrail-known/1",
//!   "ranges": [{ "range": "198.51.100.0/24", "note": "office in Berlin", "expires": "2026-12-31" }],
//!   "scanners": [{ "address": "203.0.113.7", "agent": "Prowler", "note": "weekly audit" }],
//!   "break_glass": [{ "name": "emergency-admin", "account": "123456789012", "note": "sealed in the safe" }]
//! }
//! ```
//!
//! | list | matches | what it does |
//! |---|---|---|
//! | `ranges` | addresses in CIDR form, IPv4 or IPv6 | the place is usual for everybody: it costs no bits and no travel. Deeds still count |
//! | `scanners` | an address or range, a part of the user agent, or both (then both must match) | the session is excused |
//! | `break_glass` | a user's or role's name, in one account or in any | the session is excused |
//!
//! Excused: the session is scored, ranked and shown as ever, marked with the entry, and counted apart; it is no alert,
//! unless a rule names it medium or high. (A rule about the tool itself does not count against a scanner whose address
//! is given.) A user agent is whatever the caller says it is: give the address too, where there is one.
//!
//! An entry with `expires` holds for sessions that begin on or before that day, UTC. `note` and `expires` may be left out.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::event::EventTable;
use crate::geo::address_of;
use crate::identity::Identities;
use crate::session::Session;
use crate::time::{format_date, parse_time};

/// The version of the settings file.
pub const KNOWN_VERSION: &str = "oddtrail-known/1";

/// Entries in all: more than that is a mistake, and would slow every report.
const MOST_ENTRIES: usize = 2_000;
/// Bytes of a settings file.
const MOST_BYTES: usize = 1 << 20;
/// Characters of a note or a name.
const MOST_TEXT: usize = 500;
/// A wider range would make half of the world a usual place.
const WIDEST: (u8, u8) = (8, 16);

/// What is known to be good.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    entries: Vec<Entry>,
}

/// One entry, as the report lists it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KnownEntry {
    /// The list it stands in: `ranges`, `scanners` or `break_glass`.
    pub list: String,
    /// What it matches, in words: `198.51.100.0/24`, `203.0.113.7 with Prowler`, `emergency-admin`.
    pub what: String,
    /// The note beside it.
    pub note: String,
    /// The last day on which it holds, `2026-12-31`, or empty.
    pub expires: String,
    /// Sessions it matched.
    pub sessions: u64,
    /// Of them, those that would have been alerts without it.
    pub excused: u64,
}

/// What is wrong with one entry of a settings file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownProblem {
    /// Where: `ranges[2].range`, counted from 0 as in the file; empty for the file as a whole.
    pub place: String,
    /// What was expected.
    pub expected: String,
    /// What was found, cut to 80 characters.
    pub found: String,
}

impl std::fmt::Display for KnownProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = if self.place.is_empty() { "the settings file" } else { &self.place };
        write!(f, "{place}: expected {}, found {}", self.expected, self.found)
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Entry {
    what: What,
    note: String,
    expires: String,
    /// The first millisecond on which it no longer holds.
    until: i64,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    Range(Range),
    Scanner(Option<Range>, Option<String>),
    BreakGlass(String, Option<String>),
}

/// Addresses with the same first bits.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Range {
    start: IpAddr,
    bits: u8,
}

/// What the settings say of one session.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct KnownSession {
    /// The entry that marks it: the first that excuses it, else the first range.
    pub entry: Option<u32>,
    /// Its address lies in a known range.
    pub place: bool,
    /// It is no alert, unless a rule says so.
    pub excused: bool,
    /// An entry names its address as a scanner's: a rule about the tool does not count.
    pub tool: bool,
}

impl Known {
    /// Reads a settings file. Errors: everything that is wrong with it, entry by entry; then nothing of it holds.
    ///
    /// ```
    /// use oddtrail::Known;
    ///
    /// let known = Known::parse(r#"{"version": "oddtrail-known/1", "ranges": [{"range": "198.51.100.0/24"}]}"#);
    /// assert_eq!(known.expect("it is right").len(), 1);
    /// let wrong = Known::parse(r#"{"version": "oddtrail-known/1", "ranges": [{"range": "198.51.100.7/24"}]}"#);
    /// let problems = wrong.expect_err("host bits are set");
    /// assert_eq!(
    ///     problems[0].to_string(),
    ///     "ranges[0].range: expected the first address of the range, 198.51.100.0/24, found \"198.51.100.7/24\""
    /// );
    /// ```
    pub fn parse(text: &str) -> Result<Known, Vec<KnownProblem>> {
        let mut reader = Reader::default();
        if text.len() > MOST_BYTES {
            reader.wrong("", "at most 1 MB", &format!("{} bytes", text.len()));
            return Err(reader.problems);
        }
        match serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) {
            Ok(Value::Object(file)) => reader.file(&file),
            Ok(other) => reader.wrong("", "an object with \"version\" and lists", &found(&other)),
            Err(error) => reader.wrong("", "JSON", &format!("an error at line {}, column {}: {error}", error.line(), error.column())),
        }
        if reader.problems.is_empty() { Ok(Known { entries: reader.entries }) } else { Err(reader.problems) }
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries for the report, with no session counted yet, in the order of the file.
    pub(crate) fn entries(&self) -> Vec<KnownEntry> {
        let list = |entry: &Entry| {
            let (list, what) = match &entry.what {
                What::Range(range) => ("ranges", range.to_string()),
                What::Scanner(Some(range), Some(agent)) => ("scanners", format!("{range} with {agent}")),
                What::Scanner(Some(range), None) => ("scanners", range.to_string()),
                What::Scanner(None, agent) => ("scanners", agent.clone().unwrap_or_default()),
                What::BreakGlass(name, Some(account)) => ("break_glass", format!("{name} in {account}")),
                What::BreakGlass(name, None) => ("break_glass", name.clone()),
            };
            KnownEntry { list: list.into(), what, note: entry.note.clone(), expires: entry.expires.clone(), ..KnownEntry::default() }
        };
        self.entries.iter().map(list).collect()
    }

    /// What it says of each session.
    #[inline(never)]
    pub(crate) fn of_sessions(&self, table: &EventTable, identities: &Identities, sessions: &[Session]) -> Vec<KnownSession> {
        if self.entries.is_empty() {
            return vec![KnownSession::default(); sessions.len()];
        }
        let addresses: Vec<Option<IpAddr>> = (0..table.addresses.len() as u32).map(|id| address_of(table.addresses.get(id))).collect();
        let agents: Vec<String> = (0..table.agents.len() as u32).map(|id| table.agents.get(id).to_lowercase()).collect();
        let matches = |entry: &Entry, session: &Session| {
            let inside = |range: &Range| addresses[session.address as usize].is_some_and(|ip| range.holds(ip));
            session.from < entry.until
                && match &entry.what {
                    What::Range(range) => inside(range),
                    What::Scanner(range, agent) => {
                        range.as_ref().is_none_or(inside)
                            && agent.as_ref().is_none_or(|agent| {
                                session.events.iter().all(|e| agents[table.events[*e as usize].agent as usize].contains(agent.as_str()))
                            })
                    }
                    What::BreakGlass(name, account) => {
                        let who = &identities.all[session.identity as usize];
                        who.name.eq_ignore_ascii_case(name) && account.as_ref().is_none_or(|account| *account == who.account)
                    }
                }
        };
        let say = |session: &Session| {
            let mut said = KnownSession::default();
            for (number, entry) in (0u32..).zip(&self.entries).filter(|(_, entry)| matches(entry, session)) {
                let range = matches!(entry.what, What::Range(_));
                if said.entry.is_none() || (!range && !said.excused) {
                    said.entry = Some(number);
                }
                said.place |= range;
                said.excused |= !range;
                said.tool |= matches!(entry.what, What::Scanner(Some(_), _));
            }
            said
        };
        sessions.iter().map(say).collect()
    }
}

/// Problems as one error: a line each, the first twenty.
impl From<Vec<KnownProblem>> for Error {
    fn from(problems: Vec<KnownProblem>) -> Error {
        let mut lines: Vec<String> = problems.iter().take(20).map(ToString::to_string).collect();
        if problems.len() > 20 {
            lines.push(format!("and {} more", problems.len() - 20));
        }
        Error(lines.join("\n"))
    }
}

impl Range {
    fn holds(&self, ip: IpAddr) -> bool {
        match (self.start, ip) {
            (IpAddr::V4(start), IpAddr::V4(ip)) => (start.to_bits() ^ ip.to_bits()).leading_zeros() >= u32::from(self.bits),
            (IpAddr::V6(start), IpAddr::V6(ip)) => (start.to_bits() ^ ip.to_bits()).leading_zeros() >= u32::from(self.bits),
            _ => false,
        }
    }

    /// The same range by its first address.
    fn first(self) -> Range {
        let start = match self.start {
            IpAddr::V4(ip) => IpAddr::V4((ip.to_bits() & u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0)).into()),
            IpAddr::V6(ip) => IpAddr::V6((ip.to_bits() & u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0)).into()),
        };
        Range { start, ..self }
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whole = if self.start.is_ipv4() { 32 } else { 128 };
        if self.bits == whole { write!(f, "{}", self.start) } else { write!(f, "{}/{}", self.start, self.bits) }
    }
}

/// Collects entries, and everything that is wrong.
#[derive(Default)]
struct Reader {
    entries: Vec<Entry>,
    problems: Vec<KnownProblem>,
}

impl Reader {
    fn wrong(&mut self, place: &str, expected: &str, found: &str) {
        self.problems.push(KnownProblem { place: place.into(), expected: expected.into(), found: found.into() });
    }

    fn file(&mut self, file: &Map<String, Value>) {
        match file.get("version") {
            Some(Value::String(version)) if version == KNOWN_VERSION => {}
            Some(other) => self.wrong("version", &format!("\"{KNOWN_VERSION}\""), &found(other)),
            None => self.wrong("version", &format!("\"{KNOWN_VERSION}\""), "nothing"),
        }
        for (key, value) in file {
            match key.as_str() {
                "version" | "note" => continue,
                "ranges" | "scanners" | "break_glass" => {}
                other => {
                    self.wrong(&cut(other), "one of \"version\", \"note\", \"ranges\", \"scanners\", \"break_glass\"", "a key of another name");
                    continue;
                }
            }
            let Value::Array(list) = value else {
                self.wrong(key, "a list of entries", &found(value));
                continue;
            };
            if self.entries.len() + list.len() > MOST_ENTRIES {
                self.wrong(key, &format!("at most {MOST_ENTRIES} entries in all"), &format!("{}", self.entries.len() + list.len()));
                continue;
            }
            for (number, value) in list.iter().enumerate() {
                let place = format!("{key}[{number}]");
                match value {
                    Value::Object(entry) => self.entry(key, &place, entry),
                    other => self.wrong(&place, "an object", &found(other)),
                }
            }
        }
    }

    fn entry(&mut self, list: &str, place: &str, entry: &Map<String, Value>) {
        let before = self.problems.len();
        let allowed: &[&str] = match list {
            "ranges" => &["range", "note", "expires"],
            "scanners" => &["address", "agent", "note", "expires"],
            _ => &["name", "account", "note", "expires"],
        };
        for key in entry.keys().filter(|key| !allowed.contains(&key.as_str())) {
            self.wrong(&format!("{place}.{}", cut(key)), &format!("one of {}", allowed.join(", ")), "a key of another name");
        }
        let note = self.text(entry, place, "note").unwrap_or_default();
        let expires = self.text(entry, place, "expires").unwrap_or_default();
        let until = if expires.is_empty() {
            i64::MAX
        } else {
            match parse_time(&format!("{expires}T00:00:00Z")) {
                Some(day) if format_date(day) == expires => day + 86_400_000,
                _ => {
                    self.wrong(&format!("{place}.expires"), "a day as 2026-12-31, or nothing", &quoted(&expires));
                    0
                }
            }
        };
        let what = match list {
            "ranges" => self.range(entry, place, "range").map(What::Range),
            "scanners" => {
                let range = entry.contains_key("address").then(|| self.range(entry, place, "address"));
                let agent = self.text(entry, place, "agent").map(|agent| agent.trim().to_lowercase()).filter(|agent| !agent.is_empty());
                match (range, agent) {
                    (None, None) => {
                        self.wrong(place, "\"address\", \"agent\" or both", "neither");
                        None
                    }
                    (_, Some(agent)) if agent.chars().count() < 4 => {
                        self.wrong(&format!("{place}.agent"), "at least 4 characters, or it would match nearly every client", &quoted(&agent));
                        None
                    }
                    (Some(None), _) => None, // it was said what is wrong with it
                    (range, agent) => Some(What::Scanner(range.flatten(), agent)),
                }
            }
            _ => self.name(entry, place),
        };
        if let (Some(what), true) = (what, self.problems.len() == before) {
            self.entries.push(Entry { what, note, expires, until });
        }
    }

    fn name(&mut self, entry: &Map<String, Value>, place: &str) -> Option<What> {
        let account = self.text(entry, place, "account").filter(|account| !account.is_empty());
        if let Some(account) = &account
            && (account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()))
        {
            self.wrong(&format!("{place}.account"), "12 digits, or nothing", &quoted(account));
        }
        match self.text(entry, place, "name").map(|name| name.trim().to_owned()) {
            Some(name) if !name.is_empty() => Some(What::BreakGlass(name, account)),
            _ => {
                let said = entry.get("name").map_or_else(|| "nothing".to_owned(), found);
                self.wrong(&format!("{place}.name"), "a user's or role's name", &said);
                None
            }
        }
    }

    /// A text field; nothing where it is not there, and a problem where it is no text.
    fn text(&mut self, entry: &Map<String, Value>, place: &str, key: &str) -> Option<String> {
        match entry.get(key)? {
            Value::String(text) if text.chars().count() <= MOST_TEXT => Some(text.clone()),
            Value::String(text) => {
                self.wrong(&format!("{place}.{key}"), &format!("at most {MOST_TEXT} characters"), &quoted(text));
                None
            }
            Value::Null => None,
            other => {
                self.wrong(&format!("{place}.{key}"), "text", &found(other));
                None
            }
        }
    }

    fn range(&mut self, entry: &Map<String, Value>, place: &str, key: &str) -> Option<Range> {
        let place = format!("{place}.{key}");
        let expected = "an address or a range such as 198.51.100.0/24 or 2001:db8::/32";
        let Some(Value::String(text)) = entry.get(key) else {
            let said = entry.get(key).map_or_else(|| "nothing".to_owned(), found);
            self.wrong(&place, expected, &said);
            return None;
        };
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address.trim(), Some(bits.trim())),
            None => (text.trim(), None),
        };
        let Ok(start) = address.parse::<IpAddr>() else {
            self.wrong(&place, expected, &quoted(text));
            return None;
        };
        let (whole, widest) = if start.is_ipv4() { (32, WIDEST.0) } else { (128, WIDEST.1) };
        let bits = match bits.map_or(Ok(whole), str::parse::<u8>) {
            Ok(bits) if bits <= whole => bits,
            _ => {
                self.wrong(&place, &format!("a length from {widest} to {whole} behind the /"), &quoted(text));
                return None;
            }
        };
        if bits < widest {
            self.wrong(&place, &format!("a range no wider than /{widest}"), &quoted(text));
            return None;
        }
        let range = Range { start, bits };
        if range.first() != range {
            self.wrong(&place, &format!("the first address of the range, {}", range.first()), &quoted(text));
            return None;
        }
        Some(range)
    }
}

/// A value as people say it.
fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "true or false".into(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => quoted(text),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", cut(text))
}

fn cut(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        Known::parse(text).expect_err("something is wrong").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn ranges_hold_their_addresses_and_no_others() {
        let range = |start: &str, bits| Range { start: start.parse().expect("an address"), bits };
        for (range, inside, outside) in [
            (range("198.51.100.0", 24), "198.51.100.255", "198.51.101.0"),
            (range("10.0.0.0", 8), "10.255.1.2", "11.0.0.0"),
            (range("203.0.113.7", 32), "203.0.113.7", "203.0.113.6"),
            (range("2001:db8::", 32), "2001:db8:ffff::1", "2001:db9::"),
            (range("2001:db8::1", 128), "2001:db8::1", "2001:db8::2"),
        ] {
            assert!(range.holds(inside.parse().expect("an address")), "{range} {inside}");
            assert!(!range.holds(outside.parse().expect("an address")), "{range} {outside}");
        }
        assert!(!range("10.0.0.0", 8).holds("::ffff:1".parse().expect("an address")));
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        let text = r#"{"version": "oddtrail-known/1", "extra": 1,
            "ranges": [{"range": "0.0.0.0/0"}, {"range": "198.51.100.0/33"}, {"range": "office"}, {"range": 7}, 5, {"range": "10.0.0.0/8", "expire": "2026-01-01"}],
            "scanners": [{}, {"agent": "aws"}, {"address": "203.0.113.7", "note": 3}],
            "break_glass": [{"name": ""}, {"name": "x", "account": "12"}, {"name": "y", "expires": "2026-02-30"}]}"#;
        let said = problems(text);
        for start in [
            "extra: expected one of", "ranges[0].range: expected a range no wider than /8, found \"0.0.0.0/0\"",
            "ranges[1].range: expected a length from 8 to 32", "ranges[2].range: expected an address", "ranges[3].range: expected an address",
            "ranges[4]: expected an object, found the number 5", "ranges[5].expire: expected one of range, note, expires",
            "scanners[0]: expected \"address\", \"agent\" or both, found neither", "scanners[1].agent: expected at least 4",
            "scanners[2].note: expected text", "break_glass[0].name: expected a user's or role's name, found \"\"",
            "break_glass[1].account: expected 12 digits", "break_glass[2].expires: expected a day",
        ] {
            assert!(said.iter().any(|line| line.starts_with(start)), "{start} is not in {said:#?}");
        }
        assert_eq!(said.len(), 13, "{said:#?}");
    }

    #[test]
    fn what_is_no_settings_file_is_told_so() {
        assert!(problems("").concat().starts_with("the settings file: expected JSON, found an error at line 1"));
        assert_eq!(problems("[]"), ["the settings file: expected an object with \"version\" and lists, found a list"]);
        assert_eq!(problems("{}"), ["version: expected \"oddtrail-known/1\", found nothing"]);
        assert!(problems(r#"{"version": "oddtrail-known/2"}"#)[0].contains("found \"oddtrail-known/2\""));
        assert!(problems(&format!("\"{}\"", "x".repeat(MOST_BYTES)))[0].contains("at most 1 MB"));
    }
}
