//! The only place where the stages meet: files in, a report out.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Serialize};

use crate::charts::{CHARTS, ChartData, ChartOf, Style};
use crate::bytes::{fnv1a, fnv1a_on};
use crate::client::{Client, parse_client};
use crate::closeup::{Closeup, chained, line_of, word_of_days};
use crate::cloudtrail::add_record;
use crate::columns::{Aside, Facts, Measures, Mode, Site, facts_of};
use crate::error::{Error, Skipped};
use crate::event::{EventTable, Tri, pack};
use crate::evaluate::{self, Labels};
use crate::explain::Words;
use crate::export::{Figure, report_html};
use crate::geo::{AddressKind, Geo};
use crate::identity::{Class, Identities, Identity, identify};
use crate::incident::group_alerts;
use crate::integrity;
#[cfg(not(target_arch = "wasm32"))]
use crate::ingest::{Hand, deal, read_dealt};
use crate::ingest::{FileReport, Hashed, Limits, Memory, Source, join, missing_fields, read_part};
use crate::known::{Known, KnownSession};
use crate::matrix::Matrix;
use crate::num::grouped;
use crate::parallel;
use crate::report::*;
use crate::rules::{ATTACK_TOOL, MovedKeys, Scene, labels_of, moved_keys, sure};
use crate::scoring::{Classics, Odds, Scoring, look_twice, needs_classics, peers_of, score};
use crate::session::{Session, sessions};
use crate::time::Zone;

/// How a report is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The share of ordinary sessions that may be alerts. 0.3 % is what a small team can look at.
    pub budget: f64,
    /// The seed of everything random.
    pub seed: u64,
    /// In hindsight, or then.
    pub mode: Mode,
    /// What an experiment takes away. Nothing in ordinary use.
    pub ablation: Ablation,
}

/// What an experiment takes away to see what it was worth (`cargo xtask evaluate`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ablation {
    /// The detectors' weights in the score, in the order of [`Report::detectors`]; one that is missing counts 0.
    /// Empty: the usual weights.
    pub weights: Vec<f64>,
    /// Whether every client string reads as blank.
    pub blank_clients: bool,
    /// Events before this, in milliseconds since 1970 UTC, are forgotten.
    pub since: Option<i64>,
}

impl Default for Options {
    fn default() -> Options {
        Options { budget: 0.003, seed: 1, mode: Mode::Hindsight, ablation: Ablation::default() }
    }
}

/// What a report calls the table of networks that comes with Oddtrail.
pub const BUILT_IN: &str = "built-in table (data/geo)";

/// How many sessions are explained beside the alerts.
const EXPLAINED: usize = 200;
/// How many calls of an identity are listed of each word.
const CALLS_A_WORD: usize = 10;
/// Milliseconds.
const HOUR: i64 = 3_600_000;

/// Reads files into an event table: one per worker.
#[derive(Default)]
pub struct Loader {
    table: EventTable,
    limits: Limits,
    /// Files read and not handed over; the first has the number `first`.
    files: Vec<FileReport>,
    first: u32,
    /// Bytes of all files read, inflated, and their events.
    inflated: u64,
    records: u64,
    /// How often a part of a file was handed over.
    handed: u32,
    /// Whether a digest file was met.
    digests: bool,
    memory: Memory,
}

/// What goes before a packed table.
#[derive(Default, Serialize, Deserialize)]
struct Header {
    first: u32,
    files: Vec<FileReport>,
    /// The file that is still being read, or its part: it has the number after the last of `files`.
    unfinished: Option<FileReport>,
}

impl Loader {
    /// A loader with these limits.
    pub fn new(limits: Limits) -> Loader {
        Loader { table: empty_table(&limits), limits, ..Loader::default() }
    }
    /// Reads one file. `name` is how the caller calls it: it ends in the report.
    pub fn add_file<R: Source>(&mut self, name: &str, reader: R) {
        self.add_file_watched(name, reader, &mut |_, _| true, usize::MAX, &mut |_| {});
    }
    /// Reads a part of a file: which, from 0, and of how many ([`parts_of`](crate::parts_of)).
    pub fn add_part<R: Source>(&mut self, name: &str, part: (u32, u32), reader: R) {
        self.add_part_watched(name, part, reader, &mut |_, _| true, usize::MAX, &mut |_| {});
    }
    /// The same. `watch` is told now and then how many bytes and events of the file are done; its false ends the reading.
    /// Whenever `most` events are held, they are packed and handed to `hand`; at first sooner, so that a ranking can be had
    /// soon: an eighth of them, a quarter, half. Returns how many events the file gave.
    pub fn add_file_watched<R: Source>(
        &mut self,
        name: &str,
        reader: R,
        watch: &mut dyn FnMut(u64, u64) -> bool,
        most: usize,
        hand: &mut dyn FnMut(Vec<u8>),
    ) -> u64 {
        self.add_part_watched(name, (0, 1), reader, watch, most, hand)
    }
    /// The same of a part of a file.
    pub fn add_part_watched<R: Source>(
        &mut self,
        name: &str,
        part: (u32, u32),
        reader: R,
        watch: &mut dyn FnMut(u64, u64) -> bool,
        most: usize,
        hand: &mut dyn FnMut(Vec<u8>),
    ) -> u64 {
        let limits = &self.limits;
        let (bytes, records) = (limits.inflated_in_all.saturating_sub(self.inflated), limits.records.saturating_sub(self.records));
        if bytes == 0 || records == 0 {
            let (n, of) = if records == 0 { (limits.records, "events") } else { (limits.inflated_in_all, "bytes") };
            self.add_unreadable(name, &format!("not read: {} {of} of other files were read already, the limit", grouped(n)));
            return 0;
        }
        let of_file = Limits { inflated_per_file: limits.inflated_per_file.min(bytes), ..limits.clone() };
        self.memory.records = self.records;
        let number = self.first + self.files.len() as u32;
        let events = Cell::new(0);
        let Loader { table, limits, files, first, handed, memory, .. } = self;
        let mut before = table.refused().0;
        let mut refused = 0;
        let mut report = read_part(
            name,
            number,
            part,
            reader,
            (&of_file, memory),
            &mut |record, place| {
                add_record(table, record, place)?;
                events.set(events.get() + 1);
                if table.events.len() >= most >> 3u32.saturating_sub(*handed) {
                    *handed += 1;
                    refused += table.refused().0 - before;
                    before = 0;
                    let unfinished = Some(FileReport::unfinished(name, part));
                    let header = Header { first: *first, files: std::mem::take(files), unfinished };
                    *first = number;
                    hand(pack_with(&header, table));
                    // As many events may come again: their room is kept.
                    let mut events = std::mem::take(&mut table.events);
                    events.clear();
                    *table = empty_table(limits);
                    table.events = events;
                }
                Ok(())
            },
            &mut |bytes| watch(bytes, events.get()),
        );
        let (still, kind) = table.refused();
        refused += still - before;
        if refused > 0 {
            let why = format!("more than {} bytes of different {kind}, the limit: {} are not told apart", grouped(limits.text_bytes as u64), grouped(refused));
            report.error = Some(report.error.map_or(why.clone(), |first| format!("{first}; {why}")));
        }
        self.inflated += report.inflated;
        self.digests |= !report.digest_files.is_empty();
        self.records += events.get();
        self.files.push(report);
        events.get()
    }
    /// Reads what cannot be sought in, as standard input: it is held, up to [`Limits::standard_input`].
    pub fn add_stream<R: Read>(&mut self, name: &str, stream: R) {
        let (mut bytes, most) = (Vec::new(), self.limits.standard_input);
        match stream.take(most.saturating_add(1)).read_to_end(&mut bytes) {
            Ok(read) => {
                bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
                self.add_file(name, Cursor::new(bytes));
                if read as u64 > most {
                    self.add_unreadable(name, &format!("longer than {} bytes, the limit: the rest is not read; a file may be longer", grouped(most)));
                }
            }
            Err(e) => self.add_unreadable(name, &e.to_string()),
        }
    }
    /// Says that a file could not even be opened.
    pub fn add_unreadable(&mut self, name: &str, why: &str) {
        self.files.push(FileReport::unread(name, why.to_owned()));
    }
    /// Whether any file so far held a digest file: then there may be log files to hash.
    pub fn digests(&self) -> bool {
        self.digests
    }
    /// Events held.
    pub fn events(&self) -> usize {
        self.table.events.len()
    }
    /// Everything held, as bytes to hand from one worker to another; the loader is empty then.
    pub fn pack(&mut self) -> Vec<u8> {
        let header = Header { first: self.first, files: std::mem::take(&mut self.files), unfinished: None };
        let bytes = pack_with(&header, &self.table);
        self.first = 0;
        self.table = empty_table(&self.limits);
        bytes
    }
}

/// Reads a large gzip with several loaders, which share what one thread inflates: about a tenth quicker than its two halves
/// ([`parts_of`](crate::parts_of)). `None`: it is not plain records in a list throughout, and is to be read as any other file.
#[cfg(not(target_arch = "wasm32"))]
pub fn read_together<R: Source>(name: &str, file: R, limits: &Limits, loaders: u32) -> Option<Vec<Loader>> {
    let read = |number: u32, hand: Hand| {
        let mut loader = Loader::new(limits.clone());
        let Loader { table, memory, .. } = &mut loader;
        let report = read_dealt(name, (number, loaders), hand, (limits, memory), &mut |record, place| add_record(table, record, place))?;
        (loader.inflated, loader.records) = (report.inflated, report.records);
        loader.files.push(report);
        (loader.table.refused().0 == 0).then_some(loader)
    };
    let made = deal(file, limits, loaders as usize, read)?;
    (made.iter().map(|loader| loader.records).sum::<u64>() <= limits.records).then_some(made)
}

fn empty_table(limits: &Limits) -> EventTable {
    let mut table = EventTable::default();
    table.limit(limits.text_bytes);
    table
}

/// How many of these files, in their order, are parts of the first: 1 where it is whole, or where some are still to come.
fn of_one_file(files: &[Option<FileReport>], order: &[usize], last: bool) -> usize {
    let file = |at: usize| order.get(at).and_then(|old| files[*old].as_ref());
    let Some((first, part)) = file(0).and_then(|first| Some((first, first.part.as_ref()?))) else { return 1 };
    // One that is no part says why a part could not be read.
    let count = (0..order.len()).take_while(|at| file(*at).is_some_and(|f| f.name == first.name && (f.part.is_some() || f.records == 0))).count();
    let complete = count == part.of as usize && (0..count).all(|at| file(at).is_some_and(|f| f.part.as_ref().is_some_and(|p| p.number as usize == at && p.read)));
    if complete || last { count } else { 1 }
}

fn pack_with(header: &Header, table: &EventTable) -> Vec<u8> {
    let header = serde_json::to_vec(header).expect("plain data");
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(&header);
    pack(table, &mut bytes);
    bytes
}

/// Takes what loaders read, and makes the report.
pub struct Analyzer {
    geo: Geo,
    geo_name: String,
    table: EventTable,
    files: Vec<FileReport>,
    known: Known,
    /// Files of which more will come, and their numbers; or parts of files.
    unfinished: BTreeMap<(String, u32), u32>,
    /// Log files that were hashed, because digests name them.
    hashed: Option<Vec<Hashed>>,
    /// Events that were dropped as copies of others.
    duplicates: u64,
    /// How many different texts of a kind are told apart; how many were not, and of which kind the most.
    distinct: usize,
    refused: (u64, &'static str),
    /// The score and alert of each rank.
    ranked: Vec<(f64, bool)>,
    kept: Option<Kept>,
    /// Measured and not ranked yet.
    begun: Option<(Measured, Options)>,
}

/// What the last report was made of, kept so that one session or identity can be looked at closely.
struct Kept {
    identities: Identities,
    clients: Vec<Client>,
    sessions: Vec<Session>,
    facts: Vec<Facts>,
    aside: Aside,
    moved_keys: MovedKeys,
    matrix: Arc<Matrix>,
    scoring: Scoring,
    /// What the rules say of each session.
    labels: Vec<Vec<Label>>,
    mode: Mode,
    order: Vec<u32>,
    rank_of: Vec<u32>,
    of_identity: Vec<Vec<u32>>,
}

/// Sessions with all that scores are made of.
struct Measured {
    identities: Identities,
    clients: Vec<Client>,
    sessions: Vec<Session>,
    facts: Vec<Facts>,
    known: Vec<KnownSession>,
    aside: Aside,
    matrix: Arc<Matrix>,
    odds: Odds,
    teaches: Vec<bool>,
}

impl Kept {
    fn scene<'a>(&'a self, table: &'a EventTable) -> Scene<'a> {
        let Kept { identities, clients, sessions, facts, matrix, aside, moved_keys, .. } = self;
        Scene { table, identities, clients, sessions, facts, matrix, aside, moved_keys }
    }
}

impl Analyzer {
    /// An analyzer with a table of networks and its name.
    pub fn new(geo: Geo, geo_name: &str) -> Analyzer {
        Analyzer {
            geo,
            geo_name: geo_name.to_owned(),
            table: EventTable::default(),
            files: Vec::new(),
            known: Known::default(),
            unfinished: BTreeMap::new(),
            hashed: None,
            duplicates: 0,
            distinct: Limits::default().distinct,
            refused: (0, ""),
            ranked: Vec::new(),
            kept: None,
            begun: None,
        }
    }

    /// Forgets everything but the table of networks.
    pub fn forget_all(&mut self) {
        let (geo, name) = (std::mem::take(&mut self.geo), std::mem::take(&mut self.geo_name));
        *self = Analyzer { distinct: self.distinct, ..Analyzer::new(geo, &name) };
    }

    /// What is known to be good, for the reports that follow.
    pub fn set_known(&mut self, known: Known) {
        self.known = known;
    }

    /// How many different texts of a kind reports tell apart ([`Limits::distinct`]).
    pub fn limit_distinct(&mut self, distinct: usize) {
        self.distinct = distinct;
    }

    /// The files in which log files are that digests name, and the names by which [`hash_part`](crate::hash_part) finds
    /// them there. Both are empty where there are none.
    pub fn to_check(&self) -> (Vec<String>, BTreeSet<String>) {
        integrity::to_check(&self.files)
    }

    /// Takes over what was hashed of them, for the reports that follow. What is not among it is not compared.
    pub fn set_hashed(&mut self, mut hashed: Vec<Hashed>) {
        hashed.sort();
        self.hashed = Some(hashed);
    }

    /// Takes over what a loader in this process read.
    pub fn take(&mut self, loader: Loader) {
        let numbers = self.number(Header { first: loader.first, files: loader.files, unfinished: None });
        let file_of = |file: u32| numbers[(file - loader.first) as usize];
        if self.table.events.is_empty() {
            self.table = loader.table;
            self.table.events.iter_mut().for_each(|e| e.place.file = file_of(e.place.file));
        } else {
            self.table.merge(&loader.table, &file_of);
        }
    }

    /// Takes over what [`Loader::pack`] made; returns how many events are held. Errors: the bytes are cut off.
    pub fn merge(&mut self, packed: &[u8]) -> Result<usize, Error> {
        let broken = || Error("a worker handed over a table that is cut off".into());
        let (length, rest) = packed.split_first_chunk::<8>().ok_or_else(broken)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| broken())?;
        let (header, table) = rest.split_at_checked(length).ok_or_else(broken)?;
        let header: Header = serde_json::from_slice(header).map_err(|_| broken())?;
        let first = header.first;
        let numbers = self.number(header);
        self.table.merge_packed(table, &|file| numbers.get(file.wrapping_sub(first) as usize).copied().unwrap_or(0))?;
        Ok(self.table.events.len())
    }

    /// About so many events will come in all: room is made for them when the next come, so that the table is seldom moved as
    /// it grows. Estimates may waver.
    pub fn expect(&mut self, events: usize) {
        self.table.expected = events;
    }

    /// Lets go of what was merged of a file, or its part, that will be read again or given up.
    pub fn forget(&mut self, name: &str, part: u32) {
        if let Some(&file) = self.unfinished.get(&(name.to_owned(), part)) {
            self.table.forget(file);
        }
    }

    /// Says that a file could not be read.
    pub fn add_unreadable(&mut self, name: &str, why: &str) {
        self.number(Header { files: vec![FileReport::unread(name, why.to_owned())], ..Header::default() });
    }

    /// Takes over files; their numbers here, that of an unfinished one last.
    #[inline(never)]
    fn number(&mut self, header: Header) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(header.files.len() + 1);
        for file in header.files {
            let next = self.files.len() as u32;
            let number = self.unfinished.remove(&(file.name.clone(), file.part_number())).unwrap_or(next);
            if number == next {
                self.files.push(file);
            } else {
                self.files[number as usize] = file;
            }
            numbers.push(number);
        }
        if let Some(file) = header.unfinished {
            let next = self.files.len() as u32;
            let number = *self.unfinished.entry((file.name.clone(), file.part_number())).or_insert(next);
            if number == next {
                self.files.push(file);
            }
            numbers.push(number);
        }
        numbers
    }

    /// The files read, in the order in which places in the report number them (by name).
    pub fn file_names(&self) -> Vec<String> {
        self.files.iter().map(|f| f.name.clone()).collect()
    }

    /// Sorts files by name and events by time, and numbers all strings in the order of first use, so that neither the
    /// order of files nor the number of workers shows. Parts of a file become one; `last`: those that are missing will not come.
    #[inline(never)]
    fn settle(&mut self, last: bool) {
        let mut order: Vec<usize> = (0..self.files.len()).collect();
        let key = |at: usize| (&self.files[at].name, self.files[at].part.is_none(), self.files[at].part_number(), at);
        order.sort_by(|a, b| key(*a).cmp(&key(*b)));
        let mut new_of = vec![(0u32, 0u32); order.len()]; // and how far members move
        let mut files: Vec<Option<FileReport>> = std::mem::take(&mut self.files).into_iter().map(Some).collect();
        let mut at = 0;
        while at < order.len() {
            let count = of_one_file(&files, &order[at..], last);
            let mut leaves = 0;
            if count > 1 && files[order[at]].as_ref().is_some_and(FileReport::is_whole) {
                order[at + 1..at + count].iter().for_each(|old| self.table.forget(*old as u32));
            }
            for old in &order[at..at + count] {
                new_of[*old] = (self.files.len() as u32, leaves);
                leaves += files[*old].as_ref().and_then(|f| f.part.as_ref()).map_or(0, |part| part.leaves);
            }
            let mut parts: Vec<FileReport> = order[at..at + count].iter().filter_map(|old| files[*old].take()).collect();
            self.files.extend(if count > 1 { Some(join(parts)) } else { parts.pop() });
            at += count;
        }
        self.unfinished.values_mut().for_each(|file| *file = new_of[*file as usize].0);
        // While more will come, it is not known which are the first.
        let (copies, (refused, kind)) = self.table.settle(if last { self.distinct } else { usize::MAX }, &new_of);
        self.duplicates += copies;
        if refused > 0 {
            self.refused = (self.refused.0 + refused, kind);
        }
    }

    /// The report over what was taken so far, while more will come, its sessions cut to the `most` highest. `None`: there
    /// are no events yet.
    pub fn provisional(&mut self, options: &Options, most: usize) -> Option<Report> {
        let measured = self.measured(options, false).ok()?;
        let mut report = self.ranked(measured, options, None);
        let kept = self.kept.as_ref()?;
        explain(&mut report, &kept.scene(&self.table), kept, &self.geo, &|n| !kept.scoring.alert[n] && (kept.rank_of[n] as usize) < most);
        report.sessions.truncate(most);
        for session in &mut report.sessions {
            session.nearest = session.nearest.filter(|n| (*n as usize) < most);
            session.incident = None;
        }
        report.incidents.clear();
        Some(report)
    }

    /// The report over everything taken so far; more may be taken and another report made. Errors: there are no events.
    pub fn report(&mut self, options: &Options) -> Result<Report, Error> {
        let measured = self.measured(options, true)?;
        let matrix = Arc::clone(&measured.matrix);
        let classify = || Classics::of(&matrix, options.seed);
        let complete = |classics: Option<&Classics>| {
            let mut report = self.ranked(measured, options, classics);
            self.complete(&mut report);
            report
        };
        let (classics, mut report) = if needs_classics(options) {
            let classics = classify();
            let report = complete(Some(&classics));
            (classics, report)
        } else {
            parallel::both(classify, || complete(None))
        };
        if let Some(kept) = &self.kept {
            put_classics(&mut report, kept, &classics);
        }
        Ok(report)
    }

    /// A report in four steps, so that its list is there early and another worker may take a part of it. First: what is unusual.
    /// Errors: there are no events.
    pub fn measure(&mut self, options: &Options) -> Result<(), Error> {
        self.begun = Some((self.measured(options, true)?, options.clone()));
        Ok(())
    }

    /// Sessions that are measured, or whose report was ranked last, as bytes for [`classify`].
    pub fn unclassified(&self) -> Vec<u8> {
        let (begun, kept) = (self.begun.as_ref().map(|(measured, _)| &measured.matrix), self.kept.as_ref().map(|kept| &kept.matrix));
        begun.or(kept).map(|matrix| matrix.pack()).unwrap_or_default()
    }

    /// Second: the ranked report, without what the next steps put in. `None`: nothing was measured since the last.
    pub fn rank(&mut self) -> Option<Report> {
        let (measured, options) = self.begun.take()?;
        let classics = needs_classics(&options).then(|| Classics::of(&measured.matrix, options.seed));
        Some(self.ranked(measured, &options, classics.as_ref()))
    }

    /// Third: puts in what the list of alerts does not show: why other sessions are odd, what is usual for each identity, the
    /// countries and journeys of a map, the timeline. `report` is the one that was ranked last.
    #[inline(never)]
    pub fn complete(&self, report: &mut Report) {
        let Some(kept) = &self.kept else { return };
        let scene = kept.scene(&self.table);
        explain(report, &scene, kept, &self.geo, &|n| !kept.scoring.alert[n] && ((kept.rank_of[n] as usize) < EXPLAINED || !kept.labels[n].is_empty()));
        fill_habits(report, &scene, &self.geo, kept);
        fill_journeys(report, &scene, &self.geo, &kept.order);
        report.timeline = timeline_of(&self.table, &kept.identities);
    }

    /// Fourth: puts into the report what [`classify`] found. Errors: it is of other sessions.
    pub fn finish_report(&mut self, report: &mut Report, classified: &[u8]) -> Result<(), Error> {
        let broken = || Error("a worker classified other sessions".into());
        let kept = self.kept.as_ref().filter(|kept| kept.order.len() == report.sessions.len()).ok_or_else(broken)?;
        put_classics(report, kept, &Classics::unpack(classified, kept.order.len()).ok_or_else(broken)?);
        Ok(())
    }

    /// Sessions and how unusual each is. `last`: no more files will come.
    #[inline(never)]
    fn measured(&mut self, options: &Options, last: bool) -> Result<Measured, Error> {
        self.kept = None;
        self.begun = None;
        if let Some(since) = options.ablation.since {
            self.table.events.retain(|event| event.time >= since);
        }
        self.settle(last);
        if self.table.events.is_empty() {
            return Err(Error(nothing_read(&self.files)));
        }
        let agent = |id: u32| if options.ablation.blank_clients { "" } else { self.table.agents.get(id) };
        let clients: Vec<Client> = (0..self.table.agents.len() as u32).map(|id| parse_client(agent(id))).collect();
        let mut distinct: Vec<Client> = clients.clone();
        distinct.sort();
        distinct.dedup();
        let client_of: Vec<u32> =
            clients.iter().map(|c| distinct.binary_search(c).map_or(0, |n| n as u32)).collect();
        let identities = identify(&self.table);
        let sessions = sessions(&self.table, &identities, &client_of);
        let sites: Vec<Site> =
            (0..self.table.addresses.len() as u32).map(|id| Site::of(&self.geo, self.table.addresses.get(id), id)).collect();
        let known = self.known.of_sessions(&self.table, &identities, &sessions);
        let fact = |n: usize| {
            let s: &Session = &sessions[n];
            let facts = facts_of(&self.table, &identities, s, sites[s.address as usize], &distinct[s.client as usize]);
            Facts { known_place: known[n].place, ..facts }
        };
        let facts: Vec<Facts> = parallel::in_pieces(sessions.len(), |piece| piece.map(fact).collect());
        let measures = Measures::new(&self.table, &identities, &distinct, &sessions, &facts, options.mode);
        let who: Vec<u32> = sessions.iter().map(|session| session.identity).collect();
        let (matrix, aside, mut odds, teaches) = look_twice(&|teaches, crowded| measures.over(teaches, crowded), &peers_of(&sessions, &facts, options.mode), &who);
        drop(measures);
        odds.lend(&sessions, &facts, options.mode);
        Ok(Measured { identities, clients: distinct, sessions, facts, known, aside, matrix: Arc::new(matrix), odds, teaches })
    }

    /// The report over measured sessions, without what the classic detectors say. `classics`: where the score needs them.
    #[inline(never)]
    fn ranked(&mut self, measured: Measured, options: &Options, classics: Option<&Classics>) -> Report {
        let Measured { identities, clients, sessions, facts, known, aside, matrix, odds, teaches } = measured;
        let scoring = score(&facts, odds, &teaches, classics, options);
        let mut of_identity = vec![Vec::new(); identities.all.len()];
        sessions.iter().enumerate().for_each(|(n, s)| of_identity[s.identity as usize].push(n as u32));
        let (order, rank_of, labels) = (Vec::new(), Vec::new(), Vec::new());
        let moved_keys = moved_keys(&facts, self.table.texts.len());
        let mut kept = Kept { identities, clients, sessions, facts, aside, moved_keys, matrix, scoring, labels, mode: options.mode, order, rank_of, of_identity };
        let scene = kept.scene(&self.table);
        let clients: Vec<Arc<str>> = kept.clients.iter().map(|client| client.words().into()).collect();
        let ids: Vec<u64> = parallel::in_pieces(kept.sessions.len(), |piece| piece.map(|n| session_id(&scene, &clients[kept.sessions[n].client as usize], n)).collect());
        kept.labels = parallel::in_pieces(kept.sessions.len(), |piece| piece.map(|n| labels_of(&scene, n)).collect());
        kept.labels.iter().enumerate().filter(|(_, labels)| sure(labels)).for_each(|(n, _)| kept.scoring.raise(n));
        kept.scoring.promise();
        kept.order = ranked_sessions(&kept.scoring.score, &ids);
        kept.rank_of = vec![0; kept.order.len()];
        kept.order.iter().enumerate().for_each(|(rank, n)| kept.rank_of[*n as usize] = rank as u32);
        let scene = kept.scene(&self.table);
        let mut report = Report {
            version: REPORT_VERSION.into(),
            options: ReportOptions {
                budget: options.budget,
                seed: options.seed,
                mode: if options.mode == Mode::Hindsight { "in hindsight" } else { "then" }.into(),
                geo: self.geo_name.clone(),
            },
            import: self.import(&kept.sessions, &kept.facts),
            calibration: kept.scoring.calibration.clone(),
            detectors: kept.scoring.detectors.clone(),
            known: self.known.entries(),
            ..Report::default()
        };
        fill_sessions(&mut report, &scene, &kept, &self.geo, &known, (&ids, &clients));
        explain(&mut report, &scene, &kept, &self.geo, &|n| kept.scoring.alert[n]);
        fill_identities(&mut report, &scene, &kept);
        group_alerts(&scene, &mut report, &kept.order);
        report.summary = summary_of(&report, &self.table, &kept.facts);
        if report.summary.excused > 0 {
            let excused = report.summary.excused;
            report.calibration.sentence += &format!(" {excused} of them {} known to be good (settings) and counted apart.", if excused == 1 { "is" } else { "are" });
        }
        self.ranked = report.sessions.iter().map(|s| (s.score, s.alert)).collect();
        self.kept = Some(kept);
        report
    }

    #[inline(never)]
    fn import(&self, sessions: &[Session], facts: &[Facts]) -> Import {
        let mut import = import_of(&self.table, &self.files, self.duplicates, sessions, facts);
        import.integrity = integrity::integrity(&self.files, self.hashed.as_deref());
        if let (refused @ 1.., kind) = self.refused {
            let reason = format!("more than {} different {kind}, the limit: {} are not told apart", grouped(self.distinct as u64), grouped(refused));
            import.problems.insert(0, Skipped { file: "all files".into(), offset: 0, line: 0, reason });
        }
        import
    }

    /// After [`Analyzer::report`]: the session of that rank in full, whatever its rank, with the sessions it is chained
    /// to by credentials. `report` is the one that was made last. `None` beyond the list.
    pub fn session(&self, report: &Report, rank: usize) -> Option<SessionCloseup> {
        let kept = self.kept.as_ref()?;
        let mut session = report.sessions.get(rank)?.clone();
        let number = *kept.order.get(rank)? as usize;
        let scene = kept.scene(&self.table);
        let words = Words::new(&self.geo, &scene, &kept.of_identity, kept.mode == Mode::Hindsight);
        Closeup::of(words, session.identity as usize, &kept.scoring, &kept.rank_of).why(number).put(&mut session);
        let mut chained = chained(&scene, number);
        chained.iter_mut().for_each(|c| c.rank = kept.rank_of[c.rank as usize]);
        Some(SessionCloseup { session, chained })
    }

    /// After [`Analyzer::report`]: the columns of a chart, about an identity of that number or a session of that rank where
    /// the chart is about one. Errors: there is no such chart.
    pub fn chart_data(&self, report: &Report, name: &str, of: Option<u32>) -> Result<ChartData, Error> {
        let mut data = crate::charts::chart_data(name, report, of).map_err(Error)?;
        // A report has reasons for the strangest only.
        if let Some(found) = of.filter(|_| name == "reasons" && data.reasons.is_empty()).and_then(|rank| self.session(report, rank as usize)) {
            let alone = Report { sessions: vec![found.session], ..Report::default() };
            data = ChartData { who: data.who, ..crate::charts::chart_data(name, &alone, Some(0)).map_err(Error)? };
        }
        Ok(data)
    }

    /// After [`Analyzer::report`]: all events of the session of that rank, in order.
    pub fn session_events(&self, rank: usize) -> Vec<EventLine> {
        let Some(kept) = &self.kept else { return Vec::new() };
        let Some(number) = kept.order.get(rank) else { return Vec::new() };
        kept.sessions[*number as usize].events.iter().map(|e| line_of(&self.table, *e)).collect()
    }

    /// After [`Analyzer::report`]: the distinct calls of each session, by rank.
    pub fn session_calls(&self) -> Vec<Vec<&str>> {
        let Some(kept) = &self.kept else { return Vec::new() };
        let calls = |n: &u32| kept.facts[*n as usize].calls.iter().map(|c| self.table.texts.get(c.call)).collect();
        kept.order.iter().map(calls).collect()
    }

    /// After [`Analyzer::report`]: the sessions with a malicious event, by rank, each with the scenario and the incident it belongs to.
    pub fn truth<'l>(&self, labels: &'l Labels) -> Vec<(u32, &'l str, &'l str)> {
        let malicious: HashMap<&str, &'l evaluate::Label> = labels.events.iter().filter(|label| label.malicious).map(|label| (&*label.event, label)).collect();
        let Some(kept) = &self.kept else { return Vec::new() };
        let mut found = Vec::new();
        for (rank, number) in (0u32..).zip(&kept.order) {
            let events = &kept.sessions[*number as usize].events;
            let label = events.iter().find_map(|event| malicious.get(&*self.table.event_id(&self.table.events[*event as usize])));
            found.extend(label.map(|label| (rank, &*label.scenario, &*label.incident)));
        }
        found
    }

    /// After [`Analyzer::report`]: event ID, score and alert of each event, in order of time.
    pub fn scored_events(&self) -> impl Iterator<Item = (String, f64, bool)> + '_ {
        let sessions = self.kept.iter().flat_map(|kept| kept.order.iter().map(|number| &kept.sessions[*number as usize].events));
        let mut rank_of = vec![0; sessions.clone().map(Vec::len).sum()];
        sessions.enumerate().for_each(|(rank, events)| events.iter().for_each(|event| rank_of[*event as usize] = rank));
        self.table.events.iter().zip(rank_of).map(|(event, rank)| {
            let (score, alert) = self.ranked[rank];
            (self.table.event_id(event), score, alert)
        })
    }
}

/// A report to hand on, as one HTML page with its charts; times by the zone's clock. Errors: a chart cannot be drawn.
pub fn report_page(report: &Report, zone: &Zone) -> Result<String, Error> {
    let shown = CHARTS.iter().filter(|chart| matches!(chart.of, ChartOf::Report | ChartOf::Session) && chart.name != "reasons");
    let figures: Result<Vec<Figure>, String> = shown
        .map(|chart| {
            // Two of them stand side by side.
            let data = crate::charts::chart_data(chart.name, report, None)?;
            let width = if matches!(chart.name, "scores" | "map") { 512 } else { 1040 };
            let height = if width == 512 { 340 } else { (chart.height)(&data, width) };
            let style = Style { width, height, zone: zone.clone(), ..Style::default() };
            let svg = crate::charts::svg(chart.name, &data, &style)?;
            Ok(Figure { title: chart.title.into(), how: chart.how(zone), says: crate::charts::chart_says(chart.name, &data), svg, narrow: width == 512 })
        })
        .collect();
    Ok(report_html(report, &figures.map_err(Error)?, &crate::charts::dark_style(), zone))
}

/// Sessions, strangest first.
fn ranked_sessions(score: &[f64], ids: &[u64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    order.sort_unstable_by(|a, b| score[*b as usize].total_cmp(&score[*a as usize]).then_with(|| (ids[*a as usize], *a).cmp(&(ids[*b as usize], *b))));
    order
}

/// Texts that many sessions share, kept once.
struct SharedTexts {
    known: HashSet<Arc<str>>,
    /// By address, what is said of it: itself, country, network, kind of network.
    places: Vec<Option<[Arc<str>; 4]>>,
}

impl SharedTexts {
    fn new(addresses: usize) -> SharedTexts {
        SharedTexts { known: HashSet::new(), places: vec![None; addresses] }
    }
    fn of(&mut self, text: &str) -> Arc<str> {
        self.known.get_or_insert_with(text, |text| text.into()).clone()
    }
    fn place_of(&mut self, scene: &Scene<'_>, words: &Words<'_>, n: usize) -> [Arc<str>; 4] {
        let (address, country) = (scene.sessions[n].address, scene.facts[n].site.country);
        if let Some(place) = &self.places[address as usize] {
            return place.clone();
        }
        let country = if country == [0, 0] { "".into() } else { String::from_utf8_lossy(&country) };
        let place = [scene.table.addresses.get(address), &country, &words.network(n), words.network_kind(n)].map(|text| self.of(text));
        self.places[address as usize].insert(place).clone()
    }
}

/// Fills the ranked list.
#[inline(never)]
fn fill_sessions(report: &mut Report, scene: &Scene<'_>, kept: &Kept, geo: &Geo, known: &[KnownSession], (ids, clients): (&[u64], &[Arc<str>])) {
    let (scoring, budget) = (&kept.scoring, report.calibration.budget);
    let words = || Words::new(geo, scene, &kept.of_identity, kept.mode == Mode::Hindsight);
    let summary = |words: &Words<'_>, texts: &mut SharedTexts, rank: usize| {
        let n = kept.order[rank] as usize;
        let (session, fact) = (&scene.sessions[n], &scene.facts[n]);
        let labels = &kept.labels[n];
        let floor = labels.iter().map(|l| l.severity).max().unwrap_or_default();
        // Known to be good, unless a rule names it medium or high; a scanner is no attack tool where it is expected.
        let against = labels.iter().filter(|l| !(known[n].tool && l.rule == ATTACK_TOOL)).map(|l| l.severity).max().unwrap_or_default();
        let excused = known[n].excused && against < Severity::Medium;
        let (over, alert) = (scoring.alert[n], scoring.alert[n] && !excused);
        // How far beyond the budget: a tail ten times thinner is medium, a thousand times is high.
        let by_score = match budget / scoring.tail[n].max(1e-300) {
            _ if !alert => Severity::None,
            x if x >= 1000.0 => Severity::High,
            x if x >= 10.0 => Severity::Medium,
            _ => Severity::Low,
        };
        let [address, country, network, network_kind] = texts.place_of(scene, words, n);
        let mut summary = SessionSummary {
            id: ids[n],
            identity: session.identity,
            span: Span { from: session.from, to: session.to },
            score: scoring.score[n],
            p: scoring.tail[n],
            alert,
            severity: if excused { Severity::None } else { by_score.max(floor) },
            known: known[n].entry,
            excused: over && excused,
            address,
            country,
            network,
            network_kind,
            client: Arc::clone(&clients[session.client as usize]),
            method: texts.of(fact.method.words()),
            mfa: texts.of(match fact.mfa {
                Tri::Yes => "yes",
                Tri::No => "no",
                Tri::Unsaid => "",
            }),
            events: session.events.len() as u32,
            errors: fact.errors,
            ..SessionSummary::default()
        };
        summary.labels.clone_from(labels);
        summary
    };
    report.sessions = parallel::in_pieces(kept.order.len(), |ranks| {
        let (words, mut texts) = (words(), SharedTexts::new(scene.table.addresses.len()));
        ranks.map(|rank| summary(&words, &mut texts, rank)).collect()
    });
    for summary in &report.sessions {
        if let Some(entry) = summary.known.and_then(|entry| report.known.get_mut(entry as usize)) {
            entry.sessions += 1;
            entry.excused += u64::from(summary.excused);
        }
    }
}

/// Says of some sessions why they are odd; `which`: by their number.
#[inline(never)]
fn explain(report: &mut Report, scene: &Scene<'_>, kept: &Kept, geo: &Geo, which: &(dyn Fn(usize) -> bool + Sync)) {
    let closeups = parallel::one_by_one(kept.of_identity.len(), |identity| {
        let mut some = kept.of_identity[identity].iter().map(|n| *n as usize).filter(|n| which(*n)).peekable();
        let words = || Words::new(geo, scene, &kept.of_identity, kept.mode == Mode::Hindsight);
        let closeup = some.peek().map(|_| Closeup::of(words(), identity, &kept.scoring, &kept.rank_of));
        some.filter_map(|n| Some((kept.rank_of[n], closeup.as_ref()?.why(n)))).collect::<Vec<_>>()
    });
    closeups.into_iter().flatten().for_each(|(rank, why)| why.put(&mut report.sessions[rank as usize]));
}

/// What the classic detectors say of each session: its place on the map, its persona, whether it is alone, their scores.
#[inline(never)]
fn put_classics(report: &mut Report, kept: &Kept, classics: &Classics) {
    let digits = |value: f64| (value * 1e4).round() / 1e4;
    let (persona, personas) = classics.personas(&kept.facts);
    report.personas = personas;
    for (summary, &number) in report.sessions.iter_mut().zip(&kept.order) {
        let (n, alike) = (number as usize, classics.alike.which[number as usize] as usize);
        let total = kept.scoring.odds.total[n];
        summary.persona = persona[n];
        summary.noise = classics.noise[alike];
        (summary.x, summary.y) = (digits(classics.map[alike].0), digits(classics.map[alike].1));
        summary.detectors = std::iter::once(total / (total + 20.0)).chain(classics.scores.iter().map(|score| score[alike])).map(digits).collect();
    }
}

/// What the classic detectors say of the sessions of [`Analyzer::measure`], for [`Analyzer::finish_report`]. Errors: the
/// bytes are cut off.
pub fn classify(unclassified: &[u8], seed: u64) -> Result<Vec<u8>, Error> {
    let matrix = Matrix::unpack(unclassified).ok_or_else(|| Error("sessions to classify are cut off".into()))?;
    Ok(Classics::of(&matrix, seed).pack())
}

/// What makes the session, as a number: who, from where, with what (`words`), when (FNV-1a).
#[inline(never)]
fn session_id(scene: &Scene<'_>, words: &str, number: usize) -> u64 {
    let session = &scene.sessions[number];
    let identity = &scene.identities.all[session.identity as usize];
    let first = &scene.table.events[session.events[0] as usize];
    let (from, id) = (session.from.to_string(), scene.table.event_id(first));
    let others = [&identity.account, scene.table.addresses.get(session.address), words, &from, &id];
    others.iter().fold(fnv1a(identity.name.bytes()), |hash, part| fnv1a_on(fnv1a_on(hash, std::iter::once(0)), part.bytes()))
}

/// Who was seen, when and how much.
#[inline(never)]
fn fill_identities(report: &mut Report, scene: &Scene<'_>, kept: &Kept) {
    let summary = |(known, sessions): (&Identity, &Vec<u32>)| {
        let mut identity = IdentitySummary {
            name: known.name.clone(),
            class: known.class.words().to_owned(),
            account: known.account.clone(),
            seen: Span { from: i64::MAX, to: i64::MIN },
            sessions: sessions.len() as u64,
            ..IdentitySummary::default()
        };
        for &session in sessions {
            let summary = &report.sessions[kept.rank_of[session as usize] as usize];
            identity.events += u64::from(summary.events);
            identity.alerts += u64::from(summary.alert);
            identity.seen.from = identity.seen.from.min(summary.span.from);
            identity.seen.to = identity.seen.to.max(summary.span.to);
        }
        if sessions.is_empty() {
            identity.seen = Span::default();
        }
        identity
    };
    report.identities = scene.identities.all.iter().zip(&kept.of_identity).map(summary).collect();
}

/// What is usual for each of them.
#[inline(never)]
fn fill_habits(report: &mut Report, scene: &Scene<'_>, geo: &Geo, kept: &Kept) {
    let with_usual = |number: usize| {
        let mut usual = Usual::default();
        for &session in &kept.of_identity[number] {
            let site = &scene.facts[session as usize].site;
            let country = if site.kind == AddressKind::Public { geo.country_name(site.country) } else { "" };
            usual.add(scene, session, &report.sessions[kept.rank_of[session as usize] as usize], country);
        }
        let mut identity = report.identities[number].clone();
        usual.fill(&mut identity, scene.table);
        identity
    };
    report.identities = parallel::one_by_one(kept.of_identity.len(), with_usual);
}

/// Countries on the map, and journeys of people between them.
#[inline(never)]
fn fill_journeys(report: &mut Report, scene: &Scene<'_>, geo: &Geo, order: &[u32]) {
    let mut countries: BTreeSet<[u8; 2]> = BTreeSet::new();
    let mut of_person: BTreeMap<u32, Vec<(i64, u32)>> = BTreeMap::new(); // start, rank
    for (rank, &number) in (0u32..).zip(order) {
        let (session, fact) = (&scene.sessions[number as usize], &scene.facts[number as usize]);
        if fact.site.country != [0, 0] {
            countries.insert(fact.site.country);
        }
        if scene.identities.all[session.identity as usize].class.human() && fact.site.point.is_some() && !fact.known_place {
            of_person.entry(session.identity).or_default().push((session.from, rank));
        }
    }
    let tenth = |degrees: f64| (degrees * 10.0).round() / 10.0;
    report.places = countries
        .into_iter()
        .filter_map(|code| {
            let (latitude, longitude, _) = geo.centroid(code)?;
            Some(CountryPlace {
                code: String::from_utf8_lossy(&code).into_owned(),
                name: geo.country_name(code).to_owned(),
                latitude: tenth(latitude),
                longitude: tenth(longitude),
            })
        })
        .collect();
    let mut journeys: Vec<Journey> = Vec::new();
    for ranks in of_person.values_mut() {
        ranks.sort_unstable();
        for pair in ranks.windows(2) {
            let (from, to) = (order[pair[0].1 as usize] as usize, order[pair[1].1 as usize] as usize);
            let (a, b) = (&scene.facts[from].site, &scene.facts[to].site);
            let hours = (scene.sessions[to].from - scene.sessions[from].to).max(0) as f64 / HOUR as f64;
            let (Some(start), Some(end)) = (a.point, b.point) else { continue };
            if a.country == b.country || hours > 24.0 {
                continue;
            }
            let km = (crate::geo::distance_km((start.0, start.1), (end.0, end.1)) - start.2 - end.2).max(0.0).round();
            journeys.push(Journey { from: pair[0].1, to: pair[1].1, km, hours: (hours * 100.0).round() / 100.0 });
        }
    }
    let speed = |journey: &Journey| journey.km / journey.hours.max(0.05);
    journeys.sort_by(|a, b| speed(b).total_cmp(&speed(a)).then(a.to.cmp(&b.to)));
    journeys.truncate(500);
    report.journeys = journeys;
}

/// What is usual for one identity, as it is collected session by session in order of time.
#[derive(Default)]
struct Usual<'a> {
    /// By country and network.
    places: BTreeMap<(&'a str, &'a str), u64>,
    countries: BTreeMap<&'a str, Days>,
    networks: BTreeMap<&'a str, Days>,
    clients: BTreeMap<&'a str, (Days, u64)>,
    /// The last sessions, as far as they are from one place with one client: counted together.
    run: Option<Run<'a>>,
    /// Hours since 1970 with an event.
    hours: Vec<i64>,
    /// By call: days, count, errors.
    calls: HashMap<u32, (Days, u64, u64)>,
}

/// Sessions one after the other from one place with one client.
struct Run<'a> {
    country: &'a str,
    network: &'a Arc<str>,
    client: &'a Arc<str>,
    sessions: u64,
    first: i64,
    days: Days,
}

/// How many different days were added, in ascending order.
#[derive(Default)]
struct Days {
    count: u32,
    last: Option<i64>,
}

impl Days {
    fn add(&mut self, day: i64) {
        self.count += u32::from(self.last != Some(day));
        self.last = Some(day);
    }
    /// Those of a run, none of which is before the last.
    fn add_all(&mut self, run: &Run<'_>) {
        self.count += run.days.count - u32::from(self.last == Some(run.first));
        self.last = run.days.last;
    }
}

impl<'a> Usual<'a> {
    /// Counts the run.
    fn close(&mut self) {
        let Some(run) = self.run.take() else { return };
        let Run { country, network, client, sessions, .. } = run;
        *self.places.entry((country, network)).or_default() += sessions;
        if !country.is_empty() {
            self.countries.entry(country).or_default().add_all(&run);
        }
        if !network.is_empty() {
            self.networks.entry(network).or_default().add_all(&run);
        }
        if !client.is_empty() {
            let (days, count) = self.clients.entry(client).or_default();
            days.add_all(&run);
            *count += sessions;
        }
    }

    fn add(&mut self, scene: &Scene<'_>, number: u32, summary: &'a SessionSummary, country: &'a str) {
        let day = summary.span.from.div_euclid(24 * HOUR);
        let SessionSummary { network, client, .. } = summary;
        let goes_on = |run: &Run<'_>| run.country == country && Arc::ptr_eq(run.network, network) && Arc::ptr_eq(run.client, client);
        if !self.run.as_ref().is_some_and(goes_on) {
            self.close();
        }
        let run = self.run.get_or_insert_with(|| Run { country, network, client, sessions: 0, first: day, days: Days::default() });
        run.sessions += 1;
        run.days.add(day);
        for call in &scene.facts[number as usize].calls {
            let known = self.calls.entry(call.call).or_default();
            known.0.add(day);
            known.1 += u64::from(call.count);
            known.2 += u64::from(call.errors);
        }
        let session = &scene.sessions[number as usize];
        let mut add = |time: i64| {
            let hour = time.div_euclid(HOUR);
            if self.hours.last() != Some(&hour) {
                self.hours.push(hour);
            }
        };
        // Most begin and end within an hour: their events need not be looked at.
        add(session.from);
        if session.from.div_euclid(HOUR) != session.to.div_euclid(HOUR) {
            session.events.iter().for_each(|event| add(scene.table.events[*event as usize].time));
        }
    }

    fn fill(mut self, identity: &mut IdentitySummary, table: &EventTable) {
        self.close();
        let mut places_and_clients: BTreeMap<String, u64> = BTreeMap::new();
        for ((country, network), count) in self.places {
            let place = match (country.is_empty(), network.is_empty()) {
                (true, true) => continue,
                (true, _) => network.to_owned(),
                (_, true) => country.to_owned(),
                _ => format!("{country}, {network}"),
            };
            *places_and_clients.entry(place).or_default() += count;
        }
        for (client, (_, count)) in &self.clients {
            *places_and_clients.entry((*client).to_owned()).or_default() += count;
        }
        identity.usual = ranked(places_and_clients, 6);
        let days = |(name, days): (&str, Days)| (name.to_owned(), u64::from(days.count));
        identity.countries = ranked(self.countries.into_iter().map(days).collect(), 6);
        identity.networks = ranked(self.networks.into_iter().map(days).collect(), 6);
        identity.clients = ranked(self.clients.into_iter().map(|(name, (of, _))| days((name, of))).collect(), 6);
        identity.hours = vec![0; 168];
        self.hours.sort_unstable();
        self.hours.dedup();
        for hour in self.hours {
            // 1970-01-01 was a Thursday: Monday is three days before.
            identity.hours[(hour + 72).rem_euclid(168) as usize] += 1;
        }
        identity.distinct_calls = self.calls.len() as u32;
        let mut calls: Vec<UsualCall> = self
            .calls
            .into_iter()
            .map(|(call, (days, count, errors))| UsualCall {
                name: table.texts.get(call).to_owned(),
                days: days.count,
                count,
                errors,
                usual: word_of_days(days.count as usize).into(),
            })
            .collect();
        calls.sort_by(|a, b| b.days.cmp(&a.days).then(b.count.cmp(&a.count)).then_with(|| a.name.cmp(&b.name)));
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        calls.retain(|call| {
            let taken = taken.entry(call.usual.clone()).or_default();
            *taken += 1;
            *taken <= CALLS_A_WORD
        });
        identity.calls = calls;
    }
}

#[inline(never)]
fn ranked(counts: BTreeMap<String, u64>, most: usize) -> Vec<Count> {
    let mut list: Vec<Count> = counts.into_iter().map(|(name, count)| Count { name, count }).collect();
    list.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    list.truncate(most);
    list
}

#[inline(never)]
fn import_of(table: &EventTable, files: &[FileReport], duplicates: u64, sessions: &[Session], facts: &[Facts]) -> Import {
    let mut import = Import { files: files.len() as u64, events: table.events.len() as u64, duplicates, ..Import::default() };
    let (mut skipped, mut formats, mut insights) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (number, file) in files.iter().enumerate() {
        for (kind, count) in &file.insight_kinds {
            *insights.entry(kind.clone()).or_default() += count;
        }
        import.findings.extend(file.findings.iter().cloned().map(|mut f| {
            f.place[0] = number as u64;
            f
        }));
        import.files_read += u64::from(file.records > 0);
        import.bad_records += file.bad_records;
        import.first_bad.extend(file.first_bad.iter().take(3).cloned());
        for (reason, count) in &file.skipped {
            *skipped.entry(reason.clone()).or_default() += count;
        }
        if !file.format.is_empty() {
            *formats.entry(file.format.clone()).or_default() += 1;
        }
        if let Some(error) = &file.error {
            import.problems.push(Skipped { file: file.name.clone(), offset: 0, line: 0, reason: error.clone() });
        }
    }
    import.first_bad.truncate(100);
    import.problems.truncate(100);
    import.skipped = ranked(skipped, 50);
    import.formats = ranked(formats, 20);
    import.insights = ranked(insights, 50);
    import.findings.sort();
    import.findings.dedup_by(|a, b| !a.id.is_empty() && a.id == b.id && a.time == b.time);
    import.findings.truncate(1000);
    let read = files.iter().filter(|f| f.records > 0).count();
    for (field, hides) in missing_fields() {
        let lacking = files.iter().filter(|f| f.missing.iter().any(|m| m == field)).count();
        if lacking > 0 {
            let hides = if lacking == read { hides.to_owned() } else { format!("In {lacking} of {read} files: {hides}") };
            import.missing.push(Missing { field: field.into(), hides });
        }
    }
    let known: Vec<String> = import.missing.iter().map(|m| m.field.clone()).collect();
    // Within a session no pause is as long; sessions are in order of their start.
    let mut gaps: Vec<Span> = Vec::new();
    let mut until = sessions.first().map_or(0, |first| first.to);
    for session in sessions {
        if session.from - until > 6 * HOUR {
            gaps.push(Span { from: until, to: session.from });
        }
        until = until.max(session.to);
    }
    gaps.sort_by_key(|g| (g.from - g.to, g.from));
    gaps.truncate(20);
    import.gaps = gaps;
    let mut lacks = |absent: bool, field: &str, hides: &str| {
        if absent && !known.iter().any(|k| k.contains(field)) {
            import.missing.push(Missing { field: field.into(), hides: hides.into() });
        }
    };
    lacks(table.agents.len() <= 1, "userAgent", "No client is known: a stolen credential used with another tool does not show.");
    lacks(!facts.iter().any(|f| f.site.kind == AddressKind::Public), "sourceIPAddress", "No public address is known: place and travel do not show.");
    lacks(
        facts.iter().any(|f| f.site.kind == AddressKind::Public) && facts.iter().all(|f| f.site.network == 0 && f.site.country == [0, 0]),
        "table of networks",
        "No country or network is known for any address: only new prefixes show.",
    );
    lacks(facts.iter().all(|f| f.mfa == Tri::Unsaid), "MFAUsed", "Whether a login used a second factor is not said for anybody.");
    lacks(facts.iter().all(|f| f.logins + f.failed_logins == 0), "logins", "There are no logins in these files: sessions begin with the first use of a credential.");
    import
}

fn nothing_read(files: &[FileReport]) -> String {
    let first = files.iter().find_map(|f| {
        f.error
            .clone()
            .or_else(|| f.first_bad.first().map(|b| b.reason.clone()))
            .or_else(|| f.skipped.keys().next().cloned())
            .map(|why| format!("{}: {why}", f.name))
    });
    match first {
        Some(only) if files.len() == 1 => format!("No CloudTrail event could be read from one file. {only}"),
        Some(first) => format!("No CloudTrail event could be read from {} files. The first: {first}", grouped(files.len() as u64)),
        None => "No CloudTrail event could be read: there were no files.".into(),
    }
}

#[inline(never)]
fn summary_of(report: &Report, table: &EventTable, facts: &[Facts]) -> Summary {
    let alerts = || report.sessions.iter().filter(|s| s.alert);
    let severity = |s: Severity| alerts().filter(|a| a.severity == s).count() as u64;
    Summary {
        events: table.events.len() as u64,
        span: Span { from: table.events.first().map_or(0, |e| e.time), to: table.events.last().map_or(0, |e| e.time) },
        identities: report.identities.iter().filter(|i| i.sessions > 0).count() as u64,
        sessions: report.sessions.len() as u64,
        logins: facts.iter().map(|f| u64::from(f.logins)).sum(),
        failed_logins: facts.iter().map(|f| u64::from(f.failed_logins)).sum(),
        alerts: alerts().count() as u64,
        high: severity(Severity::High),
        medium: severity(Severity::Medium),
        low: severity(Severity::Low),
        labelled: report.sessions.iter().filter(|s| !s.alert && !s.excused && !s.labels.is_empty()).count() as u64,
        excused: report.sessions.iter().filter(|s| s.excused).count() as u64,
    }
}

#[inline(never)]
fn timeline_of(table: &EventTable, identities: &Identities) -> Timeline {
    let (Some(first), Some(last)) = (table.events.first(), table.events.last()) else { return Timeline::default() };
    // Hours up to 60 days, then days, then as many days as keep 1,500 bins: a wrong clock must not cost memory.
    let span = last.time - first.time;
    let mut width = if span <= 60 * 24 * HOUR { HOUR } else { 24 * HOUR };
    while span / width > 1500 {
        width *= 2;
    }
    let start = first.time.div_euclid(width) * width;
    let bins = ((last.time - start) / width + 1) as usize;
    let names = ["AWS services", "machines", "people"];
    let of_class = |class: Class| if class.human() { 2 } else { usize::from(class != Class::Service) };
    let of_identity: Vec<usize> = identities.all.iter().map(|identity| of_class(identity.class)).collect();
    let mut by_class = [const { Vec::new() }; 3];
    let (mut bin, mut until) = (0, start + width);
    for (event, who) in table.events.iter().zip(&identities.of_event) {
        while event.time >= until {
            (bin, until) = (bin + 1, until + width);
        }
        let counts = &mut by_class[of_identity[*who as usize]];
        if counts.is_empty() {
            counts.resize(bins, 0);
        }
        counts[bin] += 1;
    }
    let (series, counts) = names.iter().zip(by_class).filter(|(_, counts)| !counts.is_empty()).map(|(name, counts)| ((*name).to_owned(), counts)).unzip();
    Timeline { start, width, series, counts }
}

