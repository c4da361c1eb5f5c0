//! What a map is of: collections in a style.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use crate::catalog::Catalog;
use crate::catalog::Collection;
use crate::catalog::Styled;
use crate::http::Call;
use crate::http::Error;
use crate::http::Params;

/// Collections in a style.
#[derive(Clone)]
pub(super) struct Target {
    /// How they look.
    pub(super) styled: Arc<Styled>,
    /// What can be chosen from.
    pub(super) collections: Vec<Arc<Collection>>,
    /// Whether the parameter `collections` chooses among them, and what is done with those that the style does not draw.
    pub(super) choice: Choice,
}

/// Whether some of the collections may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// There is nothing to choose.
    None,
    /// Those that the style draws.
    Drawn,
    /// All; those that the style does not draw look as they do on their own.
    Any,
}

impl Target {
    /// All that is served, in the style of the first page.
    pub(super) fn dataset(call: &Call) -> Self {
        let catalog = &call.catalog;
        let styled = catalog.default_style().cloned().unwrap_or_else(|| {
            let styles: Vec<_> = catalog.collections.values().filter_map(|own| first_style(catalog, own)).collect();
            // Those that are made for collections have no images.
            catalog.stacked(&styles).unwrap_or_else(|_| styles[0].clone())
        });
        Self { styled, collections: catalog.collections.values().cloned().collect(), choice: Choice::Any }
    }

    /// One collection, in the first of its styles.
    pub(super) fn collection(call: &Call, id: &str) -> Result<Self, Error> {
        let collection = call.collection(id)?;
        let missing = || Error::NotFound(format!("style for collection '{id}'"));
        let styled = first_style(&call.catalog, &collection).ok_or_else(missing)?;
        Ok(Self { styled, collections: vec![collection], choice: Choice::None })
    }

    /// A whole style.
    pub(super) fn style(call: &Call, id: &str) -> Result<Self, Error> {
        let styled = call.catalog.style(id).cloned().ok_or_else(|| Error::NotFound(format!("style '{id}'")))?;
        let mut collections = call.catalog.collections_of(&styled);
        collections.sort_by(|a, b| a.id.cmp(&b.id));
        collections.dedup_by(|a, b| a.id == b.id);
        Ok(Self { styled, collections, choice: Choice::Drawn })
    }

    /// One collection in one of its styles.
    pub(super) fn collection_style(call: &Call, id: &str, style: &str) -> Result<Self, Error> {
        let collection = call.collection(id)?;
        let styled = call.catalog.styles_of(&collection).into_iter().find(|styled| styled.id == style);
        let styled = styled.ok_or_else(|| Error::NotFound(format!("style '{style}' of collection '{id}'")))?;
        Ok(Self { styled, collections: vec![collection], choice: Choice::None })
    }

    /// The same with the collections that are chosen, if any are.
    pub(super) fn chosen(self, call: &Call, params: &Params) -> Result<Self, Error> {
        let Some(list) = params.text("collections") else { return Ok(self) };
        let mut collections: Vec<Arc<Collection>> = Vec::new();
        let limit = call.app.config.limits.collections;
        for item in list.split(',') {
            let id = id_of(item);
            let known = self.collections.iter().find(|collection| collection.id == id);
            let collection = known.ok_or_else(|| {
                let known: Vec<&str> = self.collections.iter().map(|own| own.id.as_str()).collect();
                Error::Invalid(format!(
                    "the parameter 'collections' names '{item}'; there are {}",
                    if known.is_empty() { "none".to_owned() } else { known.join(", ") }
                ))
            })?;
            if collections.iter().all(|own| own.id != collection.id) {
                collections.push(Arc::clone(collection));
            }
            if collections.len() > limit {
                return Err(Error::Invalid(format!("at most {limit} collections may be asked for at once")));
            }
        }
        let catalog = &call.catalog;
        let is_drawn = |own: &Arc<Collection>| catalog.part_of(&self.styled, &[own.id.as_str()]).is_some();
        let (drawn, others): (Vec<_>, Vec<_>) = collections.iter().partition(|own| is_drawn(own));
        if let (Some(other), Choice::Drawn) = (others.first(), self.choice) {
            return Err(Error::Invalid(format!(
                "the parameter 'collections' names '{}', which this style does not draw",
                other.id
            )));
        }
        let ids: Vec<&str> = drawn.iter().map(|own| own.id.as_str()).collect();
        let mut styles: Vec<Arc<Styled>> = catalog.part_of(&self.styled, &ids).into_iter().collect();
        styles.extend(others.iter().filter_map(|own| first_style(catalog, own)));
        let styled = catalog.stacked(&styles).map_err(|error| Error::Invalid(error.to_string()))?;
        Ok(Self { styled, collections, choice: self.choice })
    }
}

fn first_style(catalog: &Catalog, collection: &Arc<Collection>) -> Option<Arc<Styled>> {
    catalog.styles_of(collection).into_iter().next()
}

/// The id of a collection, of which the address may be given as well.
fn id_of(item: &str) -> String {
    let item = item.trim();
    match item.rsplit_once("/collections/") {
        Some((_, rest)) => {
            let id = rest.split(['/', '?', '#']).next().unwrap_or_default();
            percent_decode_str(id).decode_utf8_lossy().into_owned()
        }
        None => item.to_owned(),
    }
}
