//! What is passed over by its box is what would have been left out one by one.

use proptest::prelude::*;

use super::super::snap::PathDetail;
use super::super::snap::Window;
use super::*;
use crate::feature::Boxes;

/// Wanderings around a tile, in parts of its side, some of them far away, with a byte for each vertex.
fn wanderings() -> impl Strategy<Value = Vec<(Vec<[f64; 2]>, Vec<u8>)>> {
    let step = prop_oneof![4 => Just(0.02), 2 => Just(0.2), 1 => Just(3.0)];
    let path = (prop::array::uniform2(-3.0..3.0_f64), step, 2..500_usize, any::<u64>());
    let path = path.prop_map(|(mut place, step, count, seed)| {
        let mut state = seed | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        // A drift that changes now and then, so that stretches leave the tile and come back.
        let mut drift = [0.0; 2];
        let mut positions = Vec::new();
        let mut bytes = Vec::new();
        for at in 0..count {
            if at % 90 == 0 {
                drift = [next() - 0.5, next() - 0.5];
            }
            place = [0, 1].map(|axis| (place[axis] + step * (drift[axis] + next() - 0.5)).clamp(-20.0, 20.0));
            positions.push(place);
            bytes.push((next() * 255.0) as u8);
        }
        (positions, bytes)
    });
    prop::collection::vec(path, 1..6)
}

proptest! {
    #[test]
    fn a_path_is_snapped_alike_with_boxes_and_without(wanderings in wanderings(), most in any::<u8>()) {
        let tile = coord(9, 437, 189);
        let paths: Vec<Degrees> = wanderings
            .iter()
            .map(|(path, _)| path.iter().map(|place| at(tile, place.map(|n| n * 4096.0))).collect())
            .collect();
        let table = table(&paths.into_iter().map(|path| (PartKind::Line, vec![path])).collect::<Vec<_>>());
        for window in Window::over(&Grid::web_mercator_quad(), tile, &CutSettings::default()) {
            for (row, (_, bytes)) in table.rows().zip(&wanderings) {
                let part = row.geometry().parts().next().unwrap();
                let (path, range) = (part.paths().next().unwrap(), part.ranges().next().unwrap());
                for detail in [PathDetail::Whole, PathDetail::Ranked(bytes, most)] {
                    let snapped = |boxes: Boxes<'_>| {
                        let mut out = Vec::new();
                        window.snap_path(path, detail, boxes, &mut out).then_some(out)
                    };
                    // One may know sooner that nothing is near; then the other finds nothing near either.
                    let (with, without) = (snapped(part.boxes(range.start)), snapped(Boxes::default()));
                    prop_assert_eq!(with, without);
                }
            }
        }
    }
}

#[test]
fn a_tile_amid_a_land_with_a_long_shore_and_islands_is_full() {
    let mut builder = TableBuilder::default();
    let shore = (0..=4000).map(|step| f64::from(step) / 4000.0 * -std::f64::consts::TAU);
    let island = |lat: f64| vec![[31.0, lat], [31.5, lat], [31.5, lat + 0.5], [31.0, lat]];
    let main = shore.map(|angle| [20.0 + 9.0 * angle.cos(), 20.0 + 9.0 * angle.sin()]).collect();
    let lands: [Degrees; 3] = [island(20.0), main, island(21.0)];
    for land in lands {
        land.iter().for_each(|&[lon, lat]| builder.shapes().push_coord(lon, lat, None));
        builder.shapes().end_path();
        builder.shapes().end_part(PartKind::Polygon);
    }
    builder.push(Id { text: "1", number: true }, GeometryKind::MultiPolygon, "{}", []);
    let table = builder.finish(|_| {});
    let [x, y] = Crs::WebMercator.project([20.0, 20.0]);
    let rect = crate::space::Rect::new(x, y, x, y);
    for level in [8, 14] {
        let amid = Grid::web_mercator_quad().covering(level, &rect).next().unwrap();
        let layer = cut_all(&table, amid, &CutSettings::default());
        assert_eq!(layer.len(), 1, "level {level}");
        assert_eq!(polygons(layer.feature(0)).unsigned_area() as i64, 4224 * 4224, "level {level}");
    }
}
