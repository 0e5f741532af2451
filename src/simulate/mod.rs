//! Made-up organisations and intrusions with the truth known: deterministic CloudTrail in the S3 delivery layout.
//!
//! Everything follows from the [`Recipe`]. Days are made one after another, so memory holds a day, not the whole. Reads
//! no clock and no file, and gives the same bytes natively and in WebAssembly.
//!
//! An intrusion is a row of [`SCENARIOS`] (scenarios.rs); a call, of CALLS (calls.rs); a network, of NETWORKS
//! (networks.rs); a hard case of ordinary life, of LIVES (people.rs); a sort of machine, of SORTS (machines.rs).

mod agents;
mod calls;
mod dice;
mod machines;
mod networks;
mod organisation;
mod people;
mod places;
mod scenarios;
mod signin;
mod trail;

pub use networks::{AWS as AWS_NETWORKS, NETWORKS, Net, RUNNERS as RUNNER_NETWORKS};
pub use scenarios::{SCENARIOS, Scenario};
pub use trail::TrailFile;

use std::sync::Arc;

use crate::error::Error;
use dice::Dice;
use organisation::World;
use trail::{Cause, Event};

/// The first line of labels.csv.
pub const LABELS_HEADER: &str = "eventID,label,scenario,incident,principal,kind,time,ip,ua\n";

/// What an organisation is made from. The same recipe gives the same bytes.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Of everything random, and of the organisation's make.
    pub seed: u64,
    /// At most 5,000.
    pub people: u32,
    /// At most 5,000.
    pub machines: u32,
    /// At most 400.
    pub days: u32,
    /// `all` (10 to 26 of them), `none`, or names of [`SCENARIOS`] separated by commas; each name and `all` perhaps with
    /// `:loud` or `:subtle`, by itself the make decides.
    pub scenarios: String,
    /// About how many events to make, at most 100 million; None leaves it to people and machines.
    pub events: Option<u64>,
    /// First day, days since 1970; None draws one between 2024 and 2026.
    pub start: Option<i64>,
}

impl Default for Recipe {
    fn default() -> Recipe {
        Recipe { seed: 1, people: 40, machines: 24, days: 30, scenarios: "all".into(), events: None, start: None }
    }
}

/// One day of an organisation.
pub struct SimulatedDay {
    /// Files in the order of their names.
    pub files: Vec<TrailFile>,
    /// Lines of labels.csv for the events in them, in order of time.
    pub labels: String,
    /// How many events the files hold.
    pub events: u64,
}

/// Makes an organisation day by day. The error says what is wrong with the recipe.
///
/// ```
/// use oddtrail::{Recipe, simulate};
///
/// let recipe = Recipe { people: 5, machines: 3, days: 2, scenarios: "none".into(), ..Recipe::default() };
/// let events: u64 = simulate(&recipe).expect("a sound recipe").map(|day| day.events).sum();
/// assert!(events > 50);
/// ```
pub fn simulate(recipe: &Recipe) -> Result<Simulation, Error> {
    check(recipe)?;
    let wanted = wanted(recipe)?;
    let world = World::new(recipe);
    let mut pending: Vec<Event> = Vec::new();
    let (cast, count) = cast(&world, recipe, wanted);
    let mut incidents = 0;
    for (which, subtle) in cast {
        // Where there is nobody it can happen to, the next one happens.
        if incidents < count
            && let Some(events) = scenarios::plan(&world, which, incidents, subtle)
        {
            pending.extend(events);
            incidents += 1;
        }
    }
    break_glass(&world, &mut pending);
    let scale = scale(&world, recipe, pending.len() as u64);
    Ok(Simulation { day: world.start, world, pending, scale })
}

/// The days of an organisation; see [`simulate`].
pub struct Simulation {
    world: World,
    day: i64,
    /// Events of days to come, of intrusions and of sessions that go past midnight.
    pending: Vec<Event>,
    scale: f64,
}

impl Iterator for Simulation {
    type Item = SimulatedDay;

    fn next(&mut self) -> Option<SimulatedDay> {
        if self.day >= self.world.end() {
            return None;
        }
        let day = self.day;
        self.day += 1;
        let mut events = of_day(&self.world, day, self.scale);
        events.append(&mut self.pending);
        let (from, until) = (day * 86_400, (day + 1) * 86_400);
        // People east of UTC begin before midnight: the day before the first is not in the file.
        events.retain(|event| event.time >= from);
        let (mut events, later): (Vec<Event>, Vec<Event>) = events.into_iter().partition(|event| event.time < until);
        self.pending = later;
        events.sort_by_key(|event| (event.time, event.seed));
        let minutes = match events.len() {
            0..6_000 => 60,
            6_000..40_000 => 30,
            40_000..200_000 => 15,
            _ => 5,
        };
        let files = trail::files(&self.world, &events, minutes);
        let mut labels = String::with_capacity(events.len() * 130);
        events.iter().for_each(|event| event.label(&mut labels));
        Some(SimulatedDay { files, labels, events: events.len() as u64 })
    }
}

/// Ordinary life of a day.
fn of_day(world: &World, day: i64, scale: f64) -> Vec<Event> {
    let mut events = Vec::new();
    for person in &world.people {
        events.extend(people::day(world, person, day));
    }
    for machine in &world.machines {
        events.extend(machines::day(world, machine, day, scale));
    }
    events
}

/// Root, with its second factor, for what only root can do.
fn break_glass(world: &World, pending: &mut Vec<Event>) {
    for (at, &(day, account)) in world.calendar.break_glass.iter().enumerate() {
        let mut pen = signin::Pen::new(world, &[50, at as u64]);
        let mut dice = Dice::new(world.seed, &[51, at as u64]);
        let Some(person) = world.people.iter().find(|p| p.job == people::Job::Administrator && p.here(day)) else { continue };
        let cause = Arc::new(Cause { scenario: "benign:break-glass".into(), ..Cause::default() });
        let seat = people::seat_at_home(world, person, day, &cause);
        let country = &places::COUNTRIES[person.country];
        let time = day * 86_400 - country.clock(day) * 60 + dice.between(10 * 3600, 17 * 3600);
        let (mut time, caller) = signin::root(&mut pen, &seat, time, account, true);
        let deck = world.catalogue.deck("account:GetContactInformation account:PutAlternateContact budgets:DescribeBudgets iam:GetAccountSummary ce:GetCostAndUsage iam:ListMFADevices");
        for _ in 0..dice.between(3, 10) {
            pen.call(time, &caller, *dice.pick(&deck), trail::Outcome::Done);
            time += dice.between(5, 90);
        }
        pending.extend(pen.events);
    }
}

/// How much more machines do than by themselves, so that the whole has about as many events as asked for.
fn scale(world: &World, recipe: &Recipe, planned: u64) -> f64 {
    let Some(target) = recipe.events else { return 1.0 };
    // A week tells; more would cost as much as making it.
    let days = world.days.min(7);
    let (mut people, mut machines) = (0, 0);
    for day in world.start..world.start + days {
        people += world.people.iter().map(|person| people::day(world, person, day).len()).sum::<usize>();
        machines += world.machines.iter().map(|machine| machines::day(world, machine, day, 1.0).len()).sum::<usize>();
    }
    let whole = |count: usize| count as f64 * world.days as f64 / days as f64;
    let rest = target as f64 - whole(people) - planned as f64;
    (rest / whole(machines).max(1.0)).max(0.02)
}

fn check(recipe: &Recipe) -> Result<(), Error> {
    let wrong = |what: &str, limit: &str, found: String| Err(Error(format!("{what}: expected {limit}, found {found}")));
    if !(1..=5000).contains(&recipe.people) {
        return wrong("people", "1 to 5000", recipe.people.to_string());
    }
    if recipe.machines > 5000 {
        return wrong("machines", "0 to 5000", recipe.machines.to_string());
    }
    if !(1..=400).contains(&recipe.days) {
        return wrong("days", "1 to 400", recipe.days.to_string());
    }
    if recipe.events.is_some_and(|events| events > 100_000_000) {
        return wrong("events", "at most 100000000", recipe.events.unwrap_or_default().to_string());
    }
    if recipe.start.is_some_and(|start| !(14_000..40_000).contains(&start)) {
        return wrong("start", "a day from 2008-05-01 to 2079-07-06", recipe.start.unwrap_or_default().to_string());
    }
    Ok(())
}

/// Which intrusions a recipe asks for; subtle or loud where it says so.
enum Wanted {
    All(Option<bool>),
    Named(Vec<(&'static Scenario, Option<bool>)>),
}

fn wanted(recipe: &Recipe) -> Result<Wanted, Error> {
    let mut named = Vec::new();
    let parts: Vec<&str> = recipe.scenarios.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts == ["none"] {
        return Ok(Wanted::Named(named));
    }
    for part in &parts {
        let (name, how) = part.split_once(':').map_or((*part, None), |(name, how)| (name, Some(how)));
        let subtle = match how {
            None => None,
            Some("loud") => Some(false),
            Some("subtle") => Some(true),
            Some(other) => {
                let found: String = other.chars().take(40).collect();
                return Err(Error(format!("scenario: expected loud or subtle after the colon, found {found:?}")));
            }
        };
        if name == "all" && parts.len() == 1 {
            return Ok(Wanted::All(subtle));
        }
        let Some(which) = SCENARIOS.iter().find(|scenario| scenario.name == name) else {
            let known: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
            let found: String = name.chars().take(40).collect();
            return Err(Error(format!("scenario: expected all, none or some of {}, found {found:?}", known.join(", "))));
        };
        named.push((which, subtle));
    }
    if named.is_empty() {
        return Err(Error("scenario: expected all, none or names, found nothing".into()));
    }
    Ok(Wanted::Named(named))
}

/// Intrusions in the order in which they are tried, and how many shall happen: those asked for, or 10 to 26 different
/// ones where all may.
fn cast(world: &World, recipe: &Recipe, wanted: Wanted) -> (Vec<(&'static Scenario, bool)>, usize) {
    let mut dice = Dice::new(world.seed, &[70]);
    let how = match wanted {
        Wanted::All(how) => how,
        Wanted::Named(named) => {
            let cast: Vec<_> = named.into_iter().map(|(which, subtle)| (which, subtle.unwrap_or_else(|| dice.chance(world.make.subtle)))).collect();
            let count = cast.len();
            return (cast, count);
        }
    };
    let days = f64::from(recipe.days).min(30.0) / 30.0;
    let most = (26.0 * days).max(1.0);
    let count = (f64::from(recipe.people) * dice.real(0.4, 0.65) * days.sqrt()).clamp((10.0 * days).max(1.0), most) as usize;
    let mut order: Vec<&'static Scenario> = SCENARIOS.iter().collect();
    for at in (1..order.len()).rev() {
        order.swap(at, dice.below(at + 1));
    }
    (order.into_iter().map(|which| (which, how.unwrap_or_else(|| dice.chance(world.make.subtle)))).collect(), count)
}
