//! Small GeoJSON, read by the `geojson` crate: what stands inside styles and request bodies. Also the measure of the
//! scanner, which must read the same out of the same text.

use std::path::Path;

use geojson::Feature;
use geojson::GeoJson;
use geojson::Geometry;
use geojson::GeometryValue;
use geojson::Position;
use geojson::feature::Id;
use serde_json::Value as Json;
use xxhash_rust::xxh3::Xxh3;
use xxhash_rust::xxh3::xxh3_64;

use crate::feature::GeometryKind;
use crate::feature::PartKind;
use crate::feature::Scalar;
use crate::source::Collected;
use crate::source::Metadata;
use crate::source::Place;
use crate::source::Problem;
use crate::source::Severity;
use crate::source::draft::Draft;
use crate::source::gather::Gather;
use crate::source::gather::Gathered;
use crate::source::ids::Written;
use crate::source::input::Input;
use crate::source::read::collect;
use crate::source::reference::Reference;

/// Reads one GeoJSON object: a collection, a feature or a geometry. Strict as the `geojson` crate is: a single broken
/// feature is an error. `name` stands in what is reported.
pub fn read_text(text: &str, name: &Path, metadata: &Metadata) -> Result<Collected, Problem> {
    let parsed: GeoJson = text.parse().map_err(|error| refused(&error, name))?;
    let mut gather = Gather::default();
    match parsed {
        GeoJson::Geometry(geometry) => {
            let feature = Feature { geometry: Some(geometry), ..Feature::default() };
            add(&mut gather, 0, &feature, metadata);
        }
        GeoJson::Feature(feature) => add(&mut gather, 0, &feature, metadata),
        GeoJson::FeatureCollection(collection) => {
            collection
                .features
                .iter()
                .enumerate()
                .for_each(|(number, feature)| add(&mut gather, number, feature, metadata));
        }
    }
    let mut hasher = Xxh3::new();
    hasher.update(text.as_bytes());
    Ok(collect(gather, hasher, &Input::Text(text), name, metadata, |_| Vec::new()))
}

fn refused(error: &geojson::Error, name: &Path) -> Problem {
    let place = match error {
        // serde_json counts bytes where we count characters; in the ASCII of most structure they agree.
        geojson::Error::MalformedGeoJson(error) if error.line() > 0 => {
            Some(Place { line: error.line(), column: error.column().max(1), byte: 0 })
        }
        _ => None,
    };
    Problem { file: name.to_owned(), feature: None, place, severity: Severity::File, message: error.to_string() }
}

fn add(gather: &mut Gather, number: usize, feature: &Feature, metadata: &Metadata) {
    let mut draft = Draft::default();
    if let Some(geometry) = &feature.geometry {
        draft.kind = put(&mut draft, geometry, false);
    }
    let properties: Vec<(&str, Scalar)> =
        feature.properties.iter().flatten().map(|(key, value)| (key.as_str(), scalar(value))).collect();
    let text = feature.properties.as_ref().map_or("null".to_owned(), |map| Json::Object(map.clone()).to_string());
    let declared = metadata.id_field.as_ref().map(|field| {
        let value = properties.iter().find(|(key, _)| key == field).map(|(_, value)| value);
        match value {
            Some(Scalar::Int(n)) => Some((n.to_string(), true)),
            Some(Scalar::Text(text)) => Some((text.to_string(), false)),
            _ => None,
        }
    });
    let id = declared.unwrap_or_else(|| match &feature.id {
        None => None,
        Some(Id::Number(number)) => Some((number.to_string(), true)),
        Some(Id::String(text)) => Some((text.clone(), false)),
    });
    let written = match &id {
        Some((text, true)) => Written::Number(text),
        Some((text, false)) if !text.is_empty() => Written::Text(text),
        _ => Written::Absent,
    };
    let content = xxh3_64(feature.to_string().as_bytes());
    let gathered = Gathered { number, byte: 0, id: written, content, text: &text, reference: Reference::Wgs84 };
    let values = properties.iter().map(|(key, value)| (*key, value.as_value()));
    if let Err(flaw) = gather.push(&gathered, &mut draft, values) {
        gather.report.leave_out(number, 0, flaw.message);
    }
}

/// Puts a geometry into a draft and answers its type.
fn put(draft: &mut Draft, geometry: &Geometry, in_collection: bool) -> GeometryKind {
    match &geometry.value {
        GeometryValue::Point { coordinates } => {
            put_path(draft, std::slice::from_ref(coordinates));
            draft.end_part(PartKind::Points, false, true);
            GeometryKind::Point
        }
        GeometryValue::MultiPoint { coordinates } => {
            if !coordinates.is_empty() {
                put_path(draft, coordinates);
                draft.end_part(PartKind::Points, true, true);
            }
            GeometryKind::MultiPoint
        }
        GeometryValue::LineString { coordinates } => {
            put_path(draft, coordinates);
            draft.end_part(PartKind::Line, false, true);
            GeometryKind::LineString
        }
        GeometryValue::MultiLineString { coordinates } => {
            for (number, line) in coordinates.iter().enumerate() {
                put_path(draft, line);
                draft.end_part(PartKind::Line, true, number == 0);
            }
            GeometryKind::MultiLineString
        }
        GeometryValue::Polygon { coordinates } => {
            put_polygon(draft, coordinates, false, true);
            GeometryKind::Polygon
        }
        GeometryValue::MultiPolygon { coordinates } => {
            for (number, polygon) in coordinates.iter().enumerate() {
                put_polygon(draft, polygon, true, number == 0);
            }
            GeometryKind::MultiPolygon
        }
        GeometryValue::GeometryCollection { geometries } => {
            draft.notes.nested_collection |= in_collection;
            for member in geometries {
                put(draft, member, true);
            }
            GeometryKind::GeometryCollection
        }
    }
}

fn put_polygon(draft: &mut Draft, rings: &[Vec<Position>], multi: bool, first: bool) {
    if !rings.is_empty() {
        for ring in rings {
            put_path(draft, ring);
        }
        draft.end_part(PartKind::Polygon, multi, first);
    }
}

fn put_path(draft: &mut Draft, path: &[Position]) {
    for position in path {
        if let [lon, lat, rest @ ..] = position.as_slice() {
            draft.push([*lon, *lat], rest.first().copied());
            draft.notes.long_position |= rest.len() > 1;
        }
    }
    draft.end_path(0);
}

fn scalar(value: &Json) -> Scalar {
    match value {
        Json::Null => Scalar::Null,
        Json::Bool(b) => Scalar::Bool(*b),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Scalar::Int(integer),
            None => Scalar::Float(number.as_f64().unwrap_or(f64::MAX)),
        },
        Json::String(text) => Scalar::Text(text.as_str().into()),
        Json::Array(_) | Json::Object(_) => Scalar::Json(value.to_string().into()),
    }
}
