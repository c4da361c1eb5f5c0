//! `background` layers.

use crate::style::Color;
use crate::style::ImageName;

properties! {
    /// How a background looks.
    Background {
        "background-color" => color: Color,
        "background-opacity" => opacity: f64,
        "background-pattern" => pattern: Option<ImageName>,
    }
}
