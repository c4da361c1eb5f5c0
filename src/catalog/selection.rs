//! Which features of collections a picture shows.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Collection;
use crate::query::Query;

/// What is asked of collections, by their ids: which features are drawn, in which order one over the other, and which of their
/// properties are known to what draws them. Of collections that are not named, everything. Cloning is cheap.
#[derive(Clone, Debug, Default)]
pub struct Selection(Arc<BTreeMap<String, Arc<Query>>>);

impl Selection {
    /// What was asked of each of these; places are what a picture shows and not what selects features of it, so boxes are
    /// left out.
    pub fn new<'a>(asked: impl IntoIterator<Item = (&'a Collection, Query)>) -> Self {
        let asked = asked.into_iter().map(|(collection, query)| (collection, Query { bbox: None, ..query }));
        let some = asked.filter(|(_, query)| *query != Query::default());
        Self(Arc::new(some.map(|(collection, query)| (collection.id.clone(), Arc::new(query))).collect()))
    }

    /// What is asked of a collection; `None` for everything.
    pub fn query(&self, id: &str) -> Option<&Arc<Query>> {
        self.0.get(id)
    }

    /// Whether every feature is meant, as it is.
    pub fn is_everything(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Selection {
    /// The canonical text, part of keys of pictures.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(id, query)| write!(f, "{id:?}:{query};"))
    }
}
