//! What WMS answers, for the description of the API.

use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;

/// The one address, whose parameters say which operation is meant.
pub(in crate::http) fn operation() -> Operation {
    let text = |name: &'static str, about: &'static str| Parameter::new(name, Kind::Text, about);
    Operation {
        id: "wms.kvp".to_owned(),
        path: "/wms".to_owned(),
        tag: "WMS",
        summary: "WMS 1.3.0 and 1.1.1: capabilities, maps, what is at a pixel of a map, and legends. Names of parameters have no \
                  case here, and unknown ones are passed over; what is wrong is told in a ServiceExceptionReport."
            .to_owned(),
        segments: Vec::new(),
        parameters: vec![
            Parameter::new("SERVICE", Kind::Word(&["WMS"]), "The service."),
            Parameter::new("REQUEST", Kind::Word(&super::request::OPERATIONS), "The operation, which has to be given."),
            text("VERSION", "The version: 1.3.0 or 1.1.1."),
            text("LAYERS", "The layers of a map (a comma list), the first at the bottom."),
            text("STYLES", "A style for each of them (a comma list); an empty one is the usual one."),
            text("CRS", "The system of the map (`SRS` in 1.1.1)."),
            text("BBOX", "What is shown: minx,miny,maxx,maxy in the order of the system's axes (east first in 1.1.1)."),
            text("WIDTH", "The width in pixels."),
            text("HEIGHT", "The height in pixels."),
            text("FORMAT", "The format of the map, legend or capabilities."),
            text("TRANSPARENT", "TRUE for a map without a background; FALSE without it."),
            text("BGCOLOR", "The colour under the map, 0xRRGGBB; white without it."),
            text("EXCEPTIONS", "How faults are told: XML, INIMAGE or BLANK."),
            text("TIME", "Only features of these times: a list of instants, from/until, and from/until/period."),
            text("filter", "Only features that meet this condition, which is written in CQL2."),
            text("QUERY_LAYERS", "The layers of which features are told."),
            text("INFO_FORMAT", "The format in which features are told."),
            text("FEATURE_COUNT", "The most features that are told; 1 without it."),
            text("I", "The column of the pixel (`X` in 1.1.1)."),
            text("J", "The row of the pixel (`Y` in 1.1.1)."),
            text("LAYER", "The layer of a legend."),
            text("STYLE", "The style of a legend."),
            text("SCALE", "The scale of a legend, as the number below the 1."),
            text("UPDATESEQUENCE", "The state of the capabilities that is known."),
        ],
        formats: &[
            Format::Xml,
            Format::Png,
            Format::Jpeg,
            Format::Webp,
            Format::GeoJson,
            Format::Html,
            Format::Svg,
            Format::Json,
        ],
        body: None,
    }
}
