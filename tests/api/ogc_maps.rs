//! Maps and styles of the OGC APIs.

use std::io::Cursor;
use std::num::NonZeroUsize;
use std::sync::Arc;

use image::RgbaImage;
use serde_json::json;
use tumen::catalog::Catalog;
use tumen::catalog::Live;
use tumen::catalog::Styled;
use tumen::config::Config;
use tumen::http::App;
use tumen::store::Version;
use tumen::style::Style;
use tumen::workers::Workers;

use crate::ask::Answer;
use crate::ask::ask_app;
use crate::fixture;

/// The usual app with a style of its towns and islands on blue paper.
pub fn app() -> App {
    let circles = |layer: &str, color: &str| {
        json!({ "id": layer, "type": "circle", "source": "data", "source-layer": layer,
                "paint": { "circle-color": color, "circle-radius": 8 } })
    };
    let document = json!({
        "version": 8, "name": "Sea",
        "sources": { "data": { "type": "vector", "url": "/data/towns,islands.json" } },
        "layers": [
            { "id": "water", "type": "background", "paint": { "background-color": "#0000ff" } },
            circles("towns", "#ff0000"), circles("islands", "#00ff00")
        ]
    });
    let (style, wrong) = Style::read(document.clone()).unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
    let styled = Styled { id: "sea".to_owned(), document, style, version: Version(1), drawables: Default::default() };
    let catalog = Catalog { styles: [("sea".to_owned(), Arc::new(styled))].into(), ..fixture::catalog() };
    App::new(Live::new(catalog), Workers::start(NonZeroUsize::MIN, 64), Config::default())
}

async fn get(path: &str) -> Answer {
    ask_app(&app(), "GET", path, &[]).await
}

async fn map(path: &str) -> RgbaImage {
    let answer = get(path).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "image/png"), "{path}");
    image::load(Cursor::new(&answer.body[..]), image::ImageFormat::Png).unwrap().to_rgba8()
}

fn has(map: &RgbaImage, color: [u8; 4]) -> bool {
    map.pixels().any(|pixel| pixel.0 == color)
}

const RED: [u8; 4] = [255, 0, 0, 255];
const GREEN: [u8; 4] = [0, 255, 0, 255];
const BLUE: [u8; 4] = [0, 0, 255, 255];

const TOWNS: &str = "bbox=129,41,131,43&width=200&height=200";

#[tokio::test]
async fn there_are_maps_of_everything_of_collections_and_of_styles() {
    let whole = map("/map?width=400").await;
    assert!(has(&whole, RED) && has(&whole, GREEN) && has(&whole, BLUE));
    let styled = map("/styles/sea/map?width=400").await;
    assert_eq!(styled, whole);
    let towns = map(&format!("/collections/towns/map?{TOWNS}")).await;
    assert!(has(&towns, RED) && has(&towns, [0; 4]) && !has(&towns, BLUE) && !has(&towns, GREEN));
    assert_eq!(map(&format!("/collections/towns/styles/sea/map?{TOWNS}")).await, towns);
    let plain = map(&format!("/collections/towns/styles/automatic/map?{TOWNS}")).await;
    assert!(!has(&plain, RED) && has(&plain, [0; 4]));
    for missing in ["/collections/none/map", "/styles/none/map", "/collections/towns/styles/none/map"] {
        assert_eq!(get(missing).await.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn sizes_follow_from_what_is_asked() {
    for (query, size) in [
        ("width=256&height=128", (256, 128)),
        ("width=8&height=5", (8, 5)),
        ("width=100&bbox=0,0,10,10", (100, 100)),
        ("center=129.7,42.4&width=300&scale-denominator=100000", (300, 300)),
        ("center=129.7,42.4&width=300&height=200&mm-per-pixel=0.1", (300, 200)),
        ("bbox=129,41,131,43&scale-denominator=1000000&mm-per-pixel=0.56", (398, 398)),
    ] {
        let map = map(&format!("/map?{query}")).await;
        let near = |a: u32, b: u32| a.abs_diff(b) <= 2;
        assert!(near(map.width(), size.0) && near(map.height(), size.1), "{query}: {:?}", map.dimensions());
    }
}

#[tokio::test]
async fn the_same_place_is_the_same_map_however_it_is_said() {
    let one = get(&format!("/map?{TOWNS}")).await;
    for other in [
        "subset=Lat(41:43),Lon(129:131)&width=200&height=200",
        "subset=Lat(41:43)&subset=Lon(129:131)&width=200&height=200",
        "bbox=41,129,43,131&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326&width=200&height=200",
        "bbox=41,129,43,131&bbox-crs=[EPSG:4326]&width=200&height=200&f=image/png",
    ] {
        assert_eq!(get(&format!("/map?{other}")).await.body, one.body, "{other}");
    }
    assert!(!one.header("content-crs").is_empty());
    let numbers: Vec<f64> = one.header("content-bbox").split(',').map(|n| n.parse().unwrap()).collect();
    assert!(numbers.len() == 4 && numbers[0] < numbers[2] && numbers[1] < numbers[3], "{numbers:?}");
    assert!(get("/collections/towns/map").await.header("content-datetime").contains('/'));
    assert!(get("/collections/islands/map").await.header("content-datetime").is_empty());
}

#[tokio::test]
async fn backgrounds_are_chosen() {
    let corner = async |query: &str| map(&format!("/collections/towns/map?{TOWNS}&{query}")).await.get_pixel(0, 0).0;
    assert_eq!(corner("").await, [0, 0, 0, 0]);
    assert_eq!(corner("transparent=false").await, [255; 4]);
    for color in ["bgcolor=CC00CC", "bgcolor=0xcc00cc"] {
        assert_eq!(corner(color).await, [0xcc, 0, 0xcc, 255], "{color}");
    }
    assert_eq!(corner("bgcolor=NaVy").await, [0, 0, 128, 255]);
    assert_eq!(corner("bgcolor=navy&transparent=true").await[3], 0);
    let sea = async |query: &str| map(&format!("/styles/sea/map?{TOWNS}&{query}")).await.get_pixel(0, 0).0;
    assert_eq!(sea("").await, BLUE);
    assert_eq!(sea("transparent=true").await, [0; 4]);
    assert_eq!(sea("bgcolor=white").await, [255; 4]);
}

#[tokio::test]
async fn some_collections_and_some_features_are_shown() {
    let world = "width=400&bbox=-180,-60,180,60";
    let base = "http://localhost/collections/islands";
    for (chosen, towns, islands) in
        [("towns", true, false), ("islands", false, true), ("towns,islands", true, true), (base, false, true)]
    {
        let map = map(&format!("/map?{world}&collections={chosen}")).await;
        assert_eq!((has(&map, RED), has(&map, GREEN), has(&map, BLUE)), (towns, islands, false), "{chosen}");
    }
    for nobody in ["filter=people%3E1000000", "name=Nobody", "filter.towns=people%3C0"] {
        let map = map(&format!("/map?{world}&{nobody}")).await;
        assert!(!has(&map, RED) && has(&map, GREEN), "{nobody}");
    }
    assert!(has(&map(&format!("/map?{world}&filter=people%3E600000")).await, RED));
    let red = async |query: &str| {
        let map = map(&format!("/collections/towns/map?{TOWNS}&{query}")).await;
        map.pixels().filter(|pixel| pixel.0 == RED).count()
    };
    // What has no time is there at every time.
    let (always, then) = (red("").await, red("datetime=1200").await);
    assert!(0 < then && then < always, "{then} of {always}");
    assert_eq!(red("subset=time(%221200%22)").await, then);
    assert_eq!(red("datetime=1100/1300").await, then);
}

#[tokio::test]
async fn nothing_is_there_beyond_the_data() {
    let answer = get("/collections/towns/map?bbox=0,0,10,10&width=100").await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert_eq!(get("/collections/towns/map?bbox=0,0,10,10&width=100&transparent=false").await.status, 200);
    assert_eq!(get("/styles/sea/map?bbox=0,50,10,60&width=100").await.status, 200);
}

#[tokio::test]
async fn a_window_in_degrees_may_reach_beyond_the_poles_and_the_antimeridian() {
    for (window, status) in [
        ("-41.8,-95.5,116.4,115.5", 200),
        ("-40,170,40,190", 200),
        ("-200,0,200,100", 200),
        ("10,0,5,1", 400),
        ("0,0,1,9999", 400),
    ] {
        let asked = format!("/styles/sea/map?crs=EPSG:4326&bbox-crs=EPSG:4326&bbox={window}&width=120&height=90");
        let answer = get(&asked).await;
        assert_eq!(answer.status, status, "{window}: {}", String::from_utf8_lossy(&answer.body));
    }
}

#[tokio::test]
async fn formats_are_negotiated_and_unchanged_maps_are_not_sent_again() {
    for (accept, kind) in [("image/png", "image/png"), ("image/jpeg", "image/jpeg"), ("image/webp", "image/webp")] {
        let answer = ask_app(&app(), "GET", "/map?width=50", &[("accept", accept)]).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, kind));
    }
    assert_eq!(ask_app(&app(), "GET", "/map?width=50", &[("accept", "application/gml+xml")]).await.status, 406);
    let tag = get("/map?width=50").await.header("etag").to_owned();
    assert_eq!(ask_app(&app(), "GET", "/map?width=50", &[("if-none-match", &tag)]).await.status, 304);
    let answer = ask_app(&app(), "GET", "/map?width=50", &[("origin", "http://example.org")]).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_what_is_allowed() {
    for wrong in [
        "width=0",
        "width=-5",
        "width=abc",
        "height=1.5",
        "width=",
        "bbox=1,2,3",
        "bbox=a,b,c,d",
        "bbox=0,0,10,10&center=5,5",
        "bbox=0,0,0,10",
        "bbox=0,10,10,0",
        "subset=Foo(1:2)",
        "subset=Lat(1:2),Lat(1:2)",
        "bbox=0,0,10,10&subset=Lat(1:2)",
        "subset=Lat(1)",
        "center=1",
        "center=1,2,3",
        "center=a,b",
        "center=0,100",
        "center=5,5&subset=Lat(1:2)",
        "bbox=0,0,10,10&bbox-crs=foo",
        "crs=http://www.opengis.net/def/crs/0/unsupported",
        "bbox=0,0,10,10&scale-denominator=1000000&width=100",
        "scale-denominator=0",
        "scale-denominator=x",
        "mm-per-pixel=0",
        "mm-per-pixel=1e9",
        "orientation=x",
        "bgcolor=nosuchcolor",
        "bgcolor=12345",
        "void-color=%23fff",
        "transparent=maybe",
        "void-transparent=1",
        "datetime=yesterday",
        "datetime=2000&subset=time(%222000%22)",
        "collections=nowhere",
        "collections=",
        "collections=towns,,islands",
        "f=gif",
        "filter=nothing%3D1",
        "filter=%3D",
        "filter-lang=sql",
        "nosuch=1",
        "width=10&width=20",
        "subset=",
        "center-crs=x",
        "subset-crs=x",
        "%FF=1",
    ] {
        let answer = get(&format!("/map?{wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}: {}", String::from_utf8_lossy(&answer.body));
        assert!(answer.json()["detail"].as_str().unwrap().len() > 20, "{wrong}");
    }
    for large in ["width=100000000", "width=4097", "width=4000&height=99999999999999999999", "scale-denominator=1"] {
        assert_eq!(get(&format!("/map?{large}")).await.status, 413, "{large}");
    }
}

#[tokio::test]
async fn what_is_not_on_the_earth_has_a_colour_of_its_own() {
    let mercator = "http://www.opengis.net/def/crs/EPSG/0/3857";
    let beyond =
        format!("width=100&height=300&bbox=-20000000,-60000000,20000000,60000000&bbox-crs={mercator}&crs={mercator}");
    let at = async |place: &str, y: u32| map(&format!("{place}?{beyond}")).await.get_pixel(30, y).0;
    assert_eq!(at("/map", 150).await, BLUE);
    let with = async |query: &str, y: u32| map(&format!("/map?{beyond}&{query}")).await.get_pixel(30, y).0;
    assert_eq!((with("void-color=red", 0).await, with("void-color=red", 150).await), (RED, BLUE));
    assert_eq!((with("void-transparent=true", 0).await, with("void-transparent=true", 150).await), ([0; 4], BLUE));
}

#[tokio::test]
async fn maps_are_drawn_in_every_system_that_the_landing_page_lists() {
    let landing = get("/").await.json();
    let systems: Vec<String> =
        landing["crs"].as_array().unwrap().iter().map(|crs| crs.as_str().unwrap().to_owned()).collect();
    assert!(systems.len() > 3 && systems[0].ends_with("CRS84"), "{systems:?}");
    for crs in systems {
        let answer = get(&format!("/map?bbox=129,41,131,43&width=64&height=64&crs={crs}")).await;
        assert_eq!((answer.status, answer.header("content-crs")), (200, crs.as_str()));
        let map = image::load(Cursor::new(&answer.body[..]), image::ImageFormat::Png).unwrap().to_rgba8();
        assert!(has(&map, RED) && has(&map, BLUE), "{crs}");
    }
    let wide = get("/map?bbox=170,-30,-170,0&width=200&height=100").await;
    assert_eq!(wide.header("content-bbox"), "170,-30,-170,0");
    let northern = get("/map?bbox=129,41,131,43&crs=http://www.opengis.net/def/crs/EPSG/0/4326&width=50").await;
    assert_eq!(northern.header("content-bbox"), "41,129,43,131");
}

#[tokio::test]
async fn landing_page_and_collections_lead_to_maps_and_styles() {
    const MAP: [&str; 2] =
        ["http://www.opengis.net/def/rel/ogc/1.0/map", "https://www.opengis.net/def/rel/ogc/1.0/map"];
    let landing = get("/").await;
    assert!(landing.json()["crs"].as_array().is_some_and(|list| !list.is_empty()));
    assert!(landing.json()["extent"]["spatial"]["bbox"][0].is_array());
    let collection = get("/collections/towns").await;
    assert!(collection.json()["extent"]["spatial"]["storageCrsBbox"][0].is_array());
    for (page, path) in [(&landing, ""), (&collection, "/collections/towns")] {
        for rel in MAP {
            assert!(page.link(rel).unwrap().ends_with(&format!("{path}/map")), "{rel}");
        }
        assert!(
            page.link("http://www.opengis.net/def/rel/ogc/1.0/styles").unwrap().ends_with(&format!("{path}/styles"))
        );
    }
    let declared = get("/conformance").await.text().to_owned();
    for uri in [
        "https://www.opengis.net/spec/ogcapi-maps-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-styles-1/1.0/conf/core",
    ] {
        assert!(declared.contains(&format!("\"{uri}\"")), "{uri}");
    }
    let api = get("/api").await.json();
    assert_eq!(api["paths"]["/map"]["get"]["operationId"], "dataset.getMap");
    assert_eq!(api["paths"]["/collections/towns/map"]["get"]["operationId"], "towns.collection.getMap");
}

#[tokio::test]
async fn a_collection_has_styles_of_its_own() {
    let list = get("/collections/towns/styles").await.json();
    let ids: Vec<&str> = list["styles"].as_array().unwrap().iter().map(|own| own["id"].as_str().unwrap()).collect();
    assert_eq!((ids, &list["default"]), (vec!["sea", "automatic"], &json!("sea")));
    assert_eq!(get("/collections/nothing/styles").await.json()["default"], "automatic");
    let style = get("/collections/towns/styles/sea").await;
    assert_eq!(style.header("content-type"), "application/vnd.mapbox.style+json");
    assert_eq!(style.json()["layers"].as_array().unwrap().len(), 1);
    for base in ["/styles/sea", "/collections/towns/styles/sea", "/collections/towns/styles/automatic"] {
        let metadata = get(&format!("{base}/metadata")).await.json();
        assert_eq!(metadata["id"], base.rsplit('/').next().unwrap());
        assert!(metadata["stylesheets"][0]["link"]["href"].as_str().unwrap().contains(base), "{metadata}");
        assert!(metadata["layers"].as_array().unwrap().iter().any(|layer| layer["id"] == "towns"), "{metadata}");
        for page in ["?f=html", "/metadata?f=html"] {
            let page = get(&format!("{base}{page}")).await;
            assert!(page.status == 200 && page.text().contains("legend.png") && !page.text().contains("<script>alert"));
        }
        assert_eq!(get(&format!("{base}/legend.png")).await.header("content-type"), "image/png");
        assert_eq!(get(&format!("{base}?nosuch=1")).await.status, 400);
    }
    for missing in
        ["/collections/towns/styles/none", "/collections/none/styles", "/styles/none/metadata", "/styles/none"]
    {
        assert_eq!(get(missing).await.status, 404, "{missing}");
    }
}
