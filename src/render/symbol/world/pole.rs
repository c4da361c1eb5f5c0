//! Where the label of a polygon stands: the same place at every zoom of a projection.

use crate::feature::Part;
use crate::feature::PartKind;
use crate::feature::Row;
use crate::render::Projection;
use crate::render::symbol::geometry::Point;
use crate::render::symbol::pole::pole;
use crate::space::Rect;
use crate::tile::simplify_ring;

/// The pole of one polygon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pole {
    /// Where it is in the world.
    pub point: [f64; 2],
    /// The longer side of the polygon's box in the world.
    pub size: f64,
}

/// Units of the longer side in which a polygon is looked at.
const UNITS: f64 = 4096.0;

/// A unit in which bends are looked at: finer ones do not move the pole.
const BEND: f64 = 8.0;

/// How near to the best place is near enough.
const PRECISION: f64 = 16.0;

/// The poles of a row's polygons, the largest polygon first.
pub fn poles(row: Row<'_>, projection: &Projection) -> Vec<Pole> {
    let polygons = row.geometry().parts().filter(|part| part.kind() == PartKind::Polygon);
    let mut found: Vec<Pole> = polygons.filter_map(|part| of_polygon(&part, projection)).collect();
    found.sort_by(|a, b| b.size.total_cmp(&a.size));
    found
}

/// Where the one label of a row stands, in the world of Web Mercator: at the pole of its largest polygon, or else in the middle of its
/// longest line. Points have none.
pub fn label_point(row: Row<'_>) -> Option<[f64; 2]> {
    let projection = Projection::web_mercator();
    let parts = |kind: PartKind| row.geometry().parts().filter(move |part| part.kind() == kind);
    let largest = |a: &Part<'_>, b: &Part<'_>| spread(a).total_cmp(&spread(b));
    if let Some(polygon) = parts(PartKind::Polygon).max_by(largest) {
        // What is too thin to have a pole has a first corner.
        let corner = || polygon.paths().next()?.first().map(|&position| crate::render::world(position));
        return of_polygon(&polygon, &projection).map(|pole| pole.point).or_else(corner);
    }
    let lines = parts(PartKind::Line).flat_map(|part| part.paths());
    let lines = lines.map(|line| line.iter().map(|&position| crate::render::world(position)).collect::<Vec<_>>());
    let longest = lines.max_by(|a, b| length(a).total_cmp(&length(b)))?;
    let mut left = length(&longest) / 2.0;
    for pair in longest.windows(2) {
        let own = length(pair);
        if own >= left && own > 0.0 {
            return Some([0, 1].map(|axis: usize| pair[0][axis] + (pair[1][axis] - pair[0][axis]) * left / own));
        }
        left -= own;
    }
    longest.last().copied()
}

/// The area of the box around a polygon, in squares of degrees.
fn spread(part: &Part<'_>) -> f64 {
    let mut rect = Rect::EMPTY;
    part.paths().next().unwrap_or_default().iter().for_each(|&position| rect.extend(position));
    rect.width() * rect.height()
}

fn length(line: &[[f64; 2]]) -> f64 {
    line.windows(2).map(|pair| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1])).sum()
}

fn of_polygon(part: &Part<'_>, projection: &Projection) -> Option<Pole> {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    let mut rings: Vec<Vec<[f64; 2]>> = Vec::new();
    for ring in part.paths() {
        let ring: Vec<[f64; 2]> = ring.iter().filter_map(|&position| projection.world(position)).collect();
        for point in ring.iter().filter(|_| rings.is_empty()) {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        rings.push(ring);
    }
    let size = (high[0] - low[0]).max(high[1] - low[1]);
    if !(size > 0.0 && size.is_finite()) {
        return None;
    }
    let unit = size / UNITS;
    let snapped = |ring: &Vec<[f64; 2]>| {
        let mut path: Vec<[i64; 2]> = Vec::with_capacity(ring.len());
        for point in ring {
            let point = [0, 1].map(|axis: usize| ((point[axis] - low[axis]) / unit).round() as i64);
            if path.last() != Some(&point) {
                path.push(point);
            }
        }
        if path.len() > 1 && path.first() == path.last() {
            path.pop();
        }
        simplify_ring(&mut path, BEND);
        path.into_iter().map(|point| point.map(|n| n as f32)).collect::<Vec<Point>>()
    };
    let rings: Vec<Vec<Point>> = rings.iter().map(snapped).filter(|ring| !ring.is_empty()).collect();
    let [x, y] = match pole(&rings, PRECISION) {
        Some(point) => point.map(f64::from),
        // So thin that nothing is inside.
        None => [0, 1].map(|axis: usize| (high[axis] - low[axis]) / 2.0 / unit),
    };
    Some(Pole { point: [low[0] + x * unit, low[1] + y * unit], size })
}
