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
        let rest = i128::from(a.x) * i128::from(height) + i128::from(middle - a.y) * i128::from(run)
            - i128::from(height) * i128::from(SUBPIXELS / 2)
            + i128::from(divisor)
            - 1;
        let (pixel, rest) = divide(rest, divisor);
        let (whole, part) = divide(i128::from(run) * i128::from(SUBPIXELS), divisor);
        Some(Self { row, end, pixel, rest, whole, part, divisor })
    }

    /// Goes on to the next row.
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

/// Quotient, rounded down, and rest; quickly where 64 bits are enough, as they are for all that lies near the picture.
fn divide(number: i128, divisor: i64) -> (i64, i64) {
    if let Ok(number) = i64::try_from(number) {
        return (number.div_euclid(divisor), number.rem_euclid(divisor));
    }
    let divisor = i128::from(divisor);
    (number.div_euclid(divisor) as i64, number.rem_euclid(divisor) as i64)
}
