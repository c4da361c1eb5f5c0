//! One tile.

use std::sync::Arc;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::Response;

use super::features;
use super::offer::Offer;
use super::offer::Subject;
use super::offer::stacked;
use crate::catalog::Collection;
use crate::catalog::Selection;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Params;
use crate::http::map::Backdrop;
use crate::http::map::Frame;
use crate::http::map::MapRequest;
use crate::http::respond::ETag;
use crate::http::xyz::picture::PictureFormat;
use crate::http::xyz::picture::PictureName;
use crate::http::xyz::picture::encoding;
use crate::http::xyz::pictures;
use crate::http::xyz::tiles;
use crate::http::xyz::tiles::GRID;
use crate::query::Query;
use crate::space::Grid;
use crate::space::TileCoord;
use crate::tile::codec::VectorFormat;

/// `GET .../tiles/{tms}/{tileMatrix}/{tileRow}/{tileCol}` (OGC 20-057, 7). A vector tile that shows nothing is 204, what lies
/// outside of the limits 404.
pub(in crate::http) async fn tile(call: Call, subject: Subject) -> Result<Response, Error> {
    let offer = subject.offer(&call)?;
    let grid = subject.grid(&call, &offer)?;
    let coord = subject.coord(&call, &offer, &grid)?;
    let (params, format) = call.read(&offer.tile_operation())?;
    let parts = offer.queries(&call, &params)?;
    let mut response = match format {
        Format::Png => picture(&call, &offer, (&grid, coord), (&params, parts), PictureFormat::Png).await?,
        Format::Webp => picture(&call, &offer, (&grid, coord), (&params, parts), PictureFormat::Webp).await?,
        Format::Jpeg => picture(&call, &offer, (&grid, coord), (&params, parts), PictureFormat::Jpeg).await?,
        Format::GeoJson if params.number("cluster").is_some_and(|radius| radius > 0.0) => {
            return Err(Error::Invalid("the parameter 'cluster' is for tiles as f=mvt or f=mlt".to_owned()));
        }
        Format::GeoJson => features::features(&call, &grid, coord, parts).await?,
        format => {
            let format = if format == Format::Mlt { VectorFormat::Mlt } else { VectorFormat::Mvt };
            let tile = tiles::asked(&call, &params, parts, (Arc::clone(&grid), coord, format)).await?;
            tiles::answer(&call, &tile, false)
        }
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    Ok(response)
}

/// A tile as a picture, of some features of its collections.
pub(in crate::http) async fn picture(
    call: &Call,
    offer: &Offer,
    (grid, coord): (&Grid, TileCoord),
    (params, parts): (&Params, Vec<(Arc<Collection>, Query)>),
    format: PictureFormat,
) -> Result<Response, Error> {
    let styled = match (offer.selected(call, params)?, &offer.styled) {
        (None, Some(styled)) => Arc::clone(styled),
        (None, None) => stacked(&call.catalog, &offer.collections)?,
        (Some(collections), _) => stacked(&call.catalog, &collections)?,
    };
    let selection = Selection::new(parts.iter().map(|(collection, query)| (collection.as_ref(), query.clone())));
    let level = grid.level(coord);
    let size = [level.tile_width, level.tile_height];
    if grid.id() == GRID {
        // These are the tiles of `/styles/{style}`, which are kept for both and drawn with their neighbours.
        let name = PictureName { stem: "", ratio: 1, format };
        return pictures::picture_tile(
            call,
            pictures::look_of(call, styled),
            (coord, size[0]),
            name,
            (params, selection),
        )
        .await;
    }
    let frame = Frame::of_tile(grid, coord);
    let encoding = encoding(format, params, &call.app.config)?;
    let request = MapRequest { styled, selection, frame, backdrop: Backdrop::default(), encoding };
    let tile = request.draw(call).await?;
    let tag = ETag::of(&[tile.etag.as_bytes()]);
    let unchanged = tag.unchanged(&call.headers);
    Ok(unchanged.unwrap_or_else(|| tag.answer(format.content_type(), Body::from(tile.bytes))))
}
