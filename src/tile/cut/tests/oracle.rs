//! Properties of what is cut, with the crate `geo` as oracle.

use geo::Area;
use geo::BooleanOps;
use geo::Distance;
use geo::Euclidean;
use geo::LineString;
use geo::Polygon;
use geo::Validation;
use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn cut_polygons_are_valid_and_cover_what_the_oracle_says(
        center in prop::array::uniform2(-500.0..4600.0_f64),
        radii in prop::collection::vec(20.0..2500.0_f64, 5..60),
        scale in prop_oneof![Just(1.0), Just(0.05), Just(0.003)],
        tolerance in prop_oneof![Just(0.0), Just(1.0), Just(2.0)],
    ) {
        let tile = coord(12, 3524, 1514);
        let radii: Vec<f64> = radii.iter().map(|r| r * scale).collect();
        let ring = star(center, &radii);
        let table = table(&[(PartKind::Polygon, vec![closed(tile, &ring)])]);
        let layer = cut_all(&table, tile, &CutSettings { tolerance, ..CutSettings::default() });
        let snapped = ring.iter().map(|&[x, y]| (x, y)).collect();
        let edge = Polygon::new(vec![(-64.0, -64.0), (4160.0, -64.0), (4160.0, 4160.0), (-64.0, 4160.0)].into(), vec![]);
        let expected = Polygon::new(snapped, vec![]).intersection(&edge);
        let found = layer.features().next().map(polygons);
        if let Some(found) = &found {
            prop_assert!(found.is_valid(), "{:?}", found.check_validation());
        }
        let found = found.map_or(0.0, |found| found.unsigned_area());
        // Each vertex moves by at most 0.71 units, and each that goes takes less than tolerance squared with it.
        let length: f64 = radii.iter().sum::<f64>() * 2.0;
        let allowed = length * 0.75 + radii.len() as f64 * tolerance * tolerance + 1.0;
        prop_assert!((found - expected.unsigned_area()).abs() <= allowed, "{found} {}", expected.unsigned_area());
    }

    #[test]
    fn a_common_border_is_cut_alike_on_both_sides(
        bends in prop::collection::vec(0.0..60.0_f64, 4..80),
        start in 0..9_usize,
        tolerance in prop_oneof![Just(0.0), Just(1.0), Just(2.0)],
    ) {
        // Two polygons left and right of a jagged border that runs down the middle of the tile and beyond it.
        let tile = coord(12, 3524, 1514);
        let step = 6000.0 / (bends.len() - 1) as f64;
        let border: Vec<[f64; 2]> =
            bends.iter().enumerate().map(|(i, x)| [2000.0 + x, -1000.0 + i as f64 * step]).collect();
        let left: Vec<[f64; 2]> = [[-900.0, 5000.0], [-900.0, -1000.0]].into_iter().chain(border.iter().copied()).collect();
        let mut right: Vec<[f64; 2]> = border.iter().rev().copied().collect();
        right.extend([[6000.0, -1000.0], [6000.0, 5000.0]]);
        let count = right.len();
        right.rotate_left(start % count);
        let table = table(&[
            (PartKind::Polygon, vec![closed(tile, &left)]),
            (PartKind::Polygon, vec![closed(tile, &right)]),
        ]);
        let layer = cut_all(&table, tile, &CutSettings { tolerance, ..CutSettings::default() });
        let (a, b) = (polygons(layer.feature(0)), polygons(layer.feature(1)));
        prop_assert!(a.intersection(&b).unsigned_area() < 1e-6);
        prop_assert!((a.unsigned_area() + b.unsigned_area() - 4224.0 * 4224.0).abs() < 1e-6);
    }

    #[test]
    fn neighbouring_tiles_agree_on_what_both_show(
        radii in prop::collection::vec(20.0..900.0_f64, 5..60),
        center in prop::array::uniform2(3000.0..5000.0_f64),
    ) {
        let (tile, next) = (coord(12, 3524, 1514), coord(12, 3525, 1514));
        let table = table(&[(PartKind::Polygon, vec![closed(tile, &star(center, &radii))])]);
        // Both as rings that count from the first tile's corner.
        let shown = |coord, shift: i32| -> Vec<LineString<f64>> {
            let layer = cut_all(&table, coord, &CutSettings { buffer: 200, ..CutSettings::default() });
            let ring = |path: &[[i32; 2]]| -> LineString<f64> {
                path.iter().chain(path.first()).map(|&[x, y]| (f64::from(x + shift), f64::from(y))).collect()
            };
            layer.features().flat_map(|f| f.paths()).map(ring).collect()
        };
        let (here, there) = (shown(tile, 0), shown(next, 4096));
        for (one, other) in [(&here, &there), (&there, &here)] {
            // Well within both squares; where they end, each rounds for itself.
            let points = one.iter().flat_map(LineString::points);
            for point in points.filter(|p| (3996.0..4196.0).contains(&p.x()) && (-100.0..4196.0).contains(&p.y())) {
                let near = other.iter().map(|ring| Euclidean.distance(&point, ring)).fold(f64::INFINITY, f64::min);
                prop_assert!(near <= 1.0, "{point:?} is {near} away");
            }
        }
    }

    #[test]
    fn every_path_moves_on_with_each_vertex(
        points in prop::collection::vec(prop::array::uniform2(-70..80_i32), 1..40),
        stride in prop_oneof![Just(1.0), Just(0.3), Just(7.0)],
        tolerance in prop_oneof![Just(0.0), Just(1.0), Just(40.0)],
    ) {
        let tile = coord(12, 3524, 1514);
        // Few places, so that lines turn back on themselves, repeat and close.
        let path: Degrees = points.iter().map(|point| at(tile, point.map(|n| f64::from(n / 9 * 9) * stride))).collect();
        let ring: Degrees = path.iter().chain(path.first()).copied().collect();
        let table = table(&[
            (PartKind::Line, vec![path.clone()]),
            (PartKind::Line, vec![ring.clone()]),
            (PartKind::Polygon, vec![ring]),
        ]);
        let layer = cut_all(&table, tile, &CutSettings { tolerance, ..CutSettings::default() });
        for feature in layer.features() {
            for path in feature.paths() {
                let fewest = if feature.geometry() == TileGeometry::Polygons { 3 } else { 2 };
                prop_assert!(path.len() >= fewest);
                prop_assert!(path.windows(2).all(|pair| pair[0] != pair[1]), "{path:?}");
            }
            if feature.geometry() == TileGeometry::Polygons {
                prop_assert!(polygons(feature).is_valid());
            }
        }
    }

    #[test]
    fn lines_keep_their_length_within_the_tile(
        points in prop::collection::vec(prop::array::uniform2(-3000..7000_i32), 2..30),
    ) {
        let tile = coord(12, 3524, 1514);
        let points: Vec<[f64; 2]> = points.into_iter().map(|point| point.map(f64::from)).collect();
        let table = table(&[(PartKind::Line, vec![points.iter().map(|&point| at(tile, point)).collect()])]);
        let layer = cut_all(&table, tile, &CutSettings::default().exact());
        let length = |[ax, ay]: [f64; 2], [bx, by]: [f64; 2]| (bx - ax).hypot(by - ay);
        let float = |[x, y]: [i32; 2]| [f64::from(x), f64::from(y)];
        let found: f64 = layer.features().flat_map(|f| f.paths()).flat_map(|path| path.windows(2)).map(|pair| {
            length(float(pair[0]), float(pair[1]))
        }).sum();
        let inside = |[x, y]: [f64; 2]| (-64.0..=4160.0).contains(&x) && (-64.0..=4160.0).contains(&y);
        // The oracle walks along each segment in short steps.
        let steps = 4000;
        let expected: f64 = points.windows(2).map(|pair| {
            let place = |t: f64| [pair[0][0] + (pair[1][0] - pair[0][0]) * t, pair[0][1] + (pair[1][1] - pair[0][1]) * t];
            let seen = (0..steps).filter(|&i| inside(place((f64::from(i) + 0.5) / f64::from(steps)))).count();
            length(pair[0], pair[1]) * seen as f64 / f64::from(steps)
        }).sum();
        prop_assert!((found - expected).abs() < 12.0 * points.len() as f64, "{found} {expected}");
    }
}
