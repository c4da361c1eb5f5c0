//! Polygons that tiles cut, put together from the pieces in a tile and in those around it.

use super::chain::Step;
use super::sheet::Area;
use super::sheet::Spot;
use super::sheet::TILE;
use super::sheet::is_home;
use super::sheet::twice_area;
use crate::render::symbol::geometry::Point;
use crate::render::symbol::pole::pole;
use crate::render::symbol::source::EXTENT;
use crate::render::whole::stitch;
use crate::space::Rect;

/// A polygon in sides of the tile in the middle: closed rings, the exterior first.
#[derive(Clone, Debug, PartialEq)]
pub struct Union(Vec<Vec<Spot>>);

/// How near to the best place is near enough: two pixels of a tile of 512.
const PRECISION: f64 = 16.0;

/// Joins polygons of one key along the edges of nine tiles. Each comes with its tile and counts from there.
pub fn unions(areas: &[(Step, &Area)]) -> Vec<Union> {
    let moved = |step: &Step, ring: &[Spot]| -> Vec<Spot> {
        ring.iter().map(|spot| [spot[0] + f64::from(step[0]), spot[1] + f64::from(step[1])]).collect()
    };
    let polygons = areas.iter().map(|(step, area)| area.rings.iter().map(|ring| moved(step, ring)).collect());
    let square = |x: i8, y: i8| {
        let [x, y] = [f64::from(x), f64::from(y)];
        Rect::new(x, y, x + 1.0, y + 1.0)
    };
    let tiles: Vec<Rect> = (-1..=1).flat_map(|y| (-1..=1).map(move |x| square(x, y))).collect();
    let stitched = stitch(polygons.collect(), &tiles);
    let mut unions: Vec<Union> = stitched.whole.into_iter().map(Union).collect();
    // Each chain begins where the one before it ended.
    let rings = stitched.joined.into_iter().map(|chains| {
        let mut ring: Vec<Spot> = chains.into_iter().flatten().collect();
        ring.dedup();
        ring
    });
    let (exteriors, holes): (Vec<_>, Vec<_>) =
        rings.filter(|ring| ring.len() > 3).partition(|ring| twice_area(ring) > 0.0);
    let first = unions.len();
    unions.extend(exteriors.into_iter().map(|ring| Union(vec![ring])));
    for hole in holes {
        if let Some(around) = unions[first..].iter_mut().find(|union| surrounds(&union.0[0], hole[0])) {
            around.0.push(hole);
        }
    }
    unions
}

/// Whether a ray from the point to the right crosses the ring an odd number of times.
fn surrounds(ring: &[Spot], [x, y]: Spot) -> bool {
    let crosses = |side: &&[Spot]| {
        let [[ax, ay], [bx, by]] = [side[0], side[1]];
        (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    };
    ring.windows(2).filter(crosses).count() % 2 == 1
}

impl Union {
    /// Where its label stands, if that is in the tile in the middle: where there is most room on it if all of it is seen from
    /// each tile that it touches; else on what the tile holds, if of all tiles around that are told by `rank` this one has most.
    pub fn label(&self, rank: impl Fn(Step) -> u64) -> Option<Spot> {
        let mut around = Rect::EMPTY;
        self.0[0].iter().for_each(|&spot| around.extend(spot));
        let (left, top) = (around.min_x.floor(), around.min_y.floor());
        let is_short = left >= -1.0
            && top >= -1.0
            && around.max_x < 2.0
            && around.max_y < 2.0
            && around.min_x > -1.0
            && around.min_y > -1.0
            && around.max_x <= left + 2.0
            && around.max_y <= top + 2.0;
        let spot = if is_short {
            // Counted from the first of its tiles, so that all of them find the same.
            most_room(&self.0, [left, top])
        } else {
            let most = |step: Step| {
                let share = self.cut(step).iter().map(|ring| twice_area(ring)).sum::<f64>() / 2.0;
                ((share * 8.0).round() as u64, rank(step))
            };
            let own = most([0, 0]);
            let others = (-1..=1).flat_map(|y| (-1..=1).map(move |x| [x, y])).filter(|step| *step != [0, 0]);
            if others.map(most).any(|other| other > own) {
                return None;
            }
            most_room(&self.cut([0, 0]), [0.0; 2])
        };
        spot.filter(is_home)
    }

    /// What lies in one of the tiles, in sides of that in the middle.
    fn cut(&self, step: Step) -> Vec<Vec<Spot>> {
        let [x, y] = step.map(f64::from);
        let cut = |ring: &Vec<Spot>| {
            let moved: Vec<Spot> = ring.iter().map(|spot| [spot[0] - x, spot[1] - y]).collect();
            TILE.clip_ring(&TILE.clip_ring(&moved, 0), 1)
        };
        self.0.iter().map(cut).filter(|ring| ring.len() > 2).collect()
    }
}

fn most_room(rings: &[Vec<Spot>], [left, top]: Spot) -> Option<Spot> {
    let units = f64::from(EXTENT);
    let point = |spot: &Spot| -> Point { [((spot[0] - left) * units) as f32, ((spot[1] - top) * units) as f32] };
    let rings: Vec<Vec<Point>> = rings.iter().map(|ring| ring.iter().map(point).collect()).collect();
    let [x, y] = pole(&rings, PRECISION)?.map(f32::trunc).map(f64::from);
    Some([x / units + left, y / units + top])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(ring: &[Spot]) -> Area {
        let ring = ring.iter().chain(ring.first()).copied().collect();
        Area { feature: 0, key: 0, rings: vec![ring] }
    }

    #[test]
    fn a_polygon_over_an_edge_has_its_label_in_the_middle_of_both_pieces() {
        let here = area(&[[0.6, 0.4], [1.0, 0.4], [1.0, 0.6], [0.6, 0.6]]);
        let there = area(&[[0.0, 0.4], [0.2, 0.4], [0.2, 0.6], [0.0, 0.6]]);
        let rank = |_| 0;
        let [union] = &unions(&[([0, 0], &here), ([1, 0], &there)])[..] else { panic!("one union") };
        let [x, y] = union.label(rank).unwrap();
        assert!((x - 0.9).abs() < 0.01 && (y - 0.5).abs() < 0.01, "{x} {y}");
        // From the other tile the same is seen.
        let [union] = &unions(&[([-1, 0], &here), ([0, 0], &there)])[..] else { panic!("one union") };
        assert_eq!(union.label(rank), None);
    }

    #[test]
    fn a_hole_over_an_edge_is_none_of_it() {
        let ring = |x: f64, inner: f64| {
            let outer = 1.0 - x;
            area(&[[x, 0.2], [inner, 0.4], [x, 0.6], [x, 0.9], [outer, 0.9], [outer, 0.1], [x, 0.1]])
        };
        let (mut here, there) = (ring(1.0, 0.8), ring(0.0, 0.2));
        here.rings[0].reverse();
        let [union] = &unions(&[([0, 0], &here), ([1, 0], &there)])[..] else { panic!("one union") };
        assert_eq!(union.0.len(), 2);
    }

    #[test]
    fn a_sea_has_a_label_where_its_rank_is_the_highest_around() {
        let sea = area(&[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]);
        let all: Vec<Step> = (-1..=1).flat_map(|y| (-1..=1).map(move |x| [x, y])).collect();
        let pieces: Vec<(Step, &Area)> = all.iter().map(|&step| (step, &sea)).collect();
        let [union] = &unions(&pieces)[..] else { panic!("one union") };
        assert_eq!(union.label(|step| u64::from(step == [0, 0])), Some([0.5, 0.5]));
        assert_eq!(union.label(|step| u64::from(step == [1, 0])), None);
    }
}
