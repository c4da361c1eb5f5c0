//! The `properties` member of features.

use std::borrow::Cow;
use std::collections::HashMap;

use super::fault::Scan;
use super::json::Json;
use super::json::Scanner;
use super::json::Sort;

/// The properties of one feature; its memory is used again for the next one.
#[derive(Debug, Default)]
pub(super) struct Properties<'t> {
    /// Keys and values in the order of the text, each key once.
    pub(super) values: Vec<(Cow<'t, str>, Json<'t>)>,
    /// The text of the object, or `null`; in one line.
    pub(super) text: Cow<'t, str>,
    /// Keys of the feature before, which had each key once.
    last_keys: Vec<Cow<'t, str>>,
}

/// What is to be told about the properties of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Fine,
    /// A key occurs twice.
    Double,
    /// It is neither an object nor null.
    Odd,
}

impl<'t> Properties<'t> {
    /// Becomes the properties of a feature that has none.
    pub(super) fn clear(&mut self) {
        self.values.clear();
        self.text = Cow::Borrowed("null");
    }

    /// Moves over the member's value and keeps what it says.
    pub(super) fn read(&mut self, scanner: &mut Scanner<'t>) -> Scan<Verdict> {
        self.clear();
        let sort = scanner.sort()?;
        if sort != Sort::Object {
            scanner.skip()?;
            return Ok(if sort == Sort::Null { Verdict::Fine } else { Verdict::Odd });
        }
        let start = scanner.at;
        let values = &mut self.values;
        scanner.object(|scanner, key| {
            let value = scanner.value()?;
            values.push((key, value));
            Ok(())
        })?;
        self.text = in_one_line(&scanner.text[start..scanner.at]);
        if self.is_like_the_last() {
            return Ok(Verdict::Fine);
        }
        let is_double = self.keep_last_of_each_key();
        self.last_keys.clear();
        self.last_keys.extend(self.values.iter().map(|(key, _)| key.clone()));
        Ok(if is_double { Verdict::Double } else { Verdict::Fine })
    }

    /// Whether the keys are those of the feature before, in its order: then none occurs twice.
    fn is_like_the_last(&self) -> bool {
        self.values.len() <= self.last_keys.len()
            && self.values.iter().zip(&self.last_keys).all(|((key, _), last)| key == last)
    }

    fn keep_last_of_each_key(&mut self) -> bool {
        let mut last = HashMap::with_capacity(self.values.len());
        for (at, (key, _)) in self.values.iter().enumerate() {
            last.insert(key.as_ref(), at);
        }
        if last.len() == self.values.len() {
            return false;
        }
        let kept: Vec<bool> = self.values.iter().enumerate().map(|(at, (key, _))| last[key.as_ref()] == at).collect();
        let mut kept = kept.into_iter();
        self.values.retain(|_| kept.next().unwrap_or(true));
        self.text = Cow::Owned(self.rewritten());
        true
    }

    /// The properties as a JSON object without the doubles.
    fn rewritten(&self) -> String {
        let map: serde_json::Map<String, serde_json::Value> = self
            .values
            .iter()
            .map(|(key, value)| {
                let value = match value {
                    Json::Null => serde_json::Value::Null,
                    Json::Bool(b) => (*b).into(),
                    Json::Int(n) => (*n).into(),
                    Json::Float(n) => (*n).into(),
                    Json::Text(text) => text.as_ref().into(),
                    Json::Nested(text) => serde_json::from_str(text).unwrap_or_default(),
                };
                (key.as_ref().to_owned(), value)
            })
            .collect();
        serde_json::Value::Object(map).to_string()
    }
}

/// JSON text without the white space between its tokens, if it has line breaks: they would make a sequence of features
/// unreadable, and indented text is mostly blanks.
fn in_one_line(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    let (mut in_string, mut is_escaped) = (false, false);
    for character in text.chars() {
        if in_string {
            in_string = character != '"' || is_escaped;
            is_escaped = character == '\\' && !is_escaped;
        } else if matches!(character, ' ' | '\n' | '\r' | '\t') {
            continue;
        } else {
            in_string = character == '"';
        }
        line.push(character);
    }
    Cow::Owned(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'t>(properties: &mut Properties<'t>, text: &'t str) -> Verdict {
        properties.read(&mut Scanner::new(text, 0)).unwrap()
    }

    #[test]
    fn the_last_of_two_equal_keys_is_kept_in_values_and_text() {
        let mut properties = Properties::default();
        assert_eq!(read(&mut properties, r#"{"a":1,"b":"x","\u0061":[2,3]}"#), Verdict::Double);
        assert_eq!(properties.text, r#"{"b":"x","a":[2,3]}"#);
        assert_eq!(properties.values.len(), 2);
        assert_eq!(read(&mut properties, r#"{"b":"y","a":4}"#), Verdict::Fine);
        assert_eq!(read(&mut properties, r#"{"b":"y","b":4}"#), Verdict::Double);
    }

    #[test]
    fn indented_text_becomes_one_line_and_strings_keep_their_blanks() {
        let mut properties = Properties::default();
        read(&mut properties, "{\n  \"a b\" : \"x \\\" y\\\\\" ,\r\n \"c\": [ 1, 2 ] }");
        assert_eq!(properties.text, r#"{"a b":"x \" y\\","c":[1,2]}"#);
    }

    #[test]
    fn what_is_no_object_is_none() {
        let mut properties = Properties::default();
        assert_eq!(read(&mut properties, "null"), Verdict::Fine);
        assert_eq!(read(&mut properties, "[]"), Verdict::Odd);
        assert_eq!((properties.text.as_ref(), properties.values.len()), ("null", 0));
    }
}
