use proptest::prelude::*;

use super::*;
use crate::feature::Value;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::VectorTile;

#[test]
fn the_example_of_the_specification_is_written_byte_by_byte() {
    // Vector Tile Specification 2.1, 4.3.5.6: a polygon 3 6, 8 12, 20 34.
    let mut layer = LayerBuilder::new("l", 4096);
    layer.push_path([[3, 6], [8, 12], [20, 34]]);
    layer.end_feature(None, TileGeometry::Polygons);
    let bytes = encode(&VectorTile { layers: vec![layer.finish()] });
    let geometry = [9, 6, 12, 18, 10, 12, 24, 44, 15];
    assert!(bytes.windows(9).any(|window| window == geometry), "{bytes:?}");
    assert_eq!(bytes[..2], [0x1A, bytes.len() as u8 - 2]);
    assert!(bytes.ends_with(&[0x28, 0x80, 0x20, 0x78, 2]));
}

#[test]
fn a_tile_of_empty_layers_has_no_bytes() {
    let tile = VectorTile { layers: vec![LayerBuilder::new("empty", 4096).finish()] };
    assert!(encode(&tile).is_empty());
    assert_eq!(decode(&[]), Ok(VectorTile::default()));
}

#[test]
fn what_is_broken_is_an_error_and_never_a_panic() {
    let mut layer = LayerBuilder::new("l", 4096);
    layer.push_path([[1, 1], [9, 1], [9, 9]]);
    layer.push_tag("a", Value::Float(0.1));
    layer.push_tag("b", Value::Text("text"));
    layer.end_feature(Some(7), TileGeometry::Polygons);
    let bytes = encode(&VectorTile { layers: vec![layer.finish()] });
    for length in 1..bytes.len() {
        assert_eq!(decode(&bytes[..length]), Err(Error::Broken), "cut off after {length}");
    }
    let (mut changed, mut refused) = (0, 0);
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            changed += 1;
            refused += usize::from(decode(&flipped).is_err());
        }
    }
    assert!(refused > changed / 4 && refused < changed, "{refused} of {changed}");
}

#[test]
fn geometry_that_breaks_the_rules_is_refused() {
    let feature = |kind: u8, commands: &[u8]| {
        let mut feature = vec![0x18, kind, 0x22, commands.len() as u8];
        feature.extend_from_slice(commands);
        let mut layer = vec![0x0A, 1, b'l', 0x12, feature.len() as u8];
        layer.extend_from_slice(&feature);
        layer.extend_from_slice(&[0x78, 2]);
        let mut tile = vec![0x1A, layer.len() as u8];
        tile.extend_from_slice(&layer);
        decode(&tile).map(|tile| tile.layers[0].len())
    };
    assert_eq!(feature(1, &[9, 2, 2]), Ok(1));
    assert_eq!(feature(2, &[9, 2, 2, 10, 4, 4]), Ok(1));
    assert_eq!(feature(3, &[9, 2, 2, 18, 4, 0, 0, 4, 15]), Ok(1));
    let broken = Err(Error::Geometry("l".into()));
    assert_eq!(feature(1, &[10, 2, 2]), broken, "a point that is drawn to");
    assert_eq!(feature(2, &[10, 4, 4]), broken, "a line without start");
    assert_eq!(feature(3, &[9, 2, 2, 18, 4, 0, 0, 4]), broken, "a ring that is not closed");
    assert_eq!(feature(2, &[9, 2, 2, 18, 4, 4]), broken, "a vertex missing");
    assert_eq!(feature(2, &[1]), broken, "a count of zero");
    assert_eq!(feature(3, &[9, 2, 2, 18, 4, 0, 4, 0, 15]), Ok(0), "a ring without area is left out");
    assert_eq!(feature(9, &[9, 2, 2]), Ok(0), "a type that nobody knows is left out");
}

#[test]
fn a_polygon_that_runs_the_other_way_is_turned() {
    let mut layer = LayerBuilder::new("l", 4096);
    layer.push_path([[0, 0], [0, 9], [9, 9], [9, 0]]);
    layer.end_feature(None, TileGeometry::Polygons);
    let tile = decode(&encode(&VectorTile { layers: vec![layer.finish()] })).unwrap();
    let ring: Vec<[i32; 2]> = tile.layers[0].feature(0).paths().next().unwrap().to_vec();
    assert_eq!(ring, [[9, 0], [9, 9], [0, 9], [0, 0]]);
}

type Written = (TileGeometry, Vec<Vec<[i32; 2]>>, Option<u64>, Vec<(String, Made)>);

#[derive(Clone, Debug)]
enum Made {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

fn feature() -> impl Strategy<Value = Written> {
    let coord = || prop::array::uniform2(-5000..9000_i32);
    let points = prop::collection::vec(coord(), 1..5).prop_map(|path| (TileGeometry::Points, vec![path]));
    let lines = prop::collection::vec(prop::collection::vec(coord(), 2..6), 1..4)
        .prop_map(|paths| (TileGeometry::Lines, paths));
    let rings = prop::collection::vec((coord(), 1..99_i32), 1..4).prop_map(|squares| {
        let square = |(index, ([x, y], side)): (usize, ([i32; 2], i32))| {
            let mut ring = vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]];
            if index > 0 {
                ring.reverse();
            }
            ring
        };
        (TileGeometry::Polygons, squares.into_iter().enumerate().map(square).collect())
    });
    let value = prop_oneof![
        any::<bool>().prop_map(Made::Bool),
        any::<i64>().prop_map(Made::Int),
        prop::num::f64::NORMAL.prop_map(Made::Float),
        (-100..100_i32).prop_map(|n| Made::Float(f64::from(n) / 8.0)),
        ".{0,8}".prop_map(Made::Text),
    ];
    let tags = prop::collection::btree_map("[a-d]", value, 0..4).prop_map(|map| map.into_iter().collect());
    (prop_oneof![points, lines, rings], prop::option::of(any::<u64>()), tags)
        .prop_map(|((geometry, paths), id, tags)| (geometry, paths, id, tags))
}

proptest! {
    #[test]
    fn what_was_written_is_read_again(layers in prop::collection::vec(prop::collection::vec(feature(), 1..6), 0..3)) {
        let mut tile = VectorTile::default();
        for (number, features) in layers.into_iter().enumerate() {
            let mut layer = LayerBuilder::new(format!("layer {number}"), 4096 << number);
            for (geometry, paths, id, tags) in features {
                for path in paths {
                    layer.push_path(path);
                }
                for (key, value) in &tags {
                    layer.push_tag(key, match value {
                        Made::Bool(b) => Value::Bool(*b),
                        Made::Int(n) => Value::Int(*n),
                        Made::Float(n) => Value::Float(*n),
                        Made::Text(text) => Value::Text(text),
                    });
                }
                layer.end_feature(id, geometry);
            }
            tile.layers.push(layer.finish());
        }
        let bytes = encode(&tile);
        prop_assert_eq!(decode(&bytes), Ok(tile.clone()));
        prop_assert_eq!(bytes, encode(&tile));
    }

    #[test]
    fn noise_is_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut framed = vec![0x1A, bytes.len() as u8 & 0x7F];
        framed.extend_from_slice(&bytes[..bytes.len() & 0x7F]);
        prop_assert!(decode(&framed).map_or(true, |tile| tile.layers.len() == 1));
        drop(decode(&bytes));
    }
}
