//! A sheet with its index.

use std::collections::BTreeMap;

use super::Icon;
use super::about::Entry;
use super::pack::pack;
use crate::render::png;

/// Icons on one sheet, as browsers read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The index: JSON.
    pub index: Vec<u8>,
    /// The pixels: PNG.
    pub pixels: Vec<u8>,
}

/// The icons do not go on one sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the icons fill a sheet of {0} by {1} pixels, and it may have {MOST_SIDE} a side; put some into another folder"
)]
pub struct Unpackable(u32, u32);

/// Most pixels a side: more than this graphics cards do not take.
const MOST_SIDE: u32 = 8192;

impl Sheet {
    /// Draws icons at a ratio and lays them out. The same icons always give the same bytes; of two with one name the first
    /// counts.
    ///
    /// # Errors
    /// When they are too many or too large for one sheet.
    pub fn of(icons: &[Icon], ratio: u8) -> Result<Self, Unpackable> {
        let by_name: BTreeMap<&str, &Icon> = icons.iter().rev().map(|icon| (icon.name(), icon)).collect();
        let drawn: Vec<_> = by_name.values().map(|icon| icon.draw(ratio)).collect();
        let sizes: Vec<[u32; 2]> = drawn.iter().map(|icon| [icon.pixels.width(), icon.pixels.height()]).collect();
        let (places, [width, height]) = pack(&sizes);
        if width.max(height) > MOST_SIDE {
            return Err(Unpackable(width, height));
        }
        let mut sheet = image::RgbaImage::new(width, height);
        let mut index = BTreeMap::new();
        for (((name, icon), drawn), [x, y]) in by_name.into_iter().zip(&drawn).zip(places) {
            image::imageops::replace(&mut sheet, &drawn.pixels, i64::from(x), i64::from(y));
            let about = icon.about();
            let scaled = |n: f32| n * f32::from(ratio) + drawn.margin as f32;
            let ranges = |ranges: &[[f32; 2]]| ranges.iter().map(|range| range.map(scaled)).collect();
            let entry = Entry {
                x,
                y,
                width: drawn.pixels.width(),
                height: drawn.pixels.height(),
                pixel_ratio: ratio,
                sdf: about.sdf,
                stretch_x: ranges(&about.stretch_x),
                stretch_y: ranges(&about.stretch_y),
                content: about.content.map(|sides| sides.map(scaled)),
                text_fit_width: about.text_fit_width,
                text_fit_height: about.text_fit_height,
            };
            index.insert(name, entry);
        }
        let pixels: Vec<[u8; 4]> = sheet.pixels().map(|pixel| pixel.0).collect();
        let index = serde_json::to_vec(&index).expect("numbers under names can be written as JSON");
        Ok(Self { index, pixels: png::encode(width, height, &pixels) })
    }
}
