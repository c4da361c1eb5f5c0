//! One export.

use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::Content;
use super::Shard;
use super::cover::Cover;
use super::walk::Walk;
use crate::render::Unencodable;
use crate::space::Bbox;
use crate::tile::archive::Error;
use crate::tile::archive::write::Unwritable;
use crate::tile::codec::mlt;

/// What is to be exported.
#[derive(Clone, Debug)]
pub struct Job {
    /// What the tiles show.
    pub content: Content,
    /// The lowest and the highest zoom.
    pub zooms: [u8; 2],
    /// The place of the tiles; everywhere without one.
    pub bbox: Option<Bbox>,
    /// Which of the tiles.
    pub shard: Shard,
}

/// Why an export comes to no end.
#[derive(Debug, thiserror::Error)]
pub enum Unexportable {
    /// The archive cannot be written.
    #[error(transparent)]
    Unwritable(#[from] Unwritable),
    /// No tile has anything in it.
    #[error("there is nothing to export: no tile of these zooms and this place has anything in it")]
    Nothing,
    /// A picture lacks something.
    #[error("something that tile {0} is drawn from could not be fetched; the same command goes on from there")]
    Unfetched(String),
    /// A picture cannot be written in its format.
    #[error("tile {0} cannot be written: {1}")]
    Picture(String, #[source] Unencodable),
    /// A vector tile cannot be written in its format.
    #[error(transparent)]
    Vector(#[from] mlt::Error),
    /// A fault of ours.
    #[error("making a tile ended in a panic, which is a fault of the program; the same command goes on from there")]
    Panicked,
    /// An archive is no shard, or not one of these.
    #[error("{0}: {1}")]
    NotMergeable(String, String),
    /// An archive cannot be read.
    #[error("{0}: {1}")]
    Unreadable(String, #[source] Error),
}

impl Job {
    /// A hash of all that the tiles of the whole export are made of, whichever shard this is.
    pub(super) fn version(&self) -> u128 {
        let mut hash = Xxh3::new();
        hash.update(env!("CARGO_PKG_VERSION").as_bytes());
        hash.update(&self.zooms);
        hash.update(format!("{:?}", self.bbox.map(Bbox::to_array)).as_bytes());
        self.content.hash(&mut hash);
        hash.digest128()
    }

    /// A hash of all that the tiles of this shard are made of.
    pub fn own_version(&self) -> u128 {
        let mut hash = Xxh3::new();
        hash.update(&self.version().to_le_bytes());
        hash.update(self.shard.to_string().as_bytes());
        hash.digest128()
    }

    pub(super) fn cover(&self) -> Cover {
        self.content.cover(self.bbox)
    }

    /// The way through its tiles from a number on.
    pub(super) fn walk(&self, start: u64) -> Walk {
        Walk::new(Arc::new(self.cover()), self.zooms, start, self.content.block(), self.shard)
    }
}
