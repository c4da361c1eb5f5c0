//! What tiles of low zooms are made of: how much each vertex matters, which features can be seen, and what stands for those
//! that cannot.

mod lattice;
mod ranges;
mod area;
mod arcs;
mod importance;
mod entries;
mod cells;
mod overviews;
#[cfg(test)]
mod tests;

pub use area::Area;
pub use importance::needed;
pub use lattice::SIDE;
pub(in crate::store) use lattice::along;
pub use lattice::place;
pub use lattice::position;
pub use overviews::Entry;
pub use overviews::FINEST;
pub use overviews::Mark;
pub use overviews::Overviews;
