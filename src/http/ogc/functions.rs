//! The functions that conditions may call.

use askama::Template;
use axum::response::Response;
use serde::Serialize;

use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::page::Frame;
use crate::http::respond;
use crate::query::FUNCTIONS;
use crate::query::Function;
use crate::query::Type;

/// What conditions conform to: OGC API Features, Part 3, and CQL2.
pub(super) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
    // The name of a draft, for which QGIS looks before it asks for features by their place.
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-operators",
];

#[derive(Serialize)]
struct Document {
    links: Vec<Link>,
    functions: Vec<Entry>,
}

/// A function (OGC API Features, Part 3, 8).
#[derive(Serialize)]
struct Entry {
    name: &'static str,
    description: &'static str,
    returns: &'static [&'static str],
    arguments: Vec<EntryArgument>,
}

#[derive(Serialize)]
struct EntryArgument {
    title: &'static str,
    #[serde(rename = "type")]
    kind: &'static [&'static str],
}

#[derive(Template)]
#[template(path = "functions.html")]
struct Page {
    frame: Frame,
    /// How each is called, what it answers, and the types of that.
    functions: Vec<(String, &'static str, String)>,
}

pub(super) fn operation() -> Operation {
    let formats = &[Format::Json, Format::Html];
    Operation::new("getFunctions", "/functions", "Capabilities", "The functions that conditions may call.", formats)
}

/// `GET /functions` (OGC API Features, Part 3, 8).
pub(in crate::http) async fn functions(call: Call) -> Result<Response, Error> {
    let operation = operation();
    let (params, format) = call.read(&operation)?;
    let links = call.links(&operation, &params, format);
    if format == Format::Html {
        let functions = FUNCTIONS.iter();
        let functions =
            functions.map(|own| (own.signature(), own.description, types(own.returns, own.is_integer).join(", ")));
        let frame = Frame::new(&call, "Functions").under("/", &call.app.config.title).with(links);
        return respond::page(&call.headers, &Page { frame, functions: functions.collect() });
    }
    respond::json(&call.headers, format, &Document { links, functions: FUNCTIONS.iter().map(Entry::of).collect() })
}

impl Entry {
    fn of(function: &Function) -> Self {
        let argument = |argument: &crate::query::Argument| EntryArgument {
            title: argument.title,
            kind: types(argument.kind, false),
        };
        Self {
            name: function.name,
            description: function.description,
            returns: types(function.returns, function.is_integer),
            arguments: function.arguments.iter().map(argument).collect(),
        }
    }
}

/// A type in the words of the standard's schema.
const fn types(kind: Type, is_integer: bool) -> &'static [&'static str] {
    match kind {
        Type::Number if is_integer => &["integer"],
        Type::Number => &["number"],
        Type::Boolean => &["boolean"],
        Type::Text => &["string"],
        Type::Instant | Type::Interval => &["datetime"],
        Type::Geometry => &["geometry"],
        Type::Any | Type::Array => &["string", "number", "integer", "datetime", "boolean", "geometry"],
    }
}
