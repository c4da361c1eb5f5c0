//! From what a picture shows to the feature of a collection that it shows.

use std::sync::Arc;

use super::Catalog;
use super::Collection;
use super::Styled;
use crate::feature::Row;
use crate::feature::Scalar;
use crate::render::Hit;
use crate::style::Source;
use crate::tile::id_key;

/// What was drawn at a pixel, with the feature of the catalog that it is.
#[derive(Clone, Debug)]
pub struct Picked {
    /// What was drawn.
    pub hit: Hit,
    /// The collection, and the number of the feature's row in its snapshot; none when the style draws from elsewhere.
    pub feature: Option<(Arc<Collection>, u32)>,
}

impl Catalog {
    /// Finds the feature that was drawn, with all of its properties and its whole geometry, of which a tile has a part only.
    pub fn picked(&self, styled: &Styled, hit: Hit) -> Picked {
        let feature = self.collection_of(styled, &hit).and_then(|collection| {
            let row = row(&collection, &hit)?.number();
            Some((collection, row))
        });
        Picked { hit, feature }
    }

    fn collection_of(&self, styled: &Styled, hit: &Hit) -> Option<Arc<Collection>> {
        let Some(Source::Vector(tiled)) = styled.style.sources.get(&hit.source) else { return None };
        let collections = self.collections_at(tiled.url.as_deref()?)?;
        collections.into_iter().find(|collection| Some(&collection.id) == hit.source_layer.as_ref())
    }
}

/// The row of a feature that a tile shows.
fn row<'a>(collection: &'a Collection, hit: &Hit) -> Option<Row<'a>> {
    let snapshot = collection.snapshot();
    let key = id_key(snapshot.schema());
    let carried = hit.properties.iter().find(|(name, _)| *name == key).map(|(_, value)| match value {
        Scalar::Text(text) => text.to_string(),
        Scalar::Int(number) => number.to_string(),
        other => format!("{other:?}"),
    });
    if let Some(row) = carried.and_then(|id| snapshot.find(&id)) {
        return Some(row);
    }
    let id = hit.id?;
    let named = snapshot.find(&id.to_string()).filter(|row| row.id().tile_id() == id);
    // Tiles may leave out the text of an id, of which theirs is a hash.
    named.or_else(|| snapshot.table().rows().find(|row| row.id().tile_id() == id))
}
