//! The WebAssembly module and its JavaScript: `pkg/oddtrail_bg.wasm`, `pkg/oddtrail.js`, `pkg/oddtrail.d.ts`.
//!
//! cargo → wasm-bindgen → wasm-opt. Cargo knows by itself what has changed; the rest runs when its module has.

use crate::{needs, places, process, wasm_std};
use std::fs;
use std::path::Path;
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// What rustc lets the module use, and thus what the optimiser may meet.
const FEATURES: [&str; 7] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds `pkg/`, if anything has changed.
pub fn build() -> Result<(), String> {
    let toolchain = wasm_std::toolchain()?;
    needs::page_tools()?;
    let (root, target, pkg) = (places::root(), places::target().join("wasm"), places::pkg());
    let mut cargo = toolchain.cargo();
    cargo
        .args(["build", "--quiet", "--release", "--locked", "--lib", "--package", "oddtrail", "--target", wasm_std::TARGET])
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(&root));
    process::run(&mut cargo, "build the module for the browser")?;

    let built = target.join(wasm_std::TARGET).join("release/oddtrail.wasm");
    let bytes = fs::read(&built).map_err(|error| format!("Cargo left no {}: {error}.", built.display()))?;
    let stamp = target.join("pkg-made-from.wasm");
    let there = ["oddtrail.js", "oddtrail_bg.wasm", "oddtrail.d.ts"].iter().all(|name| pkg.join(name).exists());
    if there && fs::read(&stamp).is_ok_and(|known| known == bytes) {
        return Ok(());
    }
    println!("Making the module's JavaScript and optimising it.");
    if pkg.exists() {
        fs::remove_dir_all(&pkg).map_err(|error| format!("Could not empty pkg/: {error}."))?;
    }
    bind(&built, "oddtrail", &pkg)?;
    optimise(&root, &pkg.join("oddtrail_bg.wasm"))?;
    fs::write(&stamp, bytes).map_err(|error| format!("Could not remember what pkg/ was made from: {error}."))
}

/// Builds an example for the browser into `folder`, as the module is built.
pub fn example(name: &str, folder: &Path) -> Result<(), String> {
    let toolchain = wasm_std::toolchain()?;
    let (root, target) = (places::root(), places::target().join("wasm"));
    let mut cargo = toolchain.cargo();
    cargo
        .args(["build", "--quiet", "--release", "--locked", "--example", name, "--package", "oddtrail", "--target", wasm_std::TARGET])
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(&root));
    process::run(&mut cargo, &format!("build {name} for the browser"))?;
    let built = target.join(wasm_std::TARGET).join("release/examples").join(format!("{name}.wasm"));
    bind(&built, name, folder)?;
    optimise(&root, &folder.join(format!("{name}_bg.wasm")))
}

/// SIMD, and no path of the machine that built it inside what is published.
fn flags(root: &Path) -> String {
    let mut flags = vec!["-C".to_owned(), "target-feature=+simd128".to_owned()];
    flags.push(format!("--remap-path-prefix={}=oddtrail", root.display()));
    if let Some(home) = places::cargo_home() {
        flags.push(format!("--remap-path-prefix={}=cargo", home.display()));
    }
    flags.join("\u{1f}")
}

/// Writes the JavaScript that a page or worker imports: `init()`, `initSync()` and the exported functions.
fn bind(module: &Path, name: &str, pkg: &Path) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(name).typescript(true).omit_default_module_path(false);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(pkg))
        .map_err(|error| format!("Could not make the module's JavaScript: {error:#}."))
}

/// Makes the module smaller and faster, in place.
fn optimise(root: &Path, module: &Path) -> Result<(), String> {
    let mut node = Command::new("node");
    node.arg(root.join("node_modules/binaryen/bin/wasm-opt")).args(["-O3", "--one-caller-inline-max-function-size=200"]).args(FEATURES).arg(module).arg("-o").arg(module);
    process::run(&mut node, "optimise the module")
}
