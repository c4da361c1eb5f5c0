//! The client: asks with limits on everything.

use std::cell::Cell;
use std::io;
use std::time::Duration;
use std::time::Instant;

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::Empty;
use http_body_util::Limited;
use hyper::HeaderMap;
use hyper::Method;
use hyper::Request;
use hyper::header;
use hyper_rustls::HttpsConnector;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value as Json;
use tokio::runtime::Builder;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::address::encoded;
use super::address::join;

/// How much is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoctorLimits {
    /// From a request to the last byte of its answer.
    pub request: Duration,
    /// From the first request to the last.
    pub whole: Duration,
    /// Bytes of an answer.
    pub bytes: usize,
    /// Requests.
    pub requests: usize,
    /// Collections, layers and tilesets that are looked at of each list.
    pub each: usize,
}

impl Default for DoctorLimits {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(15),
            whole: Duration::from_mins(2),
            bytes: 32 << 20,
            requests: 1000,
            each: 12,
        }
    }
}

/// Asks, and waits for the answer.
pub(super) struct Asker {
    runtime: Runtime,
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    limits: DoctorLimits,
    begun: Instant,
    asked: Cell<usize>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// Where it came from, after redirects.
    pub(super) url: String,
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Redirects that are followed.
const REDIRECTS: usize = 5;

impl Asker {
    pub(super) fn new(limits: DoctorLimits) -> io::Result<Self> {
        let connector = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        let client = Client::builder(TokioExecutor::new()).build(connector);
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime, client, limits, begun: Instant::now(), asked: Cell::new(0) })
    }

    /// Whether there is time and leave for more.
    pub(super) fn may_ask(&self) -> bool {
        self.asked.get() < self.limits.requests && self.begun.elapsed() < self.limits.whole
    }

    /// How many requests were made.
    pub(super) fn asked(&self) -> usize {
        self.asked.get()
    }

    /// How many things of a list are looked at.
    pub(super) fn each(&self) -> usize {
        self.limits.each
    }

    /// `GET`, following redirects.
    ///
    /// # Errors
    /// Why there is no answer, as a sentence.
    pub(super) fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer, String> {
        let mut at = url.to_owned();
        for _ in 0..=REDIRECTS {
            let answer = self.ask(&Method::GET, &at, headers)?;
            match answer.header("location") {
                Some(next) if (300..400).contains(&answer.status) => {
                    at = join(&at, next).ok_or_else(|| format!("it redirects to '{next}'"))?;
                }
                _ => return Ok(answer),
            }
        }
        Err("it redirects too often".to_owned())
    }

    /// One request.
    pub(super) fn ask(&self, method: &Method, url: &str, headers: &[(&str, &str)]) -> Result<Answer, String> {
        if !self.may_ask() {
            return Err("it took too long, or too many requests; not everything was looked at".to_owned());
        }
        self.asked.set(self.asked.get() + 1);
        let agent = concat!("tumen-doctor/", env!("CARGO_PKG_VERSION"));
        let mut request = Request::builder().method(method).uri(encoded(url)).header(header::USER_AGENT, agent);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Empty::new()).map_err(|error| error.to_string())?;
        let asking = async {
            let response = self.client.request(request).await.map_err(|error| chain(&error))?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, self.limits.bytes).collect().await.map_err(|error| error.to_string())?;
            let (status, headers) = (parts.status.as_u16(), parts.headers);
            Ok(Answer { url: url.to_owned(), status, headers, body: body.to_bytes() })
        };
        let limited = async { timeout(self.limits.request, asking).await };
        self.runtime.block_on(limited).map_err(|_| format!("no answer in {} s", self.limits.request.as_secs()))?
    }
}

impl Answer {
    /// A header, if it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The media type without parameters, in small letters.
    pub(super) fn media_type(&self) -> String {
        self.header("content-type")
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    }

    /// The body as a JSON document.
    pub(super) fn json(&self) -> Option<Json> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as text.
    pub(super) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }
}

/// An error with all that led to it.
fn chain(error: &dyn std::error::Error) -> String {
    let (mut text, mut cause) = (error.to_string(), error.source());
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
