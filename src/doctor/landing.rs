//! The landing page of an OGC API, and what it leads to.

use serde_json::Value as Json;

use super::Client;
use super::Grade;
use super::asker::Answer;
use super::examination::Examination;
use super::features;
use super::tiles;
use super::transport;

/// Looks at the landing page and follows its links.
pub(super) fn examine(own: &mut Examination, answer: &Answer, document: &Json) {
    own.note("the landing page of an OGC API".to_owned());
    let place = answer.url.clone();
    transport::examine(own, &place, Client::FEATURES);
    transport::absences(own);
    links(own, &place, document, Client::ALL);
    let conformance = link(document, &["conformance", "http://www.opengis.net/def/rel/ogc/1.0/conformance"]);
    let classes = conformance.and_then(|href| own.document(&href, "application/json", &[Client::Gdal, Client::Qgis]));
    let classes: Vec<String> = classes.iter().flat_map(|(_, json)| texts(&json["conformsTo"])).collect();
    if classes.is_empty() {
        own.say(
            ("conformance-missing", Grade::Breaks, &[Client::Gdal, Client::Qgis, Client::OwsLib]),
            &place,
            "no link of rel=conformance leads to a list conformsTo",
            "Link to /conformance and list the conformance classes there.",
        );
    }
    description(own, &place, document);
    let data = link(document, &["data", "http://www.opengis.net/def/rel/ogc/1.0/data"]);
    match data {
        Some(data) => features::examine(own, &data, &classes),
        None if classes.iter().any(|class| class.contains("/ogcapi-features-1/")) => own.say(
            ("data-link-missing", Grade::Breaks, &[Client::Qgis, Client::Gdal, Client::ArcGis]),
            &place,
            "there is no link of rel=data to the collections",
            "Add a link with rel \"data\" and type \"application/json\" to /collections.",
        ),
        None => {}
    }
    for relation in ["tilesets-vector", "tilesets-map"] {
        let names = [format!("http://www.opengis.net/def/rel/ogc/1.0/{relation}")];
        if let Some(href) = link(document, &[&names[0]]) {
            tiles::tilesets(own, &href);
        }
    }
    // Older services that the landing page leads to.
    let described = document["links"].as_array().into_iter().flatten();
    let xml = described.filter(|link| link["type"].as_str().is_some_and(|kind| kind.contains("xml")));
    let hrefs: Vec<String> = xml.filter_map(|link| link["href"].as_str().map(str::to_owned)).collect();
    for href in hrefs {
        if let Ok(answer) = own.asker.get(&href, &[]) {
            own.look_at(&answer);
        }
    }
}

/// The description of the API, which QGIS and GDAL read for limits and media types.
fn description(own: &mut Examination, place: &str, document: &Json) {
    const READERS: &[Client] = &[Client::Qgis, Client::Gdal, Client::OwsLib];
    let entries = document["links"].as_array().into_iter().flatten();
    let mut found = entries.filter(|link| link["rel"] == "service-desc");
    let openapi = |link: &&Json| link["type"].as_str().is_some_and(|kind| kind.contains("openapi+json"));
    let Some(link) = found.find(openapi) else {
        own.say(
            ("service-desc-missing", Grade::Hinders, READERS),
            place,
            "there is no link of rel=service-desc to an OpenAPI document, where clients find out how many features they may ask for",
            "Link to the OpenAPI document, with type \"application/vnd.oai.openapi+json;version=3.0\".",
        );
        return;
    };
    let href = link["href"].as_str().unwrap_or_default().to_owned();
    let accept = link["type"].as_str().unwrap_or_default().to_owned();
    let Some((answer, api)) = own.document(&href, &accept, READERS) else { return };
    if !api["openapi"].as_str().is_some_and(|version| version.starts_with("3.")) {
        own.say(
            ("openapi-version", Grade::Hinders, READERS),
            &answer.url,
            "the description of the API is no OpenAPI 3 document",
            "Serve OpenAPI 3.0 at the link of rel=service-desc.",
        );
    }
    if api["components"]["parameters"]["limit"]["schema"]["maximum"].is_null()
        && !answer.text().unwrap_or_default().contains("\"maximum\"")
    {
        own.say(
            ("limit-unknown", Grade::Hinders, &[Client::Qgis, Client::Gdal]),
            &answer.url,
            "the description does not say how large a page may be, so that clients ask for many small ones",
            "Describe the parameter limit in components.parameters.limit, with schema.maximum and schema.default.",
        );
    }
    if answer.text().is_some_and(|text| text.contains("\"$ref\":\"http") || text.contains("\"$ref\": \"http")) {
        own.say(
            ("openapi-remote-ref", Grade::Hinders, READERS),
            &answer.url,
            "the description refers to documents on other hosts, which clients do not fetch",
            "Put what is referred to into components.",
        );
    }
}

/// Looks at the links of a document: each with a relation and a type, and each one that clients can follow.
pub(super) fn links(own: &mut Examination, place: &str, document: &Json, clients: &'static [Client]) {
    for link in document["links"].as_array().into_iter().flatten() {
        let Some(href) = link["href"].as_str() else {
            own.say(
                ("link-href-missing", Grade::Breaks, clients),
                place,
                "a link has no href",
                "Give every link href, rel and type.",
            );
            continue;
        };
        own.check_link(place, href, clients);
        let rel = link["rel"].as_str().unwrap_or_default();
        let is_chosen = matches!(rel, "self" | "alternate" | "items" | "item" | "service-desc" | "data" | "next");
        match link["type"].as_str() {
            None if is_chosen => own.say(
                ("link-type-missing", Grade::Breaks, &[Client::Gdal, Client::Qgis, Client::OpenLayers]),
                place,
                format!("the link of rel={rel} has no type, by which clients choose"),
                "Give every link the media type of what it leads to.",
            ),
            Some(kind) if kind.contains("charset") => own.say(
                ("link-type-parameters", Grade::Hinders, &[Client::Gdal, Client::OpenLayers]),
                place,
                format!("the link of rel={rel} has the type '{kind}', which clients compare with the bare media type"),
                "Write the media type alone, without charset.",
            ),
            _ => {}
        }
    }
}

/// Where the first link with one of these relations leads; one to JSON, where there are several.
pub(super) fn link(document: &Json, relations: &[&str]) -> Option<String> {
    let links = document["links"].as_array()?;
    let mut found = links.iter().filter(|link| link["rel"].as_str().is_some_and(|rel| relations.contains(&rel)));
    let is_json = |link: &&Json| link["type"].as_str().is_some_and(|kind| kind.contains("json"));
    let first = found.clone().next();
    let chosen = found.find(is_json).or(first)?;
    chosen["href"].as_str().map(str::to_owned)
}

/// The texts of a list.
pub(super) fn texts(list: &Json) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}
