//! How far loading has come.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

/// Counts bytes of features. Cloning shares the count.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    expected: AtomicU64,
    read: AtomicU64,
}

impl Progress {
    /// Bytes to be read, as far as is known, and bytes that were read.
    pub fn bytes(&self) -> (u64, u64) {
        (self.0.expected.load(Ordering::Relaxed), self.0.read.load(Ordering::Relaxed))
    }

    pub(super) fn expect(&self, bytes: u64) {
        self.0.expected.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn advance(&self, bytes: u64) {
        self.0.read.fetch_add(bytes, Ordering::Relaxed);
    }
}
