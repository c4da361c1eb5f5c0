//! Geometries that are written in a filter.

/// A geometry with all its coordinates, in the order of the reference system that the filter is written in.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// One position.
    Point(Position),
    /// A line.
    LineString(Vec<Position>),
    /// An exterior ring and its holes.
    Polygon(Vec<Vec<Position>>),
    /// Positions.
    MultiPoint(Vec<Position>),
    /// Lines.
    MultiLineString(Vec<Vec<Position>>),
    /// Polygons.
    MultiPolygon(Vec<Vec<Vec<Position>>>),
    /// Any of the above.
    GeometryCollection(Vec<Shape>),
}

/// A position: two coordinates, and a height if one is given. Heights are kept, and not looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// Longitude and latitude, once the filter was checked.
    pub xy: [f64; 2],
    /// Height.
    pub z: Option<f64>,
}

impl Shape {
    /// The name of its type in GeoJSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Point(_) => "Point",
            Self::LineString(_) => "LineString",
            Self::Polygon(_) => "Polygon",
            Self::MultiPoint(_) => "MultiPoint",
            Self::MultiLineString(_) => "MultiLineString",
            Self::MultiPolygon(_) => "MultiPolygon",
            Self::GeometryCollection(_) => "GeometryCollection",
        }
    }

    /// All positions, to be read or changed.
    pub(super) fn positions_mut(&mut self) -> Vec<&mut Position> {
        match self {
            Self::Point(position) => vec![position],
            Self::LineString(positions) | Self::MultiPoint(positions) => positions.iter_mut().collect(),
            Self::Polygon(lines) | Self::MultiLineString(lines) => lines.iter_mut().flatten().collect(),
            Self::MultiPolygon(polygons) => polygons.iter_mut().flatten().flatten().collect(),
            Self::GeometryCollection(members) => members.iter_mut().flat_map(Self::positions_mut).collect(),
        }
    }

    /// All positions.
    pub(super) fn positions(&self) -> Vec<&Position> {
        match self {
            Self::Point(position) => vec![position],
            Self::LineString(positions) | Self::MultiPoint(positions) => positions.iter().collect(),
            Self::Polygon(lines) | Self::MultiLineString(lines) => lines.iter().flatten().collect(),
            Self::MultiPolygon(polygons) => polygons.iter().flatten().flatten().collect(),
            Self::GeometryCollection(members) => members.iter().flat_map(Self::positions).collect(),
        }
    }

    /// What keeps it from being a geometry: lines of one position, rings of three or that are open, nothing at all.
    pub(super) fn flaw(&self) -> Option<&'static str> {
        let line = |line: &Vec<Position>| (line.len() < 2).then_some("a line has at least two positions");
        let ring = |ring: &Vec<Position>| match &ring[..] {
            [first, .., last] if ring.len() >= 4 && first.xy == last.xy => None,
            [_, _, _, _, ..] => Some("a ring ends where it starts: its last position is not its first one"),
            _ => Some("a ring has at least four positions, the last of which is the first one again"),
        };
        let polygon = |rings: &Vec<Vec<Position>>| match &rings[..] {
            [] => Some("a polygon has at least one ring"),
            rings => rings.iter().find_map(ring),
        };
        let some = |count: usize| (count == 0).then_some("the geometry is empty");
        match self {
            Self::Point(_) => None,
            Self::LineString(positions) => line(positions),
            Self::Polygon(rings) => polygon(rings),
            Self::MultiPoint(positions) => some(positions.len()),
            Self::MultiLineString(lines) => some(lines.len()).or_else(|| lines.iter().find_map(line)),
            Self::MultiPolygon(polygons) => some(polygons.len()).or_else(|| polygons.iter().find_map(polygon)),
            Self::GeometryCollection(members) => some(members.len()).or_else(|| members.iter().find_map(Self::flaw)),
        }
    }
}
