//! A table in the making.

use std::collections::HashMap;

use std::sync::OnceLock;

use super::Buffer;
use super::Field;
use super::GeometryKind;
use super::Id;
use super::Schema;
use super::Shapes;
use super::Strings;
use super::Table;
use super::Value;
use super::column::Column;

/// A [`Table`] under construction.
///
/// For each feature: fill [`shapes`](Self::shapes) with its parts, then call [`push`](Self::push).
#[derive(Debug, Default)]
pub struct TableBuilder {
    shapes: Shapes,
    columns: Vec<Column>,
    fields: HashMap<String, usize>,
    names: Vec<String>,
    /// The field that is likely to be pushed next.
    expected: usize,
    ids: Strings,
    /// For each row 1 when its id is a number, and 0 when it is not.
    number_ids: Buffer<u8>,
    texts: Strings,
}

impl TableBuilder {
    /// The geometries under construction. [`push`](Self::push) ends the row; rewind to a mark to drop a broken feature.
    pub fn shapes(&mut self) -> &mut Shapes {
        &mut self.shapes
    }

    /// Number of features so far.
    pub fn len(&self) -> usize {
        self.shapes.len()
    }

    /// Whether there is none yet.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// Ends the feature whose parts were put into [`shapes`](Self::shapes).
    ///
    /// `text` is its `properties` member as JSON text; `values` are the same properties read, each key once. Ids must be
    /// unique by their text, which the reader sees to.
    pub fn push<'v>(
        &mut self,
        id: Id<'_>,
        kind: GeometryKind,
        text: &str,
        values: impl IntoIterator<Item = (&'v str, Value<'v>)>,
    ) {
        let row = self.shapes.end_row(kind) as usize;
        self.ids.push(id.text);
        self.number_ids.edit().push(u8::from(id.number));
        self.texts.push(text);
        self.expected = 0;
        for (name, value) in values {
            let field = self.field(name);
            let column = &mut self.columns[field];
            column.fill(row);
            if column.len() == row {
                column.push(value);
            }
        }
    }

    /// Makes room for so many times the present features in addition, if they are like these.
    pub fn reserve(&mut self, times: f64) {
        self.shapes.reserve(times);
        self.texts.reserve(times);
        self.number_ids.reserve(times);
        self.columns.iter_mut().for_each(|column| column.reserve(times));
    }

    /// Appends the features of another one.
    pub fn append(&mut self, other: Self) {
        let (before, count) = (self.shapes.len(), other.shapes.len());
        if before == 0 {
            *self = other;
            return;
        }
        self.shapes.append(&other.shapes);
        self.ids.append(&other.ids);
        self.number_ids.edit().extend_from_slice(&other.number_ids);
        self.texts.append(&other.texts);
        for (name, mut column) in other.names.iter().zip(other.columns) {
            column.fill(count);
            let field = self.fields.get(name).copied().unwrap_or_else(|| self.add_field(name, before));
            self.columns[field].fill(before);
            self.columns[field].append(column);
        }
    }

    /// Gives all features new ids, one for each, and whether it is written as a number. Unique by their text.
    pub fn rename(&mut self, texts: Strings, numbers: Vec<bool>) {
        debug_assert!(texts.len() == self.len() && numbers.len() == self.len(), "an id for each feature");
        (self.ids, self.number_ids) = (texts, numbers.into_iter().map(u8::from).collect());
    }

    fn field(&mut self, name: &str) -> usize {
        // Most features have the same properties in the same order.
        if self.names.get(self.expected).is_some_and(|expected| expected == name) {
            self.expected += 1;
            return self.expected - 1;
        }
        if let Some(&field) = self.fields.get(name) {
            self.expected = field + 1;
            return field;
        }
        let field = self.add_field(name, self.shapes.len() - 1);
        self.expected = field + 1;
        field
    }

    /// A new field, which so many rows do not have.
    fn add_field(&mut self, name: &str, rows: usize) -> usize {
        let field = self.names.len();
        self.fields.insert(name.to_owned(), field);
        self.names.push(name.to_owned());
        self.columns.push(Column::new(rows));
        field
    }

    /// The finished table with its inferred schema, which `declare` may correct (types, titles, time).
    pub fn finish(mut self, declare: impl FnOnce(&mut Schema)) -> Table {
        let rows = self.shapes.len();
        for column in &mut self.columns {
            column.fill(rows);
            column.finish();
        }
        self.shapes.finish();
        self.ids.shrink_to_fit();
        self.texts.shrink_to_fit();
        let mut geometries = self.shapes.kinds();
        let has_null_geometry = geometries.first() == Some(&GeometryKind::Null);
        geometries.retain(|&kind| kind != GeometryKind::Null);
        let field = |(name, column): (String, &Column)| Field {
            name,
            kind: column.kind(),
            title: None,
            description: None,
            unit: None,
        };
        let mut schema = Schema {
            fields: self.names.into_iter().zip(&self.columns).map(field).collect(),
            geometries,
            has_null_geometry,
            has_heights: !self.shapes.heights.is_empty(),
            time: None,
            rank: None,
        };
        declare(&mut schema);
        Table {
            schema,
            slots: Buffer::default(),
            numbers: OnceLock::new(),
            filled: OnceLock::new(),
            shapes: self.shapes,
            columns: self.columns,
            ids: self.ids,
            number_ids: self.number_ids,
            texts: self.texts,
        }
    }
}
