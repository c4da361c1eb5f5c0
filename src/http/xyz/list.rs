//! What there is below `/data`.

use askama::Template;
use axum::response::Response;
use serde::Serialize;

use super::tileset;
use crate::catalog::Collection;
use crate::catalog::Tileset;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::page::Frame;
use crate::http::params::segment;
use crate::http::respond;

#[derive(Serialize)]
struct Document<'a> {
    links: Vec<Link>,
    data: Vec<Entry<'a>>,
    /// Archives of ready tiles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    archives: Vec<ArchiveEntry<'a>>,
}

/// An archive by its plain addresses.
#[derive(Serialize)]
struct ArchiveEntry<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    tilejson: String,
    tiles: String,
}

/// A collection by its plain addresses.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    /// Number of features.
    count: usize,
    tilejson: String,
    tiles: String,
    geojson: String,
}

#[derive(Template)]
#[template(path = "data.html")]
struct Page<'a> {
    frame: Frame,
    entries: Vec<Entry<'a>>,
    archives: Vec<ArchiveEntry<'a>>,
}

pub(in crate::http) fn operation() -> Operation {
    let summary = "The collections as vector tiles and as downloads.";
    Operation::new("getData", "/data", "Tiles", summary, &[Format::Json, Format::Html])
}

/// `GET /data`
pub(in crate::http) async fn list(call: Call) -> Result<Response, Error> {
    let operation = operation();
    let (params, format) = call.read(&operation)?;
    let links = call.links(&operation, &params, format);
    let entries = call.catalog.collections.values().map(|collection| entry(&call, collection)).collect();
    let archives = call.catalog.tilesets.values().map(|tileset| archive(&call, tileset)).collect();
    if format == Format::Html {
        let frame = Frame::new(&call, "Tiles and downloads").under("/", &call.app.config.title).with(links);
        return respond::page(&call.headers, &Page { frame, entries, archives });
    }
    respond::json(&call.headers, format, &Document { links, data: entries, archives })
}

fn archive<'a>(call: &Call, tileset: &'a Tileset) -> ArchiveEntry<'a> {
    let at = |rest: &str| call.base.url(&format!("/data/{}{rest}", segment(&tileset.id)));
    ArchiveEntry {
        id: &tileset.id,
        title: tileset.title(),
        description: tileset.description(),
        tilejson: at(".json"),
        tiles: at(&format!("/{{z}}/{{x}}/{{y}}.{}", tileset::ending(tileset))),
    }
}

fn entry<'a>(call: &Call, collection: &'a Collection) -> Entry<'a> {
    let at = |rest: &str| call.base.url(&format!("/data/{}{rest}", segment(&collection.id)));
    Entry {
        id: &collection.id,
        title: collection.title(),
        description: collection.metadata.description.as_deref(),
        count: collection.snapshot().len(),
        tilejson: at(".json"),
        tiles: at("/{z}/{x}/{y}.pbf"),
        geojson: at(".geojson"),
    }
}
