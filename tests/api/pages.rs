//! Pages to read.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use serde_json::json;
use tumen::catalog::Catalog;
use tumen::catalog::Drawables;
use tumen::catalog::Styled;
use tumen::config::Config;
use tumen::store::Version;
use tumen::style::Style;

use crate::ask::ask;
use crate::ask::ask_app;
use crate::ask::ask_with;
use crate::fixture;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

const PAGES: [&str; 7] = [
    "/",
    "/conformance",
    "/api",
    "/collections",
    "/collections/towns",
    "/collections/towns/items",
    "/collections/towns/items/a%2Fb%20c",
];

#[tokio::test]
async fn a_browser_gets_pages_with_a_strict_policy() {
    for path in PAGES {
        let answer = ask_with(path, &[("accept", BROWSER)]).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'self';"), "{path} {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        let page = answer.text();
        for part in ["<html", "</html>", "<title>", "<a ", "<link rel=\"alternate\" type="] {
            assert!(page.contains(part), "{path} lacks {part}");
        }
        assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick"), "{path}");
    }
}

#[tokio::test]
async fn what_users_wrote_is_text_in_every_page() {
    let config =
        Config { title: fixture::NASTY.to_owned(), description: fixture::NASTY.to_owned(), ..Config::default() };
    let app = fixture::app_with(config);
    for path in PAGES.into_iter().chain(["/collections/towns/items?name=%3Cscript%3Ealert('1')%3C/script%3E"]) {
        let answer = ask_app(&app, "GET", path, &[("accept", BROWSER)]).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text().contains("<script>alert"), "{path}");
        assert!(answer.text().contains("alert("), "{path} does not show what it should");
    }
}

#[tokio::test]
async fn the_landing_page_tells_the_viewer_what_there_is() {
    let page = ask("/?f=html").await;
    let page = page.text();
    assert!(page.contains("<main id=\"landing\" tabindex=\"-1\">") && page.contains("<div id=\"viewer\">"));
    assert!(page.contains("<script type=\"module\" src=\"/assets/viewer.js\">"));
    let config = config(page);
    assert_eq!(config["base"], "http://test/");
    let towns = config["collections"].as_array().unwrap().iter().find(|own| own["id"] == "towns").unwrap();
    assert_eq!((towns["count"].as_u64(), towns["bounds"][0].as_f64()), (Some(5), Some(129.75)));
    assert!(towns["description"].as_str().unwrap().contains(fixture::NASTY));
    for id in ["towns", "islands", "nothing"] {
        assert!(page.contains(&format!("href=\"/collections/{id}\"")), "{id} can be reached without a script");
    }
}

#[tokio::test]
async fn maps_lie_on_the_first_style() {
    let app = fixture::app();
    let style = Style { center: Some([129.7, 42.4]), zoom: Some(9.0), ..Style::default() };
    let styled = |id: &str| {
        let styled = Styled {
            id: id.to_owned(),
            document: Value::Null,
            style: style.clone(),
            version: Version(0),
            drawables: Drawables::default(),
        };
        (id.to_owned(), Arc::new(styled))
    };
    app.live.swap(Catalog { styles: BTreeMap::from(["night", "a day"].map(styled)), ..fixture::catalog() });
    for path in ["/collections/towns", "/collections/towns/items", "/collections/towns/items/2"] {
        let page = ask_app(&app, "GET", path, &[("accept", BROWSER)]).await;
        assert!(page.text().contains("data-style=\"/styles/a%20day/style.json\""), "{path}");
    }
    let config = config(ask_app(&app, "GET", "/?f=html", &[]).await.text());
    assert_eq!((&config["style"], &config["styles"]), (&json!("a day"), &json!(["a day", "night"])));
    assert_eq!(config["center"], json!([129.7, 42.4, 9.0]));
}

/// What the landing page tells the viewer.
fn config(page: &str) -> Value {
    let (_, block) = page.split_once("<script type=\"application/json\" id=\"tumen-config\">").unwrap();
    serde_json::from_str(block.split_once("</script>").unwrap().0).unwrap()
}

#[tokio::test]
async fn values_that_are_addresses_are_links_and_names_are_titles() {
    let page = ask("/collections/towns/items/rajin?f=html").await;
    assert!(page.text().contains("<h1>Rajin</h1>"));
    let app = fixture::app();
    let feature = json!({ "id": 7, "geometry": null, "properties": { "site": "https://example.com/?a=1&b=2", "not": "javascript:1" } });
    app.live.swap(fixture::catalog_of([fixture::collection("sites", &[feature], None)]));
    for path in ["/collections/sites/items", "/collections/sites/items/7"] {
        let page = ask_app(&app, "GET", path, &[("accept", BROWSER)]).await;
        assert!(page.text().contains("href=\"https://example.com/?a=1&#38;b=2\""), "{path}");
        assert!(!page.text().contains("href=\"javascript"), "{path}");
    }
}

#[tokio::test]
async fn a_page_of_features_has_a_table_a_form_a_map_and_the_way_on() {
    let page = ask("/collections/towns/items?f=html&limit=2&datetime=../2000").await;
    let page = page.text();
    assert!(page.contains("<tr data-fid=\"hoeryong\">") && page.contains("<td>Chongjin</td>"));
    assert!(page.contains("name=\"bbox\"") && page.contains("name=\"people\"") && page.contains("value=\"../2000\""));
    assert!(page.contains("rel=\"next\"") && !page.contains("rel=\"prev\""));
    assert!(
        page.contains(
            "data-geojson=\"http://test/collections/towns/items?limit=2&#38;datetime=../2000&#38;f=geojson\""
        )
    );
    assert!(page.contains("1 to 2 of 4 features"));
    let odd = ask("/collections/towns/items?f=html&limit=10").await;
    assert!(odd.text().contains("href=\"/collections/towns/items/a%2Fb%20c\""));
}

#[tokio::test]
async fn a_form_without_a_script_sends_empty_fields() {
    let answer = ask("/collections/towns/items?f=html&limit=&bbox=&datetime=&name=&people=3").await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("1 to 2 of 2 features"));
}
