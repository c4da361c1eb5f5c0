//! How a picture is laid between four corners: as a plane seen in perspective, or, where that would squeeze it too much, as a
//! sheet of rubber (Heckbert 1989, section 2.2.3), as MapLibre does.

use crate::render::clip::Clip;
use crate::render::lattice::Cell;
use crate::render::scan::Vertex;
use crate::render::scan::triangle;

/// A way from the unit square to the corners, clockwise from the top left.
pub struct Warp {
    corners: [[f64; 2]; 4],
    /// How much farther away it becomes to the right and down.
    perspective: [f64; 2],
    /// The share of the sheet of rubber.
    rubber: f64,
}

/// The ratio of the nearest part to the farthest below which a picture is seen in perspective alone, and above which not at
/// all.
const FORESHORTENED: [f64; 2] = [4.0, 512.0];

/// Cells a side that a warped picture is drawn in; within one it is seen in perspective.
const CELLS: u32 = 16;

impl Warp {
    /// From corners in pixels.
    pub fn new(corners: [[f64; 2]; 4]) -> Self {
        let [a, b, c, d] = corners;
        let sum = [a[0] - b[0] + c[0] - d[0], a[1] - b[1] + c[1] - d[1]];
        let (right, down) = ([b[0] - c[0], b[1] - c[1]], [d[0] - c[0], d[1] - c[1]]);
        let determinant = right[0] * down[1] - right[1] * down[0];
        let perspective = [
            (sum[0] * down[1] - down[0] * sum[1]) / determinant,
            (right[0] * sum[1] - sum[0] * right[1]) / determinant,
        ];
        let [x, y] = perspective;
        let (mut low, mut high) = (1.0_f64, 1.0_f64);
        for depth in [1.0 + x, 1.0 + x + y, 1.0 + y] {
            (low, high) = (low.min(depth), high.max(depth));
        }
        let ratio = high / low;
        let rubber = ((1.0 - FORESHORTENED[0] / ratio) / (1.0 - FORESHORTENED[0] / FORESHORTENED[1])).max(0.0);
        if (1.0..=FORESHORTENED[1]).contains(&ratio) && x.is_finite() && y.is_finite() {
            Self { corners, perspective, rubber }
        } else {
            // No plane looks like this: it is concave, crosses itself or has no area.
            Self { corners, perspective: [0.0; 2], rubber: 1.0 }
        }
    }

    /// Whether straight lines stay straight.
    pub fn is_projective(&self) -> bool {
        self.rubber <= 0.0
    }

    /// Calls a function with each pixel of the picture and where it lies in the unit square. `base` is the pixel from which
    /// the corners count.
    pub fn each_pixel(&self, clip: &Clip, base: [f64; 2], mut shade: impl FnMut(u32, u32, [f32; 2])) {
        let base = Cell::nearest(base);
        let vertex = |column: u32, row: u32| {
            let vertex = self.vertex([column, row].map(|n| f64::from(n) / f64::from(CELLS)));
            Vertex { cell: vertex.cell + base, ..vertex }
        };
        for (column, row) in (0..CELLS).flat_map(|row| (0..CELLS).map(move |column| (column, row))) {
            let [a, b] = [vertex(column, row), vertex(column + 1, row)];
            let [c, d] = [vertex(column + 1, row + 1), vertex(column, row + 1)];
            for corners in [[a, b, d], [b, c, d]] {
                triangle(corners, clip, |x, y, [u, v, weight]| shade(x, y, [u / weight, v / weight]));
            }
        }
    }

    /// Where a point of the unit square lies, and the point itself and its nearness, weighted by that.
    fn vertex(&self, [u, v]: [f64; 2]) -> Vertex<3> {
        let [a, b, c, d] = self.corners;
        let [x, y] = self.perspective;
        let depth = 1.0 + x * u + y * v;
        let place = |axis: usize| {
            let (a, b, c, d) = (a[axis], b[axis], c[axis], d[axis]);
            let seen = ((b - a + x * b) * u + (d - a + y * d) * v + a) / depth;
            let (upper, lower) = (a + (b - a) * u, d + (c - d) * u);
            seen + (upper + (lower - upper) * v - seen) * self.rubber
        };
        let weight = 1.0 / depth + (1.0 - 1.0 / depth) * self.rubber;
        let values = [u * weight, v * weight, weight].map(|value| value as f32);
        Vertex { cell: Cell::nearest([place(0), place(1)]), values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(corners: [[f64; 2]; 4]) -> usize {
        let mut count = 0;
        Warp::new(corners).each_pixel(&Clip::all(100, 100), [0.0, 0.0], |_, _, [u, v]| {
            assert!((-0.01..1.01).contains(&u) && (-0.01..1.01).contains(&v), "{u} {v}");
            count += 1;
        });
        count
    }

    #[test]
    fn a_picture_covers_what_lies_between_its_corners_however_they_lie() {
        assert_eq!(covered([[10.0, 10.0], [90.0, 10.0], [90.0, 90.0], [10.0, 90.0]]), 6400);
        // Almost a triangle, one with a corner inside of the others, one without area.
        assert!((2800..3300).contains(&covered([[10.0, 10.0], [90.0, 10.0], [90.0, 90.0], [49.0, 51.0]])));
        assert!(covered([[10.0, 10.0], [90.0, 10.0], [30.0, 30.0], [10.0, 90.0]]) > 1000);
        assert_eq!(covered([[10.0, 10.0], [20.0, 20.0], [30.0, 30.0], [40.0, 40.0]]), 0);
    }

    #[test]
    fn only_what_is_squeezed_much_is_of_rubber() {
        assert!(Warp::new([[0.0, 0.0], [90.0, 5.0], [80.0, 90.0], [3.0, 70.0]]).is_projective());
        assert!(!Warp::new([[10.0, 10.0], [90.0, 10.0], [90.0, 90.0], [49.0, 51.0]]).is_projective());
    }
}
