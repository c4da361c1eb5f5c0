//! A map as a page: the picture, and a form that asks for another.

use askama::Template;
use axum::response::Response;

use super::target::Target;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Operation;
use crate::http::Params;
use crate::http::form::Fault;
use crate::http::form::Form;
use crate::http::page;
use crate::http::respond;

#[derive(Template)]
#[template(path = "map-page.html")]
struct Page {
    frame: page::Frame,
    title: String,
    /// The address of the picture and its sides in pixels; none when it cannot be drawn.
    picture: Option<(String, [u32; 2])>,
    form: Form,
}

/// The page of a map of so many pixels.
pub(super) fn page(
    call: &Call,
    operation: &Operation,
    target: &Target,
    params: &Params,
    size: [u32; 2],
) -> Result<Response, Error> {
    let links = call.links(operation, params, Format::Html);
    let address = call.base.url(&format!("{}{}", call.path, params.with(&[("f", Some("png"))])));
    let page = Page {
        frame: frame(call, target).with(links),
        title: title(target),
        picture: Some((address, size)),
        form: Form::of(operation, call.url_path(), params),
    };
    respond::page(&call.headers, &page)
}

/// The page of a map that cannot be drawn.
pub(super) fn refused(call: &Call, operation: &Operation, target: &Target, error: &Error) -> Result<Response, Error> {
    let form = Form::of(operation, call.url_path(), &Params::unchecked(&call.query));
    let form = form.with(Fault::of(error, None));
    respond::refused(error, &Page { frame: frame(call, target), title: title(target), picture: None, form })
}

fn title(target: &Target) -> String {
    match &target.collections[..] {
        [only] => format!("Map of {}", only.title()),
        _ => format!("Map in the style {}", target.styled.title()),
    }
}

fn frame(call: &Call, target: &Target) -> page::Frame {
    let frame = page::Frame::new(call, "Map").under("/", &call.app.config.title);
    match call.path.rsplit_once("/map").map(|(parent, _)| parent) {
        Some(parent) if parent.starts_with("/collections/") => {
            let own = parent.split('/').take(3).collect::<Vec<_>>().join("/");
            frame.under("/collections", "Collections").under(&own, target.collections[0].title())
        }
        Some(parent) if parent.starts_with("/styles/") => {
            frame.under("/styles", "Styles").under(&format!("{parent}?f=html"), target.styled.title())
        }
        _ => frame,
    }
}
