//! The files that the pages load: scripts and style sheets, built into the program.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::Response;
use bytes::Bytes;
use libdeflater::Decompressor;
use rust_embed::Embed;

use super::App;
use super::Error;
use super::coding::accepts;
use super::path::Path;
use super::respond::ETag;
use super::respond::keep;
use crate::tile::Encoding;

/// What the bundler of the viewer writes: each file as gzip, with `.gz` after its name.
#[derive(Embed)]
#[folder = "src/http/viewer/dist/packed/"]
struct Embedded;

/// Files by their path below `/assets/`.
pub(super) struct Assets(HashMap<String, Asset>);

struct Asset {
    /// RFC 1952.
    gzip: Bytes,
    content_type: &'static str,
    etag: ETag,
    /// Its name holds a hash of its content, so that it never changes.
    is_immutable: bool,
}

impl Assets {
    pub(super) fn embedded() -> Self {
        let assets = Embedded::iter().filter_map(|packed| {
            let path = packed.strip_suffix(".gz")?.to_owned();
            let gzip = match Embedded::get(&packed)?.data {
                std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
            };
            let (content_type, is_immutable) = (content_type(&path), is_hashed(&path));
            let etag = ETag::of(&[path.as_bytes(), &gzip]);
            Some((path, Asset { gzip, content_type, etag, is_immutable }))
        });
        Self(assets.collect())
    }
}

/// Answers with one of the files.
pub(super) async fn asset(
    State(app): State<App>,
    headers: HeaderMap,
    Path(path): Path<String>,
) -> Result<Response, Error> {
    let missing = || Error::NotFound(format!("file '{path}'"));
    let asset = app.assets.0.get(&path).ok_or_else(missing)?;
    let gzipped = accepts(&headers, Encoding::Gzip);
    let mut response = asset.etag.unchanged(&headers).unwrap_or_else(|| {
        let body = if gzipped { asset.gzip.clone() } else { asset.unpacked() };
        let mut response = asset.etag.answer(asset.content_type, Body::from(body));
        if gzipped {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    });
    let answer = response.headers_mut();
    answer.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if asset.is_immutable {
        keep(&mut response);
    }
    Ok(response)
}

impl Asset {
    /// The file for the rare client that cannot unpack.
    fn unpacked(&self) -> Bytes {
        let length = self.gzip.last_chunk().map_or(0, |length| u32::from_le_bytes(*length));
        let mut body = vec![0; length as usize];
        let unpacked = Decompressor::new().gzip_decompress(&self.gzip, &mut body);
        unpacked.expect("the program's own files are whole, and end in their length");
        body.into()
    }
}

/// Whether the bundler put a hash into the name: `shared-ABCD1234.js`.
fn is_hashed(path: &str) -> bool {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_in_the_name_is_known() {
        assert!(is_hashed("shared-IGUCRYRA.js"));
        assert!(!is_hashed("viewer.js"));
        assert!(!is_hashed("maplibre-worker.js"));
    }

    #[test]
    fn every_file_unpacks_for_a_client_that_cannot() {
        let assets = Assets::embedded();
        assert!(assets.0.contains_key("viewer.js") && assets.0.contains_key("page.css"), "the bundles are there");
        for (path, asset) in &assets.0 {
            let body = asset.unpacked();
            assert!(std::str::from_utf8(&body).is_ok_and(|text| !text.is_empty()), "{path}");
            assert!(asset.gzip.len() < body.len(), "{path}");
        }
    }
}
