//! Texts that are whole are packed at once, in a fraction of the time that a stream takes.

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use hyper::body::Body as _;

use super::coding::coding;
use super::layers::is_text;
use crate::tile::Encoding;

/// Shorter bodies fit a packet as they are.
const LEAST: u64 = 256;

/// Longer bodies are packed piece by piece, so that nothing else waits for them.
const MOST: u64 = 256 << 10;

/// Packs bodies of texts that are whole already, as the client likes best. What is streamed is left to
/// [`compression`](super::layers::compression).
pub(super) async fn pack_whole(request: Request, next: Next) -> Response {
    let encoding = coding(request.headers());
    let response = next.run(request).await;
    let length = response.body().size_hint().exact();
    let is_whole = length.is_some_and(|length| (LEAST..=MOST).contains(&length));
    let headers = response.headers();
    let is_packed = headers.contains_key(header::CONTENT_ENCODING) || headers.contains_key(header::CONTENT_RANGE);
    if encoding == Encoding::Identity || !is_whole || is_packed || !is_text(headers) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = body.collect().await else { return Response::from_parts(parts, Body::empty()) };
    let packed = encoding.pack(body.to_bytes().into());
    parts.headers.remove(header::ACCEPT_RANGES);
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(packed.len()));
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    if !parts.headers.get_all(header::VARY).iter().any(is_named) {
        parts.headers.append(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    }
    Response::from_parts(parts, Body::from(packed))
}

/// Whether `Vary` names the header on which the coding depends.
fn is_named(vary: &HeaderValue) -> bool {
    let names = vary.to_str().unwrap_or_default();
    names.split(',').any(|name| name.trim().eq_ignore_ascii_case("accept-encoding"))
}
