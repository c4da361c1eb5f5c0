//! A style, resolved.

use std::collections::BTreeMap;

use super::Background;
use super::Circle;
use super::ColorRelief;
use super::Fill;
use super::FillExtrusion;
use super::Filter;
use super::Heatmap;
use super::Hillshade;
use super::Light;
use super::Line;
use super::Raster;
use super::Source;
use super::Symbol;

/// Where and how everything on a map is drawn.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// Its name for people.
    pub name: Option<String>,
    /// Longitude and latitude in degrees from which it is best looked at.
    pub center: Option<[f64; 2]>,
    /// The zoom for that.
    pub zoom: Option<f64>,
    /// Degrees clockwise from north of what is up.
    pub bearing: f64,
    /// Sources by name.
    pub sources: BTreeMap<String, Source>,
    /// Where its images are.
    pub sprites: Vec<Sprite>,
    /// The URL of glyph ranges with `{fontstack}` and `{range}`.
    pub glyphs: Option<String>,
    /// What lights extruded polygons.
    pub light: Light,
    /// Layers from the lowest to the topmost.
    pub layers: Vec<Layer>,
}

/// A sheet of images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sprite {
    /// Before the colon in names of its images; images of the sprite `default` go without.
    pub id: String,
    /// Its URL without `.json` and `.png`.
    pub url: String,
}

/// One layer.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its name, unique in the style.
    pub id: String,
    /// The name of its source; a background has none.
    pub source: Option<String>,
    /// The layer of a vector tile.
    pub source_layer: Option<String>,
    /// The zoom from which on it is shown.
    pub minzoom: f64,
    /// The zoom from which on it is hidden.
    pub maxzoom: f64,
    /// Whether it is shown at all.
    pub visible: bool,
    /// Which features it shows.
    pub filter: Filter,
    /// How it looks.
    pub kind: LayerKind,
}

/// The kinds of layers with their properties.
#[derive(Clone, Debug)]
pub enum LayerKind {
    /// The same everywhere.
    Background(Background),
    /// Polygons.
    Fill(Box<Fill>),
    /// Lines and outlines.
    Line(Box<Line>),
    /// Dots.
    Circle(Box<Circle>),
    /// Texts and icons.
    Symbol(Box<Symbol>),
    /// Images.
    Raster(Box<Raster>),
    /// Density of points.
    Heatmap(Box<Heatmap>),
    /// Polygons that stand up from the ground.
    FillExtrusion(Box<FillExtrusion>),
    /// Lit slopes.
    Hillshade(Box<Hillshade>),
    /// Colours of heights.
    ColorRelief(Box<ColorRelief>),
}

impl Layer {
    /// Whether it is shown at a zoom.
    pub fn is_shown(&self, zoom: f64) -> bool {
        self.visible && self.minzoom <= zoom && zoom < self.maxzoom
    }
}
