//! One feature's label, laid out: shared by all the places where it may stand.

use std::sync::Arc;

use super::anchor::Anchor as LineAnchor;
use super::geometry::Point;
use super::quad::Quad;
use crate::style::Anchor;
use crate::style::Color;
use crate::style::Justify;

/// A label and how it is painted. Boxes are in pixels around the anchor, at the sizes that collisions are reckoned with.
#[derive(Clone, Debug, Default)]
pub struct Label {
    /// The text, which may not be repeated too near along lines.
    pub text: Option<String>,
    /// Texts by justification; one for all where there is but one line.
    pub horizontal: Vec<(Justify, Arc<[Quad]>)>,
    /// The text in vertical lines.
    pub vertical: Option<Arc<[Quad]>>,
    /// The icon.
    pub icon: Arc<[Quad]>,
    /// The icon around the vertical text.
    pub vertical_icon: Option<Arc<[Quad]>>,
    /// Box of the text; none for texts along lines.
    pub text_box: Option<[f32; 4]>,
    /// Box of the text in vertical lines.
    pub vertical_text_box: Option<[f32; 4]>,
    /// Box of the icon.
    pub icon_box: Option<[f32; 4]>,
    /// Box of the icon around the vertical text.
    pub vertical_icon_box: Option<[f32; 4]>,
    /// Thickness of a text along a line, pixels.
    pub thickness: Option<f32>,
    /// Anchors to be tried with the text's offset at each, em / 24.
    pub anchor_offsets: Vec<(Anchor, Point)>,
    /// Offset of a text along and across its line, em / 24.
    pub text_offset: Point,
    /// The same of an icon, pixels at an icon size of 1.
    pub icon_offset: Point,
    /// Pixels an em / 24 for collisions.
    pub box_scale: f32,
    /// Pixels an em, as drawn.
    pub text_size: f32,
    /// Factor on icons, as drawn.
    pub icon_size: f32,
    /// How texts are painted.
    pub text_paint: Paint,
    /// Colours of sections that have their own.
    pub section_colors: Vec<Option<Color>>,
    /// How icons are painted.
    pub icon_paint: Paint,
    /// Position of its feature in the tile's layer.
    pub feature: usize,
    /// What its layer orders it by.
    pub sort_key: f64,
    /// The same for the feature in every tile: of its id, or else of its text.
    pub identity: u64,
}

/// How fields are painted; of an icon that is none, only the opacity counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paint {
    /// Of the inside.
    pub color: Color,
    /// Of the halo.
    pub halo_color: Color,
    /// Reach of the halo from the edge, pixels.
    pub halo_width: f32,
    /// Width of the halo's blurred rim, pixels.
    pub halo_blur: f32,
    /// A factor on both.
    pub opacity: f32,
}

/// A place where a label may stand.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Position of the label in its bucket.
    pub label: usize,
    /// Where, in units of the tile.
    pub anchor: LineAnchor,
    /// The line on which the anchor lies, units of the tile; empty for points.
    pub line: Arc<[Point]>,
}

impl Label {
    /// The text of a justification.
    pub fn justified(&self, justify: Justify) -> Option<&Arc<[Quad]>> {
        let same = self.horizontal.iter().find(|(j, _)| *j == justify);
        same.or(self.horizontal.first()).map(|(_, quads)| quads)
    }

    /// Bytes that its quads take.
    pub fn bytes(&self) -> u64 {
        let texts: usize = self.horizontal.iter().map(|(_, quads)| quads.len()).sum();
        let all = texts + self.icon.len() + self.vertical.as_ref().map_or(0, |quads| quads.len());
        (all * size_of::<Quad>()) as u64
    }

    /// Whether there is a text to be drawn.
    pub fn has_text(&self) -> bool {
        !self.horizontal.is_empty() || self.vertical.is_some()
    }
}
