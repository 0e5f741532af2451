//! Detectors natively, on a matrix that `cargo xtask bench-detectors` also hands to scikit-learn and to Chromium.
//!
//! `detectors FOLDER` makes FOLDER/matrix.f64 (100,000 × 24, row-major) and FOLDER/truth.u8 if they are not there, prints a line of
//! JSON for each detector (seconds of fit and score), and leaves each detector's scores, and DBSCAN's labels, in FOLDER.
#![allow(clippy::print_stdout)] // it prints its figures

use std::fs;
use std::path::Path;
use std::time::Instant;

use ndarray::Array2;
use oddtrail::{Dbscan, Detector, IsolationForest, KMeans, Matrix, Pca, Scale, labels};

/// Rows of the matrix: sessions.
const ROWS: usize = 100_000;
/// Rows that DBSCAN labels.
const LABELLED: usize = 10_000;
/// One name for each column.
const NAMES: [&str; 24] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x",
];

fn main() {
    let folder = std::env::args().nth(1).expect("usage: detectors FOLDER");
    let folder = Path::new(&folder);
    let matrix = read_or_make(folder);
    let rows: Vec<usize> = (0..ROWS).collect();

    let mut kmeans = KMeans::default();
    // The same work as scikit-learn's: five clusters, every row, the best of ten starts.
    (kmeans.clusters, kmeans.trim, kmeans.most) = (Some(5), 0.0, ROWS);
    measure(folder, "isolation forest", &mut IsolationForest::default(), &matrix, &rows);
    measure(folder, "pca", &mut Pca::default(), &matrix, &rows);
    measure(folder, "k-means", &mut kmeans, &matrix, &rows);
    println!("{{\"name\":\"inertia\",\"value\":{}}}", kmeans.inertia());
    measure(folder, "dbscan", &mut Dbscan::default(), &matrix, &rows);

    let scale = Scale::fit(&matrix, &rows);
    let scaled = scale.apply(&matrix, &rows);
    save(&folder.join("scaled.f64"), scaled.iter().flat_map(|value| value.to_le_bytes()));
    let first = scale.apply(&matrix, &rows[..LABELLED]);
    let start = Instant::now();
    let found = labels(first.view(), 3.0, 10);
    println!("{{\"name\":\"labels\",\"fit\":{},\"score\":0}}", start.elapsed().as_secs_f64());
    save(&folder.join("labels.i32"), found.into_iter().flat_map(i32::to_le_bytes));
}

/// Times a detector's fit and score, and keeps its scores.
fn measure(folder: &Path, name: &str, detector: &mut dyn Detector, matrix: &Matrix, rows: &[usize]) {
    let start = Instant::now();
    detector.fit(matrix, rows, 1);
    let fit = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let scores = detector.score(matrix);
    let score = start.elapsed().as_secs_f64();
    println!("{{\"name\":\"{name}\",\"fit\":{fit},\"score\":{score}}}");
    save(&folder.join(format!("{}.f64", name.replace(' ', "-"))), scores.into_iter().flat_map(f64::to_le_bytes));
}

fn save(path: &Path, bytes: impl Iterator<Item = u8>) {
    fs::write(path, bytes.collect::<Vec<u8>>()).expect("the folder can be written to");
}

/// The matrix, made like sessions: three habits; columns that are mostly 0, columns of a few values, columns that vary together;
/// and 1 % of rows that are odd in three of them.
fn read_or_make(folder: &Path) -> Matrix {
    let mut matrix = Matrix::new(ROWS, NAMES.to_vec());
    if let Ok(bytes) = fs::read(folder.join("matrix.f64")) {
        let values = bytes.chunks_exact(8).map(|eight| f64::from_le_bytes(eight.try_into().expect("eight bytes")));
        matrix.values = Array2::from_shape_vec((ROWS, NAMES.len()), values.collect()).expect("made by this program");
        return matrix;
    }
    let mut truth = vec![0u8; ROWS];
    for (row, truth) in truth.iter_mut().enumerate() {
        let habit = (noise(row, 90) * 3.0) as usize;
        let common = bell(row, 91);
        for column in 0..NAMES.len() {
            let own = bell(row, column);
            matrix.values[[row, column]] = match column {
                0..8 => own + common * (column as f64 / 8.0) + habit as f64 * ((column % 3) as f64 * 2.0 - 2.0),
                8..12 => (noise(row, column) * [2.0, 3.0, 5.0, 9.0][column - 8]).floor() + habit as f64,
                12..18 => if noise(row, column + 40) < 0.03 { 1.0 + own.abs() } else { 0.0 },
                _ => (own + 0.5 * common).max(0.0),
            };
        }
        if noise(row, 92) < 0.01 {
            *truth = 1;
            for part in 0..3 {
                let column = (noise(row, 93 + part) * NAMES.len() as f64) as usize;
                matrix.values[[row, column]] += 2.0 + 4.0 * noise(row, 96 + part);
            }
        }
    }
    fs::create_dir_all(folder).expect("the folder can be made");
    save(&folder.join("matrix.f64"), matrix.values.iter().flat_map(|value| value.to_le_bytes()));
    save(&folder.join("truth.u8"), truth.into_iter());
    matrix
}

/// A number from 0 to 1 that looks random, the same for the same cell.
fn noise(row: usize, column: usize) -> f64 {
    let mut hash = (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (column as u64 + 1).wrapping_mul(0xD1B5_4A32_D192_ED03);
    for _ in 0..3 {
        hash = (hash ^ (hash >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    }
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// Roughly normal.
fn bell(row: usize, column: usize) -> f64 {
    (0..6).map(|part| noise(row, 100 + column * 6 + part)).sum::<f64>() * 1.4 - 4.2
}
