//! What a JSON text is, told by its `type` before anything else of it is read.

use std::borrow::Cow;

use super::fault::Fault;
use super::fault::Scan;
use super::geometry::kind_named;
use super::json::Scanner;
use super::json::Sort;

/// What a record of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Record {
    Collection,
    Feature,
    Geometry,
}

/// Looks for the member `type` of the object here, without moving.
pub(super) fn peek(scanner: &Scanner<'_>) -> Scan<Record> {
    let mut scanner = scanner.clone();
    match scanner.sort()? {
        Sort::Object => {}
        Sort::Array => {
            let message = "the file is a list; GeoJSON wraps its features: {\"type\": \"FeatureCollection\", \"features\": [...]}";
            return Err(Fault::meaning(scanner.at, message));
        }
        other => return Err(Fault::meaning(scanner.at, format!("GeoJSON is an object, not {}", other.name()))),
    }
    let start = scanner.at;
    let mut keys = Vec::new();
    scanner.at += 1;
    while !scanner.eat(b'}') {
        if scanner.byte() != b'"' {
            return Err(scanner.unexpected("the name of a member in double quotes"));
        }
        let key = scanner.string()?;
        if !scanner.eat(b':') {
            return Err(scanner.unexpected("':'"));
        }
        match scanner.sort()? {
            Sort::String if key == "type" => return record_named(scanner.at, &scanner.string()?),
            sort if key == "type" => {
                return Err(Fault::meaning(scanner.at, format!("\"type\" must be a string, not {}", sort.name())));
            }
            // What is inside is checked when it is read.
            Sort::Object | Sort::Array => {
                if !scanner.leap() {
                    return Err(Fault::end(scanner.text.len(), "the text ends before its brackets are closed"));
                }
            }
            _ => drop(scanner.skip()?),
        }
        keys.push(key);
        scanner.eat(b',');
    }
    Err(Fault::meaning(start, stranger(&keys)))
}

fn record_named(byte: usize, name: &str) -> Scan<Record> {
    match name {
        "FeatureCollection" => Ok(Record::Collection),
        "Feature" => Ok(Record::Feature),
        "Topology" => Err(Fault::meaning(byte, "this is TopoJSON, which is not read; convert it to GeoJSON first")),
        _ if kind_named(name).is_some() => Ok(Record::Geometry),
        _ => {
            let known = ["FeatureCollection", "Feature"].into_iter().find(|known| known.eq_ignore_ascii_case(name));
            let hint = known.map_or(String::new(), |known| format!("; it is written \"{known}\""));
            Err(Fault::meaning(byte, format!("\"{name}\" is no type of GeoJSON{hint}")))
        }
    }
}

/// What an object without `type` seems to be.
fn stranger(keys: &[Cow<'_, str>]) -> String {
    let has = |name: &str| keys.iter().any(|key| key == name);
    let what = if has("geometryType") || has("spatialReference") {
        "this is Esri JSON; export it as GeoJSON (f=geojson)"
    } else if has("layers") && has("sources") {
        "this is a map style; it belongs into the folder of styles"
    } else {
        "this is JSON, but not GeoJSON"
    };
    format!("it has no member \"type\": {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        match peek(&Scanner::new(text, 0)) {
            Ok(record) => format!("{record:?}"),
            Err(fault) => fault.message,
        }
    }

    #[test]
    fn the_type_is_found_wherever_it_stands() {
        assert_eq!(told(r#"{"features":[{"type":"}"}],"type":"FeatureCollection"}"#), "Collection");
        assert_eq!(told(r#"{"type":"Feature""#), "Feature");
        assert_eq!(told(r#"{"coordinates":[1,2],"type":"Point"}"#), "Geometry");
    }

    #[test]
    fn strangers_are_called_by_their_name() {
        for (text, word) in [
            ("{\"type\":\"Topology\"}", "TopoJSON"),
            ("{\"spatialReference\":{},\"features\":[]}", "Esri"),
            ("{\"version\":8,\"sources\":{},\"layers\":[]}", "style"),
            ("{\"name\":\"package\"}", "not GeoJSON"),
            ("{\"type\":\"featurecollection\"}", "\"FeatureCollection\""),
            ("[{}]", "list"),
            ("null", "an object, not null"),
            ("{\"type\":{}}", "a string, not an object"),
        ] {
            assert!(told(text).contains(word), "{text}: {}", told(text));
        }
    }
}
