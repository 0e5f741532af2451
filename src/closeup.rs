//! One session looked at closely, on demand: the sessions it is joined to by credentials.

use std::collections::BTreeSet;

use crate::report::Chained;
use crate::rules::Scene;

/// How many chained sessions are listed.
const CHAINED: usize = 50;

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
