//! Sessions looked at closely: why one is odd, what was done in it, and the sessions it is joined to by credentials.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use crate::columns::{Calls, GROUPS};
use crate::event::EventTable;
use crate::explain::{Words, belongs, reasons, sentence};
use crate::matrix::{Alike, Bits};
use crate::report::{Call, Chained, EventLine, Reason, SessionSummary};
use crate::rules::{Scene, came_of};
use crate::scoring::Scoring;

/// How many events of a session the report lists.
const LISTED: usize = 500;
/// How many of its calls.
const CALLS: usize = 12;

/// How many chained sessions are listed.
const CHAINED: usize = 50;

/// The sessions of one identity, looked at one after the other: what is asked of all of them is kept.
pub(crate) struct Closeup<'a> {
    words: Words<'a>,
    scoring: &'a Scoring,
    rank_of: &'a [u32],
    /// By call, the days on which it was made, and in how many sessions.
    days: HashMap<u32, Vec<(i64, u32)>>,
    /// Its sessions that are no alerts, in order; of those that are alike to the last bit the first two.
    ordinary: Vec<u32>,
}

/// Why a session is odd, and what was done in it.
pub(crate) struct Why {
    reasons: Vec<Reason>,
    sentence: String,
    nearest: Option<u32>,
    calls: Vec<Call>,
    came_of: Vec<String>,
    listed: Vec<EventLine>,
}

impl Why {
    /// Writes it into the report's line about the session.
    pub(crate) fn put(self, summary: &mut SessionSummary) {
        let Why { reasons, sentence, nearest, calls, came_of, listed } = self;
        (summary.reasons, summary.sentence, summary.nearest) = (reasons, sentence, nearest);
        (summary.calls, summary.came_of, summary.listed) = (calls, came_of, listed);
    }
}

impl<'a> Closeup<'a> {
    /// Of the identity of that number. `rank_of`: of each session.
    #[inline(never)]
    pub(crate) fn of(words: Words<'a>, identity: usize, scoring: &'a Scoring, rank_of: &'a [u32]) -> Closeup<'a> {
        let scene = words.scene;
        let sessions = &words.of_identity[identity];
        let mut days: HashMap<u32, Vec<(i64, u32)>> = HashMap::new();
        for n in sessions {
            let day = scene.sessions[*n as usize].day();
            for call in &scene.facts[*n as usize].calls {
                let days = days.entry(call.call).or_default();
                match days.last_mut().filter(|(last, _)| *last == day) {
                    Some((_, sessions)) => *sessions += 1,
                    None => days.push((day, 1)),
                }
            }
        }
        let all: Vec<u32> = sessions.iter().copied().filter(|n| !scoring.alert[*n as usize]).collect();
        let alike = Alike::of(all.iter().map(|n| (Bits(scene.matrix.row(*n as usize)), scene.facts[*n as usize].method)));
        let mut seen = vec![0u32; alike.firsts.len()];
        let mut one_of_two = |which: u32| {
            seen[which as usize] += 1;
            seen[which as usize] <= 2
        };
        let ordinary = all.into_iter().zip(alike.which).filter_map(|(n, which)| one_of_two(which).then_some(n)).collect();
        Closeup { words, scoring, rank_of, days, ordinary }
    }

    /// About a session of the identity.
    #[inline(never)]
    pub(crate) fn why(&self, n: usize) -> Why {
        let (words, scene, odds) = (&self.words, self.words.scene, &self.scoring.odds);
        let mut reasons = reasons(words, n, &GROUPS.map(|g| g.name), &odds.parts(scene.matrix, n), &odds.bits(n));
        reasons.extend(odds.lent.get(&n).map(|lent| belongs(words, lent)));
        reasons.sort_by(|a, b| b.bits.total_cmp(&a.bits));
        Why {
            sentence: sentence(words, n, &reasons),
            reasons,
            nearest: self.nearest(n).map(|other| self.rank_of[other]),
            calls: self.calls(n),
            came_of: came_of(scene, n),
            listed: scene.sessions[n].events.iter().take(LISTED).map(|e| line_of(scene.table, *e)).collect(),
        }
    }

    /// The identity's most alike session that is no alert: least distance over the columns, of those with the same way in if there is one.
    fn nearest(&self, number: usize) -> Option<usize> {
        let scene = self.words.scene;
        let row = scene.matrix.row(number);
        let mut best: Option<(bool, f64, usize)> = None;
        for n in self.ordinary.iter().map(|n| *n as usize).filter(|n| *n != number) {
            let other_way = scene.facts[n].method != scene.facts[number].method;
            // A sum of what is not negative only grows: who is too far before its end stays so.
            let most = match best {
                Some((way, _, _)) if other_way && !way => continue,
                Some((way, far, _)) if way == other_way => far,
                _ => f64::INFINITY,
            };
            let mut far = 0.0;
            for (x, y) in scene.matrix.row(n).iter().zip(row) {
                far += (x - y).abs();
                if far > most {
                    break;
                }
            }
            // Of two as near the first stays.
            if far < most {
                best = Some((other_way, far, n));
            }
        }
        best.map(|(_, _, n)| n)
    }

    /// Its calls, those first that the identity's other sessions made on the fewest days.
    fn calls(&self, number: usize) -> Vec<Call> {
        let scene = self.words.scene;
        let today = scene.sessions[number].day();
        let others = |call: u32| {
            let days = self.days.get(&call).map_or(&[][..], Vec::as_slice);
            let alone = days.binary_search_by_key(&today, |(day, _)| *day).is_ok_and(|at| days[at].1 == 1);
            days.len() - usize::from(alone)
        };
        let call = |call: &Calls| {
            let days = others(call.call);
            (days, Call { name: scene.table.texts.get(call.call).to_owned(), count: call.count, errors: call.errors, usual: word_of_days(days).into() })
        };
        let mut calls: Vec<(usize, Call)> = scene.facts[number].calls.iter().map(call).collect();
        calls.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.count.cmp(&a.1.count)).then_with(|| a.1.name.cmp(&b.1.name)));
        calls.into_iter().take(CALLS).map(|(_, call)| call).collect()
    }
}

/// GuardDuty's words for how usual a call is, by the days on which it was made.
pub(crate) fn word_of_days(days: usize) -> &'static str {
    match days {
        0 => "new",
        1 => "rare",
        2..=4 => "infrequent",
        _ => "frequent",
    }
}

/// An event as the report lists it.
pub(crate) fn line_of(table: &EventTable, number: u32) -> EventLine {
    let event = &table.events[number as usize];
    EventLine {
        time: event.time,
        call: table.texts.get(event.call).to_owned(),
        error: table.texts.get(event.error).to_owned(),
        target: table.texts.get(event.target).to_owned(),
        id: table.event_id(event),
        region: table.texts.get(event.region).to_owned(),
        place: [u64::from(event.place.file), u64::from(event.place.member), event.place.offset, u64::from(event.place.length)],
    }
}

/// Sessions joined to this one by credentials, in order of time; `rank` holds the session's number.
///
/// A key issued in one session and used in another joins them: a role assumed, a token asked for, an access key made.
#[inline(never)]
pub(crate) fn chained(scene: &Scene<'_>, number: usize) -> Vec<Chained> {
    let issued = |n: usize| {
        let events = scene.sessions[n].events.iter().map(|e| &scene.table.events[*e as usize]);
        let details = events.filter(|e| e.detail != 0 && e.error == 0).map(|e| scene.table.detail(e));
        details.flat_map(|d| [d.issued_key, d.new_key]).filter(|key| *key != 0)
    };
    let here: BTreeSet<u32> = issued(number).collect();
    let used: BTreeSet<u32> = scene.facts[number].keys.iter().copied().collect();
    let key = |id: u32| scene.table.texts.get(id);
    let mut found: Vec<Chained> = Vec::new();
    for other in (0..scene.sessions.len()).filter(|n| *n != number) {
        if let Some(id) = scene.facts[other].keys.iter().find(|k| here.contains(k)) {
            found.push(Chained { rank: other as u32, after: true, how: format!("used a key issued here: {}", key(*id)) });
        } else if !used.is_empty() && let Some(id) = issued(other).find(|k| used.contains(k)) {
            found.push(Chained { rank: other as u32, after: false, how: format!("issued the key used here: {}", key(id)) });
        }
        if found.len() == CHAINED {
            break;
        }
    }
    found
}
