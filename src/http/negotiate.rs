//! Which representation a client wants: the parameter `f`, else the header `Accept` (RFC 9110, 12.5.1).

use axum::http::HeaderMap;
use axum::http::header;

use super::Error;
use super::Params;

/// A representation of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A JSON document.
    Json,
    /// Features (RFC 7946).
    GeoJson,
    /// Features with their times, their type and their coordinate system (JSON-FG, OGC 21-045r1).
    JsonFg,
    /// Features, one a record (RFC 8142).
    GeoJsonSeq,
    /// Features as a table (RFC 4180).
    Csv,
    /// Features as `FlatGeobuf`.
    FlatGeobuf,
    /// What features consist of (JSON Schema 2020-12).
    Schema,
    /// A page to read.
    Html,
    /// The description of the API (OpenAPI 3.0).
    OpenApi,
    /// The same in OpenAPI 3.1.
    OpenApi31,
    /// The description of a set of tiles (TileJSON 3.0).
    TileJson,
    /// A vector tile.
    Mvt,
    /// A vector tile, column by column.
    Mlt,
    /// A style of MapLibre's.
    Style,
    /// A range of glyphs.
    Glyphs,
    /// An XML document of the services before the OGC APIs.
    Xml,
    /// Lines of text.
    Text,
    /// Events, as they come (HTML standard, 9.2).
    Events,
    /// A drawing.
    Svg,
    /// A picture.
    Png,
    /// A picture, smaller.
    Webp,
    /// A picture on white, with loss.
    Jpeg,
}

impl Format {
    /// Its value of the parameter `f`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json | Self::Schema | Self::OpenApi => "json",
            Self::GeoJson => "geojson",
            Self::JsonFg => "jsonfg",
            Self::GeoJsonSeq => "geojsonseq",
            Self::Csv => "csv",
            Self::FlatGeobuf => "fgb",
            Self::OpenApi31 => "openapi31",
            Self::Html => "html",
            Self::TileJson => "tilejson",
            Self::Mvt => "mvt",
            Self::Mlt => "mlt",
            Self::Style => "style",
            Self::Glyphs => "pbf",
            Self::Xml => "xml",
            Self::Text => "text",
            Self::Events => "events",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Jpeg => "jpeg",
        }
    }

    /// Its media type, as links name it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json | Self::TileJson => "application/json",
            Self::GeoJson => "application/geo+json",
            Self::JsonFg => "application/vnd.ogc.fg+json",
            Self::GeoJsonSeq => "application/geo+json-seq",
            Self::Csv => "text/csv",
            Self::FlatGeobuf => "application/flatgeobuf",
            Self::Schema => "application/schema+json",
            Self::Html => "text/html",
            Self::OpenApi => "application/vnd.oai.openapi+json;version=3.0",
            Self::OpenApi31 => "application/vnd.oai.openapi+json;version=3.1",
            Self::Mvt => "application/vnd.mapbox-vector-tile",
            Self::Mlt => "application/vnd.maplibre-tile",
            Self::Style => "application/vnd.mapbox.style+json",
            Self::Glyphs => "application/x-protobuf",
            Self::Xml => "application/xml",
            Self::Text => "text/plain",
            Self::Events => "text/event-stream",
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// The header `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            _ => self.media_type(),
        }
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::GeoJson => "GeoJSON",
            Self::JsonFg => "JSON-FG",
            Self::GeoJsonSeq => "GeoJSON sequence",
            Self::Csv => "CSV",
            Self::FlatGeobuf => "FlatGeobuf",
            Self::Schema => "JSON Schema",
            Self::Html => "HTML",
            Self::OpenApi => "OpenAPI 3.0",
            Self::OpenApi31 => "OpenAPI 3.1",
            Self::TileJson => "TileJSON",
            Self::Mvt => "vector tile",
            Self::Mlt => "MapLibre tile",
            Self::Style => "MapLibre style",
            Self::Glyphs => "glyphs",
            Self::Xml => "XML",
            Self::Text => "text",
            Self::Events => "events",
            Self::Svg => "SVG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
            Self::Jpeg => "JPEG",
        }
    }

    /// Media types under which it is asked for too, because it is one of them: GeoJSON is JSON.
    const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["text/json", "text/javascript", "application/javascript"],
            Self::GeoJson => &["application/json", "application/vnd.geo+json", "text/json"],
            Self::JsonFg => &["application/fg+json"],
            Self::GeoJsonSeq => &["application/geojson-seq"],
            Self::FlatGeobuf => &["application/vnd.flatgeobuf"],
            Self::Schema => &["application/json", "text/json"],
            Self::Html => &["application/xhtml+xml"],
            Self::OpenApi => &["application/json", "application/openapi+json", "text/json"],
            Self::TileJson => &["text/json"],
            Self::Mvt => &["application/x-protobuf"],
            // The name that it had at first.
            Self::Mlt => &["application/vnd.maplibre-vector-tile"],
            Self::Style => &["application/json"],
            Self::OpenApi31 => &["application/openapi+json"],
            Self::Xml => &["text/xml"],
            Self::Csv | Self::Glyphs | Self::Text | Self::Events | Self::Svg | Self::Png | Self::Webp | Self::Jpeg => {
                &[]
            }
        }
    }

    /// Other values of the parameter `f` that mean it.
    const fn other_names(self) -> &'static [&'static str] {
        match self {
            Self::GeoJson => &["json"],
            Self::JsonFg => &["fg"],
            Self::GeoJsonSeq => &["geojsonl", "jsonseq"],
            Self::FlatGeobuf => &["flatgeobuf"],
            Self::Schema => &["schema"],
            Self::OpenApi => &["openapi", "openapi30"],
            Self::Mvt => &["pbf"],
            Self::Jpeg => &["jpg"],
            _ => &[],
        }
    }

    /// All values of the parameter `f` that mean it, the media type aside.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name()).chain(self.other_names().iter().copied())
    }
}

/// Chooses among `offers`, the first of which is what a client gets that does not say.
pub fn negotiate(f: Option<&str>, headers: &HeaderMap, offers: &[Format]) -> Result<Format, Error> {
    if let Some(f) = f {
        return named(f, offers);
    }
    let accept: Vec<&str> = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    if accept.iter().all(|value| value.trim().is_empty()) {
        return Ok(offers[0]);
    }
    let ranges: Vec<Range<'_>> = accept.iter().flat_map(|value| value.split(',')).filter_map(Range::parse).collect();
    let mut best: Option<(f32, Format)> = None;
    for &offer in offers {
        let quality = quality(offer, &ranges);
        if quality > best.map_or(0.0, |(quality, _)| quality) {
            best = Some((quality, offer));
        }
    }
    let media_types = || offers.iter().map(|offer| offer.media_type()).collect();
    best.map(|(_, offer)| offer).ok_or_else(|| Error::NotAcceptable(media_types()))
}

/// The offer that the parameter `f` names, by its short name or its media type.
fn named(f: &str, offers: &[Format]) -> Result<Format, Error> {
    let means = |offer: &Format| f == offer.media_type() || offer.names().any(|name| name == f);
    offers.iter().copied().find(means).ok_or_else(|| {
        let names: Vec<&str> = offers.iter().flat_map(|offer| offer.names()).collect();
        Error::Invalid(format!("the parameter 'f' is '{f}' but may be {}", names.join(", ")))
    })
}

/// One media range of an `Accept` header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    /// The parameter `version`, the only one that tells our media types apart.
    version: Option<&'a str>,
    quality: f32,
}

impl<'a> Range<'a> {
    /// `None` for what is no media range; the header's other ranges still count.
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut range = Self { kind, subtype, version: None, quality: 1.0 };
        for parameter in parts {
            let Some((name, value)) = parameter.split_once('=') else { continue };
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => range.quality = value.parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q))?,
                "version" => range.version = Some(value),
                _ => {}
            }
        }
        Some(range)
    }

    /// How exactly the range names a media type; `None` when it does not match.
    fn exactness(&self, media_type: &str) -> Option<u8> {
        let (essence, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
        let (kind, subtype) = essence.split_once('/')?;
        if self.version.is_some_and(|version| parameters.strip_prefix("version=").is_some_and(|own| own != version)) {
            return None;
        }
        let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        match (self.kind, self.subtype) {
            ("*", "*") => Some(0),
            (own, "*") => same(own, kind).then_some(1),
            (own, sub) if same(own, kind) && same(sub, subtype) => Some(if self.version.is_some() { 3 } else { 2 }),
            _ => None,
        }
    }
}

/// Whether a client would rather have a page than a document of another kind: to whom a page tells what is wrong.
pub fn wants_page(query: &str, headers: &HeaderMap) -> bool {
    // Of every answer it is asked whether a page would be wanted, and tiles come by the thousand.
    let accepts = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    if !query.contains("html") && !accepts.into_iter().any(|accept| accept.contains("html")) {
        return false;
    }
    match Params::unchecked(query).written("f") {
        Some(format) => format == Format::Html.name() || format == Format::Html.media_type(),
        None => negotiate(None, headers, &[Format::Json, Format::Html]).is_ok_and(|format| format == Format::Html),
    }
}

/// The quality that the most exact range gives an offer.
fn quality(offer: Format, ranges: &[Range<'_>]) -> f32 {
    let mut found: Option<(u8, f32)> = None;
    let media_types = std::iter::once(offer.media_type()).chain(offer.aliases().iter().copied());
    for (position, media_type) in media_types.enumerate() {
        for range in ranges {
            let Some(exactness) = range.exactness(media_type) else { continue };
            // A wildcard speaks of the media type itself, not of its other names.
            if position > 0 && exactness < 2 {
                continue;
            }
            if found.is_none_or(|(other, quality)| exactness > other || exactness == other && range.quality > quality) {
                found = Some((exactness, range.quality));
            }
        }
    }
    found.map_or(0.0, |(_, quality)| quality)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str, offers: &[Format]) -> Option<Format> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.parse().unwrap());
        negotiate(None, &headers, offers).ok()
    }

    const PAGES: &[Format] = &[Format::Json, Format::Html];
    const FEATURES: &[Format] = &[Format::GeoJson, Format::Html];

    #[test]
    fn a_browser_gets_a_page_and_a_program_json() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
        assert_eq!(accept(browser, PAGES), Some(Format::Html));
        assert_eq!(accept(browser, FEATURES), Some(Format::Html));
        assert_eq!(accept("*/*", PAGES), Some(Format::Json));
        assert_eq!(accept("", PAGES), Some(Format::Json));
        let ets = "application/json, application/javascript, text/javascript, text/json";
        assert_eq!(accept(ets, PAGES), Some(Format::Json));
        assert_eq!(negotiate(None, &HeaderMap::new(), FEATURES).ok(), Some(Format::GeoJson));
    }

    #[test]
    fn qualities_decide_and_zero_refuses() {
        assert_eq!(accept("text/html;q=0.5,application/json;q=0.9", PAGES), Some(Format::Json));
        assert_eq!(accept("text/html;q=0.9,application/json;q=0.5", PAGES), Some(Format::Html));
        assert_eq!(accept("application/json;q=0, */*", PAGES), Some(Format::Html));
        assert_eq!(accept("text/*", PAGES), Some(Format::Html));
        assert_eq!(accept("application/x-no-such-type", PAGES), None);
        assert_eq!(accept("application/json;q=0", FEATURES), None);
    }

    #[test]
    fn geojson_is_json_and_the_description_has_a_version() {
        assert_eq!(accept("application/json", FEATURES), Some(Format::GeoJson));
        assert_eq!(accept("application/geo+json", PAGES), None);
        let api = &[Format::OpenApi, Format::Html];
        assert_eq!(accept("application/vnd.oai.openapi+json; version=3.0", api), Some(Format::OpenApi));
        assert_eq!(accept("application/vnd.oai.openapi+json;version=2.0", api), None);
        assert_eq!(accept("application/json", api), Some(Format::OpenApi));
    }

    #[test]
    fn a_page_is_for_browsers_and_for_those_who_ask_for_it() {
        let mut headers = HeaderMap::new();
        assert!(wants_page("limit=1&f=html", &headers) && !wants_page("limit=1", &headers));
        headers.insert(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8".parse().unwrap());
        assert!(wants_page("", &headers) && !wants_page("f=json", &headers));
        headers.insert(header::ACCEPT, "image/avif,image/webp,*/*;q=0.8".parse().unwrap());
        assert!(!wants_page("", &headers));
    }

    #[test]
    fn f_overrides_accept() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, "application/json".parse().unwrap());
        assert_eq!(negotiate(Some("html"), &headers, FEATURES).ok(), Some(Format::Html));
        assert_eq!(negotiate(Some("json"), &headers, FEATURES).ok(), Some(Format::GeoJson));
        assert_eq!(negotiate(Some("application/geo+json"), &headers, FEATURES).ok(), Some(Format::GeoJson));
        assert!(matches!(negotiate(Some("bogus"), &headers, FEATURES), Err(Error::Invalid(_))));
    }
}
