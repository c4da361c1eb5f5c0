//! Collections, as the clients of OGC API Features read them.

use serde_json::Value as Json;

use super::Client;
use super::Grade;
use super::address;
use super::examination::Examination;
use super::items;
use super::landing::link;
use super::landing::links;
use super::landing::texts;
use super::tiles;
use super::transport;

/// What the rest of an examination has to know of a collection.
pub(super) struct Known {
    pub(super) id: String,
    /// Where its features are.
    pub(super) items: String,
    /// West, south, east, north.
    pub(super) extent: Option<[f64; 4]>,
    pub(super) systems: Vec<String>,
}

/// Looks at the list of collections, and at some of them closely.
pub(super) fn examine(own: &mut Examination, url: &str, classes: &[String]) {
    let Some((answer, document)) = own.document(url, "application/json", Client::FEATURES) else { return };
    let place = answer.url;
    transport::examine(own, &place, Client::FEATURES);
    links(own, &place, &document, Client::FEATURES);
    let Some(collections) = document["collections"].as_array() else {
        own.say(
            ("collections-missing", Grade::Breaks, Client::FEATURES),
            &place,
            "the document has no list of collections",
            "Answer with the member collections, an array.",
        );
        return;
    };
    own.note(format!("{} collections", collections.len()));
    let has_features = classes.iter().any(|class| class.contains("/ogcapi-features-1/"));
    for collection in collections.iter().take(own.asker.each()) {
        let Some(known) = described(own, &place, &document, collection, has_features) else { continue };
        items::examine(own, &known);
        for relation in ["tilesets-vector", "tilesets-map"] {
            let name = format!("http://www.opengis.net/def/rel/ogc/1.0/{relation}");
            if let Some(href) = link(collection, &[&name]) {
                tiles::tilesets(own, &href);
            }
        }
    }
}

fn described(own: &mut Examination, place: &str, whole: &Json, collection: &Json, has_features: bool) -> Option<Known> {
    let Some(id) = collection["id"].as_str() else {
        own.say(
            ("collection-id-missing", Grade::Breaks, Client::FEATURES),
            place,
            "a collection has no id that is a text",
            "Give every collection an id.",
        );
        return None;
    };
    links(own, place, collection, Client::FEATURES);
    if id.contains(['/', '?', '#', '%', ' ', '&']) {
        own.say(
            ("collection-id-characters", Grade::Hinders, Client::FEATURES),
            place,
            format!("the id '{id}' has characters that have a meaning in addresses, which some clients do not encode"),
            "Use letters, digits, hyphens and underscores.",
        );
    }
    if has_features && collection["itemType"] != "feature" {
        own.say(
            ("item-type-missing", Grade::Hinders, &[Client::OwsLib]),
            place,
            format!(
                "the collection '{id}' has no itemType \"feature\", by which feature collections are told from others"
            ),
            "Add \"itemType\": \"feature\".",
        );
    }
    let extent = extent(own, place, id, collection);
    let mut systems = texts(&collection["crs"]);
    if systems.iter().any(|crs| crs == "#/crs") {
        systems.retain(|crs| crs != "#/crs");
        systems.extend(texts(&whole["crs"]));
    }
    let storage = collection["storageCrs"].as_str();
    if storage.is_some_and(|storage| !systems.is_empty() && systems.iter().all(|crs| crs != storage)) {
        own.say(
            ("storage-crs-unlisted", Grade::Hinders, &[Client::Gdal, Client::Qgis]),
            place,
            format!("the storageCrs of '{id}' is not in its list crs"),
            "List in crs every system in which features may be asked for.",
        );
    }
    let items = items_link(own, place, id, collection)?;
    Some(Known { id: id.to_owned(), items, extent, systems })
}

fn items_link(own: &mut Examination, place: &str, id: &str, collection: &Json) -> Option<String> {
    let entries = collection["links"].as_array().into_iter().flatten();
    let items: Vec<&Json> = entries.filter(|link| link["rel"] == "items").collect();
    let geojson = items.iter().find(|link| link["type"] == "application/geo+json");
    if geojson.is_none() {
        own.say(
            ("items-link-type", Grade::Breaks, &[Client::Gdal, Client::Qgis, Client::OpenLayers]),
            place,
            format!("the collection '{id}' has no link of rel=items whose type is application/geo+json"),
            "Add one, with exactly this type.",
        );
    }
    let chosen = geojson.or(items.first())?["href"].as_str()?;
    address::join(place, chosen)
}

/// The extent in degrees, where it is one.
fn extent(own: &mut Examination, place: &str, id: &str, collection: &Json) -> Option<[f64; 4]> {
    let numbers: Vec<f64> =
        collection["extent"]["spatial"]["bbox"][0].as_array().into_iter().flatten().filter_map(Json::as_f64).collect();
    let extent = match numbers[..] {
        [west, south, east, north] | [west, south, _, east, north, _] => Some([west, south, east, north]),
        _ => None,
    };
    let Some([west, south, east, north]) = extent else {
        own.say(
            ("extent-missing", Grade::Hinders, &[Client::Qgis, Client::Gdal, Client::ArcGis]),
            place,
            format!("the collection '{id}' does not say where it lies, so that clients read all of it to find out"),
            "Add extent.spatial.bbox, in degrees of CRS84: [[west, south, east, north]].",
        );
        return None;
    };
    let is_on_earth =
        [west, east].iter().all(|lon| lon.abs() <= 180.0) && [south, north].iter().all(|lat| lat.abs() <= 90.0);
    if !is_on_earth || south > north {
        own.say(
            ("extent-wrong", Grade::Breaks, &[Client::Qgis, Client::Gdal, Client::ArcGis]),
            place,
            format!("the extent of '{id}' is [{west}, {south}, {east}, {north}], which is no box of longitudes and latitudes"),
            "Write west, south, east, north in degrees, whatever system the data are stored in.",
        );
        return None;
    }
    extent
}
