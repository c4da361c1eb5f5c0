//! Valid polygons out of what snapping and clipping left.
//!
//! ```text
//!        edge                      edge
//!   ##### |                   ##### |
//!   ######|                   ######|
//!   #####\|    one ring,      ##### |    two rings
//!         |    its pieces           |
//!   #####/|    tied by        ##### |
//!   ######|    the edge       ######|
//! ```

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::IntOverlayOptions;
use i_overlay::core::simplify::Simplify;
use i_overlay::i_float::int::point::IntPoint;

use super::features::narrow;
use super::simplify::clean_ring;
use super::snap::Point;

/// Gives the rings of one polygon, exterior first, to `ring` so that they make valid polygons: simple rings that meet at
/// most in single points, exteriors of positive area (y down) each followed by its holes of negative area. Nothing is
/// given where nothing is enclosed.
///
/// The rings come without closing vertex, cleaned, and within the square that they were clipped to.
pub(super) fn repair(rings: &mut [Vec<Point>], mut ring: impl FnMut(&[Point])) {
    let is_convex = matches!(rings, [only] if is_convex(only));
    if is_convex || !rings.is_empty() && meet_nowhere(rings) && lie_well(rings) {
        for (index, points) in rings.iter_mut().enumerate() {
            turn(points, index == 0);
            ring(points);
        }
        return;
    }
    let contours: Vec<Vec<IntPoint>> =
        rings.iter().map(|ring| ring.iter().map(|&[x, y]| IntPoint::new(x as i32, y as i32)).collect()).collect();
    // Even and odd, which is also how the store answers whether a point lies in a polygon.
    for shape in contours.simplify(FillRule::EvenOdd, IntOverlayOptions::ogc()) {
        for (index, contour) in shape.iter().enumerate() {
            let mut points: Vec<Point> = contour.iter().map(|p| [i64::from(p.x), i64::from(p.y)]).collect();
            clean_ring(&mut points);
            if points.is_empty() {
                if index == 0 {
                    break;
                }
                continue;
            }
            turn(&mut points, index == 0);
            ring(&points);
        }
    }
}

/// Twice the area by the shoelace formula: positive when the ring runs clockwise on a screen.
pub(super) fn doubled_area(ring: &[Point]) -> i64 {
    let Some(&last) = ring.last() else { return 0 };
    let mut previous = last;
    let mut sum = 0;
    for &point in ring {
        sum += previous[0] * point[1] - point[0] * previous[1];
        previous = point;
    }
    sum
}

fn turn(ring: &mut [Point], exterior: bool) {
    if (doubled_area(ring) > 0) != exterior {
        // The first vertex stays the first: dashes and dots of a style begin there.
        ring[1..].reverse();
    }
}

/// Whether a ring turns to one side only, and once around: then no two of its sides meet.
fn is_convex(ring: &[Point]) -> bool {
    let [.., before, last] = ring else { return false };
    let (mut from, mut corner) = (*before, *last);
    let (mut turn, mut changes, mut way) = (0, 0, 0);
    for &to in ring.iter().chain(ring.first()) {
        let ([ux, uy], [vx, vy]) = ([corner[0] - from[0], corner[1] - from[1]], [to[0] - corner[0], to[1] - corner[1]]);
        let side = (ux * vy - uy * vx).signum();
        if side == 0 || side == -turn {
            return false;
        }
        turn = side;
        if vx != 0 && vx.signum() != way {
            changes += i32::from(way != 0);
            way = vx.signum();
        }
        (from, corner) = (corner, to);
    }
    changes <= 2
}

/// Whether each hole lies in the exterior and in no other hole, given that no two rings meet: then any vertex tells.
/// Simplifying may have drawn one out of the other.
fn lie_well(rings: &[Vec<Point>]) -> bool {
    let holes = &rings[1..];
    // As above: where looking costs as much as repairing, repair.
    if holes.len() * rings.iter().map(Vec::len).sum::<usize>() > 1_000_000 {
        return false;
    }
    holes.iter().enumerate().all(|(index, hole)| {
        let in_other = |(other, ring): (usize, &Vec<Point>)| other != index && surrounds(ring, hole[0]);
        surrounds(&rings[0], hole[0]) && !holes.iter().enumerate().any(in_other)
    })
}

/// Whether a ray from the point to the right crosses the ring an odd number of times.
fn surrounds(ring: &[Point], [x, y]: Point) -> bool {
    let Some(&last) = ring.last() else { return false };
    let (mut previous, mut inside) = (last, false);
    for &point in ring {
        let ([ax, ay], [bx, by]) = (previous, point);
        if (ay > y) != (by > y) {
            let side = (bx - ax) * (y - ay) - (x - ax) * (by - ay);
            inside ^= (side > 0) == (by > ay);
        }
        previous = point;
    }
    inside
}

/// One side of a ring: the box around it, and which of the sides of which ring it is. Small, because many are sorted.
struct Side {
    min: [i32; 2],
    max: [i32; 2],
    ring: u32,
    index: u32,
}

/// Whether no two sides have a point in common but the vertex at which one follows the other. Says no without looking
/// further when the sides lie so close that finding out costs as much as repairing.
fn meet_nowhere(rings: &[Vec<Point>]) -> bool {
    if let [only] = rings
        && only.len() <= FEW
    {
        return few_meet_nowhere(only);
    }
    let mut sides: Vec<Side> = Vec::with_capacity(rings.iter().map(Vec::len).sum());
    for (ring, points) in rings.iter().enumerate() {
        for (index, &from) in points.iter().enumerate() {
            let (from, to) = (narrow(from), narrow(points[next(index, points.len())]));
            let min = [from[0].min(to[0]), from[1].min(to[1])];
            let max = [from[0].max(to[0]), from[1].max(to[1])];
            sides.push(Side { min, max, ring: ring as u32, index: index as u32 });
        }
    }
    sides.sort_unstable_by_key(|side| side.min[0]);
    let mut patience = 1000 + 100 * sides.len();
    for (at, side) in sides.iter().enumerate() {
        for other in sides[at + 1..].iter().take_while(|other| other.min[0] <= side.max[0]) {
            if patience == 0 {
                return false;
            }
            patience -= 1;
            let apart = other.min[1] > side.max[1] || other.max[1] < side.min[1];
            if !apart && !follow(side, other, rings) && meet(side, other, rings) {
                return false;
            }
        }
    }
    true
}

/// Sides that are compared each with each, and how many at once.
const FEW: usize = 32;
const LANES: usize = 8;

#[expect(clippy::needless_bitwise_bool, reason = "all lanes are compared at once, without a branch")]
fn few_meet_nowhere(ring: &[Point]) -> bool {
    let count = ring.len();
    // The box around each side: its least and greatest coordinates on both axes. What is no side meets none.
    let (mut low, mut high) = ([[i32::MAX; FEW]; 2], [[i32::MIN; FEW]; 2]);
    for (index, &from) in ring.iter().enumerate() {
        let (from, to) = (narrow(from), narrow(ring[next(index, count)]));
        for axis in 0..2 {
            low[axis][index] = from[axis].min(to[axis]);
            high[axis][index] = from[axis].max(to[axis]);
        }
    }
    (0..count.saturating_sub(2)).all(|one| {
        let [west, north] = low.map(|low| low[one]);
        let [east, south] = high.map(|high| high[one]);
        // Those that come later and do not follow, a bit each.
        let mut near = 0_u32;
        for start in (0..count).step_by(LANES) {
            let lanes = start..start + LANES;
            let ([west_of, north_of], [east_of, south_of]) =
                (low.each_ref().map(|low| &low[lanes.clone()]), high.each_ref().map(|high| &high[lanes.clone()]));
            let mut met = 0_u32;
            for lane in 0..LANES {
                let is_near = (west_of[lane] <= east)
                    & (east_of[lane] >= west)
                    & (north_of[lane] <= south)
                    & (south_of[lane] >= north);
                met |= if is_near { 1 << lane } else { 0 };
            }
            near |= met << start;
        }
        near &= u32::MAX << (one + 2);
        if one == 0 {
            near &= !(1 << (count - 1));
        }
        let (a, b) = (ring[one], ring[one + 1]);
        while near != 0 {
            let other = near.trailing_zeros() as usize;
            near &= near - 1;
            if cross(a, b, ring[other], ring[next(other, count)]) {
                return false;
            }
        }
        true
    })
}

/// Whether one side follows the other in the same ring: being cleaned, they share that vertex only.
fn follow(a: &Side, b: &Side, rings: &[Vec<Point>]) -> bool {
    let apart = a.index.abs_diff(b.index) as usize;
    a.ring == b.ring && (apart == 1 || apart + 1 == rings[a.ring as usize].len())
}

/// Whether two sides, whose boxes meet, have a point in common.
fn meet(a: &Side, b: &Side, rings: &[Vec<Point>]) -> bool {
    let ends = |side: &Side| {
        let (ring, index) = (&rings[side.ring as usize], side.index as usize);
        (ring[index], ring[next(index, ring.len())])
    };
    let ((a, b), (c, d)) = (ends(a), ends(b));
    cross(a, b, c, d)
}

/// The position of the vertex that follows in a ring of so many.
fn next(index: usize, count: usize) -> usize {
    if index + 1 == count { 0 } else { index + 1 }
}

/// The same of two sides from `a` to `b` and from `c` to `d`.
fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let turn = |o: Point, p: Point, q: Point| (p[0] - o[0]) * (q[1] - o[1]) - (p[1] - o[1]) * (q[0] - o[0]);
    let beside = |o: Point, p: Point, from: Point, to: Point| turn(o, p, from).signum() * turn(o, p, to).signum() > 0;
    !beside(a, b, c, d) && !beside(c, d, a, b)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn few_sides_meet_where_each_pair_is_looked_at(
            ring in prop::collection::vec(prop::array::uniform2(-64..640_i64), 3..=FEW),
            rounding in 1..200_i64,
        ) {
            let ring: Vec<Point> = ring.into_iter().map(|point| point.map(|n| n / rounding)).collect();
            let count = ring.len();
            let side = |index: usize| (ring[index], ring[next(index, count)]);
            let follow = |one: usize, other: usize| next(one, count) == other || next(other, count) == one;
            let pairs = (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other)));
            let meets = pairs.filter(|&(one, other)| !follow(one, other)).any(|(one, other)| {
                let ((a, b), (c, d)) = (side(one), side(other));
                let apart = |axis: usize| {
                    a[axis].max(b[axis]) < c[axis].min(d[axis]) || c[axis].max(d[axis]) < a[axis].min(b[axis])
                };
                !apart(0) && !apart(1) && cross(a, b, c, d)
            });
            prop_assert_eq!(few_meet_nowhere(&ring), !meets);
        }

        #[test]
        fn a_star_meets_itself_nowhere(radii in prop::collection::vec(100..2000_i64, 5..=FEW)) {
            let angle = |index: usize| index as f64 / radii.len() as f64 * std::f64::consts::TAU;
            let corner = |(index, &radius): (usize, &i64)| {
                [(radius as f64 * angle(index).cos()) as i64, (radius as f64 * angle(index).sin()) as i64]
            };
            let ring: Vec<Point> = radii.iter().enumerate().map(corner).collect();
            prop_assert!(few_meet_nowhere(&ring));
        }
    }
}
