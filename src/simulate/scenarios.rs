//! SCENARIOS: intrusions, one row each, with the story as ATT&CK tells it.
//!
//! To add one: a function that takes a [`Scene`], picks its victim, gets in with `signin`'s functions or with a stolen
//! credential, and does its deeds with `Scene::work`; it gives false where the organisation has no such victim. Then its
//! row in SCENARIOS. `scene.subtle` says whether to be loud or subtle: a subtle intruder comes from the victim's country,
//! mostly with a client like the victim's, in the victim's hours, and does little. Whatever loud intruders use must be
//! something ordinary people use too: no client and no network may give them away by itself.

use std::sync::Arc;

use serde::Serialize;

use super::agents::{self, Browser};
use super::calls::{COLLECT, HIDE, MOVE, PERSIST, RECON};
use super::dice::{self, Dice};
use super::machines::{Machine, Sort};
use super::networks::{self, Net};
use super::organisation::{self, World};
use super::people::{self, Job, Person, SignIn};
use super::places::COUNTRIES;
use super::signin::{self, AT_ONCE, Login, Pen, Seat};
use super::trail::{Caller, Cause, Detail, Event, Outcome};

/// An intrusion that can happen.
#[derive(Serialize)]
pub struct Scenario {
    /// What `--scenario` and labels call it.
    pub name: &'static str,
    /// MITRE ATT&CK techniques, the telling ones first.
    pub techniques: &'static [&'static str],
    /// What happens, in a sentence.
    pub story: &'static str,
    #[serde(skip)]
    run: fn(&mut Scene) -> bool,
}

impl std::fmt::Debug for Scenario {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scenario").field("name", &self.name).finish_non_exhaustive()
    }
}

const fn scenario(name: &'static str, techniques: &'static [&'static str], story: &'static str, run: fn(&mut Scene) -> bool) -> Scenario {
    Scenario { name, techniques, story, run }
}

/// Every intrusion.
pub const SCENARIOS: &[Scenario] = &[
    scenario("password-spray", &["T1110.003", "T1078.004"], "One password is tried on many users from few addresses; one fits.", password_spray),
    scenario("slow-guess", &["T1110.001", "T1078.004"], "One user's password is guessed, a try an hour, each from another address, until it fits.", slow_guess),
    scenario("stuffing", &["T1110.004", "T1078.004"], "Passwords from elsewhere are tried on a user in a burst; one fits.", stuffing),
    scenario("impossible-travel", &["T1078.004"], "Somebody has the password and signs in from another continent while the user works.", impossible_travel),
    scenario("mfa-fatigue", &["T1621", "T1078.004"], "The second factor is prompted for until the user gives in.", mfa_fatigue),
    scenario("relayed-login", &["T1557", "T1539"], "A phishing page relays password and second factor; the intruder holds the session.", relayed_login),
    scenario("stolen-token", &["T1528", "T1550.001"], "Temporary keys are taken from a user's machine and used elsewhere while they last.", stolen_token),
    scenario("cookie-theft", &["T1539", "T1550.004"], "A console session's cookie is taken and the console used elsewhere.", cookie_theft),
    scenario("leaked-key", &["T1552.001", "T1078.004"], "A long-term key lies in a public repository and is tried by whoever finds it.", leaked_key),
    scenario("slow-key", &["T1078.004", "T1530"], "A stolen key is used a little every day, for days.", slow_key),
    scenario("instance-credentials", &["T1552.005"], "A server's credentials are read through it and used outside.", instance_credentials),
    scenario("irsa-misuse", &["T1528", "T1078.004"], "A pod's token is taken and exchanged for its role elsewhere.", irsa_misuse),
    scenario("oidc-misuse", &["T1199", "T1078.004"], "A pipeline's role trusts too much; another job takes it.", oidc_misuse),
    scenario("dormant-user", &["T1078.004"], "A user nobody has used for long signs in and looks around.", dormant_user),
    scenario("contractor", &["T1199", "T1078.004"], "A contractor's laptop is taken over; the intruder comes with the contractor's access.", contractor),
    scenario("root-login", &["T1078.004"], "Root signs in without a second factor.", root_login),
    scenario("root-recovery", &["T1098", "T1078.004"], "Root's mailbox is taken, the password reset, and root used.", root_recovery),
    scenario("federation-token", &["T1550.001", "T1098"], "A key makes a federation token that outlives it, and a console session of it.", federation_token),
    scenario("signin-token", &["T1550", "T1078.004"], "Stolen temporary keys are turned into a console session.", signin_token),
    scenario("role-chain", &["T1550.001", "T1021.007"], "From one stolen credential through role after role to another account.", role_chain),
    scenario("switch-role", &["T1021.007", "T1078.004"], "A taken console session switches to roles its user never takes.", switch_role),
    scenario("new-mfa-device", &["T1098.005", "T1078.004"], "A second factor of the intruder's is registered, then used to sign in later.", new_mfa_device),
    scenario("slow-insider", &["T1530", "T1213"], "Somebody of the company takes a little more than the job needs, each evening.", slow_insider),
    scenario("insider", &["T1530", "T1552"], "Somebody of the company copies data in working hours, at the usual desk.", insider),
    scenario("backdoor-user", &["T1136.003", "T1098.003"], "An intruder makes a user with a key, and comes back with it days later from elsewhere.", backdoor_user),
    scenario("mass-download", &["T1530", "T1619"], "A bucket is listed and downloaded.", mass_download),
    scenario("log-tampering", &["T1562.008"], "A taken administrator narrows or stops the trail and the detectors.", log_tampering),
    scenario("mining", &["T1496", "T1578.002"], "A taken user starts many large machines in regions nobody uses.", mining),
    scenario("mail-abuse", &["T1496", "T1583.006"], "A stolen key looks whether mail can be sent, and sends it.", mail_abuse),
    scenario("model-abuse", &["T1496", "T1078.004"], "A stolen key calls language models on the company's bill.", model_abuse),
    scenario("lateral-commands", &["T1651", "T1021.007"], "A taken user runs commands on servers and puts keys on them.", lateral_commands),
    scenario("snapshot-sharing", &["T1537"], "Disks and databases are copied and shared with a stranger's account.", snapshot_sharing),
];

/// What an intrusion has to work with.
pub(super) struct Scene<'a> {
    pub world: &'a World,
    pub pen: Pen<'a>,
    pub dice: Dice,
    pub subtle: bool,
    cause: Arc<Cause>,
}

/// Plans one intrusion; None where there is nobody it can happen to.
pub(super) fn plan(world: &World, which: &Scenario, number: usize, subtle: bool) -> Option<Vec<Event>> {
    let cause = Cause {
        attack: true,
        scenario: format!("{}:{}", which.name, if subtle { "subtle" } else { "loud" }),
        incident: format!("incident-{:02}", number + 1),
    };
    for attempt in 0..6 {
        let purpose = [60, number as u64, attempt];
        let mut scene = Scene { world, pen: Pen::new(world, &purpose), dice: Dice::new(world.seed, &purpose), subtle, cause: Arc::new(Cause { scenario: cause.scenario.clone(), incident: cause.incident.clone(), attack: true }) };
        if (which.run)(&mut scene) && !scene.pen.events.is_empty() {
            let last = world.end() * 86_400;
            let mut events = scene.pen.events;
            events.retain(|event| event.time < last);
            if !events.is_empty() {
                return Some(events);
            }
        }
    }
    None
}

impl<'a> Scene<'a> {
    /// Somebody it can happen to.
    fn victim(&mut self, fits: impl Fn(&Person) -> bool) -> Option<&'a Person> {
        let world = self.world;
        let found: Vec<&Person> = world
            .people
            .iter()
            .filter(|p| p.dormant.is_none() && p.from < world.start + world.days / 3 && p.to > world.start + world.days * 2 / 3 && !p.name.starts_with("pentest-") && !p.name.starts_with("audit-"))
            .filter(|p| fits(p))
            .collect();
        (!found.is_empty()).then(|| *self.dice.pick(&found))
    }

    fn machine(&mut self, fits: impl Fn(&Machine) -> bool) -> Option<&'a Machine> {
        let found: Vec<&Machine> = self.world.machines.iter().filter(|m| m.from == 0 && fits(m)).collect();
        (!found.is_empty()).then(|| *self.dice.pick(&found))
    }

    /// A day after the first tenth of the file on which the person's country works, or any, for the loud.
    fn a_day(&mut self, person: Option<&Person>) -> i64 {
        let world = self.world;
        let first = world.start + (world.days / 8).min(4);
        let mut day = self.dice.between(first, (world.end() - 1).max(first));
        for _ in 0..14 {
            let fits = person.is_none_or(|p| p.here(day) && (!self.subtle || COUNTRIES[p.country].works(day)));
            if fits {
                break;
            }
            day = self.dice.between(first, (world.end() - 1).max(first));
        }
        day.min(world.end() - 1)
    }

    /// A moment: in the victim's hours for the subtle, whenever for the loud.
    fn moment(&mut self, person: Option<&Person>) -> i64 {
        let day = self.a_day(person);
        let country = &COUNTRIES[person.map_or(self.world.make.countries[0].0, |p| p.country)];
        let midnight = day * 86_400 - country.clock(day) * 60;
        let hour = if self.subtle || self.dice.chance(0.35) { self.dice.real(9.0, 18.0) } else { self.dice.real(0.0, 24.0) };
        (midnight + (hour * 3600.0) as i64).max(self.world.start * 86_400 + 600)
    }

    /// An address of the intruder's.
    fn lair(&mut self, near: usize) -> String {
        let dice = &mut self.dice;
        let home = COUNTRIES[near].code;
        if self.subtle {
            return match dice.weighted(&[0.5, 0.12, 0.23, 0.15]) {
                0 => networks::prefix(home, Net::Isp, dice).address(dice).text(),
                1 => networks::prefix(home, Net::Mobile, dice).address(dice).text(),
                2 => networks::prefix(home, Net::Hosting, dice).address(dice).text(),
                _ => networks::aws(self.world.make.region, dice).text(),
            };
        }
        let abroad = ["RU", "CN", "NG", "VN", "ID", "TR", "UA", "BR", "IN", "RO", "US", "NL", "DE", "PK", "EG", "MA", "FR", "PL"];
        let country = *dice.pick(&abroad);
        match dice.weighted(&[0.38, 0.2, 0.08, 0.34]) {
            0 => networks::prefix(dice.word(&["US", "NL", "DE", "FR", "GB", "FI", "SG", "CA"]), Net::Hosting, dice).address(dice).text(),
            1 => networks::prefix(dice.word(&["NL", "SE", "CH"]), Net::Vpn, dice).address(dice).text(),
            2 => networks::prefix(dice.word(&["DE", "AT", "US"]), Net::Tor, dice).address(dice).text(),
            _ => networks::prefix(country, Net::Isp, dice).address(dice).text(),
        }
    }

    /// The intruder's browser on a day.
    fn browser(&mut self, victim: Option<&Person>, day: i64) -> String {
        let same = if self.subtle { 0.55 } else { 0.1 };
        if let Some(victim) = victim
            && self.dice.chance(same)
        {
            return victim.agent(day);
        }
        if self.dice.chance(0.65) {
            // The same browser as somebody else's of the company.
            let other = self.dice.pick(&self.world.people);
            return other.agent(day);
        }
        let mut browser = organisation::browser(&self.world.make, &mut self.dice);
        if !self.subtle && self.dice.chance(0.4) {
            browser = Browser { lag: self.dice.between(20, 200), ..browser };
        }
        browser.agent(day)
    }

    /// The intruder's command line or library on a day.
    fn tool(&mut self, victim: Option<&Person>, day: i64) -> String {
        let same = if self.subtle { 0.45 } else { 0.08 };
        if let Some(victim) = victim
            && self.dice.chance(same)
        {
            return victim.command_agent(self.world, day);
        }
        // Mostly a tool somebody or some machine of the company has too.
        let machines = self.world.machines.iter().filter(|m| m.agent.contains('/') && !m.agent.contains("exec-env") && !m.agent.contains("Terraform"));
        let known: Vec<&str> = self.world.people.iter().map(|p| p.cli.as_str()).chain(machines.map(|m| m.agent.as_str())).collect();
        if self.dice.chance(0.6) && !known.is_empty() {
            return (*self.dice.pick(&known)).to_owned();
        }
        agents::small_tool(day, &mut self.dice)
    }

    fn seat(&self, address: String, agent: String) -> Seat {
        Seat { address, agent, cause: self.cause.clone() }
    }

    /// Calls from a deck, `count` of them. Gives the time after them.
    fn work(&mut self, caller: &Arc<Caller>, time: i64, deck: &str, count: i64, denied: f64) -> i64 {
        let deck = self.world.catalogue.deck(deck);
        let pace = if self.subtle { 50.0 } else { 9.0 };
        let mut time = time;
        for _ in 0..count {
            let call = *self.dice.pick(&deck);
            let outcome = if self.dice.chance(denied) { Outcome::Denied } else { Outcome::Done };
            self.pen.call(time, caller, call, outcome);
            time += self.dice.wait(pace) as i64;
        }
        time
    }

    /// What intruders do once they are in.
    fn deeds(&mut self, caller: &Arc<Caller>, time: i64, person: Option<&Person>) -> i64 {
        if self.subtle {
            // Looks like the victim's work, with something taken.
            let usual = if caller.agent.starts_with("Mozilla/") { "s3:ListBuckets ec2:DescribeInstances logs:DescribeLogGroups lambda:ListFunctions20150331" } else { "sts:GetCallerIdentity s3:ListBuckets" };
            let count = self.dice.between(1, 5);
            let mut time = self.work(caller, time, usual, count, 0.05);
            if let Some(person) = person {
                time = person.browse(&mut self.pen, &mut self.dice, caller, time, 2);
            }
            let count = self.dice.between(2, 9);
            time = self.work(caller, time + 30, COLLECT, count, 0.1);
            if self.dice.chance(0.35) {
                time = self.work(caller, time + 60, PERSIST, 1, 0.2);
            }
            return self.come_back(caller, time, 0.35);
        }
        let (look, take) = (self.dice.between(6, 32), self.dice.between(3, 22));
        let denied = self.dice.real(0.1, 0.5);
        let mut time = self.work(caller, time, RECON, look, denied);
        if self.dice.chance(0.7) {
            let count = self.dice.between(1, 5);
            time = self.work(caller, time + 20, PERSIST, count, denied);
        }
        if self.dice.chance(0.25) {
            time = self.work(caller, time + 20, HIDE, 3, denied);
        }
        time = self.work(caller, time + 20, COLLECT, take, denied * 0.6);
        self.come_back(caller, time, 0.55)
    }

    /// Comes back some hours later with what was taken, perhaps from elsewhere.
    fn come_back(&mut self, caller: &Arc<Caller>, time: i64, share: f64) -> i64 {
        let mut time = time;
        while self.dice.chance(share) {
            time += self.dice.between(2200, 14_000);
            let mut again = caller.clone();
            if !self.subtle && self.dice.chance(0.3) {
                let near = self.world.make.countries[0].0;
                let address = self.lair(near);
                again = self.elsewhere(caller, address, caller.agent.clone());
            }
            let count = if self.subtle { self.dice.between(1, 5) } else { self.dice.between(4, 20) };
            time = self.work(&again, time, COLLECT, count, 0.15);
        }
        time
    }

    /// Signs in at the console as the victim and does what intruders do.
    fn enter(&mut self, person: &Person, time: i64, login: Login) -> bool {
        let day = time.div_euclid(86_400);
        let (address, agent) = (self.lair(person.country), self.browser(Some(person), day));
        let seat = self.seat(address, agent);
        self.enter_from(person, seat, time, login)
    }

    fn enter_from(&mut self, person: &Person, seat: Seat, time: i64, login: Login) -> bool {
        let (time, caller) = signin::console(&mut self.pen, &mut self.dice, person, &seat, time, person.account, login);
        let Some(caller) = caller else { return false };
        self.deeds(&caller, time + 20, Some(person));
        true
    }

    /// A live credential of a victim on some day: `console` or not.
    fn stolen(&mut self, console: bool) -> Option<(&'a Person, Arc<Caller>, i64)> {
        for _ in 0..40 {
            let person = self.victim(|p| if console { true } else { matches!(p.sign_in, SignIn::Sso | SignIn::Saml) || p.hardware && p.key.is_some() })?;
            let day = self.a_day(Some(person));
            let lived = people::day(self.world, person, day);
            let found = lived.iter().filter(|e| e.caller.console == console && e.caller.identity.contains("\"ASIA") && !e.caller.cause.attack && e.caller.address.len() > 6).max_by_key(|e| (e.time, e.seed));
            if let Some(event) = found {
                return Some((person, event.caller.clone(), event.time + self.dice.between(120, 2400)));
            }
        }
        None
    }

    /// The same credential, from elsewhere.
    fn elsewhere(&mut self, caller: &Caller, address: String, agent: String) -> Arc<Caller> {
        Arc::new(Caller { address, agent, endpoint: None, cause: self.cause.clone(), ..caller.clone() })
    }

    /// A user's long-term key, from elsewhere.
    fn with_key(&mut self, person: &Person, day: i64) -> Option<Arc<Caller>> {
        let key = person.key.clone()?;
        let (address, agent) = (self.lair(person.country), self.tool(Some(person), day));
        let seat = self.seat(address, agent);
        let identity = signin::user_identity(self.world, person.account, &person.name, &key, None);
        Some(Arc::new(signin::caller(self.world, person, &seat, person.account, identity)))
    }
}

fn iam(person: &Person) -> bool {
    matches!(person.sign_in, SignIn::Iam | SignIn::IamMfa)
}

fn password_spray(scene: &mut Scene) -> bool {
    let world = scene.world;
    let Some(found) = scene.victim(|p| p.sign_in == SignIn::Iam) else { return false };
    let start = scene.moment(Some(found));
    let day = start.div_euclid(86_400);
    let targets: Vec<&Person> = world.people.iter().filter(|p| p.seen_failing(world)).collect();
    let lairs: Vec<String> = (0..if scene.subtle { 6 } else { 2 }).map(|_| scene.lair(found.country)).collect();
    let agent = scene.browser(None, day);
    let mut time = start;
    let wrong = Login { failures: 1, succeeds: false, unanswered: 0 };
    let count = if scene.subtle { targets.len().min(8) } else { targets.len().min(40) };
    let from = scene.dice.below(targets.len());
    for at in 0..count {
        let person = targets[(from + at) % targets.len()];
        let address = lairs[scene.dice.below(lairs.len())].clone();
        let seat = scene.seat(address, agent.clone());
        signin::console(&mut scene.pen, &mut scene.dice, person, &seat, time, person.account, wrong);
        time += if scene.subtle { scene.dice.between(900, 7200) } else { scene.dice.between(8, 120) };
    }
    let address = lairs[0].clone();
    let seat = scene.seat(address, agent);
    scene.enter_from(found, seat, time + 600, AT_ONCE)
}

fn slow_guess(scene: &mut Scene) -> bool {
    let world = scene.world;
    let Some(person) = scene.victim(|p| p.sign_in == SignIn::Iam || p.sign_in == SignIn::Sso && p.seen_failing(world)) else { return false };
    let mut time = scene.moment(Some(person));
    let day = time.div_euclid(86_400);
    let agent = scene.browser(Some(person), day);
    let tries = if scene.subtle { scene.dice.between(4, 12) } else { scene.dice.between(12, 30) };
    for _ in 0..tries {
        let address = scene.lair(person.country);
        let seat = scene.seat(address, agent.clone());
        signin::console(&mut scene.pen, &mut scene.dice, person, &seat, time, person.account, Login { failures: 1, succeeds: false, unanswered: 0 });
        time += scene.dice.between(2400, 5400);
    }
    let address = scene.lair(person.country);
    let seat = scene.seat(address, agent);
    scene.enter_from(person, seat, time, AT_ONCE)
}

fn stuffing(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(iam) else { return false };
    let time = scene.moment(Some(person));
    let failures = if scene.subtle { scene.dice.between(2, 4) } else { scene.dice.between(6, 25) };
    scene.enter(person, time, Login { failures: failures as usize, succeeds: true, unanswered: 0 })
}

fn impossible_travel(scene: &mut Scene) -> bool {
    let Some((person, caller, time)) = scene.stolen(true) else { return false };
    let day = time.div_euclid(86_400);
    let far: Vec<&str> = ["BR", "JP", "ZA", "US", "IN", "VN", "AU", "RU", "NG"].into_iter().filter(|c| *c != COUNTRIES[person.country].code).collect();
    let country = *scene.dice.pick(&far);
    let address = networks::prefix(country, Net::Isp, &mut scene.dice).address(&mut scene.dice).text();
    let agent = if scene.subtle { caller.agent.clone() } else { scene.browser(Some(person), day) };
    let seat = scene.seat(address, agent);
    scene.enter_from(person, seat, time, AT_ONCE)
}

fn mfa_fatigue(scene: &mut Scene) -> bool {
    let world = scene.world;
    let Some(person) = scene.victim(|p| p.sign_in != SignIn::Iam && p.seen_failing(world)) else { return false };
    let time = scene.moment(Some(person));
    let prompts = if scene.subtle { scene.dice.between(2, 4) } else { scene.dice.between(6, 18) } as usize;
    scene.enter(person, time, Login { failures: prompts, succeeds: true, unanswered: prompts })
}

fn relayed_login(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|_| true) else { return false };
    let time = scene.moment(Some(person));
    scene.enter(person, time, AT_ONCE)
}

fn stolen_token(scene: &mut Scene) -> bool {
    let Some((person, caller, time)) = scene.stolen(false) else { return false };
    let (address, agent) = (scene.lair(person.country), scene.tool(Some(person), time.div_euclid(86_400)));
    let there = scene.elsewhere(&caller, address, agent);
    scene.deeds(&there, time, Some(person));
    true
}

fn cookie_theft(scene: &mut Scene) -> bool {
    let Some((person, caller, time)) = scene.stolen(true) else { return false };
    let address = scene.lair(person.country);
    let agent = if scene.subtle { caller.agent.clone() } else { scene.browser(Some(person), time.div_euclid(86_400)) };
    let there = scene.elsewhere(&caller, address, agent);
    scene.deeds(&there, time, Some(person));
    true
}

fn leaked_key(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|p| p.key.is_some()) else { return false };
    let mut time = scene.moment(Some(person));
    let finders = if scene.subtle { 1 } else { scene.dice.between(1, 4) };
    for _ in 0..finders {
        let Some(caller) = scene.with_key(person, time.div_euclid(86_400)) else { return false };
        time = scene.deeds(&caller, time, None) + scene.dice.between(600, 20_000);
    }
    true
}

fn slow_key(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|p| p.key.is_some()) else { return false };
    let first = scene.moment(Some(person));
    let Some(caller) = scene.with_key(person, first.div_euclid(86_400)) else { return false };
    let days = scene.dice.between(3, 8);
    for day in 0..days {
        let time = first + day * 86_400 + scene.dice.between(0, 7200);
        let count = if scene.subtle { scene.dice.between(1, 4) } else { scene.dice.between(4, 14) };
        scene.work(&caller, time, "s3:ListObjects s3:GetObject s3:GetObject secretsmanager:GetSecretValue s3:ListBuckets dynamodb:Scan sts:GetCallerIdentity", count, 0.08);
    }
    true
}

/// A credential of a machine, taken and used outside.
fn outside(scene: &mut Scene, machine: &Machine) -> Option<(Arc<Caller>, i64)> {
    let time = scene.moment(None);
    let day = time.div_euclid(86_400);
    let cause = scene.cause.clone();
    let mut quiet = Pen::new(scene.world, &[61, machine.index as u64, time as u64]);
    let inside = machine.credential(&mut quiet, &mut scene.dice, day, time - 900, 0, &cause);
    let near = scene.world.make.countries[0].0;
    let address = if scene.subtle && scene.dice.chance(0.5) { networks::aws(machine.region, &mut scene.dice).text() } else { scene.lair(near) };
    let agent = if scene.subtle && scene.dice.chance(0.6) { machine.agent.clone() } else { scene.tool(None, day) };
    Some((scene.elsewhere(&inside, address, agent), time))
}

fn instance_credentials(scene: &mut Scene) -> bool {
    let Some(machine) = scene.machine(|m| matches!(m.sort, Sort::Server | Sort::Lambda | Sort::Task)) else { return false };
    let Some((caller, time)) = outside(scene, machine) else { return false };
    if scene.subtle {
        let mut time = time;
        for _ in 0..scene.dice.between(4, 12) {
            let call = machine.usual(&mut scene.dice);
            scene.pen.call(time, &caller, call, Outcome::Done);
            time += scene.dice.between(5, 300);
        }
        let count = scene.dice.between(1, 4);
        scene.work(&caller, time, "s3:ListBuckets s3:GetObject secretsmanager:ListSecrets secretsmanager:GetSecretValue", count, 0.2);
    } else {
        scene.deeds(&caller, time, None);
    }
    true
}

/// Somebody else's use of a role that trusts a token.
fn by_token(scene: &mut Scene, machine: &Machine) -> bool {
    let time = scene.moment(None);
    let day = time.div_euclid(86_400);
    let near = scene.world.make.countries[0].0;
    let address = if machine.sort == Sort::Pipeline && scene.subtle { networks::runner("github", &mut scene.dice).text() } else if scene.subtle && scene.dice.chance(0.5) { networks::aws(machine.region, &mut scene.dice).text() } else { scene.lair(near) };
    let agent = if scene.subtle && scene.dice.chance(0.6) { machine.agent.clone() } else { scene.tool(None, day) };
    let cause = scene.cause.clone();
    let from = scene.pen.events.len();
    let inside = machine.credential(&mut scene.pen, &mut scene.dice, day, time, 0, &cause);
    let there = scene.elsewhere(&inside, address.clone(), agent.clone());
    for event in &mut scene.pen.events[from..] {
        event.caller = Arc::new(Caller { address: address.clone(), agent: agent.clone(), ..(*event.caller).clone() });
    }
    if scene.subtle {
        let mut time = time + 3;
        for _ in 0..scene.dice.between(3, 9) {
            let call = machine.usual(&mut scene.dice);
            scene.pen.call(time, &there, call, Outcome::Done);
            time += scene.dice.between(1, 120);
        }
        let count = scene.dice.between(2, 6);
        scene.work(&there, time, "secretsmanager:ListSecrets secretsmanager:GetSecretValue s3:ListBuckets s3:GetObject iam:ListRoles sts:GetCallerIdentity", count, 0.25);
    } else {
        scene.deeds(&there, time + 3, None);
    }
    true
}

fn irsa_misuse(scene: &mut Scene) -> bool {
    scene.machine(|m| m.sort == Sort::Pod).is_some_and(|machine| by_token(scene, machine))
}

fn oidc_misuse(scene: &mut Scene) -> bool {
    scene.machine(|m| m.sort == Sort::Pipeline).is_some_and(|machine| by_token(scene, machine))
}

fn dormant_user(scene: &mut Scene) -> bool {
    let found: Vec<&Person> = scene.world.people.iter().filter(|p| p.dormant == Some(None)).collect();
    let person = if found.is_empty() {
        // Nobody sleeps: somebody who left.
        let left: Vec<&Person> = scene.world.people.iter().filter(|p| p.to < scene.world.end() - 5).collect();
        if left.is_empty() {
            return false;
        }
        *scene.dice.pick(&left)
    } else {
        *scene.dice.pick(&found)
    };
    let day = scene.dice.between(person.to.min(scene.world.start + 4).max(scene.world.start + 2), scene.world.end() - 1);
    let day = if person.dormant.is_none() { scene.dice.between(person.to + 2, scene.world.end() - 1) } else { day };
    let time = day * 86_400 + (scene.dice.real(6.0, 22.0) * 3600.0) as i64;
    scene.enter(person, time, AT_ONCE)
}

fn contractor(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|p| p.job == Job::Contractor) else { return false };
    let time = scene.moment(Some(person));
    if person.key.is_some() && scene.dice.chance(0.5) {
        let Some(caller) = scene.with_key(person, time.div_euclid(86_400)) else { return false };
        scene.deeds(&caller, time, Some(person));
        return true;
    }
    scene.enter(person, time, AT_ONCE)
}

fn root_login(scene: &mut Scene) -> bool {
    let account = scene.dice.below(scene.world.accounts.len());
    let time = scene.moment(None);
    let near = scene.world.make.countries[0].0;
    let (address, agent) = (scene.lair(near), scene.browser(None, time.div_euclid(86_400)));
    let seat = scene.seat(address, agent);
    let (time, caller) = signin::root(&mut scene.pen, &seat, time, account, false);
    root_deeds(scene, &caller, time);
    true
}

fn root_deeds(scene: &mut Scene, caller: &Arc<Caller>, time: i64) {
    if scene.subtle {
        let count = scene.dice.between(2, 6);
        let time = scene.work(caller, time + 10, "ce:GetCostAndUsage budgets:DescribeBudgets account:GetContactInformation iam:GetAccountSummary", count, 0.0);
        scene.work(caller, time, "iam:CreateAccessKey account:PutAlternateContact iam:ListUsers", 2, 0.0);
    } else {
        scene.deeds(caller, time, None);
    }
}

fn root_recovery(scene: &mut Scene) -> bool {
    let account = scene.dice.below(scene.world.accounts.len());
    let time = scene.moment(None);
    let near = scene.world.make.countries[0].0;
    let (address, agent) = (scene.lair(near), scene.browser(None, time.div_euclid(86_400)));
    let seat = scene.seat(address, agent);
    let at = scene.pen.events.len();
    let (mut after, caller) = signin::root(&mut scene.pen, &seat, time + 600, account, false);
    let bare = scene.pen.events[at].caller.clone();
    for (name, when) in [("PasswordRecoveryRequested", time), ("PasswordRecoveryCompleted", time + 380)] {
        scene.pen.detailed(when, &bare, &format!("signin:{name}"), Detail {
            response: format!("{{\"{name}\":\"Success\"}}"),
            event_type: "AwsConsoleSignIn",
            region: "us-east-1",
            ..Detail::default()
        });
    }
    after += 20;
    root_deeds(scene, &caller, after);
    true
}

fn federation_token(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|p| p.key.is_some()) else { return false };
    let time = scene.moment(Some(person));
    let day = time.div_euclid(86_400);
    let Some(long) = scene.with_key(person, day) else { return false };
    let name = if scene.subtle { person.name.clone() } else { scene.dice.word(&["console", "temp", "admin"]).to_owned() };
    let tool = Arc::new(signin::federation_token(&mut scene.pen, &long, person.account, &person.name, time, &name, 129_600));
    let agent = scene.browser(Some(person), day);
    let console = signin::console_of(&mut scene.pen, &tool, agent, time + 20);
    scene.deeds(&console, time + 70, Some(person));
    if scene.dice.chance(0.5) {
        let count = scene.dice.between(2, 8);
        scene.work(&console, time + 70_000, COLLECT, count, 0.2);
    }
    true
}

fn signin_token(scene: &mut Scene) -> bool {
    let Some((person, caller, time)) = scene.stolen(false) else { return false };
    if !caller.identity.contains("AssumedRole") {
        return false; // a user's session token opens no console
    }
    let day = time.div_euclid(86_400);
    let (address, agent) = (scene.lair(person.country), scene.browser(Some(person), day));
    let tool = scene.tool(Some(person), day);
    let there = scene.elsewhere(&caller, address, tool);
    let console = signin::console_of(&mut scene.pen, &there, agent, time);
    scene.deeds(&console, time + 60, Some(person));
    true
}

fn role_chain(scene: &mut Scene) -> bool {
    let world = scene.world;
    let Some(person) = scene.victim(|p| p.key.is_some() || p.sign_in != SignIn::Iam) else { return false };
    let time = scene.moment(Some(person));
    let day = time.div_euclid(86_400);
    let first = match scene.with_key(person, day) {
        Some(caller) => caller,
        None => {
            let (address, agent) = (scene.lair(person.country), scene.tool(Some(person), day));
            let seat = scene.seat(address, agent);
            match signin::command_line(&mut scene.pen, &mut scene.dice, person, &seat, time, person.account).1 {
                Some(caller) => caller,
                None => return false,
            }
        }
    };
    let (mut caller, mut at, mut time) = (first, person.account, time + 30);
    let hops = if scene.subtle { 2 } else { scene.dice.between(2, 4) };
    for _ in 0..hops {
        let target = scene.dice.below(world.accounts.len());
        let role = scene.dice.pick(&world.accounts[target].has.roles).clone();
        let session = if scene.subtle { person.name.clone() } else { format!("botocore-session-{time}") };
        caller = signin::assume(&mut scene.pen, &caller, at, time, target, &role, &session);
        at = target;
        time = scene.work(&caller, time + 10, RECON, 3, 0.3) + 20;
    }
    scene.deeds(&caller, time, None);
    true
}

fn switch_role(scene: &mut Scene) -> bool {
    let world = scene.world;
    if world.accounts.len() < 2 {
        return false;
    }
    let Some((person, caller, time)) = scene.stolen(true) else { return false };
    let address = scene.lair(person.country);
    let agent = if scene.subtle { caller.agent.clone() } else { scene.browser(Some(person), time.div_euclid(86_400)) };
    let there = scene.elsewhere(&caller, address, agent);
    let target = (caller.account + 1 + scene.dice.below(world.accounts.len() - 1)) % world.accounts.len();
    let role = scene.dice.pick(&["OrganizationAccountAccessRole", "cross-AdministratorAccess", "cross-PowerUserAccess"]).to_owned();
    let switched = signin::switch(&mut scene.pen, &there, caller.account, time, target, role, &person.session_name());
    scene.deeds(&switched, time + 20, None);
    true
}

fn new_mfa_device(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|p| p.sign_in == SignIn::IamMfa) else { return false };
    let time = scene.moment(Some(person)).min((scene.world.end() - 3) * 86_400);
    let day = time.div_euclid(86_400);
    let (address, agent) = (scene.lair(person.country), scene.browser(Some(person), day));
    let seat = scene.seat(address, agent.clone());
    let (after, caller) = signin::console(&mut scene.pen, &mut scene.dice, person, &seat, time, person.account, AT_ONCE);
    let Some(caller) = caller else { return false };
    let after = scene.work(&caller, after + 20, "iam:ListMFADevices iam:GetUser", 2, 0.0);
    for name in ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice"] {
        let call = scene.world.catalogue.call(name);
        scene.pen.call(after + 30, &caller, call, Outcome::Done);
    }
    let address = scene.lair(person.country);
    let seat = scene.seat(address, agent);
    let later = time + scene.dice.between(8, 48) * 3600;
    scene.enter_from(person, seat, later, AT_ONCE)
}

fn slow_insider(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|p| matches!(p.job, Job::Developer | Job::Analyst | Job::Operations | Job::Administrator | Job::Support)) else { return false };
    let first = scene.a_day(Some(person));
    let evenings = scene.dice.between(3, 7);
    for evening in 0..evenings {
        let day = first + evening;
        let cause = scene.cause.clone();
        let seat = people::seat_at_home(scene.world, person, day, &cause);
        let midnight = day * 86_400 - COUNTRIES[person.country].clock(day) * 60;
        let hour = if scene.subtle { scene.dice.real(17.5, 20.0) } else { scene.dice.real(21.0, 25.0) };
        let (time, caller) = signin::console(&mut scene.pen, &mut scene.dice, person, &seat, midnight + (hour * 3600.0) as i64, person.account, AT_ONCE);
        let Some(caller) = caller else { return false };
        let count = if scene.subtle { scene.dice.between(4, 12) } else { scene.dice.between(20, 60) };
        scene.work(&caller, time + 20, "s3:ListObjects s3:GetObject s3:GetObject s3:GetObject secretsmanager:GetSecretValue dynamodb:Scan", count, 0.02);
    }
    true
}

fn insider(scene: &mut Scene) -> bool {
    for _ in 0..30 {
        let Some(person) = scene.victim(|p| p.job != Job::Finance) else { return false };
        let day = scene.a_day(Some(person));
        let lived = people::day(scene.world, person, day);
        let Some(last) = lived.iter().filter(|e| e.caller.console && e.caller.identity.contains("\"ASIA")).max_by_key(|e| (e.time, e.seed)) else { continue };
        let (address, agent) = (last.caller.address.clone(), last.caller.agent.clone());
        let caller = scene.elsewhere(&last.caller, address, agent);
        // After a pause, or the sitting of the day would count as the intrusion.
        let time = last.time + scene.dice.between(2000, 4000);
        let count = if scene.subtle { scene.dice.between(15, 45) } else { scene.dice.between(60, 260) };
        scene.work(&caller, time, "s3:ListObjects s3:GetObject s3:GetObject s3:GetObject s3:GetObject secretsmanager:GetSecretValue dynamodb:Scan ssm:GetParameter", count, 0.02);
        return true;
    }
    false
}

fn backdoor_user(scene: &mut Scene) -> bool {
    let world = scene.world;
    let Some(person) = scene.victim(|p| matches!(p.job, Job::Administrator | Job::Operations | Job::Developer)) else { return false };
    let time = scene.moment(Some(person)).min((world.end() - 4) * 86_400);
    let day = time.div_euclid(86_400);
    let (address, agent) = (scene.lair(person.country), scene.browser(Some(person), day));
    let seat = scene.seat(address, agent);
    let (after, caller) = signin::console(&mut scene.pen, &mut scene.dice, person, &seat, time, person.account, AT_ONCE);
    let Some(caller) = caller else { return false };
    let user = (*scene.dice.pick(&["svc-backup-agent", "aws-support-ops", "terraform-ci", "monitoring-ro", "deploy-bot"])).to_owned();
    let number = &world.accounts[person.account].id;
    let key = dice::id("AKIA", scene.pen.next_seed())[..20].to_owned();
    let mut after = after + 40;
    for (name, request, response) in [
        ("iam:CreateUser", format!("{{\"userName\":\"{user}\"}}"), format!("{{\"user\":{{\"path\":\"/\",\"userName\":\"{user}\",\"userId\":\"{}\",\"arn\":\"arn:aws:iam::{number}:user/{user}\"}}}}", world.user_id(person.account, &user))),
        ("iam:AttachUserPolicy", format!("{{\"userName\":\"{user}\",\"policyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\"}}"), String::new()),
        ("iam:CreateAccessKey", format!("{{\"userName\":\"{user}\"}}"), format!("{{\"accessKey\":{{\"userName\":\"{user}\",\"accessKeyId\":\"{key}\",\"status\":\"Active\"}}}}")),
    ] {
        scene.pen.detailed(after, &caller, name, Detail { request, response, ..Detail::default() });
        after += scene.dice.between(4, 40);
    }
    let mut back = time + scene.dice.between(1, 3) * 86_400 + scene.dice.between(0, 40_000);
    for _ in 0..scene.dice.between(1, 3) {
        let day = back.div_euclid(86_400);
        let (address, agent) = (scene.lair(person.country), scene.tool(None, day));
        let seat = scene.seat(address, agent);
        let identity = signin::user_identity(world, person.account, &user, &key, None);
        let mut caller = signin::caller(world, person, &seat, person.account, identity);
        caller.principal = user.as_str().into();
        back = scene.deeds(&Arc::new(caller), back, None) + scene.dice.between(20_000, 90_000);
    }
    true
}

fn mass_download(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|p| p.key.is_some() || matches!(p.sign_in, SignIn::Sso | SignIn::Saml)) else { return false };
    let time = scene.moment(Some(person));
    let day = time.div_euclid(86_400);
    let (address, agent) = (scene.lair(person.country), scene.tool(Some(person), day));
    let seat = scene.seat(address, agent);
    let (mut time, caller) = signin::command_line(&mut scene.pen, &mut scene.dice, person, &seat, time, person.account);
    let Some(caller) = caller else { return false };
    time = scene.work(&caller, time, "s3:ListBuckets s3:ListObjects", 4, 0.0);
    let get = scene.world.catalogue.call("s3:GetObject");
    let count = if scene.subtle { scene.dice.between(40, 120) } else { scene.dice.between(200, 700) };
    for _ in 0..count {
        scene.pen.call(time, &caller, get, Outcome::Done);
        time += if scene.subtle { scene.dice.between(1, 40) } else { scene.dice.between(0, 2) };
    }
    true
}

fn log_tampering(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|p| matches!(p.job, Job::Administrator | Job::Operations | Job::Security)) else { return false };
    let time = scene.moment(Some(person));
    let day = time.div_euclid(86_400);
    let (address, agent) = (scene.lair(person.country), scene.browser(Some(person), day));
    let seat = scene.seat(address, agent);
    let (time, caller) = signin::console(&mut scene.pen, &mut scene.dice, person, &seat, time, person.account, AT_ONCE);
    let Some(caller) = caller else { return false };
    let count = if scene.subtle { scene.dice.between(3, 7) } else { scene.dice.between(8, 20) };
    let after = scene.work(&caller, time + 20, HIDE, count, if scene.subtle { 0.0 } else { 0.3 });
    let name = if scene.subtle { "cloudtrail:PutEventSelectors" } else { "cloudtrail:StopLogging" };
    let call = scene.world.catalogue.call(name);
    scene.pen.call(after, &caller, call, Outcome::Done);
    true
}

fn mining(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|p| matches!(p.job, Job::Administrator | Job::Operations | Job::Developer)) else { return false };
    let time = scene.moment(Some(person));
    let day = time.div_euclid(86_400);
    let (address, agent) = (scene.lair(person.country), scene.browser(Some(person), day));
    let seat = scene.seat(address, agent);
    let (mut time, caller) = signin::console(&mut scene.pen, &mut scene.dice, person, &seat, time, person.account, AT_ONCE);
    let Some(caller) = caller else { return false };
    let regions = ["ap-southeast-1", "sa-east-1", "us-west-2", "ap-northeast-1", "eu-north-1", "ca-central-1"];
    for _ in 0..if scene.subtle { 2 } else { scene.dice.between(3, 6) } {
        let region = *scene.dice.pick(&regions);
        let there = Arc::new(Caller { region, ..(*caller).clone() });
        time = scene.work(&there, time + 20, "ec2:DescribeInstanceTypes ec2:DescribeVpcs ec2:DescribeImages", 3, 0.0);
        let count = scene.dice.between(1, if scene.subtle { 2 } else { 9 });
        time = scene.work(&there, time, "ec2:RunInstances ec2:RequestSpotInstances ec2:RunInstances ec2:CreateKeyPair", count, 0.2);
    }
    true
}

fn by_key(scene: &mut Scene, look: &str, act: &str, loud: (i64, i64)) -> bool {
    let Some(person) = scene.victim(|p| p.key.is_some()) else { return false };
    let time = scene.moment(Some(person));
    let Some(caller) = scene.with_key(person, time.div_euclid(86_400)) else { return false };
    let time = scene.work(&caller, time, look, 4, 0.1);
    let count = if scene.subtle { scene.dice.between(5, 20) } else { scene.dice.between(loud.0, loud.1) };
    scene.work(&caller, time + 30, act, count, 0.05);
    true
}

fn mail_abuse(scene: &mut Scene) -> bool {
    by_key(scene, "sts:GetCallerIdentity ses:GetSendQuota ses:ListIdentities ses:GetAccount", "ses:SendEmail ses:SendEmail ses:SendEmail ses:VerifyEmailIdentity ses:UpdateAccountSendingEnabled", (30, 160))
}

fn model_abuse(scene: &mut Scene) -> bool {
    by_key(scene, "sts:GetCallerIdentity bedrock:ListFoundationModels bedrock:GetFoundationModelAvailability bedrock:PutUseCaseForModelAccess", "bedrock:InvokeModel bedrock:InvokeModel bedrock:Converse", (40, 200))
}

fn lateral_commands(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|p| matches!(p.job, Job::Administrator | Job::Operations | Job::Developer)) else { return false };
    let time = scene.moment(Some(person));
    let day = time.div_euclid(86_400);
    let (address, agent) = (scene.lair(person.country), scene.tool(Some(person), day));
    let seat = scene.seat(address, agent);
    let (time, caller) = signin::command_line(&mut scene.pen, &mut scene.dice, person, &seat, time, person.account);
    let Some(caller) = caller else { return false };
    let count = if scene.subtle { scene.dice.between(4, 9) } else { scene.dice.between(15, 45) };
    scene.work(&caller, time, MOVE, count, if scene.subtle { 0.05 } else { 0.3 });
    true
}

fn snapshot_sharing(scene: &mut Scene) -> bool {
    let Some(person) = scene.victim(|p| matches!(p.job, Job::Administrator | Job::Operations | Job::Developer | Job::Analyst)) else { return false };
    let time = scene.moment(Some(person));
    let day = time.div_euclid(86_400);
    let (address, agent) = (scene.lair(person.country), scene.browser(Some(person), day));
    let seat = scene.seat(address, agent);
    let (time, caller) = signin::console(&mut scene.pen, &mut scene.dice, person, &seat, time, person.account, AT_ONCE);
    let Some(caller) = caller else { return false };
    let time = scene.work(&caller, time + 20, "ec2:DescribeSnapshots ec2:DescribeVolumes rds:DescribeDBSnapshots rds:DescribeDBInstances", 4, 0.0);
    let count = if scene.subtle { 2 } else { scene.dice.between(4, 14) };
    scene.work(&caller, time, "ec2:CreateSnapshot ec2:ModifySnapshotAttribute rds:CreateDBSnapshot rds:ModifyDBSnapshotAttribute ec2:ModifyImageAttribute", count, 0.05);
    true
}
