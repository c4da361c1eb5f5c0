//! Static maps with something laid over them, legends, and what was drawn at a pixel.

use std::io::Cursor;
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
use tumen::config::Limits;
use tumen::http::App;
use tumen::source::Metadata;
use tumen::source::read_text;
use tumen::store::Snapshot;
use tumen::store::Version;
use tumen::style::Style;
use tumen::workers::Workers;

use crate::ask::Answer;
use crate::ask::ask_app;
use crate::ask::send;
use crate::fixture;

/// Fields of two kinds and a road of a third, around Hoeryong.
fn fields() -> Collection {
    let square = |id: &str, kind: &str, yield_: i64, west: f64| {
        let (east, south, north) = (west + 0.05, 42.40, 42.45);
        let ring = json!([[west, south], [east, south], [east, north], [west, north], [west, south]]);
        json!({
            "type": "Feature", "id": id, "properties": { "kind": kind, "yield": yield_, "owner": { "name": "cooperative" } },
            "geometry": { "type": "Polygon", "coordinates": [ring] }
        })
    };
    let features = json!([
        square("paddy", "rice", 5, 129.70),
        square("upland", "maize", 20, 129.75),
        square("bare", "fallow", 70, 129.80)
    ]);
    let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let metadata = Metadata {
        title: Some("Fields".to_owned()),
        attribution: Some("<b>Land</b> office".to_owned()),
        ..Metadata::default()
    };
    let collected = read_text(&text, Path::new("fields"), &metadata).unwrap();
    let features = Features::Fixed(Snapshot::new(collected.table, collected.version));
    Collection::new("fields".to_owned(), metadata, features, &[])
}

/// The usual catalog with the fields, and a style that divides them by kind and by yield.
fn app_with(limits: Limits) -> App {
    let document = json!({
        "version": 8, "name": "Fields", "center": [129.775, 42.425], "zoom": 11,
        "sources": { "data": { "type": "vector", "url": "/data/fields.json" } },
        "layers": [
            {
                "id": "kinds", "type": "fill", "source": "data", "source-layer": "fields", "metadata": { "title": "Use of land" },
                "paint": { "fill-color": ["match", ["get", "kind"], "rice", "#00ff00", "maize", "#ffff00", "#808080"] }
            },
            {
                "id": "yields", "type": "line", "source": "data", "source-layer": "fields", "minzoom": 10,
                "paint": {
                    "line-color": ["step", ["get", "yield"], "#0000ff", 10, "#ff00ff", 50, "#ff0000"], "line-width": 4
                }
            }
        ]
    });
    let (style, wrong) = Style::read(document.clone()).unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
    let styled =
        Styled { id: "fields".to_owned(), document, style, version: Version(1), drawables: Default::default() };
    let towns = fixture::catalog().collections["towns"].clone();
    let catalog = fixture::catalog_of([fields(), Collection::clone(&towns)]);
    let styles = [("fields".to_owned(), Arc::new(styled))].into();
    let live = Live::new(Catalog { styles, ..catalog });
    App::new(live, Workers::start(NonZeroUsize::MIN, 64), Config { limits, ..Config::default() })
}

async fn get(path: &str) -> Answer {
    ask_app(&app_with(Limits::default()), "GET", path, &[]).await
}

fn picture(answer: &Answer) -> image::RgbaImage {
    assert_eq!((answer.status, answer.header("content-type")), (200, "image/png"), "{}", answer.text_or_none());
    image::load(Cursor::new(&answer.body[..]), image::ImageFormat::Png).unwrap().to_rgba8()
}

impl Answer {
    fn text_or_none(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_default()
    }
}

/// Pixels of a picture that are about of a colour.
fn pixels_of(picture: &image::RgbaImage, color: [u8; 3]) -> usize {
    let near = |pixel: &&image::Rgba<u8>| pixel.0[3] > 200 && (0..3).all(|c| pixel.0[c].abs_diff(color[c]) < 12);
    picture.pixels().filter(near).count()
}

#[tokio::test]
async fn markers_paths_and_geojson_lie_over_a_map() {
    let base = "/styles/fields/static/129.775,42.425,11/300x200.png?attribution=false";
    assert_eq!(pixels_of(&picture(&get(base).await), [192, 57, 43]), 0);
    let marked = picture(&get(&format!("{base}&marker=129.775,42.425|color:%23c0392b|size:large")).await);
    assert!(pixels_of(&marked, [192, 57, 43]) > 300);
    // The tip of the marker is at its point, and the marker stands above.
    assert!((0..100).rev().take(20).any(|y| marked.get_pixel(150, y).0[0] > 150));
    let path = picture(&get(&format!("{base}&path=stroke:%23123456|width:6|129.7,42.44|129.85,42.44")).await);
    assert!(pixels_of(&path, [0x12, 0x34, 0x56]) > 300);
    let area = picture(&get(&format!("{base}&path=fill:%23123456|129.71,42.41|129.84,42.41|129.84,42.44")).await);
    assert!(pixels_of(&area, [0x12, 0x34, 0x56]) > 1000);
    let line = json!({ "type": "LineString", "coordinates": [[129.7, 42.44], [129.85, 42.44]] });
    let feature =
        json!({ "type": "Feature", "geometry": line, "properties": { "stroke": "#123456", "stroke-width": 6 } });
    let app = app_with(Limits::default());
    let posted = send(&app, "POST", base, &[("content-type", "application/geo+json")], &feature.to_string()).await;
    assert_eq!(picture(&posted), path);
}

#[tokio::test]
async fn auto_is_a_view_around_the_overlays_or_the_data() {
    let all = picture(&get("/styles/fields/static/auto/300x200.png?attribution=false").await);
    for color in [[0, 255, 0], [255, 255, 0], [128, 128, 128]] {
        assert!(pixels_of(&all, color) > 1000, "{color:?}");
    }
    let one = "/styles/fields/static/auto/300x200.png?attribution=false&padding=20\
               &path=stroke:%23123456|129.71,42.41|129.74,42.44";
    let one = picture(&get(one).await);
    assert!(pixels_of(&one, [0, 255, 0]) > 1000 && pixels_of(&one, [128, 128, 128]) == 0);
    let inked: Vec<u32> =
        one.enumerate_pixels().filter(|(_, _, p)| p.0[..3] == [0x0f, 0x46, 0x8f]).map(|(x, ..)| x).collect();
    assert!(inked.iter().all(|x| (60..240).contains(x)));
    let data = picture(&get("/data/fields/static/auto/200x200@2x.png").await);
    assert_eq!((data.width(), data.height()), (400, 400));
}

#[tokio::test]
async fn sources_are_named_in_the_corner_unless_that_is_refused() {
    let named = picture(&get("/styles/fields/static/auto/300x200.png").await);
    let bare = picture(&get("/styles/fields/static/auto/300x200.png?attribution=false").await);
    let differing = named.enumerate_pixels().filter(|(x, y, pixel)| bare.get_pixel(*x, *y) != *pixel);
    let places: Vec<(u32, u32)> = differing.map(|(x, y, _)| (x, y)).collect();
    assert!(places.len() > 500 && places.iter().all(|&(x, y)| x > 150 && y > 170), "{}", places.len());
}

#[tokio::test]
async fn a_picture_is_written_as_its_parameters_say() {
    let kind = async |query: &str| {
        let answer = get(&format!("/styles/fields/static/auto/300x200{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text_or_none());
        answer
    };
    // The colour type of a PNG is its 26th byte: 3 with a palette, 2 and 6 without.
    assert_eq!(kind(".png?colors=palette").await.body[25], 3);
    assert!([2, 6].contains(&kind(".png?colors=true").await.body[25]));
    let (low, high) = (kind(".jpg?quality=10").await, kind(".jpg?quality=95").await);
    assert!(low.body.len() < high.body.len() / 2);
    for wrong in [".png?quality=10", ".jpg?colors=palette", ".png?colors=few", ".jpg?quality=0", ".png?padding=200"] {
        let answer = get(&format!("/styles/fields/static/auto/300x200{wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn what_cannot_be_laid_over_a_map_is_refused_with_what_is_allowed() {
    let base = "/styles/fields/static/auto/300x200.png";
    for (query, word) in [
        ("marker=x", "lon,lat"),
        ("path=1,2", "positions"),
        ("geojson=%7B%7D", "GeoJSON"),
        ("marker=1,2|size:giant", "small"),
    ] {
        let answer = get(&format!("{base}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(word), "{query}: {}", answer.text());
    }
    let app = app_with(Limits { overlay_features: 2, overlay_positions: 5, body_bytes: 400, ..Limits::default() });
    let many = ask_app(&app, "GET", &format!("{base}?marker=1,1&marker=2,2&marker=3,3"), &[]).await;
    assert_eq!(many.status, 400);
    assert!(many.text().contains("at most 2"), "{}", many.text());
    let long = ask_app(&app, "GET", &format!("{base}?path=1,1|2,2|3,3|4,4|5,5|6,6"), &[]).await;
    assert!(long.status == 400 && long.text().contains("at most 5"), "{}", long.text());
    let large = send(&app, "POST", base, &[], &" ".repeat(401)).await;
    assert_eq!(large.status, 413);
    let broken = json!({ "type": "Point", "coordinates": [1] }).to_string();
    assert_eq!(send(&app, "POST", base, &[], &broken).await.status, 400);
    assert_eq!(send(&app, "POST", base, &[], "{").await.status, 400);
}

#[tokio::test]
async fn a_picture_that_is_too_large_is_refused_wherever_it_is_asked_for() {
    let limits = Limits { image_side: 600, image_pixels: 300_000, ..Limits::default() };
    let app = app_with(limits);
    let wms = "/wms?service=WMS&version=1.3.0&request=GetMap&layers=fields&styles=&crs=CRS:84&bbox=129,42,130,43";
    for (path, refused) in [
        ("/styles/fields/static/129.7,42.4,9/601x10.png".to_owned(), 400),
        ("/styles/fields/static/129.7,42.4,9/10x301@2x.png".to_owned(), 400),
        ("/styles/fields/static/129.7,42.4,9/600x600.png".to_owned(), 400),
        ("/styles/fields/static/129.7,42.4,9/10x10@5x.png".to_owned(), 404),
        ("/styles/fields/static/129.7,42.4,9/601x10/0/0.json".to_owned(), 400),
        ("/styles/fields/9/440/188@5x.png".to_owned(), 404),
        ("/styles/fields/map?width=601&height=10".to_owned(), 413),
        ("/styles/fields/map?width=600&height=600".to_owned(), 413),
        ("/collections/fields/map?width=600&height=600".to_owned(), 413),
        (format!("{wms}&format=image/png&width=601&height=10"), 413),
        (format!("{wms}&format=image/png&width=600&height=600"), 413),
    ] {
        let answer = ask_app(&app, "GET", &path, &[]).await;
        assert_eq!(answer.status, refused, "{path}: {}", String::from_utf8_lossy(&answer.body));
    }
    let small = ask_app(&app, "GET", "/styles/fields/static/129.7,42.4,9/600x500.png", &[]).await;
    assert_eq!(picture(&small).dimensions(), (600, 500));
}

#[tokio::test]
async fn a_style_of_more_layers_than_a_picture_draws_is_refused_where_it_shows_them() {
    let app = app_with(Limits { image_layers: 1, ..Limits::default() });
    for path in [
        "/styles/fields/11/1762/753.png",
        "/styles/fields/512/11/1762/753@2x.webp",
        "/styles/fields/11/1762/753/3/4.json",
        "/styles/fields/static/129.77,42.42,11/64x64.png",
        "/styles/fields/static/auto/640x640.png?zoom=12",
        "/styles/fields/static/129.77,42.42,11/64x64/1/1.json",
        "/styles/fields/map?bbox=129.7,42.4,129.8,42.5&width=512&height=512",
    ] {
        let answer = ask_app(&app, "GET", path, &[]).await;
        assert_eq!(answer.status, 413, "{path}: {}", String::from_utf8_lossy(&answer.body));
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("2 layers") && detail.contains("at most 1"), "{detail}");
    }
    // One of the two layers begins at zoom 10.
    let far = ask_app(&app, "GET", "/styles/fields/8/220/94.png", &[]).await;
    assert_eq!(picture(&far).dimensions(), (256, 256));
}

fn classes(legend: &Json, property: &str) -> Vec<(String, Option<u64>)> {
    let groups = legend["groups"].as_array().unwrap();
    let group = groups.iter().find(|group| group["property"] == property);
    let classes = group.unwrap_or_else(|| panic!("no {property} in {legend}"))["classes"].as_array().unwrap();
    classes.iter().map(|class| (class["label"].as_str().unwrap().to_owned(), class["count"].as_u64())).collect()
}

#[tokio::test]
async fn a_legend_has_the_classes_of_the_style_and_counts_of_the_data() {
    let legend = get("/styles/fields/legend.json?counts=true").await.json();
    let named = |list: &[(&str, u64)]| list.iter().map(|(l, n)| ((*l).to_owned(), Some(*n))).collect::<Vec<_>>();
    assert_eq!(classes(&legend, "kind"), named(&[("rice", 1), ("maize", 1), ("…", 1)]));
    assert_eq!(classes(&legend, "yield"), named(&[("< 10", 1), ("10 – 50", 1), ("≥ 50", 1)]));
    assert_eq!(legend["groups"][0]["title"], "Use of land");
    assert_eq!(legend["groups"][0]["layers"], json!(["kinds", "yields"]));
    let boxed = get("/styles/fields/legend.json?counts=true&bbox=129.69,42.3,129.74,42.5").await.json();
    assert_eq!(classes(&boxed, "kind")[..2], named(&[("rice", 1), ("maize", 0)]));
    let far = get("/styles/fields/legend.json?zoom=5").await.json();
    assert!(far["groups"].as_array().unwrap().iter().all(|group| group["property"] != "yield"), "{far}");
    let plain = get("/data/towns/legend.json").await.json();
    assert_eq!(plain["groups"][0]["title"], "The towns");
    let one = get("/styles/fields/legend.json?layers=kinds").await.json();
    assert_eq!(one["groups"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_swatch_shows_what_the_map_shows() {
    let legend = get("/styles/fields/legend.json?layers=kinds").await.json();
    for (at, color) in [[0, 255, 0], [255, 255, 0], [128, 128, 128]].into_iter().enumerate() {
        let image = legend["groups"][0]["classes"][at]["image"].as_str().unwrap();
        let data = base64::Engine::decode(
            &base64::engine::general_purpose::STANDARD,
            image.strip_prefix("data:image/png;base64,").unwrap(),
        );
        let swatch = image::load_from_memory(&data.unwrap()).unwrap().to_rgba8();
        assert_eq!((swatch.width(), swatch.height()), (68, 40));
        assert!(pixels_of(&swatch, color) > 1200, "{color:?}");
    }
}

#[tokio::test]
async fn a_legend_is_a_picture_and_a_drawing_too() {
    let (small, fine) =
        (picture(&get("/styles/fields/legend.png").await), picture(&get("/styles/fields/legend@2x.png").await));
    assert!(fine.height() == 2 * small.height() && fine.width() > 2 * small.width() - 8, "{:?}", fine.dimensions());
    assert!(pixels_of(&small, [0, 255, 0]) > 200);
    let svg = get("/styles/fields/legend.svg").await;
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    for word in ["<svg", ">rice<", ">Use of land<", "&lt; 10", "data:image/png;base64,"] {
        assert!(svg.text().contains(word), "{word} in {}", svg.text());
    }
    for (missing, status) in [
        ("/styles/fields/legend.gif", 404),
        ("/styles/fields/legend", 404),
        ("/styles/none/legend.png", 404),
        ("/styles/fields/legend.png?zoom=x", 400),
        ("/styles/fields/legend.png?layers=none", 400),
        ("/styles/fields/legend.png?counts=maybe", 400),
    ] {
        assert_eq!(get(missing).await.status, status, "{missing}");
    }
}

#[tokio::test]
async fn a_pixel_tells_what_was_drawn_there_with_all_that_the_data_know() {
    // Tile 11/1762/755 of 256 pixels holds the fields; the middle of `upland` is looked up by its position.
    let at = |lon: f64, lat: f64, zoom: i32, side: f64| {
        let count = f64::from(1 << zoom);
        let x = (lon + 180.0) / 360.0 * count;
        let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * count;
        let pixel = |n: f64| (n.fract() * side) as u32;
        (x as u32, y as u32, pixel(x), pixel(y))
    };
    let (x, y, i, j) = at(129.775, 42.425, 11, 256.0);
    let found = get(&format!("/styles/fields/11/{x}/{y}/{i}/{j}.json")).await;
    assert_eq!((found.status, found.header("content-type")), (200, "application/geo+json"));
    let feature = found.json()["features"][0].clone();
    assert_eq!(
        (&feature["id"], &feature["layer"], &feature["collection"]),
        (&json!("upland"), &json!("kinds"), &json!("fields"))
    );
    assert_eq!(feature["properties"], json!({ "kind": "maize", "yield": 20, "owner": { "name": "cooperative" } }));
    assert_eq!(
        (&feature["shape"], &feature["distance"], &feature["geometry"]),
        (&json!("fill"), &json!(0.0), &Json::Null)
    );
    let [lon, lat] = [0, 1].map(|n| found.json()["position"][n].as_f64().unwrap());
    assert!((lon - 129.775).abs() < 1e-3 && (lat - 42.425).abs() < 1e-3, "{lon} {lat}");
    let (x, y, i, j) = at(129.775, 42.425, 11, 1024.0);
    let fine = get(&format!("/styles/fields/512/11/{x}/{y}@2x/{i}/{j}.json?geometry=true")).await.json();
    assert_eq!(fine["features"][0]["geometry"]["type"], "Polygon");
    let (x, y, i, j) = at(129.80, 42.42, 11, 512.0);
    let edge = get(&format!("/styles/fields/512/11/{x}/{y}/{i}/{j}.json?radius=3")).await.json();
    let layers: Vec<&str> = edge["features"].as_array().unwrap().iter().map(|f| f["layer"].as_str().unwrap()).collect();
    assert_eq!(layers, ["yields", "yields", "kinds", "kinds"], "{edge}");
    let within = get("/styles/fields/static/129.775,42.425,11/101x101/50/50.json").await.json();
    assert_eq!(within["features"][0]["id"], "upland");
    assert_eq!(get("/styles/fields/0/0/0/3/3.json").await.json()["features"], json!([]));
    for (wrong, status) in [
        ("/styles/fields/11/1762/755/256/0.json", 400),
        ("/styles/fields/11/1762/755/0/x.json", 400),
        ("/styles/fields/11/1762/755/0/0.json?radius=1000", 400),
        ("/styles/fields/11/1762/755/0/0.json?feature_count=0", 400),
        ("/styles/fields/11/1762/755/0/0.xml", 404),
        ("/styles/fields/300/11/1762/755/0/0.json", 404),
        ("/styles/fields/99/0/0/0/0.json", 404),
        ("/styles/none/0/0/0/0/0.json", 404),
    ] {
        assert_eq!(get(wrong).await.status, status, "{wrong}");
    }
    assert_eq!(get("/data/fields/0/0/0/3/3.json").await.status, 200);
}

#[tokio::test]
async fn the_description_of_the_api_tells_of_maps_legends_and_pixels() {
    let api = ask_app(&app_with(Limits::default()), "GET", "/api?f=json", &[]).await.json();
    let map = &api["paths"]["/styles/fields/static/{place}/{size}.png"];
    let parameters = map["get"]["parameters"].as_array().unwrap();
    let name = |p: &Json| p["name"].as_str().or(p["$ref"].as_str()).unwrap().rsplit('/').next().unwrap().to_owned();
    let names: Vec<String> = parameters.iter().map(name).collect();
    for name in ["place", "marker", "path", "geojson", "padding", "attribution", "quality"] {
        assert!(names.iter().any(|own| own == name), "{name} in {names:?}");
    }
    assert!(map["post"]["requestBody"]["content"]["application/geo+json"].is_object(), "{map}");
    assert!(api["paths"]["/styles/fields/legend.json"]["get"].is_object());
    assert!(api["paths"]["/data/fields/static/{place}/{size}.png"]["post"].is_object());
    assert!(api["paths"]["/styles/fields/{z}/{x}/{y}/{i}/{j}.json"]["get"].is_object());
}
