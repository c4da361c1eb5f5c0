//! Archives of tiles, given out as they are.

use std::sync::Arc;

use axum::response::Response;
use serde_json::Value as Json;
use serde_json::json;

use super::tiles;
use crate::catalog::Tileset;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Operation;
use crate::http::Segment;
use crate::http::coding::coding;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::respond::Lasting;
use crate::space::TileCoord;
use crate::tile::Encoding;
use crate::tile::Tile;
use crate::tile::TileFormat;

/// `GET /data/{id}.json` (`TileJSON` 3.0.0): what the archive says about itself, with the addresses of its tiles.
pub(super) fn tilejson(call: &Call, tileset: &Tileset) -> Result<Response, Error> {
    let params = call.params(&[])?;
    let query = params.with(&[("v", Some(&tileset.version.to_string()))]);
    let mut document = tileset.tilejson();
    let address = format!("/data/{}/{{z}}/{{x}}/{{y}}.{}{query}", segment(&tileset.id), ending(tileset));
    document.insert("tiles".to_owned(), json!([call.base.url(&address)]));
    document.insert("scheme".to_owned(), json!("xyz"));
    respond::json(&call.headers, Format::TileJson, &Json::Object(document))
}

/// `GET /data/{id}/{z}/{x}/{y}.{ending}`: 204 when the archive has no such tile, since what it has none of shows nothing.
pub(super) async fn tile(
    call: &Call,
    tileset: &Arc<Tileset>,
    [level, column, segment]: [&str; 3],
) -> Result<Response, Error> {
    let params = call.params(&[])?;
    let missing = || Error::NotFound(format!("tile '{level}/{column}/{segment}' in the grid WebMercatorQuad"));
    let (row, asked) = segment.split_once('.').ok_or_else(missing)?;
    let coord = tiles::coord(call, [level, column, row]).ok_or_else(missing)?;
    let own = ending(tileset);
    let same = match asked {
        "mvt" => "pbf",
        "jpeg" => "jpg",
        other => other,
    };
    if same != own {
        return Err(Error::NotFound(format!("format of tiles in '{segment}'; the archive has {row}.{own}")));
    }
    answer(call, tileset, coord, params.written("v") == Some(&tileset.version.to_string())).await
}

/// A tile of an archive as it is; `is_versioned` says whether the address names the version of the archive.
pub(in crate::http) async fn answer(
    call: &Call,
    tileset: &Arc<Tileset>,
    coord: TileCoord,
    is_versioned: bool,
) -> Result<Response, Error> {
    let (own, kind) = (ending(tileset), kind(tileset));
    // Pictures are packed already.
    let encoding =
        if matches!(kind, TileFormat::Mvt | TileFormat::Mlt) { coding(&call.headers) } else { Encoding::Identity };
    let place = format!("{}/{}/{}", coord.level(), coord.column(), coord.row());
    let key = format!("archive/{}@{}/{place}.{}", tileset.id, tileset.version, encoding.name());
    let archive = Arc::clone(tileset);
    let reading = call.app.workers.run_short(move || {
        let body = archive.archive.tile(coord)?;
        Ok::<_, crate::tile::archive::Error>(Tile::plain(kind, body.unwrap_or_default()).packed(encoding))
    });
    let making = async { reading.await.map_err(Error::from)?.map_err(Error::internal) };
    let tile = call.app.cache.find_or_make(&key, making).await?;
    Ok(respond::tile(&call.headers, &tile, media_type(own), Lasting { in_catalog: true, is_versioned }))
}

/// What can be asked of an archive.
pub(in crate::http) fn operations(tileset: &Tileset) -> [Operation; 2] {
    let id = &tileset.id;
    let place = |name, description| Segment { name, description };
    let formats = formats(tileset).unwrap_or(&[Format::Mvt]);
    let operation = |name: &str, rest: &str, summary: String| Operation {
        id: format!("{id}.{name}"),
        path: format!("/data/{}{rest}", segment(id)),
        tag: "Tiles",
        summary,
        segments: Vec::new(),
        parameters: Vec::new(),
        formats: &[Format::TileJson],
        body: None,
    };
    [
        operation("getTileJson", ".json", format!("The archive of tiles '{}' as TileJSON.", tileset.title())),
        Operation {
            segments: vec![
                place("z", "The zoom, from 0 to 24."),
                place("x", "The column, from the west."),
                place("y", "The row, from the north."),
            ],
            formats,
            ..operation(
                "getTile",
                &format!("/{{z}}/{{x}}/{{y}}.{}", ending(tileset)),
                format!("A tile of the archive '{}', as it is.", tileset.title()),
            )
        },
    ]
}

/// The ending of its tiles; those of an archive that says nothing are taken for vector tiles.
pub(super) fn ending(tileset: &Tileset) -> &'static str {
    match tileset.archive.about().ending {
        "" => "pbf",
        ending => ending,
    }
}

/// The representation of its tiles; `None` for one that no resource of the OGC APIs has.
pub(in crate::http) fn formats(tileset: &Tileset) -> Option<&'static [Format]> {
    match ending(tileset) {
        "pbf" => Some(&[Format::Mvt]),
        "mlt" => Some(&[Format::Mlt]),
        "png" => Some(&[Format::Png]),
        "jpg" => Some(&[Format::Jpeg]),
        "webp" => Some(&[Format::Webp]),
        _ => None,
    }
}

/// Whether its tiles are vector tiles.
pub(in crate::http) fn is_vector(tileset: &Tileset) -> bool {
    matches!(ending(tileset), "pbf" | "mlt")
}

fn kind(tileset: &Tileset) -> TileFormat {
    match ending(tileset) {
        "mlt" => TileFormat::Mlt,
        "png" => TileFormat::Png,
        "jpg" => TileFormat::Jpeg,
        "webp" | "avif" => TileFormat::Webp,
        _ => TileFormat::Mvt,
    }
}

fn media_type(ending: &str) -> &'static str {
    match ending {
        "mlt" => Format::Mlt.content_type(),
        "png" => Format::Png.content_type(),
        "jpg" => Format::Jpeg.content_type(),
        "webp" => Format::Webp.content_type(),
        "avif" => "image/avif",
        _ => Format::Mvt.content_type(),
    }
}
