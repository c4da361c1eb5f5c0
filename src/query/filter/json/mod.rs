//! CQL2 JSON (OGC 21-065r2, annex B) to an expression and back.

mod raw;
mod reader;
mod shape;
mod writer;

pub(super) use reader::read;
pub(super) use writer::write;
