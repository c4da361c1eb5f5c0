//! Absolute links: where the client believes the server to be.

use tumen::config::Config;

use crate::ask::ask;
use crate::ask::ask_app;
use crate::ask::ask_with;
use crate::fixture;

async fn own_link(config: Config, headers: &[(&str, &str)]) -> String {
    ask_app(&fixture::app_with(config), "GET", "/collections", headers).await.link("self").unwrap()
}

fn trusting() -> Config {
    Config { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..Config::default() }
}

#[tokio::test]
async fn the_host_header_names_the_server() {
    let link = ask_with("/collections", &[]).await.link("self").unwrap();
    assert_eq!(link, "http://test/collections");
    assert_eq!(ask("/collections?f=json&key=1").await.link("self").unwrap(), "http://test/collections?f=json&key=1");
}

#[tokio::test]
async fn a_trusted_proxy_is_believed() {
    let cases: [(&[(&str, &str)], &str); 7] = [
        (
            &[("forwarded", "for=1.2.3.4;host=maps.example:8443;proto=https, for=5.6.7.8")],
            "https://maps.example:8443/collections",
        ),
        (&[("forwarded", "Host=\"maps.example\"; PROTO=http")], "http://maps.example/collections"),
        (
            &[("x-forwarded-proto", "https"), ("x-forwarded-host", "maps.example, inner")],
            "https://maps.example/collections",
        ),
        (&[("x-forwarded-proto", "https"), ("x-forwarded-port", "444")], "https://test:444/collections"),
        (&[("x-forwarded-proto", "https"), ("x-forwarded-port", "443")], "https://test/collections"),
        (&[("x-forwarded-prefix", "/geo/maps/")], "http://test/geo/maps/collections"),
        (&[("x-forwarded-host", "bad host<"), ("x-forwarded-prefix", "\"><script>")], "http://test/collections"),
    ];
    for (headers, expected) in cases {
        assert_eq!(own_link(trusting(), headers).await, expected, "{headers:?}");
    }
}

#[tokio::test]
async fn a_stranger_is_not_believed() {
    let headers = [
        ("forwarded", "host=evil.example;proto=https"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-prefix", "/x"),
    ];
    assert_eq!(
        own_link(Config { trusted_proxies: Vec::new(), ..Config::default() }, &headers).await,
        "http://test/collections"
    );
}

#[tokio::test]
async fn a_base_path_is_in_every_link_and_may_be_in_the_request() {
    let config = Config { base_path: "/maps".to_owned(), ..Config::default() };
    let app = fixture::app_with(config);
    for target in ["/maps/collections/towns/items?limit=1", "/collections/towns/items?limit=1"] {
        let answer = ask_app(&app, "GET", target, &[]).await;
        assert_eq!(answer.link("self").unwrap(), "http://test/maps/collections/towns/items?limit=1", "{target}");
        assert!(answer.link("next").unwrap().starts_with("http://test/maps/collections/towns/items?limit=1&cursor="));
    }
    for target in ["/maps", "/maps/", "/"] {
        assert_eq!(ask_app(&app, "GET", target, &[]).await.link("self").unwrap(), "http://test/maps/", "{target}");
    }
    assert_eq!(ask_app(&app, "GET", "/mapscollections", &[]).await.status, 404);
    let page = ask_app(&app, "GET", "/maps/collections?f=html", &[]).await;
    assert!(page.text().contains("href=\"/maps/collections/towns\""));
    assert!(page.text().contains("href=\"/maps/assets/page.css\""));
}

#[tokio::test]
async fn every_link_is_absolute_and_says_what_is_there() {
    let targets = [
        "/",
        "/conformance",
        "/collections",
        "/collections/towns",
        "/collections/towns/items?limit=1",
        "/collections/towns/items/2",
    ];
    for target in targets {
        let document = ask(target).await.json();
        let links = document["links"].as_array().unwrap();
        assert!(links.len() > 1, "{target}");
        // A profile is a name of the OGC's.
        for link in links.iter().filter(|link| link["rel"] != "profile") {
            assert!(link["href"].as_str().unwrap().starts_with("http://test/"), "{target} {link}");
            for member in ["rel", "type", "title"] {
                assert!(!link[member].as_str().unwrap().is_empty(), "{target} {link}");
            }
            let there = ask_with(link["href"].as_str().unwrap(), &[("accept", link["type"].as_str().unwrap())]).await;
            assert_eq!(there.status, 200, "{link}");
            assert!(there.header("content-type").starts_with(link["type"].as_str().unwrap()), "{link}");
        }
    }
}
