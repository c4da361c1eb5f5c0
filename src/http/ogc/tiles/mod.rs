//! OGC API Tiles: the same resources below the whole dataset, a collection, a map and a map in a style.
//!
//! ```text
//! .../tiles                                          the tilesets       list
//! .../tiles/{tms}                                    one of them        tileset
//! .../tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}   a tile             tile, features
//! /data/{id}/tiles/...                               the same of an archive   archive
//! ```

mod offer;

mod asked;

mod subset;

mod document;

mod list;

mod tileset;

mod tile;

mod features;

mod archive;

pub(in crate::http) use archive::archive_list;
pub(in crate::http) use archive::archive_tile;
pub(in crate::http) use archive::archive_tileset;
pub(in crate::http) use archive::operations as archive_operations;
pub(in crate::http) use list::list;
pub(super) use offer::CONFORMANCE;
pub(in crate::http) use offer::Offer;
pub(super) use offer::links;
pub(in crate::http) use offer::stacked;
pub(in crate::http) use tile::picture;
pub(in crate::http) use tile::tile;
pub(in crate::http) use tileset::tileset;
