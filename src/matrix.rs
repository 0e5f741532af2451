//! Rows × columns of numbers, with a mask for "this file does not say". Detectors see nothing else.

use ndarray::Array2;

/// Sessions as rows, columns as columns. Higher values are stranger in every column.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// Shape (rows, columns). A masked cell holds 0.
    pub values: Array2<f64>,
    /// Shape (rows, columns). True where the file says nothing.
    pub masked: Array2<bool>,
    /// The name of each column, in order.
    pub names: Vec<&'static str>,
}

impl Matrix {
    /// An all-zero matrix with nothing masked.
    pub fn new(rows: usize, names: Vec<&'static str>) -> Matrix {
        let shape = (rows, names.len());
        Matrix { values: Array2::zeros(shape), masked: Array2::from_elem(shape, false), names }
    }
    /// How many rows.
    pub fn rows(&self) -> usize {
        self.values.nrows()
    }
    /// How many columns.
    pub fn columns(&self) -> usize {
        self.values.ncols()
    }
    /// One row as a slice (the array is in row-major order).
    pub fn row(&self, row: usize) -> &[f64] {
        let width = self.columns();
        &self.values.as_slice().expect("made in standard order")[row * width..(row + 1) * width]
    }
}
