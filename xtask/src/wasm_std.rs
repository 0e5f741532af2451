//! A compiler with the standard library for WebAssembly.
//!
//! Three worlds, in this order: the active toolchain has the target (rustup adds it where `rust-toolchain.toml` may
//! speak); Debian's packages, whose compiler, source and linker match each other, and from which the library is built
//! once into a sysroot of our own; or else the one line the user must run.

use crate::needs::{self, Package};
use crate::{places, process};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The target the page is built for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Changes when the recipe below does, so that old sysroots are built anew.
const RECIPE: &str = "2";

const WHY: &str = "the active Rust toolchain has no standard library for WebAssembly, and Debian's can build it";
const DEBIAN: [Package; 4] = [
    Package { name: "rustc-web", why: WHY, sign: "/usr/bin/rustc" },
    Package { name: "cargo-web", why: WHY, sign: "/usr/bin/cargo" },
    Package { name: "rust-web-src", why: WHY, sign: "/usr/lib/rustlib/src/rust/library/Cargo.lock" },
    Package { name: "lld-22", why: "links WebAssembly for Debian's compiler", sign: "/usr/bin/wasm-ld-22" },
];
const LINKER: &str = "/usr/bin/wasm-ld-22";

/// A cargo that can build for WebAssembly.
pub struct Toolchain {
    /// The folder of cargo and rustc, where they are not the active ones.
    bin: Option<PathBuf>,
}

impl Toolchain {
    /// `cargo` of this toolchain.
    pub fn cargo(&self) -> Command {
        match &self.bin {
            None => process::cargo(),
            Some(bin) => {
                let mut cargo = debian("cargo", bin);
                cargo.env("RUSTC", bin.join("rustc")).env("RUSTDOC", bin.join("rustdoc")).env("CARGO", bin.join("cargo"));
                cargo
            }
        }
    }
}

/// Finds a toolchain that can build for WebAssembly, or makes one.
pub fn toolchain() -> Result<Toolchain, String> {
    if active_has_target() {
        return Ok(Toolchain { bin: None });
    }
    if !Path::new("/etc/debian_version").exists() {
        return Err(format!("The Rust toolchain cannot build for WebAssembly yet. Please run:\n  rustup target add {TARGET}"));
    }
    needs::packages(&DEBIAN).map_err(|sentence| format!("{sentence}\nOr, where rustup may fetch:\n  rustup target add {TARGET}"))?;
    let sysroot = places::target().join("wasm-sysroot");
    let version = process::output(debian("rustc", Path::new("/usr/bin")).arg("-vV"), "ask Debian's compiler for its version")?;
    let stamp = format!("recipe {RECIPE}\n{version}");
    if fs::read_to_string(sysroot.join("stamp")).is_ok_and(|known| known == stamp) {
        return Ok(Toolchain { bin: Some(sysroot.join("bin")) });
    }
    println!("Building Rust's standard library for WebAssembly, once (about a minute): {WHY}.");
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .ok_or("Debian's compiler does not name its host in `rustc -vV`.")?;
    build(&sysroot, host).and_then(|()| fs::write(sysroot.join("stamp"), stamp).map_err(|error| format!("Could not write the sysroot's stamp: {error}.")))?;
    Ok(Toolchain { bin: Some(sysroot.join("bin")) })
}

/// Does the active toolchain bring the library?
fn active_has_target() -> bool {
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--print", "target-libdir", "--target", TARGET]).current_dir(places::root()).stderr(Stdio::null());
    let Ok(output) = rustc.output() else { return false };
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success() && fs::read_dir(folder).is_ok_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
}

/// Builds the library with Debian's cargo in an empty crate, then lays a sysroot around it.
fn build(sysroot: &Path, host: &str) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("Could not lay the sysroot for WebAssembly: {error}.");
    if sysroot.exists() {
        fs::remove_dir_all(sysroot).map_err(failed)?;
    }
    // What was built with an older library cannot be linked with the new one.
    let stale = places::target().join("wasm");
    if stale.exists() {
        fs::remove_dir_all(stale).map_err(failed)?;
    }
    let nursery = sysroot.join("build");
    fs::create_dir_all(nursery.join("src")).map_err(failed)?;
    fs::write(nursery.join("Cargo.toml"), "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n").map_err(failed)?;
    fs::write(nursery.join("src/lib.rs"), "#![no_std]\n").map_err(failed)?;
    let usr = Path::new("/usr/bin");
    // Without bitcode in the library, link-time optimisation of the page's module fails.
    let mut flags = "-C embed-bitcode=yes".to_owned();
    if let Some(home) = places::cargo_home() {
        flags.push_str(&format!(" --remap-path-prefix={}=cargo", home.display()));
    }
    let mut cargo = debian("cargo", usr);
    cargo
        .args(["build", "--quiet", "--release", "-Z", "build-std=std,panic_abort,test,proc_macro", "--target", TARGET])
        .current_dir(&nursery)
        .env("RUSTC", usr.join("rustc"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", nursery.join("target"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
    process::run(&mut cargo, "build Rust's standard library for WebAssembly")?;

    let library = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&library).map_err(failed)?;
    for file in fs::read_dir(nursery.join("target").join(TARGET).join("release/deps")).map_err(failed)? {
        let file = file.map_err(failed)?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            fs::copy(file.path(), library.join(name)).map_err(failed)?;
        }
    }
    let host_folder = sysroot.join("lib/rustlib").join(host);
    fs::create_dir_all(host_folder.join("bin")).map_err(failed)?;
    symlink(Path::new("/usr/lib/rustlib").join(host).join("lib"), host_folder.join("lib")).map_err(failed)?;
    symlink("/usr/lib/rustlib/src", sysroot.join("lib/rustlib/src")).map_err(failed)?;
    symlink(LINKER, host_folder.join("bin/rust-lld")).map_err(failed)?;

    // A link would not move the sysroot, so the compilers are told of it.
    let bin = sysroot.join("bin");
    fs::create_dir_all(&bin).map_err(failed)?;
    for program in ["rustc", "rustdoc"] {
        let wrapper = bin.join(program);
        fs::write(&wrapper, format!("#!/bin/sh\nexec /usr/bin/{program} --sysroot \"$(dirname \"$0\")/..\" \"$@\"\n")).map_err(failed)?;
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).map_err(failed)?;
    }
    symlink("/usr/bin/cargo", bin.join("cargo")).map_err(failed)?;
    fs::remove_dir_all(nursery).map_err(failed)
}

/// A program of Debian's toolchain in `folder`, without what cargo and rustup told this process.
fn debian(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(folder.join(program));
    for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTFLAGS", "RUSTC_WRAPPER", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    let mut path = OsString::from(folder);
    if let Some(rest) = std::env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    command.env("PATH", path);
    command
}
