//! Geometries of features and of filters as those that relations are computed with.

use std::sync::Arc;

use geo::Coord;
use geo::LineString;
use geo::Point;
use geo::Polygon;

use super::datum::Figure;
use crate::feature;
use crate::feature::PartKind;
use crate::query::filter::shape::Position;
use crate::query::filter::shape::Shape;

impl Figure<'_> {
    /// The geometry; `None` when it has no position.
    pub(in crate::query::filter) fn to_geo(&self) -> Option<Arc<geo::Geometry<f64>>> {
        match self {
            Self::Row(row) => to_geo(*row).map(Arc::new),
            Self::Own(own) => Some(Arc::clone(own)),
        }
    }
}

/// The geometry of a feature; `None` when it has no position.
pub(in crate::query::filter) fn to_geo(geometry: feature::Geometry<'_>) -> Option<geo::Geometry<f64>> {
    let (mut points, mut lines, mut polygons) = (Vec::new(), Vec::new(), Vec::new());
    for part in geometry.parts() {
        let mut paths = part.paths().map(line_of);
        match part.kind() {
            PartKind::Points => points.extend(paths.flat_map(|path| path.0).map(Point)),
            PartKind::Line => lines.extend(paths),
            PartKind::Polygon => {
                let Some(exterior) = paths.next() else { continue };
                polygons.push(Polygon::new(exterior, paths.collect()));
            }
        }
    }
    gathered(points, lines, polygons)
}

fn line_of(path: &[[f64; 2]]) -> LineString<f64> {
    LineString(path.iter().map(|&[x, y]| Coord { x, y }).collect())
}

/// The geometry that a filter writes.
pub(in crate::query::filter) fn shape_of(shape: &Shape) -> Option<geo::Geometry<f64>> {
    let (mut points, mut lines, mut polygons) = (Vec::new(), Vec::new(), Vec::new());
    collect(shape, &mut points, &mut lines, &mut polygons);
    gathered(points, lines, polygons)
}

fn collect(
    shape: &Shape,
    points: &mut Vec<Point<f64>>,
    lines: &mut Vec<LineString<f64>>,
    polygons: &mut Vec<Polygon<f64>>,
) {
    let coord = |position: &Position| Coord { x: position.xy[0], y: position.xy[1] };
    let line = |positions: &Vec<Position>| LineString(positions.iter().map(coord).collect());
    let polygon = |rings: &Vec<Vec<Position>>| {
        let (exterior, holes) = rings.split_first()?;
        Some(Polygon::new(line(exterior), holes.iter().map(line).collect()))
    };
    match shape {
        Shape::Point(point) => points.push(Point(coord(point))),
        Shape::MultiPoint(own) => points.extend(own.iter().map(|point| Point(coord(point)))),
        Shape::LineString(own) => lines.push(line(own)),
        Shape::MultiLineString(own) => lines.extend(own.iter().map(line)),
        Shape::Polygon(rings) => polygons.extend(polygon(rings)),
        Shape::MultiPolygon(own) => polygons.extend(own.iter().filter_map(polygon)),
        Shape::GeometryCollection(members) => {
            members.iter().for_each(|member| collect(member, points, lines, polygons));
        }
    }
}

/// One geometry of the simplest type that holds all these.
fn gathered(
    mut points: Vec<Point<f64>>,
    mut lines: Vec<LineString<f64>>,
    mut polygons: Vec<Polygon<f64>>,
) -> Option<geo::Geometry<f64>> {
    let kinds = [points.is_empty(), lines.is_empty(), polygons.is_empty()].iter().filter(|empty| !**empty).count();
    if kinds > 1 {
        let members = points.into_iter().map(geo::Geometry::Point);
        let members = members.chain(lines.into_iter().map(geo::Geometry::LineString));
        return Some(geo::Geometry::GeometryCollection(
            members.chain(polygons.into_iter().map(geo::Geometry::Polygon)).collect(),
        ));
    }
    Some(match (points.len(), lines.len(), polygons.len()) {
        (0, 0, 0) => return None,
        (1, 0, 0) => points.remove(0).into(),
        (_, 0, 0) => geo::MultiPoint(points).into(),
        (0, 1, 0) => lines.remove(0).into(),
        (0, _, 0) => geo::MultiLineString(lines).into(),
        (0, 0, 1) => polygons.remove(0).into(),
        _ => geo::MultiPolygon(polygons).into(),
    })
}
