//! The pipeline: rows of a table in, the features of a layer out.

use std::collections::HashSet;
use std::ops::Range;

use super::CutSettings;
use super::carried::Carried;
use super::clip::Lie;
use super::clip::Square;
use super::items::Detail;
use super::items::Fate;
use super::items::Item;
use super::items::geometry_of;
use super::items::kinds_of;
use super::mark::Scale;
use super::mark::push_dot;
use super::repair::repair;
use super::simplify::clean_ring;
use super::simplify::simplify_line;
use super::simplify::simplify_ring;
use super::snap::PathDetail;
use super::snap::Point;
use super::snap::Window;
use crate::feature::Boxes;
use crate::feature::Geometry;
use crate::feature::Part;
use crate::feature::PartKind;
use crate::feature::Row;
use crate::feature::fetch_shapes;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileCoord;
use crate::tile::Layer;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;

/// Cuts features of one table to a tile, in their order. `properties` names those that the tile carries, `None` all.
///
/// - A feature keeps its id where that is a whole number of 53 bits; else its id is hashed and the original carried as the
///   property that [`id_key`](super::id_key) names.
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
    cut_items(rows.map(Item::Feature), (grid, coord), settings, None, (name, properties), |_, _| {})
}

/// The same with what stands for several features. With `detail`, the vertices that are not needed are left out, and borders
/// that features share stay shared; so are parts of a feature, and holes, that are smaller than a few units and meet no other path;
/// without it, each path is simplified by itself. `tell` is told what became of each item.
pub fn cut_items<'a>(
    items: impl Iterator<Item = Item<'a>>,
    (grid, coord): (&Grid, TileCoord),
    settings: &CutSettings,
    detail: Option<Detail<'_>>,
    (name, properties): (&str, Option<&[String]>),
    mut tell: impl FnMut(Item<'a>, Fate),
) -> Layer {
    let extent = i64::from(settings.extent);
    let buffer = i64::from(settings.buffer);
    let scale = Scale::of(grid, coord, settings);
    let mut cutter = Cutter {
        windows: Window::over(grid, coord, settings),
        square: Square { low: -buffer, high: extent + buffer },
        tolerance: settings.tolerance,
        detail,
        layer: LayerBuilder::new(name, settings.extent),
        places: HashSet::new(),
        path: Vec::new(),
        spare: Vec::new(),
        rings: Vec::new(),
        torn: Vec::new(),
    };
    let items: Vec<Item<'a>> = items.collect();
    let mut carried = Carried::of(items.len());
    cutter.layer.reserve(items.len(), POSITIONS);
    fetch_shapes(items.iter().map(Item::row));
    for item in items {
        let row = item.row();
        let mut fate = Fate::Elsewhere;
        let mut end = |cutter: &mut Cutter<'_>, geometry| carried.end_feature(row, geometry, &mut cutter.layer);
        match item {
            Item::Feature(row) => {
                for &kind in kinds_of(row.geometry().kind()) {
                    match cutter.cut_parts(row.geometry(), kind) {
                        Ok(geometry) => {
                            end(&mut cutter, geometry);
                            fate = Fate::Kept;
                        }
                        Err(other) => fate = if fate == Fate::Elsewhere { other } else { fate },
                    }
                }
            }
            Item::Mark(row, dot) => {
                let geometry = if dot.kind == PartKind::Points {
                    cutter.cut_parts(row.geometry(), dot.kind).ok()
                } else {
                    let place = (&cutter.windows[..], cutter.square, scale);
                    push_dot(&dot, row.geometry(), place, &mut cutter.layer).then(|| geometry_of(dot.kind))
                };
                if let Some(geometry) = geometry {
                    end(&mut cutter, geometry);
                    fate = Fate::Kept;
                }
            }
            Item::Label(_, position) => {
                if let Some(point) = cutter.windows.iter().find_map(|window| window.snap(position)) {
                    cutter.layer.push_path([narrow(point.map(|n| n.clamp(0, extent)))]);
                    end(&mut cutter, TileGeometry::Points);
                    fate = Fate::Kept;
                }
            }
        }
        tell(item, fate);
    }
    carried.put(properties, &mut cutter.layer);
    cutter.layer.finish().with_frequent_values_first()
}

struct Cutter<'d> {
    windows: Vec<Window>,
    square: Square,
    tolerance: f64,
    detail: Option<Detail<'d>>,
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
    /// It would be seen here, were it larger than this many units.
    TooSmall(Point, f64),
}

impl<'d> Cutter<'d> {
    /// Puts the parts of one kind into the layer, or says why none of them is seen.
    fn cut_parts(&mut self, geometry: Geometry<'_>, kind: PartKind) -> Result<TileGeometry, Fate> {
        let mut small = None;
        let mut seen = false;
        let mut points = Vec::new();
        self.torn.clear();
        let near = match &self.windows[..] {
            [only] if !only.bends() => only.reach(),
            _ => Rect::new(f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY),
        };
        for part in geometry.parts_near(near).filter(|part| part.kind() == kind) {
            for window in 0..self.windows.len() {
                let outcome = match kind {
                    PartKind::Points => self.collect_points(&part, window, &mut points),
                    PartKind::Line => self.cut_line(&part, window),
                    PartKind::Polygon => self.cut_polygon(&part, window),
                };
                match outcome {
                    Outcome::Seen => seen = true,
                    Outcome::Unseen => {}
                    Outcome::TooSmall(place, area) => small = small.or(Some((place, area))),
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
        if !seen {
            let (place, area) = small.ok_or(Fate::Elsewhere)?;
            if !self.places.insert(place) {
                return Err(Fate::Covered);
            }
            self.push_smallest(place, area, kind);
        }
        Ok(geometry_of(kind))
    }

    fn collect_points(&self, part: &Part<'_>, window: usize, points: &mut Vec<Point>) -> Outcome {
        let before = points.len();
        let mut paths = part.paths();
        if let (1, Some([only])) = (paths.len(), paths.next()) {
            let point = self.windows[window].snap(*only).filter(|&point| self.square.holds(point));
            points.extend(point.filter(|point| !points.contains(point)));
            return if points.len() > before { Outcome::Seen } else { Outcome::Unseen };
        }
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
        for (line, range) in part.paths().zip(part.ranges()) {
            let detail = self.path_detail(range.clone());
            if self.windows[window].bends() {
                let kept: Vec<[f64; 2]> = detail.kept(line).collect();
                for piece in self.windows[window].trim_line(&kept) {
                    self.cut_path(&piece, (PathDetail::Whole, Boxes::default()), window, &mut outcome);
                }
            } else {
                self.cut_path(line, (detail, part.boxes(range.start)), window, &mut outcome);
            }
        }
        outcome
    }

    /// Which of the positions that stand there in the table are needed.
    fn path_detail(&self, range: Range<usize>) -> PathDetail<'d> {
        let ranked = self.detail.and_then(|Detail { importance, most }| Some((importance.get(range)?, most)));
        ranked.map_or(PathDetail::Whole, |(bytes, most)| PathDetail::Ranked(bytes, most))
    }

    fn cut_path(
        &mut self,
        line: &[[f64; 2]],
        (detail, boxes): (PathDetail<'_>, Boxes<'_>),
        window: usize,
        outcome: &mut Outcome,
    ) {
        if !self.windows[window].snap_path(line, detail, boxes, &mut self.path) {
            return;
        }
        let is_ranked = matches!(detail, PathDetail::Ranked(..));
        if let [only] = self.path[..] {
            if self.square.holds(only) && !matches!(outcome, Outcome::Seen) {
                *outcome = Outcome::TooSmall(only, 0.0);
            }
            return;
        }
        simplify_line(&mut self.path, if is_ranked { 0.0 } else { self.tolerance });
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
        // The first so many hold the part's rings; the others are buffers.
        let mut count = 0;
        let mut outcome = Outcome::Unseen;
        for (index, (ring, range)) in part.paths().zip(part.ranges()).enumerate() {
            let boxes = part.boxes(range.start);
            let clipped = self.cut_ring(ring, (range, boxes), window);
            if index == 0 && !matches!(clipped, Outcome::Seen) {
                // Where the exterior is not, no hole can be.
                outcome = clipped;
                break;
            }
            if matches!(clipped, Outcome::Seen) {
                if count == rings.len() {
                    rings.push(Vec::new());
                }
                std::mem::swap(&mut rings[count], &mut self.path);
                count += 1;
            }
        }
        if self.is_torn(part, window) {
            // One piece of several: they are joined when all are there.
            self.torn.extend(rings.drain(..count));
            self.rings = rings;
            return outcome;
        }
        let layer = &mut self.layer;
        repair(&mut rings[..count], |ring| {
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
    fn cut_ring(&mut self, ring: &[[f64; 2]], (range, boxes): (Range<usize>, Boxes<'_>), window: usize) -> Outcome {
        let mut path = std::mem::take(&mut self.path);
        let window = &self.windows[window];
        let detail = self.path_detail(range);
        let is_near = if window.bends() {
            let kept: Vec<[f64; 2]> = detail.kept(ring).collect();
            window.snap_path(&window.trim_ring(&kept), PathDetail::Whole, Boxes::default(), &mut path)
        } else {
            window.snap_path(ring, detail, boxes, &mut path)
        };
        let is_ranked = matches!(detail, PathDetail::Ranked(..)) && !window.bends();
        let is_alone = is_ranked && !detail.meets_others();
        self.path = path;
        if !is_near {
            return Outcome::Unseen;
        }
        if self.path.len() > 1 && self.path.first() == self.path.last() {
            self.path.pop();
        }
        let Some(&place) = self.path.first() else { return Outcome::Unseen };
        simplify_ring(&mut self.path, if is_ranked { 0.0 } else { self.tolerance });
        let mut area = 0.0;
        if is_alone && self.path.len() < MANY {
            area = area_of(&self.path);
            if area < SMALLEST * self.tolerance * self.tolerance {
                self.path.clear();
            }
        }
        if self.path.is_empty() {
            return if self.square.holds(place) { Outcome::TooSmall(place, area) } else { Outcome::Unseen };
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

    /// A line of one unit, or a rectangle of as many units as come closest to an area.
    fn push_smallest(&mut self, [x, y]: Point, area: f64, kind: PartKind) {
        let width = area.sqrt().round().max(1.0);
        let height = (area / width).round().max(1.0);
        let (right, bottom) = (x + width as i64, y + height as i64);
        match kind {
            PartKind::Polygon => self.layer.push_path([[x, y], [right, y], [right, bottom], [x, bottom]].map(narrow)),
            PartKind::Line | PartKind::Points => self.layer.push_path([[x, y], [x + 1, y]].map(narrow)),
        }
    }
}

/// Positions that a feature has in a tile as a rule.
const POSITIONS: usize = 5;

/// Units that a hole or one of several polygons encloses at least to be seen, at a tolerance of one: a sixteenth of a pixel.
const SMALLEST: f64 = 4.0;

/// Vertices of a ring that is not measured, because it is large.
const MANY: usize = 64;

/// The area of a ring in squares of units; in floats, since what was not clipped may reach far.
fn area_of(ring: &[Point]) -> f64 {
    let Some(&[x, y]) = ring.first() else { return 0.0 };
    let from = |point: &Point| [(point[0] - x) as f64, (point[1] - y) as f64];
    let sides = ring.windows(2).map(|pair| (from(&pair[0]), from(&pair[1])));
    (sides.map(|([ax, ay], [bx, by])| ax * by - bx * ay).sum::<f64>() / 2.0).abs()
}

/// Within the square of a tile 32 bits are plenty.
pub(super) fn narrow([x, y]: Point) -> [i32; 2] {
    [x as i32, y as i32]
}
