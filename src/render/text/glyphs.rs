//! Where a style's glyphs come from.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::RwLock;

use super::fonts::Fonts;
use super::glyph::Glyph;
use super::range::Malformed;
use super::range::RANGE;
use super::range::decode_range;

/// Glyphs by stack and character: made from font files, or read from the ranges of a style's `glyphs` address.
#[derive(Clone, Debug)]
pub enum GlyphSource {
    /// From fonts at hand.
    Fonts(Arc<Fonts>),
    /// From ranges that were fetched.
    Ranges(Arc<Ranges>),
}

/// Fetched glyph ranges. What is asked for and not there is remembered, so that the caller can fetch it and draw again.
#[derive(Debug)]
pub struct Ranges {
    kept: Arc<RwLock<HashMap<(String, u32), Range>>>,
    fallback: Arc<Fonts>,
    wanted: Mutex<BTreeSet<(String, u32)>>,
}

#[derive(Debug)]
enum Range {
    Fetched(HashMap<char, Arc<Glyph>>),
    Missing,
}

/// Ranges that are kept; with one more, all are fetched anew.
const MOST_RANGES: usize = 1024;

impl GlyphSource {
    /// Whether a character that is not there now will not be there later either.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Fonts(_))
    }

    /// The glyph of a character in a stack (names separated by commas).
    pub fn glyph(&self, stack: &str, character: char) -> Option<Arc<Glyph>> {
        match self {
            Self::Fonts(fonts) => fonts.glyph(&fonts.stack(stack), character),
            Self::Ranges(ranges) => ranges.glyph(stack, character),
        }
    }
}

impl Ranges {
    /// No ranges yet. Where one is missing, `fallback` stands in.
    pub fn new(fallback: Arc<Fonts>) -> Self {
        Self { kept: Arc::default(), fallback, wanted: Mutex::default() }
    }

    /// The same ranges, for another who asks for what is not there.
    #[must_use]
    pub fn asking(&self) -> Self {
        Self { kept: Arc::clone(&self.kept), fallback: Arc::clone(&self.fallback), wanted: Mutex::default() }
    }

    /// Adds a range that was fetched, by its stack and first code point.
    pub fn insert(&self, stack: &str, start: u32, bytes: &[u8]) -> Result<(), Malformed> {
        let glyphs = decode_range(bytes)?;
        let by_character = glyphs.into_iter().filter_map(|(id, g)| Some((char::from_u32(id)?, Arc::new(g)))).collect();
        self.put(stack, start, Range::Fetched(by_character));
        Ok(())
    }

    /// Remembers that there is no such range, so that it is not wanted again.
    pub fn insert_missing(&self, stack: &str, start: u32) {
        self.put(stack, start, Range::Missing);
    }

    /// The ranges that were asked for since the last call and are not there: stack and first code point, in order.
    pub fn take_wanted(&self) -> BTreeSet<(String, u32)> {
        std::mem::take(&mut self.wanted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, stack: &str, start: u32, range: Range) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == MOST_RANGES {
            kept.clear();
        }
        kept.insert((stack.to_owned(), start), range);
    }

    fn glyph(&self, stack: &str, character: char) -> Option<Arc<Glyph>> {
        let key = (stack.to_owned(), character as u32 / RANGE * RANGE);
        match self.kept.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            Some(Range::Fetched(glyphs)) => return glyphs.get(&character).cloned(),
            Some(Range::Missing) => return self.fallback.glyph(&self.fallback.stack(stack), character),
            None => {}
        }
        // Ranges exist for the Basic Multilingual Plane only.
        if key.1 <= 0xff00 {
            self.wanted.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_range_is_wanted_once_and_found_when_it_was_fetched() {
        let fonts = Arc::new(Fonts::new(Vec::new(), 1 << 20));
        let ranges = Ranges::new(Arc::clone(&fonts));
        assert_eq!(ranges.glyph("Some Font", 'g'), None);
        assert_eq!(ranges.take_wanted().into_iter().collect::<Vec<_>>(), [("Some Font".to_owned(), 0)]);
        let bytes = fonts.range("Noto Sans Regular", 0).unwrap();
        ranges.insert("Some Font", 0, &bytes).unwrap();
        ranges.insert_missing("Some Font", 256);
        assert!(ranges.glyph("Some Font", 'g').is_some());
        assert_eq!(ranges.asking().glyph("Some Font", '가'), None);
        assert!(ranges.glyph("Some Font", 'ő').is_some(), "the built-in fonts stand in");
        assert!(ranges.take_wanted().is_empty());
    }
}
