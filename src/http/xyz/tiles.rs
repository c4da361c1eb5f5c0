//! Vector tiles of collections.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Instant;

use axum::http::HeaderValue;
use axum::http::header;
use axum::response::Response;

use super::selection;
use crate::catalog;
use crate::catalog::Collection;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Operation;
use crate::http::Segment;
use crate::http::coding::coding;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::respond::Lasting;
use crate::query::Query;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::tile::CutSettings;
use crate::tile::Encoding;
use crate::tile::Tile;

/// The grid of all addresses here.
pub(in crate::http) const GRID: &str = "WebMercatorQuad";

pub(super) fn operation(collection: &Collection) -> Operation {
    let id = &collection.id;
    let segment_of = |name, description| Segment { name, description };
    Operation {
        id: format!("{id}.getVectorTile"),
        path: format!("/data/{}/{{z}}/{{x}}/{{y}}.pbf", segment(id)),
        tag: "Tiles",
        summary: format!("A vector tile of '{id}'; several collections, joined by commas, make a layer each."),
        segments: vec![
            segment_of("z", "The zoom, from 0 to 24."),
            segment_of("x", "The column, from the west."),
            segment_of("y", "The row, from the north."),
        ],
        parameters: selection::parameters([collection]),
        formats: &[Format::Mvt],
        body: None,
    }
}

/// The tile that the numbers name, if it is in the grid.
pub(super) fn coord(call: &Call, numbers: [&str; 3]) -> Option<TileCoord> {
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    let [level, column, row] = numbers.map(number);
    grid(call).tile(u8::try_from(level?).ok()?, column?, row?)
}

/// `GET /data/{ids}/{z}/{x}/{y}.pbf`: 204 when the tile is in the grid and shows nothing.
pub(super) async fn vector_tile(
    call: &Call,
    collections: &[Arc<Collection>],
    coord: TileCoord,
) -> Result<Response, Error> {
    let table = selection::parameters(collections.iter().map(AsRef::as_ref));
    let params = call.params(&table)?;
    let parts = selection::queries(call, &params, collections)?;
    let tile = finished(call, grid(call), parts, coord).await?;
    let is_versioned = params.written("v") == Some(&selection::version(collections));
    let mut response = answer(call, &tile, is_versioned);
    // The address says the format.
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    Ok(response)
}

/// What a tile is made of, as a text that no other tile has.
pub(in crate::http) fn key(grid: &Grid, coord: TileCoord, parts: &[(Arc<Collection>, Query)]) -> String {
    // A grid may be changed under the same id; then its tiles lie elsewhere.
    let bounds = grid.bounds(coord);
    let mut key = format!("{}@{}/{bounds:?}", grid.crs().uri(), grid.zoom(coord.level()));
    for (collection, query) in parts {
        // Ids have no commas, and queries write every text with its length or in quotes.
        let version = collection.snapshot().version();
        write!(key, ",{}@{version}?{query}", collection.id).expect("a string takes any text");
    }
    key
}

/// The tile from the cache, packed as the client likes it best, or packed anew, or cut, encoded and packed by a worker.
pub(in crate::http) async fn finished(
    call: &Call,
    grid: Arc<Grid>,
    parts: Vec<(Arc<Collection>, Query)>,
    coord: TileCoord,
) -> Result<Tile, Error> {
    let encoding = coding(&call.headers);
    let key = key(&grid, coord, &parts);
    let packed_as = |encoding: Encoding| format!("{key}.mvt.{}", encoding.name());
    let (metrics, workers) = (call.app.metrics.clone(), &call.app.workers);
    let making = async {
        let others = Encoding::ALL.into_iter().filter(|&other| other != encoding);
        if let Some(tile) = others.into_iter().find_map(|other| call.app.cache.peek(&packed_as(other))) {
            return workers.run_short(move || tile.packed(encoding)).await;
        }
        let cutting = workers.run(move || {
            let begun = Instant::now();
            let parts = parts.iter().map(|(collection, query)| (collection.as_ref(), query));
            let tile = Tile::mvt(&catalog::vector_tile(parts, &grid, coord, &CutSettings::default()), encoding);
            metrics.count_work("vector tile", begun.elapsed());
            tile
        });
        cutting.await
    };
    call.app.cache.find_or_make(&packed_as(encoding), async { making.await.map_err(Error::from) }).await
}

fn grid(call: &Call) -> Arc<Grid> {
    let grid = call.catalog.grids.get(GRID);
    Arc::clone(grid.expect("every catalog has the grid of web maps"))
}

/// The answer with a vector tile: 204 when it shows nothing.
pub(in crate::http) fn answer(call: &Call, tile: &Tile, is_versioned: bool) -> Response {
    respond::tile(&call.headers, tile, Format::Mvt.content_type(), Lasting { in_catalog: true, is_versioned })
}
