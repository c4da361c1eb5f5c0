//! Every page that there is to read, and what a page says of a request that is wrong.

use serde_json::Value as Json;
use tumen::config::Config;

use crate::ask::Answer;
use crate::ask::ask;
use crate::ask::ask_app;
use crate::ask::ask_with;
use crate::fixture;

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

/// The operations that have pages and no parts of paths to fill in: their ids and paths. What the services before the OGC APIs tell
/// as HTML is asked for by their own parameters.
fn pages(description: &Json) -> Vec<(String, String)> {
    let has_page = |own: &Json| {
        let content = &own["responses"]["200"]["content"];
        content.get("text/html").is_some() && content.get("application/xml").is_none()
    };
    let paths = description["paths"].as_object().unwrap();
    let operations = paths.iter().map(|(path, own)| (path, &own["get"]));
    let shown = operations.filter(|(path, own)| !path.contains('{') && has_page(own));
    shown.map(|(path, own)| (own["operationId"].as_str().unwrap().to_owned(), path.clone())).collect()
}

fn is_strict(answer: &Answer, path: &str) {
    let page = answer.text();
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}: {page}");
    assert!(answer.header("content-security-policy").starts_with("default-src 'self';"), "{path}");
    assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick"), "{path}");
    for loaded in ["src=\"", "<link rel=\"stylesheet\" href=\""] {
        for part in page.split(loaded).skip(1) {
            let is_own = ["/", "http://test/", "data:"].iter().any(|start| part.starts_with(start));
            assert!(is_own && !part.starts_with("//"), "{path} loads {}", &part[..part.len().min(60)]);
        }
    }
}

#[tokio::test]
async fn every_page_of_the_description_is_one_and_what_users_wrote_is_text_in_it() {
    let config =
        Config { title: fixture::NASTY.to_owned(), description: fixture::NASTY.to_owned(), ..Config::default() };
    let app = fixture::app_with(config);
    let get = async |path: &str| ask_app(&app, "GET", path, &[("accept", BROWSER)]).await;
    let description = ask_app(&app, "GET", "/api?f=json", &[]).await.json();
    let pages = pages(&description);
    assert!(pages.len() > 30, "{pages:?}");
    for (_, path) in &pages {
        let answer = get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        is_strict(&answer, path);
        assert!(!answer.text().contains("<script>alert") && answer.text().contains("alert("), "{path}");
    }
    for id in description["paths"].as_object().unwrap().values().map(|own| own["get"]["operationId"].as_str().unwrap())
    {
        let path = format!("/api?f=html&operation={}", id.replace('%', "%25").replace('&', "%26").replace('+', "%2B"));
        let answer = get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        is_strict(&answer, &path);
        assert!(answer.text().contains("id=\"try\""), "{path}");
    }
    assert_eq!(get("/api?f=html&operation=none").await.status, 400);
}

#[tokio::test]
async fn one_operation_is_described_alone() {
    let description = ask("/api?operation=towns.getItems").await.json();
    let paths: Vec<&String> = description["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/collections/towns/items"]);
    let page = ask("/api?f=html&operation=towns.getItem").await;
    assert!(page.text().contains("data-segment=\"featureId\"") && page.text().contains("application/geo+json"));
    assert_eq!(ask("/api?operation=none").await.json()["code"], "InvalidParameterValue");
}

#[tokio::test]
async fn a_wrong_condition_is_kept_and_marked_where_it_is_wrong() {
    let filter = "people%20%3E%201%20AND%20nothing%20%3D%20%27%3Cscript%3E%27";
    for path in ["/collections/towns/items", "/collections/towns/aggregate"] {
        let answer = ask(
            &format!("{path}?f=html&limit=&filter={filter}").replace("aggregate?f=html&limit=", "aggregate?f=html")
        )
        .await;
        assert_eq!(answer.status, 400, "{path}");
        is_strict(&answer, path);
        let page = answer.text();
        assert!(page.contains("people &#62; 1 AND nothing = &#39;&#60;script&#62;&#39;</textarea>"), "{page}");
        assert!(page.contains("<pre>people &#62; 1 AND <mark>nothing</mark> = &#39;&#60;script&#62;&#39;\n"), "{page}");
        assert!(page.contains("<span aria-hidden=\"true\">people &#62; 1 AND </span>^</pre>"), "{page}");
        assert!(!page.contains("<script>"), "{page}");
    }
    let other = ask("/collections/towns/items?f=html&bbox=1,2,3&people=5").await;
    assert_eq!(other.status, 400);
    assert!(other.text().contains("role=\"alert\"") && other.text().contains("value=\"1,2,3\""));
    assert!(other.text().contains("value=\"5\"") && !other.text().contains("<mark>"));
}

#[tokio::test]
async fn a_page_of_features_offers_conditions_that_work() {
    let page = ask("/collections/towns/items?f=html").await;
    let hints = page.text().split("class=\"links examples").nth(1).unwrap().split("</ul>").next().unwrap().to_owned();
    let offered: Vec<&str> = hints
        .split("href=\"")
        .skip(1)
        .map(|part| part.split('"').next().unwrap())
        .filter(|to| to.contains("filter="))
        .collect();
    assert!(offered.len() >= 3, "{hints}");
    for href in offered {
        let answer = ask(&href.replace("&#38;", "&")).await;
        assert_eq!(answer.status, 200, "{href}");
        assert!(answer.text().contains(" features."), "{href}");
    }
}

#[tokio::test]
async fn people_are_told_by_a_page_and_programs_by_a_problem() {
    let answer = ask_with("/collections/%3Cscript%3E", &[("accept", BROWSER)]).await;
    assert_eq!(answer.status, 404);
    is_strict(&answer, "an error");
    assert!(answer.text().contains("&#60;script&#62;") && !answer.text().contains("<script>"));
    for accept in ["*/*", "application/json", "image/avif,image/webp,*/*;q=0.8"] {
        let answer = ask_with("/collections/none", &[("accept", accept)]).await;
        assert_eq!((answer.status, answer.header("content-type")), (404, "application/problem+json"), "{accept}");
    }
    assert_eq!(ask_with("/collections/none?f=json", &[("accept", BROWSER)]).await.json()["status"], 404);
}

#[tokio::test]
async fn a_map_and_a_legend_are_pages_too() {
    let page = ask_with("/collections/towns/map?width=300&filter=people>9", &[("accept", BROWSER)]).await;
    assert_eq!(page.status, 200);
    is_strict(&page, "a map");
    assert!(
        page.text().contains("/collections/towns/map?width=300&#38;filter=people%3E9&#38;f=png\""),
        "{}",
        page.text()
    );
    assert!(page.text().contains("people&#62;9</textarea>"));
    let wrong = ask("/collections/towns/map?f=html&width=99999&height=99999").await;
    assert_eq!(wrong.status, 413);
    assert!(wrong.text().contains("role=\"alert\"") && wrong.text().contains("value=\"99999\""));
    assert_eq!(ask("/collections/towns/map?width=30").await.header("content-type"), "image/png");
    let legend = ask("/data/towns/legend.html?counts=true").await;
    assert_eq!(legend.status, 200, "{}", legend.text());
    is_strict(&legend, "a legend");
    assert!(legend.text().contains("src=\"data:image/png;base64,") && legend.text().contains("The towns"));
    assert_eq!(ask("/data/towns/legend.html?zoom=x").await.status, 400);
}
