//! A geometry of a filter, made ready to be compared with many features.
//!
//! Most features lie wholly inside or wholly outside, which an R-tree of the geometry's own segments tells: when none of them
//! comes near the feature's rectangle, one point answers for all. Only at its edges are features compared in full.

use std::sync::Arc;

use geo::Coord;
use geo::CoordsIter;
use geo::Intersects;
use geo::Kernel;
use geo::Line;
use geo::Relate;
use geo::kernels::Orientation;
use geo::kernels::RobustKernel;
use rstar::AABB;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use rstar::primitives::Rectangle;
use smallvec::SmallVec;

use super::datum::Figure;
use super::figure::to_geo;
use crate::feature;
use crate::feature::PartKind;
use crate::query::filter::operator::Spatial;
use crate::space::Rect;

/// A geometry in longitude and latitude.
pub(in crate::query::filter) struct Prepared {
    shape: Arc<geo::Geometry<f64>>,
    rect: Rect,
    /// Segments of lines and rings, and points as segments without length; each with the number of its polygon.
    segments: RTree<Segment>,
}

type Segment = GeomWithData<Rectangle<[f64; 2]>, (Line<f64>, Option<u32>)>;

/// Where a rectangle lies.
enum Place {
    Inside,
    Outside,
    /// At the edge, or around it.
    Edge,
}

impl Prepared {
    pub(in crate::query::filter) fn new(shape: geo::Geometry<f64>) -> Self {
        let mut rect = Rect::EMPTY;
        shape.coords_iter().for_each(|coord| rect.extend([coord.x, coord.y]));
        let mut segments = Vec::new();
        collect(&shape, &mut segments, &mut 0);
        Self { shape: Arc::new(shape), rect, segments: RTree::bulk_load(segments) }
    }

    /// The rectangle around it in degrees.
    pub(in crate::query::filter) fn rect(&self) -> Rect {
        self.rect
    }

    /// The geometry.
    pub(in crate::query::filter) fn shape(&self) -> &Arc<geo::Geometry<f64>> {
        &self.shape
    }

    /// Whether a geometry stands so to this one; `None` when it has no position.
    pub(in crate::query::filter) fn relates(&self, relation: Spatial, figure: &Figure<'_>) -> Option<bool> {
        match figure {
            Figure::Row(row) => self.relates_row(relation, *row),
            Figure::Own(own) => Some(holds(relation, own, &self.shape)),
        }
    }

    fn relates_row(&self, relation: Spatial, row: feature::Geometry<'_>) -> Option<bool> {
        let rect = row.rect();
        if rect.is_empty() {
            return None;
        }
        let is_apart = match relation {
            Spatial::Within => !self.rect.covers(&rect),
            Spatial::Contains => !rect.covers(&self.rect),
            Spatial::Equals => self.rect != rect,
            _ => !self.rect.intersects(&rect),
        };
        if is_apart {
            return Some(relation == Spatial::Disjoint);
        }
        Some(match (self.place(&rect), relation) {
            (Place::Inside, _) => matches!(relation, Spatial::Intersects | Spatial::Within),
            (Place::Outside, _) => relation == Spatial::Disjoint,
            (Place::Edge, Spatial::Intersects) => self.meets(row, &rect),
            (Place::Edge, Spatial::Disjoint) => !self.meets(row, &rect),
            (Place::Edge, _) => to_geo(row).is_some_and(|row| holds(relation, &row, &self.shape)),
        })
    }

    fn near(&self, rect: &Rect) -> impl Iterator<Item = &(Line<f64>, Option<u32>)> {
        let envelope = AABB::from_corners([rect.min_x, rect.min_y], [rect.max_x, rect.max_y]);
        self.segments.locate_in_envelope_intersecting(envelope).map(|segment| &segment.data)
    }

    fn place(&self, rect: &Rect) -> Place {
        if self.near(rect).any(|(line, _)| touches(line, rect)) {
            return Place::Edge;
        }
        if self.surrounds([rect.min_x, rect.min_y]) { Place::Inside } else { Place::Outside }
    }

    /// Whether a point, which lies on no segment, is inside one of the polygons.
    ///
    /// From inside a polygon a ray to the east crosses its rings an odd number of times.
    fn surrounds(&self, [x, y]: [f64; 2]) -> bool {
        let ray = Rect::new(x, y, self.rect.max_x.max(x), y);
        let crossed = self.near(&ray).filter(|(line, _)| crosses_ray(line, [x, y])).filter_map(|(_, polygon)| *polygon);
        let mut polygons: SmallVec<[u32; 16]> = crossed.collect();
        polygons.sort_unstable();
        polygons.chunk_by(|a, b| a == b).any(|crossings| crossings.len() % 2 == 1)
    }

    /// Whether a feature shares a point with it.
    fn meets(&self, row: feature::Geometry<'_>, rect: &Rect) -> bool {
        let near: Vec<&Line<f64>> = self.near(rect).map(|(line, _)| line).collect();
        row.parts().any(|part| {
            let touched = part.paths().any(|path| {
                if part.kind() == PartKind::Points {
                    path.iter().any(|&point| {
                        let point = coord(point);
                        near.iter().any(|line| line.intersects(&point)) || self.surrounds(point.into())
                    })
                } else {
                    let meets = |pair: &[[f64; 2]]| {
                        let own = Line::new(coord(pair[0]), coord(pair[1]));
                        near.iter().any(|line| boxes_meet(line, &own) && line.intersects(&own))
                    };
                    path.windows(2).any(meets) || path.first().is_some_and(|&first| self.surrounds(first))
                }
            });
            // What is left: a part of it lies in a polygon of the feature.
            touched || (part.kind() == PartKind::Polygon && near.iter().any(|line| is_inside(part.paths(), line.start)))
        })
    }
}

/// Whether two geometries stand so (OGC 06-103r4, 6.1.15, by the matrix of DE-9IM).
pub(super) fn holds(relation: Spatial, a: &geo::Geometry<f64>, b: &geo::Geometry<f64>) -> bool {
    match relation {
        Spatial::Intersects => a.intersects(b),
        Spatial::Disjoint => !a.intersects(b),
        Spatial::Equals => a.relate(b).is_equal_topo(),
        Spatial::Touches => a.relate(b).is_touches(),
        Spatial::Within => a.relate(b).is_within(),
        Spatial::Overlaps => a.relate(b).is_overlaps(),
        Spatial::Crosses => a.relate(b).is_crosses(),
        Spatial::Contains => a.relate(b).is_contains(),
    }
}

/// Adds the segments of a geometry; `polygons` counts the polygons so far.
fn collect(shape: &geo::Geometry<f64>, segments: &mut Vec<Segment>, polygons: &mut u32) {
    let mut push = |line: Line<f64>, polygon| {
        let corners = Rectangle::from_corners(line.start.into(), line.end.into());
        segments.push(GeomWithData::new(corners, (line, polygon)));
    };
    let mut area = |own: &geo::Polygon<f64>, push: &mut dyn FnMut(Line<f64>, Option<u32>)| {
        *polygons += 1;
        let rings = std::iter::once(own.exterior()).chain(own.interiors());
        rings.flat_map(geo::LineString::lines).for_each(|line| push(line, Some(*polygons)));
    };
    match shape {
        geo::Geometry::Point(point) => push(Line::new(point.0, point.0), None),
        geo::Geometry::MultiPoint(points) => points.iter().for_each(|point| push(Line::new(point.0, point.0), None)),
        geo::Geometry::LineString(line) => line.lines().for_each(|line| push(line, None)),
        geo::Geometry::MultiLineString(lines) => {
            lines.iter().flat_map(geo::LineString::lines).for_each(|line| push(line, None));
        }
        geo::Geometry::Polygon(own) => area(own, &mut push),
        geo::Geometry::MultiPolygon(own) => own.iter().for_each(|own| area(own, &mut push)),
        geo::Geometry::GeometryCollection(members) => {
            members.iter().for_each(|member| collect(member, segments, polygons));
        }
        // Filters and features are made of the types above.
        geo::Geometry::Line(_) | geo::Geometry::Rect(_) | geo::Geometry::Triangle(_) => {}
    }
}

fn coord([x, y]: [f64; 2]) -> Coord<f64> {
    Coord { x, y }
}

/// Whether the segment may touch the closed rectangle: not when it lies beside or passes by a corner.
fn touches(line: &Line<f64>, rect: &Rect) -> bool {
    let corners =
        [[rect.min_x, rect.min_y], [rect.max_x, rect.min_y], [rect.max_x, rect.max_y], [rect.min_x, rect.max_y]];
    let side = |corner| RobustKernel::orient2d(line.start, line.end, coord(corner));
    let first = side(corners[0]);
    // All corners strictly on one side: the line that the segment is part of passes by.
    line.start == line.end
        || first == Orientation::Collinear
        || corners[1..].iter().any(|&corner| side(corner) != first)
}

fn boxes_meet(a: &Line<f64>, b: &Line<f64>) -> bool {
    let apart = |a0: f64, a1: f64, b0: f64, b1: f64| a0.max(a1) < b0.min(b1) || b0.max(b1) < a0.min(a1);
    !apart(a.start.x, a.end.x, b.start.x, b.end.x) && !apart(a.start.y, a.end.y, b.start.y, b.end.y)
}

/// Whether a ray from the point to the east crosses the segment, of whose ends the lower one counts and the upper does not.
fn crosses_ray(line: &Line<f64>, [x, y]: [f64; 2]) -> bool {
    let (low, high) = if line.start.y <= line.end.y { (line.start, line.end) } else { (line.end, line.start) };
    low.y <= y && y < high.y && RobustKernel::orient2d(low, high, Coord { x, y }) == Orientation::CounterClockwise
}

/// Whether a point lies in a polygon, given by its rings; a point on a ring may be either.
fn is_inside<'a>(rings: impl Iterator<Item = &'a [[f64; 2]]>, point: Coord<f64>) -> bool {
    let crossed = rings.flat_map(|ring| ring.windows(2)).filter(|pair| {
        let line = Line::new(coord(pair[0]), coord(pair[1]));
        crosses_ray(&line, point.into())
    });
    crossed.count() % 2 == 1
}
