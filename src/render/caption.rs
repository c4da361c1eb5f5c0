//! A few words in the corner of a picture.

use super::Picture;
use super::lettering::Text;
use super::lettering::inked;
use super::lettering::lettering;
use super::text::GlyphSource;

/// Pixels an em, at ratio 1.
const SIZE: f64 = 10.5;
/// Pixels at ratio 1 between the words and the edge of their ground.
const PADDING: f64 = 4.0;
/// The ground of the words, premultiplied.
const GROUND: [f32; 4] = [0.78, 0.78, 0.78, 0.78];

/// Writes words into the lower right corner of a picture, on light ground; long ones take several lines.
pub fn caption(picture: &mut Picture, words: &str, ratio: f64, glyphs: &GlyphSource) {
    let size = [picture.width(), picture.height()].map(|side| (f64::from(side) / ratio).min(4096.0));
    let widest = size[0] - 2.0 * PADDING;
    if widest < 4.0 * SIZE || size[1] < 2.0 * SIZE {
        return;
    }
    let at = [PADDING, size[1] / 2.0];
    let text = Text { at, text: words.to_owned(), size: SIZE, is_bold: false };
    let letters = lettering(&[text], size, ratio, widest, glyphs);
    let Some([left, top, right, bottom]) = inked(&letters) else { return };
    let padding = (PADDING * ratio).round() as u32;
    let (width, height) = (right - left, bottom - top);
    let canvas = picture.canvas_mut();
    let (columns, rows) = (canvas.width(), canvas.height());
    for y in rows.saturating_sub(height + 2 * padding)..rows {
        canvas.blend_run(y, columns.saturating_sub(width + 2 * padding), columns, GROUND);
    }
    let stride = letters.width() as usize;
    // Words that are taller than the picture begin at its top.
    let first = (i64::from(rows) - i64::from(height + padding)).max(0);
    for (y, row) in (first..).zip(top..bottom) {
        let pixels = &letters.pixels()[row as usize * stride..][left as usize..right as usize];
        let place = [i64::from(columns) - i64::from(width + padding), y];
        canvas.blend_pixels(place, width, pixels);
    }
}
