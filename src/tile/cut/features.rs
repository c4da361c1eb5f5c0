//! The pipeline: rows of a table in, the features of a layer out.

use std::collections::HashSet;

use super::CutSettings;
use super::clip::Lie;
use super::clip::Square;
use super::repair::repair;
use super::simplify::clean_ring;
use super::simplify::simplify_line;
use super::simplify::simplify_ring;
use super::snap::Point;
use super::snap::Window;
use crate::feature::Geometry;
use crate::feature::Part;
use crate::feature::PartKind;
use crate::feature::Row;
use crate::feature::Schema;
use crate::feature::Value;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::tile::Layer;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;

/// Cuts features of one table to a tile, in their order. `properties` names those that the tile carries, `None` all.
///
/// - A feature keeps its id where that is a whole number of 53 bits; else its id is hashed and the original carried as the
///   property that [`id_key`] names.
/// - A geometry collection becomes up to three features of one id: its polygons, its lines, its points.
/// - A feature of lines or polygons that is smaller than the grid can show becomes a line or a square of one unit where it
///   is, one such feature a place: the first.
pub fn cut<'a>(
    rows: impl Iterator<Item = Row<'a>>,
    grid: &Grid,
    coord: TileCoord,
    settings: &CutSettings,
    name: &str,
    properties: Option<&[String]>,
) -> Layer {
    let extent = i64::from(settings.extent);
    let buffer = i64::from(settings.buffer);
    let mut cutter = Cutter {
        windows: Window::over(grid, coord, settings),
        square: Square { low: -buffer, high: extent + buffer },
        tolerance: settings.tolerance,
        layer: LayerBuilder::new(name, settings.extent),
        places: HashSet::new(),
        path: Vec::new(),
        spare: Vec::new(),
        rings: Vec::new(),
        torn: Vec::new(),
    };
    let mut carried: Option<Carried> = None;
    for row in rows {
        let carried = carried.get_or_insert_with(|| Carried::new(row.schema(), properties));
        for kind in [PartKind::Polygon, PartKind::Line, PartKind::Points] {
            if let Some(geometry) = cutter.cut_parts(row.geometry(), kind) {
                carried.push_tags(row, &mut cutter.layer);
                cutter.layer.end_feature(Some(row.id().tile_id()), geometry);
            }
        }
    }
    cutter.layer.finish()
}

/// The property under which a tile carries an id that it cannot have as such: `id`, led by as many underscores as it takes
/// to differ from every field.
pub fn id_key(schema: &Schema) -> String {
    let mut key = "id".to_owned();
    while schema.field(&key).is_some() {
        key.insert(0, '_');
    }
    key
}

/// The properties that features carry, with their positions in the layer.
pub(in crate::tile) struct Carried {
    fields: Vec<(usize, Option<u32>)>,
    id_key: String,
}

impl Carried {
    pub(in crate::tile) fn new(schema: &Schema, properties: Option<&[String]>) -> Self {
        let asked = |name: &String| properties.is_none_or(|properties| properties.contains(name));
        let fields = schema.fields.iter().enumerate().filter(|(_, field)| asked(&field.name));
        Self { fields: fields.map(|(position, _)| (position, None)).collect(), id_key: id_key(schema) }
    }

    pub(in crate::tile) fn push_tags(&mut self, row: Row<'_>, layer: &mut LayerBuilder) {
        for (field, key) in &mut self.fields {
            let value = row.value(*field);
            if !value.is_null() {
                let key = *key.get_or_insert_with(|| layer.key(&row.schema().fields[*field].name));
                layer.push_tag_at(key, value);
            }
        }
        let id = row.id();
        if !id.is_tile_id() {
            let whole = id.text.parse().ok().filter(|_| id.number);
            layer.push_tag(&self.id_key, whole.map_or(Value::Text(id.text), Value::Int));
        }
    }
}

struct Cutter {
    windows: Vec<Window>,
    square: Square,
    tolerance: f64,
    layer: LayerBuilder,
    /// Where a feature too small to be seen stands already.
    places: HashSet<Point>,
    path: Vec<Point>,
    spare: Vec<Point>,
    rings: Vec<Vec<Point>>,
    /// Rings of one feature that the edge of a piece of the globe may have torn apart.
    torn: Vec<Vec<Point>>,
}

/// What came of one part in one copy of the world.
#[derive(Clone, Copy)]
enum Outcome {
    Seen,
    Unseen,
    /// It would be seen here, were it larger.
    TooSmall(Point),
}

impl Cutter {
    /// Puts the parts of one kind into the layer; `None` when none of them is seen.
    fn cut_parts(&mut self, geometry: Geometry<'_>, kind: PartKind) -> Option<TileGeometry> {
        let mut small = None;
        let mut seen = false;
        let mut points = Vec::new();
        self.torn.clear();
        for part in geometry.parts().filter(|part| part.kind() == kind) {
            for window in 0..self.windows.len() {
                let outcome = match kind {
                    PartKind::Points => self.collect_points(&part, window, &mut points),
                    PartKind::Line => self.cut_line(&part, window),
                    PartKind::Polygon => self.cut_polygon(&part, window),
                };
                match outcome {
                    Outcome::Seen => seen = true,
                    Outcome::Unseen => {}
                    Outcome::TooSmall(place) => small = small.or(Some(place)),
                }
            }
        }
        if !self.torn.is_empty() {
            let layer = &mut self.layer;
            repair(&mut self.torn, |ring| {
                layer.push_path(ring.iter().copied().map(narrow));
                seen = true;
            });
        }
        if kind == PartKind::Points && seen {
            self.layer.push_path(points.into_iter().map(narrow));
        }
        if !seen && let Some(place) = small.filter(|&place| self.places.insert(place)) {
            self.push_smallest(place, kind);
            seen = true;
        }
        seen.then_some(match kind {
            PartKind::Points => TileGeometry::Points,
            PartKind::Line => TileGeometry::Lines,
            PartKind::Polygon => TileGeometry::Polygons,
        })
    }

    fn collect_points(&self, part: &Part<'_>, window: usize, points: &mut Vec<Point>) -> Outcome {
        let before = points.len();
        let mut known: HashSet<Point> = HashSet::new();
        for &position in part.paths().flatten() {
            let Some(point) = self.windows[window].snap(position) else { continue };
            if self.square.holds(point)
                && known.insert(point)
                && !(self.windows[window].bends() && points.contains(&point))
            {
                points.push(point);
            }
        }
        if points.len() > before { Outcome::Seen } else { Outcome::Unseen }
    }

    fn cut_line(&mut self, part: &Part<'_>, window: usize) -> Outcome {
        let mut outcome = Outcome::Unseen;
        for line in part.paths() {
            if self.windows[window].bends() {
                for piece in self.windows[window].trim_line(line) {
                    self.cut_path(&piece, window, &mut outcome);
                }
            } else {
                self.cut_path(line, window, &mut outcome);
            }
        }
        outcome
    }

    fn cut_path(&mut self, line: &[[f64; 2]], window: usize, outcome: &mut Outcome) {
        if !self.windows[window].snap_path(line, &mut self.path) {
            return;
        }
        if let [only] = self.path[..] {
            if self.square.holds(only) && !matches!(outcome, Outcome::Seen) {
                *outcome = Outcome::TooSmall(only);
            }
            return;
        }
        simplify_line(&mut self.path, self.tolerance);
        let layer = &mut self.layer;
        let mut piece = |points: &[Point]| {
            layer.push_path(points.iter().copied().map(narrow));
            *outcome = Outcome::Seen;
        };
        match self.square.lie(&self.path) {
            Lie::Outside => {}
            Lie::Inside => piece(&self.path),
            Lie::Across => self.square.clip_line(&self.path, piece),
        }
    }

    fn cut_polygon(&mut self, part: &Part<'_>, window: usize) -> Outcome {
        let mut rings = std::mem::take(&mut self.rings);
        rings.clear();
        let mut outcome = Outcome::Unseen;
        for (index, ring) in part.paths().enumerate() {
            let clipped = self.cut_ring(ring, window);
            if index == 0 && !matches!(clipped, Outcome::Seen) {
                // Where the exterior is not, no hole can be.
                outcome = clipped;
                break;
            }
            if matches!(clipped, Outcome::Seen) {
                rings.push(self.path.clone());
            }
        }
        if self.is_torn(part, window) {
            // One piece of several: they are joined when all are there.
            self.torn.append(&mut rings);
            self.rings = rings;
            return outcome;
        }
        let layer = &mut self.layer;
        repair(&mut rings, |ring| {
            layer.push_path(ring.iter().copied().map(narrow));
            outcome = Outcome::Seen;
        });
        self.rings = rings;
        outcome
    }

    /// Whether a part may go on in another part or another window, without an edge of the world between them.
    fn is_torn(&self, part: &Part<'_>, window: usize) -> bool {
        let (bends, several) = (self.windows[window].bends(), self.windows.len() > 1);
        let reaches_round = || part.paths().next().unwrap_or_default().iter().any(|[lon, _]| lon.abs() >= 180.0);
        (bends && several) || ((bends || several) && reaches_round())
    }

    /// Leaves in `path` what is seen of a ring.
    fn cut_ring(&mut self, ring: &[[f64; 2]], window: usize) -> Outcome {
        let trimmed = self.windows[window].bends().then(|| self.windows[window].trim_ring(ring));
        let ring = trimmed.as_deref().unwrap_or(ring);
        if !self.windows[window].snap_path(ring, &mut self.path) {
            return Outcome::Unseen;
        }
        if self.path.len() > 1 && self.path.first() == self.path.last() {
            self.path.pop();
        }
        let Some(&place) = self.path.first() else { return Outcome::Unseen };
        simplify_ring(&mut self.path, self.tolerance);
        if self.path.is_empty() {
            return if self.square.holds(place) { Outcome::TooSmall(place) } else { Outcome::Unseen };
        }
        match self.square.lie(&self.path) {
            Lie::Inside => Outcome::Seen,
            Lie::Outside => Outcome::Unseen,
            Lie::Across => {
                self.square.clip_ring(&mut self.path, &mut self.spare);
                clean_ring(&mut self.path);
                if self.path.is_empty() { Outcome::Unseen } else { Outcome::Seen }
            }
        }
    }

    /// A square or a line of one unit.
    fn push_smallest(&mut self, [x, y]: Point, kind: PartKind) {
        let corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]].map(narrow);
        match kind {
            PartKind::Polygon => self.layer.push_path(corners),
            PartKind::Line | PartKind::Points => self.layer.push_path(corners[..2].iter().copied()),
        }
    }
}

/// Within the square of a tile 32 bits are plenty.
fn narrow([x, y]: Point) -> [i32; 2] {
    [x as i32, y as i32]
}
