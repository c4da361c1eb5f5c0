//! `line` layers.

use crate::style::Color;
use crate::style::ImageName;
use crate::style::LineCap;
use crate::style::LineJoin;
use crate::style::TranslateAnchor;

properties! {
    /// How lines look.
    Line {
        "line-cap" => cap: LineCap,
        "line-join" => join: LineJoin,
        "line-miter-limit" => miter_limit: f64,
        "line-round-limit" => round_limit: f64,
        "line-sort-key" => sort_key: Option<f64>,
        "line-blur" => blur: f64,
        "line-color" => color: Color,
        "line-dasharray" => dasharray: Option<Vec<f64>>,
        "line-gap-width" => gap_width: f64,
        "line-gradient" => gradient: Option<Color>,
        "line-layer-opacity" => layer_opacity: f64,
        "line-offset" => offset: f64,
        "line-opacity" => opacity: f64,
        "line-pattern" => pattern: Option<ImageName>,
        "line-translate" => translate: [f64; 2],
        "line-translate-anchor" => translate_anchor: TranslateAnchor,
        "line-width" => width: f64,
    }
}
