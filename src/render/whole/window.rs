//! Rectangles of the lattice.

use crate::render::View;
use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;

/// A closed rectangle of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Left and top.
    pub min: Cell,
    /// Right and bottom.
    pub max: Cell,
}

impl Span {
    /// Holds nothing.
    pub const EMPTY: Self = Self { min: Cell { x: i64::MAX, y: i64::MAX }, max: Cell { x: i64::MIN, y: i64::MIN } };

    /// Holds all cells there are.
    pub const EVERYTHING: Self =
        Self { min: Cell { x: i64::MIN, y: i64::MIN }, max: Cell { x: i64::MAX, y: i64::MAX } };

    /// What a picture shows, with so many pixels around it, counted from the world's corner.
    pub fn of(view: &View, margin: f64) -> Self {
        let [min, max] = view.cells();
        Self { min, max }.grown((margin * SUBPIXELS as f64).ceil() as i64)
    }

    /// Larger by so many cells on each side.
    #[must_use]
    pub fn grown(&self, cells: i64) -> Self {
        let by = Cell { x: cells, y: cells };
        Self { min: self.min - by, max: self.max + by }
    }

    /// The same elsewhere.
    #[must_use]
    pub fn moved(&self, by: Cell) -> Self {
        Self { min: self.min + by, max: self.max + by }
    }

    /// Around both.
    #[must_use]
    pub fn around(&self, other: &Self) -> Self {
        let mut both = *self;
        both.extend(other.min);
        both.extend(other.max);
        both
    }

    /// Grows to hold a cell.
    pub fn extend(&mut self, cell: Cell) {
        self.min = Cell { x: self.min.x.min(cell.x), y: self.min.y.min(cell.y) };
        self.max = Cell { x: self.max.x.max(cell.x), y: self.max.y.max(cell.y) };
    }

    /// Whether the two share a cell.
    pub fn meets(&self, other: &Self) -> bool {
        self.min.x <= other.max.x && other.min.x <= self.max.x && self.min.y <= other.max.y && other.min.y <= self.max.y
    }

    /// Whether all of the other one lies inside.
    pub fn covers(&self, other: &Self) -> bool {
        self.min.x <= other.min.x && other.max.x <= self.max.x && self.min.y <= other.min.y && other.max.y <= self.max.y
    }

    /// Whether a cell lies inside.
    pub fn holds(&self, cell: Cell) -> bool {
        self.sides_beyond(cell) == 0
    }

    /// The sides beyond which all of another one lies.
    pub fn sides_beyond_all(&self, other: &Self) -> u8 {
        self.sides_beyond(other.min) & self.sides_beyond(other.max)
    }

    /// The sides beyond which a cell lies, a bit each (Cohen and Sutherland's code).
    pub fn sides_beyond(&self, cell: Cell) -> u8 {
        u8::from(cell.x < self.min.x)
            | u8::from(cell.x > self.max.x) << 1
            | u8::from(cell.y < self.min.y) << 2
            | u8::from(cell.y > self.max.y) << 3
    }
}
