//! Paging tokens: a place between features that stays where it is when features before it come or go.

use std::fmt::Write;

use crate::query::Start;

/// Writes a start as a token of letters, digits and a hyphen; `None` for those that need none.
///
/// ```text
/// a17-6d696e65      after the feature at row 17 with the id "mine"
/// b17-6d696e65      before it
/// ```
pub(super) fn write(start: &Start) -> Option<String> {
    let (side, row, id) = match start {
        Start::First | Start::Offset(_) => return None,
        Start::After(row, id) => ('a', row, id),
        Start::Before(row, id) => ('b', row, id),
    };
    let mut token = format!("{side}{row}-");
    for byte in id.bytes() {
        write!(token, "{byte:02x}").expect("a string takes what is written to it");
    }
    Some(token)
}

/// Reads a token; `None` for what [`write`] did not write.
pub(super) fn read(token: &str) -> Option<Start> {
    let (place, id) = token.split_once('-')?;
    let (side, row) = place.split_at_checked(1)?;
    let row = row.parse().ok()?;
    let digits = id.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let byte = |pair: &[u8]| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?);
    let id = String::from_utf8(digits.chunks(2).map(byte).collect::<Option<Vec<u8>>>()?).ok()?;
    match side {
        "a" => Some(Start::After(row, id)),
        "b" => Some(Start::Before(row, id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back() {
        for start in [Start::After(0, String::new()), Start::Before(u32::MAX, "두만강/&?%".to_owned())] {
            let token = write(&start).unwrap();
            assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{token}");
            assert_eq!(read(&token), Some(start));
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for token in ["", "a", "a-", "a1", "c1-61", "a1-6", "a1-zz", "a1-ff", "é1-61", "a99999999999-61", "a1-+1"] {
            assert_eq!(read(token), None, "{token}");
        }
    }
}
