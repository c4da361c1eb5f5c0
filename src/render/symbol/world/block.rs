//! Squares of the world with the labels whose anchors lie in them: found once, asked by all pictures around.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::along::Home;
use super::along::OnLine;
use super::candidate::Candidate;
use super::plan::Places;
use super::plan::Plan;
use super::rank::Rank;
use crate::render::lattice::Cell;
use crate::render::symbol::anchor::Anchor;
use crate::render::symbol::bucket::Missing;
use crate::render::symbol::label::Instance;
use crate::render::whole::Plane;
use crate::render::whole::Rows;
use crate::render::whole::Span;
use crate::style::SymbolPlacement;

/// The labels of one layer in one square.
#[derive(Default)]
pub struct Block {
    /// The labels.
    pub candidates: Vec<Arc<Candidate>>,
    /// Characters without glyphs.
    pub missing: Missing,
}

/// A square by column and row; columns are those of the first copy of the world where there are several.
pub type Place = (i64, i64);

/// The squares of a plane. The last column is narrower where the world is no multiple of them.
#[derive(Clone, Copy, Debug)]
pub struct Blocks {
    side: i64,
    copy: Option<i64>,
}

/// Pixels a side at a ratio of 1.
const SIDE: f64 = 256.0;

impl Blocks {
    /// Squares of so many cells a pixel.
    pub fn new(plane: &Plane, pixel: f64) -> Self {
        Self { side: ((SIDE * pixel).round() as i64).max(1), copy: plane.copy() }
    }

    /// The square that a cell lies in, and the cell in the first copy of the world.
    pub fn place(&self, cell: Cell) -> (Place, Cell) {
        let x = self.copy.map_or(cell.x, |copy| cell.x.rem_euclid(copy));
        ((x.div_euclid(self.side), cell.y.div_euclid(self.side)), Cell { x, y: cell.y })
    }

    /// The cells of a square.
    pub fn span(&self, (column, row): Place) -> Span {
        let min = Cell { x: column * self.side, y: row * self.side };
        let right = self.copy.map_or(min.x + self.side, |copy| copy.min(min.x + self.side));
        let max = Cell { x: right - 1, y: min.y + self.side - 1 };
        Span { min, max }
    }

    /// The squares that a span meets, each with how far its copy of the world is from the first.
    pub fn meeting(&self, span: &Span) -> impl Iterator<Item = (Place, Cell)> + use<> {
        let side = self.side;
        let rows = span.min.y.div_euclid(side)..=span.max.y.div_euclid(side);
        let (left, right) = (span.min.x, span.max.x);
        let columns = move |number: i64| match self.copy {
            Some(copy) => {
                let start = number * copy;
                (start, (left - start).max(0) / side..=(right - start).min(copy - 1) / side)
            }
            None => (0, left.div_euclid(side)..=right.div_euclid(side)),
        };
        let copies = self.copy.map_or(0..=0, |copy| left.div_euclid(copy)..=right.div_euclid(copy));
        let met: Vec<(i64, RangeInclusive<i64>)> = copies.map(columns).collect();
        met.into_iter().flat_map(move |(start, columns)| {
            let rows = rows.clone();
            columns.flat_map(move |column| rows.clone().map(move |row| ((column, row), Cell { x: start, y: 0 })))
        })
    }
}

impl Block {
    /// The same with nothing decided.
    pub fn undecided(&self) -> Self {
        let candidates = self.candidates.iter().map(|candidate| Arc::new(candidate.undecided())).collect();
        Self { candidates, missing: self.missing.clone() }
    }

    /// Adds the places of a label that lie in a square, of one copy of the world.
    pub fn add(&mut self, plan: &Plan, rows: &Rows<'_>, index: usize, copy: Cell, order: u16, span: &Span) {
        let sort_key = plan.bucket.labels[0].sort_key;
        let rank = |place| Rank::new(order, sort_key, plan.identity, rows.name(index), place);
        match &plan.places {
            Places::Points(cells) => {
                for (number, &cell) in cells.iter().enumerate() {
                    let cell = cell + copy;
                    if span.holds(cell) {
                        let anchor = Anchor { point: [0.0; 2], segment: None };
                        let instance = Instance { label: 0, anchor, line: Arc::from([]) };
                        let candidate = Candidate::new(&plan.bucket, instance, cell, rank(number as u64));
                        self.candidates.push(Arc::new(candidate));
                    }
                }
            }
            Places::Lines(shape, closed, along) => {
                let is_center = plan.bucket.rules.placement == SymbolPlacement::LineCenter;
                let home = span.moved(Cell::default() - copy);
                for (path_number, path) in shape.paths().enumerate() {
                    if !path.span.meets(&home) {
                        continue;
                    }
                    let each = |place: OnLine| {
                        let anchor = Anchor { point: [0.0; 2], segment: Some(place.segment) };
                        let instance = Instance { label: 0, anchor, line: place.line.into() };
                        let number = (path_number as u64) << 32 | place.number;
                        let candidate = Candidate::new(&plan.bucket, instance, place.cell + copy, rank(number));
                        self.candidates.push(Arc::new(candidate));
                    };
                    let home = Home { span: &home, own: None };
                    if is_center {
                        along.middle(&path, *closed, home, each);
                    } else {
                        along.places(&path, *closed, home, each);
                    }
                }
            }
        }
    }

    /// Bytes that it takes, the labels not counted.
    pub fn bytes(&self) -> u64 {
        self.candidates.iter().map(|candidate| candidate.bytes()).sum::<u64>() + size_of::<Self>() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_lies_in_the_square_that_a_span_around_it_meets_in_whichever_copy() {
        // A world of 2.5 squares.
        let blocks = Blocks { side: 100, copy: Some(250) };
        for x in -600..600 {
            let cell = Cell { x, y: -5 };
            let (place, moved) = blocks.place(cell);
            assert!(blocks.span(place).holds(moved) && (0..=2).contains(&place.0));
            let met: Vec<_> = blocks.meeting(&Span { min: cell, max: cell }).collect();
            assert_eq!(met, [(place, cell - moved)]);
        }
        let wide = Span { min: Cell { x: 230, y: 0 }, max: Cell { x: 360, y: 0 } };
        let met: Vec<_> = blocks.meeting(&wide).map(|((column, _), start)| (column, start.x)).collect();
        assert_eq!(met, [(2, 0), (0, 250), (1, 250)]);
    }
}
