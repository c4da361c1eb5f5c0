//! Where features rest: immutable snapshots that answer queries, in memory or in a mapped file.

mod snapshot;
mod index;
mod rtree;
mod ids;
mod times;
mod order;
mod aggregate;
pub mod overviews;
pub mod segment;

pub use aggregate::Group;
pub use aggregate::Measure;
pub use aggregate::TooManyGroups;
pub use aggregate::aggregate;
pub use overviews::Overviews;
pub use snapshot::Selection;
pub use snapshot::Snapshot;
pub use snapshot::Version;
