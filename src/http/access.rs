//! Counts and logs each answer, and holds requests off while nothing is loaded yet.

use std::net::IpAddr;
use std::time::Duration;
use std::time::Instant;

use axum::extract::ConnectInfo;
use axum::extract::MatchedPath;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Method;
use axum::http::Uri;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;
use hyper::body::Body as _;

use super::App;
use super::Error;
use super::Phase;
use super::layers;
use super::probes;

/// Asks clients to come back while nothing is loaded yet; the probes answer always. Leaves word for [`record`] of the route
/// that was taken, which only layers inside of the router are told.
pub(super) async fn hold(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let is_probe = route.as_ref().is_some_and(|route| probes::is_probe(route.as_str()));
    let mut response = if app.life.phase() == Phase::Loading && !is_probe {
        Error::Busy.into_response()
    } else {
        next.run(request).await
    };
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// Counts each answer, and logs it unless it is a probe's.
pub(super) async fn record(State(app): State<App>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let target = request.uri().clone();
    let peer = request.extensions().get::<ConnectInfo<std::net::SocketAddr>>().map(|info| info.0.ip());
    let response = next.run(request).await;
    let route = response.extensions().get::<MatchedPath>().map_or("none", |route| route.as_str()).to_owned();
    let time = begun.elapsed();
    app.metrics.meter(&route, name(&method), response.status().as_u16()).count(time);
    if !probes::is_probe(&route) {
        log(&app, (&method, &target), peer, &response, time);
    }
    response
}

/// Logs an answer.
pub(super) fn log(
    app: &App,
    (method, target): (&Method, &Uri),
    peer: Option<IpAddr>,
    response: &Response,
    time: Duration,
) {
    if !app.config.access_log {
        return;
    }
    let bytes = response.body().size_hint().exact();
    let id = response.headers().get(layers::REQUEST_ID).and_then(|id| id.to_str().ok());
    tracing::info!(
        target: "tumen::access",
        %method,
        %target,
        status = response.status().as_u16(),
        milliseconds = (time.as_secs_f64() * 1e5).round() / 100.0,
        bytes,
        peer = peer.as_ref().map(tracing::field::display::<&IpAddr>),
        id,
    );
}

/// The name of a method among those that there are; a client may make up others without end.
fn name(method: &Method) -> &'static str {
    let known = [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let names = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
    known.iter().position(|other| other == method).map_or("other", |position| names[position])
}
