//! `fill` layers.

use crate::style::Color;
use crate::style::ImageName;
use crate::style::TranslateAnchor;

properties! {
    /// How polygons look.
    Fill {
        "fill-sort-key" => sort_key: Option<f64>,
        "fill-antialias" => antialias: bool,
        "fill-color" => color: Color,
        "fill-layer-opacity" => layer_opacity: f64,
        "fill-opacity" => opacity: f64,
        "fill-outline-color" => outline_color: Option<Color>,
        "fill-pattern" => pattern: Option<ImageName>,
        "fill-translate" => translate: [f64; 2],
        "fill-translate-anchor" => translate_anchor: TranslateAnchor,
    }
}
