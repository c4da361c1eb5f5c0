//! The layers: the whole map, and each collection.

use crate::catalog::Catalog;
use crate::http::ogc::tiles::Offer;
use crate::query::Interval;

/// A layer with its styles.
pub(super) struct Layer {
    /// The name that requests give.
    pub(super) id: String,
    pub(super) title: String,
    pub(super) description: String,
    /// The tiles in each of its styles, the default first.
    pub(super) styles: Vec<Offer>,
    /// When its features are, where they have times and both ends are known.
    pub(super) time: Option<[String; 2]>,
}

impl Layer {
    /// All of them, the whole map first.
    pub(super) fn all(catalog: &Catalog) -> Vec<Self> {
        let mut layers: Vec<Self> = Vec::new();
        let styles: Vec<Offer> = Offer::whole(catalog);
        if !styles.is_empty() {
            layers.push(Self {
                id: root(catalog),
                title: "Map".to_owned(),
                description: "Everything, in each of the styles.".to_owned(),
                styles,
                time: None,
            });
        }
        for collection in catalog.collections.values().filter(|own| own.snapshot().extent().is_some()) {
            let styles = Offer::portrayed(catalog, collection);
            let ends = collection.snapshot().time_extent().as_ref().map(Interval::ends);
            let time = ends.and_then(|[from, until]| Some([from?, until?]));
            if !styles.is_empty() {
                layers.push(Self {
                    id: collection.id.clone(),
                    title: collection.title().to_owned(),
                    description: collection.metadata.description.clone().unwrap_or_default(),
                    styles,
                    time,
                });
            }
        }
        layers
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
