//! Strings of JSON text.

use std::borrow::Cow;

use super::fault::Fault;
use super::fault::Scan;
use super::json::Scanner;

/// Bytes at which the plain run of a string ends: the quote, the backslash, and control characters.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        stops[byte] = true;
        byte += 1;
    }
    stops[b'"' as usize] = true;
    stops[b'\\' as usize] = true;
    stops
};

impl<'t> Scanner<'t> {
    /// Moves over a string, whose opening quote is here, and answers it unescaped.
    ///
    /// A surrogate without its other half, which no text can hold, becomes U+FFFD.
    #[inline]
    pub(super) fn string(&mut self) -> Scan<Cow<'t, str>> {
        let open = self.at;
        self.at += 1;
        self.plain_run();
        if self.byte() == b'"' {
            self.at += 1;
            return Ok(Cow::Borrowed(&self.text[open + 1..self.at - 1]));
        }
        self.escaped_string(open)
    }

    /// Moves to the next byte that is not simply part of the string.
    #[inline]
    fn plain_run(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|&byte| STOPS[usize::from(byte)]).unwrap_or(rest.len());
    }

    fn escaped_string(&mut self, open: usize) -> Scan<Cow<'t, str>> {
        let mut plain = self.text[open + 1..self.at].to_owned();
        loop {
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Ok(Cow::Owned(plain));
                }
                b'\\' => plain.push(self.escape()?),
                _ if self.is_at_end() => {
                    return Err(Fault::end(self.at, "the text ends within a string"));
                }
                control => {
                    return Err(Fault::syntax(
                        self.at,
                        format!("a string holds the control character U+{control:04X}, which must be escaped"),
                    ));
                }
            }
            let start = self.at;
            self.plain_run();
            plain.push_str(&self.text[start..self.at]);
        }
    }

    /// Moves over an escape sequence.
    fn escape(&mut self) -> Scan<char> {
        let start = self.at;
        self.at += 1;
        let letter = self.byte();
        self.at += 1;
        Ok(match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit(start)?;
                if !(0xD800..0xDC00).contains(&unit) {
                    return Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                let behind = self.at;
                if self.text.as_bytes()[behind..].starts_with(b"\\u") {
                    self.at += 2;
                    let low = self.unit(behind)?;
                    if (0xDC00..0xE000).contains(&low) {
                        let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                        return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    // Not the other half: it is read again as a character of its own.
                    self.at = behind;
                }
                char::REPLACEMENT_CHARACTER
            }
            _ if start + 1 >= self.text.len() => {
                self.at = self.text.len();
                return Err(Fault::end(self.at, "the text ends within a string"));
            }
            _ => {
                return Err(Fault::syntax(
                    start,
                    "a backslash in a string stands before something that JSON cannot escape",
                ));
            }
        })
    }

    /// Moves over the four hexadecimal digits of an escape that starts at `start`.
    fn unit(&mut self, start: usize) -> Scan<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let Some(digit) = char::from(self.byte()).to_digit(16) else {
                return Err(if self.is_at_end() {
                    Fault::end(self.at, "the text ends within a string")
                } else {
                    Fault::syntax(start, "\\u in a string stands before something else than four hexadecimal digits")
                });
            };
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Option<String> {
        let mut scanner = Scanner::new(text, 0);
        scanner.string().ok().filter(|_| scanner.is_at_end()).map(Cow::into_owned)
    }

    #[test]
    fn strings_are_unescaped() {
        assert_eq!(string(r#""plain 회령""#).as_deref(), Some("plain 회령"));
        assert_eq!(string(r#""\"\\\/\b\f\n\r\t""#).as_deref(), Some("\"\\/\u{8}\u{c}\n\r\t"));
        assert_eq!(string(r#""a\u56FEb\ud83d\uDE00c""#).as_deref(), Some("a图b😀c"));
    }

    #[test]
    fn half_a_surrogate_pair_becomes_the_replacement_character() {
        assert_eq!(string(r#""\ud800""#).as_deref(), Some("\u{fffd}"));
        assert_eq!(string(r#""\udc00x""#).as_deref(), Some("\u{fffd}x"));
        assert_eq!(string(r#""\ud800\u0041""#).as_deref(), Some("\u{fffd}A"));
        assert_eq!(string(r#""\ud800\ud83d\ude00""#).as_deref(), Some("\u{fffd}😀"));
    }

    #[test]
    fn broken_strings_are_refused() {
        for text in ["\"", "\"\\", "\"\\u12", "\"\\u12g4\"", "\"\\x41\"", "\"a\nb\"", "\"\\ud800\\u\""] {
            assert_eq!(string(text), None, "{text:?}");
        }
    }
}
