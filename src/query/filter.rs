//! Conditions on the properties of features.

use std::fmt;

use crate::feature::Row;
use crate::feature::Scalar;
use crate::feature::Value;

/// A condition whose fields and literals were checked against a schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Filter {
    /// Every feature meets it.
    #[default]
    Everything,
    /// The field at this position of the schema has this value.
    Equal {
        /// Position in the schema.
        field: usize,
        /// Its name, for the canonical text.
        name: String,
        /// The value.
        value: Scalar,
    },
    /// All of these are met.
    All(Vec<Filter>),
}

impl Filter {
    /// Whether a feature meets the condition; a null meets no comparison.
    pub fn matches(&self, row: Row<'_>) -> bool {
        match self {
            Self::Everything => true,
            Self::Equal { field, value, .. } => equal(row.value(*field), value.as_value()),
            Self::All(filters) => filters.iter().all(|filter| filter.matches(row)),
        }
    }
}

/// Numbers are equal by value, whatever their kind; a null equals nothing.
fn equal(value: Value<'_>, literal: Value<'_>) -> bool {
    match (value, literal) {
        (Value::Text(a), Value::Text(b)) => a == b,
        _ => value.compare(&literal) == Some(std::cmp::Ordering::Equal),
    }
}

impl fmt::Display for Filter {
    /// The canonical text: equal filters give equal texts, and different ones different texts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => Ok(()),
            Self::Equal { name, value, .. } => write!(f, "{name:?}={value:?}"),
            Self::All(filters) => {
                let mut texts: Vec<String> = filters.iter().map(ToString::to_string).collect();
                texts.sort_unstable();
                texts.dedup();
                f.write_str(&texts.join("&"))
            }
        }
    }
}
