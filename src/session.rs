//! Events to sessions: one identity's use of one client from one address, closed by a pause of 30 minutes, or after a day: what
//! never pauses, as a machine that asks every minute, is set against its other days.

use hashbrown::HashMap;

use crate::event::EventTable;
use crate::identity::Identities;

/// A pause after which a session is closed, in milliseconds.
pub(crate) const PAUSE: i64 = 30 * 60 * 1000;
/// A session lasts no longer, in milliseconds.
const LONGEST: i64 = 24 * 3600 * 1000;

/// One session. Events are numbers of the sorted table, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Session {
    /// Who.
    pub identity: u32,
    /// From where: in the table's addresses.
    pub address: u32,
    /// With what: number of the parsed client.
    pub client: u32,
    /// First event, milliseconds since 1970 UTC.
    pub from: i64,
    /// Last event.
    pub to: i64,
    /// Its events.
    pub events: Vec<u32>,
}

impl Session {
    /// Whether what happens then belongs to it, by the time.
    fn goes_on(&self, time: i64) -> bool {
        time - self.to <= PAUSE && time - self.from < LONGEST
    }
    /// The day of its first event, in days since 1970 UTC.
    pub(crate) fn day(&self) -> i64 {
        self.from.div_euclid(24 * 3600 * 1000)
    }
    /// Whether that day is a Saturday or a Sunday.
    pub(crate) fn weekend(&self) -> bool {
        // 1970-01-01 was a Thursday.
        (self.day() + 3).rem_euclid(7) >= 5
    }
}

/// Groups events into sessions, in order of their start. `client_of` gives the client's number for each agent.
#[inline(never)]
pub(crate) fn sessions(table: &EventTable, identities: &Identities, client_of: &[u32]) -> Vec<Session> {
    let mut open: HashMap<(u32, u32, u32), usize> = HashMap::new();
    let mut sessions: Vec<Session> = Vec::new();
    // Mostly it is the identity's last session that goes on.
    let mut last = vec![usize::MAX; identities.all.len()];
    for (number, event) in table.events.iter().enumerate() {
        let identity = identities.of_event[number];
        let client = client_of[event.agent as usize];
        let last = &mut last[identity as usize];
        if let Some(session) = sessions.get_mut(*last)
            && (session.address, session.client) == (event.address, client)
            && session.goes_on(event.time)
        {
            session.to = event.time;
            session.events.push(number as u32);
            continue;
        }
        let slot = open.entry((identity, event.address, client)).or_insert(usize::MAX);
        if *slot != usize::MAX && sessions[*slot].goes_on(event.time) {
            let session = &mut sessions[*slot];
            session.to = event.time;
            session.events.push(number as u32);
        } else {
            *slot = sessions.len();
            sessions.push(Session {
                identity,
                address: event.address,
                client,
                from: event.time,
                to: event.time,
                events: vec![number as u32],
            });
        }
        *last = *slot;
    }
    sessions
}
