//! Images that pave an area.

use std::sync::Arc;

use crate::render::lattice::SUBPIXELS;
use crate::render::scene::Frame;
use crate::render::view::Placement;
use crate::render::whole::Plane;
use crate::style::Diagnostic;
use crate::style::Image;
use crate::style::ImageName;

/// An image repeated over the world, whose corner it is laid from, at the size that it has at the whole zoom below.
pub struct Pattern {
    image: Arc<Image>,
    /// What is added to a pixel of the picture, and by what the sum is multiplied for pixels of the image to the right and
    /// down. Where north is up they are those of the world, so that all pictures reckon with the same numbers.
    start: [f64; 2],
    right: [f64; 2],
    down: [f64; 2],
    /// After how many pixels the pattern begins anew, since the world does.
    round: f64,
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
        let view = frame.view;
        let factor = 512.0 * frame.layout().zoom.exp2() / view.scale() * f64::from(image.pixel_ratio);
        // The way back from the picture to the map with north up.
        let [cos, sin] = view.turn([1.0, 0.0]);
        let (right, down) = ([factor * cos, -factor * sin], [factor * sin, factor * cos]);
        let [x, y] = view.origin();
        let start = if view.bearing() == 0.0 {
            [x + 0.5, y + 0.5]
        } else {
            // The origin lies in the middle of the picture, whose axes are turned.
            let [x, y] = view.turn([x, y]);
            [x + 0.5 - f64::from(view.width()) / 2.0, y + 0.5 - f64::from(view.height()) / 2.0]
        };
        let is_world = view.placement() == Placement::World && view.bearing() == 0.0;
        let round = if is_world {
            Plane::of(view).copy().map_or(f64::INFINITY, |copy| copy as f64 / SUBPIXELS as f64)
        } else {
            f64::INFINITY
        };
        Some(Self { image: Arc::clone(image), start, right, down, round })
    }

    /// The premultiplied colour at a pixel of the picture, for a pattern that was shifted by some pixels.
    pub fn at(&self, x: u32, y: u32, [shift_x, shift_y]: [f64; 2]) -> [f32; 4] {
        let (mut x, y) = (f64::from(x) + self.start[0] - shift_x, f64::from(y) + self.start[1] - shift_y);
        if self.round.is_finite() {
            x = x.rem_euclid(self.round);
        }
        let along = |axis: usize| x * self.right[axis] + y * self.down[axis];
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
