//! Labels laid out: lines broken, justified and aligned, each glyph at its place (MapLibre's layout, in em / 24).

use std::sync::Arc;

use super::bidi;
use super::breaks;
use super::breaks::Unit;
use super::glyph::Glyph;
use super::glyph::ONE_EM;
use super::glyphs::GlyphSource;
use super::letters;
use super::letters::Letter;
use super::paragraph;
use super::paragraph::Content;
use super::paragraph::LineAlign;
use super::paragraph::Paragraph;
use super::script;

/// From the middle of a line up to the line where glyphs hang, which is the ascender's.
pub const HANG: f32 = -17.0;

/// How a label is laid out. Lengths are in em / 24.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Beyond this width lines are broken.
    pub max_width: f32,
    /// From line to line.
    pub line_height: f32,
    /// Which point of the block lies on the anchor: 0 its left or top edge, 1 its right or bottom edge.
    pub align: [f32; 2],
    /// Where short lines lie in the block: 0 left, 1 right.
    pub justify: f32,
    /// Between letters.
    pub spacing: f32,
    /// Moves the bounds of the block.
    pub offset: [f32; 2],
    /// Whether lines run from top to bottom.
    pub is_vertical: bool,
    /// Whether the layer may set point labels in vertical lines.
    pub allows_vertical: bool,
    /// The size for which images are measured when lines are broken, pixels.
    pub layout_size: f32,
    /// The size for which images are laid out, pixels.
    pub size: f32,
}

/// A label laid out around its anchor, x to the right and y down. Vertical labels are laid out lying on their left side.
#[derive(Clone, Debug, PartialEq)]
pub struct Shaping {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Bounds, with the setting's offset: left, top, right, bottom.
    pub bounds: [f32; 4],
    /// Whether any glyph stands upright in a vertical line.
    pub is_verticalizable: bool,
    /// Whether it holds an image.
    pub has_images: bool,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// Glyphs and images from left to right.
    pub glyphs: Vec<PlacedGlyph>,
    /// How much higher it is than a line of plain text.
    pub rise: f32,
}

/// A glyph or an image at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedGlyph {
    /// What is drawn.
    pub shape: Shape,
    /// Pen position.
    pub x: f32,
    /// Height of the ascender line.
    pub y: f32,
    /// Whether it stands upright in a vertical line.
    pub is_upright: bool,
    /// Factor on its size.
    pub scale: f32,
    /// Position of its section in the paragraph.
    pub section: usize,
    /// The advance that its rotation and justification count with, unscaled.
    pub advance: f32,
}

/// What is drawn at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A letter.
    Glyph(Arc<Glyph>),
    /// An image: position in the caller's list, size in pixels.
    Image {
        /// The position.
        index: usize,
        /// Width and height.
        size: [f32; 2],
    },
}

/// Lays out a paragraph; `None` when nothing of it can be drawn.
pub fn shape(
    paragraph: &Paragraph,
    setting: &Setting,
    source: &GlyphSource,
    missing: &mut dyn FnMut(char, &str),
) -> Option<Shaping> {
    let mut letters = letters::letters(paragraph, source, missing);
    let units: Vec<Unit> = letters.iter().map(|letter| unit(letter, paragraph, setting)).collect();
    let ends = breaks::line_breaks(&units, setting.max_width);
    let tagged: Vec<(char, usize)> = letters.iter().enumerate().map(|(tag, l)| (l.character, tag)).collect();
    if paragraph.sections.len() > 1 {
        for [lead, behind] in bidi::leads(&tagged, &ends) {
            let section = letters[behind].section;
            if script::is_whitespace(letters[lead].character) && section != letters[lead].section {
                letters[lead] = letters::letter(letters[lead].character, section, paragraph, source);
            }
        }
    }
    let lines = bidi::visual_lines(&tagged, &ends);
    // Brackets that were turned round are other characters than those that were looked up.
    for &(character, tag) in lines.iter().flatten() {
        if character != letters[tag].character {
            letters[tag] = letters::letter(character, letters[tag].section, paragraph, source);
        }
    }
    let mut block = Block { setting, paragraph, letters: &letters, y: 0.0, width: 0.0, tallest: 0.0 };
    let mut shaping = Shaping {
        lines: Vec::with_capacity(lines.len()),
        bounds: [0.0; 4],
        is_verticalizable: false,
        has_images: false,
    };
    for line in &lines {
        let line = block.lay_line(paragraph::trim(line), &mut shaping);
        shaping.lines.push(line);
    }
    if shaping.lines.iter().all(|line| line.glyphs.is_empty()) {
        return None;
    }
    block.align(&mut shaping);
    Some(shaping)
}

fn unit(letter: &Letter, paragraph: &Paragraph, setting: &Setting) -> Unit {
    let look = &paragraph.sections[letter.section];
    let (advance, is_image) = match look.content {
        Content::Image { size, .. } => (size[0] * look.scale * ONE_EM / setting.layout_size + setting.spacing, true),
        Content::Text(_) if letter.is_present => (letter.advance * look.scale + setting.spacing, false),
        Content::Text(_) => (0.0, false),
    };
    Unit { character: letter.character, advance, is_image }
}

/// The block under construction.
struct Block<'a> {
    setting: &'a Setting,
    paragraph: &'a Paragraph,
    letters: &'a [Letter],
    y: f32,
    width: f32,
    tallest: f32,
}

impl Block<'_> {
    fn lay_line(&mut self, line: &[(char, usize)], shaping: &mut Shaping) -> Line {
        let setting = self.setting;
        if line.is_empty() {
            self.y += setting.line_height;
            return Line::default();
        }
        let to_em = ONE_EM / setting.size;
        let looks = || line.iter().map(|(_, tag)| &self.paragraph.sections[self.letters[*tag].section]);
        let max_scale = looks().fold(0.0, |max: f32, look| max.max(look.scale));
        let max_image = looks().fold([0.0_f32; 2], |max, look| match look.content {
            Content::Image { size, .. } => [max[0].max(size[0]), max[1].max(size[1])],
            Content::Text(_) => max,
        });
        let [content_width, content_height] = max_image.map(|size| (max_scale * ONE_EM).max(size * to_em));
        let (mut x, mut image_rise) = (0.0, 0.0_f32);
        let mut glyphs = Vec::with_capacity(line.len());
        for &(_, tag) in line {
            let letter = &self.letters[tag];
            let look = &self.paragraph.sections[letter.section];
            let is_upright = self.stands_upright(letter.character);
            let align = match look.align {
                LineAlign::Top => 0.0,
                LineAlign::Center => 0.5,
                LineAlign::Bottom => 1.0,
            };
            let place = |shape, x, y, scale, advance| PlacedGlyph {
                shape,
                x,
                y: self.y + y + HANG,
                is_upright,
                scale,
                section: letter.section,
                advance,
            };
            let step = match look.content {
                Content::Image { index, size } => {
                    shaping.has_images = true;
                    let scale = look.scale * to_em;
                    let drop = if is_upright { content_width } else { content_height } - size[1] * scale;
                    let drop = if is_upright { drop } else { drop * align };
                    let advance = if is_upright { size[1] } else { size[0] };
                    let across = if is_upright { size[0] } else { size[1] };
                    image_rise = image_rise.max(across * scale - ONE_EM * max_scale);
                    glyphs.push(place(Shape::Image { index, size }, x, drop, scale, advance));
                    advance * scale
                }
                Content::Text(_) if !letter.is_present => continue,
                Content::Text(_) => {
                    let drop = if is_upright {
                        content_width - look.scale * ONE_EM
                    } else {
                        (content_height - look.scale * ONE_EM) * align
                    };
                    for ink in &letter.inks {
                        let (x, y) = (x + ink.dx * look.scale, drop + ink.dy * look.scale);
                        let shape = Shape::Glyph(Arc::clone(&ink.glyph));
                        glyphs.push(place(shape, x, y, look.scale, letter.advance));
                    }
                    if is_upright { ONE_EM * look.scale } else { letter.advance * look.scale }
                }
            };
            shaping.is_verticalizable |= is_upright;
            x += step + setting.spacing;
        }
        if let Some(last) = glyphs.last() {
            self.width = self.width.max(x - setting.spacing);
            let indent = (last.x + last.advance * last.scale) * setting.justify;
            for glyph in &mut glyphs {
                glyph.x -= indent;
            }
        }
        let height = setting.line_height * max_scale + image_rise;
        self.y += height;
        self.tallest = self.tallest.max(height);
        Line { glyphs, rise: image_rise.max((max_scale - 1.0) * ONE_EM) }
    }

    /// In vertical lines upright characters stand; where a layer sets point labels in vertical lines all but Arabic do.
    fn stands_upright(&self, c: char) -> bool {
        match (self.setting.is_vertical, self.setting.allows_vertical) {
            (false, _) => false,
            (true, false) => script::is_upright(c),
            (true, true) => !script::is_whitespace(c) && !script::is_arabic(c),
        }
    }

    /// Moves the block so that its anchor is at the origin.
    fn align(&self, shaping: &mut Shaping) {
        let setting = self.setting;
        let [horizontal, vertical] = setting.align;
        let dx = (setting.justify - horizontal) * self.width;
        // Lines of equal height are centred on their middles; with larger lines between them the whole block is moved.
        #[expect(clippy::float_cmp, reason = "the height is either the very line height or another one")]
        let dy = if self.tallest == setting.line_height {
            -vertical * shaping.lines.len() as f32 * setting.line_height + 0.5 * setting.line_height
        } else {
            -self.y * vertical - HANG
        };
        for glyph in shaping.lines.iter_mut().flat_map(|line| &mut line.glyphs) {
            glyph.x += dx;
            glyph.y += dy;
        }
        let (left, top) = (setting.offset[0] - horizontal * self.width, setting.offset[1] - vertical * self.y);
        shaping.bounds = [left, top, left + self.width, top + self.y];
    }
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
