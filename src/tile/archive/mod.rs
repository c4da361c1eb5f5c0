//! Boxes of ready tiles: `PMTiles` (version 3) and `MBTiles` (1.3). Neither is ever read as a whole.

mod error;
mod pmtiles;
mod directory;
mod hilbert;
mod unpack;
mod mbtiles;
mod about;
pub mod write;
#[cfg(test)]
pub mod sample;
#[cfg(test)]
mod tests;

pub use about::About;
pub use about::Content;
pub use error::Error;
pub use hilbert::first_number;
pub use hilbert::tile_at;
pub use hilbert::tile_number;
pub use mbtiles::Mbtiles;
pub use pmtiles::HEAD_BYTES;
pub use pmtiles::Pmtiles;
pub use pmtiles::Step;
