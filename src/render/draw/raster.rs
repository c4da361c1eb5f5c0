//! `raster` layers.

use std::borrow::Cow;

use super::warp::Warp;
use crate::render::Bitmap;
use crate::render::Canvas;
use crate::render::clip::Clip;
use crate::render::lattice::Cell;
use crate::render::loaded::Shown;
use crate::render::scene::Frame;
use crate::render::view::world;
use crate::style::Raster;
use crate::style::Resampling;

/// What becomes of each pixel's colour.
struct Adjustment {
    opacity: f32,
    brightness: [f32; 2],
    saturation: f32,
    contrast: f32,
    /// Shares of the three channels in the first one, and turned around in the others.
    spin: [f32; 3],
    nearest: bool,
}

/// Draws tiles of pixels.
pub fn tiles(canvas: &mut Canvas, frame: &Frame<'_>, style: &Raster, tiles: &[Shown<'_, Bitmap>]) {
    let adjustment = Adjustment::new(frame, style);
    let shift = frame.view.raster_shift();
    for shown in tiles {
        let clip = Clip::of_tile_shifted(frame.view, &shown.clip, Cell::nearest(shift));
        let [left, top, side] = shown.placed.square();
        let pixels_a_side = side * frame.view.scale();
        let bitmap = reduced(shown.content, f64::from(shown.content.width()) / pixels_a_side);
        let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
        for row in clip.rows() {
            let (from, to) = clip.span(row);
            for x in from..to {
                let [u, v] = frame.view.to_world([x as f64 + 0.5 - shift[0], row as f64 + 0.5 - shift[1]]);
                let (u, v) = ((u - left) / side * width, (v - top) / side * height);
                let color = adjustment.apply(adjustment.sample(&bitmap, u, v));
                canvas.blend(x as u32, row as u32, color);
            }
        }
    }
}

/// Draws one picture between four corners (longitude and latitude of the top left, top right, bottom right, bottom left).
pub fn image(canvas: &mut Canvas, frame: &Frame<'_>, style: &Raster, bitmap: &Bitmap, corners: [[f64; 2]; 4]) {
    let adjustment = Adjustment::new(frame, style);
    let [shift_x, shift_y] = frame.view.raster_shift();
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let corners = corners.map(world);
    let extent = frame.view.extent();
    let (left, right) = corners.iter().fold((f64::MAX, f64::MIN), |(low, high), [x, _]| (low.min(*x), high.max(*x)));
    // The world is shown as often as it fits, and so is the picture.
    for wrap in (extent.min_x - right).ceil() as i32..=(extent.max_x - left).floor() as i32 {
        let corners = corners.map(|[x, y]| {
            let [x, y] = frame.view.to_pixel([x + f64::from(wrap), y]);
            [x + shift_x, y + shift_y]
        });
        // Reckoned from the first corner, so that all pictures reckon with the same numbers.
        let base = corners[0].map(f64::floor);
        let corners = corners.map(|[x, y]| [x - base[0], y - base[1]]);
        let [top_left, top_right, ..] = corners;
        let bitmap = reduced(bitmap, width / (top_right[0] - top_left[0]).hypot(top_right[1] - top_left[1]).max(1.0));
        let shrink = f64::from(bitmap.width()) / width;
        let warp = Warp::new(corners);
        let projective = Projective::from_quad(corners).filter(|_| warp.is_projective());
        let Some(to_unit) = projective else {
            let clip = canvas.clip();
            warp.each_pixel(&clip, base, |x, y, [u, v]| {
                let (u, v) = (f64::from(u).clamp(0.0, 1.0), f64::from(v).clamp(0.0, 1.0));
                let color = adjustment.sample(&bitmap, u * width * shrink, v * height * shrink);
                canvas.blend(x, y, adjustment.apply(color));
            });
            continue;
        };
        for y in 0..canvas.height() {
            for x in 0..canvas.width() {
                let Some([u, v]) = to_unit.apply([f64::from(x) - base[0] + 0.5, f64::from(y) - base[1] + 0.5]) else {
                    continue;
                };
                if (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v) {
                    let color = adjustment.sample(&bitmap, u * width * shrink, v * height * shrink);
                    canvas.blend(x, y, adjustment.apply(color));
                }
            }
        }
    }
}

impl Adjustment {
    fn new(frame: &Frame<'_>, style: &Raster) -> Self {
        let context = frame.paint();
        let number = |value: f64| value as f32;
        let saturation = number(style.saturation.evaluate(&context).clamp(-1.0, 1.0));
        let contrast = number(style.contrast.evaluate(&context).clamp(-1.0, 1.0));
        let (sin, cos) = number(style.hue_rotate.evaluate(&context)).to_radians().sin_cos();
        let third = 3.0_f32.sqrt();
        let resampling =
            style.raster_resampling.evaluate(&context).unwrap_or_else(|| style.resampling.evaluate(&context));
        Self {
            opacity: number(style.opacity.evaluate(&context).clamp(0.0, 1.0)),
            brightness: [
                number(style.brightness_min.evaluate(&context)),
                number(style.brightness_max.evaluate(&context)),
            ],
            saturation: if saturation > 0.0 { 1.0 - 1.0 / (1.001 - saturation) } else { -saturation },
            contrast: if contrast > 0.0 { 1.0 / (1.0 - contrast).max(1e-6) } else { 1.0 + contrast },
            spin: [(2.0 * cos + 1.0) / 3.0, (-third * sin - cos + 1.0) / 3.0, (third * sin - cos + 1.0) / 3.0],
            nearest: resampling == Resampling::Nearest,
        }
    }

    fn sample(&self, bitmap: &Bitmap, x: f64, y: f64) -> [f32; 4] {
        if self.nearest {
            bitmap.at(x.floor() as i64, y.floor() as i64).map(|channel| f32::from(channel) / 255.0)
        } else {
            bitmap.sample(x as f32, y as f32)
        }
    }

    /// From a premultiplied colour of the source to one of the map.
    fn apply(&self, [r, g, b, alpha]: [f32; 4]) -> [f32; 4] {
        if alpha <= 0.0 {
            return [0.0; 4];
        }
        let rgb = [r / alpha, g / alpha, b / alpha];
        let [first, second, third] = self.spin;
        let turn = |weights: [f32; 3]| rgb[0] * weights[0] + rgb[1] * weights[1] + rgb[2] * weights[2];
        let turned = [turn([first, second, third]), turn([third, first, second]), turn([second, third, first])];
        let average = (turned[0] + turned[1] + turned[2]) / 3.0;
        let [low, high] = self.brightness;
        let opacity = alpha * self.opacity;
        let channel = |value: f32| {
            let saturated = value + (average - value) * self.saturation;
            let contrasted = (saturated - 0.5) * self.contrast + 0.5;
            (low + (high - low) * contrasted).clamp(0.0, 1.0) * opacity
        };
        [channel(turned[0]), channel(turned[1]), channel(turned[2]), opacity]
    }
}

/// The picture halved as often as fits best, where so many of its pixels fall on one of the map.
fn reduced(bitmap: &Bitmap, pixels: f64) -> Cow<'_, Bitmap> {
    let mut reduced = Cow::Borrowed(bitmap);
    let mut halvings = pixels.max(1.0).log2().round().min(16.0) as u32;
    while halvings > 0 && reduced.width() > 1 && reduced.height() > 1 {
        reduced = Cow::Owned(reduced.halved());
        halvings -= 1;
    }
    reduced
}

/// A map of the plane that keeps straight lines straight.
struct Projective([[f64; 3]; 3]);

impl Projective {
    /// From four corners, clockwise from the top left, to those of the unit square; `None` where they span nothing.
    fn from_quad([a, b, c, d]: [[f64; 2]; 4]) -> Option<Self> {
        // From the unit square to the corners (Heckbert 1989, section 2.2.3), then the other way round.
        let (dx1, dy1) = (b[0] - c[0], b[1] - c[1]);
        let (dx2, dy2) = (d[0] - c[0], d[1] - c[1]);
        let (sx, sy) = (a[0] - b[0] + c[0] - d[0], a[1] - b[1] + c[1] - d[1]);
        let determinant = dx1 * dy2 - dx2 * dy1;
        if determinant.abs() < 1e-9 {
            return None;
        }
        let (g, h) = ((sx * dy2 - dx2 * sy) / determinant, (dx1 * sy - sx * dy1) / determinant);
        let forward = [
            [b[0] - a[0] + g * b[0], d[0] - a[0] + h * d[0], a[0]],
            [b[1] - a[1] + g * b[1], d[1] - a[1] + h * d[1], a[1]],
            [g, h, 1.0],
        ];
        let [[m00, m01, m02], [m10, m11, m12], [m20, m21, m22]] = forward;
        let inverse = [
            [m11 * m22 - m12 * m21, m02 * m21 - m01 * m22, m01 * m12 - m02 * m11],
            [m12 * m20 - m10 * m22, m00 * m22 - m02 * m20, m02 * m10 - m00 * m12],
            [m10 * m21 - m11 * m20, m01 * m20 - m00 * m21, m00 * m11 - m01 * m10],
        ];
        let area = m00 * inverse[0][0] + m01 * inverse[1][0] + m02 * inverse[2][0];
        (area.abs() > 1e-9).then_some(Self(inverse))
    }

    fn apply(&self, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
        let [u, v, w] = self.0.map(|[a, b, c]| a * x + b * y + c);
        (w.abs() > 1e-12).then(|| [u / w, v / w])
    }
}
