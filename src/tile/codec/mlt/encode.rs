//! Writing.

use mlt_core::MltError;
use mlt_core::TileLayer;
use mlt_core::encoder::EncoderConfig;

use super::columns::Column;
use super::geometry::geometry;
use super::geometry::is_drawn;
use super::ids;
use crate::tile::Layer;
use crate::tile::VectorTile;

/// A layer that the format does not hold.
#[derive(Debug, thiserror::Error)]
#[error("the layer '{layer}' cannot be written as a MapLibre Tile: {reason}")]
pub struct Error {
    layer: String,
    reason: MltError,
}

/// A tile as bytes; equal tiles give equal bytes. Layers without features are left out, so that a tile that shows nothing
/// has no bytes.
///
/// Features stay in their order, in which they are drawn. A property whose values are of several kinds becomes text;
/// whole numbers of more than 32 bits become floats where these hold them exactly.
///
/// # Errors
/// When a layer has coordinates that the format does not hold.
pub fn encode(tile: &VectorTile) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    for layer in tile.layers.iter().filter(|layer| !layer.is_empty()) {
        let encoded = encode_layer(layer);
        out.append(&mut encoded.map_err(|reason| Error { layer: layer.name().to_owned(), reason })?);
    }
    Ok(out)
}

/// What takes time for little once the tile is packed is left away: packed strings (FSST) and dictionaries of several columns
/// halve the bytes, but are a fiftieth of them after gzip and take six times as long. Packed integers (`FastPFOR`) are newer than
/// some clients. Sorting would change what lies on top.
fn settings() -> EncoderConfig {
    EncoderConfig::default()
        .with_tessellation(false)
        .with_spatial_morton_sort(false)
        .with_spatial_hilbert_sort(false)
        .with_id_sort(false)
        .with_fsst(false)
        .with_fastpfor(false)
        .with_shared_dict(false)
}

fn encode_layer(layer: &Layer) -> Result<Vec<u8>, MltError> {
    let ids: Option<Vec<u64>> = layer.features().filter(|own| is_drawn(*own)).map(|own| own.id()).collect();
    match ids.filter(|ids| ids::are_large(ids)) {
        None => columnar(layer, true)?.encode(settings()),
        Some(ids) => {
            let encoded = columnar(layer, false)?.encode(settings())?;
            Ok(ids::insert(&encoded, &ids).expect("the encoder writes layers"))
        }
    }
}

fn columnar(layer: &Layer, with_ids: bool) -> Result<TileLayer, MltError> {
    let mut out = TileLayer::builder(layer.name(), layer.extent())?;
    let columns = Column::all(layer);
    let mut keys = Vec::with_capacity(columns.len());
    for (name, column) in layer.keys().iter().zip(columns) {
        keys.push(match column {
            Some(column) => Some((out.add_property(name.as_str(), column.kind())?, column)),
            None => None,
        });
    }
    for feature in layer.features() {
        let Some(geometry) = geometry(feature) else { continue };
        let mut row = out.feature(geometry);
        row.id(feature.id().filter(|_| with_ids));
        for &[key, value] in feature.tags() {
            if let Some((key, column)) = keys[key as usize] {
                row.property(key, column.value(layer.values().at(value)))?;
            }
        }
        row.finish()?;
    }
    Ok(out.finish())
}
