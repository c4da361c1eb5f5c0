//! What the tiles of an export show.

use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::Pictures;
use super::Unexportable;
use super::cover::Cover;
use super::walk::Block;
use crate::catalog::Collection;
use crate::catalog::Extras;
use crate::catalog::vector_tile;
use crate::query::Query;
use crate::space::Bbox;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::tile::archive::tile_number;
use crate::tile::archive::write::Format;
use crate::tile::codec::VectorFormat;
use crate::tile::gzip;

/// What the tiles of an export show.
#[derive(Clone, Debug)]
pub enum Content {
    /// Collections, a layer each, with what is asked of them, written in a format.
    Features(Vec<(Arc<Collection>, Query)>, VectorFormat),
    /// What a style draws.
    Pictures(Pictures),
}

/// How well vector tiles are packed. They are packed once and sent often.
const LEVEL: i32 = 6;

/// How far from all of them, in sides of a tile, what stands for several small features may lie.
const GATHERED: f64 = 1.0 / 32.0;

impl Content {
    /// What its tiles are.
    pub fn format(&self) -> Format {
        match self {
            Self::Features(_, VectorFormat::Mvt) => Format::Mvt,
            Self::Features(_, VectorFormat::Mlt) => Format::Mlt,
            Self::Pictures(pictures) => pictures.format(),
        }
    }

    /// The collections that it shows.
    pub fn collections(&self) -> Vec<Arc<Collection>> {
        match self {
            Self::Features(parts, _) => parts.iter().map(|(collection, _)| Arc::clone(collection)).collect(),
            Self::Pictures(pictures) => pictures.collections(),
        }
    }

    /// The tiles of a block that show something, by their numbers.
    pub(super) fn make(&self, block: &Block) -> Result<Vec<(u64, Vec<u8>)>, Unexportable> {
        match self {
            Self::Features(parts, format) => vector_tiles(parts, *format, &block.tiles),
            Self::Pictures(pictures) => pictures.tiles(&block.tiles),
        }
    }

    /// Where there is something of it.
    pub(super) fn cover(&self, bbox: Option<Bbox>) -> Cover {
        let collections = self.collections();
        match self {
            Self::Features(..) => {
                let margin = |own: &Arc<Collection>| f64::from(own.tiles.cut.buffer) / f64::from(own.tiles.cut.extent);
                let margin = collections.iter().map(margin).fold(0.0, f64::max);
                Cover::new(&collections, margin + GATHERED, bbox)
            }
            Self::Pictures(pictures) => {
                let cover = Cover::new(&collections, pictures.margin(), bbox);
                if pictures.draws_from_elsewhere() { cover.everywhere() } else { cover }
            }
        }
    }

    /// How many times the side of a block is doubled, whose tiles are made together.
    pub(super) fn block(&self) -> u8 {
        match self {
            Self::Features(..) => 1,
            Self::Pictures(pictures) => pictures.block(),
        }
    }

    /// Adds all that the tiles are made of to a hash.
    pub(super) fn hash(&self, hash: &mut Xxh3) {
        for collection in self.collections() {
            let (id, version, settings) = (&collection.id, collection.snapshot().version(), &collection.tiles);
            hash.update(format!("{id:?}@{version}:{settings:?};").as_bytes());
        }
        match self {
            Self::Features(parts, format) => {
                if *format == VectorFormat::Mlt {
                    hash.update(b"mlt;");
                }
                parts.iter().for_each(|(_, query)| hash.update(format!("{query};{LEVEL}").as_bytes()));
            }
            Self::Pictures(pictures) => pictures.hash(hash),
        }
    }
}

/// Cuts, encodes and packs tiles as they are served; those without features are left out.
fn vector_tiles(
    parts: &[(Arc<Collection>, Query)],
    format: VectorFormat,
    coords: &[TileCoord],
) -> Result<Vec<(u64, Vec<u8>)>, Unexportable> {
    let grid = Grid::web_mercator_quad();
    let tile = |coord: &TileCoord| {
        let parts = parts.iter().map(|(collection, query)| (collection.as_ref(), query));
        let body = format.encode(&vector_tile(parts, &grid, *coord, &Extras::default()).tile);
        let packed = |body: Vec<u8>| (!body.is_empty()).then(|| (tile_number(*coord), gzip(&body, LEVEL)));
        body.map(packed).map_err(Unexportable::from).transpose()
    };
    coords.iter().filter_map(tile).collect()
}
