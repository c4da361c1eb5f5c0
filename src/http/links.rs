//! Absolute addresses: where the client believes the server to be, and links from there.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use axum::http::header;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use serde::Serialize;

use super::App;
use super::Format;
use crate::config::Config;

/// A link of a JSON document (RFC 8288 in OGC API Common, `link.yaml`).
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, absolute.
    pub href: String,
    /// How what is there relates to the document.
    pub rel: &'static str,
    /// The media type of what is there.
    #[serde(rename = "type")]
    pub media_type: &'static str,
    /// What it is, for people.
    pub title: String,
    /// Whether braces in it are to be filled in (RFC 6570).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub templated: bool,
}

impl Link {
    /// A link to one representation of a resource.
    pub fn new(rel: &'static str, format: Format, title: impl Into<String>, href: String) -> Self {
        Self { href, rel, media_type: format.media_type(), title: title.into(), templated: false }
    }

    /// The same link with braces in its address.
    #[must_use]
    pub fn templated(self) -> Self {
        Self { templated: true, ..self }
    }
}

/// The address of the landing page as the client wrote it, without the slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// Makes it out of the request: of the header `Host`, and, if the peer is a proxy that is trusted, of what it forwards
    /// (RFC 7239 `Forwarded`, else `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`).
    pub(super) fn of(parts: &Parts, app: &App) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let trusts = |peer| app.config.trusted_proxies.iter().any(|network| network.contains(peer));
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).and_then(authority);
        // A request in absolute form names its host in the first line (RFC 9112, 3.2.2).
        let host = parts.uri.authority().map(|authority| authority.as_str().to_owned()).or(host);
        let host = host.unwrap_or_else(|| "localhost".to_owned());
        if peer.is_some_and(trusts) {
            return Self::forwarded(&parts.headers, host, &app.config);
        }
        Self(format!("http://{host}{}", app.config.base_path))
    }

    fn forwarded(headers: &HeaderMap, host: String, config: &Config) -> Self {
        let first = |name: &str| {
            let value = headers.get(name)?.to_str().ok()?;
            value.split(',').next().map(str::trim).filter(|value| !value.is_empty())
        };
        let element = |name: &str| {
            let pairs = first("forwarded")?.split(';').filter_map(|pair| pair.split_once('='));
            let mut values = pairs.filter(|(own, _)| own.trim().eq_ignore_ascii_case(name));
            values.next().map(|(_, value)| value.trim().trim_matches('"'))
        };
        let scheme = element("proto").or_else(|| first("x-forwarded-proto"));
        let scheme = scheme.filter(|scheme| scheme.eq_ignore_ascii_case("https")).map_or("http", |_| "https");
        let mut host = element("host").or_else(|| first("x-forwarded-host")).and_then(authority).unwrap_or(host);
        let port = first("x-forwarded-port").and_then(|port| port.parse::<u16>().ok());
        if let Some(port) = port.filter(|_| !has_port(&host)) {
            let usual = if scheme == "https" { 443 } else { 80 };
            if port != usual {
                host = format!("{host}:{port}");
            }
        }
        let prefix =
            first("x-forwarded-prefix").map(|prefix| prefix.trim_matches('/')).filter(|prefix| is_path(prefix));
        let prefix = prefix.map_or_else(|| config.base_path.clone(), |prefix| format!("/{prefix}"));
        Self(format!("{scheme}://{host}{prefix}"))
    }

    /// The absolute address of a path, which starts with a slash and may carry a query.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The part after the host, empty at the root: what links within the same host start with.
    pub fn path(&self) -> &str {
        let after_scheme = self.0.find("://").map_or(0, |at| at + 3);
        self.0[after_scheme..].find('/').map_or("", |at| &self.0[after_scheme + at..])
    }
}

/// A host with an optional port, if it is one.
fn authority(text: &str) -> Option<String> {
    let authority: Authority = text.parse().ok()?;
    // User information in front of a host is no part of any address of ours.
    (!authority.host().is_empty() && !text.contains('@')).then(|| text.to_owned())
}

fn has_port(host: &str) -> bool {
    host.parse::<Authority>().is_ok_and(|authority| authority.port().is_some())
}

fn is_path(prefix: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte);
    !prefix.is_empty() && prefix.bytes().all(allowed)
}
