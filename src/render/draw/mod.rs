//! A file a kind of layer.

mod background;
mod circle;
mod fill;
mod heatmap;
mod item;
mod line;
mod mesh;
mod pattern;
mod raster;
mod stroke;

pub use heatmap::bell_reach;
pub use item::item;
