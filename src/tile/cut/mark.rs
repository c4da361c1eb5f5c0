//! What stands for several features that are too small to be seen.

use super::clip::Square;
use super::features::narrow;
use super::items::Dot;
use super::snap::Window;
use crate::feature::Geometry;
use crate::feature::PartKind;
use crate::space::Crs;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::tile::CutSettings;
use crate::tile::LayerBuilder;

/// How large the world of Web Mercator is on a tile.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// Units a world, at the equator.
    units: f64,
    /// Whether it is the same everywhere.
    is_even: bool,
}

impl Scale {
    pub(super) fn of(grid: &Grid, coord: TileCoord, settings: &CutSettings) -> Self {
        let [width, height] = grid.level(coord).tile_span().map(|span| span / f64::from(settings.extent));
        let units = 2.0 * Crs::MERCATOR_HALF / (grid.crs().metres_a_unit() * width.min(height));
        Self { units, is_even: *grid.crs() == Crs::WebMercator }
    }

    /// The units of a part of the world at a latitude.
    fn at(self, size: f64, latitude: f64) -> f64 {
        size * self.units * if self.is_even { 1.0 } else { latitude.to_radians().cos() }
    }
}

/// Puts a dot into the layer, in each copy of the world in which it is seen: polygons as a rectangle of as many units as come
/// closest to their area, lines as one that leads where the first of them does. Answers whether it is seen at all.
pub(super) fn push_dot(
    dot: &Dot,
    geometry: Geometry<'_>,
    (windows, square, scale): (&[Window], Square, Scale),
    layer: &mut LayerBuilder,
) -> bool {
    let hold = |n: i64| n.clamp(square.low, square.high);
    let most = (square.high - square.low) as f64;
    let size = scale.at(dot.size, dot.position[1]).min(most);
    let mut is_seen = false;
    for window in windows {
        let Some(place) = window.snap(dot.position).filter(|&place| square.holds(place)) else { continue };
        if dot.kind == PartKind::Polygon {
            let width = size.round().max(1.0);
            let height = (size * size / width).round().max(1.0);
            let start = |middle: i64, side: f64| (middle - (side / 2.0) as i64).clamp(square.low, square.high - 1);
            let (left, top) = (start(place[0], width), start(place[1], height));
            let (right, bottom) = (hold(left + width as i64), hold(top + height as i64));
            layer.push_path([[left, top], [right, top], [right, bottom], [left, bottom]].map(narrow));
        } else {
            let [x, y] = direction(geometry);
            let half = size.max(1.0) / 2.0;
            let end = |side: f64| {
                let step = [x, y].map(|n| (n * half * side).round() as i64);
                [hold(place[0] + step[0]), hold(place[1] + step[1])]
            };
            let line = [end(-1.0), end(1.0)];
            let line = if line[0] == line[1] { [place, [place[0] + 1, place[1]]] } else { line };
            layer.push_path(line.map(narrow));
        }
        is_seen = true;
    }
    is_seen
}

/// Which way a geometry leads from its first to its last position, y down; to the right when it returns.
fn direction(geometry: Geometry<'_>) -> [f64; 2] {
    let (Some([ax, ay]), Some([bx, by])) = (geometry.coords().first(), geometry.coords().last()) else {
        return [1.0, 0.0];
    };
    let (x, y) = ((bx - ax) * ay.to_radians().cos(), ay - by);
    let length = x.hypot(y);
    if length > 0.0 { [x / length, y / length] } else { [1.0, 0.0] }
}
