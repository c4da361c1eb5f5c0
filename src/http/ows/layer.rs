//! The layers: the whole map, and each collection.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Times;
use crate::catalog::Catalog;
use crate::catalog::Collection;
use crate::config::Limits;
use crate::http::ogc::tiles::Offer;
use crate::space::Grid;
use crate::space::TileLimits;

/// A layer with its styles.
pub(in crate::http) struct Layer {
    /// The name that requests give.
    pub(in crate::http) id: String,
    pub(in crate::http) title: String,
    pub(in crate::http) description: String,
    /// The tiles in each of its styles, the default first.
    pub(in crate::http) styles: Vec<Offer>,
    /// When its features are, where they have times.
    pub(in crate::http) time: Option<Times>,
    /// What it shows; nothing for the whole map.
    pub(in crate::http) collection: Option<Arc<Collection>>,
}

impl Layer {
    /// All of them, the whole map first.
    pub(in crate::http) fn all(catalog: &Catalog) -> Vec<Self> {
        let mut layers: Vec<Self> = Vec::new();
        let styles: Vec<Offer> = Offer::whole(catalog);
        if !styles.is_empty() {
            layers.push(Self {
                id: root(catalog),
                title: "Map".to_owned(),
                description: "Everything, in each of the styles.".to_owned(),
                styles,
                time: None,
                collection: None,
            });
        }
        for collection in catalog.collections.values().filter(|own| own.snapshot().extent().is_some()) {
            let styles = Offer::portrayed(catalog, collection);
            if !styles.is_empty() {
                layers.push(Self {
                    id: collection.id.clone(),
                    title: collection.title().to_owned(),
                    description: collection.metadata.description.clone().unwrap_or_default(),
                    styles,
                    time: Times::of(collection),
                    collection: Some(Arc::clone(collection)),
                });
            }
        }
        layers
    }

    /// The tiles that there are of it on a grid, whatever the style, a level each.
    pub(in crate::http) fn limits(&self, grid: &Grid, limits: &Limits) -> Vec<TileLimits> {
        let mut levels: BTreeMap<u8, TileLimits> = BTreeMap::new();
        for own in self.styles.iter().flat_map(|offer| offer.limits(grid, limits)) {
            levels.entry(own.level).and_modify(|all| *all = all.union(own)).or_insert(own);
        }
        levels.into_values().collect()
    }
}

/// The name of the whole map, which no collection has.
fn root(catalog: &Catalog) -> String {
    let mut name = "map".to_owned();
    while catalog.collection(&name).is_some() {
        name.insert(0, '_');
    }
    name
}
