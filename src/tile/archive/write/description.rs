//! What an archive that is written says about itself.

use serde_json::Map;
use serde_json::Value as Json;

/// What an archive says about itself, beside what is counted of its tiles.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// What its tiles are.
    pub format: Format,
    /// West, south, east and north in degrees.
    pub bounds: [f64; 4],
    /// Longitude, latitude and zoom from which it is best looked at.
    pub center: [f64; 3],
    /// Other members of `TileJSON`: `name`, `description`, `attribution`, `vector_layers`.
    pub members: Map<String, Json>,
}

/// What the tiles of an archive are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Mapbox Vector Tiles, each packed as RFC 1952 has it.
    Mvt,
    /// `MapLibre` Tiles, packed alike.
    Mlt,
    /// Pictures.
    Png,
    /// Pictures without transparency.
    Jpeg,
    /// Pictures that only newer clients read.
    Webp,
}

impl Format {
    /// The ending of files, which is also its name in `MBTiles`.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Mvt => "pbf",
            Self::Mlt => "mlt",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }

    /// Whether its tiles are vector tiles, which are packed one by one.
    pub(super) fn is_vector(self) -> bool {
        matches!(self, Self::Mvt | Self::Mlt)
    }

    /// Its number in the header of `PMTiles` (3, 3.4).
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Mvt => 1,
            Self::Png => 2,
            Self::Jpeg => 3,
            Self::Webp => 4,
            Self::Mlt => 6,
        }
    }

    /// The format of a number in that header, if it is one that is written here.
    pub fn of_number(number: u8) -> Option<Self> {
        [Self::Mvt, Self::Png, Self::Jpeg, Self::Webp, Self::Mlt].into_iter().find(|format| format.number() == number)
    }
}
