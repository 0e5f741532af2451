//! Sessions to numbers. Every column is higher where a session is stranger.
//!
//! **To add a column**: add a row to [`COLUMNS`], fill its cell in `measure` (measure.rs), and give it its sentence in
//! explain.rs. Nothing else knows of it.

mod facts;
mod measure;

pub(crate) use facts::{Facts, Method, Site, facts_of, weight_of_call};
pub use measure::Mode;
pub(crate) use measure::{measure, neighbours};

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name, short and without spaces.
    pub name: &'static str,
    /// The fact group: a fact counts once, whatever columns show it.
    pub group: &'static str,
    /// How many bits one unit of the column is worth in the login likelihood.
    pub bits: f64,
    /// What it measures, with its unit.
    pub what: &'static str,
}

/// The columns, in the order of the matrix.
pub const COLUMNS: [Column; 24] = [
    Column { name: "country", group: "place", bits: 1.0, what: "surprise of the country, bits" },
    Column { name: "network", group: "place", bits: 1.0, what: "surprise of the network (ASN), bits" },
    Column { name: "prefix", group: "place", bits: 0.5, what: "surprise of the /24 or /48 against everybody, bits" },
    Column { name: "network_kind", group: "place", bits: 1.0, what: "surprise of the kind of network, bits" },
    Column { name: "speed", group: "travel", bits: 1.5, what: "speed to or from the session before or after, log2 of km/h over 900" },
    Column { name: "overlap", group: "travel", bits: 4.0, what: "a session elsewhere at the same time, 0 or 1" },
    Column { name: "tool", group: "client", bits: 1.0, what: "surprise of tool and system, bits" },
    Column { name: "version", group: "client", bits: 0.5, what: "surprise of the client's version against everybody, bits" },
    Column { name: "older", group: "client", bits: 4.0, what: "an older version than seen before, 0 or 1" },
    Column { name: "hour", group: "time", bits: 0.7, what: "surprise of the hour, bits" },
    Column { name: "asleep", group: "time", bits: 1.0, what: "days since the identity was last seen beyond its usual pause, log2" },
    Column { name: "method", group: "proof", bits: 1.0, what: "surprise of the way of login, bits" },
    Column { name: "mfa", group: "proof", bits: 1.0, what: "surprise of the state of MFA within the class, bits" },
    Column { name: "failures", group: "proof", bits: 1.5, what: "failed logins in the session and at its address within an hour, log2" },
    Column { name: "spray", group: "proof", bits: 3.0, what: "identities that failed at this address within a day, log2" },
    Column { name: "rare_calls", group: "deeds", bits: 1.0, what: "mean surprise of the three rarest calls, bits" },
    Column { name: "new_calls", group: "deeds", bits: 1.0, what: "calls this identity never made, log2" },
    Column { name: "sensitive", group: "deeds", bits: 1.0, what: "surprise of calls that matter to a defender, weighted bits" },
    Column { name: "denied", group: "deeds", bits: 1.0, what: "distinct calls refused, standard deviations above usual" },
    Column { name: "volume", group: "deeds", bits: 0.7, what: "events, standard deviations above usual" },
    Column { name: "breadth", group: "deeds", bits: 0.7, what: "distinct targets touched, standard deviations above usual" },
    Column { name: "bytes", group: "deeds", bits: 0.7, what: "bytes sent out, standard deviations above usual" },
    Column { name: "region", group: "deeds", bits: 1.0, what: "surprise of the region, bits" },
    Column { name: "role", group: "role", bits: 1.0, what: "surprise of the role acted under or asked for, bits" },
];
