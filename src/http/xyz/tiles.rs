//! Vector tiles of collections.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Instant;

use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::header;
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
use crate::http::coding::coding;
use crate::http::negotiate::negotiate;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::respond::Lasting;
use crate::http::whole;
use crate::query::Query;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::tile::Counts;
use crate::tile::Encoding;
use crate::tile::Tile;
use crate::tile::TileFormat;
use crate::tile::codec::VectorFormat;

/// The grid of all addresses here.
pub(in crate::http) const GRID: &str = "WebMercatorQuad";

pub(super) fn operations(collection: &Collection) -> [Operation; 2] {
    let id = &collection.id;
    let mvt = operation(id, ("getVectorTile", "pbf"), &[Format::Mvt]);
    let mlt = operation(id, ("getMapLibreTile", "mlt"), &[Format::Mlt]);
    [
        Operation {
            summary: format!("A vector tile of '{id}'; several collections, joined by commas, make a layer each."),
            parameters: parameters([collection]),
            ..mvt
        },
        Operation {
            summary: format!("The same as a MapLibre Tile, which is smaller: of '{id}', or of several collections."),
            parameters: parameters([collection]),
            ..mlt
        },
    ]
}

fn operation(id: &str, (name, ending): (&str, &str), formats: &'static [Format]) -> Operation {
    let segment_of = |name, description| Segment { name, description };
    Operation {
        id: format!("{id}.{name}"),
        path: format!("/data/{}/{{z}}/{{x}}/{{y}}.{ending}", segment(id)),
        tag: "Tiles",
        summary: String::new(),
        segments: vec![
            segment_of("z", "The zoom, from 0 to 24."),
            segment_of("x", "The column, from the west."),
            segment_of("y", "The row, from the north."),
        ],
        parameters: Vec::new(),
        formats,
        body: None,
    }
}

/// The header that says what became of the features of a tile.
const FEATURES: HeaderName = HeaderName::from_static("tumen-features");

/// `strict=true`: an error in place of a tile in which not each feature is one of its own.
pub(in crate::http) const STRICT: &str = "strict";

/// The parameters of tiles: what selects features, and `strict`.
pub(super) fn parameters<'a>(collections: impl IntoIterator<Item = &'a Collection>) -> Vec<Parameter> {
    let own = [strict()].into_iter().chain(extra_parameters()).collect();
    selection::before(own, selection::parameters(collections))
}

/// The parameters that ask for more than features: labels and clusters.
pub(in crate::http) fn extra_parameters() -> impl Iterator<Item = Parameter> {
    let labels = Parameter::new(
        "labels",
        Kind::Flag,
        "With true, a layer of label points for the lines and polygons of each collection, named by its id and '_label'; each label \
         is on one tile of a zoom.",
    );
    [labels].into_iter().chain(clusters::parameters())
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
fn check_strict(params: &Params, tile: &Tile) -> Result<(), Error> {
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
    let [level, column, row] = numbers.map(whole);
    grid(call).tile(u8::try_from(level?).ok()?, column?, row?)
}

/// `GET /data/{ids}/{z}/{x}/{y}.{pbf|mvt|mlt}`: 204 when the tile is in the grid and shows nothing. Where the address has no
/// ending, the header `Accept` says what the tile is written in.
pub(super) async fn vector_tile(
    call: &Call,
    collections: &[Arc<Collection>],
    coord: TileCoord,
    named: Option<VectorFormat>,
) -> Result<Response, Error> {
    let params = call.params_by(|| parameters(collections.iter().map(AsRef::as_ref)))?;
    let parts = selection::queries(call, &params, collections)?;
    let format = match named {
        Some(format) => format,
        None if negotiate(None, &call.headers, &[Format::Mvt, Format::Mlt])? == Format::Mlt => VectorFormat::Mlt,
        None => VectorFormat::Mvt,
    };
    let tile = asked(call, &params, parts, (grid(call), coord, format)).await?;
    let is_versioned = params.written("v") == Some(&selection::version(collections));
    let mut response = answer(call, &tile, is_versioned);
    // As a rule the address says the format.
    let vary = if named.is_some() { "Accept-Encoding" } else { "Accept, Accept-Encoding" };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static(vary));
    Ok(response)
}

/// The tile with the labels and clusters that are asked for, or an error where it is to be strict and is not.
pub(in crate::http) async fn asked(
    call: &Call,
    params: &Params,
    parts: Vec<(Arc<Collection>, Query)>,
    (grid, coord, format): (Arc<Grid>, TileCoord, VectorFormat),
) -> Result<Tile, Error> {
    let extras = Extras { labels: params.flag("labels") };
    let collections: Vec<Arc<Collection>> = parts.iter().map(|(collection, _)| Arc::clone(collection)).collect();
    let clusterings = clusters::clusterings_on(&grid, params, &collections, &call.app.config.limits)?;
    let tile = if clusterings.iter().any(Option::is_some) {
        with_clusters(call, parts, (coord, format), extras, clusterings).await?
    } else {
        finished(call, parts, (grid, coord, format), extras).await?
    };
    check_strict(params, &tile)?;
    Ok(tile)
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
async fn finished(
    call: &Call,
    parts: Vec<(Arc<Collection>, Query)>,
    (grid, coord, format): (Arc<Grid>, TileCoord, VectorFormat),
    extras: Extras,
) -> Result<Tile, Error> {
    let key = format!("{}&{extras:?}", key(&grid, coord, &parts));
    // A condition may be asked of every feature that there is.
    let is_light = parts.iter().all(|(_, query)| query.is_everything());
    let cut = move || {
        let parts = parts.iter().map(|(collection, query)| (collection.as_ref(), query));
        catalog::vector_tile(parts, &grid, coord, &extras)
    };
    packed(call, &key, (format, is_light), async move { Ok(cut) }).await
}

/// The same with clusters in place of the points of those collections that have any.
async fn with_clusters(
    call: &Call,
    parts: Vec<(Arc<Collection>, Query)>,
    (coord, format): (TileCoord, VectorFormat),
    extras: Extras,
    clusterings: Vec<Option<Clustering>>,
) -> Result<Tile, Error> {
    let grid = grid(call);
    let asked: Vec<String> =
        clusterings.iter().map(|asked| asked.as_ref().map_or_else(String::new, Clustering::to_string)).collect();
    let key = format!("{}&{extras:?}&{asked:?}", key(&grid, coord, &parts));
    let gathering = async {
        let mut gathered = Vec::with_capacity(parts.len());
        for (part, clustering) in parts.iter().zip(&clusterings) {
            gathered.push(match clustering {
                Some(clustering) => Some(clusters::clustered(call, part, clustering).await?),
                None => None,
            });
        }
        Ok(move || {
            let mut cut = CutTile::default();
            for ((collection, query), gathered) in parts.iter().zip(&gathered) {
                if let Some(gathered) = gathered.as_ref().filter(|gathered| !gathered.is_empty()) {
                    let (layer, tally) = gathered.layer(collection, query, coord);
                    cut.tile.layers.push(layer);
                    cut.tallies.push(tally);
                } else {
                    let rest = catalog::vector_tile([(collection.as_ref(), query)], &grid, coord, &extras);
                    cut.tile.layers.extend(rest.tile.layers);
                    cut.tallies.extend(rest.tallies);
                }
            }
            cut
        })
    };
    packed(call, &key, (format, false), gathering).await
}

/// The tile of a key, packed as the client likes it best: from the cache, or packed anew, or cut, by a worker unless that is light.
async fn packed<C>(
    call: &Call,
    key: &str,
    (format, is_light): (VectorFormat, bool),
    cut: impl Future<Output = Result<C, Error>>,
) -> Result<Tile, Error>
where
    C: FnOnce() -> CutTile + Send + 'static,
{
    let encoding = coding(&call.headers);
    let packed_as = |encoding: Encoding| format!("{key}.{}.{}", format.name(), encoding.name());
    let (metrics, workers) = (call.app.metrics.clone(), &call.app.workers);
    let making = async {
        let others = Encoding::ALL.into_iter().filter(|&other| other != encoding);
        if let Some(tile) = others.into_iter().find_map(|other| call.app.cache.peek(&packed_as(other))) {
            return workers.run_short(move || tile.packed(encoding)).await.map_err(Error::from);
        }
        let cut = cut.await?;
        let cutting = move || {
            let begun = Instant::now();
            let cut = cut();
            let tile = Tile::vector(&cut.tile, format, encoding).map(|tile| Tile { counts: counts(&cut), ..tile });
            metrics.count_work("vector tile", begun.elapsed());
            tile
        };
        let made = if is_light { workers.run_light(cutting).await } else { workers.run(cutting).await };
        made.map_err(Error::from)?.map_err(Error::internal)
    };
    call.app.cache.find_or_make(&packed_as(encoding), making).await
}

fn counts(cut: &CutTile) -> Counts {
    let tally = cut.tallies.iter().fold(Tally::default(), |sum, own| sum.and(*own));
    let [matched, kept, merged, dropped] =
        [tally.matched, tally.kept, tally.merged, tally.dropped].map(|count| count as u64);
    Counts { matched, kept, merged, dropped }
}

/// What a vector tile is to clients.
fn format(tile: &Tile) -> Format {
    if tile.format == TileFormat::Mlt { Format::Mlt } else { Format::Mvt }
}

pub(super) fn grid(call: &Call) -> Arc<Grid> {
    let grid = call.catalog.grids.get(GRID);
    Arc::clone(grid.expect("every catalog has the grid of web maps"))
}

/// The answer with a vector tile: 204 when it shows nothing.
pub(in crate::http) fn answer(call: &Call, tile: &Tile, is_versioned: bool) -> Response {
    let lasting = Lasting { in_catalog: true, is_versioned };
    let mut response = respond::tile(&call.headers, tile, format(tile).content_type(), lasting);
    let Counts { matched, kept, merged, dropped } = tile.counts;
    let told = format!("in={matched};kept={kept};merged={merged};dropped={dropped}");
    let told = HeaderValue::from_str(&told).expect("numbers and signs make a header");
    response.headers_mut().insert(FEATURES, told);
    response
}
