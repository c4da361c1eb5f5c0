//! What is cut, and what becomes of it.

use crate::feature::GeometryKind;
use crate::feature::PartKind;
use crate::feature::Row;
use crate::tile::TileGeometry;

/// What a tile is asked to show.
#[derive(Clone, Copy)]
pub enum Item<'a> {
    /// A feature.
    Feature(Row<'a>),
    /// A feature that stands for itself and for others near it, all too small to be seen.
    Mark(Row<'a>, Dot),
    /// A point with the properties of a feature: longitude and latitude in degrees. It is there even at the edge to which it is
    /// rounded, since the caller knows which tile it belongs to.
    Label(Row<'a>, [f64; 2]),
}

impl<'a> Item<'a> {
    /// The feature whose properties it has.
    pub(super) fn row(&self) -> Row<'a> {
        let (Self::Feature(row) | Self::Mark(row, _) | Self::Label(row, _)) = self;
        *row
    }
}

/// How features that are too small to be seen are shown together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Polygons become a square, lines a straight line; points stay where they are.
    pub kind: PartKind,
    /// Where: longitude and latitude in degrees.
    pub position: [f64; 2],
    /// The side of a square as large as all polygons together, or the length of all lines, by which the world of Web Mercator is 1
    /// wide.
    pub size: f64,
}

/// Which vertices are needed, worked out for a whole table.
#[derive(Clone, Copy, Debug)]
pub struct Detail<'a> {
    /// A byte for each position of the table: the smaller, the more it matters; 0 where paths meet.
    pub importance: &'a [u8],
    /// The largest byte of those that are needed.
    pub most: u8,
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is in the tile.
    Kept,
    /// It does not reach into the tile.
    Elsewhere,
    /// It has become smaller than a unit, where such a one stands already.
    Covered,
}

/// What the parts of a geometry may be, in the order in which they become features.
pub(super) fn kinds_of(kind: GeometryKind) -> &'static [PartKind] {
    match kind {
        GeometryKind::Null => &[],
        GeometryKind::Point | GeometryKind::MultiPoint => &[PartKind::Points],
        GeometryKind::LineString | GeometryKind::MultiLineString => &[PartKind::Line],
        GeometryKind::Polygon | GeometryKind::MultiPolygon => &[PartKind::Polygon],
        GeometryKind::GeometryCollection => &[PartKind::Polygon, PartKind::Line, PartKind::Points],
    }
}

/// What parts of a kind are in a tile.
pub(super) fn geometry_of(kind: PartKind) -> TileGeometry {
    match kind {
        PartKind::Points => TileGeometry::Points,
        PartKind::Line => TileGeometry::Lines,
        PartKind::Polygon => TileGeometry::Polygons,
    }
}
