//! People: who they are, what happens in their lives, and what they do on a day.
//!
//! A person's day is a function of the seed, the person and the day alone, so that days can be made in any order.
//! A hard case of ordinary life is a row of LIVES, and what it changes in `Person::on`.

use std::sync::Arc;

use super::agents::{self, Browser, Family, System};
use super::calls::PAGES;
use super::dice::{self, Dice};
use super::networks::{self, Address, Net, Prefix};
use super::organisation::{self, World};
use super::places::COUNTRIES;
use super::signin::{self, AT_ONCE, Login, Pen, Seat};
use super::trail::{Caller, Cause, Event, Outcome};

/// What somebody does for a living.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    Developer,
    Operations,
    Analyst,
    Finance,
    Security,
    Manager,
    Support,
    Administrator,
    Contractor,
}

impl Job {
    /// The letter in PAGES, the permission set, how often it is met.
    fn row(self) -> (char, &'static str, f64) {
        match self {
            Job::Developer => ('d', "DeveloperAccess", 9.0),
            Job::Operations => ('o', "PowerUserAccess", 4.0),
            Job::Analyst => ('a', "DataAnalyst", 3.0),
            Job::Finance => ('f', "Billing", 1.2),
            Job::Security => ('s', "SecurityAudit", 1.5),
            Job::Manager => ('m', "ViewOnlyAccess", 1.2),
            Job::Support => ('u', "SupportUser", 1.8),
            Job::Administrator => ('x', "AdministratorAccess", 1.6),
            Job::Contractor => ('c', "ExternalDeveloper", 1.2),
        }
    }
}

const JOBS: [Job; 9] = [
    Job::Developer,
    Job::Operations,
    Job::Analyst,
    Job::Finance,
    Job::Security,
    Job::Manager,
    Job::Support,
    Job::Administrator,
    Job::Contractor,
];

/// How somebody signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignIn {
    Sso,
    IamMfa,
    Iam,
    Saml,
}

/// What happens in a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Works from another country (its index).
    Travel(usize),
    /// Away, with now and then a look.
    Vacation,
    /// Lives elsewhere in the country.
    Move,
    /// Has a new laptop: another system, other versions.
    Laptop,
    /// Uses another browser.
    Browser,
    /// Has another job within the company.
    Role,
    /// Cannot get past the second factor at first.
    MfaTrouble,
    /// Works at night for some days.
    Nights,
    /// Lives in hotels: another address each session.
    Hotels,
}

/// A change from a day to another, both included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Life {
    pub change: Change,
    pub from: i64,
    pub to: i64,
    pub seed: u64,
}

/// Hard cases of ordinary life: the word in labels, how often in 30 days of one person, how long, what.
const LIVES: &[(&str, f64, (i64, i64), Change)] = &[
    ("vacation", 0.3, (3, 12), Change::Vacation),
    ("moving-house", 0.03, (90, 90), Change::Move),
    ("new-laptop", 0.07, (400, 400), Change::Laptop),
    ("new-browser", 0.05, (400, 400), Change::Browser),
    ("role-change", 0.03, (400, 400), Change::Role),
    ("mfa-trouble", 0.08, (0, 1), Change::MfaTrouble),
    ("night-duty", 0.06, (3, 6), Change::Nights),
    ("hotels", 0.05, (3, 9), Change::Hotels),
];

/// A person.
#[derive(Debug)]
pub(super) struct Person {
    pub index: usize,
    pub name: String,
    pub principal: Arc<str>,
    domain: String,
    pub job: Job,
    pub country: usize,
    pub sign_in: SignIn,
    pub account: usize,
    pub others: Vec<usize>,
    pub permission_set: &'static str,
    pub user_id: String,
    pub signin_region: &'static str,
    pub hardware: bool,
    pub key: Option<String>,
    home: Prefix,
    /// Days a home address holds; 0 for ever.
    lease: i64,
    mobile: Prefix,
    vpn: Option<Prefix>,
    office: Option<usize>,
    browser: Browser,
    phone: Browser,
    pub cli: String,
    /// A script on the person's machine, and the hour it runs at.
    script: Option<(f64, String)>,
    /// Opens the console from the command line's keys.
    vault: bool,
    /// Share of sittings in the second region.
    other_region: f64,
    start: f64,
    hours: f64,
    sessions: f64,
    cli_share: f64,
    remote: f64,
    evening: f64,
    weekend: f64,
    on_the_move: f64,
    pages: Vec<(usize, f64)>,
    commands: Vec<u16>,
    lives: Vec<Life>,
    /// First and last day at the company.
    pub from: i64,
    pub to: i64,
    /// Signed in before, not since: wakes at most on some day.
    pub dormant: Option<Option<i64>>,
    /// Shifts: 0 no, 1 early and late by week, 2 nights every third week.
    shift: u8,
    /// Why the person is here at all.
    cause: &'static str,
}

impl Person {
    /// As sessions of roles are named.
    pub(super) fn session_name(&self) -> String {
        format!("{}@{}", self.name, self.domain)
    }

    /// The role the person has in an account.
    pub(super) fn role(&self, world: &World, account: usize) -> String {
        match self.sign_in {
            SignIn::Sso => {
                let mut role = format!("AWSReservedSSO_{}_", self.permission_set);
                dice::hex(world.seed ^ dice::key(self.permission_set) ^ account as u64, 16, &mut role);
                role
            }
            SignIn::Saml => format!("{}-{}", world.make.saml, self.permission_set),
            SignIn::IamMfa | SignIn::Iam => format!("cross-{}", self.permission_set),
        }
    }

    /// Whether the person's failed sign-ins are in the trail; outside providers keep theirs to themselves.
    pub(super) fn seen_failing(&self, world: &World) -> bool {
        match self.sign_in {
            SignIn::Iam | SignIn::IamMfa => true,
            SignIn::Sso => !world.make.outside_idp,
            SignIn::Saml => false,
        }
    }

    fn life(&self, day: i64, what: impl Fn(Change) -> bool) -> Option<&Life> {
        self.lives.iter().find(|life| what(life.change) && (life.from..=life.to).contains(&day))
    }

    /// Whether the person works for the company on a day.
    pub(super) fn here(&self, day: i64) -> bool {
        (self.from..=self.to).contains(&day) && self.dormant.is_none_or(|wakes| wakes.is_some_and(|wakes| day >= wakes))
    }

    /// The home's address on a day.
    pub(super) fn home(&self, world: &World, day: i64) -> Address {
        let moved = self.life(day, |c| c == Change::Move);
        let epoch = if self.lease == 0 { 0 } else { (day + self.index as i64 * 5).div_euclid(self.lease) };
        let mut dice = Dice::new(world.seed, &[20, self.index as u64, epoch as u64, moved.map_or(0, |life| life.seed)]);
        let prefix = match moved {
            Some(_) => networks::prefix(COUNTRIES[self.country].code, if dice.chance(0.3) { Net::Isp6 } else { Net::Isp }, &mut dice),
            None => self.home,
        };
        prefix.address(&mut dice).on(day)
    }

    /// The browser on a day.
    pub(super) fn agent(&self, day: i64) -> String {
        self.on_browser(day).agent(day)
    }

    fn on_browser(&self, day: i64) -> Browser {
        let changed = self.life(day, |c| matches!(c, Change::Laptop | Change::Browser));
        match changed {
            None => self.browser,
            Some(life) => {
                let mut dice = Dice::new(life.seed, &[21]);
                let mut browser = Browser::draw(&mut dice, 0.15, 0.4);
                if life.change == Change::Browser && browser.family != Family::Safari {
                    browser.system = self.browser.system;
                }
                browser
            }
        }
    }

    /// aws-cli on a day.
    pub(super) fn command_agent(&self, world: &World, day: i64) -> String {
        match self.life(day, |c| c == Change::Laptop) {
            None => self.cli.clone(),
            Some(life) => agents::cli(self.on_browser(day).system, life.from, world.make.commands, &mut Dice::new(life.seed, &[22])),
        }
    }

    fn cause_on(&self, world: &World, day: i64) -> String {
        let named = |name: &str| format!("benign:{name}");
        for life in &self.lives {
            if !(life.from..=life.to).contains(&day) {
                continue;
            }
            let word = match life.change {
                Change::Travel(_) => "travel",
                change => LIVES.iter().find(|row| row.3 == change).map_or("", |row| row.0),
            };
            // What stays is no case any more after some days.
            if matches!(life.change, Change::Travel(_) | Change::Hotels | Change::Nights | Change::MfaTrouble | Change::Vacation) || day < life.from + 5 {
                return named(word);
            }
        }
        if let Some(Some(wakes)) = self.dormant
            && day < wakes + 5
        {
            return named("returns");
        }
        if self.cause == "auditor" || self.cause == "pentest" {
            return named(if self.cause == "auditor" { "audit" } else { "pentest" });
        }
        if self.from > world.start && day < self.from + 5 {
            return named(if self.cause == "acquired" { "acquisition" } else { "joiner" });
        }
        String::new()
    }
}

const FIRST: [&str; 60] = [
    "ada", "aiko", "amir", "anders", "anya", "bao", "bela", "bruno", "carla", "chidi", "dalia", "dario", "deniz", "elif", "emil", "esra", "fadi",
    "farid", "fiona", "gita", "goran", "hana", "henrik", "ines", "ivo", "jana", "jonas", "kaya", "kofi", "lars", "leila", "luca", "maja", "mateo",
    "mei", "milan", "nadia", "nils", "noor", "odile", "olek", "paula", "petra", "quentin", "rana", "rosa", "samir", "signe", "sofia", "tariq",
    "tomas", "uma", "vera", "viktor", "wanda", "xenia", "yara", "yusuf", "zara", "zeno",
];
const LAST: [&str; 60] = [
    "abbas", "adler", "almeida", "anand", "arslan", "baker", "berg", "bianchi", "bosch", "castro", "chen", "costa", "dahl", "diaz", "dubois",
    "eklund", "farkas", "ferrari", "fischer", "fontaine", "garcia", "gupta", "haas", "hansen", "hayashi", "ibarra", "iyer", "jansen", "jovic",
    "kaplan", "kato", "keller", "khan", "kowal", "larsen", "lindt", "lopez", "maier", "marsh", "mendes", "moreau", "nagy", "nair", "novak",
    "okafor", "olsen", "patel", "pereira", "popescu", "quist", "reyes", "rossi", "sato", "silva", "tanaka", "ueda", "vogel", "weber", "yilmaz", "zeller",
];

/// The people of a world, whose calendar is made.
pub(super) fn hire(world: &World, count: usize) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    let acquired = world.calendar.acquisition.map_or(0, |_| (count / 8).clamp(2, 12));
    for index in 0..count {
        let mut cause = "";
        if index >= count.saturating_sub(acquired) {
            cause = "acquired";
        }
        people.push(person(world, index, cause));
    }
    for (span, cause) in [(world.calendar.audit, "auditor"), (world.calendar.pentest, "pentest")] {
        if span.is_some() {
            people.push(person(world, people.len(), cause));
        }
    }
    people
}

fn person(world: &World, index: usize, cause: &'static str) -> Person {
    let make = &world.make;
    let mut dice = Dice::new(world.seed, &[10, index as u64]);
    let (start, days, end) = (world.start, world.days, world.end());
    let weights: Vec<f64> = JOBS.iter().map(|job| job.row().2 * (0.5 + (dice::mix(world.seed ^ job.row().0 as u64) % 100) as f64 / 100.0)).collect();
    // Somebody has to run the place.
    let mut job = match index {
        0 => Job::Administrator,
        1 => Job::Operations,
        2 => Job::Security,
        _ => JOBS[dice.weighted(&weights)],
    };
    let shares: Vec<f64> = make.countries.iter().map(|row| row.1).collect();
    let mut country = make.countries[dice.weighted(&shares)].0;
    let mut sign_in = [SignIn::Sso, SignIn::IamMfa, SignIn::Iam, SignIn::Saml][dice.weighted(&make.sign_in)];
    let mut domain = make.domain.clone();
    let (mut from, mut to) = (start - 400, end + 400);
    let lively = make.lively * days as f64 / 30.0;
    if index > 4 && dice.chance(0.05 * lively) {
        from = start + dice.between(2, (days - 2).max(2));
    } else if index > 4 && dice.chance(0.03 * lively) {
        to = start + dice.between(2, (days - 2).max(2));
    }
    let mut net = if dice.chance(0.25) { Net::Isp6 } else { Net::Isp };
    match cause {
        "acquired" => {
            let (day, at) = world.calendar.acquisition.unwrap_or((start, country));
            (from, country) = (day, at);
            domain = format!("{}.example", ["tallyport", "nimbusworks", "fourmile", "oakline"][(world.seed % 4) as usize]);
        }
        "auditor" => {
            (from, to) = world.calendar.audit.unwrap_or((start, start));
            (job, sign_in) = (Job::Security, if dice.chance(0.5) { SignIn::IamMfa } else { SignIn::Iam });
        }
        "pentest" => {
            (from, to) = world.calendar.pentest.unwrap_or((start, start));
            (job, sign_in, net) = (Job::Contractor, SignIn::Iam, Net::Hosting);
        }
        _ => {}
    }
    if job == Job::Contractor && dice.chance(0.6) {
        sign_in = if dice.chance(0.7) { SignIn::IamMfa } else { SignIn::Iam };
    }
    let row = job.row();
    let name = {
        // 1237 and 3600 have no common divisor, so every pair of names comes once.
        let at = ((dice::mix(world.seed) % 3600) as usize + index * 1237) % 3600;
        let plain = format!("{}.{}", FIRST[at % 60], LAST[at / 60]);
        let name = if index >= 3600 { format!("{plain}{index}") } else { plain };
        match cause {
            "pentest" => format!("pentest-{}", ["redco", "northlab", "sixfold"][(world.seed % 3) as usize]),
            "auditor" => format!("audit-{name}"),
            _ => name,
        }
    };
    let browser = organisation::browser(make, &mut dice);
    let installed = |dice: &mut Dice| start - dice.wait(make.tool_age) as i64;
    let system = if cause == "pentest" { System::Linux } else { browser.system };
    let cli = agents::cli(system, installed(&mut dice), make.commands, &mut dice);
    let technical = matches!(job, Job::Developer | Job::Operations | Job::Analyst | Job::Administrator | Job::Contractor | Job::Security);
    let iam = matches!(sign_in, SignIn::Iam | SignIn::IamMfa);
    let key = (cause == "pentest" || iam && technical && dice.chance(0.35 + make.keys)).then(|| dice::id("AKIA", dice.bits())[..20].to_owned());
    let script = (key.is_some() && dice.chance(0.5)).then(|| (dice.real(6.0, 22.0), agents::boto_at_home(system, installed(&mut dice), &mut dice)));
    let code = COUNTRIES[country].code;
    let account = if world.accounts.len() == 1 { 0 } else { 1 + (dice.wait(1.2) as usize).min(world.accounts.len() - 2) };
    let others = (0..world.accounts.len()).filter(|&other| other != account && dice.chance(0.3)).collect();
    let pages = PAGES
        .iter()
        .enumerate()
        .filter(|(_, page)| page.jobs.contains(row.0))
        .map(|(at, page)| (at, page.weight * make.services[at] * dice.real(0.0, 2.0).powi(2)))
        .filter(|page| page.1 > 0.0)
        .collect::<Vec<_>>();
    let all: Vec<u16> = pages.iter().flat_map(|page| world.catalogue.pages[page.0].0.iter().copied()).collect();
    let commands = if all.is_empty() { Vec::new() } else { (0..6).map(|_| *dice.pick(&all)).collect() };
    let offices: Vec<usize> = (0..world.offices.len()).filter(|&at| world.offices[at].country == country).collect();
    let office = (!offices.is_empty() && cause.is_empty() && job != Job::Contractor && dice.chance(0.85)).then(|| *dice.pick(&offices));
    let mut lives = Vec::new();
    let travel = if job == Job::Manager { 3.0 } else { 1.0 };
    if dice.chance((make.travel * travel * days as f64 / 30.0).min(0.8)) && cause.is_empty() {
        let from = start + dice.between(0, (days - 2).max(0));
        let weights: Vec<f64> = COUNTRIES.iter().map(|country| country.weight + 1.0).collect();
        let away = dice.weighted(&weights);
        if away != country {
            lives.push(Life { change: Change::Travel(away), from, to: from + dice.between(2, 9), seed: dice.bits() });
        }
    }
    for &(_, rate, (short, long), change) in LIVES {
        if cause.is_empty() && dice.chance((rate * make.lively * days as f64 / 30.0).min(0.9)) {
            let from = start + dice.between(0, (days - 1).max(0));
            lives.push(Life { change, from, to: from + dice.between(short, long), seed: dice.bits() });
        }
    }
    let dormant = (index > 6 && cause.is_empty() && dice.chance(0.06)).then(|| dice.chance(0.4).then(|| start + dice.between(3, (days - 1).max(3))));
    let mut user_id = String::new();
    dice::uuid(dice.bits(), &mut user_id);
    let early = dice.normal() * 0.9;
    Person {
        index,
        principal: name.as_str().into(),
        name,
        domain,
        job,
        country,
        sign_in,
        account,
        others,
        permission_set: row.1,
        user_id,
        signin_region: ["us-east-1", "us-east-2", "eu-north-1", "ap-southeast-2"][match COUNTRIES[country].offset {
            offset if offset < -60 => dice.below(2),
            offset if offset < 240 => 2,
            _ => 3,
        }],
        hardware: dice.chance(0.35),
        key,
        home: networks::prefix(code, net, &mut dice),
        lease: if make.lease == 0.0 || dice.chance(0.35) { 0 } else { dice.wait(make.lease).max(2.0) as i64 },
        mobile: networks::prefix(code, if dice.chance(0.3) { Net::Mobile6 } else { Net::Mobile }, &mut dice),
        vpn: dice.chance(make.vpn).then(|| networks::prefix(if dice.chance(0.6) { code } else { "NL" }, if dice.chance(0.6) { Net::Hosting } else { Net::Vpn }, &mut dice)),
        office,
        browser,
        phone: Browser::phone(&mut dice),
        cli,
        script,
        vault: technical && dice.chance(0.12),
        other_region: if dice.chance(0.2) { dice.real(0.1, 0.6) } else { 0.01 },
        start: make.start_hour + early,
        hours: make.hours + dice.normal(),
        sessions: (make.sessions * dice.real(0.4, 1.7)).max(0.3) * if matches!(job, Job::Finance | Job::Manager) { 0.5 } else { 1.0 },
        cli_share: if technical { (make.cli * dice.real(0.0, 2.2)).min(0.9) } else { 0.0 },
        remote: if office.is_some() { (1.0 - make.office * dice.real(0.6, 1.3)).clamp(0.0, 1.0) } else { 1.0 },
        evening: make.evening * dice.real(0.0, 2.0),
        weekend: make.weekend * dice.real(0.0, 2.5),
        on_the_move: make.mobile * dice.real(0.0, 2.5),
        pages,
        commands,
        lives,
        from,
        to,
        dormant,
        shift: if matches!(job, Job::Operations | Job::Support) { [0, 0, 1, 2][dice.below(4)] } else { 0 },
        cause,
    }
}

/// Where somebody sits for a session.
fn seat(world: &World, person: &Person, day: i64, dice: &mut Dice, office: bool, cause: &Arc<Cause>) -> Seat {
    let travel = person.life(day, |c| matches!(c, Change::Travel(_)));
    let hotels = person.life(day, |c| c == Change::Hotels);
    let mut agent = person.agent(day);
    let mut case = "";
    let address = if let Some(life) = travel {
        let Change::Travel(away) = life.change else { unreachable!("asked for travel") };
        let code = COUNTRIES[away].code;
        // A hotel of the trip, or a phone abroad.
        if dice.chance(0.25) {
            networks::prefix(code, Net::Mobile, &mut Dice::new(life.seed, &[1])).address(dice)
        } else {
            let hotel = networks::prefix(code, Net::Isp, &mut Dice::new(life.seed, &[2]));
            if life.seed % 3 == 0 { hotel.address(dice) } else { hotel.address(&mut Dice::new(life.seed, &[3])) }
        }
    } else if let Some(life) = hotels {
        let hotel = networks::prefix(COUNTRIES[person.country].code, Net::Isp, &mut Dice::new(life.seed, &[2, (day / 3) as u64]));
        hotel.address(dice)
    } else if dice.chance(person.on_the_move) {
        case = "benign:mobile";
        if dice.chance(0.5) {
            agent = person.phone.agent(day);
        }
        person.mobile.address(dice).on(day + dice.between(0, 1000))
    } else if let Some(vpn) = person.vpn.filter(|_| dice.chance(0.15)) {
        case = "benign:vpn";
        vpn.address(dice)
    } else if let Some(at) = person.office.filter(|_| office) {
        let office = &world.offices[at];
        let addresses = match &office.moved {
            Some((from, new)) if day >= *from => {
                case = if day < from + 5 { "benign:office-move" } else { "" };
                new
            }
            _ => &office.addresses,
        };
        *dice.pick(addresses)
    } else if dice.chance(0.02) {
        // A café, a train, a friend's.
        case = "benign:elsewhere";
        networks::prefix(COUNTRIES[person.country].code, Net::Isp, dice).address(dice)
    } else {
        person.home(world, day)
    };
    let address = if !world.make.gateway.is_empty() && person.cause.is_empty() && person.job != Job::Contractor && dice.chance(0.9) {
        *dice.pick(&world.make.gateway)
    } else {
        address
    };
    Seat { address: address.text(), agent, cause: named(cause, case) }
}

/// The case, where there is no greater one already.
fn named(cause: &Arc<Cause>, case: &str) -> Arc<Cause> {
    if case.is_empty() || !cause.scenario.is_empty() { cause.clone() } else { Arc::new(Cause { scenario: case.to_owned(), ..Cause::default() }) }
}

/// What one person does on one day: events in no order, some after midnight.
pub(super) fn day(world: &World, person: &Person, day: i64) -> Vec<Event> {
    let mut pen = Pen::new(world, &[30, person.index as u64, day as u64]);
    let mut dice = Dice::new(world.seed, &[31, person.index as u64, day as u64]);
    if !person.here(day) {
        return pen.events;
    }
    let travel = person.life(day, |c| matches!(c, Change::Travel(_)));
    let there = match travel.map(|life| life.change) {
        Some(Change::Travel(away)) => away,
        _ => person.country,
    };
    let country = &COUNTRIES[there];
    let scenario = person.cause_on(world, day);
    let cause = Arc::new(Cause { attack: false, scenario, incident: String::new() });
    let works = COUNTRIES[person.country].works(day);
    let vacation = person.life(day, |c| c == Change::Vacation).is_some();
    let nights = person.life(day, |c| c == Change::Nights).is_some();
    let shift = match person.shift {
        1 if (day / 7 + person.index as i64) % 2 == 0 => 6.0,
        2 if (day / 7 + person.index as i64) % 3 == 0 => 14.0,
        _ => 0.0,
    };
    let midnight = day * 86_400 - country.clock(day) * 60;
    let office = !dice.chance(person.remote);
    let count = if vacation {
        usize::from(dice.chance(0.07))
    } else if works {
        let mean = person.sessions * if person.dormant.is_some() { 1.3 } else { 1.0 };
        let whole = mean as usize;
        let some = whole + usize::from(dice.chance(mean - whole as f64));
        if dice.chance(0.12) { 0 } else { some }
    } else {
        usize::from(dice.chance(person.weekend))
    };
    let mut starts: Vec<f64> = (0..count).map(|_| person.start + shift + if nights { 12.0 } else { 0.0 } + dice.real(0.0, person.hours.max(1.0))).collect();
    if works && !vacation && dice.chance(person.evening) {
        starts.push(dice.real(19.5, 24.5));
    }
    starts.sort_by(f64::total_cmp);
    let hackathon = world.calendar.hackathon.is_some_and(|(from, to)| (from..=to).contains(&day)) && matches!(person.job, Job::Developer | Job::Analyst);
    if hackathon {
        starts.push(dice.real(18.0, 25.0));
    }
    let mut open: Option<(i64, Arc<Caller>, String)> = None;
    let mut busy_until = 0;
    for start in starts {
        let mut time = midnight + (start * 3600.0) as i64;
        if time < busy_until {
            time = busy_until + dice.between(120, 1800);
        }
        let cause = if hackathon { Arc::new(Cause { scenario: "benign:hackathon".into(), ..Cause::default() }) } else { cause.clone() };
        let seat = seat(world, person, day, &mut dice, office, &cause);
        busy_until = session(&mut pen, &mut dice, person, seat, time, day, &mut open, hackathon);
    }
    if let Some((hour, agent)) = &person.script
        && !vacation
        && dice.chance(if works { 0.9 } else { 0.5 })
    {
        run_script(&mut pen, &mut dice, person, midnight + (hour * 3600.0) as i64, day, agent, &cause);
    }
    for &(night, hour) in &world.calendar.incident_nights {
        let called = matches!(person.job, Job::Operations | Job::Administrator) || (person.job == Job::Developer && person.index.is_multiple_of(4));
        if night == day && called && travel.is_none() && !vacation && dice.chance(0.8) {
            let cause = Arc::new(Cause { scenario: "benign:incident-night".into(), ..Cause::default() });
            let seat = seat_at_home(world, person, day, &cause);
            let time = day * 86_400 + (hour * 3600.0) as i64 + dice.between(0, 3000);
            session(&mut pen, &mut dice, person, seat, time, day, &mut None, false);
        }
    }
    pen.events
}

/// At home, with the usual browser.
pub(super) fn seat_at_home(world: &World, person: &Person, day: i64, cause: &Arc<Cause>) -> Seat {
    Seat { address: person.home(world, day).text(), agent: person.agent(day), cause: cause.clone() }
}

/// One sitting. Gives the time it ends.
#[allow(clippy::too_many_arguments)]
fn session(pen: &mut Pen, dice: &mut Dice, person: &Person, seat: Seat, time: i64, day: i64, open: &mut Option<(i64, Arc<Caller>, String)>, novel: bool) -> i64 {
    let world = pen.world;
    let mut account = person.account;
    let elsewhere = !person.others.is_empty() && dice.chance(0.3);
    if elsewhere && matches!(person.sign_in, SignIn::Sso | SignIn::Saml) {
        account = *dice.pick(&person.others);
    }
    if person.cause == "pentest" {
        return pentest(pen, dice, person, seat, time);
    }
    let browser = seat.agent.starts_with("Mozilla/") && !seat.agent.contains("Mobile");
    if browser && dice.chance(person.cli_share) {
        // Now and then something else that was lying about: a script, a small tool.
        let agent = if dice.chance(0.05) { agents::small_tool(day, dice) } else { person.command_agent(world, day) };
        let seat = Seat { agent, ..seat.clone() };
        let (time, caller) = signin::command_line(pen, dice, person, &seat, time, account);
        if let Some(caller) = caller {
            if person.vault && caller.identity.contains("AssumedRole") && dice.chance(0.4) {
                let console = signin::console_of(pen, &caller, person.agent(day), time);
                return person.browse(pen, dice, &console, time + 10, 4);
            }
            return at_the_command_line(pen, dice, person, &caller, account, time);
        }
    }
    // A console session of the same place goes on for hours.
    let held = open.as_ref().filter(|(until, caller, address)| time < *until && *address == seat.address && caller.account == account && caller.agent == seat.agent);
    let (mut time, caller) = match held {
        Some((_, caller, _)) => (time, caller.clone()),
        None => {
            let trouble = person.life(day, |c| c == Change::MfaTrouble).is_some();
            let mut login = AT_ONCE;
            if dice.chance(world.make.typing) {
                login.failures = 1 + dice.wait(0.7) as usize;
            }
            if trouble {
                login = Login { failures: dice.between(1, 5) as usize, succeeds: dice.chance(0.8), unanswered: 2 };
            }
            let typed = Seat { cause: named(&seat.cause, if login.failures > 0 && person.seen_failing(world) { "benign:mistyped" } else { "" }), ..seat.clone() };
            let (time, caller) = signin::console(pen, dice, person, &typed, time, account, login);
            let Some(caller) = caller else { return time + 300 };
            *open = Some((time + dice.between(3600, 36_000), caller.clone(), seat.address.clone()));
            (time, caller)
        }
    };
    let mut caller = caller;
    if elsewhere && matches!(person.sign_in, SignIn::IamMfa | SignIn::Iam) {
        let target = *dice.pick(&person.others);
        let role = person.role(world, target);
        caller = signin::switch(pen, &caller, person.account, time, target, &role, &person.name);
        time += 3;
    }
    if dice.chance(person.other_region) {
        // Rarely, a region nobody uses.
        let region = if dice.chance(0.03) { dice.word(&["us-west-2", "ap-southeast-1", "sa-east-1", "eu-north-1", "ca-central-1"]) } else { world.make.second_region };
        caller = Arc::new(Caller { region, ..(*caller).clone() });
    }
    let renewed = person.sign_in == SignIn::IamMfa && person.life(day, |c| c == Change::Laptop).is_some_and(|life| day == life.from);
    if renewed {
        for name in ["iam:ListMFADevices", "iam:DeactivateMFADevice", "iam:CreateVirtualMFADevice", "iam:EnableMFADevice"] {
            time += dice.between(4, 30);
            pen.call(time, &caller, world.catalogue.call(name), Outcome::Done);
        }
    }
    let pages = 1 + dice.wait(4.0) as usize;
    for _ in 0..pages {
        time = visit(pen, dice, person, &caller, time, novel);
        time += dice.wait(90.0) as i64 + 4;
    }
    time
}

/// Opens one page.
fn visit(pen: &mut Pen, dice: &mut Dice, person: &Person, caller: &Arc<Caller>, time: i64, novel: bool) -> i64 {
    let world = pen.world;
    let weights: Vec<f64> = person.pages.iter().map(|page| page.1).collect();
    let page = if novel && dice.chance(0.6) || weights.is_empty() || dice.chance(0.01) {
        dice.below(PAGES.len())
    } else {
        person.pages[dice.weighted(&weights)].0
    };
    let (reads, writes) = &world.catalogue.pages[page];
    let mut time = time;
    let may = person.pages.iter().any(|known| known.0 == page) || novel;
    for &call in reads {
        if dice.chance(0.8) {
            let outcome = if !may && dice.chance(0.5) || dice.chance(0.006) { Outcome::Denied } else { Outcome::Done };
            pen.call(time, caller, call, outcome);
            time += i64::from(dice.chance(0.5));
        }
    }
    if !writes.is_empty() && may && dice.chance(world.make.writes * 4.0) {
        time += dice.between(15, 120);
        let call = *dice.pick(writes);
        for _ in 0..1 + dice.wait(0.5) as usize {
            pen.call(time, caller, call, if dice.chance(0.04) { Outcome::Denied } else { Outcome::Done });
            time += dice.between(1, 20);
        }
    }
    time
}

fn at_the_command_line(pen: &mut Pen, dice: &mut Dice, person: &Person, caller: &Arc<Caller>, account: usize, time: i64) -> i64 {
    let world = pen.world;
    let mut time = time;
    let mut caller = caller.clone();
    if dice.chance(0.3) {
        pen.call(time, &caller, world.catalogue.call("sts:GetCallerIdentity"), Outcome::Done);
        time += dice.between(2, 20);
    }
    if !person.others.is_empty() && dice.chance(0.15) {
        let target = *dice.pick(&person.others);
        let role = person.role(world, target);
        caller = signin::assume(pen, &caller, account, time, target, &role, &person.name);
        time += 2;
    }
    for _ in 0..2 + dice.wait(7.0) as usize {
        if person.commands.is_empty() {
            break;
        }
        let call = *dice.pick(&person.commands);
        let outcome = if dice.chance(0.03) { Outcome::Denied } else if dice.chance(0.02) { Outcome::Missing } else { Outcome::Done };
        for _ in 0..if dice.chance(0.1) { dice.between(3, 25) } else { 1 } {
            pen.call(time, &caller, call, outcome);
            time += dice.between(0, 2);
        }
        time += dice.wait(40.0) as i64 + 1;
        if dice.chance(world.make.writes) {
            let weights: Vec<f64> = person.pages.iter().map(|page| page.1).collect();
            let writes = &world.catalogue.pages[person.pages[dice.weighted(&weights)].0].1;
            if !writes.is_empty() {
                pen.call(time, &caller, *dice.pick(writes), Outcome::Done);
            }
        }
    }
    time
}

fn run_script(pen: &mut Pen, dice: &mut Dice, person: &Person, time: i64, day: i64, agent: &str, cause: &Arc<Cause>) {
    let world = pen.world;
    let Some(key) = &person.key else { return };
    let seat = Seat { address: person.home(world, day).text(), agent: agent.to_owned(), cause: cause.clone() };
    let identity = signin::user_identity(world, person.account, &person.name, key, None);
    let caller = Arc::new(signin::caller(world, person, &seat, person.account, identity));
    let mut time = time + dice.between(0, 90);
    for _ in 0..dice.between(3, 12) {
        if let Some(&call) = person.commands.get(dice.below(3)) {
            pen.call(time, &caller, call, Outcome::Done);
            time += dice.between(0, 4);
        }
    }
}

/// The hired team's day: a look at everything, much of it refused.
fn pentest(pen: &mut Pen, dice: &mut Dice, person: &Person, seat: Seat, time: i64) -> i64 {
    let world = pen.world;
    let Some(key) = &person.key else { return time };
    let identity = signin::user_identity(world, person.account, &person.name, key, None);
    let seat = Seat { agent: person.cli.clone(), ..seat };
    let caller = Arc::new(signin::caller(world, person, &seat, person.account, identity));
    let mut deck = world.catalogue.deck(super::calls::RECON);
    deck.extend(world.catalogue.deck(super::calls::PERSIST));
    deck.extend(world.catalogue.deck(super::calls::COLLECT));
    let mut time = time;
    for _ in 0..dice.between(30, 120) {
        pen.call(time, &caller, *dice.pick(&deck), if dice.chance(0.55) { Outcome::Denied } else { Outcome::Done });
        time += dice.between(0, 25);
    }
    time
}

impl Person {
    /// Opens some of the person's usual pages. Gives the time after.
    pub(super) fn browse(&self, pen: &mut Pen, dice: &mut Dice, caller: &Arc<Caller>, time: i64, pages: usize) -> i64 {
        let mut time = time;
        for _ in 0..pages {
            if self.pages.is_empty() {
                break;
            }
            time = visit(pen, dice, self, caller, time, false) + dice.wait(60.0) as i64;
        }
        time
    }
}
