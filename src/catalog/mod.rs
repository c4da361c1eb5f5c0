//! What is served right now.

mod collection;
mod served;

pub use collection::Collection;
pub use collection::Features;
pub use served::Catalog;
