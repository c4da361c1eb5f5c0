//! What all handlers share.

use std::sync::Arc;
use std::time::Duration;

use super::assets::Assets;
use super::proxy::Network;
use crate::catalog::Live;
use crate::workers::Workers;

/// The state of the wire. Cloning is cheap and shares it.
#[derive(Clone)]
pub struct App {
    /// What is served.
    pub live: Live,
    /// The pool for work on the CPU.
    pub workers: Workers,
    /// What does not change while the server runs.
    pub settings: Arc<Settings>,
    /// The files that pages load.
    pub(super) assets: Arc<Assets>,
}

/// How the server presents itself and what it allows.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its name.
    pub title: String,
    /// What it serves, in a sentence or two.
    pub description: String,
    /// The path under which it is mounted, for instance `/maps`; empty at the root.
    pub base_path: String,
    /// Proxies whose `Forwarded` and `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<Network>,
    /// Query parameters that every operation passes over.
    pub ignored_parameters: Vec<String>,
    /// How large requests and answers may be.
    pub limits: Limits,
}

/// How large requests and answers may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Features on a page when the request does not say.
    pub items_default: usize,
    /// Features on a page at most.
    pub items_maximum: usize,
    /// Bytes of path and query.
    pub url: usize,
    /// Bytes of a request body.
    pub body: usize,
    /// Time until the first byte of an answer.
    pub time: Duration,
}

impl App {
    /// An app with the files that are built into the program.
    pub fn new(live: Live, workers: Workers, settings: Settings) -> Self {
        Self { live, workers, settings: Arc::new(settings), assets: Arc::new(Assets::embedded()) }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            title: "Tumen".to_owned(),
            description: "Features, vector tiles and maps from GeoJSON.".to_owned(),
            base_path: String::new(),
            trusted_proxies: Vec::new(),
            ignored_parameters: ["v", "_", "t", "key", "access_token"].map(str::to_owned).to_vec(),
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { items_default: 10, items_maximum: 10_000, url: 8 << 10, body: 1 << 20, time: Duration::from_secs(60) }
    }
}
