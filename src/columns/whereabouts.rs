//! What an identity's other sessions say of where one of them is, whoever teaches: an instance that never was anywhere else, an address where the
//! identity's own client is in use too, a journey.

use hashbrown::HashMap;

use super::AMAZON;
use super::facts::Facts;
use crate::geo::{AddressKind, NetworkKind};
use crate::session::Session;

/// A client is the identity's own which it used on so many days, and on so large a share of its days.
const OWN_DAYS: u32 = 4;
const OWN_SHARE: f64 = 0.25;
/// Who is on a journey is nowhere else on so many working days,
const WORKING_DAYS: usize = 2;
/// and elsewhere within so long before and after, in milliseconds: who was away for longer and comes back from abroad may be somebody else.
const AWAY: i64 = 4 * 24 * 3_600_000;

/// Of each session, whether it is of EC2 instances that are in Amazon's network and were seen in no other part of it. The service names a session
/// after the instance, so keys that are taken from one and used elsewhere show its name in two places. As seen from then: so far.
#[inline(never)]
pub(super) fn own_instances(facts: &[Facts], hindsight: bool) -> Vec<bool> {
    // Of each instance, the first network, and whether there was another.
    let mut at: HashMap<u32, (u64, bool)> = HashMap::new();
    let mut stays = |fact: &Facts| {
        let here = fact.site.network_value();
        for instance in &fact.instances {
            let seen = at.entry(*instance).or_insert((here, false));
            seen.1 |= seen.0 != here;
        }
        !fact.instances.is_empty() && AMAZON.contains(&fact.site.network) && fact.instances.iter().all(|instance| !at[instance].1)
    };
    let so_far: Vec<bool> = facts.iter().map(&mut stays).collect();
    if hindsight { facts.iter().map(stays).collect() } else { so_far }
}

/// What a session shows, for [`beside_own_client`].
#[derive(Clone, Copy)]
pub(super) struct Shown {
    /// Whose, if it is a person's.
    pub person: Option<u32>,
    /// On which day.
    pub day: u32,
    /// In which /24 or /48.
    pub prefix: u64,
    /// With which tool; 0 where it tells nothing.
    pub tool: u64,
}

/// How many days, and the last of them plus one.
#[derive(Clone, Copy, Default)]
struct Days {
    count: u32,
    next: u32,
}

impl Days {
    fn add(&mut self, day: u32) {
        if self.next != day + 1 {
            *self = Days { count: self.count + 1, next: day + 1 };
        }
    }
}

/// Of each session, whether another client, which is the person's own, is in use at its address on that day or the ones beside it: then
/// the person is there. An intruder who copies one client brings it to an address of his. As seen from then: earlier ones.
#[inline(never)]
pub(super) fn beside_own_client(shown: &[Shown], hindsight: bool) -> Vec<bool> {
    let mut tools: HashMap<(u32, u64), Days> = HashMap::new();
    let mut active: HashMap<u32, Days> = HashMap::new();
    let mut here: HashMap<(u32, u64, u32), Vec<u64>> = HashMap::new();
    let beside = |shown: &Shown, tools: &HashMap<(u32, u64), Days>, active: &HashMap<u32, Days>, here: &HashMap<(u32, u64, u32), Vec<u64>>| {
        let Some(person) = shown.person else { return false };
        let least = OWN_SHARE * f64::from(active.get(&person).map_or(0, |days| days.count));
        let own = |tool: &u64| tools.get(&(person, *tool)).is_some_and(|days| days.count >= OWN_DAYS && f64::from(days.count) >= least);
        let on = |day: u32| here.get(&(person, shown.prefix, day)).is_some_and(|there| there.iter().any(|tool| *tool != shown.tool && own(tool)));
        on(shown.day) || shown.day.checked_sub(1).is_some_and(on) || on(shown.day + 1)
    };
    let mut so_far = Vec::new();
    for one in shown {
        if !hindsight {
            so_far.push(beside(one, &tools, &active, &here));
        }
        if let Some(person) = one.person {
            active.entry(person).or_default().add(one.day);
            if one.tool != 0 {
                tools.entry((person, one.tool)).or_default().add(one.day);
                let there = here.entry((person, one.prefix, one.day)).or_default();
                if !there.contains(&one.tool) {
                    there.push(one.tool);
                }
            }
        }
    }
    if hindsight { shown.iter().map(|one| beside(one, &tools, &active, &here)).collect() } else { so_far }
}

/// Of each session, whether it is of a journey: its identity, who was at home shortly before and after, is in that country and nowhere else on
/// working days enough. An intruder comes while somebody else works. Only in hindsight, by sessions of each identity in `order`.
#[inline(never)]
pub(super) fn journeys(sessions: &[Session], facts: &[Facts], order: &[Vec<u32>]) -> Vec<bool> {
    let mut away = vec![false; sessions.len()];
    let country = |n: &u32| facts[*n as usize].site.country;
    let tells = |n: &&u32| {
        let (fact, site) = (&facts[**n as usize], &facts[**n as usize].site);
        let nowhere = matches!(site.network_kind, NetworkKind::Cloud | NetworkKind::Relay);
        site.kind == AddressKind::Public && site.country != [0, 0] && !nowhere && !fact.only_failed()
    };
    for of_identity in order {
        let placed: Vec<u32> = of_identity.iter().filter(tells).copied().collect();
        let mut days: Vec<([u8; 2], Days)> = Vec::new();
        for n in &placed {
            let at = days.iter().position(|(known, _)| *known == country(n)).unwrap_or_else(|| {
                days.push((country(n), Days::default()));
                days.len() - 1
            });
            days[at].1.add(sessions[*n as usize].day() as u32);
        }
        let Some((home, _)) = days.iter().max_by_key(|(country, days)| (days.count, *country)) else { continue };
        let mut before: Option<i64> = None;
        let mut runs = placed.chunk_by(|a, b| country(a) == country(b)).peekable();
        while let Some(run) = runs.next() {
            let (first, last) = (&sessions[run[0] as usize], &sessions[run[run.len() - 1] as usize]);
            let soon = |from: i64, to: i64| to - from <= AWAY;
            let left = before.is_some_and(|before| soon(before, first.from));
            let returned = runs.peek().is_none_or(|next| soon(last.to, sessions[next[0] as usize].from));
            let mut working: Vec<i64> = run.iter().map(|n| &sessions[*n as usize]).filter(|session| !session.weekend()).map(Session::day).collect();
            working.dedup();
            if left && returned && working.len() >= WORKING_DAYS && country(&run[0]) != *home {
                run.iter().for_each(|n| away[*n as usize] = true);
            }
            before = Some(last.to);
        }
    }
    away
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_of_ones_own_says_that_one_is_there() {
        let (browser, tool, other) = (7, 8, 9);
        let shown = |day: u32, prefix: u64, tool: u64| Shown { person: Some(1), day, prefix, tool };
        // Four days with the browser at an address each; on the last a tool too. Elsewhere the tool alone, and with a client that is nobody's.
        let mut all: Vec<Shown> = (0..4).map(|day| shown(day, u64::from(day), browser)).collect();
        all.extend([shown(3, 3, tool), shown(4, 3, tool), shown(4, 50, tool), shown(4, 50, other), shown(5, 3, tool)]);
        let beside = beside_own_client(&all, true);
        assert_eq!(beside, [false, false, false, false, true, true, false, false, false]);
        // Then, the browser is own from its fourth day on, and what comes later says nothing.
        assert_eq!(beside_own_client(&all, false), beside);
        let mut turned = all.clone();
        turned.swap(3, 4);
        assert_eq!(beside_own_client(&turned, false)[3..5], [false, false]);
        assert_eq!(beside_own_client(&turned, true)[3..5], [true, false]);
        // Machines keep no desk.
        all.iter_mut().for_each(|one| one.person = None);
        assert!(beside_own_client(&all, true).iter().all(|beside| !beside));
    }
}
