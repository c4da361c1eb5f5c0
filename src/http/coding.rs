//! Which content coding a client takes (RFC 9110, 12.5.3).

use axum::http::HeaderMap;
use axum::http::header;

use crate::tile::Encoding;

/// The coding of a body that can be had in each: what the client likes best, and of equals the one that serves it best. A
/// client that says nothing gets the body as it is, since many who say nothing cannot unpack.
pub(super) fn coding(headers: &HeaderMap) -> Encoding {
    let mut best = (0.0, Encoding::Identity);
    for encoding in Encoding::ALL {
        if let Some(quality) = quality(headers, encoding)
            && quality > best.0
        {
            best = (quality, encoding);
        }
    }
    best.1
}

/// Whether a client takes a coding at all.
pub(super) fn accepts(headers: &HeaderMap, encoding: Encoding) -> bool {
    quality(headers, encoding).is_some_and(|quality| quality > 0.0)
}

/// How much a client likes a coding, from 0 to 1; `None` when it neither names it nor all others.
fn quality(headers: &HeaderMap, encoding: Encoding) -> Option<f32> {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut of_all = None;
    for item in values.flat_map(|value| value.split(',')) {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let quality = parameters.split(';').find_map(|text| text.trim().strip_prefix("q="));
        let quality = quality.map_or(1.0, |text| text.trim().parse().unwrap_or(0.0));
        if name.trim().eq_ignore_ascii_case(encoding.name()) {
            return Some(quality);
        }
        if name.trim() == "*" {
            of_all = Some(quality);
        }
    }
    of_all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())])
    }

    #[test]
    fn the_best_liked_coding_is_taken_and_of_equals_the_best() {
        for (value, expected) in [
            ("gzip, deflate, br, zstd", Encoding::Zstd),
            ("gzip, deflate, br", Encoding::Brotli),
            ("gzip", Encoding::Gzip),
            ("GZIP;q=1.0, br;q=0.8", Encoding::Gzip),
            ("gzip;q=0", Encoding::Identity),
            ("deflate", Encoding::Identity),
            ("", Encoding::Identity),
            ("*", Encoding::Zstd),
            ("*;q=0.5, zstd;q=0, br;q=0", Encoding::Gzip),
            ("identity, gzip;q=0.5", Encoding::Identity),
            ("gzip;q=x", Encoding::Identity),
        ] {
            assert_eq!(coding(&headers(value)), expected, "{value}");
        }
        assert_eq!(coding(&HeaderMap::new()), Encoding::Identity);
    }

    #[test]
    fn a_coding_is_accepted_when_it_is_named_and_not_refused() {
        for (value, accepted) in [("gzip", true), ("br, gzip;q=0.5", true), ("br", false), ("gzip;q=0", false)] {
            assert_eq!(accepts(&headers(value), Encoding::Gzip), accepted, "{value}");
        }
    }
}
