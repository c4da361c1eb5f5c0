//! The lattice of one zoom, as large as the world.

use super::window::Span;
use crate::render::View;
use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;
use crate::render::projection::Projection;
use crate::render::view::degrees;
use crate::space::Rect;

/// The world laid out on the lattice of pixels at one scale: cells are counted from its corner, whatever picture is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    projection: Projection,
    /// Pixels a world.
    scale: f64,
}

/// A rectangle in degrees and how many copies of the world it is shown to the east.
pub type Asked = (i32, Rect);

impl Plane {
    /// The plane that a view's picture is a part of.
    pub fn of(view: &View) -> Self {
        Self { projection: view.projection().clone(), scale: view.scale() }
    }

    /// How the earth is laid out.
    pub fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Different for different planes.
    pub fn key(&self) -> u64 {
        self.projection.key() ^ self.scale.to_bits()
    }

    /// Where a position (longitude and latitude in degrees) lies; `None` where the projection is not defined.
    pub fn cell(&self, position: [f64; 2]) -> Option<Cell> {
        self.projection.world(position).map(|point| self.cell_of_world(point))
    }

    /// Where a point of the world lies.
    pub fn cell_of_world(&self, point: [f64; 2]) -> Cell {
        Cell::nearest(point.map(|n| n * self.scale))
    }

    /// Where a point of the unit square of Web Mercator lies, in which tiles from elsewhere are.
    pub fn cell_of_web_mercator(&self, point: [f64; 2]) -> Option<Cell> {
        if self.projection.is_web_mercator() { Some(self.cell_of_world(point)) } else { self.cell(degrees(point)) }
    }

    /// From one copy of the world to the next: those who see it again see the same cells. `None` where there is one alone.
    pub fn copy(&self) -> Option<i64> {
        self.projection.period().map(|period| Cell::nearest([period * self.scale, 0.0]).x.max(1))
    }

    /// A point of the world at a cell.
    pub fn to_world(&self, cell: Cell) -> [f64; 2] {
        cell.to_pixels().map(|n| n / self.scale)
    }

    /// Cells a world, which need not be whole.
    pub fn cells(&self) -> f64 {
        self.scale * SUBPIXELS as f64
    }

    /// The copies of the world that a span shows some of, and for each the rectangles in degrees: to ask an R-tree with.
    pub fn asked(&self, span: &Span) -> Vec<Asked> {
        let rect = |span: &Span| {
            let ([left, top], [right, bottom]) = (self.to_world(span.min), self.to_world(span.max));
            self.projection.parts(&Rect::new(left, top, right, bottom))
        };
        let Some(copy) = self.copy() else { return rect(span).into_iter().map(|rect| (0, rect)).collect() };
        let copies = span.min.x.div_euclid(copy)..=span.max.x.div_euclid(copy);
        let of_copy = |number: i64| {
            let moved = span.moved(Cell { x: -number * copy, y: 0 });
            rect(&moved).into_iter().map(move |rect| (number as i32, rect))
        };
        copies.flat_map(of_copy).collect()
    }
}
