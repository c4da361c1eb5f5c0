//! What pictures cost: reading styles, expressions, each kind of layer, labels, encoding, and whole tiles.
//! `cargo bench --bench render`.

use std::collections::BTreeMap;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::Value as Json;
use serde_json::json;
use tumen::feature::Value;
use tumen::render::Assets;
use tumen::render::Bitmap;
use tumen::render::Format;
use tumen::render::Loaded;
use tumen::render::Need;
use tumen::render::Picture;
use tumen::render::View;
use tumen::render::draw;
use tumen::render::plan;
use tumen::render::text::Fonts;
use tumen::render::text::GlyphSource;
use tumen::space::Grid;
use tumen::space::TileCoord;
use tumen::style::Context;
use tumen::style::GeometryType;
use tumen::style::SpriteImages;
use tumen::style::Style;
use tumen::style::Subject;
use tumen::tile::Layer;
use tumen::tile::LayerBuilder;
use tumen::tile::TileGeometry;
use tumen::tile::VectorTile;

const CLASSES: [&str; 6] = ["street", "service", "primary", "secondary", "motorway", "path"];

fn main() {
    divan::main();
}

fn tile() -> TileCoord {
    Grid::web_mercator_quad().tile(14, 14096, 6056).expect("within the grid")
}

/// A town in one tile: 400 streets of seven points, 1500 houses, 300 places.
fn town() -> Arc<VectorTile> {
    let mut roads = LayerBuilder::new("roads", 4096);
    for number in 0..400 {
        let (start, across) = (number * 37 % 4096, number * 613 % 4096);
        let point = |step: i32| [start + step * 90 - 200, across + (step * number) % 130 + step * (number % 5) * 30];
        let turned = |[x, y]: [i32; 2]| if number % 2 == 0 { [x, y] } else { [y, x] };
        roads.push_path((0..7).map(point).map(turned));
        roads.push_tag("class", Value::Text(CLASSES[number as usize % CLASSES.len()]));
        roads.push_tag("rank", Value::Int(i64::from(number % 9)));
        roads.push_tag("name", Value::Text(&format!("{} Street", number % 90)));
        roads.end_feature(Some(number as u64), TileGeometry::Lines);
    }
    let mut houses = LayerBuilder::new("houses", 4096);
    for number in 0..1500 {
        let (x, y) = (number % 40 * 102, number / 40 * 108);
        houses.push_path([[x, y], [x + 70, y + 5], [x + 66, y + 60], [x + 30, y + 80], [x - 4, y + 55]]);
        houses.push_tag("height", Value::Int(i64::from(number % 30)));
        houses.end_feature(None, TileGeometry::Polygons);
    }
    let mut places = LayerBuilder::new("places", 4096);
    for number in 0..300 {
        places.push_path([[number * 997 % 4096, number * 1511 % 4096]]);
        places.push_tag("name", Value::Text(&format!("Place {number}")));
        places.push_tag("rank", Value::Int(i64::from(number % 9)));
        places.end_feature(None, TileGeometry::Points);
    }
    Arc::new(VectorTile { layers: vec![roads.finish(), houses.finish(), places.finish()] })
}

fn assets() -> Assets {
    let glyphs = GlyphSource::Fonts(Arc::new(Fonts::new(Vec::new(), 16 << 20)));
    Assets { images: SpriteImages::default(), glyphs }
}

fn document(layers: &[Json]) -> Json {
    let sources = json!({
        "town": { "type": "vector", "tiles": ["https://a.example/{z}/{x}/{y}.pbf"] },
        "photo": { "type": "raster", "tiles": ["https://a.example/{z}/{x}/{y}.png"], "tileSize": 512 },
    });
    json!({ "version": 8, "sources": sources, "layers": layers })
}

fn layer(kind: &str) -> Json {
    let by_class =
        json!(["match", ["get", "class"], ["primary", "motorway"], "#ffcc66", "secondary", "#ffee99", "#ffffff"]);
    let width = json!([
        "interpolate",
        ["exponential", 1.4],
        ["zoom"],
        10,
        1,
        14,
        ["case", [">", ["get", "rank"], 4], 3, 6],
        18,
        30
    ]);
    let (source_layer, layout, paint) = match kind {
        "background" => ("", json!({}), json!({ "background-color": "#f6f2ea" })),
        "fill" => ("houses", json!({}), json!({ "fill-color": "#ded6ca", "fill-outline-color": "#c8beb0" })),
        "fill-extrusion" => (
            "houses",
            json!({}),
            json!({ "fill-extrusion-color": "#ded6ca", "fill-extrusion-height": ["get", "height"] }),
        ),
        "line" => (
            "roads",
            json!({ "line-cap": "round", "line-join": "round" }),
            json!({ "line-color": by_class, "line-width": width }),
        ),
        "dashes" => ("roads", json!({}), json!({ "line-color": "#886644", "line-width": 2, "line-dasharray": [2, 1] })),
        "circle" => {
            ("places", json!({}), json!({ "circle-radius": ["+", 2, ["get", "rank"]], "circle-stroke-width": 1 }))
        }
        "heatmap" => ("places", json!({}), json!({ "heatmap-radius": 30 })),
        "labels" => (
            "places",
            json!({ "text-field": ["get", "name"], "text-size": 11 }),
            json!({ "text-halo-color": "#fff", "text-halo-width": 1 }),
        ),
        "names" => {
            ("roads", json!({ "text-field": ["get", "name"], "text-size": 10, "symbol-placement": "line" }), json!({}))
        }
        _ => ("", json!({}), json!({})),
    };
    let type_ = match kind {
        "dashes" => "line",
        "labels" | "names" => "symbol",
        kind => kind,
    };
    let source = if kind == "raster" { "photo" } else { "town" };
    let mut layer = json!({ "id": kind, "type": type_, "layout": layout, "paint": paint });
    if kind != "background" {
        layer["source"] = source.into();
    }
    if !source_layer.is_empty() {
        layer["source-layer"] = source_layer.into();
    }
    layer
}

const KINDS: [&str; 10] =
    ["background", "fill", "fill-extrusion", "line", "dashes", "circle", "heatmap", "raster", "labels", "names"];

struct Drawing {
    style: Style,
    view: View,
    loaded: Loaded,
    assets: Assets,
}

impl Drawing {
    /// The town in some layers, 512 pixels a side.
    fn new(kinds: &[&str]) -> Self {
        let layers: Vec<Json> = kinds.iter().map(|kind| layer(kind)).collect();
        let (style, remarks) = Style::read(document(&layers)).expect("it is a style");
        assert!(remarks.is_empty(), "{remarks:?}");
        let view = View::of_tile(tile(), 512, 1.0);
        let (town, photo) = (town(), photo());
        let mut loaded = Loaded::default();
        for need in plan(&style, &view) {
            match need {
                Need::Tile(name, coord) if name == "town" => loaded.insert_vector(&name, coord, Arc::clone(&town)),
                Need::Tile(name, coord) => loaded.insert_raster(&name, coord, Arc::clone(&photo)),
                _ => {}
            }
        }
        Self { style, view, loaded, assets: assets() }
    }

    fn draw(&self) -> Picture {
        draw(&self.style, &self.view, &self.loaded, &self.assets).0
    }
}

fn photo() -> Arc<Bitmap> {
    let pixels = (0..512 * 512_u32).map(|n| [n as u8, (n >> 9) as u8, (n >> 4) as u8, 255]).collect();
    Arc::new(Bitmap::new(512, 512, pixels).expect("as many pixels as the sides say"))
}

#[divan::bench(args = [20, 99])]
fn read_style(bencher: Bencher, layers: usize) {
    let layers: Vec<Json> = (0..layers)
        .map(|number| {
            let mut layer = layer(["line", "fill", "labels", "circle"][number % 4]);
            layer["id"] = format!("layer {number}").into();
            layer
        })
        .collect();
    let text = document(&layers).to_string();
    bencher.bench(|| Style::parse(&text));
}

fn filters() -> Json {
    json!(["all", ["==", ["get", "class"], "primary"], ["match", ["get", "rank"], [1, 2, 3, 5], true, false]])
}

fn roads(tile: &VectorTile) -> &Layer {
    tile.layer("roads").expect("the town has roads")
}

#[divan::bench]
fn expression(bencher: Bencher) {
    let mut only = layer("line");
    only["filter"] = filters();
    let (style, _) = Style::read(document(&[only])).expect("it is a style");
    let town = town();
    let roads = roads(&town);
    let passing = || {
        let shown = |feature: &tumen::tile::TileFeature<'_>| {
            let subject = Subject {
                properties: feature,
                id: Value::Null,
                geometry: GeometryType::LineString,
                tile: &|| (0, 0, 0),
                positions: &Vec::new,
            };
            style.layers[0].filter.accepts(&Context::of_zoom(14.0).with(&subject))
        };
        roads.features().filter(shown).count()
    };
    bencher.counter(ItemsCount::new(roads.len())).bench(passing);
}

#[divan::bench]
fn expression_not_lowered(bencher: Bencher) {
    let tree = maplibre_expr::parse(&filters()).expect("it is an expression");
    let town = town();
    let roads = roads(&town);
    let passing = || {
        let shown = |feature: &tumen::tile::TileFeature<'_>| {
            let mut properties = BTreeMap::new();
            tumen::feature::Properties::each_property(feature, &mut |name, value| {
                let value = match value {
                    Value::Int(n) => maplibre_expr::Value::Number(n as f64),
                    Value::Text(text) => maplibre_expr::Value::String(text.to_owned()),
                    _ => maplibre_expr::Value::Null,
                };
                properties.insert(name.to_owned(), value);
            });
            let feature = maplibre_expr::Feature { properties, ..maplibre_expr::Feature::default() };
            let surroundings = maplibre_expr::EvaluationContext::new().with_zoom(14.0).with_feature(feature);
            maplibre_expr::evaluate(&tree, &surroundings) == Ok(maplibre_expr::Value::Bool(true))
        };
        roads.features().filter(shown).count()
    };
    bencher.counter(ItemsCount::new(roads.len())).bench(passing);
}

#[divan::bench(args = KINDS)]
fn layer_of(bencher: Bencher, kind: &str) {
    let drawing = Drawing::new(&[kind]);
    bencher.bench(|| drawing.draw());
}

#[divan::bench]
fn whole_tile(bencher: Bencher) {
    let drawing = Drawing::new(&["background", "fill", "line", "dashes", "names", "labels"]);
    bencher.bench(|| drawing.draw().encode(Format::Png));
}

#[divan::bench(args = ["png", "png with a palette", "webp", "jpeg"])]
fn encode(bencher: Bencher, format: &str) {
    let picture = Drawing::new(&["background", "fill", "line", "labels"]).draw();
    let format = match format {
        "png" => Format::Png,
        "png with a palette" => Format::PalettePng,
        "webp" => Format::Webp,
        _ => Format::Jpeg(85),
    };
    bencher.bench(|| picture.encode(format));
}
