//! The journal of a spool: what of it is whole.

use std::fs::File;
use std::io;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use crate::tile::archive::directory::number;
use crate::tile::archive::directory::push_number;

/// One batch of tiles that were spooled together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    /// Bytes that it added to the spool.
    pub(super) bytes: u64,
    /// A hash of them.
    pub(super) hash: u64,
    /// All tiles of lower numbers have come.
    pub(super) next: u64,
    /// The tiles, in the order of their numbers.
    pub(super) tiles: Vec<Spooled>,
}

/// A tile and where its bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spooled {
    /// Its number.
    pub(super) number: u64,
    /// Where its bytes begin in the spool.
    pub(super) offset: u64,
    /// How many they are.
    pub(super) length: u32,
    /// A hash of them, for the first of those that have them.
    pub(super) hash: Option<u128>,
}

/// The batches of a journal, from its start to the first that is not whole.
pub(super) struct Batches {
    file: BufReader<File>,
    /// Bytes of the journal that are whole.
    pub(super) whole: u64,
    /// Bytes of the spool that they tell of.
    pub(super) spooled: u64,
}

/// What a journal begins with; its number changes with the format.
const MAGIC: &[u8; 16] = b"tumen export 1\n\0";

/// Bytes of a batch, at most: those of a full one are far fewer.
const MOST: u32 = 64 << 20;

/// The head of the journal of a job.
pub(super) fn head(job: u128) -> [u8; 32] {
    let mut head = [0; 32];
    head[..16].copy_from_slice(MAGIC);
    head[16..].copy_from_slice(&job.to_le_bytes());
    head
}

impl Batch {
    /// Its record: length, content, hash.
    pub(super) fn encode(&self, before: u64) -> Vec<u8> {
        let mut content = Vec::with_capacity(32 + self.tiles.len() * 12);
        content.extend(self.hash.to_le_bytes());
        for value in [self.bytes, self.next, self.tiles.len() as u64] {
            push_number(&mut content, value);
        }
        let (mut last, mut end) = (0, before);
        for tile in &self.tiles {
            push_number(&mut content, tile.number - last);
            push_number(&mut content, u64::from(tile.length));
            last = tile.number;
            if tile.offset == end {
                content.push(u8::from(tile.hash.is_some()));
                content.extend(tile.hash.iter().flat_map(|hash| hash.to_le_bytes()));
                end += u64::from(tile.length);
            } else {
                push_number(&mut content, tile.offset + 2);
            }
        }
        let mut record = Vec::with_capacity(content.len() + 12);
        record.extend((content.len() as u32).to_le_bytes());
        record.extend(&content);
        record.extend(xxh3_64(&content).to_le_bytes());
        record
    }

    fn decode(mut content: &[u8], before: u64) -> Option<Self> {
        let hash = take(&mut content).map(u64::from_le_bytes)?;
        let mut next = || number(&mut content).ok();
        let (bytes, next, count) = (next()?, next()?, next()?);
        let (mut last, mut end) = (0, before);
        let mut tiles = Vec::new();
        for _ in 0..count {
            last += number(&mut content).ok()?;
            let length = u32::try_from(number(&mut content).ok()?).ok()?;
            let (offset, hash) = match number(&mut content).ok()? {
                0 => (end, None),
                1 => (end, Some(u128::from_le_bytes(take(&mut content)?))),
                before => (before - 2, None),
            };
            if offset == end {
                end += u64::from(length);
            }
            tiles.push(Spooled { number: last, offset, length, hash });
        }
        (end - before == bytes).then_some(Self { bytes, hash, next, tiles })
    }
}

impl Batches {
    /// Opens the journal of a job; `None` when there is none, or one of another job.
    pub(super) fn open(path: &Path, job: u128) -> io::Result<Option<Self>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let (mut file, mut found) = (BufReader::new(file), [0; 32]);
        let is_own = file.read_exact(&mut found).is_ok() && found == head(job);
        Ok(is_own.then_some(Self { file, whole: 32, spooled: 0 }))
    }

    /// The next batch; `None` where the journal ends, or was torn.
    pub(super) fn next(&mut self) -> Option<Batch> {
        let mut length = [0; 4];
        self.file.read_exact(&mut length).ok()?;
        let length = u32::from_le_bytes(length);
        if length > MOST {
            return None;
        }
        let mut content = Vec::new();
        let mut hash = [0; 8];
        (&mut self.file).take(u64::from(length)).read_to_end(&mut content).ok()?;
        self.file.read_exact(&mut hash).ok()?;
        if u64::from_le_bytes(hash) != xxh3_64(&content) {
            return None;
        }
        let batch = Batch::decode(&content, self.spooled)?;
        self.whole += u64::from(length) + 12;
        self.spooled += batch.bytes;
        Some(batch)
    }
}

fn take<const N: usize>(content: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = content.split_first_chunk::<N>()?;
    *content = rest;
    Some(*first)
}
