//! What clusters gather from their points (style specification, "clusterProperties").

use maplibre_expr::Type;
use serde_json::Map;
use serde_json::Value as Json;
use serde_json::json;

use super::Context;
use super::Subject;
use super::expression::Expression;
use crate::feature::Properties;
use crate::feature::Scalar;
use crate::feature::Value;

/// Properties of clusters, each made of a property of the points and a way to join two.
#[derive(Clone, Debug, Default)]
pub struct ClusterProperties {
    fields: Vec<Field>,
}

#[derive(Clone, Debug)]
struct Field {
    name: String,
    map: Expression,
    reduce: Expression,
}

/// The name under which `["accumulated"]` is found among the properties; no property of a feature is named like this.
const ACCUMULATED: &str = "\0accumulated";

impl ClusterProperties {
    /// Reads `clusterProperties`; one that cannot be read is left out, and said.
    pub fn parse(members: &Map<String, Json>) -> (Self, Vec<String>) {
        let (mut fields, mut faults) = (Vec::new(), Vec::new());
        for (name, written) in members {
            match field(name, written) {
                Ok(field) => fields.push(field),
                Err(message) => faults.push(format!("clusterProperties.{name}: {message}")),
            }
        }
        (Self { fields }, faults)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Their names, in the order of their values.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }

    /// The values of a single point.
    pub fn map(&self, point: &Subject<'_>) -> Vec<Scalar> {
        let context = Context { feature: Some(point), ..Context::default() };
        self.fields.iter().map(|field| field.map.read(&context, scalar).unwrap_or(Scalar::Null)).collect()
    }

    /// Joins the values of another point or cluster to those that were gathered already.
    pub fn reduce(&self, gathered: &mut [Scalar], more: &[Scalar]) {
        for (index, field) in self.fields.iter().enumerate() {
            let properties = Joined { fields: &self.fields, more, accumulated: &gathered[index] };
            let subject = Subject {
                properties: &properties,
                id: Value::Null,
                geometry: super::GeometryType::Point,
                tile: &|| (0, 0, 0),
                positions: &Vec::new,
            };
            let context = Context { feature: Some(&subject), ..Context::default() };
            let joined = field.reduce.read(&context, scalar).unwrap_or(Scalar::Null);
            gathered[index] = joined;
        }
    }
}

fn field(name: &str, written: &Json) -> Result<Field, String> {
    let [join, map] = written.as_array().map(Vec::as_slice).unwrap_or_default() else {
        return Err("it is a list of two: an operator or an expression that joins, and one that is joined".to_owned());
    };
    let mut reduce = match join {
        Json::String(operator) => json!([operator, ["accumulated"], ["get", name]]),
        expression => expression.clone(),
    };
    name_accumulated(&mut reduce);
    let read = |json| Expression::parse(json, &Type::Value, false).map_err(|(message, key)| format!("{message}{key}"));
    Ok(Field { name: name.to_owned(), map: read(map)?, reduce: read(&reduce)? })
}

/// Turns `["accumulated"]` into a property.
fn name_accumulated(json: &mut Json) {
    let Some(items) = json.as_array_mut() else { return };
    match items.first().and_then(Json::as_str) {
        Some("literal") => {}
        Some("accumulated") if items.len() == 1 => *json = json!(["get", ACCUMULATED]),
        _ => items.iter_mut().for_each(name_accumulated),
    }
}

/// The values of another cluster, with what was gathered so far of one of them.
struct Joined<'a> {
    fields: &'a [Field],
    more: &'a [Scalar],
    accumulated: &'a Scalar,
}

impl Properties for Joined<'_> {
    fn property(&self, name: &str) -> Option<Value<'_>> {
        if name == ACCUMULATED {
            return Some(self.accumulated.as_value());
        }
        let position = self.fields.iter().position(|field| field.name == name)?;
        Some(self.more[position].as_value())
    }

    fn each_property<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Value<'a>)) {
        for (field, value) in self.fields.iter().zip(self.more) {
            visit(&field.name, value.as_value());
        }
        visit(ACCUMULATED, self.accumulated.as_value());
    }
}

fn scalar(value: &maplibre_expr::Value) -> Option<Scalar> {
    match value {
        maplibre_expr::Value::Bool(b) => Some(Scalar::Bool(*b)),
        maplibre_expr::Value::Number(n) if n.fract() == 0.0 && n.abs() < 9e15 => Some(Scalar::Int(*n as i64)),
        maplibre_expr::Value::Number(n) if n.is_finite() => Some(Scalar::Float(*n)),
        maplibre_expr::Value::String(text) => Some(Value::Text(text).to_scalar()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Height(i64);

    impl Properties for Height {
        fn property(&self, name: &str) -> Option<Value<'_>> {
            (name == "height").then_some(Value::Int(self.0))
        }

        fn each_property<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Value<'a>)) {
            visit("height", Value::Int(self.0));
        }
    }

    #[test]
    fn values_are_joined_by_operators_and_by_expressions() {
        let written = json!({
            "sum": ["+", ["get", "height"]],
            "highest": ["max", ["get", "height"]],
            "any": ["any", [">", ["get", "height"], 20]],
            "product": [["*", ["accumulated"], ["get", "product"]], ["get", "height"]],
            "wrong": 7,
        });
        let (properties, faults) = ClusterProperties::parse(written.as_object().unwrap());
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(properties.names().collect::<Vec<_>>(), ["sum", "highest", "any", "product"]);
        let of = |height| {
            let properties_of = Height(height);
            properties.map(&Subject {
                properties: &properties_of,
                id: Value::Null,
                geometry: super::super::GeometryType::Point,
                tile: &|| (0, 0, 0),
                positions: &Vec::new,
            })
        };
        let mut gathered = of(10);
        properties.reduce(&mut gathered, &of(30));
        properties.reduce(&mut gathered, &of(2));
        assert_eq!(gathered, [Scalar::Int(42), Scalar::Int(30), Scalar::Bool(true), Scalar::Int(600)]);
    }
}
