//! One style as it is served.

use std::sync::Arc;

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
