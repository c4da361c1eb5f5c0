//! The description of the API: everything that is answered is in it.

use std::collections::BTreeSet;

use tumen::tile::archive::write::Format;

use crate::archives;
use crate::ask::ask_app;
use crate::fixture;

/// The URL map, as it is written.
const ROUTER: &str = include_str!("../../src/http/router.rs");

/// The files that pages load are nothing to program against.
const UNTOLD: [&str; 1] = ["/assets/{*path}"];

/// The addresses of the routes, in which names in braces stand for any segment.
fn routes() -> Vec<String> {
    let named = [("probes::HEALTH", "/health"), ("probes::READY", "/ready"), ("probes::METRICS", "/metrics")];
    let calls = ROUTER.split(".route(").skip(1).map(|call| call.trim_start().split(',').next().unwrap().trim());
    let written = calls.map(|own| {
        let constant = named.iter().find(|(name, _)| *name == own).map(|(_, path)| (*path).to_owned());
        constant.unwrap_or_else(|| own.trim_matches('"').to_owned())
    });
    written.collect()
}

/// How many segments of a route are as they are written in a path; `None` when the path is not one of the route's.
fn common(route: &str, path: &str) -> Option<usize> {
    let (route, path): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path.split('/').collect());
    let is_met = |(own, other): (&&str, &&str)| own.starts_with('{') || own == other;
    (route.len() == path.len() && route.iter().zip(&path).all(is_met))
        .then(|| route.iter().zip(&path).filter(|(own, other)| own == other).count())
}

#[tokio::test]
async fn each_route_is_described_and_each_description_has_a_route() {
    let app = fixture::styled_app();
    let mut document = ask_app(&app, "GET", "/api", &[]).await.json();
    let folder = tempfile::tempdir().unwrap();
    archives::write(&folder.path().join("ready.pmtiles"), Format::Mvt, &[(0, b"all")]);
    let others = ask_app(&archives::app(folder.path()), "GET", "/api", &[]).await.json();
    document["paths"].as_object_mut().unwrap().extend(others["paths"].as_object().unwrap().clone());
    // `strict=true` refuses a tile that is not whole.
    let strict = &document["paths"]["/data/towns/{z}/{x}/{y}.pbf"]["get"]["responses"];
    assert!(strict["413"].is_object() && strict["204"].is_object(), "{strict}");
    let routes = routes();
    assert!(routes.len() > 70, "{routes:?}");
    let mut described: BTreeSet<&str> = BTreeSet::new();
    for path in document["paths"].as_object().unwrap().keys() {
        // The router takes the route that says most of a path.
        let own = routes.iter().filter_map(|route| Some((common(route, path)?, route))).max();
        described.insert(own.unwrap_or_else(|| panic!("no route answers {path}")).1);
    }
    let untold: Vec<&String> = routes
        .iter()
        .filter(|route| !described.contains(route.as_str()) && !UNTOLD.contains(&route.as_str()))
        .collect();
    assert!(untold.is_empty(), "/api tells nothing of {untold:#?}");
}

#[tokio::test]
async fn events_end_for_those_who_did_not_ask_for_a_stream() {
    let answer = ask_app(&fixture::styled_app(), "GET", "/events", &[]).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/event-stream"));
    assert!(answer.text().starts_with("id: "), "{}", answer.text());
}
