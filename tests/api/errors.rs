//! What a client hears when something is wrong with its request.

use tumen::config::Config;
use tumen::config::Limits;

use crate::ask::RESOURCES;
use crate::ask::ask;
use crate::ask::ask_app;
use crate::ask::ask_with;
use crate::fixture;

#[tokio::test]
async fn an_error_is_a_problem_in_both_vocabularies() {
    let answer = ask_with("/collections/towns/items?limit=0", &[("x-request-id", "abc")]).await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    insta::assert_json_snapshot!(answer.json());
    assert_eq!(answer.header("x-request-id"), "abc");
}

#[tokio::test]
async fn a_wrong_value_is_the_clients_fault() {
    let wrong = [
        "limit=unlimited",
        "limit=-1",
        "limit=0",
        "limit=1.5",
        "limit=",
        "offset=-1",
        "offset=x",
        "bbox=1,2,3",
        "bbox=1,2,3,4,5",
        "bbox=a,b,c,d",
        "bbox=1,2,3,",
        "bbox=NaN,0,1,1",
        "bbox=0,10,1,5",
        "bbox=0,0,10,95",
        "bbox=0,0,400,10",
        "bbox=",
        "datetime=foo",
        "datetime=2018-13-45T00:00:00Z",
        "datetime=2020-01-01T00:00:00Z/2019-01-01T00:00:00Z",
        "datetime=../..",
        "datetime=",
        "people=many",
        "people=3.5",
        "capital=maybe",
        "height=tall",
        "cursor=x",
        "cursor=a1-61&offset=1",
        "f=nosuchformat",
        "where=people%3D3",
        "limit=1&limit=2",
        "name=%FF",
    ];
    for query in wrong {
        let answer = ask(&format!("/collections/towns/items?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        let problem = answer.json();
        assert_eq!(problem["code"], "InvalidParameterValue", "{query}");
        assert!(problem["detail"].as_str().unwrap().len() > 20, "{query}: {problem}");
    }
}

#[tokio::test]
async fn unknown_parameters_are_refused_everywhere_and_ignored_ones_pass() {
    for path in RESOURCES {
        assert_eq!(ask(&format!("{path}?unknown=1")).await.status, 400, "{path}");
        assert_eq!(ask(&format!("{path}?v=1&_=2&t=3&key=4&access_token=5")).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let missing = [
        "/no/such/path",
        "/collections/none",
        "/collections/none/items",
        "/collections/towns/items/none",
        "/assets/none",
    ];
    for path in missing {
        let answer = ask(path).await;
        assert_eq!((answer.status, answer.json()["status"].as_u64()), (404, Some(404)), "{path}");
    }
}

#[tokio::test]
async fn another_method_is_405_and_says_which_there_are() {
    for method in ["DELETE", "POST", "PUT", "PATCH"] {
        let answer = ask_app(&fixture::app(), method, "/conformance", &[]).await;
        assert_eq!((answer.status, answer.header("allow")), (405, "GET,HEAD,OPTIONS"), "{method}");
        assert_eq!(answer.json()["code"], "MethodNotAllowed");
    }
}

#[tokio::test]
async fn what_cannot_be_served_is_406() {
    let answer = ask_with("/collections", &[("accept", "application/x-no-such-type")]).await;
    assert_eq!(answer.status, 406);
    assert!(answer.json()["detail"].as_str().unwrap().contains("application/json, text/html"));
}

#[tokio::test]
async fn a_url_beyond_the_limit_is_414() {
    let answer = ask(&format!("/collections?{}=1", "x".repeat(9_000))).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (414, Some("UrlTooLong")));
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_503_with_a_time_to_try_again() {
    let limits = Limits { request_seconds: 1, ..Limits::default() };
    let app = fixture::app_with(Config { limits, ..Config::default() });
    let (release, held) = std::sync::mpsc::channel::<()>();
    let workers = app.workers.clone();
    // Its only worker for heavy work is busy, so that the tile waits; a page of features does not.
    tokio::spawn(async move { workers.run(move || held.recv().is_ok()).await });
    tokio::task::yield_now().await;
    assert_eq!(ask_app(&app, "GET", "/collections/towns/items?people=3", &[]).await.status, 200);
    let answer = ask_app(&app, "GET", "/data/towns/0/0/0.pbf", &[]).await;
    release.send(()).unwrap();
    assert_eq!((answer.status, answer.header("retry-after")), (503, "2"));
    assert_eq!(answer.json()["code"], "TimedOut");
}
