//! Points, boxes and affine maps in the plane.

/// x to the right, y down.
pub type Point = [f32; 2];

/// The sum of two vectors.
pub fn add(a: Point, b: Point) -> Point {
    [a[0] + b[0], a[1] + b[1]]
}

/// From `b` to `a`.
pub fn subtract(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

/// A vector enlarged by a factor.
pub fn scale(a: Point, factor: f32) -> Point {
    [a[0] * factor, a[1] * factor]
}

/// The point between two others at a share of the way.
pub fn mix(a: Point, b: Point, t: f32) -> Point {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/// Between two points.
pub fn distance(a: Point, b: Point) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Of a line.
pub fn length(line: &[Point]) -> f32 {
    line.windows(2).map(|ends| distance(ends[0], ends[1])).sum()
}

/// Direction from `b` to `a`, radians clockwise from the x axis.
pub fn angle(a: Point, b: Point) -> f32 {
    (a[1] - b[1]).atan2(a[0] - b[0])
}

/// Turned clockwise by radians.
pub fn rotate(a: Point, radians: f32) -> Point {
    let (sin, cos) = radians.sin_cos();
    [cos * a[0] - sin * a[1], sin * a[0] + cos * a[1]]
}

/// The upright box around points: left, top, right, bottom.
pub fn envelope(points: &[Point]) -> [f32; 4] {
    let start = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    points.iter().fold(start, |b, p| [b[0].min(p[0]), b[1].min(p[1]), b[2].max(p[0]), b[3].max(p[1])])
}

/// The corners of a box, clockwise from the top left.
pub fn corners([left, top, right, bottom]: [f32; 4]) -> [Point; 4] {
    [[left, top], [right, top], [right, bottom], [left, bottom]]
}

/// `x' = a x + c y + e`, `y' = b x + d y + f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// Image of the unit vector along x: a, b.
    pub x: Point,
    /// Image of the unit vector along y: c, d.
    pub y: Point,
    /// Image of the origin: e, f.
    pub origin: Point,
}

impl Affine {
    /// The image of a point.
    pub fn apply(&self, p: Point) -> Point {
        [self.x[0] * p[0] + self.y[0] * p[1] + self.origin[0], self.x[1] * p[0] + self.y[1] * p[1] + self.origin[1]]
    }

    /// The map back; `None` when everything is mapped to a line.
    pub fn inverse(&self) -> Option<Self> {
        let determinant = self.x[0] * self.y[1] - self.x[1] * self.y[0];
        if !determinant.is_normal() {
            return None;
        }
        let x = [self.y[1] / determinant, -self.x[1] / determinant];
        let y = [-self.y[0] / determinant, self.x[0] / determinant];
        let linear = Self { x, y, origin: [0.0, 0.0] };
        let [e, f] = linear.apply(self.origin);
        Some(Self { origin: [-e, -f], ..linear })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_undoes_a_map_and_a_flat_one_has_none() {
        let map = Affine { x: [2.0, 1.0], y: [-1.0, 3.0], origin: [5.0, 7.0] };
        let there_and_back = map.inverse().unwrap().apply(map.apply([11.0, -4.0]));
        assert!(distance(there_and_back, [11.0, -4.0]) < 1e-4);
        assert_eq!(Affine { y: [4.0, 2.0], ..map }.inverse(), None);
    }
}
