//! Many strings in one buffer.

use std::fmt;
use std::hash::Hash;

/// Strings laid end to end, addressed by position.
#[derive(Clone, Default)]
pub struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// Appends a string and answers its position.
    pub fn push(&mut self, string: &str) -> usize {
        self.text.push_str(string);
        self.ends.push(self.text.len());
        self.ends.len() - 1
    }

    /// The string at a position.
    ///
    /// # Panics
    /// When there are not that many.
    pub fn at(&self, position: usize) -> &str {
        let start = if position == 0 { 0 } else { self.ends[position - 1] };
        &self.text[start..self.ends[position]]
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

    /// Gives back memory that was reserved and is not needed.
    pub fn shrink_to_fit(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

impl fmt::Debug for Strings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<S: AsRef<str> + Hash> FromIterator<S> for Strings {
    fn from_iter<I: IntoIterator<Item = S>>(iter: I) -> Self {
        let mut strings = Self::default();
        for string in iter {
            strings.push(string.as_ref());
        }
        strings
    }
}
