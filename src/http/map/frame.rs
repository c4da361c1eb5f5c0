//! What a map shows of the world.

use std::fmt;

use crate::config::Limits;
use crate::http::Error;
use crate::render::Placement;
use crate::render::View;
use crate::render::degrees;
use crate::space::Bbox;
use crate::space::Crs;
use crate::space::CrsList;
use crate::space::Rect;

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
}

impl Frame {
    /// Those of a list that maps can be drawn in.
    pub(in crate::http) fn systems(offered: &CrsList) -> Vec<Crs> {
        offered.iter().filter(|crs| **crs == Crs::WebMercator).cloned().collect()
    }

    /// The view of it, with labels where those of neighbouring maps agree. Where the pixels would not be square, more is
    /// shown on two sides.
    pub(in crate::http) fn view(&self) -> View {
        let world = 2.0 * Crs::MERCATOR_HALF;
        let [x, y] = self.rect.center();
        let [width, height] = self.size.map(f64::from);
        let metres = (self.rect.width() / width).max(self.rect.height() / height).max(f64::MIN_POSITIVE);
        let zoom = (world / metres / self.ratio / 512.0).log2();
        // A hair more, since the product shall not miss the whole number.
        let size = [width, height].map(|side| side / self.ratio + 1e-6);
        let center = degrees([0.5 + x / world, 0.5 - y / world]);
        View::new(center, zoom, self.bearing, size, self.ratio).with_placement(Placement::World)
    }

    /// What is shown in the end, in units of the system, east first: around all of it where north is not up.
    pub(in crate::http) fn shown(&self) -> Rect {
        let world = 2.0 * Crs::MERCATOR_HALF;
        let Rect { min_x, min_y, max_x, max_y } = self.view().extent();
        Rect::new((min_x - 0.5) * world, (0.5 - max_y) * world, (max_x - 0.5) * world, (0.5 - min_y) * world)
    }

    /// Whether no place of the earth is at a pixel.
    pub(in crate::http) fn is_void(view: &View, [x, y]: [u32; 2]) -> bool {
        let [_, y] = view.to_world([f64::from(x) + 0.5, f64::from(y) + 0.5]);
        !(0.0..=1.0).contains(&y)
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
        let Self { crs, rect: Rect { min_x, min_y, max_x, max_y }, size: [width, height], ratio, bearing } = self;
        write!(f, "{crs}/{min_x},{min_y},{max_x},{max_y}/{width}x{height}@{ratio}/{bearing}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(rect: Rect, size: [u32; 2]) -> Frame {
        Frame { crs: Crs::WebMercator, rect, size, ratio: 1.0, bearing: 0.0 }
    }

    fn is_near(a: &Rect, b: &Rect, tolerance: f64) -> bool {
        let ends = |r: &Rect| [r.min_x, r.min_y, r.max_x, r.max_y];
        ends(a).iter().zip(ends(b)).all(|(a, b)| (a - b).abs() < tolerance)
    }

    #[test]
    fn the_picture_shows_the_rectangle_on_as_many_pixels_as_are_asked_for() {
        let rect = Rect::new(14_440_000.0, 5_220_000.0, 14_450_000.0, 5_225_000.0);
        for ratio in [0.37, 1.0, 3.0] {
            let own = Frame { ratio, ..frame(rect, [641, 321]) };
            let view = own.view();
            assert_eq!((view.width(), view.height()), (641, 321));
            let shown = own.shown();
            assert!(is_near(&shown, &rect, 10_000.0 / 641.0 * 2.0), "{shown:?}");
        }
        let wide = frame(rect, [400, 400]).shown();
        assert!((wide.width() - 10_000.0).abs() < 50.0 && (wide.height() - 10_000.0).abs() < 50.0, "{wide:?}");
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
    fn a_map_beyond_the_limits_is_too_large() {
        let limits = Limits::default();
        assert!(Frame::check_size([limits.image_side, 1], &limits).is_ok());
        assert!(matches!(Frame::check_size([limits.image_side + 1, 1], &limits), Err(Error::TooLarge(_))));
        assert!(matches!(Frame::check_size([u32::MAX, u32::MAX], &limits), Err(Error::TooLarge(_))));
    }
}
