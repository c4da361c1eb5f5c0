//! What a request lays over a static map: its markers, paths and GeoJSON, in the words of tileserver-gl.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use super::polyline;
use super::simplestyle;
use crate::http::Error;
use crate::http::Kind;
use crate::http::Parameter;
use crate::http::Params;
use crate::render::Pin;
use crate::style::SpriteImages;

/// The parameters that lay something over a map.
pub(super) fn parameters() -> Vec<Parameter> {
    let widths = || Kind::Number { minimum: 0.0, maximum: 200.0 };
    vec![
        Parameter::new(
            "marker",
            Kind::Texts,
            "A marker: `lon,lat`, then after a bar each `color:#c0392b`, `size:small|medium|large`, `symbol:` with a letter, \
             one or two digits or an image of the style's sprite, `title:` with a text. May be given more than once.",
        ),
        Parameter::new(
            "path",
            Kind::Texts,
            "A line or an area: `lon,lat|lon,lat|...` or `enc:` with an encoded polyline (to the end), after any of `fill:`, \
             `stroke:`, `width:`, `border:`, `borderwidth:`, `linecap:`, `linejoin:`, `title:`, each followed by a bar. May be \
             given more than once.",
        ),
        Parameter::new(
            "geojson",
            Kind::Texts,
            "GeoJSON with the properties of simplestyle-spec 1.1. A larger one is sent as the body of a POST.",
        ),
        Parameter::new("latlng", Kind::Flag, "Whether positions of `marker` and `path` are `lat,lon`."),
        Parameter::new("fill", Kind::Text, "The colour inside of paths that do not say their own."),
        Parameter::new("stroke", Kind::Text, "The colour of paths that do not say their own."),
        Parameter::new("width", widths(), "The width in pixels of paths that do not say their own."),
        Parameter::new("border", Kind::Text, "The colour of a border along paths that do not say their own."),
        Parameter::new("borderwidth", widths(), "The width of that border in pixels."),
    ]
}

/// Features to be laid over a map, with the marks that they name.
#[derive(Debug, Default)]
pub(super) struct Overlays {
    /// A FeatureCollection, as [`crate::style::overlay`] reads it.
    pub(super) features: Vec<Json>,
    /// Each mark once.
    pub(super) pins: Vec<Pin>,
}

impl Overlays {
    /// Reads the parameters and the body of a request; what comes last lies on top.
    pub(super) fn read(params: &Params, body: &[u8], images: &SpriteImages) -> Result<Self, Error> {
        let mut overlays = Self::default();
        let json = |text: &[u8], what: &str| {
            let read = serde_json::from_slice::<Json>(text);
            read.map_err(|error| Error::Invalid(format!("{what} is no JSON: {error}")))
        };
        if !body.is_empty() {
            overlays.add(&json(body, "the body")?, images)?;
        }
        for text in params.texts("geojson") {
            overlays.add(&json(text.as_bytes(), "the parameter 'geojson'")?, images)?;
        }
        for text in params.texts("path") {
            let feature =
                path(text, params).map_err(|reason| Error::Invalid(format!("the path '{text}': {reason}")))?;
            overlays.add(&feature, images)?;
        }
        for text in params.texts("marker") {
            let read = marker(text, params);
            let feature = read.map_err(|reason| Error::Invalid(format!("the marker '{text}': {reason}")))?;
            overlays.add(&feature, images)?;
        }
        Ok(overlays)
    }

    /// All of it as one GeoJSON object.
    pub(super) fn document(&self) -> Json {
        json!({ "type": "FeatureCollection", "features": self.features })
    }

    fn add(&mut self, geojson: &Json, images: &SpriteImages) -> Result<(), Error> {
        for (feature, pin) in simplestyle::features(geojson, images)? {
            self.features.push(feature);
            self.pins.extend(pin.filter(|pin| !self.pins.contains(pin)));
        }
        Ok(())
    }
}

/// A position of a marker or a path.
fn position(text: &str, params: &Params) -> Option<[f64; 2]> {
    let (first, second) = text.split_once(',')?;
    let [x, y] = [first, second].map(|number| number.trim().parse::<f64>().ok().filter(|number| number.is_finite()));
    let [lon, lat] = if params.flag("latlng") == Some(true) { [y?, x?] } else { [x?, y?] };
    (lon.abs() <= 180.0 && lat.abs() <= 90.0).then_some([lon, lat])
}

fn wrong_position(text: &str, params: &Params) -> String {
    let order = if params.flag("latlng") == Some(true) { "lat,lon" } else { "lon,lat" };
    format!("'{text}' is no position: write {order} in degrees, longitude within ±180 and latitude within ±90")
}

fn marker(text: &str, params: &Params) -> Result<Json, String> {
    let mut parts = text.split('|');
    let first = parts.next().unwrap_or_default();
    let at = position(first, params).ok_or_else(|| wrong_position(first, params))?;
    let mut properties = Map::new();
    for part in parts.filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once(':').unwrap_or(("symbol", part));
        let name = match name {
            "color" => "marker-color",
            "size" => "marker-size",
            "symbol" => "marker-symbol",
            "title" | "label" => "title",
            _ => return Err(format!("there is no '{name}' of markers; there are color, size, symbol and title")),
        };
        properties.insert(name.to_owned(), json!(value));
    }
    let geometry = json!({ "type": "Point", "coordinates": at });
    Ok(json!({ "type": "Feature", "geometry": geometry, "properties": properties }))
}

/// Lines that say no colour of their own.
const STROKE: &str = "rgba(0,64,255,0.7)";
/// Their width in pixels.
const WIDTH: f64 = 3.0;

fn path(text: &str, params: &Params) -> Result<Json, String> {
    let mut properties = Map::new();
    for (parameter, name) in [("fill", "fill"), ("stroke", "stroke"), ("border", "border")] {
        properties.extend(params.text(parameter).map(|color| (name.to_owned(), json!(color))));
    }
    for (parameter, name) in [("width", "stroke-width"), ("borderwidth", "border-width")] {
        properties.extend(params.number(parameter).map(|width| (name.to_owned(), json!(width))));
    }
    let mut positions: Vec<[f64; 2]> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        // An encoded line may hold bars.
        if let Some(encoded) = rest.strip_prefix("enc:") {
            positions.extend(polyline::decode(encoded).ok_or("what follows 'enc:' is no encoded polyline")?);
            break;
        }
        let (part, after) = rest.split_once('|').unwrap_or((rest, ""));
        rest = after;
        match part.split_once(':') {
            None if part.is_empty() => {}
            None => positions.push(position(part, params).ok_or_else(|| wrong_position(part, params))?),
            Some((name, value)) => {
                let name = match name {
                    "fill" | "stroke" | "border" | "title" => name,
                    "width" => "stroke-width",
                    "borderwidth" => "border-width",
                    "linecap" => "line-cap",
                    "linejoin" => "line-join",
                    _ => {
                        return Err(format!(
                            "there is no '{name}' of paths; there are fill, stroke, width, border, borderwidth, linecap, \
                             linejoin and title"
                        ));
                    }
                };
                properties.insert(name.to_owned(), json!(value));
            }
        }
    }
    let is_area = properties.get("fill").is_some_and(|fill| fill != "none");
    if positions.len() < if is_area { 3 } else { 2 } {
        return Err(format!("it has {} positions, and needs two for a line and three for an area", positions.len()));
    }
    let own = |name: &str, value: Json, properties: &mut Map<String, Json>| {
        properties.entry(name.to_owned()).or_insert(value);
    };
    own("stroke", json!(STROKE), &mut properties);
    own("stroke-width", json!(WIDTH), &mut properties);
    // The colours of paths carry their own opacity.
    own("fill-opacity", json!(1), &mut properties);
    let geometry = if is_area {
        if positions.first() != positions.last() {
            positions.extend(positions.first().copied());
        }
        json!({ "type": "Polygon", "coordinates": [positions] })
    } else {
        properties.remove("fill");
        json!({ "type": "LineString", "coordinates": positions })
    };
    Ok(json!({ "type": "Feature", "geometry": geometry, "properties": properties }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Overlays, Error> {
        let params = Params::parse(query, &parameters(), &[])?;
        Overlays::read(&params, b"", &SpriteImages::default())
    }

    #[test]
    fn paths_and_markers_become_features_in_their_order() {
        let overlays = read(
            "marker=129.7,42.4|color:red|symbol:a&marker=129.8,42.5&path=stroke:red|width:5|1,2|3,4&path=fill:blue|0,0|1,0|1,1\
             &path=width:2|enc:_p~iF~ps|U_ulLnnqC_mqNvxq`@",
        )
        .unwrap();
        let kinds: Vec<&str> = overlays.features.iter().filter_map(|f| f["geometry"]["type"].as_str()).collect();
        assert_eq!(kinds, ["LineString", "Polygon", "LineString", "Point", "Point"]);
        assert_eq!(overlays.features[0]["properties"]["stroke-width"], 5.0);
        assert_eq!(overlays.features[1]["geometry"]["coordinates"][0][3], json!([0.0, 0.0]));
        assert_eq!(overlays.features[2]["geometry"]["coordinates"][1], json!([-120.95, 40.7]));
        assert_eq!(overlays.pins.len(), 2);
        let turned = read("latlng=true&marker=42.4,129.7").unwrap();
        assert_eq!(turned.features[0]["geometry"]["coordinates"], json!([129.7, 42.4]));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (query, word) in [
            ("marker=1", "lon,lat"),
            ("marker=1,2|weight:3", "weight"),
            ("marker=200,2", "200,2"),
            ("path=1,2", "positions"),
            ("path=1,2|x", "'x'"),
            ("path=enc:_", "polyline"),
            ("path=hue:3|1,2|3,4", "hue"),
            ("path=stroke:blurple|1,2|3,4", "blurple"),
            ("geojson=nothing", "JSON"),
            ("geojson=%7B%7D", "GeoJSON"),
            ("width=x", "width"),
        ] {
            let error = read(query).unwrap_err().to_string();
            assert!(error.contains(word), "{query}: {error}");
        }
    }
}
