//! The tile matrix sets that tiles are offered in.

use askama::Template;
use axum::response::Response;
use serde::Serialize;

use crate::catalog::Catalog;
use crate::http::Base;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Path;
use crate::http::Segment;
use crate::http::page::Frame;
use crate::http::params::segment;
use crate::http::respond;
use crate::space::Corner;
use crate::space::Grid;
use crate::space::Level;

/// What these resources conform to.
pub(super) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
];

/// How the list relates to the landing page.
pub(super) const REL: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";

const FORMATS: &[Format] = &[Format::Json, Format::Html];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<'a> {
    links: Vec<Link>,
    tile_matrix_sets: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<&'a str>,
    crs: &'a str,
    links: Vec<Link>,
}

/// A tile matrix set (OGC 17-083r4, 7.1, `tileMatrixSet.json`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<&'a str>,
    crs: &'a str,
    ordered_axes: &'a [String; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    well_known_scale_set: Option<&'a str>,
    tile_matrices: Vec<Matrix<'a>>,
    links: Vec<Link>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Matrix<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    scale_denominator: f64,
    cell_size: f64,
    corner_of_origin: &'static str,
    /// In the order of the system's axes.
    point_of_origin: [f64; 2],
    tile_width: u32,
    tile_height: u32,
    matrix_width: u32,
    matrix_height: u32,
}

#[derive(Template)]
#[template(path = "tilematrixsets.html")]
struct ListPage<'a> {
    frame: Frame,
    entries: Vec<Entry<'a>>,
}

#[derive(Template)]
#[template(path = "tilematrixset.html")]
struct Page<'a> {
    frame: Frame,
    document: Document<'a>,
}

pub(super) fn operations() -> [Operation; 2] {
    let all = "The tile matrix sets that tiles are offered in.";
    let one = "/tileMatrixSets/{tileMatrixSetId}";
    let set =
        Operation::new("getTileMatrixSet", one, "Tiles", "A tile matrix set: its system and its matrices.", FORMATS);
    [
        Operation::new("getTileMatrixSetsList", "/tileMatrixSets", "Tiles", all, FORMATS),
        Operation { segments: vec![id_segment()], ..set },
    ]
}

/// The part of a path that names a tile matrix set.
pub(super) fn id_segment() -> Segment {
    Segment { name: "tileMatrixSetId", description: "The id of a tile matrix set, such as WebMercatorQuad." }
}

/// All grids: that of web maps first, then those that the OGC has registered, then the server's own.
pub(in crate::http) fn grids(catalog: &Catalog) -> Vec<&Grid> {
    let mut grids: Vec<&Grid> = catalog.grids.values().map(AsRef::as_ref).collect();
    let known: Vec<String> = Grid::registered_ids().collect();
    grids.sort_by_key(|grid| known.iter().position(|id| id == grid.id()).unwrap_or(known.len()));
    grids
}

/// Where a tile matrix set is described.
pub(super) fn address(base: &Base, grid: &Grid) -> String {
    base.url(&format!("/tileMatrixSets/{}", segment(grid.id())))
}

/// `GET /tileMatrixSets` (OGC 20-057, 9).
pub(in crate::http) async fn list(call: Call) -> Result<Response, Error> {
    let [operation, _] = operations();
    let (params, format) = call.read(&operation)?;
    let links = call.links(&operation, &params, format);
    let entry = |grid: &'_ Grid| {
        let link = Link::new("self", Format::Json, grid.title(), address(&call.base, grid));
        vec![link]
    };
    let grids = grids(&call.catalog).into_iter();
    let entries: Vec<Entry<'_>> = grids
        .map(|grid| Entry {
            id: grid.id(),
            title: grid.title(),
            uri: grid.uri(),
            crs: grid.crs().uri(),
            links: entry(grid),
        })
        .collect();
    if format == Format::Html {
        let frame = Frame::new(&call, "Tile matrix sets").under("/", &call.app.config.title).with(links);
        return respond::page(&call.headers, &ListPage { frame, entries });
    }
    respond::json(&call.headers, format, &List { links, tile_matrix_sets: entries })
}

/// `GET /tileMatrixSets/{tileMatrixSetId}`
pub(in crate::http) async fn one(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    let grid = call.catalog.grids.get(&id).ok_or_else(|| Error::NotFound(format!("tile matrix set '{id}'")))?;
    let [_, operation] = operations();
    let (params, format) = call.read(&operation)?;
    let links = call.links(&operation, &params, format);
    let document = Document {
        id: grid.id(),
        title: grid.title(),
        uri: grid.uri(),
        crs: grid.crs().uri(),
        ordered_axes: grid.ordered_axes(),
        well_known_scale_set: grid.well_known_scale_set(),
        tile_matrices: grid.levels().iter().map(|level| matrix(grid, level)).collect(),
        links,
    };
    if format == Format::Html {
        let frame = Frame::new(&call, grid.title())
            .under("/", &call.app.config.title)
            .under("/tileMatrixSets", "Tile matrix sets")
            .with(document.links.clone());
        return respond::page(&call.headers, &Page { frame, document });
    }
    respond::json(&call.headers, format, &document)
}

fn matrix<'a>(grid: &Grid, level: &'a Level) -> Matrix<'a> {
    Matrix {
        id: &level.id,
        title: level.title.as_deref(),
        scale_denominator: level.scale_denominator,
        cell_size: level.cell_size,
        corner_of_origin: match level.corner {
            Corner::TopLeft => "topLeft",
            Corner::BottomLeft => "bottomLeft",
        },
        point_of_origin: grid.crs().axes().write(level.origin),
        tile_width: level.tile_width,
        tile_height: level.tile_height,
        matrix_width: level.width,
        matrix_height: level.height,
    }
}
