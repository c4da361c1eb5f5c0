//! One collection of features.

use std::sync::Arc;
use std::sync::OnceLock;

use super::LabelPoints;
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
    /// Where labels stand, made when it is asked for the first time.
    label_points: Arc<OnceLock<LabelPoints>>,
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
        Self { id, metadata, features, systems, tiles, label_points: Arc::default() }
    }

    /// The title, or the id where there is none.
    pub fn title(&self) -> &str {
        self.metadata.title.as_deref().unwrap_or(&self.id)
    }

    /// Where the labels of its features stand.
    pub(super) fn label_points(&self) -> &LabelPoints {
        self.label_points.get_or_init(|| LabelPoints::new(self.snapshot().len()))
    }

    /// The features at this moment.
    pub fn snapshot(&self) -> &Snapshot {
        match &self.features {
            Features::Fixed(snapshot) => snapshot,
        }
    }
}
