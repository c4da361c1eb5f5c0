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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::View;

    fn is_shown(grid: &Grid, level: u8, column: u32, row: u32) {
        let coord = grid.tile(level, column, row).unwrap();
        let own = grid.level(coord);
        let size = [own.tile_width, own.tile_height];
        let view = View::of_pixels(grid.crs(), &PixelGrid::of_tile(grid, coord), size, 0.0, 1.0);
        assert_eq!([view.width(), view.height()], size);
        let corner = |pixel: [f64; 2]| view.projection().position(view.to_world(pixel));
        let ([left, top], [right, bottom]) = (corner([0.0; 2]), corner(size.map(f64::from)));
        let bounds = grid.bounds(coord);
        // Corners are moved to the lattice.
        let near = |a: f64, b: f64| (a - b).abs() < own.cell_size / 256.0;
        assert!(near(left, bounds.min_x) && near(right, bounds.max_x), "{} {coord:?}", grid.id());
        assert!(near(bottom, bounds.min_y) && near(top, bounds.max_y), "{} {coord:?}", grid.id());
    }

    #[test]
    fn a_tile_shows_its_bounds_whichever_corner_its_grid_counts_from() {
        for id in Grid::registered_ids() {
            let grid = Grid::registered(&id).unwrap();
            for level in [0, 7, grid.levels().len() as u8 - 1] {
                let own = &grid.levels()[usize::from(level)];
                is_shown(&grid, level, own.width / 3, own.height - 1);
            }
        }
        for corner in ["topLeft", "bottomLeft"] {
            let document = format!(
                r#"{{"id":"mine","crs":"EPSG:5174","tileMatrices":[{{"id":"far","cellSize":100,
                "scaleDenominator":357142.857142857,"pointOfOrigin":[600000,100000],"tileWidth":256,"tileHeight":128,
                "matrixWidth":4,"matrixHeight":3,"cornerOfOrigin":"{corner}"}}]}}"#
            );
            is_shown(&Grid::parse(&document, "file").unwrap(), 0, 1, 2);
        }
    }

    #[test]
    fn sums_do_not_make_other_pixels_of_equal_ones() {
        let rect = |left: f64| Rect::new(left, 0.0, left + 0.1, 0.1);
        let [one, other] = [0.3, 129.7].map(|left| PixelGrid::of_rect(&rect(left), [256; 2]).resolution);
        assert_eq!(one, other);
        assert!((one[0] * 256.0 / 0.1 - 1.0).abs() < 1e-9);
    }
}
