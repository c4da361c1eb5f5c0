//! One collection of features.

use crate::source::Metadata;
use crate::space::Crs;
use crate::space::CrsList;
use crate::store::Snapshot;

/// Features under one id, with what is said about them.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The name in URLs, unique in the catalog: no `.`, `,`, `/`, `@`.
    pub id: String,
    /// What its author says about it.
    pub metadata: Metadata,
    /// The systems that its coordinates can be asked for in.
    pub crs: CrsList,
    /// The features themselves.
    pub features: Features,
}

/// Where a collection's features are.
#[derive(Clone, Debug)]
pub enum Features {
    /// In memory, as their file held them when it was last read.
    Fixed(Snapshot),
}

impl Collection {
    /// The title, or the id where there is none.
    pub fn title(&self) -> &str {
        self.metadata.title.as_deref().unwrap_or(&self.id)
    }

    /// The system in which its features are stored: GeoJSON has one (RFC 7946, 4).
    pub fn storage_crs(&self) -> &Crs {
        &Crs::Crs84
    }

    /// The features at this moment.
    pub fn snapshot(&self) -> &Snapshot {
        match &self.features {
            Features::Fixed(snapshot) => snapshot,
        }
    }
}
