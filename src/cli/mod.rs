//! The verbs of the program, a file each.

mod job;
mod render;

pub use render::Render;
pub use render::render;
