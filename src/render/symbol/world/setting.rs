//! What labels of one picture and of all its neighbours are laid out by.

use xxhash_rust::xxh3::Xxh3;

use crate::render::lattice::Cell;
use crate::render::lattice::SUBPIXELS;
use crate::render::scene::Frame;
use crate::render::symbol::geometry::Affine;
use crate::render::symbol::geometry::Point;
use crate::render::text::GlyphSource;
use crate::render::whole::Plane;
use crate::render::whole::Span;

/// The zoom, the ratio, and where letters come from.
pub struct Setting<'a> {
    /// What properties are evaluated in.
    pub frame: &'a Frame<'a>,
    /// Letters.
    pub glyphs: &'a GlyphSource,
    /// Where everything is.
    pub plane: Plane,
    /// Cells a pixel at a ratio of 1.
    pub pixel: f64,
    /// Pixels for one at the whole zoom below.
    pub growth: f32,
    /// Different for settings by which labels may differ.
    pub key: u64,
}

impl<'a> Setting<'a> {
    /// That of a picture.
    pub fn new(frame: &'a Frame<'a>, glyphs: &'a GlyphSource) -> Self {
        let view = frame.view;
        let mut hash = Xxh3::new();
        for number in [view.zoom(), view.scale(), view.ratio(), view.bearing()] {
            hash.update(&number.to_bits().to_le_bytes());
        }
        hash.update(&view.projection().key().to_le_bytes());
        Self {
            frame,
            glyphs,
            plane: Plane::of(view),
            pixel: SUBPIXELS as f64 * view.ratio(),
            growth: (view.zoom() - frame.layout().zoom).exp2() as f32,
            key: hash.digest(),
        }
    }

    /// From one cell to another in pixels at a ratio of 1, with north up.
    pub fn between(&self, from: Cell, to: Cell) -> Point {
        let Cell { x, y } = to - from;
        [(x as f64 / self.pixel) as f32, (y as f64 / self.pixel) as f32]
    }

    /// The same, turned as the picture is.
    pub fn turned(&self, from: Cell, to: Cell) -> Point {
        self.matrix().apply(self.between(from, to))
    }

    /// From pixels with north up, counted from a label's anchor, to those of the picture.
    pub fn matrix(&self) -> Affine {
        let turn = |vector| self.frame.view.turn(vector).map(|c| c as f32);
        Affine { x: turn([1.0, 0.0]), y: turn([0.0, 1.0]), origin: [0.0; 2] }
    }

    /// The cells around a cell from some edges in pixels (left, top, right, bottom), `margin` pixels farther.
    pub fn span(&self, center: Cell, edges: [f32; 4], margin: f32) -> Span {
        let [left, top, right, bottom] = edges;
        // Where the picture is turned, whatever lies within the distance.
        let edges = if self.frame.view.bearing() == 0.0 {
            [left - margin, top - margin, right + margin, bottom + margin]
        } else {
            let far = [left, top, right, bottom].iter().fold(0.0_f32, |far, edge| far.max(edge.abs()));
            let far = (far + margin) * std::f32::consts::SQRT_2;
            [-far, -far, far, far]
        };
        let cells = edges.map(|edge| (f64::from(edge) * self.pixel).round() as i64);
        Span {
            min: center + Cell { x: cells[0] - 1, y: cells[1] - 1 },
            max: center + Cell { x: cells[2] + 1, y: cells[3] + 1 },
        }
    }
}
