//! `raster` layers.

use crate::style::Resampling;

properties! {
    /// How images look.
    Raster {
        "raster-brightness-max" => brightness_max: f64,
        "raster-brightness-min" => brightness_min: f64,
        "raster-contrast" => contrast: f64,
        "raster-fade-duration" => fade_duration: f64,
        "raster-hue-rotate" => hue_rotate: f64,
        "raster-opacity" => opacity: f64,
        "raster-resampling" => raster_resampling: Option<Resampling>,
        "raster-saturation" => saturation: f64,
        "resampling" => resampling: Resampling,
    }
}
