//! Grids of tiles as data (OGC Two Dimensional Tile Matrix Set 2.0).

mod matrix;
mod grid;
mod registered;
mod document;
mod limits;
#[cfg(test)]
mod tests;

pub use document::InvalidGrid;
pub use grid::Grid;
pub use grid::TileCoord;
pub use limits::TileLimits;
pub use matrix::Corner;
pub use matrix::Level;
