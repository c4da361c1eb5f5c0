//! How the body of a tile is packed on its way (RFC 9110, 8.4.1).

use std::io;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use libdeflater::CompressionLvl;
use libdeflater::Compressor;

/// How a body is packed: a content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Not at all.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
}

impl Encoding {
    /// All of them, those first that take less time and room for tiles: zstd packs them in two thirds of gzip's time to the
    /// same size, brotli smaller and slower.
    pub const ALL: [Self; 4] = [Self::Zstd, Self::Brotli, Self::Gzip, Self::Identity];

    /// Its name in `Content-Encoding` and `Accept-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// Packs a body, quickly rather than tightly: tiles are made while somebody waits. The same bytes give the same result.
    pub fn pack(self, body: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Identity => body,
            Self::Gzip => gzip(&body, QUICK),
            Self::Brotli => brotli(&body),
            Self::Zstd => {
                zstd::bulk::compress(&body, 3).expect("there is memory for one more body, and no limit on its size")
            }
        }
    }

    /// A reader of what a reader of packed bytes gives.
    ///
    /// # Errors
    /// When there is no memory for the window that the packed bytes ask for.
    pub fn unpacking<'a>(self, packed: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
        Ok(match self {
            Self::Identity => Box::new(packed),
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Self::Brotli => Box::new(::brotli::Decompressor::new(packed, 4096)),
            Self::Zstd => Box::new(zstd::stream::read::Decoder::new(packed)?),
        })
    }
}

/// Packs a body as RFC 1952 has it, at a level from 0 (not at all) to 12.
///
/// # Panics
/// At other levels.
pub fn gzip(body: &[u8], level: i32) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::new(level).expect("the levels go from 0 to 12"));
    let mut packed = vec![0; compressor.gzip_compress_bound(body.len())];
    let length = compressor.gzip_compress(body, &mut packed).expect("the bound is large enough for any body");
    packed.truncate(length);
    packed
}

/// The first level of gzip that packs at all: already it takes as long as cutting and encoding.
const QUICK: i32 = 1;

fn brotli(body: &[u8]) -> Vec<u8> {
    let params =
        ::brotli::enc::BrotliEncoderParams { quality: 4, lgwin: 20, size_hint: body.len(), ..Default::default() };
    let mut packed = Vec::new();
    let written = ::brotli::BrotliCompress(&mut &*body, &mut packed, &params);
    written.expect("reading from and writing to memory cannot fail");
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_smaller_and_unpacks() {
        let body: Vec<u8> = (0..20_000_u32).flat_map(|n| (n / 3).to_le_bytes()).collect();
        for encoding in Encoding::ALL {
            let packed = encoding.pack(body.clone());
            assert_eq!(packed, encoding.pack(body.clone()), "{encoding:?} is not the same twice");
            assert_eq!(packed.len() < body.len(), encoding != Encoding::Identity, "{encoding:?}");
            let mut unpacked = Vec::new();
            encoding.unpacking(&packed[..]).unwrap().read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked, body, "{encoding:?}");
        }
    }
}
