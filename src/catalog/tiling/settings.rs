//! How a collection is cut.

use super::Clustering;
use super::zooms::zooms;
use crate::source::Metadata;
use crate::source::TileMetadata;
use crate::store::Snapshot;
use crate::tile::CutSettings;

/// What a collection's author says about its tiles, filled up by what its features show.
#[derive(Clone, Debug, PartialEq)]
pub struct TileSettings {
    /// Below this zoom (of `WebMercatorQuad`) tiles are empty.
    pub minzoom: u8,
    /// From this zoom on nothing is simplified, and nothing merged but where the bytes do not suffice.
    pub maxzoom: u8,
    /// Grid and buffer.
    pub cut: CutSettings,
    /// The properties that features carry where the request names none; `None` for all.
    pub properties: Option<Vec<String>>,
    /// Points that share a square of two pixels are thinned below this zoom, even where there is room for all.
    pub thin_below: u8,
    /// Bytes of the uncompressed layer, at most.
    pub max_bytes: usize,
    /// Whether each tile has a layer of label points too.
    pub labels: bool,
    /// How points are gathered into clusters where the request says nothing.
    pub cluster: Option<Clustering>,
}

/// Units below the highest zoom, half a pixel of a tile of 512: a bend goes when its triangle is smaller than a square of that side.
const TOLERANCE: f64 = 4.0;

/// Bytes of a layer where nothing else is said: what clients take without delay.
const MAX_BYTES: usize = 500_000;

/// Points are thinned below this zoom where nothing else is said.
const THIN_BELOW: u8 = 4;

impl TileSettings {
    /// The settings of a collection with these features.
    pub fn new(metadata: &Metadata, snapshot: &Snapshot) -> Self {
        let (lowest, highest) = zooms(snapshot);
        let tiles = metadata.tiles.clone().unwrap_or_default();
        let usual = CutSettings::default();
        let [extent, buffer] = [(tiles.extent, TileMetadata::EXTENTS), (tiles.buffer, TileMetadata::BUFFERS)]
            .map(|(own, [least, most])| own.map(|own| u64::from(own).clamp(least, most) as u32));
        let extent = extent.unwrap_or(usual.extent);
        let zoom = |own: u8| own.min(TileMetadata::ZOOMS[1] as u8);
        let maxzoom = zoom(tiles.maxzoom.unwrap_or(highest.max(tiles.minzoom.unwrap_or(0))));
        let [least, most] = TileMetadata::BYTES.map(|n| n as usize);
        Self {
            minzoom: tiles.minzoom.unwrap_or(lowest).min(maxzoom),
            maxzoom,
            cut: CutSettings {
                extent,
                // As many pixels, however many units they have.
                buffer: buffer.unwrap_or(usual.buffer * extent / usual.extent),
                tolerance: TOLERANCE,
            },
            properties: tiles.properties,
            thin_below: match tiles.thin {
                None => THIN_BELOW,
                Some(true) => u8::MAX,
                Some(false) => 0,
            },
            max_bytes: tiles.max_bytes.unwrap_or(MAX_BYTES).clamp(least, most),
            labels: tiles.labels.unwrap_or(false),
            cluster: tiles.cluster.as_ref().map(Clustering::of_metadata).filter(|cluster| cluster.radius > 0.0),
        }
    }
}
