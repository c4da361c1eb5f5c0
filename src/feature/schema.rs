//! What the features of a collection have in common.

use super::GeometryKind;

/// Fields, geometry types and time of a collection, inferred from its features and corrected by what its metadata declares.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The properties in the order in which they were first met.
    pub fields: Vec<Field>,
    /// The geometry types that occur, each once, in the order of [`GeometryKind`]; without `Null`.
    pub geometries: Vec<GeometryKind>,
    /// Whether a feature without geometry occurs.
    pub has_null_geometry: bool,
    /// Whether any position has a height.
    pub has_heights: bool,
    /// Which fields say when a feature is.
    pub time: Option<TimeFields>,
    /// Which field's largest numbers matter most where not all features can be shown.
    pub rank: Option<usize>,
}

/// One property that features may have.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its key in `properties`.
    pub name: String,
    /// The type of its values.
    pub kind: FieldType,
    /// A name for people, if declared.
    pub title: Option<String>,
    /// What it means, if declared.
    pub description: Option<String>,
    /// The unit of its numbers, if declared.
    pub unit: Option<String>,
}

/// The type of a field's values, nulls aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// No feature has a value.
    Null,
    /// `true` and `false`.
    Boolean,
    /// Whole numbers of 64 bits.
    Integer,
    /// Numbers.
    Number,
    /// Strings.
    String,
    /// Strings that are days, months (`1916-11`) or years (`1941`); a shorter one stands for the whole interval.
    Date,
    /// Strings that are date-times of RFC 3339.
    Timestamp,
    /// Arrays and objects.
    Json,
    /// Values of several of these types.
    Mixed,
}

/// Positions in [`Schema::fields`] of the fields that say when a feature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeFields {
    /// When it is, or when it began.
    pub start: usize,
    /// When it ended, for features that last.
    pub end: Option<usize>,
}

impl Schema {
    /// The position of a field.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}
