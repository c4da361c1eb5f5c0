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
        let cluster = tiles.cluster.clone().unwrap_or_default();
        let told: Vec<(&str, String)> = cluster
            .properties
            .iter()
            .map(|told| {
                ("tiles.cluster.properties", told.split_once(':').map_or(told.as_str(), |(_, name)| name).to_owned())
            })
            .collect();
        let named = named
            .chain(told.iter().map(|(key, name)| (*key, name)))
            .chain(tiles.rank.iter().map(|name| ("tiles.rank", name)))
            .chain(carried);
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
            let strangers = table.rows().filter(|row| !fits(row.value(position), kind.into()));
            let strangers = strangers.map(|row| row.number() as usize);
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
        if let Some(cluster) = &self.cluster {
            let radius = cluster.radius.filter(|radius| !(0.0..=Self::WIDEST_CLUSTER).contains(radius));
            faults.extend(radius.map(|radius| {
                let most = Self::WIDEST_CLUSTER;
                format!("its description says 'tiles.cluster.radius' = {radius}, which must be from 0 to {most}; the nearest holds")
            }));
            let is_known = |told: &&String| {
                told.split_once(':').is_some_and(|(aggregate, _)| ["sum", "mean", "min", "max"].contains(&aggregate))
            };
            faults.extend(cluster.properties.iter().filter(|told| !is_known(told)).map(|told| {
                format!(
                    "its description has '{told}' in 'tiles.cluster.properties', which must be 'sum', 'mean', 'min' or 'max', a \
                     colon and a property; it is left out"
                )
            }));
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::source::read_text;

    const TOWN: &str =
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"people":3}}"#;

    fn read(metadata: &str) -> (Table, Vec<String>) {
        let metadata: Metadata = toml::from_str(metadata).unwrap();
        let collected = read_text(TOWN, Path::new("towns"), &metadata).unwrap();
        (collected.table, collected.problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn settings_of_tiles_that_cannot_be_meant_are_told() {
        let (_, problems) = read(
            "[tiles]\nextent = 10\nminzoom = 9\nmaxzoom = 3\nmax_bytes = 1\nrank = 'size'\nproperties = ['people', 'name']\n\
             [tiles.cluster]\nradius = 900\nproperties = ['sum:people', 'most:people', 'max:none']",
        );
        for words in [
            "'tiles.extent' = 10",
            "'tiles.max_bytes' = 1,",
            "'tiles.minzoom' = 9, which is above",
            "'size' under 'tiles.rank'",
            "'name' under 'tiles.properties'",
            "'tiles.cluster.radius' = 900",
            "'most:people'",
            "'none' under 'tiles.cluster.properties'",
        ] {
            assert_eq!(problems.iter().filter(|problem| problem.contains(words)).count(), 1, "{words}: {problems:?}");
        }
        assert_eq!(problems.len(), 8, "{problems:?}");
        assert!(toml::from_str::<Metadata>("[tiles]\nbudget = 3").is_err());
    }

    #[test]
    fn what_is_right_is_taken_and_people_matter_most() {
        let (table, problems) =
            read("[tiles]\nrank = 'people'\nbuffer = 0\nthin = false\n[tiles.cluster]\nradius = 30");
        assert_eq!((problems, table.schema().rank), (Vec::new(), Some(0)));
        assert_eq!(read("").0.schema().rank, None);
        let town = TOWN.replace("people", "population");
        let collected = read_text(&town, Path::new("towns"), &Metadata::default()).unwrap();
        assert_eq!(collected.table.schema().rank, Some(0));
    }
}
