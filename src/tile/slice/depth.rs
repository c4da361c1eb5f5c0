//! What each vertex of a path adds to its shape.
//!
//! Douglas and Peucker's method (1973), run once to the end: of the vertices between two that stay, the one farthest from the
//! straight line goes last. The distance at which a vertex goes is kept, and a tile takes those whose distance can be seen.
//! `MapLibre` does so for GeoJSON, and what a path looks like in between depends on it.

/// Looks at vertices that a path may cost for each of its own: halves of paths of maps are so even that a dozen is plenty. On
/// what would take longer, all vertices stay.
const MOST_LOOKS: usize = 256;

/// The square of the distance at which each vertex goes; infinite at the ends, which stay. Vertices that are not farther than
/// the root of `least` go first, with 0.
pub fn depths(path: &[[f64; 2]], least: f64) -> Vec<f32> {
    let mut depths = vec![0.0; path.len()];
    let Some(end) = path.len().checked_sub(1) else { return depths };
    (depths[0], depths[end]) = (f32::INFINITY, f32::INFINITY);
    let mut looks = MOST_LOOKS.saturating_mul(path.len());
    let mut open = vec![(0, end)];
    while let Some((first, last)) = open.pop() {
        if last - first < 2 {
            continue;
        }
        let Some(left) = looks.checked_sub(last - first) else {
            depths[first + 1..last].fill(f32::INFINITY);
            continue;
        };
        looks = left;
        if let Some((middle, farthest)) = farthest(path, first, last).filter(|&(_, farthest)| farthest > least) {
            depths[middle] = farthest as f32;
            open.extend([(first, middle), (middle, last)]);
        }
    }
    depths
}

/// The vertex between two that is farthest from the straight line, and the square of its distance; of several the one nearest
/// to the middle of the list, so that rings, whose ends are one place, are halved evenly.
fn farthest(path: &[[f64; 2]], first: usize, last: usize) -> Option<(usize, f64)> {
    let middle = usize::midpoint(first, last);
    let (a, b) = (path[first], path[last]);
    let mut found: Option<(usize, f64)> = None;
    for (index, &point) in path.iter().enumerate().take(last).skip(first + 1) {
        let square = square_distance(point, a, b);
        let is_farther = found.is_none_or(|(known, most)| {
            square > most || (square == most && index.abs_diff(middle) < known.abs_diff(middle))
        });
        if is_farther {
            found = Some((index, square));
        }
    }
    found
}

/// The square of the distance from a point to a segment.
fn square_distance(point: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (x, y) = (point[0] - a[0], point[1] - a[1]);
    let length = dx * dx + dy * dy;
    let along = if length == 0.0 { 0.0 } else { ((x * dx + y * dy) / length).clamp(0.0, 1.0) };
    let (x, y) = (x - dx * along, y - dy * along);
    x * x + y * y
}
