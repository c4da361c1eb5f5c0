//! Query parameters: one table an operation says what there is, and everything else follows from it.
//!
//! The table feeds the parser here, the 400 for parameters that are not in it, the OpenAPI document
//! ([`super::ogc`]) and the forms of the HTML pages.

use std::borrow::Cow;

use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::percent_decode_str;
use percent_encoding::utf8_percent_encode;

use super::Error;
use super::Kind;
use super::Parameter;
use super::Value;
use crate::feature::Scalar;
use crate::query::Interval;
use crate::space::Crs;

/// The parameters of one request: all of them known, each at most once, each with a value of its kind.
#[derive(Clone, Debug, Default)]
pub struct Params {
    values: Vec<(String, Value)>,
    /// All pairs as they were written, those that are ignored included, because links keep them.
    written: Vec<(String, String)>,
}

/// What stays as it is in a query string: what RFC 3986 calls unreserved, and what reads better unencoded and needs no
/// encoding there.
const QUERY: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':').remove(b'/');

/// What stays as it is in a segment of a path.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b',');

impl Params {
    /// Reads a query string by its table; parameters named in `ignored` are passed over.
    pub fn parse(query: &str, table: &[Parameter], ignored: &[String]) -> Result<Self, Error> {
        let mut params = Self { values: Vec::new(), written: entered(pairs(query)?) };
        let mut at = 0;
        while at < params.written.len() {
            let (name, value) = &params.written[at];
            let known = table.iter().find(|parameter| parameter.name == *name);
            let may_repeat = known.is_some_and(|parameter| parameter.kind == Kind::Texts);
            let earlier = params.written[..at].iter().find(|(other, _)| other == name && !may_repeat);
            if let Some((_, first)) = earlier {
                if first == value {
                    params.written.remove(at);
                    continue;
                }
                if !ignored.contains(name) {
                    return Err(Error::Invalid(format!("the parameter '{name}' is given twice with different values")));
                }
            }
            match known {
                Some(parameter) => params.values.push((name.clone(), parameter.read(value)?)),
                None if ignored.contains(name) => {}
                None => return Err(unknown(name, table)),
            }
            at += 1;
        }
        Ok(params)
    }

    /// A query string as it was written, of which nothing is known to be right.
    pub fn unchecked(query: &str) -> Self {
        Self { values: Vec::new(), written: entered(pairs(query).unwrap_or_default()) }
    }

    /// The value of a parameter that was given.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// The text that was given.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number that was given.
    pub fn count(&self, name: &str) -> Option<usize> {
        match self.value(name)? {
            Value::Count(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether it was said and, if so, what: true or false.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// All texts that were given, in their order.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values.iter().filter(move |(own, _)| own == name).filter_map(|(_, value)| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// The number that was given, whole or not.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.value(name)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The names that were given.
    pub fn names(&self, name: &str) -> Option<&[String]> {
        match self.value(name)? {
            Value::Names(names) => Some(names),
            _ => None,
        }
    }

    /// The order that was given: names, and whether each is descending.
    pub fn sort(&self, name: &str) -> Option<&[(String, bool)]> {
        match self.value(name)? {
            Value::Sort(keys) => Some(keys),
            _ => None,
        }
    }

    /// The numbers of the box that was given, in whatever system.
    pub fn bbox(&self, name: &str) -> Option<[f64; 4]> {
        match self.value(name)? {
            Value::Box(numbers) => Some(*numbers),
            _ => None,
        }
    }

    /// The coordinate reference system that was given.
    pub fn crs(&self, name: &str) -> Option<&Crs> {
        match self.value(name)? {
            Value::Crs(crs) => Some(crs),
            _ => None,
        }
    }

    /// The time that was given.
    pub fn time(&self, name: &str) -> Option<Interval> {
        match self.value(name)? {
            Value::Time(time) => Some(*time),
            _ => None,
        }
    }

    /// The values that fields shall have, by their names.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Scalar)> {
        self.values.iter().filter_map(|(name, value)| match value {
            Value::Scalar(scalar) => Some((name.as_str(), scalar)),
            _ => None,
        })
    }

    /// A parameter as it was written.
    pub fn written(&self, name: &str) -> Option<&str> {
        self.written.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The query string with these parameters changed (`Some`) or left out (`None`), with its question mark unless empty.
    pub fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let kept = self.written.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let new = changes.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
        let mut text = String::new();
        for (name, value) in kept.chain(new) {
            text.push(if text.is_empty() { '?' } else { '&' });
            text.extend(utf8_percent_encode(name, QUERY));
            text.push('=');
            text.extend(utf8_percent_encode(value, QUERY));
        }
        text
    }
}

/// Encodes a text as one segment of a path.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Splits a query string and decodes it as forms encode it.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>, Error> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        let decoded = percent_decode_str(&spaced).decode_utf8().map(Cow::into_owned);
        decoded.map_err(|_| {
            Error::Invalid(format!("'{text}' in the query is not UTF-8 when its percent signs are decoded"))
        })
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

/// What was entered of a form, which sends its empty fields too; only programs are told that an empty number is none.
fn entered(mut written: Vec<(String, String)>) -> Vec<(String, String)> {
    if written.iter().any(|(name, value)| name == "f" && value == "html") {
        written.retain(|(_, value)| !value.is_empty());
    }
    written
}

fn unknown(name: &str, table: &[Parameter]) -> Error {
    let names: Vec<&str> = table.iter().map(|parameter| &*parameter.name).collect();
    match names[..] {
        [] => Error::Invalid(format!("there is no parameter '{name}' here; there are none at all")),
        _ => Error::Invalid(format!("there is no parameter '{name}' here; there are {}", names.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::FieldType;

    fn table() -> Vec<Parameter> {
        vec![
            Parameter::new("limit", Kind::Limit { default: 10, maximum: 100 }, ""),
            Parameter::new("width", Kind::Whole { default: 4, maximum: 8 }, ""),
            Parameter::new("offset", Kind::Count, ""),
            Parameter::new("f", Kind::Text, ""),
            Parameter::new("height", Kind::Field(FieldType::Integer), ""),
            Parameter::new("name", Kind::Field(FieldType::String), ""),
        ]
    }

    fn parse(query: &str) -> Result<Params, Error> {
        Params::parse(query, &table(), &["key".to_owned()])
    }

    #[test]
    fn values_are_read_by_their_kind() {
        assert_eq!(parse("limit=7").unwrap().count("limit"), Some(7));
        assert_eq!(parse("limit=101").unwrap().count("limit"), Some(100));
        assert_eq!(parse("limit=99999999999999999999999").unwrap().count("limit"), Some(100));
        assert_eq!(parse("name=a+b%2B").unwrap().value("name"), Some(&Value::Scalar(Scalar::Text("a b+".into()))));
        assert!(parse("width=8").is_ok() && parse("width=9").is_err(), "no more than its maximum");
        for wrong in ["limit=0", "limit=-1", "limit=", "limit=1.5", "limit=x", "height=1.5", "height=tall", "offset=-1"]
        {
            assert!(matches!(parse(wrong), Err(Error::Invalid(_))), "{wrong}");
        }
    }

    #[test]
    fn unknown_parameters_are_refused_and_ignored_ones_pass() {
        let message = parse("filter=x").unwrap_err().to_string();
        assert_eq!(message, "there is no parameter 'filter' here; there are limit, width, offset, f, height, name");
        assert!(parse("key=1&key=2").is_ok());
        assert!(parse("%FF=1").is_err());
    }

    #[test]
    fn identical_repeats_pass_and_differing_ones_do_not() {
        assert_eq!(parse("limit=7&limit=7").unwrap().with(&[]), "?limit=7");
        assert!(parse("limit=7&limit=8").is_err());
    }

    #[test]
    fn links_keep_what_was_written_and_change_what_they_must() {
        let params = parse("name=%26%C3%A9&key=k&limit=5&f=geojson").unwrap();
        assert_eq!(params.with(&[("limit", None)]), "?name=%26%C3%A9&key=k&f=geojson");
        assert_eq!(params.with(&[("limit", Some("6"))]), "?name=%26%C3%A9&key=k&f=geojson&limit=6");
    }

    #[test]
    fn a_form_may_send_empty_fields() {
        assert_eq!(parse("limit=&name=&f=html").unwrap().with(&[]), "?f=html");
    }
}
