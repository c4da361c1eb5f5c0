//! From degrees to the integer grid of a tile.

use super::CutSettings;
use super::bend::bend;
use super::bend::trim_line;
use super::bend::trim_ring;
use super::parallels::Parallels;
use crate::feature::Boxes;
use crate::feature::STRETCH;
use crate::space::Corner;
use crate::space::Crs;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileCoord;

/// A place on the grid of one tile: units from its top left corner, x to the right and y down. Far from the tile the
/// numbers need more than 32 bits.
pub type Point = [i64; 2];

/// The rectangles in degrees of which a tile with its buffer shows something: more than one where the buffer reaches over
/// the antimeridian, or the tile over a rift of its projection. With these the candidates are asked from a snapshot.
pub fn area(grid: &Grid, coord: TileCoord, settings: &CutSettings) -> Vec<Rect> {
    Window::over(grid, coord, settings).iter().map(Window::reach).collect()
}

/// A tile as seen from one copy of the world, or from one piece of the globe that its projection leaves whole.
///
/// ```text
///      copy -1     |      copy 0      |     copy 1
///             [ tile 0/0/0 with its buffer ]
/// ```
#[derive(Clone, Debug)]
pub(super) struct Window {
    grid_origin: [f64; 2],
    /// Width and height of a unit in units of the CRS, and how many there are in one of those.
    unit: [f64; 2],
    units: [f64; 2],
    crs: Crs,
    /// Units from the grid's origin to the tile's corner, in this copy of the world.
    corner: Point,
    /// What the tile shows with its buffer, in degrees.
    reach: Rect,
    /// Degrees within which vertices decide about what is seen on the tile.
    near: Rect,
    /// Whether a straight line of degrees is bent on the grid.
    bends: bool,
    /// Web Mercator as polynomials, where that is the CRS.
    parallels: Option<&'static Parallels>,
}

impl Window {
    /// The windows of a tile; none when no place of the earth is on it.
    pub(super) fn over(grid: &Grid, coord: TileCoord, settings: &CutSettings) -> Vec<Self> {
        let level = grid.level(coord);
        let extent = i64::from(settings.extent);
        let row = match level.corner {
            Corner::TopLeft => i64::from(coord.row()),
            Corner::BottomLeft => -i64::from(coord.row()) - 1,
        };
        let unit = level.tile_span().map(|span| span / f64::from(settings.extent));
        let window = Self {
            grid_origin: level.origin,
            unit,
            units: unit.map(f64::recip),
            crs: grid.crs().clone(),
            corner: [i64::from(coord.column()) * extent, row * extent],
            reach: Rect::EMPTY,
            near: Rect::EMPTY,
            bends: !grid.crs().is_straight(),
            parallels: (*grid.crs() == Crs::WebMercator).then(Parallels::of_the_world),
        };
        // Half a unit more, because that far away is snapped onto the edge.
        let reach = f64::from(settings.buffer) + 0.5;
        let near = f64::from(settings.buffer) + f64::from(settings.extent) / 4.0;
        match grid.crs().period() {
            Some(period) => window.copies(period, extent, reach, near),
            None => window.pieces(extent, near),
        }
    }

    /// One to three windows on a world that lies beside itself.
    fn copies(self, period: f64, extent: i64, reach: f64, near: f64) -> Vec<Self> {
        let world = Rect::new(-180.0, -90.0, 180.0, 90.0);
        let world_units = (period / self.unit[0]).round() as i64;
        let window = |copy: i64| {
            let mut window = Self { corner: [self.corner[0] - copy * world_units, self.corner[1]], ..self.clone() };
            window.reach = window.cylinder(extent, reach, period);
            window.near = window.cylinder(extent, near, period);
            window
        };
        let windows: Vec<Self> = [0, -1, 1].map(window).into();
        windows.into_iter().filter(|window| window.reach.intersects(&world)).collect()
    }

    /// The degrees of the tile with a margin of so many units; longitudes go on beyond the antimeridian.
    fn cylinder(&self, extent: i64, margin: f64, period: f64) -> Rect {
        let plane = self.plane(extent, margin);
        // What bends is trimmed to where it can be projected.
        let edge = self.crs.domain().first().map_or(90.0, |world| world.max_y);
        let [low, high] = [plane.min_y, plane.max_y].map(|y| match &self.crs {
            crs @ (Crs::Crs84 | Crs::Crs84h | Crs::WebMercator) => crs.unproject([0.0, y])[1],
            crs => crs.inverse([0.0, y]).map_or(edge.copysign(y), |place| place[1]),
        });
        Rect::new(plane.min_x / period * 360.0, low, plane.max_x / period * 360.0, high)
    }

    /// The rectangle of the tile with a margin of so many units, in units of the CRS.
    fn plane(&self, extent: i64, margin: f64) -> Rect {
        let place = |x: f64, y: f64| [self.grid_origin[0] + x * self.unit[0], self.grid_origin[1] - y * self.unit[1]];
        let [left, top] = place(self.corner[0] as f64 - margin, self.corner[1] as f64 - margin);
        let [right, bottom] =
            place((self.corner[0] + extent) as f64 + margin, (self.corner[1] + extent) as f64 + margin);
        Rect::new(left, bottom, right, top)
    }

    /// A window for each piece of the globe that the tile shows some of.
    fn pieces(self, extent: i64, near: f64) -> Vec<Self> {
        let Some(near) = self.crs.bbox_of(&self.plane(extent, near)) else { return Vec::new() };
        let pieces =
            near.parts().flat_map(|part| self.crs.domain().iter().filter_map(move |piece| part.intersection(piece)));
        let seen = pieces.filter(|piece| piece.width() > 0.0 && piece.height() > 0.0);
        seen.map(|piece| Self { reach: piece, near: piece, ..self.clone() }).collect()
    }

    /// What it shows, in degrees; reaches over the edge of the world where the tile does.
    pub(super) fn reach(&self) -> Rect {
        self.reach
    }

    /// Whether paths have to be trimmed before they are snapped.
    pub(super) fn bends(&self) -> bool {
        self.bends
    }

    /// The part of a ring that is near, closed as the ring is; empty when none of it is.
    pub(super) fn trim_ring(&self, ring: &[[f64; 2]]) -> Vec<[f64; 2]> {
        trim_ring(ring, &self.near)
    }

    /// The parts of a line that are near.
    pub(super) fn trim_line(&self, line: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
        trim_line(line, &self.near)
    }

    /// The vertex of the grid that is nearest to a position, if it is to be seen from here at all.
    pub(super) fn snap(&self, position: [f64; 2]) -> Option<Point> {
        if self.bends && !self.near.contains(position) {
            return None;
        }
        Some(self.snapped(self.projected(position)?))
    }

    /// As [`Crs::project`], in a fraction of the time where it can be.
    fn project(&self, position: [f64; 2]) -> [f64; 2] {
        let quickly = self.parallels.and_then(|parallels| parallels.project(position));
        quickly.unwrap_or_else(|| self.crs.project(position))
    }

    fn projected(&self, position: [f64; 2]) -> Option<[f64; 2]> {
        if self.bends { self.crs.forward(position) } else { Some(self.project(position)) }
    }

    /// A position half way between two vertices goes to the right and down, in each tile alike, so that neighbours agree.
    fn snapped(&self, [x, y]: [f64; 2]) -> Point {
        let column = floor((x - self.grid_origin[0]) * self.units[0] + 0.5);
        let row = floor((self.grid_origin[1] - y) * self.units[1] + 0.5);
        [column - self.corner[0], row - self.corner[1]]
    }

    /// Snaps a path into `out`, each vertex once where it was repeated. Answers false when none of it is near.
    ///
    /// Vertices beyond the same side of the neighbourhood as both of their neighbours are left out: the path between those
    /// cannot be seen either way, and a tile of a large country then costs what lies on it.
    ///
    /// ```text
    ///            .-x-x-.             x left out
    ///   +------./------+\
    ///   |  near/       | \
    /// ```
    ///
    /// Stretches whose box lies beyond a side are passed over, with the same outcome: a tile within a large bay, or an ocean, does not
    /// cost what its shore does.
    pub(super) fn snap_path(
        &self,
        path: &[[f64; 2]],
        detail: PathDetail<'_>,
        boxes: Boxes<'_>,
        out: &mut Vec<Point>,
    ) -> bool {
        out.clear();
        let around = boxes.around(path.len());
        if around.is_some_and(|around| !around.intersects(&self.reach)) {
            return false;
        }
        // Most features are small, and their neighbourhood with them is on the tile: then nobody has to look where they end.
        let is_amid = !self.bends && around.is_some_and(|around| self.near.covers(&around));
        let rect = if is_amid { around.unwrap_or(Rect::EMPTY) } else { rect_of(path, boxes) };
        if !rect.intersects(&self.reach) {
            return false;
        }
        if self.bends {
            match detail {
                PathDetail::Whole => self.snap_bent(path, out),
                PathDetail::Ranked(..) => {
                    let kept: Vec<[f64; 2]> = detail.kept(path).collect();
                    self.snap_bent(&kept, out);
                }
            }
            return true;
        }
        if self.near.covers(&rect) {
            match detail {
                PathDetail::Whole => path.iter().for_each(|&position| self.push(position, out)),
                PathDetail::Ranked(..) => detail.kept(path).for_each(|position| self.push(position, out)),
            }
        } else {
            self.snap_straight(path, detail, boxes, out);
        }
        true
    }

    fn push(&self, position: [f64; 2], out: &mut Vec<Point>) {
        let point = self.snapped(self.project(position));
        if out.last() != Some(&point) {
            out.push(point);
        }
    }

    fn snap_straight(&self, path: &[[f64; 2]], detail: PathDetail<'_>, boxes: Boxes<'_>, out: &mut Vec<Point>) {
        // The vertex that waits for its next one, with the sides beyond which it and the vertex kept last lie.
        let mut waiting: Option<([f64; 2], u8)> = None;
        let mut last = 0;
        // The sides beyond which all of a stretch lies, and its end.
        let (mut common, mut end) = (0, 0);
        let mut at = 0;
        while at < path.len() {
            if let Some(around) = boxes.starting_at(at, path.len()) {
                (common, end) = (sides_of(&self.near, around), at + STRETCH);
            } else if at >= end {
                common = 0;
            }
            if detail.keeps(at) {
                let next = sides_beyond(&self.near, path[at]);
                if let Some((position, present)) = waiting
                    && last & present & next == 0
                {
                    last = present;
                    self.push(position, out);
                }
                waiting = Some((path[at], next));
                if last & common != 0 {
                    // From here to the last of the stretch each is beyond one side, as are its neighbours and the one kept last.
                    let furthest = (at..end).rev().find(|&at| detail.keeps(at)).unwrap_or(at);
                    waiting = Some((path[furthest], sides_beyond(&self.near, path[furthest])));
                    at = end;
                    continue;
                }
            }
            at += 1;
        }
        if let Some((position, _)) = waiting {
            self.push(position, out);
        }
    }

    /// Snaps a path with as many vertices between its own as its bends need.
    fn snap_bent(&self, path: &[[f64; 2]], out: &mut Vec<Point>) {
        let project = |position: [f64; 2]| self.projected(position);
        bend(path, project, self.unit[0].min(self.unit[1]) / 2.0, |position| {
            let point = self.snapped(position);
            if out.last() != Some(&point) {
                out.push(point);
            }
        });
    }
}

/// Which vertices of a path count.
#[derive(Clone, Copy, Debug)]
pub(super) enum PathDetail<'a> {
    /// All.
    Whole,
    /// Those whose byte, one for each vertex, is no larger than this.
    Ranked(&'a [u8], u8),
}

impl<'a> PathDetail<'a> {
    /// Whether the vertex at a position of its path counts.
    #[inline]
    fn keeps(self, at: usize) -> bool {
        match self {
            PathDetail::Whole => true,
            PathDetail::Ranked(bytes, most) => bytes.get(at).is_none_or(|&byte| byte <= most),
        }
    }

    /// The vertices that count.
    pub(super) fn kept<'p>(self, path: &'p [[f64; 2]]) -> impl Iterator<Item = [f64; 2]> + use<'a, 'p> {
        let (bytes, most) = match self {
            PathDetail::Whole => (&[][..], u8::MAX),
            PathDetail::Ranked(bytes, most) => (bytes, most),
        };
        path.iter().enumerate().filter(move |&(at, _)| bytes.get(at).is_none_or(|&byte| byte <= most)).map(|(_, &p)| p)
    }

    /// Whether the path meets others at some vertex, as far as is known.
    pub(super) fn meets_others(self) -> bool {
        match self {
            PathDetail::Whole => true,
            PathDetail::Ranked(bytes, _) => bytes.contains(&0),
        }
    }
}

/// The rectangle around a path.
fn rect_of(path: &[[f64; 2]], boxes: Boxes<'_>) -> Rect {
    let mut rect = Rect::EMPTY;
    let mut at = 0;
    while at < path.len() {
        if let Some([west, south, east, north]) = boxes.starting_at(at, path.len()) {
            rect = rect.union(&Rect::new(west, south, east, north));
            at += STRETCH;
        } else {
            rect.extend(path[at]);
            at += 1;
        }
    }
    rect
}

/// The largest whole number that is not above; without the call that `f64::floor` is on processors of twenty years ago.
fn floor(n: f64) -> i64 {
    let whole = n as i64;
    whole - i64::from(whole as f64 > n)
}

/// The sides of the rectangle beyond which a position lies, a bit each (Cohen and Sutherland's code).
fn sides_beyond(rect: &Rect, [x, y]: [f64; 2]) -> u8 {
    u8::from(x < rect.min_x)
        | u8::from(x > rect.max_x) << 1
        | u8::from(y < rect.min_y) << 2
        | u8::from(y > rect.max_y) << 3
}

/// The sides of the rectangle beyond which all of a box lies, in the same way.
fn sides_of(rect: &Rect, [west, south, east, north]: [f64; 4]) -> u8 {
    sides_beyond(rect, [west, south]) & sides_beyond(rect, [east, north])
}
