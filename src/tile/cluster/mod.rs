//! Points gathered into clusters, a level of zoom after the other, as Supercluster does it (which MapLibre gathers with).

mod plane;
mod gather;
#[cfg(test)]
mod tests;

pub use gather::ClusterSettings;
pub use gather::Clusters;
pub use gather::Mark;
pub use gather::Marked;
pub use gather::abbreviated;
