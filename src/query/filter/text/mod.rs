//! CQL2 Text (OGC 21-065r2, annex A) to an expression and back.

mod lexer;
mod cursor;
mod reader;
mod wkt;
mod writer;

pub(super) use reader::read;
pub(super) use writer::write;
