//! From columns to a score for each session: the likelihood ranks, the classic detectors stand beside it, the null says
//! how far out is too far.

use std::collections::BTreeMap;

use hashbrown::{HashMap, HashSet};

use crate::analyzer::Options;
use crate::columns::{Aside, COLUMNS, Facts, GROUPS, Mode};
use crate::combine::{Null, Shape, score_of_tail, standardise};
use crate::detect::{Dbscan, Detector, IsolationForest, KMeans, Likelihood, Pca, Peers, Raw};
use crate::geo::AddressKind;
use crate::identity::Class;
use crate::matrix::{Alike, Distinct, Matrix};
use crate::num::{grouped, log2};
use crate::parallel;
use crate::report::{Calibration, DetectorSummary, Persona};
use crate::session::Session;

/// Weights of the detectors in the score, measured on labelled organisations (docs/evaluation.md): likelihood, forest, PCA, K-Means, DBSCAN.
const WEIGHTS: [f64; 5] = [1.0, 0.0, 0.0, 0.0, 0.0];
/// The null in hindsight.
const HINDSIGHT: Shape = Shape { end: 5.0, start: -2.0, halving: 1.0 };
/// And as seen from then: less is known of everybody, so the bulk ends later, and what lies beyond is thinner.
const THEN: Shape = Shape { end: 6.6, start: 0.1, halving: 0.69 };
/// With so many bits a session stands out: it does not teach what is usual.
const STANDS_OUT: f64 = 14.5;
/// Where so large a share stands out, two looks are not enough; others follow while each finds so much more.
const MUCH: f64 = 0.02;
const MORE: f64 = 0.0005;
/// From so large a share on a session of fewer bits is suspect too: with each doubling by so many fewer, down to so many. The first are those
/// of sessions that do not teach columns, the second of those that do not count in tails.
const SUSPECT_FROM: f64 = 0.01;
const SUSPECT: [(f64, f64); 2] = [(3.0, 10.0), (1.5, 12.0)];
/// And if so large a share of one identity's sessions stands out, it is often somebody else: its other sessions are suspect from three bits
/// fewer with each doubling, down to six, and do not teach columns. Each is taken to have had ten more sessions, all ordinary.
const OFTEN_ANOTHER: f64 = 0.1;
const OF_ANOTHER: (f64, f64) = (3.0, 6.0);
const ORDINARY_BEFORE: u32 = 10;
/// And for each session that stands out, so many of its kind do not and are left in the bulk. With one attack session in ten the threshold
/// falls by 5 % for it, on average over nine organisations of each family: what others hide is worth more false alarms there.
const HIDDEN: f64 = 0.3;
/// Looks at most.
const MOST_LOOKS: usize = 6;
/// So many sessions, drawn by the seed, are enough to find personas and what has no neighbours; all are set against them.
const FITTED: usize = 2_000;
/// Three days, in milliseconds.
const FIRST_DAYS: i64 = 3 * 24 * 3_600_000;
/// A session that stands out lends so much of its bits to those of the same stay, to those that use a key issued in it, and
/// to that in which its own key was issued: its way in.
const OF_STAY: f64 = 0.6;
const BY_KEY: f64 = 0.75;
/// A key is suspect where the session that issued it does not look like its identity: so many bits of these groups. An
/// administrator who makes a user for the first time in a month stands out too, by that alone.
const SOMEBODY_ELSE: f64 = 4.0;
const OF_WHO: [&str; 6] = ["place", "travel", "client", "proof", "tries", "credential"];
/// A stay is foreign where the place counts so many bits, and a way in where those groups do,
const FOREIGN: f64 = 8.0;
/// and belongs together over so long a pause: four days, in milliseconds.
const STAY: i64 = 4 * 24 * 3_600_000;
/// So many are asked before a session, and so many after it, or of those that issued a key: however many stand out.
const LENDERS: usize = 64;
/// A pool beyond those of the classes.
const EARLY: u32 = Class::Unknown as u32 + 1;
/// The share of sessions, strangest first, that does not teach: at least and at most.
const NO_TEACHERS: [f64; 2] = [0.0025, 0.12];

/// How odd each session is by the likelihood.
pub(crate) struct Odds {
    likelihood: Likelihood,
    raw: Raw,
    peers: Vec<Peers>,
    /// Bits in all.
    pub total: Vec<f64>,
    /// Sessions that are raised by what they belong with: by which, how, and by how many bits.
    pub lent: BTreeMap<usize, Lent>,
}

/// What a session owes to one that it belongs with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lent {
    /// The one that stands out.
    pub by: usize,
    /// How they belong together.
    pub tie: Tie,
    /// Bits beyond its own.
    pub bits: f64,
}

/// How a session belongs with one that stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tie {
    /// The same identity at the same foreign place.
    Stay,
    /// A key is used here that was issued there.
    Key,
    /// A key was issued here that is used there, by the same identity at the same address.
    WayIn,
}

impl Tie {
    /// The share of its bits.
    fn share(self) -> f64 {
        match self {
            Tie::Stay => OF_STAY,
            Tie::Key | Tie::WayIn => BY_KEY,
        }
    }
}

impl Odds {
    /// What the columns hold, added up by group.
    #[inline(never)]
    fn of(matrix: &Matrix, peers: &[Peers]) -> Odds {
        let group_of = |name: &str| GROUPS.iter().position(|g| g.name == name).expect("every column's group is in the table");
        let likelihood = Likelihood::new(
            COLUMNS.iter().map(|c| c.bits).collect(),
            COLUMNS.iter().map(|c| group_of(c.group)).collect(),
            GROUPS.iter().map(|g| (g.weight, g.by_size)).collect(),
        );
        Odds { raw: likelihood.raw(matrix), likelihood, peers: peers.to_vec(), total: Vec::new(), lent: BTreeMap::new() }
    }

    /// Sets it against what is reached how often among those that teach.
    fn set_against(&mut self, teaches: &[bool]) {
        self.total = self.likelihood.fit(&self.raw, &self.peers, teaches);
    }

    fn bits_of(&self, row: usize) -> impl Iterator<Item = f64> {
        self.likelihood.groups(&self.raw, row, self.peers[row])
    }

    /// Bits of each group of a row, in the order of [`GROUPS`].
    pub(crate) fn bits(&self, row: usize) -> Vec<f64> {
        self.bits_of(row).collect()
    }

    /// What belongs with a session that stands out is worth a look too, however ordinary it is by itself: the sessions of the
    /// same identity at the same foreign place on the days about it, and those that use a key which was issued in it. As
    /// seen from then, only what was before lends.
    #[inline(never)]
    pub(crate) fn lend(&mut self, sessions: &[Session], facts: &[Facts], mode: Mode) {
        let place = GROUPS.iter().position(|g| g.name == "place").expect("a group of the table");
        let mut at: HashMap<(u32, u64), Vec<usize>> = HashMap::new();
        let mut issued: HashMap<u32, Vec<usize>> = HashMap::new();
        let mut used: HashMap<u32, Vec<usize>> = HashMap::new();
        let note = |by: &mut Vec<usize>, n: usize| {
            if by.len() < LENDERS {
                by.push(n);
            }
        };
        for n in (0..sessions.len()).filter(|n| self.total[*n] >= STANDS_OUT) {
            if facts[n].site.kind == AddressKind::Public && self.bits_of(n).nth(place).is_some_and(|bits| bits >= FOREIGN) {
                at.entry((sessions[n].identity, facts[n].site.prefix)).or_default().push(n);
            }
            let somebody_else = crate::num::sum(self.bits_of(n).zip(&GROUPS).filter(|(_, group)| OF_WHO.contains(&group.name)).map(|(bits, _)| bits));
            if somebody_else >= SOMEBODY_ELSE {
                facts[n].issued.iter().for_each(|key| note(issued.entry(*key).or_default(), n));
            }
            if somebody_else >= FOREIGN {
                facts[n].keys.iter().for_each(|key| note(used.entry(*key).or_default(), n));
            }
        }
        // Keys in use before the session that says it issued them: it did not make them.
        let mut older: HashSet<u32> = HashSet::new();
        let before = |n: usize, by: usize| sessions[n].to < sessions[by].from;
        for (n, fact) in facts.iter().enumerate() {
            older.extend(fact.keys.iter().filter(|key| issued.get(*key).is_some_and(|by| before(n, by[0]))));
        }
        issued.retain(|key, _| !older.contains(key));
        let own = self.total.clone();
        for (n, (session, fact)) in sessions.iter().zip(facts).enumerate() {
            let apart = |other: usize| (session.from - sessions[other].to).max(sessions[other].from - session.to);
            let stay = at.get(&(session.identity, fact.site.prefix)).map_or(&[][..], |stay| {
                let here = stay.partition_point(|other| *other < n);
                &stay[here.saturating_sub(LENDERS)..stay.len().min(here + LENDERS)]
            });
            let stay = stay.iter().filter(|other| apart(**other) <= STAY).map(|by| (*by, Tie::Stay));
            let keys = fact.keys.iter().filter_map(|key| issued.get(key)).flatten().map(|by| (*by, Tie::Key));
            // The way in of what stands out: the same identity at the same address, with another client.
            let way_in = fact.issued.iter().filter_map(|key| used.get(key)).flatten().filter(|by| !before(**by, n));
            let way_in = way_in.filter(|by| (sessions[**by].identity, sessions[**by].address) == (session.identity, session.address)).map(|by| (*by, Tie::WayIn));
            for (by, tie) in stay.chain(keys).chain(way_in).filter(|(by, _)| *by != n && (mode == Mode::Hindsight || *by < n)) {
                let share = tie.share();
                if share * own[by] > self.total[n] {
                    self.total[n] = share * own[by];
                    self.lent.insert(n, Lent { by, tie, bits: self.total[n] - own[n] });
                }
            }
        }
    }

    /// Bits of each column of a row of the matrix.
    pub(crate) fn parts(&self, matrix: &Matrix, row: usize) -> Vec<f64> {
        self.likelihood.parts(matrix, row)
    }

    /// Which sessions may teach what is usual: all but the oddest, those above so many bits.
    #[inline(never)]
    fn teachers(&self, bits: f64) -> Vec<bool> {
        // It is asked several times a look: no need to sort.
        let mut totals = self.total.clone();
        let [least, most] = NO_TEACHERS.map(|share| {
            let place = (totals.len() as f64 * share) as usize;
            if place < totals.len() { *totals.select_nth_unstable_by(place, |a, b| b.total_cmp(a)).1 } else { 0.0 }
        });
        let cut = least.min(most.max(bits));
        self.total.iter().map(|bits| *bits <= cut).collect()
    }

    /// Nor do those teach that are suspect since much of their identity stands out: with many of an intruder's sessions what is odd of
    /// the next is less odd for that identity. `who`: whose session each is.
    #[inline(never)]
    fn leave_out_of_another(&self, who: &[u32], teaches: &mut [bool]) {
        // All of an identity, and those that stand out.
        let mut of: HashMap<u32, [u32; 2]> = HashMap::new();
        for (who, bits) in who.iter().zip(&self.total) {
            let [all, out] = of.entry(*who).or_insert([ORDINARY_BEFORE, 0]);
            *all += 1;
            *out += u32::from(*bits >= STANDS_OUT);
        }
        for ((who, bits), teaches) in who.iter().zip(&self.total).zip(teaches) {
            let [all, out] = of[who];
            let times = f64::from(out) / f64::from(all) / OFTEN_ANOTHER;
            *teaches &= times <= 1.0 || *bits <= suspect_from(times, OF_ANOTHER);
        }
    }
}

/// With whom each session is compared: its pool. As seen from then, nobody is known yet in the first days of a file; those
/// sessions are compared with each other.
#[inline(never)]
pub(crate) fn peers_of(sessions: &[Session], facts: &[Facts], mode: Mode) -> Vec<Peers> {
    let known = sessions.first().map_or(0, |first| first.from + FIRST_DAYS);
    let peers = |(session, facts): (&Session, &Facts)| {
        let early = mode == Mode::Then && session.from < known;
        Peers { pool: if early { EARLY } else { facts.pool }, size: facts.events as usize }
    };
    sessions.iter().zip(facts).map(peers).collect()
}

/// Measures all sessions, by which of them teach, and whether so many stand out that intruders come again and again.
type Look<'a> = dyn Fn(&[bool], bool) -> (Matrix, Aside) + 'a;

/// Measures sessions twice. An intruder who stays, or who comes as many, looks usual by himself; so what stands out at
/// the first look does not teach at the second. Where much stands out, it hid more of its kind: then sessions are measured
/// again, until no more come to light. `who`: whose session each is. Returns rows, what stands beside them, their odds, and which do not stand out.
#[inline(never)]
pub(crate) fn look_twice(measured: &Look, peers: &[Peers], who: &[u32]) -> (Matrix, Aside, Odds, Vec<bool>) {
    let everybody = vec![true; peers.len()];
    let (mut matrix, mut aside) = measured(&everybody, false);
    let mut odds = Odds::of(&matrix, peers);
    odds.set_against(&everybody);
    let mut teaches = odds.teachers(STANDS_OUT);
    let left_out = |teaches: &[bool]| teaches.iter().filter(|t| !**t).count() as f64 / teaches.len() as f64;
    for look in 1..MOST_LOOKS {
        let before = left_out(&teaches);
        if before == 0.0 || look > 1 && before < MUCH {
            break;
        }
        let cuts = SUSPECT.map(|suspect| suspect_from(before / SUSPECT_FROM, suspect));
        let [mut of_columns, mut of_tails] = cuts.map(|cut| odds.teachers(cut));
        if before >= MUCH {
            odds.leave_out_of_another(who, &mut of_columns);
        }
        // What the last look made goes first: two of them were the most memory a report takes.
        drop((matrix, aside, odds));
        (matrix, aside) = measured(&of_columns, before >= MUCH);
        odds = Odds::of(&matrix, peers);
        for _ in 0..3 {
            odds.set_against(&of_tails);
            // Where the same teach, all stays as it is.
            if std::mem::replace(&mut of_tails, odds.teachers(cuts[1])) == of_tails {
                break;
            }
        }
        teaches = odds.teachers(STANDS_OUT);
        if look > 1 && left_out(&teaches) < before + MORE {
            break;
        }
    }
    (matrix, aside, odds, teaches)
}

/// From how many bits on a session is suspect, where so many times as many stand out as make one suspect: so many fewer with each doubling, down to so many.
fn suspect_from(times: f64, (fewer, least): (f64, f64)) -> f64 {
    (STANDS_OUT - fewer * log2(times).max(0.0)).max(least)
}

/// What detectors, null and rules made of the sessions; every list has one entry a session.
pub(crate) struct Scoring {
    /// From 0 to 1, six digits.
    pub score: Vec<f64>,
    /// The share of ordinary sessions expected to be as odd.
    pub tail: Vec<f64>,
    /// Whether the score reaches the threshold.
    pub alert: Vec<bool>,
    /// What the reasons are made of.
    pub odds: Odds,
    /// What each detector is for.
    pub detectors: Vec<DetectorSummary>,
    /// The threshold and where it is from.
    pub calibration: Calibration,
}

impl Scoring {
    /// Puts a session at the threshold, if it is below: a rule is sure of it.
    pub(crate) fn raise(&mut self, session: usize) {
        if !self.alert[session] {
            self.alert[session] = true;
            self.score[session] = self.calibration.threshold;
            self.tail[session] = self.calibration.budget;
        }
    }

    /// Says what the threshold promises.
    pub(crate) fn promise(&mut self) {
        let calibration = &mut self.calibration;
        let (percent, sessions) = (calibration.budget * 100.0, self.score.len());
        calibration.sentence = if calibration.promised {
            let alerts = self.alert.iter().filter(|a| **a).count();
            let expected = calibration.expected_false.ceil();
            format!("{alerts} alerts; at a budget of {percent} % expect up to {expected} ordinary sessions among {}.", grouped(sessions as u64))
        } else {
            format!("Too little data to promise a budget of {percent} %: {} sessions. The order still holds; look at the first ones.", grouped(sessions as u64))
        };
    }
}

/// What the classic detectors say beside the score: every list but `alike` has one entry for each session that differs from all
/// others (`few` of [`Distinct`]).
pub(crate) struct Classics {
    /// Which of the entries each session has.
    pub alike: Alike,
    /// The scores of forest, PCA, K-Means and DBSCAN.
    pub scores: [Vec<f64>; 4],
    /// Place on the map.
    pub map: Vec<(f64, f64)>,
    /// Whether it has no neighbours.
    pub noise: Vec<bool>,
    /// The cluster of K-Means.
    pub persona: Vec<u32>,
}

/// Bytes of one entry of [`Classics`]: four scores, two numbers of a place, a cluster, a flag.
const CLASSIFIED: usize = 6 * 8 + 4 + 1;

impl Classics {
    /// Asks all four.
    #[inline(never)]
    pub(crate) fn of(matrix: &Matrix, seed: u64) -> Classics {
        let distinct = matrix.distinct();
        let rows = distinct.rows();
        let Distinct { few, alike } = distinct;
        let ((forest, (noise, dbscan)), ((pca, map), (kmeans, persona))) =
            parallel::both(|| (forest(&few, &rows, seed), dbscan(&few, &rows, seed)), || (pca(&few, &rows, seed), kmeans(&few, &rows, seed)));
        Classics { alike, scores: [forest, pca, kmeans, dbscan], map, noise, persona }
    }

    /// As bytes, to hand from one worker to another.
    pub(crate) fn pack(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.alike.which.len() * 4 + self.noise.len() * CLASSIFIED);
        self.alike.which.iter().for_each(|entry| out.extend_from_slice(&entry.to_le_bytes()));
        for (n, ((x, y), persona)) in self.map.iter().zip(&self.persona).enumerate() {
            self.scores.iter().map(|scores| scores[n]).chain([*x, *y]).for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
            out.extend_from_slice(&persona.to_le_bytes());
            out.push(u8::from(self.noise[n]));
        }
        out
    }

    /// What [`Classics::pack`] made of so many sessions. `None`: of another number.
    pub(crate) fn unpack(bytes: &[u8], sessions: usize) -> Option<Classics> {
        let (which, entries) = bytes.split_at_checked(sessions.checked_mul(4)?)?;
        let which: Vec<u32> = which.as_chunks::<4>().0.iter().map(|entry| u32::from_le_bytes(*entry)).collect();
        let (entries, rest) = entries.as_chunks::<CLASSIFIED>();
        if !rest.is_empty() || which.iter().any(|entry| *entry as usize >= entries.len()) {
            return None;
        }
        let number = |entry: &[u8], at: usize| f64::from_le_bytes(*entry[at * 8..].first_chunk().expect("within an entry"));
        Some(Classics {
            alike: Alike { firsts: Vec::new(), which },
            scores: std::array::from_fn(|at| entries.iter().map(|entry| number(entry, at)).collect()),
            map: entries.iter().map(|entry| (number(entry, 4), number(entry, 5))).collect(),
            noise: entries.iter().map(|entry| entry[CLASSIFIED - 1] != 0).collect(),
            persona: entries.iter().map(|entry| u32::from_le_bytes(*entry[6 * 8..].first_chunk().expect("within an entry"))).collect(),
        })
    }

    /// Each session's persona, and the personas with their names.
    pub(crate) fn personas(&self, facts: &[Facts]) -> (Vec<u32>, Vec<Persona>) {
        name_personas(&self.alike.each(&self.persona).collect::<Vec<_>>(), facts)
    }
}

/// What each of the few says of all rows; those alike count as often as they are.
#[inline(never)]
fn forest(few: &Matrix, rows: &[usize], seed: u64) -> Vec<f64> {
    let mut forest = IsolationForest::default();
    forest.fit(few, rows, seed);
    forest.score(few)
}

/// Whether each is noise, and its score.
#[inline(never)]
fn dbscan(few: &Matrix, rows: &[usize], seed: u64) -> (Vec<bool>, Vec<f64>) {
    let mut dbscan = Dbscan::default();
    dbscan.most = FITTED;
    dbscan.fit(few, rows, seed);
    dbscan.noise_and_scores(few)
}

/// Each one's score, and its place on the map.
#[inline(never)]
fn pca(few: &Matrix, rows: &[usize], seed: u64) -> (Vec<f64>, Vec<(f64, f64)>) {
    let mut pca = Pca::default();
    pca.fit(few, rows, seed);
    let map = (0..few.rows()).map(|r| pca.project(few.row(r), &few.masked.row(r).to_vec())).collect();
    (pca.score(few), map)
}

/// Each one's score, and its cluster.
#[inline(never)]
fn kmeans(few: &Matrix, rows: &[usize], seed: u64) -> (Vec<f64>, Vec<u32>) {
    let mut kmeans = KMeans::default();
    kmeans.most = FITTED;
    kmeans.fit(few, rows, seed);
    let persona = kmeans.personas(few).into_iter().map(|persona| persona as u32).collect();
    (kmeans.score(few), persona)
}

/// Whether a score with these weights needs the classic detectors.
pub(crate) fn needs_classics(options: &Options) -> bool {
    options.ablation.weights.iter().skip(1).any(|weight| *weight != 0.0)
}

/// Scores sessions by what is known of them. `classics`: where [`needs_classics`] says so.
#[inline(never)]
pub(crate) fn score(facts: &[Facts], odds: Odds, teaches: &[bool], classics: Option<&Classics>, options: &Options) -> Scoring {
    let classes: Vec<u32> = facts.iter().map(|f| f.peer).collect();
    let bits_of = |scores: &[f64]| -> Vec<f64> { scores.iter().map(|s| -log2((1.0 - s).max(1e-9))).collect() };
    let given = &options.ablation.weights;
    let weights: [f64; 5] = std::array::from_fn(|n| if given.is_empty() { WEIGHTS[n] } else { given.get(n).copied().unwrap_or(0.0) });
    let mut mixed = vec![0.0; facts.len()];
    for (number, weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
        let z = match number.checked_sub(1) {
            None => odds.total.clone(),
            Some(classic) => {
                let classics = classics.expect("the caller asked what is needed");
                standardise(&bits_of(&classics.alike.each(&classics.scores[classic]).collect::<Vec<_>>()), &classes)
            }
        };
        z.iter().zip(&mut mixed).for_each(|(z, sum)| *sum += weight * z);
    }
    // The others speak of spreads, not of bits.
    let in_bits = weights[1..].iter().all(|w| *w == 0.0) && weights[0] == 1.0;
    let bulk: Vec<f64> = mixed.iter().zip(teaches).filter(|(_, teaches)| **teaches).map(|(v, _)| *v).collect();
    let out = 1.0 - bulk.len() as f64 / facts.len().max(1) as f64;
    let hidden = if out > MUCH { HIDDEN * out } else { 0.0 };
    let null = Null::fit(&bulk, if options.mode == Mode::Hindsight { HINDSIGHT } else { THEN }, in_bits, hidden);
    let tail: Vec<f64> = mixed.iter().map(|v| null.tail(*v)).collect();
    // Six digits in every form: what is written is what ranks.
    let score: Vec<f64> = tail.iter().map(|p| (score_of_tail(*p) * 1e6).round() / 1e6).collect();
    let threshold = (score_of_tail(null.tail(null.threshold(options.budget))) * 1e6).round() / 1e6;
    let alert: Vec<bool> = score.iter().map(|s| *s >= threshold).collect();
    let expected = options.budget * facts.len() as f64;
    let promised = null.promises(options.budget);
    let say = |name: &str, job: &str, weight: f64| DetectorSummary { name: name.into(), job: job.into(), weight };
    Scoring {
        detectors: vec![
            say("login likelihood", "Adds up how unusual each fact is for this identity, in bits. It ranks, and gives the reasons.", weights[0]),
            say("isolation forest", "Finds odd combinations of facts, to set beside the likelihood. It has no weight in the score: alone it ranks worse, and it added next to nothing.", weights[1]),
            say("PCA", "Draws the map of sessions. It has no weight in the score.", weights[2]),
            say("K-Means", "Names the personas: groups of sessions alike. It has no weight in the score.", weights[3]),
            say("DBSCAN", "Rings sessions without neighbours on the map. It has no weight in the score.", weights[4]),
        ],
        calibration: Calibration {
            threshold,
            raw: null.threshold(options.budget),
            budget: options.budget,
            expected_false: expected,
            bulk: bulk.len() as u64,
            promised,
            sentence: String::new(),
        },
        score, tail, alert, odds,
    }
}

/// Personas largest first, each named by the commonest way in and class of network of its sessions.
#[inline(never)]
fn name_personas(of: &[u32], facts: &[Facts]) -> (Vec<u32>, Vec<Persona>) {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    of.iter().enumerate().for_each(|(row, p)| members.entry(*p).or_default().push(row));
    let mut list: Vec<(u32, Vec<usize>)> = members.into_iter().collect();
    list.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(&b.0)));
    let mut persona = vec![0u32; of.len()];
    let mut personas: Vec<Persona> = Vec::new();
    for (number, (_, rows)) in list.iter().enumerate() {
        let mut counts: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
        for row in rows {
            persona[*row] = number as u32;
            let fact = &facts[*row];
            let kind = match fact.site.kind {
                AddressKind::Public => fact.site.network_kind.words(),
                AddressKind::Private => "private network",
                AddressKind::Service => "AWS",
                AddressKind::Invalid => "no address",
            };
            let busy = if fact.calls.len() > 8 { "many calls" } else { "few calls" };
            *counts.entry((fact.method.words(), kind, busy)).or_default() += 1;
        }
        let named = counts.iter().map(|((method, kind, busy), count)| (format!("{method}, {kind}, {busy}"), *count));
        let name = named.max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map_or_else(String::new, |(name, _)| name);
        let again = personas.iter().filter(|p| p.name == name || p.name.starts_with(&format!("{name} ("))).count();
        let name = if again > 0 { format!("{name} ({})", again + 1) } else { name };
        personas.push(Persona { name, sessions: rows.len() as u64 });
    }
    (persona, personas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_worker_found_comes_back_as_it_was() {
        let mut matrix = Matrix::new(40, vec!["a", "b", "c"]);
        matrix.values.iter_mut().enumerate().for_each(|(n, value)| *value = (n * 7919 % 101) as f64);
        matrix.masked[[3, 1]] = true;
        // Rows alike are one, and count as many.
        let again = matrix.values.row(7).to_owned();
        matrix.values.row_mut(30).assign(&again);
        let distinct = matrix.distinct();
        assert_eq!(distinct.few.rows(), 39);
        let classics = Classics::of(&matrix, 1);
        let mut forest = IsolationForest::default();
        forest.fit(&matrix, &(0..40).collect::<Vec<_>>(), 1);
        assert_eq!(classics.alike.each(&classics.scores[0]).collect::<Vec<_>>(), forest.score(&matrix));
        let bytes = classics.pack();
        let again = Classics::unpack(&bytes, 40).expect("as many");
        assert_eq!((&again.scores, &again.map, &again.noise, &again.persona), (&classics.scores, &classics.map, &classics.noise, &classics.persona));
        assert_eq!(again.alike.which, classics.alike.which);
        assert!(Classics::unpack(&bytes, 39).is_none() && Classics::unpack(&bytes[1..], 40).is_none() && Classics::unpack(&[], 40).is_none());
        let same = Matrix::unpack(&matrix.pack()).expect("whole");
        assert_eq!((&same.masked, same.columns()), (&matrix.masked, 3));
        assert_eq!(Classics::of(&same, 1).pack(), bytes);
        for cut in [1, 2, 4, 8, 16, 200] {
            assert!(Matrix::unpack(&matrix.pack()[cut..]).is_none() && Matrix::unpack(&matrix.pack()[..matrix.pack().len() - cut]).is_none());
        }
    }

    #[test]
    fn where_much_stands_out_others_looks_follow_until_no_more_comes_to_light() {
        let names: Vec<&str> = COLUMNS.iter().map(|c| c.name).collect();
        let peers = vec![Peers { pool: 0, size: 1 }; 4000];
        let network = names.iter().position(|name| *name == "network").expect("a column");
        // A group hides another: the second shows only where the first does not teach, the third only where the second does not.
        let looks = |edges: &[usize]| {
            let looks = std::cell::Cell::new(0);
            let measured = |teaches: &[bool], _: bool| {
                looks.set(looks.get() + 1);
                let mut matrix = Matrix::new(4000, names.clone());
                for (at, group) in edges.windows(2).enumerate() {
                    let seen = at == 0 || (edges[at - 1]..group[0]).all(|row| !teaches[row]);
                    (group[0]..group[1]).filter(|_| seen).for_each(|row| matrix.values[[row, network]] = 20.0);
                }
                names.iter().enumerate().filter(|(_, name)| ["tool", "sensitive", "method"].contains(name)).for_each(|(column, _)| {
                    (0..4000).for_each(|row| matrix.values[[row, column]] = matrix.values[[row, network]]);
                });
                (matrix, Aside::default())
            };
            let (.., teaches) = look_twice(&measured, &peers, &[0; 4000]);
            (looks.get(), teaches.iter().filter(|t| !**t).count())
        };
        assert_eq!(looks(&[]), (1, 0));
        assert_eq!(looks(&[0, 20]), (2, 20), "few: twice");
        let (count, out) = looks(&[0, 100, 200, 300]);
        assert!(count > 3 && out == 300, "{count} looks, {out} left out");
    }

    #[test]
    fn the_more_stand_out_the_fewer_bits_are_suspect() {
        let suspect_from = |share: f64| SUSPECT.map(|suspect| super::suspect_from(share / SUSPECT_FROM, suspect));
        assert_eq!([0.0001, 0.01].map(suspect_from), [[STANDS_OUT; 2]; 2]);
        // Twice as many: three bits fewer, and one and a half.
        let [columns, tails] = suspect_from(0.02);
        assert!((columns - 11.5).abs() < 1e-9 && (tails - 13.0).abs() < 1e-9, "{columns} {tails}");
        assert_eq!(suspect_from(0.2), [10.0, 12.0]);
        // Where many stand out, sessions of 11 bits do not teach columns, but count in tails; where few do, they do both.
        let names: Vec<&str> = COLUMNS.iter().map(|c| c.name).collect();
        let column = |name: &str| names.iter().position(|n| *n == name).expect("a column");
        let peers = vec![Peers { pool: 0, size: 1 }; 4000];
        let taught_of = |many: usize, value: f64, who: &[u32]| {
            let asked = std::cell::RefCell::new(Vec::new());
            let measured = |teaches: &[bool], _: bool| {
                asked.borrow_mut().push(teaches[many..many + 20].iter().filter(|t| **t).count());
                let mut matrix = Matrix::new(4000, names.clone());
                for row in 0..many {
                    ["network", "tool", "sensitive"].iter().for_each(|name| matrix.values[[row, column(name)]] = 20.0);
                }
                (many..many + 20).for_each(|row| matrix.values[[row, column("network")]] = value);
                (matrix, Aside::default())
            };
            let (.., odds, teaches) = look_twice(&measured, &peers, who);
            assert!(odds.total[many] > 10.0 && odds.total[many] < STANDS_OUT && teaches[many], "{}", odds.total[many]);
            asked.take()
        };
        let taught = |many: usize, value: f64| taught_of(many, value, &[0; 4000]);
        assert_eq!(taught(10, 5.0).last(), Some(&20));
        assert_eq!(taught(400, 5.0).last(), Some(&0));
        // Where 80 of one identity's 100 sessions stand out, so few are suspect that they are its others; another's are not.
        let whose = |theirs: usize| (0..4000).map(|row| u32::from(row < theirs)).collect::<Vec<_>>();
        assert_eq!(taught_of(80, 5.0, &whose(100)).last(), Some(&0));
        assert_eq!(taught_of(80, 5.0, &whose(80)).last(), Some(&20));
        // 80 of 1,000: less than a tenth.
        assert_eq!(taught_of(80, 5.0, &whose(1000)).last(), Some(&20));
    }

    #[test]
    fn what_stands_out_does_not_teach_and_few_sessions_all_do() {
        let odds = |total: Vec<f64>| Odds { total, ..Odds::of(&Matrix::new(0, COLUMNS.iter().map(|c| c.name).collect()), &[]) };
        let mut total = vec![1.0; 1000];
        total[7] = 40.0;
        assert_eq!(odds(total.clone()).teachers(STANDS_OUT).iter().filter(|t| !**t).count(), 1);
        // Not more than the share, whatever they show.
        total[..400].fill(40.0);
        assert_eq!(odds(total).teachers(STANDS_OUT).iter().filter(|t| !**t).count(), 0, "where that many stand out, none does");
        assert!(odds(vec![1.0, 2.0, 90.0]).teachers(STANDS_OUT).iter().all(|t| *t));
    }
}
