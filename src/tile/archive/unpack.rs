//! Packed bytes.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::Error;

/// How something is packed (`PMTiles` 3, 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Brotli,
    Zstd,
}

impl Packing {
    /// The packing of a number in the header; unknown is taken as plain, which its reader will find out.
    pub(super) fn of(number: u8) -> Result<Self, Error> {
        match number {
            0 | 1 => Ok(Self::Plain),
            2 => Ok(Self::Gzip),
            3 => Ok(Self::Brotli),
            4 => Ok(Self::Zstd),
            _ => Err(Error::Format("its compression is not known")),
        }
    }

    /// The bytes as they were before they were packed, of which there may be `most`.
    pub(super) fn unpack(self, bytes: &[u8], most: u64) -> Result<Vec<u8>, Error> {
        let damaged = |_| Error::Damaged("something in it cannot be unpacked");
        match self {
            Self::Plain if bytes.len() as u64 > most => Err(Error::TooLarge(most)),
            Self::Plain => Ok(bytes.to_vec()),
            Self::Gzip => read(MultiGzDecoder::new(bytes), most),
            Self::Brotli => read(brotli_decompressor::Decompressor::new(bytes, 4096), most),
            Self::Zstd => {
                let frame = ruzstd::decoding::StreamingDecoder::new(bytes);
                read(frame.map_err(|_| std::io::Error::from(std::io::ErrorKind::InvalidData)).map_err(damaged)?, most)
            }
        }
    }
}

fn read(reader: impl Read, most: u64) -> Result<Vec<u8>, Error> {
    let mut unpacked = Vec::new();
    let read = reader.take(most + 1).read_to_end(&mut unpacked);
    read.map_err(|_| Error::Damaged("something in it cannot be unpacked"))?;
    if unpacked.len() as u64 > most { Err(Error::TooLarge(most)) } else { Ok(unpacked) }
}
