//! The picture under construction.

use super::clip::Clip;
use super::pixels::Pixels;

/// Rows of premultiplied RGBA.
#[derive(Clone, Debug)]
pub struct Canvas {
    width: u32,
    height: u32,
    pixels: Pixels,
    /// Pixels of lines and dots that were painted so far, each as often as it was.
    painted: u64,
}

/// How often lines and dots are laid over the whole canvas, at most. Those of maps are laid over a small part of it some dozen times;
/// many of a width beyond all measure would never be done.
const MOST_COATS: u64 = 1_000;

/// A small canvas bears as much as one of so many pixels.
const SMALL: u64 = 256 * 256;

impl Canvas {
    /// An empty one.
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, pixels: Pixels::clear(width as usize * height as usize), painted: 0 }
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// All pixels, row by row.
    pub fn pixels(&self) -> &[[u8; 4]] {
        &self.pixels
    }

    /// One row.
    pub fn row_mut(&mut self, y: u32) -> &mut [[u8; 4]] {
        let start = y as usize * self.width as usize;
        &mut self.pixels[start..start + self.width as usize]
    }

    /// Whether so many lines and dots were laid over it that the next ones are left out.
    pub fn is_worn(&self) -> bool {
        self.painted > MOST_COATS * SMALL.max(self.pixels.len() as u64)
    }

    /// Counts pixels of lines and dots.
    pub fn wear(&mut self, pixels: u64) {
        self.painted += pixels;
    }

    /// An empty one of the same size, to be laid over this one, which is worn as much.
    #[must_use]
    pub fn sheet(&self) -> Self {
        Self { painted: self.painted, ..Self::new(self.width, self.height) }
    }

    /// Lays a premultiplied colour (channels within 0 and 1) over a pixel.
    pub fn blend(&mut self, x: u32, y: u32, color: [f32; 4]) {
        over(&mut self.pixels[y as usize * self.width as usize + x as usize], color);
    }

    /// Lays one premultiplied colour over a run of pixels of a row.
    pub fn blend_run(&mut self, y: u32, from: u32, to: u32, color: [f32; 4]) {
        let row = &mut self.row_mut(y)[from as usize..to as usize];
        let bytes = color.map(byte);
        if bytes[3] == 255 {
            row.fill(bytes);
        } else if bytes != [0; 4] {
            for pixel in row {
                over(pixel, color);
            }
        }
    }

    /// Lays one premultiplied colour over pixels of a row, from one on, through the shares of it that each of them takes
    /// (within 0 and 1).
    pub fn blend_shares(&mut self, y: u32, from: u32, color: [f32; 4], shares: &[f32]) {
        let (fours, rest) = shares.as_chunks::<4>();
        for (x, four) in (from..).step_by(4).zip(fours) {
            self.blend_four(y, x, color, *four);
        }
        if !rest.is_empty() {
            let shares = std::array::from_fn(|lane| rest.get(lane).copied().unwrap_or(0.0));
            self.blend_four(y, from + 4 * fours.len() as u32, color, shares);
        }
    }

    /// The same for four pixels from one on. A share of nothing changes nothing: shares of pixels that are not meant are 0, and
    /// such pixels may lie beyond the row.
    #[inline]
    pub fn blend_four(&mut self, y: u32, x: u32, color: [f32; 4], shares: [f32; 4]) {
        // Beside a line, and in the midst of a wide one.
        if are_all(shares, 0.0) {
            return;
        }
        let row = &mut self.row_mut(y)[x as usize..];
        if let Some(pixels) = row.first_chunk_mut::<4>() {
            if color[3] >= 1.0 && are_all(shares, 1.0) {
                *pixels = [color.map(byte); 4];
            } else {
                over_four(pixels, color, shares);
            }
        } else {
            for (pixel, share) in row.iter_mut().zip(shares) {
                over(pixel, color.map(|channel| channel * share));
            }
        }
    }

    /// Lays premultiplied pixels over a rectangle, whose top left corner may lie beyond the edges.
    pub fn blend_pixels(&mut self, [left, top]: [i64; 2], width: u32, pixels: &[[u8; 4]]) {
        let (columns, rows) = (0..i64::from(self.width), 0..i64::from(self.height));
        for (y, row) in (top..).zip(pixels.chunks(width.max(1) as usize)) {
            for (x, pixel) in (left..).zip(row) {
                if columns.contains(&x) && rows.contains(&y) && *pixel != [0; 4] {
                    self.blend(x as u32, y as u32, pixel.map(|channel| f32::from(channel) / 255.0));
                }
            }
        }
    }

    /// Lays another canvas of the same size over this one, more transparent by a factor.
    pub fn blend_canvas(&mut self, other: &Self, opacity: f32) {
        self.painted = self.painted.max(other.painted);
        for (pixel, above) in self.pixels.iter_mut().zip(other.pixels.iter()) {
            if *above != [0; 4] {
                over(pixel, above.map(|channel| f32::from(channel) / 255.0 * opacity));
            }
        }
    }

    /// All of it, as what may be drawn on.
    pub fn clip(&self) -> Clip {
        Clip::all(self.width, self.height)
    }
}

/// Source over destination, rounded once as a frame buffer of bytes does.
#[inline]
fn over(pixel: &mut [u8; 4], color: [f32; 4]) {
    let keep = 1.0 - color[3];
    for (channel, source) in pixel.iter_mut().zip(color) {
        *channel = (source * 255.0 + f32::from(*channel) * keep + 0.5) as u8;
    }
}

/// Whether all four are a number to the bit.
#[inline]
fn are_all(shares: [f32; 4], number: f32) -> bool {
    shares.into_iter().fold(0, |differing, share| differing | (share.to_bits() ^ number.to_bits())) == 0
}

/// Source over destination for four pixels at once, which take shares of one colour. It is written so that the compiler finds four lanes of
/// the same arithmetic, which is several times quicker.
#[inline]
fn over_four(pixels: &mut [[u8; 4]; 4], color: [f32; 4], shares: [f32; 4]) {
    let keep = shares.map(|share| 1.0 - color[3] * share);
    let packed = pixels.map(u32::from_le_bytes);
    let mut mixed = [0_u32; 4];
    for (channel, source) in color.into_iter().enumerate() {
        for lane in 0..4 {
            let below = (packed[lane] >> (8 * channel)) & 0xff;
            let value = source * shares[lane] * 255.0 + below as i32 as f32 * keep[lane] + 0.5;
            // Rounded down: numbers from this one on have no fraction, so that a sum with it is rounded, up or down.
            let rounded = value + WHOLE;
            let excess = if rounded - WHOLE > value { u32::MAX } else { 0 };
            mixed[lane] |= (rounded.to_bits().wrapping_add(excess) & 0xff) << (8 * channel);
        }
    }
    *pixels = mixed.map(u32::to_le_bytes);
}

/// From here on, numbers of 32 bits are whole, and their lowest bits are those of the number.
const WHOLE: f32 = 8_388_608.0;

#[inline]
fn byte(channel: f32) -> u8 {
    (channel * 255.0 + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn four_pixels_at_once_are_as_one_by_one(
            below in prop::collection::vec(any::<[u8; 4]>(), 1..9),
            color in prop::array::uniform3(0.0_f32..=1.0),
            alpha in prop_oneof![Just(1.0_f32), 0.0_f32..=1.0],
            shares in prop::collection::vec(prop_oneof![Just(0.0_f32), Just(1.0), 0.0_f32..=1.0], 9),
        ) {
            let color = [color[0] * alpha, color[1] * alpha, color[2] * alpha, alpha];
            let mut canvas = Canvas::new(below.len() as u32, 1);
            canvas.row_mut(0).copy_from_slice(&below);
            let mut expected = canvas.clone();
            canvas.blend_shares(0, 0, color, &shares[..below.len()]);
            for (x, share) in (0..below.len()).zip(shares) {
                expected.blend(x as u32, 0, color.map(|channel| channel * share));
            }
            prop_assert_eq!(canvas.pixels(), expected.pixels());
        }
    }
}
