//! The values of one field by row number.

use super::FieldType;
use super::Value;
use super::column::Column;

/// A column of a table as those see it who know features by their rows.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    column: &'a Column,
    /// Where the value of each row lies; empty when that is its number.
    slots: &'a [u32],
}

impl<'a> Values<'a> {
    pub(super) fn new(column: &'a Column, slots: &'a [u32]) -> Self {
        Self { column, slots }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.column.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.column.is_empty()
    }

    /// The type that the values show.
    pub fn kind(&self) -> FieldType {
        self.column.kind()
    }

    /// The value of a row; null where the feature has none.
    pub fn value(&self, row: u32) -> Value<'a> {
        self.column.value(slot_of(self.slots, row))
    }

    /// How many distinct values there are, where they stand in a list; `None` where they do not.
    pub fn distinct(&self) -> Option<usize> {
        self.column.codes().map(|(_, count)| count)
    }

    /// The position of a row's value in that list; `None` for a null, and where there is no list.
    pub fn code(&self, row: u32) -> Option<u32> {
        self.column.code(slot_of(self.slots, row))
    }

    /// The value at a position of that list; null beyond it.
    pub fn coded(&self, code: u32) -> Value<'a> {
        self.column.coded(code)
    }

    /// Keeps the rows whose number is as it should be, and no nulls; false when the field is not of numbers of one type.
    pub fn retain(&self, rows: &mut Vec<u32>, whole: impl Fn(i64) -> bool, real: impl Fn(f64) -> bool) -> bool {
        let slot = |row: &u32| slot_of(self.slots, *row) as usize;
        match self.column {
            Column::Int(values) => rows.retain(|row| {
                let value = values[slot(row)];
                value != i64::MIN && whole(value)
            }),
            Column::Float(values) => rows.retain(|row| {
                let value = values[slot(row)];
                !value.is_nan() && real(value)
            }),
            _ => return false,
        }
        true
    }
}

/// Where what belongs to a row is kept.
#[inline]
pub(super) fn slot_of(slots: &[u32], row: u32) -> u32 {
    slots.get(row as usize).copied().unwrap_or(row)
}
