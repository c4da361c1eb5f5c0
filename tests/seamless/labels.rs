//! Labels at points, along lines and on polygons.

use serde_json::Value as Json;
use serde_json::json;

use super::block::Block;
use super::block::Stage;
use super::data;
use super::shapes::HOERYONG;
use super::shapes::layers;

fn symbol(on: &str, layout: Json) -> Json {
    let mut layer = json!({ "type": "symbol", "source-layer": on, "layout": layout,
        "paint": { "text-color": "#203040", "text-halo-color": "white", "text-halo-width": 1.5 } });
    layer["layout"]["text-font"] = json!(["Noto Sans Bold"]);
    layer
}

fn styles() -> Vec<Json> {
    let name = json!(["get", "name"]);
    vec![
        layers(&[symbol("points", json!({ "text-field": name, "text-size": 22 }))]),
        layers(&[
            symbol(
                "polygons",
                json!({ "text-field": name, "text-size": 30, "symbol-sort-key": ["-", 0, ["get", "n"]] }),
            ),
            symbol(
                "points",
                json!({ "text-field": ["concat", ["get", "name"], "\n", ["get", "name"]], "text-size": 13,
                "icon-image": "capital", "text-variable-anchor": ["left", "right", "top"], "text-radial-offset": 1.2,
                "text-justify": "auto", "symbol-sort-key": ["get", "size"], "icon-optional": true }),
            ),
        ]),
        layers(&[
            symbol(
                "lines",
                json!({ "text-field": name, "symbol-placement": "line", "text-size": 18, "symbol-spacing": 120,
                "text-max-angle": 80 }),
            ),
            symbol(
                "lines",
                json!({ "text-field": name, "symbol-placement": "line-center", "text-size": 26,
                "text-offset": [0, 1.5], "text-max-angle": 80 }),
            ),
        ]),
        layers(&[
            symbol(
                "points",
                json!({ "icon-image": "capital", "icon-size": 2, "icon-overlap": "always",
                "icon-rotate": ["get", "n"] }),
            ),
            symbol(
                "points",
                json!({ "text-field": name, "text-size": ["+", 10, ["*", 6, ["get", "size"]]],
                "text-overlap": "cooperative", "text-padding": 9, "text-rotate": 30 }),
            ),
        ]),
    ]
}

#[tokio::test]
async fn labels_of_scattered_features_meet() {
    for (seed, layers) in styles().iter().enumerate() {
        for (level, size, ratio) in [(8, 256, 1.0), (13, 256, 2.0), (16, 512, 1.0)] {
            let span = 2.0 * 360.0 / f64::from(level).exp2();
            let stage = Stage::new(data::catalog(data::scattered(seed as u64, HOERYONG, span)), layers, &json!({}));
            let drawn = stage.assert_seamless(&Block::around(HOERYONG, level, size, ratio)).await;
            assert!(drawn > 1000, "{level} {size} {layers}");
        }
    }
}

#[tokio::test]
async fn labels_meet_over_the_antimeridian() {
    for (seed, layers) in styles().iter().enumerate() {
        let stage = Stage::new(data::catalog(data::scattered(seed as u64, [180.0, 10.0], 40.0)), layers, &json!({}));
        let block = Block { level: 3, first: [7, 3], count: [2, 2], size: 256, ratio: 1.0 };
        assert!(stage.assert_seamless(&block).await > 500, "{layers}");
    }
}

/// What stands does not depend on how much of the world is drawn, and no letter ends where the picture does.
#[tokio::test]
async fn a_block_is_a_part_of_any_larger_one() {
    let layers = layers(&[symbol("points", json!({ "text-field": ["get", "name"], "text-size": 24 }))]);
    let stage = Stage::new(data::catalog(data::scattered(11, HOERYONG, 1.0)), &layers, &json!({}));
    let large = Block { first: [219, 93], ..Block::around(HOERYONG, 8, 256, 1.0) };
    let large = Block { count: [4, 4], ..large };
    let small = Block { first: [220, 94], count: [2, 2], ..large };
    let (outer, inner) = (stage.pixels(&large).await, stage.pixels(&small).await);
    let mut on_edges = 0;
    for (row, pixels) in inner.chunks(512).enumerate() {
        let start = (row + 256) * 1024 + 256;
        assert_eq!(pixels, &outer[start..start + 512], "row {row}");
        on_edges += usize::from(pixels[0] != inner[0]) + usize::from(pixels[511] != inner[0]);
    }
    assert!(on_edges > 5, "letters cross the edges in this test");
}
