//! One feature.

use askama::Template;
use axum::body::Body;
use axum::response::Response;

use super::collections::address;
use super::items::FORMATS;
use super::items::heading;
use super::table::Cell;
use super::table::label;
use crate::catalog::Collection;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Path;
use crate::http::Segment;
use crate::http::encode;
use crate::http::encode::Profile;
use crate::http::encode::Writing;
use crate::http::page::Frame;
use crate::http::page::Map;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::respond::ETag;
use crate::http::selectors;

#[derive(Template)]
#[template(path = "item.html")]
struct Page {
    frame: Frame,
    id: String,
    geometry: &'static str,
    map: Map,
    properties: Vec<(String, Cell)>,
}

pub(super) fn operation(collection: &Collection) -> Operation {
    let id = &collection.id;
    let summary = format!("One feature of the collection '{}'.", collection.title());
    let path = format!("/collections/{}/items/{{featureId}}", segment(id));
    let mut operation = Operation::new(&format!("{id}.getItem"), &path, "Data", &summary, FORMATS);
    operation.segments.push(Segment { name: "featureId", description: "The id of a feature." });
    operation.parameters.push(selectors::system(&collection.systems));
    operation.parameters.extend(selectors::projections(&collection.snapshot().schema().fields));
    operation
}

/// `GET /collections/{id}/items/{fid}` (OGC API Features, 7.16).
pub(in crate::http) async fn item(
    call: Call,
    Path((id, feature_id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let collection = call.collection(&id)?;
    let operation = operation(&collection);
    let (params, format) = call.read(&operation)?;
    let snapshot = collection.snapshot();
    let missing = || Error::NotFound(format!("feature '{feature_id}' in the collection '{id}'"));
    let row = snapshot.find(&feature_id).ok_or_else(missing)?;
    let mut links = call.links(&operation, &params, format);
    links.push(Link::new("collection", Format::Json, collection.title(), address(&call.base, &id, "")));
    let writing = Writing::of(&params, format, snapshot.schema());
    links.extend(writing.profile.map(Profile::link));
    if format == Format::Html {
        let geojson = call.base.url(&format!("{}?f=geojson", call.path));
        let fields = writing.fields(snapshot.schema()).into_iter().map(|at| (at, &snapshot.schema().fields[at]));
        let properties = fields
            .map(|(field, known)| (known.title.clone().unwrap_or_else(|| known.name.clone()), Cell::of(row, field)));
        let page = Page {
            id: feature_id.clone(),
            geometry: row.geometry().kind().name().unwrap_or("None"),
            map: Map::new(&call, geojson, None),
            properties: properties.filter(|(_, cell)| !cell.text.is_empty()).collect(),
            frame: Frame::new(&call, &label(row))
                .under("/", &call.app.config.title)
                .under("/collections", "Collections")
                .under(&format!("/collections/{}", segment(&id)), collection.title())
                .under(&format!("/collections/{}/items", segment(&id)), "Features")
                .with(links),
        };
        return respond::page(&call.headers, &page);
    }
    let heading = heading(&call, &collection, Vec::new());
    let (body, tag) = match format {
        Format::GeoJson | Format::JsonFg => {
            let members = serde_json::to_vec(&links).map_err(Error::internal)?;
            let mut body = Vec::new();
            encode::write_feature(&mut body, row, &writing, |out| {
                encode::write_root(out, &writing, &heading);
                out.extend_from_slice(b",\"links\":");
                out.extend_from_slice(&members);
            });
            let tag = ETag::of(&[format.media_type().as_bytes(), &body]);
            (Body::from(body), tag)
        }
        _ => {
            let asked = format!("{} {feature_id} {writing:?}", snapshot.version());
            let rows = std::iter::once(row.number());
            (encode::document(writing.clone(), &heading, snapshot.clone(), rows), ETag::of(&[asked.as_bytes()]))
        }
    };
    if let Some(unchanged) = tag.unchanged(&call.headers) {
        return Ok(unchanged);
    }
    let mut response = tag.answer(format.content_type(), body);
    respond::located(&mut response, &writing.crs);
    respond::linked(&mut response, writing.profile.map(Profile::link).iter());
    Ok(response)
}
