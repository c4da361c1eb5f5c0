//! A small archive, for tests.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::hilbert::tile_number;
use crate::space::Grid;
use crate::space::TileCoord;

fn coord(level: u8, column: u32, row: u32) -> TileCoord {
    Grid::web_mercator_quad().tile(level, column, row).unwrap()
}

/// Packs bytes.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn push_number(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// A directory of entries `[first, run, length, offset]`.
fn directory(entries: &[[u64; 4]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    push_number(&mut bytes, entries.len() as u64);
    let mut last = 0;
    for entry in entries {
        push_number(&mut bytes, entry[0] - last);
        last = entry[0];
    }
    entries.iter().for_each(|entry| push_number(&mut bytes, entry[1]));
    entries.iter().for_each(|entry| push_number(&mut bytes, entry[2]));
    for (index, entry) in entries.iter().enumerate() {
        let follows = index > 0 && entries[index - 1][3] + entries[index - 1][2] == entry[3];
        push_number(&mut bytes, if follows { 0 } else { entry[3] + 1 });
    }
    gzip(&bytes)
}

/// An archive of 0/0/0 in the root, of 1/0/0 and 1/1/0 (one content) in a leaf.
pub fn pmtiles() -> Vec<u8> {
    let (world, quarter) = (gzip(b"world"), gzip(b"quarter"));
    let (low, high) = (tile_number(coord(1, 0, 0)), tile_number(coord(1, 1, 0)));
    let (w, q) = (world.len() as u64, quarter.len() as u64);
    let leaf = directory(&[[low, 1, q, w], [high, 1, q, w]]);
    let root = directory(&[[0, 1, w, 0], [1, 0, leaf.len() as u64, 0]]);
    let metadata = gzip(br#"{"name":"quarters","vector_layers":[]}"#);
    let mut parts = Vec::new();
    let mut at = 127;
    for part in [&root, &metadata, &leaf] {
        parts.push((at, part.len() as u64));
        at += part.len() as u64;
    }
    parts.push((at, w + q));
    let mut file = b"PMTiles\x03".to_vec();
    for (start, length) in parts {
        file.extend(start.to_le_bytes());
        file.extend(length.to_le_bytes());
    }
    file.extend([0; 24]);
    file.extend([1, 2, 2, 1, 0, 1]);
    for degrees in [-180.0, -85.0, 180.0, 85.0] {
        file.extend(((degrees * 1e7) as i32).to_le_bytes());
    }
    file.push(1);
    for degrees in [129.75, 42.44] {
        file.extend(((degrees * 1e7) as i32).to_le_bytes());
    }
    assert_eq!(file.len(), 127);
    file.extend([root, metadata, leaf, world, quarter].concat());
    file
}
