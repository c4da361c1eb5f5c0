//! Marks for points: a drop that stands on its tip.

use std::sync::Arc;

use crate::style::Color;
use crate::style::Image;

/// A mark. Equal ones have equal names, under which a style finds their images.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// How high it is.
    pub size: PinSize,
    /// Of its body.
    pub color: Color,
    /// What its head holds.
    pub mark: Mark,
}

/// The sizes of simplestyle-spec 1.1 (`marker-size`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PinSize {
    /// 24 pixels.
    Small,
    /// 34 pixels.
    #[default]
    Medium,
    /// 46 pixels.
    Large,
}

/// What the head of a mark holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A dot.
    Dot,
    /// Nothing: a letter is written over it.
    Blank,
    /// An image by its name, in one colour.
    Image(String, Arc<Image>),
}

/// Pixels at ratio 1 around the mark, for its shadow.
const MARGIN: f32 = 2.0;

impl PinSize {
    /// Pixels at ratio 1 from the tip to the top.
    pub fn height(self) -> f32 {
        match self {
            Self::Small => 24.0,
            Self::Medium => 34.0,
            Self::Large => 46.0,
        }
    }

    /// Pixels of a letter in the head.
    pub fn letter(self) -> f32 {
        0.42 * self.height()
    }
}

impl Pin {
    /// The name of its image.
    pub fn name(&self) -> String {
        let [r, g, b] = [self.color.r, self.color.g, self.color.b].map(byte);
        let mark = match &self.mark {
            Mark::Dot => "dot",
            Mark::Blank => "blank",
            Mark::Image(name, _) => name,
        };
        format!("tumen-pin-{:?}-{r:02x}{g:02x}{b:02x}-{mark}", self.size)
    }

    /// The colour of what its head holds: what is read more easily on its own.
    pub fn ink(&self) -> Color {
        let Color { r, g, b, .. } = self.color;
        let is_light = 0.299 * r + 0.587 * g + 0.114 * b > 0.65;
        if is_light { Color::new(0.16, 0.16, 0.16, 1.0) } else { Color::new(1.0, 1.0, 1.0, 1.0) }
    }

    /// Its image. The tip is in the middle, [`MARGIN`] pixels of the map above the lower edge.
    pub fn image(&self, ratio: f64) -> Image {
        let ratio = ratio as f32;
        let height = self.size.height();
        let radius = 0.36 * height;
        let side = |length: f32| ((length + 2.0 * MARGIN) * ratio).ceil() as u32;
        let (columns, rows) = (side(2.0 * radius), side(height));
        let middle = columns as f32 / ratio / 2.0;
        let tip = rows as f32 / ratio - MARGIN;
        let drop = Drop { head: [middle, tip - height + radius], radius, tip };
        let mut pixels = Vec::with_capacity((columns * rows * 4) as usize);
        for (x, y) in (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y))) {
            let place = [(x as f32 + 0.5) / ratio, (y as f32 + 0.5) / ratio];
            pixels.extend(self.color_at(place, &drop, ratio).map(byte));
        }
        Image {
            pixels: pixels.into(),
            width: columns,
            height: rows,
            pixel_ratio: ratio,
            is_sdf: false,
            stretch_x: Vec::new(),
            stretch_y: Vec::new(),
            content: None,
            fit_width: None,
            fit_height: None,
        }
    }

    /// The premultiplied colour at a place in pixels of the map.
    fn color_at(&self, place: [f32; 2], drop: &Drop, ratio: f32) -> [f32; 4] {
        // How much of a pixel lies within an edge at a distance.
        let covered = |distance: f32| (0.5 - distance * ratio).clamp(0.0, 1.0);
        let edge = drop.distance(place);
        let mut color =
            [0.0, 0.0, 0.0, 0.22 * (1.0 - (drop.distance([place[0], place[1] - 0.8]) / 1.8).clamp(0.0, 1.0))];
        let rim = [self.color.r, self.color.g, self.color.b].map(|channel| channel * 0.62);
        lay(&mut color, rim, covered(edge));
        lay(&mut color, [self.color.r, self.color.g, self.color.b], covered(edge + 1.0));
        let [x, y] = [place[0] - drop.head[0], place[1] - drop.head[1]];
        let ink = self.ink();
        let share = match &self.mark {
            Mark::Dot => covered(x.hypot(y) - 0.38 * drop.radius),
            Mark::Blank => 0.0,
            Mark::Image(_, image) => {
                let scale = image.width.max(image.height) as f32 / (1.24 * drop.radius);
                alpha(image, x * scale + image.width as f32 / 2.0, y * scale + image.height as f32 / 2.0)
            }
        };
        lay(&mut color, [ink.r, ink.g, ink.b], share);
        color
    }
}

/// A circle and the tangents to it from a point below.
struct Drop {
    head: [f32; 2],
    radius: f32,
    tip: f32,
}

impl Drop {
    /// From its edge, less than zero inside.
    fn distance(&self, [x, y]: [f32; 2]) -> f32 {
        let (x, y) = ((x - self.head[0]).abs(), y - self.head[1]);
        let length = self.tip - self.head[1];
        // The sine and cosine of the angle between the tangents and the axis.
        let sin = self.radius / length;
        let cos = (1.0 - sin * sin).max(0.0).sqrt();
        // Along the tangent, from where the circle ends to the tip.
        let along = y * cos - x * sin;
        if along < 0.0 {
            x.hypot(y) - self.radius
        } else if along > length * cos {
            x.hypot(y - length)
        } else {
            x * cos + y * sin - self.radius
        }
    }
}

/// How opaque an image is at a place in its pixels; of a distance field, how far inside.
fn alpha(image: &Image, x: f32, y: f32) -> f32 {
    let (left, top) = ((x - 0.5).floor(), (y - 0.5).floor());
    let (right_share, lower_share) = (x - 0.5 - left, y - 0.5 - top);
    let value = |x: i64, y: i64| {
        let inside = (0..i64::from(image.width)).contains(&x) && (0..i64::from(image.height)).contains(&y);
        if !inside {
            return 0.0;
        }
        f32::from(image.pixels[(y as usize * image.width as usize + x as usize) * 4 + 3]) / 255.0
    };
    let (left, top) = (left as i64, top as i64);
    let upper = value(left, top) * (1.0 - right_share) + value(left + 1, top) * right_share;
    let lower = value(left, top + 1) * (1.0 - right_share) + value(left + 1, top + 1) * right_share;
    let value = upper + (lower - upper) * lower_share;
    if image.is_sdf { ((value - 0.75) * 8.0 + 0.5).clamp(0.0, 1.0) } else { value }
}

/// Lays an opaque colour over a premultiplied one, as far as it covers it.
fn lay(color: &mut [f32; 4], [r, g, b]: [f32; 3], share: f32) {
    for (below, above) in color.iter_mut().zip([r, g, b, 1.0]) {
        *below = above * share + *below * (1.0 - share);
    }
}

fn byte(channel: f32) -> u8 {
    (channel * 255.0 + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_stands_on_its_tip_and_is_as_wide_as_its_head() {
        let pin = Pin { size: PinSize::Medium, color: Color::new(1.0, 0.0, 0.0, 1.0), mark: Mark::Dot };
        for ratio in [1.0, 2.0] {
            let image = pin.image(ratio);
            let alpha = |x: u32, y: u32| image.pixels[((y * image.width + x) * 4 + 3) as usize];
            let tip = image.height - (MARGIN * ratio as f32) as u32;
            assert!(alpha(image.width / 2, tip - 2 * ratio as u32) > 200);
            assert!(alpha(image.width / 4, tip - 2) < 80, "{}", alpha(image.width / 4, tip - 2));
            assert_eq!(alpha(image.width / 2, image.height / 3), 255);
            assert!(alpha(0, 0) < 30);
        }
        assert_eq!(pin.name(), "tumen-pin-Medium-ff0000-dot");
    }
}
