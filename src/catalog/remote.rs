//! The only door that leads out: fetches what styles and sources name, with limits.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use http_body_util::Empty;
use http_body_util::Limited;
use hyper::Request;
use hyper::StatusCode;
use hyper::Uri;
use hyper::header;
use hyper_rustls::HttpsConnector;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

/// A client that reaches any address, file or host. Only for whoever wrote the addresses himself: a server that draws the
/// styles of others must not have one.
#[derive(Clone, Debug)]
pub struct Remote {
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    limits: RemoteLimits,
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
    File(String, std::io::Error),
}

impl Default for RemoteLimits {
    fn default() -> Self {
        Self { bytes: 64 << 20, time: Duration::from_secs(20), redirects: 5 }
    }
}

impl Remote {
    /// A client with limits.
    pub fn new(limits: RemoteLimits) -> Self {
        let connector = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        Self { client: Client::builder(TokioExecutor::new()).build(connector), limits }
    }

    /// Fetches an address of `http:`, `https:` or `file:`; `None` when there is nothing (404, 410), and no bytes when what is
    /// there is empty (204).
    ///
    /// # Errors
    /// When it cannot be reached, is refused, too large or too slow.
    pub async fn fetch(&self, address: &str) -> Result<Option<Bytes>, Unfetched> {
        if let Some(path) = address.strip_prefix("file://") {
            return self.read(path).await;
        }
        let within = timeout(self.limits.time, self.follow(address)).await;
        within.map_err(|_| Unfetched::Time(address.to_owned()))?
    }

    async fn read(&self, path: &str) -> Result<Option<Bytes>, Unfetched> {
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
        let failed = |error| Unfetched::File(decoded.clone(), error);
        let file = PathBuf::from(&decoded);
        match tokio::task::spawn_blocking(move || std::fs::metadata(&file).map(|about| (about.len(), file))).await {
            Ok(Ok((length, file))) if length <= self.limits.bytes as u64 => {
                let read = tokio::task::spawn_blocking(move || std::fs::read(file)).await.map_err(std::io::Error::from);
                read.and_then(|bytes| bytes).map(|bytes| Some(bytes.into())).map_err(failed)
            }
            Ok(Ok(_)) => Err(failed(std::io::ErrorKind::FileTooLarge.into())),
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Ok(Err(error)) => Err(failed(error)),
            Err(error) => Err(failed(error.into())),
        }
    }

    async fn follow(&self, address: &str) -> Result<Option<Bytes>, Unfetched> {
        let unreadable = |address: &str| Unfetched::Address(address.to_owned());
        let mut at: Uri = encoded(address).parse().map_err(|_| unreadable(address))?;
        for _ in 0..=self.limits.redirects {
            if !matches!(at.scheme_str(), Some("http" | "https")) {
                return Err(unreadable(&at.to_string()));
            }
            let silent = |error: &dyn std::fmt::Display| Unfetched::Host(at.to_string(), error.to_string());
            let agent = concat!("tumen/", env!("CARGO_PKG_VERSION"));
            let request = Request::get(at.clone()).header(header::USER_AGENT, agent).body(Empty::new());
            let response =
                self.client.request(request.map_err(|error| silent(&error))?).await.map_err(|error| silent(&error))?;
            match response.status() {
                StatusCode::OK => {
                    let body = Limited::new(response.into_body(), self.limits.bytes).collect().await;
                    return body.map(|body| Some(body.to_bytes())).map_err(|error| silent(&error));
                }
                StatusCode::NO_CONTENT => return Ok(Some(Bytes::new())),
                StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(None),
                status if status.is_redirection() => {
                    let next = response.headers().get(header::LOCATION).and_then(|next| next.to_str().ok());
                    at = next.and_then(|next| join(&at, next)).ok_or(Unfetched::Status(at.to_string(), status))?;
                }
                status => return Err(Unfetched::Status(at.to_string(), status)),
            }
        }
        Err(Unfetched::Redirects(address.to_owned()))
    }
}

/// The address with what may not stand in one escaped, such as spaces in names of fonts.
fn encoded(address: &str) -> String {
    const FORBIDDEN: &percent_encoding::AsciiSet =
        &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'#');
    percent_encoding::utf8_percent_encode(address, FORBIDDEN).to_string()
}

/// Where a redirect leads: another address, or a path on the same host.
fn join(from: &Uri, next: &str) -> Option<Uri> {
    if next.contains("://") {
        return next.parse().ok();
    }
    let (scheme, host) = (from.scheme_str()?, from.authority()?);
    let path = if next.starts_with('/') {
        next.to_owned()
    } else {
        let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{folder}/{next}")
    };
    format!("{scheme}://{host}{path}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_leads_to_an_address_or_a_path() {
        let from = "https://a.example/x/y".parse().unwrap();
        let led = |next: &str| join(&from, next).unwrap().to_string();
        assert_eq!(led("http://b.example/z"), "http://b.example/z");
        assert_eq!(led("/z"), "https://a.example/z");
        assert_eq!(led("z"), "https://a.example/x/z");
    }

    #[tokio::test]
    async fn files_are_read_and_missing_ones_are_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a b.txt");
        std::fs::write(&file, "seen").unwrap();
        let remote = Remote::new(RemoteLimits { bytes: 4, ..RemoteLimits::default() });
        let address = |name: &str| format!("file://{}/{name}", folder.path().display());
        assert_eq!(remote.fetch(&address("a%20b.txt")).await.unwrap().as_deref(), Some(&b"seen"[..]));
        assert_eq!(remote.fetch(&address("c.txt")).await.unwrap(), None);
        std::fs::write(&file, "too long").unwrap();
        assert!(matches!(remote.fetch(&address("a b.txt")).await, Err(Unfetched::File(..))));
        assert!(matches!(remote.fetch("ftp://x").await, Err(Unfetched::Address(_))));
    }
}
