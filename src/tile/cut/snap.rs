//! From degrees to the integer grid of a tile.

use super::CutSettings;
use crate::space::Crs;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileCoord;

/// A place on the grid of one tile: units from its top left corner, x to the right and y down. Far from the tile the
/// numbers need more than 32 bits.
pub type Point = [i64; 2];

/// The rectangles in degrees of which a tile with its buffer shows something: more than one where the buffer reaches over
/// the antimeridian. With these the candidates are asked from a snapshot.
pub fn area(grid: &Grid, coord: TileCoord, settings: &CutSettings) -> Vec<Rect> {
    Window::over(grid, coord, settings).iter().map(Window::reach).collect()
}

/// A tile as seen from one copy of the world.
///
/// ```text
///      copy -1     |      copy 0      |     copy 1
///             [ tile 0/0/0 with its buffer ]
/// ```
#[derive(Clone, Debug)]
pub(super) struct Window {
    grid_origin: [f64; 2],
    unit: f64,
    crs: Crs,
    /// Units from the grid's origin to the tile's corner, in this copy of the world.
    corner: Point,
    /// What the tile shows with its buffer, in degrees.
    reach: Rect,
    /// Degrees within which vertices decide about what is seen on the tile.
    near: Rect,
}

impl Window {
    /// The one to three windows of a tile.
    pub(super) fn over(grid: &Grid, coord: TileCoord, settings: &CutSettings) -> Vec<Self> {
        let crs = grid.crs().clone();
        let unit = grid.tile_span(coord.level()) / f64::from(settings.extent);
        let [origin_x, origin_y] = grid.origin();
        let world = crs.project([180.0, 0.0])[0] - crs.project([-180.0, 0.0])[0];
        let world_units = (world / unit).round() as i64;
        let extent = i64::from(settings.extent);
        let window = |copy: i64| {
            let corner = [i64::from(coord.column()) * extent - copy * world_units, i64::from(coord.row()) * extent];
            let degrees = |margin: f64| {
                let low = [corner[0] as f64 - margin, (corner[1] + extent) as f64 + margin];
                let high = [(corner[0] + extent) as f64 + margin, corner[1] as f64 - margin];
                let place = |[x, y]: [f64; 2]| crs.unproject([origin_x + x * unit, origin_y - y * unit]);
                let ([west, south], [east, north]) = (place(low), place(high));
                Rect::new(west, south, east, north)
            };
            // Half a unit more, because that far away is snapped onto the edge.
            let reach = degrees(f64::from(settings.buffer) + 0.5);
            let near = degrees(f64::from(settings.buffer) + f64::from(settings.extent) / 4.0);
            Self { grid_origin: [origin_x, origin_y], unit, crs: crs.clone(), corner, reach, near }
        };
        let world_rect = Rect::new(-180.0, -90.0, 180.0, 90.0);
        let windows: Vec<Self> = [0, -1, 1].map(window).into();
        windows.into_iter().filter(|window| window.reach.intersects(&world_rect)).collect()
    }

    /// What it shows, in degrees; reaches over the edge of the world where the tile does.
    pub(super) fn reach(&self) -> Rect {
        self.reach
    }

    /// The vertex of the grid that is nearest to a position. A position half way goes to the right and down, in each tile
    /// alike, so that neighbours agree.
    pub(super) fn snap(&self, position: [f64; 2]) -> Point {
        let [x, y] = self.crs.project(position);
        let units = |offset: f64| (offset / self.unit + 0.5).floor() as i64;
        [units(x - self.grid_origin[0]) - self.corner[0], units(self.grid_origin[1] - y) - self.corner[1]]
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
    pub(super) fn snap_path(&self, path: &[[f64; 2]], out: &mut Vec<Point>) -> bool {
        out.clear();
        let mut rect = Rect::EMPTY;
        for &position in path {
            rect.extend(position);
        }
        if !rect.intersects(&self.reach) {
            return false;
        }
        let whole = self.near.covers(&rect);
        // The sides beyond which the vertex kept last and the present one lie.
        let (mut last, mut present) = (0, 0);
        for (index, &position) in path.iter().enumerate() {
            if !whole {
                let next = path.get(index + 1).map_or(0, |&next| sides_beyond(&self.near, next));
                if index == 0 {
                    present = sides_beyond(&self.near, position);
                }
                let beside = last & present & next != 0;
                if !beside {
                    last = present;
                }
                present = next;
                if beside {
                    continue;
                }
            }
            let point = self.snap(position);
            if out.last() != Some(&point) {
                out.push(point);
            }
        }
        true
    }
}

/// The sides of the rectangle beyond which a position lies, a bit each (Cohen and Sutherland's code).
fn sides_beyond(rect: &Rect, [x, y]: [f64; 2]) -> u8 {
    u8::from(x < rect.min_x)
        | u8::from(x > rect.max_x) << 1
        | u8::from(y < rect.min_y) << 2
        | u8::from(y > rect.max_y) << 3
}
