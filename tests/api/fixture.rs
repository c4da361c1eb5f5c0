//! A small catalog whose every oddity is known.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;
use serde_json::json;
use tumen::catalog::Catalog;
use tumen::catalog::Collection;
use tumen::catalog::Features;
use tumen::catalog::Live;
use tumen::catalog::Styled;
use tumen::config::Config;
use tumen::http::App;
use tumen::source::Metadata;
use tumen::source::TimeMetadata;
use tumen::source::read_text;
use tumen::store::Snapshot;
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

/// The usual app with the automatic style of its towns, which has a background, under the id `plain`.
pub fn styled_app() -> App {
    let catalog = catalog();
    let styled = Styled::automatic(&[Arc::clone(&catalog.collections["towns"])]).unwrap();
    let styles = [("plain".to_owned(), Arc::new(Styled { id: "plain".to_owned(), ..styled }))].into();
    App::new(Live::new(Catalog { styles, ..catalog }), Workers::start(NonZeroUsize::MIN, 64), Config::default())
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
    let time = time.map(|(start, end)| TimeMetadata { start: start.to_owned(), end: end.map(str::to_owned) });
    collection_with(id, features, Metadata { time, ..Metadata::default() })
}

/// A collection of points of which this is known.
pub fn collection_with(id: &str, features: &[Json], metadata: Metadata) -> Collection {
    let metadata = Metadata {
        title: Some(format!("The {id}")),
        description: Some(format!("All the {id} that there are {NASTY}.")),
        attribution: Some("Surveyors; Cartographers".to_owned()),
        ..metadata
    };
    let features: Vec<Json> = features.iter().map(feature).collect();
    let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let collected = read_text(&text, Path::new(id), &metadata).unwrap();
    let features = Features::Fixed(Snapshot::new(collected.table, collected.version));
    Collection::new(id.to_owned(), metadata, features, &[])
}

/// A GeoJSON feature, whose geometry is given as a position.
fn feature(short: &Json) -> Json {
    let geometry = short["geometry"].as_array().map(|at| json!({ "type": "Point", "coordinates": at }));
    json!({ "type": "Feature", "id": short["id"], "geometry": geometry, "properties": short["properties"] })
}
