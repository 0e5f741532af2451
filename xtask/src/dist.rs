//! The finished page, twice: a static folder that any web server can hand out under any path, and one file that
//! runs from a disk by double click.

use crate::{module, needs, places, process};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Builds both and says where they are.
pub fn run() -> Result<(), String> {
    folder()?;
    offline()?;
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

/// Puts a service worker into the folder, and names it in the page: hosted, the page works offline after the first visit.
/// `serve` leaves it out, so that no port of this machine goes on showing the page when the server has stopped.
pub fn offline() -> Result<(), String> {
    let dist = places::dist();
    let failed = |error: std::io::Error| format!("Could not write the service worker: {error}.");
    let index = dist.join("index.html");
    let html = fs::read_to_string(&index).map_err(failed)?;
    let (head, body) = html.split_once("</head>").ok_or("index.html has no </head>.")?;
    fs::write(&index, format!("{head}  <meta name=\"service-worker\" content=\"{SERVICE_WORKER}\">\n</head>{body}")).map_err(failed)?;
    let script = fs::read_to_string(places::root().join("www").join(SERVICE_WORKER)).map_err(failed)?;
    let files = own_files(&dist).map_err(failed)?;
    fs::write(dist.join(SERVICE_WORKER), service_worker(&files, &script)).map_err(failed)
}

/// What is put at the top of the folder: a browser lets a service worker see only what lies below it.
const SERVICE_WORKER: &str = "service-worker.js";

/// The SHA-256 of each file that the page in the folder may ask for, by its path.
fn own_files(dist: &Path) -> std::io::Result<BTreeMap<String, [u8; 32]>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(dist.to_owned(), String::new())];
    while let Some((folder, under)) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{under}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push((entry.path(), format!("{path}/")));
            } else if !path.ends_with(".md") && path != "oddtrail.html" && path != SERVICE_WORKER {
                files.insert(path, Sha256::digest(fs::read(entry.path())?).into());
            }
        }
    }
    Ok(files)
}

/// The script below a line that names the files and a version made from them and from the script: no clock, no counter.
fn service_worker(files: &BTreeMap<String, [u8; 32]>, script: &str) -> String {
    let mut all = Sha256::new();
    for (path, hash) in files {
        all.update(path);
        all.update([0]);
        all.update(hash);
    }
    let version: String = all.chain_update(script).finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let files: BTreeMap<&String, String> = files.iter().map(|(path, hash)| (path, base64(hash))).collect();
    format!("const OWN = {};\n\n{script}", serde_json::json!({ "version": version, "files": files }))
}

/// Base64 with padding, as browsers want it beside `sha256-`.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            text.push(if place > three.len() { '=' } else { DIGITS[bits >> (18 - 6 * place) & 63].into() });
        }
    }
    text
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
        if shown.ends_with(".d.ts") || shown.starts_with('.') || shown == "assets-inline.js" || shown == SERVICE_WORKER {
            continue;
        }
        copy(&entry.path(), &to.join(&name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded() {
        // RFC 4648, section 10.
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn a_version_changes_with_what_the_page_holds_and_with_nothing_else() {
        let version = |content: &[u8], script: &str| {
            let files = BTreeMap::from([("index.html".to_owned(), Sha256::digest(content).into())]);
            service_worker(&files, script).split_once("\"version\":\"").map(|(_, after)| after[..16].to_owned()).expect("a version")
        };
        assert_eq!(version(b"one", "script"), version(b"one", "script"));
        assert_ne!(version(b"one", "script"), version(b"two", "script"));
        assert_ne!(version(b"one", "script"), version(b"one", "another"));
    }
}
