//! `circle` layers.

use crate::style::Alignment;
use crate::style::Color;
use crate::style::TranslateAnchor;

properties! {
    /// How dots look.
    Circle {
        "circle-sort-key" => sort_key: Option<f64>,
        "circle-blur" => blur: f64,
        "circle-color" => color: Color,
        "circle-opacity" => opacity: f64,
        "circle-pitch-alignment" => pitch_alignment: Alignment,
        "circle-pitch-scale" => pitch_scale: Alignment,
        "circle-radius" => radius: f64,
        "circle-stroke-color" => stroke_color: Color,
        "circle-stroke-opacity" => stroke_opacity: f64,
        "circle-stroke-width" => stroke_width: f64,
        "circle-translate" => translate: [f64; 2],
        "circle-translate-anchor" => translate_anchor: TranslateAnchor,
    }
}
