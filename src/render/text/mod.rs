//! Letters: fonts, their signed distance fields, and the ranges in which browsers ask for them.

mod builtin;
mod face;
mod field;
mod fonts;
mod glyph;
mod glyphs;
mod outline;
mod range;
mod stack;

pub use face::Face;
pub use fonts::Fonts;
pub use glyph::BORDER;
pub use glyph::Glyph;
pub use glyph::ONE_EM;
pub use glyphs::GlyphSource;
pub use glyphs::Ranges;
pub use range::Malformed;
pub use range::RANGE;
pub use range::decode_range;
pub use range::encode_range;
pub use stack::Stack;
