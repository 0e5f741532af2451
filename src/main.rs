//! The terminal's door: the same report as the page's.
#![allow(clippy::print_stdout, clippy::print_stderr)] // this is where the program speaks

use std::fs::File;
use std::io::{BufWriter, Cursor, IsTerminal, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use oddtrail::{
    Ablation, Analyzer, BUILT_IN, Error, Evaluation, Geo, Hashed, Integrity, Known, LABELS_HEADER, Labels, Limits, Loader, Mode, Options, Recipe, Report, Severity, Zone,
    alerts_csv, alerts_markdown, evaluate, evaluation_text, events_csv, hash_part, read_labels, read_scores, read_together, report_json, report_page,
};

/// The table of networks is inside the program: it needs no file beside it.
const GEO: &[u8] = include_bytes!("../data/geo/geo.bin");

/// Finds odd logins in AWS CloudTrail files and says why they are odd. Nothing leaves this machine.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read files, folders or archives and rank their sessions. Exit 0: analysed; 1: nothing could be read; 2: usage.
    Analyze(Analyze),
    /// Score files whose truth is known, and say how well that went, in hindsight and then. Exit codes as for analyze.
    Evaluate(Evaluate),
    /// Make up an organisation's CloudTrail, with intrusions and the truth about them. Exit 0: written; 1: not; 2: usage.
    Simulate(Simulate),
}

#[derive(Args)]
struct Analyze {
    /// Files, folders or archives; - is standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write the whole report as JSON; - is standard output.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write eventID,score,alert for every event; - is standard output.
    #[arg(long, value_name = "FILE")]
    events_csv: Option<PathBuf>,
    /// Write a report to hand on: one HTML file without script; - is standard output.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the alerts as a table for spreadsheets; - is standard output.
    #[arg(long, value_name = "FILE")]
    alerts_csv: Option<PathBuf>,
    /// Write the alerts as Markdown, for tickets; - is standard output.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// A settings file of what is known to be good: office and VPN ranges, scanners, break-glass names.
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// The share of ordinary sessions that may be alerts.
    #[arg(long, default_value_t = 0.003, value_parser = share)]
    budget: f64,
    /// The seed of everything random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Score from earlier sessions only, as if live.
    #[arg(long)]
    then: bool,
    /// A .mmdb of countries or networks, instead of the built-in table.
    #[arg(long, value_name = "FILE")]
    mmdb: Option<PathBuf>,
    /// Another limit on what files may cost, for example ratio=1000 or inflated_per_file=128G; may be given again.
    #[arg(long = "limit", value_name = "NAME=NUMBER", value_parser = limit)]
    limits: Vec<String>,
    /// No summary, no progress.
    #[arg(long)]
    quiet: bool,
}

/// A limit that can be set.
fn limit(text: &str) -> Result<String, String> {
    Limits::default().set(text).map(|()| text.to_owned())
}

#[derive(Args)]
struct Evaluate {
    /// Files, folders or archives; - is standard input.
    #[arg(required_unless_present = "scores", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Measure another detector: CSV with eventID,score and perhaps alert, instead of files.
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    scores: Option<PathBuf>,
    /// The truth: CSV with eventID,label,scenario,incident,principal,time,ip,ua; may be gzip.
    #[arg(long, value_name = "FILE")]
    labels: PathBuf,
    /// Write all figures as JSON; - is standard output, instead of the table.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The share of ordinary sessions that may be alerts.
    #[arg(long, default_value_t = 0.003, value_parser = share)]
    budget: f64,
    /// The seed of everything random.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// One of the two ways to score, not both.
    #[arg(long, value_parser = ["hindsight", "then"])]
    only: Option<String>,
    /// A .mmdb of countries or networks, instead of the built-in table.
    #[arg(long, value_name = "FILE")]
    mmdb: Option<PathBuf>,
    /// Experiment: the detectors' weights, in the report's order.
    #[arg(long, value_delimiter = ',', value_name = "W,W,…")]
    weights: Vec<f64>,
    /// Experiment: every client string reads as blank.
    #[arg(long)]
    blank_clients: bool,
    /// Experiment: no table of networks.
    #[arg(long)]
    no_geo: bool,
    /// Experiment: only the last days of the files.
    #[arg(long, value_name = "N")]
    last_days: Option<u32>,
    /// Experiment: sessions of the first days count for nothing.
    #[arg(long, value_name = "N")]
    skip_days: Option<u32>,
    /// Experiment: sessions of attacks whose name starts so count for nothing.
    #[arg(long, value_name = "NAME")]
    without: Vec<String>,
    /// Experiment: sessions of incidents after the Nth count for nothing.
    #[arg(long, value_name = "N")]
    incidents: Option<u32>,
    /// No progress.
    #[arg(long)]
    quiet: bool,
}

#[derive(Args)]
struct Simulate {
    /// The folder to write AWSLogs/… and labels.csv into; it must be new or empty.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The seed of everything random, and of the organisation's make.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many people, 1 to 5000.
    #[arg(long, default_value_t = 40)]
    people: u32,
    /// How many machines, 0 to 5000.
    #[arg(long, default_value_t = 24)]
    machines: u32,
    /// How many days, 1 to 400.
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// Which intrusions: all, none or names with commas between, each perhaps with :loud or :subtle.
    #[arg(long, default_value = "all", value_name = "NAMES")]
    scenario: String,
    /// About how many events to make; machines do more or less for it.
    #[arg(long, value_name = "N")]
    events: Option<u64>,
    /// The first day, as 2025-03-01; by itself the seed draws one.
    #[arg(long, value_name = "DATE", value_parser = date)]
    start: Option<i64>,
    /// No summary, no progress.
    #[arg(long)]
    quiet: bool,
}

fn date(text: &str) -> Result<i64, String> {
    oddtrail::parse_date(text).ok_or_else(|| "expected a date such as 2025-03-01".into())
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value < 0.5 => Ok(value),
        _ => Err("expected a share between 0 and 0.5, for example 0.003".into()),
    }
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Analyze(arguments) => analyze(&arguments),
        Command::Evaluate(arguments) => measure(&arguments),
        Command::Simulate(arguments) => simulate(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(1)
        }
    }
}

/// Where the table of networks is from.
type GeoFrom = Box<dyn FnOnce() -> Result<Geo, String> + Send>;

/// Reads everything below the paths, and the table of networks beside it; the user's own before, since it may be damaged.
fn load(paths: &[PathBuf], geo: GeoFrom, geo_name: &str, mmdb: Option<&Path>, limits: &Limits, quiet: bool) -> Result<Analyzer, String> {
    if let Some(path) = mmdb {
        let failed = |e: String| format!("{}: {e}", path.display());
        let bytes = std::fs::read(path).map_err(|e| failed(e.to_string()))?;
        let geo = Geo::from_mmdb(bytes, Some(geo()?)).map_err(failed)?;
        return load(paths, Box::new(|| Ok(geo)), "a .mmdb of the user's", None, limits, quiet);
    }
    let mut found = Vec::new();
    let mut unreadable = Vec::new();
    for path in paths {
        collect(path, &mut found, &mut unreadable);
    }
    found.sort();
    let (geo, loaders) = std::thread::scope(|scope| {
        let geo = scope.spawn(geo);
        let loaders = read_all(&found, &unreadable, limits, quiet);
        (geo.join().expect("reading a table does not panic"), loaders)
    });
    let mut analyzer = Analyzer::new(geo?, geo_name);
    analyzer.limit_distinct(limits.distinct);
    loaders.into_iter().for_each(|loader| analyzer.take(loader));
    hash_named(&mut analyzer, &found, limits);
    Ok(analyzer)
}

/// Where there are digests: reads the log files that they name once more, and hashes them.
fn hash_named(analyzer: &mut Analyzer, found: &[Found], limits: &Limits) {
    let (names, wanted) = analyzer.to_check();
    let named: Vec<Found> = found.iter().filter(|one| one.path.is_some() && names.binary_search(&one.name).is_ok()).cloned().collect();
    let hashed = if named.is_empty() {
        Vec::new()
    } else {
        by_all_cores(&pieces(&named), |pieces| {
            let mut hashed: Vec<Hashed> = Vec::new();
            for (one, part, of) in pieces {
                if let Some(Ok(file)) = one.path.as_ref().map(File::open) {
                    hashed.extend(hash_part(&one.name, (*part, *of), file, limits, &wanted));
                }
            }
            hashed
        })
    };
    analyzer.set_hashed(hashed.concat());
}

fn analyze(arguments: &Analyze) -> Result<(), String> {
    let known = known(arguments.known.as_deref())?;
    let mut limits = Limits::default();
    for assignment in &arguments.limits {
        limits.set(assignment)?;
    }
    let mut analyzer = load(&arguments.paths, Box::new(|| Geo::from_bytes(GEO)), BUILT_IN, arguments.mmdb.as_deref(), &limits, arguments.quiet)?;
    analyzer.set_known(known);
    let options = Options {
        budget: arguments.budget,
        seed: arguments.seed,
        mode: if arguments.then { Mode::Then } else { Mode::Hindsight },
        ..Options::default()
    };
    let report = analyzer.report(&options).map_err(|e| e.to_string())?;
    if let Some(path) = &arguments.json {
        write(path, &report_json(&report))?;
    }
    if let Some(path) = &arguments.events_csv {
        write(path, &events_csv(analyzer.scored_events()))?;
    }
    if let Some(path) = &arguments.html {
        write(path, &report_page(&report, &Zone::default()).map_err(|e| e.to_string())?)?;
    }
    if let Some(path) = &arguments.alerts_csv {
        write(path, &alerts_csv(&report, &Zone::default()))?;
    }
    if let Some(path) = &arguments.markdown {
        write(path, &alerts_markdown(&report, &Zone::default()))?;
    }
    if !arguments.quiet {
        say(&report);
    }
    // The system takes memory back faster than it can be let go piece by piece.
    std::mem::forget((report, analyzer));
    Ok(())
}

/// The settings file, if one is named. It is read before anything else is: a mistake in it costs no waiting.
fn known(path: Option<&Path>) -> Result<Known, String> {
    let Some(path) = path else { return Ok(Known::default()) };
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Known::parse(&text).map_err(|problems| format!("{}: {}", path.display(), printable_lines(&Error::from(problems).to_string())))
}

/// The figures of one way to score, as `evaluate --json` writes them.
#[derive(serde::Serialize)]
struct Run {
    mode: &'static str,
    budget: f64,
    /// The threshold before it became a score.
    raw_threshold: f64,
    detectors: Vec<(String, f64)>,
    figures: Evaluation,
}

fn measure(arguments: &Evaluate) -> Result<(), String> {
    let name = arguments.labels.display().to_string();
    let bytes = std::fs::read(&arguments.labels).map_err(|e| format!("{name}: {e}"))?;
    let mut labels = read_labels(&name, &bytes).map_err(|e| printable(&e.to_string()))?;
    if labels.bad > 0 {
        eprintln!("{} lines of labels left out.", labels.bad);
        labels.first_bad.iter().take(3).for_each(|bad| eprintln!("  line {}: {}", bad.line, printable(&bad.reason)));
    }
    let since = arguments.last_days.and_then(|days| Some(labels.events.iter().map(|l| l.time).max()? + 1 - i64::from(days) * 86_400_000));
    labels.events.retain(|label| since.is_none_or(|since| label.time >= since));
    let late = |label: &oddtrail::Label| arguments.incidents.zip(number_of(&label.incident)).is_some_and(|(last, number)| number > last);
    leave_out(&mut labels, &|label| late(label) || arguments.without.iter().any(|attack| label.scenario.starts_with(attack)));
    if let Some((days, first)) = arguments.skip_days.zip(labels.events.iter().map(|l| l.time).min()) {
        labels.events.retain(|label| label.time >= first + i64::from(days) * 86_400_000);
    }
    if let Some(path) = &arguments.scores {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|e| format!("{name}: {e}"))?;
        let scores = read_scores(&name, &bytes).map_err(|e| printable(&e.to_string()))?;
        let figures = evaluate(&labels, scores);
        return say_runs(arguments, &[Run { mode: "given", budget: arguments.budget, raw_threshold: 0.0, detectors: Vec::new(), figures }]);
    }
    let no_geo = arguments.no_geo;
    let geo: GeoFrom = Box::new(move || if no_geo { Ok(Geo::empty()) } else { Geo::from_bytes(GEO) });
    let mut analyzer = load(&arguments.paths, geo, if no_geo { "none" } else { BUILT_IN }, arguments.mmdb.as_deref(), &Limits::default(), arguments.quiet)?;
    let mut runs = Vec::new();
    for (word, mode, title) in [("hindsight", Mode::Hindsight, "in hindsight"), ("then", Mode::Then, "then")] {
        if arguments.only.as_ref().is_some_and(|only| only != word) {
            continue;
        }
        let ablation = Ablation { weights: arguments.weights.clone(), blank_clients: arguments.blank_clients, since };
        let options = Options { budget: arguments.budget, seed: arguments.seed, mode, ablation };
        let report = analyzer.report(&options).map_err(|e| e.to_string())?;
        runs.push(Run {
            mode: title,
            budget: arguments.budget,
            raw_threshold: report.calibration.raw,
            detectors: report.detectors.iter().map(|d| (d.name.clone(), d.weight)).collect(),
            figures: evaluate(&labels, analyzer.scored_events()),
        });
    }
    say_runs(arguments, &runs)
}

fn say_runs(arguments: &Evaluate, runs: &[Run]) -> Result<(), String> {
    if let Some(path) = &arguments.json {
        write(path, &serde_json::to_string(runs).expect("plain data"))?;
    }
    if arguments.json.as_ref().is_none_or(|path| path.as_os_str() != "-") {
        let columns: Vec<(&str, &Evaluation)> = runs.iter().map(|run| (run.mode, &run.figures)).collect();
        print!("{}", evaluation_text(&columns));
    }
    Ok(())
}

/// The number that a name ends with: of "incident-07", 7.
fn number_of(name: &str) -> Option<u32> {
    name[name.trim_end_matches(|c: char| c.is_ascii_digit()).len()..].parse().ok()
}

/// Takes whole sessions away: a malicious event's who, where and with what, all of it.
fn leave_out(labels: &mut Labels, which: &dyn Fn(&oddtrail::Label) -> bool) {
    let named = |label: &oddtrail::Label| label.malicious && which(label);
    let gone: std::collections::HashSet<_> =
        labels.events.iter().filter(|l| named(l)).map(|l| (l.principal.clone(), l.ip.clone(), l.ua.clone())).collect();
    labels.events.retain(|l| !gone.contains(&(l.principal.clone(), l.ip.clone(), l.ua.clone())));
}

/// Writes an organisation day by day.
fn simulate(arguments: &Simulate) -> Result<(), String> {
    let recipe = Recipe {
        seed: arguments.seed,
        people: arguments.people,
        machines: arguments.machines,
        days: arguments.days,
        scenarios: arguments.scenario.clone(),
        events: arguments.events,
        start: arguments.start,
    };
    let days = oddtrail::simulate(&recipe).map_err(|e| e.to_string())?;
    let out = &arguments.out;
    let said = |path: &Path, e: std::io::Error| format!("{}: {e}", path.display());
    std::fs::create_dir_all(out).map_err(|e| said(out, e))?;
    if std::fs::read_dir(out).map_err(|e| said(out, e))?.next().is_some() {
        return Err(format!("{}: expected a new or empty folder, found files in it", out.display()));
    }
    let path = out.join("labels.csv");
    let mut labels = BufWriter::new(File::create(&path).map_err(|e| said(&path, e))?);
    labels.write_all(LABELS_HEADER.as_bytes()).map_err(|e| said(&path, e))?;
    let bar = if arguments.quiet || !std::io::stderr().is_terminal() { ProgressBar::hidden() } else { ProgressBar::new(arguments.days.into()) };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} days, {elapsed}") {
        bar.set_style(style);
    }
    let (mut events, mut files, mut bytes) = (0, 0, 0);
    let mut folder = PathBuf::new();
    for day in days {
        for file in &day.files {
            let path = out.join(&file.name);
            if let Some(parent) = path.parent()
                && parent != folder
            {
                std::fs::create_dir_all(parent).map_err(|e| said(parent, e))?;
                folder = parent.to_owned();
            }
            std::fs::write(&path, &file.bytes).map_err(|e| said(&path, e))?;
            bytes += file.bytes.len();
        }
        labels.write_all(day.labels.as_bytes()).map_err(|e| said(&path, e))?;
        events += day.events;
        files += day.files.len();
        bar.inc(1);
    }
    labels.flush().map_err(|e| said(&path, e))?;
    bar.finish_and_clear();
    if !arguments.quiet {
        eprintln!("{events} events in {files} files, {} kB, and labels.csv.", bytes / 1000);
    }
    Ok(())
}

/// A file to read: the name it has in the report, where it is, and its size. No path: standard input.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    name: String,
    path: Option<PathBuf>,
    size: u64,
}

/// A smaller file is read at once: to go to and fro in it would take longer than its bytes. And it is never parted.
const SMALL: u64 = 1 << 20;

/// So many loaders keep up with one that inflates.
const MOST_TOGETHER: usize = 4;

/// A piece of work: a file, and which part of it, of how many.
type Piece<'f> = (&'f Found, u32, u32);

/// Large files in parts, each name once: parts are told apart by it.
fn pieces(found: &[Found]) -> Vec<Piece<'_>> {
    // One core would only inflate both halves of a gzip one after the other.
    let all = if cores() == 1 { u64::MAX } else { found.iter().map(|one| one.size).sum() };
    let mut pieces = Vec::with_capacity(found.len());
    for (at, one) in found.iter().enumerate() {
        let alone = found.get(at + 1).is_none_or(|next| next.name != one.name) && (at == 0 || found[at - 1].name != one.name);
        let file = one.path.as_ref().filter(|_| alone && one.size >= SMALL).and_then(|path| File::open(path).ok());
        let of = file.map_or(1, |mut file| oddtrail::parts_of(&mut file, all));
        pieces.extend((0..of).map(|part| (one, part, of)));
    }
    pieces
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Files below a path, named from the path's last part on, as the page names a dropped folder's.
fn collect(path: &Path, found: &mut Vec<Found>, unreadable: &mut Vec<(String, String)>) {
    if path.as_os_str() == "-" {
        found.push(Found { name: "standard input".into(), path: None, size: 0 });
        return;
    }
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .or_else(|| path.canonicalize().ok()?.file_name().map(|n| n.to_string_lossy().into_owned()))
        .unwrap_or_default();
    let mut waiting = vec![(path.to_owned(), name, std::fs::metadata(path))];
    while let Some((path, name, about)) = waiting.pop() {
        let listed = match about {
            Ok(about) if about.is_dir() => std::fs::read_dir(&path),
            Ok(about) if about.is_file() => {
                found.push(Found { name, path: Some(path), size: about.len() });
                continue;
            }
            Ok(_) => {
                unreadable.push((name, "it is neither a file nor a folder".into()));
                continue;
            }
            Err(e) => Err(e),
        };
        match listed {
            Ok(entries) => {
                for entry in entries {
                    let entry = match entry {
                        Ok(entry) => entry,
                        Err(e) => {
                            unreadable.push((name.clone(), format!("not listed to its end: {e}")));
                            continue;
                        }
                    };
                    let below = format!("{name}/{}", entry.file_name().to_string_lossy());
                    // A link inside a folder could lead in a circle.
                    if entry.file_type().is_ok_and(|t| t.is_symlink()) {
                        unreadable.push((below, "a link inside a folder, not followed".into()));
                    } else {
                        waiting.push((entry.path(), below, entry.metadata()));
                    }
                }
            }
            Err(e) => unreadable.push((name, e.to_string())),
        }
    }
}

/// What each core makes of the pieces that it takes, one after the other until none is left; at least one is asked.
fn by_all_cores<T: Send>(pieces: &[Piece<'_>], work: impl Fn(&mut dyn Iterator<Item = &Piece<'_>>) -> T + Sync) -> Vec<T> {
    let cores = cores().min(8).min(pieces.len().max(1));
    let next = AtomicUsize::new(0);
    let work = || work(&mut std::iter::from_fn(|| pieces.get(next.fetch_add(1, Ordering::Relaxed))));
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|t| t.join().expect("reading does not panic")).collect()
    })
}

/// The whole of a small file, into memory that the last one left. False: it cannot be read, or has grown; the file is at its beginning.
fn read_small(file: &mut File, into: &mut Vec<u8>) -> bool {
    into.clear();
    let whole = file.take(SMALL).read_to_end(into).is_ok_and(|n| (n as u64) < SMALL);
    if !whole {
        // What fails now fails again where it can be said.
        let _ = file.rewind();
    }
    whole
}

/// Reads all files with one loader a core.
fn read_all(found: &[Found], unreadable: &[(String, String)], limits: &Limits, quiet: bool) -> Vec<Loader> {
    let bar = if quiet || !std::io::stderr().is_terminal() { ProgressBar::hidden() } else { ProgressBar::new(found.len() as u64) };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} files, {elapsed}") {
        bar.set_style(style);
    }
    let mut pieces = pieces(found);
    let mut loaders = Vec::new();
    // Of the two halves of a large gzip both are inflated from its beginning: better once for all cores.
    if let Some(&(one, ..)) = pieces.iter().find(|(.., of)| *of == 2)
        && let Some(made) = one.path.as_ref().and_then(|path| File::open(path).ok()).and_then(|file| read_together(&one.name, file, limits, cores().min(MOST_TOGETHER) as u32))
    {
        loaders = made;
        pieces.retain(|(other, ..)| *other != one);
        bar.inc(1);
    }
    loaders.extend(by_all_cores(&pieces, |pieces| {
        let (mut loader, mut small) = (Loader::new(limits.clone()), Vec::new());
        for (one, part, of) in pieces {
            let Found { name, path, size } = one;
            match path.as_ref().map(File::open) {
                Some(Ok(mut file)) => match *size < SMALL && read_small(&mut file, &mut small) {
                    true => loader.add_part(name, (*part, *of), Cursor::new(&small[..])),
                    false => loader.add_part(name, (*part, *of), file),
                },
                Some(Err(e)) => loader.add_unreadable(name, &e.to_string()),
                None => loader.add_stream(name, std::io::stdin().lock()),
            }
            if part + 1 == *of {
                bar.inc(1);
            }
        }
        loader
    }));
    if let Some(first) = loaders.first_mut() {
        unreadable.iter().for_each(|(name, why)| first.add_unreadable(name, why));
    }
    bar.finish_and_clear();
    loaders
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let done = if path.as_os_str() == "-" {
        std::io::stdout().lock().write_all(text.as_bytes())
    } else {
        File::create(path).and_then(|file| {
            let mut out = BufWriter::new(file);
            out.write_all(text.as_bytes())?;
            out.flush()
        })
    };
    done.map_err(|e| format!("{}: {e}", path.display()))
}

/// The short summary on standard error.
fn say(report: &Report) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let paint = |code: &str, text: &str| if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() };
    let (summary, import) = (&report.summary, &report.import);
    eprintln!(
        "{} events of {} identities in {} sessions, {} to {}.",
        summary.events,
        summary.identities,
        summary.sessions,
        oddtrail::format_time(summary.span.from),
        oddtrail::format_time(summary.span.to)
    );
    if import.bad_records + import.problems.len() as u64 > 0 || !import.skipped.is_empty() {
        let left_out: u64 = import.skipped.iter().map(|s| s.count).sum();
        eprintln!(
            "Not read: {} bad records, {} files or records left out, {} files with problems.",
            import.bad_records,
            left_out,
            import.problems.len()
        );
        for bad in import.first_bad.iter().take(3) {
            eprintln!("  {} line {}: {}", printable(&bad.file), bad.line, printable(&bad.reason));
        }
        for problem in import.problems.iter().take(3) {
            eprintln!("  {}: {}", printable(&problem.file), printable(&problem.reason));
        }
    }
    if let Some(integrity) = &import.integrity {
        say_integrity(integrity);
    }
    eprintln!("{}", report.calibration.sentence);
    for known in report.known.iter().filter(|known| known.sessions > 0) {
        let what = printable(&known.what);
        eprintln!("Known to be good, {} {what}: {} sessions, {} of them would be alerts.", known.list, known.sessions, known.excused);
    }
    for session in report.sessions.iter().filter(|s| s.alert).take(10) {
        let (code, word) = match session.severity {
            Severity::High => ("31", "high  "),
            Severity::Medium => ("33", "medium"),
            _ => ("36", "low   "),
        };
        let who = &report.identities[session.identity as usize].name;
        eprintln!(
            "{} {:.3} {}  {}: {}",
            paint(code, word),
            session.score,
            oddtrail::format_time(session.span.from),
            printable(who),
            printable(&session.sentence)
        );
    }
    if summary.alerts > 10 {
        eprintln!("… and {} more. --json, --events-csv or --html has all.", summary.alerts - 10);
    }
}

/// What the digests say; the first names of each kind.
fn say_integrity(said: &Integrity) {
    eprintln!("{}", said.sentence);
    for (what, names) in said.lists() {
        names.iter().take(3).for_each(|name| eprintln!("  {}: {}", what.to_lowercase(), printable(name)));
    }
    for gap in said.gaps.iter().take(3) {
        eprintln!("  no digest of {} from {} to {}", printable(&gap.chain), oddtrail::format_time(gap.span.from), oddtrail::format_time(gap.span.to));
    }
}

/// The same for several lines, each below the other.
fn printable_lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n  ")
}

/// Text from a log without what a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
