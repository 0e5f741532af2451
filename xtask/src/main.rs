//! `cargo xtask COMMAND`: everything one does with the page, on a bare machine too.
//!
//! | command | what it does |
//! |---|---|
//! | `serve [--port 8080]` | builds the page and serves it on 127.0.0.1 |
//! | `dist` | the static folder `dist/`, and the page as one file, `dist/oddtrail.html` |
//! | `test` | every test there is; the last line counts them |
//! | `geo` | makes the table of networks in `data/geo` again, from npm packages |
//! | `evaluate [--seeds 1001-1010]` | how good detection is; writes `docs/evaluation.md` |
//! | `bench-detectors` | detectors natively and in Chromium against scikit-learn's, on the same matrix |
//! | `bench [--simulated N] [--growth] [PATHS]` | events per second and peak memory: terminal, page, and plain JSON.parse |
//!
//! What a command needs and the machine lacks is installed first, and said in one line each (`needs.rs`).
//! `cargo build` and `cargo test` need nothing of this.

mod bench;
mod bench_detectors;
mod dist;
mod evaluate;
mod geo;
mod module;
mod needs;
mod places;
mod process;
mod serve;
mod test;
mod wasm_std;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask serve [--port 8080]   build the page and serve it on 127.0.0.1
cargo xtask dist                  build the static folder dist/ and the one file dist/oddtrail.html
cargo xtask test                  run every test there is
cargo xtask geo                   make the table of networks in data/geo again
cargo xtask evaluate [--seeds …]  measure how good detection is and write docs/evaluation.md
cargo xtask bench-detectors       measure detectors natively and in Chromium against scikit-learn's
cargo xtask bench [--simulated N] [--growth] [--runs N] [PATHS]
                                  measure the terminal, the page, and plain JSON.parse on the same files";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    let done = match command {
        "serve" => serve::run(rest),
        "dist" => nothing_more(rest).and_then(|()| dist::run()),
        "test" => nothing_more(rest).and_then(|()| test::run()),
        "geo" => nothing_more(rest).and_then(|()| geo::run()),
        "bench" => bench::run(rest),
        "bench-detectors" => nothing_more(rest).and_then(|()| bench_detectors::run()),
        "evaluate" => evaluate::run(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("There is no command \"{other}\".\n\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            if !sentence.is_empty() {
                eprintln!("{sentence}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Refuses arguments a command does not know.
fn nothing_more(rest: &[String]) -> Result<(), String> {
    match rest.first() {
        Some(argument) => Err(format!("This command takes no argument, but \"{argument}\" was given.")),
        None => Ok(()),
    }
}
