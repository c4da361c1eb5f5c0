//! The catalog that is served now, behind one pointer.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use arc_swap::ArcSwap;
use tokio::sync::watch;

use super::Catalog;
use crate::store::Version;

/// Holds the catalog of this moment. Cloning shares it; reading never waits.
#[derive(Clone, Debug)]
pub struct Live {
    current: Arc<ArcSwap<Catalog>>,
    changes: watch::Sender<Arc<Catalog>>,
    since: Arc<AtomicU64>,
}

impl Live {
    /// Starts with a catalog.
    pub fn new(catalog: Catalog) -> Self {
        let catalog = Arc::new(catalog);
        let current = Arc::new(ArcSwap::new(Arc::clone(&catalog)));
        Self { current, changes: watch::Sender::new(catalog), since: Arc::new(AtomicU64::new(now())) }
    }

    /// The catalog now. A request takes it once and sees one world to its end.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.current.load_full()
    }

    /// The version of the catalog now.
    pub fn version(&self) -> Version {
        self.current.load().version
    }

    /// Puts the next catalog in the place of the present one, and tells those who listen.
    pub fn swap(&self, next: Catalog) {
        let next = Arc::new(next);
        self.since.store(now().max(self.since() + 1), Ordering::Release);
        self.current.store(Arc::clone(&next));
        self.changes.send_replace(next);
    }

    /// Since when the catalog is served, in milliseconds since 1970; a later one has a greater number.
    pub fn since(&self) -> u64 {
        self.since.load(Ordering::Acquire)
    }

    /// The newest catalog, and word of each newer one; those between may be missed.
    pub fn changes(&self) -> watch::Receiver<Arc<Catalog>> {
        self.changes.subscribe()
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_swap_is_seen_and_told_while_older_readers_keep_theirs() {
        let live = Live::new(Catalog::default());
        let mut changes = live.changes();
        let (before, since) = (live.catalog(), live.since());
        live.swap(Catalog::default());
        let after = live.catalog();
        assert!(!Arc::ptr_eq(&before, &after) && live.since() > since);
        changes.changed().await.unwrap();
        assert!(Arc::ptr_eq(&changes.borrow(), &after));
    }
}
