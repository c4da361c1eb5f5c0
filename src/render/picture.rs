//! A finished picture and its encodings.

use std::borrow::Cow;
use std::io::Cursor;

use image::ExtendedColorType;
use image::ImageEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;

use super::Canvas;
use super::palette;
use super::pixels::is_opaque;
use super::png;
use super::webp;

/// A finished picture, premultiplied RGBA.
#[derive(Clone, Debug)]
pub struct Picture {
    canvas: Canvas,
}

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Without loss, with a palette where 256 colours are enough.
    Png,
    /// Without loss, and never with a palette.
    TruePng,
    /// With a palette of 256 colours, to which others are rounded.
    PalettePng,
    /// Without loss.
    Webp,
    /// With loss where that is smaller, at a quality within 1 and 100; what is transparent or flat loses nothing.
    LossyWebp(u8),
    /// With loss, on white, since it knows no transparency; the quality is within 1 and 100.
    Jpeg(u8),
}

/// A picture that a format cannot hold.
#[derive(Debug, thiserror::Error)]
#[error("the picture could not be encoded: {0}")]
pub struct Unencodable(#[from] image::ImageError);

impl Picture {
    /// Takes what was drawn.
    pub fn new(canvas: Canvas) -> Self {
        Self { canvas }
    }

    /// What was drawn, to draw on.
    pub fn canvas_mut(&mut self) -> &mut Canvas {
        &mut self.canvas
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.canvas.width()
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.canvas.height()
    }

    /// A square part of it, from a pixel on; it must lie within.
    #[must_use]
    pub fn part(&self, [left, top]: [u32; 2], side: u32) -> Self {
        let mut canvas = Canvas::new(side, side);
        for y in 0..side {
            let start = (top + y) as usize * self.width() as usize + left as usize;
            canvas.row_mut(y).copy_from_slice(&self.pixels()[start..start + side as usize]);
        }
        Self { canvas }
    }

    /// Its premultiplied pixels, row by row.
    pub fn pixels(&self) -> &[[u8; 4]] {
        self.canvas.pixels()
    }

    /// Its pixels with straight alpha, row by row.
    pub fn straight(&self) -> Cow<'_, [[u8; 4]]> {
        let pixels = self.canvas.pixels();
        if is_opaque(pixels) {
            return Cow::Borrowed(pixels);
        }
        Cow::Owned(pixels.iter().map(|&pixel| straighten(pixel)).collect())
    }

    /// Writes it; equal pictures give equal bytes.
    ///
    /// # Errors
    /// When the format cannot hold it: WebP has at most 16383 pixels a side, JPEG 65535.
    pub fn encode(&self, format: Format) -> Result<Vec<u8>, Unencodable> {
        let (width, height) = (self.width(), self.height());
        let mut bytes = Vec::new();
        match format {
            Format::Png => return Ok(png::encode(width, height, &self.straight())),
            Format::TruePng => return Ok(png::encode_true(width, height, &self.straight())),
            Format::PalettePng => {
                return Ok(png::encode(width, height, &palette::reduce(self.straight().into_owned())));
            }
            Format::Webp => WebPEncoder::new_lossless(Cursor::new(&mut bytes)).write_image(
                self.straight().as_flattened(),
                width,
                height,
                ExtendedColorType::Rgba8,
            )?,
            Format::LossyWebp(quality) => return Ok(webp::encode(width, height, &self.straight(), quality)?),
            Format::Jpeg(quality) => {
                let on_white = |&[r, g, b, a]: &[u8; 4]| [r, g, b].map(|channel| channel.saturating_add(255 - a));
                let pixels: Vec<[u8; 3]> = self.canvas.pixels().iter().map(on_white).collect();
                JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100)).write_image(
                    pixels.as_flattened(),
                    width,
                    height,
                    ExtendedColorType::Rgb8,
                )?;
            }
        }
        Ok(bytes)
    }
}

fn straighten([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    match a {
        255 => [r, g, b, a],
        0 => [0; 4],
        _ => {
            let divide = |channel: u8| ((u32::from(channel) * 255 + u32::from(a) / 2) / u32::from(a)).min(255) as u8;
            [divide(r), divide(g), divide(b), a]
        }
    }
}
