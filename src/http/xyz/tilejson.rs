//! `TileJSON` 3.0.0: what a client must know of a set of vector tiles.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use serde::Serialize;

use super::selection;
use super::tiles;
use crate::catalog::Collection;
use crate::catalog::TileLayer;
use crate::catalog::center_of;
use crate::catalog::common_attribution;
use crate::catalog::common_bounds;
use crate::catalog::common_zooms;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::params::segment;
use crate::http::respond;
use crate::space::Bbox;
use crate::tile::codec::VectorFormat;

#[derive(Serialize)]
struct Document<'a> {
    tilejson: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<String>,
    scheme: &'static str,
    /// As in sources of `MapLibre` styles: left out, it is `mvt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
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

impl<'a> From<TileLayer<'a>> for VectorLayer<'a> {
    fn from(layer: TileLayer<'a>) -> Self {
        let TileLayer { id, description, minzoom, maxzoom, fields } = layer;
        Self { id, description, minzoom, maxzoom, fields }
    }
}

pub(super) fn operation(collection: &Collection) -> Operation {
    let id = &collection.id;
    Operation {
        id: format!("{id}.getTileJson"),
        path: format!("/data/{}.json", segment(id)),
        tag: "Tiles",
        summary: format!("The vector tiles of '{}' as TileJSON.", collection.title()),
        segments: Vec::new(),
        parameters: parameters([collection]),
        formats: &[Format::TileJson],
        body: None,
    }
}

/// `encoding=mlt`: the addresses of `MapLibre` Tiles.
const ENCODING: &str = "encoding";

fn parameters<'a>(collections: impl IntoIterator<Item = &'a Collection>) -> Vec<Parameter> {
    let kind = Kind::Choice(VectorFormat::ALL.map(|format| format.name().into()).to_vec());
    let about = "What the tiles are written in: mvt (Mapbox Vector Tiles), or mlt (MapLibre Tiles, which are smaller).";
    let mut all = tiles::parameters(collections);
    all.push(Parameter::new(ENCODING, kind, about));
    all
}

/// `GET /data/{ids}.json`. What selects features here selects them in the tiles too: their address keeps the parameters.
pub(super) fn tilejson(call: &Call, collections: &[Arc<Collection>]) -> Result<Response, Error> {
    let table = parameters(collections.iter().map(AsRef::as_ref));
    let params = call.params(&table)?;
    let parts = selection::queries(call, &params, collections)?;
    let properties = parts.first().and_then(|(_, query)| query.properties.as_deref());
    let ids: Vec<String> = collections.iter().map(|collection| segment(&collection.id)).collect();
    let query = params.with(&[("v", Some(&selection::version(collections))), (ENCODING, None)]);
    let (encoding, ending) = match params.text(ENCODING) {
        Some("mlt") => (Some("mlt"), "mlt"),
        _ => (None, "pbf"),
    };
    let (minzoom, maxzoom) = common_zooms(collections);
    let bounds = common_bounds(collections);
    let labels = params.flag("labels");
    let layers = collections.iter().flat_map(|own| TileLayer::of(own, properties, labels));
    let titles: Vec<&str> = collections.iter().map(|collection| collection.title()).collect();
    let document = Document {
        tilejson: "3.0.0",
        name: titles.join(", "),
        description: match collections {
            [only] => only.metadata.description.as_deref(),
            _ => None,
        },
        attribution: common_attribution(collections),
        scheme: "xyz",
        encoding,
        tiles: [call.base.url(&format!("/data/{}/{{z}}/{{x}}/{{y}}.{ending}{query}", ids.join(",")))],
        minzoom,
        maxzoom,
        bounds: bounds.map(Bbox::to_array),
        center: bounds.map(|bounds| center_of(bounds, maxzoom)),
        vector_layers: layers.map(VectorLayer::from).collect(),
    };
    respond::json(&call.headers, Format::TileJson, &document)
}
