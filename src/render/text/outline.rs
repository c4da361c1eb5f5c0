//! Outlines of glyphs as straight segments.

use skrifa::outline::OutlinePen;

/// A point of an outline, pixels, y upwards.
pub type Point = [f32; 2];

/// Collects the contours of a glyph, curves replaced by segments that stay within [`TOLERANCE`] of them.
#[derive(Debug, Default)]
pub struct Flattener {
    segments: Vec<[Point; 2]>,
    start: Point,
    pen: Point,
}

/// Largest distance from a curve to its segments, pixels at 24 px a em: a fifth of the step of one value of the field.
const TOLERANCE: f32 = 0.006;
/// No curve of a letter needs more segments than this.
const MAX_STEPS: f32 = 64.0;

impl Flattener {
    /// The closed contours as segments.
    pub fn finish(mut self) -> Vec<[Point; 2]> {
        self.close();
        self.segments
    }

    fn segment_to(&mut self, to: Point) {
        let (dx, dy) = (to[0] - self.pen[0], to[1] - self.pen[1]);
        if (dx.abs() + dy.abs()).is_normal() {
            self.segments.push([self.pen, to]);
            self.pen = to;
        }
    }

    fn curve_to(&mut self, deviation: f32, at: impl Fn(f32) -> Point) {
        // A quadratic piece of n equal steps of its parameter deviates by 1/n² of what one step does.
        let steps = (deviation / TOLERANCE).sqrt().ceil().clamp(1.0, MAX_STEPS);
        for step in 1..=steps as u32 {
            self.segment_to(at(step as f32 / steps));
        }
    }
}

impl OutlinePen for Flattener {
    fn move_to(&mut self, x: f32, y: f32) {
        self.close();
        self.start = [x, y];
        self.pen = [x, y];
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.segment_to([x, y]);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let from = self.pen;
        let bend = (from[0] - 2.0 * cx + x).hypot(from[1] - 2.0 * cy + y);
        self.curve_to(bend / 4.0, |t| {
            let u = 1.0 - t;
            let blend = |a: f32, b: f32, c: f32| u * u * a + 2.0 * u * t * b + t * t * c;
            [blend(from[0], cx, x), blend(from[1], cy, y)]
        });
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let from = self.pen;
        let first = (from[0] - 2.0 * ax + bx).hypot(from[1] - 2.0 * ay + by);
        let second = (ax - 2.0 * bx + x).hypot(ay - 2.0 * by + y);
        self.curve_to(first.max(second) * 0.75, |t| {
            let u = 1.0 - t;
            let blend = |p: f32, a: f32, b: f32, q: f32| {
                u * u * u * p + 3.0 * u * u * t * a + 3.0 * u * t * t * b + t * t * t * q
            };
            [blend(from[0], ax, bx, x), blend(from[1], ay, by, y)]
        });
    }

    fn close(&mut self) {
        self.segment_to(self.start);
    }
}
