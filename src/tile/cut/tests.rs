use geo::Area;
use geo::MultiPolygon;
use geo::Polygon;
use geo::Validation;

use super::*;
use crate::feature::GeometryKind;
use crate::feature::Id;
use crate::feature::PartKind;
use crate::feature::Properties;
use crate::feature::Table;
use crate::feature::TableBuilder;
use crate::feature::Value;
use crate::space::Crs;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::tile::Layer;
use crate::tile::TileFeature;
use crate::tile::TileGeometry;

mod globe;
mod oracle;
mod stretches;

type Degrees = Vec<[f64; 2]>;

/// A table whose features have one part each, with the row number as id.
fn table(parts: &[(PartKind, Vec<Degrees>)]) -> Table {
    let mut builder = TableBuilder::default();
    for (number, (kind, paths)) in parts.iter().enumerate() {
        for path in paths {
            for &[lon, lat] in path {
                builder.shapes().push_coord(lon, lat, None);
            }
            builder.shapes().end_path();
        }
        builder.shapes().end_part(*kind);
        let geometry = match kind {
            PartKind::Points => GeometryKind::MultiPoint,
            PartKind::Line => GeometryKind::LineString,
            PartKind::Polygon => GeometryKind::Polygon,
        };
        builder.push(Id { text: &number.to_string(), number: true }, geometry, "{}", []);
    }
    builder.finish(|_| {})
}

fn cut_all(table: &Table, coord: TileCoord, settings: &CutSettings) -> Layer {
    cut(table.rows(), &Grid::web_mercator_quad(), coord, settings, "layer", None)
}

fn coord(level: u8, column: u32, row: u32) -> TileCoord {
    Grid::web_mercator_quad().tile(level, column, row).unwrap()
}

/// The position in degrees of a place on a tile's grid.
fn at(coord: TileCoord, [x, y]: [f64; 2]) -> [f64; 2] {
    let bounds = Grid::web_mercator_quad().bounds(coord);
    let unit = bounds.width() / 4096.0;
    Crs::WebMercator.unproject([bounds.min_x + x * unit, bounds.max_y - y * unit])
}

fn closed(coord: TileCoord, ring: &[[f64; 2]]) -> Degrees {
    ring.iter().chain(ring.first()).map(|&point| at(coord, point)).collect()
}

fn paths(feature: TileFeature<'_>) -> Vec<Vec<[i32; 2]>> {
    feature.paths().map(<[_]>::to_vec).collect()
}

/// The polygons of a feature, for the oracle.
fn polygons(feature: TileFeature<'_>) -> MultiPolygon<f64> {
    let mut polygons: Vec<Polygon<f64>> = Vec::new();
    for ring in feature.paths() {
        let area: i64 = (0..ring.len())
            .map(|i| (ring[i], ring[(i + 1) % ring.len()]))
            .map(|([ax, ay], [bx, by])| i64::from(ax) * i64::from(by) - i64::from(bx) * i64::from(ay))
            .sum();
        let line = ring.iter().map(|&[x, y]| (f64::from(x), f64::from(y))).collect();
        match polygons.last_mut() {
            Some(polygon) if area < 0 => polygon.interiors_push(line),
            _ => {
                assert!(area > 0, "an exterior has positive area");
                polygons.push(Polygon::new(line, vec![]));
            }
        }
    }
    MultiPolygon::new(polygons)
}

#[test]
fn what_lies_inside_is_snapped_and_nothing_else() {
    let tile = coord(9, 440, 188);
    let square = closed(tile, &[[100.0, 100.0], [100.0, 200.0], [200.0, 200.0], [200.0, 100.0]]);
    let line = vec![at(tile, [10.0, 10.0]), at(tile, [20.0, 40.0])];
    let point = vec![at(tile, [5.4, 5.6])];
    let table =
        table(&[(PartKind::Polygon, vec![square]), (PartKind::Line, vec![line]), (PartKind::Points, vec![point])]);
    let layer = cut_all(&table, tile, &CutSettings::default());
    let features: Vec<_> = layer.features().map(|f| (f.id(), f.geometry(), paths(f))).collect();
    // Turned to the winding of tiles, it still starts where it started.
    let ring = vec![vec![[100, 100], [200, 100], [200, 200], [100, 200]]];
    assert_eq!(
        features,
        [
            (Some(0), TileGeometry::Polygons, ring),
            (Some(1), TileGeometry::Lines, vec![vec![[10, 10], [20, 40]]]),
            (Some(2), TileGeometry::Points, vec![vec![[5, 6]]]),
        ]
    );
}

#[test]
fn lines_are_cut_where_the_buffer_ends_into_as_many_pieces_as_are_seen() {
    let tile = coord(9, 440, 188);
    let zigzag = [[-500.0, 100.0], [5000.0, 100.0], [5000.0, 200.0], [2000.0, 200.0], [2000.0, -900.0]];
    let line = zigzag.iter().map(|&point| at(tile, point)).collect();
    let layer = cut_all(&table(&[(PartKind::Line, vec![line])]), tile, &CutSettings::default());
    let expected = [vec![[-64, 100], [4160, 100]], vec![[4160, 200], [2000, 200], [2000, -64]]];
    assert_eq!(paths(layer.feature(0)), expected);
}

#[test]
fn a_comb_whose_back_lies_beyond_the_edge_falls_into_valid_teeth() {
    let tile = coord(9, 440, 188);
    let comb = [
        [4000.0, 100.0],
        [4500.0, 100.0],
        [4500.0, 900.0],
        [4000.0, 900.0],
        [4000.0, 700.0],
        [4400.0, 700.0],
        [4400.0, 300.0],
        [4000.0, 300.0],
    ];
    let table = table(&[(PartKind::Polygon, vec![closed(tile, &comb)])]);
    let layer = cut_all(&table, tile, &CutSettings::default());
    let polygons = polygons(layer.feature(0));
    assert_eq!(polygons.0.len(), 2);
    assert!(polygons.is_valid());
    assert_eq!(polygons.unsigned_area() as i64, 2 * 160 * 200);
}

#[test]
fn holes_stay_holes_and_open_where_the_edge_cuts_them() {
    let tile = coord(9, 440, 188);
    let exterior = closed(tile, &[[1000.0, 1000.0], [1000.0, 3000.0], [5000.0, 3000.0], [5000.0, 1000.0]]);
    let hole = closed(tile, &[[1500.0, 1500.0], [2000.0, 1500.0], [2000.0, 2000.0], [1500.0, 2000.0]]);
    let bay = closed(tile, &[[4000.0, 1500.0], [4500.0, 1500.0], [4500.0, 2000.0], [4000.0, 2000.0]]);
    let table = table(&[(PartKind::Polygon, vec![exterior, hole, bay])]);
    let layer = cut_all(&table, tile, &CutSettings::default());
    let polygons = polygons(layer.feature(0));
    assert_eq!((polygons.0.len(), polygons.0[0].interiors().len()), (1, 1));
    assert!(polygons.is_valid());
    assert_eq!(polygons.unsigned_area() as i64, 3160 * 2000 - 500 * 500 - 160 * 500);
}

#[test]
fn a_hole_that_simplifying_leaves_outside_is_no_hole() {
    let tile = coord(9, 440, 188);
    // The corner with the hole goes when its triangle is smaller than a large tolerance.
    let exterior = [
        [1000.0, 1000.0],
        [1000.0, 1100.0],
        [1100.0, 1100.0],
        [1100.0, 1060.0],
        [1120.0, 1050.0],
        [1100.0, 1040.0],
        [1100.0, 1000.0],
    ];
    let hole = [[1105.0, 1049.0], [1112.0, 1049.0], [1112.0, 1051.0], [1105.0, 1051.0]];
    let table = table(&[(PartKind::Polygon, vec![closed(tile, &exterior), closed(tile, &hole)])]);
    let layer = cut_all(&table, tile, &CutSettings { tolerance: 21.0, ..CutSettings::default() });
    let polygons = polygons(layer.feature(0));
    assert!(polygons.is_valid(), "{polygons:?}");
}

#[test]
fn a_line_that_returns_to_its_start_stays_a_ring() {
    let tile = coord(9, 440, 188);
    let circle = star([1000.0, 1000.0], &[2.0; 24]);
    let table = table(&[(PartKind::Line, vec![closed(tile, &circle)])]);
    let layer = cut_all(&table, tile, &CutSettings { tolerance: 9.0, ..CutSettings::default() });
    let path = &paths(layer.feature(0))[0];
    assert_eq!((path.len(), path.first()), (4, path.last()));
    assert!(path.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn a_tile_within_a_large_polygon_is_full() {
    let ring = vec![[100.0, 10.0], [150.0, 10.0], [150.0, 60.0], [100.0, 60.0], [100.0, 10.0]];
    let table = table(&[(PartKind::Polygon, vec![ring])]);
    for level in [6, 14, 24] {
        let tile = Grid::web_mercator_quad();
        let [x, y] = Crs::WebMercator.project([129.74, 42.44]);
        let tile = tile.covering(level, &crate::space::Rect::new(x, y, x, y)).next().unwrap();
        let layer = cut_all(&table, tile, &CutSettings::default());
        assert_eq!(polygons(layer.feature(0)).unsigned_area() as i64, 4224 * 4224, "level {level}");
    }
}

#[test]
fn points_belong_to_one_tile_without_a_buffer_and_to_neighbours_with_one() {
    let (left, right) = (coord(4, 7, 6), coord(4, 8, 6));
    let table = table(&[(PartKind::Points, vec![vec![at(right, [0.0, 50.0])]])]);
    let bare = CutSettings { buffer: 0, ..CutSettings::default() };
    assert_eq!((cut_all(&table, left, &bare).len(), cut_all(&table, right, &bare).len()), (0, 1));
    let layer = cut_all(&table, left, &CutSettings::default());
    assert_eq!(paths(layer.feature(0)), [[[4096, 50]]]);
}

#[test]
fn the_buffer_reaches_over_the_antimeridian() {
    let (west, east) = (coord(3, 0, 3), coord(3, 7, 3));
    let table = table(&[
        (PartKind::Points, vec![vec![at(east, [4090.0, 7.0])]]),
        (PartKind::Points, vec![vec![at(west, [5.0, 7.0])]]),
    ]);
    let settings = CutSettings::default();
    let places = |tile| -> Vec<_> { cut_all(&table, tile, &settings).features().map(paths).collect() };
    assert_eq!(places(west), [[[[-6, 7]]], [[[5, 7]]]]);
    assert_eq!(places(east), [[[[4090, 7]]], [[[4101, 7]]]]);
    let rects = area(&Grid::web_mercator_quad(), west, &settings);
    assert_eq!(rects.len(), 2);
    assert!(rects.iter().any(|rect| rect.contains([179.9, 20.0])) && rects.iter().any(|r| r.contains([-179.9, 20.0])));
}

#[test]
fn what_is_too_small_stays_as_the_smallest_that_can_be_seen_one_a_place() {
    let tile = coord(2, 3, 1);
    let house = |x: f64| closed(tile, &[[x, 50.0], [x, 50.1], [x + 0.1, 50.1], [x + 0.1, 50.0]]);
    let table = table(&[
        (PartKind::Polygon, vec![house(10.0)]),
        (PartKind::Polygon, vec![house(10.2)]),
        (PartKind::Polygon, vec![house(30.0)]),
        (PartKind::Line, vec![vec![at(tile, [70.0, 70.0]), at(tile, [70.1, 70.1])]]),
    ]);
    let layer = cut_all(&table, tile, &CutSettings::default());
    let features: Vec<_> = layer.features().map(|f| (f.id().unwrap(), paths(f))).collect();
    assert_eq!(
        features,
        [
            (0, vec![vec![[10, 50], [11, 50], [11, 51], [10, 51]]]),
            (2, vec![vec![[30, 50], [31, 50], [31, 51], [30, 51]]]),
            (3, vec![vec![[70, 70], [71, 70]]]),
        ]
    );
}

#[test]
fn a_collection_of_geometries_becomes_a_feature_a_type_with_one_id() {
    let mut builder = TableBuilder::default();
    for (kind, path) in [
        (PartKind::Points, vec![[1.0, 1.0]]),
        (PartKind::Line, vec![[1.0, 1.0], [9.0, 9.0]]),
        (PartKind::Points, vec![[5.0, 5.0]]),
        (PartKind::Polygon, vec![[1.0, 1.0], [9.0, 1.0], [9.0, 9.0], [1.0, 1.0]]),
    ] {
        for [lon, lat] in path {
            builder.shapes().push_coord(lon, lat, None);
        }
        builder.shapes().end_path();
        builder.shapes().end_part(kind);
    }
    let id = Id { text: "all", number: false };
    let values =
        [("name", Value::Text("x")), ("none", Value::Null), ("id", Value::Int(3)), ("list", Value::Json("[1]"))];
    builder.push(id, GeometryKind::GeometryCollection, "{}", values);
    let table = builder.finish(|_| {});
    let layer = cut_all(&table, coord(0, 0, 0), &CutSettings::default());
    let kinds: Vec<_> = layer.features().map(|f| (f.geometry(), f.id().unwrap(), f.paths().count())).collect();
    assert_eq!(
        kinds,
        [
            (TileGeometry::Polygons, id.tile_id(), 1),
            (TileGeometry::Lines, id.tile_id(), 1),
            (TileGeometry::Points, id.tile_id(), 1)
        ]
    );
    let mut tags = Vec::new();
    let feature = layer.feature(2);
    feature.each_property(&mut |key, value| tags.push(format!("{key}={value:?}")));
    assert_eq!(tags, ["name=Text(\"x\")", "id=Int(3)", "list=Text(\"[1]\")", "_id=Text(\"all\")"]);
    let only = ["name".to_owned()];
    let settings = CutSettings::default();
    let grid = Grid::web_mercator_quad();
    let layer = cut(table.rows(), &grid, coord(0, 0, 0), &settings, "layer", Some(&only));
    assert_eq!(layer.keys(), ["name", "_id"]);
}

/// A star-shaped ring around a place on the tile, as jagged as the radii say.
fn star([x, y]: [f64; 2], radii: &[f64]) -> Vec<[f64; 2]> {
    let angle = |index: usize| -(index as f64) * std::f64::consts::TAU / radii.len() as f64;
    radii.iter().enumerate().map(|(i, r)| [x + r * angle(i).cos(), y + r * angle(i).sin()]).collect()
}
