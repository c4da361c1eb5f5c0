//! Blocks of tiles that are drawn at once: neighbours share features, labels and all that is done once for a picture.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use quick_cache::sync::Cache;
use tokio::sync::Mutex as Turns;
use tokio::sync::OwnedMutexGuard;

use crate::render::View;
use crate::space::Grid;
use crate::space::TileCoord;

/// A square block of tiles with one of them in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    coord: TileCoord,
    /// Tiles a side; a power of two.
    side: u32,
    /// Pixels a side of a tile.
    pixels: u32,
}

/// The tiles of a block that are drawn as one picture, and the turn to do so, which ends when this is dropped.
#[derive(Debug)]
pub struct Turn {
    block: Block,
    /// Its first column and row.
    corner: [u32; 2],
    /// Columns and rows.
    size: [u32; 2],
    _drawing: OwnedMutexGuard<()>,
}

/// The tiles of which blocks were asked for lately.
///
/// Whoever asks for one tile shall not wait for more of them, and whoever asks for many shall have them drawn together. So
/// tiles are drawn alone until half of their block was asked for, and then all that is left of it at once: who shows a map
/// asks for whole blocks within a moment, and who asks here and there pays for little that nobody wants.
#[derive(Clone, Debug)]
pub struct Metatiles(Arc<Cache<String, Arc<Asked>>>);

/// What was asked of a block.
#[derive(Debug, Default)]
struct Asked {
    /// The numbers of the tiles that were drawn alone.
    alone: Mutex<BTreeSet<u32>>,
    /// Held by who draws the rest.
    drawing: Arc<Turns<()>>,
}

/// Blocks that are remembered.
const REMEMBERED: usize = 4096;

impl Block {
    /// The block around a tile whose side has so many pixels, at most `most` pixels a side; `None` when the tile is alone in
    /// it. Blocks of one size lie side by side and never overlap.
    pub fn around(coord: TileCoord, pixels: u32, most: u32) -> Option<Self> {
        let tiles = (most / pixels.max(1)).min(1 << coord.level().min(16));
        let side = 1 << tiles.checked_ilog2()?;
        (side > 1).then_some(Self { coord, side, pixels })
    }

    /// Its first column and row.
    pub fn corner(&self) -> [u32; 2] {
        [self.coord.column(), self.coord.row()].map(|n| n / self.side * self.side)
    }

    /// The number of the tile in it, row by row.
    fn number(&self) -> u32 {
        let [column, row] = self.corner();
        (self.coord.row() - row) * self.side + self.coord.column() - column
    }

    /// The smallest rectangle of tiles around all but some: first column and row, columns and rows.
    fn rest(&self, drawn: &BTreeSet<u32>) -> [[u32; 2]; 2] {
        let (mut min, mut max) = ([u32::MAX; 2], [0; 2]);
        for number in (0..self.side * self.side).filter(|number| !drawn.contains(number)) {
            let place = [number % self.side, number / self.side];
            min = [min[0].min(place[0]), min[1].min(place[1])];
            max = [max[0].max(place[0]), max[1].max(place[1])];
        }
        let [column, row] = self.corner();
        [[column + min[0], row + min[1]], [max[0] + 1 - min[0], max[1] + 1 - min[1]]]
    }
}

impl Turn {
    /// All of it, given the view of the one tile that was asked for.
    #[must_use]
    pub fn view(&self, tile: &View) -> View {
        let Block { coord, pixels, .. } = self.block;
        let before = |n: u32| i64::from(n) * i64::from(pixels);
        let [column, row] = [coord.column(), coord.row()];
        let corner = [before(self.corner[0]) - before(column), before(self.corner[1]) - before(row)];
        tile.window(corner, self.size.map(|tiles| tiles * pixels))
    }

    /// Its tiles, row by row, with the pixel of the picture that each begins at.
    pub fn tiles(&self) -> impl Iterator<Item = (TileCoord, [u32; 2])> + use<> {
        let ([column, row], [columns, rows]) = (self.corner, self.size);
        let (pixels, level) = (self.block.pixels, self.block.coord.level());
        let grid = Grid::web_mercator_quad();
        (0..columns * rows).filter_map(move |number| {
            let [right, down] = [number % columns, number / columns];
            Some((grid.tile(level, column + right, row + down)?, [right * pixels, down * pixels]))
        })
    }
}

impl Metatiles {
    /// Waits for the turn to draw what is left of a block, named by all that its tiles are made of; `None` when the tile shall
    /// be drawn alone, because less than half of the block was asked for lately. Before drawing, the tile is to be looked for
    /// once more.
    pub async fn turn(&self, name: &str, block: &Block) -> Option<Turn> {
        let asked = if let Some(asked) = self.0.get(name) {
            asked
        } else {
            self.0.get_or_insert_with(name, || Ok::<_, std::convert::Infallible>(Arc::default())).ok()?
        };
        let [corner, size] = {
            let mut alone = asked.alone.lock().unwrap_or_else(PoisonError::into_inner);
            let half = (block.side * block.side / 2) as usize;
            if alone.len() < half || alone.contains(&block.number()) {
                alone.insert(block.number());
                return None;
            }
            block.rest(&alone)
        };
        let drawing = Arc::clone(&asked.drawing).lock_owned().await;
        Some(Turn { block: *block, corner, size, _drawing: drawing })
    }
}

impl Default for Metatiles {
    fn default() -> Self {
        Self(Arc::new(Cache::new(REMEMBERED)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(level: u8, column: u32, row: u32) -> TileCoord {
        Grid::web_mercator_quad().tile(level, column, row).unwrap()
    }

    fn around(column: u32, row: u32) -> Block {
        Block::around(tile(5, column, row), 256, 1024).unwrap()
    }

    #[test]
    fn blocks_lie_side_by_side() {
        assert_eq!(around(7, 10).corner(), [4, 8]);
        assert_eq!(around(7, 10).number(), 11);
        assert_eq!(Block::around(tile(1, 1, 0), 256, 1024).unwrap().side, 2);
    }

    #[test]
    fn a_tile_as_large_as_a_block_is_alone() {
        assert_eq!(Block::around(tile(5, 7, 10), 1024, 1024), None);
        assert_eq!(Block::around(tile(0, 0, 0), 256, 1024), None);
        assert_eq!(Block::around(tile(5, 7, 10), 2048, 1024), None);
    }

    #[tokio::test]
    async fn when_half_of_a_block_was_asked_for_the_rest_of_it_is_drawn_once() {
        let metatiles = Metatiles::default();
        for place in 0..8 {
            let block = around(4 + place % 4, 8 + place / 4);
            assert!(metatiles.turn("block", &block).await.is_none());
            assert!(metatiles.turn("block", &block).await.is_none(), "the same tile again is not another one");
        }
        let turn = metatiles.turn("block", &around(5, 10)).await.unwrap();
        let tiles: Vec<_> = turn.tiles().collect();
        assert_eq!(tiles.len(), 8);
        assert_eq!(tiles[0], (tile(5, 4, 10), [0, 0]));
        assert_eq!(tiles[6], (tile(5, 6, 11), [512, 256]));
        let third = tokio::spawn({
            let metatiles = metatiles.clone();
            async move { metatiles.turn("block", &around(6, 11)).await.is_some() }
        });
        tokio::task::yield_now().await;
        assert!(!third.is_finished(), "who comes while it is drawn waits");
        drop(turn);
        assert!(third.await.unwrap());
        assert!(metatiles.turn("block", &around(4, 8)).await.is_none(), "what was drawn alone is drawn so again");
    }

    #[test]
    fn the_rest_is_the_smallest_rectangle_around_all_that_is_missing() {
        let drawn = BTreeSet::from([0, 1, 2, 3, 4, 8, 12, 5]);
        assert_eq!(around(7, 10).rest(&drawn), [[5, 9], [3, 3]]);
    }
}
