//! Features into the layer of a tile: trimmed to the neighbourhood, snapped to the grid, simplified, clipped, repaired.

mod bend;
mod clip;
mod features;
mod repair;
mod settings;
mod simplify;
mod snap;
#[cfg(test)]
mod tests;

pub use bend::bend;
pub use bend::trim_line;
pub use bend::trim_ring;
pub use features::Detail;
pub use features::Dot;
pub use features::Fate;
pub use features::Item;
pub use features::cut;
pub use features::cut_items;
pub use features::id_key;
pub use settings::CutSettings;
pub use simplify::simplify_line;
pub use simplify::simplify_ring;
pub use simplify::weigh;
pub use snap::area;

pub(in crate::tile) use clip::Lie;
pub(in crate::tile) use clip::Square;
pub(in crate::tile) use features::Carried;
pub(in crate::tile) use simplify::clean_ring;
pub(in crate::tile) use snap::Point;
