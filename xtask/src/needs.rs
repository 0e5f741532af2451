//! What a machine must have. What is there is left alone; what is missing is installed from Debian's packages
//! or from the lock file, and said in one line; where we may not install, the error is the command to run.

use crate::{places, process};
use std::path::Path;
use std::process::{Command, Stdio};

/// A Debian package, why it is needed, and a sign that it is there: a program in the path, or a file.
pub struct Package {
    pub name: &'static str,
    pub why: &'static str,
    pub sign: &'static str,
}

const NODE: Package = Package { name: "nodejs", why: "runs the optimiser, the bundler and the tests of the page", sign: "node" };
const NPM: Package = Package { name: "npm", why: "installs the page's tools from package-lock.json", sign: "npm" };
const PYTHON: Package = Package { name: "python3", why: "runs the detectors that ours are compared with", sign: "python3" };
const VENV: Package = Package { name: "python3-venv", why: "keeps their packages apart from the machine's", sign: "/usr/share/doc/python3-venv" };
const CHROMIUM: Package = Package { name: "chromium", why: "the page is tested and measured in it", sign: "chromium" };
const FIREFOX: Package = Package { name: "firefox-esr", why: "the page is tested in it", sign: "firefox-esr" };
const FONTS: Package = Package {
    name: "fonts-dejavu-core",
    why: "without a font the browsers draw charts without words",
    sign: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
};

/// Node and the tools that package-lock.json names.
pub fn page_tools() -> Result<(), String> {
    packages(&[NODE, NPM])?;
    npm_packages()
}

/// A Python of our own with what we compare with, from xtask/requirements.txt.
pub fn python() -> Result<std::path::PathBuf, String> {
    let check = Command::new("python3").args(["-c", "import ensurepip, venv"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !check.is_ok_and(|status| status.success()) {
        packages(&[PYTHON, VENV])?;
    }
    let wanted = places::root().join("xtask/requirements.txt");
    let list = std::fs::read(&wanted).map_err(|error| format!("Could not read xtask/requirements.txt: {error}."))?;
    let folder = places::target().join("baselines");
    let (python, stamp) = (folder.join("bin/python"), folder.join(".installed-from"));
    if std::fs::read(&stamp).is_ok_and(|known| known == list) {
        return Ok(python);
    }
    println!("Installing scikit-learn and PyOD, to compare with, from xtask/requirements.txt.");
    quietly(Command::new("python3").args(["-m", "venv"]).arg(&folder), "make a virtual environment for Python")?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&wanted);
    quietly(&mut pip, "install the packages of xtask/requirements.txt with pip")?;
    std::fs::write(&stamp, list).map_err(|error| format!("Could not write into {}: {error}.", folder.display()))?;
    Ok(python)
}

/// Both browsers, and a font for them.
pub fn browsers() -> Result<(), String> {
    packages(&[CHROMIUM, FIREFOX, FONTS])
}

/// Installs those of the packages that are missing.
pub fn packages(wanted: &[Package]) -> Result<(), String> {
    let missing: Vec<&Package> = wanted.iter().filter(|package| !present(package.sign)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    let command = format!("apt-get install --no-install-recommends {}", names.join(" "));
    if process::find("apt-get").is_none() {
        let what: Vec<String> = missing.iter().map(|package| format!("  {}: {}", package.name, package.why)).collect();
        return Err(format!("Please install these; on Debian, `{command}` does:\n{}", what.join("\n")));
    }
    if !is_root() {
        return Err(format!("Some packages are missing. Please run:\n  sudo {command}"));
    }
    for package in &missing {
        println!("Installing {} from Debian: {}.", package.name, package.why);
    }
    quietly(Command::new("apt-get").arg("update"), "read Debian's list of packages")?;
    let mut install = Command::new("apt-get");
    install.args(["install", "--yes", "--no-install-recommends"]).args(&names).env("DEBIAN_FRONTEND", "noninteractive");
    quietly(&mut install, &format!("install {}", names.join(" ")))
}

/// Runs `npm ci` once for every state of the lock file.
fn npm_packages() -> Result<(), String> {
    let root = places::root();
    let lock = std::fs::read(root.join("package-lock.json")).map_err(|error| format!("Could not read package-lock.json: {error}."))?;
    let stamp = root.join("node_modules/.installed-from");
    if std::fs::read(&stamp).is_ok_and(|known| known == lock) {
        return Ok(());
    }
    println!("Installing the page's tools (bundler, optimiser, type checker, browser drivers) from package-lock.json.");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&root);
    quietly(&mut npm, "install the packages of package-lock.json with `npm ci`")?;
    std::fs::write(&stamp, lock).map_err(|error| format!("Could not write into node_modules: {error}."))
}

/// Is there a file of this name, or a program in the path?
fn present(sign: &str) -> bool {
    if sign.starts_with('/') { Path::new(sign).exists() } else { process::find(sign).is_some() }
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter_map(|line| line.strip_prefix("Uid:")).any(|ids| ids.split_whitespace().nth(1) == Some("0"))
}

/// Shows what a program printed only when it failed.
fn quietly(command: &mut Command, what: &str) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("Could not {what}: {error}."))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "Could not {what}:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}
