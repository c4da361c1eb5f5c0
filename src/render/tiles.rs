//! Which tiles a view shows, and where.

use super::View;
use super::lattice::Cell;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileCoord;

/// A tile of the web's grid, shown some worlds to the east: at low zooms a view shows the world more than once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// Which tile; of a window, the smallest one that holds its middle.
    pub coord: TileCoord,
    /// Worlds eastwards.
    pub wrap: i32,
    /// Where features are not those of a tile but those that one picture shows.
    pub window: Option<Window>,
}

/// A square of the world that features are laid out in for one picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Its left and top edge in the world.
    pub corner: [f64; 2],
    /// Its side in the world.
    pub side: f64,
    /// The part of the world that is drawn on.
    pub shown: Rect,
}

/// From units of a tile to the picture.
#[derive(Clone, Copy, Debug)]
pub struct Transform<'a> {
    view: &'a View,
    corner: [f64; 2],
    unit: f64,
}

/// More tiles than this are never shown at once.
const MOST_TILES: usize = 4096;

impl View {
    /// From units of a tile, `extent` a side, to the picture.
    pub fn transform(&self, placed: &Placed, extent: u32) -> Transform<'_> {
        let [x, y, side] = placed.square();
        Transform { view: self, corner: [x, y], unit: side / f64::from(extent.max(1)) }
    }

    /// The tiles of a level that the picture shows with a margin of so many pixels around it, row by row.
    pub fn covering(&self, grid: &Grid, level: u8, margin: f64) -> Vec<Placed> {
        let count = f64::from(level).exp2();
        let extent = self.extent_with(margin);
        // A tile whose edge alone lies on the picture's shows nothing.
        let range = |min: f64, max: f64| ((min * count + 1e-9).floor(), (max * count - 1e-9).floor());
        let (left, right) = range(extent.min_x, extent.max_x);
        let (top, bottom) = range(extent.min_y.max(0.0), extent.max_y.min(1.0));
        let mut found = Vec::new();
        if (right - left + 1.0) * (bottom - top + 1.0) > MOST_TILES as f64 {
            return found;
        }
        for row in top as i64..=bottom as i64 {
            for column in left as i64..=right as i64 {
                let (wrap, column) = (column.div_euclid(count as i64), column.rem_euclid(count as i64));
                let coord = u32::try_from(row).ok().and_then(|row| grid.tile(level, column as u32, row));
                found.extend(coord.map(|coord| Placed { coord, wrap: wrap as i32, window: None }));
            }
        }
        found
    }

    /// Pixels a side of a tile of a level.
    pub fn tile_side(&self, level: u8) -> f64 {
        self.scale() / f64::from(level).exp2()
    }

    /// The zoom of the tiles of a source that are shown here; `None` when they begin further in. Tiles of pixels are taken
    /// from the nearest level, others from the level below.
    pub fn tile_level(&self, tile_size: u16, minzoom: u8, maxzoom: u8, nearest: bool) -> Option<u8> {
        let zoom = (self.scale() / self.ratio() / f64::from(tile_size.max(1))).log2();
        // Zooms come from sums and powers, which may miss a number by a hair.
        let level = if nearest { (zoom + 1e-9).round() } else { (zoom + 1e-9).floor() }.max(0.0);
        (level >= f64::from(minzoom)).then(|| level.min(f64::from(maxzoom.min(Grid::MAX_ZOOM))) as u8)
    }
}

impl Placed {
    /// The tile of the level below that holds it; `None` for the whole world.
    pub fn parent(&self) -> Option<Self> {
        Some(Self { coord: self.coord.parent()?, ..*self })
    }

    /// Its left and top edge and its side in the world.
    pub fn square(&self) -> [f64; 3] {
        if let Some(Window { corner: [x, y], side, .. }) = self.window {
            return [x, y, side];
        }
        let side = (-f64::from(self.coord.level())).exp2();
        [f64::from(self.coord.column()) * side + f64::from(self.wrap), f64::from(self.coord.row()) * side, side]
    }
}

impl Placed {
    /// The part of the world that is drawn on.
    pub fn shown(&self) -> Rect {
        let [x, y, side] = self.square();
        self.window.map_or(Rect::new(x, y, x + side, y + side), |window| window.shown)
    }
}

impl Transform<'_> {
    /// A point of the tile in the world.
    pub fn to_world(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.corner[0] + x * self.unit, self.corner[1] + y * self.unit]
    }

    /// A point of the tile on the lattice of pixels.
    pub fn to_cell(&self, point: [f64; 2]) -> Cell {
        self.view.to_cell(self.to_world(point))
    }

    /// A point of the tile in pixels.
    pub fn to_pixel(&self, point: [f64; 2]) -> [f64; 2] {
        self.view.to_pixel(self.to_world(point))
    }

    /// Pixels a unit of the tile.
    pub fn scale(&self) -> f64 {
        self.unit * self.view.scale()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_of_a_tile_shows_that_tile_alone() {
        let grid = Grid::web_mercator_quad();
        let coord = grid.tile(14, 14093, 6045).unwrap();
        let view = View::of_tile(coord, 512, 1.0);
        assert_eq!(view.tile_level(512, 0, 22, false), Some(14));
        assert_eq!(view.covering(&grid, 14, 0.0), [Placed { coord, wrap: 0, window: None }]);
        assert_eq!(view.tile_level(512, 0, 12, false), Some(12));
        assert_eq!(view.tile_level(256, 0, 22, true), Some(15));
        assert_eq!(view.tile_level(512, 15, 22, false), None);
    }

    #[test]
    fn a_wide_view_shows_the_world_again() {
        let grid = Grid::web_mercator_quad();
        let view = View::new([180.0, 0.0], 0.0, 0.0, [512.0, 512.0], 1.0);
        let wraps: Vec<_> = view.covering(&grid, 0, 0.0).iter().map(|placed| placed.wrap).collect();
        assert_eq!(wraps, [0, 1]);
    }
}
