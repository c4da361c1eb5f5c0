//! Features in each of their representations, in pages, one by one and as downloads.

use serde_json::Value;
use serde_json::json;

use crate::ask::Answer;
use crate::ask::ask;
use crate::ask::ask_with;

const ITEMS: &str = "/collections/towns/items";

fn first(answer: &Answer) -> Value {
    answer.json()["features"][0].clone()
}

#[tokio::test]
async fn each_representation_is_found_by_its_name_and_by_its_media_type() {
    let kinds = [
        ("geojson", "application/geo+json", "application/geo+json"),
        ("jsonfg", "application/vnd.ogc.fg+json", "application/vnd.ogc.fg+json"),
        ("geojsonseq", "application/geo+json-seq", "application/geo+json-seq"),
        ("csv", "text/csv", "text/csv; charset=utf-8"),
        ("fgb", "application/flatgeobuf", "application/flatgeobuf"),
    ];
    for (name, media_type, content_type) in kinds {
        for path in [ITEMS, "/collections/towns/items/2"] {
            let named = ask(&format!("{path}?f={name}")).await;
            assert_eq!((named.status, named.header("content-type")), (200, content_type), "{path} {name}");
            let accepted = ask_with(path, &[("accept", media_type)]).await;
            assert_eq!((accepted.status, accepted.header("content-type")), (200, content_type), "{path} {name}");
            let tag = named.header("etag").to_owned();
            let again = ask_with(&format!("{path}?f={name}"), &[("if-none-match", &tag)]).await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn json_fg_says_when_and_of_what_type_a_feature_is() {
    let document = ask(&format!("{ITEMS}?f=jsonfg&limit=2")).await.json();
    assert_eq!(document["featureType"], "towns");
    assert_eq!(document["featureSchema"], "http://test/collections/towns/schema");
    assert_eq!(document["coordRefSys"], "http://www.opengis.net/def/crs/OGC/1.3/CRS84");
    assert_eq!(document["conformsTo"][0], "http://www.opengis.net/spec/json-fg-1/1.0/conf/core");
    let [hoeryong, chongjin] = [&document["features"][0], &document["features"][1]];
    assert_eq!(hoeryong["time"], json!({ "interval": ["1434-01-01", ".."] }));
    assert_eq!(chongjin["time"], json!({ "interval": ["1908-04-01", "1950-12-31"] }));
    assert_eq!(hoeryong["place"], Value::Null);
    assert_eq!(hoeryong["geometry"]["coordinates"], json!([129.75, 42.44]));
    let one = ask("/collections/towns/items/2?f=jsonfg").await.json();
    assert_eq!((&one["featureType"], &one["time"]), (&json!("towns"), &chongjin["time"]));
    assert!(one["links"].as_array().unwrap().len() > 3);
}

#[tokio::test]
async fn a_profile_chooses_among_kinds_of_json_and_is_named_in_a_link() {
    let plus = ask(&format!("{ITEMS}?profile=nonsense,jsonfg-plus")).await;
    assert_eq!(plus.header("content-type"), "application/geo+json");
    assert_eq!(plus.json()["featureType"], "towns");
    assert_eq!(plus.link("profile").unwrap(), "http://www.opengis.net/def/profile/OGC/0/jsonfg-plus");
    assert!(plus.header("link").contains("<http://www.opengis.net/def/profile/OGC/0/jsonfg-plus>; rel=\"profile\""));
    let plain = ask(&format!("{ITEMS}?profile=nonsense")).await;
    assert_eq!(plain.link("profile").unwrap(), "http://www.opengis.net/def/profile/OGC/0/rfc7946");
    assert_eq!(plain.json().get("featureType"), None);
}

#[tokio::test]
async fn a_sequence_has_a_feature_a_record() {
    let answer = ask(&format!("{ITEMS}?f=geojsonseq&limit=2")).await;
    let records: Vec<&str> = answer.text().split('\u{1e}').skip(1).collect();
    assert_eq!(records.len(), 2);
    for record in records {
        let feature: Value = serde_json::from_str(record.strip_suffix('\n').unwrap()).unwrap();
        assert_eq!(feature["type"], "Feature");
    }
    assert_eq!(answer.header("ogc-numbermatched"), "5");
    assert_eq!(answer.header("ogc-numberreturned"), "2");
    let links: Vec<&str> = answer.headers.get_all("link").iter().map(|link| link.to_str().unwrap()).collect();
    assert!(links.iter().any(|link| link.contains("rel=\"next\"") && link.contains("f=geojsonseq")), "{links:?}");
}

#[tokio::test]
async fn a_table_has_a_line_a_feature_and_quotes_what_needs_quotes() {
    let answer = ask(&format!("{ITEMS}?f=csv")).await;
    let lines: Vec<&str> = answer.text().split_terminator("\r\n").collect();
    assert_eq!(lines[0], "id,name,people,from,capital,until,height,limit,WKT");
    assert_eq!(lines[1], "hoeryong,Hoeryong,153532,1434,false,,,,\"POINT (129.75 42.44)\"");
    assert_eq!(lines[3], "a/b c,\"<script>alert('1')</script>&\"\"\",3,,,,12.5,,\"POINT (130.3 42.25)\"");
    assert_eq!(lines[4], "lost,Nowhere,3,,,,,,");
}

#[tokio::test]
async fn properties_are_chosen_or_left_out_in_every_representation() {
    let of = async |query: &str| first(&ask(&format!("{ITEMS}?{query}")).await);
    assert_eq!(of("properties=people,name").await["properties"], json!({ "name": "Hoeryong", "people": 153_532 }));
    assert_eq!(of("properties=").await["properties"], json!({}));
    let rest = json!({ "people": 153_532, "from": "1434" });
    assert_eq!(of("exclude-properties=name,capital").await["properties"], rest);
    assert_eq!(of("properties=name,people&exclude-properties=name").await["properties"], json!({ "people": 153_532 }));
    let bare = of("skipGeometry=true&properties=name").await;
    assert_eq!((&bare["geometry"], &bare["id"]), (&Value::Null, &json!("hoeryong")));
    assert!(of("skipGeometry=false").await["geometry"].is_object());
    let table = ask(&format!("{ITEMS}?f=csv&properties=people&skipGeometry=true&limit=1")).await;
    assert_eq!(table.text(), "id,people\r\nhoeryong,153532\r\n");
    let one = ask("/collections/towns/items/2?properties=name&skipGeometry=true").await.json();
    assert_eq!((&one["properties"], &one["geometry"]), (&json!({ "name": "Chongjin" }), &Value::Null));
    let page = ask(&format!("{ITEMS}?f=html&properties=people")).await;
    assert!(page.text().contains("<th>people</th>") && !page.text().contains("<th>name</th>"));
}

#[tokio::test]
async fn what_is_no_property_is_refused_with_those_there_are() {
    for wrong in ["properties=nothing", "exclude-properties=nothing", "skipGeometry=maybe", "skipGeometry="] {
        let answer = ask(&format!("{ITEMS}?{wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
    let answer = ask(&format!("{ITEMS}?properties=nothing")).await;
    assert!(answer.text().contains("there are name, people"), "{}", answer.text());
}

#[tokio::test]
async fn downloads_hold_everything_in_each_kind_of_file() {
    let ids = ask("/data/towns.geojson").await.ids();
    assert_eq!(ids.len(), 5);
    assert_eq!(ask("/data/towns.jsonfg").await.json()["featureType"], "towns");
    let table = ask("/data/towns.csv?people=3").await;
    assert_eq!(table.text().lines().count(), 3);
    assert_eq!(table.header("content-disposition"), "attachment; filename=\"towns.csv\"; filename*=UTF-8''towns.csv");
    let sequence = ask("/data/towns.geojsons").await;
    assert_eq!(sequence.text().matches('\u{1e}').count(), 5);
    for (query, has_index) in [("", true), ("?index=true", true), ("?index=false", false)] {
        let answer = ask(&format!("/data/towns.fgb{query}")).await;
        assert_eq!((answer.status, &answer.body[..8]), (200, &b"fgb\x03fgb\x00"[..]));
        let size = u32::from_le_bytes(answer.body[8..12].try_into().unwrap()) as usize;
        // Behind the head either the index or the length of the first feature follows; five leaves have one root.
        let begin = 12 + size + if has_index { 6 * 40 } else { 0 };
        let mut features = 0;
        let mut at = begin;
        while at < answer.body.len() {
            at += 4 + u32::from_le_bytes(answer.body[at..at + 4].try_into().unwrap()) as usize;
            features += 1;
        }
        assert_eq!((features, at), (5, answer.body.len()), "{query}");
    }
    assert_eq!(ask("/data/towns.xlsx").await.status, 404);
    assert_eq!(ask("/data/towns.csv?index=true").await.status, 400);
}
