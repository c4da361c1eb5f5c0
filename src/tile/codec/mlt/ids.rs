//! Ids of more than 52 bits.
//!
//! Clients in a browser read the numbers of a column of ids as floats, which hold 53 bits. The encoder writes ids as differences
//! where that is shorter, each led by its sign, so that the difference of two ids of 53 bits needs 54. Hashed ids have 53.
//! Such ids are written one by one, which takes no more bytes, since nothing is alike in them.

use crate::tile::codec::mvt::wire::Broken;
use crate::tile::codec::mvt::wire::Reader;
use crate::tile::codec::mvt::wire::push_varint;

/// Ids from here on have differences that floats do not hold with their signs.
const LARGE: u64 = 1 << 52;
/// The column of ids of 64 bits that every feature has.
const LONG_ID: u8 = 2;
/// The first type of a column that has a name.
const NAMED: u64 = 10;
/// A stream of the values themselves, and how they are written: as they are, as varints.
const DATA_AS_VARINTS: [u8; 2] = [0x10, 0x02];

/// Whether the ids are to be written one by one.
pub(super) fn are_large(ids: &[u64]) -> bool {
    ids.iter().any(|&id| id >= LARGE)
}

/// A layer that was encoded without ids, with those of its features, as its first column.
///
/// # Errors
/// When the bytes are no layer.
pub(super) fn insert(layer: &[u8], ids: &[u64]) -> Result<Vec<u8>, Broken> {
    let mut reader = Reader::new(layer);
    reader.varint()?;
    let body = reader;
    reader.varint()?;
    skip_text(&mut reader)?;
    reader.varint()?;
    let count_at = body.len() - reader.len();
    let count = reader.varint()?;
    let columns_at = body.len() - reader.len();
    for _ in 0..count {
        if reader.varint()? >= NAMED {
            skip_text(&mut reader)?;
        }
    }
    let data_at = body.len() - reader.len();
    let mut varints = Vec::with_capacity(ids.len() * 8);
    ids.iter().for_each(|&id| push_varint(&mut varints, id));

    let body = body.rest();
    let mut inner = Vec::with_capacity(body.len() + varints.len() + 16);
    inner.extend_from_slice(&body[..count_at]);
    push_varint(&mut inner, count + 1);
    inner.push(LONG_ID);
    inner.extend_from_slice(&body[columns_at..data_at]);
    inner.extend_from_slice(&DATA_AS_VARINTS);
    push_varint(&mut inner, ids.len() as u64);
    push_varint(&mut inner, varints.len() as u64);
    inner.append(&mut varints);
    inner.extend_from_slice(&body[data_at..]);
    let mut out = Vec::with_capacity(inner.len() + 5);
    push_varint(&mut out, inner.len() as u64);
    out.append(&mut inner);
    Ok(out)
}

fn skip_text(reader: &mut Reader<'_>) -> Result<(), Broken> {
    let length = usize::try_from(reader.varint()?).map_err(|_| Broken)?;
    reader.take(length).map(|_| ())
}
