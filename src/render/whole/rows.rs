//! The features that a picture may show.

use std::ops::RangeInclusive;

use super::Asked;
use super::Plane;
use super::WholeLayer;
use super::window::Span;
use crate::feature::GeometryKind;
use crate::feature::Key;
use crate::feature::PartKind;
use crate::feature::Properties;
use crate::feature::Row;
use crate::feature::Value;
use crate::render::View;
use crate::render::lattice::Cell;
use crate::style::GeometryType;
use crate::style::Subject;
use crate::tile::TileGeometry;
use crate::tile::id_key;

/// Rows of one layer, each once for every kind of its parts, with the copies of the world in which it is near.
#[derive(Debug)]
pub struct Rows<'a> {
    /// Where they rest.
    pub layer: &'a WholeLayer,
    /// The plane on which they are laid out.
    pub plane: Plane,
    /// From where they are seen, on the plane.
    pub span: Span,
    /// Where the picture begins.
    pub origin: Cell,
    entries: Vec<Entry>,
    id_key: String,
    level: u8,
}

/// The parts of one kind of one row.
#[derive(Clone, Debug)]
struct Entry {
    row: u32,
    kind: PartKind,
    copies: RangeInclusive<i32>,
    id: u64,
}

impl<'a> Rows<'a> {
    /// The rows that reach into a picture or less than `margin` pixels beside it, in their order. `zoom` is what `within` and
    /// `distance` reckon at.
    pub fn shown(layer: &'a WholeLayer, view: &View, margin: f64, zoom: f64) -> Self {
        let (plane, span) = (Plane::of(view), Span::of(view, margin));
        let asked = plane.asked(&span);
        let rows = Self::near(layer, plane, span, &asked, zoom);
        Self { origin: Span::of(view, 0.0).min, ..rows }
    }

    /// The rows that reach into a span, which is [`asked`](Plane::asked) for by some rectangles, in their order.
    pub fn near(layer: &'a WholeLayer, plane: Plane, span: Span, asked: &[Asked], zoom: f64) -> Self {
        let mut found: Vec<(u32, i32)> = Vec::new();
        for &(copy, ref rect) in asked {
            found.extend(layer.snapshot.within(rect).into_iter().map(|row| (row, copy)));
        }
        // Those of one copy are in order, and most pictures show one.
        found.sort_unstable();
        let mut rows = Self::empty(layer, plane, span, zoom);
        let copies = |of: &[(u32, i32)]| (of[0].0, of[0].1..=of[of.len() - 1].1);
        let copies: Vec<(u32, RangeInclusive<i32>)> = found.chunk_by(|a, b| a.0 == b.0).map(copies).collect();
        let mut meant: Vec<u32> = copies.iter().map(|&(row, _)| row).filter(|&row| layer.is_meant(row)).collect();
        layer.sort(&mut meant);
        for row in meant {
            let at = copies.binary_search_by_key(&row, |&(row, _)| row).expect("what is meant was found");
            rows.push(row, &copies[at].1);
        }
        rows
    }

    /// The one of a [`name`](Self::name).
    pub fn named(layer: &'a WholeLayer, view: &View, zoom: f64, name: u64) -> Self {
        let mut rows = Self::empty(layer, Plane::of(view), Span::EMPTY, zoom);
        let kind = [PartKind::Points, PartKind::Line, PartKind::Polygon][(name & 3).min(2) as usize];
        let row = (name >> 2) as u32;
        rows.entries.push(Entry { row, kind, copies: 0..=0, id: layer.snapshot.row(row).id().tile_id() });
        rows
    }

    /// One of them in a number: its row and the kind of its parts.
    pub fn name(&self, index: usize) -> u64 {
        let Entry { row, kind, .. } = &self.entries[index];
        u64::from(*row) << 2 | *kind as u64
    }

    /// All rows that are meant.
    pub fn all(layer: &'a WholeLayer, plane: Plane, zoom: f64) -> Self {
        let mut rows = Self::empty(layer, plane, Span::EMPTY, zoom);
        let mut meant: Vec<u32> = (0..layer.snapshot.len() as u32).filter(|&row| layer.is_meant(row)).collect();
        layer.sort(&mut meant);
        meant.into_iter().for_each(|row| rows.push(row, &(0..=0)));
        rows
    }

    fn empty(layer: &'a WholeLayer, plane: Plane, span: Span, zoom: f64) -> Self {
        let id_key = id_key(layer.snapshot.schema());
        Self {
            layer,
            plane,
            span,
            origin: Cell::default(),
            entries: Vec::new(),
            id_key,
            level: zoom.clamp(0.0, 24.0) as u8,
        }
    }

    fn push(&mut self, row: u32, copies: &RangeInclusive<i32>) {
        let known = self.layer.snapshot.row(row);
        let (geometry, id) = (known.geometry(), known.id().tile_id());
        let mut push = |kind| self.entries.push(Entry { row, kind, copies: copies.clone(), id });
        match geometry.kind() {
            GeometryKind::Null => {}
            GeometryKind::Point | GeometryKind::MultiPoint => push(PartKind::Points),
            GeometryKind::LineString | GeometryKind::MultiLineString => push(PartKind::Line),
            GeometryKind::Polygon | GeometryKind::MultiPolygon => push(PartKind::Polygon),
            GeometryKind::GeometryCollection => {
                for kind in [PartKind::Polygon, PartKind::Line, PartKind::Points] {
                    if geometry.parts().any(|part| part.kind() == kind) {
                        push(kind);
                    }
                }
            }
        }
    }

    /// Number of them.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The number of its row.
    pub fn number(&self, index: usize) -> u32 {
        self.entries[index].row
    }

    /// How far the copies of the world in which it is near are from the first.
    pub fn copies(&self, index: usize) -> impl Iterator<Item = Cell> + use<> {
        let copy = self.plane.copy().unwrap_or(0);
        self.entries[index].copies.clone().map(move |number| Cell { x: i64::from(number) * copy, y: 0 })
    }

    /// The row of one of them.
    pub fn row(&self, index: usize) -> Row<'a> {
        self.layer.snapshot.row(self.entries[index].row)
    }

    /// Its id as tiles have it.
    pub fn id(&self, index: usize) -> u64 {
        self.entries[index].id
    }

    /// What kind of its parts it is about.
    pub fn kind(&self, index: usize) -> PartKind {
        self.entries[index].kind
    }

    /// What its paths are.
    pub fn geometry(&self, index: usize) -> TileGeometry {
        match self.entries[index].kind {
            PartKind::Points => TileGeometry::Points,
            PartKind::Line => TileGeometry::Lines,
            PartKind::Polygon => TileGeometry::Polygons,
        }
    }

    /// Calls a function with one of them as expressions see it: what it is does not depend on what a picture shows of it.
    pub fn with_subject<T>(&self, index: usize, see: impl FnOnce(&Subject<'_>) -> T) -> T {
        let kind = self.entries[index].kind;
        let row = self.row(index);
        let paths = || {
            let parts = row.geometry().parts().filter(move |part| part.kind() == kind);
            parts.flat_map(|part| part.paths().map(|path| path.iter().map(|&[x, y]| (x, y)).collect())).collect()
        };
        let properties = Carried { row, id_key: &self.id_key, known: self.layer.known() };
        see(&Subject {
            properties: &properties,
            id: Value::Int(self.id(index) as i64),
            geometry: match kind {
                PartKind::Points => GeometryType::Point,
                PartKind::Line => GeometryType::LineString,
                PartKind::Polygon => GeometryType::Polygon,
            },
            tile: &|| self.tile(row),
            positions: &paths,
        })
    }

    /// The tile of the level in which a row begins.
    fn tile(&self, row: Row<'_>) -> (u8, u32, u32) {
        let count = f64::from(self.level).exp2();
        let [x, y] = row.geometry().coords().first().map_or([0.0; 2], |&first| crate::render::world(first));
        let index = |n: f64| (n * count).floor().clamp(0.0, count - 1.0) as u32;
        (self.level, index(x), index(y))
    }

    /// The positions of one of them that are near, in each copy of the world, counted from where the picture begins.
    pub fn points(&self, index: usize) -> impl Iterator<Item = Cell> + use<'_, 'a> {
        let (area, origin) = (self.span, self.origin);
        let kind = self.entries[index].kind;
        let parts = self.row(index).geometry().parts().filter(move |part| part.kind() == kind);
        let cells = parts.flat_map(|part| part.paths()).flatten().filter_map(|&position| self.plane.cell(position));
        cells.flat_map(move |cell| {
            let moved = self.copies(index).map(move |copy| cell + copy);
            moved.filter(move |cell| area.holds(*cell)).map(move |cell| cell - origin)
        })
    }
}

/// A row's properties as its tiles carry them: JSON is text, and an id that no tile can have stands beside them.
pub struct Carried<'a> {
    /// The row.
    pub row: Row<'a>,
    /// The property that holds such an id.
    pub id_key: &'a str,
    /// The names of those that are known beside it; `None` for all.
    pub known: Option<&'a [String]>,
}

impl Carried<'_> {
    fn id(&self) -> Option<Value<'_>> {
        let id = self.row.id();
        let whole = || id.text.parse().ok().filter(|_| id.number);
        (!id.is_tile_id()).then(|| whole().map_or(Value::Text(id.text), Value::Int))
    }

    fn is_known(&self, name: &str) -> bool {
        self.known.is_none_or(|known| known.iter().any(|own| own == name))
    }
}

impl Properties for Carried<'_> {
    fn property(&self, name: &str) -> Option<Value<'_>> {
        let field = self.row.schema().field(name).filter(|_| self.is_known(name));
        let value = field.map(|field| plain(self.row.value(field)));
        let value = value.filter(|value| !value.is_null());
        if value.is_none() && name == self.id_key { self.id() } else { value }
    }

    fn key(&self, name: &str) -> Key {
        match self.row.schema().field(name).filter(|_| self.is_known(name)) {
            _ if name == self.id_key => Key::ByName,
            Some(field) => Key::At(field as u32),
            None => Key::Absent,
        }
    }

    fn at(&self, place: u32) -> Option<Value<'_>> {
        Some(plain(self.row.value(place as usize))).filter(|value| !value.is_null())
    }

    fn each_property<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Value<'a>)) {
        for (index, field) in self.row.schema().fields.iter().enumerate() {
            let value = plain(self.row.value(index));
            if !value.is_null() && self.is_known(&field.name) {
                visit(&field.name, value);
            }
        }
        if let Some(id) = self.id() {
            visit(self.id_key, id);
        }
    }
}

fn plain(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Json(text) => Value::Text(text),
        value => value,
    }
}
