//! A whole collection, or a part of it, as one file.

use std::sync::Arc;

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::Response;

use super::selection;
use crate::catalog::Collection;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Params;
use crate::http::encode;
use crate::http::encode::Heading;
use crate::http::encode::Writing;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::respond::ETag;
use crate::http::selectors;

/// The kinds of files: their extensions, representations, and names in the description of the API.
const FILES: [(&str, &[Format], &str); 5] = [
    ("geojson", &[Format::GeoJson], "download"),
    ("jsonfg", &[Format::JsonFg], "downloadJsonFg"),
    ("geojsons", &[Format::GeoJsonSeq], "downloadGeoJsonSequence"),
    ("csv", &[Format::Csv], "downloadCsv"),
    ("fgb", &[Format::FlatGeobuf], "downloadFlatGeobuf"),
];

pub(super) fn operations(collection: &Collection) -> impl Iterator<Item = Operation> + '_ {
    FILES.into_iter().map(|(extension, formats, name)| Operation {
        id: format!("{}.{name}", collection.id),
        path: format!("/data/{}.{extension}", segment(&collection.id)),
        tag: "Data",
        summary: format!(
            "All features of '{}', or those selected, as one file of {}.",
            collection.title(),
            formats[0].title()
        ),
        segments: Vec::new(),
        parameters: parameters(collection, formats[0]),
        formats,
        body: None,
    })
}

/// The extensions of files, for a message.
pub(super) fn extensions() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(extension, ..)| *extension)
}

/// The representation that an extension names.
pub(super) fn format(extension: &str) -> Option<Format> {
    FILES.iter().find(|(own, ..)| *own == extension).map(|(_, formats, _)| formats[0])
}

fn parameters(collection: &Collection, format: Format) -> Vec<Parameter> {
    let mut parameters = selection::parameters([collection]);
    parameters.push(selectors::system(&collection.systems));
    // The two that select properties are among them already.
    parameters.extend(selectors::projections(&collection.snapshot().schema().fields).into_iter().skip(2));
    if format == Format::FlatGeobuf {
        let about = "Whether the file has an index, for which its features are put into an order of their own.";
        let words = ["true", "false"].map(Into::into).to_vec();
        parameters.push(Parameter::new("index", Kind::Choice(words), about));
    }
    parameters
}

/// `GET /data/{id}.{geojson|jsonfg|geojsons|csv|fgb}`: a download of any length, written while it is sent.
pub(super) async fn download(call: &Call, collections: &[Arc<Collection>], format: Format) -> Result<Response, Error> {
    let [collection] = collections else {
        let message = "a download holds one collection, because ids are unique only within one; ask for each by itself";
        return Err(Error::Invalid(message.to_owned()));
    };
    let params = call.params(&parameters(collection, format))?;
    let query = selection::queries(call, &params, collections)?.pop().map(|(_, query)| query).unwrap_or_default();
    let snapshot = collection.snapshot().clone();
    let writing = Writing::of(&params, format, snapshot.schema());
    let heading = heading(call, collection, &params, format)?;
    let crs = writing.crs.clone();
    let asked = format!("download {} {query} {writing:?} {heading:?}", snapshot.version());
    let tag = ETag::of(&[asked.as_bytes()]);
    if let Some(unchanged) = tag.unchanged(&call.headers) {
        return Ok(unchanged);
    }
    let body = if query.is_everything() && query.sort.is_empty() && !heading.is_indexed {
        let rows = 0..snapshot.len() as u32;
        encode::document(writing, &heading, snapshot, rows)
    } else {
        let making = move || -> Body {
            let rows = snapshot.rows(&query);
            encode::document(writing, &heading, snapshot, rows.into_iter())
        };
        call.app.workers.run(making).await?
    };
    let mut response = tag.answer(format.content_type(), body);
    respond::located(&mut response, &crs);
    let file = segment(&collection.id);
    let extension = FILES.iter().find(|(_, formats, _)| formats[0] == format).map_or("", |(extension, ..)| extension);
    let disposition =
        format!("attachment; filename=\"{}.{extension}\"; filename*=UTF-8''{file}.{extension}", ascii(&file));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

fn heading(call: &Call, collection: &Collection, params: &Params, format: Format) -> Result<Heading, Error> {
    // GDAL and QGIS call the layer what the member `name` says.
    let name = serde_json::to_string(&collection.id).map_err(Error::internal)?;
    Ok(Heading {
        name: collection.id.clone(),
        title: collection.title().to_owned(),
        schema: call.base.url(&format!("/collections/{}/schema", segment(&collection.id))),
        object: format!("{{\"type\":\"FeatureCollection\",\"name\":{name}").into_bytes(),
        is_indexed: format == Format::FlatGeobuf && params.text("index") != Some("false"),
    })
}

/// A name for clients that know only the old form of the header (RFC 6266, appendix D).
fn ascii(encoded: &str) -> &str {
    if encoded.contains('%') { "features" } else { encoded }
}
