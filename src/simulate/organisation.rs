//! An organisation: its make (what sets it apart from others), accounts and what they hold, people, machines.
//!
//! Everything is drawn from the seed. Seeds differ in make, not only in dice: countries, ways to sign in, habits,
//! services, clients, how lively life is.

use super::Recipe;
use super::agents::Browser;
use super::calls::{Catalogue, PAGES};
use super::dice::{self, Dice};
use super::machines::{self, Machine};
use super::networks::{self, Address, Net};
use super::people::{self, Person, SignIn};
use super::places::{self, COUNTRIES};

/// The day Identity Center's records changed (2025-07-14).
const NEW_CENTER: i64 = 20_283;

/// Everything that does not change from day to day.
pub(super) struct World {
    pub seed: u64,
    /// First day, days since 1970.
    pub start: i64,
    pub days: i64,
    pub make: Make,
    pub catalogue: Catalogue,
    pub accounts: Vec<Account>,
    pub offices: Vec<Office>,
    pub people: Vec<Person>,
    pub machines: Vec<Machine>,
    pub calendar: Calendar,
}

/// What sets an organisation apart.
pub(super) struct Make {
    pub company: String,
    pub domain: String,
    pub region: &'static str,
    pub second_region: &'static str,
    /// Countries by index in COUNTRIES, the first is home, and how many people each has.
    pub countries: Vec<(usize, f64)>,
    /// Shares of SSO, IAM with MFA, IAM without, SAML.
    pub sign_in: [f64; 4],
    /// Whether Identity Center takes its people from an outside provider.
    pub outside_idp: bool,
    pub saml: &'static str,
    pub store: String,
    pub portal: String,
    pub linux: f64,
    pub mac: f64,
    /// Share of days at the office, of people who have one.
    pub office: f64,
    /// Share of sessions on a phone or tethered.
    pub mobile: f64,
    /// Share of people who use a VPN sold to private people now and then.
    pub vpn: f64,
    /// All traffic leaves by a few addresses of a gateway.
    pub gateway: Vec<Address>,
    /// Travels a person and 30 days.
    pub travel: f64,
    /// Share of sessions at the command line.
    pub cli: f64,
    /// Share of people with a long-term access key.
    pub keys: f64,
    pub start_hour: f64,
    pub hours: f64,
    pub evening: f64,
    pub weekend: f64,
    /// Console sessions of a working day.
    pub sessions: f64,
    /// Mistyped passwords a login.
    pub typing: f64,
    /// How lively life is: multiplies moves, laptops, joiners.
    pub lively: f64,
    /// Days a home address holds, 0 for ever.
    pub lease: f64,
    /// Share of attacks that are subtle.
    pub subtle: f64,
    /// Days from the installation of tools to the first day, on average.
    pub tool_age: f64,
    /// Share of written calls among what a page calls.
    pub writes: f64,
    /// Weights of pages, one each: which services the business uses.
    pub services: Vec<f64>,
    /// Whether aws-cli tells each command in its user agent.
    pub commands: bool,
    /// Whether records have the fields of recent years.
    pub newer: bool,
}

impl Make {
    /// The version of a service's records.
    pub(super) fn version(&self, service: &str) -> &'static str {
        match service {
            "signin" | "sso" => "1.08",
            _ if self.newer => ["1.11", "1.11", "1.10", "1.09"][(dice::key(service) % 4) as usize],
            _ => ["1.08", "1.09", "1.10", "1.09"][(dice::key(service) % 4) as usize],
        }
    }
}

/// An account and what it holds.
pub(super) struct Account {
    pub id: String,
    pub name: &'static str,
    pub has: Has,
}

/// Names of what an account holds.
pub(super) struct Has {
    pub buckets: Vec<String>,
    pub functions: Vec<String>,
    pub tables: Vec<String>,
    pub databases: Vec<String>,
    pub instances: Vec<String>,
    pub roles: Vec<String>,
    pub users: Vec<String>,
    pub policies: Vec<String>,
    pub secrets: Vec<String>,
    pub parameters: Vec<String>,
    pub stacks: Vec<String>,
    pub queues: Vec<String>,
    pub clusters: Vec<String>,
    pub keys: Vec<String>,
}

/// An office: where, its addresses, and from which day on.
pub(super) struct Office {
    pub country: usize,
    pub addresses: Vec<Address>,
    /// After a move: from which day, and the new addresses.
    pub moved: Option<(i64, Vec<Address>)>,
}

/// Days on which much is different for many.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    /// Day, hour UTC: operations are called at night.
    pub incident_nights: Vec<(i64, f64)>,
    /// First and last day: developers try new things, late.
    pub hackathon: Option<(i64, i64)>,
    /// First and last day: auditors read everything.
    pub audit: Option<(i64, i64)>,
    /// First and last day: a hired team attacks, announced.
    pub pentest: Option<(i64, i64)>,
    /// Days on which everything is deployed anew.
    pub mass_deployment: Vec<i64>,
    /// Day and account: root signs in with MFA, for what only root can do.
    pub break_glass: Vec<(i64, usize)>,
    /// Day and country: a bought company's people join.
    pub acquisition: Option<(i64, usize)>,
    /// The day a new service comes into use.
    pub new_service: Option<i64>,
}

const STEMS: [&str; 30] = [
    "orders", "billing", "search", "catalog", "media", "invoice", "reports", "events", "ingest", "users", "auth", "notify", "export", "stock",
    "pricing", "profile", "thumbs", "sync", "cleanup", "metrics", "payments", "geo", "ranking", "archive", "mailer", "partner", "webhook",
    "session", "ledger", "forecast",
];
const COMPANIES: [&str; 16] = [
    "larkfield", "tidewell", "norvane", "osprey-freight", "kestrelbank", "meridian-health", "pinegate", "solvanta", "brightloom", "harborline",
    "quillworks", "veltra", "stonebridge", "aurelis", "fennmark", "copperleaf",
];
const ACCOUNTS: [&str; 9] = ["management", "production", "staging", "development", "data", "security", "shared", "sandbox", "backup"];

impl World {
    pub(super) fn new(recipe: &Recipe) -> World {
        let seed = recipe.seed;
        let mut dice = Dice::new(seed, &[1]);
        // Between 2024-02 and 2026-03, with both sides of the Identity Center change.
        let start = recipe.start.unwrap_or_else(|| 19_760 + dice.between(0, 760));
        let days = i64::from(recipe.days);
        let make = make(seed, start, recipe.people as usize);
        let count = (1.0 + make.sessions * 0.4 + dice.unit() * 3.0 + f64::from(recipe.people).sqrt() / 3.0) as usize;
        let accounts: Vec<Account> = (0..count.clamp(1, 9)).map(|at| account(seed, at, &make)).collect();
        let offices = offices(seed, start, days, &make);
        let mut world = World {
            seed,
            start,
            days,
            make,
            catalogue: Catalogue::new(),
            accounts,
            offices,
            people: Vec::new(),
            machines: Vec::new(),
            calendar: Calendar::default(),
        };
        world.calendar = calendar(&world, recipe);
        world.people = people::hire(&world, recipe.people as usize);
        for account in 0..world.accounts.len() {
            let names = world.people.iter().filter(|p| p.account == account && matches!(p.sign_in, SignIn::IamMfa | SignIn::Iam)).map(|p| p.name.clone());
            let names: Vec<String> = names.chain(["svc-backup".to_owned(), "svc-deploy".to_owned()]).collect();
            world.accounts[account].has.users = names;
        }
        world.machines = machines::build(&world, recipe.machines as usize);
        world
    }

    /// The last day, not included.
    pub(super) fn end(&self) -> i64 {
        self.start + self.days
    }

    pub(super) fn new_center(&self, day: i64) -> bool {
        day >= NEW_CENTER
    }

    /// The id of a role, `AROA` and 17 letters.
    pub(super) fn role_id(&self, account: usize, role: &str) -> String {
        dice::id("AROA", dice::mix(self.seed ^ dice::key(role) ^ account as u64))
    }

    /// The id of a user, `AIDA` and 17 letters.
    pub(super) fn user_id(&self, account: usize, user: &str) -> String {
        dice::id("AIDA", dice::mix(self.seed ^ dice::key(user) ^ account as u64))
    }
}

fn make(seed: u64, start: i64, people: usize) -> Make {
    let mut dice = Dice::new(seed, &[2]);
    let weights: Vec<f64> = COUNTRIES.iter().map(|country| country.weight).collect();
    let home = dice.weighted(&weights);
    // From one country to seven; the home country keeps between a third and everybody.
    let abroad = [0, 0, 1, 1, 2, 3, 4, 6][dice.below(8)].min(people / 4);
    let mut countries = vec![(home, if abroad == 0 { 1.0 } else { dice.real(0.5, 2.5) })];
    while countries.len() <= abroad {
        let other = dice.weighted(&weights);
        if countries.iter().all(|known| known.0 != other) {
            let share = dice.real(0.1, 1.0);
            countries.push((other, share));
        }
    }
    // Each company leans to one way to sign in and keeps some of the others.
    let lean = dice.weighted(&[0.5, 0.15, 0.1, 0.25]);
    let mut sign_in = [0.0; 4];
    for (way, share) in sign_in.iter_mut().enumerate() {
        *share = if way == lean { dice.real(1.5, 4.0) } else { dice.real(0.0, 0.6) };
    }
    sign_in[1] = sign_in[1].max(0.35);
    sign_in[2] = sign_in[2].max(0.12);
    let company = (*dice.pick(&COMPANIES)).to_owned();
    let domain = format!("{company}.example");
    let store = {
        let mut text = "d-".to_owned();
        dice::hex(dice.bits(), 10, &mut text);
        text
    };
    let region = COUNTRIES[home].region;
    let region = if dice.chance(0.25) { "us-east-1" } else { region };
    let second_region = ["eu-west-1", "us-east-1", "us-west-2", "eu-central-1", "us-east-2"][dice.below(5)];
    let gateway = if dice.chance(0.3) {
        let prefix = networks::prefix(COUNTRIES[home].code, Net::Hosting, &mut dice);
        (0..dice.between(2, 5)).map(|_| prefix.address(&mut dice)).collect()
    } else {
        Vec::new()
    };
    let services = PAGES.iter().map(|_| if dice.chance(0.25) { dice.real(0.0, 0.15) } else { dice.real(0.4, 2.2) }).collect();
    Make {
        portal: if dice.chance(0.6) { format!("https://{company}.awsapps.com/start/") } else { format!("https://{store}.awsapps.com/start/") },
        company,
        domain,
        region,
        second_region: if second_region == region { "us-west-2" } else { second_region },
        countries,
        sign_in,
        outside_idp: dice.chance(0.4),
        saml: ["Okta", "AzureAD", "Google", "OneLogin"][dice.below(4)],
        store,
        linux: dice.real(0.03, 0.45),
        mac: dice.real(0.05, 0.5),
        office: if dice.chance(0.25) { 0.0 } else { dice.real(0.2, 0.9) },
        mobile: dice.real(0.01, 0.12),
        vpn: dice.real(0.02, 0.15),
        gateway,
        travel: dice.real(0.04, 0.4),
        cli: dice.real(0.1, 0.45),
        keys: dice.real(0.1, 0.5),
        start_hour: dice.real(7.5, 10.0),
        hours: dice.real(7.5, 10.0),
        evening: dice.real(0.03, 0.25),
        weekend: dice.real(0.01, 0.15),
        sessions: dice.real(1.9, 3.8),
        typing: dice.real(0.06, 0.3),
        lively: dice.real(0.6, 1.8),
        lease: if dice.chance(0.4) { 0.0 } else { dice.real(5.0, 40.0) },
        subtle: dice.real(0.3, 0.65),
        tool_age: dice.real(20.0, 200.0),
        writes: dice.real(0.03, 0.1),
        services,
        commands: dice.chance(0.1),
        newer: start > 20_000,
    }
}

fn account(seed: u64, at: usize, make: &Make) -> Account {
    let mut dice = Dice::new(seed, &[3, at as u64]);
    let id = format!("{}", 100_000_000_000 + dice.bits() % 899_999_999_999);
    let name = ACCOUNTS[at];
    let short = &name[..name.len().min(4)];
    let some = |low: i64, high: i64, dice: &mut Dice, name: &dyn Fn(&str, &mut Dice) -> String| -> Vec<String> {
        let count = dice.between(low, high) as usize;
        let from = dice.below(STEMS.len());
        (0..count).map(|n| name(STEMS[(from + n * 7) % STEMS.len()], dice)).collect()
    };
    let company = make.company.clone();
    let has = Has {
        buckets: some(4, 14, &mut dice, &|stem, _| format!("{company}-{stem}-{short}")),
        functions: some(5, 20, &mut dice, &|stem, _| format!("{stem}-{short}")),
        tables: some(3, 12, &mut dice, &|stem, _| stem.to_owned()),
        databases: some(1, 5, &mut dice, &|stem, _| format!("{stem}-db")),
        instances: some(4, 24, &mut dice, &|_, dice| {
            let mut text = "i-0".to_owned();
            dice::hex(dice.bits(), 16, &mut text);
            text
        }),
        roles: some(5, 16, &mut dice, &|stem, _| format!("{stem}-role")),
        users: Vec::new(),
        policies: some(3, 10, &mut dice, &|stem, _| format!("{stem}-access")),
        secrets: some(3, 14, &mut dice, &|stem, _| format!("{short}/{stem}")),
        parameters: some(3, 14, &mut dice, &|stem, _| format!("/{short}/{stem}/config")),
        stacks: some(3, 10, &mut dice, &|stem, _| format!("{stem}-stack")),
        queues: some(2, 8, &mut dice, &|stem, _| format!("{stem}-queue")),
        clusters: some(1, 3, &mut dice, &|stem, _| format!("{stem}-cluster")),
        keys: some(2, 8, &mut dice, &|_, dice| {
            let mut text = String::new();
            dice::uuid(dice.bits(), &mut text);
            text
        }),
    };
    Account { id, name, has }
}

fn offices(seed: u64, start: i64, days: i64, make: &Make) -> Vec<Office> {
    let mut dice = Dice::new(seed, &[4]);
    if make.office == 0.0 {
        return Vec::new();
    }
    let mut offices = Vec::new();
    for &(country, share) in make.countries.iter().take(3) {
        if offices.is_empty() || share > 0.5 {
            let prefix = networks::prefix(COUNTRIES[country].code, Net::Isp, &mut dice);
            let addresses = (0..dice.between(1, 2)).map(|_| prefix.address(&mut dice)).collect();
            let moved = (days > 6 && dice.chance(0.2)).then(|| {
                let prefix = networks::prefix(COUNTRIES[country].code, Net::Isp, &mut dice);
                (start + dice.between(days / 4, days * 3 / 4), vec![prefix.address(&mut dice)])
            });
            offices.push(Office { country, addresses, moved });
        }
    }
    offices
}

fn calendar(world: &World, recipe: &Recipe) -> Calendar {
    let mut dice = Dice::new(world.seed, &[5]);
    let (start, days) = (world.start, world.days);
    let lively = world.make.lively * f64::from(recipe.days) / 30.0;
    let workday = |dice: &mut Dice| {
        let mut day = start + dice.between(0, days - 1);
        while places::weekday(day) > 4 && day + 1 < start + days {
            day += 1;
        }
        day
    };
    let mut calendar = Calendar::default();
    for _ in 0..(lively * dice.real(0.5, 2.5)) as usize + usize::from(dice.chance(0.5)) {
        calendar.incident_nights.push((workday(&mut dice), dice.real(20.0, 27.0)));
    }
    let span = |dice: &mut Dice, length: i64| {
        let day = workday(dice);
        (day, day + length)
    };
    calendar.hackathon = dice.chance(0.45 * lively).then(|| span(&mut dice, 1));
    calendar.audit = dice.chance(0.4 * lively).then(|| span(&mut dice, 4));
    calendar.pentest = dice.chance(0.3 * lively).then(|| span(&mut dice, 3));
    for _ in 0..(lively * dice.real(0.5, 2.0)) as usize {
        calendar.mass_deployment.push(workday(&mut dice));
    }
    for _ in 0..usize::from(dice.chance(0.7)) + usize::from(dice.chance(0.3)) {
        calendar.break_glass.push((workday(&mut dice), dice.below(world.accounts.len())));
    }
    calendar.acquisition = (recipe.people >= 12 && days > 9 && dice.chance(0.25 * lively)).then(|| {
        let weights: Vec<f64> = COUNTRIES.iter().map(|country| country.weight).collect();
        (start + dice.between(days / 4, days * 3 / 4), dice.weighted(&weights))
    });
    calendar.new_service = dice.chance(0.5).then(|| start + dice.between(days / 4, days * 3 / 4));
    calendar
}

/// A browser as this organisation's people have it.
pub(super) fn browser(make: &Make, dice: &mut Dice) -> Browser {
    Browser::draw(dice, make.linux, make.mac)
}
