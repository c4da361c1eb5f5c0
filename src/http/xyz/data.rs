//! The routes below `/data`. The router takes a segment as a whole, so that the last one is split here.

use axum::response::Response;

use super::clusters;
use super::download;
use super::explain;
use super::pictures;
use super::selection;
use super::tilejson;
use super::tiles;
use super::tileset;
use crate::catalog::Collection;
use crate::config::Limits;
use crate::http::Call;
use crate::http::Error;
use crate::http::Operation;
use crate::http::Path;
use crate::tile::codec::VectorFormat;

/// `GET /data/{ids}.{json|geojson|jsonfg|geojsons|csv|fgb}`
pub(in crate::http) async fn document(call: Call, Path(segment): Path<String>) -> Result<Response, Error> {
    let (ids, extension) = split(&segment);
    if let Some(tileset) = call.catalog.tileset(ids) {
        return match extension {
            Some("json") => tileset::tilejson(&call, tileset),
            _ => Err(Error::NotFound(format!("document '{segment}'; an archive of tiles has {ids}.json (TileJSON)"))),
        };
    }
    let collections = selection::collections(&call, ids)?;
    if extension == Some("json") {
        return tilejson::tilejson(&call, &collections);
    }
    let Some(format) = extension.and_then(download::format) else {
        let files: Vec<String> = download::extensions().map(|extension| format!("{ids}.{extension}")).collect();
        return Err(Error::NotFound(format!(
            "document '{segment}'; there are {ids}.json (TileJSON), {} (downloads) and {ids}/{{z}}/{{x}}/{{y}}.pbf \
             (vector tiles)",
            files.join(", ")
        )));
    };
    download::download(&call, &collections, format).await
}

/// `GET /data/{ids}/{z}/{x}/{y}.{pbf|mvt|mlt|png|webp|jpg}`
pub(in crate::http) async fn tile(
    call: Call,
    Path((ids, level, column, segment)): Path<(String, String, String, String)>,
) -> Result<Response, Error> {
    if let Some(tileset) = call.catalog.tileset(&ids) {
        return tileset::tile(&call, tileset, [&level, &column, &segment]).await;
    }
    let collections = selection::collections(&call, &ids)?;
    let (row, extension) = split(&segment);
    if let Some("png" | "webp" | "jpg" | "jpeg") = extension {
        return pictures::data_tile(&call, &collections, [&level, &column], &segment).await;
    }
    let missing = || Error::NotFound(format!("tile '{level}/{column}/{segment}' in the grid WebMercatorQuad"));
    let coord = tiles::coord(&call, [&level, &column, row]).ok_or_else(missing)?;
    let format = match extension {
        Some("pbf" | "mvt") => Some(VectorFormat::Mvt),
        Some("mlt") => Some(VectorFormat::Mlt),
        None => None,
        Some(_) => {
            return Err(Error::NotFound(format!(
                "format of tiles in '{segment}'; there are {row}.pbf, {row}.mvt, {row}.mlt and {row}.png"
            )));
        }
    };
    tiles::vector_tile(&call, &collections, coord, format).await
}

/// What can be asked of one collection here.
pub(in crate::http) fn operations<'a>(
    collection: &'a Collection,
    limits: &Limits,
) -> impl Iterator<Item = Operation> + use<'a> {
    let explained = [explain::operation(collection, limits), clusters::operation(collection, limits)];
    let tiled = std::iter::once(tilejson::operation(collection)).chain(tiles::operations(collection));
    tiled.chain(explained).chain(download::operations(collection))
}

/// A segment before and after its first full stop: no id of a collection has one.
fn split(segment: &str) -> (&str, Option<&str>) {
    segment.split_once('.').map_or((segment, None), |(name, extension)| (name, Some(extension)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_split_at_its_first_full_stop() {
        assert_eq!(split("towns,roads.geojson"), ("towns,roads", Some("geojson")));
        assert_eq!(split("17@2x.png"), ("17@2x", Some("png")));
        assert_eq!(split("towns"), ("towns", None));
    }
}
