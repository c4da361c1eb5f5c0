//! What all handlers share.

use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::Life;
use super::assets::Assets;
use super::kept::Kept;
use crate::catalog::Cache;
use crate::catalog::Clustered;
use crate::catalog::Live;
use crate::catalog::Metatiles;
use crate::config::Config;
use crate::telemetry::Metrics;
use crate::tile::Tile;
use crate::workers::Workers;

/// The state of the wire. Cloning shares it, and is done several times a request.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What an [`App`] is made of.
pub struct Shared {
    /// What is served.
    pub live: Live,
    /// Tiles that were made before.
    pub cache: Cache<Tile>,
    /// Points that were gathered into clusters before.
    pub clusters: Cache<Arc<Clustered>>,
    /// Whole answers with tiles, found before the router is asked.
    pub(super) kept: Arc<Kept>,
    /// Which blocks of tiles are worth drawing together.
    pub metatiles: Metatiles,
    /// The pool for work on the CPU.
    pub workers: Workers,
    /// What does not change while the server runs.
    pub config: Arc<Config>,
    /// What is counted.
    pub metrics: Metrics,
    /// Whether requests can be answered yet, and still.
    pub life: Life,
    /// Room for streams of events.
    pub(super) event_streams: Arc<Semaphore>,
    /// The files that pages load.
    pub(super) assets: Arc<Assets>,
}

impl App {
    /// An app with the files that are built into the program.
    pub fn new(live: Live, workers: Workers, config: Config) -> Self {
        Self(Arc::new(Shared {
            live,
            // A kept answer shares its body with the cache while both have it; when not, both together hold no more.
            cache: Cache::new(config.limits.cache_bytes / 4 * 3),
            kept: Arc::new(Kept::new(config.limits.cache_bytes / 4)),
            clusters: Cache::new(config.limits.cluster_bytes),
            metatiles: Metatiles::default(),
            workers,
            metrics: Metrics::default(),
            life: Life::default(),
            event_streams: Arc::new(Semaphore::new(config.limits.event_streams.min(Semaphore::MAX_PERMITS))),
            config: Arc::new(config),
            assets: Arc::new(Assets::embedded()),
        }))
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
