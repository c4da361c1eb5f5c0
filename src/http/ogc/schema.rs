//! What the features of a collection consist of, by what they may be selected, and by what sorted, as JSON Schema.

use askama::Template;
use axum::response::Response;
use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use super::collections::address;
use super::property;
use crate::catalog::Collection;
use crate::feature::Field;
use crate::feature::FieldType;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Operation;
use crate::http::Path;
use crate::http::page::Frame;
use crate::http::params::segment;
use crate::http::respond;
use crate::query::SortKey;

/// What these resources conform to.
pub(super) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/profile-parameter",
    "http://www.opengis.net/spec/ogcapi-features-6/1.0/conf/properties",
    "http://www.opengis.net/spec/ogcapi-features-6/1.0/conf/properties-features",
    "http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sorting",
    "http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/features-sorting",
];

/// Which of the schemas of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// What features have (OGC API Features, Part 5, 7).
    Returnables,
    /// What filters may name (Part 3, 6).
    Queryables,
    /// What they may be sorted by (Part 8).
    Sortables,
}

#[derive(Template)]
#[template(path = "schema.html")]
struct Page {
    frame: Frame,
    about: &'static str,
    rows: Vec<PageRow>,
}

struct PageRow {
    name: String,
    title: String,
    kind: String,
    role: String,
    unit: String,
    values: String,
}

impl Purpose {
    pub(super) const ALL: [Self; 3] = [Self::Returnables, Self::Queryables, Self::Sortables];

    /// The last segment of its path.
    pub(super) const fn segment(self) -> &'static str {
        match self {
            Self::Returnables => "schema",
            Self::Queryables => "queryables",
            Self::Sortables => "sortables",
        }
    }

    /// How it relates to the collection.
    pub(super) const fn rel(self) -> &'static str {
        match self {
            Self::Returnables => "http://www.opengis.net/def/rel/ogc/1.0/schema",
            Self::Queryables => "http://www.opengis.net/def/rel/ogc/1.0/queryables",
            Self::Sortables => "http://www.opengis.net/def/rel/ogc/1.0/sortables",
        }
    }

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Returnables => "Schema",
            Self::Queryables => "Queryables",
            Self::Sortables => "Sortables",
        }
    }

    const fn about(self) -> &'static str {
        match self {
            Self::Returnables => "What the features have.",
            Self::Queryables => "What features may be selected by.",
            Self::Sortables => "What features may be sorted by.",
        }
    }

    const fn operation(self) -> &'static str {
        match self {
            Self::Returnables => "getSchema",
            Self::Queryables => "getQueryables",
            Self::Sortables => "getSortables",
        }
    }

    /// Whether a field is in it. What has no value, or one of several types, has no order.
    fn has(self, field: &Field) -> bool {
        match self {
            Self::Returnables => true,
            Self::Queryables => field.kind != FieldType::Null,
            Self::Sortables => SortKey::is_sortable(field),
        }
    }
}

pub(super) fn operations(collection: &Collection) -> [Operation; 3] {
    Purpose::ALL.map(|purpose| operation(collection, purpose))
}

fn operation(collection: &Collection, purpose: Purpose) -> Operation {
    let id = &collection.id;
    let path = format!("/collections/{}/{}", segment(id), purpose.segment());
    let summary = format!("{} ('{}')", purpose.about(), collection.title());
    let formats = &[Format::Schema, Format::Html];
    Operation::new(&format!("{id}.{}", purpose.operation()), &path, "Schemas", &summary, formats)
}

/// `GET /collections/{id}/schema` (OGC API Features, Part 5, 8).
pub(in crate::http) async fn schema(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    answer(&call, &id, Purpose::Returnables)
}

/// `GET /collections/{id}/queryables` (OGC API Features, Part 3, 6).
pub(in crate::http) async fn queryables(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    answer(&call, &id, Purpose::Queryables)
}

/// `GET /collections/{id}/sortables` (OGC API Features, Part 5, 10).
pub(in crate::http) async fn sortables(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    answer(&call, &id, Purpose::Sortables)
}

fn answer(call: &Call, id: &str, purpose: Purpose) -> Result<Response, Error> {
    let collection = call.collection(id)?;
    let operation = operation(&collection, purpose);
    let (params, format) = call.read(&operation)?;
    let properties = properties(&collection, purpose);
    if format == Format::Html {
        let page = Page {
            frame: Frame::new(call, &format!("{} of {}", purpose.title(), collection.title()))
                .under("/", &call.app.config.title)
                .under("/collections", "Collections")
                .under(&format!("/collections/{}", segment(id)), collection.title())
                .with(call.links(&operation, &params, format)),
            about: purpose.about(),
            rows: properties.iter().map(|(name, property)| PageRow::of(name, property)).collect(),
        };
        return respond::page(&call.headers, &page);
    }
    let mut document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address(&call.base, id, &format!("/{}", purpose.segment())),
        "type": "object",
        "title": collection.title(),
        "properties": properties,
        "additionalProperties": false,
    });
    if let Some(description) = &collection.metadata.description {
        document["description"] = json!(description);
    }
    respond::json(&call.headers, format, &document)
}

/// The properties, each with its place in the order.
fn properties(collection: &Collection, purpose: Purpose) -> Map<String, Json> {
    let schema = collection.snapshot().schema();
    let is_field = |name: &str| schema.field(name).is_some();
    let fields = schema.fields.iter().enumerate().filter(|(_, field)| purpose.has(field));
    let fields = fields.map(|(at, field)| (field.name.clone(), property::field(collection, at)));
    let id = property::id(collection).filter(|_| purpose == Purpose::Returnables);
    let geometry = property::geometry(collection).filter(|_| purpose != Purpose::Sortables);
    let all = id.into_iter().chain(fields).chain(geometry);
    all.enumerate()
        .map(|(place, (name, mut property))| {
            property["x-ogc-propertySeq"] = json!(place + 1);
            if purpose != Purpose::Returnables && !is_field(&name) {
                // What a filter names is no member of the feature that could be written.
                property.as_object_mut().map(|members| members.shift_remove("readOnly"));
            }
            (name, property)
        })
        .collect()
}

impl PageRow {
    fn of(name: &str, property: &Json) -> Self {
        let text = |key: &str| property[key].as_str().unwrap_or_default().to_owned();
        let list = |key: &str| {
            let words = property[key].as_array().into_iter().flatten().filter_map(Json::as_str);
            words.collect::<Vec<&str>>().join(", ")
        };
        let kind = [text("type"), list("type"), text("format")];
        let said = [text("title"), text("description")];
        Self {
            name: name.to_owned(),
            title: said.into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join(". "),
            kind: kind.into_iter().filter(|kind| !kind.is_empty()).collect::<Vec<_>>().join(" "),
            role: text("x-ogc-role"),
            unit: text("x-ogc-unit"),
            values: list("enum"),
        }
    }
}
