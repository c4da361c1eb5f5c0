//! `fill-extrusion` layers.

use crate::style::Color;
use crate::style::ImageName;
use crate::style::TranslateAnchor;

properties! {
    /// How polygons look that stand up from the ground.
    FillExtrusion {
        "fill-extrusion-base" => base: f64,
        "fill-extrusion-color" => color: Color,
        "fill-extrusion-height" => height: f64,
        "fill-extrusion-opacity" => opacity: f64,
        "fill-extrusion-pattern" => pattern: Option<ImageName>,
        "fill-extrusion-translate" => translate: [f64; 2],
        "fill-extrusion-translate-anchor" => translate_anchor: TranslateAnchor,
        "fill-extrusion-vertical-gradient" => vertical_gradient: bool,
    }
}
