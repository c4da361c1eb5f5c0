//! Lists of styles.

use askama::Template;
use axum::response::Response;
use serde::Serialize;

use super::place::PAGES;
use super::place::Place;
use crate::catalog::Styled;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Path;
use crate::http::page::Frame;
use crate::http::respond;

#[derive(Serialize)]
struct Document {
    links: Vec<Link>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    styles: Vec<Entry>,
}

/// A style with its addresses.
#[derive(Serialize)]
struct Entry {
    id: String,
    title: String,
    links: Vec<Link>,
    #[serde(skip)]
    page: String,
    #[serde(skip)]
    preview: String,
    #[serde(skip)]
    stylesheet: String,
    /// The template of its tiles, for those of the server.
    #[serde(skip)]
    tiles: String,
}

#[derive(Template)]
#[template(path = "styles.html")]
struct Page {
    frame: Frame,
    entries: Vec<Entry>,
}

/// `GET /styles`
pub(in crate::http) async fn list(call: Call) -> Result<Response, Error> {
    answer(&call, &Place::Server)
}

/// `GET /collections/{id}/styles`
pub(in crate::http) async fn collection_list(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    answer(&call, &Place::of_collection(&call, &id)?)
}

fn answer(call: &Call, place: &Place) -> Result<Response, Error> {
    let operation = Operation::new("", &place.path(), "Maps", "", PAGES);
    let (params, format) = call.read(&operation)?;
    let links = call.links(&operation, &params, format);
    let entries: Vec<Entry> = place.styles(call).iter().map(|styled| entry(call, place, styled)).collect();
    if format == Format::Html {
        let frame = place.frame(call, "Styles", false).with(links);
        return respond::page(&call.headers, &Page { frame, entries });
    }
    let default = entries.first().map(|entry| entry.id.clone());
    respond::json(&call.headers, format, &Document { links, default, styles: entries })
}

fn entry(call: &Call, place: &Place, styled: &Styled) -> Entry {
    let at = |rest: &str| place.address(call, styled, rest);
    let mut links = place.links(call, styled);
    links.push(Link::new("describedby", Format::Json, "What is known of the style", at("/metadata")));
    Entry {
        id: styled.id.clone(),
        title: styled.title().to_owned(),
        stylesheet: links[0].href.clone(),
        links,
        page: at("?f=html"),
        preview: place.preview(call, styled),
        tiles: if let Place::Server = place { at("/{z}/{x}/{y}.png") } else { String::new() },
    }
}
