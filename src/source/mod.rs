//! Where features come from: files of GeoJSON in all its forms, read once into a table, with what was wrong about them.

mod antimeridian;
mod check;
mod describe;
mod draft;
mod gather;
mod geojson;
mod ids;
mod metadata;
mod problem;
mod read;
mod reference;
mod report;
mod scan;
mod settle;
mod unpack;

pub use check::check;
pub use geojson::read_text;
pub use metadata::ClusterMetadata;
pub use metadata::DeclaredType;
pub use metadata::FieldMetadata;
pub use metadata::Metadata;
pub use metadata::TileMetadata;
pub use metadata::TimeMetadata;
pub use problem::Place;
pub use problem::Problem;
pub use problem::Severity;
pub use read::Collected;
pub use read::Limits;
pub use read::read;
pub use read::read_from;
pub use scan::Found;
pub use scan::scan;
pub use scan::slug;
