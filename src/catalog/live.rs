//! The catalog that is served now, behind one pointer.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::watch;

use super::Catalog;
use crate::store::Version;

/// Holds the catalog of this moment. Cloning shares it; reading never waits.
#[derive(Clone, Debug)]
pub struct Live {
    current: Arc<ArcSwap<Catalog>>,
    changes: watch::Sender<Arc<Catalog>>,
}

impl Live {
    /// Starts with a catalog.
    pub fn new(catalog: Catalog) -> Self {
        let catalog = Arc::new(catalog);
        Self { current: Arc::new(ArcSwap::new(Arc::clone(&catalog))), changes: watch::Sender::new(catalog) }
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
        self.current.store(Arc::clone(&next));
        self.changes.send_replace(next);
    }

    /// The newest catalog, and word of each newer one; those between may be missed.
    pub fn changes(&self) -> watch::Receiver<Arc<Catalog>> {
        self.changes.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_swap_is_seen_and_told_while_older_readers_keep_theirs() {
        let live = Live::new(Catalog::default());
        let mut changes = live.changes();
        let before = live.catalog();
        live.swap(Catalog::default());
        let after = live.catalog();
        assert!(!Arc::ptr_eq(&before, &after));
        changes.changed().await.unwrap();
        assert!(Arc::ptr_eq(&changes.borrow(), &after));
    }
}
