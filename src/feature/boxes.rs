//! Boxes around stretches of positions: what lies elsewhere is passed over without a look at each.

use crate::space::Rect;

/// So many positions of a table, one after the other, have a box around them.
pub const STRETCH: usize = 64;

/// The boxes of a table as seen from a path: each around [`STRETCH`] positions, of this path and of those beside it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Boxes<'a> {
    /// Smallest and largest longitude and latitude in degrees, rounded outward; empty where nobody made them.
    boxes: &'a [[f32; 4]],
    /// Where the path starts among the positions of the table.
    start: usize,
}

impl<'a> Boxes<'a> {
    /// Those of a path that starts at a position.
    pub fn new(boxes: &'a [[f32; 4]], start: usize) -> Self {
        Self { boxes, start }
    }

    /// The box around the stretch that starts at a position of the path, if one does and the path of this length goes on to its end.
    #[inline]
    pub fn starting_at(&self, at: usize, length: usize) -> Option<[f64; 4]> {
        let position = self.start + at;
        let is_start = position.is_multiple_of(STRETCH) && at + STRETCH <= length;
        if is_start { self.boxes.get(position / STRETCH).map(|own| own.map(f64::from)) } else { None }
    }

    /// A rectangle that holds a path of this length, and may hold more; none where nobody made boxes.
    pub fn around(&self, length: usize) -> Option<Rect> {
        let stretches = self.start / STRETCH..(self.start + length).div_ceil(STRETCH);
        let boxes = self.boxes.get(stretches).unwrap_or_default().iter();
        let rects =
            boxes.map(|own| own.map(f64::from)).map(|[west, south, east, north]| Rect::new(west, south, east, north));
        rects.reduce(|all, own| all.union(&own))
    }
}

/// The boxes around positions, a stretch each.
pub(super) fn boxes(coords: &[[f64; 2]]) -> Vec<[f32; 4]> {
    let around = |stretch: &[[f64; 2]]| {
        let [mut low, mut high] = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        for coord in stretch {
            for axis in 0..2 {
                low[axis] = low[axis].min(coord[axis]);
                high[axis] = high[axis].max(coord[axis]);
            }
        }
        [below(low[0]), below(low[1]), above(high[0]), above(high[1])]
    };
    coords.chunks(STRETCH).map(around).collect()
}

fn below(n: f64) -> f32 {
    let near = n as f32;
    if f64::from(near) > n { near.next_down() } else { near }
}

fn above(n: f64) -> f32 {
    -below(-n)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::feature::GeometryKind;
    use crate::feature::Part;
    use crate::feature::PartKind;
    use crate::feature::Shapes;

    proptest! {
        #[test]
        fn boxes_hold_their_positions(coords in prop::collection::vec(prop::array::uniform2(-200.0..200.0_f64), 1..300)) {
            let all = boxes(&coords);
            prop_assert_eq!(all.len(), coords.len().div_ceil(STRETCH));
            for (at, [x, y]) in coords.iter().enumerate() {
                let [west, south, east, north] = all[at / STRETCH].map(f64::from);
                prop_assert!(west <= *x && *x <= east && south <= *y && *y <= north);
                prop_assert_eq!(Boxes::new(&all, at).around(1), Some(Rect::new(west, south, east, north)));
            }
        }
    }

    proptest! {
        #[test]
        fn parts_that_reach_into_a_rectangle_are_near_it(
            parts in prop::collection::vec((prop::array::uniform2(-90.0..80.0_f64), 1..90_usize), 1..40),
            corner in prop::array::uniform2(-90.0..80.0_f64),
        ) {
            let mut shapes = Shapes::default();
            for &([x, y], count) in &parts {
                (0..count).for_each(|n| shapes.push_coord(x + n as f64 / 20.0, y + n as f64 / 30.0, None));
                shapes.end_path();
                shapes.end_part(PartKind::Line);
            }
            shapes.end_row(GeometryKind::MultiLineString);
            shapes.finish();
            let rect = Rect::new(corner[0], corner[1], corner[0] + 9.0, corner[1] + 7.0);
            let starts = |part: Part<'_>| part.ranges().next().map(|range| range.start);
            let near: Vec<_> = shapes.geometry(0).parts_near(rect).filter_map(starts).collect();
            let reaches_into = |part: &Part<'_>| {
                let mut own = Rect::EMPTY;
                part.paths().flatten().for_each(|&position| own.extend(position));
                own.intersects(&rect)
            };
            for start in shapes.geometry(0).parts().filter(reaches_into).filter_map(starts) {
                prop_assert!(near.contains(&start));
            }
        }
    }

    #[test]
    fn of_many_islands_the_few_near_are_looked_at() {
        let mut shapes = Shapes::default();
        for island in 0..1000 {
            (0..16).for_each(|n| shapes.push_coord(f64::from(island) / 10.0, f64::from(n), None));
            shapes.end_path();
            shapes.end_part(PartKind::Line);
        }
        shapes.end_row(GeometryKind::MultiLineString);
        shapes.finish();
        let near = shapes.geometry(0).parts_near(Rect::new(50.02, 0.0, 50.08, 1.0)).count();
        assert!((1..=8).contains(&near), "{near} are looked at");
    }
}
