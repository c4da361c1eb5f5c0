//! What is served right now.

mod served;
mod collection;
mod styled;
mod live;

mod tiles;
mod cache;

pub use cache::Bytes;
pub use cache::Cache;
pub use cache::CacheState;
pub use collection::Collection;
pub use collection::Features;
pub use live::Live;
pub use served::Catalog;
pub use styled::Styled;
pub use tiles::vector_tile;
pub use tiles::zooms;
