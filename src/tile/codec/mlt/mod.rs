//! `MapLibre` Tiles (MLT, version 1 of the format): what is in a Mapbox Vector Tile, column by column.

mod columns;
mod encode;
mod geometry;
mod ids;
#[cfg(test)]
mod tests;

pub use encode::Error;
pub use encode::encode;
