//! The list of tilesets.

use askama::Template;
use axum::response::Response;
use serde::Serialize;

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
struct List {
    links: Vec<Link>,
    tilesets: Vec<Document>,
}

#[derive(Template)]
#[template(path = "tilesets.html")]
struct Page {
    frame: Frame,
    /// The path of the list.
    path: String,
    tilesets: Vec<Document>,
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
        let at = call.base.url(&format!("{}/{}", offer.path, segment(grid.id())));
        let own = DOCUMENTS.iter().map(|&format| match format {
            Format::Html => Link::new("alternate", format, "This tileset as HTML", format!("{at}?f=html")),
            _ => Link::new("self", format, "This tileset", at.clone()),
        });
        tileset.links.splice(..0, own);
        Some(tileset)
    });
    let tilesets = tilesets.collect();
    if format == Format::Html {
        let frame =
            Frame::new(&call, &format!("Tilesets of {}", offer.title)).under("/", &call.app.config.title).with(links);
        let path = format!("{}{}", call.base.path(), offer.path);
        return respond::page(&call.headers, &Page { frame, path, tilesets });
    }
    respond::json(&call.headers, format, &List { links, tilesets })
}
