//! What is served right now.

mod collection;
mod live;
mod remote;
mod served;
mod supply;
pub mod tiles;

pub use collection::Collection;
pub use collection::Features;
pub use live::Live;
pub use remote::Remote;
pub use remote::RemoteLimits;
pub use remote::Unfetched;
pub use served::Catalog;
pub use supply::Supply;
