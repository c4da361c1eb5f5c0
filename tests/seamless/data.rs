//! Collections to draw.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;
use serde_json::json;
use tumen::catalog::Catalog;
use tumen::catalog::Collection;
use tumen::catalog::Features;
use tumen::config::Config;
use tumen::source::Metadata;
use tumen::source::read_text;
use tumen::store::Snapshot;

/// Numbers that look like chance and are the same in each run.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / f64::from(1 << 24)
    }

    pub fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }
}

/// A catalog of collections with the atlas's sprites.
pub fn catalog(collections: impl IntoIterator<Item = (&'static str, Vec<Json>)>) -> Catalog {
    let collection = |(id, features): (&str, Vec<Json>)| {
        let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
        let metadata = Metadata::default();
        let collected = read_text(&text, Path::new("data"), &metadata).unwrap();
        let features = Features::Fixed(Snapshot::new(collected.table, collected.version));
        (id.to_owned(), Arc::new(Collection::new(id.to_owned(), metadata, features, &[])))
    };
    let collections: BTreeMap<_, _> = collections.into_iter().map(collection).collect();
    Catalog { collections, ..atlas() }
}

/// The bundled atlas.
pub fn atlas() -> Catalog {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let features = vec![root.join("features").to_string_lossy().into_owned()];
    let (catalog, problems) =
        tumen::catalog::build(&Config { features, styles: Some(root.join("styles")), ..Config::default() });
    assert!(problems.is_empty(), "{problems:?}");
    catalog
}

/// A feature.
pub fn feature(id: usize, kind: &str, coordinates: Json, properties: Json) -> Json {
    json!({
        "type": "Feature", "id": id, "properties": properties,
        "geometry": { "type": kind, "coordinates": coordinates },
    })
}

const NAMES: [&str; 8] = ["Hoeryong", "회령시", "图们江", "Chongjin", "Rajin-Sonbong", "두만강", "龙井市", "Kyongwon"];

/// Points, lines and polygons of all sizes around a position, at a scale of so many degrees.
pub fn scattered(seed: u64, [lon, lat]: [f64; 2], span: f64) -> [(&'static str, Vec<Json>); 3] {
    let mut chance = Chance::new(seed);
    let mut near = |reach: f64| {
        let reach = f64::min(reach, 80.0);
        [lon + chance.within(-reach, reach), lat + chance.within(-reach, reach) * 0.7]
    };
    let mut points = Vec::new();
    for id in 0..60 {
        let properties = json!({ "name": NAMES[id % NAMES.len()], "n": id, "size": id % 7 });
        points.push(feature(id, "Point", json!(near(span)), properties));
    }
    let mut lines = Vec::new();
    for id in 0..24 {
        let reach = if id % 5 == 0 { span * 8.0 } else { span };
        let path: Vec<[f64; 2]> = (0..3 + id % 9).map(|_| near(reach)).collect();
        lines.push(feature(id, "LineString", json!(path), json!({ "name": NAMES[id % NAMES.len()], "n": id })));
    }
    let mut polygons = Vec::new();
    for id in 0..16 {
        let [x, y] = near(span);
        let radius = span * [0.02, 0.3, 1.0, 5.0][id % 4];
        let corner = |share: f64, radius: f64| {
            let (sin, cos) = (share * std::f64::consts::TAU).sin_cos();
            // What leaves the world is brought back and cut by the reader.
            [x + (radius * cos).clamp(-170.0, 170.0), (y + radius * sin * 0.7).clamp(-80.0, 80.0)]
        };
        let ring = |count: usize, radius: f64| -> Vec<[f64; 2]> {
            (0..=count)
                .map(|at| {
                    corner((at % count) as f64 / count as f64, radius * (1.0 + 0.4 * ((at % count) as f64).sin()))
                })
                .collect()
        };
        let hole: Vec<[f64; 2]> = ring(5, radius * 0.3).into_iter().rev().collect();
        let rings = if id % 3 == 0 { json!([ring(9 + id, radius), hole]) } else { json!([ring(9 + id, radius)]) };
        polygons.push(feature(id, "Polygon", rings, json!({ "name": NAMES[id % NAMES.len()], "n": id })));
    }
    [("points", points), ("lines", lines), ("polygons", polygons)]
}
