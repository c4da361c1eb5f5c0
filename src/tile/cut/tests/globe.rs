//! Tiles of every grid against brute force: a point of the globe is asked whether it lies in a feature, and its place on the
//! tile whether it lies in what the tile shows of it.

use proptest::prelude::*;

use super::*;
use crate::space::Grid;

/// Whether a position lies in polygons of rings, by even and odd.
fn holds<T: Copy + Into<f64>>(rings: &[Vec<[T; 2]>], [x, y]: [f64; 2]) -> bool {
    let mut inside = false;
    for ring in rings {
        for (index, &a) in ring.iter().enumerate() {
            let b = ring[(index + 1) % ring.len()];
            let ([ax, ay], [bx, by]) = (a.map(Into::into), b.map(Into::into));
            if (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax) {
                inside = !inside;
            }
        }
    }
    inside
}

/// How near a place on a tile is to a side of the rings.
fn nearest(rings: &[Vec<[i32; 2]>], [x, y]: [f64; 2]) -> f64 {
    let mut near = f64::INFINITY;
    for ring in rings {
        for (index, &a) in ring.iter().enumerate() {
            let ([ax, ay], [bx, by]) = (a.map(f64::from), ring[(index + 1) % ring.len()].map(f64::from));
            let (dx, dy) = (bx - ax, by - ay);
            let along = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
            near = near.min((x - ax - along * dx).hypot(y - ay - along * dy));
        }
    }
    near
}

const GRIDS: &[&str] = &[
    "UPSArcticWGS84Quad",
    "UPSAntarcticWGS84Quad",
    "EuropeanETRS89_LAEAQuad",
    "UTM52WGS84Quad",
    "UTM01WGS84Quad",
    "WorldMercatorWGS84Quad",
    "WorldCRS84Quad",
];

/// Compares a tile with the rings that it was cut of, at places spread over it.
fn compare(grid: &Grid, coord: TileCoord, rings: &[Degrees], table: &Table) -> Result<usize, TestCaseError> {
    let layer =
        cut(table.rows(), grid, coord, &CutSettings { tolerance: 0.0, ..CutSettings::default() }, "layer", None);
    for feature in layer.features() {
        prop_assert!(polygons(feature).is_valid(), "{} {coord:?}", grid.id());
    }
    let shown: Vec<Vec<[i32; 2]>> = layer.features().flat_map(paths).collect();
    let bounds = grid.bounds(coord);
    let mut seen = 0;
    for row in 0..24 {
        for column in 0..24 {
            let place = [f64::from(column) * 170.7 + 83.3, f64::from(row) * 170.7 + 85.9];
            let plane =
                [bounds.min_x + place[0] / 4096.0 * bounds.width(), bounds.max_y - place[1] / 4096.0 * bounds.height()];
            let Some(position) = grid.crs().inverse(plane) else { continue };
            // Half a unit is what snapping moves, and half what bends are followed to.
            if nearest(&shown, place) < 2.0 {
                continue;
            }
            seen += 1;
            let wanted = holds(rings, position);
            prop_assert_eq!(holds(&shown, place), wanted, "{} {:?} {:?} {:?}", grid.id(), coord, place, position);
        }
    }
    Ok(seen)
}

fn compare_all(parts: &[Vec<Degrees>], levels: u8) -> Result<(), TestCaseError> {
    let rings: Vec<Degrees> = parts.iter().flatten().cloned().collect();
    let mut builder = TableBuilder::default();
    for part in parts {
        for ring in part {
            for &[lon, lat] in ring {
                builder.shapes().push_coord(lon, lat, None);
            }
            builder.shapes().end_path();
        }
        builder.shapes().end_part(PartKind::Polygon);
    }
    builder.push(Id { text: "1", number: true }, GeometryKind::MultiPolygon, "{}", []);
    let table = builder.finish(|_| {});
    for id in GRIDS {
        let grid = Grid::registered(id).unwrap();
        let mut seen = 0;
        for level in 0..levels {
            let size = &grid.levels()[usize::from(level)];
            for row in 0..size.height {
                for column in 0..size.width {
                    seen += compare(&grid, grid.tile(level, column, row).unwrap(), &rings, &table)?;
                }
            }
        }
        prop_assert!(seen > 100, "{id}: {seen}");
    }
    Ok(())
}

fn closed_ring(ring: &[[f64; 2]]) -> Degrees {
    ring.iter().chain(ring.first()).copied().collect()
}

#[test]
fn a_cap_around_a_pole_is_whole_on_every_grid() {
    for side in [1.0, -1.0] {
        let edge: Degrees =
            (-18..=18).map(|step| [f64::from(step) * 10.0, side * (72.0 + f64::from(step % 3) * 2.0)]).collect();
        let mut ring = edge;
        ring.extend([[180.0, side * 90.0], [-180.0, side * 90.0]]);
        if side < 0.0 {
            ring.reverse();
        }
        let hole = vec![[20.0, side * 80.0], [40.0, side * 80.0], [40.0, side * 84.0], [20.0, side * 84.0]];
        compare_all(&[vec![closed_ring(&ring), closed_ring(&hole)]], 3).unwrap();
    }
}

#[test]
fn a_land_over_the_antimeridian_is_whole_on_every_grid() {
    let east = closed_ring(&[[160.0, 50.0], [180.0, 55.0], [180.0, 75.0], [150.0, 70.0]]);
    let west = closed_ring(&[[-180.0, 55.0], [-165.0, 60.0], [-170.0, 68.0], [-180.0, 75.0]]);
    compare_all(&[vec![east], vec![west]], 3).unwrap();
    let table = closed_ring(&[[-180.0, -10.0], [180.0, -10.0], [180.0, 20.0], [-180.0, 20.0]]);
    compare_all(&[vec![table]], 2).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_land_is_where_it_should_be_on_every_grid(
        center in (-120.0..120.0_f64, -50.0..50.0_f64),
        radii in prop::collection::vec(3.0..38.0_f64, 4..12),
    ) {
        let ring = star(center.into(), &radii);
        compare_all(&[vec![closed_ring(&ring)]], 2)?;
    }

    #[test]
    fn lines_are_followed_where_a_grid_bends_them(
        a in (-175.0..175.0_f64, -80.0..80.0_f64),
        b in (-175.0..175.0_f64, -80.0..80.0_f64),
    ) {
        let line: Degrees = vec![a.into(), b.into()];
        let table = table(&[(PartKind::Line, vec![line])]);
        for id in GRIDS {
            let grid = Grid::registered(id).unwrap();
            for row in 0..grid.levels()[1].height {
                for column in 0..grid.levels()[1].width {
                    let coord = grid.tile(1, column, row).unwrap();
                    let layer = cut(table.rows(), &grid, coord, &CutSettings::default().exact(), "layer", None);
                    let shown: Vec<Vec<[i32; 2]>> = layer.features().flat_map(paths).collect();
                    let bounds = grid.bounds(coord);
                    for step in 0..=200 {
                        let part = f64::from(step) / 200.0;
                        let place = [a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part];
                        let Some([x, y]) = grid.crs().forward(place) else { continue };
                        if !bounds.contains([x, y]) {
                            continue;
                        }
                        let unit = bounds.width() / 4096.0;
                        let on = [(x - bounds.min_x) / unit, (bounds.max_y - y) / unit];
                        let off = shown.iter().flat_map(|path| path.windows(2)).map(|pair| nearest(&[pair.to_vec()], on));
                        let off = off.fold(f64::INFINITY, f64::min);
                        prop_assert!(off < 2.0, "{id} {coord:?} {place:?} is {off} away");
                    }
                }
            }
        }
    }
}
