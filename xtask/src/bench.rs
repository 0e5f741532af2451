//! Events per second and peak memory: the terminal, the page in Chromium and Firefox, and node's gunzip and JSON.parse
//! on the same files. Medians of runs that take turns, so that a busy moment of the machine hits all alike.
//!
//! Two kinds of data: the labelled organisations as archives, and simulated delivery as 500 files and as one.

use crate::serve::Site;
use crate::{dist, needs, places, process};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Measured where nothing is said, beside simulated events.
const USUAL: &str = "../shared/data/org";

/// How many events are simulated where nothing is said.
const EVENTS: u64 = 1_000_000;

/// For `--growth`: what is compared.
const GROWTH: [u64; 3] = [100_000, 1_000_000, 3_000_000];

/// How many files simulated events are put into.
const FILES: &str = "500";

/// How often each is measured.
const RUNS: usize = 3;

const USAGE: &str = "cargo xtask bench [--simulated N] [--growth] [--runs N] [ARCHIVE-OR-FOLDER…]";

/// One run: how long it took, until the first ranking stood there, and the most memory it held.
#[derive(Clone, Copy)]
struct Run {
    seconds: f64,
    first: f64,
    bytes: f64,
}

/// Who reads.
enum Reader {
    Terminal(PathBuf),
    Page(&'static str, PathBuf),
    Node(PathBuf),
}

/// One way to read the events. `aim`: how many times node's speed it should have.
struct Way {
    name: String,
    reader: Reader,
    aim: f64,
    runs: Vec<Run>,
    failure: Option<String>,
}

impl Way {
    fn new(name: &str, reader: Reader, aim: f64) -> Way {
        Way { name: name.to_owned(), reader, aim, runs: Vec::new(), failure: None }
    }
}

/// Measures what the arguments name.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let root = places::root();
    let (mut paths, mut simulated, mut runs) = (Vec::new(), Vec::new(), RUNS);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || rest.next().and_then(|n| n.replace(['_', ','], "").parse::<u64>().ok()).ok_or(format!("{argument} wants a number.\n{USAGE}"));
        match argument.as_str() {
            "--simulated" => simulated.push(number()?),
            "--runs" => runs = number()?.clamp(1, 99) as usize,
            "--growth" => simulated.extend(GROWTH),
            other if other.starts_with("--") => return Err(format!("There is no option \"{other}\".\n{USAGE}")),
            path => paths.push(PathBuf::from(path)),
        }
    }
    if paths.is_empty() && simulated.is_empty() {
        paths.push(root.join(USUAL));
        simulated.push(EVENTS);
    }
    let mut archives = Vec::new();
    for path in &paths {
        archives.extend(archives_in(path)?);
    }
    needs::browsers()?;
    dist::folder()?;
    let mut cargo = process::cargo();
    cargo.args(["build", "--locked", "--quiet", "--release", "--bin", "oddtrail"]).current_dir(&root);
    process::run(&mut cargo, "build the program for the terminal")?;

    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| format!("Could not serve the page: {error}."))?;
    let address = listener.local_addr().map_err(|error| format!("The server has no address: {error}."))?;
    let site = Site { folder: places::dist(), mount: "/".into() };
    thread::spawn(move || site.serve(listener));
    let url = format!("http://{address}/");

    let mut tables = Vec::new();
    for archive in archives {
        let unpacked = places::target().join("bench").join(archive.file_stem().unwrap_or_default());
        unpack(&archive, &unpacked)?;
        tables.push((
            archive.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            vec![
                Way::new("terminal, archive", Reader::Terminal(archive.clone()), 2.0),
                Way::new("terminal, unpacked", Reader::Terminal(unpacked.clone()), 2.0),
                Way::new("Chromium, archive", Reader::Page("chromium", archive), 1.0),
                Way::new("JSON.parse, unpacked", Reader::Node(unpacked), 1.0),
            ],
        ));
    }
    for events in simulated {
        let folder = simulate(events)?;
        let (files, one) = (folder.join("files"), folder.join("one.json.gz"));
        tables.push((
            format!("simulated, {:.1} million", events as f64 / 1e6),
            vec![
                Way::new("terminal, 500 files", Reader::Terminal(files.clone()), 6.0),
                Way::new("terminal, one file", Reader::Terminal(one.clone()), 6.0),
                Way::new("Chromium, 500 files", Reader::Page("chromium", files.clone()), 4.0),
                Way::new("Chromium, one file", Reader::Page("chromium", one), 4.0),
                Way::new("Firefox, 500 files", Reader::Page("firefox", files.clone()), 2.0),
                Way::new("JSON.parse, 500 files", Reader::Node(files), 1.0),
            ],
        ));
    }

    println!("| data | events | read by | seconds | first ranking | events/s | against JSON.parse | aim | peak memory |");
    println!("|---|---:|---|---:|---:|---:|---:|---:|---:|");
    let mut failures = Vec::new();
    for (name, mut ways) in tables {
        measure(&name, &mut ways, &url, runs, &mut failures);
    }
    println!("\nMedians of {runs}, taking turns, after one that is not timed. Terminal: the whole process. Page: from choosing the files until done, and the memory of");
    println!("the processes of pages (PSS) over rest. JSON.parse: node's gunzip, JSON.parse and counting who called what, without");
    println!("starting node.");
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// Measures all ways in turns, prints a row for each, and keeps the sentences of those that failed.
fn measure(name: &str, ways: &mut [Way], url: &str, runs: usize, failures: &mut Vec<String>) {
    let mut events = 0.0;
    // A run before those that are timed, for the memory of pages: to sample it takes the processor's time.
    for run in 0..=runs {
        for way in ways.iter_mut().filter(|way| way.failure.is_none()) {
            let run = match &way.reader {
                Reader::Terminal(path) => terminal(path),
                Reader::Page(browser, path) => page(browser, path, url, run == 0),
                Reader::Node(path) => parse(path, &mut events),
            };
            match run {
                Ok(run) => way.runs.push(run),
                Err(sentence) => way.failure = Some(sentence),
            }
        }
    }
    let base = ways.iter().find(|way| matches!(way.reader, Reader::Node(_))).map_or(f64::NAN, |way| median(timed(way), |run| run.seconds));
    for way in ways {
        if let Some(sentence) = &way.failure {
            println!("| {name} | {events} | {} | not measured | | | | | |", way.name);
            failures.push(format!("{name}, {}: {sentence}", way.name));
            continue;
        }
        let bytes = match way.reader {
            Reader::Page(..) => way.runs.first().map_or(f64::NAN, |run| run.bytes),
            _ => median(timed(way), |run| run.bytes),
        };
        let seconds = median(timed(way), |run| run.seconds);
        let (rate, ratio, megabytes) = (events / seconds, base / seconds, bytes / 1e6);
        let first = match way.reader {
            Reader::Page(..) => format!("{:.1}", median(timed(way), |run| run.first)),
            _ => String::new(),
        };
        println!("| {name} | {events} | {} | {seconds:.2} | {first} | {rate:.0} | {ratio:.2} × | {:.0} × | {megabytes:.0} MB |", way.name, way.aim);
    }
}

/// The runs but the first.
fn timed(way: &Way) -> &[Run] {
    way.runs.get(1..).unwrap_or_default()
}

/// The program for the terminal, from start to end.
fn terminal(path: &Path) -> Result<Run, String> {
    let start = Instant::now();
    let mut child = Command::new(places::terminal())
        .arg("analyze")
        .arg(path)
        .args(["--json", "/dev/null", "--quiet"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| format!("The program for the terminal does not start: {error}."))?;
    let mut bytes = 0.0_f64;
    loop {
        // The kernel keeps the high-water mark; only what came in the last few milliseconds can be missed.
        bytes = bytes.max(high_water(child.id()));
        if let Some(status) = child.try_wait().map_err(|error| format!("Lost the program for the terminal: {error}."))? {
            let seconds = start.elapsed().as_secs_f64();
            let run = Run { seconds, first: seconds, bytes };
            return if status.success() { Ok(run) } else { Err(format!("The program for the terminal ended with {status}.")) };
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// The most memory a process has held, in bytes.
fn high_water(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1024.0
}

/// The page, in a fresh browser.
fn page(browser: &str, path: &Path, url: &str, sampled: bool) -> Result<Run, String> {
    let mut node = Command::new("node");
    node.arg(places::root().join("xtask/bench_page.mjs")).arg(browser).arg(path).current_dir(places::root()).env("ODDTRAIL_URL", url).env("MEMORY", if sampled { "1" } else { "0" });
    let printed = process::output(&mut node, "measure the page")?;
    Ok(Run { seconds: number(&printed, "seconds")?, first: number(&printed, "first")?, bytes: number(&printed, "bytes")? })
}

/// Node's gunzip and JSON.parse, which also counts the events.
fn parse(folder: &Path, events: &mut f64) -> Result<Run, String> {
    let mut node = Command::new("node");
    node.arg("--max-old-space-size=8192").arg(places::root().join("xtask/bench_parse.mjs")).arg(folder);
    let printed = process::output(&mut node, "measure JSON.parse")?;
    *events = number(&printed, "events")?;
    let seconds = number(&printed, "seconds")?;
    Ok(Run { seconds, first: seconds, bytes: number(&printed, "bytes")? })
}

/// So many simulated events as 500 files and as one, made once.
fn simulate(events: u64) -> Result<PathBuf, String> {
    let folder = places::target().join("bench").join(format!("simulated-{events}"));
    if folder.join("one.json.gz").exists() && folder.join("made").exists() {
        return Ok(folder);
    }
    println!("Simulating {events} events.");
    let delivered = places::target().join("bench").join("delivered");
    let failed = |error: std::io::Error| format!("Could not lay out simulated events: {error}.");
    if delivered.exists() {
        fs::remove_dir_all(&delivered).map_err(failed)?;
    }
    // As many people and machines as make about so many: sessions grow with events, and nobody grows busier.
    let (people, machines) = ((events / 2_500).clamp(1, 5_000), events * 3 / 25_000);
    let mut made = Command::new(places::terminal());
    made.args(["simulate", "--seed", "7", "--people", &people.to_string(), "--machines", &machines.min(5_000).to_string(), "--days", "30", "--quiet", "--events", &events.to_string()]);
    made.arg("--out").arg(&delivered);
    process::run(&mut made, "simulate events")?;
    let mut node = Command::new("node");
    node.arg("--max-old-space-size=8192").arg(places::root().join("xtask/bench_repack.mjs")).arg(&delivered).arg(&folder).arg(FILES);
    println!("{}", process::output(&mut node, "lay out simulated events")?.trim());
    fs::remove_dir_all(&delivered).map_err(failed)?;
    fs::write(folder.join("made"), "").map_err(failed)?;
    Ok(folder)
}

/// A path's archives: itself, or those in the folder.
fn archives_in(path: &Path) -> Result<Vec<PathBuf>, String> {
    let shown = path.display();
    let path = path.canonicalize().map_err(|_| format!("There is nothing at {shown}. Give the archives: cargo xtask bench logs.zip"))?;
    if path.is_file() {
        return Ok(vec![path]);
    }
    let entries = fs::read_dir(&path).map_err(|error| format!("Could not list {shown}: {error}."))?;
    let mut archives: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|file| file.extension().is_some_and(|end| end == "zip")).collect();
    archives.sort();
    if archives.is_empty() { Err(format!("There is no zip archive in {shown}.")) } else { Ok(archives) }
}

/// Unpacks an archive into an empty folder.
fn unpack(archive: &Path, folder: &Path) -> Result<(), String> {
    let failed = |sentence: String| format!("Could not unpack {}: {sentence}.", archive.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    }
    let file = fs::File::open(archive).map_err(|error| failed(error.to_string()))?;
    let mut zip = zip::ZipArchive::new(file).map_err(|error| failed(error.to_string()))?;
    zip.extract(folder).map_err(|error| failed(error.to_string()))
}

/// A number in a flat line of JSON.
fn number(line: &str, name: &str) -> Result<f64, String> {
    let after = line.split_once(&format!("\"{name}\":")).map(|(_, after)| after).unwrap_or("");
    let end = after.find([',', '}']).unwrap_or(0);
    after[..end].trim().parse().map_err(|_| format!("There is no number \"{name}\" in: {line}"))
}

/// The middle of the runs.
fn median(runs: &[Run], of: impl Fn(&Run) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
