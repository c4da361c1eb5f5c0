//! Conditions on features: CQL2 (OGC 21-065r2), read, checked and evaluated.

mod operator;
mod place;
mod shape;
mod ast;
mod text;
mod json;
mod check;
mod eval;
mod written;
mod checked;

#[cfg(test)]
mod tests;

pub use ast::FilterLimits;
pub use ast::Written;
pub use check::Argument;
pub use check::FUNCTIONS;
pub use check::Function;
pub use check::Type;
pub use checked::Filter;
pub use place::InvalidFilter;
pub use place::Place;
