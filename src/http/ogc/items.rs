//! The features of a collection, page by page.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;

use super::collections::address;
use super::cursor;
use crate::catalog::Collection;
use crate::feature::Field;
use crate::feature::FieldType;
use crate::feature::Row;
use crate::feature::Value;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Limits;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Params;
use crate::http::Path;
use crate::http::page::Frame;
use crate::http::page::Input;
use crate::http::page::Map;
use crate::http::page::inputs;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::respond::ETag;
use crate::http::stream;
use crate::query::Filter;
use crate::query::Page;
use crate::query::Query;
use crate::query::Start;
use crate::store::Selection;
use crate::store::Snapshot;

/// What these resources conform to.
pub(super) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
];

/// Rows of a page of HTML at most; a browser is slow to lay out longer tables.
const PAGE_ROWS: usize = 1_000;

/// The representations of features.
pub(super) const FORMATS: &[Format] = &[Format::GeoJson, Format::Html];

/// The collection's members before its features (OGC API Features, 7.15.7 and 7.15.8).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    time_stamp: String,
    number_matched: usize,
    number_returned: usize,
    links: &'a [Link],
}

#[derive(Template)]
#[template(path = "items.html")]
struct ItemsPage<'a> {
    frame: Frame,
    map: Map,
    first: usize,
    last: usize,
    matched: usize,
    fields: &'a [Field],
    rows: Vec<TableRow>,
    inputs: Vec<Input>,
    action: String,
    next: Option<String>,
    previous: Option<String>,
}

struct TableRow {
    id: String,
    href: String,
    cells: Vec<String>,
}

pub(super) fn operation(collection: &Collection, limits: &Limits) -> Operation {
    let id = &collection.id;
    let summary = format!("Features of the collection '{}'.", collection.title());
    let path = format!("/collections/{}/items", segment(id));
    let mut operation = Operation::new(&format!("{id}.getItems"), &path, "Data", &summary, FORMATS);
    let limit = Kind::Limit { default: limits.items_default, maximum: limits.items_maximum };
    operation.parameters.extend([
        Parameter::new("limit", limit, "Features on a page at most; more than the maximum means the maximum."),
        Parameter::new(
            "bbox",
            Kind::Bbox,
            "Only features that meet this box (west,south,east,north in degrees; west greater than east crosses the \
             antimeridian), and features without geometry.",
        ),
        Parameter::new(
            "datetime",
            Kind::Time,
            "Only features at this instant or in this interval (A/B, ../B, A/..), and features without time. A year, a \
             month or a day stands for all of it.",
        ),
        Parameter::new("offset", Kind::Count, "Features to pass over before the first."),
        Parameter::new("cursor", Kind::Text, "Where a page starts; it comes from the links next and prev."),
    ]);
    let filters = filters(collection, &operation.parameters);
    operation.parameters.extend(filters);
    operation
}

/// A parameter for each field whose values can be compared, unless another parameter has its name.
fn filters(collection: &Collection, reserved: &[Parameter]) -> Vec<Parameter> {
    let is_simple = |field: &&Field| !matches!(field.kind, FieldType::Null | FieldType::Json | FieldType::Mixed);
    let is_free = |field: &&Field| reserved.iter().all(|parameter| parameter.name != field.name.as_str());
    let fields = collection.snapshot().schema().fields.iter().filter(is_simple).filter(is_free);
    fields
        .map(|field| {
            let said = field.title.as_ref().or(field.description.as_ref()).unwrap_or(&field.name);
            Parameter {
                name: field.name.clone().into(),
                kind: Kind::Field(field.kind),
                description: format!("Only features with exactly this value of: {said}").into(),
            }
        })
        .collect()
}

/// `GET /collections/{id}/items` (OGC API Features, 7.15).
pub(in crate::http) async fn items(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    let collection = call.collection(&id)?;
    let limits = call.app.settings.limits;
    let operation = operation(&collection, &limits);
    let (params, format) = call.read(&operation)?;
    let snapshot = collection.snapshot().clone();
    let query = query(&params, &snapshot);
    let mut page = page(&params, &limits)?;
    if format == Format::Html {
        page.limit = page.limit.min(PAGE_ROWS);
    }
    // The body holds a time stamp, so the tag is made of what the body is made of (the links included).
    let address = call.base.url(&format!("{}?{}", call.path, call.query));
    let version = snapshot.version().to_string();
    let asked = format!("{query}{page:?}");
    let tag = ETag::of(&[version.as_bytes(), asked.as_bytes(), format.media_type().as_bytes(), address.as_bytes()]);
    if let Some(unchanged) = tag.unchanged(&call.headers) {
        return Ok(unchanged);
    }
    let selection = {
        let (snapshot, query, page) = (snapshot.clone(), query.clone(), page.clone());
        call.app.workers.run(move || snapshot.page(&query, &page)).await?
    };
    let mut links = call.links(&operation, &params, format);
    links.extend(paging(&call, &params, format, &snapshot, &selection, page.limit));
    links.push(Link::new("collection", Format::Json, collection.title(), self::address(&call.base, &id, "")));
    if format == Format::Html {
        let page = items_page(&call, &collection, &operation, &params, &selection, links);
        return respond::page_tagged(&tag, &page);
    }
    let head = Head {
        kind: "FeatureCollection",
        time_stamp: now(),
        number_matched: selection.matched,
        number_returned: selection.rows.len(),
        links: &links,
    };
    let mut head = serde_json::to_vec(&head).map_err(Error::internal)?;
    head.pop();
    head.extend_from_slice(b",\"features\":[\n");
    let body = stream::features(head, snapshot, selection.rows.into_iter(), query.properties, b"\n]}\n");
    Ok(tag.answer(format.content_type(), body))
}

/// The features that the parameters ask for.
fn query(params: &Params, snapshot: &Snapshot) -> Query {
    let equal = |(name, value): (&str, &crate::feature::Scalar)| {
        let field = snapshot.schema().field(name)?;
        Some(Filter::Equal { field, name: name.to_owned(), value: value.clone() })
    };
    let mut filters: Vec<Filter> = params.fields().filter_map(equal).collect();
    let filter = match filters.len() {
        0 => Filter::Everything,
        1 => filters.remove(0),
        _ => Filter::All(filters),
    };
    Query { bbox: params.bbox("bbox"), time: params.time("datetime"), filter, properties: None }
}

/// The stretch of them that the parameters ask for.
fn page(params: &Params, limits: &Limits) -> Result<Page, Error> {
    let start = match (params.text("cursor"), params.count("offset")) {
        (Some(_), Some(_)) => {
            return Err(Error::Invalid("the parameters 'cursor' and 'offset' exclude each other".to_owned()));
        }
        (Some(token), None) => cursor::read(token).ok_or_else(|| {
            Error::Invalid(format!("the parameter 'cursor' is '{token}', which no link of this server has"))
        })?,
        (None, Some(offset)) => Start::Offset(offset),
        (None, None) => Start::First,
    };
    Ok(Page { limit: params.count("limit").unwrap_or(limits.items_default), start })
}

/// The links `next` and `prev`, which keep every parameter.
fn paging(
    call: &Call,
    params: &Params,
    format: Format,
    snapshot: &Snapshot,
    selection: &Selection,
    limit: usize,
) -> Vec<Link> {
    let at = |start: &Start| {
        let token = cursor::write(start);
        let offset = match start {
            Start::Offset(offset) => Some(offset.to_string()),
            _ => None,
        };
        let changes = [("cursor", token.as_deref()), ("offset", offset.as_deref())];
        call.base.url(&format!("{}{}", call.path, params.with(&changes)))
    };
    let id = |row: u32| snapshot.row(row).id().text.to_owned();
    let mut links = Vec::new();
    if let Some(&last) = selection.rows.last()
        && selection.before + selection.rows.len() < selection.matched
    {
        links.push(Link::new("next", format, "The next page", at(&Start::After(last, id(last)))));
    }
    if selection.before > 0 {
        // Beyond the last feature there is none to stand before.
        let start = match selection.rows.first() {
            Some(&first) => Start::Before(first, id(first)),
            None => Start::Offset(selection.matched.saturating_sub(limit)),
        };
        links.push(Link::new("prev", format, "The page before", at(&start)));
    }
    links
}

/// The present moment as RFC 3339 writes it, in whole seconds.
fn now() -> String {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

fn items_page<'a>(
    call: &Call,
    collection: &'a Collection,
    operation: &Operation,
    params: &Params,
    selection: &Selection,
    links: Vec<Link>,
) -> ItemsPage<'a> {
    let snapshot = collection.snapshot();
    let href = |rel: &str| links.iter().find(|link| link.rel == rel).map(|link| link.href.clone());
    let action = format!("{}/collections/{}/items", call.base.path(), segment(&collection.id));
    let row = |&number: &u32| {
        let row = snapshot.row(number);
        let id = row.id().text.to_owned();
        let cells = (0..row.schema().fields.len()).map(|field| cell(row, field)).collect();
        TableRow { href: format!("{action}/{}", segment(&id)), id, cells }
    };
    ItemsPage {
        map: Map { geojson: href("alternate").unwrap_or_default(), bbox: None },
        first: selection.before + 1,
        last: selection.before + selection.rows.len(),
        matched: selection.matched,
        fields: &snapshot.schema().fields,
        rows: selection.rows.iter().map(row).collect(),
        inputs: inputs(operation, params),
        next: href("next"),
        previous: href("prev"),
        frame: Frame::new(call, &format!("Features of {}", collection.title()))
            .under("/", &call.app.settings.title)
            .under("/collections", "Collections")
            .under(&format!("/collections/{}", segment(&collection.id)), collection.title())
            .with(links),
        action,
    }
}

/// A value as people read it.
pub(super) fn cell(row: Row<'_>, field: usize) -> String {
    match row.value(field) {
        Value::Null => String::new(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Text(text) | Value::Json(text) => text.to_owned(),
    }
}
