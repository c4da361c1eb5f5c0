//! How much is shown: a ladder, down which a layer goes until it fits.

use super::TileSettings;
use crate::feature::PartKind;
use crate::space::Crs;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::store::overviews;
use crate::store::overviews::FINEST;

/// One rung of the ladder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    /// The level at which lines and polygons that are too small are gathered.
    pub(super) shapes: u8,
    /// The same for points.
    pub(super) points: u8,
    /// Units: bends smaller than the square of this go. None at 0.
    pub(super) tolerance: f64,
    /// The largest byte of vertices that stay.
    pub(super) most: u8,
}

impl Step {
    /// The level at which features of a kind are gathered.
    pub(super) fn level(&self, kind: PartKind) -> u8 {
        if kind == PartKind::Points { self.points } else { self.shapes }
    }
}

/// Rungs of a ladder.
const RUNGS: u8 = 6;

/// Tolerances double from rung to rung until they are this many times as large.
const COARSEST: f64 = 4.0;

/// The ladder of a tile. On its first rung, lines and polygons that are too small are gathered in squares of two pixels of a tile
/// of 512, and points stand as they are; further down the squares are twice as wide on each rung, up to 16 pixels. At the highest
/// zoom the first rung shows everything as it is.
pub(super) fn ladder(settings: &TileSettings, grid: &Grid, coord: TileCoord) -> Vec<Step> {
    let span = grid.level(coord).tile_span().map(|span| span * grid.crs().metres_a_unit());
    let world = 2.0 * Crs::MERCATOR_HALF;
    let zoom = (world / span[0].min(span[1])).log2();
    // The level of squares of one pixel. A hair more, because scales of grids are rounded.
    let pixel = (zoom + 9.0 + 1e-6).floor().clamp(0.0, 31.0) as u8;
    let wide = |pixels: u8| pixel.saturating_sub(pixels.min(4));
    let unit = overviews::SIDE / zoom.exp2() / f64::from(settings.cut.extent);
    let is_exact = grid.zoom(coord.level()) >= f64::from(settings.maxzoom);
    let is_thinned = grid.zoom(coord.level()) < f64::from(settings.thin_below);
    let rung = |number: u8| {
        let shapes = match (is_exact, number) {
            (true, 0) => FINEST,
            (true, number) => wide(number - 1),
            (false, number) => wide(number + 1),
        };
        let points = match (is_thinned, number) {
            (false, 0) => FINEST,
            (false, number) => wide(number - 1),
            (true, number) => wide(number + 1),
        };
        let tolerance = match (is_exact, number) {
            (true, 0) => 0.0,
            (exact, number) => f64::from(number - u8::from(exact)).exp2().min(COARSEST) * settings.cut.tolerance,
        };
        Step { shapes, points, tolerance, most: overviews::needed(tolerance * unit) }
    };
    (0..RUNGS).map(rung).collect()
}
