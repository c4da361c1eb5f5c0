//! What was spooled, as the entries of directories.

use super::Spool;
use super::Unwritable;
use super::journal::Batch;
use super::journal::Batches;
use super::journal::Spooled;
use crate::tile::archive::directory::Entry;

/// The tiles of a spool in the order of their numbers, read from its journal.
pub(super) struct Tiles {
    batches: Batches,
    batch: std::vec::IntoIter<Spooled>,
}

/// The same as entries: neighbours of one content are a run.
pub(super) struct Entries {
    tiles: Tiles,
    held: Option<Spooled>,
}

impl Spool {
    /// All tiles that were written.
    pub(super) fn tiles(&self) -> Result<Tiles, Unwritable> {
        let path = self.journal_path();
        let batches = Batches::open(&path, self.job).map_err(Unwritable::at(&path))?;
        let batches = batches.ok_or(Unwritable::Damaged(path))?;
        Ok(Tiles { batches, batch: Batch::default().tiles.into_iter() })
    }

    /// All entries of what was written.
    pub(super) fn entries(&self) -> Result<Entries, Unwritable> {
        Ok(Entries { tiles: self.tiles()?, held: None })
    }
}

impl Iterator for Tiles {
    type Item = Spooled;

    fn next(&mut self) -> Option<Spooled> {
        loop {
            if let Some(tile) = self.batch.next() {
                return Some(tile);
            }
            self.batch = self.batches.next()?.tiles.into_iter();
        }
    }
}

impl Iterator for Entries {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let first = self.held.take().or_else(|| self.tiles.next())?;
        let mut entry = Entry { first: first.number, offset: first.offset, length: first.length, run: 1 };
        for tile in self.tiles.by_ref() {
            let is_next = tile.number == entry.first + u64::from(entry.run) && entry.run < u32::MAX;
            if is_next && tile.offset == entry.offset {
                entry.run += 1;
            } else {
                self.held = Some(tile);
                break;
            }
        }
        Some(entry)
    }
}
