//! Finds odd logins in AWS CloudTrail files and says why they are odd.

mod bytes;
mod error;
mod num;
mod parallel;
mod time;

mod record;
mod event;
mod matrix;
mod profile;
mod report;

mod geo;
mod ingest;
mod cloudtrail;
mod client;
mod identity;
mod session;
mod columns;
mod detect;
mod combine;
mod scoring;
mod known;
mod rules;
mod incident;
mod explain;
mod integrity;
mod closeup;
mod export;
mod charts;
mod evaluate;
mod simulate;

mod analyzer;

#[cfg(not(target_arch = "wasm32"))]
pub use analyzer::read_together;
pub use analyzer::{Ablation, Analyzer, BUILT_IN, Loader, Options, classify, report_page};
pub use charts::{
    AlertMark, Axis, CHARTS, Chart, ChartData, ChartOf, Drawn, Hit, JourneyMark, PlaceMark, RankedLine, ReasonBar, SessionBar, Style, as_table,
    chart_data, chart_says, dark_style, draw, find_chart, svg,
};
pub use columns::{COLUMNS, Column, Mode};
pub use detect::{DETECTORS, Dbscan, Detector, DetectorEntry, IsolationForest, KMeans, Pca, Scale, labels};
pub use error::{Error, Skipped};
pub use evaluate::{Evaluation, Label, Labels, ScenarioFigures, evaluate, evaluation_text, read_labels, read_scores};
pub use export::{Figure, TableColumn, alert_markdown, alerts_csv, alerts_markdown, calls_column, csv_cell, event_table, events_csv, report_html, report_json, sentence_column, session_markdown, session_table};
pub use geo::{AddressKind, Geo, NetworkKind, distance_km};
pub use ingest::{FileReport, Hashed, Limits, Part, Source, hash_part, missing_fields, parts_of, read_bytes, read_file, read_file_watched, read_original};

pub use simulate::{LABELS_HEADER, Recipe, SCENARIOS, Scenario, SimulatedDay, Simulation, TrailFile, simulate};
/// Addresses made-up organisations come from.
pub use simulate::{AWS_NETWORKS, NETWORKS, Net, RUNNER_NETWORKS};

pub use known::{KNOWN_VERSION, Known, KnownEntry, KnownProblem};
pub use matrix::Matrix;
pub use record::{Finding, Place, Record};
pub use report::*;
/// What a rule says of a session; [`Label`] is a label of the truth.
pub use report::Label as RuleLabel;
pub use time::{Zone, format_time, parse_date};

#[cfg(target_arch = "wasm32")]
#[allow(unreachable_pub)] // wasm-bindgen wants `pub`; who reaches it is the browser
mod wasm;
