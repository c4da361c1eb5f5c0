//! What was loaded for a picture.

use std::collections::HashMap;
use std::sync::Arc;

use super::Bitmap;
use super::Ground;
use super::Heights;
use super::tiles::Placed;
use super::whole::Whole;
use crate::space::TileCoord;
use crate::tile::VectorTile;

/// Tiles and images by the name of their source. What is missing is drawn without.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    vector: HashMap<String, HashMap<TileCoord, Arc<VectorTile>>>,
    raster: HashMap<String, HashMap<TileCoord, Arc<Bitmap>>>,
    heights: HashMap<String, HashMap<TileCoord, Arc<Heights>>>,
    images: HashMap<String, Arc<Bitmap>>,
    wholes: HashMap<String, Whole>,
}

/// A tile that is shown, with what is drawn of it: itself, or the part of a larger one that covers it.
#[derive(Clone, Debug)]
pub struct Shown<'a, T> {
    /// The place that is drawn on.
    pub clip: Placed,
    /// The tile whose content is drawn there.
    pub placed: Placed,
    /// The content.
    pub content: &'a Arc<T>,
}

impl Loaded {
    /// Adds a vector tile of a source.
    pub fn insert_vector(&mut self, source: &str, coord: TileCoord, tile: Arc<VectorTile>) {
        self.vector.entry(source.to_owned()).or_default().insert(coord, tile);
    }

    /// Adds a tile of pixels.
    pub fn insert_raster(&mut self, source: &str, coord: TileCoord, tile: Arc<Bitmap>) {
        self.raster.entry(source.to_owned()).or_default().insert(coord, tile);
    }

    /// Adds a tile of heights.
    pub fn insert_heights(&mut self, source: &str, coord: TileCoord, tile: Arc<Heights>) {
        self.heights.entry(source.to_owned()).or_default().insert(coord, tile);
    }

    /// Adds the picture of an image source.
    pub fn insert_image(&mut self, source: &str, image: Arc<Bitmap>) {
        self.images.insert(source.to_owned(), image);
    }

    /// Adds the features of a source.
    pub fn insert_whole(&mut self, source: &str, whole: Whole) {
        self.wholes.insert(source.to_owned(), whole);
    }

    /// The features of a source, where they are at hand.
    pub fn whole(&self, source: &str) -> Option<&Whole> {
        self.wholes.get(source)
    }

    /// Adds all that another one holds.
    pub fn extend(&mut self, other: Self) {
        for (source, tiles) in other.vector {
            self.vector.entry(source).or_default().extend(tiles);
        }
        for (source, tiles) in other.raster {
            self.raster.entry(source).or_default().extend(tiles);
        }
        for (source, tiles) in other.heights {
            self.heights.entry(source).or_default().extend(tiles);
        }
        self.wholes.extend(other.wholes);
        self.images.extend(other.images);
    }

    /// A vector tile. Those of GeoJSON have one layer, whose name does not matter.
    pub fn vector(&self, source: &str, coord: TileCoord) -> Option<&Arc<VectorTile>> {
        self.vector.get(source)?.get(&coord)
    }

    /// The picture of an image source.
    pub fn image(&self, source: &str) -> Option<&Arc<Bitmap>> {
        self.images.get(source)
    }

    /// The vector tiles that stand for the places; where one is missing, the nearest larger one that is there.
    pub fn shown_vector(&self, source: &str, places: &[Placed]) -> Vec<Shown<'_, VectorTile>> {
        self.vector.get(source).map_or_else(Vec::new, |tiles| shown(tiles, places))
    }

    /// The same for tiles of pixels.
    pub fn shown_raster(&self, source: &str, places: &[Placed]) -> Vec<Shown<'_, Bitmap>> {
        self.raster.get(source).map_or_else(Vec::new, |tiles| shown(tiles, places))
    }

    /// The same for tiles of heights, each among its neighbours.
    pub fn shown_heights(&self, source: &str, places: &[Placed]) -> Vec<Ground<'_>> {
        let Some(tiles) = self.heights.get(source) else { return Vec::new() };
        let find = |coord| tiles.get(&coord).map(Arc::as_ref);
        shown(tiles, places).into_iter().map(|one| Ground::new(one.clip, one.placed, one.content, find)).collect()
    }
}

fn shown<'a, T>(tiles: &'a HashMap<TileCoord, Arc<T>>, places: &[Placed]) -> Vec<Shown<'a, T>> {
    let mut found = Vec::with_capacity(places.len());
    for &place in places {
        let mut placed = Some(place);
        while let Some(candidate) = placed {
            if let Some(content) = tiles.get(&candidate.coord) {
                found.push(Shown { clip: place, placed: candidate, content });
                break;
            }
            placed = candidate.parent();
        }
    }
    found
}
