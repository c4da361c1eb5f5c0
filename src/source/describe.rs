//! What the metadata says, applied to what the features show.

use std::fs;
use std::path::Path;

use super::Metadata;
use super::Problem;
use super::Severity;
use super::TileMetadata;
use super::report::Places;
use crate::feature::FieldType;
use crate::feature::Schema;
use crate::feature::Table;
use crate::feature::TimeFields;
use crate::feature::Value;
use crate::query::Interval;

/// Where the features are not as the metadata says.
pub(super) struct Misfit {
    /// The first row that is not.
    pub(super) row: Option<usize>,
    pub(super) message: String,
}

impl Metadata {
    /// Reads a TOML file; unknown keys and wrong types are refused with their place.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let refused =
            |place, message| Problem { file: path.to_owned(), feature: None, place, severity: Severity::File, message };
        let text = fs::read_to_string(path).map_err(|error| refused(None, format!("it cannot be read: {error}")))?;
        toml::from_str(&text).map_err(|error: toml::de::Error| {
            let place = error.span().map(|span| Places::within(&text, span.start));
            refused(place, error.message().to_owned())
        })
    }

    /// Corrects an inferred schema by what is declared. Without a declared time there is none.
    pub(super) fn declare(&self, schema: &mut Schema) {
        for field in &mut schema.fields {
            let Some(declared) = self.fields.get(&field.name) else { continue };
            if let Some(kind) = declared.kind {
                field.kind = kind.into();
            }
            field.title.clone_from(&declared.title);
            field.description.clone_from(&declared.description);
            field.unit.clone_from(&declared.unit);
        }
        schema.rank = self.rank(schema);
        schema.time = self.time.as_ref().and_then(|time| {
            let end = time.end.as_deref().and_then(|end| schema.field(end));
            schema.field(&time.start).map(|start| TimeFields { start, end })
        });
    }

    /// The field whose largest numbers matter most where not all features can be shown: the one that is named, or one that by its
    /// name counts people.
    fn rank(&self, schema: &Schema) -> Option<usize> {
        match self.tiles.as_ref().and_then(|tiles| tiles.rank.as_deref()) {
            Some(name) => schema.field(name),
            None => POPULATION.into_iter().find_map(|name| schema.field(name)),
        }
    }

    /// Names that no feature has, and values that are not of the type that was declared.
    pub(super) fn misfits(&self, table: &Table) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        let time = self.time.iter().flat_map(|time| [Some(&time.start), time.end.as_ref()]).flatten();
        let named = self.id_field.iter().map(|name| ("id_field", name)).chain(time.map(|name| ("time", name)));
        let tiles = self.tiles.clone().unwrap_or_default();
        let carried = tiles.properties.iter().flatten().map(|name| ("tiles.properties", name));
        let named = named.chain(tiles.rank.iter().map(|name| ("tiles.rank", name))).chain(carried);
        misfits.extend(tiles.faults().into_iter().map(|message| Misfit { row: None, message }));
        for (key, name) in named.chain(self.fields.keys().map(|name| ("fields", name))) {
            if table.schema().field(name).is_none() && !table.is_empty() {
                let message =
                    format!("its description names '{name}' under '{key}', and no feature has such a property");
                misfits.push(Misfit { row: None, message });
            }
        }
        if let Some(name) = self.primary_geometry.as_deref().filter(|name| *name != "geometry") {
            let message =
                format!("its description names '{name}' as geometry; GeoJSON has one, 'geometry', and that is served");
            misfits.push(Misfit { row: None, message });
        }
        for (position, field) in table.schema().fields.iter().enumerate() {
            let Some(kind) = self.fields.get(&field.name).and_then(|declared| declared.kind) else { continue };
            let column = table.column(position);
            let strangers = (0..table.len()).filter(|&row| !fits(column.value(row as u32), kind.into()));
            let (first, count) = strangers.fold((None, 0), |(first, count), row| (first.or(Some(row)), count + 1));
            if count > 0 {
                let message =
                    format!("{count} values of '{}' are not of the declared type {kind:?}, here first", field.name);
                misfits.push(Misfit { row: first, message });
            }
        }
        misfits
    }
}

/// Fields that count people, and by that say which place matters more.
const POPULATION: [&str; 4] = ["population", "pop_max", "pop", "pop_est"];

impl TileMetadata {
    /// What cannot be meant so.
    fn faults(&self) -> Vec<String> {
        let within = |name: &str, value: Option<u64>, [least, most]: [u64; 2]| {
            let value = value.filter(|value| !(least..=most).contains(value))?;
            Some(format!(
                "its description says 'tiles.{name}' = {value}, which must be from {least} to {most}; the nearest holds"
            ))
        };
        let wide = |n: Option<u32>| n.map(u64::from);
        let zoom = |n: Option<u8>| n.map(u64::from);
        let [extents, buffers, zooms, bytes] = [Self::EXTENTS, Self::BUFFERS, Self::ZOOMS, Self::BYTES];
        let mut faults: Vec<String> = [
            within("extent", wide(self.extent), extents),
            within("buffer", wide(self.buffer), buffers),
            within("minzoom", zoom(self.minzoom), zooms),
            within("maxzoom", zoom(self.maxzoom), zooms),
            within("max_bytes", self.max_bytes.map(|n| n as u64), bytes),
        ]
        .into_iter()
        .flatten()
        .collect();
        if let (Some(low), Some(high)) = (self.minzoom, self.maxzoom)
            && low > high
        {
            faults
                .push(format!("its description says 'tiles.minzoom' = {low}, which is above 'tiles.maxzoom' = {high}"));
        }
        faults
    }
}

/// Whether a value is of a type; nulls are of every one.
fn fits(value: Value<'_>, kind: FieldType) -> bool {
    match (kind, value) {
        (_, Value::Null)
        | (FieldType::Boolean, Value::Bool(_))
        | (FieldType::Integer, Value::Int(_))
        | (FieldType::Number, Value::Int(_) | Value::Float(_))
        | (FieldType::String, Value::Text(_)) => true,
        // A column with fractions turns whole numbers into floats.
        (FieldType::Integer, Value::Float(number)) => number.fract() == 0.0,
        // A year may be written as a number.
        (FieldType::Date, Value::Int(year)) => (0..=9999).contains(&year),
        (FieldType::Date, Value::Text(text)) => text.len() <= 10 && Interval::instant(text).is_some(),
        (FieldType::Timestamp, Value::Text(text)) => text.len() > 10 && Interval::stored(text).is_some(),
        _ => false,
    }
}
