//! The catalog: one immutable value, swapped whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Collection;
use crate::source::Problem;
use crate::space::Grid;

/// Everything that is served at one moment.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Collections by id.
    pub collections: BTreeMap<String, Arc<Collection>>,
    /// Grids that tiles are cut on, by id; `WebMercatorQuad` is always there.
    pub grids: BTreeMap<String, Arc<Grid>>,
    /// What was wrong when it was built.
    pub problems: Vec<Problem>,
}

impl Default for Catalog {
    fn default() -> Self {
        let grid = Grid::web_mercator_quad();
        Self {
            collections: BTreeMap::new(),
            grids: BTreeMap::from([(grid.id().to_owned(), Arc::new(grid))]),
            problems: Vec::new(),
        }
    }
}

impl Catalog {
    /// The collection of an id.
    pub fn collection(&self, id: &str) -> Option<&Arc<Collection>> {
        self.collections.get(id)
    }
}
