//! Archives of tiles as tilesets: they lie on one grid, and their tiles are given out as they are.

use std::sync::Arc;

use axum::response::Response;
use serde_json::Value as Json;
use serde_json::json;

use super::asked::DOCUMENTS;
use super::document::BoundingBox;
use super::document::CenterPoint;
use super::document::Document;
use super::document::Layer;
use super::document::PropertiesSchema;
use super::document::TILING_SCHEME;
use super::document::id;
use super::document::of_level;
use super::document::overview;
use super::list::List;
use super::list::Page as ListPage;
use super::list::own_links;
use super::tileset::Page;
use crate::catalog::Tileset;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Path;
use crate::http::Segment;
use crate::http::ogc::tilematrixsets;
use crate::http::page::Frame;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::whole;
use crate::http::xyz::tiles::GRID;
use crate::http::xyz::tileset;
use crate::space::Bbox;
use crate::space::Grid;
use crate::space::Rect;
use crate::space::TileLimits;

/// The tilesets of all archives, of pictures or of data, each with its path: they belong to the dataset.
pub(super) fn documents(call: &Call, is_map: bool) -> Vec<(String, Document)> {
    let own = call.catalog.tilesets.values().filter(|own| tileset::is_vector(own) != is_map);
    let documents = own.filter_map(|own| {
        let at = format!("{}/{GRID}", path(own));
        let mut document = Archive::of(call, own).ok()?.document(call);
        document.links.splice(..0, own_links(call, &at));
        Some((at, document))
    });
    documents.collect()
}

/// What can be asked of an archive here.
pub(in crate::http) fn operations(own: &Tileset) -> Vec<Operation> {
    tileset::formats(own).map(|formats| described(own, formats).to_vec()).unwrap_or_default()
}

/// `GET /data/{id}/tiles` (OGC 20-057, 9): the only tileset of an archive.
pub(in crate::http) async fn archive_list(call: Call, Path(name): Path<String>) -> Result<Response, Error> {
    let own = found(&call, &name)?;
    let archive = Archive::of(&call, own)?;
    let (params, format) = call.read(&archive.operations[0])?;
    let links = call.links(&archive.operations[0], &params, format);
    let at = format!("{}/{GRID}", path(own));
    let mut document = archive.document(&call);
    document.links.splice(..0, own_links(&call, &at));
    if format == Format::Html {
        let title = format!("Tilesets of {}", own.title());
        let frame = Frame::new(&call, &title).under("/", &call.app.config.title).with(links);
        return respond::page(&call.headers, &ListPage::of(&call, frame, vec![(at, document)]));
    }
    respond::json(&call.headers, format, &List { links, tilesets: vec![document] })
}

/// `GET /data/{id}/tiles/{tms}` (OGC 20-057, 8).
pub(in crate::http) async fn archive_tileset(
    call: Call,
    Path((name, tms)): Path<(String, String)>,
) -> Result<Response, Error> {
    let own = found(&call, &name)?;
    let archive = Archive::of(&call, own)?;
    archive.check(&tms)?;
    let (params, format) = call.read(&archive.operations[1])?;
    let mut document = archive.document(&call);
    document.layers = archive.layers();
    document.links.splice(..0, call.links(&archive.operations[1], &params, format));
    if format == Format::Html {
        return respond::page(&call.headers, &archive.page(&call, document));
    }
    respond::json(&call.headers, format, &document)
}

/// `GET /data/{id}/tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}` (OGC 20-057, 7). What the archive has no tile of is 204, and what
/// lies outside of its limits 404.
pub(in crate::http) async fn archive_tile(
    call: Call,
    Path((name, tms, matrix, row, column)): Path<(String, String, String, String, String)>,
) -> Result<Response, Error> {
    let own = found(&call, &name)?;
    let archive = Archive::of(&call, own)?;
    archive.check(&tms)?;
    let coord = || archive.grid.tile(archive.grid.level_of(&matrix)?, whole(&column)?, whole(&row)?);
    let coord = coord().filter(|coord| archive.limits.iter().any(|limits| limits.contains(*coord)));
    let coord = coord.ok_or_else(|| {
        let place = format!("tile '{matrix}/{row}/{column}' (matrix, row, column)");
        Error::NotFound(format!("{place} within the limits of the archive '{name}'"))
    })?;
    call.read(&archive.operations[2])?;
    tileset::answer(&call, own, coord, false).await
}

/// An archive with its grid.
struct Archive<'a> {
    own: &'a Tileset,
    grid: &'a Grid,
    formats: &'static [Format],
    limits: Vec<TileLimits>,
    operations: [Operation; 3],
}

impl<'a> Archive<'a> {
    fn of(call: &'a Call, own: &'a Tileset) -> Result<Self, Error> {
        let missing =
            || Error::NotFound(format!("tileset of '{}', whose tiles are of no format of OGC API Tiles", own.id));
        let formats = tileset::formats(own).ok_or_else(missing)?;
        let grid = call.catalog.grids.get(GRID).ok_or_else(missing)?;
        let about = own.archive.about();
        let mut limits = grid.limits(&extent(own));
        limits.retain(|limits| (about.minzoom..=about.maxzoom).contains(&limits.level));
        Ok(Self { own, grid, formats, limits, operations: described(own, formats) })
    }

    fn check(&self, tms: &str) -> Result<(), Error> {
        let missing = || Error::NotFound(format!("tileset '{tms}' of '{}'; there is {GRID}", self.own.id));
        if tms == GRID { Ok(()) } else { Err(missing()) }
    }

    fn document(&self, call: &Call) -> Document {
        let grid = self.grid;
        let parts = extent(self.own).parts();
        let bounds = parts.into_iter().reduce(|all, part| all.union(&part));
        let bounds = bounds.unwrap_or(Rect::new(-180.0, -90.0, 180.0, 90.0));
        let level = overview(&self.limits).map_or(0, |limits| limits.level);
        let tile = format!("{}/{GRID}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", path(self.own));
        let item = |&format: &Format| {
            Link::new("item", format, format!("Tiles as {}", format.title()), call.base.url(&tile)).templated()
        };
        let mut links =
            vec![Link::new(TILING_SCHEME, Format::Json, grid.title(), tilematrixsets::address(&call.base, grid))];
        links.extend(self.formats.iter().map(item));
        Document {
            title: format!("{} ({})", self.own.title(), grid.title()),
            data_type: if tileset::is_vector(self.own) { "vector" } else { "map" },
            crs: grid.crs().uri().to_owned(),
            tile_matrix_set_id: grid.id().to_owned(),
            tile_matrix_set_uri: grid.uri().map(str::to_owned),
            tile_matrix_set_limits: self.limits.iter().map(|own| of_level(grid, own)).collect(),
            bounding_box: Some(BoundingBox::of(&bounds)),
            center_point: Some(CenterPoint::at(bounds.center(), id(grid, level))),
            style: None,
            layers: Vec::new(),
            links,
        }
    }

    /// The layers that the archive says it has (`TileJSON` 3.0.0, 3.3).
    fn layers(&self) -> Vec<Layer> {
        let told = self.own.archive.about().members.get("vector_layers").and_then(Json::as_array);
        let layers = told.into_iter().flatten().filter_map(|layer| {
            let name = layer.get("id")?.as_str()?.to_owned();
            let fields = layer.get("fields").and_then(Json::as_object);
            let property = |(name, about): (&String, &Json)| {
                let kind = about.as_str().unwrap_or_default().to_ascii_lowercase();
                let kind = ["number", "boolean"].into_iter().find(|own| kind.starts_with(own)).unwrap_or("string");
                (name.clone(), json!({ "type": kind }))
            };
            let properties = fields.into_iter().flatten().map(property).collect();
            let text = |name: &str| layer.get(name).and_then(Json::as_str).map(str::to_owned);
            let zoom = |name: &str| layer.get(name).and_then(Json::as_u64).map(|zoom| zoom.to_string());
            Some(Layer {
                title: name.clone(),
                id: name,
                description: text("description").filter(|about| !about.is_empty()),
                data_type: "vector",
                geometry_dimension: None,
                min_tile_matrix: zoom("minzoom"),
                max_tile_matrix: zoom("maxzoom"),
                properties_schema: PropertiesSchema { kind: "object", properties },
            })
        });
        if tileset::is_vector(self.own) { layers.collect() } else { Vec::new() }
    }

    fn page(&self, call: &Call, document: Document) -> Page {
        let (root, own) = (call.base.path(), self.own);
        let is_vector = tileset::is_vector(own);
        let pictures = overview(&self.limits).filter(|_| !is_vector).map(|shown| {
            let at = format!("{root}{}/{GRID}/{}", path(own), id(self.grid, shown.level));
            let ([left, right], [top, bottom]) = (shown.columns, shown.rows);
            let row = |row: u32| (left..=right).map(|column| format!("{at}/{row}/{column}")).collect();
            (top..=bottom).map(row).collect()
        });
        Page {
            subject: format!("Tiles of {}", own.title()),
            grid: self.grid.title().to_owned(),
            frame: Frame::new(call, self.grid.id())
                .under("/", &call.app.config.title)
                .under(&path(own), &format!("Tilesets of {}", own.title()))
                .with(document.links.clone()),
            pictures: pictures.unwrap_or_default(),
            tilejson: if is_vector { format!("{root}/data/{}.json", segment(&own.id)) } else { String::new() },
            bounds: extent(own).to_array().map(|number| number.to_string()).join(","),
            style: String::new(),
            document,
        }
    }
}

fn found<'a>(call: &'a Call, name: &str) -> Result<&'a Arc<Tileset>, Error> {
    call.catalog.tileset(name).ok_or_else(|| {
        let where_else = format!("the tilesets of a collection are at /collections/{}/tiles", segment(name));
        Error::NotFound(format!("archive of tiles '{name}'; {where_else}"))
    })
}

/// The path of its tilesets below the landing page.
fn path(own: &Tileset) -> String {
    format!("/data/{}/tiles", segment(&own.id))
}

/// Where it has tiles; all of the world where it does not say.
fn extent(own: &Tileset) -> Bbox {
    let bounds = own.archive.about().bounds;
    bounds.and_then(|[west, south, east, north]| Bbox::new(west, south, east, north).ok()).unwrap_or(Bbox::WORLD)
}

/// The list, the tileset, and a tile.
fn described(own: &Tileset, formats: &'static [Format]) -> [Operation; 3] {
    let kind = if tileset::is_vector(own) { "vector" } else { "map" };
    let operation = |name: &str, rest: &str, summary: String, formats: &'static [Format]| {
        let id = format!("{}.archive.{kind}.{name}", own.id);
        Operation::new(&id, &format!("{}{rest}", path(own)), "Tiles", &summary, formats)
    };
    let place = |name, description| Segment { name, description };
    let title = own.title();
    let set = tilematrixsets::id_segment();
    [
        operation("getTileSetsList", "", format!("The tileset of the archive '{title}'."), DOCUMENTS),
        Operation {
            segments: vec![set.clone()],
            ..operation(
                "getTileSet",
                "/{tileMatrixSetId}",
                format!("The archive '{title}': its limits, its layers, and the address of its tiles."),
                DOCUMENTS,
            )
        },
        Operation {
            segments: vec![
                set,
                place("tileMatrix", "The zoom."),
                place("tileRow", "The row, from the top."),
                place("tileCol", "The column, from the left."),
            ],
            ..operation(
                "getTile",
                "/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}",
                format!("A tile of the archive '{title}', as it is."),
                formats,
            )
        },
    ]
}
