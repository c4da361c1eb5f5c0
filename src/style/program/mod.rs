//! Expressions lowered to what a loop over features can afford: nothing is copied, and no map of properties is built.
//!
//! `maplibre-expr` parses and types, and stays the judge of what an expression means: what is constant it computes once, what
//! is rare it is still asked for, and what cannot be lowered it evaluates as a whole. A property test compares the two.

mod held;
mod node;
mod script;
mod lower;
mod run;
mod settle;
#[cfg(test)]
mod tests;

pub(super) use held::Held;
pub(super) use lower::lower;
pub(super) use node::Node;
pub(super) use script::OPERATORS;
