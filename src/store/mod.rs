//! Where features rest: immutable snapshots that answer queries.

mod index;
mod order;
mod snapshot;

pub use snapshot::Selection;
pub use snapshot::Snapshot;
pub use snapshot::Version;
