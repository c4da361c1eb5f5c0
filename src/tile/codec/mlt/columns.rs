//! Which type the column of each property has: in this format all values of a property are of one.

use mlt_core::PropKind;
use mlt_core::PropValue;

use crate::feature::Value;
use crate::tile::Layer;

/// The narrowest type that holds all values of a property; each is a closed set of values, and [`and`](Self::and) is the
/// narrowest that holds two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Bool,
    /// From 0 to what both types of 32 bits hold.
    Small,
    Int,
    Unsigned,
    /// Numbers that a float of 32 bits holds exactly.
    Float,
    /// Other numbers. Also integers of more than 32 bits, which clients in a browser would take for something else than numbers.
    Double,
    /// Integers that no float holds exactly.
    Long,
    /// Text, and what has values of several kinds.
    Text,
}

/// The largest integer up to which a float of 64 bits holds all.
const MAX_EXACT: u64 = 1 << 53;

impl Column {
    /// The types of the columns of a layer, by the positions of its keys; `None` where no feature has a value.
    pub(super) fn all(layer: &Layer) -> Vec<Option<Self>> {
        let values: Vec<Option<Self>> = layer.values().iter().map(Self::of).collect();
        let mut columns = vec![None; layer.keys().len()];
        for &[key, value] in layer.features().flat_map(|feature| feature.tags()) {
            let column: &mut Option<Self> = &mut columns[key as usize];
            let own = values[value as usize];
            *column = match (*column, own) {
                (Some(known), Some(own)) => Some(known.and(own)),
                (known, own) => known.or(own),
            };
        }
        columns
    }

    fn of(value: Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(_) => Self::Bool,
            Value::Int(n) if (0..=i64::from(i32::MAX)).contains(&n) => Self::Small,
            Value::Int(n) if i32::try_from(n).is_ok() => Self::Int,
            Value::Int(n) if u32::try_from(n).is_ok() => Self::Unsigned,
            Value::Int(n) if n.unsigned_abs() <= MAX_EXACT => Self::Double,
            Value::Int(_) => Self::Long,
            Value::Float(n) if f64::from(n as f32).to_bits() == n.to_bits() => Self::Float,
            Value::Float(_) => Self::Double,
            Value::Text(_) | Value::Json(_) => Self::Text,
        })
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Bool | Self::Text, _) | (_, Self::Bool | Self::Text) => Self::Text,
            (Self::Small, whole @ (Self::Int | Self::Unsigned))
            | (whole @ (Self::Int | Self::Unsigned), Self::Small) => whole,
            (Self::Long, Self::Small | Self::Int | Self::Unsigned)
            | (Self::Small | Self::Int | Self::Unsigned, Self::Long) => Self::Long,
            _ => Self::Double,
        }
    }

    /// Its type in the format.
    pub(super) fn kind(self) -> PropKind {
        match self {
            Self::Bool => PropKind::Bool,
            Self::Small | Self::Unsigned => PropKind::U32,
            Self::Int => PropKind::I32,
            Self::Long => PropKind::I64,
            Self::Float => PropKind::F32,
            Self::Double => PropKind::F64,
            Self::Text => PropKind::Str,
        }
    }

    /// A value that its type holds, as it stands in the column.
    pub(super) fn value(self, value: Value<'_>) -> PropValue {
        match (self, value) {
            (Self::Bool, Value::Bool(b)) => PropValue::Bool(Some(b)),
            (Self::Small | Self::Unsigned, Value::Int(n)) => PropValue::U32(Some(n as u32)),
            (Self::Int, Value::Int(n)) => PropValue::I32(Some(n as i32)),
            (Self::Long, Value::Int(n)) => PropValue::I64(Some(n)),
            (Self::Float, Value::Float(n)) => PropValue::F32(Some(n as f32)),
            (Self::Double, Value::Float(n)) => PropValue::F64(Some(n)),
            (Self::Double, Value::Int(n)) => PropValue::F64(Some(n as f64)),
            (_, Value::Text(text) | Value::Json(text)) => PropValue::Str(Some(text.to_string())),
            (_, Value::Bool(b)) => PropValue::Str(Some(b.to_string())),
            (_, Value::Int(n)) => PropValue::Str(Some(n.to_string())),
            (_, Value::Float(n)) => PropValue::Str(Some(n.to_string())),
            (_, Value::Null) => PropValue::null(self.kind()),
        }
    }
}
