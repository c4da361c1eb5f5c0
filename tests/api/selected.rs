//! Some of the features on pictures of every kind: raster tiles, static maps, maps, legends, pixels.

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
use tumen::http::App;
use tumen::source::Metadata;
use tumen::source::read_text;
use tumen::store::Snapshot;
use tumen::store::Version;
use tumen::style::Style;
use tumen::workers::Workers;

use crate::ask::Answer;
use crate::ask::ask_app;
use crate::fixture;

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const GREY: [u8; 3] = [128, 128, 128];

/// Two squares that lie on one another, and one beside them, around the middle of the world.
fn fields() -> Collection {
    let square = |id: &str, kind: &str, rank: i64, opened: &str, west: f64| {
        let ring = json!([[west, -20], [west + 40.0, -20], [west + 40.0, 20], [west, 20], [west, -20]]);
        json!({
            "type": "Feature", "id": id, "properties": { "kind": kind, "rank": rank, "opened": opened },
            "geometry": { "type": "Polygon", "coordinates": [ring] }
        })
    };
    let features = json!([
        square("under", "red", 2, "1910", -50.0),
        square("over", "green", 1, "1950", -50.0),
        square("beside", "red", 3, "1990", 10.0)
    ]);
    let text = json!({ "type": "FeatureCollection", "features": features }).to_string();
    let metadata: Metadata = toml::from_str("[time]\nstart = \"opened\"\n[fields.opened]\ntype = \"date\"").unwrap();
    let collected = read_text(&text, Path::new("fields"), &metadata).unwrap();
    let features = Features::Fixed(Snapshot::new(collected.table, collected.version));
    Collection::new("fields".to_owned(), metadata, features, &[])
}

fn app() -> App {
    let document = json!({
        "version": 8, "sources": { "data": { "type": "vector", "url": "/data/fields.json" } },
        "layers": [{
            "id": "kinds", "type": "fill", "source": "data", "source-layer": "fields",
            "paint": { "fill-color": ["match", ["get", "kind"], "red", "#ff0000", "green", "#00ff00", "#808080"], "fill-antialias": false }
        }]
    });
    let (style, wrong) = Style::read(document.clone()).unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
    let styled = Styled { id: "kinds".to_owned(), document, style, version: Version(1), drawables: Default::default() };
    let towns = fixture::catalog().collections["towns"].clone();
    let catalog = fixture::catalog_of([fields(), Collection::clone(&towns)]);
    let live = Live::new(Catalog { styles: [("kinds".to_owned(), Arc::new(styled))].into(), ..catalog });
    App::new(live, Workers::start(NonZeroUsize::MIN, 64), Config::default())
}

async fn get(path: &str) -> Answer {
    ask_app(&app(), "GET", path, &[]).await
}

/// Pixels of the colours on a picture.
async fn pixels(path: &str) -> [usize; 3] {
    let answer = get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    let picture = image::load(Cursor::new(&answer.body[..]), image::ImageFormat::Png).unwrap().to_rgba8();
    [RED, GREEN, GREY].map(|color| picture.pixels().filter(|pixel| pixel.0[..3] == color && pixel.0[3] == 255).count())
}

/// The same picture, in every way in which it is asked for.
const PICTURES: [&str; 6] = [
    "/styles/kinds/0/0/0.png",
    "/styles/kinds/512/0/0/0.png",
    "/styles/kinds/static/0,0,0/256x256.png",
    "/styles/kinds/map/tiles/WebMercatorQuad/0/0/0",
    "/styles/kinds/map?bbox=-90,-45,90,45&width=400&height=200",
    "/collections/fields/styles/kinds/map?bbox=-90,-45,90,45&width=400&height=200",
];

fn with(path: &str, query: &str) -> String {
    format!("{path}{}{query}", if path.contains('?') { '&' } else { '?' })
}

#[tokio::test]
async fn conditions_and_times_say_what_a_picture_shows() {
    for path in PICTURES {
        let [red, green, _] = pixels(path).await;
        assert!(red > 0 && green > 0, "{path}");
        let [all_red, none, _] = pixels(&with(path, "filter=kind='red'")).await;
        assert!(all_red > red && none == 0, "{path}: what lay under is seen");
        assert_eq!(pixels(&with(path, "kind=green")).await, [0, green, 0], "{path}");
        assert_eq!(pixels(&with(path, "filter.fields=rank=3")).await, [red, 0, 0], "{path}");
        assert_eq!(pixels(&with(path, "datetime=1940/1960")).await, [0, green, 0], "{path}");
        assert_eq!(pixels(&with(path, "filter=rank>9")).await, [0, 0, 0], "{path}");
    }
}

#[tokio::test]
async fn an_order_says_what_lies_over_what_and_properties_what_a_style_knows() {
    for path in PICTURES {
        let [_, green, _] = pixels(path).await;
        assert_eq!(pixels(&with(path, "sortby=-rank")).await[1], green, "{path}: the lowest rank is drawn last");
        assert_eq!(pixels(&with(path, "sortby=rank")).await[1], 0, "{path}: it is drawn first");
        let [red, green, grey] = pixels(&with(path, "properties=rank")).await;
        assert!(red + green == 0 && grey > 0, "{path}: no kind is known");
        assert_eq!(pixels(&with(path, "exclude-properties=rank")).await, pixels(path).await, "{path}");
    }
}

#[tokio::test]
async fn pictures_of_collections_are_selected_from_too() {
    for path in
        ["/data/fields/0/0/0.png", "/data/fields/static/0,0,0/256x256.png", "/collections/fields/styles/automatic/map"]
    {
        let answers = [path.to_owned(), with(path, "filter=rank>9"), with(path, "filter=rank=3")].map(async |path| {
            let answer = get(&path).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, "image/png"), "{path}");
            answer.body
        });
        let [all, none, one] = answers;
        let (all, none, one) = (all.await, none.await, one.await);
        assert!(all != none && none != one && all != one, "{path}");
    }
    assert_eq!(get("/data/fields,towns/0/0/0.png?filter=rank>9").await.status, 200, "the towns are unfiltered");
    let of_both = "filter=rank>9%20AND%20people>9";
    for wrong in
        [of_both, "filter=nothing=1", "filter.towns=rank=1", "filter.none=rank=1", "sortby=nothing", "bbox=0,0,1,1"]
    {
        assert_eq!(get(&format!("/data/fields,towns/0/0/0.png?{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_map_of_everything_that_is_selected_lies_around_it() {
    let [red, green, _] = pixels("/styles/kinds/static/auto/300x200.png?attribution=false").await;
    let [alone, none, _] = pixels("/styles/kinds/static/auto/300x200.png?attribution=false&filter=rank=3").await;
    assert!(red > 0 && green > 0 && none == 0 && alone > 2 * red, "{red} {green} {alone}");
}

fn counts(legend: &Json) -> Vec<(String, u64)> {
    let classes = legend["groups"][0]["classes"].as_array().unwrap();
    let count = |class: &Json| (class["label"].as_str().unwrap().to_owned(), class["count"].as_u64().unwrap());
    classes.iter().map(count).collect()
}

#[tokio::test]
async fn a_legend_counts_what_is_selected() {
    for path in ["/styles/kinds/legend.json", "/collections/fields/styles/kinds/legend.json"] {
        let legend = async |query: &str| counts(&get(&format!("{path}?counts=true&{query}")).await.json());
        let named = |red, green| vec![("red".to_owned(), red), ("green".to_owned(), green)];
        assert_eq!(legend("").await, named(2, 1), "{path}");
        assert_eq!(legend("filter=rank>1").await, named(2, 0), "{path}");
        assert_eq!(legend("datetime=1980/..").await, named(1, 0), "{path}");
        assert_eq!(legend("filter.fields=kind='green'&bbox=-60,-30,0,30").await, named(0, 1), "{path}");
        let unknown = legend("properties=rank").await;
        assert_eq!(unknown.last().map(|(_, count)| *count), Some(3), "{path}: {unknown:?}");
        assert_eq!(get(&format!("{path}?filter=nothing=1")).await.status, 400);
    }
}

#[tokio::test]
async fn a_pixel_tells_of_what_is_selected() {
    let hits = async |query: &str| get(&format!("/styles/kinds/0/0/0/107/128.json?{query}")).await.ids();
    assert_eq!(hits("").await, ["over", "under"]);
    assert_eq!(hits("filter=kind='red'").await, ["under"]);
    assert_eq!(hits("sortby=rank").await, ["under", "over"]);
}

#[tokio::test]
async fn conditions_that_mean_the_same_share_a_picture() {
    let app = app();
    for query in
        ["filter=rank>1", "filter=(rank)>1", "v=7&filter=((rank>1))", "filter-lang=cql2-text&filter=rank%20>%201"]
    {
        for path in ["/styles/kinds/0/0/0.png", "/styles/kinds/static/0,0,0/9x9.png", "/styles/kinds/legend.json"] {
            assert_eq!(ask_app(&app, "GET", &format!("{path}?{query}"), &[]).await.status, 200, "{path}?{query}");
        }
    }
    assert_eq!(app.cache.state().entries, 3);
}
