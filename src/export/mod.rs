//! The report as files to hand on. Text from a log never becomes markup or a formula.

mod csv;
mod html;
mod json;
mod markdown;
mod table;

pub use csv::{alerts_csv, csv_cell, events_csv};
pub use html::{Figure, report_html};
pub use json::report_json;
pub use markdown::{alert_markdown, alerts_markdown, session_markdown};
pub use table::{TableColumn, calls_column, event_table, sentence_column, session_table};
