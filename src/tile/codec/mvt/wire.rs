//! The wire format of protocol buffers, as far as vector tiles use it.

/// How a field's value is delimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    Fixed32 = 5,
}

/// The numbers of the geometry commands (4.3.1).
pub(super) const MOVE_TO: u32 = 1;
pub(super) const LINE_TO: u32 = 2;
pub(super) const CLOSE_PATH: u32 = 7;

#[inline]
pub(in crate::tile::codec) fn push_varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

pub(super) fn push_key(out: &mut Vec<u8>, field: u32, wire: Wire) {
    push_varint(out, u64::from(field << 3 | wire as u32));
}

/// A field whose value is written by a function.
pub(super) fn push_message(out: &mut Vec<u8>, field: u32, write: impl FnOnce(&mut Vec<u8>)) {
    push_key(out, field, Wire::Length);
    let start = out.len();
    out.push(0);
    write(out);
    let length = out.len() - start - 1;
    if length < 0x80 {
        out[start] = length as u8;
        return;
    }
    // The length takes more than the byte that was left for it: what follows moves up.
    let width = (usize::BITS - length.leading_zeros()).div_ceil(7) as usize;
    out.resize(start + length + width, 0);
    out.copy_within(start + 1..=start + length, start + width);
    let mut rest = length;
    for byte in &mut out[start..start + width] {
        *byte = rest as u8 | 0x80;
        rest >>= 7;
    }
    out[start + width - 1] &= 0x7F;
}

pub(super) fn push_bytes(out: &mut Vec<u8>, field: u32, bytes: &[u8]) {
    push_key(out, field, Wire::Length);
    push_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Small numbers of either sign as small numbers without.
pub(super) fn zigzag(n: i64) -> u64 {
    (n << 1 ^ n >> 63) as u64
}

pub(super) fn unzigzag(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

/// Reads fields off the front of a message.
#[derive(Clone, Copy)]
pub(in crate::tile::codec) struct Reader<'a> {
    bytes: &'a [u8],
}

/// The value of a field.
#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Length(&'a [u8]),
    Fixed32([u8; 4]),
}

/// The message ends within a field, or holds what no field looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tile::codec) struct Broken;

impl<'a> Reader<'a> {
    pub(in crate::tile::codec) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(in crate::tile::codec) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The number of bytes left, which bounds the number of anything that may follow.
    pub(in crate::tile::codec) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(in crate::tile::codec) fn varint(&mut self) -> Result<u64, Broken> {
        let mut n = 0_u64;
        for (at, &byte) in self.bytes.iter().enumerate().take(10) {
            let part = u64::from(byte & 0x7F);
            if at == 9 && part > 1 {
                return Err(Broken);
            }
            n |= part << (7 * at);
            if byte < 0x80 {
                self.bytes = &self.bytes[at + 1..];
                return Ok(n);
            }
        }
        Err(Broken)
    }

    /// The next field with its number; `None` at the end.
    pub(super) fn field(&mut self) -> Result<Option<(u64, Content<'a>)>, Broken> {
        if self.is_empty() {
            return Ok(None);
        }
        let key = self.varint()?;
        let content = match key & 7 {
            0 => Content::Varint(self.varint()?),
            1 => Content::Fixed64(self.array()?),
            2 => {
                let length = self.varint()?;
                let length = usize::try_from(length).map_err(|_| Broken)?;
                Content::Length(self.take(length)?)
            }
            5 => Content::Fixed32(self.array()?),
            _ => return Err(Broken),
        };
        if key >> 3 == 0 {
            return Err(Broken);
        }
        Ok(Some((key >> 3, content)))
    }

    /// What is left.
    pub(in crate::tile::codec) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub(in crate::tile::codec) fn take(&mut self, length: usize) -> Result<&'a [u8], Broken> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(Broken)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        let (taken, rest) = self.bytes.split_first_chunk().ok_or(Broken)?;
        self.bytes = rest;
        Ok(*taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_what_its_bytes_are_however_long_its_length_is_written() {
        for length in [0, 1, 127, 128, 129, 16_383, 16_384, 3_000_000] {
            let body: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let (mut bytes, mut message) = (vec![7], vec![7]);
            push_bytes(&mut bytes, 3, &body);
            push_message(&mut message, 3, |out| out.extend_from_slice(&body));
            assert!(bytes == message, "{length}");
        }
    }
}
