//! A table that is kept in another order answers as before.

use proptest::prelude::*;

use super::*;
use crate::feature::GeometryKind;
use crate::feature::PartKind;
use crate::feature::TableBuilder;
use crate::feature::geojson::write_feature;

/// For each feature its parts (a kind, and for each path positions with or without heights), and two of its values.
type Drafted = (Vec<(PartKind, Vec<Vec<(f64, Option<f64>)>>)>, Option<String>, Option<i64>);

fn table(features: &[Drafted]) -> Table {
    let mut builder = TableBuilder::default();
    for (number, (parts, name, count)) in features.iter().enumerate() {
        for (kind, paths) in parts {
            for path in paths {
                path.iter().for_each(|&(at, height)| builder.shapes().push_coord(at, at / 2.0, height));
                builder.shapes().end_path();
            }
            builder.shapes().end_part(*kind);
        }
        let kind = if parts.is_empty() { GeometryKind::Null } else { GeometryKind::GeometryCollection };
        let id = format!("f{number}");
        let text = format!(r#"{{"number":{number}}}"#);
        let name = name.as_deref().map_or(Value::Null, Value::Text);
        let values =
            [("name", name), ("count", count.map_or(Value::Null, Value::Int)), ("even", Value::Bool(number % 2 == 0))];
        builder.push(Id { text: &id, number: number % 3 == 0 }, kind, &text, values);
    }
    builder.finish(|_| {})
}

fn features() -> impl Strategy<Value = Vec<(Drafted, u64)>> {
    let kind = prop_oneof![Just(PartKind::Polygon), Just(PartKind::Line), Just(PartKind::Points)];
    let path = prop::collection::vec((-90.0..90.0_f64, prop::option::weighted(0.2, 0.0..9.0_f64)), 1..5);
    let part = (kind, prop::collection::vec(path, 1..3));
    let drafted = (prop::collection::vec(part, 0..3), prop::option::of("[a-c]{1,2}"), prop::option::of(0..9_i64));
    prop::collection::vec((drafted, any::<u64>()), 1..40)
}

fn told(row: Row<'_>) -> String {
    let mut feature = Vec::new();
    write_feature(&mut feature, row, None);
    let values: Vec<Value<'_>> = (0..row.schema().fields.len()).map(|field| row.value(field)).collect();
    let heights: Vec<Vec<String>> = row
        .geometry()
        .parts()
        .map(|part| part.ranges().zip(part.paths()).map(|(range, path)| format!("{} {path:?}", range.len())).collect())
        .collect();
    format!("{} {:?} {values:?} {heights:?} {}", row.number(), row.id(), String::from_utf8_lossy(&feature))
}

proptest! {
    #[test]
    fn rows_are_the_same_in_whatever_order_they_are_kept(features in features()) {
        let (features, keys): (Vec<Drafted>, Vec<u64>) = features.into_iter().unzip();
        let plain = table(&features);
        let wanted: Vec<String> = plain.rows().map(told).collect();
        let mut order: Vec<u32> = (0..plain.len() as u32).collect();
        order.sort_by_key(|&row| keys[row as usize]);
        let once = plain.kept_in(&order);
        prop_assert_eq!(&once.rows().map(told).collect::<Vec<_>>(), &wanted);
        let kept: Vec<u32> = once.rows_as_kept().map(|row| row.number()).collect();
        prop_assert_eq!(&kept, &order, "they stand as they were told to");
        prop_assert!(once.rows_as_kept().all(|row| told(row) == wanted[row.number() as usize]));
        order.rotate_left(1);
        let twice = once.kept_in(&order);
        prop_assert_eq!(&twice.rows().map(told).collect::<Vec<_>>(), &wanted);
        let kept: Vec<u32> = twice.rows_as_kept().map(|row| row.number()).collect();
        prop_assert_eq!(&kept, &order);
    }
}
