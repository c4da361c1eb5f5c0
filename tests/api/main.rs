//! The wire, asked in process: a file a concern.
#![allow(clippy::unwrap_used, reason = "what is missing here fails the test")]

mod ask;
mod fixture;

mod aggregates;
mod archives;
mod conditions;
mod data;
mod described;
mod encodings;
mod errors;
mod features;
mod http;
mod links;
mod maps;
mod mlt;
mod ogc_maps;
mod packing;
mod pages;
mod reading;
mod resources;
mod schemas;
mod selected;
mod sources;
mod styles;
mod systems;
mod tiles;
mod wms;
mod wms_told;
mod wmts;
