//! Style, features and tiles become a picture.
//!
//! Three calls, so that the middle one alone waits: [`plan`] says which tiles are needed, the caller loads them, [`draw`]
//! makes the picture and cannot fail. Geometry is laid on a lattice of 256ths of a pixel that is fixed in the world, and every
//! pixel is decided at its middle, so neighbouring pictures agree on every shape.

mod bitmap;
mod canvas;
mod clip;
mod deeper;
mod deflate;
mod draw;
mod ground;
mod heights;
mod lattice;
mod loaded;
mod map;
mod pick;
mod pin;
mod pixels;
mod lettering;
mod caption;
pub mod legend;
mod palette;
mod picture;
mod pixel_grid;
mod png;
mod projection;
mod reprojection;
mod scan;
mod scene;
pub mod sprite;
mod square;
mod symbol;
pub mod text;
mod tiles;
mod view;
mod webp;
mod whole;

pub use bitmap::BadImage;
pub use bitmap::Bitmap;
pub use canvas::Canvas;
pub use caption::caption;
pub use ground::Ground;
pub use ground::neighbourhood;
pub use heights::Heights;
pub use lattice::Cell;
pub use lettering::Text;
pub use loaded::Loaded;
pub use loaded::Shown;
pub use map::Assets;
pub use map::Need;
pub use map::draw;
pub use map::draw_if_certain;
pub use map::plan;
pub use pick::Hit;
pub use pick::Shape;
pub use pick::pick;
pub use picture::Format;
pub use picture::Picture;
pub use picture::Unencodable;
pub use pin::Mark;
pub use pin::Pin;
pub use pin::PinSize;
pub use pixel_grid::PixelGrid;
pub use projection::Projection;
use reprojection::Reprojection;
pub use scene::Frame;
pub use scene::Item;
pub use scene::Part;
pub use scene::Scene;
pub use symbol::label_point;
pub use tiles::Placed;
pub use tiles::Transform;
pub use view::LONGEST_SIDE;
pub use view::Placement;
pub use view::View;
pub use view::degrees;
pub use view::world;
pub use whole::Memory;
pub use whole::Whole;
pub use whole::WholeLayer;

#[cfg(test)]
mod tests;
