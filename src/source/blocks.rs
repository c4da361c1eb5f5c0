//! Text that comes block by block: bytes are checked, counted and hashed on their way.

use std::io::Read;

use xxhash_rust::xxh3::Xxh3;

use super::unpack::Unreadable;

/// Reads text.
pub(super) struct Blocks<'a, R> {
    input: R,
    /// Most bytes.
    limit: u64,
    read: u64,
    expected: u64,
    /// The start of a character whose end has not come yet.
    broken: Vec<u8>,
    hasher: Xxh3,
    /// Is told how many bytes came.
    advance: &'a (dyn Fn(u64) + Sync),
}

impl<'a, R: Read> Blocks<'a, R> {
    /// Text of about `expected` bytes, or zero where nobody knows, and of `limit` bytes at most.
    pub(super) fn new(input: R, expected: u64, limit: u64, advance: &'a (dyn Fn(u64) + Sync)) -> Self {
        Self { input, limit, read: 0, expected, broken: Vec::new(), hasher: Xxh3::new(), advance }
    }

    /// Appends up to so many bytes, and tells whether more may come.
    pub(super) fn append(&mut self, text: &mut String, size: usize) -> Result<bool, Unreadable> {
        let mut bytes = std::mem::take(&mut self.broken);
        let known = bytes.len();
        bytes.reserve(size);
        let read = (&mut self.input).take(size as u64).read_to_end(&mut bytes);
        let read = read.map_err(|error| Unreadable::new(format!("it cannot be read: {error}")))?;
        self.hasher.update(&bytes[known..]);
        let start = self.read - known as u64;
        self.read += read as u64;
        if self.read > self.limit {
            return Err(Unreadable::new(format!("it holds more than {} bytes, which is the limit", self.limit)));
        }
        (self.advance)(read as u64);
        let is_last = read < size;
        let good = match str::from_utf8(&bytes) {
            Ok(good) => good,
            // The rest of the character comes with the next block.
            Err(error) if error.error_len().is_none() && !is_last => {
                str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(error) => {
                let good = error.valid_up_to();
                let found = bytes.get(good).copied().unwrap_or_default();
                return Err(Unreadable::stray(found, start + good as u64));
            }
        };
        text.reserve(good.len());
        text.push_str(good);
        self.broken = bytes[good.len()..].to_vec();
        Ok(!is_last)
    }

    /// How many bytes there will be at most, as far as is known.
    pub(super) fn expected(&self) -> u64 {
        self.expected.min(self.limit)
    }

    /// What hashes the bytes that have come.
    pub(super) fn hasher(&self) -> &Xxh3 {
        &self.hasher
    }
}
