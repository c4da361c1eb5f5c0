//! What is served right now.

mod cache;
mod collection;
mod live;
mod served;
pub mod tiles;

pub use cache::Bytes;
pub use cache::Cache;
pub use cache::CacheState;
pub use collection::Collection;
pub use collection::Features;
pub use live::Live;
pub use served::Catalog;
