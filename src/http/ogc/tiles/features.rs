//! The features of a tile as GeoJSON.

use std::sync::Arc;

use axum::response::Response;

use crate::catalog::Collection;
use crate::catalog::tile_rows;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::encode::Profile;
use crate::http::encode::Writing;
use crate::http::encode::write_feature;
use crate::http::respond::ETag;
use crate::http::stream;
use crate::http::stream::Frame;
use crate::http::xyz::tiles;
use crate::query::Query;
use crate::space::Crs;
use crate::space::Grid;
use crate::space::TileCoord;

/// The features of several collections that are on a tile, whole, in degrees; each names its collection as `featureType`.
pub(super) async fn features(
    call: &Call,
    grid: &Arc<Grid>,
    coord: TileCoord,
    parts: Vec<(Arc<Collection>, Query)>,
) -> Result<Response, Error> {
    let tag = ETag::of(&[b"geojson", tiles::key(grid, coord, &parts).as_bytes()]);
    if let Some(unchanged) = tag.unchanged(&call.headers) {
        return Ok(unchanged);
    }
    let writings: Vec<(Arc<Collection>, Writing, String)> = parts
        .iter()
        .map(|(collection, query)| {
            let writing = Writing {
                format: Format::GeoJson,
                profile: Some(Profile::Rfc7946),
                properties: query.properties.clone(),
                has_geometry: true,
                crs: Crs::Crs84,
            };
            // Ids may have quotes.
            let id = serde_json::Value::from(collection.id.as_str());
            (Arc::clone(collection), writing, format!(",\"featureType\":{id}"))
        })
        .collect();
    let grid = Arc::clone(grid);
    let found = call.app.workers.run(move || {
        let rows = |(place, (collection, query)): (usize, &(Arc<Collection>, Query))| {
            tile_rows(collection, query, &grid, coord).into_iter().map(move |row| (place, row))
        };
        parts.iter().enumerate().flat_map(rows).collect::<Vec<(usize, u32)>>()
    });
    let found = found.await?;
    let frame = Frame { separator: b",\n", tail: b"\n]}\n" };
    let head = b"{\"type\":\"FeatureCollection\",\"features\":[\n".to_vec();
    let count = u32::try_from(found.len()).map_err(Error::internal)?;
    let body = stream::records(head, 0..count, frame, move |out, number| {
        let (place, row) = found[number as usize];
        let (collection, writing, member) = &writings[place];
        write_feature(out, collection.snapshot().row(row), writing, |out| out.extend_from_slice(member.as_bytes()));
    });
    Ok(tag.answer(Format::GeoJson.content_type(), body))
}
