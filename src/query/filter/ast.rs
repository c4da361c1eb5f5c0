//! A filter as it was written, whether in text or in JSON.

use jiff::Timestamp;
use jiff::civil::Date;

use super::operator::Operator;
use super::place::Origin;
use super::shape::Shape;
use crate::query::Interval;

/// A filter that was read and not yet checked: its names and types may not fit any collection.
#[derive(Clone, Debug)]
pub struct Written {
    pub(super) root: Expression,
    pub(super) origin: Origin,
}

/// A condition or a value. Two are equal when they mean the same, wherever they were written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    /// What it is.
    pub(super) kind: Kind,
    pub(super) mark: Mark,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// An operator with its operands. Operands of [`Operator::In`] are the value and an array.
    Operation(Operator, Vec<Expression>),
    /// A function with its arguments.
    Function(String, Vec<Expression>),
    /// A property of the feature, or its geometry.
    Property(String),
    /// A list of values.
    Array(Vec<Expression>),
    /// From one instant to another, each a date, a timestamp, [`Literal::Open`], a property or a function.
    Interval(Box<[Expression; 2]>),
    /// A value.
    Literal(Literal),
}

/// A value that is written out.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number that is none of the whole ones up to 2^53; finite.
    Number(f64),
    /// A text.
    Text(String),
    /// A day.
    Date(Date),
    /// A moment.
    Timestamp(Timestamp),
    /// The open end of an interval.
    Open,
    /// A geometry.
    Shape(Shape),
    /// West, south, east, north, or with heights west, south, lowest, east, north, highest.
    Bbox(Vec<f64>),
}

/// Where an expression was written, and how many levels it has; without influence on equality.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) at: u32,
    pub(super) height: u32,
}

impl PartialEq for Mark {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// How large a filter may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterLimits {
    /// Longest text or JSON.
    pub bytes: usize,
    /// Most levels of nesting.
    pub depth: usize,
    /// Most operators, functions, properties and values.
    pub nodes: usize,
    /// Most positions of all geometries.
    pub vertices: usize,
}

impl Default for FilterLimits {
    fn default() -> Self {
        Self { bytes: 1 << 20, depth: 64, nodes: 10_000, vertices: 50_000 }
    }
}

impl Expression {
    pub(super) fn new(kind: Kind, mark: u32) -> Self {
        let below = match &kind {
            Kind::Operation(_, parts) | Kind::Function(_, parts) | Kind::Array(parts) => &parts[..],
            Kind::Interval(ends) => &ends[..],
            Kind::Property(_) | Kind::Literal(_) => &[],
        };
        let height = below.iter().map(|part| part.mark.height).max().unwrap_or(0) + 1;
        Self { kind, mark: Mark { at: mark, height } }
    }

    pub(super) fn literal(literal: Literal, mark: u32) -> Self {
        Self::new(Kind::Literal(literal), mark)
    }

    /// An operation in its canonical form: AND of AND is one AND.
    pub(super) fn operation(operator: Operator, operands: Vec<Self>, mark: u32) -> Self {
        if !matches!(operator, Operator::And | Operator::Or) {
            return Self::new(Kind::Operation(operator, operands), mark);
        }
        let mut flat = Vec::with_capacity(operands.len());
        for operand in operands {
            match operand.kind {
                Kind::Operation(own, inner) if own == operator => flat.extend(inner),
                kind => flat.push(Self { kind, ..operand }),
            }
        }
        Self::new(Kind::Operation(operator, flat), mark)
    }

    /// Whether it can be true or false: a comparison, a combination of conditions, a truth value.
    pub(super) fn is_condition(&self) -> bool {
        match &self.kind {
            Kind::Operation(operator, _) => operator.is_condition(),
            Kind::Literal(literal) => matches!(literal, Literal::Bool(_)),
            _ => false,
        }
    }
}

impl Literal {
    /// A number in its canonical form, whole when it is; `None` when it is not finite.
    pub(super) fn number(number: f64) -> Option<Self> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if !number.is_finite() {
            return None;
        }
        let is_whole = number.fract() == 0.0 && number.abs() <= EXACT;
        Some(if is_whole { Self::Integer(number as i64) } else { Self::Number(number) })
    }

    /// A day (`2022-04-16`).
    pub(super) fn date(text: &str) -> Option<Self> {
        let is_full = text.len() == 10 && text.as_bytes()[4] == b'-';
        text.parse().ok().filter(|_| is_full).map(Self::Date)
    }

    /// A moment (`2022-04-16T10:13:19Z`).
    pub(super) fn timestamp(text: &str) -> Option<Self> {
        let moment = Interval::instant(text).filter(|_| text.len() > 10)?;
        Timestamp::from_nanosecond(moment.start).ok().map(Self::Timestamp)
    }

    /// The end of an interval: a day, a moment or `..`.
    pub(super) fn end(text: &str) -> Option<Self> {
        if text == ".." { Some(Self::Open) } else { Self::date(text).or_else(|| Self::timestamp(text)) }
    }
}
