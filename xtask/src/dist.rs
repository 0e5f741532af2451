//! The finished page, twice: a static folder that any web server can hand out under any path, and one file that
//! runs from a disk by double click.

use crate::{module, needs, places, process};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Builds both and says where they are.
pub fn run() -> Result<(), String> {
    folder()?;
    one_file()?;
    println!("dist/index.html is the page for a web server; dist/oddtrail.html is the page in one file.");
    Ok(())
}

/// Builds the static folder: the sources as they are, the module, and the tables.
pub fn folder() -> Result<(), String> {
    module::build()?;
    let (root, dist) = (places::root(), places::dist());
    if !root.join("index.html").exists() {
        return Err("There is no index.html, so there is no page to build.".into());
    }
    if dist.exists() {
        fs::remove_dir_all(&dist).map_err(|error| format!("Could not empty dist/: {error}."))?;
    }
    fs::create_dir_all(&dist).map_err(|error| format!("Could not make dist/: {error}."))?;
    copy(&root.join("index.html"), &dist.join("index.html"))?;
    copy(&root.join("www"), &dist.join("www"))?;
    copy(&places::pkg(), &dist.join("pkg"))?;
    if root.join("data/geo").exists() {
        copy(&root.join("data/geo"), &dist.join("data/geo"))?;
    }
    Ok(())
}

/// Builds the page in one file beside the static folder.
pub fn one_file() -> Result<(), String> {
    needs::page_tools()?;
    let root = places::root();
    let mut node = Command::new("node");
    node.arg(root.join("xtask/one_file.mjs")).arg(&root).arg(places::dist().join("oddtrail.html"));
    process::run(&mut node, "put the page into one file")
}

/// Copies a file or a folder, but for what only helps to write the page.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("Could not copy {}: {error}.", from.display());
    if !from.is_dir() {
        return fs::copy(from, to).map(drop).map_err(failed);
    }
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let shown = name.to_string_lossy();
        if shown.ends_with(".d.ts") || shown.starts_with('.') || shown == "assets-inline.js" {
            continue;
        }
        copy(&entry.path(), &to.join(&name))?;
    }
    Ok(())
}
