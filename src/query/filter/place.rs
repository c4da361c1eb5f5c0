//! Where in a filter something stands, and what is wrong there.

use std::fmt;

/// Why a filter cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({place})")]
pub struct InvalidFilter {
    /// Where.
    pub place: Place,
    /// What is wrong there and what is expected.
    pub message: String,
}

/// A place in a filter as the client wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In CQL2 Text.
    Text {
        /// Bytes before it.
        byte: usize,
        /// Its line, from 1.
        line: usize,
        /// Its character in the line, from 1.
        column: usize,
    },
    /// In CQL2 JSON: a `JSONPath` such as `$.args[0].property`.
    Json(String),
    /// A parameter of this name.
    Parameter(String),
}

impl Place {
    /// The place of a byte in a text.
    pub(super) fn in_text(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self::Text { byte, line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { byte, line: 1, column } => write!(f, "at character {column}, byte {byte}"),
            Self::Text { byte, line, column } => write!(f, "at line {line}, character {column}, byte {byte}"),
            Self::Json(path) => write!(f, "at {path}"),
            Self::Parameter(name) => write!(f, "in the parameter '{name}'"),
        }
    }
}

/// One step from a JSON value to one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(&'static str),
    Index(usize),
}

/// What the marks of an expression refer to.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// Bytes of this text.
    Text(Box<str>),
    /// Positions in this list of values, each with the position of the value that it stands in.
    Json(Vec<(u32, Step)>),
    /// The whole parameter of this name.
    Parameter(Box<str>),
}

impl Origin {
    /// What is wrong at a mark.
    pub(super) fn complain(&self, mark: u32, message: impl Into<String>) -> InvalidFilter {
        let place = match self {
            Self::Text(text) => Place::in_text(text, mark as usize),
            Self::Json(steps) => Place::Json(path(steps, mark)),
            Self::Parameter(name) => Place::Parameter(name.to_string()),
        };
        InvalidFilter { place, message: message.into() }
    }
}

/// The `JSONPath` (RFC 9535) of a value.
fn path(steps: &[(u32, Step)], mark: u32) -> String {
    let (mut way, mut at) = (Vec::new(), mark);
    while at > 0 {
        let Some(&(parent, step)) = steps.get(at as usize - 1) else { break };
        way.push(step);
        at = parent;
    }
    let mut text = String::from("$");
    for step in way.into_iter().rev() {
        match step {
            Step::Key(key) => text.extend([".", key]),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}
