//! Styles (OGC API Styles, draft 20-009, read only): those of the server, and those of each collection.

mod place;
mod list;
mod style;
mod metadata;

pub(in crate::http) use list::collection_list;
pub(in crate::http) use list::list;
pub(in crate::http) use metadata::collection_metadata;
pub(in crate::http) use metadata::metadata;
pub(in crate::http) use place::CONFORMANCE;
pub(in crate::http) use place::RELATION;
pub(in crate::http) use place::operations;
pub(in crate::http) use style::collection_style;
pub(in crate::http) use style::style;
