//! Many strings in one buffer.

use std::fmt;

use bytes::Bytes;

use super::Buffer;
use super::packed::Misfit;
use super::packed::Packed;
use super::packed::Packing;

/// Strings laid end to end, addressed by position.
#[derive(Clone, Default)]
pub struct Strings {
    text: Text,
    ends: Buffer<u64>,
}

/// The strings, one after the other.
#[derive(Clone)]
enum Text {
    Owned(String),
    /// Each string is checked when it is asked for: to check all of them would be to read a whole file.
    Shared(Bytes),
}

/// Shared strings that together are shorter than this are copied and checked once instead.
const SMALL: usize = 256 << 10;

impl Strings {
    /// Appends a string and answers its position.
    pub fn push(&mut self, string: &str) -> usize {
        let text = self.text.edit();
        text.push_str(string);
        let end = text.len() as u64;
        let ends = self.ends.edit();
        ends.push(end);
        ends.len() - 1
    }

    /// Appends the strings of others.
    pub fn append(&mut self, others: &Self) {
        let text = self.text.edit();
        let start = text.len() as u64;
        match &others.text {
            Text::Owned(other) => text.push_str(other),
            Text::Shared(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
        }
        self.ends.edit().extend(others.ends.iter().map(|end| start + end));
    }

    /// The string at a position.
    ///
    /// # Panics
    /// When there are not that many.
    #[inline]
    pub fn at(&self, position: usize) -> &str {
        let start = if position == 0 { 0 } else { self.ends[position - 1] as usize };
        self.text.stretch(start, self.ends[position] as usize)
    }

    /// The bytes of the string at a position, to be copied: they are not looked at.
    ///
    /// # Panics
    /// When there are not that many.
    #[inline]
    pub fn bytes_at(&self, position: usize) -> &[u8] {
        let start = if position == 0 { 0 } else { self.ends[position - 1] as usize };
        self.text.bytes().get(start..self.ends[position] as usize).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|position| self.at(position))
    }

    /// Makes room for so many times the present strings in addition.
    pub fn reserve(&mut self, times: f64) {
        if let Text::Owned(text) = &mut self.text {
            text.reserve_exact((text.len() as f64 * times) as usize);
        }
        self.ends.reserve(times);
    }

    /// Gives back memory that was reserved and is not needed.
    pub fn shrink_to_fit(&mut self) {
        if let Text::Owned(text) = &mut self.text {
            text.shrink_to_fit();
        }
        self.ends.shrink_to_fit();
    }

    /// Puts its arrays under a name.
    pub fn pack<'a>(&'a self, name: &str, packing: &mut Packing<'a>) {
        packing.put(format!("{name}.text"), self.text.bytes());
        packing.put(format!("{name}.ends"), &self.ends);
    }

    /// What was packed under a name.
    pub fn unpack(name: &str, packed: &Packed) -> Result<Self, Misfit> {
        let part = format!("{name}.text");
        let text = packed.bytes(&part).ok_or_else(|| Misfit(part.clone()))?;
        let ends = packed.buffer(&format!("{name}.ends"))?;
        if ends.last().copied().unwrap_or_default() != text.len() as u64 {
            return Err(Misfit(part));
        }
        let text = if text.len() < SMALL {
            Text::Owned(String::from_utf8(text.to_vec()).map_err(|_| Misfit(part))?)
        } else {
            Text::Shared(text)
        };
        Ok(Self { text, ends })
    }
}

impl Text {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Owned(text) => text.as_bytes(),
            Self::Shared(bytes) => bytes,
        }
    }

    /// The string between two places; empty when none is there, which only a damaged file has.
    #[inline]
    fn stretch(&self, start: usize, end: usize) -> &str {
        match self {
            Self::Owned(text) => text.get(start..end).unwrap_or_default(),
            Self::Shared(bytes) => str::from_utf8(bytes.get(start..end).unwrap_or_default()).unwrap_or_default(),
        }
    }

    fn edit(&mut self) -> &mut String {
        if let Self::Shared(bytes) = self {
            *self = Self::Owned(String::from_utf8_lossy(bytes).into_owned());
        }
        match self {
            Self::Owned(text) => text,
            Self::Shared(_) => unreachable!("a shared text was copied above"),
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::Owned(String::new())
    }
}

impl fmt::Debug for Strings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<S: AsRef<str>> FromIterator<S> for Strings {
    fn from_iter<I: IntoIterator<Item = S>>(iter: I) -> Self {
        let mut strings = Self::default();
        for string in iter {
            strings.push(string.as_ref());
        }
        strings
    }
}
