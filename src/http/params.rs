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
use crate::feature::FieldType;
use crate::feature::Scalar;
use crate::query::Interval;
use crate::space::Bbox;

/// One query parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name in the query string.
    pub name: Cow<'static, str>,
    /// What its value may be.
    pub kind: Kind,
    /// What it does, in a sentence.
    pub description: Cow<'static, str>,
}

/// What the value of a parameter may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A whole number from 1; one above the maximum means the maximum.
    Limit {
        /// What stands for an absent one.
        default: usize,
        /// The largest that has an effect.
        maximum: usize,
    },
    /// A whole number from 0.
    Count,
    /// Any text.
    Text,
    /// Any texts: the parameter may be given more than once.
    Texts,
    /// `true` or `false`.
    Flag,
    /// A number from one to another.
    Number {
        /// The smallest.
        minimum: f64,
        /// The largest.
        maximum: f64,
    },
    /// One of these words.
    Word(&'static [&'static str]),
    /// The name of a representation, one of these words, or its media type.
    Format(Vec<&'static str>),
    /// Four or six numbers: a box in CRS84.
    Bbox,
    /// An instant or an interval.
    Time,
    /// A value of a field of this type, which features shall have.
    Field(FieldType),
}

/// The value of a parameter, checked.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of a [`Kind::Limit`] or a [`Kind::Count`].
    Count(usize),
    /// Of a [`Kind::Text`], one of [`Kind::Texts`], a [`Kind::Word`] or a [`Kind::Format`].
    Text(String),
    /// Of a [`Kind::Flag`].
    Flag(bool),
    /// Of a [`Kind::Number`].
    Number(f64),
    /// Of a [`Kind::Bbox`].
    Bbox(Bbox),
    /// Of a [`Kind::Time`].
    Time(Interval),
    /// Of a [`Kind::Field`].
    Scalar(Scalar),
}

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

impl Parameter {
    /// A parameter whose name and description are known beforehand.
    pub const fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), kind, description: Cow::Borrowed(description) }
    }

    /// Reads a value. The error says what would be allowed.
    fn read(&self, text: &str) -> Result<Value, Error> {
        let name = &self.name;
        let wrong = |allowed: &str| Error::Invalid(format!("the parameter '{name}' is '{text}' but must be {allowed}"));
        match &self.kind {
            Kind::Limit { maximum, .. } => {
                let wrong = || wrong(&format!("a whole number from 1 to {maximum}"));
                let number = count(text).filter(|&number| number > 0).ok_or_else(wrong)?;
                Ok(Value::Count(number.min(*maximum)))
            }
            Kind::Count => count(text).map(Value::Count).ok_or_else(|| wrong("a whole number from 0")),
            // Which formats there are is for negotiation to check, together with the header Accept.
            Kind::Text | Kind::Texts | Kind::Format(_) => Ok(Value::Text(text.to_owned())),
            Kind::Flag => text.parse().map(Value::Flag).map_err(|_| wrong("true or false")),
            Kind::Number { minimum, maximum } => {
                let number = text.parse().ok().filter(|number| (*minimum..=*maximum).contains(number));
                number.map(Value::Number).ok_or_else(|| wrong(&format!("a number from {minimum} to {maximum}")))
            }
            Kind::Word(words) => match words.iter().find(|word| **word == text) {
                Some(word) => Ok(Value::Text((*word).to_owned())),
                None => Err(wrong(&format!("one of {}", words.join(", ")))),
            },
            Kind::Bbox => Bbox::parse(text)
                .map(Value::Bbox)
                .map_err(|error| Error::Invalid(format!("the parameter '{name}': {error}"))),
            Kind::Time => Interval::parse(text)
                .map(Value::Time)
                .map_err(|error| Error::Invalid(format!("the parameter '{name}': {error}"))),
            Kind::Field(kind) => scalar(*kind, text).map(Value::Scalar).ok_or_else(|| wrong(described(*kind))),
        }
    }
}

/// A decimal number; one that is too large to be any size is the largest.
fn count(text: &str) -> Option<usize> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(usize::MAX))
}

/// A value of a field, in the form in which its column holds it.
fn scalar(kind: FieldType, text: &str) -> Option<Scalar> {
    match kind {
        FieldType::Boolean => text.parse().ok().map(Scalar::Bool),
        FieldType::Integer => text.parse().ok().map(Scalar::Int),
        FieldType::Number => text.parse().ok().filter(|number: &f64| number.is_finite()).map(Scalar::Float),
        FieldType::Date | FieldType::Timestamp => Interval::instant(text).map(|_| Scalar::Text(text.into())),
        FieldType::String => Some(Scalar::Text(text.into())),
        FieldType::Null | FieldType::Json | FieldType::Mixed => None,
    }
}

/// What a value of a field must be, for a message.
const fn described(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Boolean => "true or false",
        FieldType::Integer => "a whole number",
        FieldType::Number => "a number",
        FieldType::Date | FieldType::Timestamp => "a date or an RFC 3339 date-time",
        FieldType::String => "a text",
        FieldType::Null | FieldType::Json | FieldType::Mixed => "absent, because its values cannot be compared",
    }
}

impl Params {
    /// Reads a query string by its table; parameters named in `ignored` are passed over.
    pub fn parse(query: &str, table: &[Parameter], ignored: &[String]) -> Result<Self, Error> {
        let mut params = Self { values: Vec::new(), written: pairs(query)? };
        // A form sends its empty fields too; only programs are told that an empty number is none.
        if params.written.iter().any(|(name, value)| name == "f" && value == "html") {
            params.written.retain(|(_, value)| !value.is_empty());
        }
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

    /// All texts that were given, in their order.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values.iter().filter(move |(own, _)| own == name).filter_map(|(_, value)| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// Whether it was said and, if so, what: true or false.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The number that was given, whole or not.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.value(name)? {
            Value::Number(number) => Some(*number),
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

    /// The box that was given.
    pub fn bbox(&self, name: &str) -> Option<Bbox> {
        match self.value(name)? {
            Value::Bbox(bbox) => Some(*bbox),
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
fn pairs(query: &str) -> Result<Vec<(String, String)>, Error> {
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

    fn table() -> Vec<Parameter> {
        vec![
            Parameter::new("limit", Kind::Limit { default: 10, maximum: 100 }, ""),
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
        for wrong in ["limit=0", "limit=-1", "limit=", "limit=1.5", "limit=x", "height=1.5", "height=tall", "offset=-1"]
        {
            assert!(matches!(parse(wrong), Err(Error::Invalid(_))), "{wrong}");
        }
    }

    #[test]
    fn unknown_parameters_are_refused_and_ignored_ones_pass() {
        let message = parse("filter=x").unwrap_err().to_string();
        assert_eq!(message, "there is no parameter 'filter' here; there are limit, offset, f, height, name");
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
