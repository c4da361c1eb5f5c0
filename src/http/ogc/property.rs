//! Properties of features as JSON Schema (2020-12) describes them.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use crate::catalog::Collection;
use crate::feature::Field;
use crate::feature::FieldType;
use crate::feature::GeometryKind;
use crate::feature::Schema;
use crate::feature::Value;
use crate::store::Snapshot;

/// Most distinct texts that are listed as all values a field may have.
const ENUMERATED: usize = 24;

/// What a type of fields is called.
pub(super) fn name(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Null => "null",
        FieldType::Boolean => "boolean",
        FieldType::Integer => "integer",
        FieldType::Number => "number",
        FieldType::String => "string",
        FieldType::Date => "date",
        FieldType::Timestamp => "date-time",
        FieldType::Json => "array or object",
        FieldType::Mixed => "several types",
    }
}

/// A name for the id or the geometry that no field has.
pub(super) fn free(schema: &Schema, name: &str) -> String {
    let mut name = name.to_owned();
    while schema.field(&name).is_some() {
        name.insert(0, '_');
    }
    name
}

/// The id: a string, or a whole number where all ids are written so. `None` when it is one of the fields.
pub(super) fn id(collection: &Collection) -> Option<(String, Json)> {
    let snapshot = collection.snapshot();
    let own = collection.metadata.id_field.as_deref();
    if own.is_some_and(|name| snapshot.schema().field(name).is_some()) {
        return None;
    }
    let is_whole = |row| {
        let id = snapshot.row(row).id();
        id.number && id.text.parse::<i64>().is_ok()
    };
    let kind = if !snapshot.is_empty() && (0..snapshot.len() as u32).all(is_whole) { "integer" } else { "string" };
    let id = json!({ "title": "Id", "type": kind, "readOnly": true, "x-ogc-role": "id" });
    Some((free(snapshot.schema(), "id"), id))
}

/// The geometry, by the types that occur; `None` where no feature has one.
pub(super) fn geometry(collection: &Collection) -> Option<(String, Json)> {
    use GeometryKind::{LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
    let schema = collection.snapshot().schema();
    let format = match schema.geometries[..] {
        [] => return None,
        [Point, MultiPoint] => "point-or-multipoint".to_owned(),
        [LineString, MultiLineString] => "linestring-or-multilinestring".to_owned(),
        [Polygon, MultiPolygon] => "polygon-or-multipolygon".to_owned(),
        [only] => only.name().unwrap_or("any").to_ascii_lowercase(),
        _ => "any".to_owned(),
    };
    let geometry = json!({
        "title": "Geometry",
        "format": format!("geometry-{format}"),
        "x-ogc-role": "primary-geometry",
    });
    Some((free(schema, collection.metadata.primary_geometry.as_deref().unwrap_or("geometry")), geometry))
}

/// A field, by its position in the schema, as the features show it.
pub(super) fn field(collection: &Collection, at: usize) -> Json {
    let snapshot = collection.snapshot();
    let field = &snapshot.schema().fields[at];
    let mut schema = Map::new();
    let mut put = |key: &str, value: Option<Json>| {
        if let Some(value) = value {
            schema.insert(key.to_owned(), value);
        }
    };
    put("title", field.title.as_deref().map(Json::from));
    put("description", field.description.as_deref().map(Json::from));
    put("type", Some(json!(kind(snapshot, at, field))));
    put("format", format(snapshot, at, field).map(Json::from));
    put("enum", enumeration(snapshot, at, field));
    put("x-ogc-role", role(collection, at, field).map(Json::from));
    put("x-ogc-unit", field.unit.as_deref().map(Json::from));
    Json::Object(schema)
}

fn kind(snapshot: &Snapshot, at: usize, field: &Field) -> Json {
    match field.kind {
        FieldType::Boolean => json!("boolean"),
        FieldType::Integer => json!("integer"),
        FieldType::Number => json!("number"),
        // Years may be declared dates and written as numbers.
        FieldType::Date | FieldType::Timestamp if snapshot.table().column(at).kind() == FieldType::Integer => {
            json!("integer")
        }
        FieldType::Null | FieldType::String | FieldType::Date | FieldType::Timestamp => json!("string"),
        FieldType::Json => json!(["array", "object"]),
        FieldType::Mixed => json!(["string", "number", "boolean", "array", "object"]),
    }
}

/// The format of a text, which holds for every value: a year or a month is no date of JSON Schema.
fn format(snapshot: &Snapshot, at: usize, field: &Field) -> Option<&'static str> {
    let rows = || (0..snapshot.len() as u32).map(|row| snapshot.row(row).value(at));
    let is_whole = |value: Value<'_>| matches!(value, Value::Text(text) if text.len() == "1916-11-13".len());
    match field.kind {
        FieldType::Timestamp => Some("date-time"),
        FieldType::Date if rows().all(|value| value.is_null() || is_whole(value)) => Some("date"),
        _ => None,
    }
}

/// All texts of a field that has few, each of them often.
fn enumeration(snapshot: &Snapshot, at: usize, field: &Field) -> Option<Json> {
    if field.kind != FieldType::String {
        return None;
    }
    let mut texts: Vec<&str> = Vec::new();
    for row in 0..snapshot.len() as u32 {
        if let Value::Text(text) = snapshot.row(row).value(at)
            && let Err(place) = texts.binary_search(&text)
        {
            texts.insert(place, text);
            if texts.len() > ENUMERATED {
                return None;
            }
        }
    }
    let recurs = !texts.is_empty() && texts.len() * 2 < snapshot.len();
    recurs.then(|| json!(texts))
}

fn role(collection: &Collection, at: usize, field: &Field) -> Option<&'static str> {
    let time = collection.snapshot().schema().time;
    if collection.metadata.id_field.as_deref() == Some(field.name.as_str()) {
        return Some("id");
    }
    match time? {
        time if time.start == at && time.end.is_none() => Some("primary-instant"),
        time if time.start == at => Some("primary-interval-start"),
        time if time.end == Some(at) => Some("primary-interval-end"),
        _ => None,
    }
}
