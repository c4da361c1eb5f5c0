//! What a map shall look like: MapLibre styles (style specification, version 8), resolved once.
//!
//! Everything that the specification leaves open is settled in [`Style::parse`]: defaults are filled, references and
//! legacy functions are gone, expressions are typed. What is wrong with a style is a [`Diagnostic`], never a failure.

mod cluster;
mod color;
mod context;
mod diagnostic;
mod expression;
mod filter;
mod program;
mod keyword;
mod layer;
mod light;
mod model;
mod parse;
mod position;
mod property;
mod reader;
mod source;
mod sprite;
mod value;
mod automatic;
mod overlay;
mod classes;

pub use automatic::automatic;
pub use classes::Class;
pub use classes::Cut;
pub use classes::Described;
pub use classes::Marks;
pub use classes::Test;
pub use cluster::ClusterProperties;
pub use color::Color;
pub use context::Context;
pub use context::GeometryType;
pub use context::Subject;
pub use diagnostic::Diagnostic;
pub use diagnostic::Error;
pub use filter::Filter;
pub use keyword::*;
pub use layer::*;
pub use light::Light;
pub use model::Layer;
pub use model::LayerKind;
pub use model::Sprite;
pub use model::Style;
pub use overlay::overlay;
pub use position::Position;
pub use property::Property;
pub use property::Resolved;
pub use property::Varying;
pub use source::Clustering;
pub use source::Encoding;
pub use source::Geojson;
pub use source::GeojsonData;
pub use source::Scheme;
pub use source::Source;
pub use source::Tiled;
pub use sprite::Image;
pub use sprite::ImageFit;
pub use sprite::SpriteError;
pub use sprite::SpriteImages;
pub use value::AnchorOffsets;
pub use value::Formatted;
pub use value::ImageName;
pub use value::OneOrMore;
pub use value::Padding;
pub use value::Section;
pub use value::SectionContent;
pub use value::StyleValue;

#[cfg(test)]
mod tests;
