//! A page of features to read: a map, a form and a table.

use askama::Template;
use axum::response::Response;

use super::examples::examples;
use crate::catalog::Collection;
use crate::feature::Field;
use crate::feature::Properties;
use crate::feature::Row;
use crate::feature::Value;
use crate::http::Call;
use crate::http::Error;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Params;
use crate::http::asked;
use crate::http::encode::Writing;
use crate::http::form::Fault;
use crate::http::form::Form;
use crate::http::page::Frame;
use crate::http::page::Map;
use crate::http::params::segment;
use crate::http::respond;
use crate::store::Selection;

#[derive(Template)]
#[template(path = "items.html")]
struct Page<'a> {
    frame: Frame,
    /// None when it is not known what is asked for.
    map: Option<Map>,
    first: usize,
    last: usize,
    matched: usize,
    fields: Vec<&'a Field>,
    rows: Vec<TableRow>,
    form: Form,
    /// Conditions to begin with, and where they lead.
    examples: Vec<(String, String)>,
    /// The address of the collection.
    collection: String,
    next: Option<String>,
    previous: Option<String>,
}

struct TableRow {
    id: String,
    href: String,
    cells: Vec<Cell>,
}

/// A value as people read it.
pub(super) struct Cell {
    pub(super) text: String,
    /// Whether it is an address to follow.
    pub(super) is_address: bool,
}

/// The page of a selection.
pub(super) fn page<'a>(
    call: &Call,
    collection: &'a Collection,
    operation: &Operation,
    params: &Params,
    writing: &Writing,
    selection: &Selection,
    links: Vec<Link>,
) -> impl Template + use<'a> {
    let snapshot = collection.snapshot();
    let fields = writing.fields(snapshot.schema());
    // The map wants degrees, and geometries.
    let changes = [("f", Some("geojson")), ("crs", None), ("profile", None), ("skipGeometry", None)];
    let shown = call.base.url(&format!("{}{}", call.path, params.with(&changes)));
    let href = |rel: &str| links.iter().find(|link| link.rel == rel).map(|link| link.href.clone());
    let action = format!("{}/collections/{}/items", call.base.path(), segment(&collection.id));
    let row = |&number: &u32| {
        let row = snapshot.row(number);
        let id = row.id().text.to_owned();
        let cells = fields.iter().map(|&field| Cell::of(row, field)).collect();
        TableRow { href: format!("{action}/{}", segment(&id)), id, cells }
    };
    Page {
        map: Some(Map::new(call, shown, None)),
        first: selection.before + 1,
        last: selection.before + selection.rows.len(),
        matched: selection.matched,
        fields: fields.iter().map(|&field| &snapshot.schema().fields[field]).collect(),
        rows: selection.rows.iter().map(row).collect(),
        form: Form::of(operation, action.clone(), params),
        examples: examples_at(collection, &action),
        collection: format!("{}/collections/{}", call.base.path(), segment(&collection.id)),
        next: href("next"),
        previous: href("prev"),
        frame: frame(call, collection).with(links),
    }
}

/// The page of a request that cannot be answered: what was entered, and what is wrong with it.
pub(super) fn refused(
    call: &Call,
    collection: &Collection,
    operation: &Operation,
    error: &Error,
) -> Result<Response, Error> {
    let action = format!("{}/collections/{}/items", call.base.path(), segment(&collection.id));
    let page = Page {
        map: None,
        first: 0,
        last: 0,
        matched: 0,
        fields: Vec::new(),
        rows: Vec::new(),
        examples: examples_at(collection, &action),
        form: faulty(call, collection, operation, action, error),
        collection: format!("{}/collections/{}", call.base.path(), segment(&collection.id)),
        next: None,
        previous: None,
        frame: frame(call, collection),
    };
    respond::refused(error, &page)
}

/// The form of a request of a collection that cannot be answered.
pub(super) fn faulty(
    call: &Call,
    collection: &Collection,
    operation: &Operation,
    action: String,
    error: &Error,
) -> Form {
    let params = Params::unchecked(&call.query);
    let invalid = asked::fault(&params, collection.snapshot().schema(), &call.app.config.limits);
    let condition = params.written("filter").zip(invalid.as_ref());
    Form::of(operation, action, &params).with(Fault::of(error, condition))
}

fn frame(call: &Call, collection: &Collection) -> Frame {
    Frame::new(call, &format!("Features of {}", collection.title()))
        .under("/", &call.app.config.title)
        .under("/collections", "Collections")
        .under(&format!("/collections/{}", segment(&collection.id)), collection.title())
}

fn examples_at(collection: &Collection, action: &str) -> Vec<(String, String)> {
    let href =
        |text: &str| format!("{action}{}", Params::default().with(&[("f", Some("html")), ("filter", Some(text))]));
    examples(collection).into_iter().map(|text| (text.clone(), href(&text))).collect()
}

impl Cell {
    /// The value of a field, by its position in the schema.
    pub(super) fn of(row: Row<'_>, field: usize) -> Self {
        let text = match row.value(field) {
            Value::Null => String::new(),
            Value::Bool(truth) => truth.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            Value::Text(text) | Value::Json(text) => text.to_owned(),
        };
        let is_address = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
        Self { is_address: is_address && !text.contains(char::is_whitespace), text }
    }
}

/// What people call a feature: the value of the field that usually says so, or its id.
pub(super) fn label(row: Row<'_>) -> String {
    let names = ["name", "title", "label", "NAME", "Name"];
    let said = names.iter().find_map(|name| match row.property(name)? {
        Value::Text(text) if !text.is_empty() => Some(text.to_owned()),
        _ => None,
    });
    said.unwrap_or_else(|| row.id().text.to_owned())
}
