//! How features that a request brings along look: simplestyle-spec 1.1, with all defaults filled.

use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use crate::http::Error;
use crate::render::Mark;
use crate::render::Pin;
use crate::render::PinSize;
use crate::style::Color;
use crate::style::SpriteImages;

type Members = Map<String, Json>;

/// The widest line in pixels.
const WIDEST: f64 = 200.0;

/// The features of any GeoJSON object, as [`crate::style::overlay`] reads them, and the marks that they name. `images` are
/// those of the style below, which `marker-symbol` may name.
pub(super) fn features(geojson: &Json, images: &SpriteImages) -> Result<Vec<(Json, Option<Pin>)>, Error> {
    match geojson.get("type").and_then(Json::as_str) {
        Some("FeatureCollection") => {
            let list = geojson.get("features").and_then(Json::as_array);
            let list = list.ok_or_else(|| Error::Invalid("a FeatureCollection has an array 'features'".to_owned()))?;
            let each = list.iter().enumerate().map(|(number, feature)| {
                one(feature, images).map_err(|error| Error::Invalid(format!("features[{number}]: {error}")))
            });
            each.collect()
        }
        Some("Feature") => Ok(vec![one(geojson, images)?]),
        Some(_) if geojson.get("coordinates").is_some() || geojson.get("geometries").is_some() => {
            Ok(vec![one(&json!({ "geometry": geojson }), images)?])
        }
        _ => Err(Error::Invalid(
            "what is laid over a map is GeoJSON: a FeatureCollection, a feature or a geometry".into(),
        )),
    }
}

fn one(feature: &Json, images: &SpriteImages) -> Result<(Json, Option<Pin>), Error> {
    let nothing = Members::new();
    let own = feature.get("properties").and_then(Json::as_object).unwrap_or(&nothing);
    let mut properties = json!({
        "fill": color(own, "fill", "#555555")?,
        "fill-opacity": number(own, "fill-opacity", 0.6, 1.0)?,
        "stroke": color(own, "stroke", "#555555")?,
        "stroke-opacity": number(own, "stroke-opacity", 1.0, 1.0)?,
        "stroke-width": number(own, "stroke-width", 2.0, WIDEST)?
    });
    if own.get("border").is_some() {
        properties["border"] = json!(color(own, "border", "#ffffff")?);
        properties["border-width"] = json!(number(own, "border-width", 1.0, WIDEST)?);
    }
    for name in ["line-cap", "line-join"] {
        if let Some(word) = own.get(name) {
            properties[name] = word.clone();
        }
    }
    if let Some(title) = own.get("title").and_then(Json::as_str).filter(|title| !title.is_empty()) {
        properties["title"] = json!(title);
    }
    let geometry = feature.get("geometry").cloned().unwrap_or(Json::Null);
    let kind = geometry.get("type").and_then(Json::as_str);
    let pin = match kind {
        Some("Point" | "MultiPoint" | "GeometryCollection") => Some(pin(own, &mut properties, images)?),
        _ => None,
    };
    Ok((json!({ "type": "Feature", "geometry": geometry, "properties": properties }), pin))
}

fn pin(own: &Members, properties: &mut Json, images: &SpriteImages) -> Result<Pin, Error> {
    let size = match own.get("marker-size").and_then(Json::as_str) {
        None | Some("medium" | "") => PinSize::Medium,
        Some("small") => PinSize::Small,
        Some("large") => PinSize::Large,
        Some(other) => {
            return Err(Error::Invalid(format!("marker-size is '{other}' but may be small, medium or large")));
        }
    };
    let color = parse("marker-color", own.get("marker-color").and_then(Json::as_str).unwrap_or("#7e7e7e"))?;
    let symbol = match own.get("marker-symbol") {
        Some(Json::String(text)) => text.trim().to_owned(),
        Some(Json::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let is_letter = (1..=2).contains(&symbol.chars().count()) && symbol.chars().all(char::is_alphanumeric);
    let mark = match images.image(&symbol) {
        Some(image) => Mark::Image(symbol, image.clone()),
        None if is_letter => {
            properties["letter"] = json!(symbol.to_uppercase());
            properties["letter-size"] = json!(size.letter());
            Mark::Blank
        }
        // Names of the icons of Maki, say, which are not at hand.
        None => Mark::Dot,
    };
    let pin = Pin { size, color, mark };
    properties["pin"] = json!(pin.name());
    properties["letter-color"] = json!(written(pin.ink()));
    Ok(pin)
}

/// A colour of the properties, as CSS writes it.
fn color(own: &Members, name: &str, otherwise: &str) -> Result<String, Error> {
    parse(name, own.get(name).and_then(Json::as_str).unwrap_or(otherwise)).map(written)
}

/// A CSS colour, or three or six hexadecimal digits without their sign (simplestyle-spec, "Color rules").
pub(super) fn parse(name: &str, text: &str) -> Result<Color, Error> {
    let text = text.trim();
    let is_bare = matches!(text.len(), 3 | 6) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let found = if is_bare { Color::parse(&format!("#{text}")) } else { Color::parse(text) };
    found.ok_or_else(|| {
        Error::Invalid(format!("{name} is '{text}', which is no colour: write #c03 or #cc0033, or as CSS does"))
    })
}

fn written(Color { r, g, b, a }: Color) -> String {
    let [r, g, b] = [r, g, b].map(|channel| (channel * 255.0).round());
    format!("rgba({r},{g},{b},{a})")
}

/// A number of the properties, which some programs write as a text.
fn number(own: &Members, name: &str, otherwise: f64, maximum: f64) -> Result<f64, Error> {
    let number = match own.get(name) {
        None | Some(Json::Null) => return Ok(otherwise),
        Some(Json::String(text)) => text.trim().parse().ok(),
        Some(value) => value.as_f64(),
    };
    let within = number.filter(|number| (0.0..=maximum).contains(number));
    within.ok_or_else(|| Error::Invalid(format!("{name} has to be a number from 0 to {maximum}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(properties: &Json) -> Result<(Json, Option<Pin>), Error> {
        let point = json!({ "type": "Point", "coordinates": [129.745, 42.44] });
        let feature = json!({ "type": "Feature", "geometry": point, "properties": properties });
        Ok(features(&feature, &SpriteImages::default())?.remove(0))
    }

    #[test]
    fn what_is_not_said_has_the_defaults_of_the_specification() {
        let (feature, pin) = read(&Json::Null).unwrap();
        let properties = &feature["properties"];
        assert_eq!(properties["stroke"], "rgba(85,85,85,1)");
        assert_eq!((properties["fill-opacity"].as_f64(), properties["stroke-width"].as_f64()), (Some(0.6), Some(2.0)));
        let pin = pin.unwrap();
        assert_eq!(
            (pin.size, pin.mark, written(pin.color)),
            (PinSize::Medium, Mark::Dot, "rgba(126,126,126,1)".into())
        );
    }

    #[test]
    fn colours_go_with_and_without_their_sign_and_numbers_as_texts() {
        let (feature, pin) =
            read(&json!({ "stroke": "f00", "stroke-width": "7", "marker-symbol": "b", "marker-size": "large" }))
                .unwrap();
        assert_eq!(feature["properties"]["stroke"], "rgba(255,0,0,1)");
        assert_eq!(feature["properties"]["stroke-width"], 7.0);
        assert_eq!(feature["properties"]["letter"], "B");
        assert_eq!(pin.unwrap().size, PinSize::Large);
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_its_name() {
        for (name, value) in [
            ("fill", json!("no colour")),
            ("stroke-width", json!(-1)),
            ("fill-opacity", json!(2)),
            ("marker-size", json!("huge")),
        ] {
            let error = read(&json!({ name: value })).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
        assert!(features(&json!({ "type": "Topology" }), &SpriteImages::default()).is_err());
    }
}
