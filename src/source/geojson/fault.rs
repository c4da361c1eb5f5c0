//! Why the scanner could not go on.

/// A break of the grammar of JSON or of the structure of GeoJSON.
#[derive(Debug)]
pub(super) struct Fault {
    /// Where, in bytes of the text.
    pub(super) byte: usize,
    /// What is wrong.
    pub(super) message: String,
    /// What kind of break it is, which decides how to go on.
    pub(super) kind: FaultKind,
}

/// How deep the damage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// The JSON is fine, but it does not say a feature.
    Meaning,
    /// It is not JSON.
    Syntax,
    /// The text ends too early.
    End,
}

/// Boxed, so that what the scanner answers stays as small as its value.
pub(super) type Scan<T> = Result<T, Box<Fault>>;

#[expect(clippy::unnecessary_box_returns, reason = "what the scanner answers stays as small as its value")]
impl Fault {
    pub(super) fn meaning(byte: usize, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { byte, message: message.into(), kind: FaultKind::Meaning })
    }

    pub(super) fn syntax(byte: usize, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { byte, message: message.into(), kind: FaultKind::Syntax })
    }

    pub(super) fn end(byte: usize, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { byte, message: message.into(), kind: FaultKind::End })
    }
}
