//! PNG (ISO/IEC 15948), written for maps: few colours, large even areas.

use std::cell::RefCell;

use libdeflater::CompressionLvl;
use libdeflater::Compressor;

/// How hard libdeflate tries on numbers of colours, of which there are few.
const SMALL: i32 = 4;

/// And on colours themselves: on maps the level above takes half as long again and saves a twentieth.
const QUICK: i32 = 1;

thread_local! {
    /// What libdeflate works with, which takes longer to set up than a small tile to write: by how hard it tries.
    static COMPRESSORS: RefCell<[Option<Compressor>; 2]> = const { RefCell::new([None, None]) };
}

/// Writes straight RGBA: with a palette where 256 colours are enough, else with all channels that are needed. No filter is
/// applied, because on maps none is better.
pub fn encode(width: u32, height: u32, pixels: &[[u8; 4]]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let opaque = pixels.iter().all(|pixel| pixel[3] == 255);
    if let Some((palette, indices)) = palette(pixels) {
        let depth = match palette.len() {
            0..=2 => 1,
            3..=4 => 2,
            5..=16 => 4,
            _ => 8,
        };
        header(&mut png, width, height, depth, 3);
        chunk(&mut png, *b"PLTE", &palette.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect::<Vec<_>>());
        if !opaque {
            chunk(&mut png, *b"tRNS", &palette.iter().map(|color| color[3]).collect::<Vec<_>>());
        }
        data(&mut png, width, SMALL, &indices, |row, out| pack(row, depth, out));
    } else {
        true_color(&mut png, width, height, pixels);
    }
    chunk(&mut png, *b"IEND", &[]);
    png.shrink_to_fit();
    png
}

/// Writes straight RGBA without a palette, with all channels that are needed.
pub fn encode_true(width: u32, height: u32, pixels: &[[u8; 4]]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    true_color(&mut png, width, height, pixels);
    chunk(&mut png, *b"IEND", &[]);
    png.shrink_to_fit();
    png
}

fn true_color(png: &mut Vec<u8>, width: u32, height: u32, pixels: &[[u8; 4]]) {
    if pixels.iter().all(|pixel| pixel[3] == 255) {
        header(png, width, height, 8, 2);
        data(png, width, QUICK, pixels, |row, out| {
            let start = out.len();
            out.resize(start + row.len() * 3, 0);
            let (places, _) = out[start..].as_chunks_mut::<3>();
            places.iter_mut().zip(row).for_each(|(place, &[r, g, b, _])| *place = [r, g, b]);
        });
    } else {
        header(png, width, height, 8, 6);
        data(png, width, QUICK, pixels, |row, out| out.extend_from_slice(row.as_flattened()));
    }
}

/// The colours in the order in which they appear, and for each pixel its colour's number; `None` when there are too many.
fn palette(pixels: &[[u8; 4]]) -> Option<(Vec<[u8; 4]>, Vec<u8>)> {
    // Colours stand where a hash says, or in the next free place: of four times as many places as there may be colours.
    let mut places = [None::<u8>; 1024];
    let mut palette: Vec<[u8; 4]> = Vec::new();
    let mut indices = Vec::with_capacity(pixels.len());
    for run in pixels.chunk_by(|a, b| a == b) {
        let color = run[0];
        let mut place = (u32::from_le_bytes(color).wrapping_mul(0x9e37_79b1) >> 22) as usize;
        let number = loop {
            match places[place] {
                Some(number) if palette[usize::from(number)] == color => break number,
                Some(_) => place = (place + 1) % places.len(),
                None => {
                    let number = u8::try_from(palette.len()).ok()?;
                    places[place] = Some(number);
                    palette.push(color);
                    break number;
                }
            }
        };
        indices.resize(indices.len() + run.len(), number);
    }
    Some((palette, indices))
}

/// Puts several numbers of a row into a byte, the first one into its highest bits.
fn pack(row: &[u8], depth: u8, out: &mut Vec<u8>) {
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

fn data<T>(png: &mut Vec<u8>, width: u32, level: i32, pixels: &[T], write_row: impl Fn(&[T], &mut Vec<u8>)) {
    let mut raw = Vec::with_capacity(pixels.len() * 4 + pixels.len() / width.max(1) as usize);
    for row in pixels.chunks(width.max(1) as usize) {
        raw.push(0);
        write_row(row, &mut raw);
    }
    // The length goes before what is compressed, and is known after.
    let start = png.len();
    let length = COMPRESSORS.with_borrow_mut(|compressors| {
        let compressor = compressors[usize::from(level == QUICK)]
            .get_or_insert_with(|| Compressor::new(CompressionLvl::new(level).unwrap_or_default()));
        png.resize(start + 8 + compressor.zlib_compress_bound(raw.len()), 0);
        compressor.zlib_compress(&raw, &mut png[start + 8..]).expect("the buffer is always large enough")
    });
    png.truncate(start + 8 + length);
    png[start..start + 4].copy_from_slice(&(length as u32).to_be_bytes());
    png[start + 4..start + 8].copy_from_slice(b"IDAT");
    let sum = crc32fast::hash(&png[start + 4..]);
    png.extend_from_slice(&sum.to_be_bytes());
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
