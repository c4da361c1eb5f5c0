//! What every answer goes through: limits, panics, error bodies, CORS, OPTIONS and security headers.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;
use futures_util::FutureExt;
use serde::Serialize;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::Predicate;

use super::App;
use super::Base;
use super::Error;
use super::Format;
use super::error::Fault;
use super::negotiate::wants_page;
use super::page::Frame;

/// Headers of answers that scripts of other origins may read.
const EXPOSED: &str = "Content-Bbox, Content-Crs, Content-Datetime, ETag, Link, Location, OGC-NumberMatched, \
                       OGC-NumberReturned, Retry-After, Tumen-Features, X-Request-Id";

/// What a page may load: everything from here, and from nowhere else. The icons of the maps' controls and of the pages are
/// pictures in `data:` addresses.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                                       form-action 'self'; frame-ancestors 'self'";

/// The name under which a request is found in the log.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The body of an error: the members of RFC 9457, and those of `exception.yaml` of OGC API Features.
#[derive(Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    instance: &'a str,
    code: &'static str,
    description: String,
    #[serde(rename = "requestId")]
    request_id: &'a str,
}

/// The same as a page.
#[derive(Template)]
#[template(path = "error.html")]
struct Page<'a> {
    frame: Frame,
    status: u16,
    detail: String,
    request_id: &'a str,
}

/// Guards all routes.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let asked = Asked::of(&parts, &app);
    if parts.method == Method::HEAD {
        // An encoder would make a body of the one that is not there.
        parts.headers.remove(header::ACCEPT_ENCODING);
    }
    let request = Request::from_parts(parts, body);
    let limits = &app.config.limits;
    let length = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    let answer = if length > limits.url_bytes {
        Error::UrlTooLong(limits.url_bytes).into_response()
    } else {
        let running = AssertUnwindSafe(next.run(request)).catch_unwind();
        match tokio::time::timeout(limits.request_time(), running).await {
            Ok(Ok(response)) => response,
            Ok(Err(panic)) => Error::internal(message(panic.as_ref())).into_response(),
            Err(_) => Error::TimedOut.into_response(),
        }
    };
    asked.finish(answer)
}

/// Answers OPTIONS, of which the router knows no more than which methods there are, and names it in the header Allow.
pub(super) async fn methods(request: Request, next: Next) -> Response {
    let is_options = request.method() == Method::OPTIONS;
    let is_preflight = is_options && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let mut response = next.run(request).await;
    if let Some(allow) = response.headers_mut().get_mut(header::ALLOW) {
        let text = format!("{},OPTIONS", allow.to_str().unwrap_or_default());
        *allow = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("OPTIONS"));
    }
    // A browser shows its script the 404 only when the question before it was answered.
    if is_preflight || is_options && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response.extensions_mut().remove::<Fault>();
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        let allow = headers.get(header::ALLOW).cloned().unwrap_or(HeaderValue::from_static("GET,HEAD,OPTIONS"));
        if is_preflight {
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, allow);
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
            if let Some(asked) = asked {
                headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked);
            }
        }
    }
    response
}

/// What the answer must know of its request.
struct Asked {
    method: Method,
    path: String,
    id: String,
    /// Where a page that tells what is wrong would lead back to, for those who want one.
    page: Option<Base>,
    /// The name of the server.
    site: String,
}

impl Asked {
    fn of(request: &Parts, app: &App) -> Self {
        let wants_page = wants_page(request.uri.query().unwrap_or_default(), &request.headers);
        Self {
            method: request.method.clone(),
            path: request.uri.path().to_owned(),
            id: request_id(&request.headers),
            page: wants_page.then(|| Base::of(request, app)),
            site: app.config.title.clone(),
        }
    }

    fn finish(&self, mut response: Response) -> Response {
        if let Some(Fault(error)) = response.extensions_mut().remove::<Fault>() {
            self.explain(&error, &mut response);
        }
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if !headers.contains_key(header::VARY) {
            headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
        }
        let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if is_page {
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
            headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        }
        headers.insert(REQUEST_ID, header_of(&self.id));
        response
    }

    fn explain(&self, error: &Error, response: &mut Response) {
        let (status, code) = error.status();
        if let Error::Internal(cause) = error {
            tracing::error!(request = %self.id, path = %self.path, error = %chain(cause.as_ref()), "a request failed");
        }
        if let Some(page) = self.page.as_ref().and_then(|base| self.page(base, error)) {
            self.write(response, Format::Html.content_type(), page.into_bytes());
            return;
        }
        let problem = Problem {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: error.to_string(),
            instance: &self.path,
            code,
            description: error.to_string(),
            request_id: &self.id,
        };
        let body = serde_json::to_vec(&problem).expect("a struct of texts and a number can be written");
        self.write(response, "application/problem+json", body);
    }

    /// The same for people.
    fn page(&self, base: &Base, error: &Error) -> Option<String> {
        let (status, _) = error.status();
        let title = status.canonical_reason().unwrap_or("Error");
        let page = Page {
            frame: Frame::plain(base, &self.site, title),
            status: status.as_u16(),
            detail: error.to_string(),
            request_id: &self.id,
        };
        page.render().ok()
    }

    fn write(&self, response: &mut Response, content_type: &'static str, body: Vec<u8>) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        *response.body_mut() = if self.method == Method::HEAD { Body::empty() } else { Body::from(body) };
    }
}

/// An id as the value of a header.
pub(super) fn header_of(id: &str) -> HeaderValue {
    HeaderValue::from_str(id).expect("an id is made of letters, digits and hyphens")
}

/// The id that a proxy gave the request, or a new one.
pub(super) fn request_id(headers: &HeaderMap) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let is_plain =
        |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    given.filter(is_plain).map_or_else(
        || {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            format!("{:x}-{:x}", now.as_millis(), NEXT.fetch_add(1, Ordering::Relaxed))
        },
        str::to_owned,
    )
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// What a panic said.
fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without a message".to_owned())
}

/// Compresses texts on their way out. Tiles and files of pages come compressed already.
pub(super) fn compression() -> CompressionLayer<impl Predicate> {
    // Brotli's own default is the slowest level, which suits files that are packed once and not answers.
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(4))
        .compress_when(|_, _, headers: &HeaderMap, _: &_| is_text(headers))
}

/// Whether an answer is text, and not one that goes on for ever.
pub(super) fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let is_text = essence.starts_with("text/") && essence != "text/event-stream";
    is_text
        || essence.ends_with("json")
        || essence.ends_with("json-seq")
        || essence.ends_with("xml")
        || essence == "application/javascript"
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use axum::Router;
    use axum::middleware;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use crate::catalog::Catalog;
    use crate::catalog::Live;
    use crate::config::Config;
    use crate::workers::Workers;

    async fn ask(error: fn() -> Response) -> (StatusCode, String) {
        let live = Live::new(Catalog::default());
        let app = App::new(live, Workers::start(NonZeroUsize::MIN, 1), Config::default());
        let routes = Router::new().route("/", get(move || async move { error() }));
        let routes = routes.layer(middleware::from_fn_with_state(app, guard));
        let response = routes.oneshot(Request::new(Body::empty())).await.unwrap();
        let status = response.status();
        (status, String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_fault_of_ours_is_500_with_an_id_and_nothing_else() {
        let faults: [fn() -> Response; 2] = [|| panic!("secret 17"), || Error::internal("secret 17").into_response()];
        for fault in faults {
            let (status, body) = ask(fault).await;
            assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
            assert!(!body.contains("secret") && body.contains("\"requestId\":\""), "{body}");
        }
    }

    #[test]
    fn an_id_of_a_proxy_is_kept_when_it_is_plain() {
        for (given, kept) in [("abc-1", true), ("a b", false), ("", false), ("<", false)] {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, given.parse().unwrap());
            assert_eq!(request_id(&headers) == given, kept, "{given}");
        }
        assert_ne!(request_id(&HeaderMap::new()), request_id(&HeaderMap::new()));
    }
}
