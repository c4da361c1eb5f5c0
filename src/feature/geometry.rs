//! One geometry, borrowed from the flat buffers.

use std::ops::Range;

use super::Boxes;
use super::STRETCH;
use super::Shapes;
use super::shapes::PartMark;
use crate::space::Rect;

/// The geometry types of RFC 7946, section 3.1, and the absence of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GeometryKind {
    /// `"geometry": null`.
    Null,
    /// One position.
    Point,
    /// Any number of positions.
    MultiPoint,
    /// Two positions or more.
    LineString,
    /// Any number of lines.
    MultiLineString,
    /// An exterior ring and its holes.
    Polygon,
    /// Any number of polygons.
    MultiPolygon,
    /// Any number of the above.
    GeometryCollection,
}

impl GeometryKind {
    /// All that have a name, which is all but the absent geometry.
    pub const NAMED: [Self; 7] = [
        Self::Point,
        Self::MultiPoint,
        Self::LineString,
        Self::MultiLineString,
        Self::Polygon,
        Self::MultiPolygon,
        Self::GeometryCollection,
    ];

    /// Its name in GeoJSON; `None` for the absent geometry.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Null => None,
            Self::Point => Some("Point"),
            Self::MultiPoint => Some("MultiPoint"),
            Self::LineString => Some("LineString"),
            Self::MultiLineString => Some("MultiLineString"),
            Self::Polygon => Some("Polygon"),
            Self::MultiPolygon => Some("MultiPolygon"),
            Self::GeometryCollection => Some("GeometryCollection"),
        }
    }

    /// Its number in packed arrays.
    pub(super) const fn code(self) -> u8 {
        self as u8
    }

    /// The type of a number.
    pub(super) const fn of_code(code: u8) -> Self {
        match code {
            1 => Self::Point,
            2 => Self::MultiPoint,
            3 => Self::LineString,
            4 => Self::MultiLineString,
            5 => Self::Polygon,
            6 => Self::MultiPolygon,
            7 => Self::GeometryCollection,
            _ => Self::Null,
        }
    }

    /// The type of a member of a collection.
    pub(super) const fn of_member(parts: PartKind, is_multi: bool) -> Self {
        match (parts, is_multi) {
            (PartKind::Points, false) => Self::Point,
            (PartKind::Points, true) => Self::MultiPoint,
            (PartKind::Line, false) => Self::LineString,
            (PartKind::Line, true) => Self::MultiLineString,
            (PartKind::Polygon, false) => Self::Polygon,
            (PartKind::Polygon, true) => Self::MultiPolygon,
        }
    }
}

/// What the parts of a geometry are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartKind {
    /// One path, each of whose positions is a point.
    Points,
    /// One path.
    Line,
    /// One closed path a ring, the exterior (counterclockwise) first.
    Polygon,
}

impl PartKind {
    /// Its number in packed arrays.
    pub(super) const fn code(self) -> u8 {
        self as u8
    }

    /// The kind of a number.
    pub(super) const fn of_code(code: u8) -> Self {
        match code {
            1 => Self::Line,
            2 => Self::Polygon,
            _ => Self::Points,
        }
    }
}

/// The geometry of one row: longitude and latitude in degrees (CRS84).
#[derive(Clone, Copy)]
pub struct Geometry<'a> {
    shapes: &'a Shapes,
    row: u32,
    kind: GeometryKind,
}

impl<'a> Geometry<'a> {
    pub(super) fn new(shapes: &'a Shapes, row: u32, kind: GeometryKind) -> Self {
        Self { shapes, row, kind }
    }

    /// Which type it is.
    pub fn kind(&self) -> GeometryKind {
        self.kind
    }

    /// Its point runs, lines and polygons in order.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = Part<'a>> + use<'a> {
        let shapes = self.shapes;
        let row = self.row as usize;
        (shapes.rows[row] as usize..shapes.rows[row + 1] as usize).map(move |part| shapes.part(part))
    }

    /// The same but small ones of which boxes tell that they lie outside of a rectangle: of a thousand islands, the few that are near.
    pub fn parts_near(&self, rect: Rect) -> impl Iterator<Item = Part<'a>> + use<'a> {
        let parts = self.parts();
        // One alone is looked at in any case.
        let are_several = parts.len() > 1;
        parts.filter(move |part| {
            let span = part.span();
            let around = || part.boxes(span.start).around(span.len());
            !are_several || span.len() > STRETCH || around().is_none_or(|around| around.intersects(&rect))
        })
    }

    /// What it consists of: the members of a collection, each with its parts, or itself.
    pub fn members(&self) -> Vec<(GeometryKind, Vec<Part<'a>>)> {
        let parts: Vec<Part<'a>> = self.parts().collect();
        if self.kind != GeometryKind::GeometryCollection {
            return vec![(self.kind, parts)];
        }
        let runs = parts.chunk_by(|_, next| !next.member().0);
        runs.map(|run| (GeometryKind::of_member(run[0].kind(), run[0].member().1), run.to_vec())).collect()
    }

    /// Number of positions.
    pub fn coord_count(&self) -> usize {
        self.coords().len()
    }

    /// All positions, whatever part they belong to.
    pub fn coords(&self) -> &'a [[f64; 2]] {
        let shapes = self.shapes;
        let row = self.row as usize;
        let path = |part: u32| shapes.paths[shapes.parts[part as usize] as usize] as usize;
        &shapes.coords[path(shapes.rows[row])..path(shapes.rows[row + 1])]
    }

    /// The rectangle around it in degrees; empty when it has no position.
    pub fn rect(&self) -> Rect {
        let mut rect = Rect::EMPTY;
        for &coord in self.coords() {
            rect.extend(coord);
        }
        rect
    }
}

/// One point run, line or polygon of a geometry.
#[derive(Clone)]
pub struct Part<'a> {
    shapes: &'a Shapes,
    mark: PartMark,
    paths: Range<usize>,
}

impl<'a> Part<'a> {
    pub(super) fn new(shapes: &'a Shapes, mark: PartMark, paths: Range<usize>) -> Self {
        Self { shapes, mark, paths }
    }

    /// What its paths are.
    pub fn kind(&self) -> PartKind {
        self.mark.kind
    }

    /// Whether it starts a member of a geometry collection, and whether that member is a Multi geometry.
    pub fn member(&self) -> (bool, bool) {
        (self.mark.first, self.mark.multi)
    }

    /// Its point run, its line, or its rings.
    pub fn paths(&self) -> impl ExactSizeIterator<Item = &'a [[f64; 2]]> + use<'a> {
        let shapes = self.shapes;
        self.paths.clone().map(move |path| shapes.path(path))
    }

    /// Where the positions of each path stand among all of the table ([`Shapes::coords`]): what is kept beside them is found there.
    pub fn ranges(&self) -> impl ExactSizeIterator<Item = Range<usize>> + use<'a> {
        let shapes = self.shapes;
        self.paths.clone().map(move |path| shapes.paths[path] as usize..shapes.paths[path + 1] as usize)
    }

    /// Where all of its positions stand among those of the table.
    fn span(&self) -> Range<usize> {
        let at = |path: usize| self.shapes.paths[path] as usize;
        at(self.paths.start)..at(self.paths.end)
    }

    /// Boxes around stretches of a path that starts at a position of the table.
    pub fn boxes(&self, start: usize) -> Boxes<'a> {
        Boxes::new(&self.shapes.boxes, start)
    }

    /// Heights in metres of each path, NaN where a position has none; empty slices when there are none at all.
    pub fn heights(&self) -> impl ExactSizeIterator<Item = &'a [f64]> + use<'a> {
        let shapes = self.shapes;
        self.paths.clone().map(move |path| shapes.path_heights(path))
    }
}
