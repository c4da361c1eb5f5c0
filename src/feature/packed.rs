//! What is at rest as arrays with names, on its way to a file and back.

use std::collections::HashMap;

use bytemuck::Pod;
use bytes::Bytes;

use super::Buffer;

/// Arrays by their names, to be written.
#[derive(Debug, Default)]
pub struct Packing<'a> {
    arrays: Vec<(String, &'a [u8])>,
}

/// Arrays by their names, as they were written.
#[derive(Debug, Default)]
pub struct Packed {
    arrays: HashMap<String, Bytes>,
}

/// Arrays that do not make what they should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the array '{0}' is missing or does not fit the others")]
pub struct Misfit(pub String);

impl<'a> Packing<'a> {
    /// Adds an array.
    pub fn put<T: Pod>(&mut self, name: impl Into<String>, elements: &'a [T]) {
        self.arrays.push((name.into(), bytemuck::cast_slice(elements)));
    }

    /// The arrays in the order in which they were added.
    pub fn arrays(&self) -> &[(String, &'a [u8])] {
        &self.arrays
    }
}

impl Packed {
    /// The array of a name.
    ///
    /// # Errors
    /// When there is none, or its bytes are no whole elements.
    pub fn buffer<T: Pod>(&self, name: &str) -> Result<Buffer<T>, Misfit> {
        self.bytes(name).and_then(Buffer::shared).ok_or_else(|| Misfit(name.to_owned()))
    }

    /// The bytes of an array, if there is one of the name.
    pub fn bytes(&self, name: &str) -> Option<Bytes> {
        self.arrays.get(name).cloned()
    }
}

impl FromIterator<(String, Bytes)> for Packed {
    fn from_iter<I: IntoIterator<Item = (String, Bytes)>>(arrays: I) -> Self {
        Self { arrays: arrays.into_iter().collect() }
    }
}
