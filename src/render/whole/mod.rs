//! Features drawn from where they rest, whole, and not from tiles that were cut of them.
//!
//! What a picture shows of them is laid out for its window alone, in one pass: every shape is projected and snapped to the
//! lattice of the zoom, which is fixed in the world, and simplified as a whole, and only then are the runs of it that lie
//! beyond the window left out. So whatever window a shape is seen through, its pixels are the same.

mod plane;
mod window;
mod memory;
mod join;
mod outline;
mod stitch;
mod bent;
mod shape;
mod source;
mod trim;
mod reach;
mod rows;
mod cut;

pub use cut::Cut;
pub use cut::Cuts;
pub use cut::features;
pub use memory::Memory;
pub use plane::Asked;
pub use plane::Plane;
pub use rows::Rows;
pub use shape::Shape;
pub use shape::ShapePath;
pub use source::Whole;
pub use source::WholeLayer;
pub use stitch::stitch;
pub use window::Span;
