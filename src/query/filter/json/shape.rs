//! Geometries in CQL2 JSON: GeoJSON (RFC 7946, 3.1), and `bbox`.

use serde_json::Value;
use serde_json::json;
use serde_json::value::RawValue;

use super::raw::Json;
use super::reader::Fault;
use super::reader::Object;
use super::reader::Reader;
use crate::query::filter::place::Step;
use crate::query::filter::shape::Position;
use crate::query::filter::shape::Shape;

/// Reads a GeoJSON geometry.
pub(super) fn read(reader: &mut Reader<'_>, object: &Object<'_>, mark: u32) -> Result<Shape, Fault> {
    let kind = object.get("type").and_then(|kind| Json::text(kind)).unwrap_or_default();
    if kind == "GeometryCollection" {
        return collection(reader, object, mark);
    }
    let at = reader.step(mark, Step::Key("coordinates"));
    let coordinates = object.get("coordinates").copied().unwrap_or(RawValue::NULL);
    let line = |reader: &mut Reader<'_>, value: &RawValue, at: u32| list(reader, value, at, position);
    let polygon = |reader: &mut Reader<'_>, value: &RawValue, at: u32| list(reader, value, at, line);
    let shape = match kind.as_str() {
        "Point" => Shape::Point(position(reader, coordinates, at)?),
        "LineString" => Shape::LineString(line(reader, coordinates, at)?),
        "Polygon" => Shape::Polygon(polygon(reader, coordinates, at)?),
        "MultiPoint" => Shape::MultiPoint(line(reader, coordinates, at)?),
        "MultiLineString" => Shape::MultiLineString(polygon(reader, coordinates, at)?),
        "MultiPolygon" => Shape::MultiPolygon(list(reader, coordinates, at, polygon)?),
        _ => {
            let at = reader.step(mark, Step::Key("type"));
            return Err((at, "this is no type of GeoJSON geometries".to_owned()));
        }
    };
    match shape.flaw() {
        None => Ok(shape),
        Some(flaw) => Err((mark, flaw.to_owned())),
    }
}

fn collection(reader: &mut Reader<'_>, object: &Object<'_>, mark: u32) -> Result<Shape, Fault> {
    let at = reader.step(mark, Step::Key("geometries"));
    let members = object.get("geometries").copied().unwrap_or(RawValue::NULL);
    let members = list(reader, members, at, |reader, value, at| {
        let kind = |member: &Object<'_>| member.get("type").and_then(|kind| Json::text(kind));
        match Json::open(value) {
            Some(Json::Object(member)) if kind(&member).as_deref() != Some("GeometryCollection") => {
                read(reader, &member, at)
            }
            _ => Err((at, "a member of a geometry collection is a geometry other than a collection".to_owned())),
        }
    })?;
    if members.is_empty() {
        return Err((at, "the geometry is empty".to_owned()));
    }
    Ok(Shape::GeometryCollection(members))
}

fn list<T>(
    reader: &mut Reader<'_>,
    value: &RawValue,
    mark: u32,
    item: impl Fn(&mut Reader<'_>, &RawValue, u32) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let Some(values) = Json::elements(value) else { return Err((mark, "an array is expected here".to_owned())) };
    let mut items = Vec::with_capacity(values.len());
    for (index, value) in values.into_iter().enumerate() {
        let at = reader.step(mark, Step::Index(index));
        items.push(item(reader, value, at)?);
    }
    Ok(items)
}

fn position(reader: &mut Reader<'_>, value: &RawValue, mark: u32) -> Result<Position, Fault> {
    reader.count_vertex(mark)?;
    match floats(value).as_deref() {
        Some(&[Some(x), Some(y)]) => Ok(Position { xy: [x, y], z: None }),
        // RFC 7946, 3.1.1: numbers beyond the third have no meaning.
        Some(&[Some(x), Some(y), z, ..]) if z.is_some() => Ok(Position { xy: [x, y], z }),
        _ => Err((mark, "a position is an array of two or three numbers".to_owned())),
    }
}

/// The numbers of an array; `None` for elements that are none.
fn floats(value: &RawValue) -> Option<Vec<Option<f64>>> {
    Json::elements(value).map(|elements| elements.into_iter().map(Json::float).collect())
}

/// Reads the numbers of a `bbox`.
pub(super) fn bbox(value: &RawValue) -> Result<Vec<f64>, String> {
    let numbers: Option<Vec<f64>> = floats(value).and_then(|numbers| numbers.into_iter().collect());
    let numbers = numbers.filter(|numbers| matches!(numbers.len(), 4 | 6));
    numbers.ok_or_else(|| "a bbox has four numbers (west, south, east, north) or six (with heights)".to_owned())
}

/// Writes a GeoJSON geometry.
pub(super) fn write(shape: &Shape) -> Value {
    let line = |line: &Vec<Position>| Value::from_iter(line.iter().map(written));
    let polygon = |rings: &Vec<Vec<Position>>| Value::from_iter(rings.iter().map(line));
    let coordinates = match shape {
        Shape::Point(point) => written(point),
        Shape::LineString(positions) | Shape::MultiPoint(positions) => line(positions),
        Shape::Polygon(rings) | Shape::MultiLineString(rings) => polygon(rings),
        Shape::MultiPolygon(polygons) => Value::from_iter(polygons.iter().map(polygon)),
        Shape::GeometryCollection(members) => {
            let members = Value::from_iter(members.iter().map(write));
            return json!({ "type": shape.name(), "geometries": members });
        }
    };
    json!({ "type": shape.name(), "coordinates": coordinates })
}

fn written(position: &Position) -> Value {
    Value::from_iter(position.xy.into_iter().chain(position.z))
}
