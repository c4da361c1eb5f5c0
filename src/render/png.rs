//! PNG (ISO/IEC 15948), written for maps: few colours, large even areas.

use std::cell::RefCell;

use libdeflater::CompressionLvl;
use libdeflater::Compressor;
use libdeflater::adler32;

use super::deflate::Deflater;
use super::pixels::is_opaque;

/// How hard libdeflate tries on numbers of colours, of which there are few.
const SMALL: i32 = 4;

/// And on colours that let something through: on maps the level above takes half as long again and saves a twentieth.
const QUICK: i32 = 1;

/// What writing takes beside the picture itself, used again for the thread's next one.
struct Scratch {
    /// By how hard they try. They take longer to set up than a small tile to write.
    compressors: [Option<Compressor>; 2],
    /// For opaque colours.
    deflater: Option<Deflater>,
    /// What is compressed.
    raw: Vec<u8>,
    compressed: Vec<u8>,
    /// A number for each pixel.
    indices: Vec<u8>,
}

/// Bytes that a thread keeps of each kind; those of larger pictures go back.
const MOST_KEPT: usize = 4 << 20;

thread_local! {
    static SCRATCH: RefCell<Scratch> = const {
        RefCell::new(Scratch {
            compressors: [None, None],
            deflater: None,
            raw: Vec::new(),
            compressed: Vec::new(),
            indices: Vec::new(),
        })
    };
}

impl Scratch {
    /// Keeps no more than is worth it.
    fn trim(&mut self) {
        for bytes in [&mut self.raw, &mut self.compressed, &mut self.indices] {
            if bytes.capacity() > MOST_KEPT {
                *bytes = Vec::new();
            }
        }
    }
}

/// Writes straight RGBA: with a palette where 256 colours are enough, else with all channels that are needed. No filter is
/// applied, because on maps none is better.
pub fn encode(width: u32, height: u32, pixels: &[[u8; 4]]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    SCRATCH.with_borrow_mut(|scratch| {
        let mut indices = std::mem::take(&mut scratch.indices);
        if let Some(palette) = palette(pixels, &mut indices) {
            let depth = match palette.len() {
                0..=2 => 1,
                3..=4 => 2,
                5..=16 => 4,
                _ => 8,
            };
            header(&mut png, width, height, depth, 3);
            chunk(&mut png, *b"PLTE", &palette.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect::<Vec<_>>());
            if !is_opaque(&palette) {
                chunk(&mut png, *b"tRNS", &palette.iter().map(|color| color[3]).collect::<Vec<_>>());
            }
            data(&mut png, width, SMALL, &indices, scratch, |row, out| pack(row, depth, out));
        } else {
            true_color(&mut png, width, height, pixels, scratch);
        }
        scratch.indices = indices;
        scratch.trim();
    });
    chunk(&mut png, *b"IEND", &[]);
    png
}

/// Writes straight RGBA without a palette, with all channels that are needed.
pub fn encode_true(width: u32, height: u32, pixels: &[[u8; 4]]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    SCRATCH.with_borrow_mut(|scratch| {
        true_color(&mut png, width, height, pixels, scratch);
        scratch.trim();
    });
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn true_color(png: &mut Vec<u8>, width: u32, height: u32, pixels: &[[u8; 4]], scratch: &mut Scratch) {
    if is_opaque(pixels) {
        header(png, width, height, 8, 2);
        opaque(png, width as usize, pixels, scratch);
    } else {
        header(png, width, height, 8, 6);
        data(png, width, QUICK, pixels, scratch, |row, out| out.extend_from_slice(row.as_flattened()));
    }
}

/// The rows of what lets nothing through, as a stream of zlib (RFC 1950).
fn opaque(png: &mut Vec<u8>, width: usize, pixels: &[[u8; 4]], scratch: &mut Scratch) {
    let Scratch { deflater, raw, compressed, .. } = scratch;
    compressed.clear();
    compressed.extend_from_slice(&[0x78, 0x01]);
    deflater.get_or_insert_default().deflate(width, pixels, compressed);
    raw.clear();
    for row in pixels.chunks(width.max(1)) {
        let start = raw.len() + 1;
        raw.resize(raw.len() + 1 + row.len() * 3, 0);
        let (places, _) = raw[start..].as_chunks_mut::<3>();
        places.iter_mut().zip(row).for_each(|(place, &[r, g, b, _])| *place = [r, g, b]);
    }
    compressed.extend_from_slice(&adler32(raw).to_be_bytes());
    chunk(png, *b"IDAT", compressed);
}

/// The colours in the order in which they appear, with each pixel's number among them in `indices`; `None` when there are too
/// many.
fn palette(pixels: &[[u8; 4]], indices: &mut Vec<u8>) -> Option<Vec<[u8; 4]>> {
    // Colours stand where a hash says, or in the next free place: of four times as many places as there may be colours.
    let mut places = [None::<u8>; 1024];
    let mut palette: Vec<[u8; 4]> = Vec::new();
    let mut number_of = |color: [u8; 4]| {
        let mut place = (u32::from_le_bytes(color).wrapping_mul(0x9e37_79b1) >> 22) as usize;
        loop {
            match places[place] {
                Some(number) if palette[usize::from(number)] == color => return Some(number),
                Some(_) => place = (place + 1) % places.len(),
                None => {
                    let number = u8::try_from(palette.len()).ok()?;
                    places[place] = Some(number);
                    palette.push(color);
                    return Some(number);
                }
            }
        }
    };
    indices.clear();
    let (runs, rest) = pixels.as_chunks::<8>();
    let mut last = None;
    for run in runs.iter().map(|run| &run[..]).chain([rest]) {
        // Most of a map is even.
        if let Some((color, number)) = last
            && run == [color; 8]
        {
            indices.extend_from_slice(&[number; 8]);
            continue;
        }
        for &color in run {
            let number = match last {
                Some((known, number)) if known == color => number,
                _ => number_of(color)?,
            };
            last = Some((color, number));
            indices.push(number);
        }
    }
    Some(palette)
}

/// Puts several numbers of a row into a byte, the first one into its highest bits.
fn pack(row: &[u8], depth: u8, out: &mut Vec<u8>) {
    if depth == 8 {
        out.extend_from_slice(row);
        return;
    }
    let each = usize::from(8 / depth);
    for group in row.chunks(each) {
        let packed = group
            .iter()
            .enumerate()
            .fold(0, |byte, (index, number)| byte | number << (8 - depth as usize * (index + 1)));
        out.push(packed);
    }
}

fn header(png: &mut Vec<u8>, width: u32, height: u32, depth: u8, kind: u8) {
    let mut fields = Vec::with_capacity(13);
    fields.extend_from_slice(&width.to_be_bytes());
    fields.extend_from_slice(&height.to_be_bytes());
    fields.extend_from_slice(&[depth, kind, 0, 0, 0]);
    chunk(png, *b"IHDR", &fields);
}

fn data<T>(
    png: &mut Vec<u8>,
    width: u32,
    level: i32,
    pixels: &[T],
    Scratch { compressors, raw, compressed, .. }: &mut Scratch,
    write_row: impl Fn(&[T], &mut Vec<u8>),
) {
    raw.clear();
    for row in pixels.chunks(width.max(1) as usize) {
        raw.push(0);
        write_row(row, raw);
    }
    let compressor = compressors[usize::from(level == QUICK)]
        .get_or_insert_with(|| Compressor::new(CompressionLvl::new(level).unwrap_or_default()));
    let bound = compressor.zlib_compress_bound(raw.len());
    if compressed.len() < bound {
        compressed.resize(bound, 0);
    }
    let length = compressor.zlib_compress(raw, compressed).expect("the buffer is always large enough");
    png.reserve_exact(length + 24);
    chunk(png, *b"IDAT", &compressed[..length]);
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], body: &[u8]) {
    png.extend_from_slice(&(body.len() as u32).to_be_bytes());
    let start = png.len();
    png.extend_from_slice(&kind);
    png.extend_from_slice(body);
    let sum = crc32fast::hash(&png[start..]);
    png.extend_from_slice(&sum.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(width: u32, height: u32, pixels: &[[u8; 4]]) -> Vec<[u8; 4]> {
        let image = image::load_from_memory(&encode(width, height, pixels)).unwrap().into_rgba8();
        assert_eq!((image.width(), image.height()), (width, height));
        image.pixels().map(|pixel| pixel.0).collect()
    }

    #[test]
    fn what_is_written_is_read_back_at_every_depth() {
        for colors in [1_u32, 2, 3, 4, 5, 16, 17, 256, 257, 5000] {
            for alpha in [255, 100] {
                let color = |n: u32| [n as u8, (n >> 8) as u8, 7, if n.is_multiple_of(3) { alpha } else { 255 }];
                let pixels: Vec<_> = (0..77 * 67).map(|n| color(n % colors)).collect();
                assert_eq!(decoded(77, 67, &pixels), pixels, "{colors} colours");
            }
        }
    }
}
