//! One style as it is served.

use serde_json::Value;

use super::Drawables;
use crate::store::Version;
use crate::style::Style;

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
    /// Its name for people, or the id where there is none.
    pub fn title(&self) -> &str {
        self.style.name.as_deref().unwrap_or(&self.id)
    }
}
