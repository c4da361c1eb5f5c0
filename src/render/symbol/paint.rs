//! Quads of fields and images onto the picture, pixel by pixel as MapLibre's shaders do.

use std::ops::Range;

use super::geometry::Affine;
use super::geometry::envelope;
use super::label::Paint;
use super::quad::Texture;
use crate::render::Canvas;
use crate::render::text::Glyph;
use crate::style::Image;

/// A quad at its place on the picture.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// What is drawn.
    pub texture: &'a Texture,
    /// The rectangle in the texture's pixels: left, top, right, bottom.
    pub source: [f32; 4],
    /// From the texture's pixels to those of the picture, counted from `base`.
    pub to_picture: Affine,
    /// A pixel of the picture, to which the label is near: numbers are then the same in all pictures that show it.
    pub base: [i32; 2],
    /// Pixels at a ratio of 1 for one of the field.
    pub scale: f32,
    /// How it is painted.
    pub paint: Paint,
    /// Whether pixels of an image are taken as they are, and not blended.
    pub is_crisp: bool,
}

/// Which part of a field is drawn; images without a field are drawn with the fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// The halo around it.
    Halo,
    /// The inside.
    Fill,
}

/// Values of a field at its edge, out of 1.
const EDGE: f32 = 0.75;
/// Pixels of a field from no value to the full one.
const FIELD_SPAN: f32 = 8.0;
/// Half the width of the smooth edge, values of a field for each pixel of the picture.
const EDGE_SOFTNESS: f32 = 0.105;

/// Nearer to a border than this, a pixel's middle is on it.
const BORDERLINE: f32 = 1e-3;

/// Draws a stamp.
pub fn stamp(canvas: &mut Canvas, stamp: &Stamp<'_>, pass: Pass, ratio: f32) {
    match stamp.texture {
        Texture::Glyph(glyph) => field(canvas, stamp, pass, ratio, &GlyphField(glyph)),
        Texture::Image(image) if image.is_sdf => field(canvas, stamp, pass, ratio, &ImageField(image)),
        Texture::Image(image) if pass == Pass::Fill => picture(canvas, stamp, image),
        Texture::Image(_) => {}
    }
}

/// Values in rows, zero beyond the edges.
trait Field {
    fn size(&self) -> [i32; 2];
    fn value(&self, index: usize) -> u8;
}

struct GlyphField<'a>(&'a Glyph);

impl Field for GlyphField<'_> {
    fn size(&self) -> [i32; 2] {
        [self.0.field_width() as i32, self.0.field_height() as i32]
    }

    fn value(&self, index: usize) -> u8 {
        self.0.field[index]
    }
}

struct ImageField<'a>(&'a Image);

impl Field for ImageField<'_> {
    fn size(&self) -> [i32; 2] {
        [self.0.width as i32, self.0.height as i32]
    }

    fn value(&self, index: usize) -> u8 {
        self.0.pixels[index * 4 + 3]
    }
}

fn field(canvas: &mut Canvas, stamp: &Stamp<'_>, pass: Pass, ratio: f32, field: &impl Field) {
    let paint = &stamp.paint;
    let softness = EDGE_SOFTNESS / ratio;
    let color = match pass {
        Pass::Halo => paint.halo_color,
        Pass::Fill => paint.color,
    };
    if color.a <= 0.0 || paint.opacity <= 0.0 {
        return;
    }
    let color = color.premultiplied().map(|channel| channel * paint.opacity);
    let (gamma, inner) = match pass {
        Pass::Fill => (softness / stamp.scale, EDGE),
        Pass::Halo => {
            let gamma = (paint.halo_blur * 1.19 / FIELD_SPAN + softness) / stamp.scale;
            (gamma, EDGE + gamma)
        }
    };
    // The halo's reach; a field has no more than 6 pixels outside of its edge.
    let outer = (6.0 - paint.halo_width / stamp.scale) / FIELD_SPAN;
    let cover = |u: f32, v: f32| {
        let value = sample(field, u, v);
        let inside = smooth_step(inner - gamma, inner + gamma, value);
        match pass {
            Pass::Fill => inside,
            Pass::Halo => smooth_step(outer - gamma, outer + gamma, value).min(1.0 - inside),
        }
    };
    let mut shares = Vec::new();
    each_row(canvas.width(), canvas.height(), stamp, |y, columns, place| {
        shares.clear();
        shares.extend(columns.clone().map(|x| place(x).map_or(0.0, |[u, v]| cover(u, v))));
        let first = shares.iter().position(|&share| share > 0.0).unwrap_or(shares.len());
        let last = shares.iter().rposition(|&share| share > 0.0).map_or(first, |last| last + 1);
        canvas.blend_shares(y, columns.start + first as u32, color, &shares[first..last]);
    });
}

fn picture(canvas: &mut Canvas, stamp: &Stamp<'_>, image: &Image) {
    let opacity = stamp.paint.opacity / 255.0;
    if opacity <= 0.0 {
        return;
    }
    let (width, height) = (image.width as i32, image.height as i32);
    let texel = |x: i32, y: i32| -> [f32; 4] {
        if x < 0 || y < 0 || x >= width || y >= height {
            return [0.0; 4];
        }
        let start = (y * width + x) as usize * 4;
        std::array::from_fn(|channel| f32::from(image.pixels[start + channel]))
    };
    each_pixel(canvas, stamp, |u, v| {
        if stamp.is_crisp {
            // On the border of two pixels the one before it counts.
            return texel((u - BORDERLINE).floor() as i32, (v - BORDERLINE).floor() as i32)
                .map(|channel| channel * opacity);
        }
        let (x, y) = (u - 0.5, v - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (right_share, lower_share) = (x - left, y - top);
        let (left, top) = (left as i32, top as i32);
        let corners = [texel(left, top), texel(left + 1, top), texel(left, top + 1), texel(left + 1, top + 1)];
        std::array::from_fn(|channel| {
            let [a, b, c, d] = corners.map(|corner| corner[channel]);
            let (upper, lower) = (a + (b - a) * right_share, c + (d - c) * right_share);
            (upper + (lower - upper) * lower_share) * opacity
        })
    });
}

/// A field's value at a point, 0 to 1, blended from the four around it.
fn sample(field: &impl Field, u: f32, v: f32) -> f32 {
    let [width, height] = field.size();
    let (x, y) = (u - 0.5, v - 0.5);
    let (left, top) = (floor(x), floor(y));
    let (right_share, lower_share) = (x - left as f32, y - top as f32);
    if left >= 0 && top >= 0 && left + 1 < width && top + 1 < height {
        let start = (top * width + left) as usize;
        let [a, b, c, d] = [start, start + 1, start + width as usize, start + width as usize + 1]
            .map(|index| f32::from(field.value(index)));
        let (upper, lower) = (a * (1.0 - right_share) + b * right_share, c * (1.0 - right_share) + d * right_share);
        return (upper * (1.0 - lower_share) + lower * lower_share) / 255.0;
    }
    let value = |x: i32, y: i32| {
        let inside = x >= 0 && y >= 0 && x < width && y < height;
        if inside { f32::from(field.value((y * width + x) as usize)) } else { 0.0 }
    };
    let upper = value(left, top) * (1.0 - right_share) + value(left + 1, top) * right_share;
    let lower = value(left, top + 1) * (1.0 - right_share) + value(left + 1, top + 1) * right_share;
    (upper * (1.0 - lower_share) + lower * lower_share) / 255.0
}

/// The whole number below, which is a call where processors need not have an instruction for it.
#[inline]
fn floor(number: f32) -> i32 {
    let near = number as i32;
    near.saturating_sub(i32::from(near as f32 > number))
}

/// 0 below the low edge, 1 above the high one, and a smooth rise between.
fn smooth_step(low: f32, high: f32, value: f32) -> f32 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Asks for the colour of each pixel whose middle lies within the stamp, by its place in the texture.
fn each_pixel(canvas: &mut Canvas, stamp: &Stamp<'_>, color: impl Fn(f32, f32) -> [f32; 4]) {
    each_row(canvas.width(), canvas.height(), stamp, |y, columns, place| {
        for x in columns {
            if let Some([u, v]) = place(x) {
                let color = color(u, v);
                if color[3] > 0.0 {
                    canvas.blend(x, y, color);
                }
            }
        }
    });
}

/// Calls a function with the rows that a stamp reaches into: the columns it may reach to, and where in its texture the
/// middle of a pixel is, if it is within.
fn each_row(
    width: u32,
    height: u32,
    stamp: &Stamp<'_>,
    mut row: impl FnMut(u32, Range<u32>, &dyn Fn(u32) -> Option<[f32; 2]>),
) {
    let Some(to_texture) = stamp.to_picture.inverse() else { return };
    let [left, top, right, bottom] = stamp.source;
    let around = envelope(&super::geometry::corners(stamp.source).map(|corner| stamp.to_picture.apply(corner)));
    if !around.iter().all(|edge| edge.is_finite()) {
        return;
    }
    let span = |low: f32, high: f32, base: i32, size: u32| {
        let held = |edge: f32| (edge + base as f32).clamp(0.0, size as f32) as u32;
        let first = held((low - 0.5).ceil());
        first..held((high - 0.5).floor() + 1.0).max(first)
    };
    let [base_x, base_y] = stamp.base;
    let columns = span(around[0], around[2], base_x, width);
    for y in span(around[1], around[3], base_y, height) {
        let down = (y as i32 - base_y) as f32 + 0.5;
        row(y, columns.clone(), &|x| {
            let [u, v] = to_texture.apply([(x as i32 - base_x) as f32 + 0.5, down]);
            (u >= left && u < right && v >= top && v < bottom).then_some([u, v])
        });
    }
}
