//! The lattice of one zoom, as large as the world.

use super::window::Span;
use crate::render::View;
use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;
use crate::render::view::degrees;
use crate::render::view::world;
use crate::space::Rect;

/// The world laid out on the lattice of pixels at one scale: cells are counted from its north-west corner, whatever picture
/// is drawn. All that knows in which projection is here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Pixels a world.
    scale: f64,
}

impl Plane {
    /// The plane that a view's picture is a part of.
    pub fn of(view: &View) -> Self {
        Self { scale: view.scale() }
    }

    /// Different for different planes.
    pub fn key(&self) -> u64 {
        self.scale.to_bits()
    }

    /// Where a position (longitude and latitude in degrees) lies.
    pub fn cell(&self, position: [f64; 2]) -> Cell {
        Cell::nearest(world(position).map(|n| n * self.scale))
    }

    /// Where a point of the world lies.
    pub fn cell_of_world(&self, point: [f64; 2]) -> Cell {
        Cell::nearest(point.map(|n| n * self.scale))
    }

    /// From one copy of the world to the next: those who see it again see the same cells.
    pub fn copy(&self) -> i64 {
        Cell::nearest([self.scale, 0.0]).x.max(1)
    }

    /// Cells in the world, whose width is 1.
    pub fn to_world(&self, cell: Cell) -> [f64; 2] {
        cell.to_pixels().map(|n| n / self.scale)
    }

    /// Cells a world, which need not be whole.
    pub fn cells(&self) -> f64 {
        self.scale * SUBPIXELS as f64
    }

    /// The copies of the world that a span shows some of, and for each the rectangle in degrees: to ask an R-tree with.
    pub fn asked(&self, span: &Span) -> impl Iterator<Item = (i32, Rect)> + use<> {
        let (plane, span, copy) = (*self, *span, self.copy());
        let copies = span.min.x.div_euclid(copy)..=span.max.x.div_euclid(copy);
        copies.map(move |number| {
            let moved = span.moved(Cell { x: -number * copy, y: 0 });
            let [west, north] = degrees(plane.to_world(moved.min));
            let [east, south] = degrees(plane.to_world(moved.max));
            (number as i32, Rect::new(west, south, east, north))
        })
    }
}
