//! Maps (OGC API Maps, Part 1): collections and styles as pictures of any part of the world, in any size.
//!
//! What was written (`table`, `subset`, `color`) becomes a place (`place`), and that a request for a map (`maps`).

mod table;
mod subset;
mod color;
mod place;
mod target;
mod page;
mod maps;

pub(in crate::http) use color::color;
pub(in crate::http) use maps::CONFORMANCE;
pub(in crate::http) use maps::collection_map;
pub(in crate::http) use maps::collection_style_map;
pub(in crate::http) use maps::dataset_map;
pub(in crate::http) use maps::links;
pub(in crate::http) use maps::operations;
pub(in crate::http) use maps::style_map;
pub(in crate::http) use place::extent;
pub(in crate::http) use table::systems;
