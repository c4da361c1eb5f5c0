//! Data of others, where the shared folder has it: streets with names, countries over the antimeridian.

use std::collections::BTreeMap;
use std::env;
use std::fs::File;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use tumen::catalog::Catalog;
use tumen::catalog::Collection;
use tumen::catalog::Features;
use tumen::source::Limits;
use tumen::source::Metadata;
use tumen::source::read_from;
use tumen::store::Snapshot;

use super::block::Block;
use super::block::Stage;
use super::data;

/// A file of the shared folder as a collection; `None` without the folder.
fn collection(id: &str, file: &str) -> Option<Catalog> {
    let root = env::var_os("TUMEN_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let Ok(input) = File::open(root.join("data").join(file)) else {
        eprintln!("skipped: there is no {file} in TUMEN_SHARED");
        return None;
    };
    let metadata = Metadata::default();
    let collected = read_from(input, Path::new(file), &metadata, &Limits::default()).unwrap();
    let features = Features::Fixed(Snapshot::new(collected.table, collected.version));
    let own = Arc::new(Collection::new(id.to_owned(), metadata, features, &[]));
    Some(Catalog { collections: BTreeMap::from([(id.to_owned(), own)]), ..data::atlas() })
}

#[tokio::test]
async fn streets_of_florence_and_their_names_meet() {
    let Some(catalog) = collection("roads", "osm/firenze_roads.geojsonl.gz") else { return };
    let on = |id: &str, kind: &str, layout: serde_json::Value, paint: serde_json::Value| json!({ "id": id, "type": kind, "source": "all", "source-layer": "roads", "layout": layout, "paint": paint });
    let width = json!(["match", ["get", "pmap:kind"], "highway", 9, "major_road", 6, 2.5]);
    let layers = json!([
        on(
            "case",
            "line",
            json!({ "line-cap": "round", "line-join": "round" }),
            json!({ "line-width": ["+", 2, width], "line-color": "#765" })
        ),
        on(
            "road",
            "line",
            json!({ "line-cap": "round", "line-join": "round" }),
            json!({ "line-width": width, "line-color": "#fed" })
        ),
        on("walk", "line", json!({}), json!({ "line-width": 1, "line-color": "#a33", "line-dasharray": [3, 2] })),
        on(
            "names",
            "symbol",
            json!({ "symbol-placement": "line", "text-field": ["get", "name"], "text-size": 12 }),
            json!({ "text-halo-color": "white", "text-halo-width": 1 })
        ),
    ]);
    let stage = Stage::new(catalog, &layers, &json!({}));
    for (level, size, ratio) in [(14, 256, 1.0), (16, 512, 1.0), (17, 256, 2.0)] {
        let drawn = stage.assert_seamless(&Block::around([11.2558, 43.7696], level, size, ratio)).await;
        assert!(drawn > 10_000);
    }
}

#[tokio::test]
async fn countries_meet_over_the_antimeridian_and_have_one_label_each() {
    let Some(catalog) = collection("countries", "naturalearth/ne_50m_admin_0_countries.geojson.gz") else { return };
    let on = |kind: &str, layout: serde_json::Value, paint: serde_json::Value| json!({ "id": kind, "type": kind, "source": "all", "source-layer": "countries", "layout": layout, "paint": paint });
    let layers = json!([
        on("fill", json!({}), json!({ "fill-color": ["match", ["%", ["get", "mapcolor7"], 3], 0, "#cdb", "#dcb"] })),
        on("line", json!({ "line-join": "round" }), json!({ "line-width": 1.5, "line-dasharray": [4, 2] })),
        on(
            "symbol",
            json!({ "text-field": ["get", "name"], "text-size": 15, "symbol-sort-key": ["get", "labelrank"] }),
            json!({})
        ),
    ]);
    let stage = Stage::new(catalog, &layers, &json!({}));
    for (level, size) in [(2, 256), (3, 512), (5, 256)] {
        let count = 1_u32 << level;
        // The north-east of Asia and Alaska.
        let block = Block { level, first: [count - 1, count / 4 - 1], count: [2, 2], size, ratio: 1.0 };
        assert!(stage.assert_seamless(&block).await > 10_000);
    }
}
