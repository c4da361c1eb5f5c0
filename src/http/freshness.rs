//! How long answers about a collection may be used without asking again, where its metadata says so.

use axum::extract::MatchedPath;
use axum::extract::RawPathParams;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;

use super::App;
use super::respond;

/// Puts the least `max_age` of the collections that a path names into `Cache-Control`, if all of them have one. What is never
/// to be kept, and what may be kept forever, stays so.
pub(super) async fn freshen(
    State(app): State<App>,
    route: MatchedPath,
    params: RawPathParams,
    request: Request,
    next: Next,
) -> Response {
    let is_of_collections = ["/collections/", "/data/"].iter().any(|room| route.as_str().starts_with(room));
    let max_age = is_of_collections.then(|| max_age(&app, &params)).flatten();
    let mut response = next.run(request).await;
    if let Some(seconds) = max_age
        && response.headers().get(header::CACHE_CONTROL).is_some_and(|value| value == respond::CHECKED)
        && let Ok(value) = HeaderValue::from_str(&format!("public, max-age={seconds}"))
    {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
    }
    response
}

/// What the collections have in common that the first part of a route names: `{id}`, `{ids}` or `{document}`.
fn max_age(app: &App, params: &RawPathParams) -> Option<u32> {
    let catalog = app.live.catalog();
    let (name, ids) = params.iter().next()?;
    // No id of a collection has a full stop.
    let ids = if name == "document" { ids.split('.').next()? } else { ids };
    let ages = ids.split(',').map(|id| catalog.collection(id).and_then(|collection| collection.metadata.max_age));
    ages.reduce(|least, age| Some(least?.min(age?))).flatten()
}
