//! One parameter of an operation, and how its value is read.

use std::borrow::Cow;

use super::Error;
use crate::feature::FieldType;
use crate::feature::Scalar;
use crate::query::Interval;
use crate::space::Bbox;
use crate::space::Crs;
use crate::space::CrsList;

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
    /// A whole number from 1 to a maximum.
    Whole {
        /// What stands for an absent one.
        default: usize,
        /// The largest.
        maximum: usize,
    },
    /// A whole number from 0.
    Count,
    /// A whole number from 1: a side of a picture.
    Pixels,
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
    /// Four or six numbers: a box.
    Bbox,
    /// One of these coordinate reference systems.
    Crs(CrsList),
    /// An instant or an interval.
    Time,
    /// A value of a field of this type, which features shall have.
    Field(FieldType),
    /// One of these words, the first of which stands for an absent one.
    Choice(Vec<Cow<'static, str>>),
    /// A comma list of some of these names.
    Names(Vec<String>),
    /// A comma list of some of these names, each with `-` before it for descending order or `+` for ascending.
    Sort(Vec<String>),
}

/// The value of a parameter, checked.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of a [`Kind::Limit`], a [`Kind::Whole`], a [`Kind::Count`] or [`Kind::Pixels`].
    Count(usize),
    /// Of a [`Kind::Text`], one of [`Kind::Texts`], a [`Kind::Word`], a [`Kind::Choice`] or a [`Kind::Format`].
    Text(String),
    /// Of a [`Kind::Flag`].
    Flag(bool),
    /// Of a [`Kind::Number`].
    Number(f64),
    /// Of a [`Kind::Names`], each once.
    Names(Vec<String>),
    /// Of a [`Kind::Sort`], each once, with whether it is descending.
    Sort(Vec<(String, bool)>),
    /// Of a [`Kind::Bbox`]: its four numbers in whatever system, as they were written.
    Box([f64; 4]),
    /// Of a [`Kind::Crs`].
    Crs(Crs),
    /// Of a [`Kind::Time`].
    Time(Interval),
    /// Of a [`Kind::Field`].
    Scalar(Scalar),
}

impl Parameter {
    /// A parameter whose name and description are known beforehand.
    pub const fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), kind, description: Cow::Borrowed(description) }
    }

    /// A parameter that is described by a text made for it.
    pub fn described(name: impl Into<Cow<'static, str>>, kind: Kind, description: String) -> Self {
        Self { name: name.into(), kind, description: Cow::Owned(description) }
    }

    /// Reads a value. The error says what would be allowed.
    pub(super) fn read(&self, text: &str) -> Result<Value, Error> {
        let name = &self.name;
        let wrong = |allowed: &str| Error::Invalid(format!("the parameter '{name}' is '{text}' but must be {allowed}"));
        match &self.kind {
            Kind::Limit { maximum, .. } => {
                let wrong = || wrong(&format!("a whole number from 1 to {maximum}"));
                let number = count(text).filter(|&number| number > 0).ok_or_else(wrong)?;
                Ok(Value::Count(number.min(*maximum)))
            }
            Kind::Whole { maximum, .. } => {
                let number = count(text).filter(|number| (1..=*maximum).contains(number));
                number.map(Value::Count).ok_or_else(|| wrong(&format!("a whole number from 1 to {maximum}")))
            }
            Kind::Count => count(text).map(Value::Count).ok_or_else(|| wrong("a whole number from 0")),
            Kind::Pixels => {
                let number = count(text).filter(|&number| number > 0);
                number.map(Value::Count).ok_or_else(|| wrong("a whole number from 1"))
            }
            // Which formats there are is for negotiation to check, together with the header Accept.
            Kind::Text | Kind::Texts | Kind::Format(_) => Ok(Value::Text(text.to_owned())),
            Kind::Crs(list) => list.find(text).cloned().map(Value::Crs).ok_or_else(|| {
                let known: Vec<&str> = list.iter().map(Crs::uri).collect();
                wrong(&format!("one of {}", known.join(", ")))
            }),
            Kind::Bbox => Bbox::numbers(text)
                .map(Value::Box)
                .map_err(|error| Error::Invalid(format!("the parameter '{name}': {error}"))),
            Kind::Time => Interval::parse(text)
                .map(Value::Time)
                .map_err(|error| Error::Invalid(format!("the parameter '{name}': {error}"))),
            Kind::Flag => text.parse().map(Value::Flag).map_err(|_| wrong("true or false")),
            Kind::Number { minimum, maximum } => {
                let number = text.parse().ok().filter(|number| (*minimum..=*maximum).contains(number));
                number.map(Value::Number).ok_or_else(|| wrong(&format!("a number from {minimum} to {maximum}")))
            }
            Kind::Word(words) => match words.iter().find(|word| **word == text) {
                Some(word) => Ok(Value::Text((*word).to_owned())),
                None => Err(wrong(&format!("one of {}", words.join(", ")))),
            },
            Kind::Choice(words) if words.iter().any(|word| word == text) => Ok(Value::Text(text.to_owned())),
            Kind::Choice(words) => Err(wrong(&words.join(" or "))),
            Kind::Names(known) => self.names(text, known).map(Value::Names),
            Kind::Sort(known) => self.sort(text, known).map(Value::Sort),
            Kind::Field(kind) => scalar(*kind, text).map(Value::Scalar).ok_or_else(|| wrong(described(*kind))),
        }
    }

    /// Names of a comma list, each of them known and each taken once.
    fn names(&self, text: &str, known: &[String]) -> Result<Vec<String>, Error> {
        let mut names: Vec<String> = Vec::new();
        for name in text.split(',').filter(|name| !name.is_empty()) {
            if !known.iter().any(|own| own == name) {
                return Err(Error::Invalid(format!(
                    "the parameter '{}' names '{name}'; there are {}",
                    self.name,
                    listed(known)
                )));
            }
            if !names.iter().any(|other| other == name) {
                names.push(name.to_owned());
            }
        }
        Ok(names)
    }

    /// Names of a comma list with their directions.
    fn sort(&self, text: &str, known: &[String]) -> Result<Vec<(String, bool)>, Error> {
        let mut keys: Vec<(String, bool)> = Vec::new();
        for key in text.split(',') {
            // A plus sign that is not encoded is a space, as forms write it.
            let (name, is_descending) = match key.split_at_checked(1) {
                Some(("-", name)) => (name, true),
                Some(("+" | " ", name)) => (name, false),
                _ => (key, false),
            };
            let name = self.names(name, known)?.pop().ok_or_else(|| {
                Error::Invalid(format!("the parameter '{}' has an empty name; there are {}", self.name, listed(known)))
            })?;
            if keys.iter().any(|(other, _)| *other == name) {
                return Err(Error::Invalid(format!("the parameter '{}' names '{name}' twice", self.name)));
            }
            keys.push((name, is_descending));
        }
        Ok(keys)
    }
}

/// Names for a message, of which there may be none.
fn listed(known: &[String]) -> String {
    if known.is_empty() { "none".to_owned() } else { known.join(", ") }
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
