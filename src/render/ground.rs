//! A tile of heights among its neighbours.

use super::Heights;
use super::tiles::Placed;
use crate::space::Grid;
use crate::space::TileCoord;

/// Heights that are shown, and those around them: slopes at the edge of a tile come from both sides of it.
#[derive(Clone, Debug)]
pub struct Ground<'a> {
    /// The place that is drawn on.
    pub clip: Placed,
    /// The tile whose heights are drawn there.
    pub placed: Placed,
    /// By row and column, the tile itself in the middle.
    tiles: [[Option<&'a Heights>; 3]; 3],
    middle: &'a Heights,
}

impl<'a> Ground<'a> {
    /// Puts a tile among its neighbours; those that are missing, or of another size, are as its own edge is.
    pub fn new(
        clip: Placed,
        placed: Placed,
        middle: &'a Heights,
        find: impl Fn(TileCoord) -> Option<&'a Heights>,
    ) -> Self {
        let neighbour = |right: i64, down: i64| {
            let coord = neighbour(placed.coord, right, down)?;
            find(coord).filter(|heights| heights.side() == middle.side())
        };
        let tiles = [-1, 0, 1].map(|down| [-1, 0, 1].map(|right| neighbour(right, down)));
        Self { clip, placed, tiles, middle }
    }

    /// Pixels a side of the tile.
    pub fn side(&self) -> i64 {
        i64::from(self.middle.side())
    }

    /// The height at a pixel of the tile or of one next to it.
    pub fn at(&self, x: i64, y: i64) -> f32 {
        let side = self.side();
        let (column, row) = (x.div_euclid(side) + 1, y.div_euclid(side) + 1);
        let tile = self.tiles.get(row as usize).and_then(|tiles| *tiles.get(column as usize)?);
        match tile {
            Some(tile) => tile.at(x.rem_euclid(side), y.rem_euclid(side)),
            None => self.middle.at(x, y),
        }
    }
}

/// The tiles around one and itself; the world goes on over the antimeridian, and ends in the north and the south.
pub fn neighbourhood(coord: TileCoord) -> impl Iterator<Item = TileCoord> {
    (-1..=1).flat_map(move |down| (-1..=1).filter_map(move |right| neighbour(coord, right, down)))
}

fn neighbour(coord: TileCoord, right: i64, down: i64) -> Option<TileCoord> {
    let count = 1_i64 << coord.level();
    let column = (i64::from(coord.column()) + right).rem_euclid(count);
    let row = u32::try_from(i64::from(coord.row()) + down).ok()?;
    Grid::web_mercator_quad().tile(coord.level(), column as u32, row)
}
