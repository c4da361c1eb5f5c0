//! What may be done with a filter as it was written.

use super::ast::Expression;
use super::ast::FilterLimits;
use super::ast::Kind;
use super::ast::Literal;
use super::ast::Written;
use super::check;
use super::check::GEOMETRY_NAMES;
use super::checked::Filter;
use super::json;
use super::operator::Comparison;
use super::operator::Operator;
use super::place::InvalidFilter;
use super::place::Origin;
use super::text;
use crate::feature::Scalar;
use crate::feature::Schema;

impl Written {
    /// Reads CQL2 Text.
    pub fn from_text(text: &str, limits: &FilterLimits) -> Result<Self, InvalidFilter> {
        text::read(text, limits)
    }

    /// Reads CQL2 JSON.
    pub fn from_json(text: &str, limits: &FilterLimits) -> Result<Self, InvalidFilter> {
        json::read(text, limits)
    }

    /// The condition that a property has a value; `parameter` says so in a request. Dates are compared as dates, whether days,
    /// months or years.
    pub fn equal(parameter: &str, property: &str, value: &Scalar) -> Self {
        let literal = match value {
            Scalar::Bool(truth) => Some(Literal::Bool(*truth)),
            Scalar::Int(whole) => Some(Literal::Integer(*whole)),
            Scalar::Float(number) => Literal::number(*number),
            Scalar::Text(own) | Scalar::Json(own) => Some(Literal::Text(own.to_string())),
            Scalar::Null => None,
        };
        let property = Expression::new(Kind::Property(property.to_owned()), 0);
        let root = match literal {
            Some(literal) => Expression::operation(
                Operator::Compare(Comparison::Equal),
                vec![property, Expression::literal(literal, 0)],
                0,
            ),
            None => Expression::operation(Operator::IsNull, vec![property], 0),
        };
        Self { root, origin: Origin::Parameter(parameter.into()) }
    }

    /// The same filter with its coordinates, which are those of another reference system in the order of its axes, in
    /// longitude and latitude. `to_lon_lat` answers `None` for what lies outside that system.
    pub fn project(mut self, to_lon_lat: impl Fn([f64; 2]) -> Option<[f64; 2]>) -> Result<Self, InvalidFilter> {
        check::project(&mut self.root, &self.origin, &to_lon_lat)?;
        Ok(self)
    }

    /// What it means for a collection; its coordinates must be longitude and latitude.
    pub fn check(&self, schema: &Schema) -> Result<Filter, InvalidFilter> {
        let checker = check::Checker { schema, origin: &self.origin };
        let condition = check::condition(&checker, &self.root, true)?;
        Ok(Filter::new(self.to_text(), condition))
    }

    /// Whether a collection has all properties that it names.
    pub fn fits(&self, schema: &Schema) -> bool {
        let mut rest = vec![&self.root];
        while let Some(expression) = rest.pop() {
            match &expression.kind {
                Kind::Property(name) => {
                    if schema.field(name).is_none() && !GEOMETRY_NAMES.contains(&name.as_str()) {
                        return false;
                    }
                }
                Kind::Operation(_, parts) | Kind::Function(_, parts) | Kind::Array(parts) => rest.extend(parts),
                Kind::Interval(ends) => rest.extend(&**ends),
                Kind::Literal(_) => {}
            }
        }
        true
    }

    /// Its canonical CQL2 Text.
    pub fn to_text(&self) -> String {
        text::write(&self.root)
    }

    /// Its CQL2 JSON.
    pub fn to_json(&self) -> serde_json::Value {
        json::write(&self.root)
    }
}
