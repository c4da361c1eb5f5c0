//! The features of a collection, page by page.

use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;

use super::collections::address;
use super::paging;
use super::table;
use crate::catalog::Collection;
use crate::config::Limits;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Kind;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Parameter;
use crate::http::Path;
use crate::http::asked;
use crate::http::encode;
use crate::http::encode::Heading;
use crate::http::encode::Profile;
use crate::http::encode::Writing;
use crate::http::params::segment;
use crate::http::respond;
use crate::http::respond::ETag;
use crate::http::selectors;

/// What these resources conform to.
pub(super) const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/api",
];

/// Rows of a page of HTML at most; a browser is slow to lay out longer tables.
const PAGE_ROWS: usize = 1_000;

/// Features and positions that are looked at right away: to hand so few to a worker takes as long.
const QUICK: usize = 10_000;

/// The representations of features.
pub(super) const FORMATS: &[Format] =
    &[Format::GeoJson, Format::Html, Format::JsonFg, Format::GeoJsonSeq, Format::Csv, Format::FlatGeobuf];

/// The collection's members before its features (OGC API Features, 7.15.7 and 7.15.8).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    time_stamp: String,
    number_matched: usize,
    number_returned: usize,
    links: &'a [Link],
}

pub(super) fn operation(collection: &Collection, limits: &Limits) -> Operation {
    let id = &collection.id;
    let summary = format!("Features of the collection '{}'.", collection.title());
    let path = format!("/collections/{}/items", segment(id));
    let mut operation = Operation::new(&format!("{id}.getItems"), &path, "Data", &summary, FORMATS);
    let limit = Kind::Limit { default: limits.default_items, maximum: limits.items };
    let about = "Features on a page at most; more than the maximum means the maximum.";
    operation.parameters.push(Parameter::new("limit", limit, about));
    operation.parameters.extend(selectors::selectors(&collection.systems));
    operation.parameters.extend([
        Parameter::new("offset", Kind::Count, "Features to pass over before the first."),
        Parameter::new("cursor", Kind::Text, "Where a page starts; it comes from the links next and prev."),
    ]);
    operation.parameters.extend(selectors::conditions(&collection.systems));
    operation.parameters.push(selectors::order(&collection.snapshot().schema().fields));
    operation.parameters.push(selectors::system(&collection.systems));
    operation.parameters.extend(selectors::projections(&collection.snapshot().schema().fields));
    let filters = selectors::filters(collection, &operation.parameters);
    operation.parameters.extend(filters);
    operation
}

/// `GET /collections/{id}/items` (OGC API Features, 7.15).
pub(in crate::http) async fn items(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    let collection = call.collection(&id)?;
    let operation = operation(&collection, &call.app.config.limits);
    match answer(&call, &collection, &operation).await {
        Err(error @ Error::Invalid(_)) if call.wants_page() => table::refused(&call, &collection, &operation, &error),
        answered => answered,
    }
}

async fn answer(call: &Call, collection: &Collection, operation: &Operation) -> Result<Response, Error> {
    let config = &call.app.config;
    let (params, format) = call.read(operation)?;
    let snapshot = collection.snapshot().clone();
    let query = asked::query(&params, collection, &config.limits)?;
    let writing = Writing::of(&params, format, snapshot.schema());
    let mut page = paging::page(&params, &config.limits)?;
    if format == Format::Html {
        page.limit = page.limit.min(PAGE_ROWS);
    }
    // The body holds a time stamp, so the tag is made of what the body is made of, its links and its titles included.
    let address = call.base.url(&format!("{}?{}", call.path, call.query));
    let version = snapshot.version();
    let asked = format!("{version} {query} {page:?} {writing:?} {address} {}", config.title);
    let tag = ETag::of(&[asked.as_bytes()]);
    if let Some(unchanged) = tag.unchanged(&call.headers) {
        return Ok(unchanged);
    }
    let selection = if snapshot.effort(&query) <= QUICK {
        snapshot.page(&query, &page)
    } else {
        let (snapshot, query, page) = (snapshot.clone(), query.clone(), page.clone());
        call.app.workers.run_short(move || snapshot.page(&query, &page)).await?
    };
    let mut links = call.links(operation, &params, format);
    links.extend(paging::links(call, &params, format, &snapshot, &selection, page.limit));
    links.push(Link::new(
        "collection",
        Format::Json,
        collection.title(),
        self::address(&call.base, &collection.id, ""),
    ));
    links.extend(writing.profile.map(Profile::link));
    if format == Format::Html {
        let page = table::page(call, collection, operation, &params, &writing, &selection, links);
        let mut response = respond::page_tagged(&tag, &page)?;
        respond::located(&mut response, &writing.crs);
        return Ok(response);
    }
    let head = Head {
        kind: "FeatureCollection",
        time_stamp: now(),
        number_matched: selection.matched,
        number_returned: selection.rows.len(),
        links: &links,
    };
    let heading = heading(call, collection, serde_json::to_vec(&head).map_err(Error::internal)?);
    let (profile, crs) = (writing.profile, writing.crs.clone());
    let (matched, returned) = (selection.matched, selection.rows.len());
    let body = encode::document(writing, &heading, snapshot, selection.rows.into_iter());
    let mut response = tag.answer(format.content_type(), body);
    respond::located(&mut response, &crs);
    respond::counted(&mut response, matched, returned);
    respond::linked(&mut response, profile.map(Profile::link).iter().chain(paging::around(&links)));
    Ok(response)
}

/// What a document of a collection's features says of them; `object` is a whole JSON object, to be gone on with.
pub(super) fn heading(call: &Call, collection: &Collection, mut object: Vec<u8>) -> Heading {
    object.pop();
    Heading {
        name: collection.id.clone(),
        title: collection.title().to_owned(),
        schema: address(&call.base, &collection.id, "/schema"),
        object,
        is_indexed: false,
    }
}

/// The present moment as RFC 3339 writes it, in whole seconds.
fn now() -> String {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}
