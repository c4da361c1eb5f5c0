//! The landing page, which is the map as well.

use askama::Template;
use axum::response::Response;
use serde::Serialize;

use super::collections::Extent;
use super::map;
use super::styles;
use super::tilematrixsets;
use super::tiles;
use crate::catalog::Catalog;
use crate::catalog::Collection;
use crate::catalog::Tileset;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::page::Card;
use crate::http::page::Frame;
use crate::http::page::data_block;
use crate::http::respond;
use crate::http::xyz::tileset;
use crate::space::Bbox;
use crate::space::Rect;
use crate::style::Style;

/// What this resource conforms to.
pub(super) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
];

const FUNCTIONS: &str = "http://www.opengis.net/def/rel/ogc/1.0/functions";

#[derive(Serialize)]
struct Document<'a> {
    title: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extent: Option<Extent>,
    /// The systems of maps.
    crs: Vec<String>,
    links: Vec<Link>,
}

#[derive(Template)]
#[template(path = "landing.html")]
struct Page<'a> {
    frame: Frame,
    description: &'a str,
    attribution: Option<String>,
    links: Vec<Link>,
    cards: Vec<Card>,
    config: String,
}

/// What the viewer is told: the data block `tumen-config`.
#[derive(Serialize)]
struct Config<'a> {
    base: String,
    title: &'a str,
    style: Option<&'a str>,
    styles: Vec<&'a str>,
    bounds: Option<[f64; 4]>,
    center: Option<[f64; 3]>,
    collections: Vec<ConfigCollection<'a>>,
    /// Archives of tiles, those of pictures first: they lie below all else.
    archives: Vec<ConfigArchive<'a>>,
    version: String,
}

#[derive(Serialize)]
struct ConfigCollection<'a> {
    id: &'a str,
    title: &'a str,
    description: Option<&'a str>,
    count: usize,
    geometry: Vec<&'static str>,
    attribution: Option<&'a str>,
    bounds: Option<[f64; 4]>,
}

#[derive(Serialize)]
struct ConfigArchive<'a> {
    id: &'a str,
    title: &'a str,
    attribution: Option<&'a str>,
    vector: bool,
    /// Pixels a side of its pictures.
    size: u64,
    layers: Vec<&'a str>,
}

pub(super) fn operation() -> Operation {
    let formats = &[Format::Json, Format::Html];
    Operation::new("getLandingPage", "/", "Capabilities", "The landing page: links to everything else.", formats)
}

/// `GET /` (OGC API Common, Part 1, 7.2).
pub(in crate::http) async fn landing(call: Call) -> Result<Response, Error> {
    let operation = operation();
    let (params, format) = call.read(&operation)?;
    let settings = &call.app.config;
    let mut links = call.links(&operation, &params, format);
    let at = |path: &str| call.base.url(path);
    links.extend([
        // Clients that know OpenAPI 3.0 only look for its media type; the others take the first.
        Link::new("service-desc", Format::OpenApi31, "The API, described in OpenAPI 3.1", at("/api?f=openapi31")),
        Link::new("service-desc", Format::OpenApi, "The API, described in OpenAPI 3.0", at("/api")),
        Link::new("service-doc", Format::Html, "The API, described to read and to try", at("/api?f=html")),
        Link::new("conformance", Format::Json, "The standards that the server conforms to", at("/conformance")),
        Link::new(FUNCTIONS, Format::Json, "The functions that conditions may call", at("/functions")),
        Link::new("data", Format::Json, "The collections of features", at("/collections")),
        Link::new(tilematrixsets::REL, Format::Json, "The tile matrix sets of tiles", at("/tileMatrixSets")),
        Link::new(styles::RELATION, Format::Json, "The styles of maps", at("/styles")),
    ]);
    links.extend(map::links("A map of everything", &at("/map")));
    let capabilities = |title: &str, media_type, path: &str| Link {
        media_type,
        ..Link::new("service-meta", Format::Xml, title, at(path))
    };
    links.extend([
        capabilities("WMS 1.3.0 and 1.1.1", "text/xml", "/wms?service=WMS&request=GetCapabilities"),
        capabilities("WMTS 1.0.0", "application/xml", "/wmts/1.0.0/WMTSCapabilities.xml"),
    ]);
    if call.catalog.collections.values().any(|collection| collection.snapshot().extent().is_some()) {
        links.extend(tiles::links(&call.base, "", "all collections"));
    }
    let attribution = attribution(&call.catalog);
    if format == Format::Html {
        let page = Page {
            frame: Frame::new(&call, &settings.title).with(links.clone()),
            description: &settings.description,
            attribution,
            links,
            cards: call.catalog.collections.values().map(|collection| Card::of(&call, collection)).collect(),
            config: data_block(&config(&call))?,
        };
        return respond::page(&call.headers, &page);
    }
    let document = Document {
        title: &settings.title,
        description: &settings.description,
        attribution,
        extent: extent(&call.catalog),
        crs: map::systems(call.catalog.collections.values()),
        links,
    };
    respond::json(&call.headers, format, &document)
}

/// Where and when everything is.
fn extent(catalog: &Catalog) -> Option<Extent> {
    let collections = || catalog.collections.values();
    let times = collections().filter_map(|collection| collection.snapshot().time_extent());
    Extent::new(map::extent(collections()), times.reduce(|a, b| a.union(&b)))
}

/// All whom the collections name, each once.
fn attribution(catalog: &Catalog) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    let said = catalog.collections.values().filter_map(|collection| collection.metadata.attribution.as_deref());
    for name in said.flat_map(|names| names.split(';')).map(str::trim) {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join("; "))
}

fn config(call: &Call) -> Config<'_> {
    let collections: Vec<ConfigCollection<'_>> =
        call.catalog.collections.values().map(|collection| config_of(collection)).collect();
    let mut bounds = Rect::EMPTY;
    let archived = call.catalog.tilesets.values().filter_map(|tileset| tileset.archive.about().bounds);
    for [west, south, east, north] in collections.iter().filter_map(|collection| collection.bounds).chain(archived) {
        bounds = bounds.union(&Rect::new(west, south, east, north));
    }
    let style = call.catalog.default_style();
    Config {
        base: call.base.url("/"),
        title: &call.app.config.title,
        style: style.map(|style| &*style.id),
        styles: call.catalog.styles.keys().map(String::as_str).collect(),
        bounds: (!bounds.is_empty()).then(|| Bbox::around(&bounds).to_array()),
        center: style.and_then(|style| center(&style.style)),
        version: call.catalog.version.to_string(),
        archives: archives(&call.catalog),
        collections,
    }
}

fn archives(catalog: &Catalog) -> Vec<ConfigArchive<'_>> {
    let mut archives: Vec<ConfigArchive<'_>> = catalog.tilesets.values().map(|tileset| archive(tileset)).collect();
    archives.sort_by_key(|archive| archive.vector);
    archives
}

fn archive(archive: &Tileset) -> ConfigArchive<'_> {
    ConfigArchive {
        id: &archive.id,
        title: archive.title(),
        attribution: archive.attribution(),
        vector: tileset::is_vector(archive),
        size: archive.size(),
        layers: archive.layers(),
    }
}

/// From where a style is best looked at: longitude, latitude, zoom.
fn center(style: &Style) -> Option<[f64; 3]> {
    let [lon, lat] = style.center?;
    Some([lon, lat, style.zoom?])
}

fn config_of(collection: &Collection) -> ConfigCollection<'_> {
    let snapshot = collection.snapshot();
    ConfigCollection {
        id: &collection.id,
        title: collection.title(),
        description: collection.metadata.description.as_deref(),
        count: snapshot.len(),
        geometry: snapshot.schema().geometries.iter().filter_map(|kind| kind.name()).collect(),
        attribution: collection.metadata.attribution.as_deref(),
        bounds: snapshot.extent().map(Bbox::to_array),
    }
}
