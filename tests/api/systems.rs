//! Coordinates in the systems that a collection is offered in.

use serde_json::json;

use crate::ask::ask;

const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
const LAT_LON: &str = "http://www.opengis.net/def/crs/EPSG/0/4326";
const MERCATOR: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
const UTM: &str = "http://www.opengis.net/def/crs/EPSG/0/32652";

#[tokio::test]
async fn a_collection_lists_the_usual_systems_and_its_zone() {
    let towns = ask("/collections/towns").await.json();
    assert_eq!(towns["crs"], json!([CRS84, LAT_LON, MERCATOR, UTM]));
    assert_eq!(towns["storageCrs"], CRS84);
    assert_eq!(ask("/collections").await.json()["crs"], json!([CRS84, LAT_LON, MERCATOR]));
}

#[tokio::test]
async fn coordinates_come_in_the_order_of_the_authority_and_the_header_says_so() {
    for path in ["/collections/towns/items?limit=1", "/collections/towns/items/hoeryong?f=geojson"] {
        let plain = ask(path).await;
        assert_eq!(plain.header("content-crs"), format!("<{CRS84}>"), "{path}");
        for (crs, expected) in
            [(CRS84, [129.75, 42.44]), (LAT_LON, [42.44, 129.75]), (MERCATOR, [14_443_704.0, 5_226_206.0])]
        {
            for name in [crs.to_owned(), crs.replace("http:", "https:")] {
                let answer = ask(&format!("{path}&crs={name}")).await;
                assert_eq!(answer.header("content-crs"), format!("<{crs}>"), "{path} {name}");
                let document = answer.json();
                let feature = document["features"].get(0).unwrap_or(&document);
                let found = &feature["geometry"]["coordinates"];
                for axis in 0..2 {
                    let off = (found[axis].as_f64().unwrap() - expected[axis]).abs();
                    assert!(off < if crs == MERCATOR { 1000.0 } else { 1e-9 }, "{path} {name} {found}");
                }
            }
        }
    }
}

#[tokio::test]
async fn names_of_systems_may_be_short() {
    for name in ["[EPSG:4326]", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"] {
        let answer = ask(&format!("/collections/towns/items?crs={name}")).await;
        assert_eq!((answer.status, answer.header("content-crs")), (200, &*format!("<{LAT_LON}>")), "{name}");
    }
}

#[tokio::test]
async fn systems_that_are_not_listed_are_refused_with_those_that_are() {
    let unknown = "http://www.opengis.net/def/crs/0/unsupported";
    for name in [
        unknown,
        "http://www.opengis.net/def/crs/EPSG/0/999999",
        "http://www.opengis.net/def/crs/EPSG/0/5179",
        "foo",
        "",
    ] {
        for parameter in ["crs", "bbox-crs", "filter-crs"] {
            let answer = ask(&format!("/collections/towns/items?{parameter}={name}")).await;
            assert_eq!(answer.status, 400, "{parameter}={name}");
            assert!(answer.text().contains(UTM), "{}", answer.text());
        }
        assert_eq!(ask(&format!("/collections/towns/items/2?crs={name}")).await.status, 400, "{name}");
    }
}

#[tokio::test]
async fn boxes_and_filters_are_read_in_their_system() {
    let ids = async |query: &str| ask(&format!("/collections/towns/items?{query}")).await.ids();
    let expected = ["hoeryong", "lost"];
    assert_eq!(ids(&format!("bbox=42.4,129.7,42.5,129.8&bbox-crs={LAT_LON}")).await, expected);
    assert_eq!(ids(&format!("bbox=14438100,5220300,14449300,5235400&bbox-crs={MERCATOR}")).await, expected);
    assert_eq!(
        ids(&format!("filter=S_INTERSECTS(geometry,BBOX(42.4,129.7,42.5,129.8))&filter-crs={LAT_LON}")).await,
        ["hoeryong"]
    );
    assert_eq!(ids("filter=S_INTERSECTS(geometry,BBOX(129.7,42.4,129.8,42.5))").await, ["hoeryong"]);
    assert_eq!(ask(&format!("/collections/towns/items?bbox=1,2,3&bbox-crs={LAT_LON}")).await.status, 400);
    assert_eq!(ask(&format!("/collections/towns/items?bbox=0,0,0,100&bbox-crs={LAT_LON}")).await.status, 200);
    assert_eq!(ask(&format!("/collections/towns/items?bbox=0,0,100,0&bbox-crs={LAT_LON}")).await.status, 400);
}

#[tokio::test]
async fn json_fg_puts_other_systems_into_place_and_keeps_geojson_beside_it_if_asked() {
    let of = async |query: &str| ask(&format!("/collections/towns/items?limit=1&{query}")).await.json();
    let document = of(&format!("f=jsonfg&crs={LAT_LON}")).await;
    assert_eq!(document["coordRefSys"], LAT_LON);
    let feature = &document["features"][0];
    assert_eq!((&feature["place"]["coordinates"], &feature["geometry"]), (&json!([42.44, 129.75]), &json!(null)));
    let feature = of(&format!("f=jsonfg&crs={LAT_LON}&profile=jsonfg-plus")).await["features"][0].clone();
    assert_eq!(feature["place"]["coordinates"], json!([42.44, 129.75]));
    assert_eq!(feature["geometry"]["coordinates"], json!([129.75, 42.44]));
}

#[tokio::test]
async fn tables_and_downloads_are_in_the_system_too() {
    let table = ask(&format!("/collections/towns/items?f=csv&limit=1&properties=&crs={LAT_LON}")).await;
    assert_eq!(table.text(), "id,WKT\r\nhoeryong,\"POINT (42.44 129.75)\"\r\n");
    let file = ask(&format!("/data/towns.geojson?crs={LAT_LON}")).await;
    assert_eq!(file.header("content-crs"), format!("<{LAT_LON}>"));
    assert_eq!(file.json()["features"][0]["geometry"]["coordinates"], json!([42.44, 129.75]));
}
