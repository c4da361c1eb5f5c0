//! Collections by plain addresses: `/data/{ids}` as vector tiles, as TileJSON, as a download.
//!
//! ```text
//! /data                              what there is                 list
//! /data/{ids}.json                   TileJSON                      tilejson
//! /data/{ids}.geojson                a download                    download
//! /data/{ids}/{z}/{x}/{y}.pbf        a vector tile                 tiles
//! /data/{ids}/{z}/{x}/{y}.mlt        the same as a MapLibre Tile   tiles
//! /data/{ids}/{z}/{x}/{y}.png        a raster tile                 pictures
//! /data/{ids}/clusters/{cluster}      what a cluster is made of       clusters
//! /data/{ids}/{z}/{x}/{y}/explain    what became of its features   explain
//! /styles, /styles/{style}           documents                     styles
//! /styles/{style}/{z}/{x}/{y}.png    raster tiles                  pictures, picture
//! /styles/{style}/static/...         static maps                   static_map, overlays
//! /styles/{style}/{z}/{x}/{y}/{i}/{j}.json   what was drawn        pixel
//! /styles/{style}/legend.png          what it means                 legend
//! /fonts, /sprites                   letters and images            glyphs
//! ```
//!
//! `{ids}` is a collection, or several joined by commas, a layer each; or an archive of ready tiles (`tileset`).

pub(super) mod data;

pub(super) mod selection;

pub(super) mod tiles;
pub(super) mod explain;
pub(super) mod clusters;

mod tilejson;

pub(super) mod tileset;

mod download;

pub(super) mod list;

pub(super) mod styles;
pub(super) mod pictures;
pub(super) mod picture;
pub(super) mod static_map;
mod overlays;
mod simplestyle;
mod polyline;
pub(super) mod pixel;
pub(super) mod legend;
mod legend_page;
pub(super) mod glyphs;
