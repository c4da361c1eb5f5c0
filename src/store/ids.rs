//! Finds features by their ids.

use xxhash_rust::xxh3::xxh3_64;

use crate::feature::Buffer;
use crate::feature::Misfit;
use crate::feature::Packed;
use crate::feature::Packing;
use crate::feature::Table;

/// Row numbers by the hashes of their ids' texts: a table of slots, where the next free one is taken.
#[derive(Debug, Default)]
pub(super) struct IdIndex {
    /// A power of two of them, half of which are free at least.
    slots: Buffer<u32>,
    /// One element: 1 when each id can be that of a feature in a vector tile, else 0.
    all_numbers: Buffer<u8>,
}

/// A free slot.
const FREE: u32 = u32::MAX;

impl IdIndex {
    pub(super) fn new(table: &Table) -> Self {
        let mut slots = vec![FREE; (table.len() * 2).next_power_of_two()];
        let mask = slots.len() - 1;
        for row in table.rows_as_kept() {
            let mut slot = hash(row.id().text) & mask;
            while slots[slot] != FREE {
                slot = (slot + 1) & mask;
            }
            slots[slot] = row.number();
        }
        let all_numbers = table.rows_as_kept().all(|row| row.id().is_tile_id());
        Self { slots: slots.into(), all_numbers: vec![u8::from(all_numbers)].into() }
    }

    /// The row of the feature with an id.
    pub(super) fn find(&self, id: &str, table: &Table) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let start = hash(id);
        let rows = (0..self.slots.len()).map(|step| self.slots[(start + step) & mask]);
        rows.take_while(|&row| row != FREE).find(|&row| table.row(row).id().text == id)
    }

    /// Whether each id can be that of a feature in a vector tile.
    pub(super) fn are_tile_ids(&self) -> bool {
        self.all_numbers.first() != Some(&0)
    }

    /// Puts its arrays under their names.
    pub(super) fn pack<'a>(&'a self, packing: &mut Packing<'a>) {
        packing.put("ids.slots", &self.slots);
        packing.put("ids.all_numbers", &self.all_numbers);
    }

    /// The index of so many rows that was packed.
    pub(super) fn unpack(rows: usize, packed: &Packed) -> Result<Self, Misfit> {
        let slots: Buffer<u32> = packed.buffer("ids.slots")?;
        if slots.len() != (rows * 2).next_power_of_two() {
            return Err(Misfit("ids.slots".to_owned()));
        }
        let all_numbers: Buffer<u8> = packed.buffer("ids.all_numbers")?;
        if all_numbers.len() != 1 {
            return Err(Misfit("ids.all_numbers".to_owned()));
        }
        Ok(Self { slots, all_numbers })
    }
}

fn hash(id: &str) -> usize {
    xxh3_64(id.as_bytes()) as usize
}
