//! Which rows have a value of a field that most rows lack: fields of the kind of `name:be` are many, and a tile is asked for each.

use super::Buffer;
use super::column::Column;
use super::packed::Misfit;
use super::packed::Packed;
use super::packed::Packing;

/// For each field a bit a row, set where it has a value; empty where too many have one for it to be worth a look.
#[derive(Clone, Debug, Default)]
pub(super) struct Filled(Vec<Buffer<u64>>);

/// A field of which at most one in so many rows has a value has bits.
const SELDOM: usize = 16;

impl Filled {
    /// That of the columns of a table.
    pub(super) fn of(columns: &[Column]) -> Self {
        Self(columns.iter().map(|column| bits(column).into()).collect())
    }

    /// Whether any of the rows, by where they are kept, may have a value of a field.
    pub(super) fn any(&self, field: usize, mut slots: impl Iterator<Item = u32>) -> bool {
        let bits: &[u64] = self.0.get(field).map_or(&[], |bits| bits);
        bits.is_empty() || slots.any(|slot| bits[slot as usize / 64] >> (slot % 64) & 1 == 1)
    }

    /// Puts its arrays under their names.
    pub(super) fn pack<'a>(&'a self, packing: &mut Packing<'a>) {
        for (field, bits) in self.0.iter().enumerate().filter(|(_, bits)| !bits.is_empty()) {
            packing.put(name(field), bits);
        }
    }

    /// What was packed of a table of so many fields and rows.
    pub(super) fn unpack(fields: usize, rows: usize, packed: &Packed) -> Result<Self, Misfit> {
        let bits = |field: usize| {
            if packed.bytes(&name(field)).is_none() {
                return Ok(Buffer::default());
            }
            let bits: Buffer<u64> = packed.buffer(&name(field))?;
            if bits.len() == rows.div_ceil(64) { Ok(bits) } else { Err(Misfit(name(field))) }
        };
        (0..fields).map(bits).collect::<Result<_, _>>().map(Self)
    }
}

fn name(field: usize) -> String {
    format!("column.{field}.filled")
}

fn bits(column: &Column) -> Vec<u64> {
    let rows = column.len();
    let mut bits = vec![0_u64; rows.div_ceil(64)];
    let mut left = rows / SELDOM;
    for row in (0..rows).filter(|&row| !column.is_null(row)) {
        if left == 0 {
            return Vec::new();
        }
        left -= 1;
        bits[row / 64] |= 1 << (row % 64);
    }
    bits
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::feature::Value;

    #[test]
    fn rows_with_a_value_of_a_rare_field_are_known_and_packed() {
        let mut rare = Column::new(0);
        let mut common = Column::new(0);
        for row in 0..200 {
            rare.push(if row == 130 { Value::Text("Мінск") } else { Value::Null });
            common.push(if row % 3 == 0 { Value::Int(row) } else { Value::Null });
        }
        let filled = Filled::of(&[rare, common]);
        let mut packing = Packing::default();
        filled.pack(&mut packing);
        let copied = |(name, bytes): &(String, &[u8])| (name.clone(), Bytes::copy_from_slice(bytes));
        let packed: Packed = packing.arrays().iter().map(copied).collect();
        let unpacked = Filled::unpack(2, 200, &packed).unwrap();
        assert!(Filled::unpack(2, 300, &packed).is_err());
        for filled in [filled.clone(), unpacked] {
            assert!(filled.any(0, [7, 130].into_iter()) && !filled.any(0, (0..130).chain(131..200)));
            assert!(filled.any(1, [1].into_iter()), "a common field is looked at in any case");
        }
    }
}
