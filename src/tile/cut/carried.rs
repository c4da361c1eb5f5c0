//! The properties that features of a tile carry.

use crate::feature::Row;
use crate::feature::Schema;
use crate::feature::Value;
use crate::tile::LayerBuilder;
use crate::tile::stamps::Stamps;

/// The property under which a tile carries an id that it cannot have as such: `id`, led by as many underscores as it takes
/// to differ from every field.
pub fn id_key(schema: &Schema) -> String {
    let mut key = "id".to_owned();
    while schema.field(&key).is_some() {
        key.insert(0, '_');
    }
    key
}

/// The properties that features carry.
pub(in crate::tile) struct Carried {
    fields: Vec<CarriedField>,
    id_key: String,
}

/// One of them, with what the layer knows of it already.
struct CarriedField {
    field: usize,
    key: Option<u32>,
    /// Positions of values by their codes, for columns that have some.
    values: Stamps,
}

impl Carried {
    pub(in crate::tile) fn new(schema: &Schema, properties: Option<&[String]>) -> Self {
        let asked = |name: &String| properties.is_none_or(|properties| properties.contains(name));
        let fields = schema.fields.iter().enumerate().filter(|(_, field)| asked(&field.name));
        let carried = |(field, _)| CarriedField { field, key: None, values: Stamps::default() };
        Self { fields: fields.map(carried).collect(), id_key: id_key(schema) }
    }

    pub(in crate::tile) fn push_tags(&mut self, row: Row<'_>, layer: &mut LayerBuilder) {
        for CarriedField { field, key, values } in &mut self.fields {
            let value = match row.text_code(*field) {
                // Its text is not looked at where the layer has it.
                Some(code) => {
                    let known = values.entry(u64::from(code));
                    *known.or_insert_with(|| layer.value(row.value(*field)))
                }
                None => match row.value(*field) {
                    Value::Null => continue,
                    value => layer.value(value),
                },
            };
            let key = *key.get_or_insert_with(|| layer.key(&row.schema().fields[*field].name));
            layer.push_known_tag(key, value);
        }
        let id = row.id();
        if !id.is_tile_id() {
            let whole = id.text.parse().ok().filter(|_| id.number);
            layer.push_tag(&self.id_key, whole.map_or(Value::Text(id.text), Value::Int));
        }
    }
}
