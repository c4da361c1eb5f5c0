//! Values of properties.

use std::cmp::Ordering;

/// One property value, borrowed from wherever it rests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// JSON `null`, and what a feature without the property has.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number written without fraction and exponent that fits 64 bits.
    Int(i64),
    /// Any other number; never NaN.
    Float(f64),
    /// A string, unescaped.
    Text(&'a str),
    /// An array or an object, as its JSON text.
    Json(&'a str),
}

impl Value<'_> {
    /// The number, when it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match *self {
            Self::Int(n) => Some(n as f64),
            Self::Float(n) => Some(n),
            _ => None,
        }
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The same value, owned.
    pub fn to_scalar(&self) -> Scalar {
        match *self {
            Self::Null => Scalar::Null,
            Self::Bool(b) => Scalar::Bool(b),
            Self::Int(n) => Scalar::Int(n),
            Self::Float(n) => Scalar::Float(n),
            Self::Text(text) => Scalar::Text(text.into()),
            Self::Json(text) => Scalar::Json(text.into()),
        }
    }

    /// How two values compare: numbers with numbers, strings by code point, booleans; `None` for all else (SQL's unknown).
    pub fn compare(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(a), Value::Int(b)) => Some(a.cmp(b)),
            (Self::Text(a), Value::Text(b)) => Some(a.cmp(b)),
            (Self::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
            _ => self.as_f64()?.partial_cmp(&other.as_f64()?),
        }
    }
}

/// A property value that owns its text.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// No value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number; never NaN.
    Float(f64),
    /// A string, unescaped.
    Text(Box<str>),
    /// An array or an object, as its JSON text.
    Json(Box<str>),
}

impl Scalar {
    /// The value, borrowed.
    pub fn as_value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(b) => Value::Bool(*b),
            Self::Int(n) => Value::Int(*n),
            Self::Float(n) => Value::Float(*n),
            Self::Text(text) => Value::Text(text),
            Self::Json(text) => Value::Json(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_across_their_kinds_and_strangers_do_not() {
        assert_eq!(Value::Int(2).compare(&Value::Float(1.5)), Some(Ordering::Greater));
        assert_eq!(Value::Text("a").compare(&Value::Text("b")), Some(Ordering::Less));
        assert_eq!(Value::Text("1").compare(&Value::Int(1)), None);
        assert_eq!(Value::Null.compare(&Value::Null), None);
    }

    #[test]
    fn integers_beyond_two_to_the_53_compare_exactly() {
        let big = 9_007_199_254_740_993;
        assert_eq!(Value::Int(big).compare(&Value::Int(big - 1)), Some(Ordering::Greater));
    }
}
