//! The list of tilesets.

use askama::Template;
use axum::response::Response;
use serde::Serialize;

use super::archive;
use super::asked::DOCUMENTS;
use super::document::Document;
use super::document::document;
use super::offer::Subject;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Params;
use crate::http::ogc::tilematrixsets;
use crate::http::page::Frame;
use crate::http::params::segment;
use crate::http::respond;

#[derive(Serialize)]
pub(super) struct List {
    pub(super) links: Vec<Link>,
    pub(super) tilesets: Vec<Document>,
}

#[derive(Template)]
#[template(path = "tilesets.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    /// The path of each with what it says.
    pub(super) tilesets: Vec<(String, Document)>,
}

/// `GET .../tiles` (OGC 20-057, 9): the tilesets on all grids that the data reaches.
pub(in crate::http) async fn list(call: Call, subject: Subject) -> Result<Response, Error> {
    let offer = subject.offer(&call)?;
    let operation = offer.list_operation();
    let (params, format) = call.read(&operation)?;
    let links = call.links(&operation, &params, format);
    let grids = tilematrixsets::grids(&call.catalog);
    let tilesets = grids.into_iter().filter_map(|grid| {
        let mut tileset = document(&call, &offer, grid, &Params::default())?;
        let at = format!("{}/{}", offer.path, segment(grid.id()));
        tileset.links.splice(..0, own_links(&call, &at));
        Some((at, tileset))
    });
    let mut tilesets: Vec<(String, Document)> = tilesets.collect();
    if offer.is_dataset {
        tilesets.extend(archive::documents(&call, offer.is_map()));
    }
    if format == Format::Html {
        let frame =
            Frame::new(&call, &format!("Tilesets of {}", offer.title)).under("/", &call.app.config.title).with(links);
        return respond::page(&call.headers, &Page::of(&call, frame, tilesets));
    }
    let tilesets = tilesets.into_iter().map(|(_, tileset)| tileset).collect();
    respond::json(&call.headers, format, &List { links, tilesets })
}

impl Page {
    pub(super) fn of(call: &Call, frame: Frame, tilesets: Vec<(String, Document)>) -> Self {
        let below = |(path, tileset)| (format!("{}{path}", call.base.path()), tileset);
        Self { frame, tilesets: tilesets.into_iter().map(below).collect() }
    }
}

/// Links from a list to a tileset at a path.
pub(super) fn own_links(call: &Call, path: &str) -> Vec<Link> {
    let at = call.base.url(path);
    let own = DOCUMENTS.iter().map(|&format| match format {
        Format::Html => Link::new("alternate", format, "This tileset as HTML", format!("{at}?f=html")),
        _ => Link::new("self", format, "This tileset", at.clone()),
    });
    own.collect()
}
