//! Sprites: sheets of images with an index of names (style specification, "Sprite").

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use serde::Deserialize;
use serde::Serialize;

/// An image of a sprite.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Rows of premultiplied RGBA.
    pub pixels: Box<[u8]>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Pixels of the image for one of the map.
    pub pixel_ratio: f32,
    /// Whether its alpha is a signed distance field, to be drawn in any colour.
    pub is_sdf: bool,
    /// Columns that may be stretched, as ranges of pixels in order; empty when all may.
    pub stretch_x: Vec<[f32; 2]>,
    /// Rows that may be stretched.
    pub stretch_y: Vec<[f32; 2]>,
    /// Where text goes within it: left, top, right, bottom in pixels.
    pub content: Option<[f32; 4]>,
    /// How its width follows a text, where the sheet says so.
    pub fit_width: Option<ImageFit>,
    /// How its height does.
    pub fit_height: Option<ImageFit>,
}

/// How a side of an image follows the text in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ImageFit {
    /// It grows and shrinks.
    StretchOrShrink,
    /// It only grows.
    StretchOnly,
    /// It keeps its proportion to the other side.
    Proportional,
}

/// The images of all sprites of a style, by name.
#[derive(Clone, Debug, Default)]
pub struct SpriteImages {
    images: BTreeMap<String, Arc<Image>>,
}

/// Why a sheet is of no use.
#[derive(Debug, thiserror::Error)]
pub enum SpriteError {
    /// The index is not JSON of the right form.
    #[error("the sprite's index is not valid: {0}")]
    Index(#[from] serde_json::Error),
    /// The sheet cannot be decoded.
    #[error("the sprite's sheet is not a picture: {0}")]
    Sheet(#[from] image::ImageError),
    /// An image lies outside of the sheet, or its figures are not sensible.
    #[error("image '{0}' of the sprite does not lie on its sheet")]
    Outside(String),
}

/// The largest sheet, pixels a side, and the memory that decoding it may take.
const MAX_SIDE: u32 = 8192;
const MAX_BYTES: u64 = 4 * 8192 * 8192;

/// An entry of the index.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
    #[serde(default = "one")]
    pixel_ratio: f32,
    #[serde(default)]
    sdf: bool,
    #[serde(default)]
    stretch_x: Vec<[f32; 2]>,
    #[serde(default)]
    stretch_y: Vec<[f32; 2]>,
    content: Option<[f32; 4]>,
    text_fit_width: Option<ImageFit>,
    text_fit_height: Option<ImageFit>,
}

fn one() -> f32 {
    1.0
}

impl Image {
    /// Width and height in pixels of the map.
    pub fn display_size(&self) -> [f32; 2] {
        [self.width as f32 / self.pixel_ratio, self.height as f32 / self.pixel_ratio]
    }
}

impl SpriteImages {
    /// Adds the images of a sheet; those of sprites other than `default` are named `id:name`. A broken image is left out,
    /// which the result tells, and the others are added.
    pub fn add_sheet(&mut self, id: &str, index: &[u8], sheet: &[u8]) -> Result<(), SpriteError> {
        let entries: BTreeMap<String, Entry> = serde_json::from_slice(index)?;
        let mut reader =
            image::ImageReader::new(Cursor::new(sheet)).with_guessed_format().map_err(image::ImageError::from)?;
        let mut limits = image::Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_BYTES);
        reader.limits(limits);
        let sheet = reader.decode()?.into_rgba8();
        let mut outside = None;
        for (name, entry) in entries {
            match cut(&sheet, entry) {
                Some(image) => {
                    let name = if id == "default" { name } else { format!("{id}:{name}") };
                    self.images.insert(name, Arc::new(image));
                }
                None => outside = Some(name),
            }
        }
        outside.map_or(Ok(()), |name| Err(SpriteError::Outside(name)))
    }

    /// Adds an image, in place of another one of its name.
    pub fn insert(&mut self, name: &str, image: Arc<Image>) {
        self.images.insert(name.to_owned(), image);
    }

    /// Adds all images of another collection, in place of those of the same names.
    pub fn extend(&mut self, other: &Self) {
        self.images.extend(other.images.iter().map(|(name, image)| (name.clone(), Arc::clone(image))));
    }

    /// The image of a name.
    pub fn image(&self, name: &str) -> Option<&Arc<Image>> {
        self.images.get(name)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.images.keys().map(String::as_str)
    }
}

fn cut(sheet: &image::RgbaImage, entry: Entry) -> Option<Image> {
    let right = entry.x.checked_add(entry.width).filter(|&right| right <= sheet.width())?;
    let bottom = entry.y.checked_add(entry.height).filter(|&bottom| bottom <= sheet.height())?;
    if !(entry.pixel_ratio > 0.0 && entry.pixel_ratio.is_finite()) {
        return None;
    }
    let row = sheet.width() as usize * 4;
    let mut pixels = Vec::with_capacity(entry.width as usize * entry.height as usize * 4);
    for y in entry.y..bottom {
        let line = &sheet.as_raw()[y as usize * row..][entry.x as usize * 4..right as usize * 4];
        for &[r, g, b, a] in line.as_chunks::<4>().0 {
            let [r, g, b] = [r, g, b].map(|c| ((u32::from(c) * u32::from(a) + 127) / 255) as u8);
            pixels.extend([r, g, b, a]);
        }
    }
    let within = |side: u32| move |range: &[f32; 2]| 0.0 <= range[0] && range[0] <= range[1] && range[1] <= side as f32;
    let (width, height) = (entry.width, entry.height);
    let sensible = entry.stretch_x.iter().all(within(width)) && entry.stretch_y.iter().all(within(height));
    let content = entry.content.filter(|[l, t, r, b]| within(width)(&[*l, *r]) && within(height)(&[*t, *b]));
    sensible.then_some(Image {
        pixels: pixels.into(),
        width,
        height,
        pixel_ratio: entry.pixel_ratio,
        is_sdf: entry.sdf,
        stretch_x: entry.stretch_x,
        stretch_y: entry.stretch_y,
        content,
        fit_width: entry.text_fit_width,
        fit_height: entry.text_fit_height,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Vec<u8> {
        let mut png = Cursor::new(Vec::new());
        let picture =
            image::RgbaImage::from_fn(4, 2, |x, y| image::Rgba([200, x as u8, y as u8, if x < 2 { 128 } else { 255 }]));
        picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
        png.into_inner()
    }

    #[test]
    fn images_are_cut_out_premultiplied_and_named_by_their_sprite() {
        let mut images = SpriteImages::default();
        let index = br#"{"dot": {"x": 1, "y": 1, "width": 2, "height": 1, "pixelRatio": 2, "sdf": true, "content": [0, 0, 1, 1]}}"#;
        images.add_sheet("default", index, &sheet()).unwrap();
        images.add_sheet("other", index, &sheet()).unwrap();
        assert_eq!(images.names().collect::<Vec<_>>(), ["dot", "other:dot"]);
        let dot = images.image("dot").unwrap();
        assert_eq!(&dot.pixels[..], [100, 1, 1, 128, 200, 2, 1, 255]);
        assert_eq!((dot.is_sdf, dot.content), (true, Some([0.0, 0.0, 1.0, 1.0])));
        assert!((dot.display_size()[0] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn what_lies_outside_is_left_out_and_told_and_junk_is_refused() {
        let mut images = SpriteImages::default();
        let index = br#"{"far": {"x": 3, "y": 1, "width": 4294967295, "height": 1}, "near": {"x": 0, "y": 0, "width": 1, "height": 1}}"#;
        assert!(
            matches!(images.add_sheet("default", index, &sheet()), Err(SpriteError::Outside(name)) if name == "far")
        );
        assert!(images.image("near").is_some());
        assert!(matches!(images.add_sheet("default", b"[]", &sheet()), Err(SpriteError::Index(_))));
        assert!(matches!(images.add_sheet("default", b"{}", b"no picture"), Err(SpriteError::Sheet(_))));
    }
}
