//! Cutting paths to a square of the grid.

use super::snap::Point;

/// The closed square from `low` to `high` on both axes: a tile with its buffer.
#[derive(Clone, Copy, Debug)]
pub(in crate::tile) struct Square {
    pub(in crate::tile) low: i64,
    pub(in crate::tile) high: i64,
}

/// How a path lies to a square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tile) enum Lie {
    Inside,
    Outside,
    Across,
}

impl Square {
    /// Whether all, none, or perhaps a part of the path lies in the square, by the box around it.
    pub(in crate::tile) fn lie(&self, path: &[Point]) -> Lie {
        let (mut min, mut max) = ([i64::MAX; 2], [i64::MIN; 2]);
        for point in path {
            for axis in 0..2 {
                min[axis] = min[axis].min(point[axis]);
                max[axis] = max[axis].max(point[axis]);
            }
        }
        if min.iter().all(|&low| low >= self.low) && max.iter().all(|&high| high <= self.high) {
            Lie::Inside
        } else if min.iter().any(|&low| low > self.high) || max.iter().any(|&high| high < self.low) {
            Lie::Outside
        } else {
            Lie::Across
        }
    }

    /// Whether the point lies in the square, its right and lower edge excluded, so that with a buffer of zero each point
    /// is on one tile.
    pub(in crate::tile) fn holds(&self, point: Point) -> bool {
        point.iter().all(|&n| n >= self.low && n < self.high)
    }

    /// Gives each piece of the line that lies in the square to `piece`.
    pub(in crate::tile) fn clip_line(&self, line: &[Point], mut piece: impl FnMut(&[Point])) {
        let mut open: Vec<Point> = Vec::new();
        for pair in line.windows(2) {
            let Some([a, b]) = self.clip_segment(pair[0], pair[1]) else { continue };
            if open.last() != Some(&a) || a != pair[0] {
                if open.len() > 1 {
                    piece(&open);
                }
                open.clear();
                open.push(a);
            }
            if a != b {
                open.push(b);
            }
        }
        if open.len() > 1 {
            piece(&open);
        }
    }

    /// The part of a segment in the square (Liang and Barsky, 1984), snapped to the grid.
    fn clip_segment(&self, a: Point, b: Point) -> Option<[Point; 2]> {
        let inside = |point: Point| point.iter().all(|&n| n >= self.low && n <= self.high);
        if inside(a) && inside(b) {
            return Some([a, b]);
        }
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        let (mut first, mut last) = (a, b);
        for axis in 0..2 {
            let step = (b[axis] - a[axis]) as f64;
            for (edge, room) in [(self.low, self.low - a[axis]), (self.high, self.high - a[axis])] {
                let outside = if edge == self.low { room > 0 } else { room < 0 };
                if step == 0.0 {
                    if outside {
                        return None;
                    }
                    continue;
                }
                let at = room as f64 / step;
                let entering = (step > 0.0) == (edge == self.low);
                if entering && at > enter {
                    (enter, first) = (at, crossing(axis, edge, a, b));
                } else if !entering && at < leave {
                    (leave, last) = (at, crossing(axis, edge, a, b));
                }
            }
        }
        // Rounding may push a crossing that all but touches a corner past it.
        let hold = |point: Point| point.map(|n| n.clamp(self.low, self.high));
        (enter <= leave).then(|| [hold(first), hold(last)])
    }

    /// Cuts a ring, given and answered without its closing vertex, to the square (Sutherland and Hodgman, 1974). What was
    /// several pieces is then one ring whose pieces hang together along the edge; see [`repair`](super::repair).
    pub(in crate::tile) fn clip_ring(&self, ring: &mut Vec<Point>, other: &mut Vec<Point>) {
        for (axis, edge, sign) in [(0, self.low, 1), (0, self.high, -1), (1, self.low, 1), (1, self.high, -1)] {
            let inside = |point: Point| (point[axis] - edge) * sign >= 0;
            if ring.iter().all(|&point| inside(point)) {
                continue;
            }
            other.clear();
            let Some(&last) = ring.last() else { return };
            let mut previous = last;
            for &point in ring.iter() {
                if inside(previous) != inside(point) {
                    other.push(crossing(axis, edge, previous, point));
                }
                if inside(point) {
                    other.push(point);
                }
                previous = point;
            }
            std::mem::swap(ring, other);
        }
    }
}

/// Where a segment crosses the line on which `axis` is `edge`, snapped to the grid; the same from both ends.
fn crossing(axis: usize, edge: i64, a: Point, b: Point) -> Point {
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let along = (edge - a[axis]) as f64 / (b[axis] - a[axis]) as f64;
    let across = 1 - axis;
    let mut point = [edge; 2];
    point[across] = (a[across] as f64 + along * (b[across] - a[across]) as f64 + 0.5).floor() as i64;
    point
}
