//! Pictures that come from outside: sprites, tiles of pixels, images.

use std::io::Cursor;

/// Rows of premultiplied RGBA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    width: u32,
    height: u32,
    pixels: Vec<[u8; 4]>,
}

/// No picture that is read may have more pixels.
const MOST_PIXELS: u64 = 64 << 20;

/// Why a picture could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BadImage {
    /// It is damaged, or of an unknown format.
    #[error("it is no PNG, JPEG or WebP that can be read: {0}")]
    Unreadable(#[from] image::ImageError),
    /// It is too large.
    #[error("a picture of {0} by {1} pixels is too large")]
    TooLarge(u32, u32),
    /// Heights come in squares.
    #[error("a tile of heights has sides of the same length, and not {0} by {1} pixels")]
    NotSquare(u32, u32),
}

impl Bitmap {
    /// A picture from its pixels, row by row; `None` when there are not as many as the sides say.
    pub fn new(width: u32, height: u32, pixels: Vec<[u8; 4]>) -> Option<Self> {
        (pixels.len() as u64 == u64::from(width) * u64::from(height) && width > 0 && height > 0).then_some(Self {
            width,
            height,
            pixels,
        })
    }

    /// Reads PNG, JPEG or WebP.
    ///
    /// # Errors
    /// When it is none of these, damaged or too large.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadImage> {
        let reader =
            || image::ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(image::ImageError::from);
        let (width, height) = reader()?.into_dimensions()?;
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(BadImage::TooLarge(width, height));
        }
        let straight = reader()?.decode()?.into_rgba8();
        let pixels = straight.pixels().map(|pixel| premultiply(pixel.0)).collect();
        Ok(Self { width, height, pixels })
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// A pixel, premultiplied; beyond the edges that of the nearest edge.
    pub fn at(&self, x: i64, y: i64) -> [u8; 4] {
        let x = x.clamp(0, i64::from(self.width) - 1) as usize;
        let y = y.clamp(0, i64::from(self.height) - 1) as usize;
        self.pixels[y * self.width as usize + x]
    }

    /// A part of it; `None` when it reaches beyond the edges or is empty.
    pub fn crop(&self, x: u32, y: u32, width: u32, height: u32) -> Option<Self> {
        if x.checked_add(width)? > self.width || y.checked_add(height)? > self.height {
            return None;
        }
        let row = |y: u32| {
            let start = (y * self.width + x) as usize;
            self.pixels[start..start + width as usize].iter().copied()
        };
        Self::new(width, height, (y..y + height).flat_map(row).collect())
    }

    /// The colour at a place in pixels, blended from the four around it; beyond the edges that of the nearest edge.
    pub fn sample(&self, x: f32, y: f32) -> [f32; 4] {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (right_share, lower_share) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let corners = [self.at(left, top), self.at(left + 1, top), self.at(left, top + 1), self.at(left + 1, top + 1)];
        std::array::from_fn(|channel| {
            let [a, b, c, d] = corners.map(|corner| f32::from(corner[channel]));
            let (upper, lower) = (a + (b - a) * right_share, c + (d - c) * right_share);
            (upper + (lower - upper) * lower_share) / 255.0
        })
    }

    /// Half as wide and half as high, each pixel the mean of four.
    #[must_use]
    pub fn halved(&self) -> Self {
        let (width, height) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mean = |x: u32, y: u32| {
            let (x, y) = (i64::from(x) * 2, i64::from(y) * 2);
            let four = [self.at(x, y), self.at(x + 1, y), self.at(x, y + 1), self.at(x + 1, y + 1)];
            std::array::from_fn(|channel| {
                let sum: u16 = four.iter().map(|pixel| u16::from(pixel[channel])).sum();
                ((sum + 2) / 4) as u8
            })
        };
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| mean(x, y)).collect();
        Self { width, height, pixels }
    }
}

fn premultiply([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    let times = |channel: u8| ((u32::from(channel) * u32::from(a) + 127) / 255) as u8;
    [times(r), times(g), times(b), a]
}
