use mlt_core::Decoder;
use mlt_core::Layer as ReadLayer;
use mlt_core::Parser;
use mlt_core::PropValue;
use proptest::prelude::*;

use super::*;
use crate::feature::Value;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::VectorTile;
use crate::tile::codec::mvt;

/// What a tile says, however it is written: for each layer its name and extent and its features with ids, parts and properties.
type Said = Vec<(String, u32, Vec<(Option<u64>, String, Vec<(String, String)>)>)>;

/// A value as clients see it: numbers are numbers, whichever type they are written in.
fn told(value: Value<'_>) -> String {
    match value {
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => format!("{:?}", n as f64),
        Value::Float(n) => format!("{n:?}"),
        Value::Text(text) | Value::Json(text) => format!("'{text}'"),
        Value::Null => "null".to_owned(),
    }
}

fn said_by_mvt(bytes: &[u8]) -> Said {
    let tile = mvt::decode(bytes).unwrap();
    let layer = |layer: &crate::tile::Layer| {
        let features = layer.features().map(|feature| {
            let mut properties: Vec<(String, String)> = feature
                .tags()
                .iter()
                .map(|&[key, value]| (layer.keys()[key as usize].clone(), told(layer.values().at(value))))
                .collect();
            properties.sort();
            let shape = geometry::geometry(feature).unwrap();
            (feature.id(), format!("{shape:?}"), properties)
        });
        (layer.name().to_owned(), layer.extent(), features.collect())
    };
    tile.layers.iter().map(layer).collect()
}

fn said_by_mlt(bytes: &[u8]) -> Said {
    let layers = Parser::default().parse_layers(bytes).unwrap();
    let layer = |layer: ReadLayer<'_>| {
        let ReadLayer::Tag01(layer) = layer else { panic!("only layers of the first version are written") };
        let rows = layer.into_tile(&mut Decoder::default()).unwrap();
        let features = rows.features().iter().map(|feature| {
            let columns = rows.property_names().iter().zip(feature.properties());
            let mut properties: Vec<(String, String)> = columns
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.clone(), seen(value)))
                .collect();
            properties.sort();
            (feature.id(), format!("{:?}", feature.geometry()), properties)
        });
        (rows.name().to_owned(), rows.extent().get(), features.collect())
    };
    layers.into_iter().map(layer).collect()
}

fn seen(value: &PropValue) -> String {
    match value {
        PropValue::Bool(Some(b)) => told(Value::Bool(*b)),
        PropValue::I32(Some(n)) => told(Value::Int(i64::from(*n))),
        PropValue::U32(Some(n)) => told(Value::Int(i64::from(*n))),
        PropValue::I64(Some(n)) => told(Value::Int(*n)),
        PropValue::F32(Some(n)) => told(Value::Float(f64::from(*n))),
        PropValue::F64(Some(n)) => told(Value::Float(*n)),
        PropValue::Str(Some(text)) => told(Value::Text(text)),
        other => panic!("{other:?} is never written"),
    }
}

fn one(fill: impl FnOnce(&mut LayerBuilder)) -> VectorTile {
    let mut layer = LayerBuilder::new("layer", 4096);
    fill(&mut layer);
    VectorTile { layers: vec![layer.finish()] }
}

#[test]
fn a_tile_of_empty_layers_has_no_bytes() {
    assert!(encode(&one(|_| {})).unwrap().is_empty());
}

#[test]
fn a_property_whose_values_are_of_several_kinds_becomes_text_and_numbers_stay_numbers() {
    let tile = one(|layer| {
        for (mixed, number, large) in [
            (Value::Int(12), Value::Int(3), Value::Int(11_000_000_000)),
            (Value::Text("about 5"), Value::Float(0.1), Value::Int(7)),
            (Value::Bool(true), Value::Int(-2), Value::Null),
        ] {
            layer.push_path([[1, 2]]);
            layer.push_tag("mixed", mixed);
            layer.push_tag("number", number);
            layer.push_tag("large", large);
            layer.end_feature(None, TileGeometry::Points);
        }
    });
    let said = said_by_mlt(&encode(&tile).unwrap());
    let properties: Vec<String> = said[0]
        .2
        .iter()
        .map(|(_, _, own)| own.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(properties, ["11000000000.0 '12' 3.0", "7.0 'about 5' 0.1", "'true' -2.0"]);
}

#[test]
fn holes_stay_with_the_ring_that_they_follow() {
    let square = |x: i32, side: i32, turned: bool| {
        let mut ring = vec![[x, x], [x + side, x], [x + side, x + side], [x, x + side]];
        if turned {
            ring.reverse();
        }
        ring
    };
    let tile = one(|layer| {
        for (x, side, turned) in [(0, 100, false), (10, 5, true), (20, 5, true), (200, 50, false)] {
            layer.push_path(square(x, side, turned));
        }
        layer.end_feature(Some(1), TileGeometry::Polygons);
    });
    let said = said_by_mlt(&encode(&tile).unwrap());
    assert!(said[0].2[0].1.starts_with("MULTIPOLYGON") || said[0].2[0].1.starts_with("MultiPolygon"), "{said:?}");
    assert_eq!(said, said_by_mvt(&mvt::encode(&tile)));
}

type Written = (TileGeometry, Vec<Vec<[i32; 2]>>, Option<u64>, Vec<(String, Made)>);

#[derive(Clone, Debug)]
enum Made {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

/// Values of a property are of one kind here, which its name tells: others are written as text on purpose.
fn tags() -> impl Strategy<Value = Vec<(String, Made)>> {
    let exact = -(1_i64 << 53)..=1_i64 << 53;
    let options = (
        prop::option::of(any::<bool>()),
        prop::option::of(-100..100_i64),
        prop::option::of(prop_oneof![exact, Just(4_000_000_000), Just(-5)]),
        prop::option::of(prop_oneof![prop::num::f64::NORMAL, (-100..100_i32).prop_map(|n| f64::from(n) / 8.0)]),
        prop::option::of(".{0,8}"),
    );
    options.prop_map(|(flag, small, int, float, text)| {
        let flag = flag.map(|b| ("flag".to_owned(), Made::Bool(b)));
        let small = small.map(|n| ("small".to_owned(), Made::Int(n)));
        let int = int.map(|n| ("int".to_owned(), Made::Int(n)));
        let float = float.map(|n| ("float".to_owned(), Made::Float(n)));
        let text = text.map(|text| ("text".to_owned(), Made::Text(text)));
        [flag, small, int, float, text].into_iter().flatten().collect()
    })
}

fn feature() -> impl Strategy<Value = Written> {
    let coord = || prop::array::uniform2(-5000..9000_i32);
    let points = prop::collection::vec(coord(), 1..5).prop_map(|path| (TileGeometry::Points, vec![path]));
    let lines = prop::collection::vec(prop::collection::vec(coord(), 2..6), 1..4)
        .prop_map(|paths| (TileGeometry::Lines, paths));
    let rings = prop::collection::vec((coord(), 1..99_i32, any::<bool>()), 1..5).prop_map(|squares| {
        let square = |(index, ([x, y], side, turned)): (usize, ([i32; 2], i32, bool))| {
            let mut ring = vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]];
            if index > 0 && turned {
                ring.reverse();
            }
            ring
        };
        (TileGeometry::Polygons, squares.into_iter().enumerate().map(square).collect())
    });
    let id = prop_oneof![9 => any::<u64>().prop_map(Some), 9 => (0..1_u64 << 53).prop_map(Some), 1 => Just(None)];
    (prop_oneof![points, lines, rings], id, tags())
        .prop_map(|((geometry, paths), id, tags)| (geometry, paths, id, tags))
}

proptest! {
    #[test]
    fn both_formats_say_the_same_of_a_tile(layers in prop::collection::vec(prop::collection::vec(feature(), 1..12), 0..3)) {
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
        let bytes = encode(&tile).unwrap();
        prop_assert_eq!(said_by_mlt(&bytes), said_by_mvt(&mvt::encode(&tile)));
        prop_assert_eq!(bytes, encode(&tile).unwrap());
    }
}
