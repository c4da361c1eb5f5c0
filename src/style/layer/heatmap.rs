//! `heatmap` layers.

use crate::style::Color;

properties! {
    /// How the density of points looks.
    Heatmap {
        "heatmap-color" => color: Color,
        "heatmap-intensity" => intensity: f64,
        "heatmap-opacity" => opacity: f64,
        "heatmap-radius" => radius: f64,
        "heatmap-weight" => weight: f64,
    }
}
