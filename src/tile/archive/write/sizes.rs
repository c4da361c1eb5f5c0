//! How many tiles an archive has, and how large they are.

use super::Spool;
use super::Unwritable;
use crate::tile::archive::tile_at;

/// What is counted of the tiles of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Of each zoom that has tiles, the lowest first.
    pub zooms: Vec<ZoomSizes>,
    /// Bytes of the finished archive.
    pub bytes: u64,
}

/// What is counted of the tiles of one zoom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ZoomSizes {
    /// The zoom.
    pub zoom: u8,
    /// Number of tiles.
    pub tiles: u64,
    /// Number of tiles whose bytes no tile before them has.
    pub contents: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Bytes of the largest tile.
    pub largest: u32,
}

impl Sizes {
    /// Counts what a spool holds.
    pub(super) fn of(spool: &Spool) -> Result<Self, Unwritable> {
        let (mut zooms, mut end) = (Vec::<ZoomSizes>::new(), 0);
        for tile in spool.tiles()? {
            let (zoom, ..) = tile_at(tile.number).ok_or_else(|| Unwritable::Damaged(spool.journal_path()))?;
            if zooms.last().is_none_or(|last| last.zoom != zoom) {
                zooms.push(ZoomSizes { zoom, ..ZoomSizes::default() });
            }
            let sizes = zooms.last_mut().expect("the zoom was added where it was missing");
            sizes.tiles += 1;
            sizes.largest = sizes.largest.max(tile.length);
            if tile.offset == end {
                end += u64::from(tile.length);
                sizes.contents += 1;
                sizes.bytes += u64::from(tile.length);
            }
        }
        Ok(Self { zooms, bytes: 0 })
    }

    /// Number of tiles.
    pub fn tiles(&self) -> u64 {
        self.zooms.iter().map(|zoom| zoom.tiles).sum()
    }

    /// Number of tiles whose bytes differ.
    pub fn contents(&self) -> u64 {
        self.zooms.iter().map(|zoom| zoom.contents).sum()
    }
}
