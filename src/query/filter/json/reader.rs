//! A JSON value to an expression.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::raw::Json;
use super::raw::number;
use super::shape;
use crate::query::filter::ast::Expression;
use crate::query::filter::ast::FilterLimits;
use crate::query::filter::ast::Kind;
use crate::query::filter::ast::Literal;
use crate::query::filter::ast::Written;
use crate::query::filter::operator::Operator;
use crate::query::filter::place::InvalidFilter;
use crate::query::filter::place::Origin;
use crate::query::filter::place::Place;
use crate::query::filter::place::Step;

/// Reads CQL2 JSON.
pub(in crate::query::filter) fn read(text: &str, limits: &FilterLimits) -> Result<Written, InvalidFilter> {
    if text.len() > limits.bytes {
        let message = format!("the filter is longer than {} bytes", limits.bytes);
        return Err(InvalidFilter { place: Place::in_text(text, limits.bytes), message });
    }
    let value: &RawValue = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
    let mut reader = Reader { steps: Vec::new(), nodes: 0, vertices: 0, limits };
    let root = reader.expression(value, 0, 0);
    let origin = Origin::Json(reader.steps);
    match root {
        Ok(root) => Ok(Written { root, origin }),
        Err((mark, message)) => Err(origin.complain(mark, message)),
    }
}

/// Where and why a text is no JSON.
fn not_json(text: &str, error: &serde_json::Error) -> InvalidFilter {
    let lines: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let byte = (lines + error.column().saturating_sub(1)).min(text.len());
    let whole = error.to_string();
    let cause = whole.split(" at line ").next().unwrap_or_default();
    let hint =
        if text.trim_start().starts_with('{') { "" } else { "; is this CQL2 Text, and filter-lang=cql2-text missing?" };
    InvalidFilter { place: Place::in_text(text, byte), message: format!("this is no JSON: {cause}{hint}") }
}

/// The members of a JSON object.
pub(super) type Object<'a> = BTreeMap<String, &'a RawValue>;

/// A mark and what is wrong there.
pub(super) type Fault = (u32, String);

pub(super) struct Reader<'a> {
    steps: Vec<(u32, Step)>,
    nodes: usize,
    vertices: usize,
    limits: &'a FilterLimits,
}

impl Reader<'_> {
    /// The mark of a value inside another one.
    pub(super) fn step(&mut self, parent: u32, step: Step) -> u32 {
        self.steps.push((parent, step));
        self.steps.len() as u32
    }

    pub(super) fn count_vertex(&mut self, mark: u32) -> Result<(), Fault> {
        self.vertices += 1;
        if self.vertices > self.limits.vertices {
            return Err((mark, format!("the geometries have more than {} positions", self.limits.vertices)));
        }
        Ok(())
    }

    fn expression(&mut self, value: &RawValue, mark: u32, depth: usize) -> Result<Expression, Fault> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err((mark, format!("the filter has more than {} operators, names and values", self.limits.nodes)));
        }
        if depth >= self.limits.depth {
            return Err((mark, format!("the filter is nested deeper than {} levels", self.limits.depth)));
        }
        let Some(json) = Json::open(value) else {
            return Err((mark, "a string in here escapes what is no character".to_owned()));
        };
        let literal = match json {
            Json::Bool(truth) => Literal::Bool(truth),
            Json::Number(digits) => {
                number(digits).ok_or_else(|| (mark, format!("the number {digits} is too large")))?
            }
            Json::Text(text) => Literal::Text(text),
            Json::Array(elements) => {
                let elements = self.expressions(&elements, mark, depth)?;
                return Ok(Expression::new(Kind::Array(elements), mark));
            }
            Json::Object(object) => return self.object(&object, mark, depth),
            Json::Null => {
                return Err((mark, "null is no value of CQL2; the operator isNull asks for its absence".to_owned()));
            }
        };
        Ok(Expression::literal(literal, mark))
    }

    fn expressions(&mut self, values: &[&RawValue], mark: u32, depth: usize) -> Result<Vec<Expression>, Fault> {
        let mut expressions = Vec::with_capacity(values.len());
        for (index, value) in values.iter().copied().enumerate() {
            let own = self.step(mark, Step::Index(index));
            expressions.push(self.expression(value, own, depth + 1)?);
        }
        Ok(expressions)
    }

    fn object(&mut self, object: &Object<'_>, mark: u32, depth: usize) -> Result<Expression, Fault> {
        if let Some(operator) = object.get("op") {
            return self.operation(object, operator, mark, depth);
        }
        if let Some(name) = object.get("property") {
            let own = self.step(mark, Step::Key("property"));
            let name = Json::text(name).ok_or_else(|| (own, "the name of a property is a string".to_owned()))?;
            return Ok(Expression::new(Kind::Property(name), mark));
        }
        if let Some(ends) = object.get("interval") {
            return self.interval(ends, mark, depth);
        }
        let literal = if let Some(day) = object.get("date") {
            self.instant(day, mark, "date", Literal::date, "a day such as \"2022-04-16\"")?
        } else if let Some(moment) = object.get("timestamp") {
            self.instant(moment, mark, "timestamp", Literal::timestamp, "a moment such as \"2022-04-16T10:13:19Z\"")?
        } else if let Some(numbers) = object.get("bbox").filter(|_| !object.contains_key("type")) {
            let own = self.step(mark, Step::Key("bbox"));
            shape::bbox(numbers).map(Literal::Bbox).map_err(|message| (own, message))?
        } else if object.contains_key("type") {
            Literal::Shape(shape::read(self, object, mark)?)
        } else {
            let known = "op, property, date, timestamp, interval, bbox or type";
            return Err((mark, format!("this object is nothing of CQL2: it has none of the members {known}")));
        };
        Ok(Expression::literal(literal, mark))
    }

    fn instant(
        &mut self,
        value: &RawValue,
        mark: u32,
        key: &'static str,
        read: fn(&str) -> Option<Literal>,
        what: &str,
    ) -> Result<Literal, Fault> {
        let own = self.step(mark, Step::Key(key));
        Json::text(value).and_then(|text| read(&text)).ok_or_else(|| (own, format!("{} is not {what}", value.get())))
    }

    fn interval(&mut self, ends: &RawValue, mark: u32, depth: usize) -> Result<Expression, Fault> {
        let own = self.step(mark, Step::Key("interval"));
        let elements = Json::elements(ends).unwrap_or_default();
        let [from, to] = elements[..] else {
            return Err((own, "an interval is an array of two ends".to_owned()));
        };
        let mut end = |value: &RawValue, index: usize| {
            let at = self.step(own, Step::Index(index));
            let Some(text) = Json::text(value) else { return self.expression(value, at, depth + 1) };
            let literal = Literal::end(&text);
            literal.map(|literal| Expression::literal(literal, at)).ok_or_else(|| {
                (at, format!("\"{text}\" is neither a day (\"2022-04-16\"), nor a moment (\"2022-04-16T10:13:19Z\"), nor \"..\""))
            })
        };
        let ends = Box::new([end(from, 0)?, end(to, 1)?]);
        Ok(Expression::new(Kind::Interval(ends), mark))
    }

    fn operation(
        &mut self,
        object: &Object<'_>,
        operator: &RawValue,
        mark: u32,
        depth: usize,
    ) -> Result<Expression, Fault> {
        let at = self.step(mark, Step::Key("op"));
        let name = Json::text(operator).ok_or_else(|| (at, "the name of an operator is a string".to_owned()))?;
        let Some(values) = object.get("args").and_then(|values| Json::elements(values)) else {
            return Err((mark, format!("the operator {name} has no array \"args\" of operands")));
        };
        let at = self.step(mark, Step::Key("args"));
        let operands = self.expressions(&values, at, depth)?;
        let Some(operator) = Operator::named(&name) else {
            return Ok(Expression::new(Kind::Function(name, operands), mark));
        };
        let (least, most) = operator.arity();
        if operands.len() < least || operands.len() > most {
            let wanted = if most > least { format!("at least {least}") } else { least.to_string() };
            let plural = if wanted == "1" { "" } else { "s" };
            return Err((at, format!("the operator {name} has {wanted} operand{plural}, not {}", operands.len())));
        }
        if operator == Operator::In && !matches!(operands[1].kind, Kind::Array(_)) {
            return Err((operands[1].mark.at, "the second operand of in is an array of values".to_owned()));
        }
        Ok(Expression::operation(operator, operands, mark))
    }
}
