//! One source of a style, opened.

use std::sync::Arc;

use serde_json::Value as Json;

use super::Supply;
use super::features::Features;
use crate::catalog::Archive;
use crate::catalog::Catalog;
use crate::catalog::Collection;
use crate::style::Encoding;
use crate::style::Source;
use crate::style::Tiled;

/// One source, opened.
#[derive(Clone, Debug)]
pub(super) enum Stock {
    /// Collections of the catalog.
    Collections(Vec<Arc<Collection>>),
    /// Features of the style.
    Features(Box<Features>),
    /// Vector tiles elsewhere.
    Vector(Tiles),
    /// Tiles of pixels elsewhere.
    Raster(Tiles),
    /// Tiles of heights elsewhere.
    Heights(Tiles, Encoding),
    /// One picture elsewhere.
    Image(String),
}

/// Where the tiles of a source are.
#[derive(Clone, Debug)]
pub(super) enum Tiles {
    /// At addresses made of their places.
    Addresses(Tiled),
    /// In an archive.
    Archive(Arc<Archive>, Tiled),
}

impl Stock {
    /// What is known of its tiles, where they are elsewhere.
    pub(super) fn tiled(&self) -> Option<&Tiled> {
        match self {
            Self::Vector(tiles) | Self::Raster(tiles) | Self::Heights(tiles, _) => match tiles {
                Tiles::Addresses(tiled) | Tiles::Archive(_, tiled) => Some(tiled),
            },
            Self::Collections(_) | Self::Features(_) | Self::Image(_) => None,
        }
    }
}

impl Supply {
    /// Opens a source; a TileJSON document completes it. What is wrong and does not keep it from being opened is added to
    /// `faults`.
    pub(super) async fn stock(
        &self,
        source: &mut Source,
        catalog: &Catalog,
        faults: &mut Vec<String>,
    ) -> Result<Stock, String> {
        match source {
            Source::Vector(tiled) => {
                if let Some(collections) = tiled.url.as_deref().and_then(|url| catalog.collections_at(url)) {
                    let highest = collections.iter().map(|collection| collection.tiles.maxzoom).max();
                    tiled.maxzoom = tiled.maxzoom.or(highest);
                    return Ok(Stock::Collections(collections));
                }
                self.tiles(tiled).await.map(Stock::Vector)
            }
            Source::Raster(tiled) => self.tiles(tiled).await.map(Stock::Raster),
            Source::RasterDem(tiled, encoding) => {
                let tiles = self.tiles(tiled).await?;
                Ok(Stock::Heights(tiles, *encoding))
            }
            Source::Geojson(geojson) => {
                let (features, more) = self.features(geojson, catalog).await?;
                faults.extend(more);
                Ok(Stock::Features(Box::new(features)))
            }
            Source::Image { url, .. } => Ok(Stock::Image(url.clone())),
        }
    }

    /// Opens tiles elsewhere; what their source leaves open is said by a `TileJSON` document or by their archive.
    async fn tiles(&self, tiled: &mut Tiled) -> Result<Tiles, String> {
        let Some(url) = tiled.url.clone() else {
            let has_any = !tiled.tiles.is_empty();
            return has_any.then(|| Tiles::Addresses(tiled.clone())).ok_or_else(|| "it names no tiles".to_owned());
        };
        if Archive::is_named(&url) {
            let remote = self.remote.as_ref().ok_or_else(|| format!("{url} is not opened by a server"))?;
            let opened = Archive::open(&url, remote).await.map_err(|error| {
                self.count_failure();
                format!("{url}: {error}")
            });
            let archive = opened?;
            tiled.complete(&archive.tilejson());
            return Ok(Tiles::Archive(Arc::new(archive), tiled.clone()));
        }
        let text = self.fetch_known(&url).await?;
        let document: Json = serde_json::from_slice(&text).map_err(|error| format!("{url}: {error}"))?;
        tiled.complete(document.as_object().ok_or_else(|| format!("{url} is no TileJSON"))?);
        resolve(&mut tiled.tiles, &url);
        if tiled.tiles.is_empty() { Err(format!("{url} names no tiles")) } else { Ok(Tiles::Addresses(tiled.clone())) }
    }
}

/// Makes relative addresses in a document those beside it; MapLibre does so for `TileJSON`.
fn resolve(addresses: &mut [String], document: &str) {
    let folder =
        document.split(['?', '#']).next().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder);
    let host_end = document.find("://").and_then(|at| document[at + 3..].find('/').map(|end| at + 3 + end));
    for address in addresses.iter_mut().filter(|address| !address.contains("://")) {
        *address = match (address.starts_with('/'), host_end) {
            (true, Some(end)) => format!("{}{address}", &document[..end]),
            _ => format!("{folder}/{address}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_a_document_are_beside_it() {
        let mut addresses = ["{z}.png", "/a/{z}.png", "https://b.example/{z}.png"].map(str::to_owned);
        resolve(&mut addresses, "https://a.example/maps/tiles.json?v=1/2");
        let expected = ["https://a.example/maps/{z}.png", "https://a.example/a/{z}.png", "https://b.example/{z}.png"];
        assert_eq!(addresses, expected);
    }
}
