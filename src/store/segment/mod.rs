//! A snapshot as one file that is written once and then mapped: features larger than memory, and back in milliseconds.
//!
//! ```text
//! prologue   64 bytes: what it is, where the head lies, hashes of both
//! sections   arrays by name, each aligned, with a hash in the head
//! head       JSON: what it was made of, the schema, the sections
//! ```
//!
//! All of it is hashed before anything of it is served, so a file with a wrong byte is never taken for a good one. It appears
//! under its name when it is complete and on the disk, and never changes after that.

mod layout;
mod write;
mod read;

pub use layout::Error;
pub use layout::FORMAT;
pub use layout::Identity;
pub use layout::Label;
pub use read::Segment;
pub use read::open;
pub use write::Written;
pub use write::is_partial;
pub use write::write;

#[cfg(test)]
mod tests;
