//! A feature's paths on the lattice of one zoom.

use smallvec::SmallVec;

use super::join::join;
use super::window::Span;
use crate::render::lattice::Cell;

/// The lines or rings of a row on a [`Plane`], in the copy of the world that they rest in. They are simplified as wholes and
/// do not depend on what is seen of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    cells: Vec<Cell>,
    /// Pixels from the start of its path to each cell; for a ring counted from the start of its closing side, as MapLibre
    /// does.
    along: Vec<f64>,
    /// What each run of [`RUN`] cells of a path lies in.
    runs: SmallVec<[Span; 1]>,
    paths: SmallVec<[Record; 1]>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Record {
    end: u32,
    runs_end: u32,
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
    /// What each run of [`RUN`] of its cells lies in.
    pub runs: &'a [Span],
    /// Whether it begins a line or a polygon, and is no hole.
    pub begins: bool,
    /// Whether some side of it is longer than [`LONGEST`].
    pub is_long: bool,
}

/// Cells of a path of which it is known together where they lie.
pub const RUN: usize = 64;

/// Cells of the longest side that is drawn in one piece: within it small floats tell all pixels apart.
pub const LONGEST: i64 = 1 << 20;

impl Shape {
    /// The same lines, joined where pieces of them meet.
    pub fn joined(&self) -> Self {
        let mut shape = Self::default();
        for line in join(self.paths().map(|path| path.cells.to_vec()).collect()) {
            let line: Vec<[i64; 2]> = line.into_iter().map(|Cell { x, y }| [x, y]).collect();
            shape.push(&line, true, false);
        }
        shape
    }

    /// Adds a path of at least two cells; a ring goes without its closing one.
    pub fn push(&mut self, path: &[[i64; 2]], begins: bool, closed: bool) {
        let cell = |[x, y]: [i64; 2]| Cell { x, y };
        let closing = cell(path[path.len() - 1]);
        let mut is_long = closed && is_long(closing, cell(path[0]));
        let mut along = if closed { length(closing, cell(path[0])) } else { 0.0 };
        let mut last = cell(path[0]);
        // Most shapes are small and made for one picture: growing would take longer than filling.
        self.cells.reserve(path.len());
        self.along.reserve(path.len());
        for run in path.chunks(RUN) {
            let mut span = Span::EMPTY;
            for &point in run {
                let point = cell(point);
                span.extend(point);
                if point != last {
                    along += length(last, point);
                    is_long |= self::is_long(last, point);
                }
                self.cells.push(point);
                self.along.push(along);
                last = point;
            }
            self.runs.push(span);
        }
        let runs = self.paths.last().map_or(0, |path| path.runs_end as usize);
        let span = self.runs[runs..].iter().fold(Span::EMPTY, |span, run| span.around(run));
        let (end, runs_end) = (self.cells.len() as u32, self.runs.len() as u32);
        self.paths.push(Record { end, runs_end, span, begins, is_long });
    }

    /// Its paths in order.
    pub fn paths(&self) -> impl Iterator<Item = ShapePath<'_>> {
        (0..self.paths.len()).map(|index| {
            let Record { end, runs_end, span, begins, is_long } = self.paths[index];
            let before = index.checked_sub(1).map(|before| &self.paths[before]);
            let [start, runs_start] = before.map_or([0, 0], |path| [path.end as usize, path.runs_end as usize]);
            let range = start..end as usize;
            let runs = &self.runs[runs_start..runs_end as usize];
            ShapePath { cells: &self.cells[range.clone()], along: &self.along[range], span, runs, begins, is_long }
        })
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> u64 {
        (self.cells.len() * 24
            + self.runs.len() * size_of::<Span>()
            + self.paths.len() * size_of::<Record>()
            + size_of::<Self>()) as u64
    }
}

/// Pixels between two cells.
pub fn length(a: Cell, b: Cell) -> f64 {
    let [x, y] = (b - a).to_pixels();
    (x * x + y * y).sqrt()
}

/// Whether a side is too long to be drawn in one piece.
pub fn is_long(a: Cell, b: Cell) -> bool {
    let Cell { x, y } = b - a;
    x.abs().max(y.abs()) > LONGEST
}
