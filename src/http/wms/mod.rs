//! WMS 1.3.0 (OGC 06-042) and 1.1.1 (OGC 01-068r3): maps for the clients that most GIS are.
//!
//! ```text
//! /wms?service=WMS&request=GetCapabilities     capabilities, layers
//! /wms?request=GetMap&version=1.3.0&...        look, place, map
//! /wms?request=GetFeatureInfo&...              info
//! /wms?request=GetLegendGraphic&...            legend
//! ```

mod request;

mod version;

mod capabilities;

mod layers;

mod look;

mod place;

mod map;

mod info;

mod legend;

mod exception;

mod operation;

pub(super) use operation::operation;
pub(super) use request::kvp;
