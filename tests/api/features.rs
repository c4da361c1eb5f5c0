//! Which features an items request selects, and how it pages through them.

use std::collections::BTreeMap;

use serde_json::json;
use tumen::source::DeclaredType;
use tumen::source::FieldMetadata;
use tumen::source::Metadata;

use crate::ask::ask;
use crate::ask::ask_app;
use crate::fixture;

async fn towns(query: &str) -> Vec<String> {
    let answer = ask(&format!("/collections/towns/items?{query}")).await;
    let ids = answer.ids();
    assert_eq!(answer.json()["numberMatched"], ids.len(), "all of {query} fit on a page");
    ids
}

#[tokio::test]
async fn a_box_selects_what_meets_it_and_what_has_no_geometry() {
    assert_eq!(towns("bbox=129.7,42.4,129.8,42.5").await, ["hoeryong", "lost"]);
    assert_eq!(towns("bbox=129.7,42.4,-100,129.8,42.5,9000").await, ["hoeryong", "lost"]);
    assert_eq!(towns("bbox=0,0,1,1").await, ["lost"]);
}

#[tokio::test]
async fn a_box_over_the_antimeridian_selects_on_both_sides() {
    assert_eq!(ask("/collections/islands/items?bbox=179,-20,-179,-10").await.ids(), ["1", "2"]);
    assert_eq!(ask("/collections/islands/items?bbox=-179,-20,179,-10").await.ids(), ["3"]);
}

#[tokio::test]
async fn a_time_selects_what_is_then_and_what_has_no_time() {
    assert_eq!(towns("datetime=1930").await, ["hoeryong", "2", "a/b c", "lost"]);
    assert_eq!(towns("datetime=../1500").await, ["hoeryong", "a/b c", "lost"]);
    assert_eq!(towns("datetime=2018-02-12T23:20:52Z").await, ["hoeryong", "a/b c", "lost", "rajin"]);
    assert_eq!(towns("datetime=1930-05-01T00:20:52%2B01:00").await, ["hoeryong", "2", "a/b c", "lost"]);
    assert_eq!(towns("datetime=2018-02-12T23:20:51Z").await, ["hoeryong", "a/b c", "lost"]);
    let all = ask("/collections/islands/items?datetime=1930").await;
    assert_eq!(all.ids().len(), 3, "a collection without time matches every time");
}

#[tokio::test]
async fn fields_select_by_their_values() {
    assert_eq!(towns("people=3").await, ["a/b c", "lost"]);
    assert_eq!(towns("people=3&height=12.50").await, ["a/b c"]);
    assert_eq!(towns("capital=false").await, ["hoeryong"]);
    assert_eq!(towns("name=Chongjin").await, ["2"]);
    assert_eq!(towns("name=chongjin").await, [""; 0]);
    // A field named like a parameter cannot be one.
    assert_eq!(ask("/collections/towns/items?limit=taken").await.status, 400);
}

#[tokio::test]
async fn years_that_are_numbers_are_selected_as_dates() {
    let features = [1941, 1950].map(|year| json!({ "id": year, "geometry": null, "properties": { "built": year } }));
    let app = fixture::app();
    let built = FieldMetadata { kind: Some(DeclaredType::Date), ..FieldMetadata::default() };
    let metadata = Metadata { fields: BTreeMap::from([("built".to_owned(), built)]), ..Metadata::default() };
    app.live.swap(fixture::catalog_of([fixture::collection_with("years", &features, metadata)]));
    assert_eq!(ask_app(&app, "GET", "/collections/years/items?built=1941", &[]).await.ids(), ["1941"]);
    assert_eq!(ask_app(&app, "GET", "/collections/years/items?built=no", &[]).await.status, 400);
}

/// All ids by following a link from page to page, with the number of pages.
async fn walk(start: &str, rel: &str) -> (Vec<Vec<String>>, Option<String>) {
    let app = fixture::app();
    let (mut pages, mut at, mut last) = (Vec::new(), Some(start.to_owned()), None);
    while let Some(target) = at {
        let answer = ask_app(&app, "GET", &target, &[]).await;
        pages.push(answer.ids());
        at = answer.link(rel);
        last = Some(target);
        assert!(pages.len() < 20, "the pages never end");
    }
    (pages, last)
}

#[tokio::test]
async fn next_links_lead_through_all_features_and_prev_links_back() {
    let (pages, last) = walk("/collections/towns/items?limit=2&f=geojson", "next").await;
    assert_eq!(pages, [vec!["hoeryong", "2"], vec!["a/b c", "lost"], vec!["rajin"]]);
    let (back, _) = walk(&last.unwrap(), "prev").await;
    assert_eq!(back, [vec!["rajin"], vec!["a/b c", "lost"], vec!["hoeryong", "2"]]);
}

#[tokio::test]
async fn next_keeps_every_parameter_and_works_with_another_limit() {
    let next = ask("/collections/towns/items?limit=1&people=3&key=secret&f=geojson").await.link("next").unwrap();
    for kept in ["limit=1", "people=3", "key=secret", "f=geojson"] {
        assert!(next.contains(kept), "{next} lacks {kept}");
    }
    let second = ask(&next.replace("limit=1", "limit=100")).await;
    assert_eq!(second.ids(), ["lost"]);
    assert_eq!(second.json()["numberMatched"], 2);
    assert_eq!(second.link("next"), None);
}

#[tokio::test]
async fn a_page_follows_its_feature_when_the_data_change() {
    let app = fixture::app();
    let first = ask_app(&app, "GET", "/collections/towns/items?limit=2", &[]).await;
    let mut features = fixture::towns();
    features.insert(0, json!({ "id": "new", "geometry": [129.0, 42.0], "properties": { "name": "New" } }));
    app.live.swap(fixture::catalog_of([fixture::collection("towns", &features, None)]));
    let second = ask_app(&app, "GET", &first.link("next").unwrap(), &[]).await;
    assert_eq!(second.ids(), ["a/b c", "lost"], "none is missed and none comes twice");
}

#[tokio::test]
async fn offset_passes_over_features() {
    assert_eq!(ask("/collections/towns/items?limit=1&offset=2").await.ids(), ["a/b c"]);
    let beyond = ask("/collections/towns/items?limit=2&offset=99").await;
    assert_eq!((beyond.ids().len(), beyond.link("next")), (0, None));
    assert_eq!(ask(&beyond.link("prev").unwrap()).await.ids(), ["lost", "rajin"]);
    let next = ask("/collections/towns/items?limit=1&offset=2").await.link("next").unwrap();
    assert!(!next.contains("offset"), "{next}");
}

#[tokio::test]
async fn a_collection_of_nothing_has_an_empty_page() {
    let answer = ask("/collections/nothing/items").await;
    assert_eq!((answer.ids().len(), answer.json()["numberMatched"].as_u64()), (0, Some(0)));
    assert_eq!((answer.link("next"), answer.link("prev")), (None, None));
}

#[tokio::test]
async fn a_long_page_is_sent_in_pieces_and_complete() {
    let features: Vec<_> = (0..5_000)
        .map(|id| json!({ "id": id, "geometry": [129.0, 42.0], "properties": { "text": "long ".repeat(20) } }))
        .collect();
    let app = fixture::app();
    app.live.swap(fixture::catalog_of([fixture::collection("many", &features, None)]));
    let answer = ask_app(&app, "GET", "/collections/many/items?limit=10000", &[]).await;
    assert_eq!(answer.header("content-length"), "");
    assert_eq!(answer.ids().len(), 5_000);
    assert_eq!(answer.json()["numberReturned"], 5_000);
}
