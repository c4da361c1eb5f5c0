//! The client.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::Empty;
use http_body_util::Limited;
use hyper::Request;
use hyper::Response;
use hyper::StatusCode;
use hyper::Uri;
use hyper::body::Incoming;
use hyper::header;
use hyper_rustls::HttpsConnector;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::Reach;
use super::answer::Answer;
use super::answer::Outcome;
use super::answer::Weight;
use super::answer::age;
use super::connect::Connector;

/// Fetches addresses of `http:`, `https:` and `file:`, as far as it may reach. Answers are kept for a while, and an address
/// that several ask for is fetched once. Cloning shares all of this.
#[derive(Clone)]
pub struct Remote(Arc<Inner>);

struct Inner {
    client: Client<HttpsConnector<Connector>, Empty<Bytes>>,
    reach: Arc<Reach>,
    limits: RemoteLimits,
    answers: Cache<String, Answer, Weight>,
    permits: Semaphore,
}

/// How much is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemoteLimits {
    /// Bytes of an answer.
    pub bytes: usize,
    /// From the request to the last byte of its answer.
    pub time: Duration,
    /// Redirects that are followed.
    pub redirects: u32,
    /// Requests under way at once.
    pub at_once: usize,
    /// Bytes of answers that are kept.
    pub kept_bytes: u64,
    /// How long answers are kept at most.
    pub age: Duration,
    /// Tiles and images that one picture may fetch.
    pub each_picture: usize,
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum Unfetched {
    /// The address cannot be read.
    #[error("'{0}' is no address of http, https or a file")]
    Address(String),
    /// The host does not answer as HTTP says.
    #[error("{0} does not answer: {1}")]
    Host(String, String),
    /// It answers with an error.
    #[error("{0} answers {1}")]
    Status(String, StatusCode),
    /// It sends the request on, and on.
    #[error("{0} redirects too often")]
    Redirects(String),
    /// It takes too long.
    #[error("{0} takes too long")]
    Time(String),
    /// A file cannot be read.
    #[error("the file {0} cannot be read: {1}")]
    File(String, io::Error),
    /// A file lies where the server does not read.
    #[error("the file {0} is not read: it is not there, or lies outside of the folders of features and styles")]
    Outside(String),
    /// The same happened a moment ago.
    #[error("{0}")]
    Again(String),
}

impl Default for RemoteLimits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            time: Duration::from_secs(20),
            redirects: 5,
            at_once: 32,
            kept_bytes: 64 << 20,
            age: Duration::from_hours(1),
            each_picture: 4096,
        }
    }
}

impl Remote {
    /// A client with limits.
    pub fn new(limits: RemoteLimits, reach: Reach) -> Self {
        let reach = Arc::new(reach);
        let connector = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1();
        let connector = connector.wrap_connector(Connector::new(Arc::clone(&reach)));
        let client = Client::builder(TokioExecutor::new()).build(connector);
        let answers = Cache::with_weighter(1024, limits.kept_bytes, Weight);
        let permits = Semaphore::new(limits.at_once.clamp(1, Semaphore::MAX_PERMITS));
        Self(Arc::new(Inner { client, reach, limits, answers, permits }))
    }

    /// Its limits.
    pub fn limits(&self) -> &RemoteLimits {
        &self.0.limits
    }

    /// Fetches an address; `None` when there is nothing (404, 410), and no bytes when what is there is empty (204).
    ///
    /// # Errors
    /// When it cannot or may not be reached, is refused, too large or too slow.
    pub async fn fetch(&self, address: &str) -> Result<Option<Bytes>, Unfetched> {
        match address.strip_prefix("file://") {
            Some(path) => self.read(path).await,
            None => self.ask(address, None).await,
        }
    }

    /// Fetches so many bytes of what is at an address, fewer only where it ends.
    ///
    /// # Errors
    /// As [`fetch`](Self::fetch), and when the server does not give out parts (RFC 9110, 14).
    pub async fn fetch_range(&self, address: &str, range: Range<u64>) -> Result<Option<Bytes>, Unfetched> {
        self.ask(address, Some(range)).await
    }

    /// The file of a `file:` address, which may be read.
    ///
    /// # Errors
    /// When it may not, or is not there.
    pub fn file(&self, address: &str) -> Result<PathBuf, Unfetched> {
        let path = address.strip_prefix("file://").ok_or_else(|| Unfetched::Address(address.to_owned()))?;
        let path = PathBuf::from(percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned());
        self.0.reach.permitted(&path).ok_or_else(|| Unfetched::Outside(path.display().to_string()))
    }

    async fn read(&self, path: &str) -> Result<Option<Bytes>, Unfetched> {
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
        let (file, reach, most) = (PathBuf::from(&decoded), Arc::clone(&self.0.reach), self.0.limits.bytes as u64);
        let reading = tokio::task::spawn_blocking(move || read_file(&file, &reach, most)).await;
        match reading.map_err(io::Error::from).flatten() {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(Unfetched::Outside(decoded)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Unfetched::File(decoded, error)),
        }
    }

    /// The answer of an address, or of a part of it: the kept one, or a new one that is kept.
    async fn ask(&self, address: &str, range: Option<Range<u64>>) -> Result<Option<Bytes>, Unfetched> {
        let inner = &*self.0;
        let key = range.as_ref().map_or_else(|| address.to_owned(), |range| format!("{address} {range:?}"));
        inner.answers.remove_if(&key, |answer| !answer.is_fresh());
        let mut failure = None;
        let asking = async {
            let within = timeout(inner.limits.time, async {
                let _permit = inner.permits.acquire().await;
                self.follow(address, range).await
            });
            let result = within.await.unwrap_or_else(|_| Err(Unfetched::Time(address.to_owned())));
            let (outcome, told) = result.unwrap_or_else(|error| {
                let outcome = Outcome::Failed(error.to_string());
                failure = Some(error);
                (outcome, None)
            });
            Ok::<_, std::convert::Infallible>(Answer::new(outcome, told, inner.limits.age))
        };
        let answer = inner.answers.get_or_insert_async(&key, asking).await.unwrap_or_else(|never| match never {});
        match (answer.outcome, failure) {
            (Outcome::Body(body), _) => Ok(Some(body)),
            (Outcome::Nothing, _) => Ok(None),
            (Outcome::Failed(_), Some(error)) => Err(error),
            (Outcome::Failed(message), None) => Err(Unfetched::Again(message)),
        }
    }

    async fn follow(&self, address: &str, range: Option<Range<u64>>) -> Result<(Outcome, Option<Duration>), Unfetched> {
        let unreadable = |address: &str| Unfetched::Address(address.to_owned());
        let mut at: Uri = encoded(address).parse().map_err(|_| unreadable(address))?;
        for _ in 0..=self.0.limits.redirects {
            if !matches!(at.scheme_str(), Some("http" | "https")) || at.host().is_none() {
                return Err(unreadable(&at.to_string()));
            }
            let response = self.request(&at, range.as_ref()).await?;
            let told = age(response.headers());
            match response.status() {
                StatusCode::OK if range.is_none() => return Ok((self.body(&at, response).await?, told)),
                StatusCode::PARTIAL_CONTENT if starts_at(&response, range.as_ref()) => {
                    return Ok((self.body(&at, response).await?, told));
                }
                StatusCode::NO_CONTENT => return Ok((Outcome::Body(Bytes::new()), told)),
                StatusCode::NOT_FOUND | StatusCode::GONE => return Ok((Outcome::Nothing, told)),
                status if status.is_redirection() => {
                    let next = response.headers().get(header::LOCATION).and_then(|next| next.to_str().ok());
                    at = next.and_then(|next| join(&at, next)).ok_or(Unfetched::Status(at.to_string(), status))?;
                }
                status => return Err(Unfetched::Status(at.to_string(), status)),
            }
        }
        Err(Unfetched::Redirects(address.to_owned()))
    }

    async fn request(&self, at: &Uri, range: Option<&Range<u64>>) -> Result<Response<Incoming>, Unfetched> {
        let silent = |error: &dyn std::error::Error| Unfetched::Host(at.to_string(), chain(error));
        let agent = concat!("tumen/", env!("CARGO_PKG_VERSION"));
        let mut request = Request::get(at.clone()).header(header::USER_AGENT, agent);
        if let Some(Range { start, end }) = range {
            request = request.header(header::RANGE, format!("bytes={start}-{}", end.saturating_sub(1)));
        }
        let request = request.body(Empty::new()).map_err(|error| silent(&error))?;
        self.0.client.request(request).await.map_err(|error| silent(&error))
    }

    async fn body(&self, at: &Uri, response: Response<Incoming>) -> Result<Outcome, Unfetched> {
        let body = Limited::new(response.into_body(), self.0.limits.bytes).collect().await;
        body.map(|body| Outcome::Body(body.to_bytes()))
            .map_err(|error| Unfetched::Host(at.to_string(), error.to_string()))
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Remote").field(&self.0.reach).field(&self.0.limits).finish()
    }
}

fn read_file(file: &Path, reach: &Reach, most: u64) -> io::Result<Vec<u8>> {
    let file = reach.permitted(file).ok_or(io::ErrorKind::PermissionDenied)?;
    let about = std::fs::metadata(&file)?;
    if !about.is_file() || about.len() > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    std::fs::read(file)
}

/// Whether a part is the one that was asked for.
fn starts_at(response: &Response<Incoming>, range: Option<&Range<u64>>) -> bool {
    let written = response.headers().get(header::CONTENT_RANGE).and_then(|range| range.to_str().ok());
    let start = written.and_then(|text| text.strip_prefix("bytes ")?.split('-').next()?.trim().parse().ok());
    range.is_some_and(|range| start == Some(range.start))
}

/// An error with all that led to it: the client's own words say little.
fn chain(error: &dyn std::error::Error) -> String {
    let (mut text, mut cause) = (error.to_string(), error.source());
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// The address with what may not stand in one escaped, such as spaces in names of fonts.
fn encoded(address: &str) -> String {
    const FORBIDDEN: &percent_encoding::AsciiSet =
        &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'#');
    percent_encoding::utf8_percent_encode(address, FORBIDDEN).to_string()
}

/// Where a redirect leads: another address, or a path on the same host.
pub(super) fn join(from: &Uri, next: &str) -> Option<Uri> {
    let (scheme, host) = (from.scheme_str()?, from.authority()?);
    if let Some(rest) = next.strip_prefix("//") {
        return format!("{scheme}://{rest}").parse().ok();
    }
    if next.starts_with('/') {
        return format!("{scheme}://{host}{next}").parse().ok();
    }
    let is_scheme = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if next.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme)) {
        return next.parse().ok();
    }
    let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{scheme}://{host}{folder}/{next}").parse().ok()
}
