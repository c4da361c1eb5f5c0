//! A file a kind of layer.

mod background;
mod circle;
mod extrusion;
mod fill;
mod heatmap;
mod item;
mod lights;
mod line;
mod mesh;
mod pattern;
mod raster;
mod relief;
mod stroke;

pub use heatmap::bell_reach;
pub use item::item;
