//! Writing.

use super::wire::CLOSE_PATH;
use super::wire::LINE_TO;
use super::wire::MOVE_TO;
use super::wire::Wire;
use super::wire::push_bytes;
use super::wire::push_key;
use super::wire::push_message;
use super::wire::push_varint;
use super::wire::zigzag;
use crate::feature::Value;
use crate::tile::Layer;
use crate::tile::TileFeature;
use crate::tile::TileGeometry;
use crate::tile::VectorTile;

/// A tile as bytes; equal tiles give equal bytes. Layers without features are left out, so that a tile that shows nothing
/// has no bytes.
pub fn encode(tile: &VectorTile) -> Vec<u8> {
    let layers = || tile.layers.iter().filter(|layer| !layer.is_empty());
    let mut out = Vec::with_capacity(layers().map(most_bytes).sum());
    for layer in layers() {
        push_message(&mut out, 3, |out| encode_layer(layer, out));
    }
    out
}

/// Bytes of a layer in a tile.
pub fn layer_bytes(layer: &Layer) -> usize {
    if layer.is_empty() {
        return 0;
    }
    let mut out = Vec::with_capacity(most_bytes(layer));
    push_message(&mut out, 3, |out| encode_layer(layer, out));
    out.len()
}

/// A number of bytes that a layer does not exceed, found without encoding it.
pub fn most_bytes(layer: &Layer) -> usize {
    let (features, paths, coords, tags) = layer.counts();
    let texts = layer.keys().iter().map(|key| key.len() + 6).sum::<usize>();
    let values = layer.values().len() * 13 + layer.values().text_bytes();
    // Lengths, id and type; commands; two numbers of five bytes at most where the tile is large, else of two; positions of keys
    // and of values.
    let step = if layer.extent() <= 4096 { 4 } else { 10 };
    32 + layer.name().len() + features * 30 + paths * 20 + coords * step + tags * 7 + texts + values
}

fn encode_layer(layer: &Layer, out: &mut Vec<u8>) {
    push_bytes(out, 1, layer.name().as_bytes());
    for feature in layer.features() {
        push_message(out, 2, |out| encode_feature(feature, out));
    }
    for key in layer.keys() {
        push_bytes(out, 3, key.as_bytes());
    }
    for value in layer.values().iter() {
        push_message(out, 4, |out| encode_value(value, out));
    }
    push_key(out, 5, Wire::Varint);
    push_varint(out, u64::from(layer.extent()));
    push_key(out, 15, Wire::Varint);
    push_varint(out, 2);
}

fn encode_feature(feature: TileFeature<'_>, out: &mut Vec<u8>) {
    if let Some(id) = feature.id() {
        push_key(out, 1, Wire::Varint);
        push_varint(out, id);
    }
    if !feature.tags().is_empty() {
        push_message(out, 2, |out| {
            for position in feature.tags().as_flattened() {
                push_varint(out, u64::from(*position));
            }
        });
    }
    push_key(out, 3, Wire::Varint);
    push_varint(
        out,
        match feature.geometry() {
            TileGeometry::Points => 1,
            TileGeometry::Lines => 2,
            TileGeometry::Polygons => 3,
        },
    );
    push_message(out, 4, |out| encode_geometry(feature, out));
}

fn encode_geometry(feature: TileFeature<'_>, out: &mut Vec<u8>) {
    let command = |out: &mut Vec<u8>, id: u32, count: usize| push_varint(out, u64::from(id) | (count as u64) << 3);
    let mut cursor = [0_i32; 2];
    let mut step = |out: &mut Vec<u8>, to: [i32; 2]| {
        for axis in 0..2 {
            push_varint(out, zigzag(i64::from(to[axis]) - i64::from(cursor[axis])));
        }
        cursor = to;
    };
    for path in feature.paths() {
        let Some((&first, rest)) = path.split_first() else { continue };
        if feature.geometry() == TileGeometry::Points {
            command(out, MOVE_TO, path.len());
            for &point in path {
                step(out, point);
            }
            continue;
        }
        command(out, MOVE_TO, 1);
        step(out, first);
        command(out, LINE_TO, rest.len());
        for &point in rest {
            step(out, point);
        }
        if feature.geometry() == TileGeometry::Polygons {
            command(out, CLOSE_PATH, 1);
        }
    }
}

fn encode_value(value: Value<'_>, out: &mut Vec<u8>) {
    match value {
        // No layer holds a null; an empty string is what a reader makes of a value that says nothing.
        Value::Null => push_bytes(out, 1, b""),
        Value::Text(text) | Value::Json(text) => push_bytes(out, 1, text.as_bytes()),
        Value::Float(n) if f64::from(n as f32).to_bits() == n.to_bits() => {
            push_key(out, 2, Wire::Fixed32);
            out.extend_from_slice(&(n as f32).to_le_bytes());
        }
        Value::Float(n) => {
            push_key(out, 3, Wire::Fixed64);
            out.extend_from_slice(&n.to_le_bytes());
        }
        Value::Int(n) if n >= 0 => {
            push_key(out, 5, Wire::Varint);
            push_varint(out, n as u64);
        }
        Value::Int(n) => {
            push_key(out, 6, Wire::Varint);
            push_varint(out, zigzag(n));
        }
        Value::Bool(b) => {
            push_key(out, 7, Wire::Varint);
            push_varint(out, u64::from(b));
        }
    }
}
