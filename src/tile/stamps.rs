//! Where values stand that were seen before.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::BuildHasherDefault;
use std::hash::Hasher;

/// Positions by a number that says which value it is.
pub(super) type Stamps = HashMap<u64, u32, BuildHasherDefault<Mixing>>;

/// The position in a list of something with this hash, which is added where it is new: `is` says whether it is what stands at a
/// position. Of two with one hash the second is found under the next number.
pub(super) fn position<T>(
    stamps: &mut Stamps,
    mut hash: u64,
    list: &mut T,
    is: impl Fn(&T, u32) -> bool,
    add: impl FnOnce(&mut T) -> u32,
) -> u32 {
    loop {
        match stamps.entry(hash) {
            Entry::Occupied(known) if is(list, *known.get()) => return *known.get(),
            Entry::Occupied(_) => hash = hash.wrapping_add(1),
            Entry::Vacant(free) => return *free.insert(add(list)),
        }
    }
}

/// Spreads one number over all bits, which is all that numbers without order of their own need.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mixing(u64);

impl Hasher for Mixing {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(self.0 << 8 | u64::from(byte)));
    }

    fn write_u64(&mut self, number: u64) {
        let product = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ product >> 32;
    }
}
