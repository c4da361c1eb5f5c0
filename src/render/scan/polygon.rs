//! Polygons with holes.

use super::step::Step;
use crate::render::clip::Clip;
use crate::render::lattice::Cell;

/// The edges of a polygon, gathered and then scanned; the memory is used again for the next one.
#[derive(Debug, Default)]
pub struct Polygon {
    /// Row and pixel, in one number that sorts by both.
    crossings: Vec<u64>,
}

/// Pixels are kept as positive numbers beside rows.
const MIDDLE: i64 = 1 << 31;

impl Polygon {
    /// Adds a ring, exterior or hole; the closing edge is added too.
    pub fn add(&mut self, ring: &[Cell], clip: &Clip) {
        let rows = clip.rows();
        let Some(&last) = ring.last() else { return };
        let mut from = last;
        for &to in ring {
            if let Some(mut step) = Step::along(from, to, &rows) {
                while step.row < step.end {
                    let pixel = step.pixel.clamp(-MIDDLE, MIDDLE - 1) + MIDDLE;
                    self.crossings.push((step.row as u64) << 32 | pixel as u64);
                    step.advance();
                }
            }
            from = to;
        }
    }

    /// Calls `run` with each run of pixels inside: row, first, past the last. Inside is where an odd number of edges lies to
    /// the left. The polygon is empty afterwards.
    pub fn scan(&mut self, clip: &Clip, mut run: impl FnMut(u32, u32, u32)) {
        self.crossings.sort_unstable();
        for pair in self.crossings.chunks_exact(2) {
            let (row, from) = ((pair[0] >> 32) as i64, (pair[0] & 0xffff_ffff) as i64 - MIDDLE);
            let to = (pair[1] & 0xffff_ffff) as i64 - MIDDLE;
            if let Some((from, to)) = clip.cut(row, from, to) {
                run(row as u32, from, to);
            }
        }
        self.crossings.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::lattice::SUBPIXELS;

    fn pixels(rings: &[Vec<Cell>], side: u32) -> Vec<bool> {
        let clip = Clip::all(side, side);
        let mut found = vec![false; (side * side) as usize];
        let mut polygon = Polygon::default();
        for ring in rings {
            polygon.add(ring, &clip);
        }
        polygon.scan(&clip, |row, from, to| {
            found[(row * side + from) as usize..(row * side + to) as usize].fill(true);
        });
        found
    }

    /// Whether an odd number of edges crosses the ray to the left, said once more and slowly.
    fn is_inside(ring: &[Cell], x: i64, y: i64) -> bool {
        let mut inside = false;
        for (index, a) in ring.iter().enumerate() {
            let b = ring[(index + 1) % ring.len()];
            let (a, b) = if a.y <= b.y { (*a, b) } else { (b, *a) };
            let crosses = a.y < y && y <= b.y;
            inside ^= crosses && (x - a.x) * (b.y - a.y) >= (y - a.y) * (b.x - a.x);
        }
        inside
    }

    proptest! {
        #[test]
        fn a_pixel_is_drawn_when_its_middle_is_inside(points in prop::collection::vec((-900_i64..4000, -900_i64..4000), 3..9)) {
            let ring: Vec<Cell> = points.into_iter().map(|(x, y)| Cell { x, y }).collect();
            let found = pixels(std::slice::from_ref(&ring), 12);
            for (index, found) in found.into_iter().enumerate() {
                let middle = |n: usize| n as i64 * SUBPIXELS + SUBPIXELS / 2;
                prop_assert_eq!(found, is_inside(&ring, middle(index % 12), middle(index / 12)));
            }
        }
    }

    #[test]
    fn far_away_corners_do_no_harm() {
        let far = 1_i64 << 44;
        let ring = [(-far, -far), (far, -far), (far, far), (-far, far)].map(|(x, y)| Cell { x, y });
        assert!(pixels(&[ring.to_vec()], 4).into_iter().all(|inside| inside));
    }
}
