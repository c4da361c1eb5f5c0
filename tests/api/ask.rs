//! How the tests ask: a request, and an answer to look at.

use std::net::SocketAddr;

use axum::body::Body;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::Request;
use http_body_util::BodyExt;
use tumen::http::App;
use tumen::http::Front;

use crate::fixture;

/// Paths of one resource of each kind.
pub const RESOURCES: [&str; 7] = [
    "/",
    "/conformance",
    "/api",
    "/collections",
    "/collections/towns",
    "/collections/towns/items",
    "/collections/towns/items/2",
];

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The ids of the features in it.
    pub fn ids(&self) -> Vec<String> {
        let document = self.json();
        let features = document["features"].as_array().unwrap_or_else(|| panic!("no features: {}", self.text()));
        let plain = |id: &serde_json::Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        features.iter().map(|feature| plain(&feature["id"])).collect()
    }

    /// Where a link of its document leads.
    pub fn link(&self, rel: &str) -> Option<String> {
        let document = self.json();
        let links = document["links"].as_array().unwrap_or_else(|| panic!("no links: {}", self.text()));
        links.iter().find(|link| link["rel"] == rel).map(|link| link["href"].as_str().unwrap().to_owned())
    }
}

/// `GET` of the usual catalog.
pub async fn ask(target: &str) -> Answer {
    ask_app(&fixture::app(), "GET", target, &[]).await
}

/// `GET` of the usual catalog with headers.
pub async fn ask_with(target: &str, headers: &[(&str, &str)]) -> Answer {
    ask_app(&fixture::app(), "GET", target, headers).await
}

/// Any request, to any app, from a peer on this machine.
pub async fn ask_app(app: &App, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
    send(app, method, target, headers, "").await
}

/// The same with a body.
pub async fn send(app: &App, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    // A link of an answer is asked like any client would: by its path and query.
    let target = encoded(target.strip_prefix("http://test").unwrap_or(target));
    let mut request = Request::builder().method(method).uri(target).body(Body::from(body.to_owned())).unwrap();
    for (name, value) in [("host", "test")].iter().chain(headers) {
        request.headers_mut().insert(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
    }
    let response = Front::new(app.clone()).answer(request, SocketAddr::from(([127, 0, 0, 1], 50_000))).await;
    let (parts, body) = response.into_parts();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
}

/// A target whose characters may all stand in one, as every client's library sees to.
fn encoded(target: &str) -> String {
    let mut text = String::new();
    for character in target.chars() {
        if "<>\"{}|^` ".contains(character) {
            text.push_str(&format!("%{:02X}", u32::from(character)));
        } else {
            text.push(character);
        }
    }
    text
}
