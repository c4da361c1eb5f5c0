//! What was drawn at a pixel, as the older services tell it.

use std::fmt::Write;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use serde_json::Value as Json;
use serde_json::json;

use super::gml;
use crate::catalog::Selection;
use crate::catalog::Styled;
use crate::http::Call;
use crate::http::Error;
use crate::http::map::Frame;
use crate::http::respond::ETag;
use crate::http::xyz::pixel::Near;
use crate::http::xyz::pixel::picked;

/// A format of what is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum InfoFormat {
    /// Features with their geometries in degrees (RFC 7946).
    GeoJson,
    /// A page.
    Html,
    /// Lines of text.
    Text,
    /// Features with their geometries in the system of the map, east first (GML 2.1.2).
    Gml,
}

/// How far from the pixel features may be, because people do not hit a line.
const RADIUS: f64 = 3.0;
/// Most features that are looked at.
const MOST: usize = 1000;

impl InfoFormat {
    /// All of them, the usual one first.
    pub(in crate::http) const ALL: [Self; 4] = [Self::GeoJson, Self::Html, Self::Text, Self::Gml];

    /// The media type by which requests name it.
    pub(in crate::http) const fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::Html => "text/html",
            Self::Text => "text/plain",
            Self::Gml => "application/vnd.ogc.gml",
        }
    }

    /// How addresses of it end.
    pub(in crate::http) const fn extension(self) -> &'static str {
        match self {
            Self::GeoJson => "json",
            Self::Html => "html",
            Self::Text => "txt",
            Self::Gml => "gml",
        }
    }

    /// The format of a media type; what is written behind a semicolon does not matter.
    pub(in crate::http) fn named(text: &str) -> Option<Self> {
        let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        // The plus sign of a type is a blank where a client did not encode it.
        let essence = essence.replace(' ', "+");
        match essence.as_str() {
            "application/json" | "application/geojson" => Some(Self::GeoJson),
            other => Self::ALL.into_iter().find(|format| format.media_type() == other),
        }
    }

    /// Whether it tells geometries.
    pub(in crate::http) const fn has_geometries(self) -> bool {
        matches!(self, Self::GeoJson | Self::Gml)
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::GeoJson | Self::Gml => self.media_type(),
        }
    }
}

/// What is asked about a map.
pub(in crate::http) struct Probe {
    /// What is drawn.
    pub(in crate::http) styled: Arc<Styled>,
    /// Which features of it.
    pub(in crate::http) selection: Selection,
    /// Where.
    pub(in crate::http) frame: Frame,
    /// The column and the row, from the left top.
    pub(in crate::http) pixel: [u32; 2],
    /// The most features that are told.
    pub(in crate::http) limit: usize,
    /// The collections whose features are told; all when there is none.
    pub(in crate::http) only: Vec<String>,
}

/// Tells what was drawn at a pixel of a map: each feature once, topmost first.
pub(in crate::http) async fn respond(call: &Call, probe: Probe, format: InfoFormat) -> Result<Response, Error> {
    let Probe { styled, selection, frame, pixel, limit, only } = probe;
    let view = frame.view();
    let mut document = if view.is_void(pixel) {
        json!({ "type": "FeatureCollection", "features": [] })
    } else {
        // One feature may be drawn by several layers, and others may be passed over.
        let near = Near { pixel, radius: RADIUS, limit: MOST, geometry: format.has_geometries() };
        let found = picked(call, styled, selection, view, near).await?;
        serde_json::from_slice(&found).map_err(Error::internal)?
    };
    if let Some(found) = document["features"].as_array_mut() {
        choose(found, limit, &only);
    }
    document["pixel"] = json!(pixel);
    let body = match format {
        InfoFormat::GeoJson => document.to_string(),
        InfoFormat::Html | InfoFormat::Text => told(features(&document), format == InfoFormat::Html),
        InfoFormat::Gml => gml::document(features(&document), &frame.crs, &call.base.url("/")),
    };
    let tag = ETag::of(&[format.content_type().as_bytes(), body.as_bytes()]);
    Ok(tag.unchanged(&call.headers).unwrap_or_else(|| tag.answer(format.content_type(), Body::from(body))))
}

/// Keeps each feature once, of these collections, and no more than so many.
fn choose(found: &mut Vec<Json>, limit: usize, only: &[String]) {
    let mut seen: Vec<[Json; 3]> = Vec::new();
    found.retain(|feature| {
        let is_asked = only.is_empty() || only.iter().any(|id| feature["collection"] == id.as_str());
        // What several layers of a style draw, as a shape and its label, is one feature.
        let key = ["source", "sourceLayer", "id"].map(|member| feature[member].clone());
        let is_new = is_asked && (key[2].is_null() || !seen.contains(&key));
        if is_new {
            seen.push(key);
        }
        is_new
    });
    found.truncate(limit);
}

fn features(document: &Json) -> &[Json] {
    document["features"].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The name of what a feature belongs to.
pub(super) fn kind(feature: &Json) -> &str {
    feature["collection"].as_str().or(feature["layer"].as_str()).unwrap_or_default()
}

/// A value as people write it.
pub(super) fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The features with their properties, for people.
fn told(features: &[Json], is_html: bool) -> String {
    let mut out = String::new();
    for feature in features {
        let title = format!("{} {}", kind(feature), plain(&feature["id"]));
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
