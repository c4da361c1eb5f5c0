//! A strict scanner of JSON text (RFC 8259) that builds nothing.

use std::borrow::Cow;

use super::fault::Fault;
use super::fault::Scan;
use crate::feature::Value;

/// Deepest nesting of arrays and objects that is followed.
const MAX_DEPTH: usize = 64;

/// A place in JSON text that moves forward.
#[derive(Clone)]
pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    /// Bytes before the place.
    pub(super) at: usize,
    /// Brackets that are open around it.
    pub(super) depth: usize,
}

/// What sort of value stands somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

/// A JSON value: strings unescaped, arrays and objects as their text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json<'t> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'t, str>),
    Nested(&'t str),
}

impl Json<'_> {
    /// The same as the value of a property.
    pub(super) fn as_value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(b) => Value::Bool(*b),
            Self::Int(n) => Value::Int(*n),
            Self::Float(n) => Value::Float(*n),
            Self::Text(text) => Value::Text(text),
            Self::Nested(text) => Value::Json(text),
        }
    }
}

impl Sort {
    /// Its name with an article.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Number => "a number",
            Self::Bool => "a boolean",
            Self::Null => "null",
        }
    }
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, depth: 0 }
    }

    /// The byte at the place; zero, which is no part of JSON, at the end.
    #[inline]
    pub(super) fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// Moves over white space.
    #[inline]
    pub(super) fn space(&mut self) {
        while matches!(self.byte(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// Moves over the byte if it is next after white space.
    #[inline]
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        self.space();
        let is_next = self.byte() == byte;
        self.at += usize::from(is_next);
        is_next
    }

    /// The fault of finding something else than `wanted` here.
    #[cold]
    #[expect(clippy::unnecessary_box_returns, reason = "what the scanner answers stays as small as its value")]
    pub(super) fn unexpected(&self, wanted: &str) -> Box<Fault> {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            None => Fault::end(self.text.len(), format!("the text ends where {wanted} is expected")),
            Some(found) if found.is_control() => Fault::syntax(
                self.at,
                format!("the control character U+{:04X} stands where {wanted} is expected", found as u32),
            ),
            Some(found) => Fault::syntax(self.at, format!("'{found}' stands where {wanted} is expected")),
        }
    }

    /// What sort of value is next, without moving over it; only its first character is judged.
    pub(super) fn sort(&mut self) -> Scan<Sort> {
        self.space();
        Ok(match self.byte() {
            b'{' => Sort::Object,
            b'[' => Sort::Array,
            b'"' => Sort::String,
            b'-' | b'0'..=b'9' => Sort::Number,
            b't' | b'f' => Sort::Bool,
            b'n' => Sort::Null,
            b'N' | b'I' | b'+' | b'.' => return Err(self.odd_number()),
            b']' | b'}' => return Err(self.unexpected("a value (is there a comma too many?)")),
            b'\'' => return Err(self.unexpected("a value (JSON strings stand in double quotes)")),
            _ => return Err(self.unexpected("a value")),
        })
    }

    /// Moves over an object and calls `member` at each value with its key; `member` must move over the value.
    pub(super) fn object(&mut self, mut member: impl FnMut(&mut Self, Cow<'t, str>) -> Scan<()>) -> Scan<()> {
        self.space();
        if self.byte() != b'{' {
            return Err(self.unexpected("an object"));
        }
        self.descend()?;
        if !self.eat(b'}') {
            loop {
                self.space();
                if self.byte() != b'"' {
                    return Err(self.unexpected("the name of a member in double quotes"));
                }
                let key = self.string()?;
                if !self.eat(b':') {
                    return Err(self.unexpected("':'"));
                }
                self.space();
                member(self, key)?;
                if self.eat(b',') {
                    continue;
                }
                if self.eat(b'}') {
                    break;
                }
                return Err(self.unexpected("',' or '}'"));
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Moves over an array and calls `item` at each of its values; `item` must move over the value.
    #[inline]
    pub(super) fn array(&mut self, mut item: impl FnMut(&mut Self) -> Scan<()>) -> Scan<()> {
        self.space();
        if self.byte() != b'[' {
            return Err(self.unexpected("an array"));
        }
        self.descend()?;
        if !self.eat(b']') {
            loop {
                self.space();
                item(self)?;
                if self.eat(b',') {
                    continue;
                }
                if self.eat(b']') {
                    break;
                }
                return Err(self.unexpected("',' or ']'"));
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Moves over an opening bracket.
    fn descend(&mut self) -> Scan<()> {
        if self.depth == MAX_DEPTH {
            return Err(Fault::meaning(self.at, format!("it is nested deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Moves over any value, which is checked, and answers its text.
    pub(super) fn skip(&mut self) -> Scan<&'t str> {
        let sort = self.sort()?;
        let start = self.at;
        match sort {
            Sort::Object => self.object(|scanner, _| scanner.skip().map(drop))?,
            Sort::Array => self.array(|scanner| scanner.skip().map(drop))?,
            Sort::String => drop(self.string()?),
            Sort::Number => drop(self.number()?),
            Sort::Bool | Sort::Null => drop(self.literal()?),
        }
        Ok(&self.text[start..self.at])
    }

    /// Moves over any value and answers it.
    pub(super) fn value(&mut self) -> Scan<Json<'t>> {
        Ok(match self.sort()? {
            Sort::Object | Sort::Array => Json::Nested(self.skip()?),
            Sort::String => Json::Text(self.string()?),
            Sort::Number => self.number()?,
            Sort::Bool | Sort::Null => self.literal()?,
        })
    }

    /// Moves over `true`, `false` or `null`.
    fn literal(&mut self) -> Scan<Json<'t>> {
        let rest = &self.text.as_bytes()[self.at..];
        for (name, value) in [("true", Json::Bool(true)), ("false", Json::Bool(false)), ("null", Json::Null)] {
            if rest.starts_with(name.as_bytes()) {
                self.at += name.len();
                return Ok(value);
            }
        }
        Err(self.unexpected("true, false or null"))
    }

    /// Moves to behind the bracket that closes the object here, by brackets and quotes alone: the way on after a fault
    /// within it. `false` when the text ends first.
    pub(super) fn leap(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let mut depth = 0_usize;
        while let Some(&byte) = bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'"' => {
                    while let Some(&byte) = bytes.get(self.at) {
                        self.at += 1;
                        match byte {
                            b'"' => break,
                            b'\\' => self.at += 1,
                            _ => {}
                        }
                    }
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return true;
                    }
                }
                _ => {}
            }
        }
        self.at = bytes.len();
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (usize, String) {
        let mut scanner = Scanner::new(text, 0);
        match scanner.skip() {
            Ok(_) => panic!("{text} was accepted"),
            Err(fault) => (fault.byte, fault.message),
        }
    }

    #[test]
    fn json_is_scanned_and_what_is_none_is_refused_where_it_breaks() {
        for text in ["{}", "[]", " [1, -0.5e+3 ,\"\\u00e9\\n\"] ", "{\"a\":{\"b\":[true,false,null]}}", "0", "\"\""] {
            assert_eq!(Scanner::new(text, 0).skip().map(str::len).ok(), Some(text.trim().len()), "{text}");
        }
        for (text, byte) in [
            ("[1,]", 3),
            ("{\"a\":1,}", 7),
            ("{\"a\" 1}", 5),
            ("[1 2]", 3),
            ("{a:1}", 1),
            ("['a']", 1),
            ("[tru]", 1),
            ("[1", 2),
            ("[\"a", 3),
            ("[\"\u{1}\"]", 2),
            ("[\"\\x\"]", 2),
        ] {
            assert_eq!(fault(text).0, byte, "{text}: {}", fault(text).1);
        }
    }

    #[test]
    fn nesting_ends_at_its_limit_and_not_with_the_stack() {
        let bomb = "[".repeat(1_000_000);
        assert!(fault(&bomb).1.contains("nested deeper"));
        let deep = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(Scanner::new(&deep, 0).skip().is_ok());
    }

    #[test]
    fn a_leap_ends_behind_the_object_whatever_its_strings_hold() {
        let text = r#"{"a":"}\"}","b":[NaN,}]} , next"#;
        let mut scanner = Scanner::new(text, 0);
        assert!(scanner.leap());
        assert!(!Scanner::new("{\"a\":1", 0).leap());
    }
}
