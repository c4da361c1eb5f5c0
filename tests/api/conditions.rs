//! Conditions and orders: on items, downloads, aggregates and tiles, of one collection and of several.

use serde_json::Value;
use serde_json::json;

use crate::ask::ask;
use crate::ask::ask_app;
use crate::fixture;

async fn towns(query: &str) -> Vec<String> {
    let answer = ask(&format!("/collections/towns/items?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.ids()
}

#[tokio::test]
async fn conditions_are_written_in_text_or_json() {
    assert_eq!(towns("filter=people>100000").await, ["hoeryong", "2"]);
    assert_eq!(towns("filter=name%20LIKE%20%27%25jin%27&filter-lang=cql2-text").await, ["2", "rajin"]);
    let json = "{\"op\":\"<\",\"args\":[{\"property\":\"people\"},10]}".replace('"', "%22");
    assert_eq!(towns(&format!("filter={json}&filter-lang=cql2-json")).await, ["a/b c", "lost"]);
    assert_eq!(towns("filter=\"from\"<DATE('1500-01-01')").await, ["hoeryong"]);
}

#[tokio::test]
async fn a_condition_narrows_what_other_parameters_select() {
    assert_eq!(towns("filter=people<10&bbox=0,0,1,1").await, ["lost"]);
    assert_eq!(towns("filter=people>10&datetime=../1500").await, ["hoeryong"]);
    assert_eq!(towns("filter=people<10&height=12.5").await, ["a/b c"]);
}

#[tokio::test]
async fn a_wrong_condition_is_refused_with_its_place() {
    let wrong = [
        ("people%20%3D", "character"),
        ("nothing%3D1", "character 1"),
        ("name%20%3D%201", "character"),
        ("S_INTERSECTS(", "character"),
        ("", "filter"),
    ];
    for (text, place) in wrong {
        let answer = ask(&format!("/collections/towns/items?filter={text}")).await;
        assert_eq!(answer.status, 400, "{text}");
        assert!(answer.json()["detail"].as_str().unwrap().contains(place), "{text}: {}", answer.text());
    }
    for query in ["filter-lang=sql", "filter=people>1&filter-lang=cql2-json", "filter={&filter-lang=cql2-json"] {
        assert_eq!(ask(&format!("/collections/towns/items?{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn a_deep_or_long_condition_is_refused() {
    let deep = format!("{}people>1{}", "(".repeat(2_000), ")".repeat(2_000));
    let not = format!("{}people>1", "NOT%20".repeat(1_000));
    let wide = vec!["people>1"; 700].join("%20OR%20");
    for text in [deep, not] {
        let answer = ask(&format!("/collections/towns/items?filter={text}")).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    let answer = ask(&format!("/collections/towns/items?filter={wide}")).await;
    assert!(matches!(answer.status, 400 | 414), "{}", answer.status);
}

#[tokio::test]
async fn features_are_sorted_and_pages_follow_the_order() {
    assert_eq!(towns("sortby=name").await, ["a/b c", "2", "hoeryong", "lost", "rajin"]);
    assert_eq!(towns("sortby=-people,name").await, ["2", "hoeryong", "a/b c", "lost", "rajin"]);
    assert_eq!(towns("sortby=%2Bname&limit=2").await, ["a/b c", "2"]);
    let mut at = Some("/collections/towns/items?sortby=-name&limit=2".to_owned());
    let mut ids = Vec::new();
    while let Some(target) = at {
        let answer = ask(&target).await;
        ids.extend(answer.ids());
        at = answer.link("next");
    }
    assert_eq!(ids, ["rajin", "lost", "hoeryong", "2", "a/b c"]);
    for wrong in ["sortby=", "sortby=nothing", "sortby=name,-name", "sortby=--name", "sortby=name,", "sortby=geometry"]
    {
        assert_eq!(ask(&format!("/collections/towns/items?{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn downloads_and_aggregates_are_narrowed_too() {
    assert_eq!(ask("/data/towns.geojson?filter=people>100000&sortby=name").await.ids(), ["2", "hoeryong"]);
    let table = ask("/data/towns.csv?filter=people>100000&sortby=name&properties=name&skipGeometry=true").await;
    assert_eq!(table.text(), "id,name\r\n2,Chongjin\r\nhoeryong,Hoeryong\r\n");
    let counted = ask("/collections/towns/aggregate?filter=people>100000&measures=sum(people)").await.json();
    assert_eq!(counted["groups"][0]["sum(people)"], 821_461);
}

/// Which layers of a composite hold features.
async fn layers(query: &str) -> Result<Vec<String>, u16> {
    let answer = ask(&format!("/data/towns,islands/0/0/0.pbf?{query}")).await;
    if !matches!(answer.status, 200 | 204) {
        return Err(answer.status);
    }
    let has = |name: &str| answer.body.windows(name.len()).any(|bytes| bytes == name.as_bytes());
    Ok(["towns", "islands"].into_iter().filter(|name| has(name)).map(str::to_owned).collect())
}

#[tokio::test]
async fn in_a_composite_a_condition_narrows_those_that_have_its_properties() {
    assert_eq!(layers("").await, Ok(vec!["towns".to_owned(), "islands".to_owned()]));
    assert_eq!(layers("filter=people>1000000").await, Ok(vec!["islands".to_owned()]));
    assert_eq!(layers("people=17").await, Ok(vec!["islands".to_owned()]));
    assert_eq!(layers("filter=number>9").await, Ok(vec!["towns".to_owned()]));
    assert_eq!(layers("filter.islands=number>9").await, Ok(vec!["towns".to_owned()]));
    assert_eq!(layers("filter.islands=number>9&filter.towns=people<0").await, Ok(Vec::new()));
    assert_eq!(layers("filter=number>9%20OR%20people>9").await, Err(400), "none has both");
    assert_eq!(layers("filter=nothing=1").await, Err(400));
    assert_eq!(layers("filter.islands=people>1").await, Err(400));
    assert_eq!(layers("filter.elsewhere=people>1").await, Err(400));
    assert_eq!(layers("sortby=number").await, Ok(vec!["towns".to_owned(), "islands".to_owned()]));
    assert_eq!(layers("sortby=nothing").await, Err(400));
}

#[tokio::test]
async fn tiles_of_different_conditions_are_different_tiles() {
    let app = fixture::app();
    let tile = async |query: &str| ask_app(&app, "GET", &format!("/data/towns/0/0/0.pbf?{query}"), &[]).await.body;
    let (all, some) = (tile("").await, tile("filter=people>100000").await);
    assert_ne!(all, some);
    assert_eq!(tile("filter=(people)>100000").await, some);
    assert_eq!(tile("").await, all);
}

#[tokio::test]
async fn functions_are_listed_with_their_types() {
    let document = ask("/functions").await.json();
    let functions = document["functions"].as_array().unwrap();
    assert!(functions.len() > 3);
    for function in functions {
        assert!(function["name"].is_string() && !function["returns"].as_array().unwrap().is_empty(), "{function}");
        assert_ne!(function["arguments"], Value::Null, "{function}");
    }
    let landing = ask("/").await;
    assert!(landing.link("http://www.opengis.net/def/rel/ogc/1.0/functions").is_some());
    assert_eq!(ask("/functions?f=html").await.status, 200);
    assert_eq!(ask("/functions?x=1").await.status, 400);
}

#[tokio::test]
async fn any_parameter_wrong_huge_or_odd_ends_in_a_4xx() {
    let huge = "9".repeat(4_000);
    let names = [
        "limit",
        "offset",
        "cursor",
        "bbox",
        "bbox-crs",
        "datetime",
        "filter",
        "filter-lang",
        "filter-crs",
        "sortby",
        "crs",
        "properties",
        "exclude-properties",
        "skipGeometry",
        "people",
        "f",
    ];
    for name in names {
        for value in ["%00", "%F0%9F%92%A3", "%22%3E%3Cscript%3E", "-", ",,", "null", "%25", &huge] {
            let answer = ask(&format!("/collections/towns/items?{name}={value}")).await;
            let is_limit = matches!(name, "limit" | "offset") && value == huge;
            let is_empty_list = name.contains("properties") && value == ",,";
            let expected = if is_limit || is_empty_list { 200 } else { 400 };
            assert_eq!(answer.status, expected, "{name}={value}: {}", answer.text());
        }
        let repeated = ask(&format!("/collections/towns/items?{name}=1&{name}=2")).await;
        assert_eq!(repeated.status, 400, "{name}");
    }
    assert_eq!(ask("/collections/towns/items?%FF=1").await.status, 400);
    assert_eq!(json!(ask("/collections/towns/items?limit=%31").await.ids().len()), json!(1));
}
