//! Where features rest: immutable snapshots that answer queries.

mod aggregate;
mod index;
mod order;
pub mod overviews;
mod snapshot;

pub use aggregate::Group;
pub use aggregate::Measure;
pub use aggregate::TooManyGroups;
pub use aggregate::aggregate;
pub use overviews::Overviews;
pub use snapshot::Selection;
pub use snapshot::Snapshot;
pub use snapshot::Version;
