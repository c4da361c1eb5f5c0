//! Directories of `PMTiles`: where tiles are, by their number along a Hilbert curve.

use super::Error;

/// Entries in the order of their tiles (`PMTiles` 3, 4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Directory {
    entries: Vec<Entry>,
}

/// A run of tiles with one content, or, with a run of 0, the directory of all tiles from the first on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) first: u64,
    pub(super) offset: u64,
    pub(super) length: u32,
    pub(super) run: u32,
}

impl Directory {
    /// Reads an unpacked directory.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let mut bytes = bytes;
        let count = number(&mut bytes)?;
        // Each entry has four numbers of a byte at least.
        if count > bytes.len() as u64 / 4 {
            return Err(Error::Damaged("a directory is cut off"));
        }
        let mut entries = vec![Entry { first: 0, offset: 0, length: 0, run: 0 }; count as usize];
        let mut first = 0_u64;
        for entry in &mut entries {
            first = first.checked_add(number(&mut bytes)?).ok_or(Error::Damaged("a tile has no number"))?;
            entry.first = first;
        }
        let narrow = |n: u64| u32::try_from(n).map_err(|_| Error::Damaged("a number is too large"));
        for entry in &mut entries {
            entry.run = narrow(number(&mut bytes)?)?;
        }
        for entry in &mut entries {
            entry.length = narrow(number(&mut bytes)?)?;
        }
        let mut end = None;
        for entry in &mut entries {
            entry.offset = match (number(&mut bytes)?, end) {
                // Nothing written: it follows the one before.
                (0, Some(end)) => end,
                (0, None) => return Err(Error::Damaged("the first tile has no place")),
                (offset, _) => offset - 1,
            };
            let after = entry.offset.checked_add(u64::from(entry.length));
            end = Some(after.ok_or(Error::Damaged("a tile lies beyond all files"))?);
        }
        Ok(Self { entries })
    }

    /// Packs entries that lie in the order of their tiles; [`decode`](Self::decode) reads them.
    pub(super) fn encode(entries: &[Entry]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(entries.len() * 6 + 10);
        push_number(&mut bytes, entries.len() as u64);
        let mut last = 0;
        for entry in entries {
            push_number(&mut bytes, entry.first - last);
            last = entry.first;
        }
        entries.iter().for_each(|entry| push_number(&mut bytes, u64::from(entry.run)));
        entries.iter().for_each(|entry| push_number(&mut bytes, u64::from(entry.length)));
        let mut end = None;
        for entry in entries {
            push_number(&mut bytes, if end == Some(entry.offset) { 0 } else { entry.offset + 1 });
            end = Some(entry.offset + u64::from(entry.length));
        }
        bytes
    }

    /// Its entries.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a tile.
    pub(super) fn find(&self, tile: u64) -> Option<Entry> {
        let after = self.entries.partition_point(|entry| entry.first <= tile);
        let entry = *self.entries.get(after.checked_sub(1)?)?;
        (entry.run == 0 || tile - entry.first < u64::from(entry.run)).then_some(entry)
    }

    /// The memory that it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.entries.len() * size_of::<Entry>() + 64
    }
}

/// Appends a number of seven bits a byte, the lowest first.
pub(super) fn push_number(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Takes a number of seven bits a byte, the lowest first, from the front.
pub(super) fn number(bytes: &mut &[u8]) -> Result<u64, Error> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or(Error::Damaged("a directory is cut off"))?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(Error::Damaged("a number in a directory is too long"))
}
