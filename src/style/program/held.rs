//! Values on their way through a program.

use std::borrow::Cow;

use maplibre_expr::Color;
use maplibre_expr::Value;

use crate::feature;

/// A value, borrowed from the program or the feature where it can be.
#[derive(Clone, Debug)]
pub enum Held<'v> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    Text(Cow<'v, str>),
    /// A colour.
    Color(Color),
    /// Any other kind; never one of those above.
    Other(Cow<'v, Value>),
}

impl<'v> Held<'v> {
    /// Borrows a value.
    pub fn of(value: &'v Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bool(*b),
            Value::Number(n) => Self::Number(*n),
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Color(color) => Self::Color(*color),
            other => Self::Other(Cow::Borrowed(other)),
        }
    }

    /// Takes a value over.
    pub fn from_value(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bool(b),
            Value::Number(n) => Self::Number(n),
            Value::String(text) => Self::Text(Cow::Owned(text)),
            Value::Color(color) => Self::Color(color),
            other => Self::Other(Cow::Owned(other)),
        }
    }

    /// A property of a feature.
    pub fn from_property(value: feature::Value<'v>) -> Self {
        match value {
            feature::Value::Null => Self::Null,
            feature::Value::Bool(b) => Self::Bool(b),
            feature::Value::Int(n) => Self::Number(n as f64),
            feature::Value::Float(n) => Self::Number(n),
            feature::Value::Text(text) => Self::Text(Cow::Borrowed(text)),
            feature::Value::Json(text) => serde_json::from_str(text)
                .map_or(Self::Null, |json: serde_json::Value| Self::from_value(Value::from_json(&json))),
        }
    }

    /// Shows it to a function as `maplibre-expr` has it, without a copy where it is borrowed.
    pub fn lend<T>(self, read: impl FnOnce(&Value) -> T) -> T {
        match self {
            Self::Other(Cow::Borrowed(value)) => read(value),
            held => read(&held.into_value()),
        }
    }

    /// As `maplibre-expr` has it.
    pub fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(b) => Value::Bool(b),
            Self::Number(n) => Value::Number(n),
            Self::Text(text) => Value::String(text.into_owned()),
            Self::Color(color) => Value::Color(color),
            Self::Other(other) => other.into_owned(),
        }
    }

    /// Whether it counts as true where any kind may stand.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(b) => *b,
            Self::Number(n) => *n != 0.0 && !n.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Color(_) | Self::Other(_) => true,
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(n) => Some(*n),
            _ => None,
        }
    }
}

impl PartialEq for Held<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Color(a), Self::Color(b)) => a == b,
            (Self::Other(a), Self::Other(b)) => a == b,
            _ => false,
        }
    }
}
