//! Patterns of LIKE (OGC 21-065r2, 7.3): `%` is any number of characters, `_` is one, `\` takes the next one as it is.

/// A pattern, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::query::filter) struct Pattern(Vec<Piece>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece {
    Any,
    One,
    Exactly(char),
}

impl Pattern {
    pub(in crate::query::filter) fn new(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            pieces.push(match c {
                // Several are no more than one, and cost more.
                '%' if pieces.last() == Some(&Piece::Any) => continue,
                '%' => Piece::Any,
                '_' => Piece::One,
                '\\' => Piece::Exactly(chars.next().unwrap_or('\\')),
                c => Piece::Exactly(c),
            });
        }
        Self(pieces)
    }

    /// Whether the whole text fits.
    pub(in crate::query::filter) fn matches(&self, text: &str) -> bool {
        let pieces = &self.0;
        let (mut at, mut rest) = (0, text);
        // Where the last `%` stands, and the text after what it holds for now.
        let mut last: Option<(usize, &str)> = None;
        loop {
            match (pieces.get(at), rest.chars().next()) {
                (Some(Piece::Any), _) => {
                    last = Some((at, rest));
                    at += 1;
                }
                (None, None) => return true,
                (Some(Piece::One), Some(c)) => (at, rest) = (at + 1, &rest[c.len_utf8()..]),
                (Some(Piece::Exactly(wanted)), Some(c)) if *wanted == c => (at, rest) = (at + 1, &rest[c.len_utf8()..]),
                _ => {
                    // The last `%` takes one character more.
                    let Some((any, held)) = last else { return false };
                    let Some(c) = held.chars().next() else { return false };
                    let shorter = &held[c.len_utf8()..];
                    last = Some((any, shorter));
                    (at, rest) = (any + 1, shorter);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_and_escapes_match_what_they_mean() {
        let cases = [
            ("%", "", true),
            ("_%", "", false),
            ("", "", true),
            ("B_r%", "Berlin", true),
            ("b_r%", "Berlin", false),
            ("%ab%ab", "xabyabab", true),
            ("%ab%ab", "xab", false),
            (r"100\%", "100%", true),
            (r"100\%", "1000", false),
            (r"a\_b", "a_b", true),
            (r"a\", r"a\", true),
            ("회_", "회령", true),
        ];
        for (pattern, text, fits) in cases {
            assert_eq!(Pattern::new(pattern).matches(text), fits, "{pattern} {text}");
        }
    }
}
