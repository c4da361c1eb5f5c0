//! Archives are written in two steps. Tiles come in the order of their numbers and are spooled beside the target, with a
//! journal of what is there, so that writing goes on where it was interrupted. When all have come, the archive is put
//! together under another name, and then gets its own: whatever is under that name is whole.

mod target;
mod description;
mod error;

mod journal;
mod spool;
mod entries;
mod sizes;

mod assemble;
mod pmtiles;
mod mbtiles;
mod folder;

mod packed;
#[cfg(test)]
mod tests;

pub use description::Description;
pub use description::Format;
pub use error::Unwritable;
pub use packed::PackedTiles;
pub use packed::TilePlace;
pub use sizes::Sizes;
pub use sizes::ZoomSizes;
pub use spool::Spool;
pub use target::Container;
pub use target::Target;
