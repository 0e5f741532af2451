//! Detectors: they learn a matrix, score each row, and share the blame among the columns.
//!
//! To add one:
//! 1. write `src/detect/<noun>.rs` with a struct whose public fields are its options, and implement [`Detector`] for it;
//! 2. name it below: one `mod`, one `pub use`, one row in [`DETECTORS`].
//!
//! `tests/detect.rs` then runs it through every boundary case by itself.
//! A detector knows a [`Matrix`](crate::Matrix) and numbers: no event, no session, no AWS.

mod alike;
mod dbscan;
mod detector;
mod likelihood;
mod draw;
mod isolation_forest;
mod kmeans;
mod neighbours;
mod pca;
mod scale;

pub use dbscan::{Dbscan, labels};
pub use detector::{Detector, DetectorEntry};
pub use isolation_forest::IsolationForest;
pub use kmeans::KMeans;
pub(crate) use likelihood::{Likelihood, Peers, Raw};
pub use pca::Pca;
pub use scale::Scale;

/// Every detector, in the order reports show them.
pub const DETECTORS: &[DetectorEntry] = &[
    DetectorEntry {
        name: "isolation forest",
        job: "how few random cuts set a row apart from the others",
        new: || Box::new(IsolationForest::default()),
    },
    DetectorEntry {
        name: "pca",
        job: "how far a row lies along, or off, the directions the others vary in; draws the map",
        new: || Box::new(Pca::default()),
    },
    DetectorEntry {
        name: "k-means",
        job: "how far a row is from the nearest common way to behave; names the personas",
        new: || Box::new(KMeans::default()),
    },
    DetectorEntry {
        name: "dbscan",
        job: "how far a row is from any dense group; finds campaigns",
        new: || Box::new(Dbscan::default()),
    },
];
