//! One style: for MapLibre, or as a page.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;

use super::place::Place;
use super::place::STYLES;
use crate::catalog::Collection;
use crate::catalog::Styled;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Path;
use crate::http::ogc::map::extent;
use crate::http::page::Frame;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::xyz::styles::absolute;

#[derive(Template)]
#[template(path = "style.html")]
pub(super) struct Page {
    frame: Frame,
    id: String,
    title: String,
    preview: String,
    /// The document that the page's map is drawn from, and what it shows first.
    stylesheet: String,
    bounds: String,
    legend: String,
    /// The legend, to read.
    legend_page: String,
    links: Vec<Link>,
    /// Titles and addresses of the collections that it draws.
    collections: Vec<(String, String)>,
    layers: Vec<String>,
}

impl Page {
    /// A page about a style.
    pub(super) fn new(call: &Call, place: &Place, styled: &Styled, links: Vec<Link>) -> Self {
        let title = styled.title().to_owned();
        let collections = place.collections(call, styled);
        Self {
            frame: place.frame(call, &title, true).with(links),
            id: styled.id.clone(),
            title,
            preview: place.preview(call, styled),
            stylesheet: place.stylesheet(call, styled),
            bounds: bounds(styled, &collections),
            legend: place.address(call, styled, "/legend.png"),
            legend_page: place.address(call, styled, "/legend.html"),
            links: place.links(call, styled),
            collections: collections
                .iter()
                .map(|own| (own.title().to_owned(), format!("{}/collections/{}", call.base.path(), segment(&own.id))))
                .collect(),
            layers: styled.style.layers.iter().map(|layer| layer.id.clone()).collect(),
        }
    }
}

/// What a map of a style shows first: half a world around its middle at its zoom, or all that it draws.
fn bounds(styled: &Styled, collections: &[Arc<Collection>]) -> String {
    if let (Some([lon, lat]), Some(zoom)) = (styled.style.center, styled.style.zoom) {
        let half = 360.0 / zoom.exp2();
        let [south, north] = [lat - half / 3.0, lat + half / 3.0].map(|lat| lat.clamp(-85.0, 85.0));
        return format!("{},{south},{},{north}", (lon - half).max(-180.0), (lon + half).min(180.0));
    }
    extent(collections).map(|bbox| bbox.to_string()).unwrap_or_default()
}

/// `GET /styles/{style}`
pub(in crate::http) fn style(call: &Call, id: &str) -> Result<Response, Error> {
    answer(call, &Place::Server, id)
}

/// `GET /collections/{id}/styles/{style}`
pub(in crate::http) async fn collection_style(
    call: Call,
    Path((id, style)): Path<(String, String)>,
) -> Result<Response, Error> {
    answer(&call, &Place::of_collection(&call, &id)?, &style)
}

fn answer(call: &Call, place: &Place, id: &str) -> Result<Response, Error> {
    let styled = place.style(call, id)?;
    let operation = Operation::new("", &place.path(), "Maps", "", STYLES);
    let (params, format) = call.read(&operation)?;
    if format == Format::Html {
        let links = call.links(&operation, &params, format);
        return respond::page(&call.headers, &Page::new(call, place, &styled, links));
    }
    let mut document = styled.document.clone();
    absolute(&mut document, &call.base);
    respond::json(&call.headers, Format::Style, &document)
}
