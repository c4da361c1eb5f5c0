//! `GetFeatureInfo` (OGC 07-057r7, 7.3): what was drawn at a pixel of a tile.

use axum::response::Response;

use super::exception::Code;
use super::exception::Exception;
use super::tile::Found;
use super::tile::TileRequest;
use super::tile::find;
use crate::catalog::Selection;
use crate::http::Call;
use crate::http::map::Frame;
use crate::http::ogc::tiles::stacked;
use crate::http::ows::InfoFormat;
use crate::http::ows::Layer;
use crate::http::ows::Probe;
use crate::http::ows::respond;

/// Most features that are told.
const MOST: usize = 100;

pub(super) async fn answer(
    call: &Call,
    request: &TileRequest<'_>,
    [i, j]: [&str; 2],
    format: &str,
) -> Result<Response, Exception> {
    let known = InfoFormat::ALL.map(InfoFormat::media_type);
    let format = InfoFormat::named(format).ok_or_else(|| Exception::unknown("InfoFormat", format, &known))?;
    let layers = Layer::all(&call.catalog);
    let Found { offer, grid, coord, parts, .. } = find(call, &layers, request)?;
    let level = grid.level(coord);
    let pixel = |locator: &'static str, text: &str, side: u32| {
        let wrong = |code| {
            let message = format!("'{text}' is no pixel of a tile of {side} pixels, the first of which is 0");
            Exception::new(code, locator, message)
        };
        let number: Option<u64> = text.parse().ok();
        let number = number.ok_or_else(|| wrong(Code::InvalidParameterValue))?;
        u32::try_from(number).ok().filter(|&number| number < side).ok_or_else(|| wrong(Code::PointIJOutOfRange))
    };
    let size = [level.tile_width, level.tile_height];
    let pixel = [pixel("I", i, size[0])?, pixel("J", j, size[1])?];
    let styled = match offer.styled() {
        Some(styled) => styled,
        None => stacked(&call.catalog, offer.collections())?,
    };
    let selection = Selection::new(parts.iter().map(|(collection, query)| (collection.as_ref(), query.clone())));
    let frame = Frame::of_tile(grid, coord);
    let probe = Probe { styled, selection, frame, pixel, limit: MOST, only: Vec::new() };
    Ok(respond(call, probe, format).await?)
}
