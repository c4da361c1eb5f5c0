//! The style of features that a request lays over a map.

use serde_json::Value;
use serde_json::json;

/// The name of the source of such features, and the beginning of the names of its layers.
const NAME: &str = "tumen-overlay";

/// From a point to the middle of its mark's head, in ems of the letter in it: both grow with the mark.
const LETTER_RISE: f64 = -1.56;

/// A MapLibre style (version 8) of a GeoJSON FeatureCollection: areas, then lines, then marks, then names, all of them above
/// what they are laid over.
///
/// The properties are those of simplestyle-spec 1.1, with all defaults filled: `fill`, `fill-opacity`, `stroke`,
/// `stroke-width` and `stroke-opacity`; and, because images and letters are made for them: `pin`, the name of an image that
/// stands on a point, `letter`, `letter-size` and `letter-color`, a text in its head, and `title`. Lines may have a `border` of
/// `border-width`.
pub fn overlay(features: &Value) -> Value {
    let shown = |kinds: &[&str]| json!(["match", ["geometry-type"], kinds, true, false]);
    let layer = |name: &str, kind: &str, filter: Value, layout: Value, paint: Value| {
        json!({
            "id": format!("{NAME}-{name}"), "type": kind, "source": NAME,
            "filter": filter, "layout": layout, "paint": paint
        })
    };
    let both = |one: Value, other: Value| json!(["all", one, other]);
    let lines = || shown(&["LineString", "Polygon"]);
    let points = || shown(&["Point"]);
    let round = || {
        json!({
            "line-cap": ["coalesce", ["get", "line-cap"], "round"],
            "line-join": ["coalesce", ["get", "line-join"], "round"]
        })
    };
    let size = json!(["get", "letter-size"]);
    json!({
        "version": 8,
        "sources": { NAME: { "type": "geojson", "data": features, "maxzoom": 22 } },
        "layers": [
            layer("fill", "fill", shown(&["Polygon"]), json!({}), json!({
                "fill-color": ["to-color", ["get", "fill"]],
                "fill-opacity": ["get", "fill-opacity"],
                // The line has the edge.
                "fill-outline-color": "rgba(0, 0, 0, 0)"
            })),
            layer("border", "line", both(lines(), json!(["has", "border"])), round(), json!({
                "line-color": ["to-color", ["get", "border"]],
                "line-opacity": ["get", "stroke-opacity"],
                "line-width": ["+", ["get", "stroke-width"], ["*", 2, ["get", "border-width"]]]
            })),
            layer("line", "line", lines(), round(), json!({
                "line-color": ["to-color", ["get", "stroke"]],
                "line-opacity": ["get", "stroke-opacity"],
                "line-width": ["get", "stroke-width"]
            })),
            layer("pin", "symbol", both(points(), json!(["has", "pin"])), json!({
                "icon-image": ["get", "pin"],
                "icon-anchor": "bottom",
                "icon-offset": [0, 2],
                "icon-allow-overlap": true,
                "text-field": ["coalesce", ["get", "letter"], ""],
                "text-font": ["Noto Sans Bold"],
                "text-size": size,
                "text-offset": [0, LETTER_RISE],
                "text-allow-overlap": true,
                "text-optional": true,
                "symbol-z-order": "viewport-y"
            }), json!({ "text-color": ["to-color", ["get", "letter-color"]] })),
            layer("title", "symbol", both(points(), json!(["has", "title"])), json!({
                "text-field": ["get", "title"],
                "text-font": ["Noto Sans Bold"],
                "text-size": 12,
                "text-anchor": "top",
                "text-offset": [0, 0.2],
                "text-max-width": 12
            }), json!({ "text-color": "#222222", "text-halo-color": "#ffffff", "text-halo-width": 1.6 }))
        ]
    })
}
