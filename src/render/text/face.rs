//! One font file's face.

use std::io::Read;
use std::sync::Arc;
use std::sync::OnceLock;

use brotli::Decompressor;
use harfrust::GlyphInfo;
use harfrust::GlyphPosition;
use harfrust::ShapeOptions;
use harfrust::ShaperData;
use harfrust::UnicodeBuffer;
use skrifa::FontRef;
use skrifa::GlyphId;
use skrifa::MetadataProvider;
use skrifa::instance::LocationRef;
use skrifa::instance::Size;
use skrifa::outline::DrawSettings;
use skrifa::string::StringId;

use super::builtin::Packed;
use super::field;
use super::glyph::Glyph;
use super::glyph::ONE_EM;
use super::outline::Flattener;

/// A face: characters to glyphs, glyphs to distance fields. Built-in faces are unpacked when they are first asked.
#[derive(Debug)]
pub struct Face {
    name: String,
    bytes: Bytes,
    index: u32,
    /// The glyphs of Latin, Greek and Cyrillic characters that were asked for: finding one in the file takes longer than all
    /// else about a letter.
    common: Box<[OnceLock<Option<GlyphId>>]>,
}

/// Past the last character whose glyph is remembered: the end of Cyrillic.
const COMMON: usize = 0x530;

fn nothing_known() -> Box<[OnceLock<Option<GlyphId>>]> {
    (0..COMMON).map(|_| OnceLock::new()).collect()
}

#[derive(Debug)]
enum Bytes {
    Packed { stream: &'static [u8], unpacked: OnceLock<Vec<u8>> },
    Whole(Arc<[u8]>),
}

/// A glyph of a shaped run.
#[derive(Clone, Copy, Debug)]
pub struct ShapedGlyph {
    /// Its number in the face.
    pub id: GlyphId,
    /// Offset in the text of the first character that it stands for.
    pub cluster: usize,
    /// From the pen to the right.
    pub dx: f32,
    /// From the pen upwards.
    pub dy: f32,
    /// To the next pen.
    pub advance: f32,
}

impl Face {
    /// A face that comes with the program.
    pub fn builtin(packed: &Packed) -> Self {
        let bytes = Bytes::Packed { stream: packed.stream, unpacked: OnceLock::new() };
        Self { name: packed.name.to_owned(), bytes, index: 0, common: nothing_known() }
    }

    /// The faces of a TrueType or OpenType file or collection, named by family and style; none when it is not one.
    pub fn read(file: &Arc<[u8]>) -> Vec<Self> {
        let count = match skrifa::raw::FileRef::new(file) {
            Ok(skrifa::raw::FileRef::Collection(faces)) => faces.len(),
            Ok(skrifa::raw::FileRef::Font(_)) => 1,
            Err(_) => 0,
        };
        let face = |index| {
            let font = FontRef::from_index(file, index).ok()?;
            let name = full_name(&font)?;
            Some(Self { name, bytes: Bytes::Whole(Arc::clone(file)), index, common: nothing_known() })
        };
        (0..count).filter_map(face).collect()
    }

    /// Family and style, for instance "Noto Sans Bold".
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The glyph of a character, where the face has one.
    pub fn glyph_id(&self, character: char) -> Option<GlyphId> {
        let find = || self.font()?.charmap().map(character).filter(|id| *id != GlyphId::NOTDEF);
        self.common.get(character as usize).map_or_else(find, |known| *known.get_or_init(find))
    }

    /// Distance field and metrics of a glyph; `None` when the file has none or a broken one.
    pub fn draw(&self, id: GlyphId) -> Option<Glyph> {
        let font = self.font()?;
        let size = Size::new(ONE_EM);
        let advance = font.glyph_metrics(size, LocationRef::default()).advance_width(id)?;
        let mut flattener = Flattener::default();
        if let Some(outline) = font.outline_glyphs().get(id) {
            outline.draw(DrawSettings::unhinted(size, LocationRef::default()), &mut flattener).ok()?;
        }
        field::glyph(&flattener.finish(), advance)
    }

    /// Shapes a run of one script: glyphs in the order in which they are drawn from left to right, offsets and advances at
    /// 24 px a em.
    pub fn shape(&self, text: &str) -> Option<Vec<ShapedGlyph>> {
        let font = self.font()?;
        let data = ShaperData::new(&font);
        let shaper = data.shaper(&font).build();
        let to_em = ONE_EM / shaper.units_per_em() as f32;
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let shaped = shaper.shape(buffer, ShapeOptions::new());
        let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
        let glyph = |(info, position): (&GlyphInfo, &GlyphPosition)| ShapedGlyph {
            id: GlyphId::new(info.glyph_id),
            cluster: info.cluster as usize,
            dx: position.x_offset as f32 * to_em,
            dy: position.y_offset as f32 * to_em,
            advance: position.x_advance as f32 * to_em,
        };
        Some(glyphs.map(glyph).collect())
    }

    /// The parsed file.
    pub fn font(&self) -> Option<FontRef<'_>> {
        let bytes = match &self.bytes {
            Bytes::Whole(bytes) => bytes,
            Bytes::Packed { stream, unpacked } => unpacked.get_or_init(|| unpack(stream)).as_slice(),
        };
        FontRef::from_index(bytes, self.index).ok()
    }
}

fn unpack(stream: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(stream.len() * 2);
    let read = Decompressor::new(stream, 1 << 16).read_to_end(&mut bytes);
    debug_assert!(read.is_ok(), "the build packs whole streams");
    bytes
}

/// Family and style as people write them: the typographic ones where the file has them.
fn full_name(font: &FontRef<'_>) -> Option<String> {
    let named = |id| font.localized_strings(id).english_or_first().map(|name| name.to_string());
    let family = named(StringId::TYPOGRAPHIC_FAMILY_NAME).or_else(|| named(StringId::FAMILY_NAME))?;
    let style = named(StringId::TYPOGRAPHIC_SUBFAMILY_NAME).or_else(|| named(StringId::SUBFAMILY_NAME));
    Some(format!("{family} {}", style.as_deref().unwrap_or("Regular")))
}

#[cfg(test)]
mod tests {
    use super::super::builtin::PACKED;
    use super::*;

    #[test]
    fn the_letters_of_the_built_in_faces_stand_where_fontnik_puts_them() {
        let face = Face::builtin(&PACKED[0]);
        let letter = face.draw(face.glyph_id('A').unwrap()).unwrap();
        // The figures of the same letter in a range made by fontnik from Noto Sans Regular.
        assert_eq!((letter.left, letter.top, letter.width, letter.height), (0, -9, 15, 17));
        assert_eq!(letter.advance.round() as i32, 15);
    }

    #[test]
    fn a_face_from_a_file_is_named_by_family_and_style_and_junk_is_no_face() {
        let packed = Face::builtin(&PACKED[1]);
        let Bytes::Packed { stream, .. } = packed.bytes else { panic!("built-in faces are packed") };
        let faces = Face::read(&unpack(stream).into());
        assert_eq!(faces.iter().map(Face::name).collect::<Vec<_>>(), ["Noto Sans Bold"]);
        assert!(Face::read(&Vec::from(&b"no font at all"[..]).into()).is_empty());
    }
}
