//! What is wrong with a style, and where.

use std::fmt;

use super::Position;

/// One thing in a style that could not be used as it is written, or that could not be drawn. The rest of the style stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The id of the layer.
    pub layer: Option<String>,
    /// The property, source or other member that it is about.
    pub property: Option<String>,
    /// What is wrong, for people.
    pub message: String,
    /// Where it stands in the document, such as `layers[3].paint.line-width[2]`.
    pub place: Option<String>,
    /// Where that is in the text, when the style was read from one.
    pub position: Option<Position>,
}

/// Why a text is no style at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is no JSON.
    #[error("the style is not valid JSON: {message} (line {line}, column {column})")]
    Json {
        /// What the JSON reader says.
        message: String,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// It is JSON of another kind.
    #[error("a style is a JSON object with an array 'layers'")]
    NotAStyle,
    /// Its `version` is not 8.
    #[error("only style version 8 is understood")]
    Version,
}

impl Diagnostic {
    /// A remark on a layer's property.
    pub fn new(layer: Option<&str>, property: Option<&str>, message: impl Into<String>) -> Self {
        Self {
            layer: layer.map(Into::into),
            property: property.map(Into::into),
            message: message.into(),
            place: None,
            position: None,
        }
    }

    /// The same with the place in the document.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    /// The same with the position of its place in the text of the style.
    #[must_use]
    pub fn in_text(mut self, text: &str) -> Self {
        self.position = self.place.as_deref().and_then(|place| Position::of_place(text, place));
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(layer) = &self.layer {
            write!(f, "layer '{layer}': ")?;
        }
        if let Some(property) = &self.property {
            write!(f, "{property}: ")?;
        }
        f.write_str(&self.message)?;
        match (&self.place, self.position) {
            (Some(place), Some(at)) => write!(f, " (at {place}, line {}, column {})", at.line, at.column),
            (Some(place), None) => write!(f, " (at {place})"),
            (None, _) => Ok(()),
        }
    }
}
