//! OGC API Tiles: tilesets, tiles and tile matrix sets.

use std::io::Cursor;

use image::ImageFormat;
use serde_json::Value as Json;
use tumen::space::Grid;
use tumen::tile::codec::mvt;

use crate::ask::Answer;
use crate::ask::ask;
use crate::ask::ask_app;
use crate::ask::ask_with;
use crate::fixture;

const REL: &str = "http://www.opengis.net/def/rel/ogc/1.0/";

async fn get(path: &str) -> Answer {
    ask_app(&fixture::styled_app(), "GET", path, &[]).await
}

fn links<'a>(document: &'a Json, rel: &str) -> Vec<&'a Json> {
    document["links"].as_array().unwrap().iter().filter(|link| link["rel"] == rel).collect()
}

fn layers(answer: &Answer) -> Vec<(String, usize)> {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/vnd.mapbox-vector-tile"));
    let tile = mvt::decode(&answer.body).unwrap();
    tile.layers.iter().map(|layer| (layer.name().to_owned(), layer.len())).collect()
}

fn picture(answer: &Answer) -> image::RgbaImage {
    assert_eq!((answer.status, answer.header("content-type")), (200, "image/png"), "{:?}", answer.body);
    image::load(Cursor::new(&answer.body[..]), ImageFormat::Png).unwrap().to_rgba8()
}

/// A tile of a tileset in the middle of the limits of one of its matrices.
fn middle(tileset: &Json, matrix: &str) -> String {
    let limits = tileset["tileMatrixSetLimits"].as_array().unwrap();
    let own = limits.iter().find(|own| own["tileMatrix"] == matrix).unwrap();
    let half = |axis: &str| {
        let end = |name: &str| own[format!("{name}Tile{axis}")].as_u64().unwrap();
        u64::midpoint(end("min"), end("max")).to_string()
    };
    let template = links(tileset, "item")[0]["href"].as_str().unwrap();
    template.replace("{tileMatrix}", matrix).replace("{tileRow}", &half("Row")).replace("{tileCol}", &half("Col"))
}

#[tokio::test]
async fn a_tile_matrix_set_has_its_origin_in_the_order_of_its_axes() {
    let list = ask("/tileMatrixSets").await.json();
    let ids: Vec<&str> =
        list["tileMatrixSets"].as_array().unwrap().iter().map(|set| set["id"].as_str().unwrap()).collect();
    assert_eq!(ids[..2], ["WebMercatorQuad", "WorldCRS84Quad"]);
    for id in ["WorldMercatorWGS84Quad", "UPSArcticWGS84Quad", "EuropeanETRS89_LAEAQuad", "UTM52WGS84Quad"] {
        assert!(ids.contains(&id), "{id}");
    }
    let origin = |set: &Json| set["tileMatrices"][0]["pointOfOrigin"].clone();
    let degrees = ask("/tileMatrixSets/WorldCRS84Quad").await.json();
    assert_eq!(origin(&degrees), serde_json::json!([-180.0, 90.0]));
    assert_eq!(
        (&degrees["tileMatrices"][0]["matrixWidth"], &degrees["tileMatrices"][0]["id"]),
        (&2.into(), &"0".into())
    );
    // Northing first.
    let europe = ask("/tileMatrixSets/EuropeanETRS89_LAEAQuad").await.json();
    assert_eq!(origin(&europe), serde_json::json!([5_500_000.0, 2_000_000.0]));
    assert_eq!(europe["crs"], "http://www.opengis.net/def/crs/EPSG/0/3035");
}

#[tokio::test]
async fn tilesets_are_linked_from_the_landing_page_and_from_collections_that_have_places() {
    let landing = ask("/").await.json();
    assert_eq!(links(&landing, &format!("{REL}tilesets-vector"))[0]["href"], "http://test/tiles");
    assert_eq!(links(&landing, &format!("{REL}tilesets-map"))[0]["href"], "http://test/map/tiles");
    assert_eq!(links(&landing, &format!("{REL}tiling-schemes"))[0]["href"], "http://test/tileMatrixSets");
    let towns = ask("/collections/towns").await.json();
    assert_eq!(links(&towns, &format!("{REL}tilesets-vector"))[0]["href"], "http://test/collections/towns/tiles");
    assert!(links(&ask("/collections/nothing").await.json(), &format!("{REL}tilesets-vector")).is_empty());
    let list = ask("/collections/nothing/tiles").await;
    assert_eq!((list.status, &list.json()["tilesets"]), (200, &serde_json::json!([])));
}

#[tokio::test]
async fn the_list_says_of_each_tileset_what_clients_look_for() {
    for path in [
        "/tiles",
        "/map/tiles",
        "/collections/towns/tiles",
        "/collections/towns/map/tiles",
        "/styles/plain/map/tiles",
        "/collections/towns/styles/plain/map/tiles",
        "/collections/islands/styles/automatic/map/tiles",
    ] {
        let list = get(path).await;
        assert_eq!(list.status, 200, "{path}: {}", list.text());
        let list = list.json();
        let tilesets = list["tilesets"].as_array().unwrap();
        assert_eq!(tilesets[0]["tileMatrixSetId"], "WebMercatorQuad", "{path}");
        for tileset in tilesets {
            let id = tileset["tileMatrixSetId"].as_str().unwrap();
            let kind = if path.contains("/map/") { "map" } else { "vector" };
            assert_eq!(tileset["dataType"], kind, "{path}");
            let uri = format!("http://www.opengis.net/def/tilematrixset/OGC/1.0/{id}");
            assert_eq!(tileset["tileMatrixSetURI"], uri.as_str(), "{path}");
            assert!(!tileset["tileMatrixSetLimits"].as_array().unwrap().is_empty(), "{path} {id}");
            assert_eq!(links(tileset, "self")[0]["href"], format!("http://test{path}/{id}"));
            let scheme = links(tileset, &format!("{REL}tiling-scheme"))[0];
            assert_eq!(scheme["href"], format!("http://test/tileMatrixSets/{id}"));
            for item in links(tileset, "item") {
                assert_eq!(item["templated"], true, "{path}");
                assert!(item["href"].as_str().unwrap().contains("/{tileMatrix}/{tileRow}/{tileCol}"), "{path}");
            }
        }
    }
    // The towns lie in one zone of UTM and far from the poles and Europe.
    let list = ask("/collections/towns/tiles").await.json();
    let ids: Vec<&str> =
        list["tilesets"].as_array().unwrap().iter().map(|set| set["tileMatrixSetId"].as_str().unwrap()).collect();
    assert_eq!(ids, ["WebMercatorQuad", "WorldCRS84Quad", "WorldMercatorWGS84Quad", "UTM52WGS84Quad"]);
}

#[tokio::test]
async fn a_tileset_has_layers_with_properties_and_limits_around_the_data() {
    let tileset = ask("/collections/towns/tiles/WebMercatorQuad").await.json();
    let layer = &tileset["layers"][0];
    assert_eq!((&layer["id"], &layer["geometryDimension"]), (&"towns".into(), &0.into()));
    assert_eq!(layer["propertiesSchema"]["properties"]["people"]["type"], "integer");
    assert_eq!(tileset["boundingBox"]["lowerLeft"], serde_json::json!([129.75, 41.79]));
    let limits = tileset["tileMatrixSetLimits"].as_array().unwrap();
    assert_eq!(limits.len(), 25);
    assert_eq!(
        limits[6],
        serde_json::json!({ "tileMatrix": "6", "minTileRow": 23, "maxTileRow": 23, "minTileCol": 55, "maxTileCol": 55 })
    );
    let kept = ask("/collections/towns/tiles/WebMercatorQuad?people=3&f=json").await.json();
    let item = links(&kept, "item")[0]["href"].as_str().unwrap();
    assert_eq!(item, "http://test/collections/towns/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}?people=3");
}

#[tokio::test]
async fn a_tile_is_named_by_matrix_row_and_column_and_is_that_of_the_plain_address() {
    let tile = ask("/tiles/WebMercatorQuad/6/23/55").await;
    assert_eq!(tile.body, ask("/data/islands,nothing,towns/6/55/23.pbf").await.body);
    assert_eq!(layers(&tile), [("towns".to_owned(), 4)]);
    assert_eq!(tile.header("vary"), "Accept, Accept-Encoding");
    let tag = tile.header("etag").to_owned();
    assert_eq!(ask_with("/tiles/WebMercatorQuad/6/23/55", &[("if-none-match", &tag)]).await.status, 304);
}

#[tokio::test]
async fn tiles_of_every_grid_that_the_data_reaches_hold_the_data() {
    for id in ["WorldCRS84Quad", "WorldMercatorWGS84Quad", "UTM52WGS84Quad"] {
        let tileset = ask(&format!("/collections/towns/tiles/{id}")).await;
        assert_eq!(tileset.status, 200, "{id}: {}", tileset.text());
        let matrix = tileset.json()["tileMatrixSetLimits"][0]["tileMatrix"].as_str().unwrap().to_owned();
        let tile = ask(&middle(&tileset.json(), &matrix)).await;
        assert_eq!(layers(&tile), [("towns".to_owned(), 4)], "{id}");
    }
}

#[tokio::test]
async fn collections_time_and_conditions_select() {
    for (query, expected) in [
        ("", vec![("islands", 3), ("towns", 4)]),
        ("?collections=towns", vec![("towns", 4)]),
        ("?collections=http://test/collections/islands", vec![("islands", 3)]),
        ("?collections=towns,islands", vec![("towns", 4), ("islands", 3)]),
        ("?collections=towns&datetime=1949", vec![("towns", 3)]),
        ("?collections=towns&subset=time(%221949%22)", vec![("towns", 3)]),
        ("?collections=towns&subset=time(%221500%22:%222000%22)", vec![("towns", 3)]),
        ("?filter.towns=people%20%3E%201000&collections=towns", vec![("towns", 2)]),
    ] {
        let expected: Vec<(String, usize)> = expected.into_iter().map(|(id, count)| (id.to_owned(), count)).collect();
        assert_eq!(layers(&ask(&format!("/tiles/WebMercatorQuad/0/0/0{query}")).await), expected, "{query}");
    }
}

#[tokio::test]
async fn geojson_tiles_have_the_features_of_the_tile() {
    let tile = ask_with("/tiles/WebMercatorQuad/6/23/55", &[("accept", "application/geo+json")]).await;
    assert_eq!((tile.status, tile.header("content-type")), (200, "application/geo+json"));
    assert_eq!(tile.ids(), ["hoeryong", "2", "a/b c", "rajin"]);
    assert_eq!(tile.json()["features"][0]["featureType"], "towns");
    let few = ask("/tiles/WebMercatorQuad/0/0/0?f=geojson&people=3&collections=towns&properties=name").await;
    assert_eq!(few.ids(), ["a/b c"]);
    assert_eq!(few.json()["features"][0]["properties"], serde_json::json!({ "name": fixture::NASTY }));
}

#[tokio::test]
async fn maps_are_pictures_of_the_size_of_the_tile_and_never_empty_where_there_is_a_background() {
    let whole = get("/map/tiles/WebMercatorQuad/6/23/55").await;
    let drawn = picture(&whole);
    assert_eq!(drawn.dimensions(), (256, 256));
    assert!(drawn.pixels().all(|pixel| pixel[3] == 255));
    assert_eq!(get("/styles/plain/map/tiles/WebMercatorQuad/6/23/55").await.body, whole.body);
    assert_eq!(get("/styles/plain/6/55/23.png").await.body, whole.body);
    // The part of a style that draws a collection has no background.
    let part = picture(&get("/collections/towns/map/tiles/WebMercatorQuad/6/23/55").await);
    let painted = |picture: &image::RgbaImage| picture.pixels().filter(|pixel| pixel[3] > 0).count();
    assert!((1..10_000).contains(&painted(&part)), "{}", painted(&part));
    let some = get("/collections/towns/map/tiles/WebMercatorQuad/6/23/55?filter=people%20%3E%201000").await;
    assert!((1..painted(&part)).contains(&painted(&picture(&some))));
    let none = get("/map/tiles/WebMercatorQuad/6/23/55?people=1").await;
    assert_eq!(picture(&none).pixels().next(), drawn.pixels().next());
    for (f, media_type) in [("webp", "image/webp"), ("jpeg", "image/jpeg"), ("image/jpeg", "image/jpeg")] {
        let answer = get(&format!("/map/tiles/WebMercatorQuad/6/23/55?f={f}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, media_type));
    }
}

/// Where a place lies among the tiles of a grid: level, row and column, and the pixel.
fn place_on(grid: &Grid, level: u8, place: [f64; 2]) -> (String, [u32; 2]) {
    let own = &grid.levels()[usize::from(level)];
    let [x, y] = grid.crs().forward(place).unwrap();
    let pixels = [(x - own.origin[0]) / own.cell_size, (own.origin[1] - y) / own.cell_size].map(|n| n as u32);
    let [column, row] = pixels.map(|n| n / 256);
    (format!("{}/{row}/{column}", own.id), pixels.map(|n| n % 256))
}

#[tokio::test]
async fn maps_are_drawn_on_every_grid_that_holds_data_each_in_its_own_system() {
    for (id, level) in [("WorldCRS84Quad", 7), ("WorldMercatorWGS84Quad", 8), ("UTM52WGS84Quad", 8)] {
        let grid = Grid::registered(id).unwrap();
        let (tile, [x, y]) = place_on(&grid, level, [129.78, 41.79]);
        let map = picture(&get(&format!("/map/tiles/{id}/{tile}")).await);
        assert_eq!(map.dimensions(), (256, 256));
        assert!(map.pixels().all(|pixel| pixel[3] == 255), "{id}");
        let towns = picture(&get(&format!("/collections/towns/map/tiles/{id}/{tile}")).await);
        let painted = |picture: &image::RgbaImage| picture.pixels().filter(|pixel| pixel[3] > 0).count();
        assert!((1..10_000).contains(&painted(&towns)), "{id}: {}", painted(&towns));
        assert!(towns.get_pixel(x, y)[3] > 0, "{id} {tile} {x} {y}");
        let level = tile.split('/').next().unwrap();
        let outside = get(&format!("/map/tiles/{id}/{level}/0/0")).await;
        assert_eq!(outside.status, 404, "{id}");
        assert!(outside.text().contains("limits"), "{}", outside.text());
    }
    // Nothing of the data lies in the area of these.
    assert_eq!(get("/map/tiles/UPSArcticWGS84Quad/0/0/0").await.status, 404);
}

#[tokio::test]
async fn what_is_outside_is_missing_and_what_is_wrong_is_refused() {
    for (target, status, words) in [
        ("/tileMatrixSets/Nowhere", 404, "'Nowhere'"),
        ("/tiles/Nowhere", 404, "'Nowhere'"),
        ("/collections/nowhere/tiles", 404, "collection 'nowhere'"),
        ("/collections/towns/tiles/EuropeanETRS89_LAEAQuad", 404, "EuropeanETRS89_LAEAQuad"),
        ("/collections/nothing/tiles/WebMercatorQuad/0/0/0", 404, "WebMercatorQuad"),
        ("/styles/nowhere/map/tiles", 404, "style 'nowhere'"),
        ("/collections/islands/styles/plain/map/tiles", 404, "automatic"),
        ("/tiles/WebMercatorQuad/0/1/0", 404, "0/1/0"),
        ("/tiles/WebMercatorQuad/0/0/1", 404, "limits"),
        ("/tiles/WebMercatorQuad/0/2147483647/2147483647", 404, "limits"),
        ("/tiles/WebMercatorQuad/0/99999999999999999999/0", 404, "limits"),
        ("/tiles/WebMercatorQuad/0/-1/0", 404, "limits"),
        ("/tiles/WebMercatorQuad/0/a/b", 404, "limits"),
        ("/tiles/WebMercatorQuad/99/0/0", 404, "limits"),
        ("/collections/towns/tiles/WebMercatorQuad/6/22/55", 404, "limits"),
        ("/map/tiles/WebMercatorQuad/24/0/0", 404, "limits"),
        ("/tiles?limit=1", 400, "no parameter 'limit'"),
        ("/tiles/WebMercatorQuad?where=x", 400, "no parameter 'where'"),
        ("/tiles/WebMercatorQuad/0/0/0?where=x", 400, "no parameter 'where'"),
        ("/tiles/WebMercatorQuad/0/0/0?collections=nowhere", 400, "collection 'nowhere'"),
        ("/tiles/WebMercatorQuad/0/0/0?collections=", 400, "empty id"),
        ("/tiles/WebMercatorQuad/0/0/0?collections=towns,towns", 400, "twice"),
        ("/collections/towns/tiles/WebMercatorQuad/0/0/0?collections=towns", 400, "no parameter 'collections'"),
        ("/tiles/WebMercatorQuad/0/0/0?subset=Lat(1:2)", 400, "no axis"),
        ("/tiles/WebMercatorQuad/0/0/0?datetime=soon", 400, "datetime"),
        ("/tiles/WebMercatorQuad/0/0/0?filter=colour%20%3D%201", 400, "filter"),
        ("/tiles/WebMercatorQuad?filter=colour%20%3D%201", 400, "filter"),
        ("/tiles/WebMercatorQuad/0/0/0?f=png", 400, "'f'"),
        ("/map/tiles/WebMercatorQuad/0/0/0?f=mvt", 400, "'f'"),
        ("/map/tiles/WebMercatorQuad/0/0/0?quality=0", 400, "quality"),
        ("/map/tiles/WebMercatorQuad/0/0/0?bbox=1,2,3,4", 400, "no parameter 'bbox'"),
    ] {
        let answer = get(target).await;
        assert_eq!(answer.status, status, "{target}: {}", String::from_utf8_lossy(&answer.body));
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(words), "{target}: {detail}");
    }
    assert_eq!(ask_with("/tiles/WebMercatorQuad/0/0/0", &[("accept", "image/png")]).await.status, 406);
    assert_eq!(ask("/collections/islands/tiles/WebMercatorQuad/6/35/45").await.status, 204);
}

#[tokio::test]
async fn pages_show_tilesets_and_escape_what_is_in_them() {
    for path in [
        "/tiles",
        "/tiles/WebMercatorQuad",
        "/map/tiles/WebMercatorQuad",
        "/tileMatrixSets",
        "/tileMatrixSets/WebMercatorQuad",
    ] {
        let page = ask_app(&fixture::styled_app(), "GET", path, &[("accept", "text/html")]).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert!(!page.text().contains("<script>alert"), "{path}");
        assert!(page.text().contains("WebMercatorQuad"), "{path}");
    }
    let page = ask_app(&fixture::styled_app(), "GET", "/map/tiles/WebMercatorQuad", &[("accept", "text/html")]).await;
    assert!(page.text().contains("<img src=\"/map/tiles/WebMercatorQuad/"), "{}", page.text());
}
