//! Counts and sums over groups of features.

use serde_json::json;

use crate::ask::ask;
use crate::ask::ask_app;
use crate::fixture;

#[tokio::test]
async fn groups_are_counted_and_measured() {
    let answer = ask("/collections/towns/aggregate?groupby=people&measures=count,min(name),max(height)").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let document = answer.json();
    assert_eq!(document["numberMatched"], 5);
    assert_eq!(
        document["groups"],
        json!([
            { "people": 3, "count": 2, "min(name)": fixture::NASTY, "max(height)": 12.5 },
            { "people": 153_532, "count": 1, "min(name)": "Hoeryong", "max(height)": null },
            { "people": 667_929, "count": 1, "min(name)": "Chongjin", "max(height)": null },
            { "people": null, "count": 1, "min(name)": "Rajin", "max(height)": null },
        ])
    );
}

#[tokio::test]
async fn the_same_selection_works_as_for_items() {
    let count = async |query: &str| {
        ask(&format!("/collections/towns/aggregate?{query}")).await.json()["groups"][0]["count"].clone()
    };
    assert_eq!(count("").await, 5);
    assert_eq!(count("people=3").await, 2);
    assert_eq!(count("bbox=129.7,42.4,129.8,42.5").await, 2);
    assert_eq!(count("datetime=../1500").await, 3);
}

#[tokio::test]
async fn an_aggregate_is_a_table_too() {
    let answer = ask("/collections/towns/aggregate?groupby=capital&measures=sum(people),mean(people)&f=csv").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let text = "capital,sum(people),mean(people)\r\nfalse,153532,153532.0\r\n,667935,222645.0\r\n";
    assert_eq!(answer.text(), text);
    let page = ask("/collections/towns/aggregate?groupby=name&f=html").await;
    assert!(page.text().contains("&#60;script&#62;") && !page.text().contains(fixture::NASTY), "{}", page.text());
}

#[tokio::test]
async fn wrong_measures_and_groups_are_refused() {
    let wrong = [
        "groupby=nothing",
        "measures=",
        "measures=sum",
        "measures=sum(",
        "measures=sum()",
        "measures=sum(nothing)",
        "measures=sum(name)",
        "measures=median(people)",
        "measures=count,,count",
        "measures=min(people)x",
        "f=geojson",
        "offset=1",
    ];
    for query in wrong {
        let answer = ask(&format!("/collections/towns/aggregate?{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
    }
    assert_eq!(ask("/collections/nowhere/aggregate").await.status, 404);
}

#[tokio::test]
async fn too_many_groups_are_refused() {
    let mut config = tumen::config::Config::default();
    config.limits.groups = 2;
    let app = fixture::app_with(config);
    let answer = ask_app(&app, "GET", "/collections/towns/aggregate?groupby=name", &[]).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("more than 2 groups"), "{}", answer.text());
}
