//! One collection of features.

use super::TileSettings;
use crate::source::Metadata;
use crate::space::CrsList;
use crate::store::Snapshot;

/// Features under one id, with what is said about them.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The name in URLs, unique in the catalog: no `.`, `,`, `/`, `@`.
    pub id: String,
    /// What its author says about it.
    pub metadata: Metadata,
    /// The features themselves.
    pub features: Features,
    /// The systems of coordinates that clients may ask for.
    pub systems: CrsList,
    /// How it is cut to tiles.
    pub tiles: TileSettings,
}

/// Where a collection's features are.
#[derive(Clone, Debug)]
pub enum Features {
    /// In memory, as their file held them when it was last read.
    Fixed(Snapshot),
}

impl Collection {
    /// A collection that is offered in the usual systems and in those that its author or the server's settings name; codes
    /// that nobody knows are left out.
    pub fn new(id: String, metadata: Metadata, features: Features, codes: &[u32]) -> Self {
        let Features::Fixed(snapshot) = &features;
        let usual = CrsList::of_extent(snapshot.extent().as_ref());
        let all = metadata.crs.iter().chain(codes);
        let systems = all.fold(usual, |list, &code| list.clone().with(&[code]).unwrap_or(list));
        let tiles = TileSettings::new(&metadata, snapshot);
        Self { id, metadata, features, systems, tiles }
    }

    /// The title, or the id where there is none.
    pub fn title(&self) -> &str {
        self.metadata.title.as_deref().unwrap_or(&self.id)
    }

    /// The features at this moment.
    pub fn snapshot(&self) -> &Snapshot {
        match &self.features {
            Features::Fixed(snapshot) => snapshot,
        }
    }
}
