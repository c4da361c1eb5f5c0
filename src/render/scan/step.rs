//! An edge, followed from row to row without division.

use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;
use crate::render::lattice::first_row;

/// Where an edge crosses the middles of rows: `pixel` is the first whose middle is not left of the crossing.
pub struct Step {
    /// The first row whose middle it crosses.
    pub row: i64,
    /// Past the last of these rows.
    pub end: i64,
    /// For the current row.
    pub pixel: i64,
    rest: i64,
    whole: i64,
    part: i64,
    divisor: i64,
}

impl Step {
    /// The edge between two points within some rows; `None` when it crosses no middle there.
    #[inline]
    pub fn along(a: Cell, b: Cell, rows: &std::ops::Range<i64>) -> Option<Self> {
        let (a, b) = if a.y <= b.y { (a, b) } else { (b, a) };
        let row = first_row(a.y).max(rows.start);
        let end = first_row(b.y).min(rows.end);
        if row >= end {
            return None;
        }
        let (height, run) = (b.y - a.y, b.x - a.x);
        let middle = row * SUBPIXELS + SUBPIXELS / 2;
        let divisor = height * SUBPIXELS;
        // Rounded upwards: the crossing, counted from the first pixel's middle, over the length of a pixel.
        let start = a.x - SUBPIXELS / 2;
        let narrow = start.unsigned_abs() < NARROW && run.unsigned_abs() < NARROW && height < NARROW as i64;
        // Most edges of small shapes cross one row, and need not know where they cross the next.
        let goes_on = end - row > 1;
        let ((pixel, rest), (whole, part)) = if narrow {
            let slope = if goes_on { divide(run * SUBPIXELS, divisor) } else { (0, 0) };
            (divide(start * height + (middle - a.y) * run + divisor - 1, divisor), slope)
        } else {
            let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
            let crossing = product(start, height) + product(middle - a.y, run) + i128::from(divisor) - 1;
            let slope = if goes_on { divide_far(product(run, SUBPIXELS), divisor) } else { (0, 0) };
            (divide_far(crossing, divisor), slope)
        };
        Some(Self { row, end, pixel, rest, whole, part, divisor })
    }

    /// Goes on to the next row.
    #[inline]
    pub fn advance(&mut self) {
        self.row += 1;
        self.pixel += self.whole;
        self.rest += self.part;
        if self.rest >= self.divisor {
            self.rest -= self.divisor;
            self.pixel += 1;
        }
    }
}

/// Products of two numbers below this fit 64 bits, and so do sums of three of them.
const NARROW: u64 = 1 << 30;

/// Quotient, rounded down, and rest.
fn divide(number: i64, divisor: i64) -> (i64, i64) {
    let (quotient, rest) = (number / divisor, number % divisor);
    if rest < 0 { (quotient - 1, rest + divisor) } else { (quotient, rest) }
}

/// The same for what lies far from the picture.
fn divide_far(number: i128, divisor: i64) -> (i64, i64) {
    let divisor = i128::from(divisor);
    (number.div_euclid(divisor) as i64, number.rem_euclid(divisor) as i64)
}
