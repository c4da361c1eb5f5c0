//! Numbers of JSON text.

use super::fault::Fault;
use super::fault::Scan;
use super::json::Json;
use super::json::Scanner;

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// A number split into what was written.
struct Decimal {
    start: usize,
    negative: bool,
    /// All digits as one integer, meaningful up to 19 of them.
    mantissa: u64,
    digits: usize,
    /// How many of the digits stand behind the point.
    scale: usize,
    has_exponent: bool,
}

impl<'t> Scanner<'t> {
    /// Moves over a number and answers it as a double, correctly rounded.
    #[inline]
    pub(super) fn float(&mut self) -> Scan<f64> {
        let decimal = self.decimal()?;
        self.to_float(&decimal)
    }

    /// Moves over a number: an integer when it is written as one and fits 64 bits.
    pub(super) fn number(&mut self) -> Scan<Json<'t>> {
        let decimal = self.decimal()?;
        if decimal.scale == 0 && !decimal.has_exponent && decimal.digits <= 19 {
            let magnitude = i128::from(decimal.mantissa);
            if let Ok(integer) = i64::try_from(if decimal.negative { -magnitude } else { magnitude }) {
                return Ok(Json::Int(integer));
            }
        }
        Ok(Json::Float(self.to_float(&decimal)?))
    }

    /// Moves over a number of any length and answers it as it was written.
    pub(super) fn number_text(&mut self) -> Scan<&'t str> {
        let start = self.at;
        self.decimal()?;
        Ok(&self.text[start..self.at])
    }

    #[inline]
    fn to_float(&self, decimal: &Decimal) -> Scan<f64> {
        // Both operands are exact, so the one division rounds correctly (Clinger 1990).
        if !decimal.has_exponent && decimal.digits <= 19 && decimal.mantissa <= 1 << 53 && decimal.scale < POWERS.len()
        {
            let magnitude = decimal.mantissa as f64 / POWERS[decimal.scale];
            return Ok(if decimal.negative { -magnitude } else { magnitude });
        }
        let text = &self.text[decimal.start..self.at];
        match fast_float2::parse::<f64, _>(text) {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(Fault::meaning(decimal.start, format!("the number {} is too large", shorten(text)))),
        }
    }

    /// Moves over a number of the grammar of RFC 8259, section 6.
    #[inline]
    fn decimal(&mut self) -> Scan<Decimal> {
        let start = self.at;
        let negative = self.byte() == b'-';
        self.at += usize::from(negative);
        let first = self.at;
        let mut mantissa = 0_u64;
        self.digits(&mut mantissa);
        let whole = self.at - first;
        if whole == 0 {
            return Err(if matches!(self.byte(), b'N' | b'I' | b'.') {
                self.odd_number()
            } else {
                self.unexpected("a number")
            });
        }
        if whole > 1 && self.text.as_bytes()[first] == b'0' {
            return Err(Fault::syntax(start, "a number may not start with a zero before other digits"));
        }
        let mut scale = 0;
        if self.byte() == b'.' {
            self.at += 1;
            let point = self.at;
            self.digits(&mut mantissa);
            scale = self.at - point;
            if scale == 0 {
                return Err(self.unexpected("a digit behind the decimal point"));
            }
        }
        let has_exponent = matches!(self.byte(), b'e' | b'E');
        if has_exponent {
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            let exponent = self.at;
            self.digits(&mut 0);
            if self.at == exponent {
                return Err(self.unexpected("a digit of the exponent"));
            }
        }
        Ok(Decimal { start, negative, mantissa, digits: whole + scale, scale, has_exponent })
    }

    /// Moves over digits and appends them to the number.
    #[inline]
    fn digits(&mut self, number: &mut u64) {
        let bytes = self.text.as_bytes();
        while let Some(digit) = bytes.get(self.at).map(|byte| byte.wrapping_sub(b'0')).filter(|&digit| digit < 10) {
            *number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
            self.at += 1;
        }
    }

    /// The fault of a number as other languages write it.
    #[cold]
    #[expect(clippy::unnecessary_box_returns, reason = "what the scanner answers stays as small as its value")]
    pub(super) fn odd_number(&self) -> Box<Fault> {
        let rest = &self.text[self.at..];
        let end =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.')).unwrap_or(rest.len());
        match &rest[..end] {
            word @ ("NaN" | "Infinity" | "Inf" | "INF") => {
                Fault::syntax(self.at, format!("{word} is no number of JSON; write null where there is none"))
            }
            word if word.starts_with(['+', '.']) => Fault::syntax(
                self.at,
                format!("{} is not how JSON writes a number (no plus sign, a digit before the point)", shorten(word)),
            ),
            _ => self.unexpected("a value"),
        }
    }
}

/// The start of a text that may be very long.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(24) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fault::FaultKind;
    use super::*;

    fn number(text: &str) -> Option<Json<'_>> {
        let mut scanner = Scanner::new(text, 0);
        scanner.number().ok().filter(|_| scanner.is_at_end())
    }

    #[test]
    fn numbers_read_as_the_standard_library_reads_them() {
        for text in [
            "0.1",
            "-122.421439",
            "62.230651483005886",
            "1e-7",
            "1.7976931348623157e308",
            "9007199254740993.0",
            "5e-324",
        ] {
            assert_eq!(number(text), Some(Json::Float(text.parse().unwrap())), "{text}");
        }
        assert_eq!(number("-9223372036854775808"), Some(Json::Int(i64::MIN)));
        assert_eq!(number("9223372036854775808"), Some(Json::Float(9.223_372_036_854_776e18)));
        assert_eq!(number("-0"), Some(Json::Int(0)));
    }

    #[test]
    fn what_json_does_not_call_a_number_is_refused() {
        for text in ["01", "1.", ".5", "+1", "-", "1e", "1e+", "NaN", "Infinity", "-Infinity", "0x10", "1_000"] {
            assert_eq!(number(text), None, "{text}");
        }
        let huge = Scanner::new("1e400", 0).float().unwrap_err();
        assert_eq!((huge.kind, huge.byte), (FaultKind::Meaning, 0));
    }
}
