//! Vector tiles as bytes.

pub mod mvt;
