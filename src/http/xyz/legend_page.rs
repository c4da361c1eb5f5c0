//! A legend to read: its classes with their swatches, and a form that counts.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Params;
use crate::http::form::Form;
use crate::http::page::Frame;
use crate::http::respond;

#[derive(Template)]
#[template(path = "legend.html")]
struct Page {
    frame: Frame,
    form: Form,
    legend: Document,
}

/// What of the document is shown.
#[derive(Deserialize)]
struct Document {
    title: String,
    zoom: f64,
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    title: String,
    property: Option<String>,
    classes: Vec<Class>,
}

#[derive(Deserialize)]
struct Class {
    label: String,
    image: String,
    count: Option<usize>,
}

/// The page of a legend's document.
pub(super) fn page(call: &Call, operation: &Operation, document: &[u8]) -> Result<Response, Error> {
    let legend: Document = serde_json::from_slice(document).map_err(Error::internal)?;
    let params = Params::unchecked(&call.query);
    let query = params.with(&[("f", None)]);
    let stem = call.path.trim_end_matches(".html");
    let link = |format: Format, ending: &str| {
        let title = format!("This legend as {}", format.title());
        Link::new("alternate", format, title, call.base.url(&format!("{stem}.{ending}{query}")))
    };
    let parent = stem.rsplit_once('/').map_or("", |(parent, _)| parent);
    // Several collections have no page of their own.
    let about = match parent.strip_prefix("/data/") {
        Some(ids) if ids.contains(',') => "/collections".to_owned(),
        Some(id) => format!("/collections/{id}"),
        None => parent.to_owned(),
    };
    let page = Page {
        frame: Frame::new(call, "Legend")
            .under("/", &call.app.config.title)
            .under(&format!("{about}?f=html"), &legend.title)
            .with(vec![link(Format::Json, "json"), link(Format::Png, "png"), link(Format::Svg, "svg")]),
        form: Form::of(operation, call.url_path(), &params),
        legend,
    };
    respond::page(&call.headers, &page)
}
