//! What is packed comes back, and what was harmed on the way is found out.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::*;
use crate::feature::GeometryKind;
use crate::feature::Id;
use crate::feature::PartKind;
use crate::feature::Row;
use crate::feature::Table;
use crate::feature::TableBuilder;
use crate::feature::TimeFields;
use crate::feature::Value;
use crate::feature::geojson::write_feature;
use crate::query::Interval;
use crate::query::Page;
use crate::query::Query;
use crate::query::SortKey;
use crate::query::Start;
use crate::space::Bbox;
use crate::space::Rect;
use crate::store::Measure;
use crate::store::Overviews;
use crate::store::Snapshot;
use crate::store::Version;
use crate::store::aggregate;

/// Features of many kinds, with columns of all.
fn snapshot(count: u32) -> Snapshot {
    Snapshot::new(table(count), Version(0xFEDC_BA98_7654_3210_0123_4567_89AB_CDEF))
}

fn table(count: u32) -> Table {
    let mut builder = TableBuilder::default();
    for number in 0..count {
        let (x, y) = (f64::from(number % 97), f64::from(number % 61));
        let shapes = builder.shapes();
        let kind = match number % 4 {
            0 => GeometryKind::Null,
            1 => {
                shapes.push_coord(x, y, (number % 8 == 1).then_some(12.5));
                shapes.end_path();
                shapes.end_part(PartKind::Points);
                GeometryKind::Point
            }
            2 => {
                for (first, multi) in [(true, false), (true, true), (false, true)] {
                    shapes.push_coord(x, y, None);
                    shapes.push_coord(x + 1.0, y + 2.0, None);
                    shapes.end_path();
                    shapes.end_member_part(PartKind::Line, multi, first);
                }
                GeometryKind::GeometryCollection
            }
            _ => {
                for [dx, dy] in [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]] {
                    shapes.push_coord(x + dx, y + dy, None);
                }
                shapes.end_path();
                shapes.end_part(PartKind::Polygon);
                GeometryKind::Polygon
            }
        };
        let name = format!("회령 {}", number % 7);
        let mixed = [Value::Int(5), Value::Text("x"), Value::Float(0.5), Value::Json("[1]"), Value::Bool(true)];
        let year = format!("{}", 1900 + number % 100);
        let values = [
            ("name", if number % 5 == 0 { Value::Null } else { Value::Text(&name) }),
            ("n", Value::Int(i64::from(number))),
            ("x", Value::Float(x / 3.0)),
            ("flag", Value::Bool(number % 2 == 0)),
            ("mixed", mixed[number as usize % 5]),
            ("none", Value::Null),
            ("year", Value::Text(&year)),
        ];
        let text = format!("{{\"name\":\"{name}\",\"n\":{number}}}");
        builder.push(Id { text: &format!("id {number}"), number: false }, kind, &text, values);
    }
    builder.finish(|schema| {
        schema.time = schema.field("year").map(|start| TimeFields { start, end: None });
        schema.fields.iter_mut().for_each(|field| field.unit = Some("m".to_owned()));
    })
}

fn label() -> Label {
    let source =
        Identity { path: "/a.geojson".into(), bytes: 7, stamp: "1".to_owned(), is_settled: true, hash: u128::MAX - 1 };
    Label { source, settings: "none".to_owned(), remarks: "[]".to_owned() }
}

/// All that a table says of its features.
fn told_of(table: &Table) -> Vec<String> {
    let fields = 0..table.schema().fields.len();
    let row = |row: Row<'_>| {
        let mut out = Vec::new();
        write_feature(&mut out, row, None);
        let values: Vec<_> = fields.clone().map(|field| row.value(field)).collect();
        let again: Vec<_> = fields.clone().map(|field| table.column(field).value(row.number())).collect();
        assert_eq!(format!("{values:?}"), format!("{again:?}"));
        format!("{} {values:?}", String::from_utf8(out).unwrap())
    };
    table.rows().map(row).collect()
}

/// All that a snapshot says of its features.
fn told(snapshot: &Snapshot) -> Vec<String> {
    let about = format!(
        "{:?} {:?} {:?} {:?}",
        snapshot.schema(),
        snapshot.version(),
        snapshot.extent(),
        snapshot.time_extent()
    );
    told_of(snapshot.table()).into_iter().chain([about]).collect()
}

fn written(path: &Path, snapshot: &Snapshot) -> Snapshot {
    write(path, snapshot, label()).unwrap().finish().unwrap();
    reopened(path).unwrap()
}

fn reopened(path: &Path) -> Result<Snapshot, Error> {
    let segment = open(path)?;
    assert_eq!(*segment.label(), label());
    segment.verify()?;
    segment.snapshot()
}

#[test]
fn a_snapshot_comes_back_from_its_file_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    for count in [0, 1, 2, 500] {
        let before = snapshot(count);
        let after = written(&folder.path().join("a.segment"), &before);
        assert_eq!(told(&after), told(&before));
        assert_eq!(after.find("id 1").map(|row| row.number()), (count > 1).then_some(1));
        assert!(after.find("id 500").is_none());
        let area = Rect::new(10.0, 10.0, 30.0, 30.0);
        assert_eq!(after.within(&area), before.within(&area));
        let time = Some(Interval::parse("1920/1950").unwrap().into());
        let query = Query { bbox: Some(Bbox::new(5.0, 5.0, 40.0, 50.0).unwrap()), time, ..Query::default() };
        let page = Page { limit: 10, start: Start::Offset(3) };
        assert_eq!(after.page(&query, &page), before.page(&query, &page));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
}

#[test]
fn many_features_lie_where_they_are_near_each_other_and_are_told_as_they_came() {
    const COUNT: u32 = 12_000;
    let folder = tempfile::tempdir().unwrap();
    let packed = written(&folder.path().join("a.segment"), &snapshot(COUNT));
    assert_eq!(told_of(packed.table()), told_of(&table(COUNT)));
    assert_eq!(packed.find("id 11999").map(|row| row.number()), Some(11_999));
    // The features of a hundredth of the area lie on a few stretches, and not all over.
    let near = packed.within(&Rect::new(10.2, 10.2, 18.8, 15.8));
    let ranges = |row: Row<'_>| row.geometry().parts().flat_map(|part| part.ranges()).collect::<Vec<_>>();
    let places = near.iter().filter_map(|&row| ranges(packed.row(row)).into_iter().next());
    let mut thousands: Vec<usize> = places.map(|range| range.start / 1000).collect();
    thousands.sort_unstable();
    thousands.dedup();
    assert!(near.len() > 50 && thousands.len() < 8, "{} features on {thousands:?}", near.len());
    // What is asked of columns goes by rows too.
    let field = |name: &str| packed.schema().field(name).unwrap();
    for name in ["x", "name", "year", "n"] {
        let sort = vec![SortKey { name: name.to_owned(), field: field(name), descending: name == "n" }];
        let query = Query { sort, ..Query::default() };
        let page = Page { limit: COUNT as usize, start: Start::First };
        let sorted = packed.page(&query, &page).rows;
        let value = |row: u32| format!("{:?}", packed.row(row).value(field(name)));
        if name == "n" {
            assert!(sorted.iter().rev().eq((0..COUNT).collect::<Vec<_>>().iter()));
        } else {
            // Equal values stand together, in the order of the file.
            let runs: Vec<&[u32]> = sorted.chunk_by(|&a, &b| value(a) == value(b)).collect();
            let distinct: HashSet<String> = sorted.iter().map(|&row| value(row)).collect();
            assert_eq!(runs.len(), distinct.len(), "{name}");
            assert!(runs.iter().all(|run| run.is_sorted()), "{name}");
        }
    }
    let measures = [Measure::Count, Measure::Sum(field("n")), Measure::Max(field("x"))];
    let groups = |table: &Table| aggregate(table, 0..COUNT, &[field("name"), field("flag")], &measures, 100);
    assert_eq!(groups(packed.table()), groups(&table(COUNT)));
    // How much vertices matter does not hang on where they lie.
    let apart = Overviews::new(&table(COUNT));
    let weights = |overviews: &Overviews, table: &Table| -> Vec<Vec<u8>> {
        let weights = |row| ranges(row).into_iter().flat_map(|range| overviews.importance()[range].to_vec()).collect();
        table.rows().map(weights).collect()
    };
    assert_eq!(weights(packed.overviews(), packed.table()), weights(&apart, &table(COUNT)));
}

#[test]
fn a_wrong_byte_is_found_wherever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.segment");
    let before = snapshot(300);
    written(&path, &before);
    let good = fs::read(&path).unwrap();
    let hurt = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        let path = folder.path().join("b.segment");
        fs::write(&path, bytes).unwrap();
        match reopened_unlabelled(&path) {
            Ok(after) => assert_eq!(told(&after), told(&before), "byte {at} is of none of its parts"),
            Err(error) => assert!(matches!(error, Error::Damaged(_) | Error::Foreign), "byte {at}: {error}"),
        }
        reopened_unlabelled(&path).is_err()
    };
    let segment = open(&path).unwrap();
    let sections = segment.sections().clone();
    assert!(sections.len() > 20);
    for (at, bytes) in sections.into_iter().filter(|(_, bytes)| *bytes > 0) {
        for at in [at, at + bytes / 2, at + bytes - 1] {
            assert!(hurt(at), "byte {at}");
        }
    }
    for at in (0..64).chain(good.len() - 64..good.len()) {
        assert!(hurt(at), "byte {at}");
    }
}

fn reopened_unlabelled(path: &Path) -> Result<Snapshot, Error> {
    let segment = open(path)?;
    segment.verify()?;
    segment.snapshot()
}

#[test]
fn half_a_segment_and_what_is_none_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.segment");
    written(&path, &snapshot(50));
    let good = fs::read(&path).unwrap();
    for length in (0..good.len()).step_by(97).chain([good.len() - 1]) {
        fs::write(&path, &good[..length]).unwrap();
        assert!(reopened_unlabelled(&path).is_err(), "{length} bytes");
    }
    fs::write(&path, [&good[..], b"\0"].concat()).unwrap();
    assert!(reopened_unlabelled(&path).is_err());
    fs::write(&path, vec![b'x'; 100_000]).unwrap();
    assert!(matches!(open(&path), Err(Error::Foreign)));
    fs::write(&path, vec![0; 100_000]).unwrap();
    assert!(matches!(open(&path), Err(Error::Foreign)));
    assert!(matches!(open(folder.path()), Err(Error::Io(_) | Error::Foreign)));
    assert!(matches!(open(&folder.path().join("none")), Err(Error::Io(_))));
}

#[test]
fn a_newer_file_takes_the_place_of_one_that_is_mapped_without_harm_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.segment");
    let old = written(&path, &snapshot(100));
    let new = written(&path, &snapshot(200));
    assert_eq!((told(&old), told(&new)), (told(&snapshot(100)), told(&snapshot(200))));
    fs::remove_file(&path).unwrap();
    assert_eq!(told(&new), told(&snapshot(200)));
}

#[test]
fn what_is_not_finished_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let written = write(&folder.path().join("a.segment"), &snapshot(10), label()).unwrap();
    assert_eq!(told(&written.snapshot().unwrap()), told(&snapshot(10)), "it can be used before it has its name");
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.len() == 1 && is_partial(&names[0].to_string_lossy()), "{names:?}");
    drop(written);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
