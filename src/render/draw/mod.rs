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
mod pace;
mod pattern;
mod ramp;
mod raster;
mod relief;
mod rings;
mod stroke;
mod warp;

pub use heatmap::bell_reach;
pub use item::item;
