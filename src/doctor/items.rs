//! Features: their ids, places, order of axes and pages.

use std::collections::BTreeSet;

use hyper::Method;
use serde_json::Value as Json;

use super::Client;
use super::Grade;
use super::address;
use super::address::with;
use super::examination::Examination;
use super::features::Known;
use super::landing::link;
use super::transport;

/// How pages are asked for.
const ACCEPT: &str = "application/geo+json, application/json;q=0.9";

/// More features than any server gives at once.
const MANY: usize = 100_000;

/// Looks at the features of a collection.
pub(super) fn examine(own: &mut Examination, known: &Known) {
    let few = with(&known.items, "limit=2");
    let Some((answer, page)) = own.document(&few, ACCEPT, Client::FEATURES) else { return };
    let place = answer.url.clone();
    transport::examine(own, &known.items, Client::FEATURES);
    if !matches!(answer.media_type().as_str(), "application/geo+json" | "application/vnd.geo+json") {
        own.say(
            ("items-type", Grade::Hinders, &[Client::Gdal, Client::Qgis, Client::OwsLib]),
            &place,
            format!("features come as '{}'", answer.media_type()),
            "Answer Accept: application/geo+json with that Content-Type.",
        );
    }
    let Some(features) = page["features"].as_array() else {
        own.say(
            ("items-no-features", Grade::Breaks, Client::FEATURES),
            &place,
            "the page of features has no array features",
            "Answer with a GeoJSON FeatureCollection.",
        );
        return;
    };
    ids(own, &place, known, features);
    counts(own, &place, &page, features);
    paging(own, &place, &page, features);
    order_of_axes(own, &place, known, features);
    systems(own, known, features);
    limits(own, known);
    filters(own, known);
}

fn ids(own: &mut Examination, place: &str, known: &Known, features: &[Json]) {
    const READERS: &[Client] = &[Client::Qgis, Client::Gdal, Client::MapLibre, Client::OpenLayers];
    let is_id = |feature: &&Json| feature["id"].is_string() || feature["id"].is_number();
    if features.iter().filter(is_id).count() < features.len() {
        own.say(
            ("feature-id-missing", Grade::Hinders, READERS),
            place,
            format!(
                "features of '{}' have no id, so that clients cannot ask for one of them, or select it on a map",
                known.id
            ),
            "Give every feature the member id: a text or a whole number that stays the same.",
        );
        return;
    }
    let ids: BTreeSet<String> = features.iter().map(|feature| feature["id"].to_string()).collect();
    if ids.len() < features.len() {
        own.say(
            ("feature-id-twice", Grade::Breaks, READERS),
            place,
            format!("two features of '{}' on one page have the same id", known.id),
            "Make ids unique in their collection.",
        );
    }
    let Some(id) = features.first().map(|feature| &feature["id"]) else { return };
    let text = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let (path, _) = known.items.split_once('?').unwrap_or((&known.items, ""));
    let one = format!("{path}/{}", address::segment(&text));
    let Some((_, feature)) = own.document(&one, ACCEPT, &[Client::Qgis, Client::Gdal, Client::OwsLib]) else { return };
    if feature["id"] != *id {
        own.say(
            ("feature-id-other", Grade::Breaks, &[Client::Qgis, Client::Gdal, Client::OwsLib]),
            &one,
            format!("the feature at the address of id {id} has the id {}", feature["id"]),
            "Serve each feature at /items/{id}, with the id percent-decoded.",
        );
    }
}

fn counts(own: &mut Examination, place: &str, page: &Json, features: &[Json]) {
    if page["numberMatched"].as_u64().is_none() {
        own.say(
            ("number-matched-missing", Grade::Hinders, &[Client::Qgis, Client::Gdal]),
            place,
            "the page does not say how many features there are in all (numberMatched), so that clients read all to count them",
            "Add numberMatched where it is cheap to know.",
        );
    }
    if page["numberReturned"].as_u64().is_some_and(|count| count != features.len() as u64) {
        own.say(
            ("number-returned-wrong", Grade::Hinders, &[Client::Qgis, Client::OwsLib]),
            place,
            format!("numberReturned is {} on a page of {} features", page["numberReturned"], features.len()),
            "Count the features of the page itself.",
        );
    }
}

fn paging(own: &mut Examination, place: &str, page: &Json, features: &[Json]) {
    const READERS: &[Client] = &[Client::Gdal, Client::Qgis, Client::OwsLib, Client::ArcGis];
    if features.len() > 2 {
        own.say(
            ("limit-ignored", Grade::Breaks, READERS),
            place,
            format!("limit=2 is answered with {} features", features.len()),
            "Answer with no more features than limit asks for.",
        );
        return;
    }
    let Some(next) = link(page, &["next"]) else {
        let is_more = page["numberMatched"].as_u64().is_some_and(|all| all > features.len() as u64);
        if is_more {
            own.say(
                ("next-missing", Grade::Breaks, READERS),
                place,
                "there are more features than on this page, and no link of rel=next to them",
                "Link from each page but the last to the next one.",
            );
        }
        return;
    };
    own.check_link(place, &next, READERS);
    let Some(next) = address::join(place, &next) else { return };
    let Some((_, following)) = own.document(&next, ACCEPT, READERS) else { return };
    let others = following["features"].as_array().cloned().unwrap_or_default();
    let ids: BTreeSet<String> = features.iter().map(|feature| feature["id"].to_string()).collect();
    let again = others.iter().any(|feature| !feature["id"].is_null() && ids.contains(&feature["id"].to_string()));
    if others.is_empty() || again {
        own.say(
            ("next-repeats", Grade::Breaks, READERS),
            &next,
            if again { "the next page repeats features of the first" } else { "the next page is empty" },
            "Let the link of rel=next go on where the page ends, and leave it out on the last page.",
        );
    }
    if others.len() > 2 {
        own.say(
            ("next-forgets", Grade::Breaks, READERS),
            &next,
            "the link of rel=next has lost the limit of the page before",
            "Keep all parameters of the request in the link.",
        );
    }
}

/// The first position of a geometry.
fn position(geometry: &Json) -> Option<[f64; 2]> {
    let mut at = geometry.get("coordinates").or_else(|| geometry["geometries"][0].get("coordinates"))?;
    while at[0].is_array() {
        at = &at[0];
    }
    Some([at[0].as_f64()?, at[1].as_f64()?])
}

fn order_of_axes(own: &mut Examination, place: &str, known: &Known, features: &[Json]) {
    let positions = features.iter().filter_map(|feature| position(&feature["geometry"]));
    for [x, y] in positions {
        if x.abs() > 180.0 || y.abs() > 90.0 {
            own.say(
                ("coordinates-range", Grade::Breaks, Client::FEATURES),
                place,
                format!("a feature of '{}' lies at [{x}, {y}], which is no longitude and latitude", known.id),
                "Without the parameter crs, write longitude and latitude of CRS84, whatever system the data are stored in.",
            );
            return;
        }
        let Some([west, south, east, north]) = known.extent else { continue };
        let is_in = |x: f64, y: f64| {
            let slack = 1e-3;
            let across = if west <= east { x >= west - slack && x <= east + slack } else { x >= west || x <= east };
            across && y >= south - slack && y <= north + slack
        };
        if !is_in(x, y) && is_in(y, x) {
            own.say(
                ("coordinates-swapped", Grade::Breaks, Client::FEATURES),
                place,
                format!("a feature of '{}' lies at [{x}, {y}]: latitude before longitude", known.id),
                "GeoJSON is longitude before latitude; only crs=EPSG:4326 turns it round.",
            );
            return;
        }
        if !is_in(x, y) {
            own.say(
                ("extent-too-small", Grade::Hinders, &[Client::Qgis, Client::Gdal, Client::ArcGis]),
                place,
                format!("a feature of '{}' at [{x}, {y}] lies outside of the extent of its collection", known.id),
                "Let the extent hold every feature.",
            );
            return;
        }
    }
}

/// EPSG:4326, where it is offered, has latitude first.
fn systems(own: &mut Examination, known: &Known, features: &[Json]) {
    const READERS: &[Client] = &[Client::Qgis, Client::Gdal];
    let is_degrees = |crs: &&String| crs.contains("/EPSG/") && crs.ends_with("/4326");
    let Some(crs) = known.systems.iter().find(is_degrees) else { return };
    let Some([x, y]) = features.iter().find_map(|feature| position(&feature["geometry"])) else { return };
    let url = with(&known.items, &format!("limit=2&crs={}", address::segment(crs)));
    let Some((answer, page)) = own.document(&url, ACCEPT, READERS) else { return };
    if answer.header("content-crs").is_none_or(|said| said.trim_matches(['<', '>']) != crs) {
        own.say(
            ("content-crs-missing", Grade::Hinders, READERS),
            &url,
            "the header Content-Crs does not say the system of the answer",
            "Send Content-Crs: <URI of the system> with every page of features.",
        );
    }
    let turned = page["features"].as_array().into_iter().flatten().find_map(|feature| position(&feature["geometry"]));
    let is_near = |a: f64, b: f64| (a - b).abs() < 1e-3;
    if let Some([first, second]) = turned
        && (x - y).abs() > 0.01
        && is_near(first, x)
        && is_near(second, y)
    {
        own.say(
            ("axis-order", Grade::Breaks, READERS),
            &url,
            format!("with crs=EPSG:4326 a feature still lies at [{first}, {second}], longitude first"),
            "Write coordinates in the order of the system's authority: latitude before longitude for EPSG:4326.",
        );
    }
}

fn limits(own: &mut Examination, known: &Known) {
    let url = with(&known.items, &format!("limit={MANY}"));
    // The head alone tells, and spares the server the features.
    let answer = own.asker.ask(&Method::HEAD, &url, &[("accept", ACCEPT)]);
    if answer.is_ok_and(|answer| matches!(answer.status, 400 | 413 | 422)) {
        own.say(
            ("limit-refused", Grade::Breaks, &[Client::Qgis, Client::OwsLib, Client::ArcGis]),
            &url,
            "a limit above the highest is refused",
            "Take a limit that is too high for the highest there is (OGC API Features, 7.15.2).",
        );
    }
}

/// A box far away from the extent selects nothing but features without a place.
fn filters(own: &mut Examination, known: &Known) {
    let Some([west, south, east, north]) = known.extent else { return };
    let away = [[-179.0, -89.0, -178.9, -88.9], [10.0, 88.0, 10.1, 88.1], [100.0, -89.0, 100.1, -88.9]];
    let is_outside = |[w, s, e, n]: [f64; 4]| {
        let beside = if west <= east { e < west || w > east } else { e < west && w > east };
        beside || n < south || s > north
    };
    let Some(box_away) = away.into_iter().find(|own| is_outside(*own)) else { return };
    let text = box_away.map(|number| number.to_string()).join(",");
    let url = with(&known.items, &format!("limit=2&bbox={text}"));
    let Some((_, page)) = own.document(&url, ACCEPT, Client::FEATURES) else { return };
    if page["features"].as_array().into_iter().flatten().any(|feature| position(&feature["geometry"]).is_some()) {
        own.say(
            ("bbox-ignored", Grade::Breaks, Client::FEATURES),
            &url,
            "a box in which there is nothing is answered with features that lie elsewhere",
            "Answer with the features that meet bbox: west, south, east, north in degrees.",
        );
    }
}
