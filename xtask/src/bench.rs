//! Events per second and peak memory: the terminal, the page in Chromium, and node's gunzip and JSON.parse on the
//! same files. Medians of three runs that take turns, so that a busy moment of the machine hits all alike.

use crate::serve::Site;
use crate::{dist, needs, places, process};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Measured where no path is given.
const USUAL: &str = "../shared/data/org";

/// How often each is measured.
const RUNS: usize = 3;

/// One run: how long it took, and the most memory it held.
#[derive(Clone, Copy)]
struct Run {
    seconds: f64,
    bytes: f64,
}

/// One way to read the files; node's is the last, and the others are compared with it.
struct Way {
    name: &'static str,
    runs: Vec<Run>,
    failure: Option<String>,
}

/// Measures every archive that the paths name.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let root = places::root();
    let paths: Vec<PathBuf> = if arguments.is_empty() { vec![root.join(USUAL)] } else { arguments.iter().map(PathBuf::from).collect() };
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

    println!("| file | events | read by | seconds | events/s | against JSON.parse | peak memory |");
    println!("|---|---:|---|---:|---:|---:|---:|");
    let mut failures = Vec::new();
    for archive in archives {
        measure(&archive, &format!("http://{address}/"), &mut failures)?;
    }
    println!("\nMedians of {RUNS}. Terminal: the whole process. Page: from choosing the file until done, and the renderers' memory over rest.");
    println!("JSON.parse: node's gunzip and JSON.parse alone, without starting node.");
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// Measures one archive, prints a row for each way, and keeps the sentences of those that failed.
fn measure(archive: &Path, url: &str, failures: &mut Vec<String>) -> Result<(), String> {
    let name = archive.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let unpacked = places::target().join("bench").join(archive.file_stem().unwrap_or_default());
    unpack(archive, &unpacked)?;
    let mut events = 0.0;
    let mut ways = ["terminal, archive", "terminal, unpacked", "page, archive", "JSON.parse, unpacked"]
        .map(|name| Way { name, runs: Vec::new(), failure: None });
    for _ in 0..RUNS {
        for (index, way) in ways.iter_mut().enumerate() {
            if way.failure.is_some() {
                continue;
            }
            let run = match index {
                0 => terminal(archive),
                1 => terminal(&unpacked),
                2 => page(archive, url),
                _ => parse(&unpacked, &mut events),
            };
            match run {
                Ok(run) => way.runs.push(run),
                Err(sentence) => way.failure = Some(sentence),
            }
        }
    }
    let base = median(&ways[3].runs, |run| run.seconds);
    for way in &ways {
        if let Some(sentence) = &way.failure {
            println!("| {name} | {events} | {} | not measured | | | |", way.name);
            failures.push(format!("{name}, {}: {sentence}", way.name));
            continue;
        }
        let (seconds, bytes) = (median(&way.runs, |run| run.seconds), median(&way.runs, |run| run.bytes));
        let (rate, ratio, megabytes) = (events / seconds, base / seconds, bytes / 1e6);
        println!("| {name} | {events} | {} | {seconds:.2} | {rate:.0} | {ratio:.2} × | {megabytes:.0} MB |", way.name);
    }
    Ok(())
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
            return if status.success() { Ok(Run { seconds, bytes }) } else { Err(format!("The program for the terminal ended with {status}.")) };
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

/// The page, in a fresh Chromium.
fn page(archive: &Path, url: &str) -> Result<Run, String> {
    let mut node = Command::new("node");
    node.arg(places::root().join("xtask/bench_page.mjs")).arg(archive).current_dir(places::root()).env("ODDTRAIL_URL", url);
    let printed = process::output(&mut node, "measure the page")?;
    Ok(Run { seconds: number(&printed, "seconds")?, bytes: number(&printed, "bytes")? })
}

/// Node's gunzip and JSON.parse, which also counts the events.
fn parse(folder: &Path, events: &mut f64) -> Result<Run, String> {
    let mut node = Command::new("node");
    node.arg("--max-old-space-size=8192").arg(places::root().join("xtask/bench_parse.mjs")).arg(folder);
    let printed = process::output(&mut node, "measure JSON.parse")?;
    *events = number(&printed, "events")?;
    Ok(Run { seconds: number(&printed, "seconds")?, bytes: number(&printed, "bytes")? })
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
