//! What was found wrong while reading, said so that its author can mend it.

use std::fmt;
use std::path::Path;
use std::path::PathBuf;

/// One thing that is wrong, or was mended, in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, relative to the folder that was scanned where there is one.
    pub file: PathBuf,
    /// The feature, counted from 0 in the order of the file.
    pub feature: Option<usize>,
    /// Where in the file.
    pub place: Option<Place>,
    /// What became of it.
    pub severity: Severity,
    /// What is wrong and what to do about it.
    pub message: String,
}

/// A place in a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Counted from 1.
    pub line: usize,
    /// Characters from the start of the line, counted from 1.
    pub column: usize,
    /// Bytes from the start of the file, unpacked.
    pub byte: u64,
}

/// What became of the thing with the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It was repaired, and is served repaired.
    Repaired,
    /// It is served as it is, though something about it will surprise.
    Warning,
    /// One feature is not served.
    Feature,
    /// The whole file is not served.
    File,
}

impl Problem {
    /// The same problem with its file named as seen from a folder.
    #[must_use]
    pub fn within(mut self, folder: &Path) -> Self {
        if let Ok(inside) = self.file.strip_prefix(folder) {
            self.file = inside.to_owned();
        }
        self
    }
}

impl fmt::Display for Problem {
    /// `file:line:column: severity: feature 12: message`, as compilers write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(place) = self.place {
            write!(f, ":{}:{} (byte {})", place.line, place.column, place.byte)?;
        }
        write!(f, ": {}: ", self.severity)?;
        if let Some(feature) = self.feature {
            write!(f, "feature {feature}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Repaired => "repaired",
            Self::Warning => "warning",
            Self::Feature => "feature left out",
            Self::File => "file left out",
        })
    }
}
