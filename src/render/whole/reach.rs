//! How far from its features a layer paints.

use super::Memory;
use super::Plane;
use super::Rows;
use super::WholeLayer;
use crate::render::scene::Frame;
use crate::style::Layer;
use crate::style::LayerKind;
use crate::style::Property;
use crate::style::Resolved;

/// What is asked about one layer of a style.
pub struct Reach<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// What it is seen through.
    pub frame: &'a Frame<'a>,
    /// Its features.
    pub whole: &'a WholeLayer,
    /// Bounds that are known.
    pub memory: &'a Memory,
}

/// Paint that reaches farther, in pixels at a ratio of 1, is nothing that anyone means.
const FARTHEST: f64 = 65536.0;

/// A line's round ends and most of its bends reach this many half widths from their points.
const BEND: f64 = 2.0;

/// For edges that are softened, and for what rounding moves.
const SOFT: f64 = 2.0;

impl Reach<'_> {
    /// Pixels of the picture beyond which nothing of a feature is seen.
    pub fn pixels(&self) -> f64 {
        let paint = self.frame.paint();
        let moved = |translate: [f64; 2]| translate[0].hypot(translate[1]);
        let reach = match &self.layer.kind {
            LayerKind::Line(line) => {
                let width = self.bound("line-width", &line.width);
                let gap = self.bound("line-gap-width", &line.gap_width) / 2.0;
                let half = if gap > 0.0 { gap + width } else { width / 2.0 };
                let bends = self.bound("line-miter-limit", &line.miter_limit);
                let bends = bends.max(self.bound("line-round-limit", &line.round_limit)).max(BEND);
                (half + 1.0 + self.bound("line-offset", &line.offset)) * bends + moved(line.translate.evaluate(&paint))
            }
            LayerKind::Circle(circle) => {
                let radius = self.bound("circle-radius", &circle.radius);
                let stroke = self.bound("circle-stroke-width", &circle.stroke_width);
                radius + stroke + moved(circle.translate.evaluate(&paint))
            }
            LayerKind::Heatmap(heatmap) => {
                let weight = self.bound("heatmap-weight", &heatmap.weight);
                let height = weight * heatmap.intensity.evaluate(&paint).max(0.0);
                let radius = self.bound("heatmap-radius", &heatmap.radius);
                // Its grid is coarser than the pixels.
                crate::render::draw::bell_reach(height, radius) + 8.0
            }
            LayerKind::Fill(fill) => moved(fill.translate.evaluate(&paint)),
            LayerKind::FillExtrusion(fill) => moved(fill.translate.evaluate(&paint)),
            _ => 0.0,
        };
        (reach.min(FARTHEST) + SOFT) * self.frame.view.ratio().max(1.0)
    }

    /// The largest size of a property among the layer's features.
    fn bound(&self, name: &'static str, property: &Property<f64>) -> f64 {
        let paint = self.frame.paint();
        match property.resolve(&paint) {
            Resolved::Same(value) => value.abs(),
            differs => {
                let key = (self.layer.id.clone(), name, paint.zoom.to_bits());
                self.memory.bound(key, || self.largest(&differs))
            }
        }
    }

    fn largest(&self, property: &Resolved<'_, f64>) -> f64 {
        let (paint, layout) = (self.frame.paint(), self.frame.layout());
        let rows = Rows::all(self.whole, Plane::of(self.frame.view), layout.zoom);
        let of = |index| {
            rows.with_subject(index, |subject| {
                let is_shown = self.layer.filter.accepts(&layout.with(subject));
                if is_shown { property.of(&paint.with(subject)).abs() } else { 0.0 }
            })
        };
        (0..rows.len()).map(of).fold(0.0, f64::max)
    }
}
