//! GeoJSON: one scanner over the bytes for files of any size, and the `geojson` crate for what is small.

mod document;
mod fault;
mod feature;
mod geometry;
mod json;
mod number;
mod properties;
mod record;
mod small;
mod string;
mod window;

pub(super) use document::Broken;
pub(super) use document::Cutting;
pub(super) use document::Document;
pub(super) use document::read_document;
pub use small::read_text;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod window_tests;
