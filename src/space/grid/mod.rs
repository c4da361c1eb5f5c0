//! Grids of tiles.

mod matrix;

pub use matrix::Grid;
pub use matrix::Level;
pub use matrix::TileCoord;
