//! One level of a grid.

use crate::space::Rect;

/// One zoom level: a matrix of equal tiles (OGC: `TileMatrix`).
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Its name; for most grids the zoom as a decimal number.
    pub id: String,
    /// A name for people.
    pub title: Option<String>,
    /// Scale of a map whose cells are 0.28 mm wide, as the number below the 1.
    pub scale_denominator: f64,
    /// Length of a cell, i.e. of a pixel of the tile size below, in units of the CRS.
    pub cell_size: f64,
    /// Which corner of the matrix `origin` is, and from which rows are counted.
    pub corner: Corner,
    /// That corner in units of the CRS, east first.
    pub origin: [f64; 2],
    /// Cells in a row of a tile.
    pub tile_width: u32,
    /// Rows of cells of a tile.
    pub tile_height: u32,
    /// Number of tiles in a row.
    pub width: u32,
    /// Number of tiles in a column.
    pub height: u32,
}

/// A corner from which tiles are counted: eastwards always, southwards from the top and northwards from the bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Corner {
    /// The northern one.
    #[default]
    TopLeft,
    /// The southern one.
    BottomLeft,
}

impl Level {
    /// Width and height of a tile in units of the CRS.
    pub fn tile_span(&self) -> [f64; 2] {
        [self.cell_size * f64::from(self.tile_width), self.cell_size * f64::from(self.tile_height)]
    }

    /// The rectangle of the whole matrix in units of the CRS.
    pub fn bounds(&self) -> Rect {
        let [x, y] = self.tile_span();
        let (width, height) = (x * f64::from(self.width), y * f64::from(self.height));
        let [left, edge] = self.origin;
        match self.corner {
            Corner::TopLeft => Rect::new(left, edge - height, left + width, edge),
            Corner::BottomLeft => Rect::new(left, edge, left + width, edge + height),
        }
    }

    /// The rectangle of a tile in units of the CRS.
    pub(super) fn tile_bounds(&self, column: u32, row: u32) -> Rect {
        let [x, y] = self.tile_span();
        let left = self.origin[0] + f64::from(column) * x;
        match self.corner {
            Corner::TopLeft => {
                let top = self.origin[1] - f64::from(row) * y;
                Rect::new(left, top - y, left + x, top)
            }
            Corner::BottomLeft => {
                let bottom = self.origin[1] + f64::from(row) * y;
                Rect::new(left, bottom, left + x, bottom + y)
            }
        }
    }

    /// The first and last column, then the first and last row, of the tiles that a rectangle in units of the CRS shares
    /// more than an edge with; `None` when it lies beside the matrix.
    pub(super) fn range(&self, rect: &Rect) -> Option<[u32; 4]> {
        let bounds = self.bounds();
        if !bounds.intersects(rect) {
            return None;
        }
        let [x, y] = self.tile_span();
        // What touches a tile by its edge alone is not on it; a point or line on an edge belongs to the tile behind it.
        let first = |from: f64, span: f64, count: u32| ((from / span).floor().max(0.0) as u32).min(count - 1);
        let last = |to: f64, span: f64, count: u32, first: u32| {
            let last = (to / span).ceil().max(1.0) as u32 - 1;
            last.min(count - 1).max(first)
        };
        let (left, right) = (rect.min_x - self.origin[0], rect.max_x - self.origin[0]);
        let (near, far) = match self.corner {
            Corner::TopLeft => (self.origin[1] - rect.max_y, self.origin[1] - rect.min_y),
            Corner::BottomLeft => (rect.min_y - self.origin[1], rect.max_y - self.origin[1]),
        };
        let column = first(left, x, self.width);
        let row = first(near, y, self.height);
        Some([column, last(right, x, self.width, column), row, last(far, y, self.height, row)])
    }
}
