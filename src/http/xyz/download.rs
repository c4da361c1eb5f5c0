//! A whole collection, or a part of it, as one file.

use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::header;
use axum::response::Response;

use super::selection;
use crate::catalog::Collection;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Operation;
use crate::http::params::segment;
use crate::http::respond::ETag;
use crate::http::stream;
use crate::query::Query;
use crate::store::Snapshot;

pub(super) fn operation(collection: &Collection) -> Operation {
    let id = &collection.id;
    Operation {
        id: format!("{id}.download"),
        path: format!("/data/{}.geojson", segment(id)),
        tag: "Data",
        summary: format!("All features of '{}', or those selected, as one file.", collection.title()),
        segments: Vec::new(),
        parameters: selection::parameters([collection]),
        formats: &[Format::GeoJson],
        body: None,
    }
}

/// `GET /data/{id}.geojson`: a download of any length, written while it is sent.
pub(super) async fn download(call: &Call, collections: &[Arc<Collection>]) -> Result<Response, Error> {
    let [collection] = collections else {
        let message = "a download holds one collection, because ids are unique only within one; ask for each by itself";
        return Err(Error::Invalid(message.to_owned()));
    };
    let params = call.params(&selection::parameters([&**collection]))?;
    let query = selection::queries(&params, collections)?.pop().map(|(_, query)| query).unwrap_or_default();
    let snapshot = collection.snapshot().clone();
    let tag = ETag::of(&[b"download", snapshot.version().to_string().as_bytes(), query.to_string().as_bytes()]);
    if let Some(unchanged) = tag.unchanged(&call.headers) {
        return Ok(unchanged);
    }
    // GDAL and QGIS call the layer what the member `name` says.
    let name = serde_json::to_string(&collection.id).map_err(Error::internal)?;
    let head = format!("{{\"type\":\"FeatureCollection\",\"name\":{name},\"features\":[\n").into_bytes();
    let properties = query.properties.clone();
    let body = if query.is_everything() {
        let rows = 0..snapshot.len() as u32;
        stream::features(head, snapshot, rows, properties, TAIL)
    } else {
        let rows = call.app.workers.run(selected(snapshot.clone(), query)).await?;
        stream::features(head, snapshot, rows.into_iter(), properties, TAIL)
    };
    let mut response = tag.answer(Format::GeoJson.content_type(), body);
    let file = segment(&collection.id);
    let disposition = format!("attachment; filename=\"{}.geojson\"; filename*=UTF-8''{file}.geojson", ascii(&file));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

const TAIL: &[u8] = b"\n]}\n";

fn selected(snapshot: Snapshot, query: Query) -> impl FnOnce() -> Vec<u32> {
    move || snapshot.rows(&query)
}

/// A name for clients that know only the old form of the header (RFC 6266, appendix D).
fn ascii(encoded: &str) -> &str {
    if encoded.contains('%') { "features" } else { encoded }
}
