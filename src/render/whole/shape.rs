//! A feature's paths on the lattice of one zoom.

use super::Plane;
use super::bent::bent;
use super::join::join;
use super::window::Span;
use crate::feature::PartKind;
use crate::feature::Row;
use crate::render::lattice::Cell;
use crate::tile::simplify_line;
use crate::tile::simplify_ring;

/// Detail that cannot be seen: a bend goes when its triangle is smaller than the square of this, an eighth of a pixel.
pub(super) const TOLERANCE: f64 = 32.0;

/// The lines or rings of a row on a [`Plane`], in the copy of the world that they rest in. They are simplified as wholes and
/// do not depend on what is seen of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    cells: Vec<Cell>,
    /// Pixels from the start of its path to each cell; for a ring counted from the start of its closing side, as MapLibre
    /// does.
    along: Vec<f64>,
    paths: Vec<Record>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Record {
    end: u32,
    span: Span,
    begins: bool,
    is_long: bool,
}

/// A path of a shape, borrowed.
#[derive(Clone, Copy)]
pub struct ShapePath<'a> {
    /// Its cells; a ring goes without its closing one.
    pub cells: &'a [Cell],
    /// Pixels along it at each.
    pub along: &'a [f64],
    /// What it lies in.
    pub span: Span,
    /// Whether it begins a line or a polygon, and is no hole.
    pub begins: bool,
    /// Whether some side of it is longer than [`LONGEST`].
    pub is_long: bool,
}

/// Cells of the longest side that is drawn in one piece: within it small floats tell all pixels apart.
pub const LONGEST: i64 = 1 << 20;

impl Shape {
    /// The paths of one kind of a row's parts.
    pub fn new(row: Row<'_>, kind: PartKind, plane: &Plane) -> Self {
        let mut shape = Self::default();
        if plane.projection().bends() {
            bent(row, kind, plane, |path, begins| shape.push(path, begins, kind == PartKind::Polygon));
            return shape;
        }
        let mut path: Vec<[i64; 2]> = Vec::new();
        for part in row.geometry().parts().filter(|part| part.kind() == kind) {
            for (index, positions) in part.paths().enumerate() {
                path.clear();
                for &position in positions {
                    let Some(Cell { x, y }) = plane.cell(position) else { continue };
                    if path.last() != Some(&[x, y]) {
                        path.push([x, y]);
                    }
                }
                if kind == PartKind::Polygon {
                    if path.len() > 1 && path.first() == path.last() {
                        path.pop();
                    }
                    simplify_ring(&mut path, TOLERANCE);
                } else {
                    simplify_line(&mut path, TOLERANCE);
                }
                if path.len() > 1 {
                    shape.push(&path, index == 0, kind == PartKind::Polygon);
                } else if index == 0 {
                    // Where the exterior is not, no hole can be.
                    break;
                }
            }
        }
        shape
    }

    /// The same lines, joined where pieces of them meet.
    pub fn joined(&self) -> Self {
        let mut shape = Self::default();
        for line in join(self.paths().map(|path| path.cells.to_vec()).collect()) {
            let line: Vec<[i64; 2]> = line.into_iter().map(|Cell { x, y }| [x, y]).collect();
            shape.push(&line, true, false);
        }
        shape
    }

    fn push(&mut self, path: &[[i64; 2]], begins: bool, closed: bool) {
        let cell = |[x, y]: [i64; 2]| Cell { x, y };
        let mut span = Span::EMPTY;
        let closing = cell(path[path.len() - 1]);
        let mut is_long = closed && is_long(closing, cell(path[0]));
        let mut along = if closed { length(closing, cell(path[0])) } else { 0.0 };
        let mut last = cell(path[0]);
        for &point in path {
            let point = cell(point);
            if point != last {
                along += length(last, point);
                is_long |= self::is_long(last, point);
            }
            span.extend(point);
            self.cells.push(point);
            self.along.push(along);
            last = point;
        }
        self.paths.push(Record { end: self.cells.len() as u32, span, begins, is_long });
    }

    /// Its paths in order.
    pub fn paths(&self) -> impl Iterator<Item = ShapePath<'_>> {
        (0..self.paths.len()).map(|index| {
            let Record { end, span, begins, is_long } = self.paths[index];
            let start = if index == 0 { 0 } else { self.paths[index - 1].end as usize };
            let range = start..end as usize;
            ShapePath { cells: &self.cells[range.clone()], along: &self.along[range], span, begins, is_long }
        })
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> u64 {
        (self.cells.len() * 24 + self.paths.len() * size_of::<Record>() + size_of::<Self>()) as u64
    }
}

/// Pixels between two cells.
pub fn length(a: Cell, b: Cell) -> f64 {
    let [x, y] = (b - a).to_pixels();
    x.hypot(y)
}

/// Whether a side is too long to be drawn in one piece.
pub fn is_long(a: Cell, b: Cell) -> bool {
    let Cell { x, y } = b - a;
    x.abs().max(y.abs()) > LONGEST
}
