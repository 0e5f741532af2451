//! Nights on which several work who otherwise sleep: a hackathon, an incident, a deployment. Then the hour says little of each of them.

use hashbrown::HashMap;

use crate::session::Session;

/// With so many others, at as many other addresses, it is no one intruder's doing.
const OTHERS: usize = 4;
/// Who begins within so many milliseconds before, or in hindsight after, is there together: two hours.
const AT_ONCE: i64 = 2 * 3600 * 1000;

/// Which of the sessions begin together with others. `unusual`: those that begin at an hour of which it is unusual for their identity, in order of their start.
#[inline(never)]
pub(super) fn together(sessions: &[Session], unusual: &[usize], hindsight: bool) -> Vec<usize> {
    let mut found = Vec::new();
    let (mut people, mut addresses) = (Here::default(), Here::default());
    let (mut first, mut next) = (0, 0);
    for (place, &number) in unusual.iter().enumerate() {
        let now = sessions[number].from;
        let until = if hindsight { now + AT_ONCE } else { now };
        while next < unusual.len() && sessions[unusual[next]].from <= until && (hindsight || next <= place) {
            let session = &sessions[unusual[next]];
            people.comes(session.identity);
            addresses.comes(session.address);
            next += 1;
        }
        while sessions[unusual[first]].from < now - AT_ONCE {
            let session = &sessions[unusual[first]];
            people.goes(session.identity);
            addresses.goes(session.address);
            first += 1;
        }
        if people.0.len().min(addresses.0.len()) > OTHERS {
            found.push(number);
        }
    }
    found
}

/// What is there, and how often.
#[derive(Default)]
struct Here(HashMap<u32, u32>);

impl Here {
    fn comes(&mut self, what: u32) {
        *self.0.entry(what).or_default() += 1;
    }
    fn goes(&mut self, what: u32) {
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
        assert_eq!(together(&homes, &all, true), all);
        assert_eq!(together(&homes, &all, false), [4], "those before are not known then");
        assert!(together(&homes, &all[1..], true).is_empty(), "four");
        let office: Vec<Session> = (0..5).map(|who| session(who, 9, 0)).collect();
        assert!(together(&office, &all, true).is_empty());
        // One after the other, more than two hours apart from the fourth.
        let apart: Vec<Session> = (0..5).map(|who| session(who, who, i64::from(who) * 50)).collect();
        assert_eq!(together(&apart, &all, true), [2]);
    }
}
