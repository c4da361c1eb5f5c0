//! What an expression means for a collection: names, types and coordinates, checked once.

mod condition;
mod coordinates;
mod function;
mod functions;
mod guess;
mod term;
mod types;

pub(super) use condition::condition;
pub(super) use coordinates::project;
pub use function::Argument;
pub use function::Function;
pub use functions::FUNCTIONS;
pub(super) use term::Checker;
pub(super) use term::GEOMETRY_NAMES;
pub use types::Type;
