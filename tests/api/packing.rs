//! How tiles are packed and kept: codings, entity tags, and answers that are given again.

use axum::http::HeaderMap;
use tumen::http::App;
use tumen::store::Version;
use tumen::tile::Encoding;

use crate::ask::Answer;
use crate::ask::ask_app;
use crate::fixture;

const TILE: &str = "/data/towns/0/0/0.pbf";

async fn packed(app: &App, coding: &str) -> Answer {
    ask_app(app, "GET", TILE, &[("accept-encoding", coding)]).await
}

fn unpacked(answer: &Answer, encoding: Encoding) -> Vec<u8> {
    let mut body = Vec::new();
    std::io::copy(&mut encoding.unpacking(&answer.body[..]).unwrap(), &mut body).unwrap();
    body
}

/// All headers but the one that names the request.
fn lasting(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove("x-request-id");
    headers
}

/// Answers that were given without asking the router, and tiles that were found.
async fn hits(app: &App) -> u64 {
    let metrics = ask_app(app, "GET", "/metrics", &[]).await;
    let line = metrics.text().lines().find(|line| line.starts_with("tumen_cache_hits_total ")).unwrap().to_owned();
    line.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_tile_is_packed_as_the_client_likes_and_each_packing_has_a_strong_tag() {
    let app = fixture::app();
    let plain = packed(&app, "identity").await;
    assert_eq!((plain.status, plain.header("content-encoding")), (200, ""));
    let mut tags = vec![plain.header("etag").to_owned()];
    for (asked, encoding) in [
        ("gzip", Encoding::Gzip),
        ("br", Encoding::Brotli),
        ("zstd", Encoding::Zstd),
        ("gzip, deflate, br, zstd", Encoding::Zstd),
        ("gzip;q=0.9, br;q=0.1", Encoding::Gzip),
    ] {
        let answer = packed(&app, asked).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, encoding.name()), "{asked}");
        assert_eq!(answer.header("content-length"), answer.body.len().to_string());
        assert_eq!(unpacked(&answer, encoding), plain.body, "{asked}");
        tags.push(answer.header("etag").to_owned());
    }
    assert!(tags.iter().all(|tag| tag.starts_with('"') && tag.ends_with('"')), "{tags:?}");
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4, "one for each packing: {tags:?}");
    let elsewhere = packed(&fixture::app(), "zstd").await;
    assert_eq!(elsewhere.header("etag"), packed(&app, "zstd").await.header("etag"), "replicas agree");
}

#[tokio::test]
async fn an_answer_is_given_again_as_it_was() {
    for target in [TILE, "/data/towns/0/0/0.png", "/fonts/Noto%20Sans%20Regular/0-255.pbf"] {
        let app = fixture::app();
        let headers = [("accept-encoding", "gzip")];
        let first = ask_app(&app, "GET", target, &headers).await;
        assert_eq!(first.status, 200, "{target}: {:?}", first.headers);
        let before = hits(&app).await;
        let again = ask_app(&app, "GET", target, &headers).await;
        assert_eq!(hits(&app).await, before + 1, "{target}");
        assert_eq!((again.status, lasting(&again.headers)), (200, lasting(&first.headers)), "{target}");
        assert_eq!(again.body, first.body);
        assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
        assert_eq!(
            ask_app(&app, "GET", target, &[headers[0], ("x-request-id", "mine")]).await.header("x-request-id"),
            "mine"
        );

        let known = [headers[0], ("if-none-match", first.header("etag"))];
        let unchanged = ask_app(&app, "GET", target, &known).await;
        assert_eq!((unchanged.status, unchanged.body.len(), unchanged.header("content-encoding")), (304, 0, ""));
        assert_eq!(unchanged.header("etag"), first.header("etag"));
        assert_eq!(ask_app(&app, "HEAD", target, &headers).await.body.len(), 0);
    }
}

#[tokio::test]
async fn what_is_negotiated_is_not_mixed_up_when_it_is_kept() {
    let app = fixture::app();
    let target = "/collections/towns/tiles/WebMercatorQuad/0/0/0";
    let tile = "application/vnd.mapbox-vector-tile";
    for accept in [tile, "application/geo+json", tile] {
        let answer = ask_app(&app, "GET", target, &[("accept", accept)]).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, accept));
        assert!(answer.header("vary").contains("Accept,"), "{}", answer.header("vary"));
    }
}

#[tokio::test]
async fn a_new_catalog_has_new_answers() {
    let app = fixture::app();
    let before = packed(&app, "gzip").await;
    let mut next = fixture::catalog_of([fixture::collection("towns", &fixture::towns()[..1], None)]);
    next.version = Version(1);
    app.live.swap(next);
    let after = packed(&app, "gzip").await;
    assert_eq!(after.status, 200);
    assert_ne!((after.header("etag"), &after.body), (before.header("etag"), &before.body));
}

#[tokio::test]
async fn a_collection_says_how_long_its_answers_may_be_used() {
    let aged = |id: &str, max_age| {
        let mut collection = fixture::collection(id, &fixture::towns(), None);
        collection.metadata.max_age = max_age;
        collection
    };
    let app = fixture::app();
    app.live.swap(fixture::catalog_of([aged("hour", Some(3600)), aged("day", Some(86_400)), aged("now", None)]));
    for (target, expected) in [
        ("/collections/hour", "public, max-age=3600"),
        ("/collections/day/items", "public, max-age=86400"),
        ("/collections/now/items", "public, no-cache"),
        ("/data/hour/0/0/0.pbf", "public, max-age=3600"),
        ("/data/day,hour/0/0/0.pbf", "public, max-age=3600"),
        ("/data/day,now/0/0/0.pbf", "public, no-cache"),
        ("/data/day.json", "public, max-age=86400"),
        ("/data/hour/0/0/0.png", "public, max-age=3600"),
        ("/collections/hour/items/nobody", "no-store"),
        ("/collections", "public, no-cache"),
    ] {
        assert_eq!(ask_app(&app, "GET", target, &[]).await.header("cache-control"), expected, "{target}");
    }
    let tilejson = ask_app(&app, "GET", "/data/hour.json", &[]).await.json();
    let address = tilejson["tiles"][0].as_str().unwrap().replace("{z}/{x}/{y}", "0/0/0");
    let versioned = ask_app(&app, "GET", &address, &[]).await;
    assert_eq!(versioned.header("cache-control"), "public, max-age=31536000, immutable", "{address}");
}
