//! The properties of each kind of layer, as the style specification lists them.

#[macro_use]
mod table;
mod background;
mod circle;
mod color_relief;
mod fill;
mod fill_extrusion;
mod heatmap;
mod hillshade;
mod line;
mod raster;
mod symbol;

pub use background::Background;
pub use circle::Circle;
pub use color_relief::ColorRelief;
pub use fill::Fill;
pub use fill_extrusion::FillExtrusion;
pub use heatmap::Heatmap;
pub use hillshade::Hillshade;
pub use line::Line;
pub use raster::Raster;
pub use symbol::Symbol;
