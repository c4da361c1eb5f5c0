//! Tiles as they go over the wire.

use std::io::Read as _;

use bytes::Bytes;
use xxhash_rust::xxh3::xxh3_128;

use super::Encoding;
use super::VectorTile;
use super::codec::VectorFormat;
use super::codec::mlt;
use super::codec::mvt;

/// A finished tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// The body, compressed as `encoding` says.
    pub bytes: Bytes,
    /// What the body is when it is unpacked.
    pub format: TileFormat,
    /// How it is packed.
    pub encoding: Encoding,
    /// A hash of the unpacked body: the same on each server that has the same data and settings.
    pub etag: String,
    /// What became of the features that it is made of.
    pub counts: Counts,
}

/// What became of the features of a vector tile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Selected, and on the tile.
    pub matched: u64,
    /// There as features of their own.
    pub kept: u64,
    /// Shown together with others.
    pub merged: u64,
    /// Left out.
    pub dropped: u64,
}

/// What a tile is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TileFormat {
    /// Mapbox Vector Tile 2.1.
    Mvt,
    /// `MapLibre` Tile.
    Mlt,
    /// A picture.
    Png,
    /// A picture without transparency, made smaller with loss.
    Jpeg,
    /// A picture that only newer clients read.
    Webp,
    /// No tile, but kept like one: a range of glyphs.
    Glyphs,
}

impl Tile {
    /// A tile whose body stays as it is.
    pub fn plain(format: TileFormat, body: Vec<u8>) -> Self {
        let etag = etag(&body);
        Self { bytes: body.into(), format, encoding: Encoding::Identity, etag, counts: Counts::default() }
    }

    /// Encodes a vector tile and packs it. A tile without features has no bytes, and stays without.
    pub fn mvt(tile: &VectorTile, encoding: Encoding) -> Self {
        Self::plain(TileFormat::Mvt, mvt::encode(tile)).packed(encoding)
    }

    /// Encodes a vector tile in one of their formats and packs it.
    ///
    /// # Errors
    /// When the format does not hold it.
    pub fn vector(tile: &VectorTile, format: VectorFormat, encoding: Encoding) -> Result<Self, mlt::Error> {
        Ok(Self::plain(format.into(), format.encode(tile)?).packed(encoding))
    }

    /// The same tile, packed otherwise.
    #[must_use]
    pub fn packed(&self, encoding: Encoding) -> Self {
        if self.is_empty() || self.encoding == encoding {
            return self.clone();
        }
        Self { bytes: encoding.pack(self.unpacked()).into(), encoding, ..self.clone() }
    }

    /// The body, unpacked, for a client that cannot unpack.
    ///
    /// # Panics
    /// When somebody has put other bytes in the place of those that were packed.
    pub fn unpacked(&self) -> Vec<u8> {
        let mut body = Vec::new();
        let unpacked = self.encoding.unpacking(&self.bytes[..]).and_then(|mut reader| reader.read_to_end(&mut body));
        unpacked.expect("the body was packed by this process");
        body
    }

    /// Whether it shows nothing, which the web answers with 204.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

fn etag(body: &[u8]) -> String {
    format!("{:032x}", xxh3_128(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::Value;
    use crate::tile::LayerBuilder;
    use crate::tile::TileGeometry;

    #[test]
    fn a_packed_tile_is_smaller_and_unpacks_to_what_was_encoded() {
        let mut layer = LayerBuilder::new("layer", 4096);
        for x in 0..500 {
            layer.push_path([[x, 2 * x]]);
            layer.push_tag("name", Value::Text("the same for all"));
            layer.end_feature(Some(x as u64), TileGeometry::Points);
        }
        let tile = VectorTile { layers: vec![layer.finish()] };
        let packed = Tile::mvt(&tile, Encoding::Gzip);
        let unpacked = packed.unpacked();
        assert_eq!(unpacked, mvt::encode(&tile));
        assert!(packed.bytes.len() < unpacked.len() * 3 / 4, "{} of {}", packed.bytes.len(), unpacked.len());
        assert_eq!(packed.etag, Tile::plain(TileFormat::Mvt, unpacked.clone()).etag);
        let repacked = packed.packed(Encoding::Zstd);
        assert_eq!((repacked.encoding, &repacked.etag), (Encoding::Zstd, &packed.etag));
        assert_eq!(repacked.unpacked(), unpacked);
    }

    #[test]
    fn a_tile_that_shows_nothing_has_no_bytes() {
        let tile = Tile::mvt(&VectorTile::default(), Encoding::Gzip);
        assert!(tile.is_empty());
        assert_eq!(tile.encoding, Encoding::Identity);
    }
}
