//! The list of collections, and one of them.

use askama::Template;
use axum::response::Response;
use serde::Serialize;

use super::items;
use super::map;
use super::schema::Purpose;
use super::styles;
use super::tiles;
use crate::catalog::Collection;
use crate::feature::Field;
use crate::http::Base;
use crate::http::Call;
use crate::http::Error;
use crate::http::Format;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Path;
use crate::http::page::Card;
use crate::http::page::Frame;
use crate::http::page::Map;
use crate::http::params::segment;
use crate::http::respond;
use crate::query::Interval;
use crate::space::Bbox;
use crate::space::Crs;
use crate::space::CrsList;

/// What these resources conform to.
pub(super) const CONFORMANCE: &[&str] = &["http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections"];

#[derive(Serialize)]
struct List<'a> {
    links: Vec<Link>,
    crs: Vec<&'a str>,
    collections: Vec<Document<'a>>,
}

/// A collection (OGC API Features, 7.14, `collection.yaml`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    keywords: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    extent: Option<Extent>,
    item_type: &'static str,
    crs: Vec<&'a str>,
    storage_crs: &'a str,
    links: Vec<Link>,
}

/// Where and when something is.
#[derive(Serialize)]
pub(super) struct Extent {
    #[serde(skip_serializing_if = "Option::is_none")]
    spatial: Option<Spatial>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temporal: Option<Temporal>,
}

#[derive(Serialize)]
struct Spatial {
    bbox: [[f64; 4]; 1],
    crs: &'static str,
    #[serde(rename = "storageCrsBbox")]
    storage_crs_bbox: [[f64; 4]; 1],
}

#[derive(Serialize)]
struct Temporal {
    interval: [[Option<String>; 2]; 1],
    trs: &'static str,
}

#[derive(Template)]
#[template(path = "collections.html")]
struct ListPage {
    frame: Frame,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "collection.html")]
struct Page<'a> {
    frame: Frame,
    card: Card,
    map: Map,
    attribution: Option<&'a str>,
    license: Option<&'a str>,
    keywords: String,
    bounds: Option<Bbox>,
    times: Option<[String; 2]>,
    fields: &'a [Field],
    /// Its id as a part of an address.
    path: String,
}

const PAGES: &[Format] = &[Format::Json, Format::Html];

pub(super) fn list_operation() -> Operation {
    Operation::new("getCollections", "/collections", "Data", "The collections of features.", PAGES)
}

pub(super) fn operation(collection: &Collection) -> Operation {
    let id = &collection.id;
    let summary = format!("What is known of the collection '{}'.", collection.title());
    Operation::new(&format!("{id}.getCollection"), &format!("/collections/{}", segment(id)), "Data", &summary, PAGES)
}

/// `GET /collections` (OGC API Features, 7.13).
pub(in crate::http) async fn list(call: Call) -> Result<Response, Error> {
    let operation = list_operation();
    let (params, format) = call.read(&operation)?;
    let links = call.links(&operation, &params, format);
    if format == Format::Html {
        let cards = call.catalog.collections.values().map(|collection| Card::of(&call, collection)).collect();
        let frame = Frame::new(&call, "Collections").under("/", &call.app.config.title).with(links);
        return respond::page(&call.headers, &ListPage { frame, cards });
    }
    let collections = call.catalog.collections.values().map(|collection| document(&call.base, collection)).collect();
    // Those of every collection; each lists its own too, because some clients know no other place.
    let common = CrsList::of_extent(None);
    let crs = common.iter().map(Crs::uri).collect();
    respond::json(&call.headers, format, &List { links, crs, collections })
}

/// `GET /collections/{id}` (OGC API Features, 7.14).
pub(in crate::http) async fn one(call: Call, Path(id): Path<String>) -> Result<Response, Error> {
    let collection = call.collection(&id)?;
    let (_, format) = call.read(&operation(&collection))?;
    let document = document(&call.base, &collection);
    if format != Format::Html {
        return respond::json(&call.headers, format, &document);
    }
    let snapshot = collection.snapshot();
    let metadata = &collection.metadata;
    let open = |end: Option<String>| end.unwrap_or_else(|| "open".to_owned());
    let page = Page {
        frame: Frame::new(&call, collection.title())
            .under("/", &call.app.config.title)
            .under("/collections", "Collections")
            .with(vec![Link::new(
                "alternate",
                Format::Json,
                "This document as JSON",
                address(&call.base, &id, "?f=json"),
            )]),
        card: Card::of(&call, &collection),
        map: Map::new(&call, address(&call.base, &id, "/items?limit=1000&f=geojson"), snapshot.extent()),
        attribution: metadata.attribution.as_deref(),
        license: metadata.license.as_deref(),
        keywords: metadata.keywords.join(", "),
        bounds: snapshot.extent(),
        times: snapshot.time_extent().map(|time| time.ends().map(open)),
        fields: &snapshot.schema().fields,
        path: segment(&id),
    };
    respond::page(&call.headers, &page)
}

fn document<'a>(base: &Base, collection: &'a Collection) -> Document<'a> {
    let metadata = &collection.metadata;
    let snapshot = collection.snapshot();
    Document {
        id: &collection.id,
        title: collection.title(),
        description: metadata.description.as_deref(),
        attribution: metadata.attribution.as_deref(),
        keywords: &metadata.keywords,
        extent: Extent::new(snapshot.extent(), snapshot.time_extent()),
        item_type: "feature",
        crs: collection.systems.iter().map(Crs::uri).collect(),
        storage_crs: Crs::Crs84.uri(),
        links: links(base, collection),
    }
}

impl Extent {
    /// An extent of which at least one is known.
    pub(super) fn new(bbox: Option<Bbox>, time: Option<Interval>) -> Option<Self> {
        let crs = Crs::Crs84.uri();
        let spatial = bbox.map(Bbox::to_array).map(|bbox| Spatial { bbox: [bbox], crs, storage_crs_bbox: [bbox] });
        let trs = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";
        let temporal = time.map(|time| Temporal { interval: [time.ends()], trs });
        (spatial.is_some() || temporal.is_some()).then_some(Self { spatial, temporal })
    }
}

/// The same links wherever the collection is described.
fn links(base: &Base, collection: &Collection) -> Vec<Link> {
    let at = |rest: &str| address(base, &collection.id, rest);
    let title = collection.title();
    let mut links = vec![
        Link::new("self", Format::Json, title, at("")),
        Link::new("alternate", Format::Html, format!("{title} as HTML"), at("?f=html")),
    ];
    links.extend(items::FORMATS.iter().enumerate().map(|(place, &format)| {
        let query = if place == 0 { String::new() } else { format!("?f={}", format.name()) };
        let title = format!("The features of {title} as {}", format.title());
        Link::new("items", format, title, at(&format!("/items{query}")))
    }));
    links.extend(Purpose::ALL.map(|purpose| {
        let title = format!("{} of {title}", purpose.title());
        Link::new(purpose.rel(), Format::Schema, title, at(&format!("/{}", purpose.segment())))
    }));
    links.push(Link::new(styles::RELATION, Format::Json, format!("The styles of {title}"), at("/styles")));
    links.extend(map::links(&format!("A map of {title}"), &at("/map")));
    if collection.snapshot().extent().is_some() {
        links.extend(tiles::links(base, &format!("/collections/{}", segment(&collection.id)), title));
    }
    let is_address = |license: &&String| license.starts_with("https://") || license.starts_with("http://");
    if let Some(license) = collection.metadata.license.as_ref().filter(is_address) {
        links.push(Link::new("license", Format::Html, "The licence of the data", license.clone()));
    }
    links
}

/// The absolute address of a collection, with what follows it.
pub(super) fn address(base: &Base, id: &str, rest: &str) -> String {
    base.url(&format!("/collections/{}{rest}", segment(id)))
}
