//! Features at rest: shapes, typed columns, raw property texts and ids, all by row number.
//!
//! Row numbers follow the file. Where a file has many features, their shapes, values and ids are kept in another order, neighbours
//! on the map side by side, since what is asked for together is then read together; the texts stay as they came.

use std::sync::OnceLock;
use std::thread;

use super::Buffer;
use super::Geometry;
use super::Id;
use super::Schema;
use super::Shapes;
use super::Strings;
use super::Value;
use super::Values;
use super::column::Column;
use super::filled::Filled;
use super::packed::Misfit;
use super::packed::Packed;
use super::packed::Packing;
use super::values::slot_of;

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
    pub(super) schema: Schema,
    /// By row number where its shape, values and id are kept; empty where they are kept by row number.
    pub(super) slots: Buffer<u32>,
    /// The other way round, found out when it is asked for.
    pub(super) numbers: OnceLock<Vec<u32>>,
    pub(super) shapes: Shapes,
    pub(super) columns: Vec<Column>,
    /// Which rows have values of rare fields, found out when it is asked for.
    pub(super) filled: OnceLock<Filled>,
    pub(super) ids: Strings,
    /// For each row 1 when its id is a number, and 0 when it is not.
    pub(super) number_ids: Buffer<u8>,
    pub(super) texts: Strings,
}

/// One feature, borrowed. This is what cut, filter, style and the encoders read.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    number: u32,
    slot: u32,
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
    #[inline]
    pub fn row(&self, number: u32) -> Row<'_> {
        Row { table: self, number, slot: self.slot(number) }
    }

    /// Where a row stands in columns and shapes.
    #[inline]
    fn slot(&self, number: u32) -> u32 {
        slot_of(&self.slots, number)
    }

    /// All features in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.len() as u32).map(|number| self.row(number))
    }

    /// All features in the order in which they are kept, which is the quickest.
    pub fn rows_as_kept(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.len() as u32).map(|slot| self.row_kept_at(slot))
    }

    /// The feature that is kept at a place.
    #[inline]
    pub(super) fn row_kept_at(&self, slot: u32) -> Row<'_> {
        Row { table: self, number: self.numbers().get(slot as usize).copied().unwrap_or(slot), slot }
    }

    /// Row numbers in the order in which rows are kept; empty where that is their own.
    fn numbers(&self) -> &[u32] {
        self.numbers.get_or_init(|| {
            let mut numbers = vec![0; self.slots.len()];
            for (number, &slot) in self.slots.iter().enumerate() {
                numbers[slot as usize] = number as u32;
            }
            numbers
        })
    }

    /// The same features, kept in another order: the rows of these numbers one after the other, each of which is named once.
    #[must_use]
    pub fn kept_in(self, order: &[u32]) -> Self {
        let order: Vec<u32> = order.iter().map(|&number| self.slot(number)).collect();
        let from: Vec<u32> = self.slots.iter().copied().collect();
        let mut places = vec![0; order.len()];
        for (place, &slot) in order.iter().enumerate() {
            places[slot as usize] = place as u32;
        }
        let slots = if from.is_empty() { places } else { from.iter().map(|&slot| places[slot as usize]).collect() };
        let Self { schema, shapes, columns, ids, number_ids, texts, .. } = self;
        let (shapes, columns) = thread::scope(|scope| {
            let shaping = scope.spawn(|| shapes.gathered(&order));
            let columns = columns.into_iter().map(|column| column.gathered(&order)).collect();
            (shaping.join().expect("shapes are copied without a panic"), columns)
        });
        Self {
            schema,
            slots: slots.into(),
            numbers: OnceLock::new(),
            filled: OnceLock::new(),
            shapes,
            columns,
            ids: order.iter().map(|&slot| ids.at(slot as usize)).collect(),
            number_ids: number_ids.gathered(&order),
            texts,
        }
    }

    /// The values of a field by row number, by the field's position in the schema.
    pub fn column(&self, field: usize) -> Values<'_> {
        Values::new(&self.columns[field], &self.slots)
    }

    pub(super) fn filled(&self) -> &Filled {
        self.filled.get_or_init(|| Filled::of(&self.columns))
    }

    /// The geometries, in the order in which they are kept.
    pub fn shapes(&self) -> &Shapes {
        &self.shapes
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
        self.filled().pack(packing);
        self.texts.pack("properties", packing);
    }

    /// What was packed of a table of this schema.
    pub fn unpack(schema: Schema, packed: &Packed) -> Result<Self, Misfit> {
        let shapes = Shapes::unpack(packed)?;
        let rows = shapes.len();
        let column = |field: usize| Column::unpack(&format!("column.{field}"), rows, packed);
        let columns = (0..schema.fields.len()).map(column).collect::<Result<_, _>>()?;
        let filled = Filled::unpack(schema.fields.len(), rows, packed)?.into();
        let ids = Strings::unpack("ids", packed)?;
        let texts = Strings::unpack("properties", packed)?;
        let number_ids: Buffer<u8> = packed.buffer("ids.numbers")?;
        let slots: Buffer<u32> = packed.buffer("slots")?;
        if !(slots.is_empty() || slots.len() == rows) {
            return Err(Misfit("slots".to_owned()));
        }
        for (name, found) in [("ids", ids.len()), ("ids.numbers", number_ids.len()), ("properties", texts.len())] {
            if found != rows {
                return Err(Misfit(name.to_owned()));
            }
        }
        Ok(Self { schema, slots, numbers: OnceLock::new(), shapes, columns, filled, ids, number_ids, texts })
    }
}

impl<'a> Row<'a> {
    /// Its row number.
    pub fn number(&self) -> u32 {
        self.number
    }

    pub(super) fn table(&self) -> &'a Table {
        self.table
    }

    /// Where its shape, values and id are kept.
    pub(super) fn slot(&self) -> u32 {
        self.slot
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

    /// The `properties` member as it stood in the file: the text of a JSON object, or `null`.
    pub fn properties_text(&self) -> &'a str {
        self.table.texts.at(self.number as usize)
    }

    /// The bytes of [`properties_text`](Self::properties_text), to be copied.
    pub fn properties_bytes(&self) -> &'a [u8] {
        self.table.texts.bytes_at(self.number as usize)
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

#[cfg(test)]
mod tests;
