//! One source of a style, opened.

use std::sync::Arc;

use serde_json::Value as Json;

use super::Supply;
use super::features::Features;
use crate::catalog::Catalog;
use crate::catalog::Collection;
use crate::catalog::tiles::zooms;
use crate::style::Encoding;
use crate::style::Source;
use crate::style::Tiled;

/// One source, opened.
#[derive(Clone, Debug)]
pub(super) enum Stock {
    /// Collections of the catalog.
    Collections(Vec<Arc<Collection>>),
    /// Features of the style.
    Features(Features),
    /// Vector tiles elsewhere.
    Vector(Tiled),
    /// Tiles of pixels elsewhere.
    Raster(Tiled),
    /// Tiles of heights elsewhere.
    Heights(Tiled, Encoding),
    /// One picture elsewhere.
    Image(String),
}

impl Supply {
    /// Opens a source; a TileJSON document completes it.
    pub(super) async fn stock(&self, source: &mut Source, catalog: &Catalog) -> Result<Stock, String> {
        match source {
            Source::Vector(tiled) => {
                if let Some(collections) = tiled.url.as_deref().and_then(|url| catalog.collections_at(url)) {
                    let highest = collections.iter().map(|collection| zooms(collection.snapshot()).1).max();
                    tiled.maxzoom = tiled.maxzoom.or(highest);
                    return Ok(Stock::Collections(collections));
                }
                self.complete(tiled).await.map(|()| Stock::Vector(tiled.clone()))
            }
            Source::Raster(tiled) => self.complete(tiled).await.map(|()| Stock::Raster(tiled.clone())),
            Source::RasterDem(tiled, encoding) => {
                self.complete(tiled).await.map(|()| Stock::Heights(tiled.clone(), *encoding))
            }
            Source::Geojson(geojson) => self.features(geojson).await,
            Source::Image { url, .. } => Ok(Stock::Image(url.clone())),
        }
    }

    async fn complete(&self, tiled: &mut Tiled) -> Result<(), String> {
        if let Some(url) = tiled.url.clone() {
            let text = self.fetch_known(&url).await?;
            let document: Json = serde_json::from_slice(&text).map_err(|error| format!("{url}: {error}"))?;
            tiled.complete(document.as_object().ok_or_else(|| format!("{url} is no TileJSON"))?);
        }
        if tiled.tiles.is_empty() { Err("it names no tiles".to_owned()) } else { Ok(()) }
    }
}
