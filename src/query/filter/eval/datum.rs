//! Values while a filter is evaluated.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use crate::feature;
use crate::query::Interval;

/// A value; [`Datum::Null`] is also the unknown truth value.
#[derive(Clone)]
pub(in crate::query::filter) enum Datum<'a> {
    Null,
    Bool(bool),
    Int(i64),
    /// Never NaN.
    Float(f64),
    Text(Cow<'a, str>),
    /// A moment, or a day, month or year with all its moments.
    Instant(Interval),
    /// From one instant to another.
    Interval(Interval, Interval),
    Geometry(Figure<'a>),
    Array(Vec<Datum<'a>>),
    /// A value that compares with nothing: a JSON object.
    Opaque,
}

/// A geometry of a feature, or one that was written or computed.
#[derive(Clone)]
pub(in crate::query::filter) enum Figure<'a> {
    Row(feature::Geometry<'a>),
    Own(Arc<geo::Geometry<f64>>),
}

impl<'a> Datum<'a> {
    /// The same value, borrowed from this one.
    pub(in crate::query::filter) fn borrow<'b>(&'b self) -> Datum<'b>
    where
        'a: 'b,
    {
        match self {
            Self::Text(text) => Datum::Text(Cow::Borrowed(text)),
            other => other.clone(),
        }
    }

    /// The same value, owned; `None` for what belongs to a feature.
    pub(super) fn into_owned(self) -> Option<Datum<'static>> {
        Some(match self {
            Self::Null => Datum::Null,
            Self::Bool(truth) => Datum::Bool(truth),
            Self::Int(whole) => Datum::Int(whole),
            Self::Float(number) => Datum::Float(number),
            Self::Text(text) => Datum::Text(Cow::Owned(text.into_owned())),
            Self::Instant(instant) => Datum::Instant(instant),
            Self::Interval(start, end) => Datum::Interval(start, end),
            Self::Geometry(Figure::Own(own)) => Datum::Geometry(Figure::Own(own)),
            Self::Geometry(Figure::Row(_)) => return None,
            Self::Array(elements) => Datum::Array(elements.into_iter().map(Self::into_owned).collect::<Option<_>>()?),
            Self::Opaque => Datum::Opaque,
        })
    }

    pub(in crate::query::filter) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// A number; null for what is none.
    pub(in crate::query::filter) fn float(number: f64) -> Self {
        if number.is_nan() { Self::Null } else { Self::Float(number) }
    }

    pub(in crate::query::filter) fn truth(truth: Option<bool>) -> Self {
        truth.map_or(Self::Null, Self::Bool)
    }

    pub(in crate::query::filter) fn as_truth(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    pub(in crate::query::filter) fn as_f64(&self) -> Option<f64> {
        match *self {
            Self::Int(whole) => Some(whole as f64),
            Self::Float(number) => Some(number),
            _ => None,
        }
    }

    /// How two values compare; `None` is SQL's unknown.
    pub(in crate::query::filter) fn compare(&self, other: &Datum<'_>) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Datum::Int(b)) => Some(a.cmp(b)),
            (Self::Text(a), Datum::Text(b)) => Some(a.cmp(b)),
            (Self::Bool(a), Datum::Bool(b)) => Some(a.cmp(b)),
            (Self::Instant(a), Datum::Instant(b)) => Some(a.compare(b)),
            (Self::Int(a), Datum::Float(b)) => Some(compare_exactly(*a, *b)),
            (Self::Float(a), Datum::Int(b)) => Some(compare_exactly(*b, *a).reverse()),
            (Self::Float(a), Datum::Float(b)) => a.partial_cmp(b),
            _ => None,
        }
    }
}

/// Compares an integer with a float without rounding either; the float is not NaN.
fn compare_exactly(whole: i64, number: f64) -> Ordering {
    // All floats beyond 2^63 are beyond all integers of 64 bits.
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if number >= BEYOND {
        return Ordering::Less;
    }
    if number < -BEYOND {
        return Ordering::Greater;
    }
    let floor = number.floor();
    whole.cmp(&(floor as i64)).then(if number > floor { Ordering::Less } else { Ordering::Equal })
}
