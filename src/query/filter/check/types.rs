//! The types of expressions.

use crate::feature::FieldType;

/// What the values of an expression are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Not known before the feature is: fields without values or with several kinds.
    Any,
    /// True and false.
    Boolean,
    /// Numbers.
    Number,
    /// Texts.
    Text,
    /// Days and moments.
    Instant,
    /// From one instant to another.
    Interval,
    /// Geometries.
    Geometry,
    /// Arrays.
    Array,
}

impl Type {
    /// What it is called in messages.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Any => "a value of any type",
            Self::Boolean => "a truth value",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Instant => "a date or timestamp",
            Self::Interval => "an interval",
            Self::Geometry => "a geometry",
            Self::Array => "an array",
        }
    }

    /// Whether a value of this type may be one of the other.
    pub(super) fn fits(self, other: Self) -> bool {
        self == other || self == Self::Any || other == Self::Any
    }
}

impl From<FieldType> for Type {
    fn from(kind: FieldType) -> Self {
        match kind {
            FieldType::Boolean => Self::Boolean,
            FieldType::Integer | FieldType::Number => Self::Number,
            FieldType::String => Self::Text,
            FieldType::Date | FieldType::Timestamp => Self::Instant,
            FieldType::Null | FieldType::Json | FieldType::Mixed => Self::Any,
        }
    }
}
