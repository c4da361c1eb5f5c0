//! Archives of tiles, given out as they are.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use serde_json::Map;
use serde_json::json;
use tumen::catalog;
use tumen::catalog::Live;
use tumen::config::Config;
use tumen::http::App;
use tumen::tile::archive::write::Description;
use tumen::tile::archive::write::Format;
use tumen::tile::archive::write::Spool;
use tumen::tile::archive::write::Target;
use tumen::tile::gzip;
use tumen::workers::Workers;

use crate::ask::ask_app;

pub fn write(path: &Path, format: Format, tiles: &[(u64, &[u8])]) {
    let mut spool = Spool::open(&Target::new(path, false).unwrap(), 1, false).unwrap();
    for (number, body) in tiles {
        let packed = if matches!(format, Format::Mvt | Format::Mlt) { gzip(body, 6) } else { body.to_vec() };
        spool.add(*number, &packed).unwrap();
    }
    let mut members = Map::new();
    members.insert("name".to_owned(), json!("Ready tiles"));
    members.insert("vector_layers".to_owned(), json!([{ "id": "a", "fields": {} }]));
    let description = Description { format, bounds: [-10.0, -20.0, 30.0, 40.0], center: [10.0, 10.0, 1.0], members };
    spool.finish(&description).unwrap();
}

pub fn app(folder: &Path) -> App {
    let features = vec![folder.display().to_string()];
    let (catalog, _) = catalog::build(&Config { features, ..Config::default() });
    App::new(Live::new(catalog), Workers::start(NonZeroUsize::MIN, 64), Config::default())
}

#[tokio::test]
async fn tiles_of_an_archive_are_packed_as_the_client_likes_and_named_by_its_tilejson() {
    let folder = tempfile::tempdir().unwrap();
    let body: Vec<u8> = b"any bytes at all, which are given out as they are".repeat(40);
    for name in ["ready.pmtiles", "base.mbtiles"] {
        write(&folder.path().join(name), Format::Mvt, &[(0, &body), (2, b"small")]);
    }
    let app = app(folder.path());
    for id in ["ready", "base"] {
        let at = |rest: &str| format!("/data/{id}{rest}");
        let document = ask_app(&app, "GET", &at(".json"), &[]).await.json();
        assert_eq!((&document["name"], &document["maxzoom"]), (&json!("Ready tiles"), &json!(1)), "{document}");
        let address = document["tiles"][0].as_str().unwrap().to_owned();
        assert!(address.contains(&at("/{z}/{x}/{y}.pbf?v=")), "{address}");
        let plain = ask_app(&app, "GET", &at("/0/0/0.pbf"), &[]).await;
        assert_eq!((plain.status, &plain.body[..]), (200, &body[..]));
        assert_eq!(plain.header("content-type"), "application/vnd.mapbox-vector-tile");
        let packed = ask_app(&app, "GET", &at("/0/0/0.pbf"), &[("accept-encoding", "gzip")]).await;
        assert_eq!(packed.header("content-encoding"), "gzip");
        assert!(packed.body.len() < body.len() / 4);
        let known = ask_app(&app, "GET", &at("/0/0/0.pbf"), &[("if-none-match", plain.header("etag"))]).await;
        assert_eq!(known.status, 304);
        assert_eq!(ask_app(&app, "GET", &at("/1/0/0.pbf"), &[]).await.status, 204, "there is none");
        assert_eq!(ask_app(&app, "GET", &at("/1/0/7.pbf"), &[]).await.status, 404, "it is not in the grid");
        assert_eq!(ask_app(&app, "GET", &at("/0/0/0.png"), &[]).await.status, 404);
        assert_eq!(ask_app(&app, "GET", &at(".geojson"), &[]).await.status, 404);
        let versioned = address.split_once("/data").unwrap().1.replace("{z}/{x}/{y}", "0/0/0");
        let kept = ask_app(&app, "GET", &format!("/data{versioned}"), &[]).await;
        assert!(kept.header("cache-control").contains("immutable"), "{:?}", kept.headers);
    }
    let list = ask_app(&app, "GET", "/data?f=json", &[]).await.json();
    let ids: Vec<&str> = list["archives"].as_array().unwrap().iter().map(|own| own["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["base", "ready"]);
    let page = ask_app(&app, "GET", "/?f=html", &[]).await;
    assert!(page.text().contains(r#""id":"ready""#), "the viewer is told");
}

#[tokio::test]
async fn pictures_of_an_archive_come_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("base.pmtiles"), Format::Png, &[(0, b"\x89PNG picture")]);
    let app = app(folder.path());
    let tile = ask_app(&app, "GET", "/data/base/0/0/0.png", &[("accept-encoding", "gzip")]).await;
    assert_eq!((tile.status, tile.header("content-type"), &tile.body[..]), (200, "image/png", &b"\x89PNG picture"[..]));
    assert_eq!(tile.header("content-encoding"), "");
    assert_eq!(ask_app(&app, "GET", "/data/base/0/0/0.pbf", &[]).await.status, 404);
}

#[tokio::test]
async fn an_archive_that_is_none_or_has_the_name_of_a_collection_is_a_problem_and_not_served() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.pmtiles"), "no archive").unwrap();
    fs::write(folder.path().join("towns.geojson"), r#"{"type":"Point","coordinates":[1,2]}"#).unwrap();
    write(&folder.path().join("towns.pmtiles"), Format::Mvt, &[(0, b"tile")]);
    let features = vec![folder.path().display().to_string()];
    let (catalog, problems) = catalog::build(&Config { features, ..Config::default() });
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(catalog.tilesets.is_empty() && catalog.collections.len() == 1);
    assert!(said.iter().any(|said| said.contains("broken.pmtiles")), "{said:?}");
    assert!(said.iter().any(|said| said.contains("its id would be `towns` like that of towns.geojson")), "{said:?}");
}

#[tokio::test]
async fn an_archive_is_a_tileset_of_the_dataset() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("ready.pmtiles"), Format::Mvt, &[(0, b"all"), (2, b"small")]);
    write(&folder.path().join("shots.pmtiles"), Format::Png, &[(0, b"\x89PNG")]);
    let app = app(folder.path());
    let ask = async |path: &str| ask_app(&app, "GET", path, &[]).await;
    for (list, id, kind, media_type) in [
        ("/tiles", "ready", "vector", "application/vnd.mapbox-vector-tile"),
        ("/map/tiles", "shots", "map", "image/png"),
    ] {
        let at = format!("/data/{id}/tiles");
        for list in [list, &at] {
            let document = ask(list).await.json();
            let own: Vec<&serde_json::Value> = document["tilesets"].as_array().unwrap().iter().collect();
            let own = own.into_iter().find(|own| own["links"][0]["href"] == format!("http://test{at}/WebMercatorQuad"));
            let own = own.unwrap_or_else(|| panic!("{list}: {document}"));
            assert_eq!((&own["dataType"], &own["tileMatrixSetId"]), (&json!(kind), &json!("WebMercatorQuad")));
        }
        let tileset = ask(&format!("{at}/WebMercatorQuad")).await.json();
        let item = tileset["links"].as_array().unwrap().iter().find(|link| link["rel"] == "item").unwrap();
        assert_eq!((&item["type"], &item["templated"]), (&json!(media_type), &json!(true)));
        let limits = &tileset["tileMatrixSetLimits"];
        assert_eq!(
            limits[0],
            json!({ "tileMatrix": "0", "minTileRow": 0, "maxTileRow": 0, "minTileCol": 0, "maxTileCol": 0 })
        );
        let tile = ask(&format!("{at}/WebMercatorQuad/0/0/0")).await;
        assert_eq!((tile.status, tile.header("content-type")), (200, media_type));
        assert_eq!(
            tile.body,
            ask(&format!("/data/{id}/0/0/0.{}", if kind == "map" { "png" } else { "pbf" })).await.body
        );
        for rest in ["WebMercatorQuad/0/1/0", "WebMercatorQuad/9/0/0", "WebMercatorQuad/x/0/0", "WorldCRS84Quad/0/0/0"]
        {
            assert_eq!(ask(&format!("{at}/{rest}")).await.status, 404, "{rest}");
        }
        for path in [at.clone(), format!("{at}/WebMercatorQuad")] {
            let page = ask_app(&app, "GET", &path, &[("accept", "text/html")]).await;
            assert!(page.status == 200 && page.text().contains("Ready tiles"), "{}", page.text());
        }
        assert_eq!(ask(&format!("{at}/WebMercatorQuad/0/0/0?nonsense=1")).await.status, 400);
    }
    let tileset = ask("/data/ready/tiles/WebMercatorQuad").await.json();
    assert_eq!(tileset["layers"][0]["id"], "a", "{tileset}");
    // The tile of zoom 1 that is in the archive lies at row 1 of column 0; its neighbour is not there.
    assert_eq!(ask("/data/ready/tiles/WebMercatorQuad/1/0/0").await.status, 204);
    assert_eq!(ask("/data/nowhere/tiles").await.status, 404);
}
