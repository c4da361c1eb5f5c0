//! Tiles on their way into an archive.

use std::collections::HashMap;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::fs::TryLockError;
use std::io::BufReader;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::PathBuf;

use xxhash_rust::xxh3::xxh3_64;
use xxhash_rust::xxh3::xxh3_128;

use super::Target;
use super::Unwritable;
use super::journal::Batch;
use super::journal::Batches;
use super::journal::Spooled;
use super::journal::head;

/// Tiles that came so far, in a file beside the target, and the journal of them. Tiles of the same bytes share them. What was
/// written of a batch that did not come to its end is cut off when the spool is opened again.
#[derive(Debug)]
pub struct Spool {
    pub(super) target: Target,
    pub(super) job: u128,
    pub(super) tiles: File,
    journal: File,
    /// Where the bytes of small tiles are, by their hash.
    known: HashMap<u128, (u64, u32)>,
    /// Bytes of the spool, with those of the batch.
    length: u64,
    batch: Batch,
    pending: Vec<u8>,
    next: u64,
}

/// A tile of more bytes is hardly ever the same as another: it is not remembered.
const SMALL: usize = 16 << 10;

/// Tiles that are remembered, at most; of further ones, those that were not seen before are written each time.
const KNOWN: usize = 1 << 20;

/// Bytes of tiles after which a batch is written.
const BATCH: usize = 1 << 20;

/// Tiles after which a batch is written, however small they are.
const BATCH_TILES: usize = 1 << 14;

impl Spool {
    /// Opens the spool of a target for a job, a hash of all that its tiles are made of. What was begun for the same job is
    /// gone on with; `must_resume` refuses to begin anew.
    ///
    /// # Errors
    /// When files cannot be written, or another process writes them.
    pub fn open(target: &Target, job: u128, must_resume: bool) -> Result<Self, Unwritable> {
        let path = target.beside(".journal");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut journal = options.open(&path).map_err(Unwritable::at(&path))?;
        match journal.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Unwritable::Busy(target.path().to_owned())),
            Err(TryLockError::Error(error)) => return Err(Unwritable::at(&path)(error)),
        }
        let part = target.beside(".part");
        let mut tiles = options.open(&part).map_err(Unwritable::at(&part))?;
        let (mut known, mut whole, mut length, mut next) = (HashMap::new(), 0, 0, 0);
        if let Some(mut batches) = Batches::open(&path, job).map_err(Unwritable::at(&path))? {
            let mut reader = BufReader::new(&tiles);
            (whole, length) = (batches.whole, batches.spooled);
            let mut bytes = Vec::new();
            while let Some(batch) = batches.next() {
                bytes.clear();
                (&mut reader).take(batch.bytes).read_to_end(&mut bytes).map_err(Unwritable::at(&part))?;
                // The disk may have kept the journal and lost the tiles.
                if bytes.len() as u64 != batch.bytes || xxh3_64(&bytes) != batch.hash {
                    break;
                }
                let hashed = batch.tiles.iter().filter_map(|tile| Some((tile.hash?, (tile.offset, tile.length))));
                known.extend(hashed);
                (whole, length, next) = (batches.whole, batches.spooled, batch.next);
            }
        }
        if must_resume && next == 0 {
            // What another job left is not this one's to remove.
            if journal.metadata().is_ok_and(|file| file.len() == 0) {
                drop((fs::remove_file(&path), fs::remove_file(&part)));
            }
            return Err(Unwritable::NotBegun(target.path().to_owned()));
        }
        tiles.set_len(length).and_then(|()| tiles.seek(SeekFrom::End(0))).map_err(Unwritable::at(&part))?;
        journal.set_len(whole).and_then(|()| journal.seek(SeekFrom::End(0))).map_err(Unwritable::at(&path))?;
        if whole == 0 {
            journal.write_all(&head(job)).map_err(Unwritable::at(&path))?;
        }
        let target = target.clone();
        let (batch, pending) = (Batch::default(), Vec::new());
        Ok(Self { target, job, tiles, journal, known, length, batch, pending, next })
    }

    /// The number from which on tiles are missing: 0 at the start.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Bytes of the tiles that came so far.
    pub fn bytes(&self) -> u64 {
        self.length
    }

    /// Takes the next tile, whose number is higher than those of all before it.
    ///
    /// # Errors
    /// When it cannot be written.
    ///
    /// # Panics
    /// When its number is not higher.
    pub fn add(&mut self, number: u64, bytes: &[u8]) -> Result<(), Unwritable> {
        assert!(number >= self.next, "tiles come in the order of their numbers");
        let hash = (bytes.len() <= SMALL).then(|| xxh3_128(bytes));
        let length = bytes.len() as u32;
        let same = hash.and_then(|hash| self.known.get(&hash)).filter(|(_, known)| *known == length);
        let tile = if let Some(&(offset, _)) = same {
            Spooled { number, offset, length, hash: None }
        } else {
            let hash = hash.filter(|hash| self.known.len() < KNOWN && !self.known.contains_key(hash));
            self.known.extend(hash.map(|hash| (hash, (self.length, length))));
            let tile = Spooled { number, offset: self.length, length, hash };
            self.pending.extend_from_slice(bytes);
            self.length += bytes.len() as u64;
            tile
        };
        self.batch.tiles.push(tile);
        self.passed(number + 1)
    }

    /// Takes note that all tiles of lower numbers have come.
    ///
    /// # Errors
    /// When what came so far cannot be written.
    pub fn passed(&mut self, next: u64) -> Result<(), Unwritable> {
        self.next = self.next.max(next);
        let is_full = self.pending.len() >= BATCH || self.batch.tiles.len() >= BATCH_TILES;
        if is_full { self.flush() } else { Ok(()) }
    }

    /// Writes what came so far: its tiles first, so that the journal never tells of what is not there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn flush(&mut self) -> Result<(), Unwritable> {
        let mut batch = std::mem::take(&mut self.batch);
        batch.bytes = self.pending.len() as u64;
        batch.hash = xxh3_64(&self.pending);
        batch.next = self.next;
        self.tiles.write_all(&self.pending).map_err(Unwritable::at(&self.part()))?;
        let record = batch.encode(self.length - batch.bytes);
        self.journal.write_all(&record).map_err(Unwritable::at(&self.journal_path()))?;
        self.pending.clear();
        Ok(())
    }

    /// Gives up: nothing of it stays.
    ///
    /// # Errors
    /// When its files cannot be removed.
    pub fn discard(self) -> Result<(), Unwritable> {
        for path in [self.part(), self.journal_path()] {
            fs::remove_file(&path).map_err(Unwritable::at(&path))?;
        }
        Ok(())
    }

    /// The file of the tiles.
    pub(super) fn part(&self) -> PathBuf {
        self.target.beside(".part")
    }

    /// The file of the journal.
    pub(super) fn journal_path(&self) -> PathBuf {
        self.target.beside(".journal")
    }
}
