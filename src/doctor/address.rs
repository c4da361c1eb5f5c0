//! Addresses: what they consist of, and where a link leads.

use hyper::Uri;

/// Where a link of a document leads; `None` when it is no address of HTTP.
pub(super) fn join(from: &str, href: &str) -> Option<String> {
    let href = href.trim();
    if is_absolute(href) {
        return Some(href.to_owned());
    }
    let base: Uri = from.parse().ok()?;
    let (scheme, authority) = (base.scheme_str()?, base.authority()?);
    if let Some(rest) = href.strip_prefix("//") {
        return Some(format!("{scheme}://{rest}"));
    }
    if href.starts_with('/') {
        return Some(format!("{scheme}://{authority}{href}"));
    }
    if href.starts_with('?') {
        return Some(format!("{scheme}://{authority}{}{href}", base.path()));
    }
    let folder = base.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    (!href.is_empty() && !href.contains(':')).then(|| format!("{scheme}://{authority}{folder}/{href}"))
}

/// Whether it names its host.
pub(super) fn is_absolute(href: &str) -> bool {
    href.starts_with("http://") || href.starts_with("https://")
}

/// Scheme, host and port: `http://host:port`, without a port that goes without saying.
pub(super) fn origin(url: &str) -> Option<String> {
    let uri: Uri = encoded(url).parse().ok()?;
    let (scheme, host) = (uri.scheme_str()?.to_ascii_lowercase(), uri.host()?.to_ascii_lowercase());
    let usual = if scheme == "https" { 443 } else { 80 };
    let port = uri.port_u16().filter(|&port| port != usual).map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{host}{port}"))
}

/// The path, without a query.
pub(super) fn path(url: &str) -> String {
    encoded(url).parse::<Uri>().map(|uri| uri.path().to_owned()).unwrap_or_default()
}

/// An address with these parameters behind those that it has.
pub(super) fn with(url: &str, query: &str) -> String {
    match url {
        _ if url.ends_with(['?', '&']) => format!("{url}{query}"),
        _ if url.contains('?') => format!("{url}&{query}"),
        _ => format!("{url}?{query}"),
    }
}

/// The address with what may not stand in one escaped.
pub(super) fn encoded(url: &str) -> String {
    const FORBIDDEN: &percent_encoding::AsciiSet =
        &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'#');
    percent_encoding::utf8_percent_encode(url, FORBIDDEN).to_string()
}

/// A text as one segment of a path or one value of a query.
pub(super) fn segment(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_where_a_browser_would_go() {
        let from = "http://host:81/a/b?c=d";
        for (href, leads) in [
            ("https://x/y", "https://x/y"),
            ("//x/y", "http://x/y"),
            ("/y", "http://host:81/y"),
            ("y", "http://host:81/a/y"),
            ("?e=f", "http://host:81/a/b?e=f"),
        ] {
            assert_eq!(join(from, href).as_deref(), Some(leads), "{href}");
        }
        assert_eq!(join(from, "mailto:x"), None);
        assert_eq!(origin("HTTP://Host:80/x").as_deref(), Some("http://host"));
        assert_eq!(with("http://h/w", "a=b"), "http://h/w?a=b");
        assert_eq!(with("http://h/w?", "a=b"), "http://h/w?a=b");
    }
}
