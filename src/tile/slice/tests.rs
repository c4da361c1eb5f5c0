use proptest::prelude::*;

use super::depth::depths;
use super::*;
use crate::feature::GeometryKind;
use crate::feature::Id;
use crate::feature::PartKind;
use crate::feature::Table;
use crate::feature::TableBuilder;
use crate::space::Grid;
use crate::tile::CutSettings;
use crate::tile::Layer;

const SETTINGS: CutSettings = CutSettings { extent: 8192, buffer: 2048, tolerance: 6.0 };

fn table(kind: PartKind, paths: &[Vec<[f64; 2]>]) -> Table {
    let mut builder = TableBuilder::default();
    for path in paths {
        path.iter().for_each(|&[lon, lat]| builder.shapes().push_coord(lon, lat, None));
        builder.shapes().end_path();
    }
    builder.shapes().end_part(kind);
    let geometry = if kind == PartKind::Line { GeometryKind::LineString } else { GeometryKind::Polygon };
    builder.push(Id { text: "1", number: true }, geometry, "{}", []);
    builder.finish(|_| {})
}

fn sliced(table: &Table, [level, column, row]: [u32; 3], settings: &CutSettings) -> Layer {
    let coord = Grid::web_mercator_quad().tile(level as u8, column, row).unwrap();
    let rows = table.rows().enumerate().map(|(number, row)| (number as u32, row));
    Slices::new(table, 6.0 / 8192.0 / 262_144.0).slice(rows, coord, settings)
}

fn paths(layer: &Layer) -> Vec<Vec<[i32; 2]>> {
    layer.features().flat_map(|feature| feature.paths().map(<[_]>::to_vec).collect::<Vec<_>>()).collect()
}

#[test]
fn a_vertex_goes_at_its_distance_from_the_straight_line() {
    let path = [[0.0, 0.0], [1.0, 0.1], [2.0, 1.0], [3.0, 0.0], [4.0, 0.0]];
    let found = depths(&path, 0.0);
    assert_eq!((found[0], found[4]), (f32::INFINITY, f32::INFINITY));
    assert!((found[2] - 1.0).abs() < 1e-6);
    // From (0, 0) to (2, 1), and from (2, 1) to (4, 0).
    assert!((found[1] - 0.128).abs() < 1e-6 && (found[3] - 0.2).abs() < 1e-6, "{found:?}");
    assert_eq!(depths(&path, 0.15)[1], 0.0);
}

#[test]
fn a_path_without_even_halves_keeps_its_vertices_and_takes_no_longer() {
    // A zigzag that narrows: the vertex that is farthest is always next to the first one.
    let narrowing = |n: u32| f64::from(60_000 - n) * if n.is_multiple_of(2) { 1.0 } else { -1.0 };
    let path: Vec<[f64; 2]> = (0..60_000).map(|n| [f64::from(n), narrowing(n)]).collect();
    let found = depths(&path, 0.0);
    assert!(found.iter().all(|depth| *depth > 0.0));
    assert!(found[1].is_finite() && found[30_000].is_infinite());
}

#[test]
fn detail_goes_at_low_zooms_and_ends_stay() {
    let line: Vec<[f64; 2]> = (0..=100).map(|n| [f64::from(n) / 10.0, 0.01 * f64::from(n % 2)]).collect();
    let table = table(PartKind::Line, &[line]);
    assert_eq!(paths(&sliced(&table, [0, 0, 0], &SETTINGS)), [[[4096, 4096], [4324, 4096]]]);
    assert_eq!(paths(&sliced(&table, [6, 33, 31], &SETTINGS))[0].len(), 59);
    assert_eq!(paths(&sliced(&table, [0, 0, 0], &SETTINGS.exact()))[0].len(), 2);
}

#[test]
fn rings_turn_one_way_and_holes_the_other_and_small_ones_are_not_there() {
    let square = |low: f64, high: f64| vec![[low, low], [high, low], [high, high], [low, high], [low, low]];
    let mut hole = square(3.0, 7.0);
    hole.reverse();
    let table = table(PartKind::Polygon, &[square(0.0, 10.0), hole, square(4.0, 4.001)]);
    let found = paths(&sliced(&table, [3, 4, 3], &SETTINGS));
    let area = |ring: &Vec<[i32; 2]>| {
        let next = ring.iter().cycle().skip(1);
        ring.iter()
            .zip(next)
            .map(|(a, b)| i64::from(a[0]) * i64::from(b[1]) - i64::from(b[0]) * i64::from(a[1]))
            .sum::<i64>()
    };
    assert_eq!(found.iter().map(|ring| area(ring).signum()).collect::<Vec<_>>(), [1, -1]);
}

#[test]
fn over_the_edge_of_the_world_goes_the_other_side_of_it() {
    let table = table(PartKind::Line, &[vec![[170.0, 10.0], [179.0, 20.0]]]);
    let found = paths(&sliced(&table, [2, 0, 1], &SETTINGS));
    assert!(found[0].iter().all(|[x, _]| (-2048..0).contains(x)), "{found:?}");
}

proptest! {
    #[test]
    fn what_is_sliced_lies_near_what_is_there(
        line in prop::collection::vec((-170.0_f64..170.0, -80.0_f64..80.0), 2..40),
        level in 0_u32..5,
    ) {
        let line: Vec<[f64; 2]> = line.into_iter().map(|(lon, lat)| [lon, lat]).collect();
        let table = table(PartKind::Line, std::slice::from_ref(&line));
        let scale = 8192.0 * f64::from(level).exp2();
        let exact: Vec<[f64; 2]> = line.iter().map(|&position| {
            let [x, y] = crate::space::Crs::WebMercator.project(position);
            let half = crate::space::Crs::MERCATOR_HALF;
            [(0.5 + x / half / 2.0) * scale, (0.5 - y / half / 2.0) * scale]
        }).collect();
        for column in 0..1 << level {
            let layer = sliced(&table, [level, column, (1 << level) / 2], &SETTINGS);
            let corner = [f64::from(column) * 8192.0, f64::from((1_u32 << level) / 2) * 8192.0];
            for &[x, y] in paths(&layer).iter().flatten() {
                prop_assert!((-2048..=10240).contains(&x) && (-2048..=10240).contains(&y));
                let point = [f64::from(x) + corner[0], f64::from(y) + corner[1]];
                let copies = [0.0, scale, -scale].map(|by| [point[0] + by, point[1]]);
                let near = |p: [f64; 2]| exact.windows(2).any(|pair| distance(p, pair[0], pair[1]) < 8.0);
                prop_assert!(copies.into_iter().any(near), "{point:?}");
            }
        }
    }
}

fn distance(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length = (dx * dx + dy * dy).max(1e-12);
    let along = (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length).clamp(0.0, 1.0);
    (p[0] - a[0] - dx * along).hypot(p[1] - a[1] - dy * along)
}
