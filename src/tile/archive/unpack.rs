//! Packed bytes.

use std::io::Read as _;

use super::Error;
use crate::tile::Encoding;

/// How something is packed, by its number in the header (`PMTiles` 3, 3.3); unknown is taken as plain, which its reader will
/// find out.
pub(super) fn packing(number: u8) -> Result<Encoding, Error> {
    match number {
        0 | 1 => Ok(Encoding::Identity),
        2 => Ok(Encoding::Gzip),
        3 => Ok(Encoding::Brotli),
        4 => Ok(Encoding::Zstd),
        _ => Err(Error::Format("its compression is not known")),
    }
}

/// The bytes as they were before they were packed, of which there may be `most`.
pub(super) fn unpack(packing: Encoding, bytes: &[u8], most: u64) -> Result<Vec<u8>, Error> {
    let mut unpacked = Vec::new();
    let read = packing.unpacking(bytes).and_then(|reader| reader.take(most + 1).read_to_end(&mut unpacked));
    read.map_err(|_| Error::Damaged("something in it cannot be unpacked"))?;
    if unpacked.len() as u64 > most { Err(Error::TooLarge(most)) } else { Ok(unpacked) }
}
