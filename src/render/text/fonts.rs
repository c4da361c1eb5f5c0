//! All fonts at hand and the glyphs made from them.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use skrifa::GlyphId;

use super::builtin::PACKED;
use super::face::Face;
use super::glyph::Glyph;
use super::range::RANGE;
use super::range::encode_range;
use super::stack::Stack;

/// Fonts by name, and a cache of their glyphs. Shared by all who draw.
#[derive(Debug)]
pub struct Fonts {
    faces: Vec<Face>,
    names: HashMap<String, usize>,
    stacks: RwLock<HashMap<String, Arc<Stack>>>,
    glyphs: Cache<(usize, u32), Option<Arc<Glyph>>, ByBytes>,
}

#[derive(Clone, Debug)]
struct ByBytes;

impl Weighter<(usize, u32), Option<Arc<Glyph>>> for ByBytes {
    fn weight(&self, _: &(usize, u32), glyph: &Option<Arc<Glyph>>) -> u64 {
        32 + glyph.as_ref().map_or(0, |glyph| glyph.weight())
    }
}

/// Weight of a glyph that a cache of some bytes is prepared for.
const TYPICAL_WEIGHT: u64 = 900;
/// Stacks that are remembered; a client may ask for any number of names.
const MAX_STACKS: usize = 256;

impl Fonts {
    /// The built-in fonts and the given ones, which win over built-in fonts of the same name; glyphs are kept up to so many
    /// bytes.
    pub fn new(users: Vec<Face>, cache_bytes: u64) -> Self {
        let faces: Vec<Face> = PACKED.iter().map(Face::builtin).chain(users).collect();
        let names = faces.iter().enumerate().map(|(face, f)| (f.name().to_lowercase(), face)).collect();
        let glyphs = Cache::with_weighter((cache_bytes / TYPICAL_WEIGHT).max(16) as usize, cache_bytes, ByBytes);
        Self { faces, names, stacks: RwLock::default(), glyphs }
    }

    /// Names of all faces: family and style.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.faces.iter().map(Face::name)
    }

    /// The faces behind a list of names, separated by commas. Always draws: it ends in built-in fonts.
    pub fn stack(&self, names: &str) -> Arc<Stack> {
        if let Some(stack) = self.stacks.read().unwrap_or_else(PoisonError::into_inner).get(names) {
            return Arc::clone(stack);
        }
        let stack = Arc::new(Stack::resolve(names, |name| self.names.get(&name.to_lowercase()).copied()));
        let mut stacks = self.stacks.write().unwrap_or_else(PoisonError::into_inner);
        if stacks.len() < MAX_STACKS {
            stacks.insert(names.to_owned(), Arc::clone(&stack));
        }
        stack
    }

    /// The face of a stack that draws a character, with the glyph's number in it.
    pub fn find(&self, stack: &Stack, character: char) -> Option<(usize, GlyphId)> {
        stack.faces(character).iter().find_map(|&face| Some((face, self.faces[face].glyph_id(character)?)))
    }

    /// The glyph of a character; `None` when no face has it.
    pub fn glyph(&self, stack: &Stack, character: char) -> Option<Arc<Glyph>> {
        let (face, id) = self.find(stack, character)?;
        self.draw(face, id)
    }

    /// A glyph by its number in a face.
    pub fn draw(&self, face: usize, id: GlyphId) -> Option<Arc<Glyph>> {
        let draw = || Ok::<_, Infallible>(self.faces.get(face).and_then(|f| f.draw(id)).map(Arc::new));
        match self.glyphs.get_or_insert_with(&(face, id.to_u32()), draw) {
            Ok(glyph) => glyph,
        }
    }

    /// A face by its position, as [`Fonts::find`] gives it.
    pub fn face(&self, face: usize) -> Option<&Face> {
        self.faces.get(face)
    }

    /// The glyph range that starts at a code point, as browsers ask for it; `None` when no range starts there.
    pub fn range(&self, names: &str, start: u32) -> Option<Vec<u8>> {
        if !start.is_multiple_of(RANGE) || start > 0xff00 {
            return None;
        }
        let stack = self.stack(names);
        let characters = (start..start + RANGE).filter_map(char::from_u32);
        let glyphs = characters.filter_map(|c| Some((c as u32, self.glyph(&stack, c)?)));
        Some(encode_range(names, start, glyphs))
    }
}
