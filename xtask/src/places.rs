//! Where things are.

use std::path::PathBuf;

/// The repository.
pub fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or(package.clone(), PathBuf::from)
}

/// What is built and may be deleted; `CARGO_TARGET_DIR` moves it.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The generated module and its JavaScript, as the page's sources import them.
pub fn pkg() -> PathBuf {
    root().join("pkg")
}

/// The finished page.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The program for the terminal, as `cargo build --release` leaves it.
pub fn terminal() -> PathBuf {
    target().join("release/oddtrail")
}

/// Where cargo keeps the sources of what we depend on.
pub fn cargo_home() -> Option<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home)
}
