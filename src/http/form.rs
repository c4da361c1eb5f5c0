//! Forms that ask operations, and what is said when they were filled in wrongly.

use std::borrow::Cow;

use super::Error;
use super::Kind;
use super::Operation;
use super::Parameter;
use super::Params;
use crate::feature::FieldType;
use crate::query::InvalidFilter;
use crate::query::Place;

/// The form of an operation.
pub(super) struct Form {
    /// Where it leads.
    pub(super) action: String,
    /// What is asked for most often.
    pub(super) main: Vec<Input>,
    /// What else can be asked for.
    pub(super) more: Vec<Input>,
    /// What selects by the values of fields.
    pub(super) fields: Vec<Input>,
    /// What is wrong with what was entered.
    pub(super) fault: Option<Fault>,
}

/// One field of a form.
pub(super) struct Input {
    /// The parameter.
    pub(super) name: String,
    /// The type of the `input` element; `select` for a choice, `area` for a text of several lines.
    pub(super) control: &'static str,
    /// An example of what to enter.
    pub(super) placeholder: &'static str,
    /// The smallest number.
    pub(super) minimum: Option<usize>,
    /// The largest number.
    pub(super) maximum: Option<usize>,
    /// The step between numbers.
    pub(super) step: &'static str,
    /// What was entered.
    pub(super) value: String,
    /// What may be chosen.
    pub(super) choices: Vec<Cow<'static, str>>,
    /// What the parameter does.
    pub(super) description: String,
}

/// What is wrong with what was entered.
pub(super) struct Fault {
    /// In words.
    pub(super) message: String,
    /// Where, when it is a condition in CQL2 Text.
    pub(super) excerpt: Option<Excerpt>,
}

/// A line of a text around a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) before: String,
    pub(super) at: String,
    pub(super) after: String,
}

/// The parameters that stand first in a form, in this order.
const MAIN: [&str; 9] = ["filter", "groupby", "measures", "width", "height", "bbox", "datetime", "sortby", "limit"];

/// Characters of a line that are shown on each side of a place.
const SHOWN: usize = 60;

impl Form {
    /// The form of an operation with what was entered, without what only links use.
    pub(super) fn of(operation: &Operation, action: String, params: &Params) -> Self {
        let used_by_links = |name: &str| matches!(name, "f" | "offset" | "cursor");
        let mut form = Self { action, main: Vec::new(), more: Vec::new(), fields: Vec::new(), fault: None };
        for parameter in operation.parameters.iter().filter(|parameter| !used_by_links(&parameter.name)) {
            let input = Input::of(parameter, params);
            if matches!(parameter.kind, Kind::Field(_)) {
                form.fields.push(input);
            } else if MAIN.contains(&&*parameter.name) {
                form.main.push(input);
            } else {
                form.more.push(input);
            }
        }
        form.main.sort_by_key(|input| MAIN.iter().position(|name| *name == input.name));
        form
    }

    /// The same with what is wrong.
    #[must_use]
    pub(super) fn with(self, fault: Fault) -> Self {
        Self { fault: Some(fault), ..self }
    }

    /// Whether something of what else can be asked for is asked for.
    pub(super) fn has_more(&self) -> bool {
        self.more.iter().any(|input| !input.value.is_empty())
    }

    /// Whether a field selects.
    pub(super) fn has_field(&self) -> bool {
        self.fields.iter().any(|input| !input.value.is_empty())
    }
}

impl Input {
    /// The field for a parameter with what was entered.
    pub(super) fn of(parameter: &Parameter, params: &Params) -> Self {
        let mut input = Self {
            name: parameter.name.to_string(),
            control: "text",
            placeholder: "",
            minimum: None,
            maximum: None,
            step: "1",
            value: params.written(&parameter.name).unwrap_or_default().to_owned(),
            choices: Vec::new(),
            description: parameter.description.to_string(),
        };
        match &parameter.kind {
            Kind::Limit { maximum, .. } | Kind::Whole { maximum, .. } => {
                (input.control, input.minimum, input.maximum) = ("number", Some(1), Some(*maximum));
            }
            Kind::Count => (input.control, input.minimum) = ("number", Some(0)),
            Kind::Pixels => (input.control, input.minimum) = ("number", Some(1)),
            Kind::Crs(list) => {
                let uris = list.iter().map(|crs| Cow::Owned(crs.uri().to_owned()));
                (input.control, input.choices) = ("select", uris.collect());
            }
            Kind::Bbox => input.placeholder = "west,south,east,north",
            Kind::Time => input.placeholder = "1941 or 1910/1950",
            Kind::Format(names) => {
                (input.control, input.choices) = ("select", names.iter().copied().map(Cow::Borrowed).collect());
            }
            Kind::Field(FieldType::Boolean) | Kind::Flag => {
                (input.control, input.choices) = ("select", vec!["true".into(), "false".into()]);
            }
            Kind::Field(FieldType::Integer) => input.control = "number",
            Kind::Field(FieldType::Number) | Kind::Number { .. } => (input.control, input.step) = ("number", "any"),
            Kind::Field(FieldType::Date) => input.placeholder = "1941-05-01",
            Kind::Field(FieldType::Timestamp) => input.placeholder = "1941-05-01T12:00:00Z",
            Kind::Choice(words) => (input.control, input.choices) = ("select", words.clone()),
            Kind::Names(_) => input.placeholder = "name,name",
            Kind::Sort(_) => input.placeholder = "name,-name",
            Kind::Word(words) => {
                (input.control, input.choices) = ("select", words.iter().copied().map(Cow::Borrowed).collect());
            }
            Kind::Text if parameter.name == "filter" => {
                (input.control, input.placeholder) =
                    ("area", "A condition in CQL2, such as name LIKE 'A%' AND height > 100");
            }
            Kind::Text if parameter.name == "measures" => input.placeholder = "count,max(name)",
            Kind::Field(_) | Kind::Text | Kind::Texts => {}
        }
        input
    }
}

impl Fault {
    /// What is wrong with a request; `condition` is the one that cannot be answered, as it was written, and why.
    pub(super) fn of(error: &Error, condition: Option<(&str, &InvalidFilter)>) -> Self {
        let place = condition.and_then(|(text, invalid)| match invalid.place {
            Place::Text { byte, .. } => Some((text, byte)),
            Place::Json(_) | Place::Parameter(_) => None,
        });
        Self { message: error.to_string(), excerpt: place.map(|(text, byte)| Excerpt::around(text, byte)) }
    }
}

impl Excerpt {
    /// The line around a byte of a text. At the place stands the word that begins there, or one character.
    fn around(text: &str, byte: usize) -> Self {
        let byte = text.floor_char_boundary(byte);
        let (head, tail) = text.split_at(byte);
        let before = head.rsplit('\n').next().unwrap_or_default();
        let line = tail.split('\n').next().unwrap_or_default().trim_end();
        let is_word = |character: char| character.is_alphanumeric() || character == '_';
        let first = line.chars().next().map_or(0, char::len_utf8);
        let word = line.find(|character| !is_word(character)).unwrap_or(line.len()).max(first);
        let (at, after) = line.split_at(word);
        let cut = before.char_indices().rev().nth(SHOWN).map_or(0, |(place, _)| place);
        let end = after.char_indices().nth(SHOWN).map_or(after.len(), |(place, _)| place);
        let dots = |is_cut| if is_cut { "…" } else { "" };
        Self {
            before: format!("{}{}", dots(cut > 0), &before[cut..]),
            at: at.to_owned(),
            after: format!("{}{}", &after[..end], dots(end < after.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str, byte: usize) -> [String; 3] {
        let Excerpt { before, at, after } = Excerpt::around(text, byte);
        [before, at, after]
    }

    #[test]
    fn an_excerpt_is_the_line_with_the_word_at_the_place() {
        assert_eq!(around("name = 1", 0), ["", "name", " = 1"]);
        assert_eq!(around("회령 = 1", 4), ["회", "령", " = 1"], "within a character");
        assert_eq!(around("a = 1\nAND  b ! 2\nOR c", 13), ["AND  b ", "!", " 2"]);
        assert_eq!(around("people =", 8), ["people =", "", ""]);
        assert_eq!(around("", 7), ["", "", ""]);
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let [before, at, after] = around(&format!("{}x{}", "a ".repeat(500), " b".repeat(500)), 1000);
        assert_eq!((at.as_str(), before.chars().count(), after.chars().count()), ("x", SHOWN + 2, SHOWN + 1));
        assert!(before.starts_with('…') && after.ends_with('…'));
    }
}
