//! The lattice that all geometry is laid on before it is drawn: whole 256ths of a pixel.
//!
//! Sums and differences of whole numbers are exact, so a shape covers the same pixels in whichever picture it is drawn.

use std::ops::Add;
use std::ops::Sub;

/// Points of the lattice a pixel.
pub const SUBPIXELS: i64 = 256;

/// Beyond it coordinates are held; products of three still fit 128 bits.
const FARTHEST: f64 = (1_i64 << 44) as f64;

/// A point of the lattice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Cell {
    /// To the right.
    pub x: i64,
    /// Down.
    pub y: i64,
}

impl Cell {
    /// The nearest point to one in pixels.
    pub fn nearest([x, y]: [f64; 2]) -> Self {
        // Halves go away from zero, as `round` has them; it is a call where processors need not have an instruction for it.
        let round = |n: f64| {
            let n = (n * SUBPIXELS as f64).clamp(-FARTHEST, FARTHEST);
            (n + 0.5_f64.copysign(n)) as i64
        };
        Self { x: round(x), y: round(y) }
    }

    /// In pixels.
    pub fn to_pixels(self) -> [f64; 2] {
        [self.x as f64 / SUBPIXELS as f64, self.y as f64 / SUBPIXELS as f64]
    }
}

impl Add for Cell {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { x: self.x + other.x, y: self.y + other.y }
    }
}

impl Sub for Cell {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y }
    }
}

/// The first pixel of a row or column whose middle is not before a place that is given as `numerator / denominator` in
/// points of the lattice; `denominator` is positive.
pub fn first_pixel(numerator: i128, denominator: i128) -> i64 {
    // A pixel p has its middle at 256 p + 128.
    let (n, d) = (numerator - denominator * i128::from(SUBPIXELS / 2), denominator * i128::from(SUBPIXELS));
    let floor = n.div_euclid(d);
    (floor + i128::from(n.rem_euclid(d) != 0)).clamp(-(1 << 40), 1 << 40) as i64
}

/// The first column whose middle is not left of a place. Rows that a steep line is followed along are counted so as well.
pub fn first_column(x: i64) -> i64 {
    (x + SUBPIXELS / 2 - 1).div_euclid(SUBPIXELS)
}

/// The first row whose middle is below a place. A middle on an edge belongs to what lies above, as where y counts upwards,
/// which is how pictures of MapLibre are made.
pub fn first_row(y: i64) -> i64 {
    (y - SUBPIXELS / 2).div_euclid(SUBPIXELS) + 1
}
