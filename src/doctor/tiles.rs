//! Tiles: TileJSON, tilesets of OGC API Tiles, and a tile of each.

use serde_json::Value as Json;

use super::Client;
use super::Grade;
use super::address;
use super::asker::Answer;
use super::examination::Examination;
use super::landing::link;
use super::landing::links;
use super::transport;

const JSON: &str = "application/json";

/// The first two bytes of what gzip packed (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Looks at a TileJSON document and at a tile that it names.
pub(super) fn tilejson(own: &mut Examination, answer: &Answer) {
    const READERS: &[Client] = &[Client::MapLibre, Client::OpenLayers, Client::Qgis];
    let Some(document) = answer.json() else { return };
    let place = &answer.url;
    own.note(format!("TileJSON at {place}"));
    let Some(template) = document["tiles"][0].as_str() else {
        own.say(
            ("tilejson-tiles-missing", Grade::Breaks, READERS),
            place,
            "the document names no tiles",
            "Add tiles: an array of addresses with {z}, {x} and {y}.",
        );
        return;
    };
    own.check_link(place, template, READERS);
    if !["{z}", "{x}", "{y}"].iter().all(|part| template.contains(part)) {
        own.say(
            ("tilejson-template", Grade::Breaks, READERS),
            place,
            format!("'{template}' lacks {{z}}, {{x}} or {{y}}"),
            "Write the address of a tile with {z}, {x} and {y}.",
        );
        return;
    }
    let is_vector = document["vector_layers"].is_array() || template.contains(".pbf") || template.contains(".mvt");
    if is_vector && !document["vector_layers"].as_array().is_some_and(|layers| layers.iter().all(is_layer)) {
        own.say(
            ("tilejson-layers", Grade::Hinders, READERS),
            place,
            "vector_layers is missing, or a layer in it has no id or no fields",
            "Add vector_layers: [{\"id\": ..., \"fields\": {...}}] (TileJSON 3.0, 3.3).",
        );
    }
    let bounds: Vec<f64> = document["bounds"].as_array().into_iter().flatten().filter_map(Json::as_f64).collect();
    let is_box = matches!(bounds[..], [west, south, east, north] if west.abs() <= 180.0 && east.abs() <= 180.0
        && south.abs() <= 90.0 && north.abs() <= 90.0 && south <= north);
    if !is_box {
        own.say(
            ("tilejson-bounds", Grade::Hinders, READERS),
            place,
            "bounds is missing or no box of degrees, so that clients ask for tiles of the whole world",
            "Add bounds: [west, south, east, north].",
        );
    }
    let zoom = document["minzoom"].as_u64().unwrap_or(0).min(24);
    let (lon, lat) = match bounds[..] {
        [west, south, east, north] if is_box => (f64::midpoint(west, east), f64::midpoint(south, north)),
        _ => (0.0, 0.0),
    };
    let side = 2_f64.powi(zoom as i32);
    let row = (1.0 - lat.clamp(-85.0, 85.0).to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * side;
    let row = if document["scheme"] == "tms" { side - 1.0 - row.floor() } else { row.floor() };
    let column = ((lon + 180.0) / 360.0 * side).floor().clamp(0.0, side - 1.0);
    let url = template
        .replace("{z}", &zoom.to_string())
        .replace("{x}", &column.to_string())
        .replace("{y}", &row.clamp(0.0, side - 1.0).to_string());
    if let Some(url) = address::join(place, &url) {
        tile(own, &url, is_vector);
    }
}

fn is_layer(layer: &Json) -> bool {
    layer["id"].is_string() && layer["fields"].is_object()
}

/// Looks at a list of tilesets of OGC API Tiles, and at each of some of them.
pub(super) fn tilesets(own: &mut Examination, url: &str) {
    const READERS: &[Client] = &[Client::OpenLayers, Client::Gdal, Client::Qgis];
    let Some((answer, document)) = own.document(url, JSON, READERS) else { return };
    let place = answer.url;
    let Some(tilesets) = document["tilesets"].as_array().filter(|tilesets| !tilesets.is_empty()) else {
        own.say(
            ("tilesets-missing", Grade::Breaks, READERS),
            &place,
            "there is no list of tilesets, or nothing in it",
            "Answer with the member tilesets, an array, or do not link to it.",
        );
        return;
    };
    own.note(format!("{} tilesets at {place}", tilesets.len()));
    for tileset in tilesets.iter().take(2) {
        links(own, &place, tileset, READERS);
        let Some(href) = link(tileset, &["self"]) else {
            own.say(
                ("tileset-self-missing", Grade::Breaks, READERS),
                &place,
                "a tileset in the list has no link of rel=self with the type application/json",
                "Link from each entry to its tileset.",
            );
            continue;
        };
        if let Some((answer, document)) = own.document(&href, JSON, READERS) {
            self::tileset(own, &answer.url, &document);
        }
    }
}

fn tileset(own: &mut Examination, place: &str, document: &Json) {
    const READERS: &[Client] = &[Client::OpenLayers, Client::Gdal];
    links(own, place, document, READERS);
    let scheme = link(document, &["http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"]);
    if scheme.is_none() && document["tileMatrixSet"].is_null() {
        own.say(
            ("tiling-scheme-missing", Grade::Breaks, READERS),
            place,
            "neither is the tile matrix set in the document, nor is there a link to it",
            "Link to it with rel \"http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme\".",
        );
    }
    if let Some(scheme) = scheme {
        own.document(&scheme, JSON, READERS);
    }
    let entries = document["links"].as_array().into_iter().flatten();
    let items: Vec<&Json> = entries.filter(|link| link["rel"] == "item").collect();
    let braces = ["{tileMatrix}", "{tileRow}", "{tileCol}"];
    let is_template = |href: &str| braces.iter().all(|brace| href.contains(brace));
    let template = items.iter().find(|link| link["type"].is_string() && link["href"].as_str().is_some_and(is_template));
    let Some(template) = template else {
        own.say(
            ("tileset-item-link", Grade::Breaks, READERS),
            place,
            "there is no link of rel=item with a type whose address has {tileMatrix}, {tileRow} and {tileCol}",
            "Add a templated link for each format of tiles, with exactly these names.",
        );
        return;
    };
    let limits = &document["tileMatrixSetLimits"][0];
    let text = |name: &str| limits[name].as_str().map_or_else(|| limits[name].to_string(), str::to_owned);
    if limits.is_object() {
        let href = template["href"].as_str().unwrap_or_default();
        let url = href
            .replace("{tileMatrix}", &text("tileMatrix"))
            .replace("{tileRow}", &text("minTileRow"))
            .replace("{tileCol}", &text("minTileCol"));
        let is_vector = template["type"].as_str().is_some_and(|kind| kind.contains("mapbox-vector-tile"));
        if let Some(url) = address::join(place, &url) {
            tile(own, &url, is_vector);
        }
    }
}

/// Looks at one tile.
fn tile(own: &mut Examination, url: &str, is_vector: bool) {
    let clients = if is_vector { Client::VECTOR_TILES } else { Client::BROWSERS };
    let answer = match own.asker.get(url, &[("accept-encoding", "gzip")]) {
        Ok(answer) if matches!(answer.status, 200 | 204) => answer,
        Ok(answer) => {
            let what = format!("a tile within the bounds is answered with {}", answer.status);
            own.say(
                ("tile-missing", Grade::Breaks, clients),
                url,
                what,
                "Answer every tile within the bounds, empty ones with 204.",
            );
            return;
        }
        Err(reason) => {
            own.say(
                ("tile-missing", Grade::Breaks, clients),
                url,
                reason,
                "Answer every tile within the bounds, empty ones with 204.",
            );
            return;
        }
    };
    transport::examine(own, url, clients);
    if answer.status == 204 {
        return;
    }
    let kind = answer.media_type();
    if !is_vector {
        if !kind.starts_with("image/") {
            own.say(
                ("tile-type", Grade::Breaks, clients),
                url,
                format!("a picture tile comes as '{kind}'"),
                "Send the Content-Type of the picture, and errors with another status than 200.",
            );
        }
        return;
    }
    if !matches!(
        kind.as_str(),
        "application/vnd.mapbox-vector-tile" | "application/x-protobuf" | "application/protobuf"
    ) {
        own.say(
            ("mvt-type", Grade::Hinders, clients),
            url,
            format!("a vector tile comes as '{kind}'"),
            "Send Content-Type: application/vnd.mapbox-vector-tile.",
        );
    }
    let is_packed = answer.body.starts_with(&GZIP);
    let says_packed = answer.header("content-encoding").is_some_and(|encoding| encoding.contains("gzip"));
    if is_packed && !says_packed {
        own.say(
            ("mvt-gzip-unsaid", Grade::Breaks, clients),
            url,
            "the tile is packed by gzip, and no Content-Encoding says so, so that browsers hand the packed bytes to the library",
            "Send Content-Encoding: gzip with tiles that are stored packed.",
        );
    } else if says_packed && !is_packed {
        own.say(
            ("mvt-gzip-untrue", Grade::Breaks, clients),
            url,
            "Content-Encoding says gzip, and the tile is not packed",
            "Send Content-Encoding only with what is packed.",
        );
    }
}
