//! Detectors and the whole of scoring in a browser, for `cargo xtask bench-detectors`: the same as benches/detectors.rs, called by xtask/bench_detectors.mjs.
#![cfg(target_arch = "wasm32")]
#![allow(unreachable_pub)] // wasm-bindgen wants `pub`; who reaches it is the browser

use ndarray::Array2;
use oddtrail::{Analyzer, Dbscan, Detector, Geo, IsolationForest, KMeans, Limits, Loader, Matrix, Options, Pca, Scale, labels};
use wasm_bindgen::prelude::wasm_bindgen;

/// One name for each column.
const NAMES: [&str; 24] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x",
];

/// A matrix of 24 columns and the detector in hand.
#[wasm_bindgen]
pub struct Bench {
    matrix: Matrix,
    rows: Vec<usize>,
    detector: Box<dyn Detector>,
}

#[wasm_bindgen]
impl Bench {
    /// Takes the matrix, row by row.
    #[wasm_bindgen(constructor)]
    pub fn new(values: Vec<f64>) -> Bench {
        let rows = values.len() / NAMES.len();
        let mut matrix = Matrix::new(rows, NAMES.to_vec());
        matrix.values = Array2::from_shape_vec((rows, NAMES.len()), values).expect("whole rows");
        Bench { matrix, rows: (0..rows).collect(), detector: Box::new(IsolationForest::default()) }
    }
    /// Fits a detector by its name.
    pub fn fit(&mut self, name: &str) {
        self.detector = match name {
            "pca" => Box::new(Pca::default()),
            "dbscan" => Box::new(Dbscan::default()),
            "k-means" => {
                let mut kmeans = KMeans::default();
                (kmeans.clusters, kmeans.trim, kmeans.most) = (Some(5), 0.0, self.rows.len());
                Box::new(kmeans)
            }
            _ => Box::new(IsolationForest::default()),
        };
        self.detector.fit(&self.matrix, &self.rows, 1);
    }
    /// The scores of the detector fitted last.
    pub fn score(&self) -> Vec<f64> {
        self.detector.score(&self.matrix)
    }
    /// DBSCAN's labels of the first rows, scaled as all of them are.
    pub fn labels(&self, count: usize) -> Vec<i32> {
        let scaled = Scale::fit(&self.matrix, &self.rows).apply(&self.matrix, &self.rows[..count]);
        labels(scaled.view(), 3.0, 10)
    }
}

/// Events read, to be scored.
#[wasm_bindgen]
pub struct Scoring(Analyzer);

#[wasm_bindgen]
impl Scoring {
    /// Reads a file, with a table of networks.
    #[wasm_bindgen(constructor)]
    pub fn new(geo: &[u8], file: Vec<u8>) -> Scoring {
        let mut loader = Loader::new(Limits::default());
        loader.add_file("logins", std::io::Cursor::new(file));
        let mut analyzer = Analyzer::new(Geo::from_bytes(geo).expect("a table"), "");
        analyzer.take(loader);
        Scoring(analyzer)
    }
    /// Sorts events, says who is who, makes sessions and columns, fits, scores, combines and explains: all but writing JSON.
    /// Gives back how many sessions there are.
    pub fn report(&mut self) -> usize {
        self.0.report(&Options::default()).map_or(0, |report| report.sessions.len())
    }
}
