//! Grids of tiles as data (OGC Two Dimensional Tile Matrix Set 2.0; there: TileMatrixSet).

use crate::space::Crs;
use crate::space::Rect;

/// A set of levels, each a matrix of equal tiles that grows from one corner of the world.
#[derive(Clone, Debug)]
pub struct Grid {
    id: String,
    title: String,
    uri: Option<String>,
    crs: Crs,
    origin: [f64; 2],
    levels: Vec<Level>,
}

/// One zoom level (OGC: `TileMatrix`).
#[derive(Clone, Debug)]
pub struct Level {
    /// Its name; for most grids the zoom as a decimal number.
    pub id: String,
    /// Length of a cell, i.e. of a pixel of the tile size below, in units of the CRS.
    pub cell_size: f64,
    /// Side of a square tile in cells.
    pub tile_size: u32,
    /// Number of tiles in a row.
    pub width: u32,
    /// Number of tiles in a column.
    pub height: u32,
}

/// The place of one tile, which its [`Grid`] has checked: `level` is an index into the levels, `column` counts eastward
/// and `row` southward from the top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileCoord {
    level: u8,
    column: u32,
    row: u32,
}

impl Grid {
    /// Highest zoom of [`Grid::web_mercator_quad`]; a 256 px pixel is then 9 mm wide at the equator.
    pub const MAX_ZOOM: u8 = 24;

    /// The grid of the web's maps: levels 0 to 24, 256 cells a tile (registered as `WebMercatorQuad`).
    pub fn web_mercator_quad() -> Self {
        let world = 2.0 * Crs::MERCATOR_HALF;
        let level = |zoom: u8| Level {
            id: zoom.to_string(),
            cell_size: world / 256.0 / f64::from(1_u32 << zoom),
            tile_size: 256,
            width: 1 << zoom,
            height: 1 << zoom,
        };
        Self {
            id: "WebMercatorQuad".to_owned(),
            title: "Google Maps Compatible for the World".to_owned(),
            uri: Some("http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad".to_owned()),
            crs: Crs::WebMercator,
            origin: [-Crs::MERCATOR_HALF, Crs::MERCATOR_HALF],
            levels: (0..=Self::MAX_ZOOM).map(level).collect(),
        }
    }

    /// The id by which it is asked for.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A name for people.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The registered name, where there is one.
    pub fn uri(&self) -> Option<&str> {
        self.uri.as_deref()
    }

    /// The system that its coordinates are in.
    pub fn crs(&self) -> &Crs {
        &self.crs
    }

    /// Its top left corner in units of the CRS.
    pub fn origin(&self) -> [f64; 2] {
        self.origin
    }

    /// The levels from the coarsest to the finest.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// `None` when the grid has no such tile.
    pub fn tile(&self, level: u8, column: u32, row: u32) -> Option<TileCoord> {
        let size = self.levels.get(usize::from(level))?;
        (column < size.width && row < size.height).then_some(TileCoord { level, column, row })
    }

    /// The level on which a tile lies.
    pub fn level(&self, coord: TileCoord) -> &Level {
        &self.levels[usize::from(coord.level)]
    }

    /// The length of a tile's side in units of the CRS.
    pub fn tile_span(&self, level: u8) -> f64 {
        let level = &self.levels[usize::from(level)];
        level.cell_size * f64::from(level.tile_size)
    }

    /// The rectangle of a tile in units of the CRS.
    pub fn bounds(&self, coord: TileCoord) -> Rect {
        let span = self.tile_span(coord.level);
        let min_x = self.origin[0] + f64::from(coord.column) * span;
        let max_y = self.origin[1] - f64::from(coord.row) * span;
        Rect::new(min_x, max_y - span, min_x + span, max_y)
    }

    /// The tiles of a level that a rectangle (in units of the CRS) touches, row by row; none outside the grid.
    pub fn covering(&self, level: u8, rect: &Rect) -> impl Iterator<Item = TileCoord> + use<> {
        let size = &self.levels[usize::from(level)];
        let span = self.tile_span(level);
        let index = |offset: f64, count: u32| ((offset / span).floor().max(0.0) as u32).min(count - 1);
        let columns = index(rect.min_x - self.origin[0], size.width)..=index(rect.max_x - self.origin[0], size.width);
        let rows = index(self.origin[1] - rect.max_y, size.height)..=index(self.origin[1] - rect.min_y, size.height);
        rows.flat_map(move |row| columns.clone().map(move |column| TileCoord { level, column, row }))
    }
}

impl TileCoord {
    /// The first tile of the coarsest level, which every grid has.
    pub const FIRST: Self = Self { level: 0, column: 0, row: 0 };

    /// Index of the level in its grid; the zoom, for grids whose levels are zooms.
    pub fn level(self) -> u8 {
        self.level
    }

    /// The tile of the level below that holds it, on a grid whose levels double; `None` on the lowest level.
    pub fn parent(self) -> Option<Self> {
        Some(Self { level: self.level.checked_sub(1)?, column: self.column / 2, row: self.row / 2 })
    }

    /// Tiles from the left edge.
    pub fn column(self) -> u32 {
        self.column
    }

    /// Tiles from the top edge.
    pub fn row(self) -> u32 {
        self.row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_outside_the_grid_do_not_exist() {
        let grid = Grid::web_mercator_quad();
        assert!(grid.tile(0, 0, 0).is_some());
        assert!(grid.tile(0, 1, 0).is_none());
        assert!(grid.tile(25, 0, 0).is_none());
        assert!(grid.tile(24, (1 << 24) - 1, 0).is_some());
    }

    #[test]
    fn bounds_start_at_the_top_left_corner() {
        let grid = Grid::web_mercator_quad();
        let half = Crs::MERCATOR_HALF;
        assert_eq!(grid.bounds(grid.tile(1, 1, 0).unwrap()), Rect::new(0.0, 0.0, half, half));
        assert_eq!(grid.bounds(grid.tile(1, 0, 1).unwrap()), Rect::new(-half, -half, 0.0, 0.0));
    }

    #[test]
    fn covering_names_every_tile_that_a_rectangle_touches() {
        let grid = Grid::web_mercator_quad();
        let tiles: Vec<_> = grid.covering(1, &Rect::new(-1.0, 1.0, 1.0, 2.0)).map(|t| (t.column(), t.row())).collect();
        assert_eq!(tiles, [(0, 0), (1, 0)]);
        let coord = grid.tile(9, 440, 188).unwrap();
        assert!(grid.covering(9, &grid.bounds(coord).grow(-1.0)).eq([coord]));
    }
}
