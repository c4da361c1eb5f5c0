//! WMTS 1.0.0 (OGC 07-057r7): the map tiles of OGC API Tiles for older clients.
//!
//! ```text
//! /wmts?service=WMTS&request=...                                           request
//! /wmts/1.0.0/WMTSCapabilities.xml                                         capabilities
//! /wmts/1.0.0/{layer}/{style}/{tms}/{tileMatrix}/{tileRow}/{tileCol}.png   tile
//! /wmts/1.0.0/.../{tileCol}/{j}/{i}.json                                   info
//! /wmts/1.0.0/{layer}/{style}/{time}/{tms}/...                             both, at a time
//! ```

mod request;

mod capabilities;

mod matrix_set;

mod tile;

mod info;

mod exception;

mod operation;

pub(super) use operation::operations;
pub(super) use request::addressed_info;
pub(super) use request::addressed_info_at;
pub(super) use request::addressed_tile;
pub(super) use request::addressed_tile_at;
pub(super) use request::capabilities_document;
pub(super) use request::kvp;
