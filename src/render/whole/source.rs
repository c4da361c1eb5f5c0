//! A source whose features are at hand.

use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::Memory;
use crate::query::Query;
use crate::store::Snapshot;

/// The features of a source, drawn as wholes.
#[derive(Clone, Debug)]
pub struct Whole {
    /// Its layers.
    pub layers: Vec<WholeLayer>,
    /// What was found out about them for other pictures of the same style.
    pub memory: Arc<Memory>,
}

/// The features of one layer.
#[derive(Clone, Debug)]
pub struct WholeLayer {
    /// Its name (`MapLibre`: source-layer); that of GeoJSON does not matter.
    pub name: String,
    /// The features.
    pub snapshot: Snapshot,
    /// Which of them are meant; `None` for all. A [`Memory`] goes with one choice only.
    pub query: Option<Arc<Query>>,
    /// Different for different layers of one style.
    pub(super) key: u64,
}

impl Whole {
    /// The layer of a name, or the first one where there is no name.
    pub fn layer(&self, name: Option<&str>) -> Option<&WholeLayer> {
        match name {
            None => self.layers.first(),
            Some(name) => self.layers.iter().find(|layer| layer.name == name),
        }
    }
}

impl WholeLayer {
    /// A layer of a source, each by its name.
    pub fn new(source: &str, name: &str, snapshot: Snapshot, query: Option<Arc<Query>>) -> Self {
        let key = xxh3_64(format!("{source}\n{name}").as_bytes());
        Self { name: name.to_owned(), snapshot, query, key }
    }

    /// Whether a row is one of those that are meant.
    pub fn is_meant(&self, row: u32) -> bool {
        let Some(query) = &self.query else { return true };
        let in_box = |row: u32| {
            query.bbox.is_none_or(|bbox| bbox.parts().any(|part| self.snapshot.row(row).geometry().intersects(&part)))
        };
        self.snapshot.is_selected(row, query) && in_box(row)
    }

    /// Brings rows, which are ascending, into the order in which they are drawn.
    pub fn sort(&self, rows: &mut [u32]) {
        if let Some(query) = &self.query {
            self.snapshot.sort(query, rows);
        }
    }

    /// The names of the properties that a style knows of; `None` for all.
    pub fn known(&self) -> Option<&[String]> {
        self.query.as_ref()?.properties.as_deref()
    }
}
