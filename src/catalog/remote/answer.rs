//! What was fetched, and how long it holds.

use std::time::Duration;
use std::time::Instant;

use bytes::Bytes;
use hyper::HeaderMap;
use hyper::header;
use quick_cache::Weighter;

/// What an address answered.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    /// When it has to be asked for again.
    pub(super) until: Instant,
}

/// What there is at an address.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// These bytes.
    Body(Bytes),
    /// Nothing.
    Nothing,
    /// Nobody knows, for this reason.
    Failed(String),
}

/// How long it holds that there is nothing.
const NOTHING: Duration = Duration::from_mins(1);

/// How long a host that failed is left in peace.
const FAILED: Duration = Duration::from_secs(15);

/// How long everything holds, whatever its server says: one picture asks for it several times.
const SHORTEST: Duration = Duration::from_secs(5);

impl Answer {
    /// An answer that holds for as long as its kind does, or, for a body, as its server says, but no longer than `longest`.
    pub(super) fn new(outcome: Outcome, told: Option<Duration>, longest: Duration) -> Self {
        let age = match outcome {
            Outcome::Body(_) => told.unwrap_or(longest),
            Outcome::Nothing => told.unwrap_or(NOTHING).min(NOTHING),
            Outcome::Failed(_) => FAILED,
        };
        Self { outcome, until: Instant::now() + age.min(longest).max(SHORTEST) }
    }

    pub(super) fn is_fresh(&self) -> bool {
        Instant::now() < self.until
    }
}

/// How long the server says that its answer holds (RFC 9111, 5.2.2); `None` when it does not say.
pub(super) fn age(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::CACHE_CONTROL)?.to_str().ok()?.to_ascii_lowercase();
    let mut directives = text.split(',').map(str::trim);
    if directives.clone().any(|directive| matches!(directive, "no-store" | "no-cache")) {
        return Some(Duration::ZERO);
    }
    let seconds = directives.find_map(|directive| directive.strip_prefix("max-age="))?;
    seconds.trim_matches('"').parse().ok().map(Duration::from_secs)
}

/// What answers weigh in the cache: their bytes, and those of the address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight;

impl Weighter<String, Answer> for Weight {
    fn weight(&self, key: &String, answer: &Answer) -> u64 {
        let bytes = match &answer.outcome {
            Outcome::Body(body) => body.len(),
            Outcome::Nothing => 0,
            Outcome::Failed(message) => message.len(),
        };
        (128 + key.len() + bytes) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_how_long_its_answer_holds() {
        let told = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CACHE_CONTROL, text.parse().unwrap());
            age(&headers).map(|age| age.as_secs())
        };
        assert_eq!(told("public, max-age=60"), Some(60));
        assert_eq!(told("Max-Age=7, immutable"), Some(7));
        assert_eq!(told("no-store, max-age=60"), Some(0));
        assert_eq!((told("private"), told("max-age=x"), age(&HeaderMap::new())), (None, None, None));
    }
}
