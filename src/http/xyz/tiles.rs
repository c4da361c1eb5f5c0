//! Vector tiles of collections.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

use super::clusters;
use super::selection;
use crate::catalog;
use crate::catalog::Clustering;
use crate::catalog::Collection;
use crate::catalog::CutTile;
use crate::catalog::Extras;
use crate::catalog::Tally;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Params;
use crate::http::Segment;
use crate::http::assets::accepts_gzip;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::respond::ETag;
use crate::query::Query;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::tile::Counts;
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
        parameters: parameters([collection]),
        formats: &[Format::Mvt],
        body: None,
    }
}

/// The header that says what became of the features of a tile.
const FEATURES: HeaderName = HeaderName::from_static("tumen-features");

/// `strict=true`: an error in place of a tile in which not each feature is one of its own.
pub(in crate::http) const STRICT: &str = "strict";

/// The parameters of tiles: what selects features, and `strict`.
pub(super) fn parameters<'a>(collections: impl IntoIterator<Item = &'a Collection>) -> Vec<Parameter> {
    let mut parameters = selection::parameters(collections);
    parameters.push(strict());
    parameters.push(Parameter::new(
        "labels",
        Kind::Flag,
        "With true, a layer of label points for the lines and polygons of each collection, named by its id and '_label'; each label \
         is on one tile of a zoom.",
    ));
    parameters.extend(clusters::parameters());
    parameters
}

/// The parameter `strict`.
pub(in crate::http) fn strict() -> Parameter {
    Parameter::new(
        STRICT,
        Kind::Flag,
        "With true, an error in place of a tile in which features are merged or left out because they are too small or too many.",
    )
}

/// Refuses a partial tile where the request is strict.
pub(in crate::http) fn check_strict(params: &Params, tile: &Tile) -> Result<(), Error> {
    let Counts { matched, kept, merged, dropped } = tile.counts;
    if params.flag(STRICT) != Some(true) || kept == matched {
        return Ok(());
    }
    Err(Error::TooLarge(format!(
        "of {matched} features on this tile {kept} are in it, {merged} are shown together with others, and {dropped} are left \
         out; ask for a higher zoom or select fewer, or drop 'strict'"
    )))
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
    let table = parameters(collections.iter().map(AsRef::as_ref));
    let params = call.params(&table)?;
    let parts = selection::queries(call, &params, collections)?;
    let extras = Extras { labels: params.flag("labels") };
    let tile = match clusters::clustering(&params, collections, &call.app.config.limits)? {
        Some(clustering) => with_clusters(call, parts, coord, extras, &clustering).await?,
        None => finished(call, grid(call), parts, coord, extras).await?,
    };
    check_strict(&params, &tile)?;
    let is_versioned = params.written("v") == Some(&selection::version(collections));
    Ok(answer(call, &tile, is_versioned))
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

/// The tile from the cache, or cut, encoded and packed by a worker.
pub(in crate::http) async fn finished(
    call: &Call,
    grid: Arc<Grid>,
    parts: Vec<(Arc<Collection>, Query)>,
    coord: TileCoord,
    extras: Extras,
) -> Result<Tile, Error> {
    let key = format!("{}&{extras:?}.mvt", key(&grid, coord, &parts));
    let metrics = call.app.metrics.clone();
    let cutting = call.app.workers.run(move || {
        let begun = Instant::now();
        let parts = parts.iter().map(|(collection, query)| (collection.as_ref(), query));
        let tile = packed(&catalog::vector_tile(parts, &grid, coord, &extras));
        metrics.count_work("vector tile", begun.elapsed());
        tile
    });
    call.app.cache.find_or_make(&key, async { cutting.await.map_err(Error::from) }).await
}

/// The same with clusters in place of the points of those collections that have any.
async fn with_clusters(
    call: &Call,
    parts: Vec<(Arc<Collection>, Query)>,
    coord: TileCoord,
    extras: Extras,
    clustering: &Clustering,
) -> Result<Tile, Error> {
    let grid = grid(call);
    let key = format!("{}&{extras:?}&{clustering}.mvt", key(&grid, coord, &parts));
    let making = async {
        let mut gathered = Vec::with_capacity(parts.len());
        for part in &parts {
            gathered.push(clusters::clustered(call, part, clustering).await?);
        }
        let cut = move || {
            let own: Vec<(&Collection, &Query)> = parts.iter().map(|(own, query)| (own.as_ref(), query)).collect();
            let mut cut = CutTile::default();
            for (&(collection, query), gathered) in own.iter().zip(&gathered) {
                if gathered.is_empty() {
                    let rest = catalog::vector_tile([(collection, query)], &grid, coord, &extras);
                    cut.tile.layers.extend(rest.tile.layers);
                    cut.tallies.extend(rest.tallies);
                } else {
                    let (layer, tally) = gathered.layer(collection, query, coord);
                    cut.tile.layers.push(layer);
                    cut.tallies.push(tally);
                }
            }
            packed(&cut)
        };
        call.app.workers.run(cut).await.map_err(Error::from)
    };
    call.app.cache.find_or_make(&key, making).await
}

fn packed(cut: &CutTile) -> Tile {
    let tally = cut.tallies.iter().fold(Tally::default(), |sum, own| sum.and(*own));
    let [matched, kept, merged, dropped] =
        [tally.matched, tally.kept, tally.merged, tally.dropped].map(|count| count as u64);
    Tile { counts: Counts { matched, kept, merged, dropped }, ..Tile::mvt(&cut.tile) }
}

pub(super) fn grid(call: &Call) -> Arc<Grid> {
    let grid = call.catalog.grids.get(GRID);
    Arc::clone(grid.expect("every catalog has the grid of web maps"))
}

/// The answer with a vector tile: 204 when it shows nothing.
pub(in crate::http) fn answer(call: &Call, tile: &Tile, is_versioned: bool) -> Response {
    let tag = ETag::of(&[tile.etag.as_bytes()]);
    let mut response = match tag.unchanged(&call.headers) {
        Some(unchanged) => unchanged,
        None if tile.is_empty() => tag.put_on(StatusCode::NO_CONTENT.into_response()),
        None => match tile.encoding {
            Encoding::Gzip if !accepts_gzip(&call.headers) => {
                tag.answer(Format::Mvt.content_type(), Body::from(tile.unpacked()))
            }
            Encoding::Identity => tag.answer(Format::Mvt.content_type(), Body::from(tile.bytes.clone())),
            Encoding::Gzip => {
                let mut packed = tag.answer(Format::Mvt.content_type(), Body::from(tile.bytes.clone()));
                packed.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                packed
            }
        },
    };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let Counts { matched, kept, merged, dropped } = tile.counts;
    let told = format!("in={matched};kept={kept};merged={merged};dropped={dropped}");
    if let Ok(told) = HeaderValue::from_str(&told) {
        headers.insert(FEATURES, told);
    }
    if is_versioned {
        respond::keep(&mut response);
    }
    response
}
