//! Squares of the world: cut out of snapshots, encoded for clients.

pub mod archive;
pub mod cluster;
pub mod codec;
mod cut;
mod slice;
mod encoded;
mod stamps;
mod packing;
mod vector;

pub use cut::CutSettings;
pub use cut::Detail;
pub use cut::Dot;
pub use cut::Fate;
pub use cut::Item;
pub use cut::area;
pub use cut::bend;
pub use cut::cut;
pub use cut::cut_items;
pub use cut::id_key;
pub use cut::simplify_line;
pub use cut::simplify_ring;
pub use cut::trim_line;
pub use cut::trim_ring;
pub use cut::weigh;
pub use encoded::Counts;
pub use encoded::Tile;
pub use encoded::TileFormat;
pub use packing::Encoding;
pub use packing::gzip;
pub use slice::Slices;
pub use vector::Layer;
pub use vector::LayerBuilder;
pub use vector::TileFeature;
pub use vector::TileGeometry;
pub use vector::VectorTile;
