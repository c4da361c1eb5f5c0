//! Pages to read.

use serde_json::Value;
use tumen::config::Config;

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
    let (_, block) = page.split_once("<script type=\"application/json\" id=\"tumen-config\">").unwrap();
    let config: Value = serde_json::from_str(block.split_once("</script>").unwrap().0).unwrap();
    assert_eq!(config["base"], "http://test/");
    let towns = config["collections"].as_array().unwrap().iter().find(|own| own["id"] == "towns").unwrap();
    assert_eq!((towns["count"].as_u64(), towns["bounds"][0].as_f64()), (Some(5), Some(129.75)));
    assert!(towns["description"].as_str().unwrap().contains(fixture::NASTY));
    for id in ["towns", "islands", "nothing"] {
        assert!(page.contains(&format!("href=\"/collections/{id}\"")), "{id} can be reached without a script");
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
