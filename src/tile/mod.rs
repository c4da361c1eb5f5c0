//! Squares of the world: cut out of snapshots, encoded for clients.

mod vector;

pub use vector::Layer;
pub use vector::LayerBuilder;
pub use vector::TileFeature;
pub use vector::TileGeometry;
pub use vector::VectorTile;
