//! Rows × columns of numbers, with a mask for "this file does not say". Detectors see nothing else.

use std::hash::{Hash, Hasher};

use hashbrown::HashMap;
use ndarray::{Array2, Axis};

/// Of a matrix from elsewhere.
const MOST_COLUMNS: usize = 4096;

/// What a cell is, in bytes that are handed over. Most are zero.
const ZERO: u8 = 0;
const MASKED: u8 = 1;
const GIVEN: u8 = 2;

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
    /// Its rows without those that are there already, in order, and which of them each row is.
    #[inline(never)]
    pub(crate) fn distinct(&self) -> Distinct {
        let masked = self.masked.as_slice().expect("made in standard order").chunks_exact(self.columns().max(1));
        let alike = Alike::of((0..self.rows()).map(|row| Bits(self.row(row))).zip(masked));
        let few = Matrix { values: self.values.select(Axis(0), &alike.firsts), masked: self.masked.select(Axis(0), &alike.firsts), names: self.names.clone() };
        Distinct { few, alike }
    }
    /// One row as a slice (the array is in row-major order).
    pub fn row(&self, row: usize) -> &[f64] {
        let width = self.columns();
        &self.values.as_slice().expect("made in standard order")[row * width..(row + 1) * width]
    }
    /// As bytes, to hand from one worker to another: how many columns and how many rows, then row by row a byte for each cell
    /// ([`ZERO`], [`MASKED`], [`GIVEN`]) and the numbers of those that are neither. Names stay behind.
    pub(crate) fn pack(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(16 + self.values.len() * 2);
        for count in [self.columns(), self.rows()] {
            out.extend_from_slice(&(count as u64).to_le_bytes());
        }
        let mut given = Vec::new();
        let masked = self.masked.as_slice().expect("made in standard order").chunks_exact(self.columns().max(1));
        for (row, masked) in (0..self.rows()).zip(masked) {
            out.extend(self.row(row).iter().zip(masked).map(|(value, masked)| match (masked, value.to_bits()) {
                (true, _) => MASKED,
                (_, 0) => ZERO,
                _ => {
                    given.extend_from_slice(&value.to_le_bytes());
                    GIVEN
                }
            }));
            out.append(&mut given);
        }
        out
    }
    /// What [`Matrix::pack`] made, with columns without names. `None`: the bytes are cut off.
    pub(crate) fn unpack(bytes: &[u8]) -> Option<Matrix> {
        let (head, cells) = bytes.split_at_checked(16)?;
        let count = |at: usize| head[at..].first_chunk::<8>().and_then(|count| usize::try_from(u64::from_le_bytes(*count)).ok());
        let (columns, rows) = (count(0)?, count(8)?);
        if columns == 0 || columns > MOST_COLUMNS || cells.len() < rows.checked_mul(columns)? {
            return None;
        }
        let mut matrix = Matrix::new(rows, vec![""; columns]);
        let (values, masked) = (matrix.values.as_slice_mut()?.chunks_exact_mut(columns), matrix.masked.as_slice_mut()?.chunks_exact_mut(columns));
        let mut rest = cells;
        for (values, masked) in values.zip(masked) {
            let (kinds, given) = rest.split_at_checked(columns)?;
            rest = given;
            for ((value, masked), kind) in values.iter_mut().zip(masked).zip(kinds) {
                *masked = *kind == MASKED;
                if *kind == GIVEN {
                    let (number, behind) = rest.split_first_chunk::<8>()?;
                    (*value, rest) = (f64::from_le_bytes(*number), behind);
                }
            }
        }
        rest.is_empty().then_some(matrix)
    }
}

/// A matrix with each row once.
pub(crate) struct Distinct {
    /// Those that differ.
    pub(crate) few: Matrix,
    /// Which of them each row is.
    pub(crate) alike: Alike,
}

impl Distinct {
    /// All rows, as numbers of those that differ.
    pub(crate) fn rows(&self) -> Vec<usize> {
        self.alike.which.iter().map(|row| *row as usize).collect()
    }
}

/// What of many is alike. Half of all sessions have the same columns as another to the last bit, or more: what is asked of one
/// by itself is asked once.
pub(crate) struct Alike {
    /// Where each that differs stands first; empty where it is from elsewhere.
    pub(crate) firsts: Vec<usize>,
    /// Which of them each is.
    pub(crate) which: Vec<u32>,
}

impl Alike {
    pub(crate) fn of<T: Hash + Eq>(all: impl Iterator<Item = T>) -> Alike {
        // To make room later is to hash all again.
        let mut known = HashMap::with_capacity(all.size_hint().0);
        let mut firsts = Vec::new();
        let number = |(place, one)| {
            *known.entry(one).or_insert_with(|| {
                firsts.push(place);
                firsts.len() as u32 - 1
            })
        };
        let which = all.enumerate().map(number).collect();
        Alike { firsts, which }
    }

    /// What is known of each, by what is known of those that differ.
    pub(crate) fn each<T: Copy>(&self, of_few: &[T]) -> impl Iterator<Item = T> {
        self.which.iter().map(|number| of_few[*number as usize])
    }
}

/// Numbers that are the same if their bits are.
pub(crate) struct Bits<'n>(pub(crate) &'n [f64]);

impl PartialEq for Bits<'_> {
    fn eq(&self, other: &Bits<'_>) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(other.0).all(|(a, b)| a.to_bits() == b.to_bits())
    }
}

impl Eq for Bits<'_> {}

impl Hash for Bits<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().for_each(|value| state.write_u64(value.to_bits()));
    }
}

#[cfg(test)]
mod tests {
    use super::{Distinct, Matrix};

    #[test]
    fn rows_alike_to_the_last_bit_are_there_once() {
        let mut matrix = Matrix::new(6, vec!["a", "b"]);
        let rows = [[1.0, 0.0], [2.0, 0.5], [1.0, 0.0], [1.0, -0.0], [1.0, 0.0], [2.0, 0.5]];
        matrix.values.iter_mut().zip(rows.as_flattened()).for_each(|(cell, value)| *cell = *value);
        matrix.masked[(4, 1)] = true;
        let Distinct { few, alike } = matrix.distinct();
        assert_eq!((alike.which, few.rows(), few.columns()), (vec![0, 1, 0, 2, 3, 1], 4, 2));
        for (row, number) in [(0, 0), (1, 1), (3, 2), (4, 3)] {
            assert_eq!(few.row(number).iter().map(|v| v.to_bits()).collect::<Vec<_>>(), matrix.row(row).iter().map(|v| v.to_bits()).collect::<Vec<_>>());
            assert_eq!(few.masked.row(number), matrix.masked.row(row));
        }
    }
}
