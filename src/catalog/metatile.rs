//! Blocks of tiles that are drawn at once: neighbours share features, labels and all that is done once for a picture.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use quick_cache::sync::Cache;
use tokio::sync::Mutex as Turns;
use tokio::sync::OwnedMutexGuard;

use crate::render::View;
use crate::space::Grid;
use crate::space::TileCoord;

/// A block of two by two tiles with one of them in it. Larger pictures are not quicker to draw than their parts: what they
/// share becomes less, and they leave the caches of the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    coord: TileCoord,
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

/// The tiles that were asked for lately.
///
/// Whoever asks for one tile shall not wait for more of them, and whoever asks for many shall have them drawn together. So
/// tiles are drawn alone until half of their block and half of the district around it were asked for, and then what is left of
/// the block at once: who shows a map asks for whole districts within a moment, and who asks here and there pays for little
/// that nobody wants. Each block has its turn, so that neighbouring ones are drawn at the same time.
#[derive(Clone, Debug)]
pub struct Metatiles(Arc<Cache<String, Arc<Asked>>>);

/// What was asked of a district.
#[derive(Debug, Default)]
struct Asked {
    /// The columns and rows in it of the tiles that were drawn alone.
    alone: Mutex<BTreeSet<[u32; 2]>>,
    /// Held by who draws the rest of a block, for each of them.
    drawing: [Arc<Turns<()>>; 4],
}

/// Tiles a side of a block.
const BLOCK: u32 = 2;

/// Tiles a side of a district, which has four blocks, but for the one of level 1.
const DISTRICT: u32 = 4;

/// Districts that are remembered.
const REMEMBERED: usize = 4096;

impl Block {
    /// The block around a tile whose side has so many pixels, at most `most` pixels a side; `None` when the tile is alone in
    /// it. Blocks of one size lie side by side and never overlap.
    pub fn around(coord: TileCoord, pixels: u32, most: u32) -> Option<Self> {
        (coord.level() > 0 && pixels <= most / BLOCK).then_some(Self { coord, pixels })
    }

    /// The tile's column and row in its district.
    fn place(&self) -> [u32; 2] {
        [self.coord.column() % DISTRICT, self.coord.row() % DISTRICT]
    }

    /// The number of the block in its district.
    fn number(&self) -> usize {
        let [right, down] = self.place().map(|n| n / BLOCK);
        (down * (DISTRICT / BLOCK) + right) as usize
    }

    /// The columns and rows of its tiles in their district, row by row.
    fn places(&self) -> impl Iterator<Item = [u32; 2]> + use<> {
        let [right, down] = self.place().map(|n| n / BLOCK * BLOCK);
        (0..BLOCK * BLOCK).map(move |number| [right + number % BLOCK, down + number / BLOCK])
    }

    /// Whether half of the block and half of its district are among some tiles of the district.
    fn is_wanted(&self, asked: &BTreeSet<[u32; 2]>) -> bool {
        let side = DISTRICT.min(1 << self.coord.level().min(16));
        let own = self.places().filter(|place| asked.contains(place)).count();
        own >= (BLOCK * BLOCK / 2) as usize && asked.len() >= (side * side / 2) as usize
    }

    /// All of the block but some, when that is a rectangle of more than one tile: first column and row, columns and rows.
    fn rest(&self, drawn: &BTreeSet<[u32; 2]>) -> Option<[[u32; 2]; 2]> {
        let (mut min, mut max, mut count) = ([u32::MAX; 2], [0; 2], 0);
        for place in self.places().filter(|place| !drawn.contains(place)) {
            min = [min[0].min(place[0]), min[1].min(place[1])];
            max = [max[0].max(place[0]), max[1].max(place[1])];
            count += 1;
        }
        if count < 2 {
            return None;
        }
        let [column, row] = [self.coord.column(), self.coord.row()].map(|n| n / DISTRICT * DISTRICT);
        let size = [max[0] + 1 - min[0], max[1] + 1 - min[1]];
        (size[0] * size[1] == count).then_some([[column + min[0], row + min[1]], size])
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
    /// Waits for the turn to draw what is left of a block, given the name of all that its tiles are made of; `None` when the
    /// tile shall be drawn alone, because less than half of the block or of its district was asked for lately. Before drawing,
    /// the tile is to be looked for once more.
    pub async fn turn(&self, name: &str, block: &Block) -> Option<Turn> {
        let [column, row] = [block.coord.column(), block.coord.row()].map(|n| n / DISTRICT);
        let district = format!("{name}/{}/{column}/{row}", block.coord.level());
        let asked = if let Some(asked) = self.0.get(&district) {
            asked
        } else {
            self.0.get_or_insert_with(&district, || Ok::<_, Infallible>(Arc::default())).ok()?
        };
        let [corner, size] = {
            let mut alone = asked.alone.lock().unwrap_or_else(PoisonError::into_inner);
            let is_wanted = !alone.contains(&block.place()) && block.is_wanted(&alone);
            let rest = is_wanted.then(|| block.rest(&alone)).flatten();
            if rest.is_none() {
                alone.insert(block.place());
            }
            rest?
        };
        let drawing = Arc::clone(&asked.drawing[block.number()]).lock_owned().await;
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

    fn block(column: u32, row: u32) -> Block {
        Block::around(Grid::web_mercator_quad().tile(5, column, row).unwrap(), 256, 512).unwrap()
    }

    /// All tiles of the district that begins at column 4 and row 8, row by row.
    fn district() -> impl Iterator<Item = (u32, u32)> {
        (8..12).flat_map(|row| (4..8).map(move |column| (column, row)))
    }

    #[test]
    fn blocks_of_two_by_two_lie_side_by_side() {
        let numbers: Vec<_> = district().map(|(column, row)| block(column, row).number()).collect();
        assert_eq!(numbers, [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]);
        assert_eq!(block(7, 10).places().collect::<Vec<_>>(), [[2, 2], [3, 2], [2, 3], [3, 3]]);
    }

    #[test]
    fn a_tile_with_no_room_for_another_is_alone() {
        let around =
            |level, pixels, most| Block::around(Grid::web_mercator_quad().tile(level, 0, 0).unwrap(), pixels, most);
        assert!(around(5, 512, 1024).is_some() && around(1, 256, 1024).is_some());
        assert_eq!(around(5, 513, 1024), None);
        assert_eq!(around(0, 256, 1024), None);
        assert_eq!(around(5, 1, 1), None);
    }

    #[tokio::test]
    async fn when_half_of_a_block_and_of_its_district_were_asked_for_the_rest_of_the_block_is_drawn_once() {
        let metatiles = Metatiles::default();
        for (column, row) in district().take(8).chain([(6, 10), (7, 10)]) {
            for again in 0..2 {
                assert!(metatiles.turn("map", &block(column, row)).await.is_none(), "{column}, {row}, {again}");
            }
        }
        let turn = metatiles.turn("map", &block(7, 11)).await.unwrap();
        let tiles: Vec<_> = turn.tiles().map(|(tile, corner)| ([tile.column(), tile.row()], corner)).collect();
        assert_eq!(tiles, [([6, 11], [0, 0]), ([7, 11], [256, 0])]);
        let third = tokio::spawn({
            let metatiles = metatiles.clone();
            async move { metatiles.turn("map", &block(6, 11)).await.is_some() }
        });
        tokio::task::yield_now().await;
        assert!(!third.is_finished(), "who comes while it is drawn waits");
        for column in [4, 5] {
            assert!(
                metatiles.turn("map", &block(column, 10)).await.is_none(),
                "less than half of this one was asked for"
            );
        }
        assert!(metatiles.turn("map", &block(4, 11)).await.is_some(), "blocks do not wait for each other");
        drop(turn);
        assert!(third.await.unwrap());
        assert!(metatiles.turn("map", &block(4, 8)).await.is_none(), "what was drawn alone is drawn so again");
    }

    #[tokio::test]
    async fn tiles_here_and_there_are_drawn_alone() {
        let metatiles = Metatiles::default();
        for (column, row) in [(4, 8), (5, 8), (4, 9), (5, 9), (7, 11), (4, 11)] {
            assert!(metatiles.turn("map", &block(column, row)).await.is_none(), "{column}, {row}");
        }
        for (column, row) in district() {
            assert!(metatiles.turn(&format!("{column}/{row}"), &block(column, row)).await.is_none(), "other maps");
        }
    }

    #[tokio::test]
    async fn the_four_tiles_of_level_1_are_a_district() {
        let metatiles = Metatiles::default();
        let world =
            |column, row| Block::around(Grid::web_mercator_quad().tile(1, column, row).unwrap(), 512, 1024).unwrap();
        assert!(metatiles.turn("map", &world(0, 0)).await.is_none());
        assert!(metatiles.turn("map", &world(1, 0)).await.is_none());
        let turn = metatiles.turn("map", &world(1, 1)).await.unwrap();
        assert_eq!((turn.corner, turn.size), ([0, 1], [2, 1]));
    }

    #[test]
    fn the_rest_is_a_rectangle_of_more_than_one_tile() {
        let rest = |drawn: &[[u32; 2]]| block(7, 10).rest(&drawn.iter().copied().collect());
        assert_eq!(rest(&[]), Some([[6, 10], [2, 2]]));
        assert_eq!(rest(&[[2, 2], [2, 3], [1, 1]]), Some([[7, 10], [1, 2]]));
        assert_eq!(rest(&[[2, 3], [3, 3]]), Some([[6, 10], [2, 1]]));
        assert_eq!(rest(&[[2, 2], [3, 3]]), None, "what is drawn already would be drawn with them");
        assert_eq!(rest(&[[2, 2], [2, 3], [3, 3]]), None);
    }
}
