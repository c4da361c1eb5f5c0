//! The scanner against the `geojson` crate, against what is written of it, and against broken text, on random features.

use std::fmt::Write;
use std::path::Path;

use proptest::prelude::*;

use super::tests::collection;
use super::tests::feature;
use super::tests::geometries;
use super::tests::ids;
use super::tests::read;
use crate::feature::GeometryKind;
use crate::feature::Table;
use crate::feature::Value;
use crate::feature::geojson::write_feature;
use crate::source::Limits;
use crate::source::Metadata;
use crate::source::Severity;
use crate::source::read_from;
use crate::source::read_text;

fn position() -> impl Strategy<Value = [f64; 2]> {
    (-180_000_i32..=180_000, -90_000_i32..=90_000).prop_map(|(x, y)| [f64::from(x) / 1000.0, f64::from(y) / 1000.0])
}

fn positions(count: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    (prop::collection::vec(position(), count), prop::option::of(-500..9000_i32)).prop_map(|(positions, height)| {
        let mut text = String::from("[");
        for (at, [x, y]) in positions.iter().enumerate() {
            let height = height.map_or(String::new(), |height| format!(",{}.5", height + at as i32));
            write!(text, "{}[{x}, {y}{height}]", if at > 0 { "," } else { "" }).unwrap();
        }
        text + "]"
    })
}

fn list(item: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec(item, 1..4).prop_map(|items| format!("[{}]", items.join(" , ")))
}

/// Rings as they come: open, wound either way, crossing themselves, with few positions, but never too few.
fn rings() -> impl Strategy<Value = String> {
    list(positions(4..9))
}

fn single() -> impl Strategy<Value = String> {
    let of =
        |kind: &'static str| move |coordinates: String| format!(r#"{{"type":"{kind}","coordinates":{coordinates}}}"#);
    let turned =
        |kind: &'static str| move |coordinates: String| format!(r#"{{"coordinates":{coordinates},"type":"{kind}"}}"#);
    prop_oneof![
        position().prop_map(|[x, y]| format!("[{x},{y}]")).prop_map(of("Point")),
        positions(1..5).prop_map(of("MultiPoint")),
        positions(2..6).prop_map(turned("LineString")),
        list(positions(2..6)).prop_map(of("MultiLineString")),
        rings().prop_map(of("Polygon")),
        list(rings()).prop_map(turned("MultiPolygon")),
    ]
}

fn geometry() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => single(),
        1 => Just("null".to_owned()),
        1 => list(single()).prop_map(|members| format!(r#"{{"type":"GeometryCollection","geometries":{members}}}"#)),
    ]
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        // serde_json rounds other fractions in its own way, unless it is built to be slower.
        any::<i16>().prop_map(|eighths| (f64::from(eighths) / 8.0).into()),
        "\\PC{0,8}|[\"\\\\\\n\\u{1}]{0,4}".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::hash_map("[a-c]{1,2}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

prop_compose! {
    fn any_feature()(
        geometry in geometry(),
        properties in prop::collection::hash_map("[a-e\"é]{1,2}", json(), 0..5),
        id in prop_oneof![Just(None), (-3..9_i64).prop_map(|n| Some(n.to_string())), "[0-9a]{1,2}".prop_map(|s| Some(format!("\"{s}\"")))],
    ) -> String {
        let properties = serde_json::Value::Object(properties.into_iter().collect());
        let id = id.map_or(String::new(), |id| format!("\"id\" : {id},"));
        format!(r#"{{ "type":"Feature",{id}"geometry":{geometry}, "properties":{properties} }}"#)
    }
}

/// All that a table says, but for made ids, which depend on white space.
fn said(table: &Table) -> Vec<(String, String, Vec<String>)> {
    let value = |value: Value<'_>| match value {
        // The readers keep the text of nested values as each found it.
        Value::Json(text) => serde_json::from_str::<serde_json::Value>(text).unwrap().to_string(),
        other => format!("{other:?}"),
    };
    let fields = table.schema().fields.len();
    let mut order: Vec<usize> = (0..fields).collect();
    order.sort_by_key(|&field| &table.schema().fields[field].name);
    let geometries = geometries(table);
    let rows = table.rows().zip(geometries).map(|(row, geometry)| {
        let id = row.id();
        let id = if id.text.len() >= 8 { String::new() } else { format!("{id:?}") };
        (id, geometry, order.iter().map(|&field| value(row.value(field))).collect())
    });
    rows.collect()
}

proptest! {
    #[test]
    fn the_scanner_reads_what_the_geojson_crate_reads(features in prop::collection::vec(any_feature(), 0..6)) {
        let text = collection(&features.iter().map(String::as_str).collect::<Vec<_>>());
        let fast = read(&text).unwrap();
        let slow = read_text(&text, Path::new("oracle"), &Metadata::default()).unwrap();
        prop_assert_eq!(said(&fast.table), said(&slow.table));
        prop_assert_eq!(fast.problems.len(), slow.problems.len());
        let lines = features.join("\n");
        if !features.is_empty() {
            prop_assert_eq!(said(&read(&lines).unwrap().table), said(&fast.table));
        }
    }

    #[test]
    fn what_is_written_reads_back_the_same_and_needs_no_more_repair(features in prop::collection::vec(any_feature(), 1..6)) {
        let first = read(&features.join("\n")).unwrap().table;
        let mut out = Vec::new();
        for row in first.rows() {
            write_feature(&mut out, row, None);
            out.push(b'\n');
        }
        let text = String::from_utf8(out).unwrap();
        let second = read(&text).unwrap();
        prop_assert_eq!(said(&first), said(&second.table));
        prop_assert_eq!(ids(&first), ids(&second.table));
        let repaired: Vec<_> = second.problems.iter().filter(|problem| problem.severity == Severity::Repaired).collect();
        prop_assert!(repaired.is_empty(), "{:?}", repaired);
    }

    #[test]
    fn broken_text_ends_in_an_answer(
        features in prop::collection::vec(any_feature(), 1..4),
        as_lines in any::<bool>(),
        wounds in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 1..6),
    ) {
        let text = if as_lines { features.join("\n") } else { collection(&features.iter().map(String::as_str).collect::<Vec<_>>()) };
        let mut bytes = text.into_bytes();
        for (at, wound, byte) in wounds {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match wound {
                0 => bytes.truncate(at),
                1 => bytes[at] = byte,
                2 => bytes.insert(at, b"{}[],:\"\\-.e0\n\x1e"[usize::from(byte) % 14]),
                _ => drop(bytes.drain(at..(at + usize::from(byte % 8)).min(bytes.len()))),
            }
        }
        match read_from(bytes.as_slice(), Path::new("broken"), &Metadata::default(), &Limits::default()) {
            Ok(collected) => prop_assert!(collected.problems.iter().all(|problem| problem.severity != Severity::File)),
            Err(problem) => prop_assert_eq!(problem.severity, Severity::File),
        }
    }

    #[test]
    fn served_geometry_is_within_the_world_and_closed(x in -600.0..600.0_f64, ring in prop::collection::vec((-200.0..200.0_f64, -80.0..80.0_f64), 3..12)) {
        let mut text = String::from("[[");
        for (dx, y) in &ring {
            write!(text, "[{},{y}],", x + dx).unwrap();
        }
        text.pop();
        let Ok(collected) = read(&feature("Polygon", &(text + "]]"))) else { return Ok(()) };
        let geometry = collected.table.row(0).geometry();
        prop_assert!(matches!(geometry.kind(), GeometryKind::Polygon | GeometryKind::MultiPolygon));
        for path in geometry.parts().flat_map(|part| part.paths().collect::<Vec<_>>()) {
            prop_assert!(path.len() >= 4 && path.first() == path.last());
            prop_assert!(path.iter().all(|[lon, lat]| lon.abs() <= 180.0 && lat.abs() <= 90.0));
        }
    }
}
