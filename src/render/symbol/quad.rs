//! The rectangles of texture that a label is drawn from.

use std::sync::Arc;

use super::geometry::Point;
use super::geometry::add;
use super::geometry::corners;
use super::geometry::rotate;
use super::icon::Icon;
use crate::render::text::BORDER;
use crate::render::text::Glyph;
use crate::render::text::HANG;
use crate::render::text::ONE_EM;
use crate::render::text::PlacedGlyph;
use crate::render::text::Shape;
use crate::render::text::Shaping;
use crate::style::Image;

/// A rectangle of a texture and where its corners go, around the label's anchor or, along lines, around its own point on
/// the line.
#[derive(Clone, Debug)]
pub struct Quad {
    /// What is drawn.
    pub texture: Texture,
    /// The rectangle in the texture's pixels: left, top, right, bottom. It reaches a pixel beyond the texture.
    pub source: [f32; 4],
    /// The corners clockwise from the top left, in em / 24 for text, in pixels at an icon size of 1 for icons.
    pub corners: [Point; 4],
    /// Added to the corners in pixels whatever the size: for the left top and for the right bottom one.
    pub fixed: [Point; 2],
    /// The size below which fixed parts would overlap.
    pub min_scale: Point,
    /// Along the line from the anchor, em / 24.
    pub along: f32,
    /// Position of its section in the text.
    pub section: usize,
}

/// The texture of a quad.
#[derive(Clone, Debug)]
pub enum Texture {
    /// The field of a letter.
    Glyph(Arc<Glyph>),
    /// An image.
    Image(Arc<Image>),
}

/// Pixels around a texture that are drawn with it, transparent, so that its edges are smooth.
const PADDING: f32 = 1.0;

/// How the glyphs of a label become quads.
#[derive(Clone, Copy, Debug)]
pub struct GlyphPlan {
    /// Added to each glyph's place, em / 24.
    pub offset: Point,
    /// Radians clockwise.
    pub rotation: f32,
    /// Whether each glyph goes to its own point on a line.
    pub is_along_line: bool,
    /// Whether the layer may set point labels in vertical lines.
    pub allows_vertical: bool,
}

/// The quads of a text.
pub fn glyph_quads(shaping: &Shaping, plan: &GlyphPlan, images: &[Arc<Image>]) -> Vec<Quad> {
    let mut quads = Vec::new();
    for line in &shaping.lines {
        for glyph in &line.glyphs {
            let centering = if plan.allows_vertical && shaping.is_verticalizable {
                let slack = match glyph.shape {
                    Shape::Image { size, .. } => -(ONE_EM - size[0] * glyph.scale) / 2.0,
                    Shape::Glyph(_) => (glyph.scale - 1.0) * ONE_EM,
                };
                line.rise / 2.0 - slack
            } else {
                0.0
            };
            quads.extend(glyph_quad(glyph, centering, plan, images));
        }
    }
    quads
}

fn glyph_quad(glyph: &PlacedGlyph, centering: f32, plan: &GlyphPlan, images: &[Arc<Image>]) -> Option<Quad> {
    // Left and top of the texture without its padding, its size, and how much larger it is than it is drawn.
    let (texture, bearing, size, density) = match &glyph.shape {
        Shape::Glyph(letter) if letter.field.is_empty() => return None,
        Shape::Glyph(letter) => {
            let border = BORDER as f32;
            let bearing = [letter.left as f32 - border, -letter.top as f32 - border];
            let size = [letter.field_width() as f32, letter.field_height() as f32];
            (Texture::Glyph(Arc::clone(letter)), bearing, size, 1.0)
        }
        Shape::Image { index, .. } => {
            let image = images.get(*index)?;
            let size = [image.width as f32, image.height as f32];
            // Images hang from the ascender line as letters do, less the border that these have, and a pixel to the right.
            let bearing = [PADDING, BORDER as f32];
            (Texture::Image(Arc::clone(image)), bearing, size, image.pixel_ratio)
        }
    };
    let turns = (plan.is_along_line || plan.allows_vertical) && glyph.is_upright;
    let half_advance = glyph.advance * glyph.scale / 2.0;
    let place = if plan.is_along_line {
        [0.0, 0.0]
    } else {
        [glyph.x + half_advance + plan.offset[0], glyph.y + plan.offset[1] - centering]
    };
    let start = if turns { [0.0, 0.0] } else { place };
    let padding = PADDING / density;
    let left = (bearing[0] - padding) * glyph.scale - half_advance + start[0];
    let top = (bearing[1] - padding) * glyph.scale + start[1];
    let [width, height] = size.map(|side| (side + 2.0 * PADDING) * glyph.scale / density);
    let mut corners = corners([left, top, left + width, top + height]);
    if turns {
        // An upright glyph of a vertical line lies in a box of an em by an em, about whose middle it is turned back.
        let center = [-half_advance, half_advance - HANG];
        let narrowness = ONE_EM / 2.0 - half_advance;
        let lift = if matches!(glyph.shape, Shape::Image { .. }) { narrowness } else { 0.0 };
        let shift = add([5.0 - HANG - narrowness, -lift], place);
        for corner in &mut corners {
            let from_center = [corner[0] - center[0], corner[1] - center[1]];
            *corner = add(add(rotate(from_center, -std::f32::consts::FRAC_PI_2), center), shift);
        }
    }
    if plan.rotation != 0.0 {
        corners = corners.map(|corner| rotate(corner, plan.rotation));
    }
    let (along, lift) = if plan.is_along_line { (glyph.x + half_advance, glyph.y) } else { (0.0, 0.0) };
    Some(Quad {
        texture,
        source: [-PADDING, -PADDING, size[0] + PADDING, size[1] + PADDING],
        corners: corners.map(|[x, y]| on_lattice([x, y + lift], 32.0)),
        fixed: [[0.0; 2]; 2],
        min_scale: [0.0; 2],
        along,
        section: glyph.section,
    })
}

/// Corners lie on a lattice of fractions of a pixel, as those that MapLibre hands to its shaders do.
fn on_lattice(point: Point, fraction: f32) -> Point {
    point.map(|c| (c * fraction).round() / fraction)
}

/// A cut through an image: how far along it what is stretched and what is not reach.
#[derive(Clone, Copy)]
struct Cut {
    fixed: f32,
    stretch: f32,
}

/// How one axis of an image is stretched.
struct Axis {
    cuts: Vec<Cut>,
    stretch: f32,
    stretch_offset: f32,
    content_stretch: f32,
    fixed_offset: f32,
    content_fixed: f32,
    start: f32,
    length: f32,
    density: f32,
}

impl Axis {
    fn new(
        zones: &[[f32; 2]],
        side: f32,
        content: Option<[f32; 2]>,
        span: [f32; 2],
        density: f32,
        whole: bool,
    ) -> Self {
        let everything = [[0.0, side]];
        let zones = if zones.is_empty() { &everything[..] } else { zones };
        let stretch: f32 = zones.iter().map(|[a, b]| b - a).sum();
        let fixed = side - stretch;
        let within = |low: f32, high: f32| -> f32 {
            zones.iter().map(|[a, b]| b.min(high).max(low) - a.min(high).max(low)).sum()
        };
        let (mut stretch_offset, mut content_stretch, mut fixed_offset, mut content_fixed) = (0.0, stretch, 0.0, fixed);
        if let Some([low, high]) = content {
            stretch_offset = within(0.0, low);
            content_stretch = within(low, high);
            fixed_offset = low - stretch_offset;
            content_fixed = high - low - content_stretch;
        }
        let cuts = if whole {
            vec![Cut { fixed: 0.0, stretch: -PADDING }, Cut { fixed: 0.0, stretch: side + PADDING }]
        } else {
            let mut cuts = vec![Cut { fixed: -PADDING, stretch: 0.0 }];
            let mut stretched = 0.0;
            for [a, b] in zones {
                cuts.push(Cut { fixed: a - stretched, stretch: stretched });
                cuts.push(Cut { fixed: a - stretched, stretch: stretched + b - a });
                stretched += b - a;
            }
            cuts.push(Cut { fixed: fixed + PADDING, stretch });
            cuts
        };
        let length = span[1] - span[0];
        Self {
            cuts,
            stretch,
            stretch_offset,
            content_stretch,
            fixed_offset,
            content_fixed,
            start: span[0],
            length,
            density,
        }
    }

    /// Where a cut is drawn: the part that grows with the icon.
    fn place(&self, cut: Cut) -> f32 {
        (cut.stretch - self.stretch_offset) / self.content_stretch * self.length + self.start
    }

    /// Where a cut is drawn: the part in pixels.
    fn fixed(&self, cut: Cut) -> f32 {
        (cut.fixed - self.fixed_offset - self.content_fixed * cut.stretch / self.stretch) / self.density
    }

    fn min_scale(&self) -> f32 {
        let scale = self.content_fixed / self.density / self.length;
        if scale.is_finite() { scale } else { 0.0 }
    }
}

/// The quads of an icon: one, or a grid of them when it is stretched around a text.
pub fn icon_quads(icon: &Icon, rotation: f32, fits_text: bool) -> Vec<Quad> {
    let image = &icon.image;
    let [left, top, right, bottom] = icon.proportioned();
    let whole = !fits_text || (image.stretch_x.is_empty() && image.stretch_y.is_empty());
    let content = image.content.filter(|_| fits_text);
    let axis = |zones: &[[f32; 2]], side: u32, content, span| {
        Axis::new(zones, side as f32, content, span, image.pixel_ratio, whole)
    };
    let x = axis(&image.stretch_x, image.width, content.map(|[l, _, r, _]| [l, r]), [left, right]);
    let y = axis(&image.stretch_y, image.height, content.map(|[_, t, _, b]| [t, b]), [top, bottom]);
    let mut quads = Vec::new();
    for columns in x.cuts.windows(2) {
        for rows in y.cuts.windows(2) {
            let ([l, r], [t, b]) = ([columns[0], columns[1]], [rows[0], rows[1]]);
            let corners = corners([x.place(l), y.place(t), x.place(r), y.place(b)]);
            quads.push(Quad {
                texture: Texture::Image(Arc::clone(image)),
                source: [l.stretch + l.fixed, t.stretch + t.fixed, r.stretch + r.fixed, b.stretch + b.fixed],
                corners: corners.map(|corner| on_lattice(rotate(corner, rotation), 32.0)),
                fixed: [[x.fixed(l), y.fixed(t)], [x.fixed(r), y.fixed(b)]].map(|end| on_lattice(end, 16.0)),
                min_scale: [x.min_scale(), y.min_scale()],
                along: 0.0,
                section: 0,
            });
        }
    }
    quads.retain(|quad| quad.corners.as_flattened().iter().chain(quad.fixed.as_flattened()).all(|c| c.is_finite()));
    quads
}
