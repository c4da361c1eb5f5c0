//! Checked expressions and their values for a feature.

use std::borrow::Cow;
use std::sync::Arc;

use super::array;
use super::datum::Datum;
use super::datum::Figure;
use super::like::Pattern;
use super::number;
use super::prepared;
use super::prepared::Prepared;
use super::text;
use super::time;
use crate::feature::Row;
use crate::feature::Table;
use crate::feature::Value;
use crate::query::Interval;
use crate::query::filter::check::Function;
use crate::query::filter::operator::Operator;
use crate::query::filter::operator::Spatial;

/// An expression whose names are resolved and whose types fit.
#[derive(Clone)]
pub(in crate::query::filter) enum Term {
    Constant(Datum<'static>),
    /// The value of a field, by its position in the schema.
    Field(usize, Reading),
    /// The geometry of the feature.
    Geometry,
    Operation(Operator, Vec<Term>),
    Like(Box<Term>, Arc<Pattern>),
    /// Whether a geometry stands so to one that was written.
    Relation(Spatial, Box<Term>, Arc<Prepared>),
    Interval(Box<[Term; 2]>),
    Array(Vec<Term>),
    Function(&'static Function, Vec<Term>),
}

/// As what a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query::filter) enum Reading {
    Plain,
    /// Texts and years are instants; what is none of them is null.
    Instant,
    /// JSON arrays are arrays.
    Array,
}

/// The feature that terms are evaluated for.
#[derive(Clone, Copy)]
pub(in crate::query::filter) struct Scope<'a> {
    pub(super) row: Row<'a>,
    /// A field that has this value, whatever the feature's is.
    pub(super) fixed: Option<(usize, Value<'a>)>,
}

/// What the value of a term follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query::filter) enum Dependence {
    Nothing,
    Field(usize),
    Much,
}

impl<'a> Scope<'a> {
    pub(in crate::query::filter) fn new(row: Row<'a>) -> Self {
        Self { row, fixed: None }
    }

    fn value(&self, field: usize) -> Value<'a> {
        match self.fixed {
            Some((fixed, value)) if fixed == field => value,
            _ => self.row.value(field),
        }
    }
}

impl Term {
    /// The value for a feature.
    pub(in crate::query::filter) fn value<'a>(&'a self, scope: &Scope<'a>) -> Datum<'a> {
        match self {
            Self::Constant(datum) => datum.borrow(),
            Self::Field(field, reading) => read(scope.value(*field), *reading),
            Self::Geometry => {
                let geometry = scope.row.geometry();
                if geometry.coord_count() == 0 { Datum::Null } else { Datum::Geometry(Figure::Row(geometry)) }
            }
            Self::Operation(operator, operands) => operation(*operator, operands, scope),
            Self::Like(operand, pattern) => match operand.value(scope) {
                Datum::Text(text) => Datum::Bool(pattern.matches(&text)),
                _ => Datum::Null,
            },
            Self::Relation(relation, operand, prepared) => match operand.value(scope) {
                Datum::Geometry(figure) => Datum::truth(prepared.relates(*relation, &figure)),
                _ => Datum::Null,
            },
            Self::Interval(ends) => {
                let end = |end: &'a Term| match end.value(scope) {
                    Datum::Instant(instant) => Some(instant),
                    _ => None,
                };
                match (end(&ends[0]), end(&ends[1])) {
                    (Some(start), Some(end)) => Datum::Interval(start, end),
                    _ => Datum::Null,
                }
            }
            Self::Array(elements) => Datum::Array(elements.iter().map(|element| element.value(scope)).collect()),
            Self::Function(function, arguments) => {
                let values: Vec<Datum<'a>> = arguments.iter().map(|argument| argument.value(scope)).collect();
                function.call(&values)
            }
        }
    }

    /// What its value follows from.
    pub(in crate::query::filter) fn dependence(&self) -> Dependence {
        match self {
            Self::Constant(_) => Dependence::Nothing,
            Self::Field(field, _) => Dependence::Field(*field),
            Self::Geometry => Dependence::Much,
            Self::Like(operand, _) | Self::Relation(_, operand, _) => operand.dependence(),
            Self::Interval(ends) => Dependence::of(&ends[..]),
            Self::Operation(_, terms) | Self::Array(terms) | Self::Function(_, terms) => Dependence::of(terms),
        }
    }
}

/// The value of a term that follows from nothing.
pub(in crate::query::filter) fn constant(term: &Term) -> Option<Datum<'static>> {
    let nothing = Table::default();
    term.value(&Scope::new(nothing.row(0))).into_owned()
}

impl Dependence {
    fn of(terms: &[Term]) -> Self {
        terms.iter().map(Term::dependence).fold(Self::Nothing, |a, b| match (a, b) {
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            (a, b) if a == b => a,
            _ => Self::Much,
        })
    }
}

fn read(value: Value<'_>, reading: Reading) -> Datum<'_> {
    let instant = |text: &str| Interval::stored(text).map_or(Datum::Null, Datum::Instant);
    match (value, reading) {
        (Value::Null, _) => Datum::Null,
        (Value::Text(text), Reading::Instant) => instant(text),
        // A year that was written as a number.
        (Value::Int(year), Reading::Instant) => instant(&format!("{year:04}")),
        (_, Reading::Instant) => Datum::Null,
        (Value::Json(json), Reading::Array) => match serde_json::from_str(json) {
            Ok(serde_json::Value::Array(elements)) => Datum::Array(elements.iter().map(element).collect()),
            _ => Datum::Null,
        },
        (_, Reading::Array) => Datum::Null,
        (Value::Bool(truth), Reading::Plain) => Datum::Bool(truth),
        (Value::Int(whole), Reading::Plain) => Datum::Int(whole),
        (Value::Float(number), Reading::Plain) => Datum::float(number),
        (Value::Text(text), Reading::Plain) => Datum::Text(Cow::Borrowed(text)),
        (Value::Json(_), Reading::Plain) => Datum::Opaque,
    }
}

/// An element of a JSON array.
fn element(value: &serde_json::Value) -> Datum<'static> {
    match value {
        serde_json::Value::Null => Datum::Null,
        serde_json::Value::Bool(truth) => Datum::Bool(*truth),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Datum::Int(whole),
            None => number.as_f64().map_or(Datum::Null, Datum::float),
        },
        serde_json::Value::String(text) => Datum::Text(text.clone().into()),
        serde_json::Value::Array(elements) => Datum::Array(elements.iter().map(element).collect()),
        serde_json::Value::Object(_) => Datum::Opaque,
    }
}

fn operation<'a>(operator: Operator, operands: &'a [Term], scope: &Scope<'a>) -> Datum<'a> {
    let truths = || operands.iter().map(|operand| operand.value(scope).as_truth());
    let pair = || Some((operands.first()?.value(scope), operands.get(1)?.value(scope)));
    let first = || operands.first().map_or(Datum::Null, |operand| operand.value(scope));
    let truth = match operator {
        Operator::And => decided(truths(), false),
        Operator::Or => decided(truths(), true),
        Operator::Not => first().as_truth().map(|truth| !truth),
        Operator::IsNull => Some(first().is_null()),
        Operator::Compare(comparison) => pair().and_then(|(a, b)| a.compare(&b)).map(|order| comparison.holds(order)),
        Operator::Between => match operands {
            [value, low, high] => {
                let value = value.value(scope);
                let above = value.compare(&low.value(scope)).map(std::cmp::Ordering::is_ge);
                let below = value.compare(&high.value(scope)).map(std::cmp::Ordering::is_le);
                decided([above, below].into_iter(), false)
            }
            _ => None,
        },
        Operator::In => is_in(operands, scope),
        Operator::Spatial(relation) => pair().and_then(|(a, b)| match (a, b) {
            (Datum::Geometry(a), Datum::Geometry(b)) => Some(prepared::holds(relation, &*a.to_geo()?, &*b.to_geo()?)),
            _ => None,
        }),
        Operator::Temporal(relation) => pair().and_then(|(a, b)| time::relate(relation, &a, &b)),
        Operator::Array(relation) => pair().and_then(|(a, b)| match (a, b) {
            (Datum::Array(a), Datum::Array(b)) => Some(array::relate(relation, &a, &b)),
            _ => None,
        }),
        Operator::Casei | Operator::Accenti => {
            let Datum::Text(own) = first() else { return Datum::Null };
            let changed = if operator == Operator::Casei { text::fold_case(&own) } else { text::drop_accents(&own) };
            return Datum::Text(changed.into());
        }
        Operator::Arithmetic(arithmetic) => {
            return pair().map_or(Datum::Null, |(a, b)| number::compute(arithmetic, &a, &b));
        }
        // Checking makes a pattern of its own of it.
        Operator::Like => None,
    };
    Datum::truth(truth)
}

/// AND (which `false` decides) or OR (which `true` decides) in three values.
fn decided(truths: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut result = Some(!decisive);
    for truth in truths {
        match truth {
            Some(truth) if truth == decisive => return Some(decisive),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

/// Whether the first operand equals one of the others: unknown when none is equal and one is unknown, as in SQL.
fn is_in<'a>(operands: &'a [Term], scope: &Scope<'a>) -> Option<bool> {
    let (value, list) = operands.split_first()?;
    let value = value.value(scope);
    if value.is_null() {
        return None;
    }
    decided(list.iter().map(|element| Some(value.compare(&element.value(scope))?.is_eq())), true)
}
