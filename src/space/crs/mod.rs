//! Coordinate reference systems and the way between them.
//!
//! Within the program every coordinate is east (or longitude) first and north (or latitude) second, whatever the system;
//! the order of an authority appears where coordinates are read and written, by [`Axes`].

mod system;
mod epsg;
mod registry;
mod domain;
mod axes;
mod name;
mod extent;
mod offer;
#[cfg(test)]
mod tests;

pub use axes::Axes;
pub use epsg::Epsg;
pub use name::InvalidCrs;
pub use offer::CrsList;
pub use system::Crs;
