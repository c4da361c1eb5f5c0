//! From the text of a style to the resolved style.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;

use serde_json::Map;
use serde_json::Value as Json;

use super::Background;
use super::Circle;
use super::ColorRelief;
use super::Context;
use super::Diagnostic;
use super::Error;
use super::Fill;
use super::FillExtrusion;
use super::Filter;
use super::Heatmap;
use super::Hillshade;
use super::Layer;
use super::LayerKind;
use super::Light;
use super::Line;
use super::Raster;
use super::Source;
use super::Sprite;
use super::Style;
use super::Symbol;
use super::Visibility;
use super::property::Property;
use super::reader::Reader;

type Members = Map<String, Json>;

/// Layers of a style; those of the largest ones known are some hundreds.
const MOST_LAYERS: usize = 10_000;

impl Style {
    /// Reads a style. What cannot be used as written is left out or has its default, and is said in the diagnostics.
    ///
    /// # Errors
    /// When the text is no JSON object with layers, or is of another version than 8.
    pub fn parse(text: &str) -> Result<(Self, Vec<Diagnostic>), Error> {
        let json: Json = serde_json::from_str(text).map_err(|error| Error::Json {
            message: error.to_string(),
            line: error.line(),
            column: error.column(),
        })?;
        let (style, diagnostics) = Self::read(json)?;
        Ok((style, diagnostics.into_iter().map(|diagnostic| diagnostic.in_text(text)).collect()))
    }

    /// The same for a document that was parsed already.
    ///
    /// # Errors
    /// When it is no object with layers, or is of another version than 8.
    pub fn read(mut json: Json) -> Result<(Self, Vec<Diagnostic>), Error> {
        let state = global_state(&json);
        settle_global_state(&mut json, &state);
        let members = json.as_object().ok_or(Error::NotAStyle)?;
        if members.get("version").is_some_and(|version| version.as_f64() != Some(8.0)) {
            return Err(Error::Version);
        }
        let layers = members.get("layers").and_then(Json::as_array).ok_or(Error::NotAStyle)?;
        let mut diagnostics = Vec::new();
        let number = |name: &str| members.get(name).and_then(Json::as_f64).filter(|n| n.is_finite());
        let mut style = Self {
            name: members.get("name").and_then(Json::as_str).map(Into::into),
            center: members.get("center").and_then(|pair| serde_json::from_value(pair.clone()).ok()),
            zoom: number("zoom"),
            bearing: number("bearing").unwrap_or(0.0),
            sources: sources(members, &mut diagnostics),
            sprites: sprites(members.get("sprite")),
            glyphs: members.get("glyphs").and_then(Json::as_str).map(Into::into),
            light: Light::read(members.get("light"), &mut diagnostics),
            layers: Vec::with_capacity(layers.len()),
        };
        // Of layers with the same id the first counts, so it is put in last.
        let by_id: HashMap<&str, &Members> =
            layers.iter().rev().filter_map(|layer| Some((id(layer)?, layer.as_object()?))).collect();
        if layers.len() > MOST_LAYERS {
            let message = format!("a style has {MOST_LAYERS} layers at most; the others are left out");
            diagnostics.push(Diagnostic::new(None, Some("layers"), message).at(format!("layers[{MOST_LAYERS}]")));
        }
        let mut ids = HashSet::new();
        for (index, json) in layers.iter().take(MOST_LAYERS).enumerate() {
            let place = format!("layers[{index}]");
            let (Some(members), Some(id)) = (json.as_object(), id(json)) else {
                diagnostics.push(Diagnostic::new(None, None, "a layer is an object with an id").at(place));
                continue;
            };
            if !ids.insert(id) {
                diagnostics.push(Diagnostic::new(Some(id), None, "another layer has the same id").at(place));
                continue;
            }
            match layer(id, members, &by_id, &place, &mut diagnostics) {
                Ok(layer) => {
                    report_source(&layer, &style.sources, &place, &mut diagnostics);
                    style.layers.push(layer);
                }
                Err(message) => diagnostics.push(Diagnostic::new(Some(id), None, message).at(place)),
            }
        }
        Ok((style, diagnostics))
    }
}

fn id(layer: &Json) -> Option<&str> {
    layer.get("id").and_then(Json::as_str)
}

/// The defaults of the style's own variables.
fn global_state(json: &Json) -> Members {
    let declared = json.get("state").and_then(Json::as_object);
    let value = |declaration: &Json| declaration.get("default").cloned().unwrap_or(Json::Null);
    declared.into_iter().flatten().map(|(name, declaration)| (name.clone(), value(declaration))).collect()
}

/// Puts the variables' values where `["global-state", name]` asks for them: nobody changes them on a picture.
fn settle_global_state(json: &mut Json, state: &Members) {
    match json {
        Json::Array(items) => {
            if let [Json::String(op), Json::String(name)] = &items[..]
                && op == "global-state"
            {
                let value = state.get(name).cloned().unwrap_or(Json::Null);
                *json = match value {
                    Json::Array(_) | Json::Object(_) => Json::Array(vec!["literal".into(), value]),
                    plain => plain,
                };
                return;
            }
            for item in items {
                settle_global_state(item, state);
            }
        }
        Json::Object(members) => {
            for member in members.values_mut() {
                settle_global_state(member, state);
            }
        }
        _ => {}
    }
}

fn sources(members: &Members, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, Source> {
    let mut found = BTreeMap::new();
    for (name, json) in members.get("sources").and_then(Json::as_object).into_iter().flatten() {
        match Source::read(json) {
            Ok(source) => {
                found.insert(name.clone(), source);
            }
            Err(message) => {
                diagnostics.push(Diagnostic::new(None, Some(name), message).at(format!("sources.{name}")));
            }
        }
    }
    found
}

fn sprites(json: Option<&Json>) -> Vec<Sprite> {
    match json {
        Some(Json::String(url)) => vec![Sprite { id: "default".to_owned(), url: url.clone() }],
        Some(Json::Array(list)) => list
            .iter()
            .filter_map(|sprite| {
                let text = |name: &str| sprite.get(name).and_then(Json::as_str).map(str::to_owned);
                Some(Sprite { id: text("id")?, url: text("url")? })
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn layer(
    id: &str,
    members: &Members,
    by_id: &HashMap<&str, &Members>,
    place: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Layer, String> {
    let (base, ref_layout) = match members.get("ref").and_then(Json::as_str) {
        Some(name) => {
            let base = *by_id.get(name).ok_or_else(|| format!("there is no layer '{name}' to refer to"))?;
            if base.contains_key("ref") {
                return Err(format!("the layer '{name}' refers to another one itself"));
            }
            (base, base.get("layout"))
        }
        None => (members, members.get("layout")),
    };
    let text = |name: &str| base.get(name).and_then(Json::as_str).map(str::to_owned);
    let zoom = |name: &str, otherwise: f64| base.get(name).and_then(Json::as_f64).unwrap_or(otherwise);
    let filter = match base.get("filter") {
        None | Some(Json::Null) => Filter::ALL,
        Some(json) => Filter::parse(json).unwrap_or_else(|(message, key)| {
            let remark = Diagnostic::new(Some(id), Some("filter"), message).at(format!("{place}.filter{key}"));
            diagnostics.push(remark);
            Filter::NOTHING
        }),
    };
    let mut reader = Reader {
        layer: id,
        place: place.to_owned(),
        sections: [
            ("layout", ref_layout.and_then(Json::as_object)),
            ("paint", members.get("paint").and_then(Json::as_object)),
        ],
        diagnostics,
    };
    let visibility: Property<Visibility> = reader.property("visibility");
    let kind = base.get("type").and_then(Json::as_str).ok_or("a layer has a type")?;
    let (kind, known) = match kind {
        "background" => (LayerKind::Background(Background::read(&mut reader)), Background::NAMES),
        "fill" => (LayerKind::Fill(Box::new(Fill::read(&mut reader))), Fill::NAMES),
        "line" => (LayerKind::Line(Box::new(Line::read(&mut reader))), Line::NAMES),
        "circle" => (LayerKind::Circle(Box::new(Circle::read(&mut reader))), Circle::NAMES),
        "symbol" => (LayerKind::Symbol(Box::new(Symbol::read(&mut reader))), Symbol::NAMES),
        "raster" => (LayerKind::Raster(Box::new(Raster::read(&mut reader))), Raster::NAMES),
        "heatmap" => (LayerKind::Heatmap(Box::new(Heatmap::read(&mut reader))), Heatmap::NAMES),
        "fill-extrusion" => {
            (LayerKind::FillExtrusion(Box::new(FillExtrusion::read(&mut reader))), FillExtrusion::NAMES)
        }
        "hillshade" => (LayerKind::Hillshade(Box::new(Hillshade::read(&mut reader))), Hillshade::NAMES),
        "color-relief" => (LayerKind::ColorRelief(Box::new(ColorRelief::read(&mut reader))), ColorRelief::NAMES),
        other => return Err(format!("layers of the type '{other}' are not drawn")),
    };
    reader.report_unknown(known);
    Ok(Layer {
        id: id.to_owned(),
        source: text("source"),
        source_layer: text("source-layer"),
        minzoom: zoom("minzoom", f64::NEG_INFINITY),
        maxzoom: zoom("maxzoom", f64::INFINITY),
        visible: visibility.evaluate(&Context::default()) == Visibility::Visible,
        filter,
        kind,
    })
}

fn report_source(layer: &Layer, sources: &BTreeMap<String, Source>, place: &str, diagnostics: &mut Vec<Diagnostic>) {
    let message = match (&layer.kind, &layer.source) {
        (LayerKind::Background(_), _) => return,
        (_, None) => "it has no source".to_owned(),
        (_, Some(name)) if sources.contains_key(name) => return,
        (_, Some(name)) => format!("there is no source '{name}'"),
    };
    diagnostics.push(Diagnostic::new(Some(&layer.id), Some("source"), message).at(format!("{place}.source")));
}
