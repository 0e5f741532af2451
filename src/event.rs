//! The normal form: events with interned strings. Knows no parsing and no meaning.
//!
//! Strings are kept once, in pools by kind; an event holds ids. Id 0 is the empty string everywhere.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::error::Error;
use crate::record::Place;

/// Strings kept once each. The id of the empty string is 0.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    text: String,
    ends: Vec<u32>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// How many strings are kept; more share `TOO_MANY`.
    most: usize,
    /// How often one was not kept.
    refused: u64,
}

/// What stands for the strings past a pool's limit.
const TOO_MANY: &str = "(not kept: too many different texts)";
/// Bytes of all strings of a pool: their ends are `u32`.
const MOST_BYTES: usize = u32::MAX as usize - (1 << 20);

impl Default for Pool {
    fn default() -> Pool {
        let mut pool =
            Pool { text: String::new(), ends: Vec::new(), table: HashTable::new(), hasher: DefaultHashBuilder::default(), most: 1 << 28, refused: 0 };
        pool.intern("");
        pool
    }
}

impl Pool {
    /// The id of a string, new or known.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        let hash = self.hasher.hash_one(text);
        let (all, ends) = (&self.text, &self.ends);
        if let Some(&id) = self.table.find(hash, |&id| slice(all, ends, id) == text) {
            return id;
        }
        let id = self.ends.len() as u32;
        if (self.ends.len() >= self.most || self.text.len() + text.len() > MOST_BYTES) && text != TOO_MANY {
            self.refused += 1;
            return self.intern(TOO_MANY);
        }
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        let (all, ends, hasher) = (&self.text, &self.ends, &self.hasher);
        self.table.insert_unique(hash, id, |&id| hasher.hash_one(slice(all, ends, id)));
        id
    }
    /// The id of a string, if it is known.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        self.table.find(self.hasher.hash_one(text), |&id| slice(&self.text, &self.ends, id) == text).copied()
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
    let from = if id == 0 { 0 } else { ends[id as usize - 1] as usize };
    &text[from..ends[id as usize] as usize]
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
    /// The event ID where it is a UUID, else 0.
    pub id: u128,
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
}

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
        }
    }
}

impl EventTable {
    /// Keeps at most so many different strings of a kind. Texts of all other kinds share a pool, which may hold eight times
    /// as many.
    pub(crate) fn limit(&mut self, distinct: usize) {
        for pool in [&mut self.arns, &mut self.names, &mut self.addresses, &mut self.agents] {
            pool.most = distinct.max(2);
        }
        self.texts.most = distinct.saturating_mul(8).max(2);
    }
    /// How often a string was not kept, and of which kind the most.
    pub(crate) fn refused(&self) -> (u64, &'static str) {
        let kinds = [(&self.agents, "user agents"), (&self.arns, "ARNs"), (&self.addresses, "addresses"), (&self.names, "names"), (&self.texts, "texts")];
        let most = kinds.iter().rev().max_by_key(|(pool, _)| pool.refused).map_or("texts", |(_, kind)| kind);
        (kinds.iter().map(|(pool, _)| pool.refused).sum(), most)
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

    /// Takes over another table's events. `file_of` gives the new number of each of its files.
    pub(crate) fn merge(&mut self, other: &EventTable, file_of: &dyn Fn(u32) -> u32) {
        let map = |from: &Pool, to: &mut Pool| -> Vec<u32> { (0..from.len() as u32).map(|id| to.intern(from.get(id))).collect() };
        let arns = map(&other.arns, &mut self.arns);
        let names = map(&other.names, &mut self.names);
        let addresses = map(&other.addresses, &mut self.addresses);
        let agents = map(&other.agents, &mut self.agents);
        let texts = map(&other.texts, &mut self.texts);
        let actors: Vec<u32> = other
            .actors
            .iter()
            .map(|a| {
                self.intern_actor(Actor {
                    kind: texts[a.kind as usize],
                    arn: arns[a.arn as usize],
                    principal: names[a.principal as usize],
                    name: names[a.name as usize],
                    account: texts[a.account as usize],
                    key: texts[a.key as usize],
                    invoked_by: texts[a.invoked_by as usize],
                    provider: texts[a.provider as usize],
                    source_identity: texts[a.source_identity as usize],
                    on_behalf_of: texts[a.on_behalf_of as usize],
                    credential: texts[a.credential as usize],
                    issuer: arns[a.issuer as usize],
                    delivered: texts[a.delivered as usize],
                    created: a.created,
                    mfa: a.mfa,
                })
            })
            .collect();
        let base = self.details.len() as u32 - 1;
        self.details.extend(other.details.iter().skip(1).map(|d| Detail {
            role: arns[d.role as usize],
            session_name: texts[d.session_name as usize],
            source_identity: texts[d.source_identity as usize],
            user: names[d.user as usize],
            policy: texts[d.policy as usize],
            issued_key: texts[d.issued_key as usize],
            new_key: texts[d.new_key as usize],
            principal: arns[d.principal as usize],
            login_to: texts[d.login_to as usize],
            mfa_identifier: texts[d.mfa_identifier as usize],
            saml: texts[d.saml as usize],
            switch_from: arns[d.switch_from as usize],
            said_name: names[d.said_name as usize],
            credential_type: texts[d.credential_type as usize],
            workflow: texts[d.workflow as usize],
            service_role: texts[d.service_role as usize],
            message: texts[d.message as usize],
            duration: d.duration,
            mfa: d.mfa,
        }));
        self.events.reserve(other.events.len());
        for e in &other.events {
            self.events.push(Event {
                id_text: texts[e.id_text as usize],
                call: texts[e.call as usize],
                actor: actors[e.actor as usize],
                address: addresses[e.address as usize],
                agent: agents[e.agent as usize],
                region: texts[e.region as usize],
                error: texts[e.error as usize],
                target: texts[e.target as usize],
                detail: if e.detail == 0 { 0 } else { base + e.detail },
                account: texts[e.account as usize],
                place: Place { file: file_of(e.place.file), ..e.place },
                ..*e
            });
        }
    }

    /// Sorts by time, then by ID and the text of the rest, and counts the same event once. Returns how many were dropped.
    ///
    /// The same event: event ID, time, call and account alike. Of copies the first by place stays.
    pub(crate) fn sort(&mut self) -> u64 {
        let (texts, events) = (&self.texts, &mut self.events);
        let key = |e: &Event| (e.time, e.id, e.place.file, e.place.member, e.place.offset);
        events.sort_unstable_by(|a, b| {
            (a.time, a.id)
                .cmp(&(b.time, b.id))
                .then_with(|| texts.get(a.id_text).cmp(texts.get(b.id_text)))
                .then_with(|| texts.get(a.call).cmp(texts.get(b.call)))
                .then_with(|| texts.get(a.account).cmp(texts.get(b.account)))
                .then_with(|| key(a).cmp(&key(b)))
        });
        let before = events.len();
        events.dedup_by(|b, a| {
            (a.id != 0 || a.id_text != 0)
                && (a.time, a.id, a.id_text, a.call, a.account) == (b.time, b.id, b.id_text, b.call, b.account)
        });
        (before - events.len()) as u64
    }

    /// The event's ID as the file had it.
    pub(crate) fn event_id(&self, event: &Event) -> String {
        if event.id == 0 { self.texts.get(event.id_text).to_owned() } else { format_uuid(event.id) }
    }

    /// The detail of an event; all zero where it has none.
    pub(crate) fn detail(&self, event: &Event) -> &Detail {
        &self.details[event.detail as usize]
    }
}

/// A UUID in its usual lower-case form, as a number; `None` for anything else.
pub(crate) fn parse_uuid(text: &str) -> Option<u128> {
    let bytes = text.as_bytes();
    if bytes.len() != 36 {
        return None;
    }
    let mut value = 0u128;
    for (i, &b) in bytes.iter().enumerate() {
        if matches!(i, 8 | 13 | 18 | 23) {
            if b != b'-' {
                return None;
            }
            continue;
        }
        let digit = match b {
            b'0'..=b'9' => b - b'0',
            b'a'..=b'f' => b - b'a' + 10,
            _ => return None,
        };
        value = value << 4 | u128::from(digit);
    }
    (value != 0).then_some(value)
}

fn format_uuid(value: u128) -> String {
    let hex = format!("{value:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// A table as bytes, to hand from one worker to another.
pub(crate) fn pack(table: &EventTable) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + table.events.len() * 104);
    for pool in [&table.arns, &table.names, &table.addresses, &table.agents, &table.texts] {
        put(&mut out, pool.ends.len() as u64);
        put(&mut out, pool.text.len() as u64);
        pool.ends.iter().for_each(|end| out.extend_from_slice(&end.to_le_bytes()));
        out.extend_from_slice(pool.text.as_bytes());
    }
    put(&mut out, table.actors.len() as u64);
    for a in &table.actors {
        for id in [
            a.kind, a.arn, a.principal, a.name, a.account, a.key, a.invoked_by, a.provider, a.source_identity,
            a.on_behalf_of, a.credential, a.issuer, a.delivered, a.mfa as u32,
        ] {
            out.extend_from_slice(&id.to_le_bytes());
        }
        out.extend_from_slice(&a.created.to_le_bytes());
    }
    put(&mut out, table.details.len() as u64);
    for d in &table.details {
        for id in [
            d.role, d.session_name, d.source_identity, d.user, d.policy, d.issued_key, d.new_key, d.principal,
            d.login_to, d.mfa_identifier, d.saml, d.switch_from, d.said_name, d.credential_type, d.workflow,
            d.service_role, d.message, d.duration, d.mfa as u32,
        ] {
            out.extend_from_slice(&id.to_le_bytes());
        }
    }
    put(&mut out, table.events.len() as u64);
    for e in &table.events {
        out.extend_from_slice(&e.time.to_le_bytes());
        out.extend_from_slice(&e.id.to_le_bytes());
        out.extend_from_slice(&e.place.offset.to_le_bytes());
        for id in [
            e.id_text, e.call, e.actor, e.address, e.agent, e.region, e.error, e.target, e.detail, e.bytes_out,
            e.account, e.kind as u32, u32::from(e.read_only), e.place.file, e.place.member, e.place.length,
        ] {
            out.extend_from_slice(&id.to_le_bytes());
        }
    }
    out
}

/// The table that [`pack`] made. Errors: the bytes are cut off or point nowhere.
pub(crate) fn unpack(bytes: &[u8]) -> Result<EventTable, Error> {
    unpack_inner(&mut Cursor { bytes }).ok_or_else(|| Error("a worker handed over a table that is cut off".into()))
}

fn unpack_inner(from: &mut Cursor<'_>) -> Option<EventTable> {
    let mut table = EventTable::default();
    for at in 0..5 {
        let (count, length) = (from.u64()? as usize, from.u64()? as usize);
        let ends: Vec<u32> = from.take(count.checked_mul(4)?)?.chunks_exact(4).map(le32).collect();
        let text = std::str::from_utf8(from.take(length)?).ok()?;
        let pool = match at {
            0 => &mut table.arns,
            1 => &mut table.names,
            2 => &mut table.addresses,
            3 => &mut table.agents,
            _ => &mut table.texts,
        };
        let mut start = 0;
        for end in ends {
            pool.intern(text.get(start..end as usize)?);
            start = end as usize;
        }
        if pool.len() != count {
            return None;
        }
    }
    let actors = from.u64()?;
    for _ in 0..actors {
        let f = from.ids::<14>()?;
        let created = from.i64()?;
        table.intern_actor(Actor {
            kind: f[0], arn: f[1], principal: f[2], name: f[3], account: f[4], key: f[5], invoked_by: f[6],
            provider: f[7], source_identity: f[8], on_behalf_of: f[9], credential: f[10], issuer: f[11],
            delivered: f[12], mfa: tri(f[13]), created,
        });
    }
    let details = from.u64()?;
    table.details.clear();
    for _ in 0..details {
        let f = from.ids::<19>()?;
        table.details.push(Detail {
            role: f[0], session_name: f[1], source_identity: f[2], user: f[3], policy: f[4], issued_key: f[5],
            new_key: f[6], principal: f[7], login_to: f[8], mfa_identifier: f[9], saml: f[10], switch_from: f[11],
            said_name: f[12], credential_type: f[13], workflow: f[14], service_role: f[15], message: f[16],
            duration: f[17], mfa: tri(f[18]),
        });
    }
    let events = from.u64()?;
    for _ in 0..events {
        let time = from.i64()?;
        let id = u128::from_le_bytes(from.take(16)?.try_into().ok()?);
        let offset = from.u64()?;
        let f = from.ids::<16>()?;
        let kind = [Kind::Api, Kind::Login, Kind::LoginFailed, Kind::LoginStep, Kind::Issue, Kind::Switch];
        table.events.push(Event {
            time, id, id_text: f[0], call: f[1], actor: f[2], address: f[3], agent: f[4], region: f[5], error: f[6],
            target: f[7], detail: f[8], bytes_out: f[9], account: f[10], kind: *kind.get(f[11] as usize)?,
            read_only: f[12] == 1,
            place: Place { file: f[13], member: f[14], offset, length: f[15] },
        });
    }
    Some(table)
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
    fn ids<const N: usize>(&mut self) -> Option<[u32; N]> {
        let bytes = self.take(N * 4)?;
        let mut ids = [0; N];
        for (id, chunk) in ids.iter_mut().zip(bytes.chunks_exact(4)) {
            *id = le32(chunk);
        }
        Some(ids)
    }
}
