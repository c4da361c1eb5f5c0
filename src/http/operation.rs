//! Operations: what can be asked of the server, as data.

use super::Format;
use super::Kind;
use super::Parameter;

/// One GET operation, which may answer to POST too. Its table of parameters is what the handler reads requests by, what `/api` describes, and what
/// forms are made of.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its unique name in the description of the API.
    pub id: String,
    /// Its path below the landing page, parameters in braces.
    pub path: String,
    /// The chapter of the description that it stands in.
    pub tag: &'static str,
    /// What it answers, in a sentence.
    pub summary: String,
    /// The braces in the path with what each is.
    pub segments: Vec<Segment>,
    /// Its query parameters.
    pub parameters: Vec<Parameter>,
    /// Its representations, the default first.
    pub formats: &'static [Format],
    /// What the body of a POST is, where it answers to that too: GeoJSON.
    pub body: Option<&'static str>,
}

/// One parameter in a path.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its name between the braces.
    pub name: &'static str,
    /// What it is.
    pub description: &'static str,
}

impl Operation {
    /// An operation without parameters but `f`, which chooses among its formats.
    pub fn new(id: &str, path: &str, tag: &'static str, summary: &str, formats: &'static [Format]) -> Self {
        Self {
            id: id.to_owned(),
            path: path.to_owned(),
            tag,
            summary: summary.to_owned(),
            segments: Vec::new(),
            parameters: vec![f(formats)],
            formats,
            body: None,
        }
    }
}

/// The parameter `f` of a resource with these representations.
pub(super) fn f(formats: &[Format]) -> Parameter {
    let names = formats.iter().flat_map(|format| format.names()).collect();
    Parameter::new("f", Kind::Format(names), "The representation, whatever the header Accept says.")
}
