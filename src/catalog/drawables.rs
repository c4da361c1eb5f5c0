//! The opened styles of a catalog.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use super::Catalog;
use super::Drawable;
use super::Styled;
use crate::render::View;

/// The drawables of one style in one catalog, each opened when it is first needed: for pictures of ratio 1, and for finer
/// ones. Those that draw from elsewhere are opened again after a while.
#[derive(Clone, Debug, Default)]
pub struct Drawables([Arc<Mutex<Slot>>; 2]);

#[derive(Clone, Debug, Default)]
struct Slot {
    cell: Arc<OnceCell<Arc<Drawable>>>,
    opened: Option<Instant>,
}

/// When it is tried again to open what could not be opened completely.
const AGAIN: Duration = Duration::from_secs(30);

impl Styled {
    /// The style, opened for pictures of a ratio. What cannot be opened is logged once.
    pub async fn drawable(&self, catalog: &Catalog, ratio: f64) -> Arc<Drawable> {
        let Drawables(slots) = &self.drawables;
        let slot = &slots[usize::from(ratio > 1.0)];
        let cell = {
            let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            let age = slot.opened.map(|opened| opened.elapsed());
            let longest = match (&catalog.remote, slot.cell.get()) {
                (Some(remote), Some(drawable)) if self.draws_from_elsewhere() => {
                    let age = remote.limits().age;
                    Some(if drawable.failures() > 0 { age.min(AGAIN) } else { age })
                }
                _ => None,
            };
            if age.zip(longest).is_some_and(|(age, longest)| age > longest) {
                *slot = Slot::default();
            }
            slot.opened.get_or_insert_with(Instant::now);
            Arc::clone(&slot.cell)
        };
        let opening = async {
            let (drawable, diagnostics) = Drawable::open(&self.style, catalog, catalog.remote.clone(), ratio).await;
            for diagnostic in diagnostics {
                tracing::warn!(style = %self.id, "{diagnostic}");
            }
            Arc::new(drawable)
        };
        Arc::clone(cell.get_or_init(|| opening).await)
    }

    /// Fetches what a view needs from other hosts, so that no worker waits for them.
    pub async fn prepare(self: &Arc<Self>, catalog: &Arc<Catalog>, view: &View) {
        if !self.draws_from_elsewhere() {
            return;
        }
        // Opening reads what it fetches, which takes a processor and not only time.
        let (styled, catalog, runtime, ratio) =
            (Arc::clone(self), Arc::clone(catalog), Handle::current(), view.ratio());
        let opening = spawn_blocking(move || runtime.block_on(styled.drawable(&catalog, ratio)));
        if let Ok(drawable) = opening.await {
            drawable.prepare(view).await;
        }
    }
}
