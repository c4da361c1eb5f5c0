//! Paths without what lies beyond a window.
//!
//! ```text
//!            .-x-x-.             x left out: beyond the side on which both neighbours lie, too
//!   +------./------+\
//!   |   window     | \           all that the window meets stays as it is, and its neighbours with it,
//! ```                            since a line's bends are made of both its sides

use super::shape::LONGEST;
use super::shape::RUN;
use super::shape::ShapePath;
use super::shape::is_long;
use super::window::Span;
use crate::render::lattice::Cell;

/// A path of which parts were left out, with the pixels along the whole one at each cell.
#[derive(Debug, Default)]
pub struct Trimmed {
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Pixels along.
    pub along: Vec<f64>,
    refined: (Vec<Cell>, Vec<f64>),
}

/// Cells on either side of one that decide whether it is kept.
const BESIDE: usize = 3;

impl Trimmed {
    /// Trims a path to an area, which holds all from where it can be seen. False when nothing of it can.
    pub fn trim(&mut self, path: &ShapePath<'_>, closed: bool, area: &Span) -> bool {
        self.cells.clear();
        self.along.clear();
        if !path.span.meets(area) {
            return false;
        }
        if area.covers(&path.span) && !path.is_long {
            self.cells.extend_from_slice(path.cells);
            self.along.extend_from_slice(path.along);
            return true;
        }
        let (mut cells, mut along) = std::mem::take(&mut self.refined);
        let (from, marks) = if path.is_long {
            refine(path, closed, area, &mut cells, &mut along);
            (&cells[..], &along[..])
        } else {
            (path.cells, path.along)
        };
        let runs = if path.is_long { &[][..] } else { path.runs };
        self.keep(from, marks, runs, closed, area);
        self.refined = (cells, along);
        true
    }

    fn keep(&mut self, cells: &[Cell], along: &[f64], runs: &[Span], closed: bool, area: &Span) {
        let count = cells.len();
        let side = |index: isize| -> Option<u8> {
            let index = if closed { index.rem_euclid(count as isize) as usize } else { usize::try_from(index).ok()? };
            cells.get(index).map(|&cell| area.sides_beyond(cell))
        };
        // Whether the side of the path that begins here can be seen.
        let seen = |index: isize| matches!((side(index), side(index + 1)), (Some(a), Some(b)) if a & b == 0);
        let mut sights = [seen(-2), seen(-1), seen(0), seen(1)];
        let mut last = u8::MAX;
        let mut index = 0;
        while index < count {
            // Where a whole run lies beyond a side, so do all that decide about those in its middle.
            if index % RUN == BESIDE
                && let Some(run) = runs.get(index / RUN)
                && last & area.sides_beyond_all(run) != 0
            {
                let end = (index - BESIDE + RUN).min(count) - BESIDE;
                if end > index {
                    index = end;
                    sights = [false, false, false, seen(index as isize + 1)];
                    continue;
                }
            }
            let at = index as isize;
            let own = side(at).unwrap_or(0);
            let is_end = index == 0 || index + 1 == count;
            let beside = last & own & side(at + 1).unwrap_or(0) != 0;
            if is_end || sights.contains(&true) || !beside {
                self.cells.push(cells[index]);
                self.along.push(along[index]);
                last = own;
            }
            sights = [sights[1], sights[2], sights[3], seen(at + 2)];
            index += 1;
        }
    }
}

/// Halves long sides as often as it takes, where they are near. Where a side is halved depends on the side alone.
fn refine(path: &ShapePath<'_>, closed: bool, area: &Span, cells: &mut Vec<Cell>, along: &mut Vec<f64>) {
    cells.clear();
    along.clear();
    let near = area.grown(4 * LONGEST);
    let count = path.cells.len();
    for index in 0..count {
        let a = (path.cells[index], path.along[index]);
        cells.push(a.0);
        along.push(a.1);
        if index + 1 < count {
            halve(a, (path.cells[index + 1], path.along[index + 1]), &near, cells, along);
        } else if closed {
            let b = path.cells[0];
            halve(a, (b, a.1 + super::shape::length(a.0, b)), &near, cells, along);
        }
    }
}

fn halve(a: (Cell, f64), b: (Cell, f64), near: &Span, cells: &mut Vec<Cell>, along: &mut Vec<f64>) {
    if !is_long(a.0, b.0) || near.sides_beyond(a.0) & near.sides_beyond(b.0) != 0 {
        return;
    }
    let middle = Cell { x: (a.0.x + b.0.x) >> 1, y: (a.0.y + b.0.y) >> 1 };
    let middle = (middle, f64::midpoint(a.1, b.1));
    halve(a, middle, near, cells, along);
    cells.push(middle.0);
    along.push(middle.1);
    halve(middle, b, near, cells, along);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::whole::Shape;

    fn path(cells: &[Cell]) -> ShapePath<'_> {
        let mut span = Span::EMPTY;
        cells.iter().for_each(|&cell| span.extend(cell));
        ShapePath { cells, along: &[0.0; 64][..cells.len()], span, runs: &[], begins: true, is_long: false }
    }

    #[test]
    fn what_lies_beyond_a_side_goes_and_what_is_seen_keeps_its_neighbours() {
        let area = Span { min: Cell { x: 0, y: 0 }, max: Cell { x: 10, y: 10 } };
        let xs = [-50, -40, -30, -20, -10, 5, 20, 30, 40, 50];
        let cells: Vec<Cell> = xs.iter().map(|&x| Cell { x, y: 5 }).collect();
        let mut trimmed = Trimmed::default();
        assert!(trimmed.trim(&path(&cells), false, &area));
        let kept: Vec<i64> = trimmed.cells.iter().map(|cell| cell.x).collect();
        assert_eq!(kept, [-50, -20, -10, 5, 20, 30, 50]);
        assert!(!trimmed.trim(&path(&cells[..3]), false, &area));
    }

    proptest! {
        #[test]
        fn runs_that_are_passed_over_change_nothing(
            steps in prop::collection::vec((-9_i64..9, -9_i64..9), 1..700),
            turn in 1_i64..200,
            closed: bool,
        ) {
            let mut at = Cell { x: 40, y: 20 };
            let path: Vec<[i64; 2]> = steps.into_iter().enumerate().map(|(number, (x, y))| {
                // It wanders off and comes back.
                let drift = if number as i64 / turn % 2 == 0 { 4 } else { -4 };
                at = at + Cell { x: x + drift, y: y - drift };
                [at.x, at.y]
            }).collect();
            let mut shape = Shape::default();
            shape.push(&path, true, closed);
            let area = Span { min: Cell { x: 0, y: 0 }, max: Cell { x: 100, y: 60 } };
            let [mut with, mut without] = [Trimmed::default(), Trimmed::default()];
            let path = shape.paths().next().unwrap();
            let is_seen = with.trim(&path, closed, &area);
            prop_assert_eq!(is_seen, without.trim(&ShapePath { runs: &[], ..path }, closed, &area));
            prop_assert_eq!(&with.cells, &without.cells);
            prop_assert_eq!(&with.along, &without.along);
        }
    }

    #[test]
    fn a_long_side_is_halved_at_the_same_places_whatever_is_seen_of_it() {
        let cells = [Cell { x: -70 * LONGEST, y: 0 }, Cell { x: 71 * LONGEST, y: 13 * LONGEST }];
        let path = ShapePath { is_long: true, ..path(&cells) };
        let mut found = Vec::new();
        for start in [0, 1000, 9 * LONGEST] {
            let min = Cell { x: start, y: 5 * LONGEST };
            let mut trimmed = Trimmed::default();
            trimmed.trim(&path, false, &Span { min, max: Cell { x: min.x + 2 * LONGEST, y: 9 * LONGEST } });
            let near = Span { min: Cell { x: 9 * LONGEST, y: 0 }, max: Cell { x: 10 * LONGEST, y: 8 * LONGEST } };
            found.push(trimmed.cells.into_iter().filter(|&cell| near.holds(cell)).collect::<Vec<_>>());
        }
        assert!(!found[2].is_empty());
        assert!(found[0].iter().all(|cell| found[2].contains(cell)));
    }
}
