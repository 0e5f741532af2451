//! Detectors: planted outliers, matrices with little in them, and the figures of scikit-learn.

use ndarray::Array2;
use oddtrail::{DETECTORS, Dbscan, Detector, IsolationForest, KMeans, Matrix, Pca, labels};
use serde_json::Value;

const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// A matrix of the given cells.
fn matrix(rows: usize, width: usize, cell: impl Fn(usize, usize) -> f64) -> Matrix {
    let mut matrix = Matrix::new(rows, NAMES[..width].to_vec());
    matrix.values = Array2::from_shape_fn((rows, width), |(row, column)| cell(row, column));
    matrix
}

/// A number from 0 to 1 that looks random, the same for the same cell.
fn noise(row: usize, column: usize) -> f64 {
    let mut hash = (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ (column as u64 + 1).wrapping_mul(0xD1B5_4A32_D192_ED03);
    for _ in 0..3 {
        hash = (hash ^ (hash >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    }
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// Roughly normal.
fn bell(row: usize, column: usize) -> f64 {
    (0..6)
        .map(|part| noise(row, column * 6 + part))
        .sum::<f64>()
        - 3.0
}

/// Fits on every row and scores every row.
fn score(detector: &mut dyn Detector, matrix: &Matrix, seed: u64) -> Vec<f64> {
    detector.fit(matrix, &(0..matrix.rows()).collect::<Vec<_>>(), seed);
    detector.score(matrix)
}

/// What holds for every detector on every matrix. Gives back the scores and blames.
fn check(new: fn() -> Box<dyn Detector>, matrix: &Matrix) -> (Vec<f64>, Vec<Vec<f64>>) {
    let run = || {
        let mut detector = new();
        let scores = score(detector.as_mut(), matrix, 42);
        let blame = |row: usize| detector.blame(matrix.row(row), &matrix.masked.row(row).to_vec());
        (scores, (0..matrix.rows()).map(blame).collect::<Vec<_>>())
    };
    let (scores, blames) = run();
    assert_eq!(scores.len(), matrix.rows());
    for (row, (score, blame)) in scores.iter().zip(&blames).enumerate() {
        assert!((0.0..=1.0).contains(score), "row {row} has score {score}");
        assert_eq!(blame.len(), matrix.columns());
        assert!(blame.iter().all(|share| *share >= 0.0));
        let total: f64 = blame.iter().sum();
        assert!(
            total == 0.0 || (total - 1.0).abs() < 1e-9,
            "row {row} blames {total} in all"
        );
        for (share, masked) in blame.iter().zip(matrix.masked.row(row)) {
            assert!(
                !masked || *share == 0.0,
                "row {row} blames what the file does not say"
            );
        }
    }
    // Bits, not numbers: a NaN would not equal itself, and −0 would equal 0.
    let bits = |scores: &[f64]| {
        scores
            .iter()
            .map(|score| score.to_bits())
            .collect::<Vec<_>>()
    };
    let again = run();
    assert_eq!(bits(&scores), bits(&again.0));
    assert!(blames.iter().zip(&again.1).all(|(a, b)| bits(a) == bits(b)));
    (scores, blames)
}

fn position_of_column(blame: &[f64]) -> usize {
    (0..blame.len()).fold(0, |best, column| {
        if blame[column] > blame[best] {
            column
        } else {
            best
        }
    })
}

#[test]
fn names_are_those_of_the_table() {
    for entry in DETECTORS {
        assert_eq!((entry.new)().name(), entry.name);
        assert!(!entry.job.is_empty());
    }
}

#[test]
fn one_odd_cell_ranks_first_and_gets_the_blame() {
    // Row 77 has 9 in column 2, three times what any other row can have.
    let matrix = matrix(300, 5, |row, column| {
        if (row, column) == (77, 2) {
            9.0
        } else {
            bell(row, column)
        }
    });
    for entry in DETECTORS {
        let (scores, blames) = check(entry.new, &matrix);
        let higher = scores.iter().filter(|score| **score > scores[77]).count();
        // A single odd column among five: the forest may put a row that is rather far out in all of them beside it.
        assert!(
            higher <= 2,
            "{}: {higher} rows rank before the odd one",
            entry.name
        );
        assert_eq!(
            position_of_column(&blames[77]),
            2,
            "{}: {:?}",
            entry.name,
            blames[77]
        );
        assert!(blames[77][2] > 0.5, "{}: {:?}", entry.name, blames[77]);
    }
}

#[test]
fn an_odd_row_learned_without_it_is_odd_too() {
    let matrix = matrix(
        301,
        4,
        |row, column| if row == 300 { 8.0 } else { bell(row, column) },
    );
    for entry in DETECTORS {
        let mut detector = (entry.new)();
        detector.fit(&matrix, &(0..300).collect::<Vec<_>>(), 1);
        let scores = detector.score(&matrix);
        assert!(
            scores[..300].iter().all(|score| *score < scores[300]),
            "{}",
            entry.name
        );
    }
}

#[test]
fn small_and_flat_and_masked_matrices() {
    let mut all_masked = matrix(20, 3, |_, _| 0.0);
    all_masked.masked.fill(true);
    let mut some_masked = matrix(200, 4, bell);
    for row in 0..200 {
        some_masked.masked[[row, row % 4]] = true;
        some_masked.values[[row, row % 4]] = 0.0;
        some_masked.masked[[row, 3]] = true;
    }
    let mut not_numbers = matrix(100, 3, bell);
    not_numbers.values[[3, 1]] = f64::NAN;
    not_numbers.values[[4, 1]] = f64::INFINITY;
    not_numbers.values[[5, 1]] = f64::MAX;
    not_numbers.values[[6, 1]] = f64::MIN;
    let cases = [
        matrix(0, 3, |_, _| 0.0),
        matrix(0, 0, |_, _| 0.0),
        matrix(5, 0, |_, _| 0.0),
        matrix(1, 3, |_, column| column as f64),
        matrix(2, 3, bell),
        matrix(3, 1, bell),
        matrix(50, 3, |_, column| column as f64),
        matrix(
            50,
            3,
            |row, column| if column == 1 { 7.0 } else { bell(row, column) },
        ),
        matrix(50, 3, |row, _| f64::from(u8::from(row == 9))),
        matrix(65, 2, |row, _| row as f64),
        all_masked,
        some_masked,
        not_numbers,
    ];
    for case in &cases {
        for entry in DETECTORS {
            check(entry.new, case);
        }
    }
}

#[test]
fn nothing_fitted_scores_nothing() {
    let matrix = matrix(10, 3, bell);
    for entry in DETECTORS {
        let mut detector = (entry.new)();
        detector.fit(&matrix, &[], 1);
        assert_eq!(detector.score(&matrix), vec![0.0; 10], "{}", entry.name);
        assert_eq!(
            detector.blame(matrix.row(0), &[false; 3]),
            vec![0.0; 3],
            "{}",
            entry.name
        );
    }
}

#[test]
fn one_row_in_a_flat_column_is_found() {
    // 1 in a column where all others have 0: the median deviation is 0, the standard deviation is not.
    let matrix = matrix(400, 4, |row, column| {
        if column == 3 {
            f64::from(u8::from(row == 33))
        } else {
            bell(row, column)
        }
    });
    for entry in DETECTORS {
        let (scores, blames) = check(entry.new, &matrix);
        let higher = scores.iter().filter(|score| **score > scores[33]).count();
        // The forest cuts that column in a quarter of its nodes only, so rows far out in the other three may pass it.
        assert!(higher <= 20, "{}: {higher} rows rank before it", entry.name);
        assert_eq!(
            position_of_column(&blames[33]),
            3,
            "{}: {:?}",
            entry.name,
            blames[33]
        );
    }
}

#[test]
fn seeds_matter_and_only_to_chance() {
    let matrix = matrix(300, 5, bell);
    let forest = |seed| score(&mut IsolationForest::default(), &matrix, seed);
    assert_ne!(forest(1), forest(2));
    let pca = |seed| score(&mut Pca::default(), &matrix, seed);
    assert_eq!(pca(1), pca(2));
}

#[test]
fn the_map_has_its_largest_loading_positive() {
    let matrix = matrix(200, 3, |row, column| {
        bell(row, 0) * [1.0, -3.0, 0.1][column] + 0.1 * bell(row, column + 1)
    });
    let mut pca = Pca::default();
    score(&mut pca, &matrix, 1);
    for component in pca.components() {
        let largest = component
            .iter()
            .copied()
            .fold(0.0f64, |a, b| if b.abs() > a.abs() { b } else { a });
        assert!(largest > 0.0);
    }
    let middle: f64 = (0..200)
        .map(|row| pca.project(matrix.row(row), &[false; 3]).0)
        .sum();
    assert!(middle.abs() < 1e-9);
}

#[test]
fn personas_are_numbered_from_the_most_common() {
    // 120, 60 and 20 rows around three places far apart.
    let matrix = matrix(200, 3, |row, column| {
        let habit = usize::from(row >= 120) + usize::from(row >= 180);
        0.2 * bell(row, column) + [[0.0, 0.0, 0.0], [9.0, 0.0, 3.0], [0.0, 9.0, 9.0]][habit][column]
    });
    let mut personas = KMeans::default();
    personas.trim = 0.0;
    score(&mut personas, &matrix, 5);
    assert_eq!(personas.centres().len(), 3);
    let expected: Vec<usize> = (0..200)
        .map(|row| usize::from(row >= 120) + usize::from(row >= 180))
        .collect();
    assert_eq!(personas.personas(&matrix), expected);
}

#[test]
fn dbscan_gives_rows_it_has_not_seen_to_the_nearest_core() {
    let mut dbscan = Dbscan::default();
    dbscan.most = 300;
    // Two habits, told apart by column 0; every third row is fitted. Row 900 is far from both.
    let matrix = matrix(901, 3, |row, column| {
        if row == 900 {
            60.0
        } else {
            0.5 * bell(row, column)
                + if column == 0 {
                    8.0 * (row % 2) as f64
                } else {
                    0.0
                }
        }
    });
    dbscan.fit(&matrix, &(0..900).collect::<Vec<_>>(), 3);
    let found = dbscan.labels(&matrix);
    assert_eq!(found[900], -1);
    let noise = found.iter().filter(|label| **label < 0).count();
    assert!(noise < 90, "{noise} rows are noise");
    let of = |parity: usize| {
        found[..900]
            .iter()
            .enumerate()
            .filter(move |(row, label)| row % 2 == parity && **label >= 0)
    };
    let (first, second) = (found[0].max(found[2]), found[1].max(found[3]));
    assert_ne!(first, second);
    assert!(of(0).all(|(_, label)| *label == first) && of(1).all(|(_, label)| *label == second));
    assert!(dbscan.score(&matrix)[900] > 0.5);
}

#[test]
fn labels_of_points_without_rows_or_columns() {
    assert!(labels(Array2::zeros((0, 3)).view(), 1.0, 2).is_empty());
    assert_eq!(labels(Array2::zeros((2, 0)).view(), 1.0, 2), [0, 0]);
    assert_eq!(labels(Array2::zeros((1, 2)).view(), 1.0, 1), [0]);
}

/// The set of tests/data/sklearn: which rows are odd, the rows, and what scikit-learn says (make.py made all three).
fn sklearn() -> (Vec<bool>, Matrix, Value) {
    let text = include_str!("data/sklearn/points.csv");
    let numbers = |line: &str| {
        line.split(',')
            .map(|cell| cell.parse().expect("a number"))
            .collect::<Vec<f64>>()
    };
    let lines: Vec<Vec<f64>> = text.lines().map(numbers).collect();
    let points = matrix(lines.len(), 8, |row, column| lines[row][column + 1]);
    let expected =
        serde_json::from_str(include_str!("data/sklearn/expected.json")).expect("valid JSON");
    (
        lines.iter().map(|line| line[0] == 1.0).collect(),
        points,
        expected,
    )
}

/// The chance that an odd row scores higher than an ordinary one.
fn auc(scores: &[f64], odd: &[bool]) -> f64 {
    let (mut won, mut pairs) = (0.0, 0.0);
    for (a, _) in scores.iter().zip(odd).filter(|(_, odd)| **odd) {
        for (b, _) in scores.iter().zip(odd).filter(|(_, odd)| !**odd) {
            pairs += 1.0;
            won += if a > b {
                1.0
            } else {
                f64::from(u8::from(a == b)) / 2.0
            };
        }
    }
    won / pairs
}

#[test]
fn sklearn_forest_ranks_as_well() {
    let (odd, points, expected) = sklearn();
    // Its mean over ten seeds against ours over ten seeds.
    let ours = (0..10)
        .map(|seed| auc(&score(&mut IsolationForest::default(), &points, seed), &odd))
        .sum::<f64>()
        / 10.0;
    let theirs = expected["forest_auc"].as_f64().expect("a number");
    assert!(
        (ours - theirs).abs() < 0.01,
        "{ours} for scikit-learn's {theirs}"
    );
}

#[test]
fn sklearn_principal_components_are_equal() {
    let (_, points, expected) = sklearn();
    let mut pca = Pca::default();
    score(&mut pca, &points, 1);
    for place in 0..8 {
        let value = expected["eigenvalues"][place].as_f64().expect("a number");
        assert!((pca.eigenvalues()[place] - value).abs() < 1e-8);
        let theirs: Vec<f64> = (0..8)
            .map(|at| {
                expected["components"][place][at]
                    .as_f64()
                    .expect("a number")
            })
            .collect();
        let ours = &pca.components()[place];
        // Theirs may point the other way: the sign has no meaning.
        let sign = ours
            .iter()
            .zip(&theirs)
            .map(|(a, b)| a * b)
            .sum::<f64>()
            .signum();
        assert!(
            ours.iter()
                .zip(&theirs)
                .all(|(a, b)| (a - sign * b).abs() < 1e-8)
        );
    }
}

#[test]
fn sklearn_k_means_is_no_tighter() {
    let (_, points, expected) = sklearn();
    for clusters in [2, 3, 4, 6] {
        let mut kmeans = KMeans::default();
        (kmeans.clusters, kmeans.trim) = (Some(clusters), 0.0);
        score(&mut kmeans, &points, 1);
        let theirs = expected["inertia"][clusters.to_string()]
            .as_f64()
            .expect("a number");
        assert!(
            (kmeans.inertia() / theirs - 1.0).abs() < 0.01,
            "{} for {theirs}",
            kmeans.inertia()
        );
    }
}

#[test]
fn sklearn_dbscan_labels_are_identical() {
    let (_, points, expected) = sklearn();
    for case in expected["dbscan"].as_array().expect("cases") {
        let theirs: Vec<i64> = case["labels"]
            .as_array()
            .expect("labels")
            .iter()
            .filter_map(Value::as_i64)
            .collect();
        let least = case["min_samples"].as_u64().expect("a count") as usize;
        let ours = labels(
            points.values.view(),
            case["eps"].as_f64().expect("a number"),
            least,
        );
        assert_eq!(ours.into_iter().map(i64::from).collect::<Vec<_>>(), theirs);
    }
}

#[test]
fn every_detector_finds_most_of_the_planted_rows() {
    let (odd, points, _) = sklearn();
    for entry in DETECTORS {
        let found = auc(&score((entry.new)().as_mut(), &points, 1), &odd);
        assert!(found > 0.8, "{}: AUC {found}", entry.name);
    }
}
