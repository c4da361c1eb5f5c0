//! The picture under construction.

use super::clip::Clip;

/// Rows of premultiplied RGBA.
#[derive(Clone, Debug)]
pub struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<[u8; 4]>,
}

impl Canvas {
    /// An empty one.
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, pixels: vec![[0; 4]; width as usize * height as usize] }
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
        for (pixel, above) in self.pixels.iter_mut().zip(&other.pixels) {
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

#[inline]
fn byte(channel: f32) -> u8 {
    (channel * 255.0 + 0.5) as u8
}
