//! What part of the world a picture shows, how large and which way up.

use super::lattice::Cell;
use super::lattice::SUBPIXELS;
use super::pixel_grid::PixelGrid;
use super::projection::Projection;
use crate::space::Crs;
use crate::space::Rect;
use crate::space::TileCoord;

/// The frame of a picture. The *world* is that of its projection, x eastwards, y southwards, the unit square for Web
/// Mercator; *pixels* are those of the picture, counted from its top left corner.
#[derive(Clone, Debug)]
pub struct View {
    projection: Projection,
    center: [f64; 2],
    zoom: f64,
    bearing: f64,
    ratio: f64,
    width: u32,
    height: u32,
    /// Pixels a world.
    scale: f64,
    /// Cosine and sine of the bearing.
    turn: [f64; 2],
    /// The pixel lattice's position of the picture's top left corner when north is up, else of its middle.
    origin: Cell,
    placement: Placement,
    /// Pixels at a ratio of 1 beyond the edges from which tiles with labels are loaded.
    label_margin: f64,
}

/// How labels compete for room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Placement {
    /// Within the picture, in MapLibre's order.
    #[default]
    View,
    /// Within the picture and around it, by rank alone, so that neighbouring pictures agree.
    World,
}

/// The longest side of a picture in pixels.
pub const LONGEST_SIDE: u32 = 16_384;

/// Pixels at a ratio of 1 around a picture whose tiles are loaded for their labels: a tile. Features that are at hand need no
/// such margin.
const LABEL_MARGIN: f64 = 512.0;

/// The most there is of it, where labels hang on each other from tile to tile.
const MOST_LABEL_MARGIN: f64 = 4.0 * LABEL_MARGIN;

/// Zooms beyond it tell nothing that numbers can hold.
const HIGHEST_ZOOM: f64 = 24.5;

impl View {
    /// A view around a point (longitude and latitude in degrees) at a zoom of MapLibre's, where the world is 512 pixels wide
    /// at zoom 0. `bearing` is in degrees clockwise from north, `size` in pixels at `ratio` 1. What lies outside of all reason
    /// is held at its edge.
    pub fn new(center: [f64; 2], zoom: f64, bearing: f64, size: [f64; 2], ratio: f64) -> Self {
        let finite = |n: f64| if n.is_finite() { n } else { 0.0 };
        let latitude = finite(center[1]).clamp(-Crs::MERCATOR_LATITUDE, Crs::MERCATOR_LATITUDE);
        Self::around(world([finite(center[0]), latitude]), zoom, bearing, size, ratio)
    }

    /// The view of one tile of the web's grid: `size` pixels a side at `ratio` 1. A tile of 256 pixels shows its zoom as
    /// styles know it for one less, because MapLibre's tiles have 512.
    pub fn of_tile(coord: TileCoord, size: u32, ratio: f64) -> Self {
        let side = 0.5_f64.powi(i32::from(coord.level()));
        let center = [(f64::from(coord.column()) + 0.5) * side, (f64::from(coord.row()) + 0.5) * side];
        let zoom = f64::from(coord.level()) + (f64::from(size) / 512.0).log2();
        Self::around(center, zoom, 0.0, [f64::from(size); 2], ratio).with_placement(Placement::World)
    }

    /// A view of so many pixels of a coordinate reference system, drawn in it; labels stand where those of all pictures of the
    /// same resolution agree. `bearing` is in degrees clockwise from north. Of pictures whose pixels are the same, or lie
    /// between each other, neighbours fit together.
    pub fn of_pixels(crs: &Crs, pixels: &PixelGrid, [width, height]: [u32; 2], bearing: f64, ratio: f64) -> Self {
        let projection = Projection::new(crs, pixels.resolution);
        // Pixels a world, to both sides alike; the zoom may have to be held, the pixels are where they are.
        let scale = projection.unit()[0] / pixels.resolution[0];
        let ratio = held(ratio);
        let zoom = (scale / ratio / 512.0).log2();
        let base = Self::around([0.0; 2], zoom, bearing, [f64::from(width) / ratio, f64::from(height) / ratio], ratio);
        let (left, top) = (pixels.corner[0], pixels.corner[1]);
        let anchor = projection.place(pixels.anchor).map(|n| n * scale);
        let middle =
            [anchor[0] + left as f64 + f64::from(width) / 2.0, anchor[1] + top as f64 + f64::from(height) / 2.0];
        let origin = match base.bearing {
            0.0 => Cell::nearest(anchor) + Cell { x: left * SUBPIXELS, y: top * SUBPIXELS },
            _ => Cell::nearest(middle),
        };
        let center = middle.map(|n| n / scale);
        Self { projection, center, width, height, scale, origin, placement: Placement::World, ..base }
    }

    /// The same view with labels placed in another way.
    #[must_use]
    pub fn with_placement(self, placement: Placement) -> Self {
        let whole = |n: i64| (n + SUBPIXELS / 2).div_euclid(SUBPIXELS) * SUBPIXELS;
        let origin = match placement {
            // The pixels of all pictures are those of one world, so none lies between two.
            Placement::World if self.bearing == 0.0 => Cell { x: whole(self.origin.x), y: whole(self.origin.y) },
            Placement::View | Placement::World => self.origin,
        };
        Self { origin, placement, ..self }
    }

    /// The same view as styles see it at another zoom.
    #[must_use]
    pub(super) fn styled_at(self, zoom: f64) -> Self {
        Self { zoom, ..self }
    }

    /// How labels compete for room: those of tiles in the world, others in the view.
    pub fn placement(&self) -> Placement {
        self.placement
    }

    /// How far beyond its edges the picture's labels come from, pixels.
    pub fn label_margin(&self) -> f64 {
        match self.placement {
            Placement::View => 0.0,
            Placement::World => self.label_margin * self.ratio,
        }
    }

    /// The same view with more labels around it; `None` where that are enough.
    pub fn with_more_labels(&self) -> Option<Self> {
        let label_margin = self.label_margin + LABEL_MARGIN;
        let is_wanted = self.placement == Placement::World && label_margin <= MOST_LABEL_MARGIN;
        is_wanted.then(|| Self { label_margin, ..self.clone() })
    }

    /// The same view with as many labels around it as another one.
    #[must_use]
    pub(super) fn with_labels_of(self, other: &Self) -> Self {
        Self { label_margin: other.label_margin, ..self }
    }

    /// The closest view with north up that shows a whole rectangle of degrees.
    pub fn of_extent(extent: &Rect, size: [f64; 2], ratio: f64) -> Self {
        let [left, bottom] = world([extent.min_x, extent.min_y]);
        let [right, top] = world([extent.max_x, extent.max_y]);
        let fits = |pixels: f64, worlds: f64| (pixels / 512.0 / worlds.max(1e-12)).log2();
        let zoom = fits(size[0], right - left).min(fits(size[1], bottom - top));
        Self::around([f64::midpoint(left, right), f64::midpoint(top, bottom)], zoom, 0.0, size, ratio)
    }

    /// The part of this picture from a pixel on, so many pixels wide and high: each of its pixels is drawn as the picture's own
    /// is. It may reach beyond the picture's edges.
    #[must_use]
    pub fn window(&self, [left, top]: [i64; 2], [width, height]: [u32; 2]) -> Self {
        let middle = [left as f64 + f64::from(width) / 2.0, top as f64 + f64::from(height) / 2.0];
        // Where north is not up, the origin is the middle.
        let origin = match self.bearing {
            0.0 => self.origin + Cell { x: left * SUBPIXELS, y: top * SUBPIXELS },
            _ => Cell::nearest(self.to_world(middle).map(|n| n * self.scale)),
        };
        Self { center: self.to_world(middle), width, height, origin, ..self.clone() }
    }

    fn around(center: [f64; 2], zoom: f64, bearing: f64, size: [f64; 2], ratio: f64) -> Self {
        let ratio = held(ratio);
        let zoom = if zoom.is_finite() { zoom.clamp(-4.0, HIGHEST_ZOOM) } else { 0.0 };
        let side = |n: f64| ((n * ratio).floor() as u32).clamp(1, LONGEST_SIDE);
        let bearing = if bearing.is_finite() { bearing.rem_euclid(360.0) } else { 0.0 };
        let (width, height) = (side(size[0]), side(size[1]));
        let scale = 512.0 * zoom.exp2() * ratio;
        let (sin, cos) = bearing.to_radians().sin_cos();
        let middle = [center[0] * scale, center[1] * scale];
        let corner = [middle[0] - f64::from(width) / 2.0, middle[1] - f64::from(height) / 2.0];
        let origin = Cell::nearest(if bearing == 0.0 { corner } else { middle });
        Self {
            projection: Projection::web_mercator(),
            center,
            zoom,
            bearing,
            ratio,
            width,
            height,
            scale,
            turn: [cos, sin],
            origin,
            placement: Placement::View,
            label_margin: LABEL_MARGIN,
        }
    }

    /// How the earth is laid out.
    pub fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Whether no place of the earth is at a pixel.
    pub fn is_void(&self, [x, y]: [u32; 2]) -> bool {
        self.degrees([f64::from(x) + 0.5, f64::from(y) + 0.5]).is_none()
    }

    /// Longitude and latitude in degrees of a point of the picture in pixels; longitudes go on beyond the antimeridian where
    /// worlds lie side by side.
    pub fn degrees(&self, pixel: [f64; 2]) -> Option<[f64; 2]> {
        self.projection.degrees(self.to_world(pixel))
    }

    /// The zoom that styles see: 512 pixels a tile at `ratio` 1.
    pub fn zoom(&self) -> f64 {
        self.zoom
    }

    /// Degrees clockwise from north of what is up.
    pub fn bearing(&self) -> f64 {
        self.bearing
    }

    /// Pixels of the picture for one of a style.
    pub fn ratio(&self) -> f64 {
        self.ratio
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows of pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Pixels a world.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The point in the middle, in the world.
    pub fn center(&self) -> [f64; 2] {
        self.center
    }

    /// Where a point of the world lies on the lattice of pixels.
    pub fn to_cell(&self, [x, y]: [f64; 2]) -> Cell {
        let (x, y) = (x * self.scale, y * self.scale);
        if self.bearing == 0.0 {
            // Rounded in the world and not in the picture, so that all pictures agree on where a point lies.
            return Cell::nearest([x, y]) - self.origin;
        }
        let from_center = [x - self.center[0] * self.scale, y - self.center[1] * self.scale];
        let [x, y] = self.turn(from_center);
        Cell::nearest([x + f64::from(self.width) / 2.0, y + f64::from(self.height) / 2.0])
    }

    /// The corners of the lattice between which the picture lies, top left and bottom right, counted from the world's corner;
    /// around it where north is not up.
    pub fn cells(&self) -> [Cell; 2] {
        if self.bearing == 0.0 {
            let size = Cell { x: i64::from(self.width) * SUBPIXELS, y: i64::from(self.height) * SUBPIXELS };
            return [self.origin, self.origin + size];
        }
        let Rect { min_x, min_y, max_x, max_y } = self.extent();
        [[min_x, min_y], [max_x, max_y]].map(|corner| Cell::nearest(corner.map(|n| n * self.scale)))
    }

    /// Where a point of the world lies in pixels.
    pub fn to_pixel(&self, point: [f64; 2]) -> [f64; 2] {
        self.to_cell(point).to_pixels()
    }

    /// Where a pixel lies in the world.
    pub fn to_world(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        if self.bearing == 0.0 && self.placement == Placement::World {
            // Reckoned from the world's corner, so that all pictures agree on it to the last bit.
            let [left, top] = self.origin();
            return [(left + x) / self.scale, (top + y) / self.scale];
        }
        let (x, y) = (x - f64::from(self.width) / 2.0, y - f64::from(self.height) / 2.0);
        let [cos, sin] = self.turn;
        [self.center[0] + (x * cos - y * sin) / self.scale, self.center[1] + (x * sin + y * cos) / self.scale]
    }

    /// How far rasters are moved, in pixels, so that their pixels fall on those of the picture when the zoom fits: as MapLibre
    /// does, which rounds to pixels at ratio 1.
    pub fn raster_shift(&self) -> [f64; 2] {
        if self.placement == Placement::World {
            return [0.0; 2];
        }
        let odd = |side: u32| f64::from((f64::from(side) / self.ratio) as u32 % 2) / 2.0;
        let (odd_x, odd_y) = (odd(self.width), odd(self.height));
        let [cos, sin] = self.turn;
        let shift = |center: f64, odd: f64| {
            let place = center * self.scale / self.ratio;
            let rest = place - place.round() + odd;
            if rest > 0.5 { rest - 1.0 } else { rest }
        };
        let x = shift(self.center[0], cos * odd_x + sin * odd_y);
        let y = shift(self.center[1], cos * odd_y + sin * odd_x);
        self.turn([x * self.ratio, y * self.ratio])
    }

    /// A vector on the map with north up, turned to the picture; its length stays.
    pub fn turn(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [cos, sin] = self.turn;
        [x * cos + y * sin, y * cos - x * sin]
    }

    /// The rectangle of the world around all that the picture shows.
    pub fn extent(&self) -> Rect {
        self.extent_with(0.0)
    }

    /// The same with a margin of so many pixels on each side.
    pub fn extent_with(&self, margin: f64) -> Rect {
        let (right, bottom) = (f64::from(self.width) + margin, f64::from(self.height) + margin);
        let mut extent = Rect::EMPTY;
        for corner in [[-margin, -margin], [right, -margin], [right, bottom], [-margin, bottom]] {
            extent.extend(self.to_world(corner));
        }
        extent
    }

    /// The world origin's distance in pixels from the picture's top left corner when north is up; what patterns are aligned
    /// with.
    pub fn origin(&self) -> [f64; 2] {
        [self.origin.x as f64 / SUBPIXELS as f64, self.origin.y as f64 / SUBPIXELS as f64]
    }
}

fn held(ratio: f64) -> f64 {
    if ratio.is_finite() { ratio.clamp(0.1, 16.0) } else { 1.0 }
}

/// Longitude and latitude in degrees, in the unit square of Web Mercator.
pub fn world(position: [f64; 2]) -> [f64; 2] {
    let [x, y] = Crs::WebMercator.project(position);
    [0.5 + x / (2.0 * Crs::MERCATOR_HALF), 0.5 - y / (2.0 * Crs::MERCATOR_HALF)]
}

/// A point of the unit square of Web Mercator in longitude and latitude in degrees.
pub fn degrees([x, y]: [f64; 2]) -> [f64; 2] {
    Crs::WebMercator.unproject([(x - 0.5) * 2.0 * Crs::MERCATOR_HALF, (0.5 - y) * 2.0 * Crs::MERCATOR_HALF])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::Grid;

    #[test]
    fn a_tile_of_256_pixels_is_drawn_at_the_zoom_below() {
        let coord = Grid::web_mercator_quad().tile(3, 6, 2).unwrap();
        let view = View::of_tile(coord, 256, 2.0);
        assert_eq!((view.zoom(), view.width(), view.height()), (2.0, 512, 512));
        assert_eq!(view.to_pixel([6.0 / 8.0, 2.0 / 8.0]), [0.0, 0.0]);
        assert_eq!(view.to_pixel([7.0 / 8.0, 3.0 / 8.0]), [512.0, 512.0]);
    }

    #[test]
    fn east_is_up_when_the_bearing_is_90() {
        let view = View::new([0.0, 0.0], 0.0, 90.0, [100.0, 100.0], 1.0);
        let [x, y] = view.to_pixel([0.5 + 10.0 / 512.0, 0.5]);
        assert_eq!([x, y], [50.0, 40.0]);
        let [x, y] = view.to_world([50.0, 40.0]);
        assert!((x - 0.5 - 10.0 / 512.0).abs() < 1e-12 && (y - 0.5).abs() < 1e-12);
    }

    #[test]
    fn neighbouring_tiles_agree_on_where_a_point_lies() {
        let grid = Grid::web_mercator_quad();
        let here = View::of_tile(grid.tile(14, 14093, 6045).unwrap(), 512, 1.0);
        let there = View::of_tile(grid.tile(14, 14094, 6045).unwrap(), 512, 1.0);
        for step in 0..100 {
            let point = [14093.9 / 16384.0 + f64::from(step) * 1e-7 / 3.0, 6045.5 / 16384.0];
            let [x, y] = here.to_pixel(point);
            assert_eq!(there.to_pixel(point), [x - 512.0, y]);
        }
    }

    #[test]
    fn a_window_sees_each_point_where_the_picture_sees_it() {
        let view = View::new([129.745, 42.44], 11.3, 0.0, [640.0, 480.0], 2.0);
        let window = view.window([-3, 101], [7, 5]);
        assert_eq!((window.width(), window.height(), window.zoom()), (7, 5, view.zoom()));
        for step in 0..100 {
            let point = view.to_world([f64::from(step) * 13.7, f64::from(step) * 9.1]);
            let ([x, y], [u, v]) = (view.to_pixel(point), window.to_pixel(point));
            assert_eq!([u, v], [x + 3.0, y - 101.0]);
        }
        let turned = View::new([129.745, 42.44], 11.3, 30.0, [640.0, 480.0], 1.0);
        let window = turned.window([50, 60], [9, 9]);
        let ([x, y], [u, v]) = (turned.to_pixel([0.86, 0.37]), window.to_pixel([0.86, 0.37]));
        assert!((u - x + 50.0).abs() < 0.01 && (v - y + 60.0).abs() < 0.01);
    }

    #[test]
    fn nonsense_is_held_at_its_edge() {
        let view = View::new([f64::NAN, 1e300], f64::INFINITY, f64::NAN, [1e9, -5.0], f64::NAN);
        assert_eq!((view.width(), view.height(), view.zoom()), (LONGEST_SIDE, 1, 0.0));
        assert!(view.extent().min_x.is_finite());
    }
}
