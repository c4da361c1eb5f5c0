//! One tileset.

use askama::Template;
use axum::response::Response;

use super::document::Document;
use super::document::document;
use super::document::layers;
use super::document::overview;
use super::offer::Offer;
use super::offer::Subject;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::page::Frame;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::xyz::clusters::clusterings_on;
use crate::space::Grid;
use crate::space::TileLimits;

#[derive(Template)]
#[template(path = "tileset.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    /// What there are tiles of, and on which grid.
    pub(super) subject: String,
    pub(super) grid: String,
    pub(super) document: Document,
    /// The addresses of the tiles on which everything is seen, row by row.
    pub(super) pictures: Vec<Vec<String>>,
    /// The `TileJSON` of the collections, for a map of vector tiles.
    pub(super) tilejson: String,
    pub(super) bounds: String,
    pub(super) style: String,
}

/// `GET .../tiles/{tms}` (OGC 20-057, 8).
pub(in crate::http) async fn tileset(call: Call, subject: Subject) -> Result<Response, Error> {
    let offer = subject.offer(&call)?;
    let grid = subject.grid(&call, &offer)?;
    let operation = offer.tileset_operation();
    let (params, format) = call.read(&operation)?;
    // What would be refused for each of its tiles is refused here.
    let parts = offer.queries(&call, &params)?;
    if !offer.is_map() {
        let collections: Vec<_> = parts.into_iter().map(|(collection, _)| collection).collect();
        clusterings_on(&grid, &params, &collections, &call.app.config.limits)?;
    }
    let limits = offer.limits(&grid, &call.app.config.limits);
    let missing = || {
        Error::NotFound(format!(
            "tileset '{}' of {}, whose data does not reach there or is not drawn in its system",
            grid.id(),
            offer.title
        ))
    };
    let mut document = document(&call, &offer, &grid, &params).ok_or_else(missing)?;
    document.layers = layers(&offer, &grid, &limits, params.flag("labels"));
    document.links.splice(..0, call.links(&operation, &params, format));
    if format == Format::Html {
        return respond::page(&call.headers, &page(&call, &offer, &grid, &limits, document));
    }
    respond::json(&call.headers, format, &document)
}

fn page(call: &Call, offer: &Offer, grid: &Grid, limits: &[TileLimits], document: Document) -> Page {
    let ids: Vec<String> = offer.collections.iter().map(|collection| segment(&collection.id)).collect();
    let has_ids = !offer.is_map() && !ids.is_empty() && ids.len() <= call.app.config.limits.collections;
    let style = call.catalog.default_style().filter(|_| has_ids);
    let path = call.base.path();
    Page {
        subject: format!("Tiles of {}", offer.title),
        grid: grid.title().to_owned(),
        frame: Frame::new(call, grid.id())
            .under("/", &call.app.config.title)
            .under(&offer.path, &format!("Tilesets of {}", offer.title))
            .with(document.links.clone()),
        pictures: if offer.is_map() { pictures(call, offer, grid, limits) } else { Vec::new() },
        tilejson: if has_ids { format!("{path}/data/{}.json", ids.join(",")) } else { String::new() },
        bounds: offer.bounds().map_or_else(String::new, |bounds| {
            format!("{},{},{},{}", bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y)
        }),
        style: style.map_or_else(String::new, |style| format!("{path}/styles/{}/style.json", segment(&style.id))),
        document,
    }
}

fn pictures(call: &Call, offer: &Offer, grid: &Grid, limits: &[TileLimits]) -> Vec<Vec<String>> {
    let Some(shown) = overview(limits) else { return Vec::new() };
    let level = &grid.levels()[usize::from(shown.level)].id;
    let at = format!("{}{}/{}/{}", call.base.path(), offer.path, segment(grid.id()), segment(level));
    let ([left, right], [top, bottom]) = (shown.columns, shown.rows);
    (top..=bottom).map(|row| (left..=right).map(|column| format!("{at}/{row}/{column}?f=png")).collect()).collect()
}
