//! `GetCapabilities` (OGC 07-057r7, 7.1).

use std::cmp::Ordering;

use axum::body::Body;
use axum::response::Response;

use super::exception::Code;
use super::exception::Exception;
use super::matrix_set::MatrixSet;
use crate::http::Call;
use crate::http::ogc::tiles::Offer;
use crate::http::ows::InfoFormat;
use crate::http::ows::Layer;
use crate::http::ows::Missing;
use crate::http::ows::Parameters;
use crate::http::ows::compared;
use crate::http::params::segment;
use crate::http::respond::ETag;
use crate::http::xml::Xml;
use crate::space::TileLimits;

/// The formats of tiles that are offered. Others are answered too, but clients and test suites try all that are told of, and few
/// of this age read them.
const OFFERED: [(&str, &str); 2] = [("image/png", "png"), ("image/jpeg", "jpg")];

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
fn is_current(known: &str, present: u64) -> Result<bool, Exception> {
    let age = compared(known, present).filter(|order| order.is_le());
    age.map(Ordering::is_eq).ok_or_else(|| {
        let message = format!("'{known}' is no state of this service; the present one is {present}");
        Exception::new(Code::InvalidUpdateSequence, "updateSequence", message)
    })
}

fn begin(xml: &mut Xml, version: &str) {
    let location = "http://www.opengis.net/wmts/1.0 http://schemas.opengis.net/wmts/1.0/wmts.xsd";
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
    let limits = &call.app.config.limits;
    let all = MatrixSet::all(call);
    let mut used = vec![false; all.len()];
    xml.open("Contents", &[]);
    for layer in Layer::all(&call.catalog) {
        let own = all.iter().map(|set| (*set, set.limits(&layer, limits)));
        let sets: Vec<(usize, (MatrixSet<'_>, Vec<TileLimits>))> =
            own.enumerate().filter(|(_, (_, within))| !within.is_empty()).collect();
        // A layer has to have a tile matrix set.
        let Some(first) = layer.styles.first().filter(|_| !sets.is_empty()) else { continue };
        sets.iter().for_each(|(position, _)| used[*position] = true);
        describe(xml, call, &layer, first, sets.into_iter().map(|(_, set)| set));
    }
    for (set, _) in all.iter().zip(used).filter(|(_, is_used)| *is_used) {
        set.describe(xml, limits);
    }
    xml.close();
}

fn describe<'a>(
    xml: &mut Xml,
    call: &Call,
    layer: &Layer,
    first: &Offer,
    sets: impl IntoIterator<Item = (MatrixSet<'a>, Vec<TileLimits>)>,
) {
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
    for (format, _) in OFFERED {
        xml.text("Format", format);
    }
    for format in InfoFormat::ALL {
        xml.text("InfoFormat", format.media_type());
    }
    if let Some(times) = &layer.time {
        // Clients put values into addresses as they stand, where an interval with its slash would not do; all times are the default.
        xml.open("Dimension", &[]).text("ows:Identifier", "Time").text("ows:UOM", "ISO8601");
        xml.text("Default", "default").text("Current", "true");
        for value in ["default", &times.from, &times.until] {
            xml.text("Value", value);
        }
        xml.close();
    }
    sets.into_iter().for_each(|(set, within)| set.link(xml, &within));
    let time = if layer.time.is_some() { "{Time}/" } else { "" };
    let place = format!(
        "/wmts/1.0.0/{}/{{Style}}/{time}{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}",
        segment(&layer.id)
    );
    let tiles = OFFERED.map(|(format, extension)| (format, "tile", format!("{place}.{extension}")));
    let infos = InfoFormat::ALL
        .map(|format| (format.media_type(), "FeatureInfo", format!("{place}/{{J}}/{{I}}.{}", format.extension())));
    for (format, kind, path) in tiles.into_iter().chain(infos) {
        let template = call.base.url(&path);
        xml.empty("ResourceURL", &[("format", format), ("resourceType", kind), ("template", &template)]);
    }
    xml.close();
}
