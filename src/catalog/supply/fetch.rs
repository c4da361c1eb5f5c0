//! One tile or picture that is needed.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;

use super::Supply;
use super::address::is_covered;
use super::address::tile_address;
use super::stock::Stock;
use super::stock::Tiles;
use crate::catalog::Collection;
use crate::catalog::Extras;
use crate::catalog::Selection;
use crate::catalog::tiling::vector_tile;
use crate::query::Query;
use crate::render::Bitmap;
use crate::render::Heights;
use crate::render::Need;
use crate::render::Whole;
use crate::render::WholeLayer;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::tile::VectorTile;

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
                Some(Stock::Image(url)) => self.decoded.raster(&self.fetch_known(url).await?).map(Found::Raster),
                _ => Ok(Found::Nothing),
            },
            Need::Whole(name, zoom) => Ok(self.whole(name, *zoom).map_or(Found::Nothing, Found::Whole)),
            Need::Tile(name, coord) => match self.stocks.get(name) {
                Some(Stock::Collections(collections)) => {
                    Ok(Found::Vector(Arc::new(cut_collections(collections, &self.selection, *coord))))
                }
                Some(Stock::Features(features)) => Ok(Found::Vector(features.cut(*coord))),
                Some(Stock::Vector(tiles)) => match self.fetch_tile(tiles, *coord).await? {
                    Some(bytes) => self.decoded.vector(&bytes).map(Found::Vector),
                    None => Ok(Found::Missing),
                },
                Some(Stock::Raster(tiles)) => match self.fetch_tile(tiles, *coord).await? {
                    Some(bytes) if bytes.is_empty() => Ok(Found::Nothing),
                    Some(bytes) => self.decoded.raster(&bytes).map(Found::Raster),
                    None => Ok(Found::Missing),
                },
                Some(Stock::Heights(tiles, encoding)) => match self.fetch_tile(tiles, *coord).await? {
                    Some(bytes) if bytes.is_empty() => Ok(Found::Nothing),
                    Some(bytes) => self.decoded.heights(&bytes, encoding).map(Found::Heights),
                    None => Ok(Found::Missing),
                },
                Some(Stock::Image(_)) | None => Ok(Found::Nothing),
            },
        }
    }

    /// All features of a source, where they are at hand.
    fn whole(&self, name: &str, zoom: u8) -> Option<Whole> {
        let layer = |own: &str, snapshot: &Snapshot| {
            WholeLayer::new(name, own, snapshot.clone(), self.selection.query(own).cloned())
        };
        let mut memory = Arc::clone(&self.memory);
        let layers = match self.stocks.get(name)? {
            Stock::Collections(collections) => collections.iter().map(|own| layer(&own.id, own.snapshot())).collect(),
            Stock::Features(features) => {
                let (snapshot, own) = features.whole(zoom);
                memory = own.unwrap_or(memory);
                vec![WholeLayer::new(name, "", snapshot, features.query.clone())]
            }
            _ => return None,
        };
        Some(Whole { layers, memory })
    }

    /// Whether a need is met by another host.
    pub(super) fn is_elsewhere(&self, need: &Need) -> bool {
        let (Need::Tile(name, _) | Need::Image(name) | Need::Whole(name, _)) = need;
        match self.stocks.get(name) {
            Some(Stock::Vector(tiles) | Stock::Raster(tiles) | Stock::Heights(tiles, _)) => match tiles {
                Tiles::Addresses(_) => true,
                Tiles::Archive(archive, _) => archive.is_elsewhere(),
            },
            Some(Stock::Image(_)) => true,
            Some(Stock::Collections(_) | Stock::Features(_)) | None => false,
        }
    }

    /// Fetches a tile or image from another host and keeps it; tells whether a larger tile may stand for it.
    pub(super) async fn is_missing(&self, need: &Need) -> bool {
        let (Need::Tile(name, _) | Need::Image(name) | Need::Whole(name, _)) = need;
        match (need, self.stocks.get(name)) {
            (Need::Tile(_, coord), Some(Stock::Vector(tiles) | Stock::Raster(tiles) | Stock::Heights(tiles, _))) => {
                matches!(self.fetch_tile(tiles, *coord).await, Ok(None))
            }
            (Need::Image(_), Some(Stock::Image(url))) => {
                // What is wrong with it is told when it is drawn.
                drop(self.fetch_any(url).await);
                false
            }
            _ => false,
        }
    }

    async fn fetch_tile(&self, tiles: &Tiles, coord: TileCoord) -> Result<Option<Bytes>, String> {
        match tiles {
            Tiles::Addresses(tiled) => match tile_address(tiled, coord) {
                Some(address) => self.fetch_any(&address).await,
                None => Ok(None),
            },
            Tiles::Archive(archive, tiled) if is_covered(tiled, coord) => match archive.tile(coord).await {
                Ok(tile) => Ok(tile.map(Bytes::from)),
                Err(error) => {
                    self.count_failure();
                    Err(error.to_string())
                }
            },
            Tiles::Archive(..) => Ok(None),
        }
    }

    /// Notes that something could not be fetched.
    pub(super) fn count_failure(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) async fn fetch_any(&self, url: &str) -> Result<Option<Bytes>, String> {
        match &self.remote {
            Some(remote) => remote.fetch(url).await.map_err(|error| {
                self.count_failure();
                error.to_string()
            }),
            None => Err(format!("{url} is not fetched: styles draw from this server's own collections and sprites")),
        }
    }

    pub(super) async fn fetch_known(&self, url: &str) -> Result<Bytes, String> {
        self.fetch_any(url).await?.ok_or_else(|| format!("there is nothing at {url}"))
    }
}

fn cut_collections(collections: &[Arc<Collection>], selection: &Selection, coord: TileCoord) -> VectorTile {
    let all = Query::default();
    let query = |collection: &Collection| selection.query(&collection.id).map_or(&all, Arc::as_ref);
    let parts = collections.iter().map(|collection| (collection.as_ref(), query(collection)));
    vector_tile(parts, &Grid::web_mercator_quad(), coord, &Extras::default()).tile
}
