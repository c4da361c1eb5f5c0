//! A small catalog whose every oddity is known.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use serde_json::Value as Json;
use serde_json::json;
use tumen::catalog::Catalog;
use tumen::catalog::Collection;
use tumen::catalog::Features;
use tumen::catalog::Live;
use tumen::config::Config;
use tumen::feature::GeometryKind;
use tumen::feature::Id;
use tumen::feature::PartKind;
use tumen::feature::TableBuilder;
use tumen::feature::TimeFields;
use tumen::feature::Value;
use tumen::http::App;
use tumen::source::Metadata;
use tumen::store::Snapshot;
use tumen::store::Version;
use tumen::workers::Workers;

/// A name that is code to whoever forgets to escape it.
pub const NASTY: &str = "<script>alert('1')</script>&\"";

/// An app over [`catalog`] with the usual settings.
pub fn app() -> App {
    app_with(Config::default())
}

/// An app over [`catalog`].
pub fn app_with(config: Config) -> App {
    let workers = Workers::start(NonZeroUsize::MIN, 64);
    App::new(Live::new(catalog()), workers, config)
}

/// Towns with times, islands on both sides of the antimeridian, and a collection of nothing.
pub fn catalog() -> Catalog {
    catalog_of([
        collection("towns", &towns(), Some(("from", Some("until")))),
        collection("islands", &islands(), None),
        collection("nothing", &[], None),
    ])
}

pub fn catalog_of(collections: impl IntoIterator<Item = Collection>) -> Catalog {
    let collections: BTreeMap<String, Arc<Collection>> =
        collections.into_iter().map(|own| (own.id.clone(), Arc::new(own))).collect();
    Catalog { collections, ..Catalog::default() }
}

pub fn towns() -> Vec<Json> {
    let town = |id: Json, lon: f64, lat: f64, properties: Json| json!({ "id": id, "geometry": [lon, lat], "properties": properties });
    vec![
        town(
            json!("hoeryong"),
            129.75,
            42.44,
            json!({ "name": "Hoeryong", "people": 153_532, "from": "1434", "capital": false }),
        ),
        town(
            json!(2),
            129.78,
            41.79,
            json!({ "name": "Chongjin", "people": 667_929, "from": "1908-04-01", "until": "1950" }),
        ),
        town(json!("a/b c"), 130.3, 42.25, json!({ "name": NASTY, "people": 3, "height": 12.5 })),
        json!({ "id": "lost", "geometry": null, "properties": { "name": "Nowhere", "people": 3 } }),
        town(
            json!("rajin"),
            130.29,
            42.25,
            json!({ "name": "Rajin", "from": "2018-02-12T23:20:52Z", "limit": "taken" }),
        ),
    ]
}

fn islands() -> Vec<Json> {
    let island = |id: usize, lon: f64| json!({ "id": id, "geometry": [lon, -16.8], "properties": { "number": id } });
    vec![island(1, 179.5), island(2, -179.5), island(3, 0.0)]
}

/// A collection of points; `time` names the fields that say when they are.
pub fn collection(id: &str, features: &[Json], time: Option<(&str, Option<&str>)>) -> Collection {
    let mut builder = TableBuilder::default();
    for feature in features {
        let shapes = builder.shapes();
        let kind = match feature["geometry"].as_array() {
            None => GeometryKind::Null,
            Some(position) => {
                shapes.push_coord(position[0].as_f64().unwrap(), position[1].as_f64().unwrap(), None);
                shapes.end_path();
                shapes.end_part(PartKind::Points);
                GeometryKind::Point
            }
        };
        let (text, number) = match &feature["id"] {
            Json::String(text) => (text.clone(), false),
            other => (other.to_string(), true),
        };
        let properties = feature["properties"].as_object().unwrap();
        let values = properties.iter().map(|(name, value)| (name.as_str(), value_of(value)));
        builder.push(Id { text: &text, number }, kind, &feature["properties"].to_string(), values);
    }
    let table = builder.finish(|schema| {
        schema.time = time.map(|(start, end)| TimeFields {
            start: schema.field(start).unwrap(),
            end: end.map(|end| schema.field(end).unwrap()),
        });
    });
    // Any number does that differs between contents.
    let version = Version(
        features
            .iter()
            .flat_map(|feature| feature.to_string().into_bytes())
            .fold(7, |hash, byte| u128::from(byte).wrapping_add(hash).wrapping_mul(0x1_0000_01b3)),
    );
    let metadata = Metadata {
        title: Some(format!("The {id}")),
        description: Some(format!("All the {id} that there are {NASTY}.")),
        attribution: Some("Surveyors".to_owned()),
        ..Metadata::default()
    };
    Collection { id: id.to_owned(), metadata, features: Features::Fixed(Snapshot::new(table, version)) }
}

fn value_of(value: &Json) -> Value<'_> {
    match value {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Int),
        Json::String(text) => Value::Text(text),
        Json::Array(_) | Json::Object(_) => panic!("the fixture has only simple values"),
    }
}
