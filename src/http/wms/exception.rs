//! What went wrong, as WMS says it: as a report, on a picture, or by a picture of nothing.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

use super::map::MapFormat;
use super::map::backdrop;
use super::place::size;
use super::version::Version;
use crate::http::Call;
use crate::http::Error;
use crate::http::ows::Missing;
use crate::http::ows::Parameters;
use crate::http::xml::Xml;
use crate::render;
use crate::render::Canvas;
use crate::render::Picture;
use crate::render::text::GlyphSource;

/// An exception.
#[derive(Debug)]
pub(super) struct Exception {
    code: Option<Code>,
    /// The parameter that it is about.
    locator: &'static str,
    error: Error,
}

/// What kind of exception it is (OGC 06-042, table E.1; the last two are those of the newer services).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    InvalidFormat,
    InvalidCrs,
    LayerNotDefined,
    StyleNotDefined,
    LayerNotQueryable,
    InvalidPoint,
    CurrentUpdateSequence,
    InvalidUpdateSequence,
    InvalidDimensionValue,
    OperationNotSupported,
    MissingParameterValue,
    InvalidParameterValue,
}

impl Code {
    const fn name(self, version: Version) -> &'static str {
        match (self, version) {
            (Self::InvalidFormat, _) => "InvalidFormat",
            (Self::InvalidCrs, Version::V1_3_0) => "InvalidCRS",
            (Self::InvalidCrs, Version::V1_1_1) => "InvalidSRS",
            (Self::LayerNotDefined, _) => "LayerNotDefined",
            (Self::StyleNotDefined, _) => "StyleNotDefined",
            (Self::LayerNotQueryable, _) => "LayerNotQueryable",
            (Self::InvalidPoint, _) => "InvalidPoint",
            (Self::CurrentUpdateSequence, _) => "CurrentUpdateSequence",
            (Self::InvalidUpdateSequence, _) => "InvalidUpdateSequence",
            (Self::InvalidDimensionValue, _) => "InvalidDimensionValue",
            (Self::OperationNotSupported, _) => "OperationNotSupported",
            (Self::MissingParameterValue, _) => "MissingParameterValue",
            (Self::InvalidParameterValue, _) => "InvalidParameterValue",
        }
    }
}

/// How an exception is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Report,
    InImage,
    Blank,
}

impl Exception {
    pub(super) fn new(code: Code, locator: &'static str, message: impl Into<String>) -> Self {
        Self { code: Some(code), locator, error: Error::Invalid(message.into()) }
    }

    /// A parameter whose value names nothing.
    pub(super) fn unknown<'a>(
        code: Code,
        locator: &'static str,
        value: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        Self::new(code, locator, format!("{locator} is '{value}', which is none of {}", known.join(", ")))
    }

    /// A parameter whose value cannot be.
    pub(super) fn invalid(locator: &'static str, value: &str, allowed: &str) -> Self {
        let message = format!("{locator} is '{value}' but must be {allowed}");
        Self::new(Code::InvalidParameterValue, locator, message)
    }

    /// Tells it in the manner that the request asks for.
    pub(super) fn answer(self, call: &Call, parameters: &Parameters, version: Version) -> Response {
        let (status, _) = self.error.status();
        if status.is_server_error() {
            tracing::error!("{:?}", self.error);
        }
        match manner(parameters) {
            Manner::Report => self.report(version),
            Manner::Blank => picture(call, parameters, None).unwrap_or_else(|| self.report(version)),
            Manner::InImage => {
                picture(call, parameters, Some(&self.error.to_string())).unwrap_or_else(|| self.report(version))
            }
        }
    }

    fn report(self, version: Version) -> Response {
        let mut attributes = Vec::new();
        if let Some(code) = self.code {
            attributes.push(("code", code.name(version)));
        }
        let (mut xml, content_type) = match version {
            Version::V1_3_0 => (Xml::new(), "text/xml; charset=utf-8"),
            Version::V1_1_1 => {
                let system = "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd";
                (Xml::with_doctype("ServiceExceptionReport", system), "application/vnd.ogc.se_xml")
            }
        };
        if version == Version::V1_3_0 {
            let location = "http://www.opengis.net/ogc http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd";
            let namespaces = [
                ("version", version.name()),
                ("xmlns", "http://www.opengis.net/ogc"),
                ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                ("xsi:schemaLocation", location),
            ];
            xml.open("ServiceExceptionReport", &namespaces);
            if !self.locator.is_empty() {
                attributes.push(("locator", self.locator));
            }
        } else {
            xml.open("ServiceExceptionReport", &[("version", version.name())]);
        }
        xml.leaf("ServiceException", &attributes, &self.error.to_string());
        let (status, _) = self.error.status();
        let mut response = (status, xml.finish()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        response
    }
}

impl From<Missing> for Exception {
    fn from(Missing(name): Missing) -> Self {
        Self::new(Code::MissingParameterValue, name, format!("the parameter '{name}' is missing"))
    }
}

impl From<Error> for Exception {
    fn from(error: Error) -> Self {
        let code = matches!(error, Error::Invalid(_)).then_some(Code::InvalidParameterValue);
        Self { code, locator: "", error }
    }
}

/// What `EXCEPTIONS` says, in the words of either version; a report for all else.
fn manner(parameters: &Parameters) -> Manner {
    let asked = parameters.value("EXCEPTIONS").unwrap_or_default().to_ascii_lowercase();
    match asked.as_str() {
        "inimage" | "application/vnd.ogc.se_inimage" => Manner::InImage,
        "blank" | "application/vnd.ogc.se_blank" => Manner::Blank,
        _ => Manner::Report,
    }
}

/// A picture of the size and format that were asked for, with words on it; `None` when these cannot be.
fn picture(call: &Call, parameters: &Parameters, words: Option<&str>) -> Option<Response> {
    let format = MapFormat::named(parameters.value("FORMAT")?)?;
    let [width, height] = size(parameters, &call.app.config.limits).ok()?;
    let color = backdrop(parameters).ok()?.1.color;
    let mut canvas = Canvas::new(width, height);
    if let Some(color) = color {
        (0..height).for_each(|y| canvas.blend_run(y, 0, width, color.premultiplied()));
    }
    let mut picture = Picture::new(canvas);
    if let Some(words) = words {
        let glyphs = GlyphSource::Fonts(call.catalog.fonts.clone());
        render::caption(&mut picture, words, 1.0, &glyphs);
    }
    let bytes = picture.encode(format.encoding(&call.app.config)).ok()?;
    let mut response = Body::from(bytes).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(response)
}
