//! From a place in a document, such as `layers[3].paint.line-width[2]`, to line and column of its text.

use serde_json::de::StrRead;

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Counted from 1.
    pub line: usize,
    /// Characters from the start of the line, counted from 1.
    pub column: usize,
    /// Bytes from the start of the text.
    pub byte: usize,
}

impl Position {
    /// Finds a place in a text that is JSON. Where the text has not all of it, since the place is one of what the text was
    /// converted to, the position is that of the innermost part that is there.
    pub fn of_place(text: &str, place: &str) -> Option<Self> {
        let mut walk = Walk { text, at: 0 };
        walk.follow(place)?;
        let before = &text[..walk.at];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Some(Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            byte: walk.at,
        })
    }
}

struct Walk<'t> {
    text: &'t str,
    at: usize,
}

impl Walk<'_> {
    /// Goes to a place, as far as it is there.
    fn follow(&mut self, mut place: &str) -> Option<()> {
        let mut value = self.start()?;
        while !place.is_empty() {
            self.at = value;
            let found = match self.text.as_bytes()[value] {
                b'{' => self.member(place)?,
                b'[' => self.element(place)?,
                _ => None,
            };
            let Some((shown, next, rest)) = found else {
                self.at = value;
                return Some(());
            };
            // What is wrong with a member is shown at its name.
            (self.at, value, place) = (shown, next, rest);
        }
        Some(())
    }

    /// The member of an object that a place begins with: where its name and its value stand, and the rest of the place.
    fn member<'p>(&mut self, place: &'p str) -> Option<Option<(usize, usize, &'p str)>> {
        let place = place.strip_prefix('.').unwrap_or(place);
        let mut found: Option<(usize, usize, &str)> = None;
        self.at += 1;
        while self.start().map(|at| self.text.as_bytes()[at])? != b'}' {
            let name_at = self.at;
            let name: String = self.skip()?;
            self.punctuation(b':')?;
            let value_at = self.start()?;
            let rest = place.strip_prefix(name.as_str()).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
            // Names may hold dots: the longest one that fits is meant. Of equal names the last one counts.
            if let Some(rest) = rest.filter(|rest| found.is_none_or(|(.., known)| rest.len() <= known.len())) {
                found = Some((name_at, value_at, rest));
            }
            let _: serde::de::IgnoredAny = self.skip()?;
            self.comma();
        }
        Some(found)
    }

    /// The same for an element of an array.
    fn element<'p>(&mut self, place: &'p str) -> Option<Option<(usize, usize, &'p str)>> {
        let Some((index, rest)) = place.strip_prefix('[').and_then(|place| place.split_once(']')) else {
            return Some(None);
        };
        let Ok(index) = index.parse::<usize>() else { return Some(None) };
        self.at += 1;
        for _ in 0..index {
            if self.text.as_bytes()[self.start()?] == b']' {
                return Some(None);
            }
            let _: serde::de::IgnoredAny = self.skip()?;
            self.comma();
        }
        let at = self.start()?;
        Some((self.text.as_bytes()[at] != b']').then_some((at, at, rest)))
    }

    /// Goes to the next thing that is no space.
    fn start(&mut self) -> Option<usize> {
        let rest = self.text.get(self.at..)?;
        self.at += rest.find(|c: char| !matches!(c, ' ' | '\t' | '\r' | '\n'))?;
        Some(self.at)
    }

    /// Reads one value and goes behind it.
    fn skip<'d, T: serde::Deserialize<'d>>(&'d mut self) -> Option<T> {
        let rest = self.text.get(self.at..)?;
        let mut values = serde_json::StreamDeserializer::new(StrRead::new(rest));
        let value = values.next()?.ok()?;
        self.at += values.byte_offset();
        Some(value)
    }

    fn punctuation(&mut self, expected: u8) -> Option<()> {
        let at = self.start()?;
        (self.text.as_bytes()[at] == expected).then(|| self.at += 1)
    }

    fn comma(&mut self) {
        // Behind the last value there is none.
        _ = self.punctuation(b',');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_in_the_text() {
        let text = "{\n  \"sources\": {\"a.b\": {\"type\": 1}, \"a\": {\"b\": 3}},\n  \"layers\": [{\"id\": \"x\"},\n    {\"é\": [1, {\"line-width\": [\"get\", 5]}]}]\n}";
        let at = |place: &str| Position::of_place(text, place).map(|found| (found.line, found.column));
        assert_eq!(at("sources.a.b.type"), Some((2, 23)));
        assert_eq!(at("sources.a"), Some((2, 35)));
        assert_eq!(at("layers[0].id"), Some((3, 15)));
        assert_eq!(at("layers[1].é[1].line-width[1]"), Some((4, 38)));
        assert_eq!(at("layers[1].é[1].line-width[7][2]"), at("layers[1].é[1].line-width").map(|(line, _)| (line, 30)));
        assert_eq!(at("layers[9]"), Some((3, 13)));
        assert_eq!(Position::of_place("", "a"), None);
    }
}
