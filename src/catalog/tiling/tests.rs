//! Tiles of collections.

use geo::Area;
use geo::MultiPolygon;
use geo::Polygon;
use geo::Validation;
use geo::unary_union;
use proptest::prelude::*;

use super::zooms::zooms;
use super::*;
use crate::catalog::Collection;
use crate::catalog::Features;
use crate::feature::GeometryKind;
use crate::feature::Id;
use crate::feature::PartKind;
use crate::feature::Scalar;
use crate::feature::TableBuilder;
use crate::feature::Value;
use crate::query::FilterLimits;
use crate::query::Query;
use crate::query::SortKey;
use crate::query::Written;
use crate::source::Metadata;
use crate::source::TileMetadata;
use crate::space::Bbox;
use crate::space::Crs;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileCoord;
use crate::store::Snapshot;
use crate::store::Version;
use crate::tile::TileFeature;
use crate::tile::VectorTile;
use crate::tile::codec::mvt;

fn towns(places: &[[f64; 2]]) -> Collection {
    let mut builder = TableBuilder::default();
    for (number, &[lon, lat]) in places.iter().enumerate() {
        builder.shapes().push_coord(lon, lat, None);
        builder.shapes().end_path();
        builder.shapes().end_part(PartKind::Points);
        let id = number.to_string();
        let values = [("parity", Value::Int(number as i64 % 2)), ("name", Value::Text(&id))];
        builder.push(Id { text: &id, number: true }, GeometryKind::Point, "{}", values);
    }
    let snapshot = Snapshot::new(builder.finish(|_| {}), Version(1));
    Collection::new("towns".into(), Metadata::default(), Features::Fixed(snapshot), &[])
}

fn ids(tile: &VectorTile) -> Vec<u64> {
    tile.layers[0].features().filter_map(|feature| feature.id()).collect()
}

#[test]
fn box_filter_order_and_properties_are_honoured() {
    let towns = towns(&[[10.0, 10.0], [20.0, 10.0], [30.0, 10.0], [40.0, 10.0]]);
    let grid = Grid::web_mercator_quad();
    let world = grid.tile(0, 0, 0).unwrap();
    let tile = |query: &Query| vector_tile([(&towns, query)], &grid, world, &Extras::default()).tile;
    assert_eq!(ids(&tile(&Query::default())), [0, 1, 2, 3]);
    let boxed = Query { bbox: Some(Bbox::new(15.0, 0.0, 40.0, 20.0).unwrap()), ..Query::default() };
    assert_eq!(ids(&tile(&boxed)), [1, 2, 3]);
    let odd = Written::equal("parity", "parity", &Scalar::Int(1)).check(towns.snapshot().schema()).unwrap();
    let odd = Query { filter: odd, properties: Some(vec!["name".into()]), ..boxed };
    assert_eq!(ids(&tile(&odd)), [1, 3]);
    assert_eq!(tile(&odd).layers[0].keys(), ["name"]);
    let last_first = vec![SortKey { field: 1, name: "name".into(), descending: true }];
    assert_eq!(ids(&tile(&Query { sort: last_first.clone(), ..Query::default() })), [3, 2, 1, 0]);
    assert_eq!(tile_rows(&towns, &Query { sort: last_first, ..odd }, &grid, world), [3, 1]);
}

#[test]
fn neighbours_over_the_antimeridian_are_selected() {
    let towns = towns(&[[179.99, 0.5], [-179.99, 0.5]]);
    let grid = Grid::web_mercator_quad();
    for column in [0, 7] {
        let tile = grid.tile(3, column, 3).unwrap();
        let tile = vector_tile([(&towns, &Query::default())], &grid, tile, &Extras::default()).tile;
        assert_eq!(ids(&tile), [0, 1], "column {column}");
    }
}

#[test]
fn small_extents_have_higher_zooms_and_points_do_not_need_them() {
    let towns = towns(&[[10.0, 10.0], [10.01, 10.0]]);
    assert_eq!(zooms(towns.snapshot()), (0, 14));
}

/// Collections of houses, by corner and side in degrees.
fn houses(places: &[([f64; 2], f64)], max_bytes: Option<usize>) -> Collection {
    let mut builder = TableBuilder::default();
    for (number, &([x, y], side)) in places.iter().enumerate() {
        for [lon, lat] in [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]] {
            builder.shapes().push_coord(lon, lat, None);
        }
        builder.shapes().end_path();
        builder.shapes().end_part(PartKind::Polygon);
        let id = number.to_string();
        let values = [("number", Value::Int(number as i64))];
        builder.push(Id { text: &id, number: true }, GeometryKind::Polygon, "{}", values);
    }
    let tiles = TileMetadata { max_bytes, ..TileMetadata::default() };
    let metadata = Metadata { tiles: Some(tiles), ..Metadata::default() };
    let snapshot = Snapshot::new(builder.finish(|_| {}), Version(1));
    Collection::new("houses".into(), metadata, Features::Fixed(snapshot), &[])
}

fn town() -> Vec<([f64; 2], f64)> {
    let at = |number: u32| {
        let (column, row) = (f64::from(number % 60), f64::from(number / 60));
        // Ten metres and a few of a hundred.
        ([30.0 + column * 3e-4, 50.0 + row * 3e-4], if number.is_multiple_of(50) { 1e-3 } else { 1e-4 })
    };
    (0..3600).map(at).collect()
}

fn around(level: u8, position: [f64; 2]) -> TileCoord {
    let [x, y] = Crs::WebMercator.project(position);
    Grid::web_mercator_quad().covering(level, &Rect::new(x, y, x, y)).next().unwrap()
}

fn doubled_area(ring: &[[i32; 2]]) -> i64 {
    let next = |at: usize| ring[(at + 1) % ring.len()].map(i64::from);
    (0..ring.len()).map(|at| (ring[at].map(i64::from), next(at))).map(|([ax, ay], [bx, by])| ax * by - bx * ay).sum()
}

#[test]
fn a_town_far_away_covers_as_much_as_its_houses_and_says_what_became_of_them() {
    let places = town();
    let houses = houses(&places, None);
    let grid = Grid::web_mercator_quad();
    for level in [4, 7, 9, 11, 13] {
        let coord = around(level, [30.009, 50.009]);
        let cut = vector_tile([(&houses, &Query::default())], &grid, coord, &Extras::default());
        let tally = cut.tallies[0];
        assert_eq!(tally.matched, tally.kept + tally.merged + tally.dropped, "zoom {level}");
        assert_eq!(tally.dropped, 0, "zoom {level}");
        assert_eq!(cut.tile.layers[0].len(), tally.kept, "zoom {level}");
        let unit = 40_075_016.68 / f64::from(1_u32 << level) / 4096.0;
        let scale = 50.009_f64.to_radians().cos();
        let area: i64 = cut.tile.layers[0].features().flat_map(|feature| feature.paths()).map(doubled_area).sum();
        let shown = area as f64 / 2.0 * unit * unit * scale * scale;
        let is_on = |([x, y], _): &&([f64; 2], f64)| around(level, [*x, *y]) == coord;
        let side = |degrees: f64| degrees * 111_320.0;
        let own: f64 = places.iter().filter(is_on).map(|(_, side_of)| side(*side_of).powi(2) * scale).sum();
        if level < 13 {
            assert_eq!(tally.matched, 3600, "zoom {level}");
            // A square has one unit at least, and whole ones.
            let slack = 0.15 * own + unit * unit * tally.kept as f64;
            assert!((shown - own).abs() < slack, "zoom {level}: {shown} for {own}");
        }
        assert!(tally.kept > 0);
    }
}

#[test]
fn a_filter_that_takes_all_gives_the_same_tile_as_none() {
    let houses = houses(&town(), None);
    let schema = houses.snapshot().schema();
    let all = Query {
        filter: Written::from_text("number >= 0", &FilterLimits::default()).unwrap().check(schema).unwrap(),
        ..Query::default()
    };
    let grid = Grid::web_mercator_quad();
    for level in 0..16 {
        let coord = around(level, [30.009, 50.009]);
        let tile = |query: &Query| {
            let cut = vector_tile([(&houses, query)], &grid, coord, &Extras::default());
            (mvt::encode(&cut.tile), cut.tallies)
        };
        assert_eq!(tile(&Query::default()), tile(&all), "zoom {level}");
    }
}

#[test]
fn a_tile_keeps_within_its_bytes_and_what_is_large_stays() {
    let grid = Grid::web_mercator_quad();
    for max_bytes in [1000, 5000, 40_000] {
        let houses = houses(&town(), Some(max_bytes));
        for level in 0..16 {
            let coord = around(level, [30.009, 50.009]);
            let cut = vector_tile([(&houses, &Query::default())], &grid, coord, &Extras::default());
            let size = mvt::encode(&cut.tile).len();
            assert!(size <= max_bytes && size > 0, "zoom {level}: {size} of {max_bytes}");
            let tally = cut.tallies[0];
            assert_eq!(tally.matched, tally.kept + tally.merged + tally.dropped);
            let explained = explain(&[(&houses, &Query::default())], &grid, coord);
            let of = |rule: Rule| explained[0].rows.iter().filter(|(own, _)| *own == rule).count();
            assert_eq!((of(Rule::Kept), of(Rule::Merged)), (tally.kept, tally.merged), "zoom {level}");
            assert_eq!(explained[0].rows.len(), tally.matched, "zoom {level}");
        }
    }
}

#[test]
fn each_label_stands_on_one_tile_of_a_zoom() {
    let places: Vec<_> = (0..20).map(|n| ([f64::from(n) * 3.0, f64::from(n) - 10.0], 2.5)).collect();
    let houses = houses(&places, None);
    let grid = Grid::web_mercator_quad();
    for level in [0, 2, 5] {
        let mut labels: Vec<u64> = Vec::new();
        for (column, row) in (0..1 << level).flat_map(|column| (0..1 << level).map(move |row| (column, row))) {
            let coord = grid.tile(level, column, row).unwrap();
            let extras = Extras { labels: Some(true) };
            let cut = vector_tile([(&houses, &Query::default())], &grid, coord, &extras);
            assert_eq!(cut.tile.layers[1].name(), "houses_label");
            labels.extend(cut.tile.layers[1].features().filter_map(|feature| feature.id()));
        }
        labels.sort_unstable();
        assert_eq!(labels, (0..20).collect::<Vec<u64>>(), "zoom {level}");
    }
}

/// Fields that share all their borders, in a raster of so many a side with crooked lines.
fn fields(count: usize, bends: &[f64]) -> Vec<Vec<[f64; 2]>> {
    let bend = |at: usize| bends[at % bends.len()];
    let corner = |i: usize, j: usize| {
        let edge = i == 0 || j == 0 || i == count || j == count;
        let off = if edge { [0.0; 2] } else { [bend(i * 31 + j * 7) * 0.2, bend(i * 13 + j * 17) * 0.2] };
        [i as f64 + off[0], j as f64 + off[1]]
    };
    // From a corner to the next, with bends in between that both neighbours have.
    let side = |from: [usize; 2], to: [usize; 2], way: usize| -> Vec<[f64; 2]> {
        let ([ax, ay], [bx, by]) = (corner(from[0], from[1]), corner(to[0], to[1]));
        let steps = 8;
        (0..steps)
            .map(|step| {
                let t = step as f64 / steps as f64;
                let is_edge = (way == 0 && (from[1] == 0 || from[1] == count))
                    || (way == 1 && (from[0] == 0 || from[0] == count));
                let off = if step == 0 || is_edge {
                    0.0
                } else {
                    bend(from[0] * 5 + from[1] * 3 + step * 11 + way) * 0.2 * t * (1.0 - t)
                };
                let [x, y] = [ax + (bx - ax) * t, ay + (by - ay) * t];
                if way == 0 { [x, y + off] } else { [x + off, y] }
            })
            .collect()
    };
    let back = |from: [usize; 2], to: [usize; 2], way: usize| -> Vec<[f64; 2]> {
        let mut forth = side(from, to, way);
        forth.remove(0);
        forth.reverse();
        forth.insert(0, corner(to[0], to[1]));
        forth
    };
    let mut rings = Vec::new();
    for (i, j) in (0..count).flat_map(|i| (0..count).map(move |j| (i, j))) {
        let mut ring = side([i, j], [i + 1, j], 0);
        ring.extend(side([i + 1, j], [i + 1, j + 1], 1));
        ring.extend(back([i, j + 1], [i + 1, j + 1], 0));
        ring.extend(back([i, j], [i, j + 1], 1));
        ring.push(ring[0]);
        rings.push(ring);
    }
    rings
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn neighbours_leave_no_gap_and_do_not_overlap(
        bends in prop::collection::vec(-1.0..1.0_f64, 40..60),
        level in 0..6_u8,
        turn in 0..30_usize,
    ) {
        let count = 5;
        let mut builder = TableBuilder::default();
        for (number, mut ring) in fields(count, &bends).into_iter().enumerate() {
            // Each starts at another of its corners.
            ring.pop();
            let start = (turn * number) % ring.len();
            ring.rotate_left(start);
            ring.push(ring[0]);
            for &[x, y] in &ring {
                builder.shapes().push_coord(2.0 + x * 4.0, 2.0 + y * 4.0, None);
            }
            builder.shapes().end_path();
            builder.shapes().end_part(PartKind::Polygon);
            builder.push(Id { text: &number.to_string(), number: true }, GeometryKind::Polygon, "{}", []);
        }
        let snapshot = Snapshot::new(builder.finish(|_| {}), Version(1));
        let fields = Collection::new("fields".into(), Metadata::default(), Features::Fixed(snapshot), &[]);
        let grid = Grid::web_mercator_quad();
        let coord = around(level, [12.0, 12.0]);
        let cut = vector_tile([(&fields, &Query::default())], &grid, coord, &Extras::default());
        let polygons: Vec<MultiPolygon<f64>> = cut.tile.layers[0].features().map(polygons).collect();
        for polygon in &polygons {
            prop_assert!(polygon.is_valid(), "{:?}", polygon.check_validation());
        }
        let sum: f64 = polygons.iter().map(Area::unsigned_area).sum();
        let union = unary_union(&polygons).unsigned_area();
        // Where two crooked lines cross, the crossing is rounded on both sides.
        prop_assert!((sum - union).abs() <= 1e-4 * sum + 4.0, "{} overlap", sum - union);
        let place = |position: [f64; 2]| {
            let bounds = grid.bounds(coord);
            let [x, y] = Crs::WebMercator.project(position);
            let unit = bounds.width() / 4096.0;
            [(x - bounds.min_x) / unit, (bounds.max_y - y) / unit].map(|n| n.round().clamp(-64.0, 4160.0))
        };
        let ([left, bottom], [right, top]) = (place([2.0, 2.0]), place([22.0, 22.0]));
        let whole = (right - left) * (bottom - top);
        prop_assert!((union - whole).abs() <= 1e-4 * whole + 4.0, "{union} of {whole}");
    }
}

fn polygons(feature: TileFeature<'_>) -> MultiPolygon<f64> {
    let mut polygons: Vec<Polygon<f64>> = Vec::new();
    for ring in feature.paths() {
        let line = ring.iter().map(|&[x, y]| (f64::from(x), f64::from(y))).collect();
        match polygons.last_mut() {
            Some(polygon) if doubled_area(ring) < 0 => polygon.interiors_push(line),
            _ => polygons.push(Polygon::new(line, vec![])),
        }
    }
    MultiPolygon::new(polygons)
}
