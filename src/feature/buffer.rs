//! Arrays that are in memory, or lie in bytes that are shared with others: a packed file that is mapped, above all.

use std::fmt;
use std::ops::Deref;

use bytemuck::Pod;
use bytes::Bytes;

/// Elements one after the other. Whoever reads it need not know where they are.
#[derive(Clone)]
pub struct Buffer<T>(Kept<T>);

#[derive(Clone)]
enum Kept<T> {
    Owned(Vec<T>),
    /// Whole elements, aligned as they have to be.
    Shared(Bytes),
}

impl<T: Pod> Buffer<T> {
    /// The elements that the bytes are, in the order of bytes of this machine; `None` when they are not whole ones, or do not
    /// lie where such elements may.
    pub fn shared(bytes: Bytes) -> Option<Self> {
        bytemuck::try_cast_slice::<u8, T>(&bytes).is_ok().then_some(Self(Kept::Shared(bytes)))
    }

    /// The elements as they lie in memory.
    pub fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(self)
    }

    /// The elements to be changed; shared ones are copied first.
    pub fn edit(&mut self) -> &mut Vec<T> {
        if let Kept::Shared(bytes) = &self.0 {
            self.0 = Kept::Owned(bytemuck::cast_slice(bytes).to_vec());
        }
        match &mut self.0 {
            Kept::Owned(elements) => elements,
            Kept::Shared(_) => unreachable!("shared elements were copied above"),
        }
    }

    /// The elements at these positions, one after the other.
    pub fn gathered(&self, positions: &[u32]) -> Self {
        let elements: &[T] = self;
        positions.iter().map(|&position| elements[position as usize]).collect()
    }

    /// Makes room for so many times the present elements in addition, if they are owned.
    pub fn reserve(&mut self, times: f64) {
        if let Kept::Owned(elements) = &mut self.0 {
            elements.reserve_exact((elements.len() as f64 * times) as usize);
        }
    }

    /// Gives back memory that was reserved and is not needed.
    pub fn shrink_to_fit(&mut self) {
        if let Kept::Owned(elements) = &mut self.0 {
            elements.shrink_to_fit();
        }
    }
}

impl<T: Pod> Deref for Buffer<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Kept::Owned(elements) => elements,
            Kept::Shared(bytes) => bytemuck::cast_slice(bytes),
        }
    }
}

impl<T> Default for Buffer<T> {
    fn default() -> Self {
        Self(Kept::Owned(Vec::new()))
    }
}

impl<T> From<Vec<T>> for Buffer<T> {
    fn from(elements: Vec<T>) -> Self {
        Self(Kept::Owned(elements))
    }
}

impl<T: Pod> FromIterator<T> for Buffer<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self(Kept::Owned(elements.into_iter().collect()))
    }
}

impl<T: Pod> fmt::Debug for Buffer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = if matches!(self.0, Kept::Owned(_)) { "owned" } else { "shared" };
        write!(f, "{} {kept} elements", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_elements_are_those_of_the_bytes_and_are_copied_when_they_are_changed() {
        let own: Buffer<[f64; 2]> = vec![[1.0, 2.0], [3.0, 4.5]].into();
        let bytes = Bytes::from_owner(own.to_vec().into_iter().flatten().collect::<Aligned>());
        let mut shared = Buffer::<[f64; 2]>::shared(bytes.clone()).unwrap();
        assert_eq!(*shared, *own);
        shared.edit().push([5.0, 6.0]);
        assert_eq!(shared.len(), 3);
        assert_eq!(Buffer::<[f64; 2]>::shared(bytes).unwrap().bytes(), own.bytes());
    }

    #[test]
    fn bytes_that_are_no_whole_elements_are_refused() {
        let bytes = Bytes::from_owner(Aligned(vec![0.0; 3]));
        assert!(Buffer::<[f64; 2]>::shared(bytes.clone()).is_none());
        assert!(Buffer::<f64>::shared(bytes.slice(4..12)).is_none(), "it lies across two of them");
        assert_eq!(Buffer::<f64>::shared(bytes.slice(8..)).unwrap().len(), 2);
    }

    struct Aligned(Vec<f64>);

    impl AsRef<[u8]> for Aligned {
        fn as_ref(&self) -> &[u8] {
            bytemuck::cast_slice(&self.0)
        }
    }

    impl FromIterator<f64> for Aligned {
        fn from_iter<I: IntoIterator<Item = f64>>(numbers: I) -> Self {
            Self(numbers.into_iter().collect())
        }
    }
}
