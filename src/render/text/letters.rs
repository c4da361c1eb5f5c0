//! From characters to glyphs: one to one where that will do, by a shaper for scripts whose letters change.

use std::sync::Arc;

use smallvec::SmallVec;

use super::arabic;
use super::fonts::Fonts;
use super::glyph::Glyph;
use super::glyphs::GlyphSource;
use super::paragraph::Content;
use super::paragraph::Paragraph;
use super::script;

/// A character with what is drawn for it.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The character.
    pub character: char,
    /// Its section.
    pub section: usize,
    /// Its glyphs; none for an image, for white space that a shaper swallowed and for a character without a glyph.
    pub inks: SmallVec<[Ink; 1]>,
    /// To the next letter at a scale of 1, em / 24; images have that of their section instead.
    pub advance: f32,
    /// Whether there is anything to lay out: a character without a glyph takes no room.
    pub is_present: bool,
}

/// A glyph where a shaper puts it.
#[derive(Clone, Debug)]
pub struct Ink {
    /// The glyph.
    pub glyph: Arc<Glyph>,
    /// From the letter's pen to the right.
    pub dx: f32,
    /// From the letter's pen downwards.
    pub dy: f32,
}

/// The letters of a paragraph in logical order; `missing` is told of each character that has no glyph, with its stack.
pub fn letters(paragraph: &Paragraph, source: &GlyphSource, missing: &mut dyn FnMut(char, &str)) -> Vec<Letter> {
    let mut characters = paragraph.characters.clone();
    let mut letters = Vec::with_capacity(characters.len());
    let fonts = match source {
        GlyphSource::Fonts(fonts) if characters.iter().any(|(c, _)| script::needs_shaping(*c)) => Some(fonts),
        GlyphSource::Fonts(_) => None,
        GlyphSource::Ranges(_) => {
            arabic::join(&mut characters);
            None
        }
    };
    let mut rest = characters.as_slice();
    while let Some(&(character, section)) = rest.first() {
        if let (Some(fonts), Content::Text(stack)) = (fonts, &paragraph.sections[section].content) {
            let run = rest.iter().take_while(|(c, s)| *s == section && script::needs_shaping(*c)).count();
            if run > 0 && shape_run(&rest[..run], fonts, stack, &mut letters) {
                rest = &rest[run..];
                continue;
            }
        }
        let letter = letter(character, section, paragraph, source);
        if let Content::Text(stack) = &paragraph.sections[section].content
            && !letter.is_present
            && !script::is_whitespace(character)
            && !is_invisible(character)
        {
            missing(character, stack);
        }
        letters.push(letter);
        rest = &rest[1..];
    }
    letters
}

/// A character of a section as one glyph, or as the section's image.
pub fn letter(character: char, section: usize, paragraph: &Paragraph, source: &GlyphSource) -> Letter {
    let Content::Text(stack) = &paragraph.sections[section].content else {
        return Letter { character, section, inks: SmallVec::new(), advance: 0.0, is_present: true };
    };
    let glyph = source.glyph(stack, character);
    let advance = glyph.as_ref().map_or(0.0, |glyph| glyph.advance);
    let is_present = glyph.is_some();
    let inks = glyph.map(|glyph| Ink { glyph, dx: 0.0, dy: 0.0 }).into_iter().collect();
    Letter { character, section, inks, advance, is_present }
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Shapes a run of one section whose characters one face has all; otherwise does nothing and says so.
fn shape_run(run: &[(char, usize)], fonts: &Fonts, stack: &str, letters: &mut Vec<Letter>) -> bool {
    let stack = fonts.stack(stack);
    let Some((face, _)) = fonts.find(&stack, run[0].0) else { return false };
    let Some(file) = fonts.face(face) else { return false };
    if run.iter().any(|(c, _)| file.glyph_id(*c).is_none() && !is_invisible(*c)) {
        return false;
    }
    let text: String = run.iter().map(|(c, _)| c).collect();
    let Some(shaped) = file.shape(&text) else { return false };
    let first = letters.len();
    let blank = |&(character, section): &(char, usize)| Letter {
        character,
        section,
        inks: SmallVec::new(),
        advance: 0.0,
        is_present: true,
    };
    letters.extend(run.iter().map(blank));
    for glyph in shaped {
        // A glyph belongs to the letter where its cluster starts; the letters behind it in the cluster have none.
        let at = text[..glyph.cluster.min(text.len())].chars().count();
        let Some(letter) = letters.get_mut(first + at) else { continue };
        if let Some(drawn) = fonts.draw(face, glyph.id) {
            letter.inks.push(Ink { glyph: drawn, dx: letter.advance + glyph.dx, dy: -glyph.dy });
        }
        letter.advance += glyph.advance;
    }
    true
}
