//! Lines and polygons that an archive's tiles cut, labelled as if they were whole.

use serde_json::Value as Json;
use serde_json::json;
use tumen::catalog::Catalog;
use tumen::catalog::Reach;
use tumen::catalog::Remote;
use tumen::catalog::RemoteLimits;
use tumen::render::degrees;

use super::archive::archive;
use super::block::Block;
use super::block::Stage;
use super::data;
use super::data::feature;

/// The level of the tiles.
const LEVEL: u8 = 12;
/// The tile whose top left corner counts as the origin.
const HOME: [u32; 2] = [3522, 1510];

/// A position so many tiles to the right of and below the origin.
fn at([x, y]: [f64; 2]) -> [f64; 2] {
    let count = f64::from(LEVEL).exp2();
    degrees([(f64::from(HOME[0]) + x) / count, (f64::from(HOME[1]) + y) / count])
}

fn line(id: usize, name: &str, path: &[[f64; 2]]) -> Json {
    let path: Vec<[f64; 2]> = path.iter().map(|&spot| at(spot)).collect();
    feature(id, "LineString", json!(path), json!({ "name": name }))
}

fn rectangle(id: usize, name: &str, [left, top, right, bottom]: [f64; 4]) -> Json {
    let corners = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]];
    feature(id, "Polygon", json!([corners.map(at)]), json!({ "name": name }))
}

/// Streets and lakes over edges and corners of tiles, with and without ids.
fn country() -> Vec<(&'static str, Vec<Json>)> {
    let mut streets = vec![
        line(1, "Over an edge", &[[0.9, 0.5], [1.1, 0.5]]),
        line(2, "Over a corner", &[[0.85, 0.85], [1.15, 1.15]]),
        line(3, "Far along the river", &[[-4.0, 1.32], [0.5, 1.3], [1.5, 1.35], [5.0, 1.3]]),
        line(4, "Round about", &[[0.9, 1.6], [1.1, 1.6], [1.1, 1.8], [0.9, 1.8], [0.9, 1.6]]),
        line(5, "Up and down", &[[0.3, 0.95], [0.4, 1.05], [0.5, 0.95], [0.6, 1.05], [0.7, 0.95]]),
        line(6, "Both the same", &[[1.2, 0.2], [1.5, 0.2]]),
        line(7, "Both the same", &[[1.5, 0.2], [1.8, 0.2]]),
    ];
    streets[1].as_object_mut().unwrap().remove("id");
    let lakes = vec![
        rectangle(1, "Lake", [0.8, 0.1, 1.1, 0.35]),
        rectangle(2, "Middle", [0.9, 0.9, 1.1, 1.1]),
        rectangle(3, "Sea", [-5.0, 1.5, 6.0, 6.0]),
    ];
    vec![("streets", streets), ("lakes", lakes)]
}

/// A style that draws the names of streets and lakes of an archive, or of the collections themselves; or one name alone.
fn stage(url: Option<&str>, placement: &str, spacing: f64, name: Option<&str>) -> Stage {
    let catalog = data::catalog(country());
    let text = |on: &str, layout: Json| {
        let source = if url.is_some() { "cut" } else { "all" };
        let mut layer = json!({ "id": on, "type": "symbol", "source": source, "source-layer": on, "layout": layout });
        let own = json!({ "text-field": ["get", "name"], "text-font": ["Noto Sans Bold"], "text-size": 13 });
        layer["layout"].as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        if let Some(name) = name {
            layer["filter"] = json!(["==", ["get", "name"], name]);
        }
        layer
    };
    let layers = json!([
        { "id": "ground", "type": "background", "paint": { "background-color": "white" } },
        text("lakes", json!({})),
        text("streets", json!({ "symbol-placement": placement, "symbol-spacing": spacing, "text-max-angle": 100 })),
    ]);
    let sources = url.map_or_else(|| json!({}), |url| json!({ "cut": { "type": "vector", "url": url } }));
    let remote = Some(Remote::new(RemoteLimits::default(), Reach::Everything));
    Stage::new(Catalog { remote, ..catalog }, &layers, &sources)
}

fn block(level: u8, first: [u32; 2], size: u32, ratio: f64) -> Block {
    Block { level, first, count: [2, 2], size, ratio }
}

#[tokio::test]
async fn names_of_an_archive_meet_over_edges_at_all_scales() {
    let folder = tempfile::tempdir().unwrap();
    let url = archive(folder.path(), &data::catalog(country()), LEVEL, at([1.0, 1.0]));
    let [x, y] = HOME;
    let blocks = [
        block(LEVEL, [x, y], 512, 1.0),
        block(LEVEL, [x, y], 512, 2.0),
        // Tiles of 256 pixels show the level below.
        block(LEVEL + 1, [2 * x + 1, 2 * y + 1], 256, 2.0),
        // Beyond the last level of the archive.
        block(LEVEL + 1, [2 * x + 1, 2 * y + 1], 512, 1.0),
        block(LEVEL + 3, [8 * x + 7, 8 * y + 7], 512, 1.0),
    ];
    for (placement, spacing) in [("line", 120.0), ("line", 700.0), ("line-center", 250.0)] {
        let stage = stage(Some(&url), placement, spacing, None);
        for block in blocks {
            let drawn = stage.assert_seamless(&block).await;
            assert!(drawn > 100, "{drawn} {placement} {block:?}");
        }
    }
}

/// Left, top, right and bottom of what is drawn, in pixels, and how many pixels that are.
fn ink(pixels: &[[u8; 4]], width: usize) -> ([usize; 4], usize) {
    let (mut edges, mut count) = ([usize::MAX, usize::MAX, 0, 0], 0);
    for (index, _) in pixels.iter().enumerate().filter(|(_, pixel)| **pixel != [255; 4]) {
        let (x, y) = (index % width, index / width);
        edges = [edges[0].min(x), edges[1].min(y), edges[2].max(x), edges[3].max(y)];
        count += 1;
    }
    (edges, count)
}

#[tokio::test]
async fn what_touches_two_columns_and_rows_of_tiles_is_labelled_as_if_it_were_whole() {
    let folder = tempfile::tempdir().unwrap();
    let url = archive(folder.path(), &data::catalog(country()), LEVEL, at([1.0, 1.0]));
    let block = block(LEVEL, HOME, 512, 1.0);
    let names = ["Over an edge", "Over a corner", "Round about", "Up and down", "Lake", "Middle"];
    for placement in ["line", "line-center"] {
        for name in names {
            let drawn = stage(Some(&url), placement, 250.0, Some(name)).pixels(&block).await;
            let expected = stage(None, placement, 250.0, Some(name)).pixels(&block).await;
            let ((drawn, count), (expected, wanted)) = (ink(&drawn, 1024), ink(&expected, 1024));
            assert!(wanted > 100, "{name} is not drawn at all");
            let is_near = drawn.iter().zip(&expected).all(|(a, b)| a.abs_diff(*b) < 8);
            assert!(is_near && count.abs_diff(wanted) < wanted / 8, "{placement} {name}: {drawn:?}, not {expected:?}");
        }
    }
}

#[tokio::test]
async fn what_is_longer_has_labels_about_as_often_as_if_it_were_whole() {
    let folder = tempfile::tempdir().unwrap();
    let url = archive(folder.path(), &data::catalog(country()), LEVEL, at([1.0, 1.0]));
    // The archive reaches five tiles to either side.
    let first = [2 * (HOME[0] - 3), 2 * (HOME[1] + 1)];
    let wide = Block { level: LEVEL + 1, first, count: [16, 8], size: 256, ratio: 1.0 };
    let inked = async |url: Option<&str>, spacing: f64, name: &str| {
        ink(&stage(url, "line", spacing, Some(name)).pixels(&wide).await, 4096).1 as f64
    };
    for spacing in [150.0, 250.0, 600.0, 1500.0] {
        let (drawn, expected) = (
            inked(Some(&url), spacing, "Far along the river").await,
            inked(None, spacing, "Far along the river").await,
        );
        assert!((0.6..1.6).contains(&(drawn / expected)), "{spacing}: {drawn}, not {expected}");
    }
    // A polygon as large as that has a label in some of its tiles, and not in all 32.
    let (drawn, one) = (inked(Some(&url), 250.0, "Sea").await, inked(Some(&url), 250.0, "Lake").await);
    assert_eq!(one, 0.0, "the lake is elsewhere");
    let sea = inked(None, 250.0, "Sea").await;
    assert!(sea > 0.0 && (1.0..9.0).contains(&(drawn / sea)), "{drawn} {sea}");
}
