//! CQL2 as the standard's own examples and test suite have it (OGC 21-065r2), where the shared folder is at hand.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test stops where it is wrong, and says what it skips")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tumen::query::FilterLimits;
use tumen::query::Query;
use tumen::query::Written;
use tumen::source;
use tumen::source::Limits;
use tumen::source::Metadata;
use tumen::store::Snapshot;
use tumen::store::Version;

/// A folder of what belongs to the standard; `None`, and said so, where it is not at hand.
fn shared(folder: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("TUMEN_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = shared.join("conformance/cql2").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("SKIPPED: there is no {}; set TUMEN_SHARED", path.display());
    None
}

fn from_text(text: &str) -> Written {
    Written::from_text(text, &FilterLimits::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn from_json(text: &str) -> Written {
    Written::from_json(text, &FilterLimits::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn every_example_of_the_standard_means_the_same_in_text_and_in_json() {
    let Some(folder) = shared("examples") else { return };
    let mut count = 0;
    for entry in fs::read_dir(folder.join("text")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let written = from_text(&fs::read_to_string(&path).unwrap());
        let canonical = written.to_text();
        assert_eq!(from_text(&canonical).to_text(), canonical, "{stem}");
        let twin = stem.split("-alt").next().unwrap();
        let json = from_json(&fs::read_to_string(folder.join(format!("json/{twin}.json"))).unwrap());
        assert_eq!(json.to_text(), canonical, "{stem}");
        assert_eq!(json.to_json(), written.to_json(), "{stem}");
        assert_eq!(from_json(&written.to_json().to_string()).to_text(), canonical, "{stem}");
        count += 1;
    }
    assert!(count > 100, "{count} are not all examples");
}

/// A collection of the standard's test data, with the types that its queryables declare.
fn collection(folder: &Path, name: &str, scratch: &Path) -> Option<Snapshot> {
    let data = scratch.join(format!("{name}.geojson"));
    let package = folder.join("ne110m4cql2.gpkg");
    // All digits of the coordinates are kept, because the suite asks what touches.
    let exported =
        Command::new("ogr2ogr").arg(&data).arg(&package).arg(name).args(["-lco", "COORDINATE_PRECISION=15"]).output();
    let exported = exported.map(|output| output.status);
    if !exported.is_ok_and(|status| status.success()) {
        assert!(std::env::var_os("TUMEN_CLIENTS").is_none(), "ogr2ogr is required here");
        println!("SKIPPED: ogr2ogr does not export {}", package.display());
        return None;
    }
    let queryables: Value =
        serde_json::from_str(&fs::read_to_string(folder.join(format!("{name}.json"))).unwrap()).unwrap();
    let mut metadata = String::new();
    for (field, schema) in queryables["properties"].as_object().unwrap() {
        let kind = match (schema["format"].as_str(), schema["type"].as_str()) {
            (Some("date"), _) => "date",
            (Some("date-time"), _) => "timestamp",
            (_, Some(kind)) => kind,
            _ => continue,
        };
        metadata.push_str(&format!("[fields.{field}]\ntype = \"{kind}\"\n"));
    }
    let metadata: Metadata = toml::from_str(&metadata).unwrap();
    let collected = source::read(&data, &metadata, &Limits::default()).unwrap();
    Some(Snapshot::new(collected.table, Version(1)))
}

#[test]
fn the_274_predicates_of_the_test_suite_select_as_many_features_as_they_should() {
    let Some(folder) = shared("data") else { return };
    let scratch = tempfile::tempdir().unwrap();
    let predicates = fs::read_to_string(folder.join("../ats_predicates.json")).unwrap();
    let predicates: Vec<Value> = serde_json::from_str(&predicates).unwrap();
    let mut collections: BTreeMap<String, Snapshot> = BTreeMap::new();
    let mut wrong = Vec::new();
    for predicate in &predicates {
        let name = predicate["collection"].as_str().unwrap();
        if !collections.contains_key(name) {
            let Some(snapshot) = collection(&folder, name, scratch.path()) else { return };
            collections.insert(name.to_owned(), snapshot);
        }
        let snapshot = &collections[name];
        let text = predicate["filter"].as_str().unwrap();
        let expected = predicate.get("erratum_true_count").unwrap_or(&predicate["expected"]).as_u64().unwrap();
        let written = from_text(text);
        for written in [from_json(&written.to_json().to_string()), written] {
            match written.check(snapshot.schema()) {
                Ok(filter) => {
                    let query = Query { filter, ..Query::default() };
                    let count = snapshot.rows(&query).len();
                    let one_by_one = snapshot.table().rows().filter(|&row| query.filter.matches(row)).count();
                    if (count as u64, one_by_one) != (expected, count) {
                        wrong.push(format!("{text}: {count}, one by one {one_by_one}, expected {expected}"));
                    }
                }
                Err(error) => wrong.push(format!("{text}: {error}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), predicates.len(), wrong.join("\n"));
    assert_eq!(predicates.len(), 274);
}
