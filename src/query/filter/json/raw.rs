//! JSON values, opened one level at a time.
//!
//! Numbers are read from their digits here, because `serde_json` may miss the nearest float by one step, which tells
//! geometries apart that are equal.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::query::filter::ast::Literal;

/// A JSON value whose members are not opened yet.
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    /// Its digits.
    Number(&'a str),
    Text(String),
    Array(Vec<&'a RawValue>),
    Object(BTreeMap<String, &'a RawValue>),
}

impl<'a> Json<'a> {
    /// Opens a value. `None` when a string in it escapes what is no character.
    pub(super) fn open(value: &'a RawValue) -> Option<Self> {
        let text = value.get();
        Some(match text.bytes().next()? {
            b'{' => Self::Object(serde_json::from_str(text).ok()?),
            b'[' => Self::Array(serde_json::from_str(text).ok()?),
            b'"' => Self::Text(serde_json::from_str(text).ok()?),
            b't' => Self::Bool(true),
            b'f' => Self::Bool(false),
            b'n' => Self::Null,
            _ => Self::Number(text),
        })
    }

    /// The elements of an array.
    pub(super) fn elements(value: &'a RawValue) -> Option<Vec<&'a RawValue>> {
        match Self::open(value) {
            Some(Self::Array(elements)) => Some(elements),
            _ => None,
        }
    }

    /// The string that a value is.
    pub(super) fn text(value: &'a RawValue) -> Option<String> {
        match Self::open(value) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The number that a value is; `None` when it is none or too large.
    pub(super) fn float(value: &'a RawValue) -> Option<f64> {
        match Self::open(value) {
            Some(Self::Number(digits)) => digits.parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }
}

/// The literal of a JSON number; `None` when it is too large.
pub(super) fn number(digits: &str) -> Option<Literal> {
    digits.parse().map(Literal::Integer).ok().or_else(|| digits.parse().ok().and_then(Literal::number))
}
