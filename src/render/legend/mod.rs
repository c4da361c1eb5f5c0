//! Legends: the classes that a style makes, each with a little picture by the renderer itself, so that what is shown is what is
//! drawn.

mod group;
mod unit;
mod swatch;
mod sheet;
mod svg;

pub use group::Entry;
pub use group::Group;
pub use group::Legend;
pub use group::LegendView;
pub use group::Theme;
pub use group::legend;
pub use sheet::sheet;
pub use svg::svg;
