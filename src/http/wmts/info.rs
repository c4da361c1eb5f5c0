//! `GetFeatureInfo` (OGC 07-057r7, 7.3): what was drawn at a pixel of a tile.

use std::fmt::Write;

use axum::body::Body;
use axum::response::Response;
use serde_json::Value as Json;

use super::exception::Code;
use super::exception::Exception;
use super::layer::Layer;
use super::tile::Found;
use super::tile::TileRequest;
use super::tile::find;
use crate::catalog::Selection;
use crate::http::Call;
use crate::http::Error;
use crate::http::map::Frame;
use crate::http::ogc::tiles::stacked;
use crate::http::respond::ETag;
use crate::http::xyz::pixel::Near;
use crate::http::xyz::pixel::picked;

/// The formats of what is told, and the endings of their addresses.
pub(super) const FORMATS: [(&str, &str); 3] =
    [("application/geo+json", "json"), ("text/html", "html"), ("text/plain", "txt")];

/// Most features that are told.
const MOST: usize = 100;
/// How far from the pixel they may be, because people do not hit a line.
const RADIUS: f64 = 3.0;

pub(super) async fn answer(
    call: &Call,
    request: &TileRequest<'_>,
    [i, j]: [&str; 2],
    format: &str,
) -> Result<Response, Exception> {
    let known = FORMATS.map(|(name, _)| name);
    let format = *known
        .iter()
        .find(|name| **name == format || (**name == "application/geo+json" && format == "application/json"))
        .ok_or_else(|| Exception::unknown("InfoFormat", format, &known))?;
    let layers = Layer::all(&call.catalog);
    let Found { offer, grid, coord, parts, .. } = find(call, &layers, request)?;
    let level = grid.level(coord);
    let pixel = |locator: &'static str, text: &str, side: u32| {
        let wrong = |code| {
            let message = format!("'{text}' is no pixel of a tile of {side} pixels, the first of which is 0");
            Exception::new(code, locator, message)
        };
        let number: u32 = text.parse().map_err(|_| wrong(Code::InvalidParameterValue))?;
        if number < side { Ok(number) } else { Err(wrong(Code::PointIJOutOfRange)) }
    };
    let pixel = [pixel("I", i, level.tile_width)?, pixel("J", j, level.tile_height)?];
    let styled = match offer.styled() {
        Some(styled) => styled,
        None => stacked(&call.catalog, offer.collections())?,
    };
    let selection = Selection::new(parts.iter().map(|(collection, query)| (collection.as_ref(), query.clone())));
    let near = Near { pixel, radius: RADIUS, limit: MOST, geometry: false };
    let document = picked(call, styled, selection, Frame::of_tile(grid, coord).view(), near).await?;
    let content_type = match format {
        "text/html" => "text/html; charset=utf-8",
        "text/plain" => "text/plain; charset=utf-8",
        json => json,
    };
    let body = match format {
        "application/geo+json" => document,
        other => {
            let document = serde_json::from_slice(&document).map_err(Error::internal)?;
            told(&document, other == "text/html").into_bytes()
        }
    };
    let tag = ETag::of(&[content_type.as_bytes(), &body]);
    Ok(tag.unchanged(&call.headers).unwrap_or_else(|| tag.answer(content_type, Body::from(body))))
}

/// The features with their properties, for people.
fn told(document: &Json, is_html: bool) -> String {
    let plain = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let features = document["features"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut out = String::new();
    for feature in features {
        let name = feature["collection"].as_str().or(feature["layer"].as_str()).unwrap_or_default();
        let title = format!("{name} {}", plain(&feature["id"]));
        let properties = feature["properties"].as_object().into_iter().flatten();
        let written = if is_html {
            let rows: String = properties
                .map(|(name, value)| {
                    format!("<tr><th>{}</th><td>{}</td></tr>\n", escaped(name), escaped(&plain(value)))
                })
                .collect();
            write!(out, "<h2>{}</h2>\n<table>\n{rows}</table>\n", escaped(&title))
        } else {
            let rows: String = properties.map(|(name, value)| format!("  {name} = {}\n", plain(value))).collect();
            write!(out, "{title}\n{rows}")
        };
        written.expect("a string takes any text");
    }
    if features.is_empty() {
        out.push_str(if is_html { "<p>There is no feature here.</p>\n" } else { "There is no feature here.\n" });
    }
    if !is_html {
        return out;
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>What is here</title>\n{out}</html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
