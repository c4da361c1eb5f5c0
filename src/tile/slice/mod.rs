//! Tiles of features to be drawn, as `MapLibre` slices those of GeoJSON sources.

mod depth;
mod slices;
#[cfg(test)]
mod tests;

pub use slices::Slices;
