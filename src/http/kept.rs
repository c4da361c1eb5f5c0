//! Answers that were given before, whole, to be given again before the router is asked.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::body::Body;
use axum::extract::MatchedPath;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::Response;
use bytes::Bytes;
use quick_cache::Equivalent;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::App;
use super::layers;
use super::respond;
use crate::store::Version;
use crate::telemetry::Meter;
use crate::tile::Encoding;

/// Left on an answer that its address and the catalog alone decide: the bytes of its body.
#[derive(Clone)]
pub(super) struct Keep(pub(super) Bytes);

/// The answers, by all that decides about them.
pub(super) struct Kept {
    answers: Cache<Key, Arc<Answer>, Weight>,
    hits: AtomicU64,
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    version: Version,
    encoding: Encoding,
    /// The header `Accept`, as it was written.
    accept: Box<[u8]>,
    /// Path and query, as they were written.
    target: Box<str>,
}

/// What a key is looked for with.
#[derive(Clone, Copy, Hash)]
pub(super) struct Place<'a> {
    pub(super) version: Version,
    pub(super) encoding: Encoding,
    pub(super) accept: &'a [u8],
    pub(super) target: &'a str,
}

/// An answer, and how it is counted.
pub(super) struct Answer {
    headers: HeaderMap,
    body: Bytes,
    /// Counts it given whole, and as 304.
    meters: [Meter; 2],
}

#[derive(Clone)]
struct Weight;

/// Longest path, query and header `Accept` together of an answer that is kept: no tile needs more, and a client that makes them up fills no memory.
const LONGEST: usize = 512;

impl Equivalent<Key> for Place<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        let Self { version, encoding, accept, target } = *self;
        version == key.version && encoding == key.encoding && *accept == *key.accept && *target == *key.target
    }
}

impl Weighter<Key, Arc<Answer>> for Weight {
    fn weight(&self, key: &Key, answer: &Arc<Answer>) -> u64 {
        // The headers and the two tables take about a kilobyte.
        (1024 + key.target.len() + key.accept.len() + answer.body.len()) as u64
    }
}

impl Kept {
    /// Room for so many bytes.
    pub(super) fn new(bytes: u64) -> Self {
        Self { answers: Cache::with_weighter((bytes >> 14) as usize, bytes, Weight), hits: AtomicU64::new(0) }
    }

    /// The answer that was given at this place before.
    pub(super) fn find(&self, place: &Place<'_>) -> Option<Arc<Answer>> {
        let found = self.answers.get(place);
        if found.is_some() {
            self.hits.fetch_add(1, Ordering::Relaxed);
        }
        found
    }

    /// Times that an answer was there.
    pub(super) fn hits(&self) -> u64 {
        self.hits.load(Ordering::Relaxed)
    }

    /// Keeps an answer if it may be given again.
    pub(super) fn keep(&self, app: &App, place: Place<'_>, response: &mut Response) {
        let Some(Keep(body)) = response.extensions_mut().remove() else { return };
        if response.status() != StatusCode::OK || place.target.len() + place.accept.len() > LONGEST {
            return;
        }
        let mut headers = response.headers().clone();
        headers.remove(layers::REQUEST_ID);
        let route = response.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
        let meters = [StatusCode::OK, StatusCode::NOT_MODIFIED];
        let meters = meters.map(|status| app.metrics.meter(route, "GET", status.as_u16()));
        let Place { version, encoding, accept, target } = place;
        self.answers.insert(
            Key { version, encoding, accept: accept.into(), target: target.into() },
            Arc::new(Answer { headers, body, meters }),
        );
    }
}

impl Answer {
    /// Gives it again.
    pub(super) fn give(&self, headers: &HeaderMap, begun: Instant) -> Response {
        let tag = self.headers.get(header::ETAG);
        let is_known = tag.and_then(|tag| tag.to_str().ok()).is_some_and(|tag| respond::is_known(tag, headers));
        let mut response = Response::new(if is_known { Body::empty() } else { Body::from(self.body.clone()) });
        *response.headers_mut() = self.headers.clone();
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            for of_body in [header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LENGTH] {
                response.headers_mut().remove(of_body);
            }
        }
        response.headers_mut().insert(layers::REQUEST_ID, layers::header_of(&layers::request_id(headers)));
        self.meters[usize::from(is_known)].count(begun.elapsed());
        response
    }
}
