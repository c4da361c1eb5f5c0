//! Pixels on the plane of a coordinate reference system.

use crate::space::Corner;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileCoord;

/// Pixels that cover a coordinate reference system, and where a picture begins among them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelGrid {
    /// A corner of pixels in units of the system, east first.
    pub anchor: [f64; 2],
    /// Width and height of a pixel in units of the system.
    pub resolution: [f64; 2],
    /// Pixels from there to the picture's top left corner, to the right and down.
    pub corner: [i64; 2],
}

impl PixelGrid {
    /// The pixels of one tile of a grid: those of the level's other tiles.
    pub fn of_tile(grid: &Grid, coord: TileCoord) -> Self {
        let level = grid.level(coord);
        let (width, height) = (i64::from(level.tile_width), i64::from(level.tile_height));
        let top = match level.corner {
            Corner::TopLeft => i64::from(coord.row()) * height,
            Corner::BottomLeft => -(i64::from(coord.row()) + 1) * height,
        };
        let corner = [i64::from(coord.column()) * width, top];
        Self { anchor: level.origin, resolution: [level.cell_size; 2], corner }
    }

    /// So many pixels that cover a rectangle of a system.
    pub fn of_rect(rect: &Rect, [width, height]: [u32; 2]) -> Self {
        let resolution = [rect.width() / f64::from(width), rect.height() / f64::from(height)].map(rounded);
        Self { anchor: [rect.min_x, rect.max_y], resolution, corner: [0; 2] }
    }
}

/// A number to 32 binary digits: what sums have added to it at its end goes, and equal rectangles have equal pixels.
fn rounded(number: f64) -> f64 {
    const DIGITS: u64 = 1 << 20;
    f64::from_bits((number.to_bits() + DIGITS / 2) & !(DIGITS - 1))
}
