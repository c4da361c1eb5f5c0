//! Icons laid out around their anchors and around their texts.

use std::sync::Arc;

use super::geometry::Point;
use super::offset::alignment;
use crate::render::text::Shaping;
use crate::style::Anchor;
use crate::style::Image;
use crate::style::ImageFit;
use crate::style::TextFit;

/// An icon and its place around the anchor, in pixels at an icon size of 1.
#[derive(Clone, Debug)]
pub struct Icon {
    /// The image.
    pub image: Arc<Image>,
    /// Left, top, right, bottom.
    pub bounds: [f32; 4],
    /// What its borders add to the text box that it is fitted to, when it is: left, top, right, bottom.
    pub collision_padding: Option<[f32; 4]>,
}

impl Icon {
    /// An image at its own size.
    pub fn new(image: &Arc<Image>, offset: Point, anchor: Anchor) -> Self {
        let [width, height] = image.display_size();
        let [horizontal, vertical] = alignment(anchor);
        let (left, top) = (offset[0] - width * horizontal, offset[1] - height * vertical);
        Self { image: Arc::clone(image), bounds: [left, top, left + width, top + height], collision_padding: None }
    }

    /// The icon stretched around a text of a scale (pixels for em / 24); its anchor no longer counts.
    #[must_use]
    pub fn fitted(&self, text: &Shaping, fit: TextFit, padding: [f32; 4], offset: Point, scale: f32) -> Self {
        let image = &self.image;
        let size = image.display_size();
        let (fits_width, fits_height) = match fit {
            TextFit::None => (false, false),
            TextFit::Width => (true, false),
            TextFit::Height => (false, true),
            TextFit::Both => (true, true),
        };
        let [left, top, right, bottom] = text.bounds.map(|edge| edge * scale);
        let span = |low: f32, high: f32, fits: bool, size: f32, padding: [f32; 2], offset: f32| {
            if fits {
                [offset + low - padding[0], offset + high + padding[1]]
            } else {
                let start = offset + (low + high - size) / 2.0;
                [start, start + size]
            }
        };
        let [left, right] = span(left, right, fits_width, size[0], [padding[3], padding[1]], offset[0]);
        let [top, bottom] = span(top, bottom, fits_height, size[1], [padding[0], padding[2]], offset[1]);
        let collision_padding = image.content.map(|content| {
            let [l, t, r, b] = content.map(|edge| edge / image.pixel_ratio);
            [l, t, size[0] - r, size[1] - b]
        });
        Self { image: Arc::clone(image), bounds: [left, top, right, bottom], collision_padding }
    }

    /// Its bounds after the sides that keep their proportion were adjusted to the other ones.
    pub fn proportioned(&self) -> [f32; 4] {
        let image = &self.image;
        let (fit_width, fit_height) = (image.fit_width, image.fit_height);
        let content = image.content.filter(|_| fit_width.is_some() || fit_height.is_some());
        let Some([left, top, right, bottom]) = content else { return self.bounds };
        let aspect = (right - left) / (bottom - top);
        let [mut left, mut top, right, bottom] = self.bounds;
        let (mut width, mut height) = (right - left, bottom - top);
        if fit_height == Some(ImageFit::Proportional) {
            let may_widen = fit_width == Some(ImageFit::StretchOnly) && width / height < aspect;
            if may_widen || fit_width == Some(ImageFit::Proportional) {
                let wider = (height * aspect).ceil();
                left *= wider / width;
                width = wider;
            }
        } else if fit_width == Some(ImageFit::Proportional)
            && fit_height == Some(ImageFit::StretchOnly)
            && aspect != 0.0
            && width / height > aspect
        {
            let higher = (width / aspect).ceil();
            top *= higher / height;
            height = higher;
        }
        let bounds = [left, top, left + width, top + height];
        if bounds.iter().all(|edge| edge.is_finite()) { bounds } else { self.bounds }
    }
}
