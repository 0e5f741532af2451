//! Other programs: run them, and say in a sentence when they fail.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs a program to its end; `what` completes the sentence "Could not …".
pub fn run(command: &mut Command, what: &str) -> Result<(), String> {
    let status = command.status().map_err(|error| cannot_start(command, what, &error))?;
    if status.success() { Ok(()) } else { Err(format!("Could not {what}: {} ended with {status}.", name(command))) }
}

/// Runs a program and returns what it printed; its errors go to the terminal.
pub fn output(command: &mut Command, what: &str) -> Result<String, String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| cannot_start(command, what, &error))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("Could not {what}: {} ended with {}.", name(command), output.status))
    }
}

/// Runs a program, hands each printed line to `line`, and returns whether it ended well.
pub fn lines(command: &mut Command, what: &str, mut line: impl FnMut(&str)) -> Result<bool, String> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| cannot_start(command, what, &error))?;
    let printed = child.stdout.take().expect("standard output was asked for");
    let mut reader = BufReader::new(printed);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).map_err(|error| format!("Could not {what}: {error}."))? > 0 {
        line(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']));
        bytes.clear();
    }
    Ok(child.wait().map_err(|error| format!("Could not {what}: {error}."))?.success())
}

/// The cargo that started us, or the one in the path.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Where a program is in the path, if it is.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()
}

fn cannot_start(command: &Command, what: &str, error: &std::io::Error) -> String {
    format!("Could not {what}: {} does not start ({error}).", command.get_program().to_string_lossy())
}
