//! Sessions to numbers. Every column is higher where a session is stranger.
//!
//! **To add a column**: add a row to [`COLUMNS`], fill its cell in `measure` (measure.rs), and give it its sentence in
//! explain.rs. Nothing else knows of it.

mod facts;
mod handed;
mod measure;
mod strangers;
mod taken;
mod together;
mod whereabouts;

pub(crate) use facts::{AMAZON, Calls, Facts, Method, Site, facts_of, weight_of_call};
pub use measure::Mode;
pub(crate) use measure::{Aside, Measures};
pub(crate) use taken::takes_data;

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name, short and without spaces.
    pub name: &'static str,
    /// The fact group: a fact counts once, whatever columns show it.
    pub group: &'static str,
    /// How many bits one unit of the column is worth in the login likelihood; 0: it is for rules and the other detectors.
    pub bits: f64,
    /// What it measures, with its unit.
    pub what: &'static str,
}

/// A fact group: what several columns show of one fact.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group {
    /// Its name, as in [`Column::group`].
    pub name: &'static str,
    /// How much it counts beside the others.
    pub weight: f64,
    /// Whether sessions are set against those of about the same size: longer ones make more calls, so they make rare ones.
    pub by_size: bool,
}

/// The groups, in the order of their first column. Weights are those of a logistic regression on simulated
/// organisations, each scored by weights learned on the others, and rounded (docs/evaluation.md).
pub(crate) const GROUPS: [Group; 13] = [
    Group { name: "place", weight: 1.2, by_size: false },
    Group { name: "travel", weight: 0.6, by_size: false },
    Group { name: "client", weight: 1.35, by_size: false },
    Group { name: "time", weight: 0.75, by_size: false },
    Group { name: "proof", weight: 0.9, by_size: false },
    Group { name: "tries", weight: 1.1, by_size: false },
    Group { name: "credential", weight: 0.95, by_size: false },
    Group { name: "deeds", weight: 1.0, by_size: true },
    Group { name: "region", weight: 0.6, by_size: true },
    Group { name: "amount", weight: 1.1, by_size: true },
    Group { name: "gathering", weight: 1.2, by_size: false },
    Group { name: "role", weight: 0.3, by_size: false },
    Group { name: "newcomer", weight: 2.0, by_size: false },
];

/// The columns, in the order of the matrix.
pub const COLUMNS: [Column; 32] = [
    Column { name: "network", group: "place", bits: 1.0, what: "surprise of the network, its kind and country, bits" },
    Column { name: "country", group: "place", bits: 0.6, what: "surprise of the country, bits" },
    Column { name: "prefix", group: "place", bits: 1.0, what: "an address outside the /24 and /48 in use, by how rarely they change, bits" },
    Column { name: "speed", group: "travel", bits: 1.0, what: "speed to or from the session before or after, log2 of km/h over 900" },
    Column { name: "overlap", group: "travel", bits: 3.0, what: "a session elsewhere at the same time, 0 or 1" },
    Column { name: "tool", group: "client", bits: 1.0, what: "surprise of tool and system, bits" },
    Column { name: "version", group: "client", bits: 0.8, what: "surprise of a new version of the client, against everybody, bits" },
    Column { name: "older", group: "client", bits: 1.0, what: "an older version than seen before, 0 or 1" },
    Column { name: "method", group: "client", bits: 1.0, what: "surprise of the way of login, bits" },
    Column { name: "hour", group: "time", bits: 1.0, what: "surprise of the hour of a weekday or weekend, bits" },
    Column { name: "asleep", group: "time", bits: 0.3, what: "weeks since the identity was last seen, log2" },
    Column { name: "mfa", group: "proof", bits: 1.0, what: "surprise of a login without MFA, of those by this way, bits" },
    Column { name: "failures", group: "tries", bits: 1.0, what: "failed logins of the identity here, from an hour before, log2" },
    Column { name: "guess", group: "tries", bits: 3.0, what: "strange addresses but this at which logins of the identity failed within a day, log2 of one more less 0.68; at most how rare it is to be guessed at" },
    Column { name: "spray", group: "tries", bits: 3.0, what: "identities that failed at this address within a day, over those that came in, log2" },
    Column { name: "key_moved", group: "credential", bits: 4.0, what: "a temporary key that was first used on another network, 0 to 1" },
    Column { name: "no_login", group: "credential", bits: 1.0, what: "a browser's session without a login at its address within 12 hours, 0 or 1" },
    Column { name: "rare_calls", group: "deeds", bits: 1.0, what: "mean surprise of the three rarest calls, bits" },
    Column { name: "new_calls", group: "deeds", bits: 0.0, what: "calls this identity made on no other day, log2" },
    Column { name: "sensitive", group: "deeds", bits: 1.0, what: "surprise of calls that matter to a defender, weighted bits" },
    Column { name: "region", group: "region", bits: 1.0, what: "surprise of the region, bits" },
    Column { name: "targets", group: "deeds", bits: 1.0, what: "things touched that the identity touched on no other day, over what is usual, log2" },
    Column { name: "opened", group: "deeds", bits: 1.0, what: "something opened to an account that is none of the files', bits" },
    Column { name: "handed", group: "deeds", bits: 1.0, what: "a way in or rights handed to a user who is seen nowhere else, bits" },
    Column { name: "denied", group: "amount", bits: 1.0, what: "distinct calls refused, standard deviations above usual" },
    Column { name: "volume", group: "amount", bits: 0.0, what: "events, standard deviations above usual" },
    Column { name: "breadth", group: "amount", bits: 0.5, what: "distinct targets touched, standard deviations above usual" },
    Column { name: "bytes", group: "amount", bits: 1.2, what: "bytes sent out, standard deviations above usual; beyond three they count 0.3" },
    Column { name: "taken", group: "amount", bits: 1.0, what: "objects, secrets and tables read, standard deviations above usual" },
    Column { name: "gathered", group: "gathering", bits: 1.0, what: "objects, secrets and tables read that day and on days about it, against other weeks, standard deviations" },
    Column { name: "role", group: "role", bits: 1.0, what: "surprise of the role acted under or asked for, bits" },
    Column { name: "fresh", group: "newcomer", bits: 2.0, what: "an identity first seen in these days, 0 or 1" },
];
