//! Nights on which several work who otherwise sleep: a hackathon, an incident, a deployment. Then the hour says little of each of them.

use hashbrown::HashMap;

use crate::session::Session;

/// With so many others, each at another address or at one of their own, it is no one intruder's doing.
const OTHERS: usize = 4;
/// Who begins within so many milliseconds before, or in hindsight after, is there together: two hours.
const AT_ONCE: i64 = 2 * 3600 * 1000;

/// Which of the sessions begin together with others. `unusual`: those that begin at an hour of which it is unusual for their identity, in order
/// of their start. `at_home`: whether a session is at an address of its identity's own, which may be everybody's: an office, a VPN of the house.
#[inline(never)]
pub(super) fn together(sessions: &[Session], unusual: &[usize], at_home: &dyn Fn(usize) -> bool, hindsight: bool) -> Vec<usize> {
    let mut found = Vec::new();
    let (mut people, mut places) = (Here::default(), Here::default());
    let place_of = |number: usize| if at_home(number) { (true, sessions[number].identity) } else { (false, sessions[number].address) };
    let (mut first, mut next) = (0, 0);
    for (place, &number) in unusual.iter().enumerate() {
        let now = sessions[number].from;
        let until = if hindsight { now + AT_ONCE } else { now };
        while next < unusual.len() && sessions[unusual[next]].from <= until && (hindsight || next <= place) {
            let session = &sessions[unusual[next]];
            people.comes(session.identity);
            places.comes(place_of(unusual[next]));
            next += 1;
        }
        while sessions[unusual[first]].from < now - AT_ONCE {
            let session = &sessions[unusual[first]];
            people.goes(session.identity);
            places.goes(place_of(unusual[first]));
            first += 1;
        }
        if people.0.len().min(places.0.len()) > OTHERS {
            found.push(number);
        }
    }
    found
}

/// What is there, and how often.
#[derive(Default)]
struct Here<T>(HashMap<T, u32>);

impl<T: Eq + std::hash::Hash> Here<T> {
    fn comes(&mut self, what: T) {
        *self.0.entry(what).or_default() += 1;
    }
    fn goes(&mut self, what: T) {
        if let Some(times) = self.0.get_mut(&what) {
            *times -= 1;
            if *times == 0 {
                self.0.remove(&what);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_from_their_homes_are_together_and_one_who_acts_as_five_is_not() {
        let session = |identity: u32, address: u32, minute: i64| Session { identity, address, client: 0, from: minute * 60_000, to: minute * 60_000, events: Vec::new() };
        let homes: Vec<Session> = (0..5).map(|who| session(who, who, i64::from(who) * 20)).collect();
        let all = [0, 1, 2, 3, 4];
        assert_eq!(together(&homes, &all, &|_| false, true), all);
        assert_eq!(together(&homes, &all, &|_| false, false), [4], "those before are not known then");
        assert!(together(&homes, &all[1..], &|_| false, true).is_empty(), "four");
        let office: Vec<Session> = (0..5).map(|who| session(who, 9, 0)).collect();
        assert!(together(&office, &all, &|_| false, true).is_empty());
        assert_eq!(together(&office, &all, &|_| true, true), all, "they are there on other days too");
        // One after the other, more than two hours apart from the fourth.
        let apart: Vec<Session> = (0..5).map(|who| session(who, who, i64::from(who) * 50)).collect();
        assert_eq!(together(&apart, &all, &|_| false, true), [2]);
    }
}
