//! Blame and columns to sentences: what was seen, what is usual, how much it counts. A fact counts once, by group.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::columns::COLUMNS;
use crate::event::Tri;
use crate::geo::{AddressKind, Geo};
use crate::report::Reason;
use crate::rules::Scene;
use crate::scoring::{Lent, Tie};
use crate::time::format_clock;

/// A group of facts below this many bits is no reason.
const LEAST: f64 = 0.5;

/// Names of countries and networks, for sentences.
pub(crate) struct Words<'a> {
    /// The table of networks.
    pub geo: &'a Geo,
    /// The table's name of an address's place.
    pub scene: &'a Scene<'a>,
    /// Sessions of each identity, in order.
    pub of_identity: &'a [Vec<u32>],
    /// Whether later sessions say what is usual.
    pub hindsight: bool,
    /// What the sessions of an identity say of a column, kept: some identities have many sessions and many alerts.
    said: RefCell<BTreeMap<(u32, &'static str), Said>>,
}

/// What the sessions of an identity say of a column.
pub(crate) struct Said {
    /// In alphabetical order.
    words: Vec<String>,
    /// Place in `words`, day, the first session of that day; sorted.
    shown: Vec<(u32, i64, u32)>,
}

impl<'a> Words<'a> {
    /// Of sessions in a scene. `hindsight`: later sessions say what is usual, too.
    pub(crate) fn new(geo: &'a Geo, scene: &'a Scene<'a>, of_identity: &'a [Vec<u32>], hindsight: bool) -> Words<'a> {
        Words { geo, scene, of_identity, hindsight, said: RefCell::default() }
    }
    /// The country in words, or what the address is instead.
    pub(crate) fn country(&self, session: usize) -> String {
        let site = &self.scene.facts[session].site;
        match site.kind {
            AddressKind::Public if site.country == [0, 0] => "an unknown country".into(),
            AddressKind::Public => self.geo.country_name(site.country).to_owned(),
            AddressKind::Private => "a private network".into(),
            AddressKind::Service => "an AWS service".into(),
            AddressKind::Invalid => "no valid address".into(),
        }
    }
    /// The network's name or number, or empty.
    pub(crate) fn network(&self, session: usize) -> String {
        let site = &self.scene.facts[session].site;
        match site.kind {
            AddressKind::Public if site.network == 0 => String::new(),
            AddressKind::Public => {
                self.geo.network_name(site.network).map_or_else(|| format!("AS{}", site.network), str::to_owned)
            }
            AddressKind::Private => "private".into(),
            AddressKind::Service => self.scene.table.addresses.get(self.scene.sessions[session].address).to_owned(),
            AddressKind::Invalid => "no valid address".into(),
        }
    }
    /// The kind of network, or empty.
    pub(crate) fn network_kind(&self, session: usize) -> &'static str {
        let site = &self.scene.facts[session].site;
        match site.kind {
            AddressKind::Public => site.network_kind.words(),
            AddressKind::Private => "private",
            AddressKind::Service => "AWS service",
            AddressKind::Invalid => "",
        }
    }
    /// Whether another session of the identity counts as usual for this one: of its own day none does, and as seen from
    /// then no later one.
    fn counts(&self, session: usize, other: usize) -> bool {
        let day = |n: usize| self.scene.sessions[n].day();
        day(other) != day(session) && (self.hindsight || other < session)
    }
    fn say_all(&self, identity: u32, value: &dyn Fn(usize) -> String) -> Said {
        let all: Vec<(String, u32)> = self.of_identity[identity as usize].iter().map(|&n| (value(n as usize), n)).collect();
        let mut words: Vec<String> = all.iter().map(|(word, _)| word.clone()).collect();
        words.sort();
        words.dedup();
        let day = |n: u32| self.scene.sessions[n as usize].day();
        let place = |word: &String| words.binary_search(word).map_or(0, |at| at as u32);
        let mut shown: Vec<(u32, i64, u32)> = all.iter().map(|(word, n)| (place(word), day(*n), *n)).collect();
        shown.sort_unstable();
        shown.dedup_by_key(|(word, day, _)| (*word, *day));
        Said { words, shown }
    }
    /// `DE on 57 days, FR on 1`: what the identity's other sessions show, most frequent first.
    #[inline(never)]
    pub(crate) fn usual(&self, session: usize, column: &'static str, value: &dyn Fn(usize) -> String) -> String {
        let identity = self.scene.sessions[session].identity;
        let mut said = self.said.borrow_mut();
        let said = said.entry((identity, column)).or_insert_with(|| self.say_all(identity, value));
        let mut days: Vec<(usize, &str)> = Vec::new();
        for of_value in said.shown.chunk_by(|a, b| a.0 == b.0) {
            let count = of_value.iter().filter(|shown| self.counts(session, shown.2 as usize)).count();
            if count > 0 {
                days.push((count, &said.words[of_value[0].0 as usize]));
            }
        }
        if days.is_empty() {
            return "nothing else is known of this identity".into();
        }
        let mut list = days;
        list.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let more = list.len().saturating_sub(3);
        let mut words: Vec<String> = list
            .into_iter()
            .take(3)
            .map(|(n, v)| format!("{v} on {n} {}", if n == 1 { "day" } else { "days" }))
            .collect();
        if more > 0 {
            words.push(format!("{more} more"));
        }
        words.join(", ")
    }
}

/// The reasons of a session, strongest first. `parts`: bits of each column; `bits`: of each group.
#[inline(never)]
pub(crate) fn reasons(words: &Words<'_>, session: usize, groups: &[&str], parts: &[f64], bits: &[f64]) -> Vec<Reason> {
    let mut found: Vec<Reason> = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        if bits[number] < LEAST {
            continue;
        }
        let mut columns: Vec<usize> = (0..COLUMNS.len()).filter(|c| COLUMNS[*c].group == *group && parts[*c] >= LEAST).collect();
        columns.sort_by(|a, b| parts[*b].total_cmp(&parts[*a]).then(a.cmp(b)));
        let Some(&first) = columns.first() else { continue };
        let (mut sentence, seen, usual) = say(words, session, COLUMNS[first].name);
        for &further in columns.iter().skip(1).take(2) {
            let (also, ..) = say(words, session, COLUMNS[further].name);
            if !sentence.contains(&also) {
                sentence = format!("{sentence} {also}");
            }
        }
        found.push(Reason { group: (*group).to_owned(), bits: (bits[number] * 10.0).round() / 10.0, sentence, seen, usual });
    }
    found.sort_by(|a, b| b.bits.total_cmp(&a.bits));
    found
}

/// The reason that a session has of another one, which stands out.
pub(crate) fn belongs(words: &Words<'_>, lent: &Lent) -> Reason {
    let with = &words.scene.sessions[lent.by];
    let when = crate::time::format_time(with.from);
    let sentence = match lent.tie {
        Tie::Key => format!("A key is used that was issued in a session which stands out, of {when}."),
        Tie::WayIn => format!("A key was issued that is used in a session which stands out, of {when}."),
        Tie::Stay => format!("The same identity from the same foreign place as in a session which stands out, of {when}."),
    };
    Reason { group: "company".into(), bits: (lent.bits * 10.0).round() / 10.0, sentence, seen: when, usual: String::new() }
}

#[inline(never)]
fn say(words: &Words<'_>, session: usize, column: &'static str) -> (String, String, String) {
    let scene = words.scene;
    let fact = &scene.facts[session];
    let here = &scene.sessions[session];
    let client = |s: usize| scene.clients[scene.sessions[s].client as usize].words();
    let usual = |value: &dyn Fn(usize) -> String| words.usual(session, column, value);
    let count = |n: u32, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let cell = scene.column(session, column);
    let power = |x: f64| crate::num::pow(2.0, x);
    match column {
        "country" => {
            let seen = words.country(session);
            let usual = usual(&|s| words.country(s));
            (format!("From {seen}; usual: {usual}."), seen, usual)
        }
        "prefix" => {
            let prefix = |s: usize| scene.table.addresses.get(scene.sessions[s].address).to_owned();
            let seen = prefix(session);
            let usual = usual(&prefix);
            (format!("From {seen}; usual: {usual}."), seen, usual)
        }
        "network" => {
            let seen = words.network(session);
            let usual = usual(&|s| words.network(s));
            let seen = if words.network_kind(session).is_empty() { seen } else { format!("{seen} ({})", words.network_kind(session)) };
            let name = if seen.is_empty() { "a network that is not known".to_owned() } else { seen.clone() };
            (format!("On {name}; usual: {usual}."), seen, usual)
        }
        "speed" => {
            let kmh = crate::num::grouped((900.0 * power(cell - 1.0)).round() as u64);
            (format!("The session beside it is so far away that one would travel at {kmh} km/h or more."), format!("{kmh} km/h"), "below 900 km/h".into())
        }
        "overlap" => ("Another session ran on another network at the same time.".into(), "two networks at once".into(), "one at a time".into()),
        "tool" | "version" => {
            let seen = client(session);
            let usual = usual(&client);
            (format!("Client: {seen}; usual: {usual}."), seen, usual)
        }
        "older" => {
            let seen = client(session);
            (format!("{seen} is older than what this identity used before."), seen, usual(&client))
        }
        "hour" => {
            let hour = |s: usize| format!("{:02} h", scene.sessions[s].from.div_euclid(3_600_000).rem_euclid(24));
            let seen = format!("{} UTC", format_clock(here.from));
            let usual = usual(&hour);
            (format!("At {seen}; usual: {usual}."), seen, usual)
        }
        "asleep" => {
            let days = (7.0 * power(cell)).round();
            (format!("Not seen for {days} days before."), format!("{days} days"), "seen every week".into())
        }
        "method" => {
            let seen = fact.method.words().to_owned();
            let usual = usual(&|s| scene.facts[s].method.words().to_owned());
            (format!("Began by {seen}; usual: {usual}."), seen, usual)
        }
        "mfa" => {
            let word = |s: usize| match scene.facts[s].mfa {
                Tri::Yes => "with MFA".to_owned(),
                Tri::No => "without MFA".to_owned(),
                Tri::Unsaid => "MFA not said".to_owned(),
            };
            let (seen, usual) = (word(session), usual(&word));
            (format!("Login {seen}; usual: {usual}."), seen, usual)
        }
        "failures" => {
            let seen = count((power(cell) - 1.0).round() as u32, "failed login", "failed logins");
            (format!("{seen} here within the hour before."), seen, "none".into())
        }
        "spray" => {
            let seen = format!("{} users", scene.aside.failing_here[session]);
            (format!("Logins of {seen} failed at this address within a day."), seen, "one user at an address".into())
        }
        "guess" => {
            let seen = count(scene.aside.guessed.get(&(session as u32)).copied().unwrap_or(0), "other address", "other addresses");
            (format!("Logins of this identity failed at {seen}, not usual for it, within a day."), seen, "failures where it is at home".into())
        }
        "key_moved" => ("The temporary key was first used on another network.".into(), "a key on two networks".into(), "one network a key".into()),
        "no_login" => ("A browser's session without a login at this address.".into(), "no login here".into(), "a login first".into()),
        "fresh" => ("First seen in these days.".into(), "a new identity".into(), "seen from the start".into()),
        "targets" => {
            let seen = count(fact.touched, "thing touched", "things touched");
            (format!("{seen}, among them some that this identity touched on no other day."), seen, String::new())
        }
        "rare_calls" | "new_calls" | "sensitive" => {
            let mut calls: Vec<(f64, &str)> = fact
                .calls
                .iter()
                .map(|c| (scene.table.texts.get(c.call), c))
                .map(|(name, _)| (crate::columns::weight_of_call(name), name))
                .filter(|(_, name)| !elsewhere(words, session, name))
                .collect();
            calls.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
            let named: Vec<&str> = calls.iter().take(4).map(|(_, n)| *n).collect();
            let more = calls.len().saturating_sub(named.len());
            let mut seen = named.join(", ");
            if more > 0 {
                seen = format!("{seen} and {more} more");
            }
            if seen.is_empty() {
                ("Calls that are rare for this identity.".into(), "rare calls".into(), String::new())
            } else {
                (format!("Never called before by this identity: {seen}."), seen, "other calls".into())
            }
        }
        "opened" => {
            let opened = scene.aside.strangers.of(session);
            match opened.and_then(|opened| Some((opened.sentence()?, opened.accounts.clone()))) {
                Some((sentence, accounts)) => (sentence, accounts, "accounts of these files".into()),
                None => ("Something was opened to an account that is none of these files'.".into(), "another account".into(), String::new()),
            }
        }
        "handed" => {
            let Some(handed) = scene.aside.handed.get(&(session as u32)) else { return (String::new(), String::new(), String::new()) };
            let (call, user) = (scene.table.texts.get(handed.call), scene.table.names.get(handed.user));
            let nowhere = if words.hindsight { "is seen nowhere else in these files" } else { "was not seen before in these files" };
            (format!("{call} for user {user}, who {nowhere}."), user.to_owned(), "users who act".into())
        }
        "denied" => {
            let seen = count(fact.denied, "call refused", "different calls refused");
            (format!("{seen}."), seen, usual(&|s| scene.facts[s].denied.to_string()))
        }
        "volume" => {
            let seen = count(here.events.len() as u32, "event", "events");
            (format!("{seen}, more than usual."), seen, String::new())
        }
        "breadth" => {
            let seen = count(fact.touched, "target touched", "different targets touched");
            (format!("{seen}, more than usual."), seen, String::new())
        }
        "bytes" => {
            let seen = format!("{:.1} MB sent out", fact.bytes_out as f64 / 1e6);
            (format!("{seen}, more than usual."), seen, String::new())
        }
        "taken" | "gathered" => {
            let mut of: BTreeMap<&str, u32> = BTreeMap::new();
            for call in &fact.calls {
                let name = scene.table.texts.get(call.call);
                if crate::columns::takes_data(name) && call.count > call.errors {
                    *of.entry(name.split(':').next().unwrap_or_default()).or_default() += call.count - call.errors;
                }
            }
            let mut seen = count(of.values().sum(), "object, secret or table read", "objects, secrets and tables read");
            if of.len() > 1 {
                let mut of: Vec<(&str, u32)> = of.into_iter().collect();
                of.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
                let of: Vec<String> = of.iter().map(|(service, times)| format!("{service} {times}")).collect();
                seen = format!("{seen} ({})", of.join(", "));
            }
            let than = if column == "taken" { "more than usual" } else { "with days about it more than in other weeks" };
            (format!("{seen}, {than}."), seen, String::new())
        }
        "region" => {
            let name = |s: usize| {
                let names: Vec<&str> = scene.facts[s].regions.iter().map(|r| scene.table.texts.get(*r)).collect();
                names.join(" ")
            };
            let (seen, usual) = (name(session), usual(&name));
            (format!("Regions: {seen}; usual: {usual}."), seen, usual)
        }
        "role" => {
            let name = |s: usize| {
                let fact = &scene.facts[s];
                let mut names: Vec<&str> = fact.roles.iter().chain(&fact.targets).map(|r| scene.table.arns.get(*r).rsplit('/').next().unwrap_or("")).collect();
                names.sort_unstable();
                names.dedup();
                if names.is_empty() { "no role".to_owned() } else { names.join(" ") }
            };
            let (seen, usual) = (name(session), usual(&name));
            (format!("Roles: {seen}; usual: {usual}."), seen, usual)
        }
        other => (format!("{other} is unusual."), String::new(), String::new()),
    }
}

/// Whether the identity made this call in another session.
fn elsewhere(words: &Words<'_>, session: usize, call: &str) -> bool {
    let scene = words.scene;
    let Some(id) = scene.table.texts.find(call) else { return false };
    words.of_identity[scene.sessions[session].identity as usize].iter().any(|&other| {
        words.counts(session, other as usize)
            && scene.facts[other as usize].calls.binary_search_by_key(&id, |c| c.call).is_ok()
    })
}

/// One sentence: place, proof, what was done.
#[inline(never)]
pub(crate) fn sentence(words: &Words<'_>, session: usize, reasons: &[Reason]) -> String {
    let scene = words.scene;
    let (fact, here) = (&scene.facts[session], &scene.sessions[session]);
    let method = match fact.method.words() {
        "failed login" if fact.failed_logins > 1 => format!("{} failed logins", fact.failed_logins),
        "failed login" => "A failed login".to_owned(),
        "password" => "Password login".to_owned(),
        "SSO" => "Login by SSO".to_owned(),
        "SAML" => "Login by SAML".to_owned(),
        "access key" => "Access key used".to_owned(),
        "role" => "Role used".to_owned(),
        "federation token" => "Federation token used".to_owned(),
        "web identity" => "Role taken by web identity".to_owned(),
        "service" => "Called through an AWS service".to_owned(),
        "session token" => "Session token used".to_owned(),
        _ => "Session".to_owned(),
    };
    let mfa = match (fact.logins > 0, fact.mfa) {
        (true, Tri::No) => " without MFA",
        (true, Tri::Yes) => " with MFA",
        _ => "",
    };
    let (country, network) = (words.country(session), words.network(session));
    let place = match fact.site.kind {
        AddressKind::Public if network.is_empty() => format!(" from {country}"),
        AddressKind::Public => format!(" from {country} ({network})"),
        _ => String::new(),
    };
    let calls = here.events.len() - (fact.logins + fact.failed_logins) as usize;
    let mut done = if calls > 0 { format!("; {calls} {}", if calls == 1 { "call" } else { "calls" }) } else { String::new() };
    let refused = fact.errors.saturating_sub(fact.failed_logins);
    if refused > 0 {
        done = format!("{done}, {refused} refused or failed");
    }
    let why = match reasons.first() {
        Some(reason) if reason.group == "deeds" || reason.group == "place" => String::new(),
        Some(reason) => format!(" {}", reason.sentence),
        None => String::new(),
    };
    format!("{method}{mfa}{place}{done}.{why}")
}
