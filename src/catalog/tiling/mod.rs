//! Collections cut to tiles: what may be seen, in as many bytes as a tile may have.

mod settings;
mod zooms;
mod step;
mod candidates;
mod layer;
mod labels;
mod clustered;
mod tile;
mod explain;
#[cfg(test)]
mod tests;

pub use clustered::Aggregate;
pub use clustered::Clustered;
pub use clustered::Clustering;
pub use explain::Explanation;
pub use explain::explain;
pub use labels::LabelPoints;
pub use labels::SUFFIX as LABEL_SUFFIX;
pub use layer::Rule;
pub use layer::Tally;
pub use settings::TileSettings;
pub use tile::CutTile;
pub use tile::Extras;
pub use tile::tile_rows;
pub use tile::vector_tile;
pub use zooms::fitting_zoom;
