//! `color-relief` layers.

use crate::style::Color;
use crate::style::Resampling;

properties! {
    /// Which colours heights have.
    ColorRelief {
        "color-relief-color" => color: Option<Color>,
        "color-relief-opacity" => opacity: f64,
        "resampling" => resampling: Resampling,
    }
}
