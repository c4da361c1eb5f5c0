//! Conditions in CQL2 to begin with, made of a collection's own fields and values.

use super::property;
use crate::catalog::Collection;
use crate::feature::FieldType;
use crate::feature::Value;
use crate::query::FilterLimits;
use crate::query::Written;

/// Rows in which values are looked for.
const ROWS: u32 = 200;

/// Some conditions that a collection's features may meet: by a text, by a part of it, by a number, by a place. Each was checked.
pub(super) fn examples(collection: &Collection) -> Vec<String> {
    let snapshot = collection.snapshot();
    let schema = snapshot.schema();
    let rows = || (0..snapshot.len() as u32).take(ROWS as usize);
    let values = |field: usize| rows().map(move |row| snapshot.row(row).value(field)).filter(|value| !value.is_null());
    let first = |kinds: &[FieldType]| {
        let is_meant = |&field: &usize| kinds.contains(&schema.fields[field].kind) && values(field).next().is_some();
        (0..schema.fields.len()).find(is_meant)
    };
    let name = |field: usize| identifier(&schema.fields[field].name);
    let mut examples = Vec::new();
    if let Some(field) = first(&[FieldType::String])
        && let Some(Value::Text(text)) = values(field).next()
    {
        examples.push(format!("{} = '{}'", name(field), text.replace('\'', "''")));
        let beginning: String = text.chars().take(2).filter(|letter| letter.is_alphanumeric()).collect();
        examples.push(format!("CASEI({}) LIKE CASEI('{beginning}%')", name(field)));
    }
    if let Some(field) = first(&[FieldType::Integer, FieldType::Number]) {
        let mut numbers: Vec<f64> = values(field).filter_map(number).collect();
        numbers.sort_by(f64::total_cmp);
        examples.extend(numbers.get(numbers.len() / 2).map(|middle| format!("{} >= {middle}", name(field))));
    }
    if let (Some((geometry, _)), Some(extent)) = (property::geometry(collection), snapshot.extent()) {
        let [west, south, east, north] = extent.to_array();
        let quarter = |low: f64, high: f64| [low + (high - low) / 4.0, high - (high - low) / 4.0];
        let ([west, east], [south, north]) = (quarter(west, east), quarter(south, north));
        let place = identifier(&geometry);
        examples.push(format!("S_INTERSECTS({place}, BBOX({west:.3},{south:.3},{east:.3},{north:.3}))"));
    }
    let is_right = |text: &String| {
        let written = Written::from_text(text, &FilterLimits::default());
        written.and_then(|condition| condition.check(schema)).is_ok()
    };
    examples.retain(is_right);
    examples
}

/// A name as a condition writes it: in quotes, unless it is plain.
fn identifier(name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_plain && !name.is_empty() { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn number(value: Value<'_>) -> Option<f64> {
    match value {
        Value::Int(number) => Some(number as f64),
        Value::Float(number) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::Features;
    use crate::source::Metadata;
    use crate::source::read_text;
    use crate::store::Snapshot;

    fn of(properties: &str) -> Vec<String> {
        let text = format!(
            r#"{{"type":"Feature","properties":{properties},"geometry":{{"type":"Point","coordinates":[1,2]}}}}"#
        );
        let collected = read_text(&text, Path::new("a"), &Metadata::default()).unwrap();
        let features = Features::Fixed(Snapshot::new(collected.table, collected.version));
        examples(&Collection::new("a".into(), Metadata::default(), features, &[]))
    }

    #[test]
    fn examples_are_made_of_what_there_is_and_are_right() {
        let found = of(r#"{"name":"O'Brien","height":7}"#);
        assert_eq!(found[..3], ["name = 'O''Brien'", "CASEI(name) LIKE CASEI('O%')", "height >= 7"]);
        assert!(found[3].starts_with("S_INTERSECTS(geometry, BBOX("), "{found:?}");
        assert_eq!(of(r#"{"and":"x","Ünï \"q\"":1}"#).len(), 2, "a keyword is no name, and others are quoted");
        assert_eq!(of("{}").len(), 1);
    }
}
