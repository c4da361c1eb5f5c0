//! Tiles of collections, or of a style, written to an archive.

mod job;
mod cover;
mod shard;
mod walk;
mod content;
mod pictures;
mod description;

mod estimate;
mod queue;
mod run;
mod merge;
#[cfg(test)]
mod tests;

pub use content::Content;
pub use estimate::Estimate;
pub use estimate::ZoomEstimate;
pub use estimate::estimate;
pub use job::Job;
pub use job::Unexportable;
pub use merge::merge;
pub use pictures::Pictures;
pub use run::Progress;
pub use run::export;
pub use shard::Shard;
