//! Mapbox Vector Tiles (Vector Tile Specification 2.1), written and read without a protobuf library: the format has three
//! messages, and a tile is encoded on each request that no cache answers.

mod decode;
mod encode;
#[cfg(test)]
mod tests;
pub(super) mod wire;

pub use decode::Error;
pub use decode::decode;
pub(super) use decode::doubled_area;
pub use encode::encode;
pub use encode::layer_bytes;
pub use encode::most_bytes;
