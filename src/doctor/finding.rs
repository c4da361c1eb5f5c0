//! What was found.

use super::Client;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The clients cannot use what is there.
    Breaks,
    /// They can, but slowly, or not all of it, or they show it in the wrong place.
    Hinders,
}

impl Grade {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Breaks => "breaks",
            Self::Hinders => "hinders",
        }
    }
}

/// Something that clients stumble over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A short name, the same for all findings of its kind.
    pub code: &'static str,
    /// How bad it is.
    pub grade: Grade,
    /// Who stumbles.
    pub clients: &'static [Client],
    /// The address at which it was first seen.
    pub place: String,
    /// Further addresses at which it was seen.
    pub more: usize,
    /// What is wrong there, in a sentence.
    pub what: String,
    /// What to do about it.
    pub mend: &'static str,
}
