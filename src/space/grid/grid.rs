//! A grid, and the places of its tiles.

use super::Level;
use crate::space::Bbox;
use crate::space::Crs;
use crate::space::Rect;

/// A set of levels, each a matrix of equal tiles (OGC: `TileMatrixSet`).
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) uri: Option<String>,
    pub(super) crs: Crs,
    /// How the document names the axes, in the order of the authority.
    pub(super) ordered_axes: [String; 2],
    pub(super) well_known_scale_set: Option<String>,
    pub(super) levels: Vec<Level>,
}

/// The place of one tile, which its [`Grid`] has checked: `level` is an index into the levels, `column` counts eastward
/// and `row` from the corner of origin, which is the top left one unless the level says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileCoord {
    level: u8,
    column: u32,
    row: u32,
}

/// Scale denominator of the lowest level of `WebMercatorQuad`, whose one tile of 256 cells shows the world.
const WORLD_SCALE: f64 = 559_082_264.028_717_8;

/// Width of a cell in metres that scale denominators are reckoned with (OGC 17-083r4, 6.1.1.1).
pub(super) const CELL: f64 = 0.000_28;

impl Grid {
    /// Highest zoom of [`Grid::web_mercator_quad`]; a 256 px pixel is then 9 mm wide at the equator.
    pub const MAX_ZOOM: u8 = 24;

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

    /// The names of the axes in the order in which the authority writes coordinates.
    pub fn ordered_axes(&self) -> &[String; 2] {
        &self.ordered_axes
    }

    /// The well-known scale set that its levels follow, as a URI.
    pub fn well_known_scale_set(&self) -> Option<&str> {
        self.well_known_scale_set.as_deref()
    }

    /// The levels from the coarsest to the finest.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// The position of a level by its id.
    pub fn level_of(&self, id: &str) -> Option<u8> {
        self.levels.iter().position(|level| level.id == id).and_then(|position| u8::try_from(position).ok())
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

    /// The level of `WebMercatorQuad` whose tiles are as large on the ground (at its equator) as those of a level: what
    /// zooms of styles and of collections are compared with. A tile of 512 cells counts as one of 256 with half the scale.
    pub fn zoom(&self, level: u8) -> f64 {
        let level = &self.levels[usize::from(level)];
        let cells = f64::from(level.tile_width.max(level.tile_height)) / 256.0;
        // Registered denominators have fifteen digits at most.
        ((WORLD_SCALE / (level.scale_denominator * cells)).log2() * 1e6).round() / 1e6
    }

    /// The rectangle of a tile in units of the CRS, east first.
    pub fn bounds(&self, coord: TileCoord) -> Rect {
        self.level(coord).tile_bounds(coord.column, coord.row)
    }

    /// The box of a tile in degrees (CRS84), which crosses the antimeridian where the tile does; `None` when no place of the
    /// earth is on the tile.
    pub fn bbox(&self, coord: TileCoord) -> Option<Bbox> {
        self.crs.bbox_of(&self.bounds(coord))
    }

    /// The tiles of a level that a rectangle (in units of the CRS) reaches into, row by row; none outside the grid.
    pub fn covering(&self, level: u8, rect: &Rect) -> impl Iterator<Item = TileCoord> + use<> {
        let range = self.levels.get(usize::from(level)).and_then(|size| size.range(rect));
        range.into_iter().flat_map(move |[left, right, top, bottom]| {
            (top..=bottom).flat_map(move |row| (left..=right).map(move |column| TileCoord { level, column, row }))
        })
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

    /// Tiles from the edge that the level counts from, the top one as a rule.
    pub fn row(self) -> u32 {
        self.row
    }
}
