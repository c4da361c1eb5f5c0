//! How far labels of a layer may reach, before any is laid out.

use super::setting::Setting;
use crate::render::symbol::rules::Rules;
use crate::render::symbol::source::Content;
use crate::render::symbol::source::Written;
use crate::render::text::Content as Section;
use crate::render::text::GlyphSource;
use crate::render::text::ONE_EM;
use crate::render::text::needs_shaping;
use crate::render::whole::Plane;
use crate::render::whole::Rows;
use crate::render::whole::WholeLayer;
use crate::style::Anchor;
use crate::style::Context;
use crate::style::Layer;
use crate::style::Symbol;
use crate::style::SymbolPlacement;
use crate::style::TextFit;

/// Pixels beyond which labels are not looked for: nobody reads one of such a size.
pub const FARTHEST: f32 = 4096.0;

/// For halos, softened edges and what rounding moves.
const SLACK: f32 = 8.0;

/// The largest distance in pixels from its anchor at which any label of a layer may cover or paint something: a bound by the
/// letters of each text, its size and its offset.
pub fn bound(whole: &WholeLayer, layer: &Layer, symbol: &Symbol, rules: &Rules, setting: &Setting<'_>) -> f32 {
    let (layout, paint) = (setting.frame.layout(), setting.frame.paint());
    let rows = Rows::all(whole, Plane::of(setting.frame.view), layout.zoom);
    let of = |index| {
        rows.with_subject(index, |subject| {
            let (layout, paint) = (layout.with(subject), paint.with(subject));
            let shown = layer.filter.accepts(&layout);
            let content = shown.then(|| Content::of(symbol, rules, &layout, setting.frame)).flatten();
            content.map_or(0.0, |content| Bound { symbol, rules, layout, paint, glyphs: setting.glyphs }.of(&content))
        })
    };
    let largest = (0..rows.len()).map(of).fold(0.0, f32::max);
    (largest + SLACK).min(FARTHEST)
}

struct Bound<'a> {
    symbol: &'a Symbol,
    rules: &'a Rules,
    layout: Context<'a>,
    paint: Context<'a>,
    glyphs: &'a GlyphSource,
}

impl Bound<'_> {
    fn of(&self, content: &Content) -> f32 {
        let (symbol, rules) = (self.symbol, self.rules);
        let farther = |translate: [f32; 2]| translate[0].hypot(translate[1]);
        let text = content.text.as_ref().map_or(0.0, |written| self.text(written));
        let icon_size = self.larger(&symbol.icon_size);
        let icon = content.icon.as_ref().map_or(0.0, |image| {
            let [width, height] = image.display_size();
            let offset = symbol.icon_offset.evaluate(&self.layout);
            let padding = symbol.icon_padding.evaluate(&self.layout);
            let padding = padding.top.max(padding.right).max(padding.bottom).max(padding.left) as f32;
            (width + height + (offset[0].abs() + offset[1].abs()) as f32) * icon_size + padding
        });
        let fits =
            rules.text_fit != TextFit::None || !symbol.text_variable_anchor.as_constant().is_some_and(Option::is_none);
        let around = rules.fit_padding.iter().fold(0.0_f32, |most, side| most.max(side.abs())) * icon_size.max(1.0);
        let icon = if fits { icon + text + around } else { icon };
        (text + farther(rules.text.translate)).max(icon + farther(rules.icon.translate))
    }

    /// Half of a text's width and height where it stands in the middle of its anchor, all of them where it may stand beside it.
    fn text(&self, written: &Written) -> f32 {
        let (symbol, layout) = (self.symbol, &self.layout);
        let size = self.larger(&symbol.text_size);
        let (mut width, mut longest, mut word, mut lines) = (0.0_f32, 0.0_f32, 0.0_f32, 1.0_f32);
        let spacing = symbol.text_letter_spacing.evaluate(layout).max(0.0) as f32;
        let mut tallest = 1.0_f32;
        for &(character, section) in &written.paragraph.characters {
            let look = &written.paragraph.sections[section];
            let advance = match &look.content {
                Section::Text(stack) => self.advance(stack, character),
                Section::Image { size, .. } => {
                    tallest = tallest.max(size[1] / ONE_EM * look.scale);
                    size[0] / ONE_EM
                }
            };
            tallest = tallest.max(look.scale);
            let advance = advance * look.scale + spacing;
            width += advance;
            word = if character.is_whitespace() { 0.0 } else { word + advance };
            longest = longest.max(word);
            lines += f32::from(u8::from(character == '\n'));
        }
        let most = symbol.text_max_width.evaluate(layout).max(1.0) as f32;
        let is_wrapped = self.rules.placement == SymbolPlacement::Point;
        if is_wrapped {
            lines += (2.0 * width / most).ceil();
        }
        // Lines are broken where that makes them even, which may be a little beyond the widest.
        let broken = if is_wrapped { width.min(longest.max(1.5 * most + 1.0)) } else { width };
        let height = lines * self.rules.line_height / ONE_EM * tallest + 1.0;
        let offset = symbol.text_offset.evaluate(layout);
        let radial = symbol.text_radial_offset.evaluate(layout).unwrap_or(0.0);
        let offset = (offset[0].abs() + offset[1].abs() + radial.abs()) as f32;
        let named = symbol.text_variable_anchor_offset.evaluate(layout);
        let named = named.iter().flat_map(|offsets| &offsets.0).map(|(_, o)| (o[0].abs() + o[1].abs()) as f32);
        let offset = offset + named.fold(0.0, f32::max) + 1.0;
        let is_centered = symbol.text_anchor.evaluate(layout) == Anchor::Center && !self.rules.has_variable_anchors;
        let share = if is_centered { 0.5 } else { 1.0 };
        // Written from top to bottom it is as high as it is wide, and turned in any way it keeps within both together.
        let rotates = symbol.text_rotate.as_constant().is_none_or(|angle| *angle != 0.0);
        let block =
            if rotates || self.rules.allows_vertical() { broken.max(width) + height } else { broken.max(height) };
        (block * share + offset) * size + self.rules.text_padding
    }

    /// Ems that a letter takes, or more.
    fn advance(&self, stack: &str, character: char) -> f32 {
        match character {
            // Ideographs, kana, Hangul: an em each.
            '\u{2e80}'..='\u{fe0f}' | '\u{20000}'.. => 1.1,
            // Joined and stacked letters differ from single ones.
            _ if needs_shaping(character) => 2.0,
            _ => self.glyphs.glyph(stack, character).map_or(1.0, |glyph| glyph.advance / ONE_EM),
        }
    }

    /// The larger one of a size as collisions reckon and as it is drawn.
    fn larger(&self, size: &crate::style::Property<f64>) -> f32 {
        let above = Context { zoom: self.layout.zoom + 1.0, ..self.layout };
        size.evaluate(&above).max(size.evaluate(&self.paint)).max(0.0) as f32
    }
}
