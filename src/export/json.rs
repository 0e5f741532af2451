//! The whole report as JSON: the form that [`crate::REPORT_VERSION`] names.

use crate::report::Report;

/// One line of JSON and a newline. The same report gives the same bytes in the browser and in the terminal.
pub fn report_json(report: &Report) -> String {
    let mut json = serde_json::to_string(report).expect("plain data with text keys");
    json.push('\n');
    json
}
