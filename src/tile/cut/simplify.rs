//! Fewer vertices for the same picture.
//!
//! Visvalingam and Whyatt's method: the vertex whose triangle with its two neighbours is smallest goes first, until every
//! triangle left is large enough. What stays is decided by the near surroundings alone and not by where a path starts or
//! which way it runs, so that two polygons with a common border simplify it alike; Douglas and Peucker's does not do that.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::snap::Point;

/// A ring with fewer vertices than this keeps its shape: a house stays a rectangle as long as it is seen at all.
const SMALL_RING: usize = 4;

/// Leaves out bends of a line that are smaller than `tolerance` squared; its ends stay, and what returns to its start
/// stays a ring.
pub fn simplify_line(line: &mut Vec<Point>, tolerance: f64) {
    straighten(line);
    let fewest = if line.first() == line.last() { SMALL_RING } else { 2 };
    if tolerance > 0.0 && line.len() > fewest {
        thin(line, tolerance, false, fewest);
        // Where a line went to a tip and back, the same vertex may now follow itself.
        straighten(line);
    }
}

/// The same for a ring, which is given and answered without its closing vertex. What has no area is answered empty.
pub fn simplify_ring(ring: &mut Vec<Point>, tolerance: f64) {
    clean_ring(ring);
    if tolerance > 0.0 && ring.len() > SMALL_RING {
        thin(ring, tolerance, true, SMALL_RING);
        clean_ring(ring);
    }
}

/// Drops vertices of a line that repeat or lie straight between their neighbours; those where it turns back stay.
fn straighten(line: &mut Vec<Point>) {
    let mut kept = 0;
    for index in 0..line.len() {
        let point = line[index];
        if kept > 0 && line[kept - 1] == point {
            continue;
        }
        if kept > 1 && doubled_area(line[kept - 2], line[kept - 1], point) == 0.0 {
            let (a, b) = (line[kept - 2], line[kept - 1]);
            let ahead = (b[0] - a[0]).signum() * (point[0] - b[0]).signum() >= 0
                && (b[1] - a[1]).signum() * (point[1] - b[1]).signum() >= 0;
            if ahead {
                kept -= 1;
            }
        }
        line[kept] = point;
        kept += 1;
    }
    line.truncate(kept);
}

/// Drops vertices of a ring (without its closing vertex) that repeat, lie straight between their neighbours, or are the
/// tips of spikes; what encloses nothing ends empty.
///
/// ```text
///   a---b---c      b goes            a=c----b     b and c go
/// ```
pub(in crate::tile) fn clean_ring(ring: &mut Vec<Point>) {
    let mut kept = 0;
    for index in 0..ring.len() {
        let point = ring[index];
        while kept > 1 && doubled_area(ring[kept - 2], ring[kept - 1], point) == 0.0 {
            kept -= 1;
        }
        if kept == 0 || ring[kept - 1] != point {
            ring[kept] = point;
            kept += 1;
        }
    }
    // The seam, where the end of the list meets its start.
    let mut first = 0;
    while kept - first >= 3 {
        if doubled_area(ring[kept - 2], ring[kept - 1], ring[first]) == 0.0 {
            kept -= 1;
        } else if doubled_area(ring[kept - 1], ring[first], ring[first + 1]) == 0.0 {
            first += 1;
        } else {
            break;
        }
    }
    if kept - first < 3 {
        ring.clear();
    } else {
        ring.truncate(kept);
        ring.drain(..first);
    }
}

/// Twice the area of the triangle, the same whichever end it is looked at from.
///
/// Floats, since far from the tile the products leave 64 bits; near it they are exact.
fn doubled_area(a: Point, b: Point, c: Point) -> f64 {
    let step = |from: Point, to: Point| [(to[0] - from[0]) as f64, (to[1] - from[1]) as f64];
    let ([ux, uy], [vx, vy]) = (step(a, b), step(b, c));
    (ux * vy - uy * vx).abs()
}

/// A vertex that may go, the smallest triangle first, and of equal ones the one further to the left and up: an order that
/// does not depend on the path's direction.
#[derive(PartialEq)]
struct Bend {
    area: f64,
    point: Point,
    index: u32,
    /// How often its triangle had changed when this was noted.
    change: u32,
}

impl Eq for Bend {}

impl Ord for Bend {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = self.area.total_cmp(&other.area);
        order.then_with(|| self.point.cmp(&other.point)).then_with(|| self.index.cmp(&other.index)).reverse()
    }
}

impl PartialOrd for Bend {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The change of a vertex that has gone.
const GONE: u32 = u32::MAX;

fn thin(path: &mut Vec<Point>, tolerance: f64, closed: bool, fewest: usize) {
    let mut gone = vec![false; path.len()];
    take_away(path, closed, fewest, 2.0 * tolerance * tolerance, |index, _| gone[index] = true);
    let mut index = 0;
    path.retain(|_| {
        index += 1;
        !gone[index - 1]
    });
}

/// For each vertex of a path (a ring without its closing vertex, where `closed`) twice the area of the triangle that it goes
/// with: for a tolerance it goes when that is less than twice the tolerance squared. Infinite for those that stay beyond
/// `enough`, which none need to be told apart from. They are put into `weights` in place of what is there.
pub fn weigh(path: &[Point], closed: bool, enough: f64, weights: &mut Vec<f32>) {
    weights.clear();
    weights.resize(path.len(), f32::INFINITY);
    let fewest = if closed || path.first() == path.last() { SMALL_RING } else { 2 };
    if path.len() > fewest {
        // What goes later is not lighter, though its triangle may be smaller than one that went.
        let mut heaviest = 0.0;
        take_away(path, closed, fewest, enough, |index, area| {
            heaviest = area.max(heaviest);
            weights[index] = heaviest as f32;
        });
    }
}

/// Tells the vertices whose triangles have less than `enough` of twice an area, in the order in which they go.
fn take_away(path: &[Point], closed: bool, fewest: usize, enough: f64, mut go: impl FnMut(usize, f64)) {
    let count = path.len();
    let may_go = |index: usize| closed || (index > 0 && index + 1 < count);
    let bend = |previous: usize, index: usize, next: usize, change: u32| {
        let area = doubled_area(path[previous], path[index], path[next]);
        (may_go(index) && area < enough).then(|| Bend { area, point: path[index], index: index as u32, change })
    };
    let previous = |index: usize| if index == 0 { count - 1 } else { index - 1 };
    let next = |index: usize| if index + 1 == count { 0 } else { index + 1 };
    let mut bends: BinaryHeap<Bend> =
        (0..count).filter_map(|index| bend(previous(index), index, next(index), 0)).collect();
    if bends.is_empty() {
        return;
    }
    let mut before: Vec<u32> = (0..count).map(|index| previous(index) as u32).collect();
    let mut after: Vec<u32> = (0..count).map(|index| next(index) as u32).collect();
    let mut changes = vec![0_u32; count];
    let mut left = count;
    while let Some(smallest) = bends.pop() {
        let index = smallest.index as usize;
        if changes[index] != smallest.change {
            continue;
        }
        if left <= fewest {
            break;
        }
        go(index, smallest.area);
        changes[index] = GONE;
        left -= 1;
        let (previous, next) = (before[index] as usize, after[index] as usize);
        after[previous] = next as u32;
        before[next] = previous as u32;
        for neighbour in [previous, next] {
            changes[neighbour] += 1;
            let [previous, next] = [before[neighbour] as usize, after[neighbour] as usize];
            bends.extend(bend(previous, neighbour, next, changes[neighbour]));
        }
    }
}
