//! `GetCapabilities` (OGC 07-057r7, 7.1).

use axum::body::Body;
use axum::response::Response;

use super::exception::Code;
use super::exception::Exception;
use super::tile::FORMATS;
use crate::http::Call;
use crate::http::ogc::tilematrixsets::grids;
use crate::http::ogc::tiles::Offer;
use crate::http::ows::InfoFormat;
use crate::http::ows::Layer;
use crate::http::ows::Missing;
use crate::http::ows::Parameters;
use crate::http::params::segment;
use crate::http::respond::ETag;
use crate::http::xml::Xml;
use crate::space::Grid;

/// The parts of the document that may be asked for alone.
const SECTIONS: [&str; 6] =
    ["ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Contents", "Themes", "All"];

pub(super) fn answer(call: &Call, parameters: &Parameters) -> Result<Response, Exception> {
    if let Some(versions) = parameters.value("AcceptVersions")
        && versions.split(',').all(|version| version != "1.0.0")
    {
        let message = format!("none of the versions '{versions}' is served; there is 1.0.0");
        return Err(Exception::new(Code::VersionNegotiationFailed, "", message));
    }
    let written = parameters.written("Sections").unwrap_or("All");
    if written.is_empty() {
        return Err(Missing("sections").into());
    }
    let sections: Vec<&str> = written.split(',').collect();
    let known = |name: &str| SECTIONS.iter().find(|known| known.eq_ignore_ascii_case(name));
    if let Some(unknown) = sections.iter().find(|name| known(name).is_none()) {
        return Err(Exception::unknown("sections", unknown, &SECTIONS));
    }
    let version = call.app.live.since();
    let is_known =
        parameters.value("UpdateSequence").map(|known| is_current(known, version)).transpose()? == Some(true);
    let version = version.to_string();
    let has = |name: &str| {
        let is_asked = |own: &&str| own.eq_ignore_ascii_case(name) || own.eq_ignore_ascii_case("All");
        !is_known && sections.iter().any(is_asked)
    };
    let mut xml = Xml::new();
    begin(&mut xml, &version);
    if has("ServiceIdentification") {
        xml.open("ows:ServiceIdentification", &[])
            .text("ows:Title", &call.app.config.title)
            .text("ows:Abstract", &call.app.config.description)
            .text("ows:ServiceType", "OGC WMTS")
            .text("ows:ServiceTypeVersion", "1.0.0")
            .text("ows:Fees", "none")
            .text("ows:AccessConstraints", "none")
            .close();
    }
    if has("ServiceProvider") {
        xml.open("ows:ServiceProvider", &[])
            .text("ows:ProviderName", &call.app.config.title)
            .empty("ows:ServiceContact", &[])
            .close();
    }
    if has("OperationsMetadata") {
        operations(&mut xml, call);
    }
    if has("Contents") {
        contents(&mut xml, call);
    }
    if !is_known {
        let address = call.base.url("/wmts/1.0.0/WMTSCapabilities.xml");
        xml.empty("ServiceMetadataURL", &[("xlink:href", &address)]);
    }
    let formats = parameters.value("AcceptFormats").unwrap_or_default();
    let wanted = formats.split(',').find(|format| matches!(*format, "application/xml" | "text/xml"));
    let content_type =
        if wanted == Some("text/xml") { "text/xml; charset=utf-8" } else { "application/xml; charset=utf-8" };
    let text = xml.finish();
    let tag = ETag::of(&[content_type.as_bytes(), text.as_bytes()]);
    let unchanged = tag.unchanged(&call.headers);
    Ok(unchanged.unwrap_or_else(|| tag.answer(content_type, Body::from(text))))
}

/// Whether the state that a client knows is the present one; an earlier one is not.
fn is_current(known: &str, version: u64) -> Result<bool, Exception> {
    let number = known.trim().parse::<u64>().ok().filter(|&number| number <= version);
    number.map(|number| number == version).ok_or_else(|| {
        let message = format!("'{known}' is no state of this service; the present one is {version}");
        Exception::new(Code::InvalidUpdateSequence, "updateSequence", message)
    })
}

fn begin(xml: &mut Xml, version: &str) {
    let location =
        "http://www.opengis.net/wmts/1.0 http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd";
    xml.open(
        "Capabilities",
        &[
            ("xmlns", "http://www.opengis.net/wmts/1.0"),
            ("xmlns:ows", "http://www.opengis.net/ows/1.1"),
            ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("xsi:schemaLocation", location),
            ("version", "1.0.0"),
            ("updateSequence", version),
        ],
    );
}

fn operations(xml: &mut Xml, call: &Call) {
    xml.open("ows:OperationsMetadata", &[]);
    for name in ["GetCapabilities", "GetTile", "GetFeatureInfo"] {
        let rest = if name == "GetCapabilities" { "/wmts/1.0.0/WMTSCapabilities.xml" } else { "/wmts/1.0.0/" };
        xml.open("ows:Operation", &[("name", name)]).open("ows:DCP", &[]).open("ows:HTTP", &[]);
        for (encoding, address) in [("KVP", call.base.url("/wmts?")), ("RESTful", call.base.url(rest))] {
            xml.open("ows:Get", &[("xlink:href", &address)])
                .open("ows:Constraint", &[("name", "GetEncoding")])
                .open("ows:AllowedValues", &[])
                .text("ows:Value", encoding)
                .close()
                .close()
                .close();
        }
        xml.close().close();
        if name == "GetCapabilities" {
            xml.open("ows:Parameter", &[("name", "AcceptFormats")]).open("ows:AllowedValues", &[]);
            xml.text("ows:Value", "application/xml").text("ows:Value", "text/xml").close().close();
        }
        xml.close();
    }
    xml.close();
}

fn contents(xml: &mut Xml, call: &Call) {
    let grids = grids(&call.catalog);
    let mut used: Vec<&Grid> = Vec::new();
    xml.open("Contents", &[]);
    for layer in Layer::all(&call.catalog) {
        let Some(first) = layer.styles.first() else { continue };
        let sets: Vec<&Grid> = grids.iter().copied().filter(|grid| first.has_tiles(call, grid)).collect();
        // A layer has to have a tile matrix set.
        if sets.is_empty() {
            continue;
        }
        describe(xml, call, &layer, first, &sets);
        for grid in sets {
            if !used.iter().any(|own| own.id() == grid.id()) {
                used.push(grid);
            }
        }
    }
    used.into_iter().for_each(|grid| tile_matrix_set(xml, grid));
    xml.close();
}

fn describe(xml: &mut Xml, call: &Call, layer: &Layer, first: &Offer, sets: &[&Grid]) {
    xml.open("Layer", &[]).text("ows:Title", &layer.title).text("ows:Abstract", &layer.description);
    if let Some(bounds) = first.bounds() {
        xml.open("ows:WGS84BoundingBox", &[])
            .text("ows:LowerCorner", &format!("{} {}", bounds.min_x, bounds.min_y))
            .text("ows:UpperCorner", &format!("{} {}", bounds.max_x, bounds.max_y))
            .close();
    }
    xml.text("ows:Identifier", &layer.id);
    for (place, style) in layer.styles.iter().enumerate() {
        let attributes: &[(&str, &str)] = if place == 0 { &[("isDefault", "true")] } else { &[] };
        xml.open("Style", attributes);
        xml.text("ows:Title", style.style_title()).text("ows:Identifier", style.style()).close();
    }
    for (format, _) in FORMATS {
        xml.text("Format", format);
    }
    for format in InfoFormat::ALL {
        xml.text("InfoFormat", format.media_type());
    }
    if let Some(times) = &layer.time {
        // Clients put the default into addresses as it stands, where an interval with its slash would not do.
        xml.open("Dimension", &[]).text("ows:Identifier", "Time").text("ows:UOM", "ISO8601");
        xml.text("Default", "default").text("Value", "default").text("Value", &times.all()).close();
    }
    // The schema has no word for limits that begin with row or column 0, as those of the first matrix always do (they are of the
    // type positiveInteger), and clients that see limits of some matrices use no others. The box above says where tiles are.
    for grid in sets {
        xml.open("TileMatrixSetLink", &[]).text("TileMatrixSet", grid.id()).close();
    }
    let time = if layer.time.is_some() { "{Time}/" } else { "" };
    let place = format!(
        "/wmts/1.0.0/{}/{{Style}}/{time}{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}",
        segment(&layer.id)
    );
    let tiles = [("image/png", "png"), ("image/jpeg", "jpg"), ("image/webp", "webp")];
    let tiles = tiles.map(|(format, extension)| (format, "tile", format!("{place}.{extension}")));
    let infos = InfoFormat::ALL
        .map(|format| (format.media_type(), "FeatureInfo", format!("{place}/{{J}}/{{I}}.{}", format.extension())));
    for (format, kind, path) in tiles.into_iter().chain(infos) {
        let template = call.base.url(&path);
        xml.empty("ResourceURL", &[("format", format), ("resourceType", kind), ("template", &template)]);
    }
    xml.close();
}

fn tile_matrix_set(xml: &mut Xml, grid: &Grid) {
    xml.open("TileMatrixSet", &[]).text("ows:Title", grid.title()).text("ows:Identifier", grid.id());
    xml.text("ows:SupportedCRS", &grid.crs().urn());
    if let Some(name) = grid.well_known_scale_set().and_then(|uri| uri.rsplit('/').next()) {
        xml.text("WellKnownScaleSet", &format!("urn:ogc:def:wkss:OGC:1.0:{name}"));
    }
    for matrix in grid.levels() {
        let bounds = matrix.bounds();
        let [x, y] = grid.crs().axes().write([bounds.min_x, bounds.max_y]);
        xml.open("TileMatrix", &[])
            .text("ows:Identifier", &matrix.id)
            .text("ScaleDenominator", &matrix.scale_denominator.to_string())
            .text("TopLeftCorner", &format!("{x} {y}"))
            .text("TileWidth", &matrix.tile_width.to_string())
            .text("TileHeight", &matrix.tile_height.to_string())
            .text("MatrixWidth", &matrix.width.to_string())
            .text("MatrixHeight", &matrix.height.to_string())
            .close();
    }
    xml.close();
}
