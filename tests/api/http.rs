//! What HTTP itself asks of every resource.

use std::io::Read;

use tumen::tile::Encoding;

use crate::ask::RESOURCES;
use crate::ask::ask;
use crate::ask::ask_app;
use crate::ask::ask_with;
use crate::fixture;

#[tokio::test]
async fn head_is_get_without_the_body() {
    for path in RESOURCES {
        let (get, head) = (ask(path).await, ask_app(&fixture::app(), "HEAD", path, &[]).await);
        assert_eq!(head.status, 200, "{path}");
        assert!(head.body.is_empty());
        for name in ["content-type", "content-length", "etag", "vary"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
            assert_ne!(head.header(name), "", "{path} {name}");
        }
    }
    let missing = ask_app(&fixture::app(), "HEAD", "/none", &[]).await;
    assert_eq!((missing.status, missing.body.len()), (404, 0));
}

#[tokio::test]
async fn options_says_the_methods() {
    for path in RESOURCES {
        let answer = ask_app(&fixture::app(), "OPTIONS", path, &[]).await;
        assert_eq!((answer.status, answer.header("allow")), (204, "GET,HEAD,OPTIONS"), "{path}");
    }
    assert_eq!(ask_app(&fixture::app(), "OPTIONS", "/none", &[]).await.status, 404);
}

#[tokio::test]
async fn scripts_of_other_origins_may_read_everything_errors_included() {
    for target in RESOURCES.into_iter().chain(["/none", "/collections?unknown=1", "/collections?f=html"]) {
        let answer = ask_with(target, &[("origin", "https://example.com")]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{target}");
        assert!(answer.header("access-control-expose-headers").contains("ETag"), "{target}");
    }
    let headers = [
        ("origin", "https://example.com"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "accept,x-own"),
    ];
    let preflight = ask_app(&fixture::app(), "OPTIONS", "/collections", &headers).await;
    assert_eq!(preflight.status, 204);
    assert!(preflight.header("access-control-allow-methods").contains("GET"));
    assert_eq!(preflight.header("access-control-allow-headers"), "accept,x-own");
}

#[tokio::test]
async fn a_client_that_has_the_answer_hears_so() {
    for path in RESOURCES {
        let answer = ask(path).await;
        let tag = answer.header("etag");
        let again = ask_with(path, &[("if-none-match", tag)]).await;
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, tag), "{path}");
        assert_eq!(again.header("cache-control"), "public, no-cache");
        let page = ask_with(path, &[("accept", "text/html")]).await;
        assert_ne!(page.header("etag"), tag, "{path}");
        let elsewhere = ask_with(path, &[("host", "elsewhere"), ("if-none-match", tag)]).await;
        // Only a document without links would be the same elsewhere.
        assert_eq!(elsewhere.status, 200, "{path}");
    }
}

#[tokio::test]
async fn an_answer_is_new_when_its_data_are() {
    let app = fixture::app();
    for path in ["/collections/towns/items", "/collections/towns/items/2", "/collections/towns"] {
        let before = ask_app(&app, "GET", path, &[]).await;
        let mut features = fixture::towns();
        features[1]["properties"]["name"] = "Renamed".into();
        features[1]["geometry"] = serde_json::json!([1.0, 1.0]);
        app.live.swap(fixture::catalog_of([fixture::collection("towns", &features, None)]));
        let after = ask_app(&app, "GET", path, &[("if-none-match", before.header("etag"))]).await;
        assert_eq!(after.status, 200, "{path}");
        app.live.swap(fixture::catalog());
        let back = ask_app(&app, "GET", path, &[("if-none-match", before.header("etag"))]).await;
        assert_eq!(back.status, 304, "{path}: the tag is made of content, not of a count of changes");
    }
}

#[tokio::test]
async fn texts_are_compressed_as_the_client_can_take_it() {
    let plain = ask("/api").await;
    for coding in ["gzip", "br"] {
        let packed = ask_with("/api", &[("accept-encoding", coding)]).await;
        assert_eq!(packed.header("content-encoding"), coding);
        assert!(packed.body.len() * 4 < plain.body.len(), "{coding}: {}", packed.body.len());
    }
    assert!(plain.header("vary").contains("Accept-Encoding"));
    assert!(plain.header("vary").contains("Accept,"));
}

#[tokio::test]
async fn a_whole_text_is_packed_at_once_and_unpacks_to_what_it_was() {
    let path = "/collections/towns/schema";
    let plain = ask(path).await;
    assert_eq!((plain.header("content-encoding"), plain.body.len() > 256), ("", true));
    for encoding in [Encoding::Gzip, Encoding::Brotli, Encoding::Zstd] {
        let packed = ask_with(path, &[("accept-encoding", encoding.name())]).await;
        assert_eq!(packed.header("content-encoding"), encoding.name());
        assert_eq!(packed.header("content-length"), packed.body.len().to_string());
        assert_eq!(packed.header("etag"), plain.header("etag"));
        assert_eq!(
            packed.header("vary").to_ascii_lowercase().matches("accept-encoding").count(),
            1,
            "{}",
            packed.header("vary")
        );
        let mut unpacked = Vec::new();
        encoding.unpacking(&packed.body[..]).unwrap().read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain.body);
    }
    let app = fixture::app();
    let head = ask_app(&app, "HEAD", path, &[("accept-encoding", "gzip")]).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    let picture = ask_with("/data/towns/0/0/0.png", &[("accept-encoding", "gzip")]).await;
    assert_eq!((picture.status, picture.header("content-encoding")), (200, ""));
}

#[tokio::test]
async fn a_slash_at_the_end_changes_nothing() {
    for path in RESOURCES {
        assert_eq!(ask(&format!("{path}/")).await.status, 200, "{path}/");
    }
}
