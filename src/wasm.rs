//! The browser's door: renames and copies, decides nothing. A decision found here belongs in the core.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};

use js_sys::{BigUint64Array, Error as JsError, Float64Array, Function, Object, Reflect, Uint8Array, Uint32Array};
use wasm_bindgen::prelude::*;

use crate::{Analyzer, ChartData, Drawn, Geo, Hashed, Known, Limits, Mode, Options, Place, Recipe, Report, TableColumn, Zone};

/// How much of a file is fetched at once where it is read on. Fewer calls into the browser than smaller slices, and still
/// little memory.
const SLICE: u64 = 2 << 20;
/// And after a jump: perhaps no more is wanted than what tells a file's kind.
const FIRST: u64 = 64 << 10;
/// How far a file is, is told after so many of its bytes or so many events.
const TOLD: (u64, u64) = (64 << 10, 2000);

#[wasm_bindgen]
extern "C" {
    /// A file as the page hands it over: `{ size, read(offset, length) -> Uint8Array }`.
    #[wasm_bindgen(typescript_type = "{ size: number, read(offset: number, length: number): Uint8Array }")]
    pub type Source;
    #[wasm_bindgen(method, getter)]
    fn size(this: &Source) -> f64;
    #[wasm_bindgen(method, catch)]
    fn read(this: &Source, offset: f64, length: f64) -> Result<Uint8Array, JsValue>;
}

/// A panic reaches the page as an error that says where it was. The instance is of no use after it.
#[wasm_bindgen(start)]
pub fn begin() {
    std::panic::set_hook(Box::new(|info| wasm_bindgen::throw_str(&info.to_string())));
}

/// Reads files: one for each worker that parses.
#[wasm_bindgen]
#[derive(Default)]
pub struct Loader(crate::Loader);

#[wasm_bindgen]
impl Loader {
    /// An empty loader.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Loader {
        Loader(crate::Loader::new(Limits::default()))
    }
    /// Reads a part of a file: which, from 0, and of how many. `progress` is told now and then the bytes of it that are done, and its events so far. Whenever
    /// `most` events are held, they are packed and handed to `hand`. Returns how many events the file gave.
    #[wasm_bindgen(js_name = addFile)]
    pub fn add_file(&mut self, name: &str, part: u32, of: u32, source: &Source, progress: &Function, most: u32, hand: &Function) -> f64 {
        let mut told = (0, 0);
        let mut watch = |bytes: u64, events: u64| {
            // To say it costs more than to read a small file.
            if bytes < told.0 + TOLD.0 && events < told.1 + TOLD.1 {
                return true;
            }
            told = (bytes, events);
            // Whatever the page does with what it is told is no matter of the file's.
            let _ = progress.call2(&JsValue::NULL, &JsValue::from_f64(bytes as f64), &JsValue::from_f64(events as f64));
            true
        };
        let mut hand = |pack: Vec<u8>| _ = hand.call1(&JsValue::NULL, &Uint8Array::from(&pack[..]));
        self.0.add_part_watched(name, (part, of), Slices::new(source), &mut watch, most as usize, &mut hand) as f64
    }
    /// Whether any file so far held a digest file: then the engine may have something to check.
    #[wasm_bindgen(getter)]
    pub fn digests(&self) -> bool {
        self.0.digests()
    }
    /// Events held: read, and not handed over.
    #[wasm_bindgen(getter)]
    pub fn held(&self) -> f64 {
        self.0.events() as f64
    }
    /// Everything held, to hand to the worker that scores; the loader is empty then.
    pub fn pack(&mut self) -> Vec<u8> {
        self.0.pack()
    }
}

/// Hashes log files that digests name: one for each worker that does. `names`: as `Engine.toCheck` gives them.
#[wasm_bindgen]
pub struct Checker(BTreeSet<String>);

#[wasm_bindgen]
impl Checker {
    /// Of these names.
    #[wasm_bindgen(constructor)]
    pub fn new(names: Vec<String>) -> Checker {
        Checker(names.into_iter().collect())
    }
    /// Hashes what a part of a file holds of them; as JSON, for `Engine.setHashed`.
    pub fn hash(&self, name: &str, part: u32, of: u32, source: &Source) -> String {
        let hashed = crate::hash_part(name, (part, of), Slices::new(source), &Limits::default(), &self.0);
        serde_json::to_string(&hashed).expect("plain data with text keys")
    }
}

/// Scores and reports: one for the worker that scores.
#[wasm_bindgen]
pub struct Engine {
    analyzer: Analyzer,
    report: Option<Report>,
}

#[wasm_bindgen]
impl Engine {
    /// An engine with a table of networks.
    #[wasm_bindgen(constructor)]
    pub fn new(geo: &[u8]) -> Result<Engine, JsError> {
        let analyzer = Analyzer::new(Geo::from_bytes(geo).map_err(|e| JsError::new(&e))?, crate::BUILT_IN);
        Ok(Engine { analyzer, report: None })
    }
    /// Forgets everything but the table of networks.
    #[wasm_bindgen(js_name = forgetAll)]
    pub fn forget_all(&mut self) {
        self.report = None;
        self.analyzer.forget_all();
    }
    /// Makes room for so many events in all.
    pub fn expect(&mut self, events: f64) {
        self.analyzer.expect(events as usize);
    }
    /// Takes over what a loader packed; returns how many events are held.
    pub fn merge(&mut self, pack: &[u8]) -> Result<f64, JsError> {
        self.analyzer.merge(pack).map(|events| events as f64).map_err(thrown)
    }
    /// Lets go of what was merged of a file that is not read to its end.
    pub fn forget(&mut self, name: &str, part: u32) {
        self.analyzer.forget(name, part);
    }
    /// After `finish`, as JSON: the sessions that labels call malicious (rank, scenario, incident), and what scenarios there
    /// are (name, techniques, story). Throws what is wrong with the labels.
    pub fn truth(&self, labels: &str) -> Result<String, JsError> {
        let labels = crate::read_labels("labels.csv", labels.as_bytes()).map_err(thrown)?;
        let sessions: Vec<serde_json::Value> = self
            .analyzer
            .truth(&labels)
            .into_iter()
            .map(|(rank, scenario, incident)| serde_json::json!({ "rank": rank, "scenario": scenario, "incident": incident }))
            .collect();
        Ok(serde_json::json!({ "sessions": sessions, "scenarios": crate::SCENARIOS }).to_string())
    }
    /// Says that a file could not be read.
    #[wasm_bindgen(js_name = addUnreadable)]
    pub fn add_unreadable(&mut self, name: &str, why: &str) {
        self.analyzer.add_unreadable(name, why);
    }
    /// Log files that digests name: in which files they are, and their names, for `Checker`. As JSON, two lists.
    #[wasm_bindgen(js_name = toCheck)]
    pub fn to_check(&self) -> String {
        serde_json::to_string(&self.analyzer.to_check()).expect("plain data with text keys")
    }
    /// What was hashed of them, as JSON, for the reports that follow: a list of what `Checker.hash` gave.
    #[wasm_bindgen(js_name = setHashed)]
    pub fn set_hashed(&mut self, hashed: &str) -> Result<(), JsError> {
        self.analyzer.set_hashed(read::<Vec<Vec<Hashed>>>(hashed)?.into_iter().flatten().collect());
        Ok(())
    }
    /// A report over what was merged so far, its sessions cut to the `most` highest; nothing where there are no events.
    pub fn provisional(&mut self, most: u32) -> Option<String> {
        self.analyzer.provisional(&Options::default(), most as usize).map(|report| crate::report_json(&report))
    }
    /// What is known to be good, for the reports that follow: the text of a settings file, or empty for nothing.
    #[wasm_bindgen(js_name = setKnown)]
    pub fn set_known(&mut self, text: &str) -> Result<(), JsError> {
        let known = if text.is_empty() { Known::default() } else { Known::parse(text).map_err(|problems| thrown(problems.into()))? };
        self.analyzer.set_known(known);
        Ok(())
    }
    /// Makes the report in four steps. First: measures sessions. What is not given is the core's default.
    pub fn measure(&mut self, budget: Option<f64>, seed: Option<u32>, then: bool) -> Result<(), JsError> {
        let usual = Options::default();
        let options = Options {
            budget: budget.unwrap_or(usual.budget),
            seed: seed.map_or(usual.seed, u64::from),
            mode: if then { Mode::Then } else { Mode::Hindsight },
            ..usual
        };
        self.report = None;
        self.analyzer.measure(&options).map_err(thrown)
    }
    /// From `measure` until `finish`: what [`classify`] takes.
    pub fn unclassified(&self) -> Vec<u8> {
        self.analyzer.unclassified()
    }
    /// Second: ranks them. Returns the report as JSON but for its sessions and what the next steps put in.
    pub fn rank(&mut self) -> Result<String, JsError> {
        let Some(mut report) = self.analyzer.rank() else { return Err(JsError::new("nothing was measured")) };
        let sessions = std::mem::take(&mut report.sessions);
        let head = crate::report_json(&report);
        report.sessions = sessions;
        self.report = Some(report);
        Ok(head)
    }
    /// After `rank`: its sessions as columns.
    pub fn sessions(&self) -> Object {
        let empty = Report::default();
        columns(crate::session_table(self.report.as_ref().unwrap_or(&empty)))
    }
    /// Third: puts in what the list of alerts does not show. Returns the identities, now with what is usual for each, as JSON.
    pub fn complete(&mut self) -> Result<String, JsError> {
        let Some(report) = &mut self.report else { return Err(JsError::new("nothing was ranked")) };
        self.analyzer.complete(report);
        Ok(serde_json::to_string(&report.identities).expect("plain data with text keys"))
    }
    /// After `complete`: what then is there of each session, as columns: its distinct calls, its sentence.
    pub fn completed(&self) -> Object {
        let empty = Report::default();
        let report = self.report.as_ref().unwrap_or(&empty);
        columns(vec![("calls", crate::calls_column(&self.analyzer.session_calls())), ("sentence", crate::sentence_column(report))])
    }
    /// Fourth: puts in what `classify` found. Throws where that is of other sessions.
    pub fn finish(&mut self, classified: &[u8]) -> Result<(), JsError> {
        let Some(report) = &mut self.report else { return Err(JsError::new("nothing was ranked")) };
        self.analyzer.finish_report(report, classified).map_err(thrown)
    }
    /// After `finish`: the session of a rank in full, as JSON; `null` beyond the list.
    pub fn session(&self, rank: u32) -> String {
        let found = self.report.as_ref().and_then(|report| self.analyzer.session(report, rank as usize));
        serde_json::to_string(&found).expect("plain data with text keys")
    }
    /// After `finish`: the columns of a chart, as JSON. `of`: an identity's number or a session's rank, where it is about one.
    #[wasm_bindgen(js_name = chartColumns)]
    pub fn chart_columns(&self, name: &str, of: Option<u32>) -> Result<String, JsError> {
        let empty = Report::default();
        let data = self.analyzer.chart_data(self.report.as_ref().unwrap_or(&empty), name, of).map_err(thrown)?;
        serde_json::to_string(&data).map_err(|e| JsError::new(&e.to_string()))
    }
    /// After `finish`: all events of the session of a rank, as columns.
    #[wasm_bindgen(js_name = sessionEvents)]
    pub fn session_events(&self, rank: u32) -> Object {
        columns(crate::event_table(&self.analyzer.session_events(rank as usize)))
    }
    /// After `finish`: the whole of it as JSON, byte for byte what the terminal writes.
    #[wasm_bindgen(js_name = reportJson)]
    pub fn report_json(&self) -> String {
        self.report.as_ref().map(crate::report_json).unwrap_or_default()
    }
    /// After `finish`: each event's ID, score and whether it is in an alert.
    #[wasm_bindgen(js_name = eventsCsv)]
    pub fn events_csv(&self) -> String {
        crate::events_csv(self.analyzer.scored_events())
    }
    /// After `finish`: the alerts as a table. `zone`: whose clock times follow, as JSON.
    #[wasm_bindgen(js_name = alertsCsv)]
    pub fn alerts_csv(&self, zone: &str) -> Result<String, JsError> {
        let zone: Zone = read(zone)?;
        Ok(self.report.as_ref().map(|report| crate::alerts_csv(report, &zone)).unwrap_or_default())
    }
    /// After `finish`: the alerts as Markdown, or the session of a rank.
    pub fn markdown(&self, rank: Option<u32>, zone: &str) -> Result<String, JsError> {
        let zone: Zone = read(zone)?;
        Ok(self.report.as_ref().map_or_else(String::new, |report| match rank {
            Some(rank) => match self.analyzer.session(report, rank as usize) {
                Some(found) => crate::session_markdown(report, &found.session, rank as usize, &zone),
                None => String::new(),
            },
            None => crate::alerts_markdown(report, &zone),
        }))
    }
    /// After `finish`: a report to hand on, as one HTML page.
    pub fn html(&self, zone: &str) -> Result<String, JsError> {
        let empty = Report::default();
        crate::report_page(self.report.as_ref().unwrap_or(&empty), &read(zone)?).map_err(thrown)
    }
    /// After `finish`: names of files, in the order in which places in the report number them.
    #[wasm_bindgen(js_name = fileNames)]
    pub fn file_names(&self) -> Vec<String> {
        self.analyzer.file_names()
    }
}

/// Makes up an organisation, day by day: its files and the truth about them.
#[wasm_bindgen]
pub struct Simulation(crate::Simulation);

#[wasm_bindgen]
impl Simulation {
    /// An organisation of a seed; `scenarios` is all, none or names with commas between. Throws what is wrong with it.
    #[wasm_bindgen(constructor)]
    pub fn new(seed: u32, people: u32, machines: u32, days: u32, scenarios: &str) -> Result<Simulation, JsError> {
        let recipe = Recipe { seed: seed.into(), people, machines, days, scenarios: scenarios.to_owned(), ..Recipe::default() };
        Ok(Simulation(crate::simulate(&recipe).map_err(thrown)?))
    }
    /// The next day; undefined after the last.
    #[wasm_bindgen(js_name = nextDay)]
    pub fn next_day(&mut self) -> Option<SimulatedDay> {
        self.0.next().map(SimulatedDay)
    }
}

/// One day of a made-up organisation.
#[wasm_bindgen]
pub struct SimulatedDay(crate::SimulatedDay);

#[wasm_bindgen]
impl SimulatedDay {
    /// How many events there are.
    #[wasm_bindgen(getter)]
    pub fn events(&self) -> f64 {
        self.0.events as f64
    }
    /// Names of the files, as CloudTrail delivers them.
    #[wasm_bindgen(getter)]
    pub fn names(&self) -> Vec<String> {
        self.0.files.iter().map(|file| file.name.clone()).collect()
    }
    /// A file's bytes, gzip, by the index of its name; nothing where there is no such file.
    pub fn bytes(&self, index: usize) -> Vec<u8> {
        self.0.files.get(index).map_or_else(Vec::new, |file| file.bytes.clone())
    }
    /// Lines of labels.csv, without its first: eventID,label,scenario,incident,principal,kind,time,ip,ua.
    #[wasm_bindgen(getter)]
    pub fn labels(&self) -> String {
        self.0.labels.clone()
    }
}

/// Intrusions that can be asked for, as JSON: name, techniques, story of each.
#[wasm_bindgen]
pub fn scenarios() -> String {
    serde_json::to_string(crate::SCENARIOS).expect("texts are JSON")
}

/// What is wrong with a settings file, a sentence each: which entry, what was expected, what was found. Empty: it is right.
#[wasm_bindgen]
pub fn check_known(text: &str) -> Vec<String> {
    Known::parse(text).map_or_else(|problems| problems.iter().map(ToString::to_string).collect(), |_| Vec::new())
}

/// A table as the page takes it: numbers as typed arrays, text as `{ words, of }`, lists as `{ words, ends, of }`.
#[inline(never)]
fn columns(table: Vec<(&'static str, TableColumn)>) -> Object {
    let object = Object::new();
    let set = |object: &Object, name: &str, value: &JsValue| {
        Reflect::set(object, &name.into(), value).expect("a plain object takes a field");
    };
    // Many words are handed over as one text: each by itself would be a call into the browser.
    let list = |words: Vec<String>| js_sys::JSON::parse(&serde_json::to_string(&words).expect("texts are JSON")).expect("JSON that was just made");
    for (name, column) in table {
        let made: JsValue = match column {
            TableColumn::Real(values) => Float64Array::from(&values[..]).into(),
            TableColumn::Whole(values) => Uint32Array::from(&values[..]).into(),
            TableColumn::Long(values) => BigUint64Array::from(&values[..]).into(),
            TableColumn::Small(values) => Uint8Array::from(&values[..]).into(),
            TableColumn::Text(words, of) => {
                let text = Object::new();
                set(&text, "words", &list(words));
                set(&text, "of", &Uint32Array::from(&of[..]));
                text.into()
            }
            TableColumn::Texts(words, ends, of) => {
                let text = Object::new();
                set(&text, "words", &list(words));
                set(&text, "ends", &Uint32Array::from(&ends[..]));
                set(&text, "of", &Uint32Array::from(&of[..]));
                text.into()
            }
        };
        set(&object, name, &made);
    }
    object
}

/// What the classic detectors say of measured sessions: for any worker.
#[wasm_bindgen]
pub fn classify(unclassified: &[u8], seed: Option<u32>) -> Result<Vec<u8>, JsError> {
    crate::classify(unclassified, seed.map_or(Options::default().seed, u64::from)).map_err(thrown)
}

/// In how many parts a file may be read at the same time, where so many bytes are read in all.
#[wasm_bindgen]
pub fn parts_of(source: &Source, all: f64) -> u32 {
    crate::parts_of(&mut Slices::new(source), all as u64)
}

/// The original bytes of one record, read again from its file.
#[wasm_bindgen]
pub fn read_original(source: &Source, member: u32, offset: f64, length: u32) -> Result<Vec<u8>, JsError> {
    let place = Place { file: 0, member, offset: offset as u64, length };
    crate::read_original(Slices::new(source), place, &Limits::default()).map_err(thrown)
}

/// A chart on the page: its columns, read once, and what was drawn of them last. Styles, zones and columns are JSON of
/// the core's types.
#[wasm_bindgen]
pub struct ChartView {
    name: String,
    data: ChartData,
    drawn: Drawn,
}

#[wasm_bindgen]
impl ChartView {
    /// A chart of the table, with its columns.
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, columns: &str) -> Result<ChartView, JsError> {
        crate::find_chart(name).ok_or_else(|| JsError::new(&format!("there is no chart named {name}")))?;
        let data = serde_json::from_str(columns).map_err(|e| JsError::new(&e.to_string()))?;
        Ok(ChartView { name: name.to_owned(), data, drawn: Drawn::default() })
    }
    /// The height that suits it at a width, in CSS pixels.
    pub fn height(&self, width: u32) -> u32 {
        crate::find_chart(&self.name).map_or(0, |chart| (chart.height)(&self.data, width))
    }
    /// What stands above it.
    pub fn title(&self) -> String {
        crate::find_chart(&self.name).map_or_else(String::new, |chart| chart.title.to_owned())
    }
    /// How to read it.
    pub fn how(&self, zone: &str) -> Result<String, JsError> {
        let zone = read(zone)?;
        Ok(crate::find_chart(&self.name).map_or_else(String::new, |chart| chart.how(&zone)))
    }
    /// What dragging does; empty where it does nothing.
    pub fn drag(&self) -> String {
        crate::find_chart(&self.name).map_or_else(String::new, |chart| chart.drag.to_owned())
    }
    /// What it shows, in a sentence.
    pub fn says(&self) -> String {
        crate::chart_says(&self.name, &self.data)
    }
    /// What it shows, as JSON of rows; the first holds the headings.
    pub fn table(&self, zone: &str) -> Result<String, JsError> {
        serde_json::to_string(&crate::as_table(&self.name, &self.data, &read(zone)?)).map_err(|e| JsError::new(&e.to_string()))
    }
    /// Draws it on a canvas of `width × ratio` by `height × ratio` pixels.
    pub fn draw(&mut self, canvas: web_sys::HtmlCanvasElement, style: &str) -> Result<(), JsError> {
        let backend = plotters_canvas::CanvasBackend::with_canvas_object(canvas).ok_or_else(|| JsError::new("the canvas gives no context"))?;
        self.drawn = crate::draw(&self.name, &self.data, backend, &read(style)?).map_err(|e| JsError::new(&e))?;
        Ok(())
    }
    /// The same as an SVG document.
    pub fn svg(&self, style: &str) -> Result<String, JsError> {
        crate::svg(&self.name, &self.data, &read(style)?).map_err(|e| JsError::new(&e))
    }
    /// How many places answer to the pointer.
    #[wasm_bindgen(getter)]
    pub fn hits(&self) -> u32 {
        self.drawn.hits.len() as u32
    }
    /// The place that answers at a point, by number; nothing where there is none.
    #[wasm_bindgen(js_name = hitAt)]
    pub fn hit_at(&self, x: f64, y: f64) -> Option<u32> {
        self.drawn.at(x, y).map(|number| number as u32)
    }
    /// A place that answers, as JSON; nothing beyond the last.
    pub fn hit(&self, number: u32) -> Option<String> {
        self.drawn.hits.get(number as usize).and_then(|hit| serde_json::to_string(hit).ok())
    }
    /// The axis that can be dragged along, as JSON; nothing where there is none.
    pub fn axis(&self) -> Option<String> {
        self.drawn.axis.and_then(|axis| serde_json::to_string(&axis).ok())
    }
}

/// The share of ordinary sessions expected at or above a score: the budget that a threshold means.
#[wasm_bindgen]
pub fn share_at_score(score: f64) -> f64 {
    crate::share_at_score(score)
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, JsError> {
    serde_json::from_str(json).map_err(|e| JsError::new(&e.to_string()))
}

fn thrown(error: crate::Error) -> JsError {
    JsError::new(&error.to_string())
}

/// A file read in slices, as they are asked for.
struct Slices<'a> {
    source: &'a Source,
    size: u64,
    place: u64,
    held: Vec<u8>,
    held_from: u64,
}

impl<'a> Slices<'a> {
    fn new(source: &'a Source) -> Slices<'a> {
        Slices { source, size: source.size() as u64, place: 0, held: Vec::new(), held_from: 0 }
    }

    fn fetch(&mut self) -> io::Result<()> {
        let on = self.place == self.held_from + self.held.len() as u64 && !self.held.is_empty();
        let length = if on { SLICE } else { FIRST }.min(self.size - self.place);
        let slice = self.source.read(self.place as f64, length as f64).map_err(|error| io::Error::other(words(&error)))?;
        if slice.length() == 0 {
            return Err(io::Error::other("it is shorter than the browser said"));
        }
        self.held.resize(slice.length() as usize, 0);
        slice.copy_to(&mut self.held);
        self.held_from = self.place;
        Ok(())
    }
}

impl Read for Slices<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.place >= self.size || out.is_empty() {
            return Ok(0);
        }
        if self.place < self.held_from || self.place >= self.held_from + self.held.len() as u64 {
            self.fetch()?;
        }
        let rest = &self.held[(self.place - self.held_from) as usize..];
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.place += count as u64;
        Ok(count)
    }
}

impl Seek for Slices<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.place.checked_add_signed(by),
        };
        self.place = place.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "before the start of the file"))?;
        Ok(self.place)
    }
}

/// What the browser threw, in its own words.
fn words(error: &JsValue) -> String {
    error.dyn_ref::<JsError>().map_or_else(|| "the browser cannot read it".to_owned(), |e| String::from(e.message()))
}
