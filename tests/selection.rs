//! What a snapshot selects, against asking each feature in turn with the predicates of the `geo` crate.

#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a test stops where it is wrong, and degenerate boxes are exact"
)]

use std::f64::consts::TAU;
use std::fmt::Write;
use std::path::Path;

use geo::Intersects;
use geo::MapCoords;
use proptest::prelude::*;
use proptest::sample::Index;
use tumen::feature::Geometry;
use tumen::feature::PartKind;
use tumen::feature::Scalar;
use tumen::query::Filter;
use tumen::query::Interval;
use tumen::query::Page;
use tumen::query::Query;
use tumen::query::SortKey;
use tumen::query::Start;
use tumen::query::Written;
use tumen::source;
use tumen::source::Limits;
use tumen::source::Metadata;
use tumen::space::Bbox;
use tumen::space::Rect;
use tumen::store::Snapshot;

/// One feature as it is generated: its geometry may reach over the antimeridian.
#[derive(Clone, Debug)]
struct Drawn {
    geometry: Option<geo::Geometry>,
    color: u8,
    year: Option<u16>,
}

/// A polygon around a centre, far enough from regular, with a hole or without; never crossing itself.
fn polygon(center: [f64; 2], size: f64, radii: &[f64], hole: Option<f64>) -> geo::Polygon {
    let ring = |scale: f64| {
        let count = radii.len() as f64;
        let corner = |(at, radius): (usize, &f64)| {
            let (sin, cos) = (TAU * at as f64 / count).sin_cos();
            geo::Coord { x: center[0] + cos * radius * size * scale, y: center[1] + sin * radius * size * scale * 0.3 }
        };
        radii.iter().enumerate().map(corner).collect::<geo::LineString>()
    };
    let holes = hole.map(|scale| {
        let mut hole = ring(scale);
        hole.0.reverse();
        hole
    });
    geo::Polygon::new(ring(1.0), holes.into_iter().collect())
}

fn shape() -> impl Strategy<Value = geo::Geometry> {
    let center = (-220.0..220.0_f64, -60.0..60.0_f64);
    let polygon = (center, 0.1..40.0_f64, prop::collection::vec(0.5..1.0_f64, 8..20), prop::option::of(0.1..0.4_f64))
        .prop_map(|((x, y), size, radii, hole)| polygon([x, y], size, &radii, hole));
    let line = prop::collection::vec((-220.0..220.0_f64, -80.0..80.0_f64), 2..6).prop_map(geo::LineString::from);
    prop_oneof![
        1 => (-220.0..220.0_f64, -80.0..80.0_f64).prop_map(|point| geo::Geometry::Point(point.into())),
        1 => line.prop_map(geo::Geometry::LineString),
        4 => polygon.clone().prop_map(geo::Geometry::Polygon),
        // Two polygons that may overlap.
        1 => (polygon.clone(), polygon).prop_map(|(a, b)| geo::Geometry::MultiPolygon(geo::MultiPolygon(vec![a, b]))),
    ]
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (prop::option::weighted(0.9, shape()), 0..3_u8, prop::option::of(1900..1920_u16))
        .prop_map(|(geometry, color, year)| Drawn { geometry, color, year })
}

/// A box on the globe, large or small, many of them over the antimeridian.
fn bbox() -> impl Strategy<Value = Bbox> {
    let side = prop_oneof![-180.0..=180.0_f64, Just(-180.0), Just(180.0), Just(0.0)];
    let any = (side.clone(), side, -90.0..90.0_f64, 0.0..60.0_f64);
    let small =
        (-180.0..180.0_f64, 0.0..2.0_f64, -60.0..60.0_f64, 0.0..2.0_f64).prop_map(|(west, width, south, height)| {
            let east = west + width;
            (west, if east > 180.0 { east - 360.0 } else { east }, south, height)
        });
    prop_oneof![any, small].prop_map(|(west, east, south, height)| {
        Bbox::new(west, south, east, (south + height).min(90.0)).expect("the corners are in order and in the world")
    })
}

fn snapshot(features: &[Drawn]) -> Snapshot {
    let mut text = String::new();
    for (at, feature) in features.iter().enumerate() {
        let geometry = feature.geometry.as_ref().map_or("null".to_owned(), json);
        let year = feature.year.map_or("null".to_owned(), |year| format!("\"{year}\""));
        let color = feature.color;
        writeln!(
            text,
            r#"{{"type":"Feature","id":"f{at}","geometry":{geometry},"properties":{{"color":{color},"year":{year}}}}}"#
        )
        .unwrap();
    }
    if features.is_empty() {
        text.push_str(r#"{"type":"FeatureCollection","features":[]}"#);
    }
    let metadata: Metadata = toml::from_str("time = { start = 'year' }").unwrap();
    let collected = source::read_from(text.as_bytes(), Path::new("drawn"), &metadata, &Limits::default()).unwrap();
    assert_eq!(collected.table.len(), features.len(), "{:?}", collected.problems);
    Snapshot::new(collected.table, collected.version)
}

fn json(geometry: &geo::Geometry) -> String {
    let line = |line: &geo::LineString| {
        let positions: Vec<String> = line.0.iter().map(|c| format!("[{},{}]", c.x, c.y)).collect();
        format!("[{}]", positions.join(","))
    };
    let rings = |polygon: &geo::Polygon| {
        let rings: Vec<String> = std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(line).collect();
        format!("[{}]", rings.join(","))
    };
    let (kind, coordinates) = match geometry {
        geo::Geometry::Point(point) => ("Point", format!("[{},{}]", point.x(), point.y())),
        geo::Geometry::LineString(path) => ("LineString", line(path)),
        geo::Geometry::Polygon(polygon) => ("Polygon", rings(polygon)),
        geo::Geometry::MultiPolygon(polygons) => {
            ("MultiPolygon", format!("[{}]", polygons.iter().map(rings).collect::<Vec<_>>().join(",")))
        }
        other => panic!("{other:?} is not drawn"),
    };
    format!(r#"{{"type":"{kind}","coordinates":{coordinates}}}"#)
}

/// The stored parts as geometries of the other crate.
fn parts(geometry: Geometry<'_>) -> Vec<geo::Geometry> {
    let coord = |&[x, y]: &[f64; 2]| geo::Coord { x, y };
    let mut parts = Vec::new();
    for part in geometry.parts() {
        let mut paths = part.paths().map(|path| path.iter().map(coord).collect::<geo::LineString>());
        match part.kind() {
            PartKind::Points => {
                parts.extend(paths.flat_map(|path| path.0).map(|c| geo::Geometry::Point(geo::Point(c))));
            }
            PartKind::Line => parts.extend(paths.map(geo::Geometry::LineString)),
            PartKind::Polygon => {
                let exterior = paths.next().unwrap();
                parts.push(geo::Geometry::Polygon(geo::Polygon::new(exterior, paths.collect())));
            }
        }
    }
    parts
}

/// Whether a geometry meets a rectangle, which may be a line or a point.
fn meets(geometry: &geo::Geometry, rect: &Rect) -> bool {
    let (low, high) = (geo::Coord { x: rect.min_x, y: rect.min_y }, geo::Coord { x: rect.max_x, y: rect.max_y });
    if low == high {
        geometry.intersects(&geo::Point(low))
    } else if low.x == high.x || low.y == high.y {
        geometry.intersects(&geo::Line::new(low, high))
    } else {
        geometry.intersects(&geo::Rect::new(low, high).to_polygon())
    }
}

/// The rows whose stored geometry meets the box, and those without geometry, by asking each.
fn brute(snapshot: &Snapshot, bbox: &Bbox) -> Vec<u32> {
    let is_met = |geometry: Geometry<'_>| {
        let parts = parts(geometry);
        parts.is_empty() || parts.iter().any(|part| bbox.parts().any(|rect| meets(part, &rect)))
    };
    snapshot.table().rows().filter(|row| is_met(row.geometry())).map(|row| row.number()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_box_selects_what_asking_each_feature_selects(
        features in prop::collection::vec(drawn(), 0..30),
        boxes in prop::collection::vec(bbox(), 1..6),
        corners in prop::collection::vec((any::<Index>(), any::<Index>()), 3),
    ) {
        let snapshot = snapshot(&features);
        // Boxes that touch features exactly: from one vertex to another, and the vertex alone.
        let vertices: Vec<[f64; 2]> = snapshot.table().rows().flat_map(|row| row.geometry().coords().to_vec()).collect();
        let touching = corners.iter().filter(|_| !vertices.is_empty()).flat_map(|(a, b)| {
            let (a, b) = (*a.get(&vertices), *b.get(&vertices));
            let (south, north) = (a[1].min(b[1]), a[1].max(b[1]));
            [Bbox::new(a[0], south, b[0], north), Bbox::new(b[0], south, a[0], north), Bbox::new(a[0], a[1], a[0], a[1])]
        });
        let boxes: Vec<Bbox> = boxes.iter().copied().chain(touching.map(Result::unwrap)).collect();
        for bbox in boxes {
            let query = Query { bbox: Some(bbox), ..Query::default() };
            prop_assert_eq!(snapshot.rows(&query), brute(&snapshot, &bbox), "{}", bbox);
            for rect in bbox.parts() {
                let candidates = snapshot.within(&rect);
                prop_assert!(candidates.windows(2).all(|pair| pair[0] < pair[1]), "ascending, each once");
                let overlap = |row: &u32| snapshot.row(*row).geometry().rect().intersects(&rect);
                prop_assert!(candidates.iter().all(overlap));
            }
        }
    }

    #[test]
    fn a_geometry_cut_at_the_antimeridian_is_met_where_it_was_drawn(
        features in prop::collection::vec(shape(), 1..12),
        boxes in prop::collection::vec(bbox(), 1..6),
    ) {
        let drawn: Vec<Drawn> =
            features.iter().map(|geometry| Drawn { geometry: Some(geometry.clone()), color: 0, year: None }).collect();
        let snapshot = snapshot(&drawn);
        for bbox in boxes {
            let rows = snapshot.rows(&Query { bbox: Some(bbox), ..Query::default() });
            for (row, geometry) in features.iter().enumerate() {
                // As drawn, longitudes run on beyond 180; the world repeats there.
                let turned = [-360.0, 0.0, 360.0].map(|turn| geometry.map_coords(|c| geo::Coord { x: c.x + turn, y: c.y }));
                let expected = bbox.parts().any(|rect| turned.iter().any(|geometry| meets(geometry, &rect)));
                prop_assert_eq!(rows.contains(&(row as u32)), expected, "{} and {:?}", bbox, geometry);
            }
        }
    }

    #[test]
    fn a_query_is_the_meeting_of_its_conditions_and_pages_cover_it_once(
        features in prop::collection::vec(drawn(), 0..40),
        bbox in prop::option::of(bbox()),
        color in prop::option::of(0..4_i64),
        years in prop::option::of((1895..1925_u16, 0..10_u16)),
        order in prop::sample::select(vec!["", "color", "-color", "+year,-color", "-year", "-color,year"]),
        limit in 1..9_usize,
    ) {
        let snapshot = snapshot(&features);
        let time = years.map(|(from, count)| format!("{from}/{}", from + count));
        // Without features there is no field that a filter could name.
        let filter = color.filter(|_| !features.is_empty()).map_or_else(Filter::default, |color| {
            Written::equal("color", "color", &Scalar::Int(color)).check(snapshot.schema()).unwrap()
        });
        let sort = SortKey::parse(order, snapshot.schema()).unwrap_or_default();
        let query = Query {
            bbox,
            time: time.as_deref().map(|time| Interval::parse(time).unwrap().into()),
            filter,
            sort: sort.clone(),
            ..Query::default()
        };
        let in_box = bbox.map_or_else(|| (0..features.len() as u32).collect(), |bbox| brute(&snapshot, &bbox));
        let mut expected: Vec<u32> = in_box.into_iter().filter(|&row| {
            let feature = &features[row as usize];
            // A feature without time matches every time.
            let at_time = |(from, count): (u16, u16)| feature.year.is_none_or(|year| (from..=from + count).contains(&year));
            color.is_none_or(|color| color == i64::from(feature.color)) && years.is_none_or(at_time)
        }).collect();
        for key in sort.iter().rev() {
            expected.sort_by(|&a, &b| {
                let value = |row: u32| {
                    let feature = &features[row as usize];
                    if key.name == "color" { Some(u16::from(feature.color)) } else { feature.year }
                };
                match (value(a), value(b)) {
                    (Some(a), Some(b)) if key.descending => b.cmp(&a),
                    (Some(a), Some(b)) => a.cmp(&b),
                    (a, b) => a.is_none().cmp(&b.is_none()),
                }
            });
        }
        prop_assert_eq!(&snapshot.rows(&query), &expected);

        let anchor = |row: u32| (row, snapshot.row(row).id().text.to_owned());
        let (mut walked, mut start) = (Vec::new(), Start::First);
        loop {
            let selection = snapshot.page(&query, &Page { limit, start });
            prop_assert_eq!((selection.matched, selection.before), (expected.len(), walked.len()));
            let by_offset = snapshot.page(&query, &Page { limit, start: Start::Offset(walked.len()) });
            prop_assert_eq!(&by_offset.rows, &selection.rows);
            if let (Some(&first), false) = (selection.rows.first(), walked.is_empty()) {
                let (row, id) = anchor(first);
                let back = snapshot.page(&query, &Page { limit, start: Start::Before(row, id) });
                prop_assert_eq!(&back.rows[..], &walked[walked.len() - back.rows.len()..]);
                prop_assert_eq!(back.rows.len(), limit.min(walked.len()));
            }
            let Some(&last) = selection.rows.last() else { break };
            prop_assert!(selection.rows.len() <= limit);
            walked.extend_from_slice(&selection.rows);
            let (row, id) = anchor(last);
            start = Start::After(row, id);
        }
        prop_assert_eq!(walked, expected);
    }
}
