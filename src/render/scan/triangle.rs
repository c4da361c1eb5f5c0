//! Triangles with values at their corners.

use std::ops::Range;

use super::step::Step;
use crate::render::clip::Clip;
use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;
use crate::render::lattice::first_column;
use crate::render::lattice::first_row;

/// A corner with the values that are spread between it and the other two.
#[derive(Clone, Copy, Debug)]
pub struct Vertex<const N: usize> {
    /// Where it is.
    pub cell: Cell,
    /// The values there.
    pub values: [f32; N],
}

/// One value over a triangle: it changes evenly along rows and columns.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    first: Cell,
    start: f32,
    /// How much it grows with each 256th of a pixel to the right, and down.
    slope: [f32; 2],
}

/// A [`Plane`] along one row.
#[derive(Clone, Copy, Debug)]
pub struct Ramp {
    first: i64,
    start: f32,
    slope: f32,
    down: f32,
}

/// Calls `shade` with each pixel inside and the values at its middle. Of triangles that share an edge one has each pixel.
pub fn triangle<const N: usize>(corners: [Vertex<N>; 3], clip: &Clip, mut shade: impl FnMut(u32, u32, [f32; N])) {
    let mut planes = None;
    rows(corners.map(|corner| corner.cell), clip, |row, run| {
        let planes = planes.get_or_insert_with(|| std::array::from_fn::<_, N, _>(|index| Plane::of(&corners, index)));
        let ramps = planes.map(|plane| plane.along(row));
        for x in run {
            shade(x, row, ramps.map(|ramp| ramp.at(x)));
        }
    });
}

/// Calls `run` with the pixels inside of a triangle, row by row.
pub fn rows(corners: [Cell; 3], clip: &Clip, mut run: impl FnMut(u32, Range<u32>)) {
    // From the top down: one side runs along both others.
    let [a, b, c] = corners;
    let (a, b) = if b.y < a.y { (b, a) } else { (a, b) };
    let (b, c) = if c.y < b.y { (c, b) } else { (b, c) };
    let (a, b) = if b.y < a.y { (b, a) } else { (a, b) };
    let rows = clip.rows();
    let (left, right) = (a.x.min(b.x).min(c.x), a.x.max(b.x).max(c.x));
    // Many pieces of thin lines lie between the middles of pixels.
    let is_seen = first_row(a.y).max(rows.start) < first_row(c.y).min(rows.end)
        && first_column(left) < first_column(right)
        && clip.meets_columns(left, right);
    if !is_seen || is_flat(corners) {
        return;
    }
    let Some(mut long) = Step::along(a, c, &rows) else { return };
    for (from, to) in [(a, b), (b, c)] {
        let Some(mut short) = Step::along(from, to, &rows) else { continue };
        while short.row < short.end {
            let (from, to) = (long.pixel.min(short.pixel), long.pixel.max(short.pixel));
            if let Some((from, to)) = clip.cut(short.row, from, to) {
                run(short.row as u32, from..to);
            }
            long.advance();
            short.advance();
        }
    }
}

/// Whether all three corners are on one line, as far as floats tell.
fn is_flat([a, b, c]: [Cell; 3]) -> bool {
    let (ab, ac) = (b - a, c - a);
    ab.x as f64 * ac.y as f64 == ab.y as f64 * ac.x as f64
}

impl Plane {
    /// The value of an index over a triangle, whose corners are not on one line.
    pub fn of<const N: usize>(corners: &[Vertex<N>; 3], index: usize) -> Self {
        let [a, b, c] = corners.map(|corner| corner.cell);
        let (ab, ac) = (b - a, c - a);
        let area = ab.x as f64 * ac.y as f64 - ab.y as f64 * ac.x as f64;
        let [va, vb, vc] = corners.map(|corner| f64::from(corner.values[index]));
        let (grow_b, grow_c) = (vb - va, vc - va);
        let slope = [
            ((grow_b * ac.y as f64 - grow_c * ab.y as f64) / area) as f32,
            ((grow_c * ab.x as f64 - grow_b * ac.x as f64) / area) as f32,
        ];
        Self { first: a, start: corners[0].values[index], slope }
    }

    /// The value along the middles of a row.
    pub fn along(&self, row: u32) -> Ramp {
        let down = (i64::from(row) * SUBPIXELS + SUBPIXELS / 2 - self.first.y) as f32;
        Ramp { first: self.first.x, start: self.start, slope: self.slope[0], down: self.slope[1] * down }
    }
}

impl Ramp {
    /// The value at the middle of a pixel.
    pub fn at(&self, x: u32) -> f32 {
        let right = (i64::from(x) * SUBPIXELS + SUBPIXELS / 2 - self.first) as f32;
        self.start + (self.slope * right + self.down)
    }

    /// The values at four pixels from one on.
    pub fn at_four(&self, x: u32) -> [f32; 4] {
        let right = i64::from(x) * SUBPIXELS + SUBPIXELS / 2 - self.first;
        match i32::try_from(right) {
            // Narrow numbers are made into floats four at a time.
            Ok(right) if right < i32::MAX - 4 * SUBPIXELS as i32 => std::array::from_fn(|lane| {
                let right = (right + lane as i32 * SUBPIXELS as i32) as f32;
                self.start + (self.slope * right + self.down)
            }),
            _ => std::array::from_fn(|lane| self.at(x + lane as u32)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_spread_evenly_and_halves_of_a_square_meet_without_gap_or_overlap() {
        let corner =
            |x: i64, y: i64| Vertex { cell: Cell { x: x * SUBPIXELS, y: y * SUBPIXELS }, values: [x as f32, y as f32] };
        let clip = Clip::all(8, 8);
        let mut count = [0; 64];
        for corners in [[corner(1, 1), corner(7, 1), corner(7, 7)], [corner(1, 1), corner(7, 7), corner(1, 7)]] {
            triangle(corners, &clip, |x, y, [vx, vy]| {
                assert!((vx - x as f32 - 0.5).abs() < 1e-4 && (vy - y as f32 - 0.5).abs() < 1e-4);
                count[(y * 8 + x) as usize] += 1;
            });
        }
        for (index, count) in count.into_iter().enumerate() {
            let inside = (1..7).contains(&(index % 8)) && (1..7).contains(&(index / 8));
            assert_eq!(count, i32::from(inside), "{index}");
        }
    }
}
