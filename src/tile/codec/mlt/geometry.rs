//! Paths of a feature as the geometries that the encoder takes.

use geo::Coord;
use geo::Geometry;
use geo::LineString;
use geo::MultiLineString;
use geo::MultiPoint;
use geo::MultiPolygon;
use geo::Point;
use geo::Polygon;

use crate::tile::TileFeature;
use crate::tile::TileGeometry;
use crate::tile::codec::mvt::doubled_area;

/// Whether a feature has any coordinates; others are not written.
pub(super) fn is_drawn(feature: TileFeature<'_>) -> bool {
    feature.paths().any(|path| !path.is_empty())
}

/// The geometry of a feature; `None` when it has no coordinates.
pub(super) fn geometry(feature: TileFeature<'_>) -> Option<Geometry<i32>> {
    if !is_drawn(feature) {
        return None;
    }
    match feature.geometry() {
        TileGeometry::Points => {
            let points: Vec<Point<i32>> = feature.paths().flatten().map(|&[x, y]| Point::new(x, y)).collect();
            match points[..] {
                [] => None,
                [only] => Some(Geometry::Point(only)),
                _ => Some(Geometry::MultiPoint(MultiPoint(points))),
            }
        }
        TileGeometry::Lines => {
            let mut lines: Vec<LineString<i32>> = feature.paths().map(line).collect();
            match lines.len() {
                0 => None,
                1 => lines.pop().map(Geometry::LineString),
                _ => Some(Geometry::MultiLineString(MultiLineString(lines))),
            }
        }
        TileGeometry::Polygons => {
            let mut polygons = polygons(feature);
            match polygons.len() {
                0 => None,
                1 => polygons.pop().map(Geometry::Polygon),
                _ => Some(Geometry::MultiPolygon(MultiPolygon(polygons))),
            }
        }
    }
}

/// Each exterior ring with the holes that follow it.
fn polygons(feature: TileFeature<'_>) -> Vec<Polygon<i32>> {
    let mut polygons = Vec::new();
    let mut rings: Vec<LineString<i32>> = Vec::new();
    let mut close = |rings: &mut Vec<LineString<i32>>| {
        let mut rings = std::mem::take(rings).into_iter();
        if let Some(exterior) = rings.next() {
            polygons.push(Polygon::new(exterior, rings.collect()));
        }
    };
    for path in feature.paths() {
        if doubled_area(path) > 0 {
            close(&mut rings);
        }
        rings.push(line(path));
    }
    close(&mut rings);
    polygons
}

fn line(path: &[[i32; 2]]) -> LineString<i32> {
    LineString(path.iter().map(|&[x, y]| Coord { x, y }).collect())
}
