//! What is served right now.

mod collection;
mod live;
mod served;

pub use collection::Collection;
pub use collection::Features;
pub use live::Live;
pub use served::Catalog;
