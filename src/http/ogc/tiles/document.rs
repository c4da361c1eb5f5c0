//! The description of a tileset (OGC 17-083r4, 7.3, `tileSet.json`).

use serde::Serialize;
use serde_json::Map;
use serde_json::Value as Json;

use super::offer::Offer;
use crate::catalog::Collection;
use crate::catalog::LABEL_SUFFIX;
use crate::feature::FieldType;
use crate::feature::GeometryKind;
use crate::http::Call;
use crate::http::Format;
use crate::http::Link;
use crate::http::Params;
use crate::http::ogc::property;
use crate::http::ogc::tilematrixsets;
use crate::http::params::segment;
use crate::space::Crs;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileLimits;

/// A tileset.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    pub(super) title: String,
    pub(super) data_type: &'static str,
    pub(super) crs: String,
    pub(super) tile_matrix_set_id: String,
    #[serde(rename = "tileMatrixSetURI", skip_serializing_if = "Option::is_none")]
    pub(super) tile_matrix_set_uri: Option<String>,
    pub(super) tile_matrix_set_limits: Vec<Limits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bounding_box: Option<BoundingBox>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) center_point: Option<CenterPoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) style: Option<StyleEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) layers: Vec<Layer>,
    pub(super) links: Vec<Link>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Limits {
    pub(super) tile_matrix: String,
    pub(super) min_tile_row: u32,
    pub(super) max_tile_row: u32,
    pub(super) min_tile_col: u32,
    pub(super) max_tile_col: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BoundingBox {
    lower_left: [f64; 2],
    upper_right: [f64; 2],
    crs: String,
    ordered_axes: [&'static str; 2],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CenterPoint {
    coordinates: [f64; 2],
    crs: String,
    tile_matrix: String,
}

#[derive(Serialize)]
pub(super) struct StyleEntry {
    id: String,
    title: String,
    links: Vec<Link>,
}

/// A layer of vector tiles.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Layer {
    pub(super) id: String,
    pub(super) title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    pub(super) data_type: &'static str,
    /// 0 for points, 1 for lines, 2 for polygons; absent where they are mixed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) geometry_dimension: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_tile_matrix: Option<String>,
    /// From here on nothing is simplified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_tile_matrix: Option<String>,
    pub(super) properties_schema: PropertiesSchema,
}

#[derive(Serialize)]
pub(super) struct PropertiesSchema {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) properties: Map<String, Json>,
}

pub(super) const TILING_SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

impl BoundingBox {
    /// A rectangle in degrees.
    pub(super) fn of(bounds: &Rect) -> Self {
        Self {
            lower_left: [bounds.min_x, bounds.min_y],
            upper_right: [bounds.max_x, bounds.max_y],
            crs: Crs::Crs84.uri().to_owned(),
            ordered_axes: ["Lon", "Lat"],
        }
    }
}

impl CenterPoint {
    /// A place in degrees, best looked at on a matrix.
    pub(super) fn at(coordinates: [f64; 2], tile_matrix: String) -> Self {
        Self { coordinates, crs: Crs::Crs84.uri().to_owned(), tile_matrix }
    }
}

/// The levels that there are tiles of, and the rest of the description but layers and links to itself. `None` when there is
/// none on this grid.
pub(super) fn document(call: &Call, offer: &Offer, grid: &Grid, params: &Params) -> Option<Document> {
    let limits = offer.limits(grid, &call.app.config.limits);
    let center = overview(&limits)?;
    let bounds = offer.bounds().unwrap_or(Rect::new(-180.0, -90.0, 180.0, 90.0));
    let mut links =
        vec![Link::new(TILING_SCHEME, Format::Json, grid.title(), tilematrixsets::address(&call.base, grid))];
    links.extend(items(call, offer, grid, params));
    Some(Document {
        title: format!("{} ({})", offer.title, grid.title()),
        data_type: if offer.is_map() { "map" } else { "vector" },
        crs: grid.crs().uri().to_owned(),
        tile_matrix_set_id: grid.id().to_owned(),
        tile_matrix_set_uri: grid.uri().map(str::to_owned),
        tile_matrix_set_limits: limits.iter().map(|own| of_level(grid, own)).collect(),
        bounding_box: Some(BoundingBox::of(&bounds)),
        center_point: Some(CenterPoint::at(bounds.center(), id(grid, center.level))),
        style: offer.styled.as_ref().map(|styled| StyleEntry {
            id: styled.id.clone(),
            title: styled.title().to_owned(),
            // Of a part of a style and of one that was made there is no document of its own.
            links: call.catalog.style(&styled.id).map(|_| stylesheet(call, &styled.id)).into_iter().collect(),
        }),
        layers: Vec::new(),
        links,
    })
}

fn stylesheet(call: &Call, id: &str) -> Link {
    let address = call.base.url(&format!("/styles/{}/style.json", segment(id)));
    Link::new("stylesheet", Format::Style, "The style for MapLibre", address)
}

/// The finest level on which everything is on few tiles.
pub(super) fn overview(limits: &[TileLimits]) -> Option<TileLimits> {
    const FEW: u64 = 4;
    let span = |[first, last]: [u32; 2]| u64::from(last - first) + 1;
    let is_small = |limits: &&TileLimits| span(limits.columns) * span(limits.rows) <= FEW;
    limits.iter().rev().find(is_small).or(limits.first()).copied()
}

/// The layers of vector tiles, with those of label points where they are asked for, or set and not refused.
pub(super) fn layers(offer: &Offer, grid: &Grid, limits: &[TileLimits], labels: Option<bool>) -> Vec<Layer> {
    if offer.is_map() {
        return Vec::new();
    }
    let mut layers = Vec::new();
    for collection in &offer.collections {
        layers.push(layer(collection, grid, limits));
        if labels.unwrap_or(collection.tiles.labels) {
            layers.push(label_layer(layer(collection, grid, limits)));
        }
    }
    layers
}

fn label_layer(of: Layer) -> Layer {
    let (id, title) = (format!("{}{LABEL_SUFFIX}", of.id), format!("{}: labels", of.title));
    Layer { id, title, geometry_dimension: Some(0), ..of }
}

fn layer(collection: &Collection, grid: &Grid, limits: &[TileLimits]) -> Layer {
    let snapshot = collection.snapshot();
    let highest = collection.tiles.maxzoom;
    let schema = snapshot.schema();
    let carried = schema.fields.iter().enumerate().filter(|(_, field)| field.kind != FieldType::Null);
    let properties = carried.map(|(at, field)| (field.name.clone(), property::field(collection, at))).collect();
    let is_simplified = |limits: &&TileLimits| grid.zoom(limits.level) < f64::from(highest);
    let whole = limits.iter().find(|limits| !is_simplified(limits)).or(limits.last());
    Layer {
        id: collection.id.clone(),
        title: collection.title().to_owned(),
        description: collection.metadata.description.clone(),
        data_type: "vector",
        geometry_dimension: dimension(&schema.geometries),
        min_tile_matrix: limits.first().map(|limits| id(grid, limits.level)),
        max_tile_matrix: whole.map(|limits| id(grid, limits.level)),
        properties_schema: PropertiesSchema { kind: "object", properties },
    }
}

fn dimension(kinds: &[GeometryKind]) -> Option<u8> {
    let of = |kind: &GeometryKind| match kind {
        GeometryKind::Point | GeometryKind::MultiPoint => Some(0),
        GeometryKind::LineString | GeometryKind::MultiLineString => Some(1),
        GeometryKind::Polygon | GeometryKind::MultiPolygon => Some(2),
        _ => None,
    };
    let first = of(kinds.first()?)?;
    kinds.iter().all(|kind| of(kind) == Some(first)).then_some(first)
}

/// Links to tiles, a representation each; they keep what selects features.
fn items<'a>(
    call: &'a Call,
    offer: &'a Offer,
    grid: &'a Grid,
    params: &'a Params,
) -> impl Iterator<Item = Link> + use<'a> {
    offer.formats().iter().enumerate().map(move |(place, &format)| {
        // Clients that ask for whatever there is get the first.
        let query = params.with(&[("f", (place > 0).then(|| format.name()))]);
        let tile = format!("{}/{}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{query}", offer.path, segment(grid.id()));
        Link::new("item", format, format!("Tiles as {}", format.title()), call.base.url(&tile)).templated()
    })
}

/// The limits on a level.
pub(super) fn of_level(grid: &Grid, limits: &TileLimits) -> Limits {
    let ([min_tile_col, max_tile_col], [min_tile_row, max_tile_row]) = (limits.columns, limits.rows);
    Limits { tile_matrix: id(grid, limits.level), min_tile_row, max_tile_row, min_tile_col, max_tile_col }
}

/// The name of a level.
pub(super) fn id(grid: &Grid, level: u8) -> String {
    grid.levels()[usize::from(level)].id.clone()
}
