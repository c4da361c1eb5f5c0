//! Answers: entity tags, what is still current, and the headers that go with a representation.

use std::hash::Hasher;

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Serialize;
use xxhash_rust::xxh3::Xxh3;

use super::Error;
use super::Format;
use super::Link;
use super::kept::Keep;
use crate::space::Crs;
use crate::tile::Encoding;
use crate::tile::Tile;

/// What may be kept, and is to be asked for again with its tag before each use.
pub(super) const CHECKED: &str = "public, no-cache";

/// An entity tag (RFC 9110, 8.8.3).
///
/// Those of documents are weak, because the same tag stands for a body that was compressed on the way and for one with another
/// time stamp. Those of tiles are strong: one for each way of packing, and the same on every server with the same data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// A tag made of what the body is made of. The program's version is always a part of it.
    pub fn of(parts: &[&[u8]]) -> Self {
        Self(format!("W/\"{}\"", digest(parts)))
    }

    /// The tag of a tile as it is packed.
    pub fn of_tile(tile: &Tile) -> Self {
        let digest = digest(&[tile.etag.as_bytes()]);
        match tile.encoding {
            Encoding::Identity => Self(format!("\"{digest}\"")),
            packed => Self(format!("\"{digest}-{}\"", packed.name())),
        }
    }

    /// Whether the client has this already (`If-None-Match`, compared weakly: RFC 9110, 13.1.2).
    pub fn is_known(&self, headers: &HeaderMap) -> bool {
        is_known(&self.0, headers)
    }

    /// The answer 304 when the client has it already.
    pub fn unchanged(&self, headers: &HeaderMap) -> Option<Response> {
        self.is_known(headers).then(|| self.put_on(StatusCode::NOT_MODIFIED.into_response()))
    }

    /// The answer with this body and tag.
    pub fn answer(&self, content_type: &'static str, body: Body) -> Response {
        let mut response = self.put_on(body.into_response());
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        response
    }

    /// The answer with this tag, to be checked before each use.
    pub(super) fn put_on(&self, mut response: Response) -> Response {
        let tag = HeaderValue::from_str(&self.0).expect("a tag is made of hexadecimal digits and quotes");
        response.headers_mut().insert(header::ETAG, tag);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(CHECKED));
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
        response
    }
}

/// Whether the client has what has this tag.
pub(super) fn is_known(tag: &str, headers: &HeaderMap) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let own = bare(tag);
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|tag| tag.trim() == "*" || bare(tag) == own)
}

/// A hash of parts and of the program's version.
fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Xxh3::new();
    for part in [env!("CARGO_PKG_VERSION").as_bytes()].iter().chain(parts) {
        // With its length in front no part can run into the next.
        hash.write_usize(part.len());
        hash.write(part);
    }
    format!("{:032x}", hash.digest128())
}

/// Whether the address of an answer says all that it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasting {
    /// The same catalog gives the same answer, so that it may be given again without asking for it.
    pub in_catalog: bool,
    /// The address names the version of what it shows: it never changes.
    pub is_versioned: bool,
}

/// Answers with a tile, packed as it is: 204 when it shows nothing, 304 when the client has it.
pub fn tile(headers: &HeaderMap, tile: &Tile, content_type: &'static str, lasting: Lasting) -> Response {
    let tag = ETag::of_tile(tile);
    let mut response = match tag.unchanged(headers) {
        Some(unchanged) => unchanged,
        None if tile.is_empty() => tag.put_on(StatusCode::NO_CONTENT.into_response()),
        None => {
            let mut response = tag.answer(content_type, Body::from(tile.bytes.clone()));
            if tile.encoding != Encoding::Identity {
                let coding = HeaderValue::from_static(tile.encoding.name());
                response.headers_mut().insert(header::CONTENT_ENCODING, coding);
            }
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(tile.bytes.len()));
            if lasting.in_catalog {
                response.extensions_mut().insert(Keep(tile.bytes.clone()));
            }
            response
        }
    };
    if lasting.is_versioned {
        keep(&mut response);
    }
    response
}

/// Lets clients and proxies keep an answer without asking again: its address says which version it is of.
pub(super) fn keep(answer: &mut Response) {
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    answer.headers_mut().insert(header::CACHE_CONTROL, forever);
}

/// Says in headers how many features were selected and how many are in the answer, because not every representation can.
pub fn counted(response: &mut Response, matched: usize, returned: usize) {
    for (name, count) in [("ogc-numbermatched", matched), ("ogc-numberreturned", returned)] {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from(count));
    }
}

/// Says in which system coordinates are (OGC API Features, Part 2, 6.2.2).
pub fn located(response: &mut Response, crs: &Crs) {
    if let Ok(value) = HeaderValue::from_str(&format!("<{}>", crs.uri())) {
        response.headers_mut().insert(HeaderName::from_static("content-crs"), value);
    }
}

/// Says links in the header `Link` (RFC 8288), because not every representation can.
pub fn linked<'a>(response: &mut Response, links: impl Iterator<Item = &'a Link>) {
    for link in links {
        let text = format!("<{}>; rel=\"{}\"; type=\"{}\"", link.href, link.rel, link.media_type);
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().append(header::LINK, value);
        }
    }
}

/// Answers with a JSON document, whose tag is made of its text.
pub fn json(headers: &HeaderMap, format: Format, document: &impl Serialize) -> Result<Response, Error> {
    Ok(text(headers, format, serde_json::to_vec(document).map_err(Error::internal)?))
}

/// Answers with a page, whose tag is made of its text.
pub fn page(headers: &HeaderMap, page: &impl askama::Template) -> Result<Response, Error> {
    Ok(text(headers, Format::Html, page.render().map_err(Error::internal)?.into_bytes()))
}

/// Answers with a page whose tag was made before it.
pub fn page_tagged(tag: &ETag, page: &impl askama::Template) -> Result<Response, Error> {
    let text = page.render().map_err(Error::internal)?;
    Ok(tag.answer(Format::Html.content_type(), Body::from(text)))
}

/// Answers with a page that tells what is wrong.
pub fn refused(error: &Error, page: &impl askama::Template) -> Result<Response, Error> {
    let (status, _) = error.status();
    let mut response = (status, page.render().map_err(Error::internal)?).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(Format::Html.content_type()));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn text(headers: &HeaderMap, format: Format, text: Vec<u8>) -> Response {
    let tag = ETag::of(&[format.media_type().as_bytes(), &text]);
    tag.unchanged(headers).unwrap_or_else(|| tag.answer(format.content_type(), Body::from(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(ETag::of(&[b"ab", b"c"]), ETag::of(&[b"a", b"bc"]));
        assert_eq!(ETag::of(&[b"ab", b"c"]), ETag::of(&[b"ab", b"c"]));
    }

    #[test]
    fn a_tag_is_known_weakly_in_a_list_and_by_the_star() {
        let tag = ETag("W/\"1\"".to_owned());
        for (value, known) in
            [("W/\"1\"", true), ("\"1\"", true), ("\"0\", W/\"1\"", true), ("*", true), ("\"2\"", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            assert_eq!(tag.is_known(&headers), known, "{value}");
        }
    }
}
