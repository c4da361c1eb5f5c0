//! What WMTS answers, for the description of the API.

use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Segment;

/// The address whose parameters say which operation is meant, and those that need none.
pub(in crate::http) fn operations() -> [Operation; 3] {
    let text = |name: &'static str, about: &'static str| Parameter::new(name, Kind::Text, about);
    let place = |name, description| Segment { name, description };
    let kvp = Operation {
        id: "wmts.kvp".to_owned(),
        path: "/wmts".to_owned(),
        tag: "WMTS",
        summary: "WMTS 1.0.0 by parameters: capabilities, tiles, and what is at a pixel of a tile. Names of parameters have no \
                  case here, and unknown ones are passed over; what is wrong is told in an ows:ExceptionReport."
            .to_owned(),
        segments: Vec::new(),
        parameters: vec![
            Parameter::new("service", Kind::Word(&["WMTS"]), "The service, which has to be given."),
            Parameter::new(
                "request",
                Kind::Word(&["GetCapabilities", "GetTile", "GetFeatureInfo"]),
                "The operation, which has to be given.",
            ),
            text("version", "The version: 1.0.0."),
            text("layer", "The layer."),
            text("style", "Its style; empty for the usual one."),
            text("format", "The format of the tile."),
            text("tileMatrixSet", "The tile matrix set."),
            text("tileMatrix", "The tile matrix."),
            text("tileRow", "The row, from the top."),
            text("tileCol", "The column, from the left."),
            text("time", "Only features of these times: a list of instants, from/until, and from/until/period."),
            text("I", "The column of the pixel."),
            text("J", "The row of the pixel."),
            text("infoFormat", "The format in which features are told."),
        ],
        formats: &[Format::Xml, Format::Png, Format::Jpeg, Format::Webp, Format::GeoJson, Format::Html],
        body: None,
    };
    let capabilities = Operation {
        id: "wmts.getCapabilities".to_owned(),
        path: "/wmts/1.0.0/WMTSCapabilities.xml".to_owned(),
        tag: "WMTS",
        summary: "The capabilities of WMTS 1.0.0.".to_owned(),
        segments: Vec::new(),
        parameters: Vec::new(),
        formats: &[Format::Xml],
        body: None,
    };
    let tile = Operation {
        id: "wmts.getTile".to_owned(),
        path: "/wmts/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}.png".to_owned(),
        tag: "WMTS",
        summary: "A tile; `.jpg` and `.webp` are other formats, `/{j}/{i}.json` behind the column tells what is at a pixel, and a \
                  time before the tile matrix set selects features."
            .to_owned(),
        segments: vec![
            place("layer", "The layer."),
            place("style", "Its style."),
            place("tileMatrixSet", "The tile matrix set."),
            place("tileMatrix", "The tile matrix."),
            place("tileRow", "The row, from the top."),
            place("tileCol", "The column, from the left."),
        ],
        parameters: Vec::new(),
        formats: &[Format::Png],
        body: None,
    };
    [kvp, capabilities, tile]
}
