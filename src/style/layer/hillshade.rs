//! `hillshade` layers.

use crate::style::Color;
use crate::style::HillshadeMethod;
use crate::style::OneOrMore;
use crate::style::Resampling;
use crate::style::TranslateAnchor;

properties! {
    /// How slopes are lit.
    Hillshade {
        "hillshade-accent-color" => accent_color: Color,
        "hillshade-exaggeration" => exaggeration: f64,
        "hillshade-highlight-color" => highlight_color: OneOrMore<Color>,
        "hillshade-illumination-altitude" => illumination_altitude: OneOrMore<f64>,
        "hillshade-illumination-anchor" => illumination_anchor: TranslateAnchor,
        "hillshade-illumination-direction" => illumination_direction: OneOrMore<f64>,
        "hillshade-method" => method: HillshadeMethod,
        "hillshade-shadow-color" => shadow_color: OneOrMore<Color>,
        "resampling" => resampling: Resampling,
    }
}
