//! `GetCapabilities` (OGC 06-042, 7.2; OGC 01-068r3, 7.1).

use std::cmp::Ordering;

use axum::body::Body;
use axum::response::Response;

use super::exception::Code;
use super::exception::Exception;
use super::layers::describe;
use super::layers::legends;
use super::legend;
use super::map::MapFormat;
use super::version::Version;
use crate::http::Call;
use crate::http::ows::InfoFormat;
use crate::http::ows::Layer;
use crate::http::ows::Parameters;
use crate::http::ows::compared;
use crate::http::respond::ETag;
use crate::http::xml::Xml;

pub(super) async fn answer(call: &Call, parameters: &Parameters, version: Version) -> Result<Response, Exception> {
    let sequence = call.app.live.since();
    if let Some(known) = parameters.value("UPDATESEQUENCE") {
        compare(known, sequence)?;
    }
    let layers = Layer::all(&call.catalog);
    let legends = legends(call, &layers).await?;
    let mut xml = begin(version, sequence);
    service(&mut xml, call, version);
    xml.open("Capability", &[]);
    requests(&mut xml, call, version);
    xml.open("Exception", &[]);
    let manners = match version {
        Version::V1_3_0 => ["XML", "INIMAGE", "BLANK"],
        Version::V1_1_1 => {
            ["application/vnd.ogc.se_xml", "application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank"]
        }
    };
    manners.iter().for_each(|manner| {
        xml.text("Format", manner);
    });
    xml.close();
    describe(&mut xml, call, version, &layers, &legends);
    let content_type = match version {
        Version::V1_3_0 => "text/xml; charset=utf-8",
        Version::V1_1_1 => "application/vnd.ogc.wms_xml; charset=utf-8",
    };
    let text = xml.finish();
    let tag = ETag::of(&[content_type.as_bytes(), text.as_bytes()]);
    Ok(tag.unchanged(&call.headers).unwrap_or_else(|| tag.answer(content_type, Body::from(text))))
}

/// Whether a client that knows one state of the service has to be told of this one (OGC 06-042, 7.2.3.5).
fn compare(known: &str, sequence: u64) -> Result<(), Exception> {
    let wrong = |code, message: String| Err(Exception::new(code, "UPDATESEQUENCE", message));
    match compared(known, sequence) {
        Some(Ordering::Equal) => wrong(Code::CurrentUpdateSequence, format!("nothing has changed since '{known}'")),
        Some(Ordering::Less) => Ok(()),
        Some(Ordering::Greater) | None => wrong(
            Code::InvalidUpdateSequence,
            format!("'{known}' is no state of this service; the present one is {sequence}"),
        ),
    }
}

fn begin(version: Version, sequence: u64) -> Xml {
    let sequence = sequence.to_string();
    let own = [("version", version.name()), ("updateSequence", sequence.as_str())];
    match version {
        Version::V1_3_0 => {
            let mut xml = Xml::new();
            let location = "http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd \
                            http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd";
            let namespaces = [
                ("xmlns", "http://www.opengis.net/wms"),
                ("xmlns:sld", "http://www.opengis.net/sld"),
                ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
                ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                ("xsi:schemaLocation", location),
            ];
            xml.open("WMS_Capabilities", &[own.as_slice(), &namespaces].concat());
            xml
        }
        Version::V1_1_1 => {
            let system = "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd";
            let mut xml = Xml::with_doctype("WMT_MS_Capabilities", system);
            xml.open("WMT_MS_Capabilities", &own);
            xml
        }
    }
}

fn service(xml: &mut Xml, call: &Call, version: Version) {
    let settings = &call.app.config;
    let name = match version {
        Version::V1_3_0 => "WMS",
        Version::V1_1_1 => "OGC:WMS",
    };
    xml.open("Service", &[]).text("Name", name).text("Title", &settings.title);
    xml.text_if("Abstract", &settings.description);
    let mut words: Vec<&str> = Vec::new();
    for word in call.catalog.collections.values().flat_map(|own| &own.metadata.keywords) {
        if !words.contains(&word.as_str()) {
            words.push(word);
        }
    }
    keywords(xml, words);
    resource(xml, &call.base.url("/"));
    xml.text("Fees", "none").text("AccessConstraints", "none");
    if version == Version::V1_3_0 {
        let limits = &settings.limits;
        xml.text("LayerLimit", &limits.collections.to_string());
        xml.text("MaxWidth", &limits.image_side.to_string()).text("MaxHeight", &limits.image_side.to_string());
    }
    xml.close();
}

/// A list of words, left out when there are none.
pub(super) fn keywords<'a>(xml: &mut Xml, words: impl IntoIterator<Item = &'a str>) {
    let mut words = words.into_iter().peekable();
    if words.peek().is_some() {
        xml.open("KeywordList", &[]);
        words.for_each(|word| {
            xml.text("Keyword", word);
        });
        xml.close();
    }
}

/// An address.
pub(super) fn resource(xml: &mut Xml, href: &str) {
    let xlink = "http://www.w3.org/1999/xlink";
    xml.empty("OnlineResource", &[("xmlns:xlink", xlink), ("xlink:type", "simple"), ("xlink:href", href)]);
}

fn requests(xml: &mut Xml, call: &Call, version: Version) {
    let capabilities = match version {
        Version::V1_3_0 => "text/xml",
        Version::V1_1_1 => "application/vnd.ogc.wms_xml",
    };
    let legend = match version {
        Version::V1_3_0 => "sld:GetLegendGraphic",
        Version::V1_1_1 => "GetLegendGraphic",
    };
    let operations: [(&str, Vec<&str>); 4] = [
        ("GetCapabilities", vec![capabilities]),
        ("GetMap", MapFormat::ALL.map(MapFormat::media_type).to_vec()),
        ("GetFeatureInfo", InfoFormat::ALL.map(InfoFormat::media_type).to_vec()),
        (legend, legend::FORMATS.map(|(media_type, _)| media_type).to_vec()),
    ];
    xml.open("Request", &[]);
    for (name, formats) in operations {
        xml.open(name, &[]);
        formats.iter().for_each(|format| {
            xml.text("Format", format);
        });
        xml.open("DCPType", &[]).open("HTTP", &[]).open("Get", &[]);
        resource(xml, &call.base.url("/wms?"));
        xml.close().close().close().close();
    }
    xml.close();
}
