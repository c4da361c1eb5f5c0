//! What an archive says about itself.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

/// What an archive says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// What its tiles are.
    pub content: Content,
    /// The ending of files of such tiles: `pbf`, `mlt`, `png`, `jpg`, `webp` or `avif`; empty when nobody says.
    pub ending: &'static str,
    /// The lowest zoom with tiles.
    pub minzoom: u8,
    /// The highest zoom with tiles.
    pub maxzoom: u8,
    /// West, south, east and north in degrees of what there is.
    pub bounds: Option<[f64; 4]>,
    /// Longitude, latitude and zoom from which it is best looked at.
    pub center: Option<[f64; 3]>,
    /// The other members of `TileJSON` that it has: `name`, `attribution`, `description`, `vector_layers`.
    pub members: Map<String, Json>,
}

/// What the tiles of an archive are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Mapbox Vector Tiles.
    Mvt,
    /// `MapLibre` Tiles, which are given out and not read.
    Mlt,
    /// Pictures: PNG, JPEG, WebP or AVIF.
    Picture,
    /// Something else, or nobody says.
    Unknown,
}

impl About {
    /// The archive as a `TileJSON` 3.0 document without addresses of tiles.
    pub fn tilejson(&self) -> Map<String, Json> {
        let mut document = self.members.clone();
        document.insert("tilejson".to_owned(), json!("3.0.0"));
        if self.content == Content::Mlt {
            document.insert("encoding".to_owned(), json!("mlt"));
        }
        document.insert("minzoom".to_owned(), json!(self.minzoom));
        document.insert("maxzoom".to_owned(), json!(self.maxzoom));
        if let Some(bounds) = self.bounds {
            document.insert("bounds".to_owned(), json!(bounds));
        }
        if let Some(center) = self.center {
            document.insert("center".to_owned(), json!(center));
        }
        document
    }
}

/// A box in degrees, if it is one.
pub(super) fn sensible(bounds: [f64; 4]) -> Option<[f64; 4]> {
    let [west, south, east, north] = bounds;
    let within = west.abs() <= 180.0 && east.abs() <= 180.0 && south.abs() <= 90.0 && north.abs() <= 90.0;
    (within && west < east && south < north).then_some(bounds)
}
