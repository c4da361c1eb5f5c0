//! What went wrong, as WMTS says it.

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::http::Error;
use crate::http::ows::Missing;
use crate::http::xml::Xml;

/// An exception (OGC 06-121r3, 8; OGC 07-057r7, table 24).
#[derive(Debug)]
pub(super) struct Exception {
    code: Code,
    /// The parameter that it is about.
    locator: &'static str,
    error: Error,
}

/// What kind of exception it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    MissingParameterValue,
    InvalidParameterValue,
    VersionNegotiationFailed,
    InvalidUpdateSequence,
    TileOutOfRange,
    PointIJOutOfRange,
    OperationNotSupported,
    NoApplicableCode,
}

impl Code {
    /// How it is written. That a pixel lies outside has a word of its own in the standard, and that of any wrong value in its
    /// tests: a report may hold both.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::MissingParameterValue => &["MissingParameterValue"],
            Self::InvalidParameterValue => &["InvalidParameterValue"],
            Self::VersionNegotiationFailed => &["VersionNegotiationFailed"],
            Self::InvalidUpdateSequence => &["InvalidUpdateSequence"],
            Self::TileOutOfRange => &["TileOutOfRange"],
            Self::PointIJOutOfRange => &["PointIJOutOfRange", "InvalidParameterValue"],
            Self::OperationNotSupported => &["OperationNotSupported"],
            Self::NoApplicableCode => &["NoApplicableCode"],
        }
    }
}

impl Exception {
    pub(super) fn new(code: Code, locator: &'static str, message: impl Into<String>) -> Self {
        Self { code, locator, error: Error::Invalid(message.into()) }
    }

    /// A parameter whose value names nothing.
    pub(super) fn unknown(locator: &'static str, value: &str, known: &[&str]) -> Self {
        let known = known.join(", ");
        Self::new(Code::InvalidParameterValue, locator, format!("there is no {locator} '{value}'; there are {known}"))
    }

    /// What an address instead of parameters asked for: what would be wrong there is missing here.
    pub(super) fn of_address(self) -> Error {
        match self.error {
            Error::Invalid(message) => Error::NotFound(format!("such tile: {message}")),
            other => other,
        }
    }
}

impl From<Missing> for Exception {
    fn from(Missing(name): Missing) -> Self {
        Self::new(Code::MissingParameterValue, name, format!("the parameter '{name}' is missing"))
    }
}

impl From<Error> for Exception {
    fn from(error: Error) -> Self {
        let code =
            if matches!(error, Error::Invalid(_)) { Code::InvalidParameterValue } else { Code::NoApplicableCode };
        Self { code, locator: "", error }
    }
}

impl IntoResponse for Exception {
    fn into_response(self) -> Response {
        let (status, _) = self.error.status();
        let status = if self.code == Code::OperationNotSupported { StatusCode::NOT_IMPLEMENTED } else { status };
        if status.is_server_error() {
            tracing::error!("{:?}", self.error);
        }
        let mut xml = Xml::new();
        xml.open(
            "ows:ExceptionReport",
            &[
                ("xmlns:ows", "http://www.opengis.net/ows/1.1"),
                ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                (
                    "xsi:schemaLocation",
                    "http://www.opengis.net/ows/1.1 http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd",
                ),
                ("version", "1.1.0"),
                ("xml:lang", "en"),
            ],
        );
        for code in self.code.names() {
            let mut attributes = vec![("exceptionCode", *code)];
            if !self.locator.is_empty() {
                attributes.push(("locator", self.locator));
            }
            xml.open("ows:Exception", &attributes).text("ows:ExceptionText", &self.error.to_string()).close();
        }
        let mut response = (status, xml.finish()).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
        response
    }
}
