//! Glyph ranges as browsers read them: protocol buffers of 256 distance fields (MapLibre's `glyphs.proto`).

use std::sync::Arc;

use super::glyph::BORDER;
use super::glyph::Glyph;

/// Code points a range.
pub const RANGE: u32 = 256;

/// Why bytes are no glyph range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The bytes end within a field, or a number is longer than 64 bits.
    #[error("a glyph range is cut off or its numbers are too long")]
    Truncated,
    /// A field with a number or type that the format does not have.
    #[error("a glyph range holds a field that is not of the format")]
    UnknownField,
    /// A glyph without its id, or larger than any letter is.
    #[error("a glyph range holds a glyph without an id or too large")]
    BadGlyph,
    /// A field whose length is not that of the glyph's box with its border.
    #[error("a glyph's field does not have the size of its box")]
    WrongSize,
    /// More glyphs than a range has code points.
    #[error("a glyph range holds more than 256 glyphs")]
    TooMany,
}

/// The largest box side accepted, pixels.
const MAX_SIDE: u64 = 512;
/// The largest bearing or advance accepted, pixels.
const MAX_OFFSET: i64 = 4096;

/// Writes the range that starts at a code point.
pub fn encode_range(name: &str, start: u32, glyphs: impl Iterator<Item = (u32, Arc<Glyph>)>) -> Vec<u8> {
    let mut stack = Vec::new();
    put_bytes(&mut stack, 1, name.as_bytes());
    put_bytes(&mut stack, 2, format!("{start}-{}", start + RANGE - 1).as_bytes());
    for (id, glyph) in glyphs {
        let mut message = Vec::with_capacity(glyph.field.len() + 24);
        put_number(&mut message, 1, u64::from(id));
        if !glyph.field.is_empty() {
            put_bytes(&mut message, 2, &glyph.field);
        }
        put_number(&mut message, 3, u64::from(glyph.width));
        put_number(&mut message, 4, u64::from(glyph.height));
        put_number(&mut message, 5, zigzag(glyph.left));
        put_number(&mut message, 6, zigzag(glyph.top));
        put_number(&mut message, 7, glyph.advance.round().max(0.0) as u64);
        put_bytes(&mut stack, 3, &message);
    }
    let mut range = Vec::with_capacity(stack.len() + 8);
    put_bytes(&mut range, 1, &stack);
    range
}

/// Reads a range: glyphs by code point, in the order of the bytes.
pub fn decode_range(bytes: &[u8]) -> Result<Vec<(u32, Glyph)>, Malformed> {
    let mut glyphs = Vec::new();
    each_field(bytes, |number, field| match (number, field) {
        (1, Field::Bytes(stack)) => each_field(stack, |number, field| match (number, field) {
            (1 | 2, Field::Bytes(_)) => Ok(()),
            (3, Field::Bytes(message)) => {
                if glyphs.len() == RANGE as usize {
                    return Err(Malformed::TooMany);
                }
                glyphs.push(decode_glyph(message)?);
                Ok(())
            }
            _ => Err(Malformed::UnknownField),
        }),
        _ => Err(Malformed::UnknownField),
    })?;
    Ok(glyphs)
}

fn decode_glyph(message: &[u8]) -> Result<(u32, Glyph), Malformed> {
    let (mut id, mut size, mut bearing, mut advance, mut field) = (None, [0; 2], [0; 2], 0, &[][..]);
    each_field(message, |number, value| {
        match (number, value) {
            (1, Field::Number(n)) => id = u32::try_from(n).ok(),
            (2, Field::Bytes(bytes)) => field = bytes,
            (3 | 4, Field::Number(n)) => size[number as usize - 3] = n,
            (5 | 6, Field::Number(n)) => bearing[number as usize - 5] = unzigzag(n),
            (7, Field::Number(n)) => advance = n,
            _ => return Err(Malformed::UnknownField),
        }
        Ok(())
    })?;
    let ([width, height], [left, top]) = (size, bearing);
    let fits = width <= MAX_SIDE && height <= MAX_SIDE && advance <= MAX_OFFSET as u64;
    let id = id.filter(|_| fits && left.abs() <= MAX_OFFSET && top.abs() <= MAX_OFFSET).ok_or(Malformed::BadGlyph)?;
    let border = 2 * u64::from(BORDER);
    // What has no ink has no field, whatever its size says.
    if !field.is_empty() && field.len() as u64 != (width + border) * (height + border) {
        return Err(Malformed::WrongSize);
    }
    let glyph = Glyph {
        left: left as i32,
        top: top as i32,
        width: width as u32,
        height: height as u32,
        advance: advance as f32,
        field: field.into(),
    };
    Ok((id, glyph))
}

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

fn each_field<'a>(
    mut bytes: &'a [u8],
    mut visit: impl FnMut(u64, Field<'a>) -> Result<(), Malformed>,
) -> Result<(), Malformed> {
    while !bytes.is_empty() {
        let key = take_number(&mut bytes)?;
        let field = match key & 7 {
            0 => Field::Number(take_number(&mut bytes)?),
            2 => {
                let length = take_number(&mut bytes)?;
                let length = usize::try_from(length).map_err(|_| Malformed::Truncated)?;
                let (taken, rest) = bytes.split_at_checked(length).ok_or(Malformed::Truncated)?;
                bytes = rest;
                Field::Bytes(taken)
            }
            _ => return Err(Malformed::UnknownField),
        };
        visit(key >> 3, field)?;
    }
    Ok(())
}

fn take_number(bytes: &mut &[u8]) -> Result<u64, Malformed> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or(Malformed::Truncated)?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err(Malformed::Truncated)
}

fn put_number(out: &mut Vec<u8>, field: u32, number: u64) {
    put_varint(out, u64::from(field) << 3);
    put_varint(out, number);
}

fn put_bytes(out: &mut Vec<u8>, field: u32, bytes: &[u8]) {
    put_varint(out, u64::from(field) << 3 | 2);
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn zigzag(number: i32) -> u64 {
    u64::from(((number << 1) ^ (number >> 31)) as u32)
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

#[cfg(test)]
#[path = "range_tests.rs"]
mod tests;
