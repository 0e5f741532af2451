//! Rows × columns of numbers, with a mask for "this file does not say". Detectors see nothing else.

use ndarray::Array2;

/// Of a matrix from elsewhere.
const MOST_COLUMNS: usize = 4096;

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
    /// As bytes, to hand from one worker to another: the number of columns, then the cells row by row, not-a-number
    /// where they are masked. Names stay behind.
    pub(crate) fn pack(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 + self.values.len() * 8);
        out.extend_from_slice(&(self.columns() as u64).to_le_bytes());
        for (value, masked) in self.values.iter().zip(&self.masked) {
            out.extend_from_slice(&if *masked { f64::NAN } else { *value }.to_le_bytes());
        }
        out
    }
    /// What [`Matrix::pack`] made, with columns without names. `None`: the bytes are cut off.
    pub(crate) fn unpack(bytes: &[u8]) -> Option<Matrix> {
        let (columns, cells) = bytes.split_first_chunk::<8>()?;
        let columns = usize::try_from(u64::from_le_bytes(*columns)).ok()?;
        let (cells, rest) = cells.as_chunks::<8>();
        if columns == 0 || columns > MOST_COLUMNS || !rest.is_empty() || !cells.len().is_multiple_of(columns) {
            return None;
        }
        let mut matrix = Matrix::new(cells.len() / columns, vec![""; columns]);
        for ((value, masked), cell) in matrix.values.iter_mut().zip(&mut matrix.masked).zip(cells) {
            let cell = f64::from_le_bytes(*cell);
            *masked = cell.is_nan();
            *value = if *masked { 0.0 } else { cell };
        }
        Some(matrix)
    }
    /// One row as a slice (the array is in row-major order).
    pub fn row(&self, row: usize) -> &[f64] {
        let width = self.columns();
        &self.values.as_slice().expect("made in standard order")[row * width..(row + 1) * width]
    }
}
