//! What those ask who watch over the server.

use std::fs;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

use super::App;
use super::Format;
use super::Operation;
use super::Phase;
use crate::telemetry::Gauge;

pub(super) const HEALTH: &str = "/health";
pub(super) const READY: &str = "/ready";
pub(super) const METRICS: &str = "/metrics";

/// What can be asked of the probes, which take no parameters.
pub(super) fn operations() -> [Operation; 3] {
    let operation = |id: &str, path: &str, summary: &str| {
        let operation = Operation::new(id, path, "Operation", summary, &[Format::Text]);
        Operation { parameters: Vec::new(), ..operation }
    };
    [
        operation("getHealth", HEALTH, "Whether the process answers at all."),
        operation(
            "getReady",
            READY,
            "Whether requests should be sent here; 503 while features are read, and at the end.",
        ),
        operation("getMetrics", METRICS, "Numbers of the server in Prometheus's text format."),
    ]
}

/// Whether a route is answered in every phase of the server's life.
pub(super) fn is_probe(route: &str) -> bool {
    [HEALTH, READY, METRICS].contains(&route)
}

/// Whether the process answers at all.
pub(super) async fn health() -> Response {
    plain(StatusCode::OK, "text/plain; charset=utf-8", "ok\n".to_owned())
}

/// Whether requests should be sent here.
pub(super) async fn ready(State(app): State<App>) -> Response {
    let (status, text) = match app.life.phase() {
        Phase::Loading => (StatusCode::SERVICE_UNAVAILABLE, "loading\n"),
        Phase::Ready => (StatusCode::OK, "ready\n"),
        Phase::Stopping => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
    };
    plain(status, "text/plain; charset=utf-8", text.to_owned())
}

/// Numbers in Prometheus's text format.
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let catalog = app.live.catalog();
    let cache = app.cache.state();
    let gauge = |name, help, value| Gauge { name, help, label: None, value };
    let mut gauges = vec![
        gauge("tumen_cache_hits_total", "Times that a tile was in the cache", (cache.hits + app.kept.hits()) as f64),
        gauge("tumen_cache_misses_total", "Times that a tile had to be made", cache.misses as f64),
        gauge("tumen_cache_entries", "Tiles in the cache", cache.entries as f64),
        gauge("tumen_cache_bytes", "Bytes of tiles in the cache", cache.bytes as f64),
        gauge("tumen_problems", "Problems with the files", catalog.problems.len() as f64),
        gauge("tumen_styles", "Styles served", catalog.styles.len() as f64),
    ];
    gauges.extend(memory().map(|bytes| gauge("process_resident_memory_bytes", "Memory of the process", bytes)));
    gauges.extend(catalog.collections.values().map(|collection| Gauge {
        name: "tumen_features",
        help: "Features served, by collection",
        label: Some(("collection", &collection.id)),
        value: collection.snapshot().len() as f64,
    }));
    plain(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", app.metrics.write(&gauges))
}

/// Resident memory in bytes, where the system tells (Linux).
fn memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}

fn plain(status: StatusCode, kind: &'static str, text: String) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")];
    (status, headers.map(|(name, value)| (name, HeaderValue::from_static(value))), text).into_response()
}
