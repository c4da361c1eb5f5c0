//! What WMTS answers, for the description of the API.

use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Segment;

/// The address whose parameters say which operation is meant, and those that need none.
pub(in crate::http) fn operations() -> Vec<Operation> {
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
    let path = "/wmts/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}";
    let tile = Operation {
        id: "wmts.getTile".to_owned(),
        path: format!("{path}.png"),
        tag: "WMTS",
        summary: "A tile; `.jpg` and `.webp` are other formats.".to_owned(),
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
    let mut info = Operation {
        id: "wmts.getFeatureInfo".to_owned(),
        path: format!("{path}/{{j}}/{{i}}.json"),
        summary: "What is at a pixel of a tile; `.html`, `.txt` and `.gml` are other formats.".to_owned(),
        formats: &[Format::GeoJson],
        ..tile.clone()
    };
    info.segments.extend([place("j", "The row of the pixel, from the top."), place("i", "Its column, from the left.")]);
    let timed = [&tile, &info].map(|own| {
        let mut timed = own.clone();
        timed.id.push_str("At");
        timed.path = timed.path.replace("{style}/", "{style}/{time}/");
        timed.summary.push_str(" Only features of a time: an instant, or `default` for all.");
        timed.segments.insert(2, place("time", "The time, as in the parameter `time`; a slash is written as %2F."));
        timed
    });
    [kvp, capabilities, tile, info].into_iter().chain(timed).collect()
}
