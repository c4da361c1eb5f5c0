//! The files that the pages load: scripts and style sheets, built into the program.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::Response;
use bytes::Bytes;
use libdeflater::CompressionLvl;
use libdeflater::Compressor;
use rust_embed::Embed;

use super::App;
use super::Error;
use super::path::Path;
use super::respond::ETag;
use super::respond::keep;

/// What the bundler of the viewer writes.
#[derive(Embed)]
#[folder = "src/http/viewer/dist/assets/"]
struct Embedded;

/// Files by their path below `/assets/`.
pub(super) struct Assets(HashMap<String, Asset>);

struct Asset {
    bytes: Bytes,
    content_type: &'static str,
    etag: ETag,
    /// Its name holds a hash of its content, so that it never changes.
    is_immutable: bool,
    /// Packed when it is first asked for.
    gzip: OnceLock<Bytes>,
}

impl Assets {
    pub(super) fn embedded() -> Self {
        let assets = Embedded::iter().filter_map(|path| {
            let bytes = match Embedded::get(&path)?.data {
                std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
            };
            let asset = Asset {
                content_type: content_type(&path),
                etag: ETag::of(&[path.as_bytes(), &bytes]),
                is_immutable: is_hashed(&path),
                gzip: OnceLock::new(),
                bytes,
            };
            Some((path.into_owned(), asset))
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
    let gzipped = asset.is_worth_packing() && accepts_gzip(&headers);
    let mut response = asset.etag.unchanged(&headers).unwrap_or_else(|| {
        let body = if gzipped { asset.gzip() } else { asset.bytes.clone() };
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
    fn is_worth_packing(&self) -> bool {
        self.bytes.len() > 1024 && (self.content_type.starts_with("text/") || self.content_type.contains("json"))
    }

    fn gzip(&self) -> Bytes {
        let pack = || {
            let mut compressor = Compressor::new(CompressionLvl::best());
            let mut packed = vec![0; compressor.gzip_compress_bound(self.bytes.len())];
            let length =
                compressor.gzip_compress(&self.bytes, &mut packed).expect("the buffer has the size of the bound");
            packed.truncate(length);
            Bytes::from(packed)
        };
        self.gzip.get_or_init(pack).clone()
    }
}

/// Whether gzip is named, and not with the quality zero.
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        named && !parts.any(|parameter| parameter.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32)))
    })
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
    fn gzip_is_used_only_where_it_is_accepted() {
        for (value, accepted) in [("gzip", true), ("br, gzip;q=0.5", true), ("br", false), ("gzip;q=0", false)] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().unwrap());
            assert_eq!(accepts_gzip(&headers), accepted, "{value}");
        }
    }
}
