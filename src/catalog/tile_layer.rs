//! What is said about sets of vector tiles.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Collection;
use super::LABEL_SUFFIX;
use crate::feature::FieldType;
use crate::space::Bbox;
use crate::space::Crs;
use crate::space::Rect;
use crate::store::Snapshot;
use crate::tile::id_key;

/// What clients are told of one layer of vector tiles (`TileJSON` 3.0.0, 3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileLayer<'a> {
    /// Its name.
    pub id: String,
    /// What it holds.
    pub description: Option<&'a str>,
    /// The lowest zoom at which it has features.
    pub minzoom: u8,
    /// The highest zoom, beyond which clients enlarge its tiles.
    pub maxzoom: u8,
    /// The properties that its features may have, with what they are: `Boolean`, `Number` or `String`.
    pub fields: BTreeMap<String, &'static str>,
}

impl<'a> TileLayer<'a> {
    /// The layers of a collection whose features carry some properties, or those that its settings say: its own, and that of its
    /// labels where tiles have it.
    pub fn of(
        collection: &'a Collection,
        properties: Option<&[String]>,
        labels: Option<bool>,
    ) -> impl Iterator<Item = Self> + use<'a> {
        let settings = &collection.tiles;
        let own = Self {
            id: collection.id.clone(),
            description: collection.metadata.description.as_deref(),
            minzoom: settings.minzoom,
            maxzoom: settings.maxzoom,
            fields: fields(collection.snapshot(), properties.or(settings.properties.as_deref())),
        };
        let has_labels = labels.unwrap_or(settings.labels);
        let labels = has_labels.then(|| Self { id: format!("{}{LABEL_SUFFIX}", own.id), ..own.clone() });
        [own].into_iter().chain(labels)
    }
}

/// The properties that features of the tiles may have.
fn fields(snapshot: &Snapshot, properties: Option<&[String]>) -> BTreeMap<String, &'static str> {
    let schema = snapshot.schema();
    let is_asked = |name: &String| properties.is_none_or(|asked| asked.contains(name));
    let carried = schema.fields.iter().filter(|field| field.kind != FieldType::Null && is_asked(&field.name));
    let mut fields: BTreeMap<String, &str> = carried.map(|field| (field.name.clone(), kind(field.kind))).collect();
    if !snapshot.has_tile_ids() {
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

/// The lowest and the highest zoom of tiles that show all of these.
pub fn common_zooms(collections: &[Arc<Collection>]) -> (u8, u8) {
    let zooms = collections.iter().map(|collection| (collection.tiles.minzoom, collection.tiles.maxzoom));
    zooms.fold((u8::MAX, 0), |(low, high), own| (low.min(own.0), high.max(own.1)))
}

/// The box around all of these; `None` when none has a position.
pub fn common_bounds(collections: &[Arc<Collection>]) -> Option<Bbox> {
    let extents = collections.iter().filter_map(|collection| collection.snapshot().extent());
    let rects = extents.map(Bbox::to_array).map(|[west, south, east, north]| Rect::new(west, south, east, north));
    rects.reduce(|a, b| a.union(&b)).map(|rect| Bbox::around(&rect))
}

/// The middle of some bounds on the map, and the zoom at which about all of it is seen.
pub fn center_of(bounds: Bbox, maxzoom: u8) -> [f64; 3] {
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

/// Whom to name for all of these, each once.
pub fn common_attribution(collections: &[Arc<Collection>]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in collections.iter().filter_map(|collection| collection.metadata.attribution.as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}
