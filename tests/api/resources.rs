//! Each resource and its document.

use serde_json::Value;

use crate::ask::ask;
use crate::ask::ask_with;

/// The document without what differs from run to run.
fn settled(mut document: Value) -> Value {
    if let Some(time) = document.get_mut("timeStamp") {
        *time = "(now)".into();
    }
    document
}

#[tokio::test]
async fn the_landing_page_links_to_everything() {
    let answer = ask("/").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    insta::assert_json_snapshot!(answer.json());
}

#[tokio::test]
async fn the_declared_conformance_is_what_is_tested() {
    let document = ask("/conformance").await.json();
    let mut classes: Vec<&str> =
        document["conformsTo"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    insta::assert_json_snapshot!(classes);
    let declared = classes.len();
    classes.sort_unstable();
    classes.dedup();
    assert_eq!(classes.len(), declared);
}

#[tokio::test]
async fn collections_are_listed_with_extent_and_links() {
    insta::assert_json_snapshot!(ask("/collections").await.json());
}

#[tokio::test]
async fn one_collection_is_what_the_list_says_of_it() {
    let list = ask("/collections").await.json();
    let one = ask("/collections/towns?f=json").await.json();
    let listed = list["collections"].as_array().unwrap().iter().find(|own| own["id"] == "towns").unwrap();
    assert_eq!(&one, listed);
}

#[tokio::test]
async fn items_are_a_feature_collection_with_counts_and_links() {
    let answer = ask("/collections/towns/items?limit=2").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/geo+json"));
    insta::assert_json_snapshot!(settled(answer.json()));
}

#[tokio::test]
async fn a_feature_has_its_links_and_any_id_finds_it() {
    insta::assert_json_snapshot!(ask("/collections/towns/items/2").await.json());
    let odd = ask("/collections/towns/items/a%2Fb%20c").await;
    assert_eq!(odd.json()["id"], "a/b c");
    assert_eq!(odd.link("self").unwrap(), "http://test/collections/towns/items/a%2Fb%20c");
    assert_eq!(ask("/collections/towns/items/02").await.status, 404);
}

#[tokio::test]
async fn the_description_of_the_api_has_every_operation() {
    let answer = ask_with("/api", &[("accept", "application/vnd.oai.openapi+json;version=3.0")]).await;
    assert_eq!(answer.header("content-type"), "application/vnd.oai.openapi+json;version=3.0");
    let document = answer.json();
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    insta::assert_json_snapshot!(paths);
    insta::assert_json_snapshot!(
        "the_items_of_towns_in_the_description",
        document["paths"]["/collections/towns/items"]
    );
    assert_eq!(document["servers"][0]["url"], "http://test");
    assert_eq!(document["components"]["parameters"]["limit"]["schema"]["maximum"], 10_000);
}

#[tokio::test]
async fn every_reference_of_the_description_leads_somewhere() {
    let document = ask("/api").await.json();
    let text = document.to_string();
    let mut references = 0;
    for reference in text.split("\"$ref\":\"").skip(1) {
        let reference = reference.split('"').next().unwrap();
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads outside"));
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        references += 1;
    }
    assert!(references > 10);
}

#[tokio::test]
async fn a_program_that_asks_for_json_gets_json_everywhere() {
    let ets = "application/json, application/javascript, text/javascript, text/json";
    for path in ["/", "/conformance", "/collections", "/collections/towns", "/collections/towns/items", "/api"] {
        let answer = ask_with(path, &[("accept", ets)]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("content-type").contains("json"), "{path}");
        answer.json();
    }
}
