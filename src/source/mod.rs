//! Where features come from.

mod metadata;
mod problem;

pub use metadata::DeclaredType;
pub use metadata::FieldMetadata;
pub use metadata::Metadata;
pub use metadata::TimeMetadata;
pub use problem::Place;
pub use problem::Problem;
pub use problem::Severity;
