//! One tile.

use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::header;
use axum::response::Response;

use super::features;
use super::offer::Drawing;
use super::offer::Offer;
use super::offer::Subject;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Params;
use crate::http::xyz::picture::PictureFormat;
use crate::http::xyz::picture::PictureName;
use crate::http::xyz::pictures;
use crate::http::xyz::tiles;
use crate::space::TileCoord;

/// `GET .../tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}` (OGC 20-057, 7). A vector tile that shows nothing is 204, what lies
/// outside of the limits 404.
pub(in crate::http) async fn tile(call: Call, subject: Subject) -> Result<Response, Error> {
    let offer = subject.offer(&call)?;
    let grid = subject.grid(&call, &offer)?;
    let coord = subject.coord(&call, &offer, &grid)?;
    let (params, format) = call.read(&offer.tile_operation())?;
    let mut response = match format {
        Format::Png => picture(&call, &offer, coord, &params, PictureFormat::Png).await?,
        Format::Webp => picture(&call, &offer, coord, &params, PictureFormat::Webp).await?,
        Format::Jpeg => picture(&call, &offer, coord, &params, PictureFormat::Jpeg).await?,
        Format::GeoJson => features::features(&call, &grid, coord, offer.queries(&call, &params)?).await?,
        _ => {
            let tile = tiles::finished(&call, Arc::clone(&grid), offer.queries(&call, &params)?, coord).await?;
            tiles::answer(&call, &tile, false)
        }
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    Ok(response)
}

async fn picture(
    call: &Call,
    offer: &Offer,
    coord: TileCoord,
    params: &Params,
    format: PictureFormat,
) -> Result<Response, Error> {
    // The tiles of all grids that are drawn have this side.
    let place = (coord, pictures::SIZES[0].1);
    let name = PictureName { stem: "", ratio: 1, format };
    match (offer.selected(call, params)?, &offer.drawing) {
        (None, Drawing::Style(styled)) => {
            pictures::picture_tile(call, pictures::look(call, &styled.id)?, place, name, params).await
        }
        (selected, _) => {
            let collections = selected.as_ref().unwrap_or(&offer.collections);
            pictures::picture_tile(call, pictures::data_look(call, collections), place, name, params).await
        }
    }
}
