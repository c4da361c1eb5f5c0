//! The point of a polygon that is farthest from its outline, where its label has most room.

use super::geometry::Point;

/// The pole of inaccessibility of a polygon, to a precision in its units: squares are halved, the most promising first,
/// until none can hold a better point. Rings may be closed or not.
pub fn pole(rings: &[Vec<Point>], precision: f64) -> Option<Point> {
    let outer = rings.first().filter(|ring| !ring.is_empty())?;
    let [left, top, right, bottom] = super::geometry::envelope(outer).map(f64::from);
    let size = (right - left).min(bottom - top);
    if size <= 0.0 || !size.is_finite() {
        return Some(outer[0]);
    }
    let half = size / 2.0;
    let mut cells = Queue::default();
    let middle = Cell::new(centroid(outer), 0.0, rings);
    let mut best = middle;
    let (columns, rows) = (((right - left) / size).ceil() as usize, ((bottom - top) / size).ceil() as usize);
    for column in 0..columns.min(MAX_CELLS) {
        for row in 0..rows.min(MAX_CELLS / columns.max(1)) {
            let center = [left + (column as f64 + 0.5) * size, top + (row as f64 + 0.5) * size];
            cells.push(Cell::new(center, half, rings));
        }
    }
    let mut asked = 0;
    while let Some(cell) = cells.pop() {
        if cell.distance > best.distance || best.distance == 0.0 {
            best = cell;
        }
        asked += 1;
        if cell.reach - best.distance <= precision || asked > MAX_CELLS {
            continue;
        }
        let half = cell.half / 2.0;
        for [x, y] in [[-half, -half], [half, -half], [-half, half], [half, half]] {
            cells.push(Cell::new([cell.center[0] + x, cell.center[1] + y], half, rings));
        }
    }
    // Where it has about as much room, a label had better stand in the middle than where rounded corners lead it.
    if middle.distance > 0.0 && best.distance - middle.distance <= precision {
        best = middle;
    }
    Some(best.center.map(|c| c as f32))
}

/// Beyond this number of squares the best point so far is good enough.
const MAX_CELLS: usize = 2000;

#[derive(Clone, Copy)]
struct Cell {
    center: [f64; 2],
    half: f64,
    /// To the outline, negative outside.
    distance: f64,
    /// The most that any point of the square can have.
    reach: f64,
}

impl Cell {
    fn new(center: [f64; 2], half: f64, rings: &[Vec<Point>]) -> Self {
        let distance = signed_distance(center, rings);
        Self { center, half, distance, reach: distance + half * std::f64::consts::SQRT_2 }
    }
}

/// Cells, the most promising first. Of equals the one that a plain binary heap yields: which of two equal rooms a label takes
/// is settled by that, and maps of MapLibre show the same.
#[derive(Default)]
struct Queue(Vec<Cell>);

impl Queue {
    fn push(&mut self, cell: Cell) {
        let mut at = self.0.len();
        self.0.push(cell);
        while at > 0 && self.0[(at - 1) / 2].reach < self.0[at].reach {
            self.0.swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    fn pop(&mut self) -> Option<Cell> {
        let last = self.0.len().checked_sub(1)?;
        self.0.swap(0, last);
        let top = self.0.pop();
        let mut at = 0;
        loop {
            let left = 2 * at + 1;
            if left >= self.0.len() {
                return top;
            }
            let right = left + 1;
            let best = if right < self.0.len() && self.0[right].reach > self.0[left].reach { right } else { left };
            if self.0[best].reach <= self.0[at].reach {
                return top;
            }
            self.0.swap(at, best);
            at = best;
        }
    }
}

fn signed_distance(p: [f64; 2], rings: &[Vec<Point>]) -> f64 {
    let mut inside = false;
    let mut squared = f64::INFINITY;
    for (a, b) in rings.iter().flat_map(|ring| edges(ring)) {
        if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0] {
            inside = !inside;
        }
        let (ux, uy) = (b[0] - a[0], b[1] - a[1]);
        let along = ((p[0] - a[0]) * ux + (p[1] - a[1]) * uy) / (ux * ux + uy * uy);
        let along = if along.is_nan() { 0.0 } else { along.clamp(0.0, 1.0) };
        let (ex, ey) = (p[0] - a[0] - along * ux, p[1] - a[1] - along * uy);
        squared = squared.min(ex * ex + ey * ey);
    }
    if inside { squared.sqrt() } else { -squared.sqrt() }
}

fn centroid(ring: &[Point]) -> [f64; 2] {
    let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
    for (a, b) in edges(ring) {
        let cross = a[0] * b[1] - b[0] * a[1];
        area += cross * 3.0;
        x += (a[0] + b[0]) * cross;
        y += (a[1] + b[1]) * cross;
    }
    if area == 0.0 { ring[0].map(f64::from) } else { [x / area, y / area] }
}

fn edges(ring: &[Point]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
    let at = |i: usize| ring[i].map(f64::from);
    (0..ring.len()).map(move |i| (at(i), at(if i == 0 { ring.len() - 1 } else { i - 1 })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pole_of_a_square_is_its_centre_and_of_an_l_is_in_its_corner() {
        let square = vec![vec![[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]]];
        let [x, y] = pole(&square, 1.0).unwrap();
        assert!((x - 50.0).abs() < 1.0 && (y - 50.0).abs() < 1.0);
        let l = vec![vec![[0.0, 0.0], [300.0, 0.0], [300.0, 100.0], [100.0, 100.0], [100.0, 300.0], [0.0, 300.0]]];
        let [x, y] = pole(&l, 1.0).unwrap();
        assert!((50.0..75.0).contains(&x) && (50.0..75.0).contains(&y));
    }

    #[test]
    fn where_there_is_about_as_much_room_the_centroid_is_taken() {
        // All along the middle of a long shape the room is the same.
        let long = vec![vec![[0.0, 0.0], [400.0, 0.0], [399.0, 100.0], [0.0, 100.0]]];
        let [x, y] = pole(&long, 16.0).unwrap();
        assert!((x - 199.75).abs() < 0.1 && (y - 49.96).abs() < 0.1, "{x} {y}");
        // A triangle's centroid is not that of its inscribed circle, but as good to a tenth of its size.
        let triangle = vec![vec![[0.0, 0.0], [400.0, 0.0], [400.0, 300.0]]];
        assert_eq!(pole(&triangle, 1.0).unwrap().map(|c| (c / 10.0).round()), [30.0, 10.0]);
    }

    #[test]
    fn a_hole_is_avoided_and_a_flat_ring_has_its_corner() {
        let mut rings = vec![vec![[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]]];
        rings.push(vec![[30.0, 30.0], [30.0, 90.0], [90.0, 90.0], [90.0, 30.0]]);
        let [x, y] = pole(&rings, 1.0).unwrap();
        assert!(signed_distance([f64::from(x), f64::from(y)], &rings) > 14.0);
        assert_eq!(pole(&[vec![[5.0, 5.0], [9.0, 5.0]]], 1.0), Some([5.0, 5.0]));
    }
}
