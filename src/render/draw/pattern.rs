//! Images that pave an area.

use std::sync::Arc;

use crate::render::scene::Frame;
use crate::style::Diagnostic;
use crate::style::Image;
use crate::style::ImageName;

/// An image repeated over the world, whose corner it is laid from, at the size that it has at the whole zoom below.
pub struct Pattern {
    image: Arc<Image>,
    /// World pixels of the style at the whole zoom, for the middle of the picture's first pixel, and for a step right and down.
    start: [f64; 2],
    right: [f64; 2],
    down: [f64; 2],
    per_pixel: f64,
}

impl Pattern {
    /// Looks an image up; one that is not there is said.
    pub fn find(name: &ImageName, frame: &Frame<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let Some(image) = frame.images.image(&name.0) else {
            let remark = Diagnostic::new(None, None, format!("there is no image '{}'", name.0));
            if !diagnostics.contains(&remark) {
                diagnostics.push(remark);
            }
            return None;
        };
        let scale = 512.0 * frame.layout().zoom.exp2();
        let at = |x: f64, y: f64| frame.view.to_world([x, y]).map(|n| n * scale);
        let start = at(0.5, 0.5);
        let step = |x: f64, y: f64| {
            let [to_x, to_y] = at(x + 0.5, y + 0.5);
            [to_x - start[0], to_y - start[1]]
        };
        let (right, down) = (step(1.0, 0.0), step(0.0, 1.0));
        Some(Self { image: Arc::clone(image), start, right, down, per_pixel: f64::from(image.pixel_ratio) })
    }

    /// The premultiplied colour at a pixel of the picture, for a pattern that was shifted by some pixels.
    pub fn at(&self, x: u32, y: u32, [shift_x, shift_y]: [f64; 2]) -> [f32; 4] {
        let (x, y) = (f64::from(x) - shift_x, f64::from(y) - shift_y);
        let along = |axis: usize| (self.start[axis] + x * self.right[axis] + y * self.down[axis]) * self.per_pixel;
        let (width, height) = (f64::from(self.image.width), f64::from(self.image.height));
        sample_paved(&self.image, along(0).rem_euclid(width) as f32, along(1).rem_euclid(height) as f32)
    }
}

/// The colour at a place of an image in its pixels, blended from the four around it, on a plane that is paved with it.
pub fn sample_paved(image: &Image, x: f32, y: f32) -> [f32; 4] {
    let (width, height) = (i64::from(image.width.max(1)), i64::from(image.height.max(1)));
    let (x, y) = (x - 0.5, y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (right_share, lower_share) = (x - left, y - top);
    let at = |x: i64, y: i64| {
        let start = ((y.rem_euclid(height) * width + x.rem_euclid(width)) * 4) as usize;
        image.pixels.get(start..start + 4).unwrap_or(&[0; 4])
    };
    let (left, top) = (left as i64, top as i64);
    let corners = [at(left, top), at(left + 1, top), at(left, top + 1), at(left + 1, top + 1)];
    std::array::from_fn(|channel| {
        let [a, b, c, d] = corners.map(|corner| f32::from(corner[channel]));
        let (upper, lower) = (a + (b - a) * right_share, c + (d - c) * right_share);
        (upper + (lower - upper) * lower_share) / 255.0
    })
}
