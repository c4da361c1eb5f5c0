//! A feature's text and icon laid out by what its layer says.

use std::sync::Arc;

use super::geometry::Point;
use super::geometry::corners;
use super::geometry::envelope;
use super::geometry::rotate;
use super::icon::Icon;
use super::label::Label;
use super::label::Paint;
use super::offset;
use super::quad::GlyphPlan;
use super::quad::glyph_quads;
use super::quad::icon_quads;
use super::rules::Rules;
use super::source::EXTENT;
use crate::render::text;
use crate::render::text::GlyphSource;
use crate::render::text::ONE_EM;
use crate::render::text::Paragraph;
use crate::render::text::Setting;
use crate::render::text::Shaping;
use crate::style::Anchor;
use crate::style::Context;
use crate::style::Image;
use crate::style::Justify;
use crate::style::Padding;
use crate::style::Symbol;
use crate::style::SymbolPlacement;
use crate::style::TextFit;

/// What a label is composed from.
pub struct Composer<'a> {
    /// The layer.
    pub symbol: &'a Symbol,
    /// What it says for all features.
    pub rules: &'a Rules,
    /// The feature, for layout: at the zoom of its tile.
    pub layout: Context<'a>,
    /// The feature, for paint: at the zoom of the picture.
    pub paint: Context<'a>,
    /// Letters.
    pub glyphs: &'a GlyphSource,
}

/// A label with what its anchors along lines depend on.
#[derive(Clone)]
pub struct Composed {
    /// The label.
    pub label: Label,
    /// Its length, em / 24.
    pub length: f32,
    /// Whether it has text.
    pub has_text: bool,
    /// Pixels an em / 24 at a zoom that all tiles share, so that anchors stay where they are from zoom to zoom.
    pub line_scale: f32,
}

/// Text laid out in each way that it may be written.
#[derive(Default)]
struct Written {
    horizontal: Vec<(Justify, Shaping)>,
    vertical: Option<Shaping>,
    offset: Point,
    anchor_offsets: Vec<(Anchor, Point)>,
}

impl Composer<'_> {
    /// The label of a text, its images and an icon; `None` when nothing is left to draw.
    pub fn compose(
        &self,
        paragraph: Option<&Paragraph>,
        images: &[Arc<Image>],
        icon: Option<&Arc<Image>>,
        missing: &mut dyn FnMut(char, &str),
    ) -> Option<Composed> {
        let symbol = self.symbol;
        let at = |zoom: f64| Context { zoom, ..self.layout };
        let box_size = symbol.text_size.evaluate(&at(self.layout.zoom + 1.0)) as f32;
        let icon_box_size = symbol.icon_size.evaluate(&at(self.layout.zoom + 1.0)) as f32;
        let box_scale = box_size / ONE_EM;
        let written = paragraph.map(|paragraph| self.write(paragraph, box_size, missing)).unwrap_or_default();
        let icon_offset = symbol.icon_offset.evaluate(&self.layout).map(|c| c as f32);
        let mut shaped_icon =
            icon.map(|image| Icon::new(image, icon_offset, symbol.icon_anchor.evaluate(&self.layout)));
        let mut vertical_icon = None;
        if let Some(icon) = &mut shaped_icon
            && self.rules.text_fit != TextFit::None
        {
            let fit =
                |text: &Shaping| icon.fitted(text, self.rules.text_fit, self.rules.fit_padding, icon_offset, box_scale);
            vertical_icon = written.vertical.as_ref().filter(|_| self.rules.allows_vertical()).map(fit);
            if let Some((_, text)) = written.horizontal.first() {
                *icon = fit(text);
            }
        }
        let first = written.horizontal.first().map(|(_, shaping)| shaping);
        let any_text = first.or(written.vertical.as_ref());
        if any_text.is_none() && shaped_icon.is_none() {
            return None;
        }
        let width = |bounds: [f32; 4]| bounds[2] - bounds[0];
        let along = written.vertical.as_ref().or(first);
        let length =
            along.map_or(0.0, |text| width(text.bounds)).max(shaped_icon.as_ref().map_or(0.0, |i| width(i.bounds)));
        let has_text = along.is_some();
        let line_scale = symbol.text_size.evaluate(&at(18.0)) as f32 / ONE_EM;
        let mut label = self.paints();
        self.measure(&mut label, &written, shaped_icon.as_ref(), vertical_icon.as_ref(), box_scale, icon_box_size);
        self.cut(&mut label, &written, shaped_icon.as_ref(), vertical_icon.as_ref(), images);
        label.anchor_offsets = written.anchor_offsets;
        label.text_offset = written.offset;
        label.icon_offset = icon_offset;
        label.box_scale = box_scale;
        Some(Composed { label, length, has_text, line_scale })
    }

    /// Lays out a text.
    fn write(&self, paragraph: &Paragraph, box_size: f32, missing: &mut dyn FnMut(char, &str)) -> Written {
        let (symbol, layout) = (self.symbol, &self.layout);
        let plain = paragraph.text();
        let anchor = symbol.text_anchor.evaluate(layout);
        let anchor_offsets = self.variable_anchors();
        let is_variable = anchor_offsets.is_some();
        let mut written = Written { anchor_offsets: anchor_offsets.unwrap_or_default(), ..Written::default() };
        if !is_variable {
            written.offset = match symbol.text_radial_offset.evaluate(layout) {
                Some(radial) if radial != 0.0 => offset::radial(anchor, radial as f32 * ONE_EM),
                _ => symbol.text_offset.evaluate(layout).map(|c| c as f32 * ONE_EM),
            };
        }
        let is_point = self.rules.placement == SymbolPlacement::Point;
        let max_width = symbol.text_max_width.evaluate(layout) as f32 * ONE_EM;
        let spacing = symbol.text_letter_spacing.evaluate(layout) as f32 * ONE_EM;
        let setting = Setting {
            max_width: if is_point { max_width } else { f32::INFINITY },
            line_height: self.rules.line_height,
            align: offset::alignment(anchor),
            justify: 0.5,
            spacing: if text::allows_letter_spacing(&plain) { spacing } else { 0.0 },
            offset: written.offset,
            is_vertical: false,
            allows_vertical: false,
            layout_size: box_size,
            size: symbol.text_size.evaluate(layout) as f32,
        };
        let mut shape =
            |paragraph: &Paragraph, setting: Setting| text::shape(paragraph, &setting, self.glyphs, missing);
        let along_line = self.rules.text.is_along_line;
        let justify = if along_line { Justify::Center } else { symbol.text_justify.evaluate(layout) };
        if is_variable && !along_line {
            let mut wanted = Vec::new();
            match justify {
                Justify::Auto => wanted.extend(written.anchor_offsets.iter().map(|(a, _)| offset::justification(*a))),
                justify => wanted.push(justify),
            }
            for justify in wanted {
                let is_known = written.horizontal.iter().any(|(known, _)| *known == justify);
                // A single line is the same however it is justified.
                let is_single = written.horizontal.first().is_some_and(|(_, shaping)| shaping.lines.len() == 1);
                if !is_known && !is_single {
                    let setting = Setting { align: [0.5, 0.5], justify: offset::share(justify), ..setting };
                    written.horizontal.extend(shape(paragraph, setting).map(|shaping| (justify, shaping)));
                }
            }
        } else {
            let justify = if justify == Justify::Auto { offset::justification(anchor) } else { justify };
            let setting = Setting { justify: offset::share(justify), ..setting };
            written.horizontal.extend(shape(paragraph, setting).map(|shaping| (justify, shaping)));
        }
        if text::allows_vertical(&plain) {
            let allows_vertical = self.rules.allows_vertical();
            let justify = if allows_vertical { 0.0 } else { 0.5 };
            if allows_vertical || along_line && self.rules.text.keeps_upright {
                let setting = Setting { is_vertical: true, allows_vertical, justify, ..setting };
                written.vertical = shape(&paragraph.verticalized(), setting);
            }
        }
        written
    }

    /// The anchors that the label may be moved to, with the offset at each; `None` when it stays.
    fn variable_anchors(&self) -> Option<Vec<(Anchor, Point)>> {
        let (symbol, layout) = (self.symbol, &self.layout);
        if let Some(offsets) = symbol.text_variable_anchor_offset.evaluate(layout) {
            let place = |&(anchor, offset): &(Anchor, [f64; 2])| {
                (anchor, offset::with_baseline(anchor, offset.map(|c| c as f32 * ONE_EM)))
            };
            return Some(offsets.0.iter().map(place).collect());
        }
        let anchors = symbol.text_variable_anchor.evaluate(layout)?;
        let radial = symbol.text_radial_offset.evaluate(layout).map(|radial| radial as f32 * ONE_EM);
        let offset = symbol.text_offset.evaluate(layout).map(|c| c as f32 * ONE_EM);
        let place = |anchor: Anchor| {
            (anchor, radial.map_or_else(|| offset::away(anchor, offset), |radial| offset::radial(anchor, radial)))
        };
        Some(anchors.into_iter().map(place).collect())
    }

    /// Boxes and thickness for collisions.
    fn measure(
        &self,
        label: &mut Label,
        written: &Written,
        icon: Option<&Icon>,
        vertical_icon: Option<&Icon>,
        scale: f32,
        icon_scale: f32,
    ) {
        let symbol = self.symbol;
        let rotation = symbol.text_rotate.evaluate(&self.layout).to_radians() as f32;
        let upright = rotation + std::f32::consts::FRAC_PI_2;
        let padding = [self.rules.text_padding; 4];
        let horizontal = written.horizontal.first().map(|(_, shaping)| shaping.bounds);
        let vertical = written.vertical.as_ref().map(|shaping| shaping.bounds);
        let of_text = |bounds: [f32; 4], rotation| collision_box(bounds.map(|edge| edge * scale), padding, rotation);
        if self.rules.text.is_along_line {
            let thickness = |[_, top, _, bottom]: [f32; 4]| (bottom > top).then(|| (bottom - top).max(10.0) * scale);
            label.thickness = horizontal.and_then(thickness);
        } else {
            label.text_box = horizontal.map(|bounds| of_text(bounds, rotation));
            if self.rules.allows_vertical() {
                label.vertical_text_box = vertical.map(|bounds| of_text(bounds, upright));
                // A text that is only written vertically is asked for under the horizontal box.
                label.text_box = label.text_box.or(label.vertical_text_box);
            }
        }
        let Padding { top, right, bottom, left } = symbol.icon_padding.evaluate(&self.layout);
        let padding = [top, right, bottom, left].map(|side| side as f32);
        let of_icon = |icon: &Icon, rotation| {
            let bounds = icon.proportioned();
            let [l, t, r, b] = icon.collision_padding.unwrap_or_default();
            let bounds = [bounds[0] - l, bounds[1] - t, bounds[2] + r, bounds[3] + b];
            collision_box(bounds.map(|edge| edge * icon_scale), padding, rotation)
        };
        let icon_rotation = symbol.icon_rotate.evaluate(&self.layout).to_radians() as f32;
        label.icon_box = icon.map(|icon| of_icon(icon, icon_rotation));
        label.vertical_icon_box = vertical_icon.map(|icon| of_icon(icon, upright));
    }

    /// Quads of texts and icons.
    fn cut(
        &self,
        label: &mut Label,
        written: &Written,
        icon: Option<&Icon>,
        vertical_icon: Option<&Icon>,
        images: &[Arc<Image>],
    ) {
        let plan = GlyphPlan {
            offset: written.offset,
            rotation: self.symbol.text_rotate.evaluate(&self.layout).to_radians() as f32,
            is_along_line: self.rules.text.is_along_line,
            allows_vertical: self.rules.allows_vertical(),
        };
        let quads = |shaping: &Shaping| Arc::from(glyph_quads(shaping, &plan, images));
        label.horizontal = written.horizontal.iter().map(|(justify, shaping)| (*justify, quads(shaping))).collect();
        label.vertical = written.vertical.as_ref().map(quads);
        let rotation = self.symbol.icon_rotate.evaluate(&self.layout).to_radians() as f32;
        let fits = self.rules.text_fit != TextFit::None;
        let quads = |icon: &Icon| Arc::from(icon_quads(icon, rotation, fits));
        label.icon = icon.map_or_else(|| Arc::from([]), quads);
        label.vertical_icon = vertical_icon.map(quads);
    }

    /// A label with its sizes and colours alone.
    fn paints(&self) -> Label {
        let (symbol, paint) = (self.symbol, &self.paint);
        Label {
            text_size: symbol.text_size.evaluate(paint) as f32,
            icon_size: symbol.icon_size.evaluate(paint) as f32,
            text_paint: Paint {
                color: symbol.text_color.evaluate(paint),
                halo_color: symbol.text_halo_color.evaluate(paint),
                halo_width: symbol.text_halo_width.evaluate(paint) as f32,
                halo_blur: symbol.text_halo_blur.evaluate(paint) as f32,
                opacity: symbol.text_opacity.evaluate(paint).clamp(0.0, 1.0) as f32,
            },
            icon_paint: Paint {
                color: symbol.icon_color.evaluate(paint),
                halo_color: symbol.icon_halo_color.evaluate(paint),
                halo_width: symbol.icon_halo_width.evaluate(paint) as f32,
                halo_blur: symbol.icon_halo_blur.evaluate(paint) as f32,
                opacity: symbol.icon_opacity.evaluate(paint).clamp(0.0, 1.0) as f32,
            },
            ..Label::default()
        }
    }
}

/// Units of a tile a pixel at its own zoom.
const UNITS: f32 = EXTENT / 512.0;

/// A box with padding (top, right, bottom, left), turned, as the upright box around it. Its edges are whole units of a tile, as
/// MapLibre keeps them: what is left of a unit is cut off.
fn collision_box([left, top, right, bottom]: [f32; 4], padding: [f32; 4], rotation: f32) -> [f32; 4] {
    let padded = [left - padding[3], top - padding[0], right + padding[1], bottom + padding[2]];
    let turned =
        if rotation == 0.0 { padded } else { envelope(&corners(padded).map(|corner| rotate(corner, rotation))) };
    turned.map(|edge| (edge * UNITS).trunc() / UNITS)
}
