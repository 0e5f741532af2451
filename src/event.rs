//! The normal form: events with interned strings. Knows no parsing and no meaning.
//!
//! Strings are kept once, in pools by kind; an event holds ids. Id 0 is the empty string everywhere.

use std::cmp::Ordering;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::bytes::same;
use crate::error::Error;
use crate::parallel::in_pieces;
use crate::record::Place;

/// Strings kept once each. The id of the empty string is 0.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    text: String,
    ends: Vec<u32>,
    table: HashTable<u32>,
    // Seeded by chance, so that nobody can choose strings that collide; no order depends on it.
    hasher: DefaultHashBuilder,
    /// How many bytes of strings are kept; more strings share `TOO_MANY`.
    most: usize,
    /// How often one was not kept.
    refused: u64,
    /// Room to put a string together.
    joined: String,
}

/// What stands for the strings past a pool's limit.
const TOO_MANY: &str = "(not kept: too many different texts)";
/// Bytes of all strings of a pool: their ends are `u32`.
const MOST_BYTES: usize = u32::MAX as usize - (1 << 20);
/// Of all other kinds of text together so many times more are kept.
const OTHERS: usize = 8;

impl Default for Pool {
    fn default() -> Pool {
        let mut pool =
            Pool { text: String::new(), ends: Vec::new(), table: HashTable::new(), hasher: DefaultHashBuilder::default(), most: MOST_BYTES, refused: 0, joined: String::new() };
        pool.intern("");
        pool
    }
}

impl Pool {
    /// The id of a string, new or known.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if text.is_empty() && !self.ends.is_empty() {
            return 0;
        }
        let hash = self.hasher.hash_one(text.as_bytes());
        let (all, ends) = (&self.text, &self.ends);
        if let Some(&id) = self.table.find(hash, |&id| same(bytes(all, ends, id), text.as_bytes())) {
            return id;
        }
        if self.text.len() + text.len() > self.most && text != TOO_MANY {
            self.refused += 1;
            return self.intern(TOO_MANY);
        }
        self.add(text, hash)
    }
    /// The id of a new string with this hash.
    fn add(&mut self, text: &str, hash: u64) -> u32 {
        let id = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        let (all, ends, hasher) = (&self.text, &self.ends, &self.hasher);
        self.table.insert_unique(hash, id, |&id| hasher.hash_one(bytes(all, ends, id)));
        id
    }
    /// Makes room for so many strings of so many bytes in all.
    fn make_room(&mut self, strings: usize, bytes_in_all: usize) {
        let hasher = &self.hasher;
        self.text.reserve(bytes_in_all);
        self.ends.reserve(strings);
        let (all, ends) = (&self.text, &self.ends);
        self.table.reserve(strings, |&id| hasher.hash_one(bytes(all, ends, id)));
    }
    /// The same, where it is probably the string with this id.
    pub(crate) fn intern_near(&mut self, text: &str, probably: u32) -> u32 {
        if same(bytes(&self.text, &self.ends, probably), text.as_bytes()) { probably } else { self.intern(text) }
    }
    /// The id of a string in pieces, where it is probably the one with this id.
    pub(crate) fn intern_joined(&mut self, pieces: &[&str], probably: u32) -> u32 {
        let rest = pieces.iter().try_fold(bytes(&self.text, &self.ends, probably), |rest, piece| {
            let (start, rest) = rest.split_at_checked(piece.len())?;
            same(start, piece.as_bytes()).then_some(rest)
        });
        if rest.is_some_and(<[u8]>::is_empty) {
            return probably;
        }
        let mut joined = std::mem::take(&mut self.joined);
        joined.clear();
        pieces.iter().for_each(|piece| joined.push_str(piece));
        let id = self.intern(&joined);
        self.joined = joined;
        id
    }
    /// The id of a string, if it is known.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(text.as_bytes());
        self.table.find(hash, |&id| slice(&self.text, &self.ends, id) == text).copied()
    }
    /// The string with this id.
    pub(crate) fn get(&self, id: u32) -> &str {
        slice(&self.text, &self.ends, id)
    }
    /// How many strings, the empty one among them.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

fn slice<'a>(text: &'a str, ends: &[u32], id: u32) -> &'a str {
    &text[place(ends, id)]
}

/// The same, to compare: whether a character begins and ends there need not be looked at.
fn bytes<'a>(text: &'a str, ends: &[u32], id: u32) -> &'a [u8] {
    &text.as_bytes()[place(ends, id)]
}

fn place(ends: &[u32], id: u32) -> Range<usize> {
    let from = if id == 0 { 0 } else { ends[id as usize - 1] as usize };
    from..ends[id as usize] as usize
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[repr(u8)]
#[allow(missing_docs)]
pub(crate) enum Kind {
    /// An ordinary call.
    #[default]
    Api = 0,
    /// A login that succeeded.
    Login = 1,
    /// A login that failed.
    LoginFailed = 2,
    /// A step of a login (challenge, MFA check).
    LoginStep = 3,
    /// New credentials were issued (AssumeRole and its like).
    Issue = 4,
    /// A change of role in the console.
    Switch = 5,
}

/// Said or not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub(crate) enum Tri {
    #[default]
    Unsaid = 0,
    No = 1,
    Yes = 2,
}

/// One event. Ids point into [`EventTable`]'s pools.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Event {
    /// Milliseconds since 1970 UTC.
    pub time: i64,
    /// The event ID where it is a UUID, else 0; two halves, so that a row needs no more than 96 bytes.
    pub id: [u64; 2],
    /// The event ID in `texts` where it is no UUID.
    pub id_text: u32,
    /// `service:Call` in `texts`.
    pub call: u32,
    /// In [`EventTable::actors`].
    pub actor: u32,
    /// In `addresses`.
    pub address: u32,
    /// In `agents`.
    pub agent: u32,
    /// In `texts`.
    pub region: u32,
    /// Error code in `texts`; 0 where the call succeeded.
    pub error: u32,
    /// What it was done to, in `texts`.
    pub target: u32,
    /// In [`EventTable::details`]; 0 means none.
    pub detail: u32,
    /// Bytes sent out, where the record says (S3), cut at 4 GiB.
    pub bytes_out: u32,
    /// The account that received the record, in `texts`.
    pub account: u32,
    /// What kind of thing happened.
    pub kind: Kind,
    /// The record says read-only.
    pub read_only: bool,
    /// Where the original stands.
    pub place: Place,
}

/// What a record says of who acted. Ids: `arn` and `issuer` in `arns`, `name` and `principal` in `names`, the rest in `texts`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub(crate) struct Actor {
    pub kind: u32, // userIdentity.type, in texts
    pub arn: u32,
    pub principal: u32,
    pub name: u32,
    pub account: u32,
    pub key: u32,
    pub invoked_by: u32,
    pub provider: u32, // identityProvider or federatedProvider
    pub source_identity: u32,
    pub on_behalf_of: u32,
    pub credential: u32,
    pub issuer: u32,
    pub delivered: u32, // ec2RoleDelivery
    pub created: i64,
    pub mfa: Tri,
}

impl Hash for Actor {
    /// Two fields at a time: a table is asked for every actor of every piece that is merged.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Actor { kind, arn, principal, name, account, key, invoked_by, provider, source_identity, on_behalf_of, credential, issuer, delivered, created, mfa } = *self;
        for (high, low) in [(kind, arn), (principal, name), (account, key), (invoked_by, provider), (source_identity, on_behalf_of), (credential, issuer), (delivered, mfa as u32)] {
            state.write_u64(u64::from(high) << 32 | u64::from(low));
        }
        state.write_i64(created);
    }
}

/// Fields that only some calls have. Ids in `texts`, but `role`, `principal`, `switch_from` in `arns` and user names in `names`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub(crate) struct Detail {
    pub role: u32,
    pub session_name: u32,
    pub source_identity: u32,
    pub user: u32, // requestParameters.userName
    pub policy: u32,
    pub issued_key: u32,
    pub new_key: u32,
    pub principal: u32,
    pub login_to: u32,
    pub mfa_identifier: u32,
    pub saml: u32,
    pub switch_from: u32,
    pub said_name: u32, // additionalEventData.UserName
    pub credential_type: u32,
    pub workflow: u32,
    pub service_role: u32,
    pub message: u32,
    pub opened: u32, // accounts named, with spaces between
    pub duration: u32, // seconds
    pub mfa: Tri,      // MFAUsed
}

/// Events and the strings they point to.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub(crate) struct EventTable {
    pub arns: Pool,
    pub names: Pool,
    pub addresses: Pool,
    pub agents: Pool,
    pub texts: Pool,
    pub actors: Vec<Actor>,
    pub details: Vec<Detail>,
    pub events: Vec<Event>,
    actor_table: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// At most [`RECENT`], each in its place.
    recent: Vec<Recent>,
    /// How many events there will be in all, as far as it is known.
    pub expected: usize,
}

/// The last event of an identity that a reader has a number for: its ids.
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs)]
pub(crate) struct Recent {
    /// The reader's number, which means nobody else.
    number: u64,
    pub actor: u32,
    pub call: u32,
    pub address: u32,
    pub agent: u32,
    pub region: u32,
    pub account: u32,
}

/// How many identities' last events a table keeps at hand.
const RECENT: usize = 2048;

impl Default for EventTable {
    fn default() -> EventTable {
        EventTable {
            arns: Pool::default(),
            names: Pool::default(),
            addresses: Pool::default(),
            agents: Pool::default(),
            texts: Pool::default(),
            actors: Vec::new(),
            details: vec![Detail::default()],
            events: Vec::new(),
            actor_table: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            recent: Vec::new(),
            expected: 0,
        }
    }
}

/// How often strings were not kept, of all kinds in the order of user agents, ARNs, addresses, names and others; and of
/// which kind the most.
fn worst(refused: [u64; 5]) -> (u64, &'static str) {
    let kinds = ["user agents", "ARNs", "addresses", "names", "texts"];
    let most = (0..5).rev().max_by_key(|kind| refused[*kind]).unwrap_or(0);
    (refused.iter().sum(), kinds[most])
}

impl EventTable {
    /// Keeps at most so many bytes of different strings of a kind. Texts of all other kinds share a pool, which may hold
    /// eight times as many.
    pub(crate) fn limit(&mut self, bytes: usize) {
        for pool in [&mut self.arns, &mut self.names, &mut self.addresses, &mut self.agents] {
            pool.most = bytes.min(MOST_BYTES);
        }
        self.texts.most = bytes.saturating_mul(OTHERS).min(MOST_BYTES);
    }
    /// How often a string was not kept, and of which kind the most.
    pub(crate) fn refused(&self) -> (u64, &'static str) {
        worst([&self.agents, &self.arns, &self.addresses, &self.names, &self.texts].map(|pool| pool.refused))
    }
    /// The id of an actor, new or known.
    pub(crate) fn intern_actor(&mut self, actor: Actor) -> u32 {
        let hash = self.hasher.hash_one(actor);
        let actors = &self.actors;
        if let Some(&id) = self.actor_table.find(hash, |&id| actors[id as usize] == actor) {
            return id;
        }
        let id = self.actors.len() as u32;
        self.actors.push(actor);
        let (actors, hasher) = (&self.actors, &self.hasher);
        self.actor_table.insert_unique(hash, id, |&id| hasher.hash_one(actors[id as usize]));
        id
    }

    /// The last event of the identity that has this number; 0 is nobody's.
    pub(crate) fn recent(&self, number: u64) -> Option<Recent> {
        self.recent.get(number as usize % RECENT).filter(|recent| number != 0 && recent.number == number).copied()
    }

    /// Keeps an event at hand as the last of the identity that has this number.
    pub(crate) fn remember(&mut self, number: u64, event: &Event) {
        if number != 0 {
            self.recent.resize(RECENT, Recent::default());
            let Event { actor, call, address, agent, region, account, .. } = *event;
            self.recent[number as usize % RECENT] = Recent { number, actor, call, address, agent, region, account };
        }
    }

    /// Takes over another table's events. `file_of` gives the new number of each of its files.
    #[inline(never)]
    pub(crate) fn merge(&mut self, other: &EventTable, file_of: &dyn Fn(u32) -> u32) {
        let mut known = Known {
            arns: known(&other.arns, &mut self.arns),
            names: known(&other.names, &mut self.names),
            addresses: known(&other.addresses, &mut self.addresses),
            agents: known(&other.agents, &mut self.agents),
            texts: known(&other.texts, &mut self.texts),
        };
        let actors: Vec<u32> = other.actors.iter().map(|a| self.intern_actor(a.numbered(&mut known))).collect();
        let base = self.details.len() as u32 - 1;
        self.details.extend(other.details.iter().skip(1).map(|d| d.numbered(&mut known)));
        self.events.reserve(other.events.len());
        self.events.extend(other.events.iter().map(|e| Event {
            actor: actors[e.actor as usize],
            detail: if e.detail == 0 { 0 } else { base + e.detail },
            place: Place { file: file_of(e.place.file), ..e.place },
            ..e.numbered(&mut known)
        }));
    }

    /// Sorts by time, then by ID and the text of the rest, counts the same event once, and numbers every string, actor and detail
    /// anew, in the order in which the events first use them. What no event uses is let go.
    ///
    /// The same event: event ID, time, call and account alike. Of copies the first by place stays. `moved`: of each file, its
    /// new number and how far its members move. At most `distinct` strings of a kind are kept (of all other kinds together eight
    /// times as many), the first. Returns how many copies were dropped, how many strings were not kept, and of which kind the most.
    #[inline(never)]
    pub(crate) fn settle(&mut self, distinct: usize, moved: &[(u32, u32)]) -> (u64, (u64, &'static str)) {
        let (order, tied) = self.order(moved);
        let mut events = std::mem::take(&mut self.events);
        let before = events.len();
        let mut anew = Anew::of(self, distinct);
        if tied {
            permute(&mut events, order, |_| {});
            events.dedup_by(|b, a| {
                (a.id != [0, 0] || a.id_text != 0)
                    && (a.time, a.id, a.id_text, a.call, a.account) == (b.time, b.id, b.id_text, b.call, b.account)
            });
            events.iter_mut().for_each(|event| anew.number(self, event, moved));
        } else {
            permute(&mut events, order, |rows| rows.iter_mut().for_each(|event| anew.number(self, event, moved)));
        }
        self.events = events;
        ((before - self.events.len()) as u64, anew.fresh.put(self))
    }

    /// The rows in order, and whether some have time and ID alike. Where none have, there are no copies.
    fn order(&self, moved: &[(u32, u32)]) -> (Vec<u32>, bool) {
        let (texts, events) = (&self.texts, &self.events);
        let key = |e: &Event| {
            let Place { file, member, offset, .. } = moved_place(e.place, moved);
            (file, member, offset)
        };
        // Ties are rare: only they look at the rows.
        let tied = AtomicBool::new(false);
        let ties = |a: &Event, b: &Event| {
            tied.store(true, Relaxed);
            texts
                .get(a.id_text)
                .cmp(texts.get(b.id_text))
                .then_with(|| texts.get(a.call).cmp(texts.get(b.call)))
                .then_with(|| texts.get(a.account).cmp(texts.get(b.account)))
                .then_with(|| key(a).cmp(&key(b)))
        };
        let keys = in_pieces(events.len(), |piece| events[piece].iter().map(|e| (e.time, e.id[0])).collect());
        let order = in_order(&keys, |a, b| {
            let (a, b) = (&events[a as usize], &events[b as usize]);
            a.id[1].cmp(&b.id[1]).then_with(|| ties(a, b))
        });
        (order, tied.into_inner())
    }

    /// Lets go of the events of a file.
    pub(crate) fn forget(&mut self, file: u32) {
        self.events.retain(|e| e.place.file != file);
    }

    /// The event's ID as the file had it.
    pub(crate) fn event_id(&self, event: &Event) -> String {
        if event.id == [0, 0] { self.texts.get(event.id_text).to_owned() } else { format_uuid(event.id) }
    }

    /// Bytes of all strings and their ends.
    fn text_bytes(&self) -> usize {
        [&self.arns, &self.names, &self.addresses, &self.agents, &self.texts].iter().map(|p| p.text.len() + p.ends.len() * 4).sum()
    }

    /// The detail of an event; all zero where it has none.
    pub(crate) fn detail(&self, event: &Event) -> &Detail {
        &self.details[event.detail as usize]
    }
}

fn moved_place(place: Place, moved: &[(u32, u32)]) -> Place {
    let (file, members) = moved[place.file as usize];
    Place { file, member: place.member + members, ..place }
}

/// Where each of these keys stands, in their order; `ties` decides between the same two. Keys are put in as many groups by
/// time as makes each small, and all cores sort groups: what is nearly in order stays near.
#[inline(never)]
fn in_order(keys: &[(i64, u64)], ties: impl Fn(u32, u32) -> Ordering + Sync) -> Vec<u32> {
    let (first, last) = keys.iter().fold((i64::MAX, i64::MIN), |(first, last), (time, _)| (first.min(*time), last.max(*time)));
    let span = last.wrapping_sub(first) as u64;
    // Powers of two divide quickly.
    let wide = u64::BITS - (span / (keys.len() as u64 / GROUP + 1)).leading_zeros();
    let group_of = |time: i64| (time.wrapping_sub(first) as u64).checked_shr(wide).unwrap_or(0) as usize;
    let mut starts = vec![0u32; if keys.is_empty() { 1 } else { group_of(last) + 2 }];
    keys.iter().for_each(|(time, _)| starts[group_of(*time) + 1] += 1);
    (1..starts.len()).for_each(|group| starts[group] += starts[group - 1]);
    let mut grouped = vec![0u32; keys.len()];
    let mut next = starts.clone();
    for ((time, _), at) in keys.iter().zip(0u32..) {
        let next = &mut next[group_of(*time)];
        grouped[*next as usize] = at;
        *next += 1;
    }
    let groups: Vec<Range<usize>> = starts.windows(2).filter(|edges| edges[0] < edges[1]).map(|edges| edges[0] as usize..edges[1] as usize).collect();
    in_pieces(groups.len(), |piece| {
        let mut order = Vec::new();
        let mut group = Vec::new();
        for range in piece {
            group.clear();
            group.extend(grouped[groups[range].clone()].iter().map(|at| (keys[*at as usize], *at)));
            group.sort_unstable_by(|a: &((i64, u64), u32), b| a.0.cmp(&b.0).then_with(|| ties(a.1, b.1)));
            order.extend(group.iter().map(|(_, at)| *at));
        }
        order
    })
}

/// How many events are a group, about.
const GROUP: u64 = 16;

/// Stretches of rows between which rows are moved, about, and how many rows one has at least.
const STRETCHES: usize = 64;
const STRETCH: usize = 4096;

/// Puts `rows[order[i]]` at `i`, without a second copy of the rows: first each into its stretch, then those of a stretch into their
/// places. So rows are moved near to each other, or in few places at a time: one that is anywhere is waited for. A stretch in which
/// each is in its place is told to `placed`, one after the other.
#[inline(never)]
fn permute<T: Copy>(rows: &mut [T], order: Vec<u32>, mut placed: impl FnMut(&mut [T])) {
    let mut to = vec![0u32; rows.len()];
    order.iter().zip(0..).for_each(|(from, at)| to[*from as usize] = at);
    drop(order);
    let stretch = (rows.len() / STRETCHES).next_power_of_two().max(STRETCH);
    let mut next: Vec<usize> = (0..rows.len()).step_by(stretch).collect();
    for here in 0..next.len() {
        let end = rows.len().min((here + 1) * stretch);
        while next[here] < end {
            let at = next[here];
            let there = to[at] as usize / stretch;
            let place = next[there];
            next[there] += 1;
            rows.swap(at, place);
            to.swap(at, place);
        }
    }
    let mut held = Vec::with_capacity(stretch);
    for (rows, to) in rows.chunks_mut(stretch).zip(to.chunks(stretch)) {
        held.clear();
        held.extend_from_slice(rows);
        held.iter().zip(to).for_each(|(row, to)| rows[*to as usize % stretch] = *row);
        placed(rows);
    }
}

/// Gives each string of a pool its new number.
trait Numbers {
    fn arn(&mut self, id: u32) -> u32;
    fn name(&mut self, id: u32) -> u32;
    fn address(&mut self, id: u32) -> u32;
    fn agent(&mut self, id: u32) -> u32;
    fn text(&mut self, id: u32) -> u32;
}

impl Actor {
    fn numbered(&self, to: &mut impl Numbers) -> Actor {
        Actor {
            kind: to.text(self.kind),
            arn: to.arn(self.arn),
            principal: to.name(self.principal),
            name: to.name(self.name),
            account: to.text(self.account),
            key: to.text(self.key),
            invoked_by: to.text(self.invoked_by),
            provider: to.text(self.provider),
            source_identity: to.text(self.source_identity),
            on_behalf_of: to.text(self.on_behalf_of),
            credential: to.text(self.credential),
            issuer: to.arn(self.issuer),
            delivered: to.text(self.delivered),
            created: self.created,
            mfa: self.mfa,
        }
    }
}

impl Detail {
    fn numbered(&self, to: &mut impl Numbers) -> Detail {
        Detail {
            session_name: to.text(self.session_name),
            source_identity: to.text(self.source_identity),
            policy: to.text(self.policy),
            issued_key: to.text(self.issued_key),
            new_key: to.text(self.new_key),
            login_to: to.text(self.login_to),
            mfa_identifier: to.text(self.mfa_identifier),
            saml: to.text(self.saml),
            credential_type: to.text(self.credential_type),
            workflow: to.text(self.workflow),
            service_role: to.text(self.service_role),
            message: to.text(self.message),
            opened: to.text(self.opened),
            role: to.arn(self.role),
            principal: to.arn(self.principal),
            switch_from: to.arn(self.switch_from),
            user: to.name(self.user),
            said_name: to.name(self.said_name),
            duration: self.duration,
            mfa: self.mfa,
        }
    }
}

impl Event {
    /// With new numbers of strings; actor, detail and place are the caller's.
    fn numbered(&self, to: &mut impl Numbers) -> Event {
        Event {
            id_text: to.text(self.id_text),
            call: to.text(self.call),
            address: to.address(self.address),
            agent: to.agent(self.agent),
            region: to.text(self.region),
            error: to.text(self.error),
            target: to.text(self.target),
            account: to.text(self.account),
            ..*self
        }
    }
}

/// The numbers of another table's strings in this one.
struct Known {
    arns: Vec<u32>,
    names: Vec<u32>,
    addresses: Vec<u32>,
    agents: Vec<u32>,
    texts: Vec<u32>,
}

fn known(from: &Pool, to: &mut Pool) -> Vec<u32> {
    (0..from.len() as u32).map(|id| to.intern(from.get(id))).collect()
}

impl Numbers for Known {
    fn arn(&mut self, id: u32) -> u32 {
        self.arns[id as usize]
    }
    fn name(&mut self, id: u32) -> u32 {
        self.names[id as usize]
    }
    fn address(&mut self, id: u32) -> u32 {
        self.addresses[id as usize]
    }
    fn agent(&mut self, id: u32) -> u32 {
        self.agents[id as usize]
    }
    fn text(&mut self, id: u32) -> u32 {
        self.texts[id as usize]
    }
}

/// Numbers given in the order of first use.
struct Fresh {
    arns: Order,
    names: Order,
    addresses: Order,
    agents: Order,
    texts: Order,
}

impl Numbers for Fresh {
    fn arn(&mut self, id: u32) -> u32 {
        self.arns.of(id)
    }
    fn name(&mut self, id: u32) -> u32 {
        self.names.of(id)
    }
    fn address(&mut self, id: u32) -> u32 {
        self.addresses.of(id)
    }
    fn agent(&mut self, id: u32) -> u32 {
        self.agents.of(id)
    }
    fn text(&mut self, id: u32) -> u32 {
        self.texts.of(id)
    }
}

impl Fresh {
    fn of(table: &EventTable, distinct: usize) -> Fresh {
        Fresh {
            arns: Order::new(&table.arns, distinct),
            names: Order::new(&table.names, distinct),
            addresses: Order::new(&table.addresses, distinct),
            agents: Order::new(&table.agents, distinct),
            texts: Order::new(&table.texts, distinct.saturating_mul(OTHERS)),
        }
    }
    /// The strings in their new order. Returns how many were not kept, and of which kind the most.
    fn put(&self, table: &mut EventTable) -> (u64, &'static str) {
        for (order, pool) in [
            (&self.arns, &mut table.arns),
            (&self.names, &mut table.names),
            (&self.addresses, &mut table.addresses),
            (&self.agents, &mut table.agents),
            (&self.texts, &mut table.texts),
        ] {
            *pool = order.pool(pool);
        }
        worst([self.agents.refused, self.arns.refused, self.addresses.refused, self.names.refused, self.texts.refused])
    }
}

/// Actors and details as they were, and the new numbers of what was met so far.
struct Anew {
    fresh: Fresh,
    actors: Vec<Actor>,
    actor_of: Vec<u32>,
    details: Vec<Detail>,
}

impl Anew {
    /// Takes them out of the table.
    fn of(table: &mut EventTable, distinct: usize) -> Anew {
        let fresh = Fresh::of(table, distinct);
        let actors = std::mem::take(&mut table.actors);
        table.actor_table.clear();
        table.recent.clear();
        Anew { fresh, actor_of: vec![u32::MAX; actors.len()], actors, details: std::mem::replace(&mut table.details, vec![Detail::default()]) }
    }
    /// Of an event, the next in order.
    fn number(&mut self, table: &mut EventTable, event: &mut Event, moved: &[(u32, u32)]) {
        let actor = &mut self.actor_of[event.actor as usize];
        if *actor == u32::MAX {
            *actor = table.intern_actor(self.actors[event.actor as usize].numbered(&mut self.fresh));
        }
        event.actor = *actor;
        if event.detail != 0 {
            table.details.push(self.details[event.detail as usize].numbered(&mut self.fresh));
            event.detail = table.details.len() as u32 - 1;
        }
        *event = Event { place: moved_place(event.place, moved), ..event.numbered(&mut self.fresh) };
    }
}

/// New numbers of a pool's strings, and the strings in their new order.
struct Order {
    new_of: Vec<u32>,
    /// `u32::MAX` stands for `TOO_MANY`.
    old_of: Vec<u32>,
    most: usize,
    /// The number of what stands for those that are not kept: in the pool they are from, and here.
    too_many: (Option<u32>, Option<u32>),
    refused: u64,
}

impl Order {
    fn new(pool: &Pool, most: usize) -> Order {
        let too_many = (pool.find(TOO_MANY), None);
        let mut order = Order { new_of: vec![u32::MAX; pool.len()], old_of: Vec::new(), most: most.max(1), too_many, refused: 0 };
        order.of(0); // the empty string keeps its number
        order
    }
    fn of(&mut self, id: u32) -> u32 {
        let known = self.new_of[id as usize];
        if known != u32::MAX {
            return known;
        }
        let stands_for_all = self.too_many.0 == Some(id);
        let new = if self.old_of.len() >= self.most && !stands_for_all {
            self.refused += 1;
            match (self.too_many.1, self.too_many.0) {
                (Some(new), _) => new,
                (None, Some(old)) => self.of(old),
                (None, None) => self.next(u32::MAX),
            }
        } else {
            self.next(id)
        };
        if stands_for_all {
            self.too_many.1 = Some(new);
        }
        self.new_of[id as usize] = new;
        new
    }
    fn next(&mut self, id: u32) -> u32 {
        let new = self.old_of.len() as u32;
        self.old_of.push(id);
        if id == u32::MAX {
            self.too_many.1 = Some(new);
        }
        new
    }
    fn pool(&self, from: &Pool) -> Pool {
        let mut pool = Pool::default();
        pool.make_room(self.old_of.len(), from.text.len());
        // All are different, and the first is the empty one.
        for &id in &self.old_of[1..] {
            let text = if id == u32::MAX { TOO_MANY } else { from.get(id) };
            pool.add(text, pool.hasher.hash_one(text.as_bytes()));
        }
        pool
    }
}

/// A UUID in its usual lower-case form, as a number in two halves; `None` for anything else.
pub(crate) fn parse_uuid(text: &str) -> Option<[u64; 2]> {
    let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
    if [bytes[8], bytes[13], bytes[18], bytes[23]] != *b"----" {
        return None;
    }
    let mut bad = 0u8;
    let mut part = |from: usize, to: usize| {
        bytes[from..to].iter().fold(0u64, |value, &b| {
            let digit = DIGITS[b as usize];
            bad |= digit;
            value << 4 | u64::from(digit & 15)
        })
    };
    let high = part(0, 8) << 32 | part(9, 13) << 16 | part(14, 18);
    let low = part(19, 23) << 48 | part(24, 36);
    (bad < 16 && (high, low) != (0, 0)).then_some([high, low])
}

/// The value of a hexadecimal digit in lower case; 255 for what is none.
const DIGITS: [u8; 256] = {
    let mut digits = [255; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789abcdef"[value] as usize] = value as u8;
        value += 1;
    }
    digits
};

fn format_uuid([high, low]: [u64; 2]) -> String {
    let mut text = [b'-'; 36];
    let mut put = |half: u64, places: [Range<usize>; 3]| {
        let mut rest = half;
        for at in places.into_iter().flatten() {
            text[at] = b"0123456789abcdef"[(rest >> 60) as usize];
            rest <<= 4;
        }
    };
    put(high, [0..8, 9..13, 14..18]);
    put(low, [19..23, 24..28, 28..36]);
    String::from_utf8_lossy(&text).into_owned()
}

/// Appends a table as bytes, to hand from one worker to another.
#[inline(never)]
pub(crate) fn pack(table: &EventTable, out: &mut Vec<u8>) {
    out.reserve(256 + table.events.len() * 96 + table.details.len() * 80 + table.actors.len() * 64 + table.text_bytes());
    for pool in [&table.arns, &table.names, &table.addresses, &table.agents, &table.texts] {
        put(out, pool.ends.len() as u64);
        put(out, pool.text.len() as u64);
        pool.ends.iter().for_each(|end| out.extend_from_slice(&end.to_le_bytes()));
        out.extend_from_slice(pool.text.as_bytes());
    }
    put(out, table.actors.len() as u64);
    for a in &table.actors {
        for id in [
            a.kind, a.arn, a.principal, a.name, a.account, a.key, a.invoked_by, a.provider, a.source_identity,
            a.on_behalf_of, a.credential, a.issuer, a.delivered, a.mfa as u32,
        ] {
            out.extend_from_slice(&id.to_le_bytes());
        }
        out.extend_from_slice(&a.created.to_le_bytes());
    }
    put(out, table.details.len() as u64);
    for d in &table.details {
        for id in [
            d.role, d.session_name, d.source_identity, d.user, d.policy, d.issued_key, d.new_key, d.principal,
            d.login_to, d.mfa_identifier, d.saml, d.switch_from, d.said_name, d.credential_type, d.workflow,
            d.service_role, d.message, d.duration, d.mfa as u32, d.opened,
        ] {
            out.extend_from_slice(&id.to_le_bytes());
        }
    }
    put(out, table.events.len() as u64);
    for e in &table.events {
        out.extend_from_slice(&e.time.to_le_bytes());
        out.extend_from_slice(&e.id[0].to_le_bytes());
        out.extend_from_slice(&e.id[1].to_le_bytes());
        out.extend_from_slice(&e.place.offset.to_le_bytes());
        for id in [
            e.id_text, e.call, e.actor, e.address, e.agent, e.region, e.error, e.target, e.detail, e.bytes_out,
            e.account, e.kind as u32, u32::from(e.read_only), e.place.file, e.place.member, e.place.length,
        ] {
            out.extend_from_slice(&id.to_le_bytes());
        }
    }
}

impl EventTable {
    /// Takes over the events of a table that [`pack`] made, as [`EventTable::merge`] does. Errors: the bytes are cut off.
    pub(crate) fn merge_packed(&mut self, packed: &[u8], file_of: &dyn Fn(u32) -> u32) -> Result<(), Error> {
        self.merge_from(&mut Cursor { bytes: packed }, file_of).ok_or_else(|| Error("a worker handed over a table that is cut off".into()))
    }

    /// Makes room for so many more events. Where the table must be moved, at once for all that are expected and some more.
    fn make_room(&mut self, more: usize) {
        let room = self.events.capacity() - self.events.len();
        let in_all = self.expected.saturating_add(self.expected / 16).saturating_sub(self.events.len());
        if room < more && (in_all < more || self.events.try_reserve_exact(in_all).is_err()) {
            self.events.reserve(more);
        }
    }

    #[inline(never)]
    fn merge_from(&mut self, from: &mut Cursor<'_>, file_of: &dyn Fn(u32) -> u32) -> Option<()> {
        let mut known = Known {
            arns: from.pool(&mut self.arns)?,
            names: from.pool(&mut self.names)?,
            addresses: from.pool(&mut self.addresses)?,
            agents: from.pool(&mut self.agents)?,
            texts: from.pool(&mut self.texts)?,
        };
        let mut actors = Vec::new();
        for _ in 0..from.u64()? {
            let f = from.ids::<14>()?;
            let created = from.i64()?;
            let actor = Actor {
                kind: f[0], arn: f[1], principal: f[2], name: f[3], account: f[4], key: f[5], invoked_by: f[6],
                provider: f[7], source_identity: f[8], on_behalf_of: f[9], credential: f[10], issuer: f[11],
                delivered: f[12], mfa: tri(f[13]), created,
            };
            actors.push(self.intern_actor(actor.numbered(&mut known)));
        }
        let base = self.details.len() as u32 - 1;
        for number in 0..from.u64()? {
            let f = from.ids::<20>()?;
            let detail = Detail {
                role: f[0], session_name: f[1], source_identity: f[2], user: f[3], policy: f[4], issued_key: f[5],
                new_key: f[6], principal: f[7], login_to: f[8], mfa_identifier: f[9], saml: f[10], switch_from: f[11],
                said_name: f[12], credential_type: f[13], workflow: f[14], service_role: f[15], message: f[16],
                duration: f[17], mfa: tri(f[18]), opened: f[19],
            };
            if number > 0 {
                self.details.push(detail.numbered(&mut known)); // the first stands for none
            }
        }
        let events = from.u64()?;
        self.make_room(usize::try_from(events).ok()?.min(from.bytes.len() / 96));
        for _ in 0..events {
            let time = from.i64()?;
            let id = [from.u64()?, from.u64()?];
            let offset = from.u64()?;
            let f = from.ids::<16>()?;
            let kind = [Kind::Api, Kind::Login, Kind::LoginFailed, Kind::LoginStep, Kind::Issue, Kind::Switch];
            let event = Event {
                time, id, id_text: f[0], call: f[1], actor: *actors.get(f[2] as usize)?, address: f[3], agent: f[4],
                region: f[5], error: f[6], target: f[7], detail: if f[8] == 0 { 0 } else { base + f[8] }, bytes_out: f[9],
                account: f[10], kind: *kind.get(f[11] as usize)?, read_only: f[12] == 1,
                place: Place { file: file_of(f[13]), member: f[14], offset, length: f[15] },
            };
            self.events.push(event.numbered(&mut known));
        }
        Some(())
    }
}

fn put(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn tri(number: u32) -> Tri {
    match number {
        1 => Tri::No,
        2 => Tri::Yes,
        _ => Tri::Unsaid,
    }
}

fn le32(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

struct Cursor<'a> {
    bytes: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(head)
    }
    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
    fn i64(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
    /// The new numbers of a pool's strings.
    fn pool(&mut self, to: &mut Pool) -> Option<Vec<u32>> {
        let (count, length) = (usize::try_from(self.u64()?).ok()?, usize::try_from(self.u64()?).ok()?);
        let ends = self.take(count.checked_mul(4)?)?.chunks_exact(4).map(le32);
        let text = std::str::from_utf8(self.take(length)?).ok()?;
        let mut start = 0;
        ends.map(|end| {
            let string = text.get(start..end as usize)?;
            start = end as usize;
            Some(to.intern(string))
        })
        .collect()
    }
    fn ids<const N: usize>(&mut self) -> Option<[u32; N]> {
        let bytes = self.take(N * 4)?;
        let mut ids = [0; N];
        for (id, chunk) in ids.iter_mut().zip(bytes.chunks_exact(4)) {
            *id = le32(chunk);
        }
        Some(ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_as_it_was_read() {
        for text in ["01234567-89ab-cdef-fedc-ba9876543210", "ffffffff-0000-4000-8000-00000000000f"] {
            assert_eq!(format_uuid(parse_uuid(text).expect("an ID")), text);
        }
    }

    #[test]
    fn groups_by_time_end_in_the_same_order() {
        let mut state = 7u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state >> 33
        };
        let spans = [1, 10, 1_000_000, u64::MAX];
        for (count, span) in [0, 1, 2, 63, 64, 5000].into_iter().flat_map(|count| spans.map(|span| (count, span))) {
            // Nearly in order, with a few far off and many ties.
            let time = |at: u64, random: u64| if random.is_multiple_of(50) { (random.wrapping_mul(random) % span) as i64 } else { (at / 3 % span) as i64 };
            let keys: Vec<(i64, u64)> = (0..count).map(|at| (time(at, random()), random() % 2)).collect();
            let mut plain: Vec<u32> = (0..count as u32).collect();
            plain.sort_by_key(|at| (keys[*at as usize], std::cmp::Reverse(*at)));
            assert_eq!(in_order(&keys, |a, b| b.cmp(&a)), plain, "{count} {span}");
        }
        assert_eq!(in_order(&[(i64::MAX, 0), (i64::MIN, 0), (0, 0)], |a, b| a.cmp(&b)), [1, 2, 0]);
    }

    #[test]
    fn rows_are_put_where_they_belong() {
        for count in [0, 1, 2, 4095, 4096, 4097, 9000, 300_000u64] {
            let mut order: Vec<u32> = (0..count as u32).collect();
            order.sort_by_key(|at| u64::from(*at).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40);
            let mut rows: Vec<u64> = (0..count).map(|at| at * 3).collect();
            let mut told = Vec::new();
            permute(&mut rows, order.clone(), |some| told.extend_from_slice(some));
            assert_eq!(told, rows);
            assert!(rows.iter().eq(order.iter().map(|from| u64::from(*from) * 3).collect::<Vec<_>>().iter()), "{count}");
        }
    }
}
