//! Features at rest: shapes, typed columns, raw property texts and ids.
//!
//! A row has a number, its place in the file, by which all others know it. Where its data lie may be told apart from that
//! ([`Table::lay_out`]), so that features that are near each other lie together, and a tile touches few pages:
//!
//! ```text
//! row        0  1  2  3  4
//! slots      3  0  4  1  2        empty: as they come
//! shapes, columns, ids, texts     by slot
//! ```

use std::collections::HashMap;
use std::thread;

use super::Buffer;
use super::Field;
use super::Geometry;
use super::GeometryKind;
use super::Id;
use super::Schema;
use super::Shapes;
use super::Strings;
use super::Value;
use super::Values;
use super::column::Column;
use super::packed::Misfit;
use super::packed::Packed;
use super::packed::Packing;

/// Something whose properties can be asked by name: a [`Row`], or a feature of a vector tile.
pub trait Properties {
    /// The value of a property; `None` when the feature has no such key, which differs from a null.
    fn property(&self, name: &str) -> Option<Value<'_>>;

    /// Calls `visit` with each property that is not null.
    fn each_property<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Value<'a>));

    /// Where all features that are kept with this one have a property, so that it is found without its name.
    fn key(&self, name: &str) -> Key {
        _ = name;
        Key::ByName
    }

    /// The value of a property at a place that [`key`](Self::key) told.
    fn at(&self, place: u32) -> Option<Value<'_>> {
        _ = place;
        None
    }
}

/// Where a property is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// At a place.
    At(u32),
    /// Nowhere: no feature has it.
    Absent,
    /// It must be asked for by its name.
    ByName,
}

/// The features of one collection.
#[derive(Clone, Debug, Default)]
pub struct Table {
    schema: Schema,
    /// Where the data of each row lie; empty when that is its number.
    slots: Buffer<u32>,
    shapes: Shapes,
    columns: Vec<Column>,
    ids: Strings,
    /// 1 where an id is a number, and 0 where it is not.
    number_ids: Buffer<u8>,
    texts: Strings,
}

/// One feature, borrowed. This is what cut, filter, style and the encoders read.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    number: u32,
    slot: u32,
}

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

impl Table {
    /// What its features have in common.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.shapes.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// The feature at a row number.
    ///
    /// # Panics
    /// On its first use, when there is no such row.
    pub fn row(&self, number: u32) -> Row<'_> {
        Row { table: self, number, slot: slot_of(&self.slots, number) }
    }

    /// All features in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.len() as u32).map(|number| self.row(number))
    }

    /// The values of a field, by its position in the schema.
    pub fn column(&self, field: usize) -> Values<'_> {
        Values::new(&self.columns[field], &self.slots)
    }

    /// The geometries, in the order in which they lie.
    pub fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    /// Lays the data of all rows out in an order, in which each row number stands once. Rows keep their numbers.
    pub fn lay_out(&mut self, order: &[u32]) {
        debug_assert!(order.len() == self.len(), "each row has its place");
        let from: Vec<u32> = order.iter().map(|&row| slot_of(&self.slots, row)).collect();
        let mut slots = vec![0; order.len()];
        for (slot, &row) in order.iter().enumerate() {
            slots[row as usize] = slot as u32;
        }
        self.slots = slots.into();
        thread::scope(|scope| {
            let shapes = scope.spawn(|| self.shapes.lay_out(&from));
            self.texts = self.texts.laid_out(&from);
            self.ids = self.ids.laid_out(&from);
            self.number_ids = self.number_ids.laid_out(&from);
            self.columns.iter_mut().for_each(|column| column.lay_out(&from));
            shapes.join().expect("whole shapes are laid out without a panic");
        });
    }

    /// Puts its arrays under their names; its schema is no array.
    pub fn pack<'a>(&'a self, packing: &mut Packing<'a>) {
        packing.put("slots", &self.slots);
        self.shapes.pack(packing);
        self.ids.pack("ids", packing);
        packing.put("ids.numbers", &self.number_ids);
        for (field, column) in self.columns.iter().enumerate() {
            column.pack(&format!("column.{field}"), packing);
        }
        self.texts.pack("properties", packing);
    }

    /// What was packed of a table of this schema.
    pub fn unpack(schema: Schema, packed: &Packed) -> Result<Self, Misfit> {
        let shapes = Shapes::unpack(packed)?;
        let rows = shapes.len();
        let column = |field: usize| Column::unpack(&format!("column.{field}"), rows, packed);
        let columns = (0..schema.fields.len()).map(column).collect::<Result<_, _>>()?;
        let ids = Strings::unpack("ids", packed)?;
        let texts = Strings::unpack("properties", packed)?;
        let number_ids: Buffer<u8> = packed.buffer("ids.numbers")?;
        let slots: Buffer<u32> = packed.buffer("slots")?;
        if !slots.is_empty() && slots.len() != rows {
            return Err(Misfit("slots".to_owned()));
        }
        for (name, found) in [("ids", ids.len()), ("ids.numbers", number_ids.len()), ("properties", texts.len())] {
            if found != rows {
                return Err(Misfit(name.to_owned()));
            }
        }
        Ok(Self { schema, slots, shapes, columns, ids, number_ids, texts })
    }
}

/// Where the data of a row lie.
#[inline]
pub(super) fn slot_of(slots: &[u32], row: u32) -> u32 {
    slots.get(row as usize).copied().unwrap_or(row)
}

impl<'a> Row<'a> {
    /// Its row number.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Its id, unique in the table by its text.
    pub fn id(&self) -> Id<'a> {
        let slot = self.slot as usize;
        Id { text: self.table.ids.at(slot), number: self.table.number_ids[slot] == 1 }
    }

    /// Its geometry.
    pub fn geometry(&self) -> Geometry<'a> {
        self.table.shapes.geometry(self.slot)
    }

    /// The value of a field, by its position in the schema.
    pub fn value(&self, field: usize) -> Value<'a> {
        self.table.columns[field].value(self.slot)
    }

    /// A number that equal texts of a field share; `None` where the field is not of texts, or empty.
    pub fn text_code(&self, field: usize) -> Option<u32> {
        self.table.columns[field].text_code(self.slot)
    }

    /// The `properties` member as it stood in the file: the text of a JSON object, or `null`.
    pub fn properties_text(&self) -> &'a str {
        self.table.texts.at(self.slot as usize)
    }

    /// The bytes of [`properties_text`](Self::properties_text), to be copied.
    pub fn properties_bytes(&self) -> &'a [u8] {
        self.table.texts.bytes_at(self.slot as usize)
    }

    /// The schema of its table.
    pub fn schema(&self) -> &'a Schema {
        &self.table.schema
    }
}

impl Properties for Row<'_> {
    fn property(&self, name: &str) -> Option<Value<'_>> {
        // A column cannot tell an absent key from a null; to expressions of a style they are the same.
        self.table.schema.field(name).map(|field| self.value(field)).filter(|value| !value.is_null())
    }

    fn each_property<'a>(&'a self, visit: &mut dyn FnMut(&'a str, Value<'a>)) {
        for (field, column) in self.table.schema.fields.iter().zip(&self.table.columns) {
            let value = column.value(self.slot);
            if !value.is_null() {
                visit(&field.name, value);
            }
        }
    }
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
        self.shapes.shrink_to_fit();
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
            shapes: self.shapes,
            columns: self.columns,
            ids: self.ids,
            number_ids: self.number_ids,
            texts: self.texts,
        }
    }
}
