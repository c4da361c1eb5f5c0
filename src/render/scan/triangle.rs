//! Triangles with values at their corners.

use super::step::Step;
use crate::render::clip::Clip;
use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;

/// A corner with the values that are spread between it and the other two.
#[derive(Clone, Copy, Debug)]
pub struct Vertex<const N: usize> {
    /// Where it is.
    pub cell: Cell,
    /// The values there.
    pub values: [f32; N],
}

/// Calls `shade` with each pixel inside and the values at its middle. Of triangles that share an edge one has each pixel.
pub fn triangle<const N: usize>(corners: [Vertex<N>; 3], clip: &Clip, mut shade: impl FnMut(u32, u32, [f32; N])) {
    let [a, b, c] = corners.map(|corner| corner.cell);
    let (ab, ac) = (b - a, c - a);
    let area = ab.x as f64 * ac.y as f64 - ab.y as f64 * ac.x as f64;
    if area == 0.0 {
        return;
    }
    // How much each value grows with each 256th of a pixel to the right and down, counted from the first corner.
    let mut slopes = [[0.0_f32; 2]; N];
    for (index, slope) in slopes.iter_mut().enumerate() {
        let [va, vb, vc] = corners.map(|corner| f64::from(corner.values[index]));
        let (grow_b, grow_c) = (vb - va, vc - va);
        *slope = [
            ((grow_b * ac.y as f64 - grow_c * ab.y as f64) / area) as f32,
            ((grow_c * ab.x as f64 - grow_b * ac.x as f64) / area) as f32,
        ];
    }
    let rows = clip.rows();
    let mut edges = [Step::along(a, b, &rows), Step::along(b, c, &rows), Step::along(c, a, &rows)];
    let first = edges.iter().flatten().map(|edge| edge.row).min();
    let Some(first) = first else { return };
    let mut row = first;
    loop {
        let (mut from, mut to) = (i64::MAX, i64::MIN);
        for edge in edges.iter_mut().flatten().filter(|edge| edge.row == row && edge.row < edge.end) {
            from = from.min(edge.pixel);
            to = to.max(edge.pixel);
            edge.advance();
        }
        if from > to {
            return;
        }
        if let Some((from, to)) = clip.cut(row, from, to) {
            let down = (row * SUBPIXELS + SUBPIXELS / 2 - a.y) as f32;
            for x in from..to {
                let right = (i64::from(x) * SUBPIXELS + SUBPIXELS / 2 - a.x) as f32;
                let mut values = corners[0].values;
                for (value, [by_x, by_y]) in values.iter_mut().zip(slopes) {
                    *value += by_x * right + by_y * down;
                }
                shade(x, row as u32, values);
            }
        }
        row += 1;
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
