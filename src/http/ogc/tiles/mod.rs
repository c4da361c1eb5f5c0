//! OGC API Tiles: the same resources below the whole dataset, a collection, a map and a map in a style.
//!
//! ```text
//! .../tiles                                          the tilesets       list
//! .../tiles/{tms}                                    one of them        tileset
//! .../tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}   a tile             tile, features
//! ```

mod offer;

mod asked;

mod subset;

mod document;

mod list;

mod tileset;

mod tile;

mod features;

pub(in crate::http) use list::list;
pub(super) use offer::CONFORMANCE;
pub(in crate::http) use offer::Offer;
pub(super) use offer::links;
pub(in crate::http) use offer::stacked;
pub(in crate::http) use tile::picture;
pub(in crate::http) use tile::tile;
pub(in crate::http) use tileset::tileset;
