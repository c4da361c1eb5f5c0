//! Blocks of tiles that are drawn at once: neighbours share features, labels and all that is done once for a picture.

use std::sync::Arc;

use quick_cache::sync::Cache;
use tokio::sync::Mutex;
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

/// The tiles of which blocks were asked for lately.
///
/// Whoever asks for one tile shall not wait for more of them, and whoever asks for many shall have them drawn together. So the
/// first tile of a block is drawn alone, and when a second one is asked for, all of them are: clients that show a map ask for
/// neighbours within a moment.
#[derive(Clone, Debug)]
pub struct Metatiles(Arc<Cache<String, Arc<Asked>>>);

/// What was asked of a block.
#[derive(Debug)]
struct Asked {
    /// The tile that was asked for first.
    first: TileCoord,
    /// Held by who draws the block.
    drawing: Arc<Mutex<()>>,
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

    /// All of it, given the view of its one tile.
    #[must_use]
    pub fn view(&self, tile: &View) -> View {
        let [column, row] = self.corner();
        let before = |n: u32| i64::from(n) * i64::from(self.pixels);
        let side = self.side * self.pixels;
        tile.window([-before(self.coord.column() - column), -before(self.coord.row() - row)], [side, side])
    }

    /// Its tiles, row by row, with the pixel of the block that each begins at.
    pub fn tiles(&self) -> impl Iterator<Item = (TileCoord, [u32; 2])> + use<> {
        let ([column, row], side, pixels, level) = (self.corner(), self.side, self.pixels, self.coord.level());
        let grid = Grid::web_mercator_quad();
        (0..side * side).filter_map(move |number| {
            let [right, down] = [number % side, number / side];
            Some((grid.tile(level, column + right, row + down)?, [right * pixels, down * pixels]))
        })
    }
}

impl Metatiles {
    /// Waits for the turn to draw a whole block, named by all that its tiles are made of; `None` when the tile shall be drawn
    /// alone, because no other one of the block was asked for lately. Before drawing, the tile is to be looked for once more.
    pub async fn turn(&self, name: &str, block: &Block) -> Option<OwnedMutexGuard<()>> {
        let asked = if let Some(asked) = self.0.get(name) {
            asked
        } else {
            let first = Asked { first: block.coord, drawing: Arc::default() };
            self.0.get_or_insert_with(name, || Ok::<_, std::convert::Infallible>(Arc::new(first))).ok()?
        };
        if asked.first == block.coord {
            return None;
        }
        Some(Arc::clone(&asked.drawing).lock_owned().await)
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

    #[test]
    fn blocks_lie_side_by_side_and_hold_each_tile_once() {
        let block = Block::around(tile(5, 7, 10), 256, 1024).unwrap();
        assert_eq!(block.corner(), [4, 8]);
        let tiles: Vec<_> = block.tiles().collect();
        assert_eq!(tiles.len(), 16);
        assert_eq!(tiles[0], (tile(5, 4, 8), [0, 0]));
        assert_eq!(tiles[6], (tile(5, 6, 9), [512, 256]));
        assert!(tiles.iter().all(|(coord, _)| Block::around(*coord, 256, 1024).unwrap().corner() == [4, 8]));
        assert_eq!(Block::around(tile(1, 1, 0), 256, 1024).unwrap().tiles().count(), 4);
    }

    #[test]
    fn a_tile_as_large_as_a_block_is_alone() {
        assert_eq!(Block::around(tile(5, 7, 10), 1024, 1024), None);
        assert_eq!(Block::around(tile(0, 0, 0), 256, 1024), None);
        assert_eq!(Block::around(tile(5, 7, 10), 2048, 1024), None);
    }

    #[tokio::test]
    async fn the_second_tile_of_a_block_has_all_of_it_drawn_once() {
        let metatiles = Metatiles::default();
        let around = |column| Block::around(tile(5, column, 8), 256, 1024).unwrap();
        assert!(metatiles.turn("block", &around(4)).await.is_none());
        assert!(metatiles.turn("block", &around(4)).await.is_none(), "the same tile again is not another one");
        let drawing = metatiles.turn("block", &around(5)).await;
        assert!(drawing.is_some());
        let third = tokio::spawn({
            let (metatiles, block) = (metatiles.clone(), around(6));
            async move { metatiles.turn("block", &block).await.is_some() }
        });
        tokio::task::yield_now().await;
        assert!(!third.is_finished(), "who comes while it is drawn waits");
        drop(drawing);
        assert!(third.await.unwrap());
    }
}
