//! The way through all tiles, in the order of their numbers.

use std::sync::Arc;

use super::Shard;
use super::cover::Cover;
use crate::space::TileCoord;
use crate::tile::archive::first_number;

/// Blocks of tiles that may have something in them: zoom by zoom along the curve of `PMTiles`. What is known to be empty is
/// never descended into, so the way is about as long as there are tiles, however large the world.
#[derive(Debug)]
pub(super) struct Walk {
    cover: Arc<Cover>,
    zoom: u8,
    highest: u8,
    /// Squares that are to be looked into, the next last: level, and number along the curve of that level.
    squares: Vec<(u8, u64)>,
    /// Tiles of lower numbers are passed over.
    start: u64,
    /// The side of a block is so many times doubled.
    block: u8,
    shard: Shard,
}

/// Tiles that are made together.
#[derive(Debug)]
pub(super) struct Block {
    /// In the order of their numbers.
    pub(super) tiles: Vec<TileCoord>,
    /// The lowest number of later blocks.
    pub(super) after: u64,
}

/// Shards have squares of four by four tiles, or of a block, where that is more.
const SHARED: u8 = 2;

impl Walk {
    /// The way through some zooms, from a number on.
    pub(super) fn new(cover: Arc<Cover>, zooms: [u8; 2], start: u64, block: u8, shard: Shard) -> Self {
        let [zoom, highest] = zooms;
        Self { cover, zoom, highest, squares: vec![(0, 0)], start, block, shard }
    }

    /// The tiles of a square that may have something in them.
    fn tiles(&self, level: u8, along: u64) -> Vec<TileCoord> {
        let deeper = 2 * u32::from(self.zoom - level);
        let from = along << deeper;
        let first = self.start.saturating_sub(first_number(self.zoom)).max(from);
        (first..from + (1 << deeper)).filter_map(|along| self.cover.tile(self.zoom, along)).collect()
    }
}

impl Iterator for Walk {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        loop {
            let Some((level, along)) = self.squares.pop() else {
                if self.zoom >= self.highest {
                    return None;
                }
                self.zoom += 1;
                self.squares.push((0, 0));
                continue;
            };
            let deeper = 2 * u32::from(self.zoom - level);
            let after = first_number(self.zoom) + ((along + 1) << deeper);
            let is_shared = level == self.zoom.saturating_sub(self.block.max(SHARED));
            if after <= self.start || (is_shared && !self.shard.has(first_number(self.zoom) + (along << deeper))) {
                continue;
            }
            if level == self.zoom.saturating_sub(self.block) {
                let tiles = self.tiles(level, along);
                if !tiles.is_empty() {
                    return Some(Block { tiles, after });
                }
            } else if self.cover.tile(level, along).is_some() {
                self.squares.extend((0..4).rev().map(|child| (level + 1, 4 * along + child)));
            }
        }
    }
}
