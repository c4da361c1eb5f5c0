//! Whether a geometry meets a rectangle: the test behind `bbox`, which must be exact and is made for each candidate.

use super::Geometry;
use super::PartKind;
use crate::space::Rect;

impl Geometry<'_> {
    /// Whether it shares at least one point with the closed rectangle (degrees), edges and vertices included.
    pub fn intersects(&self, rect: &Rect) -> bool {
        self.parts().any(|part| match part.kind() {
            PartKind::Points => part.paths().any(|points| points.iter().any(|&point| rect.contains(point))),
            PartKind::Line => part.paths().any(|line| path_meets(line, rect)),
            PartKind::Polygon => {
                part.paths().any(|ring| path_meets(ring, rect))
                    || part.paths().filter(|ring| winds_around(ring, rect.center())).count() % 2 == 1
            }
        })
    }
}

/// Whether any segment of the path touches the rectangle; a path of one position is a point.
fn path_meets(path: &[[f64; 2]], rect: &Rect) -> bool {
    match path {
        [only] => rect.contains(*only),
        _ => path.windows(2).any(|pair| segment_meets(pair[0], pair[1], rect)),
    }
}

/// Clips the segment to the rectangle's four half planes (Liang and Barsky, 1984) and asks whether something is left.
fn segment_meets(a: [f64; 2], b: [f64; 2], rect: &Rect) -> bool {
    if rect.contains(a) || rect.contains(b) {
        return true;
    }
    let beside = |a: f64, b: f64, low: f64, high: f64| (a < low && b < low) || (a > high && b > high);
    if beside(a[0], b[0], rect.min_x, rect.max_x) || beside(a[1], b[1], rect.min_y, rect.max_y) {
        return false;
    }
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    for (step, room) in
        [(-dx, a[0] - rect.min_x), (dx, rect.max_x - a[0]), (-dy, a[1] - rect.min_y), (dy, rect.max_y - a[1])]
    {
        if step == 0.0 {
            if room < 0.0 {
                return false;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    enter <= leave
}

/// Whether a ray from the point to the east crosses the closed ring an odd number of times.
fn winds_around(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let mut inside = false;
    for pair in ring.windows(2) {
        let ([x0, y0], [x1, y1]) = (pair[0], pair[1]);
        if (y0 > y) != (y1 > y) && x < (x1 - x0) * (y - y0) / (y1 - y0) + x0 {
            inside = !inside;
        }
    }
    inside
}
