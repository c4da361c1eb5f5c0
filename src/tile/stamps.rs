//! Where values stand that were seen before.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::hash::Hasher;

/// Positions by a number that says which value it is.
pub(super) type Stamps = HashMap<u64, u32, BuildHasherDefault<Mixing>>;

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
