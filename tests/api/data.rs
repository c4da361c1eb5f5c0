//! `/data`: vector tiles, TileJSON, downloads.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use tumen::catalog::Collection;
use tumen::catalog::Features;
use tumen::feature::Properties;
use tumen::source::Metadata;
use tumen::source::read_text;
use tumen::store::Snapshot;
use tumen::tile::VectorTile;
use tumen::tile::codec::mvt;

use crate::ask::Answer;
use crate::ask::ask;
use crate::ask::ask_app;
use crate::ask::ask_with;
use crate::fixture;

const MVT: &str = "application/vnd.mapbox-vector-tile";

fn tile(answer: &Answer) -> VectorTile {
    assert_eq!((answer.status, answer.header("content-type")), (200, MVT), "{:?}", answer.body);
    mvt::decode(&answer.body).unwrap()
}

fn names(tile: &VectorTile, layer: &str) -> Vec<String> {
    let name = |index| format!("{:?}", tile.layer(layer).unwrap().feature(index).property("name"));
    (0..tile.layer(layer).map_or(0, tumen::tile::Layer::len)).map(name).collect()
}

#[tokio::test]
async fn a_tile_has_a_layer_for_each_collection_that_shows_something() {
    let answer = ask("/data/towns,nothing,islands/0/0/0.pbf").await;
    let layers: Vec<(String, usize)> =
        tile(&answer).layers.iter().map(|layer| (layer.name().to_owned(), layer.len())).collect();
    assert_eq!(layers, [("towns".to_owned(), 4), ("islands".to_owned(), 3)]);
    assert_eq!(ask("/data/towns,nothing,islands/0/0/0.mvt").await.body, answer.body);
}

#[tokio::test]
async fn an_id_that_a_tile_cannot_have_is_a_property() {
    let tile = tile(&ask("/data/towns/0/0/0.pbf").await);
    let layer = tile.layer("towns").unwrap();
    let ids: Vec<String> =
        layer.features().map(|f| format!("{:?} {:?}", f.id().unwrap() == 2, f.property("id"))).collect();
    assert_eq!(
        ids,
        ["false Some(Text(\"hoeryong\"))", "true None", "false Some(Text(\"a/b c\"))", "false Some(Text(\"rajin\"))",]
    );
}

#[tokio::test]
async fn features_are_selected_and_properties_left_out() {
    let all = |target: &'static str| async move { tile(&ask(target).await) };
    let named = |tile: VectorTile| names(&tile, "towns");
    let chongjin = ["Some(Text(\"Chongjin\"))"];
    assert_eq!(named(all("/data/towns/0/0/0.pbf?people=667929").await), chongjin);
    assert_eq!(named(all("/data/towns/0/0/0.pbf?bbox=129.7,41,129.9,42").await), chongjin);
    assert_eq!(named(all("/data/towns/0/0/0.pbf?datetime=1949&bbox=129.7,41,129.9,42").await), chongjin);
    assert_eq!(named(all("/data/towns,islands/0/0/0.pbf?people=667929").await), chongjin);
    assert!(all("/data/towns,islands/0/0/0.pbf?people=667929").await.layer("islands").is_some());
    let few = all("/data/towns/0/0/0.pbf?properties=people").await;
    assert_eq!(few.layer("towns").unwrap().keys(), ["people", "id"]);
    assert_eq!(ask("/data/towns/0/0/0.pbf?people=1").await.status, 204);
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    for (target, status, words) in [
        ("/data/nowhere/0/0/0.pbf", 404, "collection 'nowhere'"),
        ("/data/towns,nowhere.json", 404, "collection 'nowhere'"),
        ("/data/towns,towns/0/0/0.pbf", 400, "twice"),
        ("/data/towns,/0/0/0.pbf", 400, "empty id"),
        ("/data/towns/0/1/0.pbf", 404, "tile '0/1/0.pbf'"),
        ("/data/towns/25/0/0.pbf", 404, "tile"),
        ("/data/towns/-1/0/0.pbf", 404, "tile"),
        ("/data/towns/0/0/2147483648000.pbf", 404, "tile"),
        ("/data/towns/a/0/0.pbf", 404, "tile"),
        ("/data/towns/0/0/0.exe", 404, "0.mlt"),
        ("/data/towns/0/0/0.exe", 404, "0.pbf"),
        ("/data/towns", 404, "towns.geojson"),
        ("/data/towns/0/0/0.pbf?where=x", 400, "no parameter 'where'"),
        ("/data/towns/0/0/0.pbf?people=many", 400, "whole number"),
        ("/data/towns/0/0/0.pbf?properties=nope", 400, "'nope'"),
        ("/data/towns.json?sort=x", 400, "no parameter 'sort'"),
        ("/data/towns.geojson?offset=3", 400, "no parameter"),
        ("/data/towns,islands.geojson", 400, "one collection"),
    ] {
        let answer = ask(target).await;
        assert_eq!(answer.status, status, "{target}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json", "{target}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(words), "{target}: {detail}");
    }
    for ignored in ["v=1", "_=2", "key=abc", "access_token=t", "t=9"] {
        assert_eq!(ask(&format!("/data/towns/0/0/0.pbf?{ignored}")).await.status, 200, "{ignored}");
    }
}

#[tokio::test]
async fn empty_tiles_are_204_within_the_grid() {
    let answer = ask("/data/islands/10/0/0.pbf").await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert_eq!(answer.header("cache-control"), "public, no-cache");
    assert_eq!(ask("/data/nothing/24/16777215/16777215.pbf").await.status, 204);
}

#[tokio::test]
async fn packed_for_those_who_unpack_and_plain_for_others() {
    let plain = ask("/data/towns/0/0/0.pbf").await;
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), ("", "Accept-Encoding"));
    let packed = ask_with("/data/towns/0/0/0.pbf", &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    let mut body = Vec::new();
    GzDecoder::new(&packed.body[..]).read_to_end(&mut body).unwrap();
    assert_eq!(body, plain.body);
    let refused = ask_with("/data/towns/0/0/0.pbf", &[("accept-encoding", "gzip;q=0")]).await;
    assert_eq!(refused.body, plain.body);
}

#[tokio::test]
async fn tags_are_known_again_and_only_versioned_addresses_last() {
    let first = ask("/data/towns/0/0/0.pbf").await;
    assert_eq!(first.header("cache-control"), "public, no-cache");
    let tag = first.header("etag").to_owned();
    let second = ask_with("/data/towns/0/0/0.pbf", &[("if-none-match", &tag)]).await;
    assert_eq!((second.status, second.body.len(), second.header("etag")), (304, 0, tag.as_str()));
    let address = ask("/data/towns.json").await.json()["tiles"][0].as_str().unwrap().to_owned();
    let address = address.replace("{z}/{x}/{y}", "0/0/0");
    assert_eq!(ask(&address).await.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(ask("/data/towns/0/0/0.pbf?v=old").await.header("cache-control"), "public, no-cache");
    let head = ask_app(&fixture::app(), "HEAD", "/data/towns/0/0/0.pbf", &[]).await;
    assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, tag.as_str()));
    assert_eq!(head.header("content-length"), first.body.len().to_string());
}

#[tokio::test]
async fn a_tile_is_cut_once_and_then_kept() {
    let app = fixture::app();
    let first = ask_app(&app, "GET", "/data/towns/0/0/0.pbf?name=Rajin&people=3", &[]).await;
    let again = ask_app(&app, "GET", "/data/towns/0/0/0.mvt?people=3&name=Rajin", &[]).await;
    assert_eq!((first.status, again.status), (204, 204));
    let state = app.cache.state();
    assert_eq!((state.misses, state.hits, state.entries), (1, 1, 1));
    ask_app(&app, "GET", "/data/towns/0/0/0.pbf?people=3", &[]).await;
    assert_eq!(app.cache.state().misses, 2);
}

#[tokio::test]
async fn tilejson_says_what_a_client_must_know() {
    let answer = ask("/data/towns,islands.json?datetime=1950&key=k").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let mut document = answer.json();
    let address = document["tiles"][0].take();
    let address = address.as_str().unwrap();
    assert!(address.starts_with("http://test/data/towns,islands/{z}/{x}/{y}.pbf?datetime=1950&key=k&v="), "{address}");
    insta::assert_json_snapshot!(document);
}

#[tokio::test]
async fn a_download_is_the_whole_collection_or_what_is_selected() {
    let answer = ask("/data/towns.geojson").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/geo+json"));
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"towns.geojson\"; filename*=UTF-8''towns.geojson"
    );
    assert_eq!(answer.json()["name"], "towns");
    assert_eq!(answer.ids(), ["hoeryong", "2", "a/b c", "lost", "rajin"]);
    assert_eq!(ask("/data/towns.geojson?people=3").await.ids(), ["a/b c", "lost"]);
    assert_eq!(ask("/data/towns.geojson?bbox=129.7,41,129.9,42").await.ids(), ["2", "lost"]);
    assert_eq!(ask("/data/towns.geojson?datetime=../1433&people=667929").await.ids(), Vec::<String>::new());
    let few = ask("/data/towns.geojson?properties=name&people=667929").await.json();
    assert_eq!(few["features"][0]["properties"], serde_json::json!({ "name": "Chongjin" }));
    let tag = answer.header("etag").to_owned();
    assert_eq!(ask_with("/data/towns.geojson", &[("if-none-match", &tag)]).await.status, 304);
    assert_eq!(ask_with("/data/towns.geojson?people=3", &[("if-none-match", &tag)]).await.status, 200);
}

#[tokio::test]
async fn the_list_names_every_address() {
    let document = ask("/data").await.json();
    assert_eq!(document["data"][2]["id"], "towns");
    assert_eq!(document["data"][2]["tilejson"], "http://test/data/towns.json");
    let page = ask("/data?f=html").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.text().contains("http://test/data/towns.geojson") && !page.text().contains(fixture::NASTY));
}

#[tokio::test]
async fn a_tile_says_what_became_of_its_features_and_explain_says_which() {
    let answer = ask("/data/towns,islands/0/0/0.pbf").await;
    assert_eq!(answer.header("tumen-features"), "in=7;kept=7;merged=0;dropped=0");
    assert_eq!(ask("/data/towns,islands/0/0/0.pbf?strict=true").await.body, answer.body);
    let explained = ask("/data/towns,islands/0/0/0/explain?limit=2").await.json();
    let layers = explained["layers"].as_array().unwrap();
    let told: Vec<_> = layers
        .iter()
        .map(|layer| (layer["id"].as_str().unwrap(), layer["in"].as_u64(), layer["kept"].as_u64()))
        .collect();
    assert_eq!(told, [("towns", Some(4), Some(4)), ("islands", Some(3), Some(3))]);
    let rule = &layers[0]["rules"][0];
    assert_eq!((&rule["rule"], &rule["count"]), (&"kept".into(), &4.into()));
    assert_eq!(rule["ids"].as_array().unwrap().len(), 2);
    let next = explained["links"].as_array().unwrap().iter().find(|link| link["rel"] == "next").unwrap();
    let further = ask(next["href"].as_str().unwrap().trim_start_matches("http://test")).await.json();
    assert_eq!(further["layers"][0]["rules"][0]["ids"].as_array().unwrap().len(), 2);
    assert_eq!(ask("/data/towns/0/1/0/explain").await.status, 404);
    assert_eq!(ask("/data/towns/0/0/0/explain?rule=why").await.status, 400);
}

#[tokio::test]
async fn a_layer_of_labels_comes_when_it_is_asked_for() {
    let names = |answer: &Answer| tile(answer).layers.iter().map(|layer| layer.name().to_owned()).collect::<Vec<_>>();
    let area = r#"{"type":"Polygon","coordinates":[[[-50,-20],[40,-20],[40,30],[-50,-20]]]}"#;
    let collected = read_text(area, Path::new("area"), &Metadata::default()).unwrap();
    let features = Features::Fixed(Snapshot::new(collected.table, collected.version));
    let app = fixture::app();
    app.live.swap(fixture::catalog_of([Collection::new("area".into(), Metadata::default(), features, &[])]));
    for (labels, expected) in [("true", &["area", "area_label"][..]), ("false", &["area"])] {
        let target = format!("/data/area/0/0/0.pbf?labels={labels}");
        assert_eq!(names(&ask_app(&app, "GET", &target, &[]).await), expected, "{labels}");
        let target = format!("/collections/area/tiles/WorldCRS84Quad/0/0/1?f=mvt&labels={labels}");
        assert_eq!(names(&ask_app(&app, "GET", &target, &[]).await), expected, "{labels}");
    }
    let document = ask("/data/islands.json?labels=true").await.json();
    assert_eq!(document["vector_layers"][1]["id"], "islands_label");
    assert!(document["tiles"][0].as_str().unwrap().contains("labels=true"), "{document}");
}

#[tokio::test]
async fn clusters_tell_their_points_and_when_they_part() {
    let asked = "cluster=50&cluster-properties=sum:people,max:people";
    let target = format!("/data/towns/0/0/0.pbf?{asked}");
    let answer = ask(&target).await;
    let tile = tile(&answer);
    let layer = tile.layer("towns").unwrap();
    let property = |index, name: &str| format!("{:?}", layer.feature(index).property(name));
    assert_eq!(property(0, "cluster"), "Some(Bool(true))");
    let count = |index| match layer.feature(index).property("point_count") {
        Some(tumen::feature::Value::Int(count)) => count,
        _ => 1,
    };
    let all: i64 = (0..layer.len()).map(count).sum();
    assert_eq!(
        answer.header("tumen-features"),
        format!("in={all};kept={};merged={};dropped=0", layer.len(), all - layer.len() as i64)
    );
    let id = property(0, "cluster_id").replace(|c: char| !c.is_ascii_digit(), "");
    let leaves = ask(&format!("/data/towns/clusters/{id}?{asked}&limit=1")).await.json();
    assert_eq!(leaves["numberMatched"].as_i64(), Some(count(0)));
    assert_eq!(leaves["features"].as_array().unwrap().len(), 1);
    let zoom = property(0, "expansion_zoom").replace(|c: char| !c.is_ascii_digit(), "");
    assert_eq!(leaves["expansionZoom"].to_string(), zoom);
    let filtered = ask(&format!("/data/towns/0/0/0.pbf?people=667929&{asked}")).await;
    assert_eq!(filtered.header("tumen-features"), "in=1;kept=1;merged=0;dropped=0");
    let ogc = ask(&format!("/collections/towns/tiles/WebMercatorQuad/0/0/0?f=mvt&{asked}")).await;
    assert!(ogc.body == answer.body, "the tile of another protocol is the same");
    assert_eq!(ask(&format!("/data/towns/clusters/999999?{asked}")).await.status, 404);
    assert_eq!(ask(&format!("/data/towns/clusters/{id}")).await.status, 400);
    for wrong in [
        "cluster=-1",
        "cluster=9999",
        "cluster-max-zoom=3",
        "cluster=50&cluster-properties=sum:nothing",
        "cluster=50&cluster-properties=most:people",
    ] {
        assert_eq!(ask(&format!("/data/towns/0/0/0.pbf?{wrong}")).await.status, 400, "{wrong}");
        let ogc = format!("/collections/towns/tiles/WebMercatorQuad/0/0/0?f=mvt&{wrong}");
        assert_eq!(ask(&ogc).await.status, 400, "{wrong}");
    }
    for wrong in [
        "WorldCRS84Quad/0/0/1?cluster=50&f=mvt",
        "WorldCRS84Quad?cluster=50",
        "WebMercatorQuad/0/0/0?cluster=50&f=geojson",
    ] {
        assert_eq!(ask(&format!("/collections/towns/tiles/{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn tilesets_keep_what_asks_for_labels_and_clusters() {
    let tileset = ask("/collections/islands/tiles/WebMercatorQuad?labels=true&cluster=40&f=json").await.json();
    let layers: Vec<&str> =
        tileset["layers"].as_array().unwrap().iter().map(|own| own["id"].as_str().unwrap()).collect();
    assert_eq!(layers, ["islands", "islands_label"]);
    assert_eq!(tileset["layers"][1]["geometryDimension"], 0);
    let links = tileset["links"].as_array().unwrap().iter().filter(|link| link["rel"] == "item");
    let addresses: Vec<&str> = links.map(|link| link["href"].as_str().unwrap()).collect();
    assert!(addresses[0].contains("labels=true") && addresses[0].contains("cluster=40"), "{addresses:?}");
}
