//! What is picked is what was drawn.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::feature::Value;
use crate::render::Need;
use crate::render::plan;
use crate::render::text::Fonts;
use crate::render::text::GlyphSource;
use crate::style::SpriteImages;
use crate::tile::LayerBuilder;
use crate::tile::VectorTile;

const SIDE: u32 = 128;

/// A style whose features have a colour each: red says which.
fn style() -> Style {
    let color = json!(["rgb", ["*", ["get", "n"], 20], 0, 0]);
    let layer = |id: &str, kind: &str, geometry: &str, paint: serde_json::Value| {
        let filter = json!(["==", ["geometry-type"], geometry]);
        json!({ "id": id, "type": kind, "source": "s", "source-layer": "things", "filter": filter, "paint": paint })
    };
    let layers = json!([
        layer("areas", "fill", "Polygon", json!({ "fill-color": color })),
        layer("ways", "line", "LineString", json!({ "line-color": color, "line-width": 5 })),
        layer("dots", "circle", "Point", json!({ "circle-color": color, "circle-radius": 7 })),
    ]);
    let sources = json!({ "s": { "type": "vector", "tiles": ["t"] } });
    Style::read(json!({ "version": 8, "sources": sources, "layers": layers })).unwrap().0
}

fn assets() -> Assets {
    let glyphs = GlyphSource::Fonts(Arc::new(Fonts::new(Vec::new(), 1 << 20)));
    Assets { images: SpriteImages::default(), glyphs }
}

fn loaded(style: &Style, view: &View, tile: VectorTile) -> Loaded {
    let mut loaded = Loaded::default();
    let tile = Arc::new(tile);
    for need in plan(style, view) {
        if let Need::Tile(source, coord) = need {
            loaded.insert_vector(&source, coord, Arc::clone(&tile));
        }
    }
    loaded
}

/// Features of numbers 1, 2, 3 and so on, in the order in which they are drawn: areas, then ways, then dots.
fn tile(shapes: &[(u8, Vec<[i32; 2]>)]) -> VectorTile {
    let mut builder = LayerBuilder::new("things", 4096);
    for (number, (kind, points)) in shapes.iter().enumerate() {
        builder.push_path(points.iter().copied());
        builder.push_tag("n", Value::Int(number as i64 + 1));
        let geometry = [TileGeometry::Polygons, TileGeometry::Lines, TileGeometry::Points][usize::from(*kind)];
        builder.end_feature(Some(number as u64 + 1), geometry);
    }
    VectorTile { layers: vec![builder.finish()] }
}

fn shapes() -> impl Strategy<Value = Vec<(u8, Vec<[i32; 2]>)>> {
    let point = || [-200..4300_i32, -200..4300_i32];
    proptest::collection::vec((0..3_u8, proptest::collection::vec(point(), 3..6)), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_topmost_hit_is_the_feature_whose_colour_is_there(shapes in shapes(), bearing in prop_oneof![Just(0.0), 0.0..360.0]) {
        let style = style();
        let view = View::new([0.0, 0.0], 0.0, bearing, [f64::from(SIDE); 2], 1.0);
        let loaded = loaded(&style, &view, tile(&shapes));
        let picture = draw(&style, &view, &loaded, &assets()).0.straight().into_owned();
        let color = |x: u32, y: u32| picture[(y * SIDE + x) as usize];
        for at in (0..SIDE * SIDE).step_by(61) {
            let (x, y) = (at % SIDE, at / SIDE);
            let hits = pick(&style, &view, &loaded, &assets(), [x, y], 0);
            prop_assert_eq!(hits.is_empty(), color(x, y)[3] == 0, "{} {}: {:?}", x, y, hits);
            // Edges are soft, so that a pixel there may have a mixture of colours.
            let around = (x.max(1) - 1..=(x + 1).min(SIDE - 1)).flat_map(|x| (y.max(1) - 1..=(y + 1).min(SIDE - 1)).map(move |y| (x, y)));
            if !hits.is_empty() && around.into_iter().all(|(u, v)| color(u, v) == color(x, y)) {
                prop_assert_eq!(hits[0].id, Some(u64::from(color(x, y)[0] / 20)), "{} {}", x, y);
            }
        }
    }
}

#[test]
fn a_radius_finds_what_is_near_and_says_how_far_it_is() {
    let style = style();
    let view = View::new([0.0, 0.0], 0.0, 0.0, [f64::from(SIDE); 2], 1.0);
    // The picture shows 128 of 512 pixels of the world; its middle is that of the tile.
    let loaded = loaded(&style, &view, tile(&[(2, vec![[2048, 2048]])]));
    let found = |pixel, radius| pick(&style, &view, &loaded, &assets(), pixel, radius);
    assert_eq!(found([80, 64], 0), []);
    let hits = found([80, 64], 12);
    assert_eq!((hits.len(), hits[0].layer.as_str(), hits[0].shape), (1, "dots", Shape::Circle));
    assert!((9.0..11.0).contains(&hits[0].distance), "{}", hits[0].distance);
    assert_eq!(found([64, 64], 0)[0].distance, 0.0);
    let [lon, lat] = hits[0].paths[0][0];
    assert!(lon.abs() < 1e-9 && lat.abs() < 1e-9);
}

#[test]
fn a_label_is_found_in_its_box_where_it_was_placed_and_a_hidden_one_is_not() {
    let layout = json!({ "text-field": "Hoeryong", "text-font": ["Noto Sans Regular"], "text-size": 16 });
    let layers =
        json!([{ "id": "names", "type": "symbol", "source": "s", "source-layer": "things", "layout": layout }]);
    let sources = json!({ "s": { "type": "vector", "tiles": ["t"] } });
    let style = Style::read(json!({ "version": 8, "sources": sources, "layers": layers })).unwrap().0;
    let view = View::new([0.0, 0.0], 0.0, 0.0, [f64::from(SIDE); 2], 1.0);
    // Both labels want the same room, so that the second one is hidden.
    let loaded = loaded(&style, &view, tile(&[(2, vec![[2048, 2048]]), (2, vec![[2056, 2050]])]));
    let found = |pixel, radius| pick(&style, &view, &loaded, &assets(), pixel, radius);
    let hits = found([84, 64], 0);
    assert_eq!((hits.len(), hits[0].id, hits[0].shape), (1, Some(1), Shape::Text), "{hits:?}");
    assert_eq!(found([64, 90], 0), []);
}
