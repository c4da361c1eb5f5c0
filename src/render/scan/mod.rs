//! From shapes on the lattice to the pixels whose middles they hold.
//!
//! Nothing is anti-aliased here: edges are softened by what is laid over them, as MapLibre's shaders do, so that a pixel's
//! colour depends on nothing but its middle and two tiles never both draw it, nor neither.

mod hairline;
mod polygon;
mod step;
mod triangle;

pub use hairline::hairline;
pub use polygon::Polygon;
pub use triangle::Plane;
pub use triangle::Vertex;
pub use triangle::rows;
pub use triangle::triangle;
