//! A legend as one picture: titles, and below each its swatches with their labels.

use super::Entry;
use super::Legend;
use crate::render::Canvas;
use crate::render::Picture;
use crate::render::lettering::Text;
use crate::render::lettering::inked;
use crate::render::lettering::lettering;
use crate::render::text::GlyphSource;

/// Pixels at ratio 1 around everything.
pub(super) const MARGIN: f64 = 10.0;
/// From a swatch to its label.
pub(super) const GAP: f64 = 8.0;
/// Of titles and labels.
pub(super) const TITLE: f64 = 13.0;
pub(super) const LABEL: f64 = 12.0;
/// Between two rows.
const LEADING: f64 = 4.0;
/// Above a title.
const ABOVE: f64 = 8.0;

/// The longest legend, in pixels at ratio 1.
pub(super) const LONGEST: f64 = 4000.0;

/// A legend laid out: what stands where, in pixels at ratio 1.
pub(super) struct Layout<'a> {
    /// The texts.
    pub(super) texts: Vec<Text>,
    /// The left top corners of swatches.
    pub(super) swatches: Vec<([f64; 2], &'a Entry)>,
    /// The whole height.
    pub(super) height: f64,
}

impl<'a> Layout<'a> {
    /// Lays out a legend for swatches of a size. What does not fit below the longest legend is left out.
    pub(super) fn new(legend: &'a Legend, [width, height]: [f64; 2]) -> Self {
        let mut layout = Self { texts: Vec::new(), swatches: Vec::new(), height: MARGIN };
        for group in &legend.groups {
            let is_titled = group.property.is_some();
            let needed = (height + LEADING) * group.entries.len() as f64 + ABOVE + 2.0 * TITLE;
            if layout.height + needed > LONGEST {
                break;
            }
            if is_titled {
                if layout.height > MARGIN {
                    layout.height += ABOVE / 2.0;
                }
                let at = [MARGIN, layout.height + TITLE * 0.7];
                layout.texts.push(Text { at, text: group.title.clone(), size: TITLE, is_bold: true });
                layout.height += TITLE * 1.4 + LEADING;
            }
            for entry in &group.entries {
                layout.swatches.push(([MARGIN, layout.height], entry));
                let text = match entry.count {
                    Some(count) => format!("{} ({count})", entry.label),
                    None => entry.label.clone(),
                };
                let at = [MARGIN + width + GAP, layout.height + height / 2.0];
                layout.texts.push(Text { at, text, size: LABEL, is_bold: false });
                layout.height += height + LEADING;
            }
            if is_titled {
                layout.height += ABOVE;
            }
        }
        layout.height += MARGIN - LEADING;
        layout
    }
}

/// Draws a legend on white, no wider than so many pixels at ratio 1.
pub fn sheet(legend: &Legend, swatch: [f64; 2], ratio: f64, widest: f64, glyphs: &GlyphSource) -> Picture {
    let layout = Layout::new(legend, swatch);
    let letters = lettering(&layout.texts, [widest, layout.height], ratio, 4096.0, glyphs);
    let written = inked(&letters).map_or(0, |[_, _, right, _]| right);
    let margin = (MARGIN * ratio).round() as u32;
    let least = ((2.0 * MARGIN + swatch[0]) * ratio).round() as u32;
    let width = (written + margin).max(least).min(letters.width());
    let mut canvas = Canvas::new(width, letters.height());
    for y in 0..canvas.height() {
        canvas.blend_run(y, 0, width, [1.0; 4]);
    }
    for (place, entry) in &layout.swatches {
        let corner = place.map(|pixels| (pixels * ratio).round() as i64);
        canvas.blend_pixels(corner, entry.swatch.width(), entry.swatch.pixels());
    }
    for (y, row) in letters.pixels().chunks(letters.width().max(1) as usize).enumerate() {
        canvas.blend_pixels([0, y as i64], letters.width(), row);
    }
    Picture::new(canvas)
}
