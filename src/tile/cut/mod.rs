//! Features into the layer of a tile: trimmed to the neighbourhood, snapped to the grid, simplified, clipped, repaired.

mod bend;
mod clip;
mod items;
mod carried;
mod mark;
mod features;
mod repair;
mod settings;
mod parallels;
mod simplify;
mod snap;
#[cfg(test)]
mod tests;

pub use bend::bend;
pub use bend::trim_line;
pub use bend::trim_ring;
pub use carried::id_key;
pub use features::cut;
pub use features::cut_items;
pub use items::Detail;
pub use items::Dot;
pub use items::Fate;
pub use items::Item;
pub use settings::CutSettings;
pub use simplify::simplify_line;
pub use simplify::simplify_ring;
pub use simplify::weigh;
pub use snap::area;

pub(in crate::tile) use carried::Carried;
pub(in crate::tile) use clip::Lie;
pub(in crate::tile) use clip::Square;
pub(in crate::tile) use simplify::clean_ring;
pub(in crate::tile) use snap::Point;
