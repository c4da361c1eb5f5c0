//! Tells clients when something else is served: server-sent events (HTML standard, 9.2).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::response::sse::Event;
use axum::response::sse::KeepAlive;
use axum::response::sse::Sse;
use futures_util::Stream;
use futures_util::StreamExt;
use futures_util::stream;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::watch;

use super::App;
use super::Error;
use super::Format;
use super::Operation;
use super::Phase;
use crate::catalog::Catalog;

/// Proxies close what is silent for a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What is served otherwise than before.
#[derive(Debug, Serialize)]
struct Change<'a> {
    version: String,
    collections: Vec<&'a str>,
    styles: Vec<&'a str>,
}

pub(super) fn operation() -> Operation {
    let about = "Tells when something else is served, and what: an event for each change. The stream goes on for those whose \
                 header Accept names text/event-stream, as browsers' does; others get the present state and its end.";
    let operation = Operation::new("getEvents", "/events", "Operation", about, &[Format::Events]);
    Operation { parameters: Vec::new(), ..operation }
}

/// Whether a client asked for a stream. Others, such as programs that try all that the description of the API tells of, would wait
/// for an end that never comes.
fn wants_stream(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|kind| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case(Format::Events.media_type())
    })
}

/// `GET /events`: a stream of `change` events. Each carries the version of the catalog as its id, so that a client that was away hears on
/// its return that it missed some.
pub(super) async fn events(State(app): State<App>, headers: HeaderMap) -> Result<Response, Error> {
    let permit = Arc::clone(&app.event_streams).try_acquire_owned().map_err(|_| Error::Busy)?;
    let mut changes = app.live.changes();
    let now = changes.borrow_and_update().clone();
    let seen = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let first = match seen {
        Some(version) if version != now.version.to_string() => change(None, &now),
        _ => Event::default().id(now.version.to_string()),
    };
    let stopping = async move { app.life.reach(Phase::Stopping).await };
    let later = changed(changes, now, permit).take_until(Box::pin(stopping));
    let most = if wants_stream(&headers) { usize::MAX } else { 1 };
    let events = stream::iter([first]).chain(later).take(most).map(Ok::<_, Infallible>);
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would wait for more before it passes a line on.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// An event for each catalog that follows, those left out that followed too quickly. Holds the permit to its end.
fn changed(
    changes: watch::Receiver<Arc<Catalog>>,
    now: Arc<Catalog>,
    permit: OwnedSemaphorePermit,
) -> impl Stream<Item = Event> {
    stream::unfold((changes, now, permit), |(mut changes, before, permit)| async move {
        changes.changed().await.ok()?;
        let now = changes.borrow_and_update().clone();
        Some((change(Some(&before), &now), (changes, now, permit)))
    })
}

fn change(before: Option<&Catalog>, now: &Catalog) -> Event {
    let (collections, styles) = now.differences(before);
    let change = Change { version: now.version.to_string(), collections, styles };
    let data = serde_json::to_string(&change).expect("a struct of texts can be written");
    Event::default().event("change").id(change.version).data(data)
}
