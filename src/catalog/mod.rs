//! What is served right now.

mod collection;
mod live;
mod served;
pub mod tiles;

pub use collection::Collection;
pub use collection::Features;
pub use live::Live;
pub use served::Catalog;
