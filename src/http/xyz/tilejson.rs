//! `TileJSON` 3.0.0: what a client must know of a set of vector tiles.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;

use super::selection;
use super::tiles;
use crate::catalog::Collection;
use crate::catalog::LABEL_SUFFIX;
use crate::feature::FieldType;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Operation;
use crate::http::params::segment;
use crate::http::respond;
use crate::space::Bbox;
use crate::space::Crs;
use crate::space::Rect;
use crate::store::Snapshot;
use crate::tile::id_key;

#[derive(Serialize)]
struct Document<'a> {
    tilejson: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<String>,
    scheme: &'static str,
    tiles: [String; 1],
    minzoom: u8,
    maxzoom: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    bounds: Option<[f64; 4]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    center: Option<[f64; 3]>,
    vector_layers: Vec<VectorLayer<'a>>,
}

#[derive(Serialize)]
struct VectorLayer<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    minzoom: u8,
    maxzoom: u8,
    fields: BTreeMap<String, &'static str>,
}

pub(super) fn operation(collection: &Collection) -> Operation {
    let id = &collection.id;
    Operation {
        id: format!("{id}.getTileJson"),
        path: format!("/data/{}.json", segment(id)),
        tag: "Tiles",
        summary: format!("The vector tiles of '{}' as TileJSON.", collection.title()),
        segments: Vec::new(),
        parameters: tiles::parameters([collection]),
        formats: &[Format::TileJson],
        body: None,
    }
}

/// `GET /data/{ids}.json`. What selects features here selects them in the tiles too: their address keeps the parameters.
pub(super) fn tilejson(call: &Call, collections: &[Arc<Collection>]) -> Result<Response, Error> {
    let table = tiles::parameters(collections.iter().map(AsRef::as_ref));
    let params = call.params(&table)?;
    let parts = selection::queries(call, &params, collections)?;
    let properties = parts.first().and_then(|(_, query)| query.properties.as_deref());
    let ids: Vec<String> = collections.iter().map(|collection| segment(&collection.id)).collect();
    let query = params.with(&[("v", Some(&selection::version(collections)))]);
    let zooms = collections.iter().map(|collection| (collection.tiles.minzoom, collection.tiles.maxzoom));
    let (minzoom, maxzoom) = zooms.fold((u8::MAX, 0), |(low, high), own| (low.min(own.0), high.max(own.1)));
    let bounds = bounds(collections);
    let titles: Vec<&str> = collections.iter().map(|collection| collection.title()).collect();
    let document = Document {
        tilejson: "3.0.0",
        name: titles.join(", "),
        description: match collections {
            [only] => only.metadata.description.as_deref(),
            _ => None,
        },
        attribution: attribution(collections),
        scheme: "xyz",
        tiles: [call.base.url(&format!("/data/{}/{{z}}/{{x}}/{{y}}.pbf{query}", ids.join(",")))],
        minzoom,
        maxzoom,
        bounds: bounds.map(Bbox::to_array),
        center: bounds.map(|bounds| center(bounds, maxzoom)),
        vector_layers: layers(collections, properties, params.flag("labels")),
    };
    respond::json(&call.headers, Format::TileJson, &document)
}

/// The layers of collections, and of their labels where tiles have them.
fn layers<'a>(
    collections: &'a [Arc<Collection>],
    properties: Option<&[String]>,
    labels: Option<bool>,
) -> Vec<VectorLayer<'a>> {
    let mut layers = Vec::new();
    for collection in collections {
        layers.push(layer(collection, properties));
        if labels.unwrap_or(collection.tiles.labels) {
            let id = format!("{}{LABEL_SUFFIX}", collection.id);
            layers.push(VectorLayer { id, ..layer(collection, properties) });
        }
    }
    layers
}

fn layer<'a>(collection: &'a Collection, properties: Option<&[String]>) -> VectorLayer<'a> {
    let snapshot = collection.snapshot();
    let (minzoom, maxzoom) = (collection.tiles.minzoom, collection.tiles.maxzoom);
    VectorLayer {
        id: collection.id.clone(),
        description: collection.metadata.description.as_deref(),
        minzoom,
        maxzoom,
        fields: fields(snapshot, properties.or(collection.tiles.properties.as_deref())),
    }
}

/// The properties that features of the tiles may have.
fn fields(snapshot: &Snapshot, properties: Option<&[String]>) -> BTreeMap<String, &'static str> {
    let schema = snapshot.schema();
    let is_asked = |name: &String| properties.is_none_or(|asked| asked.contains(name));
    let carried = schema.fields.iter().filter(|field| field.kind != FieldType::Null && is_asked(&field.name));
    let mut fields: BTreeMap<String, &str> = carried.map(|field| (field.name.clone(), kind(field.kind))).collect();
    if snapshot.table().rows().any(|row| !row.id().is_tile_id()) {
        fields.insert(id_key(schema), "String");
    }
    fields
}

/// The three types that programs know in the values of `fields`; lists and objects are written as text.
fn kind(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Boolean => "Boolean",
        FieldType::Integer | FieldType::Number => "Number",
        _ => "String",
    }
}

fn bounds(collections: &[Arc<Collection>]) -> Option<Bbox> {
    let extents = collections.iter().filter_map(|collection| collection.snapshot().extent());
    let rects = extents.map(Bbox::to_array).map(|[west, south, east, north]| Rect::new(west, south, east, north));
    rects.reduce(|a, b| a.union(&b)).map(|rect| Bbox::around(&rect))
}

/// The middle of the bounds on the map, and the zoom at which about all of it is seen.
fn center(bounds: Bbox, maxzoom: u8) -> [f64; 3] {
    let [west, south, east, north] = bounds.to_array();
    let edge = Crs::MERCATOR_LATITUDE;
    let low = Crs::WebMercator.project([west, south.clamp(-edge, edge)]);
    let high = Crs::WebMercator.project([east, north.clamp(-edge, edge)]);
    let [lon, lat] = Crs::WebMercator.unproject([f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])]);
    let span = (high[0] - low[0]).max(high[1] - low[1]).max(1.0);
    let zoom = (2.0 * Crs::MERCATOR_HALF / span).log2().floor().clamp(0.0, f64::from(maxzoom));
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    [round(lon), round(lat), zoom]
}

/// Whom to name, each once.
fn attribution(collections: &[Arc<Collection>]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in collections.iter().filter_map(|collection| collection.metadata.attribution.as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}
