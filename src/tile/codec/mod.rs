//! Vector tiles as bytes.

pub mod mlt;
pub mod mvt;

mod format;

pub use format::VectorFormat;
