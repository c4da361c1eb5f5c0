//! Deflate (RFC 1951) for pictures of many colours.
//!
//! What came before is looked for pixel by pixel and not byte by byte: on maps that is a third of the places to look at, of
//! which most are even, and finds as much.

mod block;
mod huffman;
mod repeats;

pub use block::Deflater;
