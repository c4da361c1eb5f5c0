//! Straight lines of degrees on grids that bend them.
//!
//! Paths are cut in degrees to a neighbourhood of the tile within which the projection is defined; then each side gets as
//! many vertices as it takes to follow its bend.

use crate::space::Rect;

/// The part of a closed ring in a rectangle, closed again (Sutherland and Hodgman, 1974); empty when there is none.
pub fn trim_ring(ring: &[[f64; 2]], rect: &Rect) -> Vec<[f64; 2]> {
    let mut kept: Vec<[f64; 2]> = ring.to_vec();
    let mut cut: Vec<[f64; 2]> = Vec::with_capacity(ring.len());
    for (axis, edge, sign) in [(0, rect.min_x, 1.0), (0, rect.max_x, -1.0), (1, rect.min_y, 1.0), (1, rect.max_y, -1.0)]
    {
        let inside = |point: [f64; 2]| (point[axis] - edge) * sign >= 0.0;
        if kept.iter().all(|&point| inside(point)) {
            continue;
        }
        cut.clear();
        for (index, &point) in kept.iter().enumerate() {
            if let Some(previous) = index.checked_sub(1).map(|before| kept[before])
                && inside(previous) != inside(point)
            {
                cut.push(crossing(axis, edge, previous, point));
            }
            if inside(point) {
                cut.push(point);
            }
        }
        if let (Some(&first), Some(&last)) = (cut.first(), cut.last())
            && first != last
        {
            cut.push(first);
        }
        std::mem::swap(&mut kept, &mut cut);
    }
    kept
}

/// The parts of a line in a rectangle.
pub fn trim_line(line: &[[f64; 2]], rect: &Rect) -> Vec<Vec<[f64; 2]>> {
    let mut pieces: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut open: Vec<[f64; 2]> = Vec::new();
    for pair in line.windows(2) {
        let Some([a, b]) = trim_side(pair[0], pair[1], rect) else {
            pieces.extend(Some(std::mem::take(&mut open)).filter(|piece| piece.len() > 1));
            continue;
        };
        if open.last() != Some(&a) {
            pieces.extend(Some(std::mem::take(&mut open)).filter(|piece| piece.len() > 1));
            open.push(a);
        }
        open.push(b);
    }
    pieces.extend(Some(open).filter(|piece| piece.len() > 1));
    pieces
}

fn trim_side(a: [f64; 2], b: [f64; 2], rect: &Rect) -> Option<[[f64; 2]; 2]> {
    let (mut from, mut to) = (a, b);
    for (axis, edge, sign) in [(0, rect.min_x, 1.0), (0, rect.max_x, -1.0), (1, rect.min_y, 1.0), (1, rect.max_y, -1.0)]
    {
        let inside = |point: [f64; 2]| (point[axis] - edge) * sign >= 0.0;
        match (inside(from), inside(to)) {
            (true, true) => {}
            (false, false) => return None,
            (true, false) => to = crossing(axis, edge, from, to),
            (false, true) => from = crossing(axis, edge, from, to),
        }
    }
    Some([from, to])
}

/// Where a side crosses the line on which `axis` is `edge`; the same from both ends.
fn crossing(axis: usize, edge: f64, a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let along = (edge - a[axis]) / (b[axis] - a[axis]);
    let across = 1 - axis;
    let mut point = [edge; 2];
    point[across] = a[across] + along * (b[across] - a[across]);
    point
}

/// A side longer than this many degrees is looked at in halves, however straight it seems: its ends and its middle may lie
/// on one line by chance, or all at a pole.
const LONG: f64 = 10.0;

/// A side that is not long, and shorter than so many tolerances, is straight enough: meridians that lie less than [`LONG`]
/// apart make it bulge by no more than a 45th of its length.
const SHORT: f64 = 16.0;

/// Halvings of a side, at most.
const DEEPEST: u32 = 16;

/// Gives the projected vertices of a path to `out`, and between them as many as it takes for no side to be farther than
/// `tolerance` (in units of the plane) from where the straight line of degrees lies. A vertex that cannot be projected is
/// left out.
pub fn bend(
    path: &[[f64; 2]],
    project: impl Fn([f64; 2]) -> Option<[f64; 2]>,
    tolerance: f64,
    mut out: impl FnMut([f64; 2]),
) {
    let mut before: Option<([f64; 2], [f64; 2])> = None;
    for &position in path {
        let Some(point) = project(position) else { continue };
        if let Some((from, start)) = before {
            halve(&project, tolerance, [from, position], [start, point], 0, &mut out);
        }
        out(point);
        before = Some((position, point));
    }
}

/// Gives the vertices strictly between two.
fn halve(
    project: &impl Fn([f64; 2]) -> Option<[f64; 2]>,
    tolerance: f64,
    [a, b]: [[f64; 2]; 2],
    [start, end]: [[f64; 2]; 2],
    depth: u32,
    out: &mut impl FnMut([f64; 2]),
) {
    if depth >= DEEPEST {
        return;
    }
    let at = |part: f64| [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
    let long = (a[0] - b[0]).abs().max((a[1] - b[1]).abs()) > LONG;
    if !long && (start[0] - end[0]).abs().max((start[1] - end[1]).abs()) < SHORT * tolerance {
        return;
    }
    // The middle of both ends, whichever comes first: so that two rings with a common side bend it alike.
    let middle = [f64::midpoint(a[0], b[0]), f64::midpoint(a[1], b[1])];
    let Some(point) = project(middle) else { return };
    let is_off = |place: [f64; 2]| distance(place, start, end) > tolerance;
    if !(long || is_off(point) || [0.25, 0.75].into_iter().any(|part| project(at(part)).is_some_and(is_off))) {
        return;
    }
    halve(project, tolerance, [a, middle], [start, point], depth + 1, out);
    out(point);
    halve(project, tolerance, [middle, b], [point, end], depth + 1, out);
}

/// From a point to a segment.
fn distance([x, y]: [f64; 2], [ax, ay]: [f64; 2], [bx, by]: [f64; 2]) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let along = if length == 0.0 { 0.0 } else { (((x - ax) * dx + (y - ay) * dy) / length).clamp(0.0, 1.0) };
    (x - ax - along * dx).hypot(y - ay - along * dy)
}
