//! The login likelihood ratio: bits that add up.
//!
//! Freeman, Jain, Dürmuth, Biggio and Giacinto, "Who are you? A statistical approach to measuring user authenticity"
//! (NDSS 2016): the log of p(x)/p(x|u) is a sum over the features of a login. The columns already hold these bits,
//! backed off from address to network to country and from client to tool to system; here they are added by fact group,
//! so that a fact shown by several columns counts once.

use crate::matrix::Matrix;
use crate::num::quantile;

/// How the columns add up.
#[derive(Debug, Clone)]
pub(crate) struct Likelihood {
    /// What one unit of each column is worth, in bits.
    pub bits: Vec<f64>,
    /// The fact group of each column, as a number from 0.
    pub group: Vec<usize>,
    /// The share of a group's further columns that counts beside its strongest.
    pub further: f64,
    /// What is usual of each column in each class (median), set by [`Likelihood::fit`].
    usual: Vec<Vec<f64>>,
}

impl Likelihood {
    /// A ratio over columns with these worths and groups.
    pub(crate) fn new(bits: Vec<f64>, group: Vec<usize>) -> Likelihood {
        Likelihood { bits, group, further: 0.25, usual: Vec::new() }
    }
    /// Learns each class's usual level of each column: the bits an ordinary session has.
    pub(crate) fn fit(&mut self, matrix: &Matrix, classes: &[u32]) {
        let most = classes.iter().max().map_or(0, |m| *m as usize + 1);
        self.usual = (0..matrix.columns())
            .map(|column| {
                let mut of_class = vec![Vec::new(); most];
                for (row, class) in classes.iter().enumerate() {
                    if !matrix.masked[[row, column]] {
                        of_class[*class as usize].push(matrix.values[[row, column]]);
                    }
                }
                of_class
                    .iter_mut()
                    .map(|values| {
                        values.sort_by(f64::total_cmp);
                        if values.len() < 5 { 0.0 } else { quantile(values, 0.5) }
                    })
                    .collect()
            })
            .collect();
    }
    /// What each column adds, in bits above what is usual for the class.
    pub(crate) fn parts(&self, matrix: &Matrix, row: usize, class: u32) -> Vec<f64> {
        (0..matrix.columns())
            .map(|column| {
                if matrix.masked[[row, column]] {
                    return 0.0;
                }
                let usual = self.usual[column].get(class as usize).copied().unwrap_or(0.0);
                self.bits[column] * (matrix.values[[row, column]] - usual).max(0.0)
            })
            .collect()
    }
    /// Bits by group: the strongest column of each, and a share of the rest.
    pub(crate) fn groups(&self, parts: &[f64]) -> Vec<f64> {
        let count = self.group.iter().max().map_or(0, |m| m + 1);
        let (mut total, mut most) = (vec![0.0; count], vec![0.0f64; count]);
        for (part, group) in parts.iter().zip(&self.group) {
            total[*group] += part;
            most[*group] = most[*group].max(*part);
        }
        total.iter().zip(&most).map(|(t, m)| m + self.further * (t - m)).collect()
    }
}
