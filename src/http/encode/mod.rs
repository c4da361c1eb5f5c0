//! Features in each of their representations, one after the other.

mod profile;
mod writing;
mod time;
mod feature;
mod document;

pub use document::Heading;
pub use document::document;
pub use document::write_root;
pub use feature::write_feature;
pub use profile::Profile;
pub use writing::Writing;
