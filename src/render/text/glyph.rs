//! One letter as a signed distance field.

/// Pixels a em at which fields are made and labels are laid out.
pub const ONE_EM: f32 = 24.0;

/// Pixels of the field on each side of the glyph's box.
pub const BORDER: u32 = 3;

/// A glyph at 24 px a em, as MapLibre's glyph ranges hold it.
///
/// `left`, `top`, `width` and `height` are those of the box without its border; `top` counts upwards from the ascender line
/// and so is mostly negative (see [`ASCENDER`]).
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// From the pen to the box's left edge.
    pub left: i32,
    /// From the ascender line up to the box's top edge.
    pub top: i32,
    /// The box's width.
    pub width: u32,
    /// The box's height.
    pub height: u32,
    /// From this pen to the next; ranges hold it as a whole number.
    pub advance: f32,
    /// `(width + 6) * (height + 6)` values in rows, 191 at the edge and 32 more a pixel inwards; empty for a glyph without ink.
    pub field: Box<[u8]>,
}

/// From the baseline up to the line from which [`Glyph::top`] counts.
///
/// Glyph ranges count from their font's own ascender. Here one figure serves all faces, that of Noto Sans at 24 px, so that
/// letters of several faces in one label stand on one baseline.
pub const ASCENDER: i32 = 26;

impl Glyph {
    /// Width of the field.
    pub fn field_width(&self) -> u32 {
        self.width + 2 * BORDER
    }

    /// Height of the field.
    pub fn field_height(&self) -> u32 {
        self.height + 2 * BORDER
    }

    /// What it weighs in a cache, bytes.
    pub fn weight(&self) -> u64 {
        (size_of::<Self>() + self.field.len()) as u64
    }
}
