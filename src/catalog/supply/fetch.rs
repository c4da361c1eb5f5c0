//! One tile or picture that is needed.

use std::sync::Arc;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use super::Supply;
use super::address::tile_address;
use super::stock::Stock;
use crate::catalog::Collection;
use crate::catalog::tiles::vector_tile;
use crate::query::Query;
use crate::render::Bitmap;
use crate::render::Heights;
use crate::render::Need;
use crate::render::Whole;
use crate::render::WholeLayer;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::style::Tiled;
use crate::tile::CutSettings;
use crate::tile::VectorTile;
use crate::tile::codec::mvt;

/// What came of a need.
pub(super) enum Found {
    Vector(Arc<VectorTile>),
    Raster(Arc<Bitmap>),
    Heights(Arc<Heights>),
    Whole(Whole),
    /// There is no such tile; a larger one may stand for it.
    Missing,
    /// There is nothing to draw.
    Nothing,
}

impl Supply {
    /// Fetches or cuts what is needed.
    pub(super) async fn fetch(&self, need: &Need) -> Result<Found, String> {
        match need {
            Need::Image(name) => match self.stocks.get(name) {
                Some(Stock::Image(url)) => bitmap(&self.fetch_known(url).await?),
                _ => Ok(Found::Nothing),
            },
            Need::Whole(name, _) => Ok(self.whole(name).map_or(Found::Nothing, Found::Whole)),
            Need::Tile(name, coord) => match self.stocks.get(name) {
                Some(Stock::Collections(collections)) => {
                    Ok(Found::Vector(Arc::new(cut_collections(collections, *coord))))
                }
                Some(Stock::Features(features)) => Ok(Found::Vector(Arc::new(features.cut(*coord)))),
                Some(Stock::Vector(tiled)) => match self.fetch_tile(tiled, *coord).await? {
                    Some(bytes) => {
                        let tile = mvt::decode(&unpacked(&bytes)?).map_err(|error| error.to_string())?;
                        Ok(Found::Vector(Arc::new(tile)))
                    }
                    None => Ok(Found::Missing),
                },
                Some(Stock::Raster(tiled)) => match self.fetch_tile(tiled, *coord).await? {
                    Some(bytes) if bytes.is_empty() => Ok(Found::Nothing),
                    Some(bytes) => bitmap(&bytes),
                    None => Ok(Found::Missing),
                },
                Some(Stock::Heights(tiled, encoding)) => match self.fetch_tile(tiled, *coord).await? {
                    Some(bytes) if bytes.is_empty() => Ok(Found::Nothing),
                    Some(bytes) => match Heights::decode(&bytes, encoding) {
                        Ok(heights) => Ok(Found::Heights(Arc::new(heights))),
                        Err(error) => Err(error.to_string()),
                    },
                    None => Ok(Found::Missing),
                },
                Some(Stock::Image(_)) | None => Ok(Found::Nothing),
            },
        }
    }

    /// All features of a source, where they are at hand.
    fn whole(&self, name: &str) -> Option<Whole> {
        let layer = |own: &str, snapshot: &Snapshot| WholeLayer::new(name, own, snapshot.clone(), None);
        let layers = match self.stocks.get(name)? {
            Stock::Collections(collections) => collections.iter().map(|own| layer(&own.id, own.snapshot())).collect(),
            Stock::Features(features) => vec![layer("", &features.snapshot)],
            _ => return None,
        };
        Some(Whole { layers, memory: Arc::clone(&self.memory) })
    }

    async fn fetch_tile(&self, tiled: &Tiled, coord: TileCoord) -> Result<Option<Bytes>, String> {
        match tile_address(tiled, coord) {
            Some(address) => self.fetch_any(&address).await,
            None => Ok(None),
        }
    }

    pub(super) async fn fetch_any(&self, url: &str) -> Result<Option<Bytes>, String> {
        match &self.remote {
            Some(remote) => remote.fetch(url).await.map_err(|error| error.to_string()),
            None => Err(format!("{url} is not fetched: styles draw from this server's own collections and sprites")),
        }
    }

    pub(super) async fn fetch_known(&self, url: &str) -> Result<Bytes, String> {
        self.fetch_any(url).await?.ok_or_else(|| format!("there is nothing at {url}"))
    }
}

fn bitmap(bytes: &[u8]) -> Result<Found, String> {
    Bitmap::decode(bytes).map(|bitmap| Found::Raster(Arc::new(bitmap))).map_err(|error| error.to_string())
}

fn cut_collections(collections: &[Arc<Collection>], coord: TileCoord) -> VectorTile {
    let all = Query::default();
    let parts = collections.iter().map(|collection| (collection.as_ref(), &all));
    vector_tile(parts, &Grid::web_mercator_quad(), coord, &CutSettings::default())
}

/// A body without its gzip wrapping, which some servers do not declare.
fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, String> {
    use std::io::Read;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes.to_vec());
    }
    let mut body = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(MOST_UNPACKED);
    reader.read_to_end(&mut body).map_err(|error| error.to_string())?;
    Ok(body)
}

/// Bytes of a tile, at most.
const MOST_UNPACKED: u64 = 64 << 20;
