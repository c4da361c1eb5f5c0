//! What a thing is: features with their ids, geometries and properties, kept column by column and read row by row.

mod column;
pub mod csv;
pub mod flatgeobuf;
pub mod geojson;
mod geometry;
mod id;
mod relate;
mod schema;
mod shapes;
mod strings;
mod table;
mod value;
pub mod wkt;

pub use column::Column;
pub use geometry::Geometry;
pub use geometry::GeometryKind;
pub use geometry::Part;
pub use geometry::PartKind;
pub use id::Id;
pub use schema::Field;
pub use schema::FieldType;
pub use schema::Schema;
pub use schema::TimeFields;
pub use shapes::Shapes;
pub use strings::Strings;
pub use table::Key;
pub use table::Properties;
pub use table::Row;
pub use table::Table;
pub use table::TableBuilder;
pub use value::Scalar;
pub use value::Value;
