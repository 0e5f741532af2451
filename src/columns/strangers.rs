//! Accounts to which a session opened something, and which are none of the files' own: a snapshot shared with one, a role that trusts one, a
//! layer of one in a function. An administrator does such things all day; for whom they are done tells.

use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};

use super::facts::Facts;
use crate::event::EventTable;
use crate::record::EVERYBODY;
use crate::session::Session;

/// What a strange account says that was never named before, in bits.
const STRANGE: f64 = 8.0;
/// What is opened to everybody may be meant for them.
const FOR_ALL: f64 = 6.0;
/// Who called in these accounts before is a supplier, most likely.
const SUPPLIER: f64 = 2.0;
/// So much less for each other day on which it was named.
const NAMED: f64 = 4.0;
/// Days so near may be of the same intrusion.
pub(super) const WEEK: i64 = 7;

/// Whom sessions opened something to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strangers {
    /// By session; only sessions that have any.
    of: HashMap<u32, Opened>,
}

/// To whom a session opened something.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    /// Of the strangest, in bits.
    pub bits: f64,
    /// All that are strange, with commas between; may be empty.
    pub accounts: String,
    /// The calls that named them, in order of their names.
    pub calls: Vec<String>,
}

impl Strangers {
    /// Those of a session.
    pub(crate) fn of(&self, session: usize) -> Option<&Opened> {
        self.of.get(&(session as u32))
    }
}

impl Opened {
    /// What was seen, if anybody strange is named.
    pub(crate) fn sentence(&self) -> Option<String> {
        let calls = match self.calls.as_slice() {
            [one, two] => format!("{one} and {two}"),
            [one, two, more @ ..] => format!("{one}, {two} and {} more", more.len()),
            calls => calls.concat(),
        };
        match self.accounts.as_str() {
            "" => None,
            EVERYBODY => Some(format!("{calls} opened something to everybody.")),
            account if !account.contains(',') => Some(format!("{calls} opened something to account {account}, which is none of these files'.")),
            accounts => Some(format!("{calls} opened something to accounts that are none of these files': {accounts}.")),
        }
    }
}

/// Finds them. Accounts are the files' own if an event says that it was recorded there; where none says so, if somebody there calls.
#[inline(never)]
pub(crate) fn strangers(table: &EventTable, sessions: &[Session], facts: &[Facts], hindsight: bool) -> Strangers {
    let openers: Vec<usize> = (0..sessions.len()).filter(|n| !facts[*n].opened.is_empty()).collect();
    if openers.is_empty() {
        return Strangers::default();
    }
    let mut own = vec![false; table.texts.len()];
    table.events.iter().for_each(|event| own[event.account as usize] = true);
    if !own[1..].contains(&true) {
        table.actors.iter().for_each(|actor| own[actor.account as usize] = true);
    }
    let is_own = |account: &str| table.texts.find(account).is_some_and(|id| own[id as usize]);
    let named = |n: usize| facts[n].opened.iter().flat_map(|list| table.texts.get(*list).split(' ')).filter(|account| !is_own(account));
    let mut days: HashMap<&str, Vec<i64>> = HashMap::new();
    for &n in &openers {
        named(n).for_each(|account| days.entry(account).or_default().push(sessions[n].day()));
    }
    days.values_mut().for_each(|days| days.dedup());
    let callers: Vec<bool> = table.actors.iter().map(|actor| days.contains_key(table.texts.get(actor.account))).collect();
    let mut called: HashMap<&str, i64> = HashMap::new();
    // Mostly nobody of theirs calls, and no event is looked at.
    for session in if callers.contains(&true) { sessions } else { &[] } {
        for event in session.events.iter().map(|number| &table.events[*number as usize]).filter(|event| callers[event.actor as usize]) {
            called.entry(table.texts.get(table.actors[event.actor as usize].account)).or_insert(session.day());
        }
    }
    let bits = |day: i64, account: &str| {
        let otherwise = |other: &&i64| **other < day - WEEK || hindsight && **other > day + WEEK;
        let times = days.get(account).map_or(0, |days| days.iter().filter(otherwise).count());
        let most = if account == EVERYBODY { FOR_ALL } else { STRANGE };
        let bits = (most - NAMED * times as f64).max(0.0);
        if called.get(account).is_some_and(|first| *first < day) { bits.min(SUPPLIER) } else { bits }
    };
    let of = openers.iter().filter_map(|&n| {
        let all: HashSet<&str> = named(n).collect();
        let mut all: Vec<(f64, &str)> = all.into_iter().map(|account| (bits(sessions[n].day(), account), account)).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let most = all.first()?.0;
        let words: Vec<&str> = all.iter().filter(|(bits, _)| *bits > SUPPLIER).map(|(_, account)| *account).collect();
        (most > 0.0).then(|| (n as u32, Opened { bits: most, accounts: words.join(", "), calls: calls_naming(table, &sessions[n], &words) }))
    });
    Strangers { of: of.collect() }
}

/// The calls of a session that open something to one of these accounts.
#[inline(never)]
fn calls_naming(table: &EventTable, session: &Session, accounts: &[&str]) -> Vec<String> {
    let events = session.events.iter().map(|number| &table.events[*number as usize]);
    let names_one = |list: u32| table.texts.get(list).split(' ').any(|account| accounts.contains(&account));
    let naming = events.filter(|event| event.error == 0 && names_one(table.detail(event).opened));
    let calls: BTreeSet<&str> = naming.map(|event| table.texts.get(event.call)).collect();
    calls.into_iter().map(str::to_owned).collect()
}
