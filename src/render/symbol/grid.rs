//! What is taken: boxes and circles of placed labels, in square cells.

use super::geometry::Point;
use crate::style::Overlap;

/// The shape that a label covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cover {
    /// Left, top, right, bottom.
    Box([f32; 4]),
    /// Centre and radius.
    Circle(Point, f32),
}

/// The covers of placed labels within a rectangle.
#[derive(Clone, Debug)]
pub struct Grid {
    bounds: [f32; 4],
    columns: usize,
    rows: usize,
    cells: Vec<Vec<u32>>,
    taken: Vec<(Cover, Overlap)>,
}

/// Pixels a cell.
const CELL: f32 = 30.0;
/// More cells than this are never needed; they grow instead.
const MAX_CELLS: f32 = 1000.0;

impl Grid {
    /// An empty grid over a rectangle: left, top, right, bottom.
    pub fn new(bounds: [f32; 4]) -> Self {
        let count = |low: f32, high: f32| ((high - low) / CELL).ceil().clamp(1.0, MAX_CELLS) as usize;
        let (columns, rows) = (count(bounds[0], bounds[2]), count(bounds[1], bounds[3]));
        Self { bounds, columns, rows, cells: vec![Vec::new(); columns * rows], taken: Vec::new() }
    }

    /// Whether any part of a cover lies within the rectangle.
    pub fn holds(&self, cover: &Cover) -> bool {
        let [left, top, right, bottom] = cover.bounds();
        right >= self.bounds[0] && left < self.bounds[2] && bottom >= self.bounds[1] && top < self.bounds[3]
    }

    /// Whether a label that covers this would lie over one that is placed and does not allow it.
    pub fn is_blocked(&self, cover: &Cover, overlap: Overlap) -> bool {
        overlap != Overlap::Always
            && self.holds(cover)
            && self.cells_of(cover).any(|cell| {
                self.cells[cell].iter().any(|&taken| {
                    let (other, theirs) = &self.taken[taken as usize];
                    let tolerates = overlap == Overlap::Cooperative && *theirs != Overlap::Never;
                    !tolerates && cover.touches(other)
                })
            })
    }

    /// What is taken, in order.
    pub fn taken(&self) -> &[(Cover, Overlap)] {
        &self.taken
    }

    /// Takes a cover.
    pub fn insert(&mut self, cover: Cover, overlap: Overlap) {
        let index = self.taken.len() as u32;
        self.taken.push((cover, overlap));
        let cells: Vec<usize> = self.cells_of(&cover).collect();
        for cell in cells {
            self.cells[cell].push(index);
        }
    }

    fn cells_of(&self, cover: &Cover) -> impl Iterator<Item = usize> + use<> {
        let [left, top, right, bottom] = cover.bounds();
        let columns = self.columns;
        // What lies outside is filed at the edge, where only what lies outside as well or at the edge asks for it.
        let index = |value: f32, low: f32, high: f32, count: usize| {
            ((value - low) / (high - low) * count as f32).clamp(0.0, (count - 1) as f32) as usize
        };
        let [low_x, low_y, high_x, high_y] = self.bounds;
        let xs = index(left, low_x, high_x, columns)..=index(right, low_x, high_x, columns);
        let ys = index(top, low_y, high_y, self.rows)..=index(bottom, low_y, high_y, self.rows);
        ys.flat_map(move |y| xs.clone().map(move |x| y * columns + x))
    }
}

impl Cover {
    /// The same elsewhere.
    pub fn moved(&self, [x, y]: Point) -> Self {
        match *self {
            Self::Box([left, top, right, bottom]) => Self::Box([left + x, top + y, right + x, bottom + y]),
            Self::Circle(center, radius) => Self::Circle([center[0] + x, center[1] + y], radius),
        }
    }

    /// The box around it.
    pub fn bounds(&self) -> [f32; 4] {
        match *self {
            Self::Box(bounds) => bounds,
            Self::Circle([x, y], r) => [x - r, y - r, x + r, y + r],
        }
    }

    /// Whether two covers have a point in common.
    pub fn touches(&self, other: &Self) -> bool {
        match (*self, *other) {
            (Self::Box(a), Self::Box(b)) => a[0] <= b[2] && a[1] <= b[3] && a[2] >= b[0] && a[3] >= b[1],
            (Self::Circle(a, r), Self::Circle(b, s)) => {
                let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
                dx * dx + dy * dy < (r + s) * (r + s)
            }
            (Self::Box(bounds), Self::Circle(center, radius)) | (Self::Circle(center, radius), Self::Box(bounds)) => {
                let nearest = [center[0].clamp(bounds[0], bounds[2]), center[1].clamp(bounds[1], bounds[3])];
                let (dx, dy) = (center[0] - nearest[0], center[1] - nearest[1]);
                dx * dx + dy * dy <= radius * radius
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cover() -> impl Strategy<Value = Cover> {
        let place = || -50.0..450.0_f32;
        let size = || 0.0..90.0_f32;
        prop_oneof![
            (place(), place(), size(), size()).prop_map(|(x, y, w, h)| Cover::Box([x, y, x + w, y + h])),
            (place(), place(), size()).prop_map(|(x, y, r)| Cover::Circle([x, y], r)),
        ]
    }

    fn overlap() -> impl Strategy<Value = Overlap> {
        prop_oneof![Just(Overlap::Never), Just(Overlap::Cooperative), Just(Overlap::Always)]
    }

    proptest! {
        #[test]
        fn the_grid_answers_as_looking_at_each_placed_cover_does(
            placed in proptest::collection::vec((cover(), overlap()), 0..40),
            asked in cover(),
            mode in overlap(),
        ) {
            let mut grid = Grid::new([0.0, 0.0, 400.0, 400.0]);
            for &(cover, overlap) in &placed {
                grid.insert(cover, overlap);
            }
            let blocks = |&(cover, theirs): &(Cover, Overlap)| {
                asked.touches(&cover) && (mode == Overlap::Never || theirs == Overlap::Never)
            };
            let expected = mode != Overlap::Always && grid.holds(&asked) && placed.iter().any(blocks);
            prop_assert_eq!(grid.is_blocked(&asked, mode), expected);
        }

        #[test]
        fn touching_is_mutual(a in cover(), b in cover()) {
            prop_assert_eq!(a.touches(&b), b.touches(&a));
        }
    }
}
