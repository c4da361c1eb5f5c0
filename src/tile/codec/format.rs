//! The formats of vector tiles.

use super::mlt;
use super::mvt;
use crate::tile::TileFormat;
use crate::tile::VectorTile;

/// What a vector tile is written in. Which features are in it, and how large it may be, does not depend on that: the bytes
/// that a layer may take are counted as a Mapbox Vector Tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VectorFormat {
    /// Mapbox Vector Tile 2.1.
    Mvt,
    /// `MapLibre` Tile.
    Mlt,
}

impl VectorFormat {
    /// Both of them, that which all clients read first.
    pub const ALL: [Self; 2] = [Self::Mvt, Self::Mlt];

    /// Its name in addresses and settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mvt => "mvt",
            Self::Mlt => "mlt",
        }
    }

    /// A tile as bytes; equal tiles give equal bytes, and one that shows nothing none.
    ///
    /// # Errors
    /// When the format does not hold it.
    pub fn encode(self, tile: &VectorTile) -> Result<Vec<u8>, mlt::Error> {
        match self {
            Self::Mvt => Ok(mvt::encode(tile)),
            Self::Mlt => mlt::encode(tile),
        }
    }
}

impl From<VectorFormat> for TileFormat {
    fn from(format: VectorFormat) -> Self {
        match format {
            VectorFormat::Mvt => Self::Mvt,
            VectorFormat::Mlt => Self::Mlt,
        }
    }
}
