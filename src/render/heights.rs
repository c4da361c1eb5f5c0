//! Tiles of heights.

use std::io::Cursor;

use super::BadImage;
use crate::style::Encoding;

/// The heights of a square of ground in metres, row by row from the north.
#[derive(Clone, Debug, PartialEq)]
pub struct Heights {
    side: u32,
    meters: Vec<f32>,
}

/// The longest side of a tile of heights.
const LONGEST_SIDE: u32 = 4096;

impl Heights {
    /// Heights row by row; `None` when there are not as many as the side says.
    pub fn new(side: u32, meters: Vec<f32>) -> Option<Self> {
        let is_square = side > 0 && side <= LONGEST_SIDE && meters.len() == side as usize * side as usize;
        is_square.then_some(Self { side, meters })
    }

    /// Reads a PNG or WebP whose colours are heights. How opaque a pixel is says nothing about its height.
    ///
    /// # Errors
    /// When it is no picture, not square or too large.
    pub fn decode(bytes: &[u8], encoding: &Encoding) -> Result<Self, BadImage> {
        let reader =
            || image::ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(image::ImageError::from);
        let (width, height) = reader()?.into_dimensions()?;
        if width > LONGEST_SIDE {
            return Err(BadImage::TooLarge(width, height));
        }
        if width != height || width == 0 {
            return Err(BadImage::NotSquare(width, height));
        }
        let picture = reader()?.decode()?.into_rgba8();
        let [red, green, blue] = encoding.factors;
        let meters = picture.pixels().map(|pixel| {
            let [r, g, b, _] = pixel.0.map(f64::from);
            (r * red + g * green + b * blue - encoding.shift) as f32
        });
        Ok(Self { side: width, meters: meters.collect() })
    }

    /// Pixels in a row, and rows.
    pub fn side(&self) -> u32 {
        self.side
    }

    /// The height at a pixel; beyond the edges that of the nearest edge.
    pub fn at(&self, x: i64, y: i64) -> f32 {
        let last = i64::from(self.side) - 1;
        self.meters[(y.clamp(0, last) * i64::from(self.side) + x.clamp(0, last)) as usize]
    }
}
