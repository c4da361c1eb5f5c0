//! `GetTile` (OGC 07-057r7, 7.2).

use std::sync::Arc;

use axum::response::Response;

use super::exception::Code;
use super::exception::Exception;
use super::matrix_set::MatrixSet;
use super::matrix_set::from_top;
use crate::catalog::Collection;
use crate::http::Call;
use crate::http::Params;
use crate::http::ogc::tiles::Offer;
use crate::http::ogc::tiles::picture;
use crate::http::ows::Layer;
use crate::http::ows::asked_time;
use crate::http::xyz::picture::PictureFormat;
use crate::query::Query;
use crate::space::Grid;
use crate::space::Level;
use crate::space::TileCoord;
use crate::space::TileLimits;

/// What is asked for, as it was written.
pub(super) struct TileRequest<'a> {
    pub(super) layer: &'a str,
    /// Empty for the default.
    pub(super) style: &'a str,
    pub(super) format: &'a str,
    pub(super) tile_matrix_set: &'a str,
    pub(super) tile_matrix: &'a str,
    pub(super) tile_row: &'a str,
    pub(super) tile_column: &'a str,
    pub(super) time: Option<&'a str>,
}

/// The formats of tiles.
pub(super) const FORMATS: [(&str, PictureFormat); 3] =
    [("image/png", PictureFormat::Png), ("image/jpeg", PictureFormat::Jpeg), ("image/webp", PictureFormat::Webp)];

/// A tile that there is.
pub(super) struct Found<'a> {
    pub(super) offer: &'a Offer,
    pub(super) grid: &'a Grid,
    pub(super) coord: TileCoord,
    pub(super) format: PictureFormat,
    /// What is asked of each collection.
    pub(super) parts: Vec<(Arc<Collection>, Query)>,
}

pub(super) async fn answer(call: &Call, request: &TileRequest<'_>) -> Result<Response, Exception> {
    let layers = Layer::all(&call.catalog);
    let Found { offer, grid, coord, format, parts } = find(call, &layers, request)?;
    Ok(picture(call, offer, (grid, coord), (&Params::default(), parts), format).await?)
}

/// Finds what a request names.
pub(super) fn find<'a>(call: &'a Call, layers: &'a [Layer], request: &TileRequest<'_>) -> Result<Found<'a>, Exception> {
    let layer = layers.iter().find(|layer| layer.id == request.layer).ok_or_else(|| {
        let known: Vec<&str> = layers.iter().map(|layer| layer.id.as_str()).collect();
        Exception::unknown("Layer", request.layer, &known)
    })?;
    let is_asked = |offer: &&Offer| request.style.is_empty() || offer.style() == request.style;
    let offer = layer.styles.iter().find(is_asked).ok_or_else(|| {
        let known: Vec<&str> = layer.styles.iter().map(Offer::style).collect();
        Exception::unknown("Style", request.style, &known)
    })?;
    let (_, format) = FORMATS
        .iter()
        .find(|(name, _)| *name == request.format)
        .ok_or_else(|| Exception::unknown("Format", request.format, &FORMATS.map(|(name, _)| name)))?;
    let limits = &call.app.config.limits;
    let known = MatrixSet::named(call, request.tile_matrix_set).map(|set| (set, set.limits(layer, limits)));
    let (set, within) = known.filter(|(_, within)| !within.is_empty()).ok_or_else(|| {
        let message = format!("the layer has no tiles in the tile matrix set '{}'", request.tile_matrix_set);
        Exception::new(Code::InvalidParameterValue, "TileMatrixSet", message)
    })?;
    let coord = coord(call, set, &within, request)?;
    let time = asked_time(request.time.unwrap_or_default(), limits)
        .map_err(|message| Exception::new(Code::InvalidParameterValue, "Time", message))?;
    let query = Query { time, ..Query::default() };
    let parts = offer.collections().iter().map(|collection| (Arc::clone(collection), query.clone())).collect();
    Ok(Found { offer, grid: set.grid, coord, format: *format, parts })
}

/// The tile, with rows counted from the top as WMTS counts them everywhere.
fn coord(
    call: &Call,
    set: MatrixSet<'_>,
    within: &[TileLimits],
    request: &TileRequest<'_>,
) -> Result<TileCoord, Exception> {
    let levels: Vec<(u8, &Level)> = set.levels(&call.app.config.limits).collect();
    let found = levels.iter().find(|(_, level)| level.id == request.tile_matrix);
    let &(position, level) = found.ok_or_else(|| {
        let known: Vec<&str> = levels.iter().map(|(_, level)| level.id.as_str()).collect();
        Exception::unknown("TileMatrix", request.tile_matrix, &known)
    })?;
    let number = |locator: &'static str, text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let wrong =
            || Exception::new(Code::InvalidParameterValue, locator, format!("'{text}' is no whole number from 0"));
        // What is too large for a number lies outside as well.
        is_number.then(|| text.parse::<u32>().unwrap_or(u32::MAX)).ok_or_else(wrong)
    };
    let row = number("TileRow", request.tile_row)?;
    let column = number("TileCol", request.tile_column)?;
    let outside = |locator, written: &str| {
        Exception::new(Code::TileOutOfRange, locator, format!("'{written}' is outside of the limits of the layer"))
    };
    let limits = within.iter().find(|limits| limits.level == position);
    let limits = limits.ok_or_else(|| outside("TileMatrix", request.tile_matrix))?;
    let is_in = |[first, last]: [u32; 2], number: u32| (first..=last).contains(&number);
    let row = Some(row).filter(|&row| row < level.height).map(|row| from_top(level, row));
    let row = row.filter(|&row| is_in(limits.rows, row)).ok_or_else(|| outside("TileRow", request.tile_row))?;
    if !is_in(limits.columns, column) {
        return Err(outside("TileCol", request.tile_column));
    }
    set.grid.tile(position, column, row).ok_or_else(|| outside("TileRow", request.tile_row))
}
