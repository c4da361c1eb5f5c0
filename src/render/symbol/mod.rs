//! Texts and icons: laid out feature by feature, placed where they do not collide, drawn from distance fields.

mod geometry;
mod offset;
mod rules;
mod merge;
mod source;
mod icon;
mod quad;
mod label;
mod compose;
mod pole;
mod anchor;
mod bucket;
mod path;
mod grid;
mod place;
mod order;
mod paint;
mod stamps;
mod labels;
mod near;
mod world;

pub use labels::Labels;
pub use labels::place;
pub use world::LabelMemory;
pub use world::Pole;
pub use world::label_point;
pub use world::poles;

#[cfg(test)]
mod tests;
