//! What an expression may ask about.

use crate::feature::Properties;
use crate::feature::Value;

/// The surroundings in which a property is evaluated.
#[derive(Clone, Copy, Default)]
pub struct Context<'a> {
    /// `["zoom"]`.
    pub zoom: f64,
    /// The feature under consideration.
    pub feature: Option<&'a Subject<'a>>,
    /// `["heatmap-density"]` or `["line-progress"]`, within 0 and 1, or `["elevation"]` in metres.
    pub ramp: Option<f64>,
    /// Names of the images that the style's sprites hold, for `["image"]`.
    pub images: &'a [String],
}

/// A feature as expressions see it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// Its properties.
    pub properties: &'a dyn Properties,
    /// `["id"]`; null when it has none.
    pub id: Value<'a>,
    /// `["geometry-type"]`.
    pub geometry: GeometryType,
    /// Zoom, column and row of its tile, which `within` and `distance` reckon in and ask for rarely.
    pub tile: &'a dyn Fn() -> (u8, u32, u32),
    /// Its positions in degrees, for `within` and `distance`, which ask rarely.
    pub positions: &'a dyn Fn() -> Vec<Vec<(f64, f64)>>,
}

/// The answer to `["geometry-type"]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeometryType {
    /// One or more points.
    Point,
    /// One or more lines.
    LineString,
    /// One or more polygons.
    Polygon,
}

impl GeometryType {
    /// The word for it in expressions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Point => "Point",
            Self::LineString => "LineString",
            Self::Polygon => "Polygon",
        }
    }
}

impl<'a> Context<'a> {
    /// A context of a zoom alone.
    pub fn of_zoom(zoom: f64) -> Self {
        Self { zoom, ..Self::default() }
    }

    /// The same for a feature.
    #[must_use]
    pub fn with(self, feature: &'a Subject<'a>) -> Self {
        Self { feature: Some(feature), ..self }
    }
}
