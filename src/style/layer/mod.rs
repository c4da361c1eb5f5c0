//! The properties of each kind of layer, as the style specification lists them.

#[macro_use]
mod table;
mod background;
mod circle;
mod fill;
mod heatmap;
mod line;
mod raster;
mod symbol;

pub use background::Background;
pub use circle::Circle;
pub use fill::Fill;
pub use heatmap::Heatmap;
pub use line::Line;
pub use raster::Raster;
pub use symbol::Symbol;
