//! What features consist of, by what they may be selected and sorted.

use serde_json::Value;
use serde_json::json;

use crate::ask::ask;

#[tokio::test]
async fn the_schema_of_a_collection_says_types_roles_and_order() {
    let answer = ask("/collections/towns/schema").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/schema+json"));
    insta::assert_json_snapshot!(answer.json());
}

#[tokio::test]
async fn each_schema_is_linked_from_its_collection() {
    for kind in ["schema", "queryables", "sortables"] {
        let rel = format!("http://www.opengis.net/def/rel/ogc/1.0/{kind}");
        let href = ask("/collections/towns").await.link(&rel).unwrap();
        let document = ask(&href).await.json();
        assert_eq!(document["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(document["$id"], href);
        assert_eq!((&document["type"], &document["additionalProperties"]), (&json!("object"), &json!(false)));
        let page = ask(&format!("{href}?f=html")).await;
        assert_eq!((page.status, page.text().contains("<code>people</code>")), (200, true));
    }
}

#[tokio::test]
async fn sortables_have_no_geometry_and_queryables_no_id() {
    let names = async |kind: &str| -> Vec<String> {
        let document = ask(&format!("/collections/towns/{kind}")).await.json();
        document["properties"].as_object().unwrap().keys().cloned().collect()
    };
    assert!(names("schema").await.contains(&"id".to_owned()));
    assert!(names("queryables").await.contains(&"geometry".to_owned()));
    assert!(!names("queryables").await.contains(&"id".to_owned()));
    assert!(!names("sortables").await.contains(&"geometry".to_owned()));
}

#[tokio::test]
async fn every_property_of_a_feature_is_in_the_schema() {
    let schema = ask("/collections/towns/schema").await.json();
    for feature in ask("/collections/towns/items").await.json()["features"].as_array().unwrap() {
        for name in feature["properties"].as_object().unwrap().keys() {
            assert_ne!(schema["properties"][name], Value::Null, "{name}");
        }
    }
}
