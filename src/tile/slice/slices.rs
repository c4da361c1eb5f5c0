//! Features laid out in the world once, and sliced into tiles.

use super::depth::depths;
use crate::feature::PartKind;
use crate::feature::Row;
use crate::feature::Table;
use crate::space::Crs;
use crate::space::Rect;
use crate::space::TileCoord;
use crate::tile::CutSettings;
use crate::tile::Layer;
use crate::tile::LayerBuilder;
use crate::tile::TileGeometry;
use crate::tile::cut::Carried;
use crate::tile::cut::Lie;
use crate::tile::cut::Point;
use crate::tile::cut::Square;
use crate::tile::cut::clean_ring;
use crate::tile::cut::simplify_line;
use crate::tile::cut::simplify_ring;

/// The features of a table in Web Mercator, with how much each of their vertices adds.
///
/// Tiles that are sliced of them are for drawing at once: rings may touch themselves along the edge of the buffer, and what
/// is too small to be seen is not there. Tiles for others are [`cut`](crate::tile::cut).
#[derive(Debug)]
pub struct Slices {
    /// In the world, which is 1 wide and high, from its north-west corner.
    points: Vec<[f64; 2]>,
    /// Squares of distances in the world.
    depths: Vec<f32>,
    paths: Vec<Path>,
    /// Past the last path of each row.
    rows: Vec<u32>,
}

#[derive(Debug)]
struct Path {
    /// Past its last point.
    end: u32,
    kind: PartKind,
    /// Whether it begins a part, and is no hole.
    begins: bool,
    /// Around it in the world.
    rect: Rect,
    /// The area of a ring, the length of a line.
    size: f64,
}

impl Slices {
    /// Lays out a table. Detail of less than `tolerance`, in the world's width, is on no tile that is simplified.
    pub fn new(table: &Table, tolerance: f64) -> Self {
        let mut slices = Self { points: Vec::new(), depths: Vec::new(), paths: Vec::new(), rows: Vec::new() };
        for row in table.rows() {
            for part in row.geometry().parts() {
                for (index, positions) in part.paths().enumerate() {
                    let start = slices.points.len();
                    slices.points.extend(positions.iter().map(|&position| {
                        let [x, y] = Crs::WebMercator.project(position);
                        [0.5 + x / (2.0 * Crs::MERCATOR_HALF), 0.5 - y / (2.0 * Crs::MERCATOR_HALF)]
                    }));
                    let path = &slices.points[start..];
                    let (kind, begins) = (part.kind(), index == 0);
                    let mut rect = Rect::EMPTY;
                    path.iter().for_each(|&point| rect.extend(point));
                    let (size, found) = match kind {
                        PartKind::Points => (0.0, vec![f32::INFINITY; path.len()]),
                        PartKind::Line => (length(path), depths(path, tolerance * tolerance)),
                        PartKind::Polygon => (area(path).abs(), depths(path, tolerance * tolerance)),
                    };
                    slices.depths.extend(found);
                    slices.paths.push(Path { end: slices.points.len() as u32, kind, begins, rect, size });
                }
            }
            slices.rows.push(slices.paths.len() as u32);
        }
        slices
    }

    /// Some rows of the table, by their numbers, on a tile of the web's grid.
    pub fn slice<'a>(
        &self,
        rows: impl Iterator<Item = (u32, Row<'a>)>,
        coord: TileCoord,
        settings: &CutSettings,
    ) -> Layer {
        let mut slicer = Slicer::new(self, coord, settings);
        let mut carried = Carried::of(rows.size_hint().0);
        for (number, row) in rows {
            for kind in [PartKind::Polygon, PartKind::Line, PartKind::Points] {
                if slicer.push(number as usize, kind) {
                    let geometry = match kind {
                        PartKind::Points => TileGeometry::Points,
                        PartKind::Line => TileGeometry::Lines,
                        PartKind::Polygon => TileGeometry::Polygons,
                    };
                    carried.end_feature(row, geometry, &mut slicer.layer);
                }
            }
        }
        carried.put(None, &mut slicer.layer);
        slicer.layer.finish()
    }
}

struct Slicer<'a> {
    slices: &'a Slices,
    /// Units a world.
    scale: f64,
    /// From the world's corner to the tile's, in units.
    corner: [f64; 2],
    square: Square,
    /// The square in the world.
    near: Rect,
    /// The square of the distance, in the world, up to which detail goes.
    enough: f64,
    layer: LayerBuilder,
    /// Vertices that stay, with the sides beyond which they lie.
    kept: Vec<([f64; 2], u8)>,
    path: Vec<Point>,
    spare: Vec<Point>,
}

impl<'a> Slicer<'a> {
    fn new(slices: &'a Slices, coord: TileCoord, settings: &CutSettings) -> Self {
        let extent = f64::from(settings.extent);
        let buffer = i64::from(settings.buffer);
        let scale = extent * f64::from(coord.level()).exp2();
        let corner = [f64::from(coord.column()) * extent, f64::from(coord.row()) * extent];
        let square = Square { low: -buffer, high: i64::from(settings.extent) + buffer };
        // A unit more, for what is snapped to the edge.
        let [low, high] = [square.low as f64 - 1.0, square.high as f64 + 1.0];
        let [x, y] = corner;
        let near = Rect::new((x + low) / scale, (y + low) / scale, (x + high) / scale, (y + high) / scale);
        let tolerance = settings.tolerance / scale;
        Self {
            slices,
            scale,
            corner,
            square,
            near,
            enough: tolerance * tolerance,
            layer: LayerBuilder::new("", settings.extent).keeping_json(),
            kept: Vec::new(),
            path: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// Puts the parts of one kind of a row into the layer. False when none of them is seen.
    fn push(&mut self, row: usize, kind: PartKind) -> bool {
        let slices = self.slices;
        let first = if row == 0 { 0 } else { slices.rows[row - 1] as usize };
        let (mut seen, mut points) = (false, Vec::new());
        // The world goes on beyond its edge.
        for copy in [0.0, -1.0, 1.0] {
            let mut has_exterior = false;
            for (index, path) in slices.paths[first..slices.rows[row] as usize].iter().enumerate() {
                if path.kind != kind {
                    continue;
                }
                let moved = Rect { min_x: path.rect.min_x + copy, max_x: path.rect.max_x + copy, ..path.rect };
                // Where the exterior is not, no hole can be.
                let is_near = (path.begins || has_exterior) && moved.intersects(&self.near);
                let is_shown = is_near && {
                    self.snap(first + index, copy, self.near.covers(&moved));
                    match kind {
                        PartKind::Points => self.collect(&mut points),
                        PartKind::Line => self.push_line(),
                        PartKind::Polygon => self.push_ring(path.begins),
                    }
                };
                seen |= is_shown;
                has_exterior = if path.begins { is_shown } else { has_exterior };
            }
        }
        if !points.is_empty() {
            self.layer.push_path(points);
        }
        seen
    }

    /// Leaves in `path` what is to be seen of a path, on the grid of the tile. Vertices beyond the same side of the square as
    /// both of their neighbours are left out.
    fn snap(&mut self, index: usize, copy: f64, is_inside: bool) {
        let slices = self.slices;
        self.path.clear();
        self.kept.clear();
        let path = &slices.paths[index];
        let smallest = if path.kind == PartKind::Polygon { self.enough } else { self.enough.sqrt() };
        if path.kind != PartKind::Points && path.size < smallest {
            return;
        }
        let start = if index == 0 { 0 } else { slices.paths[index - 1].end as usize };
        let range = start..path.end as usize;
        let exact = self.enough == 0.0;
        for (&[x, y], &depth) in slices.points[range.clone()].iter().zip(&slices.depths[range]) {
            if exact || f64::from(depth) > self.enough {
                let point = [x + copy, y];
                self.kept.push((point, if is_inside { 0 } else { self.sides_beyond(point) }));
            }
        }
        let mut last = 0;
        for (index, &([x, y], sides)) in self.kept.iter().enumerate() {
            let next = self.kept.get(index + 1).map_or(0, |&(_, sides)| sides);
            if last & sides & next != 0 && index > 0 {
                continue;
            }
            last = sides;
            let unit = |n: f64, corner: f64| (n * self.scale - corner + 0.5).floor() as i64;
            let point = [unit(x, self.corner[0]), unit(y, self.corner[1])];
            if path.kind == PartKind::Points || self.path.last() != Some(&point) {
                self.path.push(point);
            }
        }
    }

    /// The sides of the square beyond which a point lies, a bit each (Cohen and Sutherland's code).
    fn sides_beyond(&self, [x, y]: [f64; 2]) -> u8 {
        u8::from(x < self.near.min_x)
            | u8::from(x > self.near.max_x) << 1
            | u8::from(y < self.near.min_y) << 2
            | u8::from(y > self.near.max_y) << 3
    }

    fn collect(&self, points: &mut Vec<[i32; 2]>) -> bool {
        let before = points.len();
        points.extend(self.path.iter().copied().filter(|&point| self.square.holds(point)).map(narrow));
        points.len() > before
    }

    fn push_line(&mut self) -> bool {
        simplify_line(&mut self.path, 0.0);
        if self.path.len() < 2 {
            return false;
        }
        let mut is_shown = false;
        let layer = &mut self.layer;
        let mut piece = |points: &[Point]| {
            layer.push_path(points.iter().copied().map(narrow));
            is_shown = true;
        };
        match self.square.lie(&self.path) {
            Lie::Outside => {}
            Lie::Inside => piece(&self.path),
            Lie::Across => self.square.clip_line(&self.path, piece),
        }
        is_shown
    }

    fn push_ring(&mut self, is_exterior: bool) -> bool {
        if self.path.len() > 1 && self.path.first() == self.path.last() {
            self.path.pop();
        }
        simplify_ring(&mut self.path, 0.0);
        match self.square.lie(&self.path) {
            Lie::Inside => {}
            Lie::Outside => self.path.clear(),
            Lie::Across => {
                self.square.clip_ring(&mut self.path, &mut self.spare);
                clean_ring(&mut self.path);
            }
        }
        if self.path.is_empty() {
            return false;
        }
        if (turn(&self.path) > 0) != is_exterior {
            // Where it begins stays: dots are drawn twice there.
            self.path[1..].reverse();
        }
        self.layer.push_path(self.path.iter().copied().map(narrow));
        true
    }
}

/// Twice the area of a ring on the grid; positive when it turns clockwise on the screen.
fn turn(ring: &[Point]) -> i128 {
    let Some(&(mut last)) = ring.last() else { return 0 };
    let mut twice = 0;
    for &point in ring {
        twice += i128::from(last[0]) * i128::from(point[1]) - i128::from(point[0]) * i128::from(last[1]);
        last = point;
    }
    twice
}

fn area(ring: &[[f64; 2]]) -> f64 {
    let twice: f64 = ring.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum();
    twice / 2.0
}

fn length(line: &[[f64; 2]]) -> f64 {
    line.windows(2).map(|pair| (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1])).sum()
}

/// Within the square of a tile 32 bits are plenty.
fn narrow([x, y]: Point) -> [i32; 2] {
    [x as i32, y as i32]
}
