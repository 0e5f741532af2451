//! The terminal's door: the same report as the page's.
#![allow(clippy::print_stdout, clippy::print_stderr)] // this is where the program speaks

use std::fs::File;
use std::io::{BufWriter, Cursor, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use oddtrail::{
    Analyzer, BUILT_IN, Error, Geo, Known, Limits, Loader, Mode, Options, Report, Severity, Zone, alerts_csv, alerts_markdown, events_csv,
    report_html, report_json,
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
    /// No summary, no progress.
    #[arg(long)]
    quiet: bool,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value < 0.5 => Ok(value),
        _ => Err("expected a share between 0 and 0.5, for example 0.003".into()),
    }
}

fn main() -> ExitCode {
    let Command::Analyze(arguments) = Cli::parse().command;
    match analyze(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(1)
        }
    }
}

fn analyze(arguments: &Analyze) -> Result<(), String> {
    let known = known(arguments.known.as_deref())?;
    let mut geo = Geo::from_bytes(GEO)?;
    let mut geo_name = BUILT_IN;
    if let Some(path) = &arguments.mmdb {
        let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        geo = Geo::from_mmdb(bytes, Some(geo)).map_err(|e| format!("{}: {e}", path.display()))?;
        geo_name = "a .mmdb of the user's";
    }
    let mut found = Vec::new();
    let mut unreadable = Vec::new();
    for path in &arguments.paths {
        collect(path, &mut found, &mut unreadable);
    }
    found.sort();
    let mut analyzer = Analyzer::new(geo, geo_name);
    analyzer.set_known(known);
    read_all(&found, &unreadable, arguments.quiet).into_iter().for_each(|loader| analyzer.take(loader));
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
        write(path, &report_html(&report, &charts(&report)?, &Zone::default()))?;
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
    Ok(())
}

/// The settings file, if one is named. It is read before anything else is: a mistake in it costs no waiting.
fn known(path: Option<&Path>) -> Result<Known, String> {
    let Some(path) = path else { return Ok(Known::default()) };
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Known::parse(&text).map_err(|problems| format!("{}: {}", path.display(), printable_lines(&Error::from(problems).to_string())))
}

fn charts(report: &Report) -> Result<Vec<(String, String)>, String> {
    let data = oddtrail::ChartData::from_report(report);
    let charts = oddtrail::CHARTS.iter().map(|chart| {
        let style = oddtrail::Style { width: 1040, height: 300, ratio: 1.0, dark: false, selected: None };
        Ok((chart.title.to_owned(), oddtrail::svg(chart.name, &data, &style)?))
    });
    charts.collect()
}

/// A file to read: the name it has in the report, and where it is. No path: standard input.
type Found = (String, Option<PathBuf>);

/// Files below a path, named from the path's last part on, as the page names a dropped folder's.
fn collect(path: &Path, found: &mut Vec<Found>, unreadable: &mut Vec<(String, String)>) {
    if path.as_os_str() == "-" {
        found.push(("standard input".into(), None));
        return;
    }
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .or_else(|| path.canonicalize().ok()?.file_name().map(|n| n.to_string_lossy().into_owned()))
        .unwrap_or_default();
    let mut waiting = vec![(path.to_owned(), name)];
    while let Some((path, name)) = waiting.pop() {
        let listed = match std::fs::metadata(&path) {
            Ok(about) if about.is_dir() => std::fs::read_dir(&path),
            Ok(about) if about.is_file() => {
                found.push((name, Some(path)));
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
                for entry in entries.flatten() {
                    // A link inside a folder could lead in a circle.
                    if !entry.file_type().is_ok_and(|t| t.is_symlink()) {
                        waiting.push((entry.path(), format!("{name}/{}", entry.file_name().to_string_lossy())));
                    }
                }
            }
            Err(e) => unreadable.push((name, e.to_string())),
        }
    }
}

/// Reads all files with one loader a core.
fn read_all(found: &[Found], unreadable: &[(String, String)], quiet: bool) -> Vec<Loader> {
    let bar = if quiet || !std::io::stderr().is_terminal() { ProgressBar::hidden() } else { ProgressBar::new(found.len() as u64) };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} files, {elapsed}") {
        bar.set_style(style);
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(8).min(found.len().max(1));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut loader = Loader::new(Limits::default());
        while let Some((name, path)) = found.get(next.fetch_add(1, Ordering::Relaxed)) {
            match path {
                Some(path) => match File::open(path) {
                    Ok(file) => loader.add_file(name, file),
                    Err(e) => loader.add_unreadable(name, &e.to_string()),
                },
                None => {
                    let mut bytes = Vec::new();
                    match std::io::stdin().lock().read_to_end(&mut bytes) {
                        Ok(_) => loader.add_file(name, Cursor::new(bytes)),
                        Err(e) => loader.add_unreadable(name, &e.to_string()),
                    }
                }
            }
            bar.inc(1);
        }
        loader
    };
    let mut loaders = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|t| t.join().expect("reading does not panic")).collect::<Vec<Loader>>()
    });
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

/// The same for several lines, each below the other.
fn printable_lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n  ")
}

/// Text from a log without what a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
