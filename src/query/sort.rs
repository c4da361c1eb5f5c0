//! The order of features (OGC API Features, part 8: Sorting).

use std::fmt;

use crate::feature::Field;
use crate::feature::FieldType;
use crate::feature::Schema;

/// A property to sort by. Features without it come last, whichever the direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// Position in the schema.
    pub field: usize,
    /// Its name, for the canonical text.
    pub name: String,
    /// From large to small.
    pub descending: bool,
}

/// Why a text is no order of features.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSort {
    /// Nothing stands between two commas.
    #[error("sortby lists properties with + or - before them, such as '+name,-population', and one of these is empty")]
    Empty,
    /// There is no such property, or none that could be ordered.
    #[error("there is no property '{name}' to sort by; there are {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What may be.
        known: String,
    },
    /// A property is named twice.
    #[error("sortby names the property '{0}' twice")]
    Repeated(String),
}

impl SortKey {
    /// Whether features can be brought in the order of a field.
    pub fn is_sortable(field: &Field) -> bool {
        !matches!(field.kind, FieldType::Null | FieldType::Json | FieldType::Mixed)
    }

    /// Reads the parameter `sortby`: `+a,-b`, where `+` may be missing or, as in a query string, be a blank.
    pub fn parse(text: &str, schema: &Schema) -> Result<Vec<Self>, InvalidSort> {
        let mut keys: Vec<Self> = Vec::new();
        for item in text.split(',') {
            let (name, descending) = match item.strip_prefix('-') {
                Some(name) => (name, true),
                None => (item.strip_prefix(['+', ' ']).unwrap_or(item), false),
            };
            if name.is_empty() {
                return Err(InvalidSort::Empty);
            }
            let field = schema.field(name).filter(|&field| Self::is_sortable(&schema.fields[field]));
            let Some(field) = field else {
                let known: Vec<&str> =
                    schema.fields.iter().filter(|field| Self::is_sortable(field)).map(|field| &*field.name).collect();
                return Err(InvalidSort::Unknown { name: name.to_owned(), known: known.join(", ") });
            };
            if keys.iter().any(|key| key.field == field) {
                return Err(InvalidSort::Repeated(name.to_owned()));
            }
            keys.push(Self { field, name: name.to_owned(), descending });
        }
        Ok(keys)
    }
}

impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", if self.descending { '-' } else { '+' }, self.name)
    }
}
