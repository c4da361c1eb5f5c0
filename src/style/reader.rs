//! Reads the properties of one layer and notes what is wrong with them.

use maplibre_expr::Type;
use maplibre_expr::migrate;
use serde_json::Map;
use serde_json::Value as Json;

use super::Context;
use super::Diagnostic;
use super::expression::Expression;
use super::property::Property;
use super::value::StyleValue;

/// The start of every ramp, at which the defaults of colour ramps give one colour.
const AT_ZERO: Context<'static> = Context { zoom: 0.0, feature: None, ramp: Some(0.0), images: &[] };

/// Properties that change nothing on a flat map, or are read elsewhere.
const FLAT: [&str; 4] =
    ["visibility", "symbol-height-offset", "symbol-height-anchor", "fill-extrusion-rounded-corner-distance"];

/// The `layout` and `paint` members of a layer.
pub(super) struct Reader<'a> {
    /// The id of the layer.
    pub layer: &'a str,
    /// Where the layer stands, such as `layers[3]`.
    pub place: String,
    /// `layout` and `paint`.
    pub sections: [(&'static str, Option<&'a Map<String, Json>>); 2],
    /// What was wrong.
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads a property of the specification's own table; what is missing or wrong has its default.
    pub fn property<T: StyleValue>(&mut self, name: &'static str) -> Property<T> {
        let spec = migrate::property_spec(name).expect("the tables of properties name those of the specification");
        let written = self.sections.iter().find_map(|(section, members)| {
            let value = members.as_ref()?.get(name).filter(|value| !value.is_null())?;
            Some((*section, value))
        });
        let default = default::<T>(name, spec);
        let Some((section, value)) = written else { return default };
        let fallback = default.evaluate(&AT_ZERO);
        read(name, spec, value, fallback).unwrap_or_else(|(message, key)| {
            let place = format!("{}.{section}.{name}{key}", self.place);
            self.diagnostics.push(Diagnostic::new(Some(self.layer), Some(name), message).at(place));
            default
        })
    }

    /// Notes properties that the layer has and the specification has not.
    pub fn report_unknown(&mut self, known: &[&str]) {
        for (section, members) in self.sections {
            for name in members.into_iter().flat_map(Map::keys) {
                let name = name.as_str();
                if known.contains(&name) || FLAT.contains(&name) || name.ends_with("-transition") {
                    continue;
                }
                let place = format!("{}.{section}.{name}", self.place);
                let remark = Diagnostic::new(Some(self.layer), Some(name), "this property is not known");
                self.diagnostics.push(remark.at(place));
            }
        }
    }
}

/// Reads a member that is no property of a layer into what holds its default.
pub(super) fn member<T: StyleValue>(
    json: &Json,
    place: &str,
    name: &'static str,
    spec: &Json,
    into: &mut Property<T>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(value) = json.get(name).filter(|value| !value.is_null()) else { return };
    match read(name, spec, value, into.evaluate(&AT_ZERO)) {
        Ok(property) => *into = property,
        Err((message, key)) => {
            diagnostics.push(Diagnostic::new(None, Some(place), message).at(format!("{place}.{name}{key}")));
        }
    }
}

/// The default of a property.
fn default<T: StyleValue>(name: &str, spec: &Json) -> Property<T> {
    if let Some(absent) = T::absent() {
        return Property::constant(absent);
    }
    let json = spec.get("default").unwrap_or(&Json::Null);
    if maplibre_expr::is_expression(json) {
        let expression =
            Expression::parse(json, &expected(spec), false).expect("defaults of the specification are valid");
        let start = expression.read(&AT_ZERO, T::from_value);
        return Property::computed(expression, start.expect("a default has the type of its property"));
    }
    let value = T::from_value(&maplibre_expr::Value::from_json(json));
    Property::constant(value.unwrap_or_else(|| panic!("the default of {name} has the type of its property")))
}

/// Reads what a style says. The error comes with the place inside of the value.
fn read<T: StyleValue>(name: &str, spec: &Json, json: &Json, default: T) -> Result<Property<T>, (String, String)> {
    let json = migrate::migrate_property(name, json);
    if maplibre_expr::is_expression(&json) {
        let is_text = spec.get("type").and_then(Json::as_str) == Some("string");
        return Expression::parse(&json, &expected(spec), is_text).map(|found| Property::computed(found, default));
    }
    let value = T::from_value(&maplibre_expr::Value::from_json(&json)).map(Property::constant);
    value.ok_or_else(|| (format!("{json} is no value for it"), String::new()))
}

/// The type that an expression for a property must have.
fn expected(spec: &Json) -> Type {
    let word = |name: &str| spec.get(name).and_then(Json::as_str).unwrap_or_default();
    match word("type") {
        "array" => {
            let length = spec.get("length").and_then(Json::as_u64).map(|n| n as usize);
            Type::array(simple(word("value")), length)
        }
        kind => simple(kind),
    }
}

fn simple(kind: &str) -> Type {
    match kind {
        "number" => Type::Number,
        "string" | "enum" => Type::String,
        "boolean" => Type::Boolean,
        "color" => Type::Color,
        "formatted" => Type::Formatted,
        "resolvedImage" => Type::ResolvedImage,
        "padding" => Type::Padding,
        "numberArray" => Type::NumberArray,
        "colorArray" => Type::ColorArray,
        "variableAnchorOffsetCollection" => Type::VariableAnchorOffsetCollection,
        _ => Type::Value,
    }
}
