//! What a map shows of the world.

use std::fmt;

use crate::config::Limits;
use crate::http::Error;
use crate::render::PixelGrid;
use crate::render::Placement;
use crate::render::View;
use crate::render::degrees;
use crate::space::Bbox;
use crate::space::Crs;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileCoord;

/// Most worlds side by side on a map.
const MOST_WORLDS: f64 = 8.0;

/// A rectangle of a coordinate reference system on so many pixels.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::http) struct Frame {
    /// The system.
    pub(in crate::http) crs: Crs,
    /// The rectangle in units of the system, east first. Its right edge may lie beyond the antimeridian.
    pub(in crate::http) rect: Rect,
    /// Width and height in pixels.
    pub(in crate::http) size: [u32; 2],
    /// Pixels of the picture for one of a style.
    pub(in crate::http) ratio: f64,
    /// Degrees clockwise from north of what is up.
    pub(in crate::http) bearing: f64,
    /// Its pixels, where they are those of a grid; else they follow from the rectangle.
    pub(in crate::http) pixels: Option<PixelGrid>,
}

impl Frame {
    /// What one tile of a grid shows; neighbours fit together to the pixel.
    pub(in crate::http) fn of_tile(grid: &Grid, coord: TileCoord) -> Self {
        let level = grid.level(coord);
        let size = [level.tile_width, level.tile_height];
        let pixels = Some(PixelGrid::of_tile(grid, coord));
        Self { crs: grid.crs().clone(), rect: grid.bounds(coord), size, ratio: 1.0, bearing: 0.0, pixels }
    }

    /// How it is drawn, with labels where those of neighbouring maps agree.
    pub(in crate::http) fn view(&self) -> View {
        if let Some(pixels) = &self.pixels {
            return View::of_pixels(&self.crs, pixels, self.size, self.bearing, self.ratio);
        }
        let [width, height] = self.size.map(f64::from);
        let units = [self.rect.width() / width, self.rect.height() / height];
        // A side that follows from the other is a whole number of pixels, so that these are not quite square.
        let is_square = (units[0] - units[1]).abs() <= units[0].max(units[1]) / width.min(height).max(1.0);
        let is_held = |zoom: f64| (-4.0..=24.5).contains(&zoom);
        let is_within = self.rect.center()[1].abs() <= Crs::MERCATOR_HALF && is_held(self.zoom());
        if self.crs == Crs::WebMercator && is_square && is_within {
            return self.web_mercator();
        }
        View::of_pixels(&self.crs, &PixelGrid::of_rect(&self.rect, self.size), self.size, self.bearing, self.ratio)
    }

    /// The view of it in Web Mercator with square pixels, which are those of the world's.
    fn web_mercator(&self) -> View {
        let world = 2.0 * Crs::MERCATOR_HALF;
        let [x, y] = self.rect.center();
        let [width, height] = self.size.map(f64::from);
        // A hair more, since the product shall not miss the whole number.
        let size = [width, height].map(|side| side / self.ratio + 1e-6);
        let center = degrees([0.5 + x / world, 0.5 - y / world]);
        View::new(center, self.zoom(), self.bearing, size, self.ratio).with_placement(Placement::World)
    }

    /// The zoom of that view.
    fn zoom(&self) -> f64 {
        let [width, height] = self.size.map(f64::from);
        let metres = (self.rect.width() / width).max(self.rect.height() / height).max(f64::MIN_POSITIVE);
        (2.0 * Crs::MERCATOR_HALF / metres / self.ratio / 512.0).log2()
    }

    /// What is shown in the end, in units of the system, east first: around all of it where north is not up.
    pub(in crate::http) fn shown(&self) -> Rect {
        let [x, y] = self.rect.center();
        let [width, height] = [self.rect.width() / 2.0, self.rect.height() / 2.0];
        let (sin, cos) = self.bearing.to_radians().sin_cos();
        let (sin, cos) = (sin.abs(), cos.abs());
        let (width, height) =
            if sin == 0.0 { (width, height) } else { (width * cos + height * sin, width * sin + height * cos) };
        Rect::new(x - width, y - height, x + width, y + height)
    }

    /// The rectangle of a system around a box in degrees; its right edge lies beyond the antimeridian where the box crosses
    /// that. `None` when nothing of the box is in the system.
    pub(in crate::http) fn rect_around(crs: &Crs, bbox: &Bbox) -> Option<Rect> {
        let Some(period) = crs.period() else { return crs.rect_of(bbox) };
        let [west, south, east, north] = bbox.to_array();
        let east = if bbox.crosses_antimeridian() { east + 360.0 } else { east };
        let [_, lowest, _, highest] = crs.area().to_array();
        let y = |lat: f64| crs.project([0.0, lat.clamp(lowest, highest)])[1];
        Some(Rect::new(west / 360.0 * period, y(south), east / 360.0 * period, y(north)))
    }

    /// The box in degrees around a rectangle of a system, whose right edge may lie beyond the antimeridian.
    pub(in crate::http) fn bbox_around(crs: &Crs, rect: &Rect) -> Option<Bbox> {
        let Some(period) = crs.period() else { return crs.bbox_of(rect) };
        let inner = crs.bbox_of(&Rect { min_x: 0.0, max_x: 0.0, ..*rect })?;
        let [_, south, _, north] = inner.to_array();
        if rect.width() >= period {
            return Bbox::new(-180.0, south, 180.0, north).ok();
        }
        let lon = |x: f64| x / period * 360.0;
        let turned = |lon: f64| if lon.abs() <= 180.0 { lon } else { (lon + 180.0).rem_euclid(360.0) - 180.0 };
        Bbox::new(turned(lon(rect.min_x)), south, turned(lon(rect.max_x)), north).ok()
    }

    /// Refuses frames in which the world lies side by side with itself very often: each of them is drawn.
    pub(in crate::http) fn check_worlds(&self) -> Result<(), Error> {
        let worlds = self.crs.period().map_or(0.0, |period| self.shown().width() / period);
        (worlds <= MOST_WORLDS).then_some(()).ok_or_else(|| {
            Error::Invalid(format!(
                "the map would show the world {worlds:.0} times side by side; {MOST_WORLDS} are enough"
            ))
        })
    }

    /// Refuses sizes beyond the limits.
    pub(in crate::http) fn check_size([width, height]: [u32; 2], limits: &Limits) -> Result<(), Error> {
        let is_small = width.max(height) <= limits.image_side && width.saturating_mul(height) <= limits.image_pixels;
        is_small.then_some(()).ok_or_else(|| {
            Error::TooLarge(format!(
                "a map of {width} by {height} pixels is too large: a side has at most {}, and all of it {}",
                limits.image_side, limits.image_pixels
            ))
        })
    }
}

impl fmt::Display for Frame {
    /// The canonical text, part of keys of pictures.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { crs, rect: Rect { min_x, min_y, max_x, max_y }, size: [width, height], ratio, bearing, pixels } =
            self;
        let kind = if pixels.is_some() { "tile" } else { "rect" };
        write!(f, "{kind}/{crs}/{min_x},{min_y},{max_x},{max_y}/{width}x{height}@{ratio}/{bearing}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(rect: Rect, size: [u32; 2]) -> Frame {
        Frame { crs: Crs::WebMercator, rect, size, ratio: 1.0, bearing: 0.0, pixels: None }
    }

    #[test]
    fn pictures_have_as_many_pixels_as_are_asked_for() {
        let rect = Rect::new(14_440_000.0, 5_220_000.0, 14_450_000.0, 5_225_000.0);
        for ratio in [0.37, 1.0, 3.0] {
            let own = Frame { ratio, ..frame(rect, [640, 320]) };
            let view = own.view();
            assert!(view.projection().is_web_mercator());
            assert_eq!((view.width(), view.height()), (640, 320));
            assert_eq!(own.shown(), rect);
        }
        let stretched = frame(rect, [400, 400]).view();
        assert!(!stretched.projection().is_web_mercator());
        let degrees = Frame { crs: Crs::Crs84, ..frame(Rect::new(0.0, 0.0, 2.0, 1.0), [200, 100]) }.view();
        assert_eq!((degrees.width(), degrees.height()), (200, 100));
        for (view, rect) in [(stretched, rect), (degrees, Rect::new(0.0, 0.0, 2.0, 1.0))] {
            let corner = |x: u32, y: u32| view.projection().position(view.to_world([f64::from(x), f64::from(y)]));
            let found = [corner(0, view.height()), corner(view.width(), 0)].concat();
            let wanted = [rect.min_x, rect.min_y, rect.max_x, rect.max_y];
            let close = |(a, b): (&f64, f64)| (a - b).abs() < rect.width() / 400.0 / 128.0;
            assert!(found.iter().zip(wanted).all(close), "{found:?} for {wanted:?}");
        }
    }

    #[test]
    fn boxes_over_the_antimeridian_go_on_eastwards_and_back() {
        let bbox = Bbox::new(170.0, -10.0, -170.0, 10.0).unwrap();
        let rect = Frame::rect_around(&Crs::WebMercator, &bbox).unwrap();
        assert!(rect.max_x > Crs::MERCATOR_HALF && rect.min_x < rect.max_x);
        let back = Frame::bbox_around(&Crs::WebMercator, &rect).unwrap().to_array();
        assert!(back.iter().zip(bbox.to_array()).all(|(a, b)| (a - b).abs() < 1e-9), "{back:?}");
        let world = Frame::rect_around(&Crs::WebMercator, &Bbox::WORLD).unwrap();
        assert!((world.width() - world.height()).abs() < 1.0);
    }

    #[test]
    fn a_map_of_very_many_worlds_is_refused() {
        let wide = |metres: f64| frame(Rect::new(0.0, 0.0, metres, 1e6), [200, 200]).check_worlds();
        assert!(wide(3.2e8).is_ok() && wide(3.3e8).is_err() && wide(1e12).is_err());
        // One that stands upright may lie down when it is turned.
        let tall = Frame { bearing: 90.0, ..frame(Rect::new(0.0, 0.0, 1e6, 1e12), [200, 200]) };
        assert!(tall.check_worlds().is_err());
    }

    #[test]
    fn a_map_beyond_the_limits_is_too_large() {
        let limits = Limits::default();
        assert!(Frame::check_size([limits.image_side, 1], &limits).is_ok());
        assert!(matches!(Frame::check_size([limits.image_side + 1, 1], &limits), Err(Error::TooLarge(_))));
        assert!(matches!(Frame::check_size([u32::MAX, u32::MAX], &limits), Err(Error::TooLarge(_))));
    }
}
