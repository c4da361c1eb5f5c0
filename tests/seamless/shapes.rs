//! Fills, lines, dots and density.

use serde_json::Value as Json;
use serde_json::json;

use super::block::Block;
use super::block::Stage;
use super::data;

pub const HOERYONG: [f64; 2] = [129.75, 42.43];

pub fn layers(list: &[Json]) -> Json {
    let mut layers = vec![json!({ "id": "b", "type": "background", "paint": { "background-color": "#eef" } })];
    for (index, layer) in list.iter().enumerate() {
        let mut layer = layer.clone();
        layer["id"] = json!(format!("layer {index}"));
        layer["source"] = json!("all");
        layers.push(layer);
    }
    json!(layers)
}

fn styles() -> Vec<Json> {
    let fill = |paint: Json| json!({ "type": "fill", "source-layer": "polygons", "paint": paint });
    let line = |on: &str, layout: Json, paint: Json| json!({ "type": "line", "source-layer": on, "layout": layout, "paint": paint });
    let circle = |on: &str, paint: Json| json!({ "type": "circle", "source-layer": on, "paint": paint });
    vec![
        layers(&[
            fill(json!({ "fill-color": "#c66", "fill-opacity": 0.4, "fill-outline-color": "#000" })),
            fill(json!({ "fill-pattern": "hatch-mining", "fill-opacity": 0.7, "fill-translate": [3.3, -5.1] })),
        ]),
        layers(&[
            fill(json!({ "fill-color": ["match", ["%", ["get", "n"], 3], 0, "#393", "#339"] })),
            line("polygons", json!({ "line-join": "round" }), json!({ "line-width": 3.7, "line-dasharray": [3, 1.7] })),
        ]),
        layers(&[
            line(
                "lines",
                json!({}),
                json!({ "line-width": ["+", 2, ["%", ["get", "n"], 9]], "line-color": "rgba(20, 80, 160, 0.6)", "line-blur": 1 }),
            ),
            line(
                "lines",
                json!({ "line-cap": "round", "line-join": "bevel" }),
                json!({ "line-width": 2, "line-gap-width": 5, "line-offset": 13, "line-dasharray": [0.5, 2.3] }),
            ),
        ]),
        layers(&[line(
            "lines",
            json!({ "line-join": "round" }),
            json!({ "line-width": 12, "line-pattern": "hatch-mining" }),
        )]),
        layers(&[
            circle(
                "points",
                json!({ "circle-radius": ["*", 22, ["get", "size"]], "circle-opacity": 0.3, "circle-stroke-width": 3.3, "circle-blur": 0.2 }),
            ),
            circle("lines", json!({ "circle-radius": 7, "circle-translate": [40.4, 0] })),
        ]),
        layers(&[
            json!({ "type": "heatmap", "source-layer": "points", "paint": { "heatmap-radius": 70, "heatmap-weight": ["get", "size"] } }),
        ]),
    ]
}

#[tokio::test]
async fn shapes_of_scattered_features_meet() {
    let mut inked = 0;
    for (seed, layers) in styles().iter().enumerate() {
        for (level, size, ratio) in [(8, 256, 2.0), (17, 512, 1.0)] {
            let span = 2.0 * 360.0 / f64::from(level).exp2();
            let stage = Stage::new(data::catalog(data::scattered(seed as u64, HOERYONG, span)), layers, &json!({}));
            let drawn = stage.assert_seamless(&Block::around(HOERYONG, level, size, ratio)).await;
            assert!(drawn > 100, "{level} {size} {layers}");
            inked += drawn;
        }
    }
    assert!(inked > 100_000);
}

#[tokio::test]
async fn shapes_meet_over_the_antimeridian() {
    for (seed, layers) in styles().iter().enumerate() {
        for (level, size) in [(2, 256), (5, 256)] {
            let span = 2.0 * 360.0 / f64::from(level).exp2();
            let stage =
                Stage::new(data::catalog(data::scattered(seed as u64, [180.0, 10.0], span)), layers, &json!({}));
            let count = 1_u32 << level;
            let block = Block { level, first: [count - 1, count / 2 - 1], count: [2, 2], size, ratio: 1.0 };
            assert!(stage.assert_seamless(&block).await > 100, "{level} {size} {layers}");
        }
    }
}

#[tokio::test]
async fn a_gradient_runs_along_the_whole_line() {
    let [_, (_, lines), _] = data::scattered(3, HOERYONG, 1.0);
    let sources = json!({ "own": { "type": "geojson", "lineMetrics": true,
        "data": { "type": "FeatureCollection", "features": lines } } });
    let layers = json!([{ "id": "g", "type": "line", "source": "own", "paint": { "line-width": 9,
        "line-gradient": ["interpolate", ["linear"], ["line-progress"], 0, "#f00", 0.5, "#0f0", 1, "#00f"] } }]);
    let stage = Stage::new(data::catalog([("nothing", Vec::new())]), &layers, &sources);
    assert!(stage.assert_seamless(&Block::around(HOERYONG, 9, 256, 1.0)).await > 1000);
}

#[tokio::test]
async fn the_atlas_meets() {
    let catalog = data::atlas();
    let style = catalog.styles["atlas"].style.clone();
    let stage = Stage { catalog, style };
    for (level, size, ratio) in [(6, 256, 1.0), (9, 512, 1.0), (11, 256, 2.0), (14, 256, 1.0), (16, 256, 1.0)] {
        assert!(stage.assert_seamless(&Block::around(HOERYONG, level, size, ratio)).await > 1000);
    }
}
