//! Features by a number of either kind.

use std::hint::black_box;

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

/// Has the shapes and ids of rows of one table fetched from memory, in the order in which they are kept: then they are all there for
/// who asks for them in another order, and each is not waited for by itself.
pub fn fetch_shapes<'a>(rows: impl Iterator<Item = Row<'a>>) {
    let mut rows = rows.peekable();
    let Some(table) = rows.peek().map(Row::table) else { return };
    let mut slots: Vec<u32> = rows.map(|row| row.slot()).collect();
    slots.sort_unstable();
    black_box(table.shapes.look_at(&slots));
    let ids = slots.iter().map(|&slot| first(table.ids.bytes_at(slot as usize)) ^ table.number_ids[slot as usize]);
    black_box(ids.fold(0, |all, own| all ^ own));
}

/// Whether any of the rows of one table may have a value of a field; without a look at the values where few rows have any.
pub fn may_have(rows: &[Row<'_>], field: usize) -> bool {
    let table = rows.first().map(Row::table);
    table.is_some_and(|table| table.filled().any(field, rows.iter().map(Row::slot)))
}

/// The codes of the values that rows of one table have in a field, and how many codes there are; that of a null lies beyond them.
/// `None` where the values have no codes.
pub fn codes_of(rows: &[Row<'_>], field: usize) -> Option<(Vec<u32>, usize)> {
    let (codes, distinct) = rows.first()?.table().columns[field].codes()?;
    Some((rows.iter().map(|row| codes[row.slot() as usize]).collect(), distinct))
}

/// Has the texts that rows have in a field fetched from memory, without a wait for one after the other.
pub fn fetch_texts<'a>(rows: impl Iterator<Item = Row<'a>>, field: usize) {
    let texts = rows.filter_map(|row| row.table().columns[field].text_bytes(row.slot()));
    black_box(texts.fold(0, |all, own| all ^ first(own)));
}

fn first(bytes: &[u8]) -> u8 {
    bytes.first().copied().unwrap_or_default()
}
