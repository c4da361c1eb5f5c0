//! Features as text.

use proptest::prelude::*;

use super::*;
use crate::feature::PartKind;
use crate::feature::TableBuilder;

fn written(kind: GeometryKind, fill: impl FnOnce(&mut crate::feature::Shapes)) -> String {
    let mut builder = TableBuilder::default();
    fill(builder.shapes());
    builder.push(Id { text: "a\"b", number: false }, kind, "null", []);
    let table = builder.finish(|_| {});
    let mut out = Vec::new();
    write_geometry(&mut out, table.row(0).geometry());
    String::from_utf8(out).unwrap()
}

fn number(number: f64) -> String {
    let mut out = Vec::new();
    write_coordinate(&mut out, number);
    String::from_utf8(out).unwrap()
}

#[test]
fn coordinates_are_short_and_read_back_the_same() {
    for text in ["0", "1", "-1", "129.746", "-179.99999999", "0.00000001", "-0.1", "180", "42.44123456", "1000"] {
        assert_eq!(number(text.parse().unwrap()), text);
    }
    assert_eq!(number(-0.0), "0");
    assert_eq!(number(0.1 + 0.2), "0.3");
    assert_eq!(number(-0.000_000_001), "0");
    assert_eq!(number(1e300), "1e+300");
    assert_eq!(number(-25_000_000.125), "-25000000.125");
}

proptest! {
    #[test]
    fn a_coordinate_is_written_as_it_is_rounded(value in prop_oneof![-400.0..400.0_f64, -1e-6..1e-6_f64, -3e7..3e7_f64]) {
        let text = number(value);
        // A double of millions has no exact eighth decimal.
        let least = 0.5e-8 + value.abs() * f64::EPSILON;
        prop_assert!((text.parse::<f64>().unwrap() - value).abs() <= least, "{text} of {value}");
        prop_assert!(text == "0" || !text.contains('.') || !text.ends_with('0'), "{text}");
        prop_assert!(text.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 8), "{text}");
    }
}

#[test]
fn heights_are_written_where_there_are_any() {
    let line = written(GeometryKind::LineString, |shapes| {
        shapes.push_coord(1.0, 2.0, None);
        shapes.push_coord(3.0, 4.5, Some(12.25));
        shapes.end_path();
        shapes.end_part(PartKind::Line);
    });
    assert_eq!(line, r#"{"type":"LineString","coordinates":[[1,2],[3,4.5,12.25]]}"#);
}

#[test]
fn a_collection_gets_its_members_back() {
    let text = written(GeometryKind::GeometryCollection, |shapes| {
        for (multi, first, x) in [(false, true, 0.0), (true, true, 1.0), (true, false, 2.0)] {
            shapes.push_coord(x, 0.0, None);
            shapes.push_coord(x, 1.0, None);
            shapes.end_path();
            shapes.end_member_part(PartKind::Line, multi, first);
        }
        shapes.push_coord(9.0, 9.0, None);
        shapes.end_path();
        shapes.end_member_part(PartKind::Points, false, true);
    });
    assert_eq!(
        text,
        concat!(
            r#"{"type":"GeometryCollection","geometries":[{"type":"LineString","coordinates":[[0,0],[0,1]]},"#,
            r#"{"type":"MultiLineString","coordinates":[[[1,0],[1,1]],[[2,0],[2,1]]]},"#,
            r#"{"type":"Point","coordinates":[9,9]}]}"#
        )
    );
    assert_eq!(written(GeometryKind::Polygon, |_| {}), r#"{"type":"Polygon","coordinates":[]}"#);
    assert_eq!(written(GeometryKind::Null, |_| {}), "null");
}

#[test]
fn chosen_properties_stand_as_they_were_written() {
    let text = "{ \"a\" : 1.50 , \"b\":[1,{\"a\":\"],}\"}],\"\\u0063\\\"\" : \"x\\\"y\", \"d\":null}";
    let select = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut out = Vec::new();
        write_selected(&mut out, text, &names);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(select(&["a"]), r#"{"a":1.50}"#);
    assert_eq!(select(&["d", "b"]), r#"{"b":[1,{"a":"],}"}],"d":null}"#);
    assert_eq!(select(&["c\""]), r#"{"\u0063\"":"x\"y"}"#);
    assert_eq!(select(&["missing"]), "{}");
}

#[test]
fn a_feature_has_its_id_as_it_was_written() {
    let mut builder = TableBuilder::default();
    builder.push(Id { text: "17", number: true }, GeometryKind::Null, "{\"k\":1}", []);
    builder.push(Id { text: "a\"b", number: false }, GeometryKind::Null, "null", []);
    let table = builder.finish(|_| {});
    let mut out = Vec::new();
    write_feature(&mut out, table.row(0), None);
    write_feature(&mut out, table.row(1), Some(&[]));
    assert_eq!(
        String::from_utf8(out).unwrap(),
        concat!(
            r#"{"type":"Feature","id":17,"geometry":null,"properties":{"k":1}}"#,
            r#"{"type":"Feature","id":"a\"b","geometry":null,"properties":null}"#
        )
    );
}
