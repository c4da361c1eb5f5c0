//! One style as it is served.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use super::Collection;
use super::Drawables;
use crate::store::Version;
use crate::style;
use crate::style::Style;

/// The id of the style that is drawn where there is no other.
pub(super) const AUTOMATIC: &str = "automatic";

/// A style under one id.
#[derive(Clone, Debug)]
pub struct Styled {
    /// The name in URLs, unique in the catalog.
    pub id: String,
    /// The document as its author wrote it.
    pub document: Value,
    /// What it means.
    pub style: Style,
    /// A hash of the document and of the fonts and images that it may draw with.
    pub version: Version,
    /// The style with its sources opened.
    pub drawables: Drawables,
}

/// The styles that were made for collections for which nobody wrote one, with all that their pictures keep for the next ones.
#[derive(Clone, Debug, Default)]
pub struct Automatics(Arc<Mutex<HashMap<String, Arc<Styled>>>>);

/// A client may ask for any choice of collections; beyond this number the styles are made anew.
const MOST_AUTOMATICS: usize = 64;

impl Automatics {
    /// The style of some collections of the catalog.
    ///
    /// # Errors
    /// When there is nothing to draw.
    pub fn of(&self, collections: &[Arc<Collection>]) -> Result<Arc<Styled>, style::Error> {
        let key = collections.iter().map(|own| own.id.as_str()).collect::<Vec<_>>().join(",");
        let styles = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = styles().get(&key) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(Styled::automatic(collections)?);
        let mut styles = styles();
        if styles.len() >= MOST_AUTOMATICS {
            styles.clear();
        }
        Ok(Arc::clone(styles.entry(key).or_insert(made)))
    }
}

impl Styled {
    /// The style of collections for which nobody wrote one.
    pub fn automatic(collections: &[Arc<Collection>]) -> Result<Self, style::Error> {
        let schemas: Vec<_> = collections.iter().map(|own| (own.id.as_str(), own.snapshot().schema())).collect();
        let document = style::automatic(&schemas);
        let version = Version(xxh3_128(document.to_string().as_bytes()));
        let (style, _) = Style::read(document.clone())?;
        Ok(Self { id: AUTOMATIC.to_owned(), document, style, version, drawables: Drawables::default() })
    }

    /// Its name for people, or the id where there is none.
    pub fn title(&self) -> &str {
        self.style.name.as_deref().unwrap_or(&self.id)
    }
}
