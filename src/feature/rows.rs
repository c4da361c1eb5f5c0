//! Features by a number of either kind.

use super::Row;
use super::Table;
use super::Values;

/// The features of a table by their row numbers, or by the places where they are kept: those who look at all of them one after the
/// other take the places, and need not wait for memory.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    table: &'a Table,
    are_places: bool,
}

impl<'a> Rows<'a> {
    /// By row number.
    pub fn numbered(table: &'a Table) -> Self {
        Self { table, are_places: false }
    }

    /// By place; the row at a place knows its number.
    pub fn as_kept(table: &'a Table) -> Self {
        Self { table, are_places: true }
    }

    /// The feature of a number of this kind.
    ///
    /// # Panics
    /// On its first use, when there is no such feature.
    #[inline]
    pub fn row(&self, number: u32) -> Row<'a> {
        if self.are_places { self.table.row_kept_at(number) } else { self.table.row(number) }
    }

    /// The values of a field by numbers of this kind, by the field's position in the schema.
    pub fn column(&self, field: usize) -> Values<'a> {
        let slots = if self.are_places { &[][..] } else { &self.table.slots };
        Values::new(&self.table.columns[field], slots)
    }
}
