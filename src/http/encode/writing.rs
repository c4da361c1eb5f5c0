//! How features are to be written.

use super::Profile;
use crate::feature::Schema;
use crate::http::Format;
use crate::http::Params;
use crate::http::selectors;
use crate::space::Crs;

/// All that decides what a feature looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct Writing {
    /// The representation.
    pub format: Format,
    /// Its profile, for those in JSON.
    pub profile: Option<Profile>,
    /// The properties that are written, by name; `None` for all.
    pub properties: Option<Vec<String>>,
    /// Whether geometries are written.
    pub has_geometry: bool,
    /// The system of its coordinates.
    pub crs: Crs,
}

impl Writing {
    /// What the parameters `properties`, `exclude-properties`, `skipGeometry`, `profile` and `crs` ask for.
    pub fn of(params: &Params, format: Format, schema: &Schema) -> Self {
        Self {
            format,
            profile: Profile::negotiate(params.text("profile"), format),
            properties: selectors::properties(params, schema),
            has_geometry: params.flag("skipGeometry") != Some(true),
            crs: params.crs("crs").cloned().unwrap_or(Crs::Crs84),
        }
    }

    /// Positions in the schema of the fields that are written.
    pub fn fields(&self, schema: &Schema) -> Vec<usize> {
        let is_written =
            |name: &String| self.properties.as_ref().is_none_or(|names| names.iter().any(|other| other == name));
        schema.fields.iter().enumerate().filter(|(_, field)| is_written(&field.name)).map(|(at, _)| at).collect()
    }
}
