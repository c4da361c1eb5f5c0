//! Where a thing is: boxes, coordinate reference systems, and the grids that tiles lie on.

mod bbox;
mod crs;
mod grid;

pub use bbox::Bbox;
pub use bbox::InvalidBbox;
pub use bbox::Rect;
pub use crs::Axes;
pub use crs::Crs;
pub use crs::CrsList;
pub use crs::Epsg;
pub use crs::InvalidCrs;
pub use grid::Corner;
pub use grid::Grid;
pub use grid::InvalidGrid;
pub use grid::Level;
pub use grid::TileCoord;
pub use grid::TileLimits;
