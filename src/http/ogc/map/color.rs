//! Colours as the parameters of maps write them.

use crate::http::Error;
use crate::style::Color;

/// Reads `RRGGBB`, `0xRRGGBB`, or a name of CSS in whatever case (OGC API Maps, 9.2).
pub(in crate::http) fn color(name: &str, text: &str) -> Result<Color, Error> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    let is_hex = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_name = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let read = match (is_hex, is_name) {
        (true, _) => Color::parse(&format!("#{digits}")),
        (false, true) => Color::parse(&text.to_ascii_lowercase()).filter(|color| color.a >= 1.0),
        (false, false) => None,
    };
    read.ok_or_else(|| {
        Error::Invalid(format!(
            "the parameter '{name}' is '{text}' but must be a colour: RRGGBB or 0xRRGGBB in hexadecimal digits, or a name of CSS"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_digits_or_names() {
        let read =
            |text: &str| color("bgcolor", text).map(|c| [c.r, c.g, c.b].map(|channel| (channel * 255.0).round()));
        for text in ["000080", "0x000080", "navy", "NaVy"] {
            assert_eq!(read(text).ok(), Some([0.0, 0.0, 128.0]), "{text}");
        }
        for wrong in ["", "nosuchcolor", "#000080", "00008", "rgb(1,2,3)", "transparent", "0x00008g"] {
            assert!(matches!(read(wrong), Err(Error::Invalid(_))), "{wrong}");
        }
    }
}
