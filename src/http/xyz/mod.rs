//! Collections by plain addresses: `/data/{ids}` as vector tiles, as TileJSON, as a download.
//!
//! ```text
//! /data                              what there is                 list
//! /data/{ids}.json                   TileJSON                      tilejson
//! /data/{ids}.geojson                a download                    download
//! /data/{ids}/{z}/{x}/{y}.pbf        a vector tile                 tiles
//! ```
//!
//! `{ids}` is a collection, or several joined by commas, a layer each.

pub(super) mod data;

mod selection;

mod tiles;

mod tilejson;

mod download;

pub(super) mod list;
