//! What a symbol layer says for all of its features at one zoom.

use super::geometry::Point;
use crate::style::Alignment;
use crate::style::Context;
use crate::style::Overlap;
use crate::style::Property;
use crate::style::StyleValue;
use crate::style::Symbol;
use crate::style::SymbolPlacement;
use crate::style::SymbolZOrder;
use crate::style::TextFit;
use crate::style::TranslateAnchor;
use crate::style::WritingMode;

/// The layer's settings.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of the layer, and they are independent")]
pub struct Rules {
    /// Where on geometries symbols stand.
    pub placement: SymbolPlacement,
    /// Between labels along a line, pixels.
    pub spacing: f32,
    /// Largest turn of a line under a text, radians.
    pub max_angle: f32,
    /// Whether features are ordered by their sort keys.
    pub sorts_by_key: bool,
    /// Whether symbols are placed from the bottom of the picture to its top.
    pub places_by_y: bool,
    /// Whether symbols farther down lie over those farther up.
    pub draws_by_y: bool,
    /// The directions in which point labels may be written, in order of preference.
    pub writing_modes: Vec<WritingMode>,
    /// Lengths of line boxes, em / 24.
    pub line_height: f32,
    /// Along which axes icons follow their texts.
    pub text_fit: TextFit,
    /// How far beyond: top, right, bottom, left.
    pub fit_padding: [f32; 4],
    /// Added to text boxes on all sides, pixels.
    pub text_padding: f32,
    /// Of texts.
    pub text: Part,
    /// Of icons.
    pub icon: Part,
    /// Whether the layer names variable anchors.
    pub has_variable_anchors: bool,
    /// Whether any symbol may lie over another.
    pub can_overlap: bool,
    /// Whether labels differ by their texts and icons alone.
    pub has_one_look: bool,
}

/// The settings that texts and icons both have.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of the layer, and they are independent")]
pub struct Part {
    /// Whether it follows a line.
    pub is_along_line: bool,
    /// Whether it turns with the map.
    pub turns_with_map: bool,
    /// Whether letters along a line stand upright nonetheless.
    pub glyphs_stay_upright: bool,
    /// Whether it is flipped so as not to stand on its head.
    pub keeps_upright: bool,
    /// Whether it may lie over others.
    pub overlap: Overlap,
    /// Whether others may lie over it.
    pub ignores_placement: bool,
    /// Whether the other part is shown without it.
    pub is_optional: bool,
    /// Moves it on the picture, pixels.
    pub translate: Point,
    /// Whether fields may have halos.
    pub has_halo: bool,
    /// Whether images of the picture's own ratio are drawn pixel by pixel: neither scaled nor turned.
    pub is_crisp: bool,
}

impl Rules {
    /// Settles a layer: layout at the zoom of a tile, paint at that of the picture, which is turned by `bearing` degrees.
    pub fn new(symbol: &Symbol, tile_zoom: f64, zoom: f64, bearing: f64) -> Self {
        let layout = Context::of_zoom(tile_zoom);
        let paint = Context::of_zoom(zoom);
        let placement = symbol.placement.evaluate(&layout);
        let number = |property: &Property<f64>| property.evaluate(&layout) as f32;
        let z_order = symbol.z_order.evaluate(&layout);
        let sorts_by_key = z_order != SymbolZOrder::ViewportY && symbol.sort_key.as_constant().is_none();
        let overlap = |overlap: &Property<Option<Overlap>>, allow: &Property<bool>| {
            let allowed = if allow.evaluate(&layout) { Overlap::Always } else { Overlap::Never };
            overlap.evaluate(&layout).unwrap_or(allowed)
        };
        let part = |alignment: &Property<Alignment>| {
            let alignment = alignment.evaluate(&layout);
            let is_line = placement != SymbolPlacement::Point;
            let turns_with_map = alignment == Alignment::Map || alignment == Alignment::Auto && is_line;
            let glyphs_stay_upright = alignment == Alignment::ViewportGlyph;
            (is_line, turns_with_map, glyphs_stay_upright)
        };
        let (is_line, text_turns, glyphs_stay_upright) = part(&symbol.text_rotation_alignment);
        let (_, icon_turns, _) = part(&symbol.icon_rotation_alignment);
        let text = Part {
            is_along_line: is_line && (text_turns || glyphs_stay_upright),
            turns_with_map: text_turns,
            glyphs_stay_upright,
            keeps_upright: symbol.text_keep_upright.evaluate(&layout),
            overlap: overlap(&symbol.text_overlap, &symbol.text_allow_overlap),
            ignores_placement: symbol.text_ignore_placement.evaluate(&layout),
            is_optional: symbol.text_optional.evaluate(&layout),
            translate: translate(&symbol.text_translate, &symbol.text_translate_anchor, &paint, bearing),
            has_halo: !is_always(&symbol.text_halo_width, 0.0, &paint),
            is_crisp: lies_flat(&symbol.text_pitch_alignment, text_turns) && symbol.text_size.as_constant().is_some(),
        };
        let icon = Part {
            is_along_line: is_line && icon_turns,
            turns_with_map: icon_turns,
            glyphs_stay_upright: false,
            keeps_upright: symbol.icon_keep_upright.evaluate(&layout),
            overlap: overlap(&symbol.icon_overlap, &symbol.icon_allow_overlap),
            ignores_placement: symbol.icon_ignore_placement.evaluate(&layout),
            is_optional: symbol.icon_optional.evaluate(&layout),
            translate: translate(&symbol.icon_translate, &symbol.icon_translate_anchor, &paint, bearing),
            has_halo: !is_always(&symbol.icon_halo_width, 0.0, &paint),
            is_crisp: lies_flat(&symbol.icon_pitch_alignment, icon_turns)
                && is_always(&symbol.icon_size, 1.0, &paint)
                && is_always(&symbol.icon_rotate, 0.0, &layout),
        };
        let can_overlap = [text, icon].iter().any(|part| part.overlap != Overlap::Never || part.ignores_placement);
        let orders_by_y = z_order == SymbolZOrder::ViewportY || z_order == SymbolZOrder::Auto && !sorts_by_key;
        Self {
            placement,
            spacing: number(&symbol.spacing).max(1.0),
            max_angle: number(&symbol.text_max_angle).to_radians(),
            sorts_by_key,
            places_by_y: z_order == SymbolZOrder::ViewportY,
            draws_by_y: orders_by_y && can_overlap,
            can_overlap,
            has_one_look: has_one_look(symbol),
            writing_modes: writing_modes(symbol, placement, &layout),
            line_height: number(&symbol.text_line_height) * crate::render::text::ONE_EM,
            text_fit: symbol.icon_text_fit.evaluate(&layout),
            fit_padding: symbol.icon_text_fit_padding.evaluate(&layout).map(|side| side as f32),
            text_padding: number(&symbol.text_padding),
            text,
            icon,
            has_variable_anchors: is_given(&symbol.text_variable_anchor, &layout)
                || is_given(&symbol.text_variable_anchor_offset, &layout),
        }
    }

    /// Whether point labels may be written from top to bottom.
    pub fn allows_vertical(&self) -> bool {
        self.writing_modes.contains(&WritingMode::Vertical)
    }
}

/// Whether nothing by which a text and an icon are laid out and painted reads the feature.
fn has_one_look(symbol: &Symbol) -> bool {
    let numbers = [
        &symbol.text_size,
        &symbol.text_max_width,
        &symbol.text_letter_spacing,
        &symbol.text_rotate,
        &symbol.text_halo_width,
        &symbol.text_halo_blur,
        &symbol.text_opacity,
        &symbol.icon_size,
        &symbol.icon_rotate,
        &symbol.icon_halo_width,
        &symbol.icon_halo_blur,
        &symbol.icon_opacity,
    ];
    let colors = [&symbol.text_color, &symbol.text_halo_color, &symbol.icon_color, &symbol.icon_halo_color];
    let places = symbol.text_anchor.reads_feature()
        || symbol.text_justify.reads_feature()
        || symbol.text_offset.reads_feature()
        || symbol.text_radial_offset.reads_feature()
        || symbol.text_variable_anchor.reads_feature()
        || symbol.text_variable_anchor_offset.reads_feature()
        || symbol.icon_anchor.reads_feature()
        || symbol.icon_offset.reads_feature()
        || symbol.icon_padding.reads_feature();
    !places && !numbers.into_iter().any(Property::reads_feature) && !colors.into_iter().any(Property::reads_feature)
}

/// Whether a number is the same for every feature, and which one.
fn is_always(property: &Property<f64>, number: f64, context: &Context<'_>) -> bool {
    !property.reads_feature() && (property.evaluate(context) - number).abs() < f64::EPSILON
}

/// Whether it is drawn on the picture and not on the map, whose pixels are blended.
fn lies_flat(pitch: &Property<Alignment>, turns_with_map: bool) -> bool {
    match pitch.evaluate(&Context::default()) {
        Alignment::Map => false,
        Alignment::Viewport | Alignment::ViewportGlyph => true,
        Alignment::Auto => !turns_with_map,
    }
}

fn is_given<T: StyleValue>(property: &Property<Option<T>>, context: &Context<'_>) -> bool {
    property.reads_feature() || property.evaluate(context).is_some()
}

fn writing_modes(symbol: &Symbol, placement: SymbolPlacement, context: &Context<'_>) -> Vec<WritingMode> {
    let mut modes = Vec::new();
    if placement == SymbolPlacement::Point {
        for mode in symbol.text_writing_mode.evaluate(context).unwrap_or_default() {
            if !modes.contains(&mode) {
                modes.push(mode);
            }
        }
    }
    if modes.is_empty() {
        modes.push(WritingMode::Horizontal);
    }
    modes
}

fn translate(
    property: &Property<[f64; 2]>,
    anchor: &Property<TranslateAnchor>,
    context: &Context<'_>,
    bearing: f64,
) -> Point {
    let moved = property.evaluate(context).map(|c| c as f32);
    match anchor.evaluate(context) {
        TranslateAnchor::Viewport => moved,
        TranslateAnchor::Map => super::geometry::rotate(moved, -bearing.to_radians() as f32),
    }
}
