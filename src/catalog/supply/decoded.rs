//! Tiles from elsewhere, decoded.

use std::fmt;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use xxhash_rust::xxh3::Xxh3;

use crate::render::Bitmap;
use crate::render::Heights;
use crate::style::Encoding;
use crate::tile::VectorTile;
use crate::tile::codec::mvt;

/// Tiles of other hosts and of archives as they are drawn, kept for the next pictures of any style within a number of bytes.
///
/// They are found by a hash of the bytes that they were decoded from: so nothing has to be thrown away when a host changes a
/// tile, and the same sea is kept once.
pub struct Decoded(Cache<u128, Tile, Bytes>);

/// A decoded tile.
#[derive(Clone)]
enum Tile {
    Vector(Arc<VectorTile>),
    Raster(Arc<Bitmap>),
    Heights(Arc<Heights>),
}

/// Bytes of a tile, on average.
const TYPICAL: u64 = 128 << 10;

/// Weighs tiles by what is allocated.
#[derive(Clone)]
struct Bytes;

impl Weighter<u128, Tile> for Bytes {
    fn weight(&self, _: &u128, tile: &Tile) -> u64 {
        let pixels = |side: [u32; 2]| u64::from(side[0]) * u64::from(side[1]) * 4;
        let bytes = match tile {
            Tile::Vector(tile) => tile.layers.iter().map(|layer| layer.bytes() as u64).sum(),
            Tile::Raster(bitmap) => pixels([bitmap.width(), bitmap.height()]),
            Tile::Heights(heights) => pixels([heights.side(); 2]),
        };
        bytes + size_of::<Self>() as u64 + 64
    }
}

impl Decoded {
    /// Nothing yet, of so many bytes at most.
    pub fn new(bytes: u64) -> Self {
        Self(Cache::with_weighter((bytes / TYPICAL).max(1) as usize, bytes, Bytes))
    }

    /// A Mapbox vector tile, plain or gzipped.
    pub(super) fn vector(&self, bytes: &[u8]) -> Result<Arc<VectorTile>, String> {
        let decode = || {
            let tile = mvt::decode(&unpacked(bytes)?).map_err(|error| error.to_string())?;
            Ok(Tile::Vector(Arc::new(tile)))
        };
        match self.known_or(key(b"vector", bytes), decode)? {
            Tile::Vector(tile) => Ok(tile),
            _ => Err(MISTAKEN.to_owned()),
        }
    }

    /// A picture.
    pub(super) fn raster(&self, bytes: &[u8]) -> Result<Arc<Bitmap>, String> {
        let decode =
            || Bitmap::decode(bytes).map(|bitmap| Tile::Raster(Arc::new(bitmap))).map_err(|error| error.to_string());
        match self.known_or(key(b"raster", bytes), decode)? {
            Tile::Raster(bitmap) => Ok(bitmap),
            _ => Err(MISTAKEN.to_owned()),
        }
    }

    /// Heights in the colours of a picture.
    pub(super) fn heights(&self, bytes: &[u8], encoding: &Encoding) -> Result<Arc<Heights>, String> {
        let decode = || {
            let heights = Heights::decode(bytes, encoding).map_err(|error| error.to_string())?;
            Ok(Tile::Heights(Arc::new(heights)))
        };
        let [red, green, blue] = encoding.factors;
        let numbers = [red, green, blue, encoding.shift].map(f64::to_le_bytes);
        match self.known_or(key(numbers.as_flattened(), bytes), decode)? {
            Tile::Heights(heights) => Ok(heights),
            _ => Err(MISTAKEN.to_owned()),
        }
    }

    fn known_or(&self, key: u128, decode: impl FnOnce() -> Result<Tile, String>) -> Result<Tile, String> {
        if let Some(known) = self.0.get(&key) {
            return Ok(known);
        }
        let tile = decode()?;
        self.0.insert(key, tile.clone());
        Ok(tile)
    }
}

impl fmt::Debug for Decoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoded").field("bytes", &self.0.weight()).finish_non_exhaustive()
    }
}

/// What two kinds of tiles with one hash are called.
const MISTAKEN: &str = "a tile is taken for one of another kind";

fn key(kind: &[u8], bytes: &[u8]) -> u128 {
    let mut hasher = Xxh3::new();
    hasher.update(kind);
    hasher.update(bytes);
    hasher.digest128()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tile::LayerBuilder;
    use crate::tile::TileGeometry;

    fn tile(points: i32) -> Vec<u8> {
        let mut layer = LayerBuilder::new("l", 4096);
        layer.push_path((0..points).map(|n| [n, n]));
        layer.end_feature(Some(1), TileGeometry::Points);
        mvt::encode(&VectorTile { layers: vec![layer.finish()] })
    }

    #[test]
    fn the_same_bytes_are_decoded_once_and_others_are_another_tile() {
        let decoded = Decoded::new(1 << 20);
        let (first, second) = (decoded.vector(&tile(3)).unwrap(), decoded.vector(&tile(3)).unwrap());
        assert!(Arc::ptr_eq(&first, &second));
        assert!(!Arc::ptr_eq(&first, &decoded.vector(&tile(4)).unwrap()));
        assert!(decoded.vector(b"no tile at all").is_err());
        assert!(decoded.raster(&tile(3)).is_err(), "a vector tile is no picture");
    }

    #[test]
    fn no_more_is_kept_than_was_allowed() {
        let decoded = Decoded::new(64 << 10);
        for points in 1000..1200 {
            decoded.vector(&tile(points)).unwrap();
        }
        assert!(decoded.0.weight() <= 64 << 10, "{decoded:?}");
        assert!(decoded.0.weight() > 8 << 10, "{decoded:?}");
    }
}
