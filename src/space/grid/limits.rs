//! Which tiles of a grid hold data.

use super::Grid;
use super::TileCoord;
use crate::space::Bbox;
use crate::space::Rect;

/// The tiles of one level that may hold something (OGC: `TileMatrixLimits`); both ends are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileLimits {
    /// Index of the level.
    pub level: u8,
    /// First and last column.
    pub columns: [u32; 2],
    /// First and last row.
    pub rows: [u32; 2],
}

impl Grid {
    /// The limits of data that lies in a box of degrees (CRS84), a level each; levels on which none of it lies are left out,
    /// so that nothing is answered when the grid does not reach there.
    pub fn limits(&self, extent: &Bbox) -> Vec<TileLimits> {
        let Some(rect) = self.crs().rect_of(extent) else { return Vec::new() };
        self.limits_of(&rect)
    }

    /// The same for a rectangle in units of the CRS.
    pub fn limits_of(&self, rect: &Rect) -> Vec<TileLimits> {
        let limits = |(position, level): (usize, &super::Level)| {
            let [left, right, top, bottom] = level.range(rect)?;
            Some(TileLimits { level: u8::try_from(position).ok()?, columns: [left, right], rows: [top, bottom] })
        };
        self.levels().iter().enumerate().filter_map(limits).collect()
    }
}

impl TileLimits {
    /// The limits that hold both, given that they are of one level.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        let both = |[a, b]: [u32; 2], [c, d]: [u32; 2]| [a.min(c), b.max(d)];
        Self { level: self.level, columns: both(self.columns, other.columns), rows: both(self.rows, other.rows) }
    }

    /// Whether a tile lies within, given that it is of this level.
    pub fn contains(&self, coord: TileCoord) -> bool {
        coord.level() == self.level
            && (self.columns[0]..=self.columns[1]).contains(&coord.column())
            && (self.rows[0]..=self.rows[1]).contains(&coord.row())
    }
}
